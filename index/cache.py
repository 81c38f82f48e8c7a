"""Vectors already made, by text and model, so that only new text is paid for; SQLite, its only use in this package."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import sqlite_utils
from numpy.typing import NDArray

from index.errors import IndexUnavailable

Vectors = tuple[NDArray[np.float16], NDArray[np.float16], NDArray[np.uint8]]
"""A passage's vector, shape (d,), its sentences' vectors, shape (m, d), and its words as `index.late.pack` gives them,
shape (w, ceil(d / 8)).
"""

LOOKUP = 500  # keys in one statement


def cache_key(digest: str, text: str, spans: Sequence[tuple[int, int]]) -> bytes:
    """What a passage's vectors are kept under: the model, the embedded text, and its sentences and words."""
    return hashlib.sha256(f"{digest}\0{spans}\0{text}".encode()).digest()


class VectorCache:
    """A file of vectors that any build may use; losing it costs time, nothing else.

    A file that is damaged is begun anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._readable_errors():
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
            "CREATE TABLE IF NOT EXISTS rows (key BLOB PRIMARY KEY, passage BLOB NOT NULL, sentences BLOB NOT NULL,"
            " words BLOB NOT NULL)"
        )

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors known under the keys; keys that are not known are missing from the result."""
        with self._readable_errors():
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
            rows = self._db.execute(f"SELECT * FROM rows WHERE key IN ({marks})", some)
            for key, passage, sentences, words in rows:
                vector = np.frombuffer(passage, dtype=np.float16)
                found[key] = (
                    vector,
                    np.frombuffer(sentences, dtype=np.float16).reshape(-1, len(vector)),
                    np.frombuffer(words, dtype=np.uint8).reshape(-1, -(-len(vector) // 8)),
                )
        return found

    def put(self, made: dict[bytes, Vectors]) -> None:
        """Keep vectors, all or none.

        Raises:
            IndexUnavailable: the disk is full, or another process holds the file.
        """
        rows: list[tuple[Any, ...]] = [
            (key, passage.tobytes(), sentences.tobytes(), words.tobytes())
            for key, (passage, sentences, words) in made.items()
        ]
        with self._readable_errors(), self._db.atomic():
            self._db.conn.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)", rows)

    def remove(self, keys: Iterable[bytes]) -> int:
        """Remove vectors, and write the file anew without them; returns how many there were.

        Raises:
            IndexUnavailable: another process holds the file.
        """
        with self._readable_errors():
            before = self._db.table("rows").count
            with self._db.atomic():
                self._db.conn.executemany("DELETE FROM rows WHERE key = ?", [(key,) for key in keys])
            removed = before - self._db.table("rows").count
            if removed:
                self._db.execute("VACUUM")
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(removed)

    @contextmanager
    def _readable_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise IndexUnavailable(
                f"cannot be written ({error})", subject=self._path, remedy="check the disk's space, then run it again"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()
