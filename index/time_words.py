"""Times in words, English and German: expressions with their prepositions, and events that the corpus may date.

Pure; what a time means for a question is for `index.when` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from index.moments import CLOSED, COMPOUND, Kind, Moment, W, moment_at
from index.periods import Period


class Relation(StrEnum):
    """How a question stands to an event's time."""

    SINCE = "since"
    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the corpus, not the calendar, dates: "the summit".

    Attributes:
        named: whether it says who did what, or whose it is: "Orrin resigned", "Orrin's resignation".
        span: where it stands in the text, with its preposition.
    """

    phrase: str
    relation: Relation
    named: bool = False
    span: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Expression:
    """A time in a text, with its preposition; ``end`` is where it ends in the text."""

    period: Period
    deictic: bool
    relation: Relation | None
    end: int


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
# Pronouns, small letters and single words tell too little: a sentence with these words may be on anything.
_NAMED = re.compile(
    r"(?<=\w\s)(?i:since|seit)\s+(?P<phrase>(?!(?:He|She|It|They|We|You|I|This|That|The|Then|When|What|Which)\b)[^\W\d_a-zäöüß]"
    r"[\w'’-]*(?:\s+(?!(?:who|what|when|where|why|how|and|or|but|if|wer|was|wie|wo|und|oder|aber)\b)[^\W_][\w'’-]*){1,5})"
)
_NO_EVENT = re.compile(r"\b(?:one|first|start|end|beginning|anfang|ende)$", re.IGNORECASE)
# "Why did he go after the vote?" gives a reason, "named after the king" and "before the court" are no times.
_NO_TIME = re.compile(
    r"\b(?:why|how\s+come|how\s+old|reasons?|what\s+(?:\w+\s+)?(?:caus|made|led|prompt|trigger|forc)\w*|warum|wieso|weshalb|"
    r"weswegen|wie\s+alt)\b|\b(?:named|called|looks?|looked|looking|benannt|genannt)\s+$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:courts?|judges?|jury|tribunal|council|committee|commission|parliament|senate|congress|inquiry|panel|board|"
    r"assembly|cabinet|\w*gericht|\w*ausschuss|\w*rat|\w*haus|parlament|\w*tür|tor)$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?P<word>since|after|before|until|till|seit|nach|vor|bis|in|at|on|over|during|of|from|im|an|am|zu|über|während|vom)\s+"
    r"(?:(?:the|den|dem|des|der|zum|zur)\s+)?(?:(?:early|late|mid|anfang|ende|mitte)[\s-]+)?$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?P<relation>since|after|before|until|till|seit|nach|vor|bis)\s+(?:the\s+)?", re.IGNORECASE)
_PART = r"(?:early|late|mid|anfang|ende|mitte)[\s-]+"
_WITHIN = re.compile(
    r"(?:in|on|during|of|from|im|am|in\s+den|während|vom|aus|von)\s+(?:the\s+|the\s+year\s+|den\s+|dem\s+|der\s+|jahr\s+|"
    rf"jahre\s+|dem\s+jahr\s+)?(?:{_PART})?",
    re.IGNORECASE,
)
# "The late May" is a person.
_PARTLY = re.compile(
    rf"(?:{_PART}|(?:(?:at\s+)?the\s+)?(?:end|middle|start|beginning)\s+of\s+)(?:in\s+|des\s+|der\s+)?", re.I
)
_PERSON = re.compile(r"\b(?:the|a|an|her|his|their)\s+$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|from|zwischen|von|vom)\s+(?:the\s+|dem\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to|until|till|und|bis(?:\s+zum)?)\s+(?:the\s+|dem\s+)?", re.IGNORECASE)
_ALSO = re.compile(r"(?:,|,?\s+(?:and|or|und|oder))\s+(?:(?:on|in|am|im)\s+)?(?:the\s+|den\s+|dem\s+)?", re.IGNORECASE)
# A weekday alone is a time where it ends a part of the question, "What happened Monday?", and no name or habit.
_BARE = re.compile(
    rf"(?:{W})(?:\s+(?:morning|afternoon|evening|night)|{COMPOUND})?(?:{CLOSED}|(?=\s+(?:about|after|before|when|over|from|"
    r"during|against|despite|because)\b))",
    re.IGNORECASE,
)
_FIRST_NAME = re.compile(
    r"\S(?<!\bin)(?<!\bat)(?<!\bof)(?<!\bto)(?<!\bfrom)(?<!\bnear)(?<!\bfor)\s+[^\W\d_a-zß-ÿ][\w'’-]*\s+$"
)
"""Before "Friday" in "Who is Jan Friday?"."""
_NAMED_DAY = re.compile(
    r"\b(?:every|each|any|most|the|a|an|next|of|or|and|black|cyber|bloody|good|easter|whit|ruby|super|ash|palm|maundy|"
    r"shrove|holy|sheffield)[\s-]+$",
    re.IGNORECASE,
)


def event_at(text: str, at: int) -> tuple[Event, int] | None:
    """What the corpus may date that begins at ``at``, "since the summit", and where it ends."""
    if named := _NAMED.match(text, at):
        return Event(named["phrase"], Relation.SINCE, named=True, span=named.span()), named.end()
    match = _EVENT.match(text, at)
    if match is None or _NO_EVENT.search(match["phrase"]):
        return None
    relation = _RELATIONS[match["relation"].casefold()]
    if relation is not Relation.SINCE and (_NO_TIME.search(text[:at]) or _BODY.search(match["phrase"])):
        return None
    return Event(match["phrase"], relation, span=match.span()), match.end()


def leading(text: str, at: int) -> tuple[int, Relation | None]:
    """Where the preposition begins that stands before ``at``, and what it says; ``at`` where there is none."""
    opening = _BEHIND.search(text[:at])
    if opening is None:
        return at, None
    return opening.start(), _RELATIONS.get(opening["word"].casefold())


def expression(text: str, at: int, now: datetime, future: bool) -> Expression | None:
    """The time expression that begins at ``at``, with its preposition."""
    if (opening := _BETWEEN.match(text, at)) and (found := _between(text, opening.end(), now, future)):
        return found
    if opening := _LEADING.match(text, at):
        relation = _RELATIONS[opening["relation"].casefold()]
        moment = moment_at(text, opening.end(), now, future, strict=relation is Relation.SINCE)
        if moment is None and (partly := _PARTLY.match(text, opening.end())):
            moment = moment_at(text, partly.end(), now, future)
        if moment:
            period = {
                Relation.SINCE: Period(moment.period.since, None),
                Relation.AFTER: Period(moment.period.until, None),
                Relation.BEFORE: Period(None, moment.period.since),
            }[relation]
            return Expression(period, moment.kind is Kind.DEICTIC, relation, moment.end)
    if (opening := _WITHIN.match(text, at)) and (moment := moment_at(text, opening.end(), now, future)):
        return _with_others(text, moment, opening.end(), now, future)
    partly = _PARTLY.match(text, at)
    if partly and not _PERSON.search(text[:at]) and (moment := moment_at(text, partly.end(), now, future)):
        return _alone(moment)
    moment = moment_at(text, at, now, future)
    if moment and (moment.kind is not Kind.PART or _is_bare(text, at, moment)):
        return _with_others(text, moment, at, now, future)
    return None


def _between(text: str, at: int, now: datetime, future: bool) -> Expression | None:
    """From one time to another that begins at ``at``."""
    first = moment_at(text, at, now, future)
    middle = first and _AND.match(text, first.end)
    second = middle and moment_at(text, middle.end(), now, future)
    if first and second:
        if first.period.since and second.period.since and first.period.since > second.period.since:
            # "from November to March 2024": the first month takes its year from the second.
            first = moment_at(text, at, second.period.since, future) or first
        deictic = first.kind is Kind.DEICTIC
        return Expression(Period(first.period.since, second.period.until), deictic, None, second.end)
    return _alone(first) if first and first.several else None


def _alone(moment: Moment) -> Expression:
    return Expression(moment.period, moment.kind is Kind.DEICTIC, None, moment.end)


def _with_others(text: str, first: Moment, at: int, now: datetime, future: bool) -> Expression:
    """A time with those of the same kind that are named beside it: "on Monday and Tuesday", "in May, June and July"."""
    since, until, last = first.period.since, first.period.until, first
    while first.kind is Kind.PART and (joint := _ALSO.match(text, last.end)):
        other = moment_at(text, joint.end(), now, future)
        alike = other and other.kind is Kind.PART and (other.within, other.weekday) == (first.within, first.weekday)
        # In "in March and may", the second is no month.
        if not other or not alike or (text[at].isupper() and text[joint.end()].islower()):
            break
        since = min(since, other.period.since) if since and other.period.since else None
        until = max(until, other.period.until) if until and other.period.until else None
        last = other
    return Expression(Period(since, until), first.kind is Kind.DEICTIC, None, last.end)


def _is_bare(text: str, at: int, moment: Moment) -> bool:
    """Whether a weekday without a preposition is meant as a time."""
    return (
        moment.weekday
        and _BARE.match(text, at) is not None
        and not _NAMED_DAY.search(text[:at])
        and not _FIRST_NAME.search(text[:at])
    )
