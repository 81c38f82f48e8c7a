"""Words that speak of a time which is in no calendar, or in different ones for different people. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.moments import CLOSED, LAST, SEASON, YEAR, M, W

_FEAST = (
    r"(?:christmas|xmas|easter|whit(?:sun)?|pentecost|thanksgiving)(?:\s+(?:day|eve|sunday|monday))?|"
    r"new\s+year(?:['’]?s(?:\s+(?:eve|day))?)?|(?:ramadan|eid|passover|hanukkah|diwali|halloween)|"
    r"(?:boxing|valentine['’]?s|labou?r|independence|memorial|mother['’]?s|father['’]?s|election|polling|inauguration|"
    r"national|victory|armistice|remembrance|republic|constitution)\s+day|(?:black|good)\s+friday|"
    r"(?:ash|super|cyber|palm|maundy|shrove)\s+(?:wednesday|tuesday|monday|sunday|thursday)|"
    r"weihnachten|heiligabend|ostern|oster(?:sonntag|montag)|pfingst(?:en|sonntag|montag)|karfreitag|rosenmontag|"
    r"silvester|neujahr|nikolaus|wahltag|valentinstag|muttertag|vatertag"
)
_OF_YEAR = (
    rf"(?:\s+(?:of\s+)?(?:{YEAR}|(?:{LAST}|this)\s+year)|\s+(?:des\s+)?(?:letzten|vorigen|vergangenen|dieses)\s+jahres)"
)
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
