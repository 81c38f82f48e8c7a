"""bot.limits: how much a member and a guild may ask, and whose turn it is."""

from __future__ import annotations

import asyncio

from bot.limits import GUILD_SLOTS, Buckets, Limits, Rate, Wait


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_lets_a_burst_in_and_fills_up_again() -> None:
    """Two at once, then one every ten seconds, never more than two saved up."""
    clock = Clock()
    buckets = Buckets(Rate(burst=2, per_minute=6), clock)
    for wait in (0.0, 0.0):
        assert buckets.wait("a") == wait
        buckets.take("a")
    assert buckets.wait("a") == 10.0
    assert buckets.wait("b") == 0.0
    clock.now += 4
    assert buckets.wait("a") == 6.0
    clock.now += 3600
    buckets.take("a")
    buckets.take("a")
    assert buckets.wait("a") == 10.0


def test_the_longer_wait_is_told_in_whole_seconds_and_costs_nothing() -> None:
    """A guild that is full keeps a member out, who may ask in another at once."""
    clock = Clock()
    limits = Limits(member=Rate(3, 20), guild=Rate(1, 7), clock=clock)
    assert limits.take(1, 9) is None
    assert limits.take(2, 9) == Wait(9, everybody=True)  # 60 / 7, rounded up
    assert limits.take(2, None) is None
    assert limits.take(2, 8) is None
    assert limits.take(2, None) is None
    assert limits.take(2, None) == Wait(3, everybody=False)
    clock.now += 2.5
    assert limits.take(2, None) == Wait(1, everybody=False)


def test_the_shipped_limits_let_a_hundred_members_ask_a_thousand_questions_a_minute() -> None:
    """In one guild, evenly; the eleventh of one member at once has to wait six seconds."""
    clock = Clock()
    limits = Limits(clock=clock)
    for number in range(1000):
        assert limits.take(number % 100, 1) is None
        clock.now += 0.06
    for _ in range(10):
        assert limits.take(500, 1) is None
    assert limits.take(500, 1) == Wait(6, everybody=False)


def test_presses_have_limits_of_their_own() -> None:
    """Thirty at once and one a second for a member, fifteen times as many and forty a second for a guild."""
    clock = Clock()
    limits = Limits(clock=clock)
    for _ in range(30):
        assert limits.act(1, 9) is None
    assert limits.act(1, 9) == Wait(1, everybody=False)
    assert limits.take(1, 9) is None
    for number in range(870):
        assert limits.act(100 + number, 9) is None
    assert limits.act(2, 9) == Wait(1, everybody=True)
    assert limits.act(2, 8) is None
    clock.now += 1
    assert limits.act(1, 9) is None


def test_a_member_types_sixty_letters_at_once_and_four_a_second() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    assert [limits.typed(1) for _ in range(61)] == [True] * 60 + [False]
    assert limits.typed(2)
    clock.now += 0.25
    assert [limits.typed(1), limits.typed(1)] == [True, False]


def test_a_member_is_told_once_in_half_a_minute() -> None:
    clock = Clock()
    limits = Limits(clock=clock)
    assert [limits.tell(1), limits.tell(1), limits.tell(2)] == [True, False, True]
    clock.now += 30
    assert limits.tell(1)


async def test_a_member_has_one_question_at_the_worker_and_a_guild_fifty() -> None:
    """The others go on meanwhile; nothing is left of a queue that is empty."""
    limits = Limits()
    release = asyncio.Event()
    inside: list[tuple[int, int | None]] = []

    async def ask(member: int, guild: int | None) -> None:
        async with limits.turn(member, guild):
            inside.append((member, guild))
            await release.wait()

    tasks = [asyncio.create_task(ask(1, 7)) for _ in range(3)]
    tasks += [asyncio.create_task(ask(100 + number, 7)) for number in range(60)]
    tasks += [asyncio.create_task(ask(2, 8)), asyncio.create_task(ask(3, None))]
    for _ in range(5):
        await asyncio.sleep(0)
    assert len([each for each in inside if each[1] == 7]) == GUILD_SLOTS
    assert inside.count((1, 7)) == 1
    assert (2, 8) in inside
    assert (3, None) in inside
    release.set()
    await asyncio.gather(*tasks)
    assert len(inside) == 65
    assert limits._queues == {}
