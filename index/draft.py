"""A version of the index being written: rows that were made, and stretches of rows that stand in the version before."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.records import StoredPassage
from index.embedder import Embedder
from index.keywords import KeywordIndex
from index.published import KEY_BYTES, UNDATED, Manifest, Published, read_array, write_array
from index.question import terms
from index.rows import Row
from index.vectors import VectorIndex

COUNTED = ("sentence", "word", "term")
"""What a row has several of; an array of offsets says which are whose."""
FOLLOWS: dict[str, str | None] = {
    "dense": None,
    "keys": None,
    "digests": None,
    "sentence_spans": "sentence",
    "sentence_vectors": "sentence",
    "words": "word",
    "terms": "term",
}
"""The arrays that are written row by row, and which of `COUNTED` they hold; None for one entry a row."""
WORDS = 1 << 20  # terms renumbered at a time


class Base:
    """The version that rows are copied from; may be none."""

    def __init__(self, published: Published | None) -> None:
        self.vocabulary: Sequence[str] = published.keywords.vocabulary if published else ()
        self._ids: NDArray[np.int64] = np.asarray(published.passages if published else (), dtype=np.int64)
        self._arrays: dict[str, NDArray[Any]] = {}
        self._offsets: dict[str, NDArray[np.int64]] = {}
        self._mapped: list[mmap.mmap] = []
        if published:
            held = {name: getattr(published, name) for name in FOLLOWS}
            self._mapped = [base for array in held.values() if isinstance(base := getattr(array, "base", 0), mmap.mmap)]
            # Plain arrays over the mapped files: slicing a memmap costs ten times as much.
            self._arrays = {name: np.asarray(array) for name, array in held.items()}
            self._offsets = {each: np.array(getattr(published, f"{each}_offsets")) for each in COUNTED}

    def places(self, ids: Sequence[int], keys: Sequence[bytes]) -> NDArray[np.int64]:
        """The row of each passage, -1 where it is missing or was made of other words."""
        if not len(self._ids):
            return np.full(len(ids), -1, dtype=np.int64)
        wanted = np.asarray(ids, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._ids, wanted), len(self._ids) - 1)
        said = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY_BYTES)
        same = (self._ids[at] == wanted) & (self._arrays["keys"][at] == said).all(axis=1)
        return np.where(same, at, -1)

    def row(self, place: int) -> Row:
        """One row."""
        held = self.stretch(place, place + 1)
        return Row(held["dense"][0], *(held[name] for name in ("sentence_spans", "sentence_vectors", "words", "terms")))

    def stretch(self, first: int, last: int) -> dict[str, NDArray[Any]]:
        """The part of each array that belongs to the rows ``[first, last)``."""
        held = {}
        for name, array in self._arrays.items():
            offsets = self._offsets.get(FOLLOWS[name] or "")
            begin, end = (first, last) if offsets is None else (int(offsets[first]), int(offsets[last]))
            held[name] = array[begin:end]
        return held

    def counts(self, each: str, first: int, last: int) -> list[int]:
        """How many sentences, words or terms each of the rows ``[first, last)`` has."""
        found: list[int] = np.diff(self._offsets[each][first : last + 1]).tolist()
        return found

    def forget(self) -> None:
        """What was copied is not read again: without this the process would come to hold the whole version."""
        for mapped in self._mapped:
            mapped.madvise(mmap.MADV_DONTNEED)


class Draft:
    """The files of a version being written; passages have to come in the order of their ids.

    Args:
        base: rows may be copied from it, so its terms keep their numbers.
    """

    def __init__(self, folder: Path, dimension: int, base: Base) -> None:
        self._folder = folder
        self._dimension = dimension
        self._base = base
        self._numbers = {term: number for number, term in enumerate(base.vocabulary)}
        self._ids: list[int] = []
        self._articles: list[int] = []
        self._counts: dict[str, list[int]] = {each: [] for each in COUNTED}
        self._open = ExitStack()
        self._files = {name: self._open.enter_context((folder / f"{name}.bin").open("wb")) for name in FOLLOWS}

    def numbers(self, text: str) -> NDArray[np.int32]:
        """The terms of a text by their numbers, new ones included."""
        known = self._numbers
        return np.asarray([known.setdefault(term, len(known)) for term in terms(text)], dtype=np.int32)

    def add(self, passage: StoredPassage, key: bytes, row: Row) -> None:
        """Write the row of a passage."""
        self._note([passage])
        self._counts["sentence"].append(len(row.spans))
        self._counts["word"].append(len(row.words))
        self._counts["term"].append(len(row.terms))
        files = self._files
        files["dense"].write(row.vector.tobytes())
        files["keys"].write(key)
        files["digests"].write(row.digest())
        files["sentence_spans"].write(row.spans.tobytes())
        files["sentence_vectors"].write(row.sentences.tobytes())
        files["words"].write(row.words.tobytes())
        files["terms"].write(row.terms.tobytes())

    def copy(self, passages: Sequence[StoredPassage], place: int) -> None:
        """Write the rows of passages as they stand in the base, one behind the other from ``place`` on."""
        self._note(passages)
        last = place + len(passages)
        for each in COUNTED:
            self._counts[each].extend(self._base.counts(each, place, last))
        for name, part in self._base.stretch(place, last).items():
            self._files[name].write(part.data)

    def _note(self, passages: Sequence[StoredPassage]) -> None:
        self._ids.extend(passage.id for passage in passages)
        self._articles.extend(passage.article for passage in passages)

    def close(self) -> None:
        """Close the files."""
        self._open.close()

    def finish(
        self,
        version: str,
        generation: int,
        recipe: str,
        embedder: Embedder,
        articles: dict[int, tuple[str, int | None]],
    ) -> Manifest:
        """Write what follows from the rows together.

        Args:
            articles: source and time of publication of each article.
        """
        self.close()
        names = sorted({source for source, _ in articles.values()})
        codes = {name: code for code, name in enumerate(names)}
        published = [articles[article][1] for article in self._articles]
        write_array(self._folder, "passages", self._ids, np.int64)
        write_array(self._folder, "articles", self._articles, np.int64)
        write_array(self._folder, "sources", [codes[articles[article][0]] for article in self._articles], np.int32)
        write_array(self._folder, "published", [UNDATED if when is None else when for when in published], np.int64)
        offsets = {each: np.cumsum([0, *counts], dtype=np.int64) for each, counts in self._counts.items()}
        for each, array in offsets.items():
            write_array(self._folder, f"{each}_offsets", array, np.int64)
        self._write_keywords(offsets["term"])
        count = len(self._ids)
        dense = read_array(self._folder, "dense", np.float16, (count, self._dimension))
        VectorIndex.build(np.asarray(self._ids, dtype=np.int64), dense).save(self._folder / "vectors.faiss")
        return Manifest(
            version=version,
            model=embedder.name,
            digest=embedder.digest,
            recipe=recipe,
            dimension=self._dimension,
            passages=count,
            sentences=int(offsets["sentence"][-1]),
            words=int(offsets["word"][-1]),
            terms=int(offsets["term"][-1]),
            articles=len(set(self._articles)),
            sources=tuple(names),
            oldest=min((when for when in published if when is not None), default=None),
            generation=generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _write_keywords(self, offsets: NDArray[np.int64]) -> None:
        """Number the terms in alphabetical order, those that are left, and index them.

        So a version is the same to the byte whether its rows were copied or made.
        """
        numbers = read_array(self._folder, "terms", np.int32, (int(offsets[-1]),), writable=True)
        used = np.zeros(len(self._numbers), dtype=np.bool_)
        for first in range(0, len(numbers), WORDS):
            used[numbers[first : first + WORDS]] = True
        vocabulary = sorted(term for term, number in self._numbers.items() if used[number])
        renumbered = np.zeros(len(self._numbers), dtype=np.int32)
        for number, term in enumerate(vocabulary):
            renumbered[self._numbers[term]] = number
        for first in range(0, len(numbers), WORDS):
            numbers[first : first + WORDS] = renumbered[numbers[first : first + WORDS]]
        KeywordIndex.of_ids(vocabulary, offsets, numbers).save(self._folder / "keywords")
