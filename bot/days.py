"""The days that members type into ``since`` and ``until``; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from index.periods import Period
from index.when import understand

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_SMALL = {"on", "in", "the", "of", "am", "im", "an", "der", "den", "dem", "vom"}


def period(text: str, now: datetime) -> Period | None:
    """The days that ``text`` means, both ends set; None for what is no date, or a span without an end.

    Taken are "2026", "2026-01", and what a question may say of time, in English and German: "2026-01-31",
    "31.1.2026", "5 March", "yesterday", "last week", "vor 3 Tagen".

    Args:
        now: with zone; days are counted from it.
    """
    words = " ".join(text.split())
    if match := _YEAR_OR_MONTH.fullmatch(words):
        return _calendar(int(match[1]), int(match[2]) if match[2] else None)
    when = understand(words, now)
    rest = list(words)
    for start, end in when.words:
        rest[start:end] = " " * (end - start)
    if set(re.findall(r"\w+", "".join(rest).casefold())) - _SMALL:
        return None
    return when.about if when.about and when.about.since and when.about.until else None


def _calendar(year: int, month: int | None) -> Period | None:
    """A year or a month of the calendar."""
    try:
        first = datetime(year, month or 1, 1, tzinfo=UTC)
        if month is None:
            return Period(first, first.replace(year=year + 1))
        return Period(first, first.replace(year=year + month // 12, month=month % 12 + 1))
    except (ValueError, OverflowError):
        return None
