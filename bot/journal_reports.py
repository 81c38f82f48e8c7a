"""What admins read of a guild's log: figures, unanswered questions, rows; the part of journal.db behind ``/stats``.

Nothing of direct messages, of private replies, of other installations than the guild's, or of a channel that is not
given is in any of it; and no member's key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

_PUBLIC = "e.guild = ? AND e.private = 0 AND e.installation = 'guild' AND e.act IS NULL"
_SEEN = f"{_PUBLIC} AND e.asked >= ? AND e.channel IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote of an answer: its number there and where it stands, by row ids and offsets."""

    number: int
    article: int
    revision: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was asked in a time.

    Attributes:
        days: questions and how many of them were answered, by day of UTC (ISO 8601), days without any left out.
        helpful, unhelpful, wrong: how often members judged so.
    """

    days: dict[str, tuple[int, int]]
    helpful: int
    unhelpful: int
    wrong: int

    @property
    def questions(self) -> int:
        """How many were asked."""
        return sum(asked for asked, _ in self.days.values())

    @property
    def answered(self) -> int:
        """How many were answered."""
        return sum(answered for _, answered in self.days.values())

    @property
    def judged(self) -> int:
        """How many verdicts there are."""
        return self.helpful + self.unhelpful + self.wrong


class Reports:
    """Reads a guild's log.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def last_cited(self, channel: int, member: str) -> list[Cited]:
        """The quotes of a channel's last answer that a member saw: one for all, or one for this member alone."""
        with self._errors():
            rows = self._db.execute(
                "SELECT number, article, revision, start, end FROM citations WHERE exchange = (SELECT id FROM exchanges"
                " WHERE channel = ? AND answered = 1 AND act IS NULL AND (private = 0 OR member = ?)"
                " ORDER BY id DESC LIMIT 1) ORDER BY number",
                [channel, member],
            ).fetchall()
        return [Cited(*row) for row in rows]

    def channels(self, guild: int, since: datetime) -> set[int]:
        """Ids of the channels and threads in which something was asked."""
        with self._errors():
            rows = self._db.execute(
                f"SELECT DISTINCT e.channel FROM exchanges e WHERE {_PUBLIC} AND e.asked >= ?"
                " AND e.channel IS NOT NULL",
                [guild, _text(since)],
            ).fetchall()
        return {int(row[0]) for row in rows}

    def figures(self, guild: int, channels: Collection[int], since: datetime) -> Figures:
        """What was asked in these channels since a time."""
        values = _values(guild, channels, since)
        with self._errors():
            days = self._db.execute(
                f"SELECT substr(e.asked, 1, 10), count(*), sum(e.answered) FROM exchanges e WHERE {_SEEN}"
                " GROUP BY 1 ORDER BY 1",
                values,
            ).fetchall()
            verdicts = self._db.execute(
                f"SELECT v.verdict, count(*) FROM verdicts v JOIN exchanges e ON e.id = v.exchange WHERE {_SEEN}"
                " GROUP BY 1",
                values,
            ).fetchall()
        judged = {str(verdict): int(count) for verdict, count in verdicts}
        return Figures(
            {str(day): (int(asked), int(answered)) for day, asked, answered in days},
            judged.get("helpful", 0),
            judged.get("unhelpful", 0),
            judged.get("wrong", 0),
        )

    def unanswered(self, guild: int, channels: Collection[int], since: datetime, limit: int) -> list[str]:
        """The newest questions that got no answer, newest first; forgotten ones are left out."""
        with self._errors():
            rows = self._db.execute(
                f"SELECT e.question FROM exchanges e WHERE {_SEEN} AND e.answered = 0 AND e.question IS NOT NULL"
                " ORDER BY e.asked DESC, e.id DESC LIMIT ?",
                [*_values(guild, channels, since), limit],
            ).fetchall()
        return [str(row[0]) for row in rows]

    def rows(self, guild: int, channels: Collection[int], since: datetime) -> Iterator[dict[str, Any]]:
        """The exchanges, newest first, each with its citations and verdicts; who asked is not among the columns."""
        with self._errors():
            found = self._db.execute(
                "SELECT e.id, e.asked, e.channel, e.surface, e.locale, e.question, e.answered, e.confidence, e.match,"
                " e.reply, e.took_ms, e.model, e.index_version, e.reply_message,"
                " (SELECT json_group_array(json_object('number', number, 'article', article, 'quote', quote))"
                " FROM (SELECT * FROM citations c WHERE c.exchange = e.id ORDER BY number)),"
                " (SELECT json_group_array(verdict) FROM verdicts v WHERE v.exchange = e.id)"
                f" FROM exchanges e WHERE {_SEEN} ORDER BY e.asked DESC, e.id DESC",
                _values(guild, channels, since),
            )
            for row in found:
                verdicts = json.loads(row[15])
                yield {
                    "asked": row[1],
                    "channel": row[2],
                    "surface": row[3],
                    "locale": row[4],
                    "question": row[5],
                    "answered": bool(row[6]),
                    "confidence": row[7],
                    "match": row[8],
                    "reply": row[9],
                    "took_ms": row[10],
                    "model": row[11],
                    "index_version": row[12],
                    "message": row[13],
                    "citations": json.loads(row[14]),
                    "helpful": verdicts.count("helpful"),
                    "unhelpful": verdicts.count("unhelpful"),
                    "wrong": verdicts.count("wrong"),
                }


def _values(guild: int, channels: Collection[int], since: datetime) -> list[Any]:
    return [guild, _text(since), json.dumps(sorted(channels))]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
