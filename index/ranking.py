"""From candidate passages to a ranking: one score from dense, sentence, lexical and word-for-word evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from corpus.records import StoredPassage
from index.question import Question
from index.records import Hit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, with what the index knows about it and the question.

    Attributes:
        passage: the stored passage.
        dense: cosine of question and passage vector, -1 to 1, exact.
        lexical: BM25 score of the question's terms (``question.terms``) in title and text, exact, 0 or more.
        sentences: offsets of its sentences into the revision's text, in order, each inside a quotable part.
        cosines: cosine of the question and each sentence's vector, as many as sentences.
    """

    passage: StoredPassage
    dense: float
    lexical: float
    sentences: tuple[tuple[int, int], ...]
    cosines: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """How common the question's terms are in the corpus searched.

    Attributes:
        passages: number of passages in the index.
        frequencies: for each term of the question, the number of passages (title and text) that hold it.
    """

    passages: int
    frequencies: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranked candidate: its hit, and the measurements that quoting and confidence go on with.

    Attributes:
        scores: how well each sentence answers, aligned with ``candidate.sentences``; comparable within one search.
    """

    hit: Hit
    candidate: Candidate
    scores: tuple[float, ...]


def rank(
    question: Question,
    candidates: Sequence[Candidate],
    background: Background,
    *,
    now: datetime | None = None,
) -> list[Ranked]:
    """Every candidate, best first; ties go to the lower passage id. ``now`` is the moment of asking."""
    if not candidates:
        return []
    highest = max(candidate.lexical for candidate in candidates) or 1.0
    ranked = []
    for candidate in candidates:
        best = max(candidate.cosines, default=candidate.dense)
        score = 0.5 * candidate.dense + 0.2 * best + 0.3 * candidate.lexical / highest
        hit = Hit(
            candidate.passage.id,
            candidate.passage.article,
            score,
            candidate.dense,
            candidate.lexical,
            {"sentence": best},
        )
        ranked.append(Ranked(hit, candidate, candidate.cosines))
    return sorted(ranked, key=lambda each: (-each.hit.score, each.hit.passage))
