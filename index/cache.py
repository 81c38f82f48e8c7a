"""Vectors already made, by text and model, so that only new text is paid for; SQLite, its only use in this package."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sqlite_utils
from numpy.typing import NDArray

Vectors = tuple[NDArray[np.float16], NDArray[np.float16]]
"""A passage's vector, shape (d,), and its sentences' vectors, shape (m, d)."""

LOOKUP = 500  # keys in one statement


def cache_key(digest: str, text: str, spans: Sequence[tuple[int, int]]) -> bytes:
    """What a passage's vectors are kept under: the model, the embedded text and its sentences."""
    return hashlib.sha256(f"{digest}\0{spans}\0{text}".encode()).digest()


class VectorCache:
    """A file of vectors that any build may use; losing it costs time, nothing else.

    A file that is damaged is begun anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        if isinstance(error, sqlite3.OperationalError):
            raise error  # a full disk or a lock is no damage
        self._db.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._open()

    def _open(self) -> None:
        self._db = sqlite_utils.Database(sqlite3.connect(self._path))
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, passage BLOB NOT NULL, sentences BLOB NOT NULL)"
        )

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors known under the keys; keys that are not known are missing from the result."""
        try:
            return self._found(keys)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            return {}

    def _found(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        found: dict[bytes, Vectors] = {}
        for first in range(0, len(keys), LOOKUP):
            some = list(keys[first : first + LOOKUP])
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT * FROM vectors WHERE key IN ({marks})", some)
            for key, passage, sentences in rows:
                vector = np.frombuffer(passage, dtype=np.float16)
                found[key] = (vector, np.frombuffer(sentences, dtype=np.float16).reshape(-1, len(vector)))
        return found

    def put(self, made: dict[bytes, Vectors]) -> None:
        """Keep vectors, all or none."""
        rows: list[tuple[Any, ...]] = [
            (key, passage.astype(np.float16).tobytes(), sentences.astype(np.float16).tobytes())
            for key, (passage, sentences) in made.items()
        ]
        with self._db.atomic():
            self._db.conn.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
