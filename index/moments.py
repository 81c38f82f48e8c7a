"""Single times in words, English and German: each expression with the period that it means. Pure.

Prepositions, and two times that belong together, are for `index.time_words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from index.periods import (
    DAY,
    DECADES,
    MONTHS,
    NUMBERS,
    ORDINALS,
    UNITS,
    WEEKDAYS,
    Period,
    day_of,
    midnight,
    month,
    months_before,
    week_of,
    years,
)


class Kind(StrEnum):
    """How a time is meant."""

    DEICTIC = "deictic"
    """Counts from the moment of asking."""
    DATE = "date"
    """Stands in the calendar by itself."""
    PART = "part"
    """A year, a month or a weekday: means a time only behind a preposition."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in a text.

    Attributes:
        end: where it ends in the text.
        within: the unit that it leaves open: "5 March" is of some year, "Monday" of some week; empty where none.
        names: the unit of the calendar that it names, "year" of "last year" and of "two years ago"; empty where none.
        whole: that week, month or year.
        weekday: whether it is the name of a weekday alone.
        several: whether it has an end of its own: "1 to 9 November".
    """

    period: Period
    kind: Kind
    end: int
    within: str = ""
    names: str = ""
    whole: Period | None = None
    weekday: bool = False
    several: bool = False


def any_of(words: Mapping[str, object]) -> str:
    """An alternative of all the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


M, W = any_of(MONTHS), any_of(WEEKDAYS)
"""Names of months and weekdays, as alternatives."""
LAST = r"(?:(?:this\s+)?past|last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?)"
YEAR = r"(?:19|20)\d\d"
SEASON = "spring|summer|autumn|fall|winter|frühjahr|frühling|sommer|herbst"
"""Whose summer it is depends on where somebody lives."""
CLOSED = r"(?=\s*(?:[?.!,;]|$)|\s+(?:in|at|on|and|by|near|with|bei|an|und|mit)\b)"
"""Behind a word that is no part of a name or of another word."""

_U = any_of(UNITS)
_N = rf"\d{{1,3}}|{any_of(NUMBERS)}"
_PAST_N = r"(?:last|past|previous|letzten|vergangenen)"
_THIS = r"(?:this|the\s+current|diese[nrsm]?|laufende[nrsm]?)"
_DAY_OF = rf"(?:(?:{W}),?\s+(?:the\s+|den\s+|dem\s+)?)?"
_PART_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night|morgen|früh|mittag|nachmittag|abend|nacht))?"
COMPOUND = "morgen|vormittag|mittag|nachmittag|abend|nacht"
"""Parts of a day that German writes in one word with its name: "Montagabend"."""
_CALENDAR = r"weekend|week|month|year|wochenende|wochen?|monate?s?|jahre?s?"
_ALONE = rf"(?!['’]s|\s+(?:{W}|{M}|{_U}|{SEASON}|weekend|night|christmas|easter|term|season)\b)"
_TO = r"(?:\s*[-–—]\s*|\s+(?:and|to|or|until|till|und|oder|bis(?:\s+zum)?)\s+(?:the\s+|den\s+|dem\s+)?)"
_TH = r"(?:st|nd|rd|th|\.)?"
SEVERAL = 7
"""How many "the last days" are at most; on the generous side, as "few" is: the number excludes."""

Builder = Callable[[re.Match[str], datetime, bool], Period | None]
_BEHIND = re.compile(r"\s+(?:of\s+|in\s+|im\s+|des\s+|der\s+)?", re.IGNORECASE)
_BEFORE = re.compile(r",?\s+(?:(?P<on>in|on|im|am)\s+(?:the\s+|den\s+|dem\s+)?)?", re.IGNORECASE)


def moment_at(text: str, at: int, now: datetime, future: bool, *, strict: bool = False) -> Moment | None:
    """The time named at ``at``, with the week, month or year that is named beside it: "March last year".

    Args:
        future: whether the question is about what is to come.
        strict: a weekday means one before today.
    """
    found = _single(text, at, now, future, strict=strict)
    if found is None:
        return None
    if found.within and (joint := _BEHIND.match(text, found.end)):
        whole = _single(text, joint.end(), now, future)
        if whole and whole.names == found.within and not text[whole.end :].startswith(("'s", "’s")):
            return _inside(_single(text, at, _last_of(whole), False), whole.end)
    if found.names and (joint := _BEFORE.match(text, found.end)):
        part = _single(text, joint.end(), now, future)
        if part and part.within == found.names and (joint["on"] or part.weekday):
            return _inside(_single(text, joint.end(), _last_of(found), False), part.end)
    return found


def _last_of(whole: Moment) -> datetime:
    """The last moment of a week, month or year: counted from there, what is in it has begun last."""
    assert whole.whole is not None  # noqa: S101  # what names one has it
    assert whole.whole.until is not None  # noqa: S101
    return whole.whole.until - timedelta.resolution


def _inside(part: Moment | None, end: int) -> Moment | None:
    return part and Moment(part.period, Kind.DEICTIC, end, several=part.several)


def _single(text: str, at: int, now: datetime, future: bool, *, strict: bool = False) -> Moment | None:
    for pattern, kind, build in _PATTERNS:
        match = pattern.match(text, at)
        if match is None:
            continue
        try:
            period = build(match, now - DAY if strict and build is _weekday else now, future)
        except (OverflowError, ValueError):  # before the first year there is, or after the last
            continue
        if period is None:
            continue
        groups = match.groupdict()
        within = "" if groups.get("year") or groups.get("back") else _WITHIN.get(build, "")
        names, whole = "", period
        if "unit" in groups and "number" not in groups:
            names = _whole(groups["unit"])
        elif build is _ago and UNITS[groups["unit"].casefold()] == UNITS["year"]:
            names, year = "year", now.year - _number(groups["number"])
            whole = years(year, year + 1, now)
        return Moment(period, kind, match.end(), within, names, whole, build is _weekday, build is _from_to)
    return None


def _whole(unit: str) -> str:
    """The English name of a unit of the calendar, in whichever form it is written; empty for others."""
    return next((name for name, forms in _FORMS.items() if unit.casefold() in forms), "")


def _days(first: int, last: int) -> Builder:
    """From the day ``first`` days before today up to the day ``last`` days before it."""

    def build(match: re.Match[str], now: datetime, future: bool) -> Period:
        today = midnight(now)
        return Period(today - first * DAY, today - (last - 1) * DAY)

    return build


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[word.casefold()]


def _rolling(match: re.Match[str], now: datetime, future: bool) -> Period:
    number = _number(match["number"]) if match["number"] else 1
    return Period(now - timedelta(days=number * UNITS[match["unit"].casefold()]), now)


def _some(match: re.Match[str], now: datetime, future: bool) -> Period:
    return Period(now - timedelta(days=SEVERAL * UNITS[match["some"].casefold()]), now)


def _ago(match: re.Match[str], now: datetime, future: bool) -> Period:
    unit = timedelta(days=UNITS[match["unit"].casefold()])
    middle = now - _number(match["number"]) * unit
    return day_of(middle) if unit <= DAY else Period(middle - unit / 2, middle + unit / 2)


def _ago_on(match: re.Match[str], now: datetime, future: bool) -> Period:
    """ "A year ago today": the day, week or month that lies back by the number of units."""
    days, number = UNITS[match["unit"].casefold()], _number(match["number"])
    then = months_before(now, round(days / 30) * number) if days >= 30 else now - timedelta(days=days * number)
    on = match["on"].casefold()
    if on in {"yesterday", "gestern"}:
        return day_of(then - DAY)
    if on in {"today", "heute"}:
        return day_of(then)
    return week_of(then) if _whole(on.split()[-1]) == "week" else month(then.year, then.month, then)


def _calendar(back: int) -> Builder:
    """This or, with ``back`` 1, the last week, weekend, month or year; with 2 the one before that."""

    def build(match: re.Match[str], now: datetime, future: bool) -> Period:
        today, unit = midnight(now), _whole(match["unit"])
        if unit == "week":
            monday = today - (today.weekday() + 7 * back) * DAY
            # Asked on a Monday, "this week" is hardly the last few hours.
            return Period(monday if back else min(monday, today - 6 * DAY), monday + 7 * DAY)
        if unit == "weekend":
            saturday = today - ((today.weekday() - 5) % 7) * DAY
            if back and today.weekday() >= 5:
                saturday -= 7 * DAY
            saturday -= 7 * DAY * max(back - 1, 0)
            if future and not back and today.weekday() < 5:
                saturday += 7 * DAY
            return Period(saturday, saturday + 2 * DAY)
        if unit == "month":
            then = months_before(now, back)
            return month(then.year, then.month, now)
        return years(now.year - back, now.year - back + 1, now)

    return build


def _named_month(match: re.Match[str], now: datetime, future: bool) -> Period:
    """A month, of the year named, else the one that has begun last (of a question about the future: the next)."""
    groups, number = match.groupdict(), MONTHS[match["month"].casefold()]
    if groups.get("year"):
        return month(int(match["year"]), number, now)
    year = now.year - (number > now.month)
    if future and number != now.month:
        year += 1
    return month(year - (groups.get("back") is not None and number == now.month), number, now)


def _this_month(match: re.Match[str], now: datetime, future: bool) -> Period:
    return month(now.year, MONTHS[match["month"].casefold()], now)


def _date(match: re.Match[str], now: datetime, future: bool) -> Period | None:
    """A day, of the year named, else the one that has begun last; None for what no calendar has."""
    named = match["month"]
    number = int(named) if named.isdecimal() else MONTHS[named.casefold()]
    day = midnight(now).replace(year=int(match["year"] or now.year), month=number, day=int(match["day"]))
    if not match["year"] and day > now and not future:
        day = day.replace(year=day.year - 1)
    return Period(day, day + DAY)


def _from_to(match: re.Match[str], now: datetime, future: bool) -> Period | None:
    """Days of one month, "1 to 9 November"; None where the second is not the later one."""
    last = _date(match, now, future)
    if last is None or last.since is None or int(match["first"]) >= int(match["day"]):
        return None
    return Period(last.since.replace(day=int(match["first"])), last.until)


def _day_of_month(match: re.Match[str], now: datetime, future: bool) -> Period | None:
    """The last such day, today included, that was the weekday named; of a question about the future the next one."""
    weekday = match["weekday"] and WEEKDAYS[match["weekday"].casefold()]
    for back in range(24):
        then = month((now.year * 12 + now.month - 1 + (back if future else -back)) // 12,
                     (now.month - 1 + (back if future else -back)) % 12 + 1, now)  # fmt: skip
        assert then.since is not None  # noqa: S101  # a month has both ends
        day = then.since + (int(match["day"]) - 1) * DAY
        if not then.contains(day) or (day + DAY <= now if future else day > now):
            continue
        if weekday is None or day.weekday() == weekday:
            return Period(day, day + DAY)
    return None


def _named_year(match: re.Match[str], now: datetime, future: bool) -> Period:
    return years(int(match["year"]), int(match["year"]) + 1, now)


def _decade(match: re.Match[str], now: datetime, future: bool) -> Period:
    groups = match.groupdict()
    if groups.get("short"):
        first = 1900 + int(match["short"])
    else:
        first = int(match["year"]) if match["year"] else DECADES[match["decade"].casefold()]
    return years(first, first + 10, now)


def _quarter(match: re.Match[str], now: datetime, future: bool) -> Period:
    """A quarter of the calendar, of the year named, else the one that has begun last."""
    number = int(match["quarter"]) if match["quarter"] else ORDINALS[match["ordinal"].casefold()]
    first = 3 * number - 2
    year = int(match["year"]) if match["year"] else now.year - (first > now.month)
    return Period(month(year, first, now).since, month(year, first + 2, now).until)


def _numbered_week(match: re.Match[str], now: datetime, future: bool) -> Period:
    """A week by its number (ISO 8601), of the year named, else the one that has begun last."""
    number, year = int(match["week"]), int(match["year"] or now.isocalendar().year)
    if not match["year"] and not future and number > now.isocalendar().week:
        year -= 1
    monday = datetime.fromisocalendar(year, number, 1).replace(tzinfo=now.tzinfo)
    return Period(monday, monday + 7 * DAY)


def _slashed(match: re.Match[str], now: datetime, future: bool) -> Period | None:
    """A day written with strokes; None where day and month cannot be told apart."""
    first, second = int(match["first"]), int(match["second"])
    if min(first, second) > 12 or (first != second and max(first, second) <= 12):
        return None
    return day_of(now.replace(year=int(match["year"]), month=min(first, second), day=max(first, second)))


def _weekday(match: re.Match[str], now: datetime, future: bool) -> Period:
    """The last such day, today included; of a question about the future the next one."""
    ahead = (WEEKDAYS[match["weekday"].casefold()] - now.weekday()) % 7
    # Every weekday but today's own is seven days earlier in the week that lies behind.
    return day_of(now + (ahead if future or not ahead else ahead - 7) * DAY)


def _last_weekday(match: re.Match[str], now: datetime, future: bool) -> Period:
    return _weekday(match, now - DAY, False)


def _weekday_before_last(match: re.Match[str], now: datetime, future: bool) -> Period:
    return _weekday(match, now - 8 * DAY, False)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{expression})\b", re.IGNORECASE)


_FORMS = {
    "week": {"week", "woche", "wochen"}, "weekend": {"weekend", "wochenende", "wochenendes"},
    "month": {"month", "monat", "monats"}, "year": {"year", "jahr", "jahres"},
}  # fmt: skip
_WITHIN: Mapping[Builder, str] = {
    _weekday: "week", _day_of_month: "month", _named_month: "year", _this_month: "year", _date: "year",
    _from_to: "year", _quarter: "year",
}  # fmt: skip
_PATTERNS: tuple[tuple[re.Pattern[str], Kind, Builder], ...] = (
    (_pattern(r"the\s+day\s+before\s+yesterday|vorgestern"), Kind.DEICTIC, _days(2, 2)),
    (_pattern(rf"(?P<on>heute|gestern|diese\s+woche|diesen\s+monat)\s+vor\s+(?P<number>{_N})\s+(?P<unit>{_U})"),
     Kind.DEICTIC, _ago_on),
    (_pattern(rf"(?:(?:a|the)\s+)?(?P<number>{_N})\s+(?:of\s+)?(?P<unit>{_U})\s+ago\s+"
              r"(?P<on>today|yesterday|this\s+(?:week|month))"), Kind.DEICTIC, _ago_on),
    (_pattern(rf"yesterday{_PART_OF_DAY}|last\s+night|gestern{_PART_OF_DAY}|letzte\s+nacht"), Kind.DEICTIC,
     _days(1, 1)),
    (_pattern(rf"(?:overnight|über\s+nacht){CLOSED}"), Kind.DEICTIC, _days(1, 0)),
    (_pattern(rf"today|tonight|this\s+(?:morning|afternoon|evening)|heute{_PART_OF_DAY}"), Kind.DEICTIC, _days(0, 0)),
    (_pattern(rf"(?:(?:in\s+)?(?:the|den|die)\s+)?{_PAST_N}\s+(?P<number>{_N})\s*(?:of\s+)?(?P<unit>{_U})"),
     Kind.DEICTIC, _rolling),
    (_pattern(r"(?:in|over|within|during)\s+(?:the|den)\s+(?:last|past|letzten|vergangenen)\s+(?P<some>hours|days|weeks|"
              r"months|years|stunden|tagen|wochen|monaten|jahren)(?!\s+(?:of|before|vor|des|der|seiner|ihrer)\b)"),
     Kind.DEICTIC, _some),
    (_pattern(rf"(?:(?:the|this)\s+)?past\s+(?P<number>)(?P<unit>{_U})"), Kind.DEICTIC, _rolling),
    (_pattern(r"(?:the\s+)?last\s+(?P<number>)(?P<unit>fortnight)"), Kind.DEICTIC, _rolling),
    (_pattern(rf"(?:(?:a|the)\s+)?(?P<number>{_N})\s+(?:of\s+)?(?P<unit>{_U})\s+(?:ago|back)"), Kind.DEICTIC, _ago),
    (_pattern(rf"vor\s+(?P<number>{_N})\s+(?P<unit>{_U})"), Kind.DEICTIC, _ago),
    (_pattern(rf"(?:the\s+)?(?P<unit>{_CALENDAR})\s+before\s+last{_ALONE}"), Kind.DEICTIC, _calendar(2)),
    (_pattern(rf"vorletzte[nrsm]?\s+(?P<unit>{_CALENDAR})"), Kind.DEICTIC, _calendar(2)),
    (_pattern(rf"{LAST}\s+(?P<unit>{_CALENDAR})"), Kind.DEICTIC, _calendar(1)),
    (_pattern(rf"(?:(?:over|at|on)\s+the|übers|über\s+das|am)\s+(?P<unit>weekend|wochenende)(?!\s+(?:of|before|after|when|"
              rf"vom|vor|nach)\b|\s+(?:in|im|am)\s+(?:early\s+|late\s+)?(?:{M}|{YEAR}|{SEASON})\b)"),
     Kind.DEICTIC, _calendar(0)),
    (_pattern(r"(?:the\s+)?(?:start|beginning)\s+of\s+(?:the|this)\s+(?P<unit>week|month|year)"), Kind.DEICTIC,
     _calendar(0)),
    (_pattern(rf"{_THIS}\s+(?P<unit>{_CALENDAR})"), Kind.DEICTIC, _calendar(0)),
    (_pattern(rf"(?:the\s+)?(?P<weekday>{W})\s+before\s+last{_ALONE}"), Kind.DEICTIC, _weekday_before_last),
    (_pattern(rf"vorletzte[nrsm]?\s+(?P<weekday>{W})"), Kind.DEICTIC, _weekday_before_last),
    (_pattern(rf"{LAST}\s+(?P<weekday>{W})"), Kind.DEICTIC, _last_weekday),
    (_pattern(rf"{_THIS}\s+(?P<weekday>{W})"), Kind.DEICTIC, _weekday),
    (_pattern(rf"(?P<back>{LAST})\s+(?P<month>{M})"), Kind.DEICTIC, _named_month),
    (_pattern(rf"{_THIS}\s+(?!(?-i:may|march|mar)\b)(?P<month>{M})"), Kind.DEICTIC, _this_month),
    (_pattern(rf"(?P<year>{YEAR})-(?P<month>\d\d)-(?P<day>\d\d)"), Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>{YEAR})"), Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<first>\d{{1,2}}){_TH}{_TO}(?P<day>\d{{1,2}}){_TH}\s+(?:of\s+)?(?P<month>{M})\.?"
              rf"(?:,?\s+(?P<year>{YEAR}))?"), Kind.DATE, _from_to),
    (_pattern(rf"{_DAY_OF}(?P<month>{M})\.?\s+(?:the\s+)?(?P<first>\d{{1,2}}){_TH}{_TO}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
              rf"(?:,?\s+(?P<year>{YEAR}))?"), Kind.DATE, _from_to),
    (_pattern(rf"{_DAY_OF}(?P<day>\d{{1,2}}){_TH}\s+(?:of\s+)?(?P<month>{M})\.?(?:,?\s+(?P<year>{YEAR}))?"),
     Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<month>{M})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>{YEAR}))?"),
     Kind.DATE, _date),
    (_pattern(rf"(?P<month>{M})\.?,?\s+(?:of\s+)?(?P<year>{YEAR})"), Kind.DATE, _named_month),
    (_pattern(rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/(?P<year>{YEAR})"), Kind.DATE, _slashed),
    (_pattern(rf"(?:q(?P<quarter>[1-4])|(?:the\s+)?(?P<ordinal>{any_of(ORDINALS)})\s+(?:quarter|quartal))"
              rf"(?:\s+(?:of\s+)?(?P<year>{YEAR}))?"), Kind.DATE, _quarter),
    (_pattern(rf"(?:kw|kalenderwoche)\s?(?P<week>\d{{1,2}})(?:\s+(?P<year>{YEAR}))?"), Kind.DATE, _numbered_week),
    (_pattern(r"(?P<year>(?:19|20)\d0)(?:s|er(?:[\s-]jahren?)?)(?P<decade>)"), Kind.PART, _decade),
    # The twenties are some people's last century and others' own.
    (_pattern(r"['’]?(?P<short>[5-9]0)(?:s|ern|er[\s-]jahren?)" + CLOSED), Kind.PART, _decade),
    (_pattern(rf"(?P<year>)(?P<decade>{any_of(DECADES)})(?:\s+jahren?)?"), Kind.PART, _decade),
    (_pattern(rf"(?P<month>{M})"), Kind.PART, _named_month),
    (_pattern(rf"(?P<year>{YEAR})(?![-/.]\d)"), Kind.PART, _named_year),
    (re.compile(rf"(?:(?P<weekday>{W}),?\s+(?:the\s+|den\s+|dem\s+)?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)"
                r"(?=\s*(?:[?.!,;]|$)|\s+(?:in|at|on|and|to|until|of\s+(?:last|this)|last|this|und|bis|letzten|"
                r"diesen|des)\b)", re.IGNORECASE), Kind.PART, _day_of_month),
    (_pattern(rf"(?P<weekday>{W})(?:{_PART_OF_DAY}|{COMPOUND})"), Kind.PART, _weekday),
)  # fmt: skip
