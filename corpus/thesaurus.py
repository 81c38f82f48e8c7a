"""Which English nouns and adjectives can stand for each other: the common words of WordNet 3.1 with their senses.

``thesaurus.txt.gz`` has a line a word: the word, ``n`` or ``a``, its senses, and the senses it falls under (two levels
up for nouns, similar ones for adjectives). It holds the words that WordNet's tagged texts use most as nouns or
adjectives, and for them the four senses used most; ``thesaurus.LICENSE`` is WordNet's.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("thesaurus.txt.gz")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word: ``n`` or ``a``, the senses it has and those that it falls under or is like."""

    kind: str
    senses: frozenset[str]
    wider: frozenset[str]


def entry(word: str) -> Entry | None:
    """What is known of a word, its plural's or its own; None where it is no common noun or adjective."""
    words = _words()
    for one in (word, word.replace("iz", "is")):  # in the one spelling that words are compared in, "rise" is "rize"
        for form in (one, one.removesuffix("s"), one.removesuffix("es"), f"{one.removesuffix('ies')}y"):
            if form in words:
                return words[form]
    return None


def alike(one: Entry, other: Entry) -> bool:
    """Whether two words of one kind share a sense, or one falls under the other, or is like it."""
    return not (
        one.senses.isdisjoint(other.senses | other.wider)
        and other.senses.isdisjoint(one.wider)
        and (one.kind == "n" or one.wider.isdisjoint(other.wider))
    )


@lru_cache(maxsize=1)
def _words() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    with gzip.open(FILE, "rt", encoding="ascii") as lines:
        for line in lines:
            word, kind, *sets = line.rstrip("\n").split(" ")
            senses, wider = (frozenset(filter(None, each.split(","))) for each in (*sets, "", "")[:2])
            found[word] = Entry(kind, senses, wider)
    return found
