"""What holds for any SQLite file of this project: how to copy it while others write to it, and whether it is whole."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from corpus.errors import NewsdeskError

NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as of one moment, by SQLite's backup API; ``target`` is readable by its owner alone.

    Raises:
        NewsdeskError: the source is missing or no database, or the copy cannot be written.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        # No mode=ro: the first reader of a database that was killed has to roll its log forward.
        held = sqlite3.connect(f"file:{source}?mode=rw", uri=True)
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
            remedy="check that it is there, and the disk's space",
        ) from error


def wants_room(error: BaseException) -> bool:
    """Whether what an error came from is that the disk takes no more, be it only what SQLite needs to open a file."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", None) in NO_ROOM


def damage(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file; empty when it is whole."""
    try:
        held = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
        try:
            found = [str(row[0]) for row in held.execute("PRAGMA integrity_check")]
            found += [f"{row[0]} refers to no {row[2]}" for row in held.execute("PRAGMA foreign_key_check")]
        finally:
            held.close()
    except sqlite3.Error as error:
        return [str(error)]
    return [each for each in found if each != "ok"]
