"""journal.db: every question, its reply and the quotes in it. The only file of ``bot`` that knows SQLite.

Privacy shapes the tables. A member is a key made with the installation's secret, never a name or an id. What a
member wrote (``question``) and whose it is (``member``) may be null, so that both can be forgotten while the figures
and the quotes, on which later corrections live, stay.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.records import Answer
from corpus.errors import NewsdeskError

BUSY_MS = 1000
"""How long a write waits for another process, milliseconds. Short, because answers wait behind it."""


class JournalError(NewsdeskError):
    """``journal.db`` cannot be opened, read or written."""


class JournalVersionError(JournalError):
    """``journal.db`` was written by a later version of Newsdesk."""


class Surface(StrEnum):
    """Where a question was asked."""

    SLASH = "slash"
    MENTION = "mention"
    DIRECT = "dm"
    REPLY = "reply"
    CONTEXT = "context"
    TERMINAL = "terminal"


class Installation(StrEnum):
    """Through which installation of the bot: the guild's, the member's own, or a direct conversation."""

    GUILD = "guild"
    USER = "user"
    DIRECT = "dm"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its reply, as they are logged.

    Attributes:
        asked: when, with zone.
        member: the member's key, see ``member_key``; None in the terminal.
        question: the member's words.
        reply: the words of the reply.
        took_ms: from the question's arrival to the delivered reply, milliseconds.
        question_message, reply_message: Discord's ids, None where there is no such message.
        private: only the asker sees the reply; such a reply cannot be edited later.
        request: the id of the log lines.
    """

    asked: datetime
    surface: Surface
    question: str
    reply: str
    answer: Answer
    took_ms: float
    installation: Installation = Installation.NONE
    guild: int | None = None
    channel: int | None = None
    member: str | None = None
    locale: str = ""
    private: bool = False
    question_message: int | None = None
    reply_message: int | None = None
    request: str = ""


def member_key(secret: bytes, user: int) -> str:
    """The key that stands for a member in the log: HMAC-SHA256 (RFC 2104) of the id, 64 hexadecimal digits."""
    return hmac.new(secret, f"member:{user}".encode(), hashlib.sha256).hexdigest()


class Journal:
    """The log. To be used on the thread that opened it.

    Args:
        path: the file, made readable by its owner alone when it is not there.

    Raises:
        JournalVersionError: a later version wrote it.
        JournalError: it cannot be opened or migrated.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise self._error(error) from error
        with self._readable_errors():
            self._db = Database(sqlite3.connect(path, timeout=BUSY_MS / 1000))
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA foreign_keys=ON")
                self._migrate()
            except BaseException:
                self._db.close()
                raise

    def record(self, exchange: Exchange) -> int:
        """Write one exchange with its citations, all or nothing, and return its row id.

        Raises:
            JournalError: the file is locked, the disk is full, …; nothing was written.
        """
        with self._readable_errors(), self._db.atomic():
            row = cast("int", self._db.table("exchanges").insert(_exchange_row(exchange)).last_pk)
            citations = self._db.table("citations")
            citations.insert_all(
                {
                    "exchange": row,
                    "number": citation.number,
                    "article": citation.article,
                    "revision": citation.revision,
                    "passage": citation.passage_id,
                    "start": citation.start,
                    "end": citation.end,
                    "score": citation.score,
                    "quote": citation.quote,
                }
                for citation in exchange.answer.citations
            )
        return row

    def attach_reply(self, exchange: int, message: int) -> None:
        """Note the id of the reply's message, for a reply that was sent after its exchange was written.

        Raises:
            JournalError: as ``record``; ``NotFoundError`` passes through, it is a bug.
        """
        with self._readable_errors():
            self._db.table("exchanges").update(exchange, {"reply_message": message})

    def recent(self, limit: int) -> list[dict[str, Any]]:
        """The newest exchanges first, each a row of ``exchanges`` with its ``citations`` as a list of rows."""
        with self._readable_errors():
            rows = list(self._db.table("exchanges").rows_where(order_by="id desc", limit=limit))
            for row in rows:
                row["stages"] = json.loads(row["stages"])
                row["citations"] = list(
                    self._db.table("citations").rows_where("exchange = ?", [row["id"]], order_by="number")
                )
        return rows

    def close(self) -> None:
        """Close the file."""
        self._db.close()

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
        except sqlite3.DatabaseError as error:
            if isinstance(error, (sqlite3.ProgrammingError, sqlite3.IntegrityError)):
                raise
            raise self._error(error) from error

    def _error(self, error: Exception) -> JournalError:
        return JournalError(str(error), subject=self._path, remedy="check the disk's space and the file's permissions")


def _exchange_row(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    return {
        "asked": exchange.asked.astimezone(UTC).isoformat(timespec="milliseconds"),
        "request": exchange.request,
        "surface": exchange.surface.value,
        "installation": exchange.installation.value,
        "guild": exchange.guild,
        "channel": exchange.channel,
        "private": int(exchange.private),
        "locale": exchange.locale,
        "member": exchange.member,
        "question": exchange.question,
        "question_message": exchange.question_message,
        "reply_message": exchange.reply_message,
        "answered": int(answer.answered),
        "confidence": answer.confidence,
        "match": answer.match.value,
        "reply": exchange.reply,
        "model": answer.model,
        "index_version": answer.index_version,
        "stages": json.dumps(dict(answer.stages)),
        "took_ms": exchange.took_ms,
    }


migrations = Migrations("newsdesk.journal")


@migrations()
def m001_exchanges_and_citations(db: Database) -> None:
    """Questions and replies, and the quotes a reply gave. Articles, revisions and passages are corpus.db's row ids."""
    db.table("exchanges").create(
        {
            "id": int,
            "asked": str,
            "request": str,
            "surface": str,
            "installation": str,
            "guild": int,
            "channel": int,
            "private": int,
            "locale": str,
            "member": str,
            "question": str,
            "question_message": int,
            "reply_message": int,
            "answered": int,
            "confidence": float,
            "match": str,
            "reply": str,
            "model": str,
            "index_version": str,
            "stages": str,
            "took_ms": float,
        },
        pk="id",
        not_null={"asked", "surface", "installation", "private", "answered", "stages"},
    )
    db.table("citations").create(
        {
            "exchange": int,
            "number": int,
            "article": int,
            "revision": int,
            "passage": int,
            "start": int,
            "end": int,
            "score": float,
            "quote": str,
        },
        pk=("exchange", "number"),
        foreign_keys=[("exchange", "exchanges", "id")],
    )
    exchanges, citations = db.table("exchanges"), db.table("citations")
    exchanges.create_index(["guild", "asked"])
    exchanges.create_index(["asked"])
    exchanges.create_index(["member"])
    exchanges.create_index(["reply_message"])
    exchanges.create_index(["question_message"])
    citations.create_index(["article", "revision"])
