"""Times in words, English and German: expressions with their periods, and what looks like one but is not understood.

Pure; what a time means for a question is for `index.when` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, ``[since, until)``; None leaves a side open."""

    since: datetime | None
    until: datetime | None

    def contains(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)


class Relation(StrEnum):
    """How a question stands to an event's time."""

    SINCE = "since"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the corpus, not the calendar, dates: "the summit"."""

    phrase: str
    relation: Relation


class Kind(StrEnum):
    """How a time is meant."""

    DEICTIC = "deictic"
    """Counts from the moment of asking."""
    DATE = "date"
    """Stands in the calendar by itself."""
    PART = "part"
    """A year, a month or a weekday: means a time only behind a preposition."""


@dataclass(frozen=True, slots=True)
class _Moment:
    period: Period
    kind: Kind
    end: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A time in a text, with its preposition; ``end`` is where it ends in the text."""

    period: Period
    deictic: bool
    relation: Relation | None
    end: int


_MONTHS = {
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
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag",
         "saturday samstag sonnabend", "sunday sonntag")
    )
    for name in names.split()
}  # fmt: skip
# "few" and "several" on the generous side: the number excludes.
_NUMBERS = {
    name: number
    for number, names in {
        1: "a an one ein eine einem einer einen", 2: "two couple zwei", 3: "three drei", 4: "four vier",
        5: "five fünf few paar", 6: "six sechs", 7: "seven sieben several einigen mehreren", 8: "eight acht",
        9: "nine neun", 10: "ten zehn", 11: "eleven elf", 12: "twelve zwölf",
    }.items()
    for name in names.split()
}  # fmt: skip
_UNITS = {
    name: days
    for days, names in {
        1 / 24: "hour hours stunde stunden", 1: "day days tag tage tagen", 7: "week weeks woche wochen",
        14: "fortnight fortnights", 30: "month months monat monate monaten", 365: "year years jahr jahre jahren",
    }.items()
    for name in names.split()
}  # fmt: skip
_DECADES = {
    name: year
    for year, names in {
        1950: "fifties fünfziger fünfzigern", 1960: "sixties sechziger sechzigern",
        1970: "seventies siebziger siebzigern", 1980: "eighties achtziger achtzigern",
        1990: "nineties neunziger neunzigern",
    }.items()
    for name in names.split()
}  # fmt: skip
_ORDINALS = {
    name: number
    for number, names in enumerate(
        ("first erste ersten erstes", "second zweite zweiten zweites", "third dritte dritten drittes",
         "fourth vierte vierten viertes"), 1,
    )
    for name in names.split()
}  # fmt: skip


def _any(words: Mapping[str, object]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_M, _W, _U = _any(_MONTHS), _any(_WEEKDAYS), _any(_UNITS)
_N = rf"\d{{1,3}}|{_any(_NUMBERS)}"
_Y = r"(?:19|20)\d\d"
_LAST = r"(?:last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?)"
_PAST_N = r"(?:last|past|previous|letzten|vergangenen)"
_THIS = r"(?:this|the\s+current|diese[nrsm]?|laufende[nrsm]?)"
_DAY_OF = rf"(?:(?:{_W}),?\s+(?:the\s+|den\s+|dem\s+)?)?"
_PART_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night|morgen|früh|mittag|nachmittag|abend|nacht))?"

_RELATIONS = {
    "since": Relation.SINCE, "seit": Relation.SINCE, "after": Relation.AFTER, "nach": Relation.AFTER,
    "before": Relation.BEFORE, "until": Relation.BEFORE, "till": Relation.BEFORE, "vor": Relation.BEFORE,
    "bis": Relation.BEFORE,
}  # fmt: skip
_EVENT = re.compile(
    r"(?P<relation>since|after|before|seit|nach|vor)\s+(?P<phrase>"
    r"(?:the|that|his|her|their|its|dem|der|den|diesem|dieser|seiner|seinem|ihrer|ihrem)(?:\s+"
    r"(?!(?:is|are|was|were|has|have|had|did|does|do|will|would|who|what|when|where|why|how|and|or|but|if|"
    r"ist|sind|hat|haben|wer|was|wie|wo|und|oder|aber|passiert|geschehen|getan|gesagt|geändert)\b)[^\W_][\w'’-]*){1,5})",
    re.IGNORECASE,
)
_NO_EVENT = re.compile(r"\b(?:one|first|start|end|beginning|anfang|ende)$", re.IGNORECASE)
_SEASON = "spring|summer|autumn|fall|winter|season|quarter|frühjahr|frühling|sommer|herbst|saison|quartal"
_FEAST = (
    r"christmas|xmas|easter|new\s+year(?:['’]s(?:\s+(?:eve|day))?)?|ramadan|eid|passover|hanukkah|diwali|thanksgiving|"
    r"halloween|pentecost|whitsun|weihnachten|ostern|pfingsten|silvester|neujahr"
)
_CLOSED = r"(?=\s*(?:[?.!,;]|$)|\s+(?:in|at|on|and|by|near|with|bei|an|und|mit)\b)"
# What speaks of a time and is in no calendar, or in different ones for different people.
_UNKNOWN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<words>(?:last|this|past|{_LAST}|diese[nrsm]?)\s+(?:{_SEASON}))\b",
        rf"\bover\s+the\s+(?P<words>{_SEASON}){_CLOSED}",
        rf"\b(?P<words>(?:last|this|past|{_LAST}|diese[nrsm]?)\s+(?:{_FEAST}))\b",
        rf"\b(?:over|at|on|during|since|around|before|after|über|an|zu|seit|vor|nach)\s+(?P<words>{_FEAST}){_CLOSED}",
        rf"\b(?P<words>\d{{1,2}}[/.]\d{{1,2}}[/.]{_Y}|{_Y}-\d\d-\d\d|(?:29|30|31)(?:st|th|\.)?\s+(?:of\s+)?(?:{_M})|"
        rf"(?:{_M})\s+(?:29|30|31)(?:st|th)?)\b",
        # "Since" may open a reason; "since when" asks for the time, and "since long" names none.
        r"(?<=\w\s)(?:since|seit)\s+(?!(?:when|which|what|long|wann|welche\w*|langem|lange)\b)(?P<words>[^\W_][\w'’-]*(?:\s+[^\W_][\w'’-]*){0,4})",
    )
)
_LEADING = re.compile(r"(?P<relation>since|after|before|until|till|seit|nach|vor|bis)\s+(?:the\s+)?", re.IGNORECASE)
_WITHIN = re.compile(
    r"(?:in|on|during|of|from|im|am|in\s+den|während|vom|aus|von)\s+(?:the\s+|the\s+year\s+|den\s+|dem\s+|der\s+|jahr\s+|"
    r"jahre\s+|dem\s+jahr\s+)?(?:(?:early|late|mid|anfang|ende|mitte)[\s-]+)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:between|from|zwischen|von|vom)\s+(?:the\s+|dem\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to|until|till|und|bis(?:\s+zum)?)\s+(?:the\s+|dem\s+)?", re.IGNORECASE)


def event_at(text: str, at: int) -> tuple[Event, int] | None:
    """What the corpus may date that begins at ``at``, "since the summit", and where it ends."""
    match = _EVENT.match(text, at)
    if match is None or _NO_EVENT.search(match["phrase"]):
        return None
    return Event(match["phrase"], _RELATIONS[match["relation"].casefold()]), match.end()


def not_understood(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Words that speak of a time which is not known, as the text has them; ``taken`` is what was understood of it."""
    seen = list(taken)
    found = sorted((match.span("words") for pattern in _UNKNOWN for match in pattern.finditer(text)), key=_longest)
    for start, end in found:
        if all(end <= first or last <= start for first, last in seen):
            seen.append((start, end))
            yield text[start:end]


def _longest(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]


_Builder = Callable[[re.Match[str], datetime, bool], Period | None]


def expression(text: str, at: int, now: datetime, future: bool) -> Expression | None:
    """The time expression that begins at ``at``, with its preposition."""
    if opening := _BETWEEN.match(text, at):
        first = _moment(text, opening.end(), now, future)
        middle = first and _AND.match(text, first.end)
        second = middle and _moment(text, middle.end(), now, future)
        if first and second:
            if first.period.since and second.period.since and first.period.since > second.period.since:
                # "from November to March 2024": the first month takes its year from the second.
                first = _moment(text, opening.end(), second.period.since, future) or first
            deictic = first.kind is Kind.DEICTIC
            return Expression(Period(first.period.since, second.period.until), deictic, None, second.end)
    if opening := _LEADING.match(text, at):
        relation = _RELATIONS[opening["relation"].casefold()]
        moment = _moment(text, opening.end(), now, future, strict=relation is Relation.SINCE)
        if moment:
            period = {
                Relation.SINCE: Period(moment.period.since, None),
                Relation.AFTER: Period(moment.period.until, None),
                Relation.BEFORE: Period(None, moment.period.since),
            }[relation]
            return Expression(period, moment.kind is Kind.DEICTIC, relation, moment.end)
    if (opening := _WITHIN.match(text, at)) and (moment := _moment(text, opening.end(), now, future)):
        return Expression(moment.period, moment.kind is Kind.DEICTIC, None, moment.end)
    moment = _moment(text, at, now, future)
    if moment and moment.kind is not Kind.PART:
        return Expression(moment.period, moment.kind is Kind.DEICTIC, None, moment.end)
    return None


def _moment(text: str, at: int, now: datetime, future: bool, *, strict: bool = False) -> _Moment | None:
    """The time named at ``at``. ``strict``: a weekday means one before today."""
    for pattern, kind, build in _PATTERNS:
        match = pattern.match(text, at)
        if match is None:
            continue
        period = build(match, now - DAY if strict and build is _weekday else now, future)
        if period is not None:
            return _Moment(period, kind, match.end())
    return None


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _days(first: int, last: int) -> _Builder:
    """From the day ``first`` days before today up to the day ``last`` days before it."""

    def build(match: re.Match[str], now: datetime, future: bool) -> Period:
        today = _midnight(now)
        return Period(today - first * DAY, today - (last - 1) * DAY)

    return build


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word.casefold()]


def _rolling(match: re.Match[str], now: datetime, future: bool) -> Period:
    number = _number(match["number"]) if match["number"] else 1
    return Period(now - timedelta(days=number * _UNITS[match["unit"].casefold()]), now)


def _ago(match: re.Match[str], now: datetime, future: bool) -> Period:
    unit = timedelta(days=_UNITS[match["unit"].casefold()])
    middle = now - _number(match["number"]) * unit
    if unit <= DAY:
        return Period(_midnight(middle), _midnight(middle) + DAY)
    return Period(middle - unit / 2, middle + unit / 2)


def _calendar(back: int) -> _Builder:
    """This or, with ``back`` 1, the last week, weekend, month or year."""

    def build(match: re.Match[str], now: datetime, future: bool) -> Period:
        today, unit = _midnight(now), match["unit"].casefold()
        if unit in {"week", "woche"}:
            monday = today - (today.weekday() + 7 * back) * DAY
            # Asked on a Monday, "this week" is hardly the last few hours.
            return Period(monday if back else min(monday, today - 6 * DAY), monday + 7 * DAY)
        if unit in {"weekend", "wochenende"}:
            saturday = today - ((today.weekday() - 5) % 7) * DAY
            if back and today.weekday() >= 5:
                saturday -= 7 * DAY
            return Period(saturday, saturday + 2 * DAY)
        if unit in {"month", "monat"}:
            return (
                _month(now.year - (now.month == 1), (now.month - 2) % 12 + 1, now)
                if back
                else _month(now.year, now.month, now)
            )
        return Period(*_year(now.year - back, now))

    return build


def _month(year: int, month: int, now: datetime) -> Period:
    first = _midnight(now).replace(year=year, month=month, day=1)
    return Period(first, first.replace(year=year + month // 12, month=month % 12 + 1))


def _year(year: int, now: datetime) -> tuple[datetime, datetime]:
    first = _midnight(now).replace(year=year, month=1, day=1)
    return first, first.replace(year=year + 1)


def _named_month(match: re.Match[str], now: datetime, future: bool) -> Period:
    """A month, of the year named, else the one that has begun last (of a question about the future: the next)."""
    groups, month = match.groupdict(), _MONTHS[match["month"].casefold()]
    if groups.get("year"):
        return _month(int(match["year"]), month, now)
    year = now.year - (month > now.month)
    if future and month != now.month:
        year += 1
    return _month(year - (groups.get("back") is not None and month == now.month), month, now)


def _date(match: re.Match[str], now: datetime, future: bool) -> Period | None:
    """A day, of the year named, else the one that has begun last; None for what no calendar has."""
    month = match["month"]
    number = int(month) if month.isdecimal() else _MONTHS[month.casefold()]
    try:
        day = _midnight(now).replace(year=int(match["year"] or now.year), month=number, day=int(match["day"]))
        if not match["year"] and day > now and not future:
            day = day.replace(year=day.year - 1)
    except ValueError:
        return None
    return Period(day, day + DAY)


def _named_year(match: re.Match[str], now: datetime, future: bool) -> Period:
    return Period(*_year(int(match["year"]), now))


def _decade(match: re.Match[str], now: datetime, future: bool) -> Period:
    year = int(match["year"]) if match["year"] else _DECADES[match["decade"].casefold()]
    return Period(_year(year, now)[0], _year(year + 10, now)[0])


def _quarter(match: re.Match[str], now: datetime, future: bool) -> Period:
    """A quarter of the calendar, of the year named, else the one that has begun last."""
    number = int(match["quarter"]) if match["quarter"] else _ORDINALS[match["ordinal"].casefold()]
    month = 3 * number - 2
    year = int(match["year"]) if match["year"] else now.year - (month > now.month)
    return Period(_month(year, month, now).since, _month(year, month + 2, now).until)


def _slashed(match: re.Match[str], now: datetime, future: bool) -> Period | None:
    """A day written with strokes; None where day and month cannot be told apart."""
    first, second = int(match["first"]), int(match["second"])
    if min(first, second) > 12 or (first != second and max(first, second) <= 12):
        return None
    try:
        day = _midnight(now).replace(year=int(match["year"]), month=min(first, second), day=max(first, second))
    except ValueError:
        return None
    return Period(day, day + DAY)


def _weekday(match: re.Match[str], now: datetime, future: bool) -> Period:
    """The last such day, today included; of a question about the future the next one."""
    today = _midnight(now)
    wanted = _WEEKDAYS[match["weekday"].casefold()]
    ahead = (wanted - today.weekday()) % 7
    # Every weekday but today's own is seven days earlier in the week that lies behind.
    day = today + (ahead if future or not ahead else ahead - 7) * DAY
    return Period(day, day + DAY)


def _last_weekday(match: re.Match[str], now: datetime, future: bool) -> Period:
    return _weekday(match, now - DAY, False)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{expression})\b", re.IGNORECASE)


_PATTERNS: tuple[tuple[re.Pattern[str], Kind, _Builder], ...] = (
    (_pattern(r"the\s+day\s+before\s+yesterday|vorgestern"), Kind.DEICTIC, _days(2, 2)),
    (_pattern(rf"yesterday{_PART_OF_DAY}|last\s+night|gestern{_PART_OF_DAY}|letzte\s+nacht"), Kind.DEICTIC,
     _days(1, 1)),
    (_pattern(rf"today|tonight|this\s+(?:morning|afternoon|evening)|heute{_PART_OF_DAY}"), Kind.DEICTIC, _days(0, 0)),
    (_pattern(rf"(?:(?:in\s+)?(?:the|den|die)\s+)?{_PAST_N}\s+(?P<number>{_N})\s+(?:of\s+)?(?P<unit>{_U})"),
     Kind.DEICTIC, _rolling),
    (_pattern(rf"(?:the\s+)?past\s+(?P<number>)(?P<unit>{_U})"), Kind.DEICTIC, _rolling),
    (_pattern(rf"(?:(?:a|the)\s+)?(?P<number>{_N})\s+(?:of\s+)?(?P<unit>{_U})\s+(?:ago|back)"), Kind.DEICTIC, _ago),
    (_pattern(rf"vor\s+(?P<number>{_N})\s+(?P<unit>{_U})"), Kind.DEICTIC, _ago),
    (_pattern(rf"{_LAST}\s+(?P<unit>week|weekend|month|year|woche|wochenende|monat|jahr)"), Kind.DEICTIC,
     _calendar(1)),
    (_pattern(r"(?:over\s+the|übers|über\s+das)\s+(?P<unit>weekend|wochenende)(?!\s+(?:of|in|before|after|when|vom|im|am)\b)"),
     Kind.DEICTIC, _calendar(0)),
    (_pattern(r"(?:the\s+)?(?:start|beginning)\s+of\s+(?:the|this)\s+(?P<unit>week|month|year)"), Kind.DEICTIC,
     _calendar(0)),
    (_pattern(rf"{_THIS}\s+(?P<unit>week|weekend|month|year|woche|wochenende|monat|jahr)"), Kind.DEICTIC,
     _calendar(0)),
    (_pattern(rf"{_LAST}\s+(?P<weekday>{_W})"), Kind.DEICTIC, _last_weekday),
    (_pattern(rf"{_THIS}\s+(?P<weekday>{_W})"), Kind.DEICTIC, _weekday),
    (_pattern(rf"(?P<back>{_LAST})\s+(?P<month>{_M})"), Kind.DEICTIC, _named_month),
    (_pattern(rf"(?P<year>{_Y})-(?P<month>\d\d)-(?P<day>\d\d)"), Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>{_Y})"), Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_M})\.?(?:,?\s+(?P<year>{_Y}))?"),
     Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<month>{_M})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>{_Y}))?"),
     Kind.DATE, _date),
    (_pattern(rf"(?P<month>{_M})\.?,?\s+(?:of\s+)?(?P<year>{_Y})"), Kind.DATE, _named_month),
    (_pattern(rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/(?P<year>{_Y})"), Kind.DATE, _slashed),
    (_pattern(rf"(?:q(?P<quarter>[1-4])|(?:the\s+)?(?P<ordinal>{_any(_ORDINALS)})\s+(?:quarter|quartal))"
              rf"(?:\s+(?:of\s+)?(?P<year>{_Y}))?"), Kind.DATE, _quarter),
    (_pattern(r"(?P<year>(?:19|20)\d0)(?:s|er(?:[\s-]jahren?)?)(?P<decade>)"), Kind.PART, _decade),
    (_pattern(rf"(?P<year>)(?P<decade>{_any(_DECADES)})(?:\s+jahren?)?"), Kind.PART, _decade),
    (_pattern(rf"(?P<month>{_M})"), Kind.PART, _named_month),
    (_pattern(rf"(?P<year>{_Y})(?![-/.]\d)"), Kind.PART, _named_year),
    (_pattern(rf"(?P<weekday>{_W}){_PART_OF_DAY}"), Kind.PART, _weekday),
)  # fmt: skip
