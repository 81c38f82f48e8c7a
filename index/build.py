"""Store -> a new version of the index: only new text is embedded, and nothing half-made is ever published.

What the current version holds of a passage is copied where the passage still says the same, whole stretches at a time,
so a reindex pays for what changed: no sentence is split, no word is stemmed and no vector is looked up a second time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as installed
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

import corpus.full_stops
import corpus.sentences
import index.late
import index.question
import index.rows
from corpus.progress import Progress, silent
from corpus.records import StoredPassage
from corpus.store import Store
from index.cache import VectorCache, Vectors, cache_key
from index.draft import Base, Draft
from index.embedder import Embedder
from index.errors import IndexUnavailable
from index.late import pack
from index.published import Manifest, Published, open_current, write_version
from index.rows import Row, document, embedded_text, row_key, sentence_spans, word_spans

CHUNK = 512  # passages embedded, and kept in the cache, at a time
RUN = 4096  # passages in memory at a time


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        embedded: passages that were not in the cache.
        published: False when the current version already follows the store.
    """

    manifest: Manifest
    embedded: int
    published: bool


def build(
    store: Store,
    embedder: Embedder,
    index_dir: Path,
    *,
    full: bool = False,
    reuse: bool = True,
    progress: Progress = silent,
) -> Built:
    """Publish a version of the index that follows the store; to be called under `reindex_lock`.

    Args:
        full: embed everything anew, whatever the cache holds.
        reuse: False makes every row anew, from vectors of the cache where it has them; ``full`` implies it.
    """
    recipe = recipe_of(embedder)
    current = _current(index_dir) if reuse and not full else None
    with store.snapshot():
        generation = store.generation
        if current and (current.manifest.generation, current.manifest.recipe) == (generation, recipe):
            return Built(current.manifest, 0, False)
        version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
        folder = index_dir / "versions" / f".{version}"
        base = Base(current if current and current.manifest.recipe == recipe else None)
        vectors = VectorCache(index_dir / "vectors.db")
        try:
            folder.mkdir(parents=True)
            draft = Draft(folder, embedder.dimension, base)
            embedded = _fill(draft, store, base, embedder, vectors, full, progress)
            progress("keywords", 0, 1)
            manifest = draft.finish(version, generation, recipe, embedder, store.quotable_articles())
            progress("keywords", 1, 1)
            progress("publish", 0, 1)
            write_version(index_dir, folder, manifest)
            progress("publish", 1, 1)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise IndexUnavailable(
                    f"cannot be written ({error.strerror or error}); the index in use stays",
                    subject=index_dir,
                    remedy=f"check {_asked(error)}, then run scripts/reindex.py again",
                ) from error
            raise
        finally:
            vectors.close()
    return Built(manifest, embedded, True)


def _asked(error: OSError) -> str:
    return "who may write there" if isinstance(error, PermissionError) else "the disk's space"


def recipe_of(embedder: Embedder) -> str:
    """Changes with whatever decides what a row holds beside its passage: the model, and the code that takes text apart.

    The code speaks for itself, so that nobody has to remember a number: a version made by other code is not copied
    from, and not taken for current.
    """
    return hashlib.sha256(f"{embedder.digest} {embedder.precision} {_code()}".encode()).hexdigest()


@cache
def _code() -> str:
    """Stands for the code that takes text apart; read once, since an update on disk is not yet the code at work."""
    digest = hashlib.sha256(installed("nupunkt").encode())
    for file in (
        __file__,
        index.rows.__file__,
        corpus.sentences.__file__,
        corpus.full_stops.__file__,
        index.late.__file__,
        index.question.__file__,
    ):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def _current(index_dir: Path) -> Published | None:
    """The current version; None where there is none that can be used, which the build then mends."""
    try:
        return open_current(index_dir)
    except IndexUnavailable:
        return None


def _fill(
    draft: Draft,
    store: Store,
    base: Base,
    embedder: Embedder,
    cache: VectorCache,
    full: bool,
    progress: Progress,
) -> int:
    """Write a row for every quotable passage; returns how many had to be embedded."""
    done = embedded = 0
    total = store.count_passages()
    progress("embed", 0, total)
    try:
        for run in _runs(store.passages(), base):
            missing = [passage for passage, place in zip(run.passages, run.places, strict=True) if place < 0]
            rows, new = _made(missing, draft, embedder, cache, full)
            embedded += new
            _write(draft, run, iter(rows))
            base.forget()
            done += len(run.passages)
            progress("embed", done, total)
    finally:
        draft.close()
    return embedded


class _Run(NamedTuple):
    """Passages that follow each other, what their rows depend on, and where these stand in the base, -1 for nowhere."""

    passages: list[StoredPassage]
    keys: list[bytes]
    places: NDArray[np.int64]


def _runs(passages: Iterator[StoredPassage], base: Base) -> Iterator[_Run]:
    """All passages, in runs with `CHUNK` new ones at most."""
    while some := list(islice(passages, RUN)):
        keys = [row_key(passage) for passage in some]
        places = base.places([passage.id for passage in some], keys)
        new = np.flatnonzero(places < 0)
        bounds = [0, *new[CHUNK::CHUNK].tolist(), len(some)]
        for first, last in pairwise(bounds):
            yield _Run(some[first:last], keys[first:last], places[first:last])


def _write(draft: Draft, run: _Run, made: Iterator[Row]) -> None:
    """Copy the stretches that stand in the base as they are, and put what was made between them."""
    places = run.places
    ends = np.flatnonzero((np.diff(places) != 1) | (places[:-1] < 0)) + 1
    for first, last in pairwise([0, *ends.tolist(), len(places)]):
        if places[first] < 0:
            draft.add(run.passages[first], run.keys[first], next(made))
        else:
            draft.copy(run.passages[first:last], int(places[first]))


def _made(
    passages: Sequence[StoredPassage], draft: Draft, embedder: Embedder, cache: VectorCache, full: bool
) -> tuple[list[Row], int]:
    """A row for each passage, and how many had to be embedded."""
    spans = [sentence_spans(passage) for passage in passages]
    inner = [
        each + word_spans(passage) if embedder.pools_tokens else each
        for passage, each in zip(passages, spans, strict=True)
    ]
    texts = [embedded_text(passage) for passage in passages]
    model = f"{embedder.digest} {embedder.precision}"
    keys = [cache_key(model, text, each) for text, each in zip(texts, inner, strict=True)]
    known = {} if full else cache.get(keys)
    missing = [number for number, key in enumerate(keys) if key not in known]
    if missing:
        vectors = _embedded(
            [passages[number] for number in missing],
            [inner[number] for number in missing],
            [len(spans[number]) for number in missing],
            embedder,
        )
        made = {keys[number]: each for number, each in zip(missing, vectors, strict=True)}
        cache.put(made)
        known.update(made)
    rows = []
    for passage, each, key in zip(passages, spans, keys, strict=True):
        vector, sentences, words = known[key]
        offsets = np.asarray(each, dtype=np.int32).reshape(-1, 2)
        rows.append(Row(vector, offsets, sentences, words, draft.numbers(document(passage))))
    return rows, len(missing)


def _embedded(
    passages: Sequence[StoredPassage],
    spans: Sequence[list[tuple[int, int]]],
    counts: Sequence[int],
    embedder: Embedder,
) -> Iterator[Vectors]:
    """Vectors of passages, of their sentences and of their words.

    Args:
        spans: of each passage its sentences, then its words, offsets into its text.
        counts: how many of them are sentences.
    """
    texts = [embedded_text(passage) for passage in passages]
    shifted = []
    for passage, text, each in zip(passages, texts, spans, strict=True):
        before = len(text) - len(passage.text.rstrip())
        shifted.append([(start + before, end + before) for start, end in each])
    vectors, pooled = embedder.embed_passages(texts, shifted)
    # One product for the words of all these passages, where one a passage takes three times as long.
    packed = pack(np.concatenate([each[count:] for each, count in zip(pooled, counts, strict=True)]))
    ends = np.cumsum([len(each) - count for each, count in zip(pooled, counts, strict=True)])
    words = np.split(packed, ends[:-1])
    for vector, parts, count, bits in zip(vectors, pooled, counts, words, strict=True):
        yield vector.astype(np.float16), parts[:count].astype(np.float16), bits
