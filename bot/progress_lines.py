"""Progress and outcome of a reindex as JSON lines, from its process to whoever started it.

A line is ``{"stage": …, "done": …, "total": …}`` or, at the end, ``{"outcome": {…}}``. Every other line is for people.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TextIO

from corpus.progress import Progress
from corpus.records import SourceReport

PAUSE = 0.2
"""Seconds between two lines of a stage; its first and its last line are always told."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a stage is; ``total`` is None while it is not known."""

    stage: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a reindex did: counts of articles, and the index it left.

    Attributes:
        failed: documents that could not be read.
        published: False where nothing changed and the index stayed.
    """

    new: int
    changed: int
    unchanged: int
    withdrawn: int
    failed: int
    passages: int
    articles: int
    published: bool


def result(reports: Sequence[SourceReport], *, passages: int, articles: int, published: bool) -> Result:
    """The sum of the reports, and of the index."""
    return Result(
        sum(report.new for report in reports),
        sum(report.changed for report in reports),
        sum(report.unchanged for report in reports),
        sum(report.withdrawn for report in reports),
        sum(len(report.failures) for report in reports),
        passages,
        articles,
        published,
    )


def telling(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """A `corpus.progress.Progress` that writes a line now and then."""
    told: dict[str, float] = {}

    def report(stage: str, done: int, total: int | None) -> None:
        now = clock()
        if done and done != total and now - told.get(stage, -PAUSE) < PAUSE:
            return
        told[stage] = now
        _write(stream, asdict(Step(stage, done, total)))

    return report


def tell(stream: TextIO, outcome: Result) -> None:
    """Write the last line."""
    _write(stream, {"outcome": asdict(outcome)})


def heard(line: str) -> Step | Result | None:
    """What a line says; None for one that is meant for people."""
    try:
        said = json.loads(line)
        return Result(**said["outcome"]) if "outcome" in said else Step(**said)
    except (ValueError, TypeError, KeyError):
        return None


def _write(stream: TextIO, what: object) -> None:
    stream.write(json.dumps(what) + "\n")
    stream.flush()
