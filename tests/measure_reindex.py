"""What a reindex costs where nothing, or 1 % of the articles, changed: ``.venv/bin/python tests/measure_reindex.py``.

From files to the published index. Text is put together from the sentences of given articles. Vectors are random, so a
full build is one whose embedding costs nothing, unless ``--real`` asks for those of the default model.
``--articles FILE`` takes sentences from a set in the format of an evaluation set.
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
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.settings import load_settings
from corpus.sentences import sentences
from index.embedder import DEFAULT_MODEL, load
from index.prepare import prepare
from index.reindex import reindex

PARAGRAPHS = 8
"""Of an article; each becomes a passage."""


class RandomEmbedder:
    """An `index.embedder.Embedder` whose vectors are random, the same for the same text."""

    name, digest, dimension, precision, pools_tokens = "random", "ab" * 32, 384, "exact", True
    reader = None

    def __init__(self) -> None:
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
        made = [self._vectors(text, 1 + len(inner)) for text, inner in zip(texts, spans, strict=True)]
        return np.stack([each[0] for each in made]), [each[1:] for each in made]

    def _vectors(self, text: str, count: int) -> np.ndarray:
        first = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % (len(self._pool) - count)
        return self._pool[first : first + count]


def main() -> None:
    """Read and build, go over it all again unchanged, then with 1 % of the articles changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--articles", type=Path, help="articles.jsonl; default: the sample corpus")
    parser.add_argument("--real", action="store_true", help="embed with the default model")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        if wanted.real:
            prepare(DEFAULT_MODEL, load_settings().models_dir)
        chance = random.Random(7)
        pool = _sentences(wanted.articles)
        articles = [_article(pool, chance, number) for number in range(wanted.passages // PARAGRAPHS)]
        embedder = load(DEFAULT_MODEL, load_settings().models_dir) if wanted.real else RandomEmbedder()
        first: list[tuple[float, float]] = []

        def run(what: str) -> None:
            began, worked = time.perf_counter(), time.process_time()
            outcome = reindex(base / "corpus.db", base / "index", lambda: embedder, who="me", paths=[base / "news"])
            took, cost = time.perf_counter() - began, time.process_time() - worked
            first.append((took, cost))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(  # noqa: T201
                f"{what}: {took:.1f} s ({took / first[0][0]:.1%} of the first), processor {cost:.1f} s"
                f" ({cost / first[0][1]:.1%}), {outcome.built.embedded} of {outcome.built.manifest.passages} passages"
                f" embedded, peak so far {peak} MB",
                flush=True,
            )

        _write(base / "news", articles)
        run("all is new" if wanted.real else "all is new, embedding free")
        run("nothing changed")
        _write(base / "news", articles)
        run("nothing changed, every file written anew")
        for number in range(0, len(articles), 100):
            articles[number] = {**_article(pool, chance, number), "title": articles[number]["title"]}
        _write(base / "news", articles)
        run("1 % of the articles changed")


def _write(folder: Path, articles: Sequence[dict[str, str]]) -> None:
    folder.mkdir(exist_ok=True)
    for first in range(0, len(articles), 500):
        lines = [json.dumps(each) + "\n" for each in articles[first : first + 500]]
        (folder / f"{first:07}.jsonl").write_text("".join(lines))


def _article(pool: list[str], chance: random.Random, number: int) -> dict[str, str]:
    paragraphs = [
        " ".join([*chance.sample(pool, 3), f"It was item {chance.randrange(10**6)} of the day."])
        for _ in range(PARAGRAPHS)
    ]
    title = f"{chance.choice(pool)[:60]} ({number})"
    return {"id": str(number), "url": "", "title": title, "published": "2026-11-20", "text": "\n".join(paragraphs)}


def _sentences(file: Path | None) -> list[str]:
    if file is None:
        folder = Path(__file__).resolve().parent.parent / "corpus" / "sample"
        texts = [each.read_text() for each in sorted(folder.rglob("*.txt")) + sorted(folder.rglob("*.md"))]
    else:
        texts = [json.loads(line)["text"] for line in file.read_text().splitlines()]
    found = {text[start:end] for text in texts for start, end in sentences(text)}
    return sorted(each for each in found if 60 < len(each) < 250)


if __name__ == "__main__":
    main()
