"""From candidate passages to a ranking: one score from dense, sentence, lexical and word-for-word evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.records import StoredPassage
from index import holders, reading, succession
from index.question import Expected, Question
from index.reading import Floats, Meetings, Reading
from index.records import Hit
from index.weights import QUOTING, RANKING


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, with what the index knows about it and the question.

    Attributes:
        passage: the stored passage.
        dense: cosine of question and passage vector, -1 to 1, exact.
        lexical: BM25 score of the question's terms (``question.terms``) in title and text, exact, 0 or more.
        sentences: offsets of its sentences into the revision's text, in order, each inside a quotable part.
        cosines: cosine of the question and each sentence's vector, as many as sentences.
        matches: `index.late.matches` of the question's tokens with the passage's words, each token times how much it
            counts (`index.late.attention`), shape (tokens, words): the words are those of
            ``question.tokens(passage.text)``, in that order. None where the index has none.
        vectors: of its sentences, of length 1, shape (sentences, d); None where they are not known.
    """

    passage: StoredPassage
    dense: float
    lexical: float
    sentences: tuple[tuple[int, int], ...]
    cosines: tuple[float, ...]
    matches: NDArray[np.float32] | None = None
    vectors: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """How common the question's terms are in the corpus searched.

    Attributes:
        passages: number of passages in the index.
        frequencies: for each term of the question, the number of passages (title and text) that hold it.
    """

    passages: int
    frequencies: Mapping[str, int] = field(default_factory=dict)


class Covered(NamedTuple):
    """How much of a question each sentence of a passage has, each of shape (s,).

    Attributes:
        coverage: the share of the question's words, by weight.
        context: the same of the sentence, the two beside it and the title.
        late: the mean best match of the question's tokens; None without late interaction.
    """

    coverage: Floats
    context: Floats
    late: Floats | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranked candidate: its hit, and the measurements that quoting and confidence go on with.

    Attributes:
        scores: how well each sentence answers, aligned with ``candidate.sentences``; comparable within one search.
        reading: the passage read against the question; `rank` gives every candidate one.
        covered: what `covered` says of that, likewise.
    """

    hit: Hit
    candidate: Candidate
    scores: tuple[float, ...]
    reading: Reading | None = None
    covered: Covered | None = None


TIMELY = 4.0
"""What the best date is worth over the worst, in the units of the score; docs/quality.md has the table, "Time"."""

NAMING = 4.0
"""How far below the best sentence one may score that names who holds an office, and still go first for its date;
docs/quality.md has the table, "Time"."""

READ = 32
"""Passages whose letters are read; 16 and 64 change single questions, docs/quality.md has the table."""

RERANKED = 16
"""Passages that a re-ranker reads, where there is one: a bound on its time, with which no figure was taken."""

Beside = Callable[[Sequence[Ranked]], Sequence[Candidate]]
"""Finds the passages directly before and after ranked ones."""


def rank(
    question: Question,
    candidates: Sequence[Candidate],
    background: Background,
    *,
    highest: float | None = None,
    own: int | None = None,
    timely: Callable[[StoredPassage], float] | None = None,
    beside: Beside | None = None,
    reread: Callable[[Sequence[StoredPassage]], Sequence[float]] | None = None,
) -> list[Ranked]:
    """Every candidate, read, best first; ties go to the lower passage id.

    Args:
        highest: the highest BM25 score of the search; None where it is one of the candidates'.
        own: how many of the tokens in ``Candidate.matches`` are the question's own, in front of those of the subject it
            refers to. The subject helps to find passages; which of their sentences answers is for the question's
            own words to say. None where all are its own.
        timely: how well a passage's date suits the question, 0 to 1, as `index.when.preference` says it.
        reread: a re-ranker's scores of passages, higher is better; orders the best `RERANKED`.
        beside: asked for the neighbours of the ranking so far; those that it gives are read and ranked like the others.
    """
    if not candidates:
        return []
    late = all(candidate.matches is not None for candidate in candidates)
    terms = reading.weights(question, background.passages, background.frequencies)
    asked = reading.Meetings(question)
    if highest is None:
        highest = max(candidate.lexical for candidate in candidates)
    highest = highest or 1.0
    ranked = [_ranked(asked, candidate, terms, highest, late, timely) for candidate in candidates]
    ranked.sort(key=_place)
    if beside is not None:
        further = [_ranked(asked, candidate, terms, highest, late, timely) for candidate in beside(ranked)]
        known = {each.hit.passage for each in further}
        ranked = sorted([*(each for each in ranked if each.hit.passage not in known), *further], key=_place)
    if reread is not None:
        ranked = _reread(ranked, reread)
    scored = _scored(question, ranked, own)
    if timely is not None and holders.asked_for(question):
        return _holder_first(question, scored, timely)
    if wanted := succession.asked(question.text):
        return _telling_first(scored, partial(succession.tells, wanted))
    return scored


def _telling_first(ranked: Sequence[Ranked], tells: Callable[[str], str]) -> list[Ranked]:
    """With the best sentence that tells who came before somebody, or after, put first, if it is within `NAMING` of the
    best: what names only whom the question names has more of its words."""
    best = max((score for each in ranked for score in each.scores), default=0.0)
    told = [
        (score, -place, -at)
        for place, each in enumerate(ranked)
        for at, score in enumerate(each.scores)
        if score >= best - NAMING and tells(_sentence(each, at))
    ]
    if not told:
        return list(ranked)
    _, place, at = max(told)
    return _first(ranked, -place, -at, best)


def _first(ranked: Sequence[Ranked], place: int, at: int, best: float) -> list[Ranked]:
    """With one sentence of one passage scored above the best."""
    above = math.nextafter(best, math.inf)
    scores = [above if number == at else score for number, score in enumerate(ranked[place].scores)]
    return [replace(each, scores=tuple(scores)) if number == place else each for number, each in enumerate(ranked)]


def _holder_first(
    question: Question, ranked: Sequence[Ranked], timely: Callable[[StoredPassage], float]
) -> list[Ranked]:
    """With the best sentence on whom the best-dated one names put first.

    For who holds an office now: five years on, the article that puts it in the question's words still scores better
    than the one that tells of the successor. Only sentences within `NAMING` of the best count, and where the best is
    newer and speaks of somebody by a surname alone it stays.
    """
    best, first, at_first = max(
        ((score, -place, -at) for place, each in enumerate(ranked) for at, score in enumerate(each.scores)),
        default=(0.0, 0, 0),
    )
    named = [
        (timely(passage), score, place, at, name)
        for place, each in enumerate(ranked)
        if (passage := each.candidate.passage).published
        for at, score in enumerate(each.scores)
        if score >= best - NAMING and (name := holders.named(question, _sentence(each, at), passage.source))
    ]
    if not named:
        return list(ranked)
    now = max(named)[-1]
    _, place, at = max((score, place, at) for _, score, place, at, name in named if name == now)
    leading = ranked[-first]
    if timely(leading.candidate.passage) > timely(ranked[place].candidate.passage) and holders.names_somebody(
        question, _sentence(leading, -at_first), leading.candidate.passage.source
    ):
        return list(ranked)
    return _first(ranked, place, at, best)


def _sentence(ranked: Ranked, at: int) -> str:
    (start, end), first = ranked.candidate.sentences[at], ranked.candidate.passage.start
    return ranked.candidate.passage.text[start - first : end - first]


def _reread(ranked: Sequence[Ranked], reread: Callable[[Sequence[StoredPassage]], Sequence[float]]) -> list[Ranked]:
    """The best passages in a re-ranker's order; their scores are handed round, so that they mean what they did."""
    best = ranked[:RERANKED]
    told = reread([each.candidate.passage for each in best])
    found = sorted(range(len(best)), key=lambda place: (-told[place], place))
    moved = [
        replace(best[place], hit=replace(best[place].hit, score=score.hit.score))
        for place, score in zip(found, best, strict=True)
    ]
    return [*moved, *ranked[len(best) :]]


def _place(ranked: Ranked) -> tuple[float, int]:
    return -ranked.hit.score, ranked.hit.passage


def order(dense: Floats, sentence: Floats, lexical: Floats, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of passages by a score from numbers alone, best first, to choose whose letters are read: the first `READ`.

    Each part of the score is taken over its highest value; ties go to the lower id.

    Args:
        dense: cosine of question and passage, shape (m,).
        sentence: that of its best sentence, the passage's where it has none, shape (m,).
        lexical: BM25 score, shape (m,).
        ids: passage ids, shape (m,).
    """
    scores = np.zeros(len(ids))
    for share, values in ((0.4, dense), (0.3, sentence), (0.3, lexical)):
        told = values.astype(np.float64)
        scores += share * told / told.max(initial=1e-6)
    return np.lexsort((ids, -scores))


def _ranked(
    asked: Meetings,
    candidate: Candidate,
    terms: Floats,
    highest: float,
    late: bool,
    timely: Callable[[StoredPassage], float] | None,
) -> Ranked:
    """The candidate read and given its score; its sentences get theirs when their article's best is known."""
    passage = candidate.passage
    spans = [(start - passage.start, end - passage.start) for start, end in candidate.sentences]
    title = f"{passage.title}\n{passage.heading}"
    read = reading.read(asked, passage.text, spans, title, candidate.matches if late else None)
    said = covered(read, terms)
    measured = passage_measures(candidate, read, said, highest)
    weights = RANKING["plain" if read.late is None else "late"]
    score = sum(weight * measured[name] for name, weight in weights.items())
    if timely is not None:
        score += TIMELY * (timely(passage) - 0.5)
    hit = Hit(passage.id, passage.article, float(score), candidate.dense, candidate.lexical, measured)
    return Ranked(hit, candidate, (), read, said)


def _scored(question: Question, ranked: Sequence[Ranked], own: int | None) -> list[Ranked]:
    """With scores for their sentences; for all at once, because numpy takes as long for one sentence as for hundred."""
    best: dict[int, float] = {}
    for each in ranked:
        best.setdefault(each.hit.article, each.hit.score)
    read = [
        (each, each.reading, each.covered) for each in ranked if each.reading is not None and each.covered is not None
    ]
    late = [said.late if own is None or text.late is None else _means(text.late[:, :own]) for _, text, said in read]
    counts = [len(each.candidate.sentences) for each, _, _ in read]
    parts = _measures(
        question,
        np.repeat(np.array([each.hit.score for each, _, _ in read], dtype=np.float32), counts),
        np.repeat(np.array([best[each.hit.article] for each, _, _ in read], dtype=np.float32), counts),
        np.array([cosine for each, _, _ in read for cosine in each.candidate.cosines], dtype=np.float32),
        np.concatenate([text.words for _, text, _ in read]),
        np.concatenate([text.answer for _, text, _ in read]),
        Covered(
            np.concatenate([said.coverage for _, _, said in read]),
            np.concatenate([said.context for _, _, said in read]),
            None if any(each is None for each in late) else np.concatenate([each for each in late if each is not None]),
        ),
    )
    weights = QUOTING["plain" if parts.get("late") is None else "late"]
    scores = sum((weight * parts[name] for name, weight in weights.items()), np.zeros(sum(counts))).tolist()
    ends = np.cumsum(counts).tolist()
    return [
        replace(each, scores=tuple(scores[first:last]))
        for (each, _, _), first, last in zip(read, [0, *ends], ends, strict=False)
    ]


def covered(read: Reading, terms: Floats) -> Covered:
    """How much of the question each sentence has; ``terms`` are `index.reading.weights`."""
    return Covered(
        read.overlap @ terms, context_coverage(read, terms), None if read.late is None else _means(read.late)
    )


def _means(late: Floats) -> Floats:
    """The mean of each row, as ``mean(axis=1)`` has it but for its overhead; 0 where nothing is to be averaged."""
    means: Floats = np.add.reduce(late, axis=1) / np.float32(max(late.shape[1], 1))
    return means


def passage_measures(candidate: Candidate, read: Reading, said: Covered, highest: float) -> dict[str, float]:
    """What a passage's score is made of.

    Args:
        said: `covered` of the passage.
        highest: the highest BM25 score of the search.

    Returns:
        ``dense`` and ``sentence``: cosines of the passage and its best sentence; ``lexical``: BM25 over the highest,
        0 to 1; ``coverage`` and ``context``: the share of the question's words, by weight, in its best sentence, and
        in its best sentence with the two beside it and the title; ``length``: logarithm of its words; and with late
        interaction ``late`` and ``late_sentence``: mean best match of the question's tokens in all sentences and in
        the best one.
    """
    measured = {
        "dense": candidate.dense,
        "sentence": max(candidate.cosines, default=candidate.dense),
        "lexical": candidate.lexical / highest,
        "coverage": max(said.coverage.tolist(), default=0.0),
        "context": max(said.context.tolist(), default=0.0),
        "length": float(np.log1p(np.add.reduce(read.words))),
    }
    if read.late is not None and said.late is not None:
        sentences = read.late.size > 0
        measured["late"] = float(_means(np.maximum.reduce(read.late, keepdims=True))[0]) if sentences else 0.0
        measured["late_sentence"] = max(said.late.tolist()) if sentences else 0.0
    return measured


def sentence_measures(
    question: Question, candidate: Candidate, read: Reading, terms: Floats, score: float, article: float
) -> dict[str, Floats]:
    """What a sentence's score is made of, each of shape (sentences,).

    ``passage`` is the passage's score, ``article`` that of the article's best passage: in an article that is about
    the question, the answer may stand in a paragraph that does not repeat its words. ``time``, ``number``, ``person``
    and ``place`` say how well the sentence could hold that kind of answer, 0 where the question expects another; the
    rest is as in `passage_measures`.
    """
    count = len(candidate.sentences)
    return _measures(
        question,
        np.full(count, score, dtype=np.float32),
        np.full(count, article, dtype=np.float32),
        np.array(candidate.cosines, dtype=np.float32),
        read.words,
        read.answer,
        covered(read, terms),
    )


def _measures(
    question: Question,
    passage: Floats,
    article: Floats,
    cosine: Floats,
    words: Floats,
    answer: Floats,
    said: Covered,
) -> dict[str, Floats]:
    """See `sentence_measures`; of the sentences of one or many passages, each array of shape (sentences,)."""
    measured = {
        "passage": passage,
        "article": article,
        "cosine": cosine,
        "coverage": said.coverage,
        "context": said.context,
        "length": np.log1p(words),
    }
    for kind in (Expected.TIME, Expected.NUMBER, Expected.PERSON, Expected.PLACE):
        measured[kind.value] = answer * np.float32(question.expected is kind)
    if said.late is not None:
        measured["late"] = said.late
    return measured


def context_coverage(read: Reading, terms: Floats) -> Floats:
    """The share of the question's words, by weight, in each sentence, the two beside it and the title: shape (s,)."""
    if not len(read.overlap):
        return np.zeros(0, dtype=np.float32)
    nearby = np.maximum(read.overlap, read.title)
    nearby[1:] = np.maximum(nearby[1:], read.overlap[:-1])
    nearby[:-1] = np.maximum(nearby[:-1], read.overlap[1:])
    covered: Floats = nearby @ terms
    return covered
