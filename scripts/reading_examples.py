"""Examples for the reader: questions with words that answer them, and with words that only seem to.

Made of a file in the format of SQuAD 1.1 (Rajpurkar et al. 2016, arXiv 1606.05250), where every question has its
answer's place, and of WordNet's opposites and nouns of one kind. What does not answer is made here: the sentence of the
same paragraph, or of one that BM25 finds, that shares the question's rarest words without the answer in it; and the
right sentence after a name, a number, an opposite, a noun of the same kind or any word was changed in the question or
in the sentence, or a negation put in, as SQuAD 2.0's writers did (Rajpurkar et al. 2018, arXiv 1806.03822). Changes
made on both sides stay answers, so that it is the comparison that tells, not the look of a changed sentence.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from corpus.sentences import sentences
from index.keywords import KeywordIndex
from index.question import terms

TITLED = 0.75
"""Share of examples that carry their article's title; the others teach to do without."""
NEXT, BEFORE = 0.22, 0.18
"""Shares of examples with the sentence behind and the sentence before: a quote has one sentence or two."""
LONGEST = 480
"""Characters of two sentences together."""
BOTH_SIDES = 0.22
"""Share of answers that are changed in question and sentence alike, where they can be."""
NEGATED = 0.12
"""Share of questions that a negation is tried on."""
FOUND = 6
"""Paragraphs that are taken as found for a question."""

Span = tuple[int, int]

_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of|the|de|and|for)?\s*[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_YEAR = re.compile(r"1\d\d\d|20\d\d")
_VERB = re.compile(r"\b(?:did|does|do|was|were|is|are|has|have|had|can|could|would|will)\b(?: [\w'-]+){1,3}?(?= )")
_NEGATION = re.compile(r"\bnot\b|n't|never")
_LATER = (-30, -12, -5, -3, -2, -1, 1, 2, 3, 4, 7, 15, 25)
_ASKING = frozenset(
    "what which who whom whose when where why how in on at the a an is are was were did do does of for to by from with "
    "and if as during after before many much long".split()
)
_OPPOSITES = (
    "first last, before after, more less, most least, largest smallest, increased decreased, rose fell, higher lower, "
    "highest lowest, oldest youngest, began ended, started stopped, won lost, men women, earlier later, supported "
    "opposed, accepted rejected, allowed banned, imports exports, built destroyed, opened closed, entered left, bought "
    "sold, joined left, gained lost, best worst, caused prevented, created abolished, founded dissolved, approved "
    "rejected, arrested released, attacked defended, hired fired, elected ousted, agreed refused, sent withheld, "
    "included excluded, increasing decreasing, growing shrinking, grew shrank, added removed, raised lowered, longest "
    "shortest, fastest slowest, fewer more, biggest smallest, connected separated, united divided, helped hindered"
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
        kind: how it was made: ``right``, ``near``, ``found``, ``negated``, or a change and where it was made.
    """

    question: str
    title: str
    text: str
    answer: Span | None
    kind: str


class WordNet:
    """Opposites, and nouns of the same kind, of single words in small letters.

    Args:
        folder: WordNet's database files, see wndb(5WN).

    Raises:
        OSError, ValueError: they cannot be read or are something else.
    """

    def __init__(self, folder: Path) -> None:
        self.opposites: dict[str, set[str]] = defaultdict(set)
        self.nouns: dict[str, list[str]] = {}
        for pair in _OPPOSITES.split(", "):
            one, other = pair.split()
            self.opposites[one].add(other)
            self.opposites[other].add(one)
        for part in ("adj", "adv", "verb", "noun"):
            senses = dict(_senses(folder / f"data.{part}"))
            for words, pointers in senses.values():
                for mark, target, which in pointers:
                    if mark == "!" and target in senses:
                        one, other = words[int(which[:2], 16) - 1], senses[target][0][int(which[2:], 16) - 1]
                        if one.islower() and other.islower() and "_" not in one + other:
                            self.opposites[one].add(other)
        for line in _lines(folder / "index.noun"):
            word, *_ = fields = line.split()
            if _plain(word):
                self._beside(word, senses, fields[-int(fields[2])])

    def _beside(self, word: str, senses: dict[str, Any], first: str) -> None:
        """Keep the nouns below what the first sense of ``word`` falls under."""
        own, pointers = senses[first]
        wider = [target for mark, target, _ in pointers if mark == "@" and target in senses]
        beside = [
            senses[target][0][0]
            for each in wider
            for mark, target, _ in senses[each][1]
            if mark == "~" and target != first and target in senses
        ]
        if beside := [each for each in beside if _plain(each) and each not in own]:
            self.nouns[word] = beside


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="latin-1") as lines:
        yield from (line for line in lines if not line.startswith("  "))  # the licence


def _senses(path: Path) -> Iterator[tuple[str, tuple[list[str], list[tuple[str, str, str]]]]]:
    """Of each sense its place, its words, and its pointers: mark, target, and which words they join."""
    for line in _lines(path):
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [re.sub(r"\(.*\)", "", fields[4 + 2 * place]) for place in range(count)]
        at = 5 + 2 * count
        yield (
            fields[0],
            (
                words,
                [(fields[n], fields[n + 1], fields[n + 3]) for n in range(at, at + 4 * int(fields[at - 1]), 4)],
            ),
        )


def _plain(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and word.islower()


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

    def examples(self) -> list[Example]:
        """All, in random order; somewhat more that do not answer than that do."""
        made: list[Example] = []
        for (article, paragraph, asked), found in self._asked():
            right = self._right(article, paragraph, asked)
            if right is None:
                continue
            answer = asked["answers"][0]["text"].lower()
            kept, wrong = self._changed(right, article)
            wrong += [*self._near(right, answer, paragraph)] * 2
            others = [self._flat[row] for row in found if self._flat[row][1] is not paragraph][: FOUND - 1]
            if others:
                wrong += [*self._found(right, answer, *self._chance.choice(others))] * 3
            made.append(kept)
            if wrong:
                made += self._chance.choices(wrong, k=2 if self._chance.random() < 0.15 else 1)
        self._chance.shuffle(made)
        return made

    def _asked(self) -> Iterator[tuple[tuple[_Article, _Paragraph, Any], list[int]]]:
        """Every question with the paragraphs that BM25 finds for it."""
        index = KeywordIndex.build([terms(paragraph.text) for _, paragraph in self._flat])
        for article, paragraph in self._flat:
            for asked in paragraph.questions:
                scores = index.scores(terms(asked["question"]))
                yield (article, paragraph, asked), np.argsort(-scores, kind="stable")[:FOUND].tolist()

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

    def _best(self, question: str, paragraph: _Paragraph, rows: Sequence[int], play: float) -> int:
        """The sentence that shares most of the question's words by how rare they are, with some ``play``."""
        asked = set(terms(question))

        def shared(row: int) -> float:
            return sum(self._rarity.get(each, 0.0) for each in asked & paragraph.words[row]) + play * (
                self._chance.random()
            )

        return max(rows, key=shared)

    def _near(self, right: Example, answer: str, paragraph: _Paragraph) -> Iterator[Example]:
        """Another sentence of the same paragraph."""
        told = next(n for n, (start, end) in enumerate(paragraph.spans) if paragraph.text[start:end] in right.text)
        rows = [
            n
            for n, (start, end) in enumerate(paragraph.spans)
            if paragraph.text[start:end] not in right.text and answer not in paragraph.text[start:end].lower()
        ]
        if rows:
            start, end = self._window(paragraph, self._best(right.question, paragraph, rows, 2.5), told)
            if answer not in paragraph.text[start:end].lower():
                yield replace(right, text=paragraph.text[start:end], answer=None, kind="near")

    def _found(self, right: Example, answer: str, article: _Article, paragraph: _Paragraph) -> Iterator[Example]:
        """A sentence of a paragraph that a search finds."""
        if paragraph.spans:
            row = self._best(right.question, paragraph, range(len(paragraph.spans)), 1.0)
            start, end = self._window(paragraph, row, None)
            text = paragraph.text[start:end]
            if answer not in text.lower():
                yield replace(right, title=right.title and article.title, text=text, answer=None, kind="found")

    def _changed(self, right: Example, article: _Article) -> tuple[Example, list[Example]]:
        """The example as it stays an answer, and what no longer answers after a change."""
        kept, wrong = right, []
        if change := self._change(right, article):
            kind, old, new = change
            asked = _swapped(right.question, old, new)
            told = _swapped(right.text, old, new, right.answer)
            named = kind == "name" and old in right.title
            title = right.title.replace(old, new) if named else right.title
            if asked and told and kind != "noun" and self._chance.random() < BOTH_SIDES:
                kept = Example(asked[0], title, *told, "right")
            if asked and not (kind == "name" and not right.title and old not in right.text):
                wrong += [replace(right, question=asked[0], answer=None, kind=f"{kind} in the question")] * 3
            if told and kind != "noun" and not named:
                wrong.append(replace(right, text=told[0], answer=None, kind=f"{kind} in the text"))
        negated = self._negated(right.question) if self._chance.random() < NEGATED else None
        if negated and not _NEGATION.search(right.text):
            wrong += [replace(right, question=negated, answer=None, kind="negated")] * 2
        return kept, wrong

    def _change(self, right: Example, article: _Article) -> Change | None:
        ways = [self._name, self._name, self._name, self._number, self._number, self._opposite, self._opposite]
        ways += [self._noun, self._word]
        self._chance.shuffle(ways)
        return next((change for way in ways if (change := way(right, article))), None)

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
        held = [word for word in _words(right.question)[1:] if _plain(word) and word in told]
        if not held:
            return None
        old = self._chance.choice(held)
        drawn = self._chance.sample(article.words, min(200, len(article.words)))
        return self._drawn("word", [old], [word for word in drawn if word[-2:] == old[-2:] and word not in both])

    def _negated(self, question: str) -> str | None:
        found = list(_VERB.finditer(question))
        if not found or _NEGATION.search(question):
            return None
        at = self._chance.choice(found).end()
        return f"{question[:at]} not{question[at:]}"


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
