"""Store -> a new version of the index: only new text is embedded, and nothing half-made is ever published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import uuid4

import numpy as np

from corpus.progress import Progress, silent
from corpus.records import StoredPassage
from corpus.sentences import sentences
from corpus.store import Store
from index.cache import VectorCache, Vectors, cache_key
from index.embedder import Embedder
from index.errors import IndexUnavailable
from index.keywords import KeywordIndex
from index.published import (
    UNDATED,
    Manifest,
    current_version,
    read_manifest,
    write_array,
    write_version,
)
from index.question import terms
from index.vectors import VectorIndex

CHUNK = 512  # passages embedded, and kept in the cache, at a time


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
    store: Store, embedder: Embedder, index_dir: Path, *, full: bool = False, progress: Progress = silent
) -> Built:
    """Publish a version of the index that follows the store; to be called under `reindex_lock`.

    Args:
        full: embed everything anew, whatever the cache holds.
    """
    generation = store.generation
    if not full and (fresh := _current(index_dir, embedder, generation)):
        return Built(fresh, 0, False)
    version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    draft = index_dir / "versions" / f".{version}"
    draft.mkdir(parents=True)
    cache = VectorCache(index_dir / "vectors.db")
    try:
        manifest, embedded = _fill(draft, version, generation, store, embedder, cache, full, progress)
        progress("publish", 0, 1)
        write_version(index_dir, draft, manifest)
        progress("publish", 1, 1)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        cache.close()
    return Built(manifest, embedded, True)


def _current(index_dir: Path, embedder: Embedder, generation: int) -> Manifest | None:
    """The manifest of the current version where it follows the store and the model already."""
    try:
        version = current_version(index_dir)
        manifest = read_manifest(index_dir / "versions" / version) if version else None
    except IndexUnavailable:
        return None
    if manifest and manifest.generation == generation and manifest.digest == embedder.digest:
        return manifest
    return None


def _fill(
    draft: Path,
    version: str,
    generation: int,
    store: Store,
    embedder: Embedder,
    cache: VectorCache,
    full: bool,
    progress: Progress,
) -> tuple[Manifest, int]:
    articles = store.quotable_articles()
    names = sorted({source for source, _ in articles.values()})
    codes = {name: code for code, name in enumerate(names)}
    ids: list[int] = []
    article_ids: list[int] = []
    offsets = [0]
    documents: list[list[str]] = []
    embedded = 0
    total = store.count_passages()
    passages = store.passages()
    progress("embed", 0, total)
    with (
        (draft / "dense.bin").open("wb") as dense,
        (draft / "sentence_vectors.bin").open("wb") as sentence_vectors,
        (draft / "sentence_spans.bin").open("wb") as sentence_spans,
    ):
        while chunk := list(islice(passages, CHUNK)):
            made, new = _vectors(chunk, embedder, cache, full)
            embedded += new
            for passage, spans, (vector, pooled) in made:
                ids.append(passage.id)
                article_ids.append(passage.article)
                documents.append(terms(f"{passage.title}\n{passage.heading}\n{passage.text}"))
                offsets.append(offsets[-1] + len(spans))
                dense.write(vector.tobytes())
                sentence_vectors.write(pooled.tobytes())
                sentence_spans.write(np.asarray(spans, dtype=np.int32).tobytes())
            progress("embed", len(ids), total)
    published = [articles[article][1] for article in article_ids]
    write_array(draft, "passages", ids, np.int64)
    write_array(draft, "articles", article_ids, np.int64)
    write_array(draft, "sources", [codes[articles[article][0]] for article in article_ids], np.int32)
    write_array(draft, "published", [UNDATED if when is None else when for when in published], np.int64)
    write_array(draft, "sentence_offsets", offsets, np.int64)
    progress("keywords", 0, 1)
    KeywordIndex.build(documents).save(draft / "keywords")
    progress("keywords", 1, 1)
    vectors = np.fromfile(draft / "dense.bin", dtype=np.float16).reshape(-1, embedder.dimension)
    VectorIndex.build(np.asarray(ids, dtype=np.int64), vectors).save(draft / "vectors.faiss")
    manifest = Manifest(
        version=version,
        model=embedder.name,
        digest=embedder.digest,
        dimension=embedder.dimension,
        passages=len(ids),
        sentences=offsets[-1],
        articles=len(set(article_ids)),
        sources=tuple(names),
        oldest=min((when for when in published if when is not None), default=None),
        generation=generation,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return manifest, embedded


def _vectors(
    chunk: Sequence[StoredPassage], embedder: Embedder, cache: VectorCache, full: bool
) -> tuple[Iterator[tuple[StoredPassage, list[tuple[int, int]], Vectors]], int]:
    """Each passage with its sentences (offsets into its text) and vectors, and how many had to be embedded."""
    spans = [sentence_spans(passage) for passage in chunk]
    texts = [embedded_text(passage) for passage in chunk]
    keys = [cache_key(f"{embedder.digest} {embedder.precision}", text, each) for text, each in zip(texts, spans, strict=True)]
    known = {} if full else cache.get(keys)
    missing = [number for number, key in enumerate(keys) if key not in known]
    if missing:
        shifted = []
        for number in missing:
            before = len(texts[number]) - len(chunk[number].text)
            shifted.append([(start + before, end + before) for start, end in spans[number]])
        passages, pooled = embedder.embed_passages([texts[number] for number in missing], shifted)
        made = {
            keys[number]: (passages[place].astype(np.float16), pooled[place].astype(np.float16))
            for place, number in enumerate(missing)
        }
        cache.put(made)
        known.update(made)
    return ((passage, each, known[key]) for passage, each, key in zip(chunk, spans, keys, strict=True)), len(missing)


def embedded_text(passage: StoredPassage) -> str:
    """What is embedded for a passage: title and heading as context, then its text, which ends the string."""
    context = [line for line in (passage.title, passage.heading) if line]
    return "\n".join([*context, passage.text])


def sentence_spans(passage: StoredPassage) -> list[tuple[int, int]]:
    """Sentences of the parts that may be quoted, offsets into the passage's text, in order."""
    found: list[tuple[int, int]] = []
    for start, end in passage.quotable:
        found.extend(sentences(passage.text, start - passage.start, end - passage.start))
    return found
