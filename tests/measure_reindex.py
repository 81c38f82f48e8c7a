"""What a reindex costs where nothing, or 1 % of the articles, changed: ``.venv/bin/python tests/measure_reindex.py``.

Text is put together from the sentences of given articles, vectors are random; so a full build here is one whose
embedding costs nothing. ``--articles FILE`` takes sentences from a set in the format of an evaluation set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fakes import an_article

from corpus.passages import passages
from corpus.records import Source, SourceKind
from corpus.sentences import sentences
from corpus.store import Store
from index.build import build
from index.reindex import reindex


class RandomEmbedder:
    """An `index.embedder.Embedder` whose vectors are random, the same for the same text."""

    name, digest, dimension, precision, pools_tokens = "random", "ab" * 32, 384, "exact", True

    def __init__(self) -> None:
        self.count = 0
        pool = np.random.default_rng(7).standard_normal((20_000, self.dimension), dtype=np.float32)
        self._pool = pool / np.linalg.norm(pool, axis=1, keepdims=True)

    def embed_questions(self, texts: Sequence[str]) -> np.ndarray:
        """See ``index.embedder.Embedder``."""
        return np.stack([self._vectors(text, 1)[0] for text in texts])

    def embed_question(self, text: str, spans: Sequence[tuple[int, int]] = ()) -> tuple[np.ndarray, np.ndarray]:
        """See ``index.embedder.Embedder``."""
        made = self._vectors(text, 1 + len(spans))
        return made[0], made[1:]

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], progress: object = None
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """See ``index.embedder.Embedder``."""
        self.count += len(texts)
        made = [self._vectors(text, 1 + len(inner)) for text, inner in zip(texts, spans, strict=True)]
        return np.stack([each[0] for each in made]), [each[1:] for each in made]

    def _vectors(self, text: str, count: int) -> np.ndarray:
        first = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % (len(self._pool) - count)
        return self._pool[first : first + count]


def main() -> None:
    """Fill a store, then build, build again, change 1 % and build once more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--articles", type=Path, help="articles.jsonl; default: the sample corpus")
    parser.add_argument("--profile", action="store_true", help="profile the 1 %% run")
    parser.add_argument("--keep", type=Path, help="a folder to keep, and to find the store in the next time")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = wanted.keep or Path(folder)
        store = Store(base / "corpus.db")
        chance = random.Random(store.generation)
        pool = _sentences(wanted.articles)
        if store.count_passages() < wanted.passages:
            _timed("fill the store", lambda: _fill(store, pool, wanted.passages, chance))
        embedder = RandomEmbedder()
        index_dir = base / "index"
        _timed("full build, embedding free", lambda: build(store, embedder, index_dir))
        _timed("reindex, nothing changed", lambda: reindex(base / "corpus.db", index_dir, lambda: embedder, who="me"))
        articles = sorted(store.quotable_articles())
        _change(store, pool, articles[:: max(1, 100)], chance)
        before = embedder.count
        run: Callable[[], object] = lambda: build(store, embedder, index_dir)  # noqa: E731
        if wanted.profile:
            import cProfile

            cProfile.runctx("run()", {}, {"run": run}, sort="cumulative")
        else:
            _timed("1 % of the articles changed", run)
        print(f"{embedder.count - before} of {store.count_passages()} passages embedded")  # noqa: T201
        store.close()


def _sentences(file: Path | None) -> list[str]:
    if file is None:
        folder = Path(__file__).resolve().parent.parent / "corpus" / "sample"
        texts = [each.read_text() for each in sorted(folder.rglob("*.txt")) + sorted(folder.rglob("*.md"))]
    else:
        texts = [json.loads(line)["text"] for line in file.read_text().splitlines()]
    found = {text[start:end] for text in texts for start, end in sentences(text)}
    return sorted(each for each in found if 60 < len(each) < 250)


def _article(pool: list[str], chance: random.Random, count: int):  # type: ignore[no-untyped-def]
    paragraphs = [
        " ".join([*chance.sample(pool, 3), f"It was item {chance.randrange(10**6)} of the day."]) for _ in range(count)
    ]
    return an_article(*paragraphs, title=chance.choice(pool)[:80], published="2026-11-20")


def _fill(store: Store, pool: list[str], count: int, chance: random.Random) -> None:
    source = store.put_source(Source("The Paper", SourceKind.FOLDER, ""))
    while (held := store.count_passages()) < count:
        with store.transaction():
            for number in range(min(2000, (count - held) // 8 + 1)):
                article = _article(pool, chance, 8)
                store.put(article, passages(article), key=f"{held}.{number}", source=source)


def _change(store: Store, pool: list[str], articles: list[int], chance: random.Random) -> None:
    with store.transaction():
        for article in articles:
            key = store._db.execute("SELECT key, source_id FROM articles WHERE id = ?", [article]).fetchone()
            changed = _article(pool, chance, 8)
            store.put(changed, passages(changed), key=key[0], source=key[1])


def _timed(what: str, run: Callable[[], object]) -> None:
    began = time.perf_counter()
    run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {time.perf_counter() - began:.1f} s (peak so far {peak} MB)", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
