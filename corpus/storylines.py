"""Articles on one course of events, grouped as they come in; a part of `corpus.store.Store`.

`corpus.stories` knows copies of one text; a storyline holds what different outlets write about the same events, and
what came of them later. Grouping is single-pass clustering by the nearest neighbour (Allan and others 1998, "On-line
new event detection and tracking") over `corpus.profiles`: an article joins the storyline of the nearest article where
the two are alike enough for the time between them, and begins one of its own otherwise. Once it has one it keeps it,
whatever it or its neighbours become, so that a number that was handed out stays true.

The nearest are looked up by an article's heaviest terms, a bounded number of articles around its day for each, so that
the cost of an article does not grow with what is stored. What is not yet grouped has no storyline: a run groups it,
oldest first, after it has read its sources; so is a store that was made before there were storylines.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.beside import Beside
from corpus.profiles import HEAD, Frequencies, Profile, Weighted, profiles_of, similarities, weighted

if TYPE_CHECKING:
    import sqlite_utils

PROBES = 16  # terms by which neighbours are looked for
AROUND = 24  # articles looked up for each before its day, and as many from it on
COMPARED = 12  # articles compared with, at most
BATCH = 250  # articles grouped in one transaction
MANY = 2000  # articles for which it is worth beginning a second process
RECENT = 4000  # articles of which what they are compared by stays in memory during a run, about a kilobyte each
NEAR, FAR = 0.17, 0.24
"""Similarity that joins two articles of one week, and two a year or more apart; see docs/stories.md."""
WORDS = 0.06
"""What of that has to come from other words than names: a town's news are not one matter for naming the town."""
WEEK, YEAR = 7, 365
CROWD = 4
"""Articles from which a storyline asks a newcomer for a second one that it is like: against drifting from one matter
to the next along single likenesses."""
SECOND = 0.75
"""How much of the first's similarity that second one has to have."""

TABLES = """
ALTER TABLE articles ADD COLUMN storyline_id INTEGER;
CREATE TABLE profiles (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    day INTEGER NOT NULL,
    terms BLOB NOT NULL,
    weights BLOB NOT NULL
);
CREATE TABLE traits (
    term INTEGER NOT NULL,
    day INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    PRIMARY KEY (term, day, article_id)
) WITHOUT ROWID;
CREATE TABLE term_counts (term INTEGER PRIMARY KEY, articles INTEGER NOT NULL);
CREATE INDEX articles_storyline ON articles(storyline_id) WHERE storyline_id IS NOT NULL;
CREATE INDEX revisions_published ON revisions(published_at);
CREATE INDEX articles_ungrouped ON articles(id) WHERE storyline_id IS NULL;
INSERT INTO state VALUES ('profiled', 0);
"""
"""Migration m005."""

_PENDING = (
    f"SELECT a.id, r.title, substr(r.text, 1, {HEAD}), coalesce(nullif(r.language, ''), s.language),"
    " coalesce(r.published_at, unixepoch(a.first_seen)) / 86400 AS day"
    " FROM articles a JOIN revisions r ON r.id = a.revision_id JOIN sources s ON s.id = a.source_id"
    " WHERE a.storyline_id IS NULL"
)
_BEFORE, _FROM_ON = (
    "(SELECT group_concat(article_id) FROM (SELECT article_id FROM traits WHERE term = ? AND day"
    f" {side} LIMIT {AROUND}))"
    for side in ("< ? ORDER BY day DESC, article_id DESC", ">= ? ORDER BY day, article_id")
)

_Row = tuple[int, str, str, str, int]


@dataclass(frozen=True, slots=True)
class _Grouped:
    """An article that later ones are compared with.

    Attributes:
        about: as it is kept, its weights in half precision.
    """

    day: int
    about: Weighted
    storyline: int


class Storylines:
    """Which articles are about one course of events; made by the store it belongs to and used on its thread.

    Args:
        transaction: the store's.
    """

    def __init__(self, db: sqlite_utils.Database, transaction: Callable[[], AbstractContextManager[None]]) -> None:
        self._db = db
        self._transaction = transaction

    def group(self, beside: Beside | None = None) -> int:
        """Group what has no storyline yet, the oldest first; returns how many articles that were.

        A run that is cut short leaves whole batches, and the next one goes on.

        Args:
            beside: tells what articles are about while those before are grouped, where there are many.
        """
        total = 0
        recent: dict[int, _Grouped] = {}
        days = self._db.conn.execute(f"SELECT id, day FROM ({_PENDING}) ORDER BY day, id").fetchall()
        waiting: deque[list[_Row]] = deque()

        def batches() -> Iterator[list[tuple[str, str, str]]]:
            for first in range(0, len(days), BATCH):
                waiting.append(self._pending([int(article) for article, _ in days[first : first + BATCH]]))
                yield [row[1:4] for row in waiting[-1]]

        with nullcontext(beside) if beside else Beside() as helper:
            for profiles in helper.map(profiles_of, batches(), alone=beside is None or len(days) < MANY):
                rows = waiting.popleft()
                with self._transaction():
                    total += self._group(rows, profiles, recent)
                while len(recent) > RECENT:
                    del recent[next(iter(recent))]
        return total

    def _group(self, rows: Sequence[_Row], profiles: Sequence[Profile], recent: dict[int, _Grouped]) -> int:
        """Group a batch, less what was taken down since it was looked up; returns how many articles that were."""
        stories = self._stories([row[0] for row in rows])
        left = [(row, about) for row, about in zip(rows, profiles, strict=True) if row[0] in stories]
        frequencies = self._count([about for _, about in left])
        weights = weighted([about for _, about in left], frequencies, self._articles())
        for (row, _), about in zip(left, weights, strict=True):
            self._join(row[0], row[4], stories[row[0]], about, recent)
        return len(left)

    @property
    def grouped(self) -> int:
        """How many articles were grouped so far; grows whenever a list by storylines may have changed."""
        return self._articles()

    def of(self, article: int) -> int:
        """The storyline of an article: the row id of the article that began it, its own where it is not grouped yet."""
        row = self._db.execute(
            "SELECT coalesce(storyline_id, story_id, id) FROM articles WHERE id = ?", [article]
        ).fetchone()
        return article if row is None else int(row[0])

    def all_of(self, articles: Sequence[int]) -> dict[int, int]:
        """The storyline of each of these articles, see ``of``."""
        rows = self._db.execute(
            "SELECT id, coalesce(storyline_id, story_id, id) FROM articles"
            " WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(articles))],
        ).fetchall()
        return {int(article): int(storyline) for article, storyline in rows}

    def members(self, storyline: int) -> list[int]:
        """Row ids of the articles of a storyline, ascending, whatever their status."""
        rows = self._db.execute("SELECT id FROM articles WHERE storyline_id = ? ORDER BY id", [storyline]).fetchall()
        return [int(row[0]) for row in rows]

    def forget(self, article: int) -> None:
        """Remove what tells an article's matter, so that nothing new is compared with it; its storyline stays."""
        row = self._db.conn.execute("SELECT day, terms FROM profiles WHERE article_id = ?", [article]).fetchone()
        if row is None:
            return
        self._db.conn.executemany(
            "DELETE FROM traits WHERE term = ? AND day = ? AND article_id = ?",
            [(term, row[0], article) for term in np.frombuffer(row[1], dtype=np.int64).tolist()],
        )
        self._db.conn.execute("DELETE FROM profiles WHERE article_id = ?", [article])

    def _pending(self, articles: Sequence[int]) -> list[_Row]:
        rows = self._db.conn.execute(
            f"{_PENDING} AND a.id IN (SELECT value FROM json_each(?)) ORDER BY day, a.id", [json.dumps(list(articles))]
        ).fetchall()
        return [(int(row[0]), row[1], row[2], row[3], int(row[4])) for row in rows]

    def _stories(self, articles: Sequence[int]) -> dict[int, int | None]:
        """The copies' story, None where there is none, of each of these articles that is still there."""
        return dict(
            self._db.conn.execute(
                "SELECT id, story_id FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                [json.dumps(list(articles))],
            ).fetchall()
        )

    def _articles(self) -> int:
        return int(self._db.conn.execute("SELECT value FROM state WHERE name = 'profiled'").fetchone()[0])

    def _count(self, profiles: Collection[Profile]) -> Frequencies:
        """Count the articles, and in how many each term comes; returns the latter of the terms of these articles."""
        together = np.concatenate([each.terms for each in profiles] or [np.empty(0, np.int64)])
        terms, counts = (each.tolist() for each in np.unique(together, return_counts=True))
        execute = self._db.conn.execute
        self._db.conn.executemany(
            "INSERT INTO term_counts (term, articles) VALUES (?, ?)"
            " ON CONFLICT (term) DO UPDATE SET articles = articles + excluded.articles",
            zip(terms, counts, strict=True),
        )
        execute("UPDATE state SET value = value + ? WHERE name = 'profiled'", [len(profiles)])
        rows = execute(
            "SELECT term, articles FROM term_counts WHERE term IN (SELECT value FROM json_each(?)) ORDER BY term",
            [json.dumps(terms)],
        ).fetchall()
        return Frequencies(*np.array(rows, dtype=np.int64).reshape(-1, 2).T.copy())

    def _join(self, article: int, day: int, story: int | None, about: Weighted, recent: dict[int, _Grouped]) -> None:
        """Give an article its storyline, and let later ones find it."""
        heaviest = about.heaviest(PROBES)
        storyline = self._copied(article, story) or self._nearest(about, heaviest, day, recent) or article
        kept = about.weights.astype(np.float16)
        execute = self._db.conn.execute
        execute("UPDATE articles SET storyline_id = ? WHERE id = ?", [storyline, article])
        execute(
            "INSERT OR REPLACE INTO profiles (article_id, day, terms, weights) VALUES (?, ?, ?, ?)",
            [article, day, about.terms.tobytes(), kept.tobytes()],
        )
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO traits (term, day, article_id) VALUES (?, ?, ?)",
            [(term, day, article) for term in heaviest],
        )
        recent[article] = _Grouped(day, Weighted(about.terms, kept.astype(np.float32)), storyline)

    def _copied(self, article: int, story: int | None) -> int | None:
        """The storyline that a copy of the article's text is in."""
        if story is None:
            return None
        row = self._db.conn.execute(
            "SELECT storyline_id FROM articles WHERE story_id = ? AND id != ? AND storyline_id IS NOT NULL"
            " ORDER BY id LIMIT 1",
            [story, article],
        ).fetchone()
        return None if row is None else int(row[0])

    def _nearest(self, about: Weighted, heaviest: Sequence[int], day: int, recent: dict[int, _Grouped]) -> int | None:
        """The storyline that an article is alike enough to, None where there is none."""
        if not heaviest:
            return None
        weights = dict(zip(about.terms.tolist(), np.abs(about.weights).tolist(), strict=True))
        # One row of one statement: as many statements, or rows, would cost more than what they find.
        query = f"SELECT {', '.join([_BEFORE, _FROM_ON] * len(heaviest))}"
        lists = self._db.conn.execute(query, [value for term in heaviest for value in (term, day) * 2]).fetchone()
        worths = [weights[heaviest[place // 2]] for place, others in enumerate(lists) if others]
        texts = [others for others in lists if others]
        met = np.fromstring(",".join(texts), dtype=np.int64, sep=",")  # a loop over some hundred of them takes thrice
        worth = np.repeat(worths, [text.count(",") + 1 for text in texts])
        others, places = np.unique(met, return_inverse=True)
        sums = np.bincount(places, worth, len(others))
        near = self._grouped(others[np.lexsort((others, -sums))[:COMPARED]].tolist(), recent)
        likenesses: dict[int, list[float]] = defaultdict(list)
        for each, (alike, by_words) in zip(near, similarities(about, [each.about for each in near]), strict=True):
            if by_words >= WORDS:
                likenesses[each.storyline].append(alike / needed(abs(each.day - day)))
        best: tuple[float, int] | None = None
        for storyline, values in sorted(likenesses.items()):
            values.sort(reverse=True)
            if values[0] < 1 or (best is not None and values[0] <= best[0]):
                continue
            if max(values[1:], default=0.0) < SECOND and self._large(storyline):
                continue
            best = (values[0], storyline)
        return None if best is None else best[1]

    def _grouped(self, articles: Sequence[int], recent: dict[int, _Grouped]) -> list[_Grouped]:
        """What articles are compared by, ascending by their row ids; read where it is not at hand."""
        missing = [article for article in articles if article not in recent]
        if missing:
            rows = self._db.conn.execute(
                "SELECT p.article_id, p.day, p.terms, p.weights, a.storyline_id FROM profiles p JOIN articles a"
                " ON a.id = p.article_id WHERE p.article_id IN (SELECT value FROM json_each(?))",
                [json.dumps(missing)],
            )
            for article, day, terms, stored, storyline in rows:
                weights = np.frombuffer(stored, dtype=np.float16).astype(np.float32)
                recent[article] = _Grouped(day, Weighted(np.frombuffer(terms, dtype=np.int64), weights), storyline)
        return [recent[article] for article in sorted(articles) if article in recent]

    def _large(self, storyline: int) -> bool:
        row = self._db.conn.execute(
            "SELECT count(*) FROM (SELECT 1 FROM articles WHERE storyline_id = ? LIMIT ?)", [storyline, CROWD]
        ).fetchone()
        return int(row[0]) >= CROWD


def needed(days: int) -> float:
    """The similarity that joins two articles so many days apart: more, the longer the time between them."""
    if days <= WEEK:
        return NEAR
    share = min(1.0, float(np.log(days / WEEK) / np.log(YEAR / WEEK)))
    return NEAR + (FAR - NEAR) * share
