"""What the worker thread owns: the newsroom that answers, the journal that remembers."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from bot.journal import Exchange, Journal, JournalError
from bot.records import Answer
from corpus.errors import NewsdeskError
from index.records import Query

log = logging.getLogger(__name__)

KEPT = 1000
"""Exchanges held in memory while the journal cannot be written."""
RETRY_SECONDS = 10.0
"""Pause before a newsroom that could not be opened is opened again; loading the model is dear."""


class Newsroom(Protocol):
    """What answers questions; ``bot.answer.Newsroom`` is one."""

    def ask(self, query: Query) -> Answer:
        """Answer one question."""
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
        open_journal: may raise JournalError; exchanges wait in memory until it works.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        open_newsroom: Callable[[], Newsroom],
        open_journal: Callable[[], Journal],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_newsroom = open_newsroom
        self._open_journal = open_journal
        self._clock = clock
        self._newsroom: Newsroom | None = None
        self._failure: NewsdeskError | None = None
        self._retry_at = 0.0
        self._journal: Journal | None = None
        self._unwritten: deque[Exchange] = deque(maxlen=KEPT)

    @property
    def unwritten(self) -> int:
        """Exchanges that wait for the journal."""
        return len(self._unwritten)

    def ask(self, query: Query) -> Answer:
        """Answer one question.

        Raises:
            NewsdeskError: why there is no newsroom, or whatever the newsroom raises.
        """
        if self._newsroom is None:
            self._try_newsroom()
        if self._newsroom is None:
            assert self._failure is not None  # noqa: S101  # _try_newsroom leaves one of the two
            raise self._failure
        return self._newsroom.ask(query)

    def record(self, exchange: Exchange) -> None:
        """Write an exchange, or keep it in memory until the journal can be written again."""
        if len(self._unwritten) == KEPT:
            log.error("journal: %d exchanges wait already, the oldest is lost", KEPT)
        self._unwritten.append(exchange)
        # With others waiting the journal failed a moment ago. Answers must not stand behind its timeout each time.
        if len(self._unwritten) == 1:
            self._write()

    def refresh(self) -> None:
        """To be called every few seconds: take over a new index, open what could not be opened, write what waits."""
        if self._newsroom is None:
            self._try_newsroom()
        else:
            try:
                self._newsroom.refresh()
            except NewsdeskError as error:
                log.error("the index in use stays: %s", error)
        self._write()

    def close(self) -> None:
        """Write what waits and give everything back."""
        self._write()
        if self._unwritten:
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
            log.info("ready to answer")

    def _write(self) -> None:
        """Write the exchanges that wait, oldest first, as far as the journal takes them."""
        while self._unwritten:
            exchange = self._unwritten.popleft()
            try:
                if self._journal is None:
                    self._journal = self._open_journal()
                self._journal.record(exchange)
            except JournalError as error:
                self._unwritten.appendleft(exchange)
                log.error("journal: %d exchanges wait in memory: %s", len(self._unwritten), error)
                return
