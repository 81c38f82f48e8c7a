"""What an article is about, as weighted terms of its title and beginning; pure.

News says what it is about at its top (the inverted pyramid), so the title and the first `HEAD` characters are read:
stems of words, names and figures, each weighted by how often it comes, where, and how rare it is among all articles
(tf-idf, Spärck Jones 1972). A term is a 56-bit hash, so that a store can keep it as an integer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus import lexicon, number_words
from corpus.spelling import fold, spelling, stem

HEAD = 1500
"""Characters of the text that are read."""
LEAD = 300
"""Characters of these that count twice, as the lead does; the title counts three times."""
NAME = 1.6
"""What a name counts for more than another word: who and where tell events apart."""
KEPT = 64
"""Terms kept of an article, the heaviest."""

_TOKEN = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)?|\d[\d.,]*\d|\d")
_PLAIN_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|[0-9][0-9.,]*[0-9]|[0-9]")  # the same of ASCII, and faster
_YEAR = re.compile(r"(?:19|20)\d\d")
_SENTENCE = re.compile(r"(?:^|[.!?:…]['\"”’»)]?\s+|[\n\"“„«‘]\s*)$")
# German writes all nouns large, so that capitals tell no names there.
_ALL_LARGE = ("de", "lb")
_EMPTY = frozenset({*number_words.WEEKDAYS, *number_words.MONTHS, *number_words.NUMBER_WORDS}) | frozenset(
    "day week month year today yesterday tomorrow morning evening night hour time minute tag woche monat jahr heute "
    "gestern morgen uhr new news live update explainer opinion profile video photo watch report tell add call come get "
    "give go know like look make need show take think use want work".split()
)  # fmt: skip

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Profile:
    """An article's terms; arrays of one shape (n,), in the order in which the terms first come.

    Attributes:
        terms: hashes.
        often: how often each comes: its place and being a name counted in.
        named: which of them are names.
    """

    terms: NDArray[np.int64]
    often: NDArray[np.float64]
    named: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many articles terms come; arrays of one shape (n,).

    Attributes:
        terms: hashes, ascending, each once.
        articles: how many have it.
    """

    terms: NDArray[np.int64]
    articles: NDArray[np.int64]

    def of(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each of some terms, 0 where it is not known."""
        if not len(self.terms):
            return np.zeros(len(terms), dtype=np.int64)
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return np.where(self.terms[places] == terms, self.articles[places], 0)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A profile among others.

    Attributes:
        terms: hashes, ascending, shape (n,).
        weights: a unit vector of the same shape; those of names are negative.
    """

    terms: NDArray[np.int64]
    weights: Floats

    def heaviest(self, count: int) -> list[int]:
        """The heaviest terms, the heaviest first."""
        return [int(each) for each in self.terms[np.argsort(-np.abs(self.weights), kind="stable")[:count]]]


def profile(title: str, text: str, language: str = "") -> Profile:
    """What an article is about.

    Args:
        language: BCP 47 tag, or empty.
    """
    found: dict[int, float] = {}
    names: set[int] = set()
    capitals = not language.lower().startswith(_ALL_LARGE)
    for part, first, last in ((title, 3.0, 3.0), (text[:HEAD], 2.0, 1.0)):
        for match in (_PLAIN_TOKEN if part.isascii() else _TOKEN).finditer(part):
            word = match[0]
            term = _term(word)
            if term is None:
                continue
            start = match.start()
            worth = first if start < LEAD else last
            if capitals and word[0].isupper() and not _begins(part, start):
                worth *= NAME
                names.add(term)
            found[term] = found.get(term, 0.0) + worth
    named = np.array([term in names for term in found], dtype=np.bool_)
    return Profile(np.array(list(found), dtype=np.int64), np.array(list(found.values()), dtype=np.float64), named)


def profiles_of(articles: Sequence[tuple[str, str, str]]) -> list[Profile]:
    """The `profile` of each of some articles, given by title, text and language."""
    return [profile(*article) for article in articles]


def weighted(articles: Sequence[Profile], frequencies: Frequencies, count: int) -> list[Weighted]:
    """The profiles' heaviest terms with their weights.

    Args:
        frequencies: in how many articles each term of these comes.
        count: how many articles there are.
    """
    terms = np.concatenate([each.terms for each in articles] or [np.empty(0, np.int64)])
    often = np.concatenate([each.often for each in articles] or [np.empty(0)])
    values = (1 + np.log(often)) * np.log(1 + (count + 1) / (frequencies.of(terms) + 0.5))
    edges = np.cumsum([0, *(len(each.terms) for each in articles)]).tolist()
    return [_heaviest(each, values[start:end]) for each, start, end in zip(articles, edges, edges[1:], strict=False)]


def _heaviest(article: Profile, values: NDArray[np.float64]) -> Weighted:
    kept = np.lexsort((article.terms, -values))[:KEPT]
    kept = kept[np.argsort(article.terms[kept])]
    heavy = values[kept].astype(np.float32)
    norm = float(np.linalg.norm(heavy)) or 1.0
    heavy[article.named[kept]] *= -1
    return Weighted(article.terms[kept], heavy / np.float32(norm))


def similarity(one: Weighted, other: Weighted) -> tuple[float, float]:
    """The cosine of two profiles, and the part of it that is not owed to names; each 0 to 1."""
    return similarities(one, [other])[0]


def similarities(one: Weighted, others: Sequence[Weighted]) -> list[tuple[float, float]]:
    """The `similarity` of a profile to each of others, all at once."""
    if not others or not len(one.terms):
        return [(0.0, 0.0)] * len(others)
    terms = np.concatenate([other.terms for other in others])
    weights = np.concatenate([other.weights for other in others])
    whose = np.repeat(np.arange(len(others)), [len(other.terms) for other in others])
    places = np.minimum(np.searchsorted(one.terms, terms), len(one.terms) - 1)
    common = np.flatnonzero(one.terms[places] == terms)
    first, second, whose = one.weights[places[common]], weights[common], whose[common]
    shares = np.abs(first * second)
    alike = np.bincount(whose, shares, len(others))
    by_words = np.bincount(whose, shares * ((first > 0) & (second > 0)), len(others))
    return list(zip(alike.tolist(), by_words.tolist(), strict=True))


def _begins(text: str, start: int) -> bool:
    """Whether a word that starts there begins a sentence or what is quoted, where any word has a capital."""
    if start > 1 and text[start - 1] == " " and text[start - 2].isalnum():
        return False
    return _SENTENCE.search(text, max(0, start - 4), start) is not None


@lru_cache(maxsize=65536)
def _term(word: str) -> int | None:
    """The hash of a word's stem; None where it says nothing of the matter."""
    if word[0].isdigit():
        plain = word.replace(",", "")
        if len(plain) < 2 or _YEAR.fullmatch(plain):
            return None
        return _hash(plain)
    base = fold(word).replace("’", "'").replace("ʼ", "'").partition("'")[0]
    if len(base) < 2 or base in lexicon.STOPWORDS or base in _EMPTY:
        return None
    base = stem(spelling(base))
    if base in lexicon.STOPWORDS or base in _EMPTY:
        return None
    return _hash(base)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=7).digest())
