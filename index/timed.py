"""What the time of a question means for what is read: articles of it without its words, and what tells of it first.
Pure."""

from __future__ import annotations

import re
from datetime import datetime

from corpus.records import StoredPassage, instant
from index.question import terms
from index.quoting import Timed
from index.time_words import Event, Relation
from index.when import FADING, SLACK, When, of_its_time, tells_of, understand, untimed

_RELATED = {
    Relation.AFTER: r"after|following|since|nach|seit",
    Relation.BEFORE: r"before|ahead\s+of|prior\s+to|until|vor|bis",
}
_NEAR = 4
"""Words behind such a preposition among which the event is named."""


def timed_of(words: str, now: datetime, when: When) -> Timed | None:
    """What the time of a question means for what is read; None where it is about none."""
    if when.counted is not None:
        event, date = when.counted
        spans = [each.span for each in understand(words, now).events if each == event]
        return around(words, event, date, spans[0]) if spans else None
    bare = untimed(words, now)
    if bare == words:
        return None
    time = set(terms(words)) - set(terms(bare))

    def within(passage: StoredPassage) -> bool:
        return of_its_time(instant(passage.published), when)

    def unsaid(passage: StoredPassage, quote: str) -> bool:
        return within(passage) and time.isdisjoint(terms(f"{passage.title}\n{quote}"))

    def told_by(passage: StoredPassage, quote: str) -> bool:
        published = instant(passage.published)
        if published is None or when.about is None or of_its_time(published, when):
            return True
        return tells_of(f"{passage.title}. {quote}", published, when.about)

    return Timed(bare, within, unsaid, told_by)


def around(words: str, event: Event, date: datetime, span: tuple[int, int]) -> Timed:
    """The same of a question that counts from an event, "after the summit".

    What somebody did before the strike needs no word of it. What happened before it is asked of the strike: then the
    question stays whole, and what is read has one of its words and is at most `FADING` away, not on another strike.

    Args:
        date: when the event was. What is told of it on its day and the next is told of the event itself.
        span: where the event stands in ``words``, with its preposition.
    """
    bare = " ".join(f"{words[: span[0]]} {words[span[1] :]}".split()).replace(" ?", "?")
    own = frozenset(terms(event.phrase))
    matter = set(terms(bare)) - _HAPPENS
    related = re.compile(rf"\b(?:{_RELATED[event.relation]})((?:\W+\w[\w'’-]*){{1,{_NEAR}}})", re.IGNORECASE)

    def within(passage: StoredPassage) -> bool:
        published = instant(passage.published)
        if published is None:
            return False
        if not matter and (abs(published - date) > FADING or own.isdisjoint(terms(f"{passage.title}\n{passage.text}"))):
            return False
        return published >= date + 2 * SLACK if event.relation is Relation.AFTER else published <= date - SLACK

    def unsaid(passage: StoredPassage, quote: str) -> bool:
        return bool(matter) and within(passage) and own.isdisjoint(terms(f"{passage.title}\n{quote}"))

    def told_by(passage: StoredPassage, quote: str) -> bool:
        said = any(own & set(terms(found[1])) for found in related.finditer(quote))
        return said or instant(passage.published) is None or within(passage)

    return Timed(bare if matter else words, within, unsaid, told_by, own if matter else frozenset())


_HAPPENS = frozenset(terms("happened happens happen passiert geschah geschehen"))
