"""Query -> what was found: candidates from both sides, filtered inside the search, ranked and quoted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.records import StoredPassage, instant
from corpus.store import Store
from index import confidence, evidence, holders, late, ranking
from index.confidence import Calibration
from index.current import toll
from index.embedder import Embedder
from index.published import UNDATED, Published
from index.question import Question, analyse, marked
from index.quoting import quoted
from index.ranking import Background, Candidate, Ranked
from index.records import Query, Quote, Verdict
from index.reranker import Reranker
from index.timed import timed_of
from index.when import (
    SLACK,
    When,
    is_current_state,
    preference,
    understand,
)

DEPTH = 100
"""Candidates taken from each side; 25 to 200 find the same in 1,000 to 6,000 passages, see docs/quality.md."""

READ_ON = 20_000
"""Passages up to which quotes after a doubted first one are read: each costs as much time again, which a question to a
large index does not have; docs/speed.md has the figures."""


class Gathered(NamedTuple):
    """Exact scores of some rows, m of them, with s sentences in all.

    Attributes:
        rows: shape (m,).
        dense, lexical: cosine and BM25 score of each, shape (m,).
        cosines: of the question and each sentence, shape (s,): those of row i are ``cosines[ends[i - 1]:ends[i]]``.
        ends: shape (m,).
        vectors: of the sentences, shape (s, d).
    """

    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    cosines: NDArray[np.float32]
    ends: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where the sentences of each row begin in ``cosines``, shape (m,)."""
        return np.concatenate([[0], self.ends[:-1]])

    @property
    def best(self) -> NDArray[np.float32]:
        """The highest of each row's sentences, the row's own cosine where it has none; shape (m,)."""
        best = self.dense.copy()
        some = self.starts < self.ends
        if some.any():
            best[some] = np.maximum.reduceat(self.cosines, self.starts[some])
        return best


@dataclass(frozen=True, slots=True)
class Found:
    """Everything one search came to.

    Attributes:
        ranked: what was read, best first, before copies of a story are folded.
        stages: milliseconds by stage: embed, search, fuse, store, read, rank, quote.
        behind: articles of the passages too far down to be read, best first.
    """

    question: Question
    ranked: tuple[Ranked, ...]
    quotes: tuple[Quote, ...]
    verdict: Verdict
    stages: Mapping[str, float]
    behind: tuple[int, ...] = ()


def search(
    query: Query,
    *,
    published: Published,
    store: Store,
    embedder: Embedder,
    calibration: Calibration,
    topics: Mapping[str, Sequence[str]] | None = None,
    max_words: Mapping[str, int] | None = None,
    threshold: float | None = None,
    when: When | None = None,
    reranker: Reranker | None = None,
) -> Found:
    """Find what answers a question, quote it, and say how sure that is.

    The store has the last word: a passage that may no longer be quoted is dropped, whatever the index holds.

    Args:
        topics: each source's topics, for a query that names some.
        max_words: the longest quote of each source, in words, where it is not the default.
        threshold: confidence to answer from; None for the calibration's own.
        reranker: reads the best passages again and orders them.
        when: what the question says of time, where more is known of it than `index.when.understand` can read.
    """
    stages: dict[str, float] = {}
    clock = perf_counter()

    def stage(name: str) -> None:
        nonlocal clock
        now = perf_counter()
        stages[name] = stages.get(name, 0.0) + (now - clock) * 1000
        clock = now

    when = understand(query.text, query.now) if when is None else when
    if when.topic and not query.subject:
        if office := holders.without_verb(query.text):
            plain = replace(query, text=office[0])
            found = search(
                plain,
                published=published,
                store=store,
                embedder=embedder,
                calibration=calibration,
                topics=topics,
                max_words=max_words,
                threshold=threshold,
                reranker=reranker,
            )
            if found.verdict.answered and any(office[1].search(each.candidate.passage.text) for each in found.ranked):
                return found
        query = replace(query, text=when.topic)
    question = analyse(query.text, query.subject)
    words = f"{marked(query.text)} {query.subject}".strip()
    vector, pieces = embedder.embed_question(words, late.question_spans(words) if embedder.pools_tokens else ())
    stage("embed")
    terms = [term.stem for term in question.terms]
    mask = _not_later(published, query.now, allowed_rows(published, query, topics or {}, when))
    rows = candidate_rows(published, vector, terms, mask)
    scores = gather(published, vector, terms, rows)
    stage("search")
    findable = store.findable(published.passages[rows].tolist())
    stage("store")
    near, behind, highest = _nearest(published, scores, findable)
    stage("fuse")
    candidates = _candidates(published, store, scores, near)
    stage("store")
    own = len(late.question_spans(marked(query.text))) if query.subject else None
    counted = calibration.counted(pieces, embedder.digest, own)
    if embedder.pools_tokens:
        candidates = _matched(published, candidates, pieces, counted)
    background = Background(published.manifest.passages, published.keywords.frequencies(terms))
    stage("read")

    def beside(best: Sequence[Ranked]) -> list[Candidate]:
        found = _beside(published, store, vector, terms, best)
        return _matched(published, found, pieces, counted) if embedder.pools_tokens else found

    def reread(passages: Sequence[StoredPassage]) -> list[float]:
        assert reranker is not None  # noqa: S101  # asked only where there is one
        return reranker.scores(words, [f"{each.title}\n{each.text}".strip() for each in passages])

    ranked = ranking.rank(
        question,
        candidates,
        background,
        highest=highest,
        own=own,
        timely=_timely(query, when),
        beside=beside,
        reread=reread if reranker else None,
    )
    stage("rank")
    # The numbers were fitted without a re-ranker: with one they are as uncalibrated as with another model.
    model = f"{embedder.digest} {reranker.name}" if reranker else embedder.digest

    def told(newest: bool) -> tuple[list[Quote], Verdict]:
        quotes, reading = quoted(
            embedder,
            marked(query.asked) or words,
            question,
            ranked,
            max_words=max_words,
            further=published.manifest.passages <= READ_ON,
            newest=newest,
            timed=timed,
        )
        measured = confidence.signals(question, ranked, quotes, reading)
        if query.asked and reading is not None:
            measured = calibration.led(measured)
        return quotes, confidence.verdict(measured, calibration, model=model, threshold=threshold)

    until_now = when.about is None or when.about.contains(query.now)
    current = when.prefers_newest and (when.topic != "" or is_current_state(query.text))
    newest = until_now and (current or toll(query.text) is not None)
    timed = timed_of(marked(query.asked) or words, query.now, when)
    quotes, verdict = told(newest)
    if newest and not verdict.answered:
        quotes, verdict = told(False)  # an old answer, said to be of its date, before none
    stage("quote")
    return Found(question, tuple(ranked), tuple(quotes), verdict, stages, behind)


def allowed_rows(
    published: Published, query: Query, topics: Mapping[str, Sequence[str]], when: When | None = None
) -> NDArray[np.bool_] | None:
    """Rows that the query's filters and the time it speaks of let through, shape (n,); None when nothing is kept out.

    An article without a date passes the time that a question speaks of, and no bound that the query sets.
    """
    names = published.manifest.sources
    mask: NDArray[np.bool_] | None = None

    def also(other: NDArray[np.bool_]) -> None:
        nonlocal mask
        mask = other if mask is None else mask & other

    if query.sources is not None:
        also(np.array([name in query.sources for name in names], dtype=np.bool_)[published.sources])
    if query.topics is not None:
        of_topic = [bool(query.topics.intersection(topics.get(name, ()))) for name in names]
        also(np.array(of_topic, dtype=np.bool_)[published.sources])
    if query.since is not None:
        also(published.published >= int(query.since.timestamp()))
    if query.until is not None:
        also((published.published != UNDATED) & (published.published < int(query.until.timestamp())))
    if when is not None and when.since is not None:
        also((published.published == UNDATED) | (published.published >= int(when.since.timestamp())))
    if when is not None and when.until is not None:
        also((published.published == UNDATED) | (published.published < int(when.until.timestamp())))
    return mask


def _not_later(published: Published, now: datetime, mask: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
    """The mask without what is dated later than the moment of asking, which cannot have been known then.

    One day is left: half of the world is a calendar day ahead of the other at times, and many articles state a day.
    """
    moment = int((now + SLACK).timestamp())
    if published.latest <= moment:
        return mask
    known: NDArray[np.bool_] = published.published <= moment  # `UNDATED` is lower than every time
    return known if mask is None else mask & known


def _timely(query: Query, when: When) -> Callable[[StoredPassage], float] | None:
    """How well a passage's date suits what the question says of time; None where it says nothing."""
    if when.about is None and not when.prefers_newest:
        return None
    return lambda passage: preference(instant(passage.published), query.now, when)


def candidate_rows(
    published: Published, vector: NDArray[np.float32], terms: Sequence[str], mask: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """Rows that may answer, ascending: the best of either side."""
    _, ids = published.vectors.search(vector, DEPTH, mask)
    return np.union1d(published.rows(ids), published.keywords.best(terms, DEPTH, mask)).astype(np.int64)


def gather(
    published: Published, vector: NDArray[np.float32], terms: Sequence[str], rows: NDArray[np.int64]
) -> Gathered:
    """The exact scores of some rows and of their sentences."""
    firsts, lasts = published.sentence_offsets[rows], published.sentence_offsets[rows + 1]
    dense = published.picked("dense", rows, rows + 1).astype(np.float32) @ vector
    vectors = published.picked("sentence_vectors", firsts, lasts).astype(np.float32)
    lexical = published.keywords.scores_of(terms, rows)
    return Gathered(rows, dense, lexical, vectors @ vector, np.cumsum(lasts - firsts), vectors)


def _nearest(
    published: Published, scores: Gathered, findable: Mapping[int, bool]
) -> tuple[NDArray[np.int64], tuple[int, ...], float]:
    """Which of the rows gathered are worth reading.

    Args:
        findable: of those that may be found, by passage id, whether they may be quoted.

    Returns:
        The places of these rows, best first; the articles of the other rows; and the highest BM25 score of all.
    """
    ids = published.passages[scores.rows]
    told = [findable.get(number) for number in ids.tolist()]
    places = np.array([place for place, quotable in enumerate(told) if quotable is not None], dtype=np.int64)
    best = np.where(np.array(told, dtype=np.bool_), scores.best, scores.dense)
    lexical = scores.lexical[places]
    order = places[ranking.order(scores.dense[places], best[places], lexical, ids[places])]
    behind = published.articles[scores.rows[order[ranking.READ :]]]
    return order[: ranking.READ], tuple(dict.fromkeys(behind.tolist())), float(lexical.max(initial=0.0))


def _beside(
    published: Published,
    store: Store,
    vector: NDArray[np.float32],
    terms: Sequence[str],
    ranked: Sequence[Ranked],
) -> list[Candidate]:
    """The passages directly before and after those that may be quoted, where these were not read already."""
    if not ranked:
        return []
    read = {each.hit.passage for each in ranked}
    best = [each.candidate.passage for each in ranked[: evidence.PASSAGES]]
    rows = {article: published.rows_of(article) for article in {passage.article for passage in best}}
    middle = published.rows(np.array([passage.id for passage in best], dtype=np.int64))
    near = np.intersect1d(np.concatenate([middle - 1, middle + 1]), np.concatenate(list(rows.values())))
    found = _candidates(published, store, gather(published, vector, terms, near))
    starts, ends = _bounds([*best, *(each.passage for each in found)])
    # After an edit the rows of an article are not in the order of its text.
    torn = {
        passage.article
        for passage in best
        if (passage.start > 0 and (passage.revision, passage.start) not in ends)
        or (passage.position + 1 < len(rows[passage.article]) and (passage.revision, passage.end) not in starts)
    }
    if torn:
        rest = np.setdiff1d(np.concatenate([rows[article] for article in torn]), near)
        found += _candidates(published, store, gather(published, vector, terms, rest))
    starts, ends = _bounds(best)
    return [
        each
        for each in found
        if each.passage.id not in read
        and ((each.passage.revision, each.passage.end) in starts or (each.passage.revision, each.passage.start) in ends)
    ]


def _bounds(passages: Sequence[StoredPassage]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Where passages start and where they end, each with its revision."""
    return {(each.revision, each.start) for each in passages}, {(each.revision, each.end) for each in passages}


def _candidates(
    published: Published, store: Store, scores: Gathered, places: NDArray[np.int64] | None = None
) -> list[Candidate]:
    """The candidates of the rows gathered, or of those at some places among them, in the order of the places."""
    wanted = np.arange(len(scores.rows)) if places is None else places
    rows = scores.rows[wanted]
    ids = published.passages[rows].tolist()
    passages = store.passages_by_id(ids)
    firsts, starts, ends = published.sentence_offsets[rows].tolist(), scores.starts.tolist(), scores.ends.tolist()
    dense, lexical = scores.dense.tolist(), scores.lexical.tolist()
    candidates = []
    for place, number, first in zip(wanted.tolist(), ids, firsts, strict=True):
        passage = passages.get(number)
        if passage is None:
            continue
        # Its page may forbid quotes since the index was made.
        count = ends[place] - starts[place] if passage.quotable else 0
        spans = published.sentence_spans[first : first + count].tolist()
        candidates.append(
            Candidate(
                passage,
                dense[place],
                lexical[place],
                tuple([(start + passage.start, end + passage.start) for start, end in spans]),
                tuple(scores.cosines[starts[place] : starts[place] + count].tolist()),
                vectors=scores.vectors[starts[place] : starts[place] + count],
            )
        )
    return candidates


def _matched(
    published: Published,
    candidates: Sequence[Candidate],
    pieces: NDArray[np.float32],
    counted: NDArray[np.float32],
) -> list[Candidate]:
    """The candidates with how the question's tokens meet their words.

    ``counted`` is how much each token counts; taken into the matches, so that means over tokens are weighted ones.
    """
    rows = published.rows(np.array([each.passage.id for each in candidates], dtype=np.int64))
    firsts, lasts = published.word_offsets[rows], published.word_offsets[rows + 1]
    matches = late.matches(pieces, published.picked("words", firsts, lasts)) * counted[:, None]
    ends = np.cumsum(lasts - firsts).tolist()
    return [
        replace(each, matches=matches[:, first:last])
        for each, first, last in zip(candidates, [0, *ends], ends, strict=False)
    ]
