"""bot.rounds: what goes on beside the answers survives what goes wrong in it."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.rounds import go_round
from corpus.errors import StoreError


async def test_neither_trouble_nor_a_bug_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    """It waits as long as it says, after a failure as long as a failure asks for; what goes on is told once."""
    waited: list[float] = []
    locked = StoreError("is locked", subject="corpus.db")
    outcomes = iter([locked, locked, ZeroDivisionError("oh"), 5.0, locked, 6.0])

    async def once() -> float:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 6:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await go_round(once, "nothing is swept", 60.0, logging.getLogger("bot.sweep"), pause)
    assert waited == [60.0, 60.0, 60.0, 5.0, 60.0, 6.0]
    assert [record.getMessage() for record in caplog.records] == [
        "nothing is swept: corpus.db: is locked",
        "nothing is swept",
        "nothing is swept: corpus.db: is locked",
    ]
    assert "ZeroDivisionError: oh" in caplog.text
