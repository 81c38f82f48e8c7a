"""Whether the sources behind an answer were looked at lately; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from corpus.visits import SourceState

LATE = 3
"""After how many intervals without a successful reading a source counts as unchecked: two of them are too late."""
LEAST = timedelta(hours=1)
"""However short the interval, a check of the last hour is fresh."""


def last_checked(states: Mapping[str, SourceState], sources: Iterable[str], now: datetime) -> datetime | None:
    """When the longest unchecked of ``sources`` was last read, if that is overdue; None where all are fresh.

    Folders and files that are read by hand have no interval, and are never overdue.
    """
    overdue = [late for name in sources if name in states and (late := _overdue(states[name], now))]
    return min(overdue, default=None)


def last_of_all(states: Mapping[str, SourceState], sources: Iterable[str], now: datetime) -> datetime | None:
    """When one of ``sources`` was last read, if every single one is overdue: then nobody reads them."""
    known = [states[name] for name in sources if name in states]
    overdue = [late for state in known if (late := _overdue(state, now))]
    return max(overdue) if overdue and len(overdue) == len(known) else None


def _overdue(state: SourceState, now: datetime) -> datetime | None:
    if state.succeeded is None:
        return None
    # Each failure in a row doubles the time to the next try, see `corpus.schedule.after_poll`.
    interval: timedelta = (state.due - state.polled) / 2 ** min(state.failures, 30)
    return state.succeeded if now - state.succeeded > max(LATE * interval, LEAST) else None
