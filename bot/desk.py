"""What the worker thread owns: the newsroom that answers, the journal that remembers."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.conversation import Turn, Understood, understand
from bot.correcting import Kind, Standing
from bot.journal import Entry, Exchange, Journal, JournalError, Logged, Shown, entry_of
from bot.journal_privacy import Privacy
from bot.records import Answer, Citation, Dispute, Excerpt, Place, Still
from bot.referents import names
from bot.spool import Spool
from corpus.errors import NewsdeskError
from index.records import Query

log = logging.getLogger(__name__)

KEPT = 1000
"""Exchanges held in memory while the journal cannot be written."""
RETRY_SECONDS = 10.0
"""Pause before a newsroom that could not be opened is opened again; loading the model is dear."""

ASKED_ROWS = 5000
"""Latest questions of a guild among which those that are asked often are looked for."""
ASKED_SECONDS = 30.0
"""How long they are remembered between two reads of the log."""


class Newsroom(Protocol):
    """What answers questions; ``bot.answer.Newsroom`` is one."""

    def ask(self, query: Query, threshold: float | None = None) -> Answer:
        """Answer one question; ``threshold`` in place of the newsroom's own."""
        ...

    def sources(self) -> tuple[str, ...]:
        """Names of the sources that may be quoted."""
        ...

    def context(self, place: Place) -> Excerpt | None:
        """The words around a quote; None where it may not be quoted any more."""
        ...

    def quoted(self, places: Iterable[Place]) -> list[Citation]:
        """Citations of those places whose words may still be quoted."""
        ...

    def newest(self) -> int:
        """The highest row id of a passage that is searched."""
        ...

    def news(
        self, query: Query, after: int, known: Sequence[Place], made: datetime, threshold: float | None = None
    ) -> list[Place]:
        """What is new on a question that was followed at ``made``, in passages after a row id."""
        ...

    def refresh(self) -> object:
        """Take over a newly published index, where there is one."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class Desk:
    """The newsroom and the journal, opened when first needed and again after a failure. Not safe between threads.

    Args:
        open_newsroom: may raise NewsdeskError; tried again every ten seconds.
        open_journal: may raise JournalError; exchanges wait until it works.
        clock: seconds that only grow.
        spool: keeps what waits on the disk, too; without one it waits in memory alone.
    """

    def __init__(
        self,
        open_newsroom: Callable[[], Newsroom],
        open_journal: Callable[[], Journal],
        clock: Callable[[], float] = time.monotonic,
        spool: Spool | None = None,
    ) -> None:
        self._open_newsroom = open_newsroom
        self._open_journal = open_journal
        self._clock = clock
        self._newsroom: Newsroom | None = None
        self._failure: NewsdeskError | None = None
        self._retry_at = 0.0
        self._journal: Journal | None = None
        self._spool = spool
        self._kept = spool is not None  # there may be something in it, from before
        self._lost = spool is None  # some of what waits is not in it
        self._unwritten: deque[Entry] = deque(maxlen=KEPT)
        self._trouble = ""
        self._sources: tuple[str, ...] = ()
        self._asked: dict[int, tuple[float, list[tuple[str, int, str]]]] = {}

    @property
    def unwritten(self) -> int:
        """Exchanges that wait for the journal."""
        return len(self._unwritten)

    @property
    def ready(self) -> bool:
        """Whether the newsroom is open. May be read on any thread."""
        return self._newsroom is not None

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources that may be quoted, as of the last ``refresh``. May be read on any thread."""
        return self._sources

    def newsroom(self) -> Newsroom:
        """The newsroom, opened if it must be.

        Raises:
            NewsdeskError: why there is none.
        """
        if self._newsroom is None:
            self._try_newsroom()
        if self._newsroom is None:
            assert self._failure is not None  # noqa: S101  # _try_newsroom leaves one of the two
            raise self._failure
        return self._newsroom

    def journal(self) -> Journal:
        """The journal with everything written that waited, opened if it must be.

        Raises:
            JournalError: it cannot be opened, or what waits cannot be written.
        """
        self._write()
        if self._unwritten:
            raise JournalError("cannot be written", subject="journal.db", remedy="see the log lines before")
        return self._opened()

    def ask(self, query: Query, threshold: float | None = None) -> Answer:
        """Answer one question.

        Raises:
            NewsdeskError: why there is no newsroom, or whatever the newsroom raises.
        """
        return self.newsroom().ask(query, threshold)

    def logged(self, ticket: str) -> Logged | None:
        """The exchange whose reply carries a ticket; None where it is not logged any more.

        Raises:
            JournalError: the log cannot be read.
        """
        return self.journal().by_ticket(ticket)

    def previous(
        self, *, ticket: str | None = None, reply: int | None = None, channel: int | None = None
    ) -> Logged | None:
        """The exchange that a question goes on from: that of the reply it answers, else the newest of a channel.

        None also where the log cannot be read: then the question is answered by itself.
        """
        try:
            journal = self.journal()
            found = journal.by_ticket(ticket) if ticket is not None else None
            if found is None and reply is not None:
                found = journal.by_reply(reply)
            return journal.latest_in(channel) if found is None and channel is not None else found
        except JournalError as error:
            log.error("a follow-up is answered by itself: %s", error)
            return None

    def understand(self, question: str, previous: Logged, now: datetime) -> Understood:
        """A question in the light of the exchange it goes on from; itself where that one's words were forgotten.

        Raises:
            NewsdeskError: there is no newsroom.
        """
        if previous.question is None:
            return Understood(question, "", False)
        quotes = tuple(each.quote for each in previous.citations)
        found = self.newsroom().quoted(each.place for each in previous.citations)
        titles = tuple(citation.title for citation in found)
        understood = previous.understood or previous.question
        named = tuple(names((understood, *quotes, *titles)))
        return understand(question, (Turn(previous.question, understood, quotes, titles, named),), now)

    def amended(self, exchange: int) -> tuple[Standing, Still] | None:
        """What an answer should say since its articles changed, with what may still be shown where words of it were
        removed; None where it never had to say otherwise.

        Raises:
            JournalError: the log cannot be read.
        """
        standing = self.journal().corrections.standing(exchange)
        if standing is None:
            return None
        removed = any(each.finding.kind is Kind.REMOVED for each in standing.corrections)
        return standing, self._still(exchange) if removed else Still()

    def _still(self, exchange: int) -> Still:
        """What may still be shown of an answer, by the numbers in it; nothing while nothing can be shown."""
        if self._newsroom is None:
            return Still()
        corrections = self.journal().corrections
        shown: list[Citation] = []
        for number, place in corrections.places(exchange):
            shown += [replace(each, number=number) for each in self._newsroom.quoted([place])]
        differing: list[Dispute] = []
        for number, on, ours, theirs, place in corrections.differing(exchange):
            found = [replace(each, number=number) for each in self._newsroom.quoted([place])]
            differing += [Dispute(on, ours, theirs, each) for each in found]
        return Still(tuple(shown), tuple(differing))

    def asked_in(self, guild: int) -> list[tuple[str, int, str]]:
        """See ``Journal.asked_in``; half a minute old at most, because it is read with every letter a member types.

        Raises:
            JournalError: the log cannot be read.
        """
        now = self._clock()
        read, rows = self._asked.get(guild, (-ASKED_SECONDS, []))
        if now - read >= ASKED_SECONDS:
            rows = self.journal().asked_in(guild, ASKED_ROWS)
            self._asked = {key: value for key, value in self._asked.items() if now - value[0] < ASKED_SECONDS}
            self._asked[guild] = (now, rows)
        return rows

    def privacy(self) -> Privacy:
        """What is kept about members, to be shown or forgotten; nothing of it stays in memory.

        Raises:
            JournalError: the log cannot be used.
        """
        self._asked.clear()
        return self.journal().privacy

    def record(self, logged: Exchange | Shown) -> None:
        """Write an exchange, or keep it until the journal can be written again."""
        entry = entry_of(logged)
        if len(self._unwritten) == KEPT and self._lost:
            log.error("journal: %d exchanges wait already, the oldest is lost", KEPT)
        self._unwritten.append(entry)
        # With others waiting the journal failed a moment ago. Answers must not stand behind its timeout each time.
        if len(self._unwritten) == 1:
            self._write()
        if self._unwritten and self._spool is not None:
            self._kept = True
            self._lost = not self._spool.add(entry) or self._lost

    def refresh(self) -> None:
        """To be called every few seconds: take over a new index, open what could not be opened, write what waits."""
        if self._newsroom is None:
            self._try_newsroom()
        else:
            try:
                self._newsroom.refresh()
            except NewsdeskError as error:
                log.error("the index in use stays: %s", error)
        if self._newsroom is not None:
            self._sources = self._newsroom.sources()
        self._write()

    def close(self) -> None:
        """Write what waits and give everything back."""
        self._write()
        if self._unwritten and not self._lost:
            log.error("journal: %d exchanges wait on the disk for the next start", len(self._unwritten))
        elif self._unwritten:
            log.error("journal: %d exchanges could not be written and are lost", len(self._unwritten))
        if self._journal is not None:
            self._journal.close()
        if self._newsroom is not None:
            self._newsroom.close()

    def _try_newsroom(self) -> None:
        if self._failure is not None and self._clock() < self._retry_at:
            return
        try:
            self._newsroom = self._open_newsroom()
        except NewsdeskError as error:
            if str(error) != str(self._failure):  # one line, not one every few seconds
                log.error("cannot answer yet: %s", error)
            self._failure = error
            self._retry_at = self._clock() + RETRY_SECONDS
        else:
            self._failure = None
            self._sources = self._newsroom.sources()
            log.info("ready to answer")

    def _opened(self) -> Journal:
        """The journal, with what waited for it on the disk."""
        if self._journal is None:
            self._journal = self._open_journal()
        if self._spool is not None and self._kept and not self._unwritten:
            try:
                waiting = self._spool.entries()
            except OSError as error:
                raise JournalError(str(error), subject="what waits for journal.db") from error
            if waiting:
                self._journal.recover(waiting)
                log.info("journal: %d exchanges that had waited on the disk are written", len(waiting))
            self._spool.clear()
            self._kept = self._lost = False
        return self._journal

    def _write(self) -> None:
        """Write the exchanges that wait, oldest first, as far as the journal takes them."""
        while self._unwritten:
            entry = self._unwritten.popleft()
            try:
                if self._journal is None:
                    self._journal = self._open_journal()
                self._journal.write(entry)
                self._opened()
            except JournalError as error:
                self._unwritten.appendleft(entry)
                trouble = f"journal: {len(self._unwritten)} exchanges wait: {error}"
                if trouble != self._trouble:  # one line, not one every few seconds
                    log.error("%s", trouble)
                self._trouble = trouble
                return
            self._trouble = ""
