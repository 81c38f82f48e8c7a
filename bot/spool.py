"""Where an entry waits that journal.db cannot take: a file beside it, so that not even a kill loses it.

Mostly it is a full disk that keeps the journal from being written. So some room is kept, in a file that takes it up
until then; it is given away for the entries, and taken again once they are in the journal.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict
from pathlib import Path

from bot.journal_entries import Entry

log = logging.getLogger(__name__)

FILE = "journal.waiting.jsonl"
ROOM_FILE = "journal.room"
ROOM = 8 * 1024 * 1024
"""Bytes: more than a thousand answers with their quotes."""


class Spool:
    """The file; to be used on the journal's thread.

    Args:
        folder: where the journal stands.
        room: bytes kept on the disk.
    """

    def __init__(self, folder: Path, *, room: int = ROOM) -> None:
        self._file = folder / FILE
        self._room_file = folder / ROOM_FILE
        self._room = room

    def reserve(self) -> None:
        """Take up the room, where the disk has it."""
        try:
            handle = os.open(self._room_file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if os.fstat(handle).st_size < self._room:
                    os.posix_fallocate(handle, 0, self._room)
            finally:
                os.close(handle)
        except OSError as error:
            log.warning("no room on the disk can be kept for the log: %s", error)

    def add(self, entry: Entry) -> bool:
        """Keep an entry, on the disk before this returns; False where it cannot be."""
        if entry.exchange["ticket"] is None:
            return False  # nothing would tell it from another when it is read again
        line = json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"
        try:
            self._append(line)
        except OSError:
            try:
                self._room_file.unlink(missing_ok=True)
                self._append(line)
            except OSError as error:
                log.error("what waits for the log cannot be kept in %s: %s", self._file, error)
                return False
        return True

    def _append(self, line: bytes) -> None:
        handle = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line  # what was cut short stays a line of its own
            if os.write(handle, line) < len(line):
                raise OSError("the disk took a part of it")
            os.fsync(handle)
        finally:
            os.close(handle)

    def entries(self) -> list[Entry]:
        """What waits, oldest first; a line that was cut short is told in the log and left out.

        Raises:
            OSError: the file cannot be read.
        """
        if not self._file.exists():
            return []
        found = []
        for number, line in enumerate(self._file.read_bytes().splitlines(), 1):
            try:
                found.append(_read(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                log.error("%s: line %d is no entry of the log, and is left out", self._file, number)
        return found

    def clear(self) -> None:
        """Forget what waited, now that the journal has it, and keep room again."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s cannot be removed: %s", self._file, error)
        self.reserve()


def _read(raw: dict[str, object]) -> Entry:
    exchange, *others = (raw[name] for name in ("exchange", "citations", "disputes", "further"))
    if not isinstance(exchange, dict) or not all(isinstance(each, list) for each in others):
        raise TypeError("no entry")
    return Entry(exchange, *(tuple(each) for each in others))  # type: ignore[arg-type]
