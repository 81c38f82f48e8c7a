"""The lexical side: BM25 over titles and passages, by bm25s; the only file that knows it."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnavailable

BLOCK = 8192  # rows counted at a time


class KeywordIndex:
    """BM25 scores of every passage for a question's terms (Robertson and Zaragoza 2009, as bm25s computes it).

    Args:
        engine: an indexed ``bm25s.BM25``; None where no passage has a term.
        count: number of passages, the length of `scores`.
    """

    def __init__(self, engine: Any, count: int) -> None:
        self._engine = engine
        self.count = count

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> KeywordIndex:
        """Index the terms of each passage, in the order of the rows."""
        vocabulary: dict[str, int] = {}
        ids = [vocabulary.setdefault(term, len(vocabulary)) for terms in documents for term in terms]
        offsets = np.cumsum([0, *(len(terms) for terms in documents)])
        return cls.of_ids(list(vocabulary), offsets, np.asarray(ids, dtype=np.int32))

    @classmethod
    def of_ids(cls, vocabulary: Sequence[str], offsets: NDArray[np.int64], terms: NDArray[np.int32]) -> KeywordIndex:
        """Index terms that are numbered already.

        The matrix is what ``bm25s.BM25.index`` makes, filled column by column in whole arrays: its own loop over the
        passages takes most of the time of a reindex in which little changed.

        Args:
            vocabulary: each term once, each in some passage.
            offsets: the terms of row i are ``terms[offsets[i]:offsets[i + 1]]``, shape (n + 1,).
            terms: places in ``vocabulary``.
        """
        count = len(offsets) - 1
        if not vocabulary:
            return cls(None, count)
        engine = _bm25s().BM25()
        lengths = np.diff(offsets)
        blocks = [_counted(offsets[row : row + BLOCK + 1], terms) for row in range(0, count, BLOCK)]
        holding = np.zeros(len(vocabulary), dtype=np.int64)
        for columns, _, _ in blocks:
            holding += np.bincount(columns, minlength=len(vocabulary))
        bounds = np.concatenate([[0], np.cumsum(holding)])
        idf = np.log(1 + (count - holding + 0.5) / (holding + 0.5))
        norm = engine.k1 * (1 - engine.b + engine.b * lengths / lengths.mean())
        data = np.empty(bounds[-1], dtype=np.float32)
        indices = np.empty(bounds[-1], dtype=np.int32)
        free = bounds[:-1].copy()
        for number, (columns, rows, frequencies) in enumerate(blocks):
            rows = rows + number * BLOCK
            here = np.bincount(columns, minlength=len(vocabulary))
            first = np.cumsum(here) - here
            places = free[columns] + np.arange(len(columns)) - first[columns]
            data[places] = idf[columns] * frequencies / (frequencies + norm[rows])
            indices[places] = rows
            free += here
        engine.scores = {"data": data, "indices": indices, "indptr": bounds.astype(np.int32), "num_docs": count}
        engine.vocab_dict = {term: number for number, term in enumerate(vocabulary)}
        engine.nonoccurrence_array = None  # of other kinds of BM25
        return cls(engine, count)

    @property
    def vocabulary(self) -> Sequence[str]:
        """Every term, by its number."""
        return () if self._engine is None else list(self._engine.vocab_dict)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own; an empty one writes nothing but the folder."""
        folder.mkdir(parents=True)
        if self._engine is not None:
            # bm25s announces what it saves on standard output, where a script's own answer stands alone
            with contextlib.redirect_stdout(io.StringIO()):
                self._engine.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, count: int) -> KeywordIndex:
        """Open a saved index, mapped into memory.

        Raises:
            IndexUnavailable: it is damaged, or holds another number of passages.
        """
        if not (folder / "params.index.json").exists():
            if any(folder.glob("*")) or not folder.is_dir():
                raise IndexUnavailable("is incomplete", subject=folder, remedy="run scripts/reindex.py --full")
            return cls(None, count)
        try:
            engine = _bm25s().BM25.load(folder, mmap=True, show_progress=False, verbosity=0)
            held = int(engine.scores["num_docs"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnavailable(
                f"cannot be read ({error})", subject=folder, remedy="run scripts/reindex.py --full"
            ) from error
        if held != count:
            raise IndexUnavailable(
                f"holds {held} passages, the manifest says {count}",
                subject=folder,
                remedy="run scripts/reindex.py --full",
            )
        return cls(engine, count)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25 score of each passage, shape (count,), 0 where none of the terms stands in it."""
        ids = self._ids(terms)
        if not ids:
            return np.zeros(self.count, dtype=np.float32)
        scores: NDArray[np.float32] = self._engine.get_scores_from_ids(list(ids.values()))
        return scores

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """For each term, the number of passages that hold it."""
        found = dict.fromkeys(terms, 0)
        bounds = self._engine.scores["indptr"] if self._engine is not None else ()
        for term, number in self._ids(terms).items():
            found[term] = int(bounds[number + 1] - bounds[number])
        return found

    def same_as(self, other: KeywordIndex) -> bool:
        """Whether both hold the same terms and scores."""
        if self._engine is None or other._engine is None:
            return self._engine is other._engine and self.count == other.count
        mine, theirs = self._engine.scores, other._engine.scores
        arrays = all(np.array_equal(mine[name], theirs[name]) for name in ("data", "indices", "indptr"))
        return arrays and self.vocabulary == other.vocabulary

    def _ids(self, terms: Sequence[str]) -> dict[str, int]:
        if self._engine is None:
            return {}
        vocabulary = self._engine.vocab_dict
        return {term: vocabulary[term] for term in terms if term and term in vocabulary}


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


def _counted(
    offsets: NDArray[np.int64], terms: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Term, row (counted from the first) and frequency for each term that a run of rows holds, in that order."""
    count = len(offsets) - 1
    rows = np.repeat(np.arange(count), np.diff(offsets))
    pairs, frequencies = np.unique(terms[offsets[0] : offsets[-1]].astype(np.int64) * count + rows, return_counts=True)
    return pairs // count, pairs % count, frequencies
