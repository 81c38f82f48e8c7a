"""What holds for any SQLite file of this project: how to copy it while others write to it, and whether it is whole."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from corpus.errors import NewsdeskError

DENIED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there, also where this user may write neither to it nor beside it.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    # No mode=ro: the first reader of a database that was killed has to roll its log forward.
    how = "immutable=1" if is_still(path) else "mode=rw"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def is_still(path: Path) -> bool:
    """Whether a database is to be read as a file that nobody changes: its folder takes no file of this user's, and
    nothing of a log stands beside it, as with everybody who has it open to write.

    SQLite opens it in no other way there, since it may not make the files of the log.
    """
    log, shared = (path.with_name(f"{path.name}-{suffix}") for suffix in ("wal", "shm"))
    if os.access(path.parent, os.W_OK, effective_ids=True) or shared.exists():
        return False
    return not log.exists() or not log.stat().st_size


def remedy_for(error: BaseException, otherwise: str) -> str:
    """What to do about a database that could not be used; ``otherwise`` where it is no matter of who may use it."""
    denied = isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in DENIED
    if denied or isinstance(error, PermissionError):
        return "check who may read and write it and its folder, and NEWSDESK_DATA_DIR"
    return otherwise


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as of one moment, by SQLite's backup API; ``target`` is readable by its owner alone.

    Raises:
        NewsdeskError: the source is missing or no database, or the copy cannot be written.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        held = connect_to_read(source)
        try:
            copy = sqlite3.connect(target)
            try:
                held.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            finally:
                copy.close()
        finally:
            held.close()
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
        held = connect_to_read(path)
        try:
            found = [str(row[0]) for row in held.execute("PRAGMA integrity_check")]
            found += [f"{row[0]} refers to no {row[2]}" for row in held.execute("PRAGMA foreign_key_check")]
        finally:
            held.close()
    except sqlite3.Error as error:
        return [str(error)]
    return [each for each in found if each != "ok"]
