"""Retention, enforced by the bot itself: at the start and daily, in batches, so that no question waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.desk import Desk
from bot.guilds import GuildSettings
from bot.journal_guilds import GuildBook
from bot.rounds import go_round
from bot.worker import Worker
from corpus.errors import NewsdeskError

log = logging.getLogger(__name__)

T = TypeVar("T")

DAY_SECONDS = 24 * 3600.0
RETRY_SECONDS = 600.0


class Upkeep:
    """Forgets what is older than the retention time.

    Args:
        book: the guilds' settings in memory, from which those of guilds that were left long ago go, too.
        days: how long words and keys of members are kept.
        joined: ids of the guilds that the bot is in; None while that is not known.
        clock: the time.
        pause: waits a number of seconds.
    """

    def __init__(
        self,
        worker: Worker,
        desk: Desk,
        book: GuildBook,
        days: int,
        joined: Callable[[], Collection[int] | None] = lambda: None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._worker = worker
        self._desk = desk
        self._book = book
        self._days = days
        self._joined = joined
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Go round until cancelled."""

        async def once() -> float:
            return DAY_SECONDS if await self.once(self._clock()) else RETRY_SECONDS

        trouble = f"what is older than {self._days} days is not forgotten yet"
        await go_round(once, trouble, RETRY_SECONDS, log, self._pause)

    async def once(self, now: datetime) -> bool:
        """Forget what is due; False where older states of it may still stand in SQLite's log.

        Raises:
            NewsdeskError: the journal cannot be used.
        """
        cutoff = now - timedelta(days=self._days)
        total = 0
        while count := await self._call(lambda: self._desk.privacy().forget_before(cutoff)):
            total += count
        await self._call(lambda: self._desk.journal().recipients.forget_before(now))
        await self._call(lambda: self._desk.journal().follows.forget_before(now))
        await self.compare_guilds()
        for guild in await self._call(lambda: self._desk.journal().departures.forget_before(cutoff)):
            self._book.put(guild, GuildSettings())
            log.info("forgot the settings of guild %d, which the bot left %d days ago", guild, self._days)
        if total:
            log.info("forgot words and keys in %d rows older than %d days", total, self._days)
        return await self._call(self._settled)

    async def compare_guilds(self) -> None:
        """Note the guilds that were left, and those joined again, while the bot was not connected."""
        joined, now = self._joined(), self._clock()
        if joined is None:
            return
        try:
            await self._worker.keep(lambda: self._desk.journal().departures.compare(joined, now=now))
        except NewsdeskError as error:
            log.error("guilds that were left could not be noted: %s", error)

    async def _call(self, call: Callable[[], T]) -> T:
        return await self._worker.keep(call)

    def _settled(self) -> bool:
        privacy = self._desk.privacy()
        if not privacy.settled:
            privacy.settle()
        return privacy.settled
