"""What is new on a question since its last look: the same search and the same confidence, over what came in since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.records import Place
from corpus.agreement import Relation, compare
from corpus.canonical import words_of
from corpus.claims import differences
from corpus.records import StoredPassage, instant
from corpus.spelling import is_german
from corpus.store import Store
from index.evidence import BAR, alike, content_words, quotes
from index.published import Published
from index.search import Found

NEAR = 0.15
"""Cosine of question and passage below which no search is worth its while; docs/stories.md has the table."""
LATE = timedelta(days=2)
"""How long before a question was followed something may have been published and still be news to who follows it."""


def newest(published: Published) -> int:
    """The highest row id of a passage in an index; 0 in an empty one."""
    return int(published.passages[-1]) if len(published.passages) else 0


def may_have_news(published: Published, vector: NDArray[np.float32], after: int) -> bool:
    """Whether any passage that came after ``after`` is near a question at all; costs what came, not what is there."""
    count = len(published.passages)
    first = int(np.searchsorted(published.passages, after, side="right"))
    if first >= count:
        return False
    firsts, lasts = np.array([first], dtype=np.int64), np.array([count], dtype=np.int64)
    return bool((published.picked("dense", firsts, lasts).astype(np.float32) @ vector).max() >= NEAR)


def news(
    found: Found,
    store: Store,
    after: int,
    known: Sequence[Place],
    made: datetime,
    max_words: Mapping[str, int],
) -> list[Place]:
    """Where the new words stand that answer a question, best first; none where they say what is known.

    Args:
        found: the whole search, whose verdict holds for them too.
        after: passages up to this row id are old.
        known: what was told before.
        made: when the question was followed.
    """
    if not found.verdict.answered or not found.quotes:
        return []
    told = {place.article for place in known}
    fresh = [
        each
        for each in found.ranked
        if each.candidate.passage.id > after and _recent(each.candidate.passage, made, told)
    ]
    passages = {each.hit.passage: each.candidate.passage for each in fresh}
    stories = {article.story for number in told if (article := store.article(number))}
    said = [words for place in known if (words := _words(store, place))]
    places: list[Place] = []
    # Not of what is quoted: the first quote is not always the one that scores best, nor is that always shown.
    least = max(score for each in found.ranked for score in each.scores) - BAR
    for quote in quotes(found.question, fresh, max_words=max_words):
        passage = passages[quote.hit.passage]
        copy = passage.story in stories and passage.article not in told
        if quote.score < least or copy or any(same(each, quote.text) for each in said):
            continue
        places.append(Place(passage.article, quote.revision, passage.id, quote.start, quote.end))
        said.append(quote.text)
        stories.add(passage.story)
    return places


def same(known: str, other: str) -> bool:
    """Whether words tell what is known already: nearly the same, or in other words, and claiming nothing else."""
    if compare(known, other).relation is Relation.AGREES or compare(other, known).relation is Relation.AGREES:
        return True
    if not alike(content_words(known), content_words(other)):
        return False
    german = is_german(f"{known} {other}")
    return not differences(words_of(known, german=german), words_of(other, german=german))


def _recent(passage: StoredPassage, made: datetime, told: Iterable[int]) -> bool:
    """Whether a passage is news: not of an old article that is only read now, unless that was told of before."""
    published = instant(passage.published)
    return published is None or published >= made - LATE or passage.article in told


def _words(store: Store, place: Place) -> str:
    text = store.revision_text(place.revision)
    return text[place.start : place.end] if text else ""
