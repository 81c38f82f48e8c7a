"""What each guild's admins decided, kept in journal.db and in memory: the part of it behind ``/setup``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from bot.guilds import GuildSettings


class GuildTable:
    """The settings of every guild that has some.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def all(self) -> dict[int, GuildSettings]:
        """The settings by guild.

        Raises:
            JournalError: the file cannot be read.
        """
        with self._errors():
            return {int(row["guild"]): _settings(row) for row in self._db.table("guilds").rows}

    def put(self, guild: int, settings: GuildSettings, *, now: datetime) -> None:
        """Keep a guild's settings in place of the former ones.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        row = {
            "guild": guild,
            "channels": _maybe_json(settings.channels),
            "answer_all": json.dumps(sorted(settings.answer_all)),
            "threads": json.dumps(sorted(settings.threads)),
            "sources": _maybe_json(settings.sources),
            "language": settings.language,
            "threshold": settings.threshold,
            "changed": now.astimezone(UTC).isoformat(timespec="seconds"),
        }
        with self._errors(), self._db.atomic():
            self._db.table("guilds").upsert(row, pk="guild")

    def forget(self, guild: int) -> None:
        """Delete what a guild's admins decided.

        Raises:
            JournalError: as ``put``.
        """
        with self._errors(), self._db.atomic():
            self._db.execute("DELETE FROM guilds WHERE guild = ?", [guild])


class GuildBook:
    """``bot.guilds.Guilds`` from memory, as of the last ``take``: belongs to the event loop.

    Attributes:
        known: whether the settings were read; until then the defaults hold everywhere.
    """

    def __init__(self) -> None:
        self.known = False
        self._settings: dict[int, GuildSettings] = {}

    def take(self, settings: Mapping[int, GuildSettings]) -> None:
        """Hold these settings from now on."""
        self._settings = dict(settings)
        self.known = True

    def put(self, guild: int, settings: GuildSettings) -> None:
        """Hold a guild's new settings."""
        self._settings[guild] = settings

    def of(self, guild: int | None) -> GuildSettings:
        """See ``bot.guilds.Guilds``."""
        return GuildSettings() if guild is None else self._settings.get(guild, GuildSettings())


def _maybe_json(values: frozenset[int] | frozenset[str] | None) -> str | None:
    return None if values is None else json.dumps(sorted(values))


def _settings(row: Mapping[str, Any]) -> GuildSettings:
    return GuildSettings(
        channels=None if row["channels"] is None else frozenset(json.loads(row["channels"])),
        answer_all=frozenset(json.loads(row["answer_all"])),
        threads=frozenset(json.loads(row["threads"])),
        sources=None if row["sources"] is None else frozenset(json.loads(row["sources"])),
        language=row["language"],
        threshold=row["threshold"],
    )
