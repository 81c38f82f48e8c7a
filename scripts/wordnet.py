"""Opposites, synonyms and nouns of one kind, from WordNet's database files and a list of our own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_OPPOSITES = (
    "first last, before after, more less, most least, largest smallest, increased decreased, rose fell, higher lower, "
    "highest lowest, oldest youngest, began ended, started stopped, won lost, men women, earlier later, supported "
    "opposed, accepted rejected, allowed banned, imports exports, built destroyed, opened closed, entered left, bought "
    "sold, joined left, gained lost, best worst, caused prevented, created abolished, founded dissolved, approved "
    "rejected, arrested released, attacked defended, hired fired, elected ousted, agreed refused, sent withheld, "
    "included excluded, increasing decreasing, growing shrinking, grew shrank, added removed, raised lowered, longest "
    "shortest, fastest slowest, fewer more, biggest smallest, connected separated, united divided, helped hindered"
)


_NO_S = ("s", "x", "y", "z", "ch", "sh", "people", "folk")
"""Ends of words whose plural is not made by an s."""
SENSES = 2
"""First senses of a word whose other words count as its synonyms: later ones are rare."""


class WordNet:
    """Opposites, synonyms, and nouns of the same kind, of single words in small letters.

    Args:
        folder: WordNet's database files, see wndb(5WN).

    Raises:
        OSError, ValueError, KeyError, IndexError: they cannot be read or are something else.
    """

    def __init__(self, folder: Path) -> None:
        self.opposites: dict[str, set[str]] = defaultdict(set)
        self.nouns: dict[str, list[str]] = {}
        self._synonyms: dict[str, list[str]] = {}
        for pair in _OPPOSITES.split(", "):
            one, other = pair.split()
            self.opposites[one].add(other)
            self.opposites[other].add(one)
        for part in ("noun", "adj", "adv", "verb"):
            senses = dict(_senses(folder / f"data.{part}"))
            for words, pointers in senses.values():
                for mark, target, which in pointers:
                    if mark == "!" and target in senses:
                        one, other = words[int(which[:2], 16) - 1], senses[target][0][int(which[2:], 16) - 1]
                        if one.islower() and other.islower() and "_" not in one + other:
                            self.opposites[one].add(other)
            for line in _lines(folder / f"index.{part}"):
                word, *_ = fields = line.split()
                if not plain(word):
                    continue
                places = fields[-int(fields[2]) :]
                if part == "noun":
                    self._beside(word, senses, places[0])
                same = (each for place in places[:SENSES] for each in senses[place][0] if plain(each) and each != word)
                # The first part of speech that has a word wins.
                self._synonyms.setdefault(word, list(dict.fromkeys(same)))

    def synonyms(self, word: str) -> list[str]:
        """Other words for it, for a plural that ends in s other plurals; none where none is known."""
        if word in self._synonyms:
            return self._synonyms[word]
        single = word.removesuffix("s")
        return [f"{each}s" for each in self._synonyms.get(single, ()) if not each.endswith(_NO_S)]

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
        if beside := [each for each in beside if plain(each) and each not in own]:
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


def plain(word: str) -> bool:
    """Whether it is one word in small letters, of four or more."""
    return len(word) > 3 and word.isalpha() and word.islower()
