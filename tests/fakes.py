"""Fakes that this project owns, and short ways to make real records in tests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.passages import passages
from corpus.records import Article, Block, BlockKind, Source, SourceKind
from corpus.store import Change, Store
from index.embedder import Reader

Vectors = NDArray[np.float32]


class FakeEmbedder:
    """An `index.embedder.Embedder` of hashed bags of words: texts that share words are near, equal texts equal.

    Attributes:
        embedded: every passage text that was embedded, in order.
    """

    def __init__(self, digest: str = "fa" * 32, dimension: int = 128) -> None:
        self.name = "bag-of-words"
        self.digest = digest
        self.dimension = dimension
        self.precision = "exact"
        self.pools_tokens = True
        self.reader: Reader | None = None
        self.embedded: list[str] = []

    def embed_question(self, text: str, spans: Sequence[tuple[int, int]] = ()) -> tuple[Vectors, Vectors]:
        """See ``index.embedder.Embedder``."""
        parts = [self._vector(text[start:end]) for start, end in spans]
        return self._vector(text), np.stack(parts) if parts else np.empty((0, self.dimension), np.float32)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``index.embedder.Embedder``."""
        return np.stack([self._vector(text) for text in texts])

    def embed_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Vectors, list[Vectors]]:
        """See ``index.embedder.Embedder``."""
        self.embedded.extend(texts)
        inner = []
        for number, text in enumerate(texts):
            rows = [self._vector(text[start:end]) for start, end in (spans[number] if spans else ())]
            inner.append(np.stack(rows) if rows else np.empty((0, self.dimension), np.float32))
        if progress is not None:
            progress(len(texts))
        return self.embed_questions(texts), inner

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for word in re.findall(r"\w+", text.casefold()):
            vector[int.from_bytes(hashlib.sha1(word.encode()).digest()[:4], "big") % self.dimension] += 1  # noqa: S324
        if not vector.any():
            vector[0] = 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def an_article(*paragraphs: str, title: str = "A title", **particulars: Any) -> Article:
    """An article of paragraphs; those that begin with "# " are headings."""
    blocks = []
    lines = []
    position = 0
    for paragraph in paragraphs:
        heading = paragraph.startswith("# ")
        line = paragraph.removeprefix("# ")
        blocks.append(Block(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, position, position + len(line)))
        lines.append(line)
        position += len(line) + 1
    return Article(title=title, text="\n".join(lines), blocks=tuple(blocks), **particulars)


def put(
    store: Store, article: Article, key: str = "k", *, source: str = "The Paper", sample: bool = False
) -> tuple[int, Change]:
    """Put an article as ingesting does; returns its row id and what changed."""
    number = store.source_id(source) or store.put_source(Source(source, SourceKind.FOLDER, ""), sample=sample)
    return store.put(article, passages(article), key=key, source=number)
