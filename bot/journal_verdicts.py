"""What members think of a reply: the part of journal.db behind its Helpful buttons."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum

from sqlite_utils import Database

REASON_LIMIT = 500
"""Longest reason taken, characters."""


class Verdict(StrEnum):
    """What a member thinks of a reply."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    WRONG = "wrong"
    """The quote does not stand in the article, or not in this sense."""


class Verdicts:
    """One verdict of each member on each exchange; the last one counts.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def give(self, exchange: int, member: str, verdict: Verdict, reason: str = "", *, now: datetime) -> bool:
        """Note a member's verdict in place of an earlier one; without a reason, that of the same verdict stays.

        False, and nothing is noted, where somebody judged the exchange so long ago that it was forgotten who
        (``Privacy.forget_before``): that may have been this member, and nobody judges an exchange twice.

        Args:
            exchange: its row id.
            member: the member's key.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        with self._errors(), self._db.atomic():
            forgotten = self._db.execute(
                "SELECT EXISTS (SELECT 1 FROM verdicts WHERE exchange = ?1 AND member IS NULL)"
                " AND NOT EXISTS (SELECT 1 FROM verdicts WHERE exchange = ?1 AND member = ?2)",
                [exchange, member],
            ).fetchone()[0]
            if forgotten:
                return False
            self._db.execute(
                "INSERT INTO verdicts (exchange, member, verdict, reason, given) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (exchange, member) DO UPDATE SET verdict = excluded.verdict, given = excluded.given,"
                " reason = CASE WHEN excluded.reason = '' AND verdict = excluded.verdict THEN reason"
                " ELSE excluded.reason END",
                [exchange, member, verdict.value, reason[:REASON_LIMIT], now.astimezone(UTC).isoformat()],
            )
        return True

    def of(self, exchange: int) -> dict[str, tuple[Verdict, str]]:
        """Verdict and reason on an exchange, by the member's key."""
        with self._errors():
            rows = self._db.execute(
                "SELECT member, verdict, reason FROM verdicts WHERE exchange = ? ORDER BY given", [exchange]
            ).fetchall()
        return {member: (Verdict(verdict), reason) for member, verdict, reason in rows}
