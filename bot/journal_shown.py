"""Messages that quote and are no answers, in journal.db: timelines, what was told of followed questions, further
sources, the words around quotes. They are rows of ``exchanges`` with an ``act``, so that what becomes of their quotes
is followed as that of answers is; whatever counts questions leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlite_utils import Database

from bot.journal_entries import Entry, Row

_QUOTED = "number, article, revision, start, end"


class ShownMessages:
    """Made by the journal it belongs to and used on its thread.

    Args:
        errors: turns what the file or the disk does into a JournalError.
        insert: writes the rows of an entry, inside a transaction, and returns its row id.
    """

    def __init__(
        self, db: Database, errors: Callable[[], AbstractContextManager[None]], insert: Callable[[Entry], int]
    ) -> None:
        self._db = db
        self._errors = errors
        self._insert = insert

    def write(self, entry: Entry) -> int:
        """Write a message, and return its row id; part of the transaction of ``Journal.write``.

        What a member was shown already, in private and word for word, is not written again. Where a message now shows
        another page, the quotes of the one before cannot be corrected in it any more and stay in ``/corrections``.
        """
        row = entry.exchange
        if row["private"]:
            before = self._the_same(entry)
            if before is not None:
                return before
        elif row["reply_message"] is not None:
            here, message = "WHERE reply_message = ? AND act IS NOT NULL", [row["reply_message"]]
            found = self._db.execute(f"SELECT question FROM exchanges {here} ORDER BY id DESC", message).fetchone()
            if found is not None:
                self._db.execute(f"UPDATE exchanges SET reply_message = NULL, private = 1 {here}", message)
                entry = Entry({**row, "question": row["question"] or found[0]}, entry.citations)
        return self._insert(entry)

    def _the_same(self, entry: Entry) -> int | None:
        """The row of a private message to the same member with the same quotes; None where there is none."""
        row = entry.exchange
        for (found,) in self._db.execute(
            "SELECT id FROM exchanges WHERE member = ? AND act = ? AND argument = ? AND private = 1 ORDER BY id DESC",
            [row["member"], row["act"], row["argument"]],
        ).fetchall():
            shown = self._db.execute(f"SELECT {_QUOTED} FROM citations WHERE exchange = ?", [found]).fetchall()
            if {tuple(each) for each in shown} == {_place(each) for each in entry.citations}:
                return int(found)
        return None

    def tell(self, claim: int, entry: Entry) -> int:
        """Write what a message about a followed question is going to say, in place of what an attempt before said."""
        with self._errors(), self._db.atomic():
            for (before,) in self._db.execute(
                "SELECT exchange FROM follow_messages WHERE id = ? AND exchange IS NOT NULL", [claim]
            ).fetchall():
                for table in ("corrections", "amendments", "citations"):
                    self._db.execute(f"DELETE FROM {table} WHERE exchange = ?", [before])
                self._db.execute("DELETE FROM exchanges WHERE id = ?", [before])
            row = self._insert(entry)
            self._db.execute("UPDATE follow_messages SET exchange = ? WHERE id = ?", [row, claim])
        return row

    def told(self, claim: int, channel: int, message: int, *, now: datetime) -> None:
        """Note where a message about a followed question stands; what was found out meanwhile is due from now on."""
        with self._errors(), self._db.atomic():
            mine = "(SELECT exchange FROM follow_messages WHERE id = ?)"
            self._db.execute(
                f"UPDATE exchanges SET reply_message = ?, channel = ? WHERE id = {mine} AND member IS NOT NULL",
                [message, channel, claim],
            )
            self._db.execute(
                f"UPDATE amendments SET done = '', state = '', due = ? WHERE exchange = {mine} AND wanted != ''",
                [now.isoformat(timespec="milliseconds"), claim],
            )


def _place(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in _QUOTED.split(", "))
