"""The tables of an article's readings and of the passages each is cut into; a part of `corpus.store.Store`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpus.records import Article
from corpus.rows import Cut, Rows

if TYPE_CHECKING:
    import sqlite_utils


class Revisions:
    """The tables of revisions, passages and placements; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def add(self, article_id: int, number: int, reading: int, article: Article, rows: Rows, page: str) -> int:
        """Add a reading of an article, cut into its passages; returns its row id.

        Args:
            number, reading: of the revision among the article's, and of the reading among the revision's, from 1.
            page: what tells the bytes it was read from.
        """
        row = {
            "article_id": article_id,
            "number": number,
            "reading": reading,
            "digest": rows.digest,
            "title": article.title,
            "text": article.text,
            **rows.particulars,
            "page": page,
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        cursor = self._db.conn.execute(
            f"INSERT INTO revisions ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        revision = int(cursor.lastrowid or 0)
        self._place(article_id, revision, rows.cuts)
        return revision

    def restate(self, revision: int, rows: Rows, page: str = "") -> bool:
        """Write down what a page says now beside the same words; returns whether that is anything else than before.

        Args:
            page: what tells the bytes it was read from, where that is not what is written down already.
        """
        columns, stated = zip(*rows.particulars.items(), strict=True)
        execute = self._db.conn.execute
        known = execute(f"SELECT {', '.join(columns)} FROM revisions WHERE id = ?", [revision]).fetchone()
        if page:
            execute("UPDATE revisions SET page = ? WHERE id = ?", [page, revision])
        if known == stated:
            return False
        marks = ", ".join(f"{column} = ?" for column in columns)
        execute(f"UPDATE revisions SET {marks} WHERE id = ?", [*stated, revision])
        return True

    def is_cut(self, revision: int, cuts: Sequence[Cut]) -> bool:
        """Whether a reading is cut in just these places."""
        places = self._db.conn.execute(
            'SELECT start, "end", quotable, heading FROM placements WHERE revision_id = ? ORDER BY position', [revision]
        ).fetchall()
        return places == [cut[2:] for cut in cuts]

    def recut(self, article_id: int, revision: int, cuts: Sequence[Cut]) -> None:
        """Cut a reading anew; passages of the same words keep their ids."""
        self._db.conn.execute("DELETE FROM placements WHERE revision_id = ?", [revision])
        self._place(article_id, revision, cuts)

    def _place(self, article_id: int, revision: int, cuts: Sequence[Cut]) -> None:
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO passages (article_id, digest, occurrence) VALUES (?, ?, ?)",
            [(article_id, *cut[:2]) for cut in cuts],
        )
        known = self._db.conn.execute(
            "SELECT id, digest, occurrence FROM passages WHERE article_id = ?", [article_id]
        ).fetchall()
        ids = {(digest, occurrence): number for number, digest, occurrence in known}
        self._db.conn.executemany(
            'INSERT INTO placements (revision_id, position, passage_id, start, "end", quotable, heading)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(revision, position, ids[cut[:2]], *cut[2:]) for position, cut in enumerate(cuts)],
        )
