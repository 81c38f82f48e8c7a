"""bot.days: what members type into since and until."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.days import period

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2025-12", "2025-12-01", "2026-01-01"),
        ("2026-01-31", "2026-01-31", "2026-02-01"),
        ("31.1.2026", "2026-01-31", "2026-02-01"),
        ("today", "2026-03-04", "2026-03-05"),
        ("Yesterday", "2026-03-03", "2026-03-04"),
        ("gestern", "2026-03-03", "2026-03-04"),
        ("last week", "2026-02-23", "2026-03-02"),
        ("letzte Woche", "2026-02-23", "2026-03-02"),
        ("vor 3 Tagen", "2026-03-01", "2026-03-02"),
        ("on  Monday", "2026-03-02", "2026-03-03"),
        ("March 2024", "2024-03-01", "2024-04-01"),
    ],
)
def test_days_are_read(text: str, since: str, until: str) -> None:
    days = period(text, NOW)
    assert days is not None
    assert days.since is not None
    assert days.until is not None
    assert (days.since.date().isoformat(), days.until.date().isoformat()) == (since, until)


@pytest.mark.parametrize(
    "text", ["", "someday", "banana", "2026-13", "2026-02-31", "0000", "9999", "yesterday or so", "1 2 3"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert period(text, NOW) is None
