"""Stretches of time, and the English and German words that a calendar has for them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, ``[since, until)``; None leaves a side open."""

    since: datetime | None
    until: datetime | None

    def contains(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner jan", "february februar feb", "march märz maerz mar", "april apr", "may mai",
            "june juni jun", "july juli jul", "august aug", "september sept sep", "october oktober oct okt",
            "november nov", "december dezember dec dez",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag",
         "saturday samstag sonnabend", "sunday sonntag")
    )
    for name in names.split()
}  # fmt: skip
# "few" and "several" on the generous side: the number excludes.
NUMBERS = {
    name: number
    for number, names in {
        1: "a an one ein eine einem einer einen", 2: "two couple zwei", 3: "three drei", 4: "four vier",
        5: "five fünf few paar", 6: "six sechs", 7: "seven sieben several einigen mehreren", 8: "eight acht",
        9: "nine neun", 10: "ten zehn", 11: "eleven elf", 12: "twelve zwölf",
    }.items()
    for name in names.split()
}  # fmt: skip
UNITS = {
    name: days
    for days, names in {
        1 / 1440: "minute minutes min mins minuten", 1 / 24: "hour hours hr hrs h stunde stunden std",
        1: "day days tag tage tagen", 7: "week weeks woche wochen",
        14: "fortnight fortnights", 30: "month months monat monate monaten", 365: "year years jahr jahre jahren",
        3650: "decade decades jahrzehnt jahrzehnte jahrzehnten",
    }.items()
    for name in names.split()
}  # fmt: skip
DECADES = {
    name: year
    for year, names in {
        1950: "fifties fünfziger fünfzigern", 1960: "sixties sechziger sechzigern",
        1970: "seventies siebziger siebzigern", 1980: "eighties achtziger achtzigern",
        1990: "nineties neunziger neunzigern",
    }.items()
    for name in names.split()
}  # fmt: skip
ORDINALS = {
    name: number
    for number, names in enumerate(
        ("first erste ersten erstes", "second zweite zweiten zweites", "third dritte dritten drittes",
         "fourth vierte vierten viertes"), 1,
    )
    for name in names.split()
}  # fmt: skip


def midnight(moment: datetime) -> datetime:
    """When its day began."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> Period:
    """Its day."""
    return Period(midnight(moment), midnight(moment) + DAY)


def week_of(moment: datetime) -> Period:
    """Its week, from Monday on."""
    monday = midnight(moment) - moment.weekday() * DAY
    return Period(monday, monday + 7 * DAY)


def month(year: int, number: int, now: datetime) -> Period:
    """A month of the calendar; ``now`` gives the zone."""
    first = midnight(now).replace(year=year, month=number, day=1)
    return Period(first, first.replace(year=year + number // 12, month=number % 12 + 1))


def months_before(moment: datetime, number: int) -> datetime:
    """The same time ``number`` months earlier, on the last day of the month where that is shorter."""
    year, before = divmod(moment.year * 12 + moment.month - 1 - number, 12)
    last = (first_of(year + (before + 1) // 12, (before + 1) % 12 + 1, moment) - DAY).day
    return moment.replace(year=year, month=before + 1, day=min(moment.day, last))


def first_of(year: int, number: int, now: datetime) -> datetime:
    """When a month began; ``now`` gives the zone."""
    return midnight(now).replace(year=year, month=number, day=1)


def years(first: int, after: int, now: datetime) -> Period:
    """From the beginning of one year to that of another; ``now`` gives the zone."""
    return Period(first_of(first, 1, now), first_of(after, 1, now))
