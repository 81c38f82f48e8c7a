"""What is kept about a member, and how it is forgotten: at the member's wish, by time, with a deleted message.

A part of ``bot.journal``; ``bot.journal_members`` says which tables there are. Deletions are also written to
``deletions.jsonl`` beside the journal, under a hash of the member's key: whatever the journal is when it is opened, an
older one from a backup say, it follows that file first.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.journal_corrections import forget
from bot.journal_members import HOLDINGS, QUESTIONS

log = logging.getLogger(__name__)

FILE = "deletions.jsonl"
BATCH = 500
"""Rows forgotten in one transaction: some milliseconds, so that no question waits for it."""
REMEMBERED = 10_000
"""Deleted messages remembered, because an answer in flight is written after the deletion."""

_KNOWN = "(question IS NOT NULL OR member IS NOT NULL)"
"""Rows that still hold a member's words or key; the condition of an index, see m020."""


_IDS = frozenset({"guild", "channel", "question_message", "reply_message"})
"""Columns with Discord's ids, which are too long for the numbers of JSON."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept about a member.

    Attributes:
        oldest: when the oldest of the questions was asked; None without any.
        reasons: verdicts with a reason in the member's words.
        rows: how many rows beside the questions, by the name of the holding (``bot.journal_members``).
    """

    questions: int
    oldest: datetime | None
    reasons: int
    rows: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        """Whether nothing is kept."""
        return not (self.questions or any(self.rows.values()))


class Privacy:
    """Shows and forgets; made by the journal it belongs to and used on its thread.

    Args:
        errors: turns what the file or the disk does into a JournalError.
        journal: the journal's file.

    Attributes:
        settled: False while what was forgotten may still stand in SQLite's log beside the file, see ``settle``.
    """

    def __init__(self, db: Database, errors: Callable[[], AbstractContextManager[None]], journal: Path) -> None:
        self._db = db
        self._errors = errors
        self._file = journal.with_name(FILE)
        self._deleted: dict[str, str] = {}
        self._messages: OrderedDict[int, None] = OrderedDict()
        self.settled = True

    def kept(self, member: str) -> Kept:
        """How much is kept under a member's key."""
        with self._errors():
            asked = f"FROM {QUESTIONS} WHERE member = ? AND act"
            questions, oldest = self._one(f"SELECT count(*), min(asked) {asked} IS NULL", member)
            (shown,) = self._one(f"SELECT count(*) {asked} IS NOT NULL", member)
            (reasons,) = self._one("SELECT count(*) FROM verdicts WHERE member = ? AND reason != ''", member)
            rows = {
                each.name: int(self._one(f"SELECT count(*) FROM {each.table} WHERE member = ?", member)[0])
                for each in HOLDINGS
            } | {"shown": shown}
        return Kept(questions, datetime.fromisoformat(oldest) if oldest else None, reasons, rows)

    def everything(self, member: str) -> dict[str, Any]:
        """All that is kept under a member's key, oldest first, fit for JSON; Discord's ids as text.

        Whole rows, so that a column that is added later is among them.
        """
        with self._errors():
            questions = [self._question(row) for row in self._rows(QUESTIONS, member, "asked, id")]
            others = {
                each.name: [_shown(row) for row in self._rows(each.table, member, f"{each.moment}, rowid")]
                for each in HOLDINGS
            }
        return {"key": member, "questions": questions, **others}

    def delete(self, member: str, *, now: datetime) -> Kept:
        """Delete everything about a member, and return how much that was.

        Of their questions stay: the day, the guild and its channel, the figures of the answer, and the quotes of
        articles. Nothing of that leads back to the member or to a message in Discord.

        Raises:
            JournalError: ``deletions.jsonl`` or the journal cannot be written; to be tried again.
        """
        mark, at = _mark(member), now.astimezone(UTC).isoformat(timespec="microseconds")
        with self._errors():
            found = self.kept(member)
            self._note(mark, at)
            self._erase(member, at)
        self.settle()
        return found

    def replay(self) -> None:
        """Follow the deletions of the file beside the journal, which may be older than they are.

        Raises:
            JournalError: the file cannot be read; a line that is none is told in the log and left out.
        """
        with self._errors():
            self._deleted = dict(self._remembered())
            if not self._deleted:
                return
            for member in self._members():
                if at := self._deleted.get(_mark(member)):
                    self._erase(member, at)

    def settle(self) -> None:
        """Empty SQLite's log, where older states of the rows may stand; another reader can hold that up."""
        with self._errors():
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        self.settled = not busy

    def written(self, row: int, member: str | None, asked: str, message: int | None) -> None:
        """Forget at once what was deleted while its answer was on the way; belongs to the transaction of the row."""
        if message in self._messages:
            self._forget_words([row])
        if member and self._deleted and asked <= self._deleted.get(_mark(member), ""):
            self._erase(member, self._deleted[_mark(member)])

    def forget_messages(self, messages: Collection[int]) -> int:
        """Forget the words of the questions that stood in these messages; returns how many there were.

        A question that was asked by a command or in a form stands in the reply alone.
        """
        for message in messages:
            self._messages[message] = None
            if len(self._messages) > REMEMBERED:
                self._messages.popitem(last=False)
        given = "IN (SELECT value FROM json_each(?1))"
        condition = f"(question_message {given} OR (question_message IS NULL AND reply_message {given}))"
        return self._forget_where(condition, json.dumps(list(messages)))

    def forget_channels(self, channels: Collection[int]) -> int:
        """Forget the words of the questions that were asked in these channels; returns how many there were."""
        return self._forget_where("channel IN (SELECT value FROM json_each(?))", json.dumps(list(channels)))

    def forget_before(self, cutoff: datetime, limit: int = BATCH) -> int:
        """Forget words and keys of members older than ``cutoff``, of ``limit`` rows a table; returns how many it were.

        The figures and the quotes stay, and where the reply in a guild is, so that it can be corrected.
        """
        before = cutoff.astimezone(UTC).isoformat(timespec="microseconds")
        with self._errors(), self._db.atomic():
            rows = self._ids(f"asked <= ? AND {_KNOWN} ORDER BY asked LIMIT ?", before, limit)
            self._forget_words(rows)
            self._db.execute(
                "UPDATE exchanges SET member = NULL, question_message = NULL, request = '',"
                " channel = CASE WHEN guild IS NULL THEN NULL ELSE channel END"
                " WHERE id IN (SELECT value FROM json_each(?))",
                [json.dumps(rows)],
            )
            changed = len(rows)
            for each in HOLDINGS:
                if each.aged is not None:
                    due = f"SELECT rowid FROM {each.table} WHERE member IS NOT NULL AND {each.moment} <= ? LIMIT ?"
                    changed += self._change(each.table, each.aged, f"rowid IN ({due})", before, limit)
        if changed:
            self.settled = False
        return changed

    def _erase(self, member: str, at: str) -> None:
        """Remove all about a member up to a time."""
        with self._db.atomic():
            rows = self._ids("member = ? AND asked <= ?", member, at)
            given = json.dumps(rows)
            self._forget_echoes(given)
            self._db.execute(
                "UPDATE exchanges SET member = NULL, question = NULL, understood = NULL, reply = NULL, pages = NULL,"
                " question_message = NULL, reply_message = NULL, ticket = NULL, follows = NULL, request = '',"
                " argument = NULL,"
                " locale = NULL, asked = substr(asked, 1, 10) || 'T00:00:00.000+00:00',"
                " channel = CASE WHEN guild IS NULL OR private THEN NULL ELSE channel END"
                " WHERE id IN (SELECT value FROM json_each(?))",
                [given],
            )
            self._db.execute("DELETE FROM further WHERE exchange IN (SELECT value FROM json_each(?))", [given])
            forget(self._db, given)
            for each in HOLDINGS:
                self._change(each.table, each.erased, f"member = ? AND {each.moment} <= ?", member, at)
        self.settled = False

    def _forget_echoes(self, rows: str) -> None:
        """Take what others' follow-ups were understood as: it repeats words of the questions that they went on from."""
        echoes = self._db.execute(
            "WITH RECURSIVE later(id) AS (SELECT id FROM exchanges WHERE follows IN (SELECT value FROM json_each(?))"
            " UNION SELECT e.id FROM exchanges e JOIN later l ON e.follows = l.id)"
            " SELECT e.id, e.reply, e.pages FROM exchanges e JOIN later l ON l.id = e.id"
            " WHERE e.understood IS NOT NULL",
            [rows],
        ).fetchall()
        for row, reply, pages in echoes:
            head = _head(reply)[1:]
            self._db.execute(
                "UPDATE exchanges SET understood = NULL, reply = ?, pages = ? WHERE id = ?",
                [without(reply, head), without_in_pages(pages, head), row],
            )

    def _forget_where(self, condition: str, value: str) -> int:
        with self._errors(), self._db.atomic():
            rows = self._ids(f"{condition} AND question IS NOT NULL", value)
            self._forget_words(rows)
        if rows:
            self.settle()
        return len(rows)

    def _forget_words(self, rows: Iterable[int]) -> None:
        """Take the question, and where the reply repeats it."""
        for row in rows:
            known, reply, pages = self._one(
                "SELECT question IS NOT NULL, reply, pages FROM exchanges WHERE id = ?", row
            )
            if not known:
                continue
            self._forget_echoes(json.dumps([row]))
            head = _head(reply)
            self._db.execute(
                "UPDATE exchanges SET question = NULL, understood = NULL, reply = ?, pages = ? WHERE id = ?",
                [without(reply, head), without_in_pages(pages, head), row],
            )

    def _note(self, mark: str, at: str) -> None:
        """Add a deletion to the file, to the disk before this returns."""
        handle = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            whole = not size or os.pread(file.fileno(), 1, size - 1) == b"\n"  # a line cut short stays one of its own
            file.write(b"" if whole else b"\n")
            file.write(json.dumps({"member": mark, "at": at}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._deleted[mark] = at

    def _remembered(self) -> Iterator[tuple[str, str]]:
        """Mark and time of each deletion in the file, oldest first."""
        if not self._file.exists():
            return
        for number, line in enumerate(self._file.read_bytes().splitlines(), 1):
            try:
                raw = json.loads(line)
                yield str(raw["member"]), str(raw["at"])
            except (ValueError, KeyError, TypeError):
                log.error("%s: line %d is no deletion, and is left out", self._file, number)

    def _members(self) -> set[str]:
        """The keys that the journal holds."""
        tables = " UNION ".join(f"SELECT member FROM {each}" for each in (QUESTIONS, *(h.table for h in HOLDINGS)))
        return {str(row[0]) for row in self._db.execute(tables).fetchall() if row[0] is not None}

    def _question(self, row: dict[str, Any]) -> dict[str, Any]:
        quotes, differing = (
            [quote for (quote,) in self._db.execute(f"{read} WHERE exchange = ? ORDER BY number", [row["id"]])]
            for read in ("SELECT quote FROM citations", "SELECT quote FROM disputes")
        )
        parsed = {name: json.loads(row[name] or "null") for name in ("stages", "pages")}
        booleans = {name: bool(row[name]) for name in ("private", "answered")}
        changed = self._db.execute(
            "SELECT number, kind, words, note, since, confirmed FROM corrections WHERE exchange = ? ORDER BY number",
            [row["id"]],
        ).fetchall()
        names = ("number", "kind", "words", "note", "since", "confirmed")
        corrections = [dict(zip(names, each, strict=True)) for each in changed]
        found = {"quotes": quotes, "differing": differing, "corrections": corrections}
        return {**_shown(row), **parsed, **booleans, **found}

    def _change(self, table: str, values: Mapping[str, Any] | None, condition: str, *bound: Any) -> int:
        """Set columns of the rows that meet a condition, or delete those rows; returns how many they were."""
        if values is None:
            return int(self._db.execute(f"DELETE FROM {table} WHERE {condition}", list(bound)).rowcount)
        columns = ", ".join(f"{column} = ?" for column in values)
        done = self._db.execute(f"UPDATE {table} SET {columns} WHERE {condition}", [*values.values(), *bound])
        return int(done.rowcount)

    def _rows(self, table: str, member: str, order: str) -> list[dict[str, Any]]:
        return list(self._db.table(table).rows_where("member = ?", [member], order_by=order))

    def _ids(self, condition: str, *values: Any) -> list[int]:
        found = self._db.execute(f"SELECT id FROM exchanges WHERE {condition}", list(values)).fetchall()
        return [int(row[0]) for row in found]

    def _one(self, query: str, *values: Any) -> tuple[Any, ...]:
        return tuple(self._db.execute(query, list(values)).fetchone())


def without(text: str | None, head: Collection[str]) -> str | None:
    """``text`` without the lines ``head``, which a reply of several pages repeats on each."""
    return text and "\n".join(line for line in text.split("\n") if line not in head)


def without_in_pages(pages: str | None, head: Collection[str]) -> str | None:
    """The same for the pages of a reply, as the journal keeps them."""
    if not pages:
        return pages
    stripped = [[without(block, head) for block in page] for page in json.loads(pages)]
    return json.dumps([[block for block in page if block] for page in stripped])


def _head(reply: str | None) -> list[str]:
    """The small print at the top of a reply: the question, what it was understood as, remarks on its words."""
    return list(takewhile(lambda line: line.startswith("-# "), (reply or "").split("\n")))


def _mark(member: str) -> str:
    """What stands for a member's key in the file: enough to know the key again, and not the key."""
    return hashlib.sha256(f"deleted:{member}".encode()).hexdigest()


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for its member: without the key, which stands above all of them, and what is sealed as a sentence."""
    return {name: _fit(name, value) for name, value in row.items() if name != "member"}


def _fit(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return "encrypted: your id in Discord, and where to reach you"
    return str(value) if name in _IDS and value is not None else value
