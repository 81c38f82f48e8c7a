"""Looks after each ingest what became of the quotes that were given, on a thread of its own."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from bot.journal import Journal
from bot.rereading import Look, Rereading, summary
from bot.settings import Settings
from bot.worker import Worker
from corpus.errors import NewsdeskError
from corpus.store import Store
from index.published import is_reindexing

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


class Lookout:
    """Holds a store and a journal of its own, so that no question waits while texts are compared.

    Args:
        seconds: between two looks; one that finds nothing new costs a row.
    """

    def __init__(self, settings: Settings, *, seconds: float = LOOK_SECONDS) -> None:
        self._settings = settings
        self._seconds = seconds
        self._store: Store | None = None
        self._journal: Journal | None = None
        self._complaint = ""
        self._waiting = ""
        self._stopped = False

    async def run(self) -> None:
        """Go round until cancelled."""
        worker = Worker()
        try:
            while True:
                try:
                    await worker.keep(self.once)
                    self._complaint = ""
                except NewsdeskError as error:
                    if str(error) != self._complaint:  # one line for one state of affairs
                        log.error("changed articles are not compared yet: %s", error)
                    self._complaint = str(error)
                    await worker.keep(self._close)
                except Exception:  # a bug here must not end corrections for good
                    log.exception("changed articles are not compared yet")
                    await worker.keep(self._close)
                await asyncio.sleep(self._seconds)
        finally:
            self._stopped = True
            await worker.keep(self._close)
            await worker.stop()

    def once(self) -> Look:
        """One look; while a reindex is at work none, so that all that changed at once is seen at once.

        Raises:
            NewsdeskError: the store or the journal cannot be used.
        """
        settings = self._settings
        if not settings.corpus_db.exists() or is_reindexing(settings.index_dir):
            return Look()
        if self._store is None:
            self._store = Store(settings.corpus_db, readonly=True)
        if self._journal is None:
            self._journal = Journal(settings.journal_db)
        found = Rereading(self._store, self._journal).look(datetime.now(UTC), lambda: self._stopped)
        if found.quotes:
            log.info("%d articles changed, %d quotes compared, %d answers to correct", *_counts(found))
            waiting = summary(self._journal.corrections.waiting())
            if waiting and waiting != self._waiting:
                log.warning(
                    "so much changed at once that corrections wait for you: %s; see scripts/corrections.py", waiting
                )
            self._waiting = waiting
        return found

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
        if self._journal is not None:
            self._journal.close()
        self._store = self._journal = None


def _counts(found: Look) -> tuple[int, int, int]:
    return found.articles, found.quotes, found.answers
