"""An index of any size to measure on: sentences of given articles put together anew, vectors that are real as far as
told and made from real ones beyond.

A passage is three sentences of the given articles, with names and figures exchanged; so none is embedded twice, and
its words are those of news. A made vector is a real one plus a step in the direction from one real vector to another,
as long as that from a real vector to its nearest neighbour is: its neighbours are as near as real ones, and there are
many more of them, which makes the nearest harder to find, not easier.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from corpus.progress import Progress, silent
from corpus.records import Article, Block, BlockKind, Passage, Source, SourceKind, StoredPassage
from corpus.store import Store
from index.build import recipe_of
from index.draft import Base, Draft
from index.embedder import Embedder
from index.late import pack
from index.published import Manifest, Published, write_version
from index.question import tokens
from index.rows import Row, embedded_text, row_key, word_spans

SENTENCES, PASSAGES = 3, 8
"""Sentences of a passage, passages of an article."""
SOURCES = 100
"""As many sources, each with the same number of articles: a question to one of them keeps 1 %."""
CHUNK = 4096  # passages made, and articles written, at a time
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_FIGURE = re.compile(r"\d+")


class _Sentence(NamedTuple):
    text: str
    words: int
    terms: NDArray[np.int32]


class _Real(NamedTuple):
    """What was embedded: passages, shape (r, d), their sentences, shape (r, 3, d), and the words of each, (w, b)."""

    vectors: NDArray[np.float32]
    sentences: NDArray[np.float32]
    words: list[NDArray[np.uint8]]


def variants(pool: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Sentences of a pool, as many as told, with their names and figures exchanged for others of the pool."""
    names = sorted({name for text in pool for name in _NAME.findall(text)}) or ["Monday"]
    made = []
    for number in range(count):
        text = pool[number % len(pool)]
        if number >= len(pool):
            text = _NAME.sub(lambda _: chance.choice(names), text)
            text = _FIGURE.sub(lambda figure: str(chance.randrange(10 ** min(len(figure[0]), 6))), text)
        made.append(text)
    return made


def fill(store: Store, pool: Sequence[str], count: int, chance: random.Random, progress: Progress = silent) -> None:
    """Write articles of ``count`` passages, their sentences from the pool, into an empty store."""
    sources = [
        store.put_source(Source(f"Paper {number:02}", SourceKind.FOLDER, f"/made/{number}"))
        for number in range(SOURCES)
    ]
    for begin in range(0, count, CHUNK):
        with store.transaction():
            for first in range(begin, min(begin + CHUNK, count), PASSAGES):
                number = first // PASSAGES
                article, passages = _article(pool, number, min(PASSAGES, count - first), chance)
                store.put(article, passages, key=str(number), source=sources[number % SOURCES])
        progress("store", min(begin + CHUNK, count), count)


def change(store: Store, pool: Sequence[str], numbers: Sequence[int], chance: random.Random) -> None:
    """Write other sentences into some of the articles."""
    sources = [
        store.put_source(Source(f"Paper {each:02}", SourceKind.FOLDER, f"/made/{each}")) for each in range(SOURCES)
    ]
    with store.transaction():
        for number in numbers:
            article, passages = _article(pool, number, PASSAGES, chance)
            store.put(article, passages, key=str(number), source=sources[number % SOURCES])


def _article(pool: Sequence[str], number: int, count: int, chance: random.Random) -> tuple[Article, list[Passage]]:
    texts, blocks, passages, at = [], [], [], 0
    for place in range(count):
        text = " ".join(chance.choices(pool, k=SENTENCES))
        end = at + len(text)
        texts.append(text)
        blocks.append(Block(BlockKind.PARAGRAPH, at, end))
        passages.append(Passage(at, end + (place < count - 1), ((at, end),)))
        at = end + 1
    day = f"2026-{1 + number % 10:02}-{1 + number % 28:02}"
    title = f"{chance.choice(pool)[:60]} ({number})"
    return Article(title=title, text="\n".join(texts), blocks=tuple(blocks), published=day), passages


def publish(
    store: Store,
    pool: Sequence[str],
    embedder: Embedder,
    index_dir: Path,
    real: int,
    progress: Progress = silent,
    before: Published | None = None,
) -> Manifest:
    """Publish an index of a store that `fill` filled from the same pool: ``real`` passages embedded, the rest made.

    Args:
        before: an index of another size, whose vectors are taken where a passage is the same.
    """
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    folder = index_dir / "versions" / f".{version}"
    folder.mkdir(parents=True)
    draft = Draft(folder, embedder.dimension, Base(None))
    known = {text: _Sentence(text, len(tokens(text)), draft.numbers(text)) for text in pool}
    chance = np.random.default_rng(7)
    total, done = store.count_passages(), 0
    recipe = recipe_of(embedder)
    base = Base(before if before and before.manifest.recipe == recipe else None)
    found: _Real | None = None
    with store.snapshot():
        for some in _chunks(store.passages(), min(real, total)):
            if found is None:
                found = _embedded(some, known, embedder, base, progress)
                vectors, inner, words = found.vectors, found.sentences, found.words
                distances = _nearest(found.vectors)
                every = np.concatenate(found.words)
            else:
                words = []
                parents = chance.integers(len(found.vectors), size=len(some))
                steps = distances[chance.integers(len(distances), size=len(some))]
                vectors = _stepped(found.vectors[parents], found.vectors, steps, chance)
                flat = found.sentences.reshape(-1, embedder.dimension)
                inner = np.stack(
                    [_stepped(found.sentences[parents, each], flat, steps, chance) for each in range(SENTENCES)], axis=1
                )
            for place, passage in enumerate(some):
                spans = _split(passage, known)
                parts = [known[passage.text[start:end]] for start, end in spans]
                own = words[place] if words else _some(every, sum(each.words for each in parts), chance)
                numbers = np.concatenate([draft.numbers(passage.title), *(each.terms for each in parts)])
                row = Row(
                    vectors[place].astype(np.float16),
                    np.asarray(spans, dtype=np.int32),
                    inner[place].astype(np.float16),
                    own,
                    numbers,
                )
                draft.add(passage, row_key(passage), row)
            done += len(some)
            progress("index", done, total)
        progress("publish", 0, 1)
        manifest = draft.finish(version, store.generation, recipe, embedder, store.quotable_articles())
    write_version(index_dir, folder, manifest)
    progress("publish", 1, 1)
    return manifest


def _chunks(passages: Iterator[StoredPassage], first: int) -> Iterator[list[StoredPassage]]:
    some: list[StoredPassage] = []
    size = first
    for passage in passages:
        some.append(passage)
        if len(some) == size:
            yield some
            some, size = [], CHUNK
    if some:
        yield some


def _split(passage: StoredPassage, known: dict[str, _Sentence]) -> list[tuple[int, int]]:
    """The sentences of a passage: the only way to cut it so that each piece is in the pool."""
    spans, at, text = [], 0, passage.text.rstrip("\n")
    while at < len(text):
        end = next(
            end
            for end in [match.start() for match in re.finditer(" ", text[at:] + " ")]
            if text[at : at + end] in known
        )
        spans.append((at, at + end))
        at += end + 1
    return spans


def _embedded(
    passages: Sequence[StoredPassage],
    known: dict[str, _Sentence],
    embedder: Embedder,
    base: Base,
    progress: Progress,
) -> _Real:
    vectors, sentences, words = [], [], []
    for first in range(0, len(passages), 512):
        some = passages[first : first + 512]
        places = base.places([passage.id for passage in some], [row_key(passage) for passage in some]).tolist()
        rows = [base.row(place) if place >= 0 else None for place in places]
        fresh = [passage for passage, row in zip(some, rows, strict=True) if row is None]
        spans = []
        for passage in fresh:
            before = len(embedded_text(passage)) - len(passage.text.rstrip())
            inner = _split(passage, known) + word_spans(passage)
            spans.append([(start + before, end + before) for start, end in inner])
        whole, parts = embedder.embed_passages([embedded_text(passage) for passage in fresh], spans)
        made = iter(zip(whole, parts, strict=True))
        for row in rows:
            if row is None:
                vector, pooled = next(made)
                vectors.append(vector)
                sentences.append(pooled[:SENTENCES])
                words.append(pack(pooled[SENTENCES:]))
            else:
                vectors.append(row.vector.astype(np.float32))
                sentences.append(row.sentences.astype(np.float32))
                words.append(np.array(row.words))
        progress("embed", first + len(some), len(passages))
    return _Real(np.stack(vectors), np.stack(sentences), words)


def _nearest(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distances from some vectors to the nearest other one."""
    some = vectors[:2000]
    cosines = some @ vectors.T
    cosines[np.arange(len(some)), np.arange(len(some))] = -1
    distances: NDArray[np.float32] = np.sqrt(np.maximum(2 - 2 * cosines.max(axis=1), 0.02))
    return distances


def _stepped(
    origins: NDArray[np.float32], vectors: NDArray[np.float32], steps: NDArray[np.float32], chance: np.random.Generator
) -> NDArray[np.float32]:
    """Each origin moved by a step between two of the vectors, of the length told, and put back on the sphere."""
    ends = chance.integers(len(vectors), size=(2, len(origins)))
    away = vectors[ends[0]] - vectors[ends[1]]
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
    moved = origins + away * steps[:, None]
    unit: NDArray[np.float32] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def _some(words: NDArray[np.uint8], count: int, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Words that follow each other somewhere."""
    first = int(chance.integers(max(1, len(words) - count)))
    return words[first : first + count]
