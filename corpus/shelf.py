"""What people browse of the articles; a part of `corpus.store.Store`, reached as ``store.shelf``.

Articles that are withdrawn, held or reserved by their page are nowhere in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.records import ArticleKind, ArticleStatus, Block, BlockKind
from corpus.rights import Rights, rights

if TYPE_CHECKING:
    import sqlite_utils

_NEWEST = "ORDER BY r.published_at IS NULL, r.published_at DESC, a.first_seen DESC, a.id DESC"
_STORYLINE = "coalesce(a.storyline_id, a.story_id, a.id)"
_FROM = (
    " FROM articles a JOIN sources s ON s.id = a.source_id JOIN revisions r ON r.id = a.revision_id"
    " WHERE a.status = ? AND r.reserved = 0 AND s.name IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as a list shows it.

    Attributes:
        published: ISO 8601 as stated, or None.
        revisions: how many there are, 1 for an article that never changed.
        more: how many older articles on the same course of events the list has folded into this one.
    """

    id: int
    title: str
    source: str
    url: str | None
    published: str | None
    kind: ArticleKind
    revisions: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """One revision of an article, as its last reading has it.

    Attributes:
        number: 1 for the first.
        stated: when the page says it was last updated, or else published; ISO 8601, or None.
        fetched: when it was read, ISO 8601.
        notes: correction and update notes, word for word.
    """

    number: int
    title: str
    stated: str | None
    fetched: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article with all that may be shown of it.

    Attributes:
        revision: row id of the current one.
        text, blocks: of the current revision; what may be shown of them is for ``rights`` to say.
        editions: oldest first.
    """

    listed: ListedArticle
    revision: int
    text: str
    blocks: tuple[Block, ...]
    rights: Rights
    editions: tuple[Edition, ...]


class Shelf:
    """Lists of articles; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def count(self, sources: Collection[str]) -> int:
        """How many articles of these sources, by name, can be read."""
        return int(self._db.execute("SELECT count(*)" + _FROM, _values(sources)).fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many articles of each source can be read, by name; sources without any are left out."""
        rows = self._db.execute(
            "SELECT s.name, count(*) FROM articles a JOIN sources s ON s.id = a.source_id"
            " JOIN revisions r ON r.id = a.revision_id WHERE a.status = ? AND r.reserved = 0 GROUP BY s.id",
            [ArticleStatus.LIVE],
        ).fetchall()
        return {str(name): int(count) for name, count in rows}

    def latest(self, sources: Collection[str], *, limit: int, offset: int = 0) -> list[ListedArticle]:
        """Articles of these sources, the newest first; behind them those that state no date, the last seen first."""
        return self._listed(f"{_NEWEST} LIMIT ? OFFSET ?", sources, [limit, offset])

    def stories(self, sources: Collection[str]) -> int:
        """How many courses of events the articles of these sources are about."""
        row = self._db.execute(f"SELECT count(DISTINCT {_STORYLINE})" + _FROM, _values(sources)).fetchone()
        return int(row[0])

    def latest_by_story(self, sources: Collection[str], *, limit: int, offset: int = 0) -> list[ListedArticle]:
        """As ``latest``, with the newest article of each course of events alone; reads no further than it has to."""
        chosen: dict[int, int] = {}
        for dated in ("IS NOT NULL", "IS NULL"):
            # CROSS JOIN keeps the order of the index on the time of publication, so that the walk can stop early.
            rows = self._db.conn.execute(
                f"SELECT {_STORYLINE}, a.id FROM revisions r CROSS JOIN articles a ON a.revision_id = r.id"
                " AND a.id = r.article_id CROSS JOIN sources s ON s.id = a.source_id WHERE a.status = ? AND r.reserved"
                f" = 0 AND s.name IN (SELECT value FROM json_each(?)) AND r.published_at {dated}"
                " ORDER BY r.published_at DESC, a.first_seen DESC, a.id DESC",
                _values(sources),
            )
            for storyline, article in rows:
                chosen.setdefault(storyline, article)
                if len(chosen) >= limit + offset:
                    break
            if len(chosen) >= limit + offset:
                break
        return [
            replace(self._listed("AND a.id = ?", sources, [article])[0], more=self._members(storyline, sources) - 1)
            for storyline, article in list(chosen.items())[offset:]
        ]

    def _members(self, storyline: int, sources: Collection[str]) -> int:
        """How many articles of these sources are about a course of events."""
        which = (
            "AND a.id IN (SELECT id FROM articles WHERE storyline_id = ?"
            " UNION SELECT id FROM articles WHERE story_id = ? AND storyline_id IS NULL"
            " UNION SELECT id FROM articles WHERE id = ? AND storyline_id IS NULL)"
        )
        rows = self._db.execute("SELECT count(*)" + _FROM + which, [*_values(sources), *[storyline] * 3]).fetchone()
        return int(rows[0])

    def titled(self, words: str, sources: Collection[str], *, limit: int) -> list[ListedArticle]:
        """Articles of these sources with ``words`` in the title, the newest first; A to Z count as a to z."""
        pattern = "%" + "".join(f"\\{each}" if each in "%_\\" else each for each in words) + "%"
        return self._listed(f"AND r.title LIKE ? ESCAPE '\\' {_NEWEST} LIMIT ?", sources, [pattern, limit])

    def read(self, article: int, sources: Collection[str]) -> KeptArticle | None:
        """An article of one of these sources, by row id; None where there is none that can be read."""
        listed = self._listed("AND a.id = ?", sources, [article])
        if not listed:
            return None
        revision, text, blocks, robots, free, most, whole = self._db.execute(
            "SELECT r.id, r.text, r.blocks, r.robots, r.free, s.max_quote_words, s.full_text FROM articles a"
            " JOIN sources s ON s.id = a.source_id JOIN revisions r ON r.id = a.revision_id WHERE a.id = ?",
            [article],
        ).fetchone()
        allowed = rights(
            json.loads(robots), None if free is None else bool(free), max_quote_words=most, full_text=bool(whole)
        )
        parts = tuple(Block(BlockKind(kind), *rest) for kind, *rest in json.loads(blocks))
        return KeptArticle(listed[0], int(revision), text, parts, allowed, self._editions(article))

    def _editions(self, article: int) -> tuple[Edition, ...]:
        rows = self._db.execute(
            "SELECT number, title, coalesce(updated, published), min(fetched_at), notes FROM revisions"
            " WHERE id IN (SELECT max(id) FROM revisions WHERE article_id = ? GROUP BY number) GROUP BY number"
            " ORDER BY number",
            [article],
        ).fetchall()
        return tuple(
            Edition(number, title, stated, at, tuple(json.loads(notes))) for number, title, stated, at, notes in rows
        )

    def _listed(self, rest: str, sources: Collection[str], values: Sequence[Any]) -> list[ListedArticle]:
        rows = self._db.execute(
            "SELECT a.id, r.title, s.name, a.url, r.published, r.kind, r.number" + _FROM + " " + rest,
            [*_values(sources), *values],
        ).fetchall()
        return [
            ListedArticle(number, title, source, url, published, ArticleKind(kind), int(revisions))
            for number, title, source, url, published, kind, revisions in rows
        ]


def _values(sources: Collection[str]) -> list[Any]:
    return [ArticleStatus.LIVE, json.dumps(sorted(sources))]
