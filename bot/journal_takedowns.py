"""How an article that was taken down leaves the log; a part of ``bot.journal``.

The figures of an exchange stay, and where its messages are; the words go, replaced by a neutral notice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from sqlite_utils import Database

from bot.journal_corrections import Corrections

NOTICE = "[removed: the article was taken down]"
LEAST_TITLE = 12  # characters; a shorter title is looked for in no reply, it may be anybody's words

_CITING = (
    "SELECT exchange FROM (SELECT exchange, article FROM citations UNION ALL SELECT exchange, article FROM disputes)"
    " WHERE article = ?"
)


class Takedowns:
    """Removal of quotes; made by the journal it belongs to and used on its thread.

    Args:
        corrections: has the posted replies edited, too.
    """

    def __init__(
        self, db: Database, readable_errors: Callable[[], AbstractContextManager[None]], corrections: Corrections
    ) -> None:
        self._db = db
        self._readable_errors = readable_errors
        self._corrections = corrections

    def remove(self, articles: Collection[int], *, before: str, named: Collection[str] = ()) -> int:
        """Remove the words of articles from everything logged before a time; returns how many quotes there were.

        Args:
            articles: row ids of the store.
            before: ISO 8601 in UTC; a store that was made anew since may use the ids for others.
            named: titles and addresses; replies that hold one go, too, though they quote nothing.
        """
        removed = 0
        with self._readable_errors(), self._db.atomic():
            touched: set[int] = set()
            for article in articles:
                touched |= self._ids(f"asked <= ? AND id IN ({_CITING})", before, article)
                old = f"SELECT id FROM exchanges WHERE asked <= ? AND id IN ({_CITING})"
                self._db.execute(
                    f"UPDATE exchanges SET reply = ?, pages = NULL, understood = NULL WHERE id IN ({old})",
                    [NOTICE, before, article],
                )
                removed += self._db.execute(
                    f"UPDATE citations SET quote = ? WHERE article = ? AND quote != ? AND exchange IN ({old})",
                    [NOTICE, article, NOTICE, before, article],
                ).rowcount
                removed += self._db.execute(
                    "UPDATE disputes SET quote = ?, ours = '', theirs = ''"
                    f" WHERE article = ? AND quote != ? AND exchange IN ({old})",
                    [NOTICE, article, NOTICE, before, article],
                ).rowcount
                self._db.execute(
                    "DELETE FROM further WHERE article = ? AND exchange IN (SELECT id FROM exchanges WHERE asked <= ?)",
                    [article, before],
                )
            for words in named:
                if len(words) >= LEAST_TITLE:
                    holding = "(instr(reply, ?) OR instr(coalesce(pages, ''), ?) OR instr(coalesce(understood, ''), ?))"
                    touched |= self._ids(f"asked <= ? AND {holding}", before, words, words, words)
                    self._db.execute(
                        "UPDATE exchanges SET reply = ?, pages = NULL, understood = NULL"
                        f" WHERE asked <= ? AND {holding}",
                        [NOTICE, before, words, words, words],
                    )
            self._corrections.removed(sorted(touched), articles, now=before)
        return removed

    def _ids(self, condition: str, *values: object) -> set[int]:
        rows = self._db.execute(f"SELECT id FROM exchanges WHERE {condition}", list(values)).fetchall()
        return {int(row[0]) for row in rows}

    def compact(self) -> None:
        """Write the file anew, so that nothing of what was removed is left in it or in its log."""
        with self._readable_errors():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
