"""Examples for the reader: questions with words that answer them, and with words that only seem to.

Made of a file in the format of SQuAD 1.1 (Rajpurkar et al. 2016, arXiv 1606.05250), where every question has its
answer's place, and of WordNet's opposites, synonyms and nouns of one kind. What does not answer is made here: the
sentence of the same paragraph, or of one that BM25 finds, that shares the question's rarest words without the answer in
it; and the right sentence after a change of it or of the question, see `reading_changes`. A question asked in other
words is answered still.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reading_changes import Changes, Example, Pool, Span
from wordnet import WordNet

from corpus.progress import Progress, silent
from corpus.sentences import sentences
from index.keywords import KeywordIndex
from index.question import terms

TITLED = 0.75
"""Share of examples that carry their article's title; the others teach to do without."""
NEXT, BEFORE = 0.22, 0.18
"""Shares of examples with the sentence behind and the sentence before: a quote has one sentence or two."""
LONGEST = 480
"""Characters of two sentences together."""
DRAWS = 2
"""How often examples are drawn of each question."""
FOUND = 6
"""Paragraphs that are taken as found for a question."""
NEAR, FAR = 2, 2
"""Sentences that do not answer, of the question's paragraph and of paragraphs found."""
CLOSE, CLOSEST = 3, 12
"""Sentences of the article that do not answer, drawn of those whose vectors come closest to the question's."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Group:
    """One question of the file.

    Attributes:
        right: with words that answer it: as they are, then with a change on both sides, or one in other words on one.
        wrong: with words that do not, at least one.
        article: title of the article it was asked of.
    """

    right: tuple[Example, ...]
    wrong: tuple[Example, ...]
    article: str


class _Paragraph:
    def __init__(self, raw: Any) -> None:
        self.text: str = raw["context"]
        self.spans = sentences(self.text)
        self.words = [set(terms(self.text[a:b])) for a, b in self.spans]
        self.questions: list[Any] = raw["qas"]


@dataclass(frozen=True)
class _Article:
    title: str
    paragraphs: list[_Paragraph]
    pool: Pool

    @classmethod
    def of(cls, raw: Any) -> _Article:
        paragraphs = [_Paragraph(each) for each in raw["paragraphs"]]
        pool = Pool.of([(each.text, each.spans) for each in paragraphs])
        return cls(raw["title"].replace("_", " "), paragraphs, pool)


class Maker:
    """Makes examples of one file; the same for the same ``chance``.

    Raises:
        OSError, ValueError, KeyError: a file cannot be read or has another format.
    """

    def __init__(self, path: Path, wordnet: WordNet, chance: random.Random) -> None:
        self._chance = chance
        self._changes = Changes(wordnet, chance)
        self._articles = [_Article.of(each) for each in json.loads(path.read_text(encoding="utf-8"))["data"]]
        self._flat = [(article, paragraph) for article in self._articles for paragraph in article.paragraphs]
        known = Counter(word for _, paragraph in self._flat for word in set().union(*paragraph.words))
        self._rarity = {word: math.log(len(self._flat) / (1 + count)) for word, count in known.items()}

    def groups(self, embed: Embed, progress: Progress = silent) -> list[Group]:
        """One for each question, in the file's order.

        Args:
            embed: gives unit vectors of texts, shape (n, d).
        """
        made: list[Group] = []
        close = self._close(embed)
        total = sum(len(paragraph.questions) for _, paragraph in self._flat)
        for done, ((article, paragraph, asked), found) in enumerate(self._asked(), 1):
            progress("examples", done, total)
            closest = next(close)
            drawn = [self._one_draw(article, paragraph, asked, found, closest) for _ in range(DRAWS)]
            rights, wrongs = (tuple(each for part in parts for each in part) for parts in zip(*drawn, strict=True))
            if rights and wrongs:
                made.append(Group(rights, wrongs, article.title))
        return made

    def _one_draw(
        self,
        article: _Article,
        paragraph: _Paragraph,
        asked: Any,
        found: Sequence[int],
        closest: Sequence[tuple[_Paragraph, int]],
    ) -> tuple[list[Example], list[Example]]:
        """What answers a question and what does not, by one throw of the dice."""
        right = self._right(article, paragraph, asked)
        if right is None:
            return [], []
        answer = asked["answers"][0]["text"].lower()
        also, wrong = self._changes.of(right, article.pool)
        wrong += self._near(right, answer, paragraph)
        others = [self._flat[row] for row in found if self._flat[row][1] is not paragraph]
        for other in self._chance.sample(others, min(FAR, len(others))):
            wrong += self._found(right, answer, *other)
        wrong += self._beyond(right, answer, closest)
        if asked_otherwise := self._changes.asked_otherwise(right):
            also.append(replace(right, question=asked_otherwise, kind="asked otherwise"))
            if same := [each for each in wrong if each.question == right.question]:
                wrong.append(replace(self._chance.choice(same), question=asked_otherwise, kind="asked otherwise"))
        return [right, *also], wrong

    def _asked(self) -> Iterator[tuple[tuple[_Article, _Paragraph, Any], list[int]]]:
        """Every question with the paragraphs that BM25 finds for it, in no order."""
        index = KeywordIndex.build([terms(paragraph.text) for _, paragraph in self._flat])
        for article, paragraph in self._flat:
            for asked in paragraph.questions:
                scores = index.scores(terms(asked["question"]))
                most = min(FOUND, len(scores))
                yield (article, paragraph, asked), np.sort(np.argpartition(-scores, most - 1)[:most]).tolist()

    def _close(self, embed: Embed) -> Iterator[list[tuple[_Paragraph, int]]]:
        """For every question the sentences of its article whose vectors come closest, as paragraph and place."""
        for article in self._articles:
            places = [(each, row) for each in article.paragraphs for row in range(len(each.spans))]
            told = embed([each.text[slice(*each.spans[row])] for each, row in places])
            questions = [one["question"].strip() for each in article.paragraphs for one in each.questions]
            asked = embed(questions) if questions else told[:0]
            for row in np.argsort(-(asked @ told.T), axis=1)[:, :CLOSEST]:
                yield [places[place] for place in row]

    def _right(self, article: _Article, paragraph: _Paragraph, asked: Any) -> Example | None:
        question, answer = asked["question"].strip(), asked["answers"][0]
        first, last = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        row = next((n for n, (start, end) in enumerate(paragraph.spans) if start <= first and last <= end), None)
        if row is None or len(question) < 12:
            return None
        start, end = self._window(paragraph, row, None)
        title = article.title if self._chance.random() < TITLED else ""
        return Example(question, title, paragraph.text[start:end], (first - start, last - start), "right")

    def _window(self, paragraph: _Paragraph, row: int, without: int | None) -> Span:
        """A sentence, now and then with one beside it; never the one at ``without``."""
        spans, drawn = paragraph.spans, self._chance.random()
        start, end = spans[row]
        if drawn < NEXT and row + 1 < len(spans) and row + 1 != without and spans[row + 1][1] - start < LONGEST:
            return start, spans[row + 1][1]
        if NEXT <= drawn < NEXT + BEFORE and row > 0 and row - 1 != without and end - spans[row - 1][0] < LONGEST:
            return spans[row - 1][0], end
        return start, end

    def _best(self, question: str, paragraph: _Paragraph, rows: Sequence[int], play: float) -> list[int]:
        """The sentences by how many of the question's words they share, weighed by rarity, with some ``play``."""
        asked = set(terms(question))
        shared = {
            row: sum(self._rarity.get(each, 0.0) for each in asked & paragraph.words[row])
            + play * self._chance.random()
            for row in rows
        }
        return sorted(rows, key=lambda row: -shared[row])

    def _near(self, right: Example, answer: str, paragraph: _Paragraph) -> Iterator[Example]:
        """Other sentences of the same paragraph."""
        texts = [paragraph.text[start:end] for start, end in paragraph.spans]
        told = next(n for n, text in enumerate(texts) if text in right.text)
        rows = [n for n, text in enumerate(texts) if text not in right.text and answer not in text.lower()]
        for row in self._best(right.question, paragraph, rows, 2.5)[:NEAR]:
            start, end = self._window(paragraph, row, told)
            if answer not in paragraph.text[start:end].lower():
                yield replace(right, text=paragraph.text[start:end], answer=None, kind="near")

    def _found(self, right: Example, answer: str, article: _Article, paragraph: _Paragraph) -> Iterator[Example]:
        """A sentence of a paragraph that a search finds."""
        for row in self._best(right.question, paragraph, range(len(paragraph.spans)), 1.0)[:1]:
            start, end = self._window(paragraph, row, None)
            text = paragraph.text[start:end]
            if answer not in text.lower():
                yield replace(right, title=right.title and article.title, text=text, answer=None, kind="found")

    def _beyond(self, right: Example, answer: str, closest: Sequence[tuple[_Paragraph, int]]) -> Iterator[Example]:
        """Some of the closest sentences, those without the answer."""
        for paragraph, row in self._chance.sample(closest, len(closest))[:CLOSE]:
            start, end = self._window(paragraph, row, None)
            text = paragraph.text[start:end]
            if answer not in text.lower() and right.text not in text and text not in right.text:
                yield replace(right, text=text, answer=None, kind="close")
