"""Which English words can be said for each other: the words of WordNet 3.1 with the senses they have and lean on.

``kinship.txt.gz`` has a line a word, verbs of two or three words among them ("step_down"): the word, its senses, and
those right above or beside them: wider ones, similar ones, and those of words derived from it. Crab and shrimp are not
kin for being crustaceans both: what only shares something wider excludes each other more often than not.
``thesaurus.LICENSE`` is WordNet's.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from corpus import lexicon

FILE = Path(__file__).with_name("kinship.txt.gz")
_LONGEST = 3
"""Words of a verb."""
_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""))


def kin(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether anything that is said in the one words is said in the others: "stepped down" and "resigned".

    Args:
        one, other: folded words, in the order in which they stand.
    """
    first, second = list(_senses(one)), list(_senses(other))
    return any(a & (c | d) or b & c for a, b in first for c, d in second)


def known(word: str) -> bool:
    """Whether a folded word is a form of an English one."""
    return any(_entry(base) is not None for base in _bases(word))


def _senses(words: Sequence[str]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """The senses of each word, and of those that are one verb together."""
    for at in (at for at, word in enumerate(words) if word not in lexicon.STOPWORDS):
        for length in range(1, _LONGEST + 1):
            tail = "_".join(words[at : at + length])[len(words[at]) :]
            if at + length <= len(words):
                for base in _bases(words[at]):
                    if (found := _entry(base + tail)) is not None:
                        yield found


def _bases(word: str) -> Iterator[str]:
    """What a word may be a form of; in the one spelling that words are compared in, "raised" is "raized"."""
    if "iz" in word or "yz" in word:
        yield from _bases(word.replace("iz", "is").replace("yz", "ys"))
    yield word
    if word in lexicon.IRREGULAR:
        yield lexicon.IRREGULAR[word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 1:
            base = word[: -len(ending)] + instead
            yield base
            if not instead and base[-1:] == base[-2:-1]:
                yield base[:-1]


@lru_cache(maxsize=4096)
def _entry(word: str) -> tuple[frozenset[str], frozenset[str]] | None:
    line = _lines().get(word)
    if line is None:
        return None
    senses, wider = (frozenset(filter(None, each.split(","))) for each in (*line.split(" "), "")[:2])
    return senses, wider


@lru_cache(maxsize=1)
def _lines() -> dict[str, str]:
    with gzip.open(FILE, "rt", encoding="ascii") as lines:
        return {word: rest for word, _, rest in (line.rstrip("\n").partition(" ") for line in lines)}
