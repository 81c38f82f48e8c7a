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
- A season or feast is not understood, but its year is, where one is named: "in autumn 2025".
- Questions about the future exclude nothing: what will happen on Monday was announced long ago.
- Nor does "today" in a question for what is the case ("Who is mayor of Brask today?"), or a weekend in one for what
  always is: the newest article knows best, and `When.of_today` has a reply say of what day that is.
- Of several periods the latest excludes, "what was said yesterday of last year's budget", unless they are named side by
  side: "this year than last year".

Filters leave a day on both sides, because the member's zone is unknown and many articles state a day only. An article
without a date passes every filter that a question implies; only options that a member chose by hand exclude it.

English and German, by a small grammar rather than a library: `dateparser.search` (1.5.0, in the environment through
trafilatura) takes "may", "on", "so" and "second" in ordinary questions for dates, gives moments instead of periods,
and does not know what is deictic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from index import topics
from index.periods import DAY, Period
from index.time_unknown import not_understood, unknown, years_named
from index.time_words import Event, Expression, Relation, event_at, expression

SLACK = DAY
"""Left on both sides of a filter: no place on Earth is a day away, and a date without a time names a whole day."""
FADING = timedelta(days=30)
"""Age at which a question for the newest prefers an article half as much as one of now; a week to a year choose alike,
see docs/quality.md, "Time". The age from which a reply
says "as of": one constant for what counts as old."""


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
        of_today: whether it asks what is the case today: what is older is not of the day asked about.
        topic: where it only names a topic, or wants news on one, "latest on the treaty", a question for it; empty
            where it asks something else, or names a time.
        counted: the event that ``about`` counts from, and when it was, where that is so.
    """

    since: datetime | None
    until: datetime | None
    about: Period | None
    prefers_newest: bool
    words: tuple[tuple[int, int], ...]
    events: tuple[Event, ...]
    unresolved: tuple[str, ...]
    rest: str
    of_today: bool = False
    topic: str = ""
    counted: tuple[Event, datetime] | None = None


def understand(text: str, now: datetime) -> When:
    """Resolve the time expressions of a question against the moment it is asked.

    Args:
        now: the moment of asking, with zone; days and weeks begin in that zone. UTC where the member's is unknown.
    """
    future = _FUTURE.search(text) is not None
    news = _NEWS.search(text) is not None
    state = not future and not news and _asks_for_state(text)
    filters: list[tuple[Period, tuple[int, int]]] = []
    about: list[Period] = []
    words: list[tuple[int, int]] = []
    removed: list[tuple[int, int]] = []
    events: list[Event] = []
    taken: list[tuple[int, int]] = []
    today: Period | None = None
    closed = unknown(text, always=state)
    at = 0
    while start := _WORD.search(text, at):
        within = next((end for first, end in closed if first <= start.start() < end), None)
        if within is not None or _is_name(text, start.start(), start.end()):
            at = within or start.end()
            continue
        found = expression(text, start.start(), now, future)
        if found is None or any(start.start() < first < found.end for first, _ in closed):
            told = event_at(text, start.start())
            if told and not any(start.start() < first < told[1] for first, _ in closed):
                events.append(told[0])
                at = told[1]
                taken.append((start.start(), at))
            else:
                at = start.end()
            continue
        at = found.end
        span = (start.start(), found.end)
        named = text[start.start() : at].casefold()
        if state and _ANY_DAY.fullmatch(named):
            taken.append(span)
            continue
        words.append(span)
        possessive = text[at:].startswith(("'s", "’s"))
        if state and named in {"today", "heute"}:
            today = found.period
            removed += [] if possessive else [span]
            continue
        limit = _filter(found, now, news=news, future=future)
        if limit is not None:
            filters.append((limit, span))
            removed += [] if possessive else [span]
        if found.relation is not Relation.SINCE:
            about.append(found.period)
    if today and about:
        about.append(today)  # compared with another time
    half = list(years_named(text, closed, now))
    for span, found in half:
        limit = _filter(found, now, news=news, future=future)
        filters += [(limit, span)] if limit else []
        if found.relation is not Relation.SINCE:
            about.append(found.period)
    hull = _hull(about)
    topic = "" if words or events or taken or closed else topics.wanted(text)
    wanted = today is not None or _NEWEST.search(text) is not None or is_current_state(text) or topic != ""
    limits = _limits(text, filters)
    return When(
        since=max((each.since for each in limits if each.since), default=None),
        until=min((each.until for each in limits if each.until), default=None),
        about=hull,
        prefers_newest=wanted and (hull is None or hull.contains(now)),
        words=tuple(sorted([*words, *(span for span, _ in half if span[0] < span[1])])),
        events=tuple(events),
        unresolved=(
            *(each.phrase for each in events if each.relation is Relation.SINCE),
            *not_understood(text, closed, [*words, *taken]),
        ),
        rest=without(text, removed),
        of_today=today is not None and hull is None,
        topic=topic,
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
                about=when.about or Period(date + 2 * SLACK, None),  # what dates the event tells of it, not of later
                unresolved=tuple(each for each in when.unresolved if each != event.phrase),
            )
        elif when.about is None:
            after = event.relation is Relation.AFTER
            when = replace(when, about=Period(date, None) if after else Period(None, date), counted=(event, date))
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


def of_its_time(published: datetime | None, when: When) -> bool:
    """Whether an article is of the time that a question is about, the zone of either unknown; never without a date."""
    if published is None:
        return False
    if when.about is None:
        return when.since is not None and published >= when.since
    return any(when.about.contains(published + each) for each in (-SLACK, timedelta(0), SLACK))


def untimed(text: str, now: datetime) -> str:
    """A question without the time that it is about, for what is known to be of that time.

    An article seldom names its own month: read with "in August", what it tells of that month seems to be of another.
    Where times are compared, and of a question about the future, the text stays as it is.
    """
    when = understand(text, now)
    if len(when.words) != 1 or when.events or _FUTURE.search(text):
        return text
    bare = without(text, when.words)
    return topics.asked(bare) if topics.is_bare(bare) else bare


def tells_of(text: str, published: datetime, period: Period) -> bool:
    """Whether a text of that day speaks of a time within a period, such as the month before."""
    at = 0
    while start := _WORD.search(text, at):
        found = expression(text, start.start(), published, False)
        told = found and found.period
        if (
            told
            and told.since
            and told.until
            and not (period.since and told.since < period.since)
            and not (period.until and told.until > period.until)
        ):
            return True
        at = found.end if found else start.end()
    return False


def is_current_state(text: str) -> bool:
    """Whether a question asks what is the case now, such as who holds an office: the newest article knows best.

    Asked in the present tense for who, what, which, where or how many. Questions for causes and dates are about
    events, and so is one that also speaks in the past tense ("who is the man who was driving").
    """
    return _PRESENT.search(text) is not None and _PAST.search(text) is None


def _asks_for_state(text: str) -> bool:
    """Whether a question in the present tense asks for what is the case, not for what has happened or is going on."""
    rest = _WHAT.sub("", text)
    asked = is_current_state(text) or _STATE.search(rest) is not None
    return asked and not any(each.search(rest) for each in (_PAST, _PERFECT, _GOING_ON))


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether "Today" and the like are part of a name: in capitals, though nothing else of the question is a reason."""
    if not text[start].isupper() or _DAY_NAME.fullmatch(text, start, end) is None:
        return False
    before = text[:start].rstrip(" \"“„'‘(")
    sentence = before == "" or before[-1] in ".?!:;"
    return not sentence and any(word.islower() for word in _WORD.findall(text[:start] + text[end:]))


def _limits(text: str, filters: list[tuple[Period, tuple[int, int]]]) -> list[Period]:
    """The filters of a question; those of times named side by side are one, that lets all of these in."""
    limits: list[Period] = []
    before = 0
    for period, (start, end) in filters:
        if limits and _BESIDE.fullmatch(text, before, start):
            both = _hull([limits.pop(), period])
            limits += [both] if both else []
        else:
            limits.append(period)
        before = end
    return limits


def _filter(found: Expression, now: datetime, *, news: bool, future: bool) -> Period | None:
    """What an expression excludes by date of publication; None where nothing."""
    if future or (found.period.since is not None and found.period.since > now):
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


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text without some parts of it, such as `When.words`."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return re.sub(r"\s+([?!.,;:])", r"\1", " ".join(text.split()))


_WORD = re.compile(r"\w+")
_BESIDE = re.compile(
    r",?\s+(?:\w+\s+)?(?:and|or|than|versus|vs|with|to|against|und|oder|als|mit|gegenüber)\.?(?:\s+\w+){0,2}\s+",
    re.IGNORECASE,
)
_DAY_NAME = re.compile(r"today|tonight|yesterday|heute|gestern", re.IGNORECASE)
_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|sonnabends?"
)
_ANY_DAY = re.compile(
    r"(?:(?:over|at|on) the |übers |über das |am )(?:weekend|wochenende)|overnight|über nacht|"
    rf"(?:on|from|am|von) (?:{_WEEKDAY})(?: (?:and|to|bis|und) (?:{_WEEKDAY}))?"
)
_WHAT = re.compile(r"^\W*was\s+(?=(?:ist|sind|gibt|kostet|kosten|gilt|gelten)\b)", re.IGNORECASE)
"""The German "what", which is no English "was"."""
_STATE = re.compile(
    r"^\W*(?:is|are|does|do|how\s+(?:is|are|does|do)|(?:wie\s+)?(?:ist|sind)|gibt|"
    r"(?:wie\s*viel\s+)?(?:kostet|kosten|gilt|gelten))\b",
    re.IGNORECASE,
)
_DONE = (
    r"(?:\w{2,}ed|said|told|won|lost|made|gone|left|found|taken|given|seen|shot|sold|bought|met|led|put|cut|hit|spoken|"
    r"written|fallen|risen|begun|broken|chosen|come|got|gotten|held|kept|paid|sent|set|spent|struck|sworn|shut|done|"
    r"quit|thrown|drawn|built|brought|caught|fought|sunk|stolen|died)"
)
_PERFECT = re.compile(
    rf"\b(?:has|have)\b(?:\s+[\w'’-]+){{0,5}}?\s+{_DONE}\b|\b(?:who|which|that)\s+{_DONE}\b|"
    r"\b(?:hat|haben|ist|sind)\b(?:\s+[\w'’-]+){0,7}?\s+(?:\w*ge\w{2,}(?:t|en)|\w+iert|(?:be|ver|ent|er|zer)\w{2,}(?:t|en))\W*$",
    re.IGNORECASE,
)
_GOING_ON = re.compile(r"\b(?:happening|going\s+on|new|on\s+(?:today|tonight)|los|neues?|passiert)\b", re.IGNORECASE)
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
    r"so far|still|any ?more|breaking|lately|the other day|neulich|kürzlich|vor kurzem|neu(?:e?ste)\w*|jüngste\w*|"
    r"aktuell\w*|derzeit|momentan|zur ?zeit|im moment|jetzt|inzwischen|"
    r"mittlerweile|noch immer|immer noch|letzte\w* (?:meldung|nachricht|stand|neuigkeit)\w*)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:who|what|which|where|how (?:many|much|old|long|big|large|high|tall|far))\b(?:['’]s\b|['’]re\b|"
    r"(?:\s+\w+){0,4}?\s+(?:is|are|has|have|does|do)\b)(?!\s+(?:been|caused?|become|done))"
    r"|\bwho\s+(?:leads|runs|heads|owns|chairs|governs|rules|coaches|manages|holds|controls)\b"
    r"|\b(?:who|where|(?:which|what|how (?:many|much))(?:\s+[\w'’-]+){1,3}?)\s+(?:lives?|owns?|costs?|earns?|pays?|"
    r"belongs?|plays?|works?|employs?|produces?|operates?|remains?|governs?|supports?)\b"
    r"|\b(?:wer|welche[rsnm]?|wo|wie (?:viele?|alt|lange?|groß|hoch|heißt)|wieviele?)\b"
    r"(?:\s+\w+){0,3}?\s+(?:ist|sind|hat|haben|heißt|heißen|leitet|führt|regiert)\b|\bwie\s+heißt\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|did|had|been|happened|caused|made|first|ever|war|waren|wurden?|hatten?|geworden|passiert|"
    r"geschehen)\b|\bwhy\b|\bwarum\b|\bwhen\b",
    re.IGNORECASE,
)
