"""Time in a question: which period a member means, and whether the newest answer is the one wanted. Pure.

A period in a question can speak of two things: when an article was published, or when what it tells about happened.
Only the first may exclude articles, so this is what does:

- Words that count from the moment of asking ("yesterday", "last week", "last Monday", "past 3 days", and "since" with
  any date) exclude what was published before the period, because it cannot tell about it, and after now. The end of
  the period excludes nothing: what happened last Monday is told on Thursday, last year's crash explained this year.
- The period of a question for news ("news of September 2022", "headlines from May") excludes on both sides.
- Any other period ("in September 2022", "on 5 March", "before May 2024") excludes nothing: it is what the question is
  *about*, and a later article may tell it best. `preference` lets articles of that time go first. So does "on
  Monday", which people also copy from an article of long ago. A year that only names a thing ("the 2022 World Cup
  final") is left to the search as a word.
- Questions about the future exclude nothing: what will happen on Monday was announced long ago.

Filters leave a day on both sides, because the member's zone is unknown and many articles state a day only. An article
without a date passes every filter that a question implies; only options that a member chose by hand exclude it.

English and German, by a small grammar rather than a library: `dateparser.search` (1.5.0, in the environment through
trafilatura) takes "may", "on", "so" and "second" in ordinary questions for dates, gives moments instead of periods,
and does not know what is deictic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
SLACK = DAY
"""Left on both sides of a filter: no place on Earth is a day away, and a date without a time names a whole day."""
FADING = timedelta(days=30)
"""Age at which a question for the newest prefers an article half as much as one of now. The age from which a reply
says "as of": one constant for what counts as old."""


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


@dataclass(frozen=True, slots=True)
class When:
    """What a question says about time.

    Attributes:
        since, until: only articles published in ``[since, until)`` may answer, those without a date excepted.
        about: the period the question is about, as the calendar has it; see `preference`.
        prefers_newest: among articles that answer, the newest goes first.
        words: offsets of the understood expressions into the question, in order.
        events: expressions that need the corpus; see `with_events`.
        unresolved: expressions not understood, in the member's words.
        rest: the question without the words that became filters.
    """

    since: datetime | None
    until: datetime | None
    about: Period | None
    prefers_newest: bool
    words: tuple[tuple[int, int], ...]
    events: tuple[Event, ...]
    unresolved: tuple[str, ...]
    rest: str


def understand(text: str, now: datetime) -> When:
    """Resolve the time expressions of a question against the moment it is asked.

    Args:
        now: the moment of asking, with zone; days and weeks begin in that zone. UTC where the member's is unknown.
    """
    future = _FUTURE.search(text) is not None
    news = _NEWS.search(text) is not None
    filters: list[Period] = []
    about: list[Period] = []
    words: list[tuple[int, int]] = []
    removed: list[tuple[int, int]] = []
    events: list[Event] = []
    at = 0
    while start := _WORD.search(text, at):
        found = _expression(text, start.start(), now, future)
        if found is None:
            event = _EVENT.match(text, start.start())
            if event and not _NO_EVENT.search(event["phrase"]):
                events.append(Event(event["phrase"], _RELATIONS[event["relation"].casefold()]))
                at = event.end()
            else:
                at = start.end()
            continue
        at = found.end
        words.append((start.start(), found.end))
        limit = _filter(found, now, news=news, future=future)
        if limit is not None:
            filters.append(limit)
            if not text[found.end :].startswith(("'s", "’s")):
                removed.append((start.start(), found.end))
        if found.relation is not Relation.SINCE:
            about.append(found.period)
    hull = _hull(about)
    wanted = _NEWEST.search(text) is not None or is_current_state(text)
    return When(
        since=max((each.since for each in filters if each.since), default=None),
        until=min((each.until for each in filters if each.until), default=None),
        about=hull,
        prefers_newest=wanted and (hull is None or hull.contains(now)),
        words=tuple(words),
        events=tuple(events),
        unresolved=(
            *(event.phrase for event in events if event.relation is Relation.SINCE),
            *(match[0] for match in _UNKNOWN.finditer(text)),
        ),
        rest=_without(text, removed),
    )


def with_events(when: When, dates: Mapping[str, datetime], now: datetime) -> When:
    """``when`` with the events that the corpus dates, by their phrase. Those without a date stay unresolved."""
    for event in when.events:
        date = dates.get(event.phrase)
        if date is None:
            continue
        if event.relation is Relation.SINCE:
            since = date - SLACK
            when = replace(
                when,
                since=max(since, when.since) if when.since else since,
                until=when.until or now + SLACK,
                unresolved=tuple(each for each in when.unresolved if each != event.phrase),
            )
        elif when.about is None:
            after = event.relation is Relation.AFTER
            when = replace(when, about=Period(date, None) if after else Period(None, date))
    return when


def preference(published: datetime | None, now: datetime, when: When) -> float:
    """How well an article's date suits the question, 0 to 1; a soft signal for ranking, never a filter.

    For a question about a period: 1 inside, and outside it falls with the distance, to one half as far away as the
    period is long: a year's retrospective is far from a day and near to a decade. A period open at one end has the
    length from its known end to now. For a question that wants the newest: 1 now and one half at 30 days. An article
    without a date gets one half; so does every article where the question says nothing, so that nothing changes.
    """
    if published is None:
        return 0.5
    if when.about is not None:
        return _nearness(published, when.about, now)
    if when.prefers_newest:
        return FADING / (FADING + max(now - published, timedelta(0)))
    return 0.5


def is_current_state(text: str) -> bool:
    """Whether a question asks what is the case now, such as who holds an office: the newest article knows best.

    Asked in the present tense for who, what, which, where or how many. Questions for causes and dates are about
    events, and so is one that also speaks in the past tense ("who is the man who was driving").
    """
    return _PRESENT.search(text) is not None and _PAST.search(text) is None


class _Kind(StrEnum):
    DEICTIC = "deictic"
    """Counts from the moment of asking."""
    DATE = "date"
    """Stands in the calendar by itself."""
    PART = "part"
    """A year, a month or a weekday: means a time only behind a preposition."""


@dataclass(frozen=True, slots=True)
class _Moment:
    period: Period
    kind: _Kind
    end: int


@dataclass(frozen=True, slots=True)
class _Expression:
    period: Period
    deictic: bool
    relation: Relation | None
    end: int


def _filter(found: _Expression, now: datetime, *, news: bool, future: bool) -> Period | None:
    """What an expression excludes by date of publication; None where nothing."""
    if future:
        return None
    since = found.period.since and found.period.since - SLACK
    if news:
        return Period(since, found.period.until and found.period.until + SLACK)
    if (found.deictic and found.relation in (None, Relation.SINCE)) or found.relation is Relation.SINCE:
        return Period(since, now + SLACK)
    return None


def _hull(periods: list[Period]) -> Period | None:
    if not periods:
        return None
    starts, ends = [each.since for each in periods], [each.until for each in periods]
    return Period(
        None if None in starts else min(each for each in starts if each),
        None if None in ends else max(each for each in ends if each),
    )


def _nearness(moment: datetime, period: Period, now: datetime) -> float:
    if period.contains(moment):
        return 1.0
    since, until = period.since, period.until
    known = since or until or now
    length = until - since if since and until else abs(now - known)
    gap = since - moment if since and moment < since else moment - (until or moment)
    return length / (length + gap) if length + gap else 0.0


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return re.sub(r"\s+([?!.,;:])", r"\1", " ".join(text.split()))


# --- the grammar ---------------------------------------------------------------------------------------------------

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

_WORD = re.compile(r"\w+")
_FUTURE = re.compile(
    r"\b(?:will|won['’]t|shall|going to|planned|scheduled|upcoming|next|tomorrow|wird|werden|nächste\w*|kommende\w*|"
    r"übermorgen|(?<!heute )(?<!gestern )morgen|geplant)\b|^\W*(?:when|wann)\s+(?:is|are|does|do|ist|sind|beginnt)\b",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\b(?:news|headlines?|stories|articles?|reports|reported|published|coverage|nachrichten|meldung(?:en)?|"
    r"schlagzeilen?|artikeln?|berichte|berichtet|veröffentlicht)\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent|recent|recently|currently|current|right now|now|nowadays|at the moment|these days|"
    r"so far|still|any ?more|breaking|neu(?:e?ste)\w*|jüngste\w*|aktuell\w*|derzeit|momentan|zur ?zeit|im moment|jetzt|"
    r"inzwischen|mittlerweile|noch immer|immer noch|letzte\w* (?:meldung|nachricht|stand|neuigkeit)\w*)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:who|what|which|where|how (?:many|much|old|long|big|large|high|tall|far))\b(?:['’]s\b|['’]re\b|"
    r"(?:\s+\w+){0,4}?\s+(?:is|are|has|have|does|do)\b)(?!\s+(?:been|caused?|become|done))"
    r"|\bwho\s+(?:leads|runs|heads|owns|chairs|governs|rules|coaches|manages|holds|controls)\b"
    r"|\b(?:wer|welche[rsnm]?|wo|wie (?:viele?|alt|lange?|groß|hoch|heißt)|wieviele?)\b"
    r"(?:\s+\w+){0,3}?\s+(?:ist|sind|hat|haben|heißt|heißen|leitet|führt|regiert)\b|\bwie\s+heißt\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|did|had|been|happened|caused|made|first|ever|war|waren|wurden?|hatten?|geworden|passiert|"
    r"geschehen)\b|\bwhy\b|\bwarum\b|\bwhen\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:last|this|past|letzte[nrsm]?|diese[nrsm]?|vergangene[nrsm]?)\s+(?:spring|summer|autumn|fall|winter|season|"
    r"quarter|frühjahr|frühling|sommer|herbst|winter|saison|quartal)\b",
    re.IGNORECASE,
)
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
_LEADING = re.compile(r"(?P<relation>since|after|before|until|till|seit|nach|vor|bis)\s+(?:the\s+)?", re.IGNORECASE)
_WITHIN = re.compile(
    r"(?:in|on|during|of|from|im|am|in\s+den|während|vom|aus|von)\s+(?:the\s+|the\s+year\s+|dem\s+|der\s+|jahr\s+|"
    r"jahre\s+|dem\s+jahr\s+)?(?:(?:early|late|mid|anfang|ende|mitte)[\s-]+)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:between|from|zwischen|von|vom)\s+(?:the\s+|dem\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to|until|till|und|bis(?:\s+zum)?)\s+(?:the\s+|dem\s+)?", re.IGNORECASE)

_Builder = Callable[[re.Match[str], datetime, bool], Period | None]


def _expression(text: str, at: int, now: datetime, future: bool) -> _Expression | None:
    """The time expression that begins at ``at``, with its preposition."""
    if opening := _BETWEEN.match(text, at):
        first = _moment(text, opening.end(), now, future)
        middle = first and _AND.match(text, first.end)
        second = middle and _moment(text, middle.end(), now, future)
        if first and second:
            if first.period.since and second.period.since and first.period.since > second.period.since:
                # "from November to March 2024": the first month takes its year from the second.
                first = _moment(text, opening.end(), second.period.since, future) or first
            deictic = first.kind is _Kind.DEICTIC
            return _Expression(Period(first.period.since, second.period.until), deictic, None, second.end)
    if opening := _LEADING.match(text, at):
        relation = _RELATIONS[opening["relation"].casefold()]
        moment = _moment(text, opening.end(), now, future, strict=relation is Relation.SINCE)
        if moment:
            period = {
                Relation.SINCE: Period(moment.period.since, None),
                Relation.AFTER: Period(moment.period.until, None),
                Relation.BEFORE: Period(None, moment.period.since),
            }[relation]
            return _Expression(period, moment.kind is _Kind.DEICTIC, relation, moment.end)
    if (opening := _WITHIN.match(text, at)) and (moment := _moment(text, opening.end(), now, future)):
        return _Expression(moment.period, moment.kind is _Kind.DEICTIC, None, moment.end)
    moment = _moment(text, at, now, future)
    if moment and moment.kind is not _Kind.PART:
        return _Expression(moment.period, moment.kind is _Kind.DEICTIC, None, moment.end)
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


_PATTERNS: tuple[tuple[re.Pattern[str], _Kind, _Builder], ...] = (
    (_pattern(r"the\s+day\s+before\s+yesterday|vorgestern"), _Kind.DEICTIC, _days(2, 2)),
    (_pattern(rf"yesterday{_PART_OF_DAY}|last\s+night|gestern{_PART_OF_DAY}|letzte\s+nacht"), _Kind.DEICTIC,
     _days(1, 1)),
    (_pattern(rf"today|tonight|this\s+(?:morning|afternoon|evening)|heute{_PART_OF_DAY}"), _Kind.DEICTIC, _days(0, 0)),
    (_pattern(rf"(?:(?:in\s+)?(?:the|den|die)\s+)?{_PAST_N}\s+(?P<number>{_N})\s+(?:of\s+)?(?P<unit>{_U})"),
     _Kind.DEICTIC, _rolling),
    (_pattern(rf"(?:the\s+)?past\s+(?P<number>)(?P<unit>{_U})"), _Kind.DEICTIC, _rolling),
    (_pattern(rf"(?:(?:a|the)\s+)?(?P<number>{_N})\s+(?:of\s+)?(?P<unit>{_U})\s+ago"), _Kind.DEICTIC, _ago),
    (_pattern(rf"vor\s+(?P<number>{_N})\s+(?P<unit>{_U})"), _Kind.DEICTIC, _ago),
    (_pattern(rf"{_LAST}\s+(?P<unit>week|weekend|month|year|woche|wochenende|monat|jahr)"), _Kind.DEICTIC,
     _calendar(1)),
    (_pattern(rf"{_THIS}\s+(?P<unit>week|weekend|month|year|woche|wochenende|monat|jahr)"), _Kind.DEICTIC,
     _calendar(0)),
    (_pattern(rf"{_LAST}\s+(?P<weekday>{_W})"), _Kind.DEICTIC, _last_weekday),
    (_pattern(rf"{_THIS}\s+(?P<weekday>{_W})"), _Kind.DEICTIC, _weekday),
    (_pattern(rf"(?P<back>{_LAST})\s+(?P<month>{_M})"), _Kind.DEICTIC, _named_month),
    (_pattern(rf"(?P<year>{_Y})-(?P<month>\d\d)-(?P<day>\d\d)"), _Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>{_Y})"), _Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_M})\.?(?:,?\s+(?P<year>{_Y}))?"),
     _Kind.DATE, _date),
    (_pattern(rf"{_DAY_OF}(?P<month>{_M})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>{_Y}))?"),
     _Kind.DATE, _date),
    (_pattern(rf"(?P<month>{_M})\.?,?\s+(?:of\s+)?(?P<year>{_Y})"), _Kind.DATE, _named_month),
    (_pattern(rf"(?P<month>{_M})"), _Kind.PART, _named_month),
    (_pattern(rf"(?P<year>{_Y})"), _Kind.PART, _named_year),
    (_pattern(rf"(?P<weekday>{_W}){_PART_OF_DAY}"), _Kind.PART, _weekday),
)  # fmt: skip
