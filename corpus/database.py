"""What holds for any SQLite file of this project: how to copy it while others write to it, and whether it is whole."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from corpus.errors import NewsdeskError

DENIED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
WAIT = 30.0
"""Seconds for whoever brings a database in order that was killed."""
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)


class Still:
    """A database that is read as a file which nobody changes, so that SQLite makes no file beside it.

    Right as long as its log holds nothing, which whoever writes changes first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = self._now()

    @property
    def changed(self) -> bool:
        """Whether somebody wrote to it, or put another in its place: what is read from now on may not hold together."""
        return _logged(self._path) or self._now() != self._state

    def _now(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size


def is_still(path: Path) -> bool:
    """Whether a database can only be read, and as it lies: its folder takes no file of this user's, and nobody who may
    write has it open.
    """
    allowed = os.access(path.parent, os.W_OK, effective_ids=True) or _beside(path, "shm").exists()
    return not allowed and not _logged(path)


def connect_to_read(path: Path) -> tuple[sqlite3.Connection, Still | None]:
    """A connection to a database that is there; where the folder takes no files of this user's, or the disk none at
    all, one that reads it as it lies, which the second tells.

    Raises:
        sqlite3.Error, OSError: it cannot be opened.
    """
    if is_still(path):
        return _as_it_lies(path)
    # No mode=ro: the first reader of a database that was killed has to roll its log forward.
    held = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT, isolation_level=None)
    try:
        held.execute("PRAGMA schema_version")  # the first that needs the files of the log
    except sqlite3.Error as error:
        held.close()
        if getattr(error, "sqlite_errorcode", None) not in NO_ROOM or _logged(path):
            raise
        return _as_it_lies(path)
    return held, None


def _as_it_lies(path: Path) -> tuple[sqlite3.Connection, Still]:
    still = Still(path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None), still


def _logged(path: Path) -> bool:
    """Whether the log beside a database holds something."""
    log = _beside(path, "wal")
    return log.exists() and log.stat().st_size > 0


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}-{suffix}")


def remedy_for(error: BaseException, otherwise: str) -> str:
    """What to do about a database that could not be used; ``otherwise`` where it is not who may, nor room."""
    code = getattr(error, "sqlite_errorcode", 0) if isinstance(error, sqlite3.Error) else 0
    if code & 0xFF in DENIED or isinstance(error, PermissionError):
        return "check who may read and write it and its folder, and NEWSDESK_DATA_DIR"
    if code in NO_ROOM:
        return "check the disk's space"
    return otherwise


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as of one moment, by SQLite's backup API; ``target`` is readable by its owner alone.

    Raises:
        NewsdeskError: the source is missing or no database, or the copy cannot be written; or what could only be read
            as it lies was written meanwhile.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        held, still = connect_to_read(source)
        try:
            copy = sqlite3.connect(target)
            try:
                held.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            finally:
                copy.close()
        finally:
            held.close()
        if still is not None and still.changed:
            raise NewsdeskError("was written while it was copied", subject=source, remedy="run it again")
    except (sqlite3.Error, OSError) as error:
        raise NewsdeskError(
            f"cannot be copied to {target} ({error})",
            subject=source,
            remedy=remedy_for(error, "check that it is there, and the disk's space"),
        ) from error


def wants_room(error: BaseException) -> bool:
    """Whether what an error came from is that the disk takes no more, be it only what SQLite needs to open a file."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", None) in NO_ROOM


def damage(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file; empty when it is whole."""
    try:
        held, _ = connect_to_read(path)
        try:
            found = [str(row[0]) for row in held.execute("PRAGMA integrity_check")]
            found += [f"{row[0]} refers to no {row[2]}" for row in held.execute("PRAGMA foreign_key_check")]
        finally:
            held.close()
    except (sqlite3.Error, OSError) as error:
        return [str(error)]
    return [each for each in found if each != "ok"]
