"""Which files were read and how far; a part of `corpus.store.Store`, reached as ``store.documents``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corpus.records import ArticleStatus

if TYPE_CHECKING:
    import sqlite_utils


class Documents:
    """The table of files; made by the store it belongs to and used on its thread.

    Args:
        transaction: the store's.
    """

    def __init__(self, db: sqlite_utils.Database, transaction: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._transaction = transaction

    def put(self, path: str, fingerprint: str) -> int:
        """Remember a file and the bytes it was last read with in full; returns its row id."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO documents (path, fingerprint, read_at) VALUES (?, ?, ?) ON CONFLICT (path)"
                " DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at",
                [path, fingerprint, datetime.now(UTC).isoformat(timespec="seconds")],
            )
        return int(self._db.execute("SELECT id FROM documents WHERE path = ?", [path]).fetchone()[0])

    def put_progress(self, document: int, progress: str) -> None:
        """Remember how far a file was read."""
        self._db.conn.execute("UPDATE documents SET progress = ? WHERE id = ?", [progress, document])

    def get(self, path: str) -> tuple[int, str] | None:
        """Row id and fingerprint of a file that was read in full, or None."""
        row = self._db.execute("SELECT id, fingerprint FROM documents WHERE path = ?", [path]).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def under(self, folder: str) -> dict[str, int]:
        """Row ids of the files read below a folder, by path; ``folder`` ends with a separator."""
        rows = self._db.execute(
            "SELECT path, id FROM documents WHERE substr(path, 1, length(?)) = ?", [folder, folder]
        ).fetchall()
        return {path: int(row) for path, row in rows}

    def articles(self, document: int) -> set[int]:
        """Row ids of the articles a file holds that may be quoted."""
        rows = self._db.execute(
            "SELECT id FROM articles WHERE document_id = ? AND status = ?", [document, ArticleStatus.LIVE]
        ).fetchall()
        return {int(row[0]) for row in rows}

    def pages(self, document: int) -> dict[bytes, int]:
        """Row ids of the articles a file holds that may be quoted, by the SHA-256 of the bytes they were read from."""
        rows = self._db.conn.execute(
            "SELECT r.page, a.id FROM articles a JOIN revisions r ON r.id = a.revision_id"
            " WHERE a.document_id = ? AND a.status = ? AND length(r.page) = 64",
            [document, ArticleStatus.LIVE],
        )
        return {bytes.fromhex(page): int(article) for page, article in rows}

    def seen(self, document: int, since: str) -> set[int]:
        """Row ids of the articles of a file that were read from it since a time (ISO 8601 in UTC, with seconds)."""
        rows = self._db.execute(
            "SELECT id FROM articles WHERE document_id = ? AND last_seen >= ?", [document, since]
        ).fetchall()
        return {int(row[0]) for row in rows}

    def progress(self, document: int) -> str:
        """How far a file was read, as `put_progress` kept it; empty where it was read to its end, or never."""
        row = self._db.execute("SELECT progress FROM documents WHERE id = ?", [document]).fetchone()
        return str(row[0]) if row else ""
