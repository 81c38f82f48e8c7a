"""When a source or an address is asked again; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from corpus.visits import SourceState

LONGEST = timedelta(days=1)
"""A source or page that keeps failing is still tried this often."""
RECHECK_SHARE = 0.2
RECHECK_SOONEST = timedelta(hours=1)
RECHECK_DAYS = 14
RECHECKS = 20
"""Known articles looked at again in one run of a source, and for how many days they are."""

UNREAD_DAYS = 2
"""For so long a list that did not change is read again for the sake of a page that could not be read."""


def after_poll(
    before: SourceState | None, *, interval: float, now: datetime, error: str = "", wait: float | None = None
) -> SourceState:
    """How a source fares after it was polled.

    Each failure in a row doubles the time to the next try, up to `LONGEST` (or the interval where that is longer).

    Args:
        interval: seconds between two polls.
        error: why it could not be read; empty where it could.
        wait: seconds its host asked to be left alone, None where it did not.
    """
    step = timedelta(seconds=interval)
    failures = (before.failures if before else 0) + 1 if error else 0
    if failures:
        step = max(min(step * 2 ** min(failures, 30), LONGEST), step)
    not_before = now + timedelta(seconds=wait) if wait else None
    due = max(now + step, not_before) if not_before else now + step
    succeeded = (before.succeeded if before else None) if error else now
    return SourceState(now, due, succeeded, failures, not_before, error)


def retry_at(failures: int, *, interval: float, now: datetime) -> datetime:
    """When a page that could not be read ``failures`` times in a row (1 or more) is tried again."""
    step: timedelta = timedelta(seconds=interval) * 2 ** min(failures - 1, 30)
    return now + min(step, LONGEST)


def recheck_at(published: datetime | None, now: datetime) -> datetime:
    """When an article that was read is looked at again: the older it is, the later."""
    age = max(now - published, timedelta()) if published else timedelta()
    return now + max(age * RECHECK_SHARE, RECHECK_SOONEST)
