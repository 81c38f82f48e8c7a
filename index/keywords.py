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
        if not any(documents):
            return cls(None, len(documents))
        bm25s = _bm25s()
        engine = bm25s.BM25()
        engine.index([list(terms) for terms in documents], show_progress=False)
        return cls(engine, len(documents))

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

    def _ids(self, terms: Sequence[str]) -> dict[str, int]:
        if self._engine is None:
            return {}
        vocabulary = self._engine.vocab_dict
        return {term: vocabulary[term] for term in terms if term and term in vocabulary}


def _bm25s() -> Any:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s
