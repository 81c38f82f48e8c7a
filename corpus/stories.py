"""Copies of one wire story in several outlets, linked as they come in; a part of `corpus.store.Store`.

Two texts are compared by their shingles, runs of five words (Broder 1997, "On the resemblance and containment of
documents"). Of each article the `SKETCH` smallest shingle hashes are kept in a table by hash, so that a new article
meets only those that share some, and the texts of the best of them decide. This takes a quarter of a millisecond an
article and lives in the store; datasketch's MinHash takes several, and keeps its tables in memory.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import sqlite_utils

WORDS = 5
SKETCH = 12
SHARED = 2  # hashes in common from which two articles are compared
COMPARED = 3  # texts read for one new article, at most
CROWD = 24  # articles kept under one hash: what stands in more is boilerplate
LEAST = 30  # shingles; shorter texts say too little to tell a copy
RESEMBLANCE = 0.5
CONTAINED = 0.8  # share of the shorter text, for outlets that print the first half
SAME_OUTLET = 0.8  # resemblance from which an outlet's own two articles are one story
APART = 7 * 24 * 3600  # seconds between the publication of two copies, at most

TABLES = """
ALTER TABLE articles ADD COLUMN story_id INTEGER;
CREATE TABLE sketches (
    hash INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    PRIMARY KEY (hash, article_id)
) WITHOUT ROWID;
CREATE TABLE sketched (article_id INTEGER PRIMARY KEY REFERENCES articles(id), sketch BLOB NOT NULL);
CREATE INDEX articles_story ON articles(story_id) WHERE story_id IS NOT NULL;
"""
"""Part of migration m003."""

_PRIME = 0x9E3779B97F4A7C15
_LETTER = np.zeros(256, dtype=np.bool_)
_LETTER[[*range(48, 58), *range(97, 123), *range(128, 256)]] = True  # of UTF-8 in lower case
# Scripts without spaces count each sign as a word.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f"
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_FIND = f"SELECT hash, article_id FROM sketches WHERE hash IN ({', '.join('?' * SKETCH)})"

Hashes = NDArray[np.uint64]


def shingles(text: str) -> Hashes:
    """Hashes of the text's runs of five words, ascending and each once; case and punctuation do not count."""
    words = _words(text)
    count = len(words) - WORDS + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(WORDS):
        mixed = mixed * np.uint64(_PRIME) + words[place : place + count]
    found = np.sort(_scattered(mixed))
    return found[np.concatenate(([True], found[1:] != found[:-1]))]


def _words(text: str) -> Hashes:
    """A hash of each word, in order: all of them at once, as differences of one running polynomial modulo 2^64."""
    plain = text.lower() if text.isascii() else " ".join(_TOKEN.findall(text.casefold()))
    signs = np.frombuffer(plain.encode("utf-8", "replace"), dtype=np.uint8)
    letters = np.zeros(len(signs) + 2, dtype=np.bool_)
    letters[1:-1] = _LETTER[signs]
    edges = np.flatnonzero(letters[1:] != letters[:-1])
    powers, inverses = _powers(1 << len(signs).bit_length())
    running = np.zeros(len(signs) + 1, dtype=np.uint64)
    np.cumsum(signs * powers[: len(signs)], out=running[1:])
    starts, ends = edges[::2], edges[1::2]
    return _scattered((running[ends] - running[starts]) * inverses[starts])


@lru_cache(maxsize=24)
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The first powers of an odd number modulo 2^64, and those of its inverse."""
    both = []
    for base in (_PRIME, pow(_PRIME, -1, 1 << 64)):
        powers = np.full(count, base, dtype=np.uint64)
        powers[0] = 1
        both.append(np.cumprod(powers, dtype=np.uint64))
    return both[0], both[1]


def _scattered(values: Hashes) -> Hashes:
    """The end of splitmix64 (Steele and others 2014), so that the smallest hashes are a fair sample."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def resemblance(one: Hashes, other: Hashes) -> tuple[float, float]:
    """Share of the shingles of two texts that both have: of all, and of the shorter text's; 0 to 1."""
    if not len(one) or not len(other):
        return 0.0, 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common), common / min(len(one), len(other))


class Stories:
    """Which articles are copies of one story; made by the store it belongs to and used on its thread."""

    def __init__(self, db: sqlite_utils.Database) -> None:
        self._db = db

    def link(self, article: int, source: int, found: Hashes, published: int | None) -> None:
        """Find the story that an article's text belongs to. One that has a story besides itself stays with it.

        Args:
            source: row id of the outlet.
            found: the `shingles` of the text.
            published: seconds since 1970, None where unknown.
        """
        execute = self._db.conn.execute
        self.forget(article)
        if len(found) < LEAST:
            return
        sketch = found[:SKETCH].view(np.int64)
        hashes: list[int] = sketch.tolist()
        hits = execute(_FIND, hashes + hashes[:1] * (SKETCH - len(hashes))).fetchall()
        crowded = {number for number, count in Counter(hash_ for hash_, _ in hits).items() if count >= CROWD}
        self._db.conn.executemany(
            "INSERT INTO sketches (hash, article_id) VALUES (?, ?)",
            [(number, article) for number in hashes if number not in crowded],
        )
        execute("INSERT INTO sketched (article_id, sketch) VALUES (?, ?)", [article, sketch.tobytes()])
        if not hits or self._accompanied(article):
            return
        best = (0.0, 0)
        near = Counter(other for _, other in hits).most_common(COMPARED)
        for other, _ in (pair for pair in near if pair[1] >= SHARED):
            best = max(best, (self._likeness(found, source, published, other), other))
        if best[0]:
            story = execute("SELECT coalesce(story_id, id) FROM articles WHERE id = ?", [best[1]]).fetchone()[0]
            execute("UPDATE articles SET story_id = ? WHERE id IN (?, ?)", [story, article, best[1]])

    def _likeness(self, found: Hashes, source: int, published: int | None, other: int) -> float:
        """How far another article is a copy, 0 where it is none."""
        row = self._db.conn.execute(
            "SELECT a.source_id, r.published_at, r.text FROM articles a JOIN revisions r ON r.id = a.revision_id"
            " WHERE a.id = ?",
            [other],
        ).fetchone()
        if row is None or (None not in (published, row[1]) and abs(row[1] - published) > APART):
            return 0.0
        alike, inside = resemblance(found, shingles(row[2]))
        if row[0] == source:
            return alike if alike >= SAME_OUTLET else 0.0
        return max(alike, inside) if alike >= RESEMBLANCE or inside >= CONTAINED else 0.0

    def _accompanied(self, article: int) -> bool:
        """Whether another article is of the same story already."""
        return (
            self._db.conn.execute(
                "SELECT 1 FROM articles o JOIN articles a ON o.story_id = a.story_id WHERE a.id = ? AND o.id != a.id",
                [article],
            ).fetchone()
            is not None
        )

    def copies_of(self, article: int) -> list[int]:
        """Row ids of the other articles of its story, ascending, whatever their status; empty where it stands alone."""
        rows = self._db.execute(
            "SELECT o.id FROM articles o JOIN articles a ON o.story_id = a.story_id WHERE a.id = ? AND o.id != a.id"
            " ORDER BY o.id",
            [article],
        ).fetchall()
        return [int(row[0]) for row in rows]

    def forget(self, article: int) -> None:
        """Remove the sketch of an article, so that nothing new is compared with it."""
        row: Any = self._db.conn.execute("SELECT sketch FROM sketched WHERE article_id = ?", [article]).fetchone()
        if row is None:
            return
        hashes = np.frombuffer(row[0], dtype=np.int64).tolist()
        self._db.conn.executemany(
            "DELETE FROM sketches WHERE hash = ? AND article_id = ?", [(number, article) for number in hashes]
        )
        self._db.conn.execute("DELETE FROM sketched WHERE article_id = ?", [article])
