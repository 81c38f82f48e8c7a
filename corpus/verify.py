"""Whether the store holds together: revisions keep their words, and passages tile them and are what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.database import damage
from corpus.inspection import Cut, Inspected
from corpus.passages import passages
from corpus.progress import Progress, silent
from corpus.records import Article
from corpus.store import Store

EXAMPLES = 5  # problems told in words


@dataclass(frozen=True, slots=True)
class Check:
    """What one check came to.

    Attributes:
        what: the things compared.
        checked: how many.
        found, mended: how many were wrong, and how many of these are right now.
        examples: the first ones in words.
    """

    what: str
    checked: int
    found: int = 0
    mended: int = 0
    examples: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong any more."""
        return self.found == self.mended


def checked(what: str, count: int, problems: Sequence[str], mended: int = 0) -> Check:
    """A check's outcome from its problems in words."""
    return Check(what, count, len(problems), mended, tuple(problems[:EXAMPLES]))


def verify_file(path: Path) -> Check:
    """Whether a database file is whole; what SQLite finds wrong with one is mended from a backup only."""
    return checked(f"{path.name}, as a file", 1, damage(path)) if path.exists() else Check(f"{path.name}: not there", 0)


def verify_store(store: Store, progress: Progress = silent) -> list[Check]:
    """Compare every revision with its digest and its passages; passages that do not tile their text are cut anew."""
    words: list[str] = []
    tiles: list[str] = []
    texts = recut = cuts = 0
    revisions = store.inspection.revisions()
    for number in revisions:
        revision = store.inspection.revision(number)
        texts += 1
        progress("verify the store", texts, len(revisions))
        if hashlib.sha256(f"{revision.title}\0{revision.text}".encode()).hexdigest() != revision.digest:
            words.append(f"revision {number} does not hold the words it was stored with")
            continue
        held = store.inspection.cuts(number)
        cuts += len(held)
        wrong = _wrong(revision, held)
        if not wrong:
            continue
        tiles.append(f"revision {number}: {wrong}")
        article = Article(revision.title, revision.text, revision.blocks)
        store.recut(number, passages(article))
        recut += not _wrong(revision, store.inspection.cuts(number))
    stray = store.inspection.strays()
    return [
        checked("articles and their revisions", texts, stray),
        checked("words of revisions", texts, words),
        checked("passages and their places", cuts, tiles, recut),
    ]


def _wrong(revision: Inspected, cuts: Sequence[Cut]) -> str:
    """What is wrong with how a revision is cut; empty where nothing is."""
    at = 0
    for cut in cuts:
        if cut.start != at or cut.end <= cut.start:
            return f"passage {cut.passage} begins at {cut.start}, not at {at}"
        at = cut.end
        if cut.article != revision.article:
            return f"passage {cut.passage} belongs to article {cut.article}"
        if hashlib.sha256(revision.text[cut.start : cut.end].strip().encode()).digest() != cut.digest:
            return f"passage {cut.passage} is of other words"
        if not all(cut.start <= start < end <= cut.end for start, end in cut.quotable):
            return f"passage {cut.passage} is quotable outside itself"
    if at != len(revision.text):
        return f"its passages end at {at}, its text at {len(revision.text)}"
    if len({cut.passage for cut in cuts}) != len(cuts):
        return "a passage stands in it twice"
    return ""
