"""What became of articles after they were first read, in order; a part of `corpus.store.Store`: ``store.chronicle``.

Triggers write it, so that no way of changing an article can forget to. Whoever follows it remembers how far it got,
and pays for what changed since and for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from corpus.records import ArticleStatus

if TYPE_CHECKING:
    import sqlite_utils

AT_ONCE = timedelta(hours=1)
"""Changes of one source closer to each other than this came at once."""

TABLES = """
CREATE TABLE chronicle (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    edited INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX chronicle_article ON chronicle(article_id);
CREATE INDEX chronicle_source ON chronicle(source_id, at) WHERE edited = 1;
CREATE TRIGGER articles_chronicle AFTER UPDATE OF revision_id, status ON articles
WHEN OLD.revision_id IS NOT NULL AND NEW.revision_id IS NOT NULL
    AND (OLD.revision_id != NEW.revision_id OR OLD.status != NEW.status)
BEGIN
    INSERT INTO chronicle (article_id, source_id, status, edited, at) VALUES (
        NEW.id, NEW.source_id, NEW.status,
        (NEW.status = 'withdrawn' AND OLD.status != 'withdrawn') OR
        (SELECT number FROM revisions WHERE id = NEW.revision_id)
            != (SELECT number FROM revisions WHERE id = OLD.revision_id),
        strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'));
END;
INSERT INTO chronicle (article_id, source_id, status, edited, at)
    SELECT a.id, a.source_id, a.status, r.number > 1 OR a.status = 'withdrawn',
        CASE a.status WHEN 'live' THEN r.fetched_at ELSE a.last_seen END
    FROM articles a JOIN revisions r ON r.id = a.revision_id WHERE r.number > 1 OR a.status != 'live' ORDER BY 5, 1;
INSERT INTO state VALUES ('identity', abs(random()) >> 10);
"""
"""Migration m004: the table, with what the store knows of the time before it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that became of an article.

    Attributes:
        seq: grows from each to the next, from 1.
        article, source: row ids.
        status: the article's from then on.
        edited: the outlet changed title or text, or the article was withdrawn; else only the status changed, or the
            same page was read to other words.
        at: when Newsdesk saw it.
    """

    seq: int
    article: int
    source: int
    status: ArticleStatus
    edited: bool
    at: datetime


class Chronicle:
    """The table of events; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    @property
    def identity(self) -> int:
        """What tells this store from another one with the same row ids; copies and backups share it."""
        return int(self._db.execute("SELECT value FROM state WHERE name = 'identity'").fetchone()[0])

    @property
    def last(self) -> int:
        """The newest event's number; 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM chronicle").fetchone()[0])

    def after(self, seq: int, limit: int) -> list[Event]:
        """The next events after one, oldest first."""
        return self._read("seq > ? ORDER BY seq LIMIT ?", seq, limit)

    def latest(self, article: int) -> Event | None:
        """What became of an article last; None where it never changed."""
        return next(iter(self._read("article_id = ? ORDER BY seq DESC LIMIT 1", article)), None)

    def _read(self, where: str, *values: int) -> list[Event]:
        rows = self._db.execute(
            f"SELECT seq, article_id, source_id, status, edited, at FROM chronicle WHERE {where}", list(values)
        ).fetchall()
        return [
            Event(int(seq), int(article), int(source), ArticleStatus(status), bool(edited), _moment(at))
            for seq, article, source, status, edited, at in rows
        ]

    def at_once(self, source: int, at: datetime) -> int:
        """How many articles of a source changed within an hour of a moment, it included."""
        row = self._db.execute(
            "SELECT count(DISTINCT article_id) FROM chronicle"
            " WHERE source_id = ? AND edited = 1 AND at BETWEEN ? AND ?",
            [source, _text(at - AT_ONCE), _text(at + AT_ONCE)],
        ).fetchone()
        return int(row[0])

    def has_articles(self, source: int, count: int) -> bool:
        """Whether a source has at least so many articles; counts no further."""
        row = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM articles WHERE source_id = ? LIMIT ?)", [source, count]
        ).fetchone()
        return int(row[0]) >= count

    def since(self, article: int) -> datetime | None:
        """Since when an article is as it is now; the time that it was held before counts in. None: it never changed."""
        rows = self._db.execute(
            "SELECT status, at FROM chronicle WHERE article_id = ? ORDER BY seq DESC", [article]
        ).fetchall()
        since: datetime | None = None
        for status, at in rows:
            if since is not None and status != ArticleStatus.HELD:
                break
            since = _moment(at)
        return since

    def looked_at(self, article: int) -> datetime | None:
        """When an article's place was last looked at: its address, or the folder of its file; None where never."""
        row = self._db.execute("SELECT max(fetched_at) FROM visits WHERE article_id = ?", [article]).fetchone()
        if row[0] is None:
            row = self._db.execute(
                "SELECT ended_at FROM runs WHERE source = (SELECT s.name FROM articles a JOIN sources s"
                " ON s.id = a.source_id WHERE a.id = ? AND a.document_id IS NOT NULL) ORDER BY id DESC LIMIT 1",
                [article],
            ).fetchone()
        return _moment(row[0]) if row and row[0] else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
