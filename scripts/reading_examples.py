"""Examples for the reader: questions with words that answer them, and with words that only seem to.

Made of a file in the format of SQuAD 1.1 (Rajpurkar et al. 2016, arXiv 1606.05250), where every question has its
answer's place, and of WordNet's opposites and nouns of one kind. What does not answer is made here: the sentence of the
same paragraph, or of one that BM25 finds, that shares the question's rarest words without the answer in it; and the
right sentence after a name, a number, an opposite or any word was changed in the question or in the sentence, or in the
question a noun for one of the same kind, two names changed places, another thing was asked for, or a negation put in,
as SQuAD 2.0's writers did (Rajpurkar et al. 2018, arXiv 1806.03822). Changes made on both sides stay answers, so that
it is the comparison that tells, not the look of a changed sentence.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from wordnet import WordNet, plain

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
NEGATED = 0.1
"""Share of questions that a negation is tried on: as a word of its own it must not tell."""
REASONS = 0.06
"""Share of questions that are turned into one for reasons: many more than ask for them, and "why" alone would tell."""
DRAWS = 2
"""How often examples are drawn of each question."""
FOUND = 6
"""Paragraphs that are taken as found for a question."""
NEAR, FAR = 2, 2
"""Sentences that do not answer, of the question's paragraph and of paragraphs found."""
CLOSE, CLOSEST = 3, 12
"""Sentences of the article that do not answer, drawn of those whose vectors come closest to the question's."""

Span = tuple[int, int]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]

_OTHER_THINGS = {"when": ("where", "how"), "where": ("when", "how"), "why": ("when", "where"), "how": ("when", "where")}
_ASKED_FIRST = re.compile(r"(When|Where|Why|How)(?= (?:did|does|do|was|were|is|are|has|have|had)\b)")
_HOLDS = {
    "when": re.compile(r"\d|\b(?:after|before|during|until|century|decade|year|month|week|day)s?\b", re.IGNORECASE),
    "where": re.compile(r"\b(?:in|at|near|from|to|on|off|across|into|outside) (?:the )?[A-Z]"),
    "why": re.compile(
        r"\b(?:because|due|owing|since|as|so|for|to|after|by|led|caused?|reasons?|therefore)\b", re.IGNORECASE
    ),
    "how": re.compile(r"\b(?:by|through|with|using|via|as|from)\b|ly\b", re.IGNORECASE),
}
"""What a text has that could say when, where, why or how; it need not."""
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of|the|de|and|for)?\s*[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_YEAR = re.compile(r"1\d\d\d|20\d\d")
_VERB = re.compile(r"\b(?:did|does|do|was|were|is|are|has|have|had|can|could|would|will)\b")
_IRREGULAR = {"can": "can't", "will": "won't"}
_NEGATION = re.compile(r"\bnot\b|n't|never")
_LATER = (-30, -12, -5, -3, -2, -1, 1, 2, 3, 4, 7, 15, 25)
_ASKING = frozenset(
    "what which who whom whose when where why how in on at the a an is are was were did do does of for to by from with "
    "and if as during after before many much long".split()
)


class Change(NamedTuple):
    """Words to put in the place of others; ``kind``: name, number, opposite, noun or word."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Example:
    """A question and words.

    Attributes:
        title: of the article, may be empty.
        answer: offsets of the answer in ``text``; None where it does not answer.
        kind: how it was made: ``right``, ``near``, ``found``, ``close``, ``negated``, ``another thing asked``, ``names
            change places``, or a change and where it was made.
    """

    question: str
    title: str
    text: str
    answer: Span | None
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """One question of the file.

    Attributes:
        right: with words that answer it: as they are, then with a change made on both sides.
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
    """One article; ``names``, ``numbers`` and ``words`` are what may be put in the place of others."""

    title: str
    paragraphs: list[_Paragraph]
    names: list[str]
    numbers: list[str]
    words: list[str]

    @classmethod
    def of(cls, raw: Any) -> _Article:
        paragraphs = [_Paragraph(each) for each in raw["paragraphs"]]
        names = {
            found.group()
            for each in paragraphs
            for found in _NAME.finditer(each.text)
            if len(found.group()) > 3 and found.start() not in {start for start, _ in each.spans}
        }
        numbers = {found.group() for each in paragraphs for found in _NUMBER.finditer(each.text)}
        words = {found.group() for each in paragraphs for found in re.finditer(r"[a-z]{4,}", each.text)} - _ASKING
        title = raw["title"].replace("_", " ")
        return cls(title, paragraphs, sorted(names), sorted(numbers), sorted(words))


class Maker:
    """Makes examples of one file; the same for the same ``chance``.

    Raises:
        OSError, ValueError, KeyError: a file cannot be read or has another format.
    """

    def __init__(self, path: Path, wordnet: WordNet, chance: random.Random) -> None:
        self._chance = chance
        self._wordnet = wordnet
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
        also, wrong = self._changed(right, article)
        wrong += self._near(right, answer, paragraph)
        others = [self._flat[row] for row in found if self._flat[row][1] is not paragraph]
        for other in self._chance.sample(others, min(FAR, len(others))):
            wrong += self._found(right, answer, *other)
        wrong += self._beyond(right, answer, closest)
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

    def _changed(self, right: Example, article: _Article) -> tuple[list[Example], list[Example]]:
        """What is still an answer after a change on both sides, and what is none after one on one side."""
        kept, wrong = [], []
        for way in (self._name, self._number, self._opposite, self._noun, self._word):
            change = way(right, article)
            if change is None:
                continue
            kind, old, new = change
            asked = _swapped(right.question, old, new)
            told = _swapped(right.text, old, new, right.answer)
            named = kind == "name" and old in right.title
            title = right.title.replace(old, new) if named else right.title
            if asked and told and kind != "noun":
                kept.append(Example(asked[0], title, *told, "right"))
            if asked and not (kind == "name" and not right.title and old not in right.text):
                wrong.append(replace(right, question=asked[0], answer=None, kind=f"{kind} in the question"))
            if told and kind != "noun" and not named:
                wrong.append(replace(right, text=told[0], answer=None, kind=f"{kind} in the text"))
        ways = {"names change places": self._places, "another thing asked": self._another}
        if self._chance.random() < NEGATED and not _NEGATION.search(right.text):
            ways["negated"] = self._negated
        for kind, ask in ways.items():
            if question := ask(right):
                wrong.append(replace(right, question=question, answer=None, kind=kind))
        return kept, wrong

    def _drawn(self, kind: str, old: Sequence[str], new: Sequence[str]) -> Change | None:
        return Change(kind, self._chance.choice(old), self._chance.choice(new)) if old and new else None

    def _name(self, right: Example, article: _Article) -> Change | None:
        held = [found.group() for found in _NAME.finditer(right.question) if found.start() > 0]
        held = [name for name in held if name.split()[0].lower() not in _ASKING]
        held = [name for name in held if name in right.text] or held
        both = f"{right.text} {right.question}".lower()
        drawn = self._chance.sample(article.names, min(30, len(article.names)))
        free = [name for name in drawn if name.lower() not in both]
        if not held or not free:
            return None
        old = self._chance.choice(held)
        return Change("name", old, min(free, key=lambda each: abs(len(each.split()) - len(old.split()))))

    def _number(self, right: Example, article: _Article) -> Change | None:
        held = [found.group() for found in _NUMBER.finditer(right.question)]
        if not held:
            return None
        old = self._chance.choice(held)
        if _YEAR.fullmatch(old):
            free = [str(int(old) + self._chance.choice(_LATER))]
        else:
            free = [each for each in article.numbers if each != old and not _YEAR.fullmatch(each)]
        return self._drawn("number", [old], [n for n in free if n not in right.text and n not in right.question])

    def _opposite(self, right: Example, _: _Article) -> Change | None:
        held = [word for word in _words(right.question) if word in self._wordnet.opposites]
        if not held:
            return None
        old, told = self._chance.choice(held), set(right.text.lower().split())
        return self._drawn("opposite", [old], sorted(self._wordnet.opposites[old] - told))

    def _noun(self, right: Example, _: _Article) -> Change | None:
        nouns, both = self._wordnet.nouns, f"{right.text} {right.question}".lower()
        held = [word for word in _words(right.question)[1:] if word in nouns or word.removesuffix("s") in nouns]
        if not held:
            return None
        old = self._chance.choice(held)
        plural = "" if old in nouns else "s"
        free = [each + plural for each in nouns[old if old in nouns else old.removesuffix("s")]]
        return self._drawn("noun", [old], [each for each in free if each not in both])

    def _word(self, right: Example, article: _Article) -> Change | None:
        told, both = set(_words(right.text)), f"{right.text} {right.question}".lower()
        held = [word for word in _words(right.question)[1:] if plain(word) and word in told]
        if not held:
            return None
        old = self._chance.choice(held)
        drawn = self._chance.sample(article.words, min(200, len(article.words)))
        return self._drawn("word", [old], [word for word in drawn if word[-2:] == old[-2:] and word not in both])

    def _negated(self, right: Example) -> str | None:
        question = right.question
        found = _VERB.search(question)
        if not found or _NEGATION.search(question):
            return None
        negated = _IRREGULAR.get(found.group(), f"{found.group()}n't")
        return question[: found.start()] + negated + question[found.end() :]

    def _places(self, right: Example) -> str | None:
        """The question with two of the text's names in each other's place."""
        found = [each for each in _NAME.finditer(right.question) if each.start() > 0 and each.group() in right.text]
        if len(found) < 2:
            return None
        one, other = found[0], found[-1]
        if one.group() in other.group() or other.group() in one.group():
            return None
        text = right.question
        between = text[one.end() : other.start()]
        if between.strip(" ,") in ("", "and", "or", "and the", "or the"):
            return None  # the order of a list tells nothing
        return text[: one.start()] + other.group() + between + one.group() + text[other.end() :]

    def _another(self, right: Example) -> str | None:
        """The question with another question word, for what nothing in the text could say."""
        found = _ASKED_FIRST.match(right.question)
        if not found:
            return None
        ways = list(_OTHER_THINGS[found.group().lower()])
        if found.group() != "Why" and self._chance.random() < REASONS:
            ways = ["why"]
        free = [way for way in ways if not _HOLDS[way].search(right.text)]
        return self._chance.choice(free).capitalize() + right.question[found.end() :] if free else None


def _words(text: str) -> list[str]:
    return [found.group() for found in re.finditer(r"[A-Za-z]+", text) if found.group() not in _ASKING]


def _swapped(text: str, old: str, new: str, keep: Span | None = None) -> tuple[str, Span | None] | None:
    """``text`` with one word or name for another, and where ``keep`` went; None where there is none, or it is hit."""
    found = list(re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", text))
    if not found or (keep and any(each.start() < keep[1] and each.end() > keep[0] for each in found)):
        return None
    moved = keep and (len(new) - len(old)) * sum(each.start() < keep[0] for each in found)
    changed = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)
    return changed, (keep[0] + moved, keep[1] + moved) if keep and moved is not None else None
