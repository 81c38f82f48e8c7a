"""journal.db: every question, its reply and the quotes in it. SQLite is known to the ``bot.journal`` files alone.

What members think of the replies is in ``bot.journal_verdicts``, the tables are in ``bot.journal_tables``.

Privacy shapes the tables. A member is a key made with the installation's secret, never a name or an id. What a
member wrote (``question``) and whose it is (``member``) may be null, so that both can be forgotten while the figures
and the quotes, on which later corrections live, stay.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlite_utils import Database

from bot.journal_acts import Acts
from bot.journal_corrections import Corrections
from bot.journal_departures import Departures
from bot.journal_entries import Entry, Exchange, Installation, Shown, Surface, entry_of
from bot.journal_follows import Follows
from bot.journal_guilds import GuildTable
from bot.journal_privacy import Privacy
from bot.journal_recipients import Recipients
from bot.journal_reports import Reports
from bot.journal_shown import ShownMessages
from bot.journal_tables import migrations
from bot.journal_takedowns import Takedowns
from bot.journal_verdicts import Verdicts
from bot.records import Place, Quoted
from corpus.errors import NewsdeskError
from corpus.takedown import remembered

__all__ = [
    "Entry", "Exchange", "Installation", "Journal", "JournalError", "JournalVersionError", "Logged", "Quoted", "Shown",
    "Surface", "entry_of",
]  # fmt: skip

BUSY_MS = 1000
"""How long a write waits for another process, milliseconds. Short, because answers wait behind it."""


class JournalError(NewsdeskError):
    """``journal.db`` cannot be opened, read or written."""


class JournalVersionError(JournalError):
    """``journal.db`` was written by a later version of Newsdesk."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An exchange as it stands in the log; what was forgotten since is None.

    Attributes:
        pages: the blocks of each page; empty where the reply has only one.
        further: hits that the reply did not show.
        depth: how many exchanges it goes on from, 0 for a first question.
    """

    id: int
    ticket: str | None
    asked: datetime
    question: str | None
    understood: str | None
    answered: bool
    guild: int | None
    channel: int | None
    private: bool
    locale: str
    pages: tuple[tuple[str, ...], ...]
    citations: tuple[Quoted, ...]
    further: tuple[Place, ...]
    depth: int


def new_ticket() -> str:
    """What the buttons of one reply carry: 16 hexadecimal digits of chance, known before anything is written."""
    return secrets.token_hex(8)


def member_key(secret: bytes, user: int) -> str:
    """The key that stands for a member in the log: HMAC-SHA256 (RFC 2104) of the id, 64 hexadecimal digits."""
    return hmac.new(secret, f"member:{user}".encode(), hashlib.sha256).hexdigest()


class _Database(Database):
    """A file that another process writes to as well: a transaction waits for its turn before it reads.

    SQLite refuses one that has read and then writes, without waiting, where another was written in between.
    """

    @contextmanager
    def atomic(self) -> Iterator[Database]:
        """See `Database.atomic`; every transaction of the journal writes."""
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.conn.execute("COMMIT")
        except BaseException:
            self.conn.rollback()  # nothing to do where the error has ended the transaction
            raise


class Journal:
    """The log. To be used on the thread that opened it.

    Args:
        path: the file, made readable by its owner alone when it is not there.

    Attributes:
        verdicts: what members think of the replies.
        guilds: what each guild's admins decided.
        acts: what admins did.
        reports: what admins read of the log.
        takedowns: removal of what was taken down.
        privacy: what is kept about a member, and how it is forgotten.
        recipients: whom to tell something later.
        departures: the guilds that the bot left.
        follows: the questions that members follow.
        corrections: quotes that do not stand any more, and the messages that have to say so.
        shown: messages that quote and are no answers.

    Raises:
        JournalVersionError: a later version wrote it.
        JournalError: it cannot be opened or migrated.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Only where there is none: closing a file that SQLite has open would drop its locks (POSIX), all of them.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            raise self._error(error) from error
        with self._readable_errors():
            self._db = _Database(sqlite3.connect(path, timeout=BUSY_MS / 1000))
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA foreign_keys=ON")
                self._db.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten
                self._migrate()
            except BaseException:
                self._db.close()
                raise
        self.verdicts = Verdicts(self._db, self._readable_errors)
        self.guilds = GuildTable(self._db, self._readable_errors)
        self.acts = Acts(self._db, self._readable_errors)
        self.reports = Reports(self._db, self._readable_errors)
        self.corrections = Corrections(self._db, self._readable_errors)
        self.takedowns = Takedowns(self._db, self._readable_errors, self.corrections)
        for takedown in remembered(path):  # the file may come from a backup that is older than the takedown
            self.takedowns.remove(takedown.articles, before=takedown.at)
        self.privacy = Privacy(self._db, self._readable_errors, path)
        self.privacy.replay()
        self.recipients = Recipients(self._db, self._readable_errors)
        self.departures = Departures(self._db, self._readable_errors)
        self.follows = Follows(self._db, self._readable_errors)
        self.shown = ShownMessages(self._db, self._readable_errors, self._insert)

    def record(self, exchange: Exchange) -> int:
        """Write one exchange with its citations, all or nothing, and return its row id.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        return self.write(entry_of(exchange))

    def write(self, entry: Entry) -> int:
        """Write the rows of one message, all or nothing, and return its row id.

        One that was written already, by its ticket, is not written twice.

        Raises:
            JournalError: as ``record``.
        """
        with self._readable_errors(), self._db.atomic():
            ticket = entry.exchange["ticket"]
            found = self._db.execute("SELECT id FROM exchanges WHERE ticket = ?", [ticket]).fetchone()
            if found and ticket is not None:
                return int(found[0])
            return self.shown.write(entry) if entry.exchange.get("act") else self._insert(entry)

    def recover(self, entries: Iterable[Entry]) -> None:
        """Write what had to wait, and take from it what was taken down meanwhile.

        Raises:
            JournalError: as ``record``; done again it writes what is missing.
        """
        for entry in entries:
            self.write(entry)
        for takedown in remembered(self._path):
            self.takedowns.remove(takedown.articles, before=takedown.at)

    def _insert(self, entry: Entry) -> int:
        row = cast("int", self._db.table("exchanges").insert(entry.exchange).last_pk)
        for table in ("citations", "disputes", "further"):
            self._db.table(table).insert_all({"exchange": row, **each} for each in getattr(entry, table))
        exchange = entry.exchange
        stands_in = exchange.get("question_message") or exchange["reply_message"]
        self.privacy.written(row, exchange["member"], exchange["asked"], stands_in)
        return row

    def recent(self, limit: int) -> list[dict[str, Any]]:
        """The newest exchanges first, each a row of ``exchanges`` with its ``citations`` as a list of rows."""
        with self._readable_errors():
            rows = list(self._db.table("exchanges").rows_where("act IS NULL", order_by="id desc", limit=limit))
            for row in rows:
                row["stages"] = json.loads(row["stages"])
                row["citations"] = list(
                    self._db.table("citations").rows_where("exchange = ?", [row["id"]], order_by="number")
                )
        return rows

    def by_ticket(self, ticket: str) -> Logged | None:
        """The exchange whose reply carries ``ticket``, or None."""
        return self._logged("ticket = ?", ticket)

    def by_reply(self, message: int) -> Logged | None:
        """The exchange whose reply is ``message``, or None."""
        return self._logged("reply_message = ? AND act IS NULL", message)

    def latest_in(self, channel: int) -> Logged | None:
        """The newest exchange of a channel or thread that everybody there can see, or None."""
        return self._logged("channel = ? AND private = 0 AND act IS NULL", channel)

    def asked_in(self, guild: int, limit: int) -> list[tuple[str, int, str]]:
        """Question, channel and member's key of the newest answered questions that a guild's members saw asked.

        Private replies, direct messages, user installations and follow-ups are not among them.
        """
        with self._readable_errors():
            return self._db.execute(
                "SELECT question, channel, member FROM exchanges WHERE guild = ? AND private = 0 AND answered = 1"
                " AND installation = ? AND act IS NULL AND follows IS NULL AND question IS NOT NULL"
                " AND member IS NOT NULL AND channel IS NOT NULL ORDER BY asked DESC LIMIT ?",
                [guild, Installation.GUILD.value, limit],
            ).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _logged(self, where: str, value: str | int) -> Logged | None:
        with self._readable_errors():
            rows = list(self._db.table("exchanges").rows_where(where, [value], order_by="id desc", limit=1))
            if not rows:
                return None
            row = rows[0]
            citations = self._db.table("citations").rows_where("exchange = ?", [row["id"]], order_by="number")
            further = self._db.table("further").rows_where("exchange = ?", [row["id"]], order_by="number")
            return Logged(
                id=row["id"],
                ticket=row["ticket"],
                asked=datetime.fromisoformat(row["asked"]),
                question=row["question"],
                understood=row["understood"],
                answered=bool(row["answered"]),
                guild=row["guild"],
                channel=row["channel"],
                private=bool(row["private"]),
                locale=row["locale"] or "",
                pages=tuple(tuple(page) for page in json.loads(row["pages"] or "[]")),
                citations=tuple(Quoted(each["number"], each["quote"], _place(each)) for each in citations),
                further=tuple(_place(each) for each in further),
                depth=self._depth(row["id"]),
            )

    def _depth(self, row: int) -> int:
        """How many exchanges the exchange goes on from."""
        return int(
            self._db.execute(
                "WITH RECURSIVE chain(id) AS (SELECT follows FROM exchanges WHERE id = ? UNION"
                " SELECT e.follows FROM exchanges e JOIN chain c ON e.id = c.id)"
                " SELECT count(id) FROM chain",
                [row],
            ).fetchone()[0]
        )

    def _migrate(self) -> None:
        known = {migration.name for migration in migrations.pending(Database(memory=True))}
        later = [migration.name for migration in migrations.applied(self._db) if migration.name not in known]
        if later:
            raise JournalVersionError(
                f"was written by a later version of Newsdesk ({later[-1]})",
                subject=self._path,
                remedy="update Newsdesk, or restore the file from before the update",
            )
        if migrations.pending(self._db):
            migrations.apply(self._db)

    @contextmanager
    def _readable_errors(self) -> Iterator[None]:
        """Turn what the file or the disk does into errors people can read; wrong SQL is a bug and passes through."""
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            if isinstance(error, (sqlite3.ProgrammingError, sqlite3.IntegrityError)):
                raise
            raise self._error(error) from error

    def _error(self, error: Exception) -> JournalError:
        return JournalError(str(error), subject=self._path, remedy="check the disk's space and the file's permissions")


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["article"], row["revision"], row["passage"], row["start"], row["end"])
