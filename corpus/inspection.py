"""What the checks of ``corpus.db`` read from it; a part of `corpus.store.Store`, reached as ``store.inspection``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.records import Block, BlockKind

if TYPE_CHECKING:
    import sqlite_utils


@dataclass(frozen=True, slots=True)
class Inspected:
    """A reading of a revision with what it should be equal to; ``article`` is a row id."""

    id: int
    article: int
    digest: str
    title: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a passage stands in a reading; ``article`` and ``digest`` are the passage's own, None where it is gone."""

    passage: int
    article: int | None
    digest: bytes | None
    start: int
    end: int
    quotable: tuple[tuple[int, int], ...]


class Inspection:
    """Reads for comparing."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def revisions(self) -> list[int]:
        """Row ids of all readings, old ones included."""
        return [int(row[0]) for row in self._db.execute("SELECT id FROM revisions ORDER BY id").fetchall()]

    def revision(self, revision: int) -> Inspected:
        """A reading as it is stored; its id has to be one of `revisions`."""
        number, article, digest, title, text, blocks = self._db.execute(
            "SELECT id, article_id, digest, title, text, blocks FROM revisions WHERE id = ?", [revision]
        ).fetchone()
        read = tuple(Block(BlockKind(kind), *rest) for kind, *rest in json.loads(blocks))
        return Inspected(number, article, digest, title, text, read)

    def cuts(self, revision: int) -> list[Cut]:
        """How a reading is cut into passages, in order."""
        rows = self._db.execute(
            'SELECT p.passage_id, g.article_id, g.digest, p.start, p."end", p.quotable FROM placements p'
            " LEFT JOIN passages g ON g.id = p.passage_id WHERE p.revision_id = ? ORDER BY p.position",
            [revision],
        ).fetchall()
        return [
            Cut(passage, article, digest, start, end, tuple((a, b) for a, b in json.loads(quotable)))
            for passage, article, digest, start, end, quotable in rows
        ]

    def strays(self) -> list[str]:
        """Articles whose current reading is none of theirs, in words."""
        rows = self._db.execute(
            "SELECT a.id FROM articles a LEFT JOIN revisions r ON r.id = a.revision_id AND r.article_id = a.id"
            " WHERE r.id IS NULL"
        ).fetchall()
        return [f"article {row[0]} has no current revision" for row in rows]
