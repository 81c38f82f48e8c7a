"""Passage vectors in FAISS; the only file that knows it.

The kind of index follows from the number of passages. Up to `EXACT` every vector is looked at, in half precision: as
exact as the array the vectors come from. Beyond, vectors are put into about 2 * sqrt(n) groups by the nearest of as
many centres (an inverted file, Sivic and Zisserman 2003; Jégou et al. 2011), one byte a dimension, and a question
looks into the groups nearest to it. What is found there is ranked by that byte's precision; `index.search` scores it
again from the exact vectors. docs/speed.md has the figures both choices rest on.

The bytes are compared as integers, which is twice as fast as turning each into a fraction: every number x is kept as
``round(x * scale) + 128``, with one scale for all. Between unit vectors the nearest by distance are the nearest by
cosine, and a distance, other than an inner product, does not see the 128. The scale is the length of the centres.
"""

from __future__ import annotations

import errno
import math
import mmap
import os
from collections.abc import Callable, Iterator
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
"""As many at the least, as far as there are: they take a millisecond or two, and small indexes gain from it."""
SAMPLES = 40
"""Vectors for each centre that the centres are computed from."""
ROUNDS = 8
"""Rounds of k-means."""
MIDDLE = np.float32(128)
"""The byte that stands for zero."""
BLOCK = 8192  # vectors added at a time
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
        self._scale = 1.0
        if isinstance(self._inner, faiss.IndexIVF):
            self._groups = int(self._inner.nlist)
            self._inner.parallel_mode = 1  # the groups of one question on all cores
            centres = faiss.downcast_index(self._inner.quantizer).reconstruct_n(0, self._groups)
            self._scale = float(np.linalg.norm(centres - MIDDLE, axis=1).max())

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
            parameters = faiss.ClusteringParameters()
            parameters.niter, parameters.spherical = ROUNDS, True
            clustering = faiss.Clustering(dimension, groups, parameters)
            chosen = np.random.default_rng(7).permutation(count)[: groups * SAMPLES]
            sample = np.asarray(vectors[np.sort(chosen)], dtype=np.float32)
            clustering.train(sample, faiss.IndexFlatIP(dimension))
            scale = _scale(vectors)
            quantizer = faiss.IndexFlatL2(dimension)
            centres = faiss.vector_to_array(clustering.centroids).reshape(groups, dimension)
            quantizer.add(centres * np.float32(scale) + MIDDLE)
            kind = faiss.ScalarQuantizer.QT_8bit_direct
            inner = faiss.IndexIVFScalarQuantizer(quantizer, dimension, groups, kind, faiss.METRIC_L2, False)
            inner.is_trained = True
        engine = faiss.IndexIDMap(inner)
        for first, part in _parts(vectors):
            kept = part if count <= exact else _in_bytes(part, scale)
            engine.add_with_ids(kept, np.ascontiguousarray(ids[first : first + BLOCK], dtype=np.int64))
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
        inner = faiss.downcast_index(engine.index) if isinstance(engine, faiss.IndexIDMap) else engine
        foreign = IndexUnavailable(
            f"is no index by cosine under ids ({type(inner).__name__})", subject=path, remedy=_REMEDY
        )
        if inner is engine:
            raise foreign
        if engine.ntotal != count or engine.d != dimension:
            raise IndexUnavailable(
                f"holds {engine.ntotal} vectors of {engine.d} numbers, the manifest says {count} of {dimension}",
                subject=path,
                remedy=_REMEDY,
            )
        if not _is_ours(inner):
            raise foreign
        if not _is_whole(path, count):
            raise IndexUnavailable("is cut short", subject=path, remedy=_REMEDY)
        return cls(engine)

    @property
    def is_exact(self) -> bool:
        """Whether a search looks at every vector, in the precision of ``float16``."""
        return self._groups == 0

    @property
    def kind(self) -> str:
        """What FAISS calls such an index."""
        return f"IVF{self._groups},SQ8_direct" if self._groups else "SQfp16"

    def contents(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What is stored at places ``[first, last)``: ids, shape (m,), and vectors, shape (m, d).

        Where the index `is_exact` these are the vectors to the bit, otherwise they have a cosine of .99 to them.
        """
        last = min(last, self._engine.ntotal)
        if self._groups:
            self._inner.make_direct_map()  # eight bytes a vector, for those who ask; nothing when it is there
        vectors: NDArray[np.float32] = self._inner.reconstruct_n(first, last - first)
        return self._ids[first:last], (vectors - MIDDLE) / np.float32(self._scale) if self._groups else vectors

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        allowed: NDArray[np.bool_] | None = None,
        *,
        least: int = LEAST_COMPARED,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The nearest passages.

        Args:
            vector: unit vector of the question, shape (d,).
            k: how many, at least 1.
            allowed: which places to search, shape (n,), or None for all.
            least: compare with as many at the least, as far as there are.

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
            share = min(1.0, max(COMPARED, least / held) * held / among)
            options: Any = faiss.SearchParametersIVF(nprobe=math.ceil(self._groups * share), **chosen)  # type: ignore[call-arg]
        else:
            options = faiss.SearchParameters(**chosen)
        question = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        if self._groups:
            question = _in_bytes(question, self._scale)
        scores, places = self._inner.search(question, min(k, among), params=options)
        real = places[0] >= 0
        if self._groups:
            scores = 1 - scores / np.float32(2 * self._scale**2)
        return scores[0][real], self._ids[places[0][real]]


def _scale(vectors: NDArray[Any]) -> float:
    """The largest scale at which every number of the vectors fits into a byte."""
    return 127 / max(float(np.abs(part).max()) for _, part in _parts(vectors))


def _parts(vectors: NDArray[Any]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Vectors some at a time, with the place of the first; what is mapped of them does not stay in memory."""
    for first in range(0, len(vectors), BLOCK):
        yield first, np.ascontiguousarray(vectors[first : first + BLOCK], dtype=np.float32)
        if isinstance(mapped := getattr(vectors, "base", None), mmap.mmap):
            mapped.madvise(mmap.MADV_DONTNEED)


def _in_bytes(vectors: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Vectors as they are kept, still as floats, which is how FAISS takes them; numbers beyond a byte are cut."""
    kept: NDArray[np.float32] = np.clip(np.rint(vectors * np.float32(scale)) + MIDDLE, 0, 255)
    return kept


def _is_whole(path: Path, count: int) -> bool:
    """Whether a file ends with as many ids as there are: FAISS takes a last one for whole that lacks some bytes."""
    with path.open("rb") as file:
        file.seek(-8 * (count + 1), os.SEEK_END)
        return int.from_bytes(file.read(8), "little") == count


def _is_ours(inner: Any) -> bool:
    """Whether an index is one of the two kinds that `VectorIndex.build` makes."""
    import faiss

    if isinstance(inner, faiss.IndexIVFScalarQuantizer):
        return inner.sq.qtype == faiss.ScalarQuantizer.QT_8bit_direct and inner.metric_type == faiss.METRIC_L2
    return isinstance(inner, faiss.IndexScalarQuantizer) and inner.metric_type == faiss.METRIC_INNER_PRODUCT


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
