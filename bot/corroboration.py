"""Who else says so: outlets that say what the first quote says, and those that differ from it on a figure or a name.

Compared is the quote's main sentence with sentences of other outlets on the same course of events. Copies of one text
count once, and so do outlets of one owner; opinion, satire and sponsored pieces count for nothing. What
`corpus.agreement` leaves open is neither counted nor shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.lookup import still_quotable
from bot.records import Citation, Dispute, Place
from corpus.agreement import Comparison, Relation, compare
from corpus.records import ArticleKind, StoredPassage, instant
from corpus.sentences import sentences
from corpus.store import Store
from index.cutting import MAX_WORDS
from index.evidence import content_words
from index.ranking import Ranked
from index.search import Found

COMPARED = 32
"""Sentences compared for one answer, at most: some milliseconds."""
SHOWN = 2
"""Differences shown; more would bury the answer."""
SAME_TIME = timedelta(days=14)
"""Further apart, another figure is likelier to be news than a contradiction."""
SHARED = 2
"""Content words that two sentences must have in common to be compared at all."""

_COUNTED = (ArticleKind.NEWS, ArticleKind.LIVE)


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What the comparison came to.

    Attributes:
        outlets: names of the independent outlets that say so, the quoted one first.
        disputes: where others differ, the best match first.
    """

    outlets: tuple[str, ...]
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    passage: StoredPassage
    start: int
    end: int
    comparison: Comparison


def corroborate(
    found: Found, citations: Sequence[Citation], store: Store, owners: Mapping[str, str], quotable: set[str]
) -> Corroboration:
    """Compare the first citation with what others wrote; on the worker's thread.

    Args:
        owners: who owns each source, by its name; empty or missing where nobody else does.
        quotable: names of the sources that may be quoted.
    """
    if not citations:
        return Corroboration((), ())
    lead = citations[0]
    passage = next(
        (each.candidate.passage for each in found.ranked if each.candidate.passage.id == lead.passage_id), None
    )
    if passage is None or passage.kind not in _COUNTED:
        return Corroboration((lead.source,), ())
    said = _compared(_main(lead), passage, found.ranked)
    outlets = {_owner(lead.source, owners): lead.source}
    stories = {passage.story}
    for each in said:
        owner = _owner(each.passage.source, owners)
        if each.comparison.relation is Relation.AGREES and owner not in outlets and each.passage.story not in stories:
            outlets[owner] = each.passage.source
            stories.add(each.passage.story)
    disputes: list[Dispute] = []
    for each in said:
        owner = _owner(each.passage.source, owners)
        if each.comparison.relation is not Relation.DIFFERS or owner in outlets or each.passage.story in stories:
            continue
        if not _at_one_time(passage, each.passage) or len(disputes) == SHOWN:
            continue
        place = Place(each.passage.article, each.passage.revision, each.passage.id, each.start, each.end)
        for citation in still_quotable(store, [place], quotable):
            comparison = each.comparison
            disputes.append(Dispute(comparison.on.value, comparison.one, comparison.other, citation))
            stories.add(each.passage.story)
    return Corroboration(tuple(outlets.values()), tuple(disputes))


def undisputed(citations: Sequence[Citation], disputes: Sequence[Dispute]) -> tuple[Citation, ...]:
    """The citations but those that the disputes quote as well: their words stand there, with what they differ in."""
    others = [each.citation for each in disputes]
    kept = [
        citation
        for citation in citations
        if not any(
            citation.article == other.article and citation.start < other.end and other.start < citation.end
            for other in others
        )
    ]
    return tuple(replace(citation, number=number) for number, citation in enumerate(kept, 1))


def _main(citation: Citation) -> str:
    """The sentence of a quote that answers."""
    spans = sentences(citation.quote)
    at = citation.emphasis[0] if citation.emphasis else 0
    start, end = next(((a, b) for a, b in spans if a <= at < b), (0, len(citation.quote)))
    return citation.quote[start:end]


def _compared(main: str, passage: StoredPassage, ranked: Sequence[Ranked]) -> list[_Said]:
    """What each other article on the same events says to the sentence: it agrees, or else it differs."""
    wanted = content_words(main)
    likely: list[tuple[float, StoredPassage, int, int, str]] = []
    for each in ranked:
        other = each.candidate.passage
        if (
            other.article == passage.article
            or other.story == passage.story
            or other.storyline != passage.storyline
            or other.source == passage.source
            or other.kind not in _COUNTED
        ):
            continue
        for (start, end), score in zip(each.candidate.sentences, each.scores, strict=False):
            text = other.text[start - other.start : end - other.start]
            if len(text.split()) > min(other.max_words, MAX_WORDS):
                continue
            if other.max_chars is not None and len(text) > other.max_chars:
                continue
            if len(wanted & content_words(text)) >= SHARED:
                likely.append((score, other, start, end, text))
    likely.sort(key=lambda each: (-each[0], each[1].id, each[2]))
    best: dict[int, _Said] = {}
    for _, other, start, end, text in likely[:COMPARED]:
        comparison = compare(main, text, context=f"{passage.text}\n{other.text}")
        before = best.get(other.article)
        agrees = comparison.relation is Relation.AGREES
        if comparison.relation is Relation.OPEN or (before and not agrees):
            continue
        # Who says the same in one sentence does not contradict it with another.
        if before is None or before.comparison.relation is not Relation.AGREES:
            best[other.article] = _Said(other, start, end, comparison)
    return list(best.values())


def _owner(source: str, owners: Mapping[str, str]) -> str:
    return (owners.get(source) or source).casefold()


def _at_one_time(one: StoredPassage, other: StoredPassage) -> bool:
    first, second = instant(one.published), instant(other.published)
    return first is not None and second is not None and abs(first - second) <= SAME_TIME
