"""One passage read against one question: which of its words each sentence has, and what kind of answer it could hold.

Pure, and what looks at the letters of many passages while a member waits: about 0.15 ms for 100 words.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index import measures
from index.common_words import STEMS
from index.question import STOPWORDS, Expected, Question, stem, tokens

Floats = NDArray[np.float32]

_PSEUDO = 1000
"""Passages that the prior on a word's commonness counts as, beside those of the corpus."""

_FRAME_WEIGHT = 0.3
"""Weight of words such as "year" in "what year", which an answer need not repeat."""

_KIN = 0.8
"""How far a word that shares most of its beginning counts as the question's ("Armenian" for "Armenia")."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says to a question; s sentences, n terms of the question, t of its tokens.

    Attributes:
        overlap: how far each sentence has each term: 1, 0.8 for a related word, 0; shape (s, n).
        title: 1 where the passage's title or heading has the term; shape (n,).
        words: number of words of each sentence; shape (s,).
        answer: how well each sentence could hold the kind of answer expected, in words that the question does not
            have: 0 to 1; shape (s,); 0 where the kind cannot be told by its letters (reasons, things).
        late: best match of each token of the question in each sentence; shape (s, t), None without late interaction.
    """

    overlap: Floats
    title: Floats
    words: Floats
    answer: Floats
    late: Floats | None


def weights(question: Question, passages: int, frequencies: Mapping[str, int]) -> Floats:
    """How much each term of the question tells, adding up to 1 (0 without terms); shape (n,).

    Inverse document frequency, smoothed towards how common the word is in English at large, so that it means the same
    in a corpus of one page and in one of 100,000 passages.
    """
    told = [
        math.log((passages + _PSEUDO) / (min(frequencies.get(term.stem, 0), passages) + _PSEUDO * _prior(term.stem)))
        * (_FRAME_WEIGHT if term.asked else 1.0)
        for term in question.terms
    ]
    total = sum(told)
    return np.array([each / total if total else 0.0 for each in told], dtype=np.float32)


class Meetings(dict[str, tuple[int, float] | None]):
    """For each word, which of a question's terms it meets (its place) and how far; None where it meets none.

    Filled as words are asked for: the passages of one search share most of theirs.
    """

    def __init__(self, question: Question) -> None:
        super().__init__({term.stem: (place, 1.0) for place, term in enumerate(question.terms)})
        self.question = question
        self._kin = _kin(question)

    def __missing__(self, word: str) -> tuple[int, float] | None:
        found = self[word] = _related(word, self._kin)
        return found


def read(
    asked: Meetings,
    text: str,
    sentences: Sequence[tuple[int, int]],
    title: str = "",
    matches: NDArray[np.float32] | None = None,
) -> Reading:
    """Read a passage.

    Args:
        asked: of the question; one for all the passages of a search.
        text: the passage's text.
        sentences: offsets into ``text``, in order, not overlapping.
        title: what stands above the passage: title and heading.
        matches: see `index.ranking.Candidate.matches`.
    """
    terms, expected = asked.question.terms, asked.question.expected
    found = _tokens(text)
    starts = [start for _, start, _ in found]
    overlap, words, answers = [], [], []
    late = None if matches is None else np.zeros((len(sentences), matches.shape[0]), dtype=np.float32)
    last = 0
    for place, (begin, end) in enumerate(sentences):
        first = bisect_left(starts, begin, last)
        last = bisect_left(starts, end, first)
        inside = found[first:last]
        met = [0.0] * len(terms)
        for term, _, _ in inside:
            meeting = asked[term]
            if meeting is not None and met[meeting[0]] < meeting[1]:
                met[meeting[0]] = meeting[1]
        overlap.append(met)
        words.append(last - first)
        if late is not None and matches is not None and last > first:
            np.maximum.reduce(matches[:, first:last], axis=1, out=late[place])
        fresh = [each for each in inside if asked[each[0]] is None] if expected in _BY_LETTERS else []
        answers.append(_answers(expected, fresh, text, begin, end))
    above = {term for term, _, _ in _tokens(title)}
    return Reading(
        np.array(overlap, dtype=np.float32).reshape(len(sentences), len(terms)),
        np.array([term.stem in above for term in terms], dtype=np.float32),
        np.array(words, dtype=np.float32),
        np.array(answers, dtype=np.float32),
        late,
    )


def kind_of_answer(question: Question, text: str) -> float:
    """How well a part of a sentence could hold the kind of answer expected, as `Reading.answer` does: 0 to 1.

    Where a sum of money or a span of time is asked for, no other number is as good.
    """
    measure = measures.asked_for(question.text)
    if measure is not None:
        return measures.holds(measure, text)
    asked = {term.stem for term in question.terms}
    fresh = [each for each in tokens(text) if each[0] not in asked] if question.expected in _BY_LETTERS else []
    return _answers(question.expected, fresh, text)


_tokens = lru_cache(maxsize=8192)(tokens)


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    return {word: rank for rank, word in enumerate(STEMS.split())}


def _prior(term: str) -> float:
    """About the share of passages that hold a word: Zipf's law over passages of some 60 words."""
    if term[0].isdigit():
        return 0.003
    return 6 / (_ranks().get(term, 6000) + 10)


def _kin(question: Question) -> dict[str, list[tuple[str, int]]]:
    kin: dict[str, list[tuple[str, int]]] = {}
    for place, term in enumerate(question.terms):
        if len(term.stem) >= 4 and term.stem[0].isalpha():
            kin.setdefault(term.stem[:4], []).append((term.stem, place))
    return kin


def _related(term: str, kin: Mapping[str, Sequence[tuple[str, int]]]) -> tuple[int, float] | None:
    """The question's term that shares at least 70 % of the longer word's beginning."""
    for other, place in kin.get(term[:4], ()):
        shared = 0
        for left, right in zip(term, other, strict=False):
            if left != right:
                break
            shared += 1
        if shared >= 0.7 * max(len(term), len(other)):
            return place, _KIN
    return None


_BY_LETTERS = (Expected.NUMBER, Expected.TIME, Expected.PERSON, Expected.PLACE)
"""The kinds of answer that can be told by their letters."""

_PLACE = re.compile(r"\b(?:in|at|near|from|to|outside|across|off|into)\s+(?:the\s+)?([A-Z][\w’'-]+)")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
CALENDAR = frozenset(
    stem(word)
    for word in "january february march april june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday".split()
)
"""Stems of the months and the days of the week."""
_SOMETIME = frozenset(
    stem(word)
    for word in "yesterday today tomorrow tonight century decade spring summer autumn winter week month".split()
)
_AMOUNTS = frozenset(
    stem(word) for word in "million billion trillion thousand hundred dozen half third quarter percent twice".split()
)


def _answers(
    expected: Expected,
    fresh: Sequence[tuple[str, int, int]],
    text: str,
    begin: int | None = None,
    end: int | None = None,
) -> float:
    """How well the words of a sentence that the question does not have could be the kind of answer.

    Args:
        fresh: these words, offsets into ``text``.
        begin, end: where the sentence stands in ``text``; None for a part of a sentence, which is the whole text.
    """
    if not fresh:
        return 0.0
    if expected is Expected.NUMBER:
        return float(any(term[0].isdigit() or term in _AMOUNTS for term, _, _ in fresh))
    if expected is Expected.TIME:
        if any(term in CALENDAR or _YEAR.fullmatch(term) for term, _, _ in fresh):
            return 1.0
        return 0.5 * any(term in _SOMETIME for term, _, _ in fresh)
    names = list(_names(fresh, text, begin))
    if not names:
        return 0.0
    if expected is Expected.PLACE:
        strong = not {match.lower() for match in _PLACE.findall(text[begin:end])}.isdisjoint(names)
    else:
        strong = len(names) > 1
    return 1.0 if strong else 0.5


def _names(fresh: Sequence[tuple[str, int, int]], text: str, begin: int | None) -> Iterator[str]:
    """Capitalised words, lower case, that do not open the sentence and name no day or month."""
    for term, start, end in fresh:
        if text[start].isupper() and start != begin and term not in CALENDAR:
            word = text[start:end].lower()
            if word not in STOPWORDS:
                yield word
