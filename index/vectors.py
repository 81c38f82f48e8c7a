"""Passage vectors in FAISS; the only file that knows it.

The kind of index follows from the number of passages. Up to `EXACT` every vector is looked at, in half precision: as
exact as the array the vectors come from. Beyond, a question is compared with short forms of the vectors, and the best
by these are compared again, exactly, with the vectors themselves. docs/speed.md has the figures the choices rest on.

The vectors are put into about 2 * sqrt(n) groups by the nearest of as many centres (an inverted file, Sivic and
Zisserman 2003; Jégou et al. 2011), and a question looks into the groups nearest to it. Of each vector two bits a
dimension are kept: a product quantizer with 16 centres for every two dimensions, of what is left when the centre of
the group is taken away (Jégou et al. 2011), looked up in the processor's registers (André et al. 2015, "Cache locality
is not enough: high-performance nearest neighbor search with product quantization fast scan").

A filter that lets few through would have to look into all groups to find them. So the sign of each dimension is kept
too, in the order of the places: those let through are compared by the number of equal signs (Charikar 2002), the best
of them by the question's numbers under their signs, and the best of these exactly.
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
"""The most passages that are all looked at, in a small index or of what a filter lets through."""
COMPARED = 0.28
"""Share of the vectors that a question is compared with."""
LEAST_COMPARED = 60_000
"""As many at the least, as far as there are: they take a millisecond or two, and small indexes gain from it."""
SAMPLES = 40
"""Vectors for each centre that the centres are computed from."""
ROUNDS = 8
"""Rounds of k-means."""
REFINED = 300
"""Vectors compared exactly at the least, best first by their short form; three times as many as a search asks for."""
SIGNED = 2_000
"""Vectors that count as near by their signs alone."""
ALIKE = 0.8
"""The least cosine of a vector to the two bits a dimension that are kept of it."""
BLOCK = 8192  # vectors added at a time
_REMEDY = "run scripts/reindex.py --full"

Rows = Callable[[NDArray[np.int64]], NDArray[Any]]
"""Gives the vectors at some places, shape (m, d), any float type."""


class VectorIndex:
    """Unit vectors under the store's row ids, searched by cosine; a vector's place is its position in the build.

    Args:
        engine: a FAISS index whose ids are passage ids.
        signs: `_signs` of each vector, shape (n, w); None where the index is exact.
        rows: gives the vectors themselves.
    """

    def __init__(self, engine: Any, signs: NDArray[np.uint8] | None, rows: Rows) -> None:
        import faiss

        self._engine = engine
        self._inner: Any = faiss.downcast_index(engine.index)
        # A copy in memory: the vector belongs to the engine and has no owner on Python's side.
        self._ids: NDArray[np.int64] = faiss.vector_to_array(engine.id_map)
        self._groups = int(self._inner.nlist) if isinstance(self._inner, faiss.IndexIVF) else 0
        self._signs = signs
        self._rows = rows

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
        signs = None
        if count <= exact:
            inner = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        else:
            inner = _trained(vectors)
            signs = np.empty((count, _signs_width(dimension)), dtype=np.uint8)
        engine = faiss.IndexIDMap(inner)
        for first, part in _parts(vectors):
            engine.add_with_ids(part, np.ascontiguousarray(ids[first : first + BLOCK], dtype=np.int64))
            if signs is not None:
                signs[first : first + BLOCK] = _signs(part)
        return cls(engine, signs, lambda places: vectors[places])

    def save(self, path: Path) -> None:
        """Write the index to a file, and signs beside it.

        Raises:
            OSError: they cannot be written; faiss raises RuntimeError for that.
        """
        import faiss

        if self._signs is not None:
            self._signs.tofile(_beside(path))
        try:
            faiss.write_index(self._engine, str(path))
        except RuntimeError as error:
            raise OSError(errno.EIO, "cannot be written in full", str(path)) from error

    @classmethod
    def load(cls, path: Path, *, count: int, dimension: int, rows: Rows) -> VectorIndex:
        """Open a saved index, its vectors mapped into memory where FAISS can do so.

        Args:
            rows: gives the vectors it was built from.

        Raises:
            IndexUnavailable: it is damaged, does not hold ``count`` vectors of ``dimension``, or is of a kind that is
                not made any more.
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
        if isinstance(inner, faiss.IndexIVFScalarQuantizer):
            # The vectors are in the cache: nothing has to be embedded for it.
            raise IndexUnavailable("was made by an earlier Newsdesk", subject=path, remedy="run scripts/reindex.py")
        if not _is_ours(inner):
            raise foreign
        if not _is_whole(path, count):
            raise IndexUnavailable("is cut short", subject=path, remedy=_REMEDY)
        signs = None
        if isinstance(inner, faiss.IndexIVF):
            signs = _mapped(_beside(path), count, dimension)
            # FAISS leaves this empty when it reads one, and then crashes when asked for a vector.
            inner.fine_quantizer = inner.pq  # type: ignore[attr-defined]
        return cls(engine, signs, rows)

    @property
    def is_exact(self) -> bool:
        """Whether a search looks at every vector, in the precision of ``float16``."""
        return self._groups == 0

    @property
    def kind(self) -> str:
        """What FAISS calls such an index."""
        return f"IVF{self._groups},PQ{self._inner.M}x4fsr" if self._groups else "SQfp16"

    @property
    def ids(self) -> NDArray[np.int64]:
        """Passage ids by place, shape (n,)."""
        return self._ids

    def differing(self, first: int, vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which vectors are not those that the index was built from, shape (m,).

        An index that is not exact holds short forms: signs have to be the same, the rest has to have a cosine of
        `ALIKE`.

        Args:
            first: place of the first of them.
            vectors: shape (m, d).
        """
        if self._groups:
            self._inner.make_direct_map()  # eight bytes a vector, for those who ask; nothing when it is there
        held: NDArray[np.float32] = self._inner.reconstruct_n(first, len(vectors))
        if self._signs is None:
            different: NDArray[np.bool_] = (held != vectors).any(axis=1)
            return different
        lengths = np.linalg.norm(held, axis=1) * np.linalg.norm(vectors, axis=1)
        unlike: NDArray[np.bool_] = ~((held * vectors).sum(axis=1) > ALIKE * lengths)  # true for NaN, too
        signs = self._signs[first : first + len(vectors)]
        resigned: NDArray[np.bool_] = (signs != _signs(vectors)).any(axis=1)
        return unlike | resigned

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
            Exact cosines, highest first, and passage ids, both of shape (m,), m at most k: FAISS's padding with the
            label -1 is taken off.
        """
        among = self._engine.ntotal if allowed is None else int(np.count_nonzero(allowed))
        if among == 0:
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
        question = np.ascontiguousarray(vector, dtype=np.float32)
        if self._signs is None:
            return self._all(question, min(k, among), allowed)
        wanted = min(among, max(3 * k, REFINED))
        if allowed is not None and among <= EXACT:
            places = _by_signs(self._signs, question, np.flatnonzero(allowed), wanted)
        else:
            # As many vectors are compared under a filter as without: it lets through fewer in each group.
            share = min(1.0, max(COMPARED, least / len(self._ids)) * len(self._ids) / among)
            places = self._in_groups(question, wanted, math.ceil(self._groups * share), allowed)
        places = np.sort(places)
        cosines: NDArray[np.float32] = self._rows(places).astype(np.float32) @ question
        best = np.argsort(-cosines, kind="stable")[:k]
        return cosines[best], self._ids[places[best]]

    def _all(
        self, question: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        import faiss

        options = faiss.SearchParameters(**_only(allowed))
        cosines, places = self._inner.search(question[np.newaxis], k, params=options)
        real = places[0] >= 0
        return cosines[0][real], self._ids[places[0][real]]

    def _in_groups(
        self, question: NDArray[np.float32], wanted: int, groups: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """Places of the vectors that are nearest by two bits a dimension, in some groups."""
        import faiss

        options = faiss.SearchParametersIVF(nprobe=groups, **_only(allowed))  # type: ignore[call-arg]
        places: NDArray[np.int64] = self._inner.search(question[np.newaxis], wanted, params=options)[1][0]
        return places[places >= 0]


def _trained(vectors: NDArray[Any]) -> Any:
    """An empty index of groups, with the centres that suit these vectors."""
    import faiss

    count, dimension = vectors.shape
    groups = max(1, round(2 * math.sqrt(count)))
    parameters = faiss.ClusteringParameters()
    parameters.niter, parameters.spherical = ROUNDS, True
    clustering = faiss.Clustering(dimension, groups, parameters)
    chosen = np.random.default_rng(7).permutation(count)[: groups * SAMPLES]
    sample = np.asarray(vectors[np.sort(chosen)], dtype=np.float32)
    quantizer = faiss.IndexFlatIP(dimension)
    clustering.train(sample, quantizer)
    parts = dimension // 2 if dimension % 2 == 0 else dimension
    inner: Any = faiss.IndexIVFPQFastScan(quantizer, dimension, groups, parts, 4, faiss.METRIC_INNER_PRODUCT)
    inner.by_residual = True
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # hundreds of tiny trainings, which threads that wait for each other make slower
    try:
        inner.train(sample)
    finally:
        faiss.omp_set_num_threads(threads)
    return inner


def _only(allowed: NDArray[np.bool_] | None) -> dict[str, Any]:
    """What tells FAISS to look at some places only."""
    import faiss

    if allowed is None:
        return {}
    bits = np.packbits(allowed, bitorder="little")
    return {"sel": faiss.IDSelectorBitmap(bits)}  # type: ignore[call-arg,arg-type]  # wrapped at run time


def _by_signs(
    signs: NDArray[np.uint8], question: NDArray[np.float32], among: NDArray[np.int64], wanted: int
) -> NDArray[np.int64]:
    """Places of the vectors that are nearest by their signs: first by how many are equal, then by what they weigh."""
    if len(among) > max(SIGNED, wanted):
        held = signs[among].view(np.uint64)
        held ^= _signs(question[np.newaxis]).view(np.uint64)
        unequal = np.bitwise_count(held).sum(axis=1, dtype=np.int32)
        among = among[np.argpartition(unequal, max(SIGNED, wanted) - 1)[: max(SIGNED, wanted)]]
    if len(among) > wanted:
        positive = np.unpackbits(signs[among], axis=1, count=len(question)).astype(np.float32)
        among = among[np.argpartition(-(positive @ question), wanted - 1)[:wanted]]
    return among


def _signs(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """One bit for each number, 1 where it is positive, filled up with zeros: shape (m, `_signs_width`)."""
    count, dimension = vectors.shape
    signs = np.zeros((count, _signs_width(dimension)), dtype=np.uint8)
    signs[:, : -(-dimension // 8)] = np.packbits(vectors > 0, axis=1)
    return signs


def _signs_width(dimension: int) -> int:
    """Bytes of a vector's signs: a multiple of 8, to be compared eight at once."""
    return -(-dimension // 64) * 8


def _beside(path: Path) -> Path:
    """The file of an index's signs."""
    return path.with_suffix(".signs")


def _mapped(path: Path, count: int, dimension: int) -> NDArray[np.uint8]:
    """Signs from their file."""
    wanted = count * _signs_width(dimension)
    try:
        size = path.stat().st_size
        if size != wanted:
            raise IndexUnavailable(f"has {size} bytes, not {wanted}", subject=path, remedy=_REMEDY)
        # A plain array over the mapped file: numpy's own class is slow to take rows from.
        return np.asarray(np.memmap(path, dtype=np.uint8, mode="r", shape=(count, _signs_width(dimension))))
    except OSError as error:
        raise IndexUnavailable(f"cannot be read ({error.strerror})", subject=path, remedy=_REMEDY) from error


def _parts(vectors: NDArray[Any]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Vectors some at a time, with the place of the first; what is mapped of them does not stay in memory."""
    for first in range(0, len(vectors), BLOCK):
        yield first, np.ascontiguousarray(vectors[first : first + BLOCK], dtype=np.float32)
        if isinstance(mapped := getattr(vectors, "base", None), mmap.mmap):
            mapped.madvise(mmap.MADV_DONTNEED)


def _is_whole(path: Path, count: int) -> bool:
    """Whether a file ends with as many ids as there are: FAISS takes a last one for whole that lacks some bytes."""
    with path.open("rb") as file:
        file.seek(-8 * (count + 1), os.SEEK_END)
        return int.from_bytes(file.read(8), "little") == count


def _is_ours(inner: Any) -> bool:
    """Whether an index is one of the two kinds that `VectorIndex.build` makes."""
    import faiss

    if isinstance(inner, faiss.IndexIVFPQFastScan):
        return inner.by_residual and inner.nbits == 4 and inner.metric_type == faiss.METRIC_INNER_PRODUCT
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
