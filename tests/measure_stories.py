"""How the grouping of articles fares: ``.venv/bin/python tests/measure_stories.py [--articles 100000]``.

First on the sample corpus and on tests/data/stories.jsonl, whose stories are known; then what grouping costs as a store
grows, on made-up articles: each of a made-up event, with names and words of its own among words that all events share.
Ratios of one run count, absolute times are this machine's.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakes import an_article

from corpus.ingest import ingest_sources
from corpus.passages import passages
from corpus.records import Article, Source, SourceKind
from corpus.sources import load_sources
from corpus.store import Store

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "tests" / "data" / "stories.jsonl"
SAMPLE = ROOT / "corpus" / "sample"
# The ten stories of the sample, by words of their titles; a title that names none is of none.
SAGAS = {
    "ferry": ("Ferry crews vote", "Fifth day without", "Six on a boat", "Skarrow ferry strike", "Ferries to sail"),
    "boil": ("taps are safe", "Boil your water", "Boil notice"),
    "flood": (
        "Hadrow under water",
        "Not again",
        "A year after the flood",
        "River Tolm floods",
        "flood barrier",
        "All four",
    ),
    "astrolabe": ("astrolabe",),
    "athletic": ("Athletic",),
    "karabakh": ("Nagorno", "pact with Moscow", "CSTO"),
    "brightmoor": ("Brightmoor",),
    "trams": ("Trams collide", "two trams crash", "Tram crash"),
    "government": ("Halvenian election", "prime minister", "Harvest Party", "Marrant resigns", "Renn"),
    "comet": ("comet", "Comet"),
}


def pairs(grouped: Mapping[int, int], true: Mapping[int, str]) -> dict[str, float]:
    """Precision and recall of the pairs put together, and how many groups there are."""
    together = {pair for pair in combinations(sorted(true), 2) if grouped[pair[0]] == grouped[pair[1]]}
    wanted = {pair for pair in combinations(sorted(true), 2) if true[pair[0]] == true[pair[1]]}
    right = len(together & wanted)
    return {
        "articles": len(true),
        "pairs_precision": right / len(together) if together else 1.0,
        "pairs_recall": right / len(wanted) if wanted else 1.0,
        "groups": len(set(grouped.values())),
    }


def fill(store: Store, articles: Iterable[tuple[str, Article]], first: int = 0) -> list[int]:
    """Put articles as ingesting does, without grouping them; returns their row ids."""
    numbers = []
    with store.transaction():
        for key, (outlet, article) in enumerate(articles, first):
            source = store.source_id(outlet) or store.put_source(Source(outlet, SourceKind.FOLDER, ""))
            numbers.append(store.put(article, passages(article), key=str(key), source=source)[0])
    return numbers


def written(store: Store, rows: Sequence[Mapping[str, str]]) -> dict[int, str]:
    """The articles of a file of stories put into a store and grouped; their stories by row id."""
    made = [
        (
            row["outlet"],
            an_article(
                *row["text"].split("\n"),
                title=row["title"],
                published=row["published"],
                language=row.get("language", "en"),
            ),
        )
        for row in rows
    ]
    numbers = fill(store, made)
    store.storylines.group()
    return {number: row["story"] for number, row in zip(numbers, rows, strict=True)}


def sample(store: Store) -> dict[int, str]:
    """The sample corpus read and grouped; its stories by row id."""
    ingest_sources(store, load_sources(SAMPLE / "sources.toml"), sample=True)
    found = {}
    for number in store.quotable_articles():
        article = store.article(number)
        title = article.title if article else ""
        found[number] = next((saga for saga, words in SAGAS.items() if any(w in title for w in words)), str(number))
    return found


class MadeUp:
    """Articles of made-up events: four out of five are of an event that others wrote about in the same fortnight.

    Attributes:
        events: the event of each article so far.
    """

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._common = [self._word() for _ in range(3_000)]
        self._towns = [self._word().title() for _ in range(400)]
        self._open: list[tuple[int, str, list[str], list[str]]] = []
        self._at = datetime(2025, 1, 1, tzinfo=UTC)
        self._made = 0
        self.events: list[int] = []

    def _word(self) -> str:
        syllables = "ba de fi go lu ma ne pi ro su ta ve wo xi ka len tor mis gar den".split()
        return "".join(self._random.choices(syllables, k=self._random.randint(2, 4)))

    def next(self) -> tuple[str, Article]:
        """The outlet and the next article."""
        pick = self._random
        self._at += timedelta(minutes=7)
        if not self._open or pick.random() < 0.2:
            self._made += 1
            names = [self._word().title() for _ in range(3)]
            words = [self._word() for _ in range(12)] + pick.choices(self._common, k=12)
            self._open.append((self._made, pick.choice(self._towns), names, words))
            self._open = self._open[-400:]
        event, town, names, words = pick.choice(self._open)
        self.events.append(event)
        lines = []
        for _ in range(8):
            body = pick.sample(words, 6) + pick.choices(self._common[:600], k=8)
            pick.shuffle(body)
            lines.append(f"The {' '.join(body[:7])} {pick.choice([town, *names])} {' '.join(body[7:])}.")
        title = f"{pick.choice(names)} {' '.join(pick.sample(words, 4))} {town}"
        published = self._at.isoformat(timespec="seconds")
        return f"Outlet {pick.randrange(40)}", an_article(*lines, title=title, published=published, language="en")


def growth(store: Store, articles: int, step: int = 1_000) -> None:
    """What a thousand articles cost in a store of a tenth and in one of the whole size: milliseconds an article.

    What lies between is put without being grouped, and then grouped at once, as a store of before is.
    """
    made = MadeUp()
    numbers: list[int] = []
    for marks in (articles // 10, articles):
        numbers += fill(store, (made.next() for _ in range(marks - step - len(numbers))), len(numbers))
        began = time.perf_counter()
        store.storylines.group()
        print(json.dumps({"grouped": len(numbers), "seconds": time.perf_counter() - began}), flush=True)  # noqa: T201
        stored = len(numbers)
        began = time.perf_counter()
        numbers += fill(store, (made.next() for _ in range(step)), stored)
        put = time.perf_counter()
        store.storylines.group()
        done = time.perf_counter()
        sources = [f"Outlet {number}" for number in range(40)]
        store.shelf.latest_by_story(sources, limit=8)
        folded = time.perf_counter()
        store.shelf.latest(sources, limit=8)
        plain = time.perf_counter()
        figures = {
            "stored": len(numbers),
            "put_ms": (put - began) * 1000 / step,
            "group_ms": (done - put) * 1000 / step,
            "latest_folded_ms": (folded - done) * 1000,
            "latest_plain_ms": (plain - folded) * 1000,
        }
        print(json.dumps(figures), flush=True)  # noqa: T201
    grouped = store.storylines.all_of(numbers)
    print(json.dumps(sizes(grouped, dict(zip(numbers, made.events, strict=True)))))  # noqa: T201


def sizes(grouped: Mapping[int, int], true: Mapping[int, int]) -> dict[str, float]:
    """Pairs' precision and recall without listing the pairs."""
    both = Counter((grouped[number], true[number]) for number in true)
    groups, events = Counter(grouped.values()), Counter(true.values())
    together, wanted = (sum(n * (n - 1) / 2 for n in each.values()) for each in (groups, events))
    right = sum(n * (n - 1) / 2 for n in both.values())
    return {"pairs_precision": right / together, "pairs_recall": right / wanted, "largest": max(groups.values())}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="How the grouping of articles fares.")
    parser.add_argument("--articles", type=int, default=0, help="size of the made-up store; 0 leaves it out")
    wanted = parser.parse_args()
    rows = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as folder:
        for name, put in (("sample", sample), ("written", lambda store: written(store, rows))):
            store = Store(Path(folder) / f"{name}.db")
            true = put(store)
            print(name, json.dumps(pairs(store.storylines.all_of(list(true)), true)))  # noqa: T201
            wrong = defaultdict(set)
            for number, storyline in store.storylines.all_of(list(true)).items():
                wrong[storyline].add(true[number])
            print("  mixed:", [sorted(each) for each in wrong.values() if len(each) > 1])  # noqa: T201
            store.close()
        if wanted.articles:
            store = Store(Path(folder) / "large.db")
            growth(store, wanted.articles)
            store.close()


if __name__ == "__main__":
    main()
