"""Whom to tell something later, in journal.db: the only place that leads back to a member, and only with the secret."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who asked to be told.

    Attributes:
        member: their key, under which ``/privacy`` finds and deletes it.
        purpose: of what, a short name.
        sealed: who and where, see ``bot.vault``.
        until: when it is forgotten.
    """

    member: str
    purpose: str
    sealed: bytes
    until: datetime


class Recipients:
    """One entry of each member for each purpose; the last one counts.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def put(self, recipient: Recipient, *, now: datetime) -> None:
        """Note whom to tell.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        row = {
            "member": recipient.member,
            "purpose": recipient.purpose,
            "sealed": recipient.sealed,
            "noted": _text(now),
            "until": _text(recipient.until),
        }
        with self._errors(), self._db.atomic():
            self._db.table("recipients").upsert(row, pk=("member", "purpose"))

    def of(self, purpose: str) -> list[Recipient]:
        """Everybody who is to be told of something."""
        with self._errors():
            rows = self._db.execute(
                "SELECT member, purpose, sealed, until FROM recipients WHERE purpose = ? ORDER BY noted", [purpose]
            ).fetchall()
        return [Recipient(member, kind, sealed, datetime.fromisoformat(until)) for member, kind, sealed, until in rows]

    def one(self, member: str, purpose: str) -> Recipient | None:
        """The entry of a member for a purpose, None where there is none."""
        with self._errors():
            row = self._db.execute(
                "SELECT sealed, until FROM recipients WHERE member = ? AND purpose = ?", [member, purpose]
            ).fetchone()
        return None if row is None else Recipient(member, purpose, row[0], datetime.fromisoformat(row[1]))

    def remove(self, member: str, purpose: str) -> None:
        """Forget one entry: it was told, or is not wanted any more."""
        with self._errors(), self._db.atomic():
            self._db.execute("DELETE FROM recipients WHERE member = ? AND purpose = ?", [member, purpose])

    def forget_before(self, now: datetime) -> int:
        """Forget the entries whose time is over; returns how many there were."""
        with self._errors(), self._db.atomic():
            return int(self._db.execute("DELETE FROM recipients WHERE until <= ?", [_text(now)]).rowcount)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
