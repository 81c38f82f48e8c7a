"""One consistent copy of everything that cannot be made again, taken while the bot and a reindex go on.

    <folder>/
      corpus.db, journal.db    copied as of one moment each
      takedowns.jsonl          where something was taken down
      deletions.jsonl          where a member had everything deleted
      secret                   where it was made by the bot
      index/                   the current version, where it is asked for; it can be built again from corpus.db
      backup.json              when, and the SHA-256 of each file

The folder appears whole, by one rename; only its owner can read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from bot.journal_privacy import FILE as DELETIONS
from bot.settings import Settings
from corpus.database import copy_database
from corpus.errors import NewsdeskError
from corpus.takedown import FILE as TAKEDOWNS
from index.published import open_current, write_pointer


def back_up(settings: Settings, target: Path, *, index: bool = False) -> Path:
    """Copy the data folder's databases, secret, takedowns and deletions into a new folder; returns it.

    Args:
        target: the folder to make; it must not exist.
        index: copy the current version of the index, too.

    Raises:
        NewsdeskError: there is nothing to copy, ``target`` exists, or it cannot be written; then nothing is left of it.
    """
    if target.exists():
        raise NewsdeskError("is there already", subject=target, remedy="name another folder")
    if not settings.corpus_db.exists():
        raise NewsdeskError("no articles have been read", subject=settings.corpus_db, remedy="check NEWSDESK_DATA_DIR")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        # These first: a database may follow one takedown or deletion more than its file then says, but never one less.
        for path in (settings.data_dir / name for name in (TAKEDOWNS, DELETIONS, "secret")):
            if path.exists():
                shutil.copyfile(path, draft / path.name)
        # The log before the store: what the log cites is then in the copy of the store.
        for path in (settings.journal_db, settings.corpus_db):
            if path.exists():
                copy_database(path, draft / path.name)
        if index:
            _copy_index(settings.index_dir, draft / "index")
        _seal(draft)
        os.rename(draft, target)  # the step that makes it whole
    except OSError as error:
        _raise(error, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _raise(error: OSError, target: Path) -> NoReturn:
    """Say which side it is, what is copied or the copy."""
    why = error.strerror or error
    if isinstance(error, PermissionError) and error.filename and Path(error.filename).is_file():
        remedy = "run it as the user who owns the data folder"
        raise NewsdeskError(f"cannot be read ({why})", subject=error.filename, remedy=remedy) from error
    remedy = "check the disk's space, and who may write there"
    raise NewsdeskError(f"cannot be written ({why})", subject=target, remedy=remedy) from error


def _copy_index(index_dir: Path, target: Path) -> None:
    published = open_current(index_dir)  # whoever publishes meanwhile keeps this one, as the one before
    version = published.manifest.version
    shutil.copytree(published.folder, target / "versions" / version)
    write_pointer(target, version, None)


def _seal(draft: Path) -> None:
    """Give everything its modes and its digest, and see it to the disk."""
    digests = {}
    for path in sorted(draft.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_file():
            with path.open("rb") as file:
                digests[str(path.relative_to(draft))] = hashlib.file_digest(file, "sha256").hexdigest()
    made = datetime.now(UTC).isoformat(timespec="seconds")
    record = draft / "backup.json"
    record.write_text(json.dumps({"made": made, "files": digests}, indent=2), encoding="utf-8")
    record.chmod(0o600)
    for path in [*draft.rglob("*"), draft]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
