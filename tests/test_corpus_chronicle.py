"""corpus.chronicle: what became of articles, in order, and how often a withdrawal was seen."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlite_utils
from fakes import an_article, put
from site_server import HOST, Reply, Site, Time, a_feed, a_fetcher, a_page, an_item
from test_corpus_migration import old_store

from corpus.poll import poll
from corpus.records import Source, SourceKind
from corpus.schema import MIGRATIONS
from corpus.settle import Held, Reason
from corpus.store import Store

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def told(store: Store) -> list[tuple[int, str, bool]]:
    return [(each.article, each.status.value, each.edited) for each in store.chronicle.after(0, 100)]


def test_edits_withdrawals_and_returns_are_told_in_order(store: Store) -> None:
    """A new article and the same words once more are nothing; a held one is told, and is no edit."""
    one, _ = put(store, an_article(FERRY), "a")
    two, _ = put(store, an_article(FERRY.upper()), "b")
    put(store, an_article(FERRY), "a")
    assert (told(store), store.chronicle.last) == ([], 0)
    put(store, an_article(FERRY.replace("nine", "ten")), "a")
    store.hold(two, Held(Reason.SHRUNK, NOW, "t", "x"))
    store.withdraw([one, two])
    put(store, an_article(FERRY), "a")
    assert told(store) == [
        (one, "live", True),
        (two, "held", False),
        (one, "withdrawn", True),
        (two, "withdrawn", True),
        (one, "live", True),
    ]
    assert [each.seq for each in store.chronicle.after(3, 1)] == [4]


def test_another_reading_of_the_same_page_is_no_edit(store: Store) -> None:
    source = store.put_source(Source("The Paper", SourceKind.FOLDER, ""))
    for text in (FERRY, FERRY[:-1]):
        article, _ = store.put(an_article(text), (), key="a", source=source, page="p")
    assert told(store) == [(article, "live", False)]


def test_how_many_changed_at_once(store: Store) -> None:
    """Articles, not edits, and those of the source alone."""
    for key in "abc":
        put(store, an_article(f"{FERRY} {key}"), key)
    other, _ = put(store, an_article(FERRY), "z", source="Another")
    for key in "aab":
        put(store, an_article(f"{FERRY} {key} {store.chronicle.last}"), key)
    store.withdraw([other])
    event = store.chronicle.after(0, 1)[0]
    assert store.chronicle.at_once(event.source, event.at) == 2
    assert store.chronicle.at_once(event.source, event.at - timedelta(hours=2)) == 0
    assert store.chronicle.has_articles(event.source, 3)
    assert not store.chronicle.has_articles(event.source, 4)


def test_a_takedown_takes_the_events_along(store: Store) -> None:
    article, _ = put(store, an_article(FERRY), "a")
    put(store, an_article(FERRY + " Again."), "a")
    store.take_down("", [article], at=NOW)
    assert told(store) == []


def test_a_store_of_before_tells_what_it_knows(tmp_path: Path) -> None:
    """Articles with several revisions and those withdrawn; each store has an identity of its own."""
    path = tmp_path / "corpus.db"
    old_store(path)
    db = sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))
    db.execute("UPDATE revisions SET number = 2, fetched_at = '2026-01-01T00:00:00+00:00' WHERE id = 3")
    db.execute("UPDATE articles SET last_seen = '2026-01-02T00:00:00+00:00'")
    db.close()
    store = Store(path)
    # Of two deliveries of one article, m003 withdrew the second.
    assert {each[:2] for each in told(store)} == {(3, "live"), (2, "withdrawn")}
    identity = store.chronicle.identity
    store.close()
    again, other = Store(path), Store(tmp_path / "other.db")
    assert again.chronicle.identity == identity != other.chronicle.identity
    again.close()
    other.close()
    assert len(MIGRATIONS) >= 4


def test_what_is_gone_is_looked_for_once_more_six_hours_later(store: Store, site: Site) -> None:
    """And not again until a day after; the time of the second look can be told."""
    clock, now = Time(), NOW
    fetcher = a_fetcher(HOST, time=clock)
    source = Source("The Outlet", SourceKind.FEED, site.url("/feed"), interval=900.0)
    site.put("/feed", a_feed(an_item(site.url("/1"), "Ferries")))
    site.put("/1", a_page(FERRY, title="Ferries"))

    def read(after: float) -> None:
        nonlocal now
        now += timedelta(hours=after)
        clock.seconds += after * 3600
        poll(store, [source], fetcher, now=lambda: now)

    read(0)
    site.put("/2", a_page(f"{FERRY} {FERRY.upper()}", title="Others"))
    site.put("/feed", a_feed(an_item(site.url("/2"), "Others")))
    site.put("/1", Reply(status=410))
    read(30)
    assert [each[1:] for each in told(store)] == [("withdrawn", True)]
    gone = now
    assert store.chronicle.looked_at(1) == gone
    read(3)
    assert store.chronicle.looked_at(1) == gone
    read(3)
    assert store.chronicle.looked_at(1) == gone + timedelta(hours=6)
    read(7)
    assert store.chronicle.looked_at(1) == gone + timedelta(hours=6)
    assert len(told(store)) == 1
