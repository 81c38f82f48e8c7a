"""Passage vectors in FAISS; the only file that knows it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnavailable


class VectorIndex:
    """Unit vectors under the store's row ids, searched by cosine.

    Args:
        engine: a FAISS index whose ids are passage ids.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @classmethod
    def build(cls, ids: NDArray[np.int64], vectors: NDArray[Any]) -> VectorIndex:
        """Index vectors exactly.

        Args:
            ids: passage ids, shape (n,), each once.
            vectors: unit vectors, shape (n, d), any float type.
        """
        import faiss

        engine = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        for first in range(0, len(ids), 65536):
            part = np.ascontiguousarray(vectors[first : first + 65536], dtype=np.float32)
            engine.add_with_ids(part, np.ascontiguousarray(ids[first : first + 65536], dtype=np.int64))
        return cls(engine)

    def save(self, path: Path) -> None:
        """Write the index to a file.

        Raises:
            OSError: it cannot be written; faiss raises RuntimeError for that.
        """
        import faiss

        try:
            faiss.write_index(self._engine, str(path))
        except RuntimeError as error:
            raise OSError(errno.EIO, "cannot be written in full", str(path)) from error

    @classmethod
    def load(cls, path: Path, *, count: int, dimension: int) -> VectorIndex:
        """Open a saved index.

        Raises:
            IndexUnavailable: it is damaged, or does not hold ``count`` vectors of ``dimension``.
        """
        import faiss

        try:
            engine = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexUnavailable("cannot be read", subject=path, remedy="run scripts/reindex.py --full") from error
        if not isinstance(engine, faiss.IndexIDMap2) or engine.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise IndexUnavailable(
                f"is no index by cosine under ids ({type(engine).__name__})",
                subject=path,
                remedy="run scripts/reindex.py --full",
            )
        if engine.ntotal != count or engine.d != dimension:
            raise IndexUnavailable(
                f"holds {engine.ntotal} vectors of {engine.d} numbers, the manifest says {count} of {dimension}",
                subject=path,
                remedy="run scripts/reindex.py --full",
            )
        return cls(engine)

    def contents(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What is stored at places ``[first, last)``: ids, shape (m,), and vectors, shape (m, d)."""
        import faiss

        last = min(last, self._engine.ntotal)
        ids: NDArray[np.int64] = faiss.vector_to_array(self._engine.id_map)[first:last]
        vectors: NDArray[np.float32] = faiss.downcast_index(self._engine.index).reconstruct_n(first, last - first)
        return ids, vectors

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The nearest passages.

        Args:
            vector: unit vector of the question, shape (d,).
            k: how many, at least 1.
            allowed: passage ids to search among, or None for all.

        Returns:
            Cosines, highest first, and passage ids, both of shape (m,), m at most k: FAISS's padding with the
            label -1 is taken off.
        """
        import faiss

        if self._engine.ntotal == 0 or (allowed is not None and not len(allowed)):
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        options: Any = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
            options = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # added by faiss at run time
        wanted = min(k, self._engine.ntotal)
        question = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        scores, ids = self._engine.search(question, wanted, params=options)
        real = ids[0] >= 0
        return scores[0][real], ids[0][real]
