"""What admins and owners did, in journal.db: for accountability inside a guild and for the operator."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

DETAIL_LIMIT = 500
"""Longest detail kept, characters."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        at: when, with zone.
        guild: where it was done; None in a direct conversation.
        member: the key of who did it, see ``bot.journal.member_key``; None once it was forgotten.
        act: a short name, such as "setup" or "reindex".
        detail: what of it, in words for the operator; never a member's text.
        request: the id of the log lines.
    """

    at: datetime
    guild: int | None
    member: str | None
    act: str
    detail: str = ""
    request: str = ""


class Acts:
    """The acts, oldest first.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def add(self, act: Act) -> None:
        """Note an act.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        row = {
            "at": act.at.astimezone(UTC).isoformat(timespec="seconds"),
            "guild": act.guild,
            "member": act.member,
            "act": act.act,
            "detail": act.detail[:DETAIL_LIMIT],
            "request": act.request,
        }
        with self._errors(), self._db.atomic():
            self._db.table("admin_acts").insert(row)

    def of(self, guild: int | None, limit: int = 100) -> list[Act]:
        """The newest acts in a guild, or in direct conversations, newest first."""
        with self._errors():
            rows = self._db.execute(
                "SELECT at, guild, member, act, detail, request FROM admin_acts WHERE guild IS ? ORDER BY id DESC"
                " LIMIT ?",
                [guild, limit],
            ).fetchall()
        return [Act(datetime.fromisoformat(at), *rest) for at, *rest in rows]
