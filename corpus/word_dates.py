"""Dates, weekdays and times of day among the words of a text, as canonical words; see `corpus.canonical`."""

from __future__ import annotations

import re

from corpus import number_words
from corpus.words import Kind, Raw, Word, make, make_number

HALVES = {"am": 0, "pm": 720}
_MAY_BEFORE = frozenset(
    "in on of since from until till last next early late by and to between through mid for this".split()
)


def clock(raw: list[Raw], at: int, hour: int, minute: int) -> tuple[list[Word], int]:
    """A time of day in figures at ``raw[at]``, and where the words after it begin."""
    last = at
    if at + 1 < len(raw) and raw[at + 1].low in HALVES:
        hour, last = hour % 12 + HALVES[raw[at + 1].low] // 60, at + 1
    elif at + 1 < len(raw) and raw[at + 1].low == "uhr":
        last = at + 1
    value = hour * 60 + minute
    return [make(f"t{value}", Kind.TIME, raw[at], raw[last], value)], last + 1


def o_clock(raw: list[Raw], at: int, german: bool) -> tuple[list[Word], int] | None:
    """A full hour: "5 p.m.", "5pm", "six o'clock", "17 Uhr"."""
    if at + 1 >= len(raw) or raw[at + 1].low not in ("am", "pm", "o'clock", "uhr"):
        return None
    low, mark = raw[at].low, raw[at + 1].low
    hour = number_words.NUMBER_WORDS.get(low) if not low.isdigit() else float(low)
    if hour is None or hour > 24 or (mark == "uhr") > german or (mark == "am" and raw[at + 1].text == "am" and german):
        return None
    if mark in HALVES:
        hour = hour % 12 + HALVES[mark] // 60
    # "six o'clock" leaves open which half of the day: the unit says so.
    return [
        make(f"t{hour * 60:g}", Kind.TIME, raw[at], raw[at + 1], hour * 60, "?" if mark == "o'clock" else "")
    ], at + 2


def calendar(one: Raw) -> list[Word]:
    """A date in figures, as its day and its year; with strokes it may be American: "?" where in doubt."""
    parts = [int(part) for part in re.split(r"[-./]", one.low)]
    year, month, day = parts if parts[0] > 31 else parts[::-1]
    if month > 12 >= day:
        month, day = day, month
    doubtful = "/" in one.low and month <= 12 and day <= 12 and month != day
    return [
        make(f"d{month}-{day}", Kind.DATE, one, one, month * 100 + day, "?" if doubtful else ""),
        make_number(year, "", one, one),
    ]


def _month(one: Raw, german: bool, *, beside_day: bool = False, before: list[Word] | None = None) -> int:
    """The month a word names, or 0; "may" and "march" need a capital and company."""
    month = number_words.MONTHS.get(one.low, 0)
    if not month or not one.text[0].isupper():
        return 0
    if (
        one.low in ("may", "mar", "march", "mai", "sept", "dec", "jan")
        and not beside_day
        and not (german and one.low == "mai")
    ):
        return month if before and before[-1].key in _MAY_BEFORE else 0
    return month


def _day(one: Raw) -> int:
    return (
        int(one.low)
        if one.kind == "number" and one.low.isdigit() and 1 <= int(one.low) <= 31 and len(one.low) < 3
        else 0
    )


def day_first(raw: list[Raw], at: int) -> tuple[list[Word], int] | None:
    """A date like "5 October", "5th of October" or "5. Mai"."""
    day = _day(raw[at])
    last = at + 1
    joins = day and last + 2 < len(raw) and raw[last].low in ("and", "to", "or", "until", "bis") and _day(raw[last + 1])
    if joins and (month := _month(raw[last + 2], False, beside_day=True)):
        # "3 to 9 June": the month of the second day is the first one's too.
        return [make(f"d{month}-{day}", Kind.DATE, raw[at], raw[at], month * 100 + day)], at + 1
    if day and last < len(raw) and raw[last].low in ("st", "nd", "rd", "th") and raw[last].start == raw[at].end:
        last += 1
    if day and last < len(raw) and raw[last].low == "of":
        last += 1
    if day and last < len(raw) and (month := _month(raw[last], False, beside_day=True)):
        return [make(f"d{month}-{day}", Kind.DATE, raw[at], raw[last], month * 100 + day)], last + 1
    return None


def month_first(raw: list[Raw], at: int, before: list[Word], german: bool) -> tuple[list[Word], int] | None:
    """A date like "October 5", or a month alone."""
    one = raw[at]
    beside = at + 1 < len(raw) and _day(raw[at + 1]) > 0 and raw[at + 1].start - one.end <= 2
    month = _month(one, german, beside_day=beside, before=before)
    if not month:
        return None
    if not beside:
        return [make(f"d{month}", Kind.DATE, one, one, month * 100)], at + 1
    day, last = _day(raw[at + 1]), at + 1
    if last + 1 < len(raw) and raw[last + 1].low in ("st", "nd", "rd", "th") and raw[last + 1].start == raw[last].end:
        last += 1
    return [make(f"d{month}-{day}", Kind.DATE, one, raw[last], month * 100 + day)], last + 1


def weekday(one: Raw, at: int, german: bool) -> tuple[list[Word], int] | None:
    """A weekday, in German also the one that a longer word begins with ("Montagabend")."""
    if not one.text[0].isupper():
        return None
    low = one.low.removesuffix("'s")
    number = number_words.WEEKDAYS.get(low)
    if number is None:
        number = number_words.WEEKDAYS.get(low.removesuffix("s")) if len(low) > 5 else None
    if number is not None and (len(low) > 3 or low in ("mon", "tue", "wed", "thu", "fri")):
        return [make(f"w{number}", Kind.WEEKDAY, one, one, number)], at + 1
    if german:
        for name, day in number_words.WEEKDAYS.items():
            if len(name) > 6 and low.startswith(name):
                return [
                    make(f"w{day}", Kind.WEEKDAY, one, one, day),
                    make(low[len(name) :], Kind.WORD, one, one),
                ], at + 1
    return None
