"""A store and a client that reads sources into it, and what sites on 127.0.0.1 hold for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from site_server import Site, Time, a_feed, a_fetcher, a_page, an_item

from corpus.poll import poll
from corpus.records import Source, SourceKind, SourceReport, StoredArticle
from corpus.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."
LONG = [FERRY, PIER, FLOOD, *(f"{FLOOD[:-1]} on day {number}." for number in range(6))]


class Desk:
    """A store and a client that reads sources into it at a time that the test moves."""

    def __init__(self, store: Store, *hosts: str) -> None:
        self.store = store
        self.now = NOW
        self.time = Time()
        self.fetcher = a_fetcher(*hosts, time=self.time)

    def read(self, *sources: Source, after: timedelta = timedelta(0)) -> SourceReport:
        """Poll once, some time later; gives the last report."""
        self.now += after
        self.time.seconds += after.total_seconds()
        return poll(self.store, sources, self.fetcher, now=lambda: self.now)[-1]

    def articles(self) -> list[StoredArticle]:
        found = (self.store.article(number) for number in range(1, 100))
        return [article for article in found if article is not None]

    def text(self, url: str) -> str:
        (article,) = [each for each in self.articles() if each.url == url]
        return self.store.revision_text(article.revision) or ""


def a_source(site: Site, path: str = "/feed", kind: SourceKind = SourceKind.FEED, **more: Any) -> Source:
    return Source("The Outlet", kind, site.url(path), **{"interval": 900.0, **more})


def lay_out(site: Site, *numbers: int, **headers: str) -> Source:
    """A feed of summaries with the pages it leads to."""
    for number in numbers:
        site.put(f"/{number}", a_page(FERRY, PIER, f"Number {number} of the reports.", title=f"Ferry {number}"))
    feed = a_feed(*(an_item(site.url(f"/{number}"), f"Ferry {number}") for number in numbers))
    feed.headers.update(headers)
    site.put("/feed", feed)
    return a_source(site)
