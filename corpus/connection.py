"""``corpus.db`` as a file: opened, brought to the newest schema, and written in transactions.

A part of `corpus.store.Store`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from corpus.database import connect_to_read, remedy_for
from corpus.errors import StoreError
from corpus.schema import MIGRATIONS

BUSY_TIMEOUT_MS = 30_000
OUTSIDE = frozenset({
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM,
})  # fmt: skip
"""SQLite's codes for what the disk, the file or another process did; any other is a bug."""
CACHE_KB = 65_536  # the tables that grouping looks things up in, of some 100,000 articles
CHECKPOINT_PAGES = 4_000  # of 4 KB in the log before they are copied into the file


class Connection:
    """One connection to the file, belonging to the thread that opened it.

    Args:
        path: the database file; made, with its folder, where it is missing.
        readonly: nothing will be written; so the folder need not take what SQLite writes beside the file, see
            `corpus.database.connect_to_read`.
        alone: keep the list of what the log holds in memory, not in a file beside the database, which a full disk does
            not take; nobody else can use the database meanwhile.

    Attributes:
        db: what the parts of the store speak to.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
    """

    def __init__(self, path: Path, *, readonly: bool = False, alone: bool = False) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if readonly and not alone:
            connection, self._still = connect_to_read(path)
        else:
            connection, self._still = sqlite3.connect(path, isolation_level=None), None
        self.db = sqlite_utils.Database(connection)
        self.db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if alone:
            self.db.execute("PRAGMA locking_mode = EXCLUSIVE")

    @property
    def stale(self) -> bool:
        """Whether it has to be opened anew: it was read as a file that nobody changes, and somebody did."""
        return self._still is not None and self._still.changed

    def open_to_write(self) -> None:
        """Set how the file is written, and bring it to the newest schema.

        Raises:
            StoreError: it was made by a newer version.
        """
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last commits, never the file
        self.db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        self.db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        self._check_version()
        while (version := self._version()) < len(MIGRATIONS):
            with self.transaction():
                if self._version() == version:  # another process may have been first
                    MIGRATIONS[version](self.db)
                    self.db.execute(f"PRAGMA user_version = {version + 1}")
        self.db.execute("PRAGMA foreign_keys = ON")  # only now: a migration may make a table anew

    def check_readable(self) -> None:
        """Check that the file is of this version's schema.

        Raises:
            StoreError: it is of an older or a newer one.
        """
        self._check_version()
        if self._version() < len(MIGRATIONS):
            raise StoreError("is of an older Newsdesk", subject=self.path, remedy="run scripts/reindex.py")

    def _version(self) -> int:
        return int(self.db.execute("PRAGMA user_version").fetchone()[0])

    def _check_version(self) -> None:
        version = self._version()
        if version > len(MIGRATIONS):
            raise StoreError(
                f"was written by a newer Newsdesk (schema {version}, this one knows {len(MIGRATIONS)})",
                subject=self.path,
                remedy="update Newsdesk, or use another NEWSDESK_DATA_DIR",
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and visible to readers only at the end; nested use joins the outer one.

        Raises:
            StoreError: the disk is full, the file locked, read-only or damaged; nothing was written.
        """
        if self.db.conn.in_transaction:
            yield
            return
        try:
            self.db.execute("BEGIN IMMEDIATE")
            yield
            self.db.conn.commit()
        except BaseException as error:
            self.db.conn.rollback()
            if isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorcode", 0) & 0xFF in OUTSIDE:
                raise StoreError(
                    f"cannot be written ({error})",
                    subject=self.path,
                    remedy=remedy_for(error, "check the disk's space, then run it again"),
                ) from error
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever is written meanwhile; nothing can be written inside."""
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            self.db.conn.rollback()
