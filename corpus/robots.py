"""robots.txt read by Protego: what may be fetched, how often, and where the sitemaps are (RFC 9309)."""

from __future__ import annotations

from protego import Protego

LARGEST = 512_000  # bytes; RFC 9309 asks for 500 kibibytes at least
LONGEST_DELAY = 24 * 3600.0  # seconds believed; a host may ask for any number
TOKEN = "Newsdesk"  # noqa: S105  # the product token robots.txt addresses


class Robots:
    """The rules of one host for this reader.

    Args:
        text: the file; empty allows everything.
        closed: why nothing may be fetched for now, whatever the text says; empty when that is not so.
    """

    def __init__(self, text: str = "", *, closed: str = "") -> None:
        self.closed = closed
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched."""
        return not self.closed and bool(self._rules.can_fetch(url, TOKEN))

    @property
    def delay(self) -> float:
        """Seconds to leave between two requests, from Crawl-delay and Request-rate; 0 where nothing is asked."""
        rate = self._rules.request_rate(TOKEN)
        spaced = rate.seconds / rate.requests if rate and rate.requests else 0.0
        asked = max(spaced, float(self._rules.crawl_delay(TOKEN) or 0.0))  # the second may be no number
        return min(max(asked, 0.0), LONGEST_DELAY)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of the Sitemap lines."""
        return tuple(self._rules.sitemaps)
