"""What response headers say: how long to wait, what may be kept, and what to ask with next time; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from corpus.robots import TOKEN

LONGEST_WAIT = 7 * 24 * 3600.0  # what a Retry-After may ask for, seconds
# Written "name: value" in X-Robots-Tag; another name before a colon is a reader's.
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
_LONGEST_VALIDATOR = 1_000  # characters


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3), a week at most; None for no number and no date."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)


def directives(headers: Any) -> tuple[str, ...]:
    """Those of X-Robots-Tag that name no other reader, and the TDM reservation, in lower case."""
    found: list[str] = []
    for value in headers.getall("X-Robots-Tag", ()):
        for part in value.casefold().split(","):
            name, _, rest = part.partition(":")
            if rest and name.strip() == TOKEN.casefold():
                part = rest
            elif rest and name.strip() not in _VALUED:
                break  # "otherbot: noindex, nofollow" is not for us
            found.append("".join(part.split()))
    if (reservation := headers.get("TDM-Reservation", "").strip()) in ("0", "1"):
        found.append("tdm-reservation" if reservation == "1" else "tdm-reservation:0")
    return tuple(dict.fromkeys(each for each in found if each))


def validator(headers: Any, name: str) -> str:
    """A header to send back word for word; empty where it is unreasonably long or no text."""
    value = str(headers.get(name, ""))
    return value if len(value) <= _LONGEST_VALIDATOR and value.isprintable() else ""
