"""How much one member or one guild may ask and press, so that nobody waits behind another. Knows no Discord."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, and then ``per_minute``."""

    burst: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class Wait:
    """How long until a question may be asked.

    Attributes:
        seconds: whole ones, 1 or more.
        everybody: it is the guild that asked too much, and not the member.
    """

    seconds: int
    everybody: bool


MEMBER = Rate(burst=10, per_minute=10)
"""A person reads an answer for longer than six seconds; more than that is a script or a stuck key."""
GUILD = Rate(burst=600, per_minute=900)
"""The worker answers some 1,200 questions a minute: a raid on one guild leaves room for the others."""
MEMBER_ACTS = Rate(burst=30, per_minute=60)
"""Commands, buttons and menus of all kinds: who turns pages reads them; a question counts as one as well."""
GUILD_ACTS = Rate(burst=900, per_minute=2400)
"""They cost the worker a tenth of a question."""
TYPING = Rate(burst=60, per_minute=240)
"""Suggestions while a member types; Discord asks for them a few times a second."""
TOLD = Rate(burst=1, per_minute=2)
"""Whoever floods a channel is told so once, and not once a message."""
REMEMBERED = 50_000
"""Members and guilds whose buckets are remembered; one forgotten starts afresh with a full one."""
GUILD_SLOTS = 50
"""Questions of one guild that may stand in the worker's queue, a quarter of it; the guild's others wait before it."""


class Buckets:
    """A token bucket for each key (J. S. Turner's leaky bucket as a meter, 1986).

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def wait(self, key: Hashable) -> float:
        """Seconds until ``key`` may take another token; 0 when it may now. Takes none."""
        level = self._level(key)
        return 0.0 if level >= 1 else (1 - level) * 60 / self._rate.per_minute

    def take(self, key: Hashable) -> None:
        """Take a token of ``key``; to be called when ``wait`` is 0."""
        self._levels[key] = (self._level(key) - 1, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > REMEMBERED:
            self._levels.popitem(last=False)

    def _level(self, key: Hashable) -> float:
        level, at = self._levels.get(key, (float(self._rate.burst), self._clock()))
        return min(float(self._rate.burst), level + (self._clock() - at) * self._rate.per_minute / 60)


class Limits:
    """The limits of members and guilds together, and their turns at the worker.

    Members go by whatever key the caller gives; nothing of it is written anywhere.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, member: Rate = MEMBER, guild: Rate = GUILD, clock: Callable[[], float] = time.monotonic) -> None:
        self._questions = Buckets(member, clock), Buckets(guild, clock)
        self._acts = Buckets(MEMBER_ACTS, clock), Buckets(GUILD_ACTS, clock)
        self._typing = Buckets(TYPING, clock)
        self._told = Buckets(TOLD, clock)
        self._queues: dict[Hashable, _Queue] = {}

    def tell(self, member: int) -> bool:
        """Whether to tell a member now, in a channel, why there is no answer; silence where they were told just now."""
        if self._told.wait(member) > 0:
            return False
        self._told.take(member)
        return True

    def take(self, member: int, guild: int | None) -> Wait | None:
        """Let a question in and return None, or return how long the longer of both waits is."""
        return _take(*self._questions, member, guild)

    def act(self, member: int, guild: int | None) -> Wait | None:
        """The same for a command, the press of a button, a pick in a menu, or a form."""
        return _take(*self._acts, member, guild)

    def typed(self, member: int) -> bool:
        """Whether something is suggested to a member who types."""
        if self._typing.wait(member) > 0:
            return False
        self._typing.take(member)
        return True

    @asynccontextmanager
    async def turn(self, member: int, guild: int | None) -> AsyncIterator[None]:
        """Wait for the turn of a question that was let in: one at a time for a member, ``GUILD_SLOTS`` for a guild."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._queued(("member", member), 1))
            if guild is not None:
                await stack.enter_async_context(self._queued(("guild", guild), GUILD_SLOTS))
            yield

    @asynccontextmanager
    async def _queued(self, key: Hashable, slots: int) -> AsyncIterator[None]:
        queue = self._queues.setdefault(key, _Queue(asyncio.Semaphore(slots)))
        queue.users += 1
        try:
            async with queue.slots:
                yield
        finally:
            queue.users -= 1
            if not queue.users:
                self._queues.pop(key, None)


def _take(members: Buckets, guilds: Buckets, member: int, guild: int | None) -> Wait | None:
    """Take a token of both, or of none and say how long the longer wait is."""
    own = members.wait(member)
    all_of_them = guilds.wait(guild) if guild is not None else 0.0
    if max(own, all_of_them) > 0:
        return Wait(max(1, math.ceil(max(own, all_of_them))), everybody=all_of_them > own)
    members.take(member)
    if guild is not None:
        guilds.take(guild)
    return None


@dataclass(slots=True)
class _Queue:
    slots: asyncio.Semaphore
    users: int = 0
