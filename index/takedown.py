"""How an article that was taken down leaves the index: its vectors, and every version that knew it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from corpus.records import StoredPassage
from corpus.store import Store
from index.build import build
from index.cache import VectorCache, cache_key
from index.embedder import Embedder
from index.published import current_version, write_pointer
from index.rows import embedded_text, sentence_spans, word_spans


def forget_vectors(passages: Iterable[StoredPassage], embedder: Embedder, index_dir: Path) -> int:
    """Remove the cached vectors of passages, as this model made them; returns how many there were."""
    model = f"{embedder.digest} {embedder.precision}"
    keys = []
    for passage in passages:
        inner = sentence_spans(passage) + (word_spans(passage) if embedder.pools_tokens else [])
        keys.append(cache_key(model, embedded_text(passage), inner))
    cache = VectorCache(index_dir / "vectors.db")
    try:
        return cache.remove(keys)
    finally:
        cache.close()


def only_current(store: Store, embedder: Embedder, index_dir: Path) -> str:
    """Publish an index that follows the store and remove every other version; to be called under `reindex_lock`.

    Returns:
        The version that is left. There is none to go back to.
    """
    build(store, embedder, index_dir)
    version = current_version(index_dir)
    if version is None:
        raise AssertionError("a build publishes a version")
    write_pointer(index_dir, version, None)
    for other in (index_dir / "versions").iterdir():
        if other.name != version:
            shutil.rmtree(other)
    return version
