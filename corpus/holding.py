"""What addresses answered instead of their articles; a part of `corpus.store.Store`, reached as ``store.holding``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corpus.settle import Held, Reason

if TYPE_CHECKING:
    import sqlite_utils

TABLES = """
CREATE TABLE holding (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    reason TEXT NOT NULL,
    since TEXT NOT NULL,
    settled INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL
);
"""
"""Part of migration m003."""


class Holding:
    """The table of texts that were not taken; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def get(self, article: int) -> Held | None:
        """What an article's address answered last instead of it; None where it answered the article."""
        row = self._db.conn.execute(
            "SELECT reason, since, title, text, settled FROM holding WHERE article_id = ?", [article]
        ).fetchone()
        if row is None:
            return None
        reason, since, title, text, settled = row
        return Held(Reason(reason), datetime.fromisoformat(since), title, text, bool(settled))

    def put(self, article: int, held: Held) -> None:
        """Remember what an address answered instead of its article."""
        self._db.conn.execute(
            "INSERT OR REPLACE INTO holding (article_id, reason, since, settled, title, text)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [article, held.reason, held.since.isoformat(), int(held.settled), held.title, held.text],
        )

    def drop(self, article: int) -> None:
        """Forget it: the article itself was read again."""
        self._db.conn.execute("DELETE FROM holding WHERE article_id = ?", [article])
