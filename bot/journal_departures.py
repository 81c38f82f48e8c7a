"""Guilds that the bot left, in journal.db: their settings are deleted after the retention time."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from sqlite_utils import Database


class Departures:
    """When the bot left a guild of which something is kept.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def compare(self, joined: Collection[int], *, now: datetime) -> None:
        """Note the guilds that the bot is in no more, and strike those that it is in again.

        Args:
            joined: ids of all guilds that the bot is in.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        there = json.dumps(list(joined))
        with self._errors(), self._db.atomic():
            self._db.execute("DELETE FROM departures WHERE guild IN (SELECT value FROM json_each(?))", [there])
            self._db.execute(
                "INSERT OR IGNORE INTO departures (guild, noted) SELECT guild, ? FROM guilds"
                " WHERE guild NOT IN (SELECT value FROM json_each(?))",
                [_text(now), there],
            )

    def left(self, guild: int, *, now: datetime) -> None:
        """Note that the bot left a guild, or was thrown out."""
        with self._errors(), self._db.atomic():
            self._db.execute("INSERT OR IGNORE INTO departures (guild, noted) VALUES (?, ?)", [guild, _text(now)])

    def back(self, guild: int) -> None:
        """Strike a guild that the bot is in again."""
        with self._errors(), self._db.atomic():
            self._db.execute("DELETE FROM departures WHERE guild = ?", [guild])

    def forget_before(self, cutoff: datetime) -> list[int]:
        """Delete what the admins decided and did in guilds that the bot left before ``cutoff``; returns those."""
        with self._errors(), self._db.atomic():
            rows = self._db.execute("SELECT guild FROM departures WHERE noted <= ?", [_text(cutoff)]).fetchall()
            guilds = [int(row[0]) for row in rows]
            for guild in guilds:
                for table in ("guilds", "admin_acts", "follows", "departures"):
                    self._db.execute(f"DELETE FROM {table} WHERE guild = ?", [guild])
        return guilds


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
