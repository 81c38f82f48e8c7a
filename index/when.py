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
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from index.time_words import DAY, Event, Expression, Period, Relation, event_at, expression, not_understood

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
    taken: list[tuple[int, int]] = []
    at = 0
    while start := _WORD.search(text, at):
        found = expression(text, start.start(), now, future)
        if found is None:
            told = event_at(text, start.start())
            if told:
                events.append(told[0])
                at = told[1]
                taken.append((start.start(), at))
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
            *(each.phrase for each in events if each.relation is Relation.SINCE),
            *not_understood(text, [*words, *taken]),
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


def _filter(found: Expression, now: datetime, *, news: bool, future: bool) -> Period | None:
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
