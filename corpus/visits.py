"""What polling remembers, in ``corpus.db``: of each source how it fares, of each address what it answered last.

A part of `corpus.store.Store`, reached as ``store.visits``; times are ISO 8601 in UTC with seconds, which sort as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corpus.items import Item
from corpus.records import ArticleStatus

if TYPE_CHECKING:
    import sqlite_utils

GONE_TWICE = 1000
"""``Visit.failures`` of an address whose article was found gone, and gone again: more than failures come to."""

TABLES = """
CREATE TABLE polls (
    source_id INTEGER PRIMARY KEY REFERENCES sources(id),
    polled_at TEXT NOT NULL,
    succeeded_at TEXT,
    failures INTEGER NOT NULL,
    due_at TEXT NOT NULL,
    not_before TEXT,
    error TEXT NOT NULL
);
CREATE TABLE visits (
    source_id INTEGER NOT NULL REFERENCES sources(id),
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    article_id INTEGER REFERENCES articles(id),
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    stamp TEXT NOT NULL,
    whole INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    fetched_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (source_id, key)
) WITHOUT ROWID;
CREATE INDEX visits_article ON visits(article_id);
"""
"""Migration m002."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source fares.

    Attributes:
        polled, succeeded: when it was last tried, and last read; None where never.
        failures: how often in a row it could not be read.
        due: when it is polled next by the intervals.
        not_before: until when its host asked to be left alone, None where it did not.
        error: why it could not be read last time; empty where it could.
    """

    polled: datetime
    due: datetime
    succeeded: datetime | None = None
    failures: int = 0
    not_before: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of an address that was fetched for a source.

    Attributes:
        key: `corpus.identity.address_key` of the address.
        article: row id of the article it gave, None where it gave none.
        etag, last_modified: validators of its last answer, empty where there is nothing to compare with.
        stamp: what the feed said of the item when the article was read.
        whole: the text came from the feed, not from the address.
        failures: how often in a row it could not be read.
        fetched: when it answered last; ``due``: not to be asked again before.
    """

    key: str
    url: str
    fetched: datetime
    due: datetime
    article: int | None = None
    etag: str = ""
    last_modified: str = ""
    stamp: str = ""
    whole: bool = False
    failures: int = 0


class Visits:
    """The tables of polling; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def state(self, source: str) -> SourceState | None:
        """How a source fares, by name; None where it was never polled."""
        return self.states().get(source)

    def states(self) -> dict[str, SourceState]:
        """How each source fares, by name."""
        rows = self._db.execute(
            "SELECT s.name, p.polled_at, p.due_at, p.succeeded_at, p.failures, p.not_before, p.error"
            " FROM polls p JOIN sources s ON s.id = p.source_id"
        ).fetchall()
        return {
            name: SourceState(_time(polled), _time(due), _maybe(succeeded), int(failures), _maybe(not_before), error)
            for name, polled, due, succeeded, failures, not_before, error in rows
        }

    def put_state(self, source: int, state: SourceState) -> None:
        """Keep how a source fares, by row id."""
        self._db.execute(
            "INSERT OR REPLACE INTO polls (source_id, polled_at, due_at, succeeded_at, failures, not_before, error)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                source,
                _text(state.polled),
                _text(state.due),
                state.succeeded and _text(state.succeeded),
                state.failures,
                state.not_before and _text(state.not_before),
                state.error,
            ],
        )

    def visit(self, source: int, key: str) -> Visit | None:
        """What is known of an address, None where it was never fetched for the source."""
        row = self._db.execute(f"{_SELECT} WHERE v.source_id = ? AND v.key = ?", [source, key]).fetchone()
        return None if row is None else _visit(row)

    def put_visit(self, source: int, visit: Visit) -> None:
        """Keep what an address answered."""
        self._db.execute(
            "INSERT OR REPLACE INTO visits (source_id, key, url, fetched_at, due_at, article_id, etag, last_modified,"
            " stamp, whole, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                source,
                visit.key,
                visit.url,
                _text(visit.fetched),
                _text(visit.due),
                visit.article,
                visit.etag,
                visit.last_modified,
                visit.stamp,
                int(visit.whole),
                visit.failures,
            ],
        )

    def to_check(self, source: int, *, since: datetime, now: datetime, limit: int) -> list[Visit]:
        """Addresses of articles published (or first seen) since a time, held, or found gone once, that are due; the
        newest first."""
        rows = self._db.execute(
            f"{_SELECT} JOIN articles a ON a.id = v.article_id JOIN revisions r ON r.id = a.revision_id"
            " WHERE v.source_id = ? AND a.source_id = v.source_id AND (v.due_at <= ? OR v.fetched_at > ?)"
            " AND (a.status != ? OR v.failures < ?)"
            " AND (a.status != ? OR coalesce(r.published_at, CAST(strftime('%s', a.first_seen) AS INTEGER)) >= ?)"
            " ORDER BY coalesce(r.published_at, CAST(strftime('%s', a.first_seen) AS INTEGER)) DESC LIMIT ?",
            [
                source,
                _text(now),
                _text(now),  # fetched in the future: by a clock that was wrong
                ArticleStatus.WITHDRAWN,
                GONE_TWICE,
                ArticleStatus.LIVE,
                int(since.timestamp()),
                limit,
            ],
        ).fetchall()
        return [_visit(row) for row in rows]

    def any_unread(self, source: int, *, since: datetime, now: datetime) -> bool:
        """Whether an address that gave no article yet, first asked for since a time, is due to be tried again."""
        row = self._db.execute(
            "SELECT 1 FROM visits WHERE source_id = ? AND article_id IS NULL AND failures > 0 AND fetched_at >= ?"
            " AND due_at <= ? LIMIT 1",
            [source, _text(since), _text(now)],
        ).fetchone()
        return row is not None

    def count_kept(self, source: int) -> int:
        """How many addresses of a source gave articles that may be quoted."""
        row = self._db.execute(
            "SELECT count(DISTINCT a.id) FROM visits v JOIN articles a ON a.id = v.article_id"
            " WHERE v.source_id = ? AND a.status = ?",
            [source, ArticleStatus.LIVE],
        ).fetchone()
        return int(row[0])

    def known_item(self, visit: Visit) -> Item:
        """The item of an address as the store knows its article: what a list once stated of it is not said twice."""
        row = self._db.execute(
            "SELECT a.external_id, r.title, r.published, r.updated, r.authors, r.language FROM articles a"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.id = ?",
            [visit.article],
        ).fetchone()
        if row is None:
            return Item(visit.url)
        identity, title, published, updated, authors, language = row
        return Item(visit.url, identity, title, "", published, updated, tuple(json.loads(authors)), language)

    def forget(self, articles: Iterable[int]) -> None:
        """Remove what is known of the addresses of articles; they are read anew when listed again."""
        for article in articles:
            self._db.execute("DELETE FROM visits WHERE article_id = ?", [article])

    def holdings(self) -> dict[str, tuple[int, int | None]]:
        """Of each source, by name: how many articles may be quoted, and the newest one's time in seconds since 1970."""
        rows = self._db.execute(
            "SELECT s.name, count(r.id), max(r.published_at) FROM sources s"
            " LEFT JOIN articles a ON a.source_id = s.id AND a.status = ?"
            " LEFT JOIN revisions r ON r.id = a.revision_id GROUP BY s.id",
            [ArticleStatus.LIVE],
        ).fetchall()
        return {name: (int(count), newest) for name, count, newest in rows}


_SELECT = (
    "SELECT v.key, v.url, v.fetched_at, v.due_at, v.article_id, v.etag, v.last_modified, v.stamp, v.whole, v.failures"
    " FROM visits v"
)


def _visit(row: Any) -> Visit:
    key, url, fetched, due, article, etag, last_modified, stamp, whole, failures = row
    return Visit(key, url, _time(fetched), _time(due), article, etag, last_modified, stamp, bool(whole), int(failures))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return _time(text) if text else None
