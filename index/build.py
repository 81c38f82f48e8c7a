"""Store -> a new version of the index: only new text is embedded, and nothing half-made is ever published.

What the current version holds of a passage is copied where the passage still says the same, so a reindex pays for
what changed: no sentence is split, no word is stemmed and no vector is looked up a second time.
"""

from __future__ import annotations

import hashlib
import mmap
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

import corpus.sentences
import index.late
import index.question
from corpus.progress import Progress, silent
from corpus.records import StoredPassage
from corpus.sentences import sentences
from corpus.store import Store
from index.cache import VectorCache, cache_key
from index.embedder import Embedder
from index.errors import IndexUnavailable
from index.keywords import KeywordIndex
from index.late import pack
from index.published import (
    KEY_BYTES,
    UNDATED,
    Manifest,
    Published,
    open_current,
    read_array,
    write_array,
    write_version,
)
from index.question import terms, tokens
from index.vectors import VectorIndex

CHUNK = 512  # passages embedded, and kept in the cache, at a time
RUN = 8192  # passages in memory at a time
WORDS = 1 << 20  # terms renumbered at a time


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        embedded: passages that were not in the cache.
        published: False when the current version already follows the store.
    """

    manifest: Manifest
    embedded: int
    published: bool


class Row(NamedTuple):
    """What a version holds of one passage; whatever is added here is written by `Draft` and copied by `Base`.

    Attributes:
        vector: shape (d,), half precision.
        spans: sentences, offsets into the passage's text, shape (m, 2).
        sentences: their vectors, shape (m, d), half precision.
        words: vectors of its words as `index.late.pack` gives them, shape (w, ceil(d / 8)); none where the model does
            not pool its tokens.
        terms: places in the draft's vocabulary, shape (t,).
    """

    vector: NDArray[np.float16]
    spans: NDArray[np.int32]
    sentences: NDArray[np.float16]
    words: NDArray[np.uint8]
    terms: NDArray[np.int32]


def document(passage: StoredPassage) -> str:
    """The text whose terms find a passage."""
    return f"{passage.title}\n{passage.heading}\n{passage.text}"


def build(
    store: Store,
    embedder: Embedder,
    index_dir: Path,
    *,
    full: bool = False,
    reuse: bool = True,
    progress: Progress = silent,
) -> Built:
    """Publish a version of the index that follows the store; to be called under `reindex_lock`.

    Args:
        full: embed everything anew, whatever the cache holds.
        reuse: False makes every row anew, from vectors of the cache where it has them; ``full`` implies it.
    """
    recipe = recipe_of(embedder)
    current = _current(index_dir) if reuse and not full else None
    with store.snapshot():
        generation = store.generation
        if current and (current.manifest.generation, current.manifest.recipe) == (generation, recipe):
            return Built(current.manifest, 0, False)
        version = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
        folder = index_dir / "versions" / f".{version}"
        base = Base(current if current and current.manifest.recipe == recipe else None)
        vectors = VectorCache(index_dir / "vectors.db")
        try:
            folder.mkdir(parents=True)
            draft = Draft(folder, embedder.dimension, base.vocabulary)
            embedded = _fill(draft, store, base, embedder, vectors, full, progress)
            progress("keywords", 0, 1)
            manifest = draft.finish(version, generation, recipe, embedder, store.quotable_articles())
            progress("keywords", 1, 1)
            progress("publish", 0, 1)
            write_version(index_dir, folder, manifest)
            progress("publish", 1, 1)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise IndexUnavailable(
                    f"cannot be written ({error.strerror or error}); the index in use stays",
                    subject=index_dir,
                    remedy="check the disk's space, then run scripts/reindex.py again",
                ) from error
            raise
        finally:
            vectors.close()
    return Built(manifest, embedded, True)


def recipe_of(embedder: Embedder) -> str:
    """Changes with whatever decides what a row holds beside its passage: the model, and the code that takes text apart.

    The code speaks for itself, so that nobody has to remember a number: a version made by other code is not copied
    from, and not taken for current.
    """
    return hashlib.sha256(f"{embedder.digest} {embedder.precision} {_code()}".encode()).hexdigest()


@cache
def _code() -> str:
    """Stands for the code that takes text apart; read once, since an update on disk is not yet the code at work."""
    digest = hashlib.sha256(installed("nupunkt").encode())
    for file in (__file__, corpus.sentences.__file__, index.late.__file__, index.question.__file__):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def row_key(passage: StoredPassage) -> bytes:
    """Changes with whatever of the passage its row depends on, 16 bytes."""
    parts = [(start - passage.start, end - passage.start) for start, end in passage.quotable]
    said = "\0".join((passage.title, passage.heading, repr(parts), passage.text))
    return hashlib.blake2b(said.encode(), digest_size=KEY_BYTES).digest()


def _current(index_dir: Path) -> Published | None:
    """The current version; None where there is none that can be used, which the build then mends."""
    try:
        return open_current(index_dir)
    except IndexUnavailable:
        return None


class Base:
    """The version that rows are copied from; may be none."""

    def __init__(self, published: Published | None) -> None:
        self.vocabulary: Sequence[str] = published.keywords.vocabulary if published else ()
        self._ids = published.passages.tolist() if published else []
        self._keys = published.keys.tobytes() if published else b""
        self._next = 0
        self._mapped: list[mmap.mmap] = []
        if published:
            large = (published.dense, published.sentence_spans, published.sentence_vectors, published.words)
            self._mapped = [base for array in large if isinstance(base := getattr(array, "base", None), mmap.mmap)]
            # Plain arrays over the mapped files: slicing a memmap costs ten times as much.
            self._dense = np.asarray(published.dense)
            self._sentence_offsets = published.sentence_offsets.tolist()
            self._spans = np.asarray(published.sentence_spans)
            self._sentences = np.asarray(published.sentence_vectors)
            self._word_offsets = published.word_offsets.tolist()
            self._words = np.asarray(published.words)
            self._term_offsets = published.term_offsets.tolist()
            self._terms = np.asarray(published.terms)

    def row(self, passage: int, key: bytes) -> Row | None:
        """The row of a passage, None where it is missing or was made of other words; ids have to ascend."""
        while self._next < len(self._ids) and self._ids[self._next] < passage:
            self._next += 1
            if self._next % RUN == 0:
                # What was copied is not read again: without this the process would come to hold the whole version.
                for mapped in self._mapped:
                    mapped.madvise(mmap.MADV_DONTNEED)
        row = self._next
        if row == len(self._ids) or self._ids[row] != passage:
            return None
        if self._keys[row * KEY_BYTES : (row + 1) * KEY_BYTES] != key:
            return None
        inner = slice(self._sentence_offsets[row], self._sentence_offsets[row + 1])
        words = slice(self._word_offsets[row], self._word_offsets[row + 1])
        terms = slice(self._term_offsets[row], self._term_offsets[row + 1])
        return Row(self._dense[row], self._spans[inner], self._sentences[inner], self._words[words], self._terms[terms])


class Draft:
    """The files of a version being written, row by row.

    Args:
        vocabulary: terms that are numbered already, by their number.
    """

    def __init__(self, folder: Path, dimension: int, vocabulary: Sequence[str]) -> None:
        self._folder = folder
        self._dimension = dimension
        self._numbers = {term: number for number, term in enumerate(vocabulary)}
        self._ids: list[int] = []
        self._articles: list[int] = []
        self._sentence_offsets = [0]
        self._word_offsets = [0]
        self._term_offsets = [0]
        self._open = ExitStack()
        names = ("dense", "sentence_spans", "sentence_vectors", "words", "terms", "keys")
        self._files = {name: self._open.enter_context((folder / f"{name}.bin").open("wb")) for name in names}

    def numbers(self, text: str) -> NDArray[np.int32]:
        """The terms of a text by their numbers, new ones included."""
        known = self._numbers
        return np.asarray([known.setdefault(term, len(known)) for term in terms(text)], dtype=np.int32)

    def add(self, passage: StoredPassage, key: bytes, row: Row) -> None:
        """Write the row of a passage; ids have to ascend."""
        self._ids.append(passage.id)
        self._articles.append(passage.article)
        self._sentence_offsets.append(self._sentence_offsets[-1] + len(row.spans))
        self._word_offsets.append(self._word_offsets[-1] + len(row.words))
        self._term_offsets.append(self._term_offsets[-1] + len(row.terms))
        files = self._files
        files["dense"].write(row.vector.tobytes())
        files["sentence_spans"].write(row.spans.tobytes())
        files["sentence_vectors"].write(row.sentences.tobytes())
        files["words"].write(row.words.tobytes())
        files["terms"].write(row.terms.tobytes())
        files["keys"].write(key)

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
        write_array(self._folder, "sentence_offsets", self._sentence_offsets, np.int64)
        write_array(self._folder, "word_offsets", self._word_offsets, np.int64)
        write_array(self._folder, "term_offsets", self._term_offsets, np.int64)
        self._write_keywords()
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
            sentences=self._sentence_offsets[-1],
            words=self._word_offsets[-1],
            terms=self._term_offsets[-1],
            articles=len(set(self._articles)),
            sources=tuple(names),
            oldest=min((when for when in published if when is not None), default=None),
            generation=generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _write_keywords(self) -> None:
        """Number the terms in alphabetical order, those that are left, and index them.

        So a version is the same to the byte whether its rows were copied or made.
        """
        numbers = read_array(self._folder, "terms", np.int32, (self._term_offsets[-1],), writable=True)
        used = np.zeros(len(self._numbers), dtype=np.bool_)
        for first in range(0, len(numbers), WORDS):
            used[numbers[first : first + WORDS]] = True
        vocabulary = sorted(term for term, number in self._numbers.items() if used[number])
        renumbered = np.zeros(len(self._numbers), dtype=np.int32)
        for number, term in enumerate(vocabulary):
            renumbered[self._numbers[term]] = number
        for first in range(0, len(numbers), WORDS):
            numbers[first : first + WORDS] = renumbered[numbers[first : first + WORDS]]
        offsets = np.asarray(self._term_offsets, dtype=np.int64)
        KeywordIndex.of_ids(vocabulary, offsets, numbers).save(self._folder / "keywords")


def _fill(
    draft: Draft,
    store: Store,
    base: Base,
    embedder: Embedder,
    cache: VectorCache,
    full: bool,
    progress: Progress,
) -> int:
    """Write a row for every quotable passage; returns how many had to be embedded."""
    done = embedded = 0
    total = store.count_passages()
    progress("embed", 0, total)
    try:
        for run in _runs(store.passages(), base):
            missing = [passage for passage, _, row in run if row is None]
            rows, new = _made(missing, draft, embedder, cache, full)
            embedded += new
            made = iter(rows)
            for passage, key, row in run:
                draft.add(passage, key, next(made) if row is None else row)
            done += len(run)
            progress("embed", done, total)
    finally:
        draft.close()
    return embedded


def _runs(passages: Iterator[StoredPassage], base: Base) -> Iterator[list[tuple[StoredPassage, bytes, Row | None]]]:
    """Passages with their keys and the rows that stand already, `CHUNK` new ones at most in a run."""
    run: list[tuple[StoredPassage, bytes, Row | None]] = []
    new = 0
    for passage in passages:
        key = row_key(passage)
        row = base.row(passage.id, key)
        run.append((passage, key, row))
        new += row is None
        if new == CHUNK or len(run) == RUN:
            yield run
            run, new = [], 0
    if run:
        yield run


def _made(
    passages: Sequence[StoredPassage], draft: Draft, embedder: Embedder, cache: VectorCache, full: bool
) -> tuple[list[Row], int]:
    """A row for each passage, and how many had to be embedded."""
    spans = [sentence_spans(passage) for passage in passages]
    inner = [
        each + word_spans(passage) if embedder.pools_tokens else each
        for passage, each in zip(passages, spans, strict=True)
    ]
    texts = [embedded_text(passage) for passage in passages]
    model = f"{embedder.digest} {embedder.precision}"
    keys = [cache_key(model, text, each) for text, each in zip(texts, inner, strict=True)]
    known = {} if full else cache.get(keys)
    missing = [number for number, key in enumerate(keys) if key not in known]
    if missing:
        shifted = []
        for number in missing:
            before = len(texts[number]) - len(passages[number].text.rstrip())
            shifted.append([(start + before, end + before) for start, end in inner[number]])
        vectors, pooled = embedder.embed_passages([texts[number] for number in missing], shifted)
        counts = [len(spans[number]) for number in missing]
        # One product for the words of all these passages, where one a passage takes three times as long.
        packed = pack(np.concatenate([each[count:] for each, count in zip(pooled, counts, strict=True)]))
        ends = np.cumsum([len(each) - count for each, count in zip(pooled, counts, strict=True)])
        words = np.split(packed, ends[:-1])
        made = {
            keys[number]: (
                vectors[place].astype(np.float16),
                pooled[place][: counts[place]].astype(np.float16),
                words[place],
            )
            for place, number in enumerate(missing)
        }
        cache.put(made)
        known.update(made)
    rows = []
    for passage, each, key in zip(passages, spans, keys, strict=True):
        rows.append(
            Row(
                known[key][0],
                np.asarray(each, dtype=np.int32).reshape(-1, 2),
                known[key][1],
                known[key][2],
                draft.numbers(document(passage)),
            )
        )
    return rows, len(missing)


def embedded_text(passage: StoredPassage) -> str:
    """What is embedded for a passage: title and heading as context, then its text without the newline that ends it.

    So a paragraph that is added behind it changes nothing about it.
    """
    context = [line for line in (passage.title, passage.heading) if line]
    return "\n".join([*context, passage.text.rstrip()])


def sentence_spans(passage: StoredPassage) -> list[tuple[int, int]]:
    """Sentences of the parts that may be quoted, offsets into the passage's text, in order."""
    found: list[tuple[int, int]] = []
    for start, end in passage.quotable:
        found.extend(sentences(passage.text, start - passage.start, end - passage.start))
    return found


def word_spans(passage: StoredPassage) -> list[tuple[int, int]]:
    """Words of the passage, offsets into its text: those that ``Candidate.matches`` is about."""
    return [(start, end) for _, start, end in tokens(passage.text)]
