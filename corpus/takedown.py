"""Articles taken down for good: what is remembered of them, and how they leave the store.

Only hashes are remembered, of the addresses, the texts and the bytes read, in the store and in ``takedowns.jsonl``
beside it. Whatever the store is when it is opened, an older one from a backup say, it follows that file first.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import StoreError

if TYPE_CHECKING:
    import sqlite_utils

FILE = "takedowns.jsonl"
LEAST_TEXT = 100  # characters; shorter texts may be anybody's

TABLES = """
CREATE TABLE takedowns (id TEXT PRIMARY KEY, line TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tombstones (mark BLOB PRIMARY KEY) WITHOUT ROWID;
"""
"""Part of migration m003."""


@dataclass(frozen=True, slots=True)
class Takedown:
    """One takedown as it is remembered.

    Attributes:
        id: 32 hexadecimal digits.
        at: ISO 8601 in UTC.
        articles: row ids they had in the store.
        marks: SHA-256 of their keys, texts and pages, hexadecimal.
    """

    id: str
    at: str
    articles: tuple[int, ...]
    marks: tuple[str, ...]


def marks_of(keys: Iterable[str], texts: Iterable[str], pages: Iterable[str]) -> tuple[str, ...]:
    """What an article is known by again, in any of its spellings; texts too short to be anybody's are left out."""
    marks = [_mark("key", key) for key in keys if key]
    marks += [_mark("text", text) for text in texts if len(text) >= LEAST_TEXT]
    marks += [_mark("page", page) for page in pages if page]
    return tuple(dict.fromkeys(mark.hex() for mark in marks))


def _mark(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{value}".encode()).digest()


def remember(store: Path, takedown: Takedown) -> None:
    """Add a takedown to the file beside a store, to the disk before this returns.

    Raises:
        StoreError: it cannot be written.
    """
    path = store.with_name(FILE)
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(json.dumps(asdict(takedown)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"cannot be written ({error.strerror})", subject=path, remedy="check the disk") from error


def remembered(store: Path) -> Iterator[Takedown]:
    """The takedowns of the file beside a store, oldest first; none where there is no file.

    Raises:
        StoreError: it cannot be read, or a line of it is none: better nothing is quoted than what was taken down.
    """
    path = store.with_name(FILE)
    if not path.exists():
        return
    try:
        lines = path.read_bytes().splitlines()
        for line in filter(None, lines):
            yield _read(line)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"cannot be read ({error})", subject=path, remedy="restore the file from a backup") from error


def _read(line: bytes | str) -> Takedown:
    raw = json.loads(line)
    return Takedown(str(raw["id"]), str(raw["at"]), tuple(raw["articles"]), tuple(raw["marks"]))


class Tombstones:
    """What was taken down; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def bars(self, *, keys: Collection[str] = (), text: str = "", page: str = "") -> bool:
        """Whether an article with one of these keys, this text or these bytes was taken down."""
        marks = [bytes.fromhex(mark) for mark in marks_of(keys, [text], [page])]
        found = self._db.conn.execute(
            f"SELECT 1 FROM tombstones WHERE mark IN ({', '.join('?' * len(marks))}) LIMIT 1", marks
        )
        return found.fetchone() is not None

    def missing(self, takedowns: Iterable[Takedown]) -> list[Takedown]:
        """Those of the takedowns that the store does not follow yet."""
        known = {row[0] for row in self._db.execute("SELECT id FROM takedowns").fetchall()}
        return [each for each in takedowns if each.id not in known]

    def beyond(self, takedowns: Iterable[Takedown]) -> list[Takedown]:
        """Those that the store follows and the takedowns lack: the file was lost, or came back from a backup."""
        given = {each.id for each in takedowns}
        rows = self._db.execute("SELECT id, line FROM takedowns ORDER BY id").fetchall()
        return [_read(line) for number, line in rows if number not in given]

    def put(self, takedown: Takedown) -> None:
        """Remember a takedown in the store."""
        line = json.dumps(asdict(takedown))
        self._db.execute("INSERT OR IGNORE INTO takedowns (id, line) VALUES (?, ?)", [takedown.id, line])
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO tombstones (mark) VALUES (?)", [(bytes.fromhex(mark),) for mark in takedown.marks]
        )

    def marked(self, marks: Collection[str]) -> list[int]:
        """Row ids of the articles that marks name, by key or by any text or page that a revision had."""
        wanted = {bytes.fromhex(mark) for mark in marks}
        self._db.conn.create_function("marked", 2, lambda kind, value: _mark(kind, value) in wanted, deterministic=True)
        rows = self._db.execute(
            "SELECT id FROM articles WHERE marked('key', key) UNION SELECT article_id FROM revisions"
            f" WHERE marked('page', page) OR (length(text) >= {LEAST_TEXT} AND marked('text', text)) ORDER BY 1"
        ).fetchall()
        return [int(row[0]) for row in rows]

    def erase(self, articles: Iterable[int]) -> None:
        """Remove all rows of articles, what was reported about their addresses included."""
        execute = self._db.execute
        for article in articles:
            for (url,) in execute("SELECT url FROM articles WHERE id = ? AND url IS NOT NULL", [article]).fetchall():
                execute("DELETE FROM runs WHERE instr(report, ?)", [url])
            execute("UPDATE articles SET revision_id = NULL WHERE id = ?", [article])
            execute(
                "DELETE FROM placements WHERE revision_id IN (SELECT id FROM revisions WHERE article_id = ?)", [article]
            )
            for table in ("passages", "revisions", "visits", "holding", "chronicle"):
                execute(f"DELETE FROM {table} WHERE article_id = ?", [article])
            execute("DELETE FROM articles WHERE id = ?", [article])
