"""Passage vectors in FAISS; the only file that knows it.

The kind of index follows from the number of passages. Up to `EXACT` every vector is looked at, in half precision: as
exact as the array the vectors come from. Beyond, vectors are put into about 2 * sqrt(n) groups by the nearest of as
many centres (an inverted file, Sivic and Zisserman 2003; Jégou et al. 2011), one byte a dimension, and a question
looks into the groups nearest to it. What is found there is ranked by that byte's precision; `index.search` scores it
again from the exact vectors. docs/speed.md has the figures both choices rest on.
"""

from __future__ import annotations

import errno
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnavailable

EXACT = 20_000
"""The most passages that are all looked at."""
COMPARED = 0.23
"""Share of the vectors that a question is compared with."""
LEAST_COMPARED = 60_000
"""As many at the least, as far as there are: they take a millisecond, and small indexes gain from it."""
SAMPLES = 40
"""Vectors for each centre that the centres are computed from."""
ROUNDS = 8
"""Rounds of k-means."""
BLOCK = 65536  # vectors added at a time
_REMEDY = "run scripts/reindex.py --full"


class VectorIndex:
    """Unit vectors under the store's row ids, searched by cosine; a vector's place is its position in the build.

    Args:
        engine: a FAISS index whose ids are passage ids.
    """

    def __init__(self, engine: Any) -> None:
        import faiss

        self._engine = engine
        self._inner: Any = faiss.downcast_index(engine.index)
        # A copy in memory: the vector belongs to the engine and has no owner on Python's side.
        self._ids: NDArray[np.int64] = faiss.vector_to_array(engine.id_map)
        self._groups = 0
        if isinstance(self._inner, faiss.IndexIVF):
            self._groups = int(self._inner.nlist)
            self._inner.parallel_mode = 1  # the groups of one question on all cores

    @classmethod
    def build(cls, ids: NDArray[np.int64], vectors: NDArray[Any], *, exact: int = EXACT) -> VectorIndex:
        """Index vectors; the same vectors make the same index.

        Args:
            ids: passage ids, shape (n,), each once.
            vectors: unit vectors, shape (n, d), any float type; read in parts, so they may be mapped from a file.
            exact: the most vectors that are all looked at.
        """
        import faiss

        count, dimension = vectors.shape
        inner: Any
        if count <= exact:
            inner = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        else:
            groups = max(1, round(2 * math.sqrt(count)))
            inner = faiss.IndexIVFScalarQuantizer(
                faiss.IndexFlatIP(dimension),
                dimension,
                groups,
                faiss.ScalarQuantizer.QT_8bit,
                faiss.METRIC_INNER_PRODUCT,
            )
            inner.cp.niter = ROUNDS
            inner.cp.spherical = True
            chosen = np.random.default_rng(7).permutation(count)[: groups * SAMPLES]
            inner.train(np.asarray(vectors[np.sort(chosen)], dtype=np.float32))
        engine = faiss.IndexIDMap(inner)
        for first in range(0, count, BLOCK):
            part = np.ascontiguousarray(vectors[first : first + BLOCK], dtype=np.float32)
            engine.add_with_ids(part, np.ascontiguousarray(ids[first : first + BLOCK], dtype=np.int64))
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
        """Open a saved index, its vectors mapped into memory.

        Raises:
            IndexUnavailable: it is damaged, or does not hold ``count`` vectors of ``dimension``.
        """
        import faiss

        try:
            engine = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexUnavailable("cannot be read", subject=path, remedy=_REMEDY) from error
        if not isinstance(engine, faiss.IndexIDMap) or engine.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise IndexUnavailable(
                f"is no index by cosine under ids ({type(engine).__name__})", subject=path, remedy=_REMEDY
            )
        if engine.ntotal != count or engine.d != dimension:
            raise IndexUnavailable(
                f"holds {engine.ntotal} vectors of {engine.d} numbers, the manifest says {count} of {dimension}",
                subject=path,
                remedy=_REMEDY,
            )
        return cls(engine)

    @property
    def is_exact(self) -> bool:
        """Whether a search looks at every vector, in the precision of ``float16``."""
        return self._groups == 0

    @property
    def kind(self) -> str:
        """What FAISS calls such an index."""
        return f"IVF{self._groups},SQ8" if self._groups else "SQfp16"

    def contents(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What is stored at places ``[first, last)``: ids, shape (m,), and vectors, shape (m, d).

        Where the index `is_exact` these are the vectors to the bit, otherwise they have a cosine of .99 to them.
        """
        last = min(last, self._engine.ntotal)
        if self._groups:
            self._inner.make_direct_map()  # eight bytes a vector, for those who ask; nothing when it is there
        vectors: NDArray[np.float32] = self._inner.reconstruct_n(first, last - first)
        return self._ids[first:last], vectors

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The nearest passages.

        Args:
            vector: unit vector of the question, shape (d,).
            k: how many, at least 1.
            allowed: which places to search, shape (n,), or None for all.

        Returns:
            Cosines, highest first, and passage ids, both of shape (m,), m at most k: FAISS's padding with the
            label -1 is taken off. Where the index is not exact, the cosines are off by some thousandths.
        """
        import faiss

        held = self._engine.ntotal
        among = held if allowed is None else int(np.count_nonzero(allowed))
        if among == 0:
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        chosen: dict[str, Any] = {}
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            chosen["sel"] = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]  # wrapped at run time
        if self._groups:
            # As many vectors are compared under a filter as without: it lets through fewer in each group.
            share = min(1.0, max(COMPARED, LEAST_COMPARED / held) * held / among)
            options: Any = faiss.SearchParametersIVF(nprobe=math.ceil(self._groups * share), **chosen)  # type: ignore[call-arg]
        else:
            options = faiss.SearchParameters(**chosen)
        question = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        scores, places = self._inner.search(question, min(k, among), params=options)
        real = places[0] >= 0
        return scores[0][real], self._ids[places[0][real]]


def flat(vectors: NDArray[Any]) -> Callable[[NDArray[np.float32], int], NDArray[np.int64]]:
    """What `scripts/benchmark.py` compares with: ``IndexFlatIP`` over unit vectors, shape (n, d), 4 bytes a number.

    Returns:
        Takes a vector, shape (d,), and k, and gives the places of the k nearest, nearest first.
    """
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    for first in range(0, len(vectors), BLOCK):
        index.add(np.ascontiguousarray(vectors[first : first + BLOCK], dtype=np.float32))

    def nearest(vector: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        places: NDArray[np.int64] = index.search(vector.reshape(1, -1), k)[1][0]
        return places

    return nearest
