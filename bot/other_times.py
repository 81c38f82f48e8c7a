"""Times in a conversation: the question before asked of another, "and now?", "and the week before?", and the one that
a follow-up takes over from it. Pure, English and German."""

from __future__ import annotations

import re
from datetime import datetime

from index.periods import DAY, Period, day_of, month, week_of, years
from index.when import is_current_state, understand, without


def asked_of_now(question: str, topic: str, now: datetime) -> str | None:
    """What "and now?" asks after the question of a conversation, in the present tense; None for other questions."""
    match = _NOW.fullmatch(question)
    if match is None:
        return None
    plain = timeless(topic, now)
    return f"{_THEN.sub(_present, plain, count=1)} {match['now']}?"


def asked_of_before(question: str, topic: str, now: datetime) -> str | None:
    """What "and the week before?" asks after a question about some time; None for other questions, and where that one
    names no time to count from."""
    match = _BEFORE.fullmatch(question)
    about = understand(topic, now).about
    if match is None or about is None or about.since is None:
        return None
    unit = _UNITS[(match["unit"] or match["prior"] or match["einheit"]).casefold()]
    if about.until and about.until - about.since > LONGEST[unit]:
        return None  # the month before a year is none
    plain = timeless(topic, now)
    # A weekend ends with its week, and what counts from now, "two weeks ago", begins at any time.
    middle = about.since + (about.until - about.since) / 2 if about.until else about.since
    return f"{plain} {_named(unit, middle, german=match['einheit'] is not None)}?"


def time_of(question: str, topic: str, now: datetime) -> str:
    """The time that a question takes over from the one before it, "who scored?" of last week's match; empty for none.

    Neither where it names a time of its own or asks what came later, nor of what is the case now, nor for reasons,
    which may be older than what they explain.
    """
    if _OF_NOW_OR_LATER.search(question) or is_current_state(question) or understand(question, now).words:
        return ""
    words = understand(topic, now).words
    return topic[words[0][0] : words[0][1]] if len(words) == 1 else ""


def with_time(question: str, time: str) -> str:
    """A question asked of some time."""
    return f"{question.rstrip(' ?.!')} {time}?"


def timeless(topic: str, now: datetime) -> str:
    """A question without its time, and without the mark at its end."""
    plain = without(topic, understand(topic, now).words).rstrip(" ?.!")
    return _AT_THE_END.sub("", plain)


def _named(unit: str, moment: datetime, *, german: bool) -> str:
    """The day, week, month or year before that of a moment, in words that a member reads."""
    if unit == "week":
        first = _start(week_of(moment)) - 7 * DAY
        last = first + 6 * DAY
        between, and_ = ("zwischen", "und") if german else ("between", "and")
        return f"{between} {_day(first, german)} {and_} {_day(last, german)}"
    if unit == "month":
        before = _start(month(moment.year, moment.month, moment)) - DAY
        return f"{'im' if german else 'in'} {_month(before, german)} {before.year}"
    if unit == "year":
        before = _start(years(moment.year, moment.year + 1, moment)) - DAY
        return f"{'im Jahr' if german else 'in'} {before.year}"
    return f"{'am' if german else 'on'} {_day(_start(day_of(moment)) - DAY, german)}"


def _start(period: Period) -> datetime:
    assert period.since is not None  # noqa: S101  # of the calendar, these have both ends
    return period.since


def _day(day: datetime, german: bool) -> str:
    return f"{day.day}{'.' if german else ''} {_month(day, german)} {day.year}"


def _month(day: datetime, german: bool) -> str:
    return (_MONATE if german else _MONTHS)[day.month - 1]


def _present(match: re.Match[str]) -> str:
    return _TENSES[match[0].casefold()]


_OF_NOW_OR_LATER = re.compile(
    r"^\W*(?:(?:and|but|so|und|aber)\s+)?(?:is|are|am|does|do|has|have|will|would|can|could|ist|sind|hat|haben|wird|kann)\b|"
    r"\b(?:why|when|since|after\w*|before|later|next|then|still|will|ever|now|warum|wieso|wann|seit\w*|danach|vorher|nachher|"
    r"später|dann|noch|jetzt)\b",
    re.IGNORECASE,
)
_MONTHS = "January February March April May June July August September October November December".split()
_MONATE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_UNITS = {
    "day": "day", "week": "week", "month": "month", "year": "year",
    "tag": "day", "woche": "week", "monat": "month", "jahr": "year",
}  # fmt: skip
_TENSES = {
    "was": "is", "were": "are", "did": "does", "had": "has", "war": "ist", "waren": "sind", "hatte": "hat",
    "hatten": "haben", "kostete": "kostet", "kosteten": "kosten",
}  # fmt: skip
_THEN = re.compile(
    # The German "was" asks for something.
    r"\b(?:(?<!^)was|were|did|had|war|waren|hatten?|kosteten?)\b|^was(?=\s+(?:the|a|an|he|she|it)\b)",
    re.IGNORECASE,
)
LONGEST = {"day": 2 * DAY, "week": 8 * DAY, "month": 32 * DAY, "year": 367 * DAY}
"""The longest time of which there is a day, a week and so on before."""
_NOWADAYS = r"right\s+now|now|nowadays|currently|at\s+the\s+moment|these\s+days|jetzt|derzeit|momentan|inzwischen"
_NOW = re.compile(
    rf"\W*(?:(?:and|but|so|und|aber)\s+)?(?:(?:what|how)\s+about\s+)?(?P<now>{_NOWADAYS})\W*", re.IGNORECASE
)
_AT_THE_END = re.compile(rf"\s+(?:{_NOWADAYS})$", re.IGNORECASE)
_BEFORE = re.compile(
    r"\W*(?:(?:and|but|so|und|aber)\s+)?(?:(?:what|how)\s+about\s+)?(?:(?:in|on|am|im|in)\s+)?"
    r"(?:the\s+(?:(?P<unit>day|week|month|year)\s+(?:before|earlier)(?:\s+that)?|previous\s+(?P<prior>day|week|month|year))"
    r"|(?:der|dem|das|die|den)\s+(?P<einheit>tag|woche|monat|jahr)\s+(?:davor|zuvor|vorher))\W*",
    re.IGNORECASE,
)
