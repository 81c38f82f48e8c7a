"""Words that speak of a time which is in no calendar, or in different ones for different people. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from index.moments import CLOSED, LAST, SEASON, YEAR, M, W
from index.periods import Period, first_of
from index.time_words import Expression, Relation, leading

_FEAST = (
    r"(?:christmas|xmas|easter|whit(?:sun)?|pentecost|thanksgiving)(?:\s+(?:day|eve|sunday|monday))?|"
    r"new\s+year(?:['’]?s(?:\s+(?:eve|day))?)?|(?:ramadan|eid|passover|hanukkah|diwali|halloween)|"
    r"(?:boxing|valentine['’]?s|labou?r|independence|memorial|mother['’]?s|father['’]?s|election|polling|inauguration|"
    r"national|victory|armistice|remembrance|republic|constitution)\s+day|(?:black|good)\s+friday|"
    r"(?:ash|super|cyber|palm|maundy|shrove)\s+(?:wednesday|tuesday|monday|sunday|thursday)|"
    r"weihnachten|heiligabend|ostern|oster(?:sonntag|montag)|pfingst(?:en|sonntag|montag)|karfreitag|rosenmontag|"
    r"silvester|neujahr|nikolaus|wahltag|valentinstag|muttertag|vatertag"
)
_YEARS = rf"{YEAR}(?:\s?[/–-]\s?(?:20)?\d\d\b)?"
_COUNTED = rf"(?:{LAST}|this)\s+year"
_OF_YEAR = rf"(?:\s+(?:of\s+)?(?:{_YEARS}|{_COUNTED})|\s+(?:des\s+)?(?:letzten|vorigen|vergangenen|dieses)\s+jahres)"
# What holds a year or a weekday within, so that it has to be known before those are read for themselves.
_WHOLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<words>(?:{SEASON}){_OF_YEAR}){CLOSED}",
        rf"\b(?P<words>(?:last|this|past|{LAST}|diese[nrsm]?)\s+(?:{SEASON}|season|saison|quarter|quartal))\b",
        rf"\b(?P<words>(?:last|this|past|{LAST}|diese[nrsm]?)\s+(?:{_FEAST}))\b",
        rf"\b(?:over|at|on|during|since|around|before|after|über|an|am|zu|seit|vor|nach)\s+(?P<words>(?:{_FEAST}){_OF_YEAR}?)"
        rf"{CLOSED}",
        # "Past decade" is the ten years before now, "last decade" may be that or the one in the calendar.
        r"\b(?P<words>(?:last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?)\s+(?:decade|jahrzehnt))\b",
        rf"\b(?P<words>{LAST}\s+(?:century|jahrhundert|half(?:\s+an?)?\s+(?:hour|year)|halbjahr|term|semester))\b",
        rf"\b(?P<words>the\s+other\s+(?:week|weekend|month|night)){CLOSED}",
        rf"\b(?:in|during|of|since)\s+(?P<words>(?:calendar\s+)?week\s+\d{{1,2}}){CLOSED}",
        rf"\b(?P<words>(?:last\s+)?(?:{W})\s+week){CLOSED}",
        rf"\b(?P<words>an?\s+(?:week|fortnight)\s+(?:last|past|on)\s+(?:{W}))\b",
    )
)
_YEAR_NAMED = re.compile(
    rf"(?:(?P<year>{YEAR})(?P<next>.*)|(?P<this>this\s+year|dieses\s+jahres)|{LAST}\s+(?:year|jahres))$", re.IGNORECASE
)
_OVER_THE_TURN = re.compile(r"winter|christmas|xmas|new\s+year|weihnachten|silvester", re.IGNORECASE)
"""What may lie in the year behind the one it is called by, here or elsewhere."""
_TURN = 4
"""The month by which it is over."""
_CALLED = re.compile(rf"(?:{SEASON}|{_FEAST})\b", re.IGNORECASE)
_SEASONAL = re.compile(
    rf"\b(?:in|over|during|im|über|während)\s+(?:the\s+|den\s+|des\s+)?(?P<words>(?:early\s+|late\s+|mid[\s-])?(?:{SEASON})){CLOSED}",
    re.IGNORECASE,
)
"""A season of which year nobody says: in a question for what is always so it is any."""
_OTHER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bover\s+the\s+(?P<words>season|quarter|saison|quartal){CLOSED}",
        rf"\b(?P<words>\d{{1,2}}[/.]\d{{1,2}}[/.]{YEAR}|{YEAR}-\d\d-\d\d|(?:29|30|31)(?:st|th|\.)?\s+(?:of\s+)?(?:{M})|"
        rf"(?:{M})\s+(?:29|30|31)(?:st|th)?)\b",
        # "Since" may open a reason; "since when" asks for the time, and "since long" names none.
        r"(?<=\w\s)(?:since|seit)\s+(?!(?:when|which|what|long|wann|welche\w*|langem|lange)\b)(?P<words>[^\W_][\w'’-]*(?:\s+[^\W_][\w'’-]*){0,4})",
    )
)


def unknown(text: str, *, always: bool) -> list[tuple[int, int]]:
    """Offsets of what no calendar tells though a part of it, a year or a weekday, can be read by itself.

    Args:
        always: whether the question asks for what is always so, for which a season is any.
    """
    patterns = _WHOLE if always else (*_WHOLE, _SEASONAL)
    return sorted((match.span("words") for pattern in patterns for match in pattern.finditer(text)), key=_longest)


def years_named(
    text: str, before: Sequence[tuple[int, int]], now: datetime
) -> Iterator[tuple[tuple[int, int], Expression]]:
    """What is known all the same of a season or feast that names its year: that it lies in it, "autumn 2025".

    Args:
        before: what `unknown` gave.

    Yields:
        Where it stands, with its preposition; an empty span where it has none; and what it means, the whole year.
    """
    for start, end in before:
        named = _YEAR_NAMED.search(text, start, end)
        if named is None or not _CALLED.match(text, start, end):
            continue
        year = int(named["year"]) if named["year"] else now.year - (not named["this"])
        over = named["next"] or _OVER_THE_TURN.match(text, start, end)
        whole = Period(first_of(year, 1, now), first_of(year + 1, _TURN if over else 1, now))
        begin, relation = leading(text, start)
        period = {
            None: whole,
            Relation.SINCE: Period(whole.since, None),
            Relation.AFTER: Period(whole.since, None),
            Relation.BEFORE: Period(None, whole.until),
        }[relation]
        yield (begin, end if begin < start else begin), Expression(period, named["year"] is None, relation, end)


def not_understood(text: str, before: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Words that speak of a time which is not known, as the text has them.

    Args:
        before: what `unknown` gave.
        taken: what was understood.
    """
    seen = list(taken)
    found = [match.span("words") for pattern in _OTHER for match in pattern.finditer(text)]
    named = []
    for start, end in [*before, *sorted(found, key=_longest)]:
        if all(end <= first or last <= start for first, last in seen):
            seen.append((start, end))
            named.append((start, end))
    yield from (text[start:end] for start, end in sorted(named))


def _longest(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]
