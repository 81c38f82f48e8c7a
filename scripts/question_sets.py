"""Question sets searched in memory as the bot's search does, for `calibrate.py`.

Without dates, store and index: what is fitted is asked again with each set of numbers, and left-out sets with each set
of sets, which reading from files would make too slow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.evaluation import Asked, Split, load_questions
from corpus.errors import CorpusError
from corpus.passages import passages
from corpus.progress import Progress, silent
from corpus.records import Article, Block, BlockKind, StoredPassage
from index import evidence, late, ranking
from index.embedder import Embedder
from index.keywords import KeywordIndex
from index.question import Question, analyse, marked, terms, tokens
from index.quoting import quoted
from index.ranking import Background, Candidate, Ranked
from index.records import Quote
from index.rows import embedded_text, sentence_spans
from index.search import DEPTH


@dataclass(frozen=True)
class Corpus:
    """A set's passages with everything a search needs, in memory."""

    passages: list[StoredPassage]
    articles: list[str]
    spans: list[list[tuple[int, int]]]
    dense: NDArray[np.float32]
    sentences: list[NDArray[np.float32]]
    codes: list[NDArray[np.uint8]]
    keywords: KeywordIndex

    def only(self, articles: frozenset[str]) -> Corpus:
        """The corpus of some of its articles."""
        kept = [row for row, article in enumerate(self.articles) if article in articles]
        return Corpus(
            [self.passages[row] for row in kept],
            [self.articles[row] for row in kept],
            [self.spans[row] for row in kept],
            self.dense[kept],
            [self.sentences[row] for row in kept],
            [self.codes[row] for row in kept],
            KeywordIndex.build([_document(self.passages[row]) for row in kept]),
        )


@dataclass(frozen=True)
class Search:
    """One question with its candidates.

    Attributes:
        gold: row ids of the articles that answer.
        pieces: vectors of the question's tokens (t, d).
        quoted: what is quoted of ranked passages, and how the first quote reads, see `index.quoting.quoted`.
    """

    asked: Asked
    question: Question
    candidates: list[Candidate]
    background: Background
    gold: frozenset[int]
    beside: ranking.Beside
    pieces: NDArray[np.float32]
    quoted: Callable[[Sequence[Ranked]], tuple[list[Quote], float | None]]

    def counting(self, direction: NDArray[np.float32]) -> Search:
        """The search with each token counted as `index.late.attention` says."""
        counted = late.attention(self.pieces, direction)[:, None]

        def weighed(candidates: Sequence[Candidate]) -> list[Candidate]:
            return [
                each if each.matches is None else replace(each, matches=each.matches * counted) for each in candidates
            ]

        return replace(self, candidates=weighed(self.candidates), beside=lambda best: weighed(self.beside(best)))

    def ranked(self, kind: str) -> list[Ranked]:
        """The read candidates, ranked with or without late interaction."""

        def seen(candidates: Sequence[Candidate]) -> list[Candidate]:
            return [replace(each, matches=None) if kind == "plain" else each for each in candidates]

        return ranking.rank(
            self.question, seen(self.candidates), self.background, beside=lambda best: seen(self.beside(best))
        )


def _document(passage: StoredPassage) -> list[str]:
    return terms(f"{passage.title}\n{passage.heading}\n{passage.text}")


def load_set(folder: Path, embedder: Embedder, progress: Progress = silent) -> tuple[Corpus, list[Asked]]:
    """A set's corpus, and the questions of its tune split.

    Raises:
        CorpusError: one of its files cannot be read, or a line of it; names the file and the line.
    """
    asked = load_questions(folder / "questions.jsonl", Split.TUNE)
    found, owners = _passages(folder / "articles.jsonl")
    spans = [sentence_spans(passage) for passage in found]
    texts = [embedded_text(passage) for passage in found]
    wanted = []
    for passage, text, own in zip(found, texts, spans, strict=True):
        before = len(text) - len(passage.text)
        both = [*own, *((start, end) for _, start, end in tokens(passage.text))]
        wanted.append([(start + before, end + before) for start, end in both])
    dense, parts = embedder.embed_passages(texts, wanted, lambda done: progress(folder.name, done, len(texts)))
    counts = [len(own) for own in spans]
    corpus = Corpus(
        found,
        owners,
        spans,
        dense,
        [part[:count] for part, count in zip(parts, counts, strict=True)],
        [late.pack(part[count:]) for part, count in zip(parts, counts, strict=True)],
        KeywordIndex.build([_document(passage) for passage in found]),
    )
    return corpus, asked


def _passages(path: Path) -> tuple[list[StoredPassage], list[str]]:
    """The passages of a set's articles, and the article's id by passage."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"cannot be read ({error})", subject=path, remedy="give an articles file") from error
    found: list[StoredPassage] = []
    owners: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            title, words, name, published = raw["title"], raw["text"], raw["id"], raw["published"] or None
            blocks = [Block(BlockKind.PARAGRAPH, *match.span()) for match in re.finditer(r"[^\n]+", words)]
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(
                f"is no article ({error!r})", subject=f"{path}:{number}", remedy="see docs/quality.md for the format"
            ) from error
        for place, each in enumerate(passages(Article(title, words, tuple(blocks)))):
            text = words[each.start : each.end]
            row = len(found)
            found.append(
                StoredPassage(
                    row, number, number, text, each.start, each.end, each.quotable, each.heading, place, title,
                    "set", published, story=number, storyline=number,
                )
            )  # fmt: skip
            owners.append(name)
    return found, owners


def ask(embedder: Embedder, corpus: Corpus, asked: Sequence[Asked]) -> Iterator[Search]:
    """Candidates as the bot's search takes them: the best of either side, exact scores of both for all."""
    places = {passage.id: row for row, passage in enumerate(corpus.passages)}
    rows = {name: passage.article for name, passage in zip(corpus.articles, corpus.passages, strict=True)}
    for each in asked:
        question = analyse(each.question)
        words = marked(each.question)
        vector, pieces = embedder.embed_question(words, late.question_spans(words))
        stems = [term.stem for term in question.terms]
        dense = corpus.dense @ vector
        lexical = corpus.keywords.scores(stems)
        best = np.union1d(np.argsort(-dense)[:DEPTH], np.argsort(-lexical)[:DEPTH])

        def candidate(
            row: int,
            vector: NDArray[np.float32] = vector,
            dense: NDArray[np.float32] = dense,
            lexical: NDArray[np.float32] = lexical,
        ) -> Candidate:
            passage = corpus.passages[row]
            return Candidate(
                passage,
                float(dense[row]),
                float(lexical[row]),
                tuple((start + passage.start, end + passage.start) for start, end in corpus.spans[row]),
                tuple((corpus.sentences[row] @ vector).tolist()),
                vectors=corpus.sentences[row],
            )

        def met(row: int, pieces: NDArray[np.float32] = pieces, make: Any = candidate) -> Candidate:
            found: Candidate = make(row)
            return replace(found, matches=late.matches(pieces, corpus.codes[row]))

        def beside(ranked: Sequence[Ranked], met: Any = met) -> list[Candidate]:
            read = {places[each.hit.passage] for each in ranked}
            near = {
                other
                for each in ranked[: evidence.PASSAGES]
                for other in (places[each.hit.passage] - 1, places[each.hit.passage] + 1)
                if 0 <= other < len(corpus.passages) and corpus.passages[other].article == each.hit.article
            }
            return [met(row) for row in sorted(near - read)]

        made = [candidate(row) for row in best.tolist()]
        near = ranking.order(
            dense[best],
            np.array([max(one.cosines, default=one.dense) for one in made], dtype=np.float32),
            lexical[best],
            best,
        )[: ranking.READ]
        background = Background(len(corpus.passages), corpus.keywords.frequencies(stems))
        gold = frozenset(rows[name] for name in each.gold if name in rows)
        told = partial(quoted, embedder, words, question)
        yield Search(each, question, [met(int(best[place])) for place in near], background, gold, beside, pieces, told)
