"""When the events that questions count from took place, as far as the articles tell: "since Orrin resigned"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from corpus.records import instant
from index.ranking import Ranked
from index.records import Query
from index.search import Found
from index.when import When, understand

WHOLE = 0.999
"""Share of a phrase's words, by weight, from which a sentence is taken to name the event; 1 but for rounding."""


def dated(when: When, query: Query, find: Callable[..., Found]) -> dict[str, datetime]:
    """When the events that a question counts from took place, as far as the articles tell: by phrase.

    An event is dated by the article that its phrase finds first, where a sentence of it has every word of the phrase,
    or by the earliest such article on the same course of events: later ones look back on it, and too early a date
    leaves nothing out that may answer. One that says who did what is dated by the earliest such article of all.
    """
    dates = {}
    for event in when.events:
        # The name of an event is no question for the newest of its kind.
        plain = replace(understand(event.phrase, query.now), prefers_newest=False, topic="")
        found = find(replace(query, text=event.phrase, subject=""), when=plain)
        if len(found.question.terms) < 1 + event.named:
            continue
        tell = [each for each in found.ranked if each.hit.signals.get("coverage", 0.0) > WHOLE]
        if not event.named:  # another flood has a date of its own
            tell = [each for each in tell if tell[0] is found.ranked[0] and _course(each) == _course(tell[0])]
        told = [each.candidate.passage.published for each in tell]
        moments = [moment for each in told if (moment := instant(each)) is not None]
        if moments:
            dates[event.phrase] = min(moments)
    return dates


def _course(ranked: Ranked) -> int:
    return ranked.candidate.passage.storyline
