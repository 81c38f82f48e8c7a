"""Kill -9 at any moment: seeded kills of ingesting, building, publishing, answering and logging, told by ``--kills N``.

After each kill, before anything is repaired:

1. every database passes SQLite's integrity and foreign key checks;
2. every revision in the store holds the words of its digest, tiled by passages of their own words;
3. the current index is, whole, either the one before the run or one that equals the store id by id, offset by offset;
4. a question is answered, and each quote is its revision's words at its offsets;
5. each exchange that was acknowledged is in the log, and each exchange in the log has all its citations.

After the next complete run, besides:

6. the lock of the killed run is free;
7. the store says what a store says that was filled from the same files without a kill: no article lost, none stale,
   none there twice, no passage twice;
8. a passage whose words stayed has kept its id;
9. the index equals the store, and nothing is left of builds that were cut short.

Two thirds of the kills come at a counted step (a statement of SQLite, a file opened for writing, made, renamed or
removed), one third at a moment drawn at random. What SIGKILL cannot show is power failing: the order of writes to the
disk is shown by the tests of ``index.published``, and SQLite's is its own promise.
"""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT

SHARES = {"ingest": 60, "build": 50, "publish": 40, "answer": 30, "log": 30}

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def driver() -> Iterator[Ask]:
    """The warm process, with a template of the data folder; in memory where that can be, since nothing loses power."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    with (
        tempfile.TemporaryDirectory(dir=memory) as folder,
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("kill_driver.py"))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(**job: object) -> dict[str, Any]:
            job = {"folder": folder, "seed": 0, "last": 0, "wait": None, **job}
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            assert "error" not in answer, f"{job}: {answer['error']}"
            return answer

        ask(job="template")
        yield ask
        process.stdin.close()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("stage", SHARES)
def test_nothing_is_lost_by_a_kill(driver: Ask, stage: str, pytestconfig: pytest.Config) -> None:
    """The invariants above hold after each kill and after the run that follows."""
    kills = math.ceil(pytestconfig.getoption("kills") * SHARES[stage] / sum(SHARES.values()))
    base = 1 + 1000 * list(SHARES).index(stage)
    whole = driver(job="kill", stage=stage, seed=base)
    assert not whole["killed"]
    assert whole["steps"] > 10
    chance = random.Random(base)
    killed = 0
    for seed in range(base + 1, base + 1000):
        last, wait = 0, None
        if killed % 3 == 2:
            wait = chance.uniform(0, whole["took"])
        else:
            last = chance.randint(1, whole["steps"])
        killed += driver(job="kill", stage=stage, seed=seed, last=last, wait=wait)["killed"]
        if killed == kills:
            break
    assert killed == kills
