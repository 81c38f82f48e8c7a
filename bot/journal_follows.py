"""Followed questions in journal.db: what each was told, what was found for it, and the messages on their way.

A message is marked before it is sent. Whatever happens then, what it holds is in no second message; see `bot.telling`
for what becomes of one whose sending was cut short.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.records import Place

MOST = 25
"""Questions that one member may follow at a time."""
GATHERED = 5
"""Quotes in one message, the best matches first; what came beyond them is not told."""

TABLES = """
CREATE TABLE follows (
    id INTEGER PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE,
    member TEXT NOT NULL,
    sealed BLOB NOT NULL,
    question TEXT NOT NULL,
    understood TEXT NOT NULL,
    exchange INTEGER,
    guild INTEGER,
    public INTEGER NOT NULL,
    locale TEXT NOT NULL,
    made TEXT NOT NULL,
    until TEXT NOT NULL,
    seen INTEGER NOT NULL,
    told TEXT,
    unreachable INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX follows_member ON follows(member);
CREATE INDEX follows_seen ON follows(seen);
CREATE INDEX follows_exchange ON follows(exchange);
CREATE TABLE follow_messages (
    id INTEGER PRIMARY KEY,
    follow INTEGER NOT NULL REFERENCES follows(id) ON DELETE CASCADE,
    nonce TEXT NOT NULL,
    claimed TEXT NOT NULL,
    state TEXT NOT NULL,
    message INTEGER
);
CREATE INDEX follow_messages_open ON follow_messages(id) WHERE state = 'sending';
CREATE INDEX follow_messages_follow ON follow_messages(follow);
CREATE TABLE follow_places (
    id INTEGER PRIMARY KEY,
    follow INTEGER NOT NULL REFERENCES follows(id) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    state TEXT NOT NULL,
    message INTEGER REFERENCES follow_messages(id)
);
CREATE INDEX follow_places_follow ON follow_places(follow);
CREATE INDEX follow_places_found ON follow_places(follow) WHERE state = 'found';
CREATE TRIGGER follows_forgotten AFTER UPDATE OF question ON exchanges
WHEN OLD.question IS NOT NULL AND NEW.question IS NULL
BEGIN
    DELETE FROM follows WHERE exchange = NEW.id;
END;
"""
"""Migration m041. The trigger: a question that was forgotten, by whoever asked it, is followed by nobody."""

_HERE = "(guild IS NULL OR guild NOT IN (SELECT guild FROM departures))"


@dataclass(frozen=True, slots=True)
class Follow:
    """A followed question.

    Attributes:
        ticket: what its buttons carry.
        member: the key of who follows it.
        sealed: who, and which channel, see ``bot.vault``.
        understood: what is searched for.
        guild: where it was made, None in a direct conversation.
        public: whether the channel is told, and not the member.
        until: when it ends.
        unreachable: it could not be told, and is not tried again.
    """

    id: int
    ticket: str
    member: str
    sealed: bytes
    question: str
    understood: str
    guild: int | None
    public: bool
    locale: str
    made: datetime
    until: datetime
    unreachable: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that was marked for sending.

    Attributes:
        nonce: by which Discord knows a second attempt for some minutes.
        places: what it tells, the best match first.
    """

    id: int
    follow: Follow
    nonce: str
    claimed: datetime
    places: tuple[Place, ...]


class Follows:
    """The tables; made by the journal it belongs to and used on its thread.

    Args:
        errors: turns what the file or the disk does into a JournalError.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._errors = errors

    def add(
        self,
        *,
        member: str,
        sealed: bytes,
        question: str,
        understood: str,
        exchange: int | None,
        guild: int | None,
        public: bool,
        locale: str,
        now: datetime,
        until: datetime,
        seen: int,
        known: Iterable[Place],
    ) -> str | None:
        """Follow a question; returns its ticket, None where the member follows as many as they may.

        A question that the member follows already at the same place is not followed twice.

        Args:
            seen: passages up to this row id count as told.
            known: what the answer to it quoted.
        """
        with self._errors(), self._db.atomic():
            execute = self._db.execute
            same = execute(
                "SELECT id FROM follows WHERE member = ? AND understood = ? AND public = ? AND guild IS ?",
                [member, understood, int(public), guild],
            ).fetchall()
            for (row,) in same:
                execute("DELETE FROM follows WHERE id = ?", [row])
            if execute("SELECT count(*) FROM follows WHERE member = ?", [member]).fetchone()[0] >= MOST:
                return None
            ticket = secrets.token_hex(8)
            row = execute(
                "INSERT INTO follows (ticket, member, sealed, question, understood, exchange, guild, public, locale,"
                " made, until, seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                [
                    ticket, member, sealed, question, understood, exchange, guild, int(public), locale, _text(now),
                    _text(until), seen,
                ],
            ).fetchone()[0]  # fmt: skip
            self._put(row, known, "known")
        return ticket

    def of(self, member: str) -> list[Follow]:
        """What a member follows, oldest first."""
        return self._read("member = ? ORDER BY id", member)

    def by_ticket(self, ticket: str) -> Follow | None:
        """The follow that a button carries, None where it has ended."""
        return next(iter(self._read("ticket = ?", ticket)), None)

    def end(self, ticket: str) -> bool:
        """Follow a question no more; whether it was followed."""
        with self._errors(), self._db.atomic():
            return bool(self._db.execute("DELETE FROM follows WHERE ticket = ?", [ticket]).rowcount)

    def behind(self, newest: int, now: datetime) -> Follow | None:
        """One of the questions for which passages up to ``newest`` were not looked at; None where there is none."""
        where = f"seen < ? AND unreachable = 0 AND until > ? AND {_HERE} ORDER BY seen, id LIMIT 1"
        return next(iter(self._read(where, newest, _text(now))), None)

    def seen(self, follow: int) -> int:
        """Up to which passage it was looked for news; 0 where it has ended."""
        with self._errors():
            row = self._db.execute("SELECT seen FROM follows WHERE id = ?", [follow]).fetchone()
        return 0 if row is None else int(row[0])

    def start_over(self, newest: int) -> None:
        """The store was made anew, and its ids begin again: what is in it now counts as seen."""
        with self._errors(), self._db.atomic():
            self._db.execute("UPDATE follows SET seen = ? WHERE seen > ?", [newest, newest])

    def places(self, follow: int) -> list[Place]:
        """All that was told or found for a question, and what it was asked with."""
        with self._errors():
            rows = self._db.execute(
                'SELECT article, revision, passage, start, "end" FROM follow_places WHERE follow = ? ORDER BY id',
                [follow],
            ).fetchall()
        return [Place(*row) for row in rows]

    def found(self, follow: int, places: Sequence[Place], *, seen: int) -> None:
        """Note what was found, and up to which passage was looked; both or neither."""
        with self._errors(), self._db.atomic():
            updated = self._db.execute("UPDATE follows SET seen = ? WHERE id = ?", [seen, follow]).rowcount
            if updated:
                self._put(follow, places, "found")

    def claim(self, now: datetime, gap: timedelta) -> Claimed | None:
        """Mark the next message that is due: of a question with something found, and told nothing for ``gap``."""
        with self._errors(), self._db.atomic():
            follows = self._read(
                "id IN (SELECT follow FROM follow_places WHERE state = 'found') AND unreachable = 0 AND until > ?"
                f" AND (told IS NULL OR told <= ?) AND {_HERE} ORDER BY told, id LIMIT 1",
                _text(now),
                _text(now - gap),
            )
            if not follows:
                return None
            follow = follows[0]
            nonce = secrets.token_hex(12)
            message = self._db.execute(
                "INSERT INTO follow_messages (follow, nonce, claimed, state) VALUES (?, ?, ?, 'sending') RETURNING id",
                [follow.id, nonce, _text(now)],
            ).fetchone()[0]
            self._db.execute(
                "UPDATE follow_places SET message = ?, state = 'told' WHERE follow = ? AND state = 'found'",
                [message, follow.id],
            )
            self._db.execute("UPDATE follows SET told = ? WHERE id = ?", [_text(now), follow.id])
        return Claimed(message, follow, nonce, now, tuple(self._told(message)))

    def unsure(self) -> list[Claimed]:
        """The messages of which it is not known whether they were sent, oldest first."""
        with self._errors():
            rows = self._db.execute(
                "SELECT id, follow, nonce, claimed FROM follow_messages WHERE state = 'sending' ORDER BY id"
            ).fetchall()
        found = []
        for number, follow, nonce, claimed in rows:
            for each in self._read("id = ?", follow):
                at = datetime.fromisoformat(claimed)
                found.append(Claimed(int(number), each, str(nonce), at, tuple(self._told(number))))
        return found

    def settle(self, message: int, state: str, sent: int | None = None) -> None:
        """Note what became of a message: "sent" with its id, "empty", "lost" or "refused".

        What was refused is not tried again, and neither is its question. An empty one does not count as telling.
        """
        with self._errors(), self._db.atomic():
            self._db.execute("UPDATE follow_messages SET state = ?, message = ? WHERE id = ?", [state, sent, message])
            which = "id = (SELECT follow FROM follow_messages WHERE id = ?)"
            if state == "refused":
                self._db.execute(f"UPDATE follows SET unreachable = 1 WHERE {which}", [message])
            if state == "empty":
                self._db.execute(f"UPDATE follows SET told = NULL WHERE {which}", [message])

    def forget_before(self, now: datetime) -> int:
        """End what has run its time; returns how many there were."""
        with self._errors(), self._db.atomic():
            return int(self._db.execute("DELETE FROM follows WHERE until <= ?", [_text(now)]).rowcount)

    def _told(self, message: int) -> list[Place]:
        rows = self._db.execute(
            'SELECT article, revision, passage, start, "end" FROM follow_places WHERE message = ? ORDER BY id LIMIT ?',
            [message, GATHERED],
        ).fetchall()
        return [Place(*row) for row in rows]

    def _put(self, follow: int, places: Iterable[Place], state: str) -> None:
        self._db.table("follow_places").insert_all(
            {"follow": follow, **asdict(place), "state": state, "message": None} for place in places
        )

    def _read(self, where: str, *values: Any) -> list[Follow]:
        with self._errors():
            rows = self._db.execute(
                "SELECT id, ticket, member, sealed, question, understood, guild, public, locale, made, until,"
                f" unreachable FROM follows WHERE {where}",
                list(values),
            ).fetchall()
        return [
            Follow(
                id=number,
                ticket=ticket,
                member=member,
                sealed=sealed,
                question=question,
                understood=understood,
                guild=guild,
                public=bool(public),
                locale=locale,
                made=datetime.fromisoformat(made),
                until=datetime.fromisoformat(until),
                unreachable=bool(lost),
            )
            for number, ticket, member, sealed, question, understood, guild, public, locale, made, until, lost in rows
        ]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
