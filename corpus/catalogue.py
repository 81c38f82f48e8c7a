"""What the store holds, as it is read: sources, articles, revisions, passages; the half of `corpus.store.Store` that
changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.records import (
    Article,
    ArticleKind,
    ArticleStatus,
    Block,
    Failure,
    SourceReport,
    StoredArticle,
    StoredPassage,
    StoredRevision,
)
from corpus.rights import quote_words

if TYPE_CHECKING:
    import sqlite_utils

LIMITS = ("not searched", "never quoted", "quoted in part", "not free", "not archived", "held")
"""What a page may restrict: noindex or reserved, nosnippet, max-snippet, not free, noarchive; and what is unsettled."""
READ = 256  # passages read from the file at a time
QUOTABLE = 6  # the place of that column below
NO_SPANS = "[]"  # what that column holds where nothing of a passage may be quoted
VARIABLES = 500  # bound parameters in one statement; SQLite's oldest limit is 999
_PLACED = (
    "placements p JOIN revisions r ON r.id = p.revision_id JOIN articles a ON a.id = r.article_id"
    " JOIN sources s ON s.id = a.source_id"
)
_FOUND = "r.id = a.revision_id AND a.status = ? AND r.reserved = 0"
"""Which of these may be found now; takes `ArticleStatus.LIVE`."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the next reading of it is compared with.

    Attributes:
        last: title, text and kind of its current reading.
        page: what tells the bytes of that reading, empty where nothing does.
    """

    id: int
    status: ArticleStatus
    last: Article | None
    page: str


class Catalogue:
    """Reads what an installation holds; used on the thread that opened the database."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    @property
    def generation(self) -> int:
        """Grows with every change that an index has to follow."""
        return int(self._db.execute("SELECT value FROM state WHERE name = 'generation'").fetchone()[0])

    def has_own_articles(self) -> bool:
        """Whether an article that is not of the sample corpus may be quoted."""
        return (
            self._db.execute(
                "SELECT 1 FROM articles a JOIN sources s ON s.id = a.source_id"
                " WHERE s.sample = 0 AND a.status = ? LIMIT 1",
                [ArticleStatus.LIVE],
            ).fetchone()
            is not None
        )

    def source_id(self, name: str) -> int | None:
        """Row id of a source, None where it is not known."""
        row = self._db.execute("SELECT id FROM sources WHERE name = ?", [name]).fetchone()
        return None if row is None else int(row[0])

    def is_sample(self, source: int) -> bool:
        """Whether a source, by its row id, is one of the sample corpus."""
        return bool(self._db.conn.execute("SELECT sample FROM sources WHERE id = ?", [source]).fetchone()[0])

    def holder(self, key: str) -> tuple[int, str] | None:
        """Row id and external id of the article known by a key, or None."""
        row = self._db.conn.execute("SELECT id, external_id FROM articles WHERE key = ?", [key]).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def passages(self, *, after: int = 0, limit: int | None = None) -> Iterator[StoredPassage]:
        """The quotable passages in the order of their ids, from the one after ``after``."""
        yield from self._read_passages("p.passage_id > ? ORDER BY p.passage_id LIMIT ?", [after, limit or -1])

    def count_passages(self) -> int:
        """How many passages may be quoted."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM placements p JOIN articles a ON a.revision_id = p.revision_id WHERE a.status = ?"
                " AND a.revision_id NOT IN (SELECT id FROM revisions WHERE reserved = 1)",
                [ArticleStatus.LIVE],
            ).fetchone()[0]
        )

    def passages_by_id(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """Those of the passages that may be quoted now, by id; the others are missing from the result."""
        found: dict[int, StoredPassage] = {}
        for first in range(0, len(ids), VARIABLES):
            some = [int(number) for number in ids[first : first + VARIABLES]]
            marks = ",".join("?" * len(some))
            for passage in self._read_passages(f"p.passage_id IN ({marks})", some):
                found[passage.id] = passage
        return found

    def findable(self, ids: Sequence[int]) -> dict[int, bool]:
        """Those of the passages that `passages_by_id` gives now: whether they have a part that may be quoted.

        A third of its time: neither texts nor titles are read.
        """
        found: dict[int, bool] = {}
        for first in range(0, len(ids), VARIABLES):
            some = [int(number) for number in ids[first : first + VARIABLES]]
            marks = ",".join("?" * len(some))
            rows = self._db.conn.execute(
                f"SELECT p.passage_id, p.quotable, r.snippet, s.max_quote_words FROM {_PLACED}"
                f" WHERE {_FOUND} AND p.passage_id IN ({marks})",
                [ArticleStatus.LIVE, *some],
            )
            for passage, quotable, snippet, most in rows:
                found[passage] = quotable != NO_SPANS and quote_words(snippet, most) > 0
        return found

    def passages_of(self, article: int) -> list[StoredPassage]:
        """The quotable passages of an article in reading order; empty when it may not be quoted."""
        return list(self._read_passages("a.id = ? ORDER BY p.position", [article]))

    def every_passage(self, articles: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of all readings of articles, old ones included, whether they may be quoted or not."""
        for article in articles:
            yield from self._passages("r.article_id = a.id AND a.id = ? ORDER BY r.id, p.position", [article])

    def _read_passages(self, where: str, values: Sequence[Any]) -> Iterator[StoredPassage]:
        return self._passages(f"{_FOUND} AND {where}", [ArticleStatus.LIVE, *values])

    def _passages(self, where: str, values: Sequence[Any]) -> Iterator[StoredPassage]:
        rows = self._db.execute(
            'SELECT p.passage_id, a.id, r.id, substr(r.text, p.start + 1, p."end" - p.start), p.start, p."end",'
            " p.quotable, p.heading, p.position, r.title, s.name, r.published, r.kind, coalesce(a.story_id, a.id),"
            " coalesce(a.storyline_id, a.story_id, a.id), r.snippet, s.max_quote_words"
            f" FROM {_PLACED} WHERE {where}",
            values,
        )
        while some := rows.fetchmany(READ):
            # One call for all: most of what a call costs is the call.
            parts = json.loads(f"[{','.join(row[QUOTABLE] for row in some)}]")
            for row, spans in zip(some, parts, strict=True):
                *head, _, heading, position, title, source, published, kind, story, storyline, snippet, most = row
                passage, article, revision, text, start, end = head
                words = quote_words(snippet, most)
                quotable = tuple([(first, last) for first, last in spans]) if words else ()
                yield StoredPassage(
                    passage, article, revision, text, start, end, quotable, heading, position, title, source, published,
                    ArticleKind(kind), story, words, snippet, storyline,
                )  # fmt: skip

    def article(self, article: int) -> StoredArticle | None:
        """An article with its current revision's particulars, whatever its status."""
        row = self._db.execute(
            "SELECT a.id, s.name, a.url, r.title, r.published, r.updated, r.language, r.kind, a.status, r.id,"
            " a.external_id, coalesce(a.story_id, a.id), coalesce(a.storyline_id, a.story_id, a.id)"
            " FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.id = ?",
            [article],
        ).fetchone()
        if row is None:
            return None
        number, source, url, title, published, updated, language, kind, status, revision, external, *stories = row
        return StoredArticle(
            number, source, url, title, published, updated, language, ArticleKind(kind), ArticleStatus(status),
            revision, external, *stories,
        )  # fmt: skip

    def quoting(self, article: int) -> tuple[int, int | None]:
        """Words and characters of the longest quote that may be taken from an article now; no word where none may.

        Characters are None where its page sets no limit.
        """
        row = self._db.execute(
            "SELECT r.snippet, s.max_quote_words FROM articles a JOIN revisions r ON r.id = a.revision_id"
            " JOIN sources s ON s.id = a.source_id WHERE a.id = ? AND a.status = ? AND r.reserved = 0",
            [article, ArticleStatus.LIVE],
        ).fetchone()
        return (0, 0) if row is None else (quote_words(row[0], row[1]), row[0])

    def known(self, key: str) -> Known | None:
        """What is held under a key, None where nothing is."""
        row = self._db.conn.execute(
            "SELECT a.id, a.status, r.title, r.text, r.kind, r.page FROM articles a"
            " LEFT JOIN revisions r ON r.id = a.revision_id WHERE a.key = ?",
            [key],
        ).fetchone()
        if row is None:
            return None
        number, status, title, text, kind, page = row
        last = None if text is None else Article(title, text, (), kind=ArticleKind(kind))
        return Known(int(number), ArticleStatus(status), last, page or "")

    def revision(self, revision: int) -> StoredRevision | None:
        """A reading of a revision, old ones included; None where there is none."""
        row = self._db.execute(
            "SELECT id, article_id, number, reading, title, text, notes, fetched_at FROM revisions WHERE id = ?",
            [revision],
        ).fetchone()
        if row is None:
            return None
        number, article, revised, reading, title, text, notes, fetched = row
        return StoredRevision(number, article, revised, reading, title, text, tuple(json.loads(notes)), fetched)

    def speaker(self, revision: int, start: int, end: int) -> str:
        """Who said the words between two offsets, where the page's markup names a speaker; else empty."""
        row = self._db.execute("SELECT blocks FROM revisions WHERE id = ?", [revision]).fetchone()
        for block in (Block(*each) for each in json.loads(row[0])) if row else ():
            if block.speaker and block.start <= start and end <= block.end:
                return block.speaker
        return ""

    def revision_text(self, revision: int) -> str | None:
        """The text of a revision, old ones included."""
        row = self._db.execute("SELECT text FROM revisions WHERE id = ?", [revision]).fetchone()
        return None if row is None else str(row[0])

    def quotable_articles(self) -> dict[int, tuple[str, int | None]]:
        """Source name and time of publication (seconds since 1970, UTC) of each article that may be quoted."""
        rows = self._db.execute(
            "SELECT a.id, s.name, r.published_at FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.status = ? AND r.reserved = 0",
            [ArticleStatus.LIVE],
        ).fetchall()
        return {int(article): (name, published) for article, name, published in rows}

    def sources(self) -> dict[str, dict[str, Any]]:
        """What is kept of each source, by name: owner, language, topics, rights, ``sample``."""
        return {
            row["name"]: {
                **row,
                "topics": tuple(json.loads(row["topics"])),
                "full_text": bool(row["full_text"]),
                "sample": bool(row["sample"]),
            }
            for row in self._db["sources"].rows
        }

    def limits(self) -> dict[str, dict[str, int]]:
        """How many articles of each source may not be shown like others, by source and by why; zeros left out."""
        rows = self._db.execute(
            "SELECT s.name, sum(r.reserved), sum(r.snippet = 0), sum(r.snippet > 0), sum(r.free = 0),"
            """ sum(instr(r.robots, '"noarchive"') > 0), sum(a.status = ?)"""
            " FROM articles a JOIN sources s ON s.id = a.source_id JOIN revisions r ON r.id = a.revision_id"
            " WHERE a.status IN (?, ?) GROUP BY s.id",
            [ArticleStatus.HELD, ArticleStatus.LIVE, ArticleStatus.HELD],
        ).fetchall()
        found = {name: dict(zip(LIMITS, counts, strict=True)) for name, *counts in rows}
        return {name: {why: int(count) for why, count in each.items() if count} for name, each in found.items()}

    def reports(self) -> list[tuple[str, SourceReport]]:
        """The last report of each source with the time it was made, oldest first."""
        rows = self._db.execute(
            "SELECT ended_at, report FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY source) ORDER BY id"
        ).fetchall()
        found = []
        for ended, text in rows:
            report = json.loads(text)
            report["failures"] = tuple(Failure(**failure) for failure in report["failures"])
            found.append((str(ended), SourceReport(**report)))
        return found
