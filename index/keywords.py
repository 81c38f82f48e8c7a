"""The lexical side: BM25 over titles and passages, for the best passages without scoring all of them.

Each term has the rows that hold it, ascending, and what it adds to the score of each: Robertson and Zaragoza's BM25
(2009, "The Probabilistic Relevance Framework") as Lucene computes it, k1 = 1.5 and b = 0.75 (variants compared by
Kamphuis et al. 2020). The files are plain arrays, mapped into memory; the terms stand in one of them in alphabetical
order, so that a million of them cost no memory until they are looked up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnavailable

K1, B = 1.5, 0.75
BLOCK = 8192  # rows counted at a time
SEEK = 24
"""Finding one row in a term's rows costs about as much as reading so many of them in order."""
_REMEDY = "run scripts/reindex.py --full"
_KINDS = {
    "letters": np.uint8,  # the terms in UTF-8, one behind the other
    "ends": np.int64,  # where each term ends in them
    "bounds": np.int64,  # the postings of term i are [bounds[i], bounds[i + 1])
    "rows": np.int32,  # by posting
    "scores": np.float32,  # by posting
    "highest": np.float32,  # the highest score of each term
}
_COUNTS = "counts.json"

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


class KeywordIndex:
    """BM25 scores of passages for a question's terms.

    Args:
        arrays: those named in ``_KINDS``.
        count: number of passages.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]], count: int) -> None:
        self.count = count
        self._arrays = {name: np.asarray(array) for name, array in arrays.items()}  # slicing a memmap is slow
        self._spare: list[Scores] = []
        self._letters = self._arrays["letters"]
        self._ends = self._arrays["ends"]
        self._bounds = self._arrays["bounds"]
        self._rows = self._arrays["rows"]
        self._scores = self._arrays["scores"]
        self._highest = self._arrays["highest"]

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> KeywordIndex:
        """Index the terms of each passage, in the order of the rows."""
        vocabulary = sorted({term for terms in documents for term in terms})
        numbers = {term: number for number, term in enumerate(vocabulary)}
        ids = [numbers[term] for terms in documents for term in terms]
        offsets = np.cumsum([0, *(len(terms) for terms in documents)])
        return cls.of_ids(vocabulary, offsets, np.asarray(ids, dtype=np.int32))

    @classmethod
    def of_ids(cls, vocabulary: Sequence[str], offsets: NDArray[np.int64], terms: NDArray[np.int32]) -> KeywordIndex:
        """Index terms that are numbered already.

        Args:
            vocabulary: each term once, in alphabetical order, each in some passage.
            offsets: the terms of row i are ``terms[offsets[i]:offsets[i + 1]]``, shape (n + 1,).
            terms: places in ``vocabulary``.
        """
        count = len(offsets) - 1
        lengths = np.diff(offsets)
        blocks = range(0, count, BLOCK)
        holding = np.zeros(len(vocabulary), dtype=np.int64)
        counted = [_counted(offsets[row : row + BLOCK + 1], terms) for row in blocks]
        for columns, _, _ in counted:
            holding += np.bincount(columns, minlength=len(vocabulary))
        bounds = np.concatenate([[0], np.cumsum(holding)])
        idf = np.log(1 + (count - holding + 0.5) / (holding + 0.5))
        norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1e-9)) if count else np.empty(0)
        scores = np.empty(bounds[-1], dtype=np.float32)
        held = np.empty(bounds[-1], dtype=np.int32)
        free = bounds[:-1].copy()
        for row, (columns, within, frequencies) in zip(blocks, counted, strict=True):
            rows = within.astype(np.int64) + row
            here = np.bincount(columns, minlength=len(vocabulary))
            first = np.cumsum(here) - here
            places = free[columns] + np.arange(len(columns)) - first[columns]
            scores[places] = idf[columns] * frequencies / (frequencies + norm[rows])
            held[places] = rows
            free += here
        words = [term.encode() for term in vocabulary]
        return cls(
            {
                "letters": np.frombuffer(b"".join(words), dtype=np.uint8),
                "ends": np.cumsum([len(word) for word in words], dtype=np.int64),
                "bounds": bounds,
                "rows": held,
                "scores": scores,
                "highest": np.maximum.reduceat(scores, bounds[:-1]) if len(scores) else scores,
            },
            count,
        )

    @property
    def vocabulary(self) -> Sequence[str]:
        """Every term, by its number."""
        letters = self._letters.tobytes()
        ends = self._ends.tolist()
        return [letters[first:last].decode() for first, last in zip([0, *ends], ends, strict=False)]

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        folder.mkdir(parents=True)
        for name, kind in _KINDS.items():
            np.asarray(self._arrays[name], dtype=kind).tofile(folder / f"{name}.bin")
        counts = {"passages": self.count, **{name: len(self._arrays[name]) for name in _KINDS}}
        (folder / _COUNTS).write_text(json.dumps(counts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, count: int) -> KeywordIndex:
        """Open a saved index, mapped into memory.

        Raises:
            IndexUnavailable: it is damaged, or holds another number of passages.
        """
        try:
            counts = json.loads((folder / _COUNTS).read_text(encoding="utf-8"))
            arrays = {name: _mapped(folder / f"{name}.bin", kind, int(counts[name])) for name, kind in _KINDS.items()}
            held = int(counts["passages"])
        except FileNotFoundError as error:
            raise IndexUnavailable("is incomplete", subject=folder, remedy=_REMEDY) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnavailable(f"cannot be read ({error})", subject=folder, remedy=_REMEDY) from error
        if held != count:
            raise IndexUnavailable(f"holds {held} passages, the manifest says {count}", subject=folder, remedy=_REMEDY)
        return cls(arrays, count)

    def scores(self, terms: Sequence[str]) -> Scores:
        """BM25 score of each passage, shape (count,), 0 where none of the terms stands in it."""
        found = np.zeros(self.count, dtype=np.float32)
        for first, last in self._postings(terms).values():
            found[self._rows[first:last]] += self._scores[first:last]
        return found

    def scores_of(self, terms: Sequence[str], rows: Rows) -> Scores:
        """BM25 score of some passages, shape (len(rows),)."""
        found = np.zeros(len(rows), dtype=np.float32)
        wanted = rows.astype(np.int32)
        for first, last in self._postings(terms).values():
            at, there = _sought(self._rows[first:last], wanted)
            found[there] += self._scores[first + at]
        return found

    def best(self, terms: Sequence[str], k: int, allowed: NDArray[np.bool_] | None = None) -> Rows:
        """The ``k`` passages that score highest, fewer where fewer hold a term; rows in ascending order.

        The rarest terms are read first, whole. As soon as the terms that are left cannot, all together, lift a
        passage that holds none of those read into the best ``k``, they only add to passages that are found already
        (MaxScore, Turtle and Flood 1995). So the result is exact; of equal scores the lower rows come first.

        Args:
            k: at least 1.
            allowed: which rows to look at, shape (count,), or None for all.
        """
        postings = sorted(self._postings(terms).items(), key=lambda item: (-self._highest[item[0]], item[0]))
        # What the terms from here on can add at most; the margin is for the order in which the sums are rounded.
        left = np.cumsum([self._highest[number] for number, _ in reversed(postings)], dtype=np.float64)[::-1] * 1.00001
        some = None if allowed is None else np.flatnonzero(allowed).astype(np.int32)
        # Memory that is used again costs a tenth of new one; two threads at once get one each.
        total = self._spare.pop() if self._spare else np.empty(self.count, dtype=np.float32)
        total.fill(0)
        rows = np.empty(0, dtype=np.int32)
        bar = 0.0  # the score of the k-th best so far
        for turn, (_, (first, last)) in enumerate(postings):
            own, adds = self._rows[first:last], self._scores[first:last]
            if len(rows) >= k and bar > left[turn]:
                rows = rows[total[rows] + left[turn] >= bar]
                if len(rows) * SEEK < len(own):
                    at, there = _sought(own, rows)
                    total[rows[there]] += adds[at]
                else:
                    total[own.astype(np.intp)] += adds
            else:
                if some is not None and allowed is not None:
                    if len(some) * SEEK < len(own):
                        at, _ = _sought(own, some)
                    else:
                        at = np.flatnonzero(allowed[own])
                    own, adds = own[at], adds[at]
                places = own.astype(np.intp)  # once, where each use would turn them into such numbers anew
                before = total[places]
                total[places] = before + adds
                rows = np.concatenate([rows, own[before == 0]])
            if len(rows) >= k:
                high = total[rows]
                high = high[high >= bar]  # at least k: the bar only rises
                bar = float(np.partition(high, len(high) - k)[len(high) - k])
        if len(rows) > k:
            rows = rows[total[rows] >= bar]
        order = np.lexsort((rows, -total[rows]))[:k]
        self._spare.append(total)
        return np.sort(rows[order]).astype(np.int64)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """For each term, the number of passages that hold it."""
        found = dict.fromkeys(terms, 0)
        for term in found:
            if (number := self._number(term)) is not None:
                found[term] = int(self._bounds[number + 1] - self._bounds[number])
        return found

    def same_as(self, other: KeywordIndex) -> bool:
        """Whether both hold the same terms and scores."""
        return self.count == other.count and all(
            np.array_equal(self._arrays[name], other._arrays[name]) for name in _KINDS
        )

    def _postings(self, terms: Sequence[str]) -> dict[int, tuple[int, int]]:
        """First and last posting of each term that stands anywhere, by its number."""
        numbers = [self._number(term) for term in dict.fromkeys(terms)]
        return {
            number: (int(self._bounds[number]), int(self._bounds[number + 1]))
            for number in numbers
            if number is not None
        }

    def _number(self, term: str) -> int | None:
        """The place of a term in the vocabulary, None where it stands nowhere."""
        word = term.encode()
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            first = int(self._ends[middle - 1]) if middle else 0
            here = self._letters[first : int(self._ends[middle])].tobytes()
            if here == word:
                return middle
            low, high = (middle + 1, high) if here < word else (low, middle)
        return None


def _mapped(path: Path, kind: Any, length: int) -> NDArray[Any]:
    size, wanted = path.stat().st_size, length * np.dtype(kind).itemsize
    if size != wanted:
        raise ValueError(f"{path.name} has {size} bytes, not {wanted}")
    return np.memmap(path, dtype=kind, mode="r", shape=(length,)) if length else np.empty(0, dtype=kind)


def _sought(held: NDArray[np.int32], wanted: NDArray[np.int32]) -> tuple[Rows, Rows]:
    """Where wanted rows stand among those held, which ascend: places in ``held``, and places in ``wanted``."""
    at = np.searchsorted(held, wanted)
    there = np.flatnonzero(held[np.minimum(at, len(held) - 1)] == wanted)
    return at[there], there


def _counted(
    offsets: NDArray[np.int64], terms: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.int32]]:
    """Term, row (counted from the first) and frequency for each term that `BLOCK` rows hold, in that order."""
    count = len(offsets) - 1
    rows = np.repeat(np.arange(count), np.diff(offsets))
    pairs, frequencies = np.unique(terms[offsets[0] : offsets[-1]].astype(np.int64) * count + rows, return_counts=True)
    return (pairs // count).astype(np.int32), (pairs % count).astype(np.uint16), frequencies.astype(np.int32)
