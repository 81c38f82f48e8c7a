"""Whether the index says of each passage what the store says, and mending it where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.progress import Progress, silent
from corpus.records import StoredPassage
from corpus.store import Store
from corpus.verify import Check, checked, verify_file, verify_store
from index.build import build
from index.draft import Base
from index.embedder import Embedder
from index.errors import IndexUnavailable
from index.keywords import KeywordIndex
from index.published import UNDATED, Published, open_current, reindex_lock
from index.question import terms
from index.rows import document, row_key, word_spans

BLOCK = 16384  # vectors compared at a time
UNIT = 0.01
"""How far a vector of half precision may be from length 1."""


def verify(
    corpus_db: Path, index_dir: Path, embedder: Callable[[], Embedder], *, who: str, progress: Progress = silent
) -> list[Check]:
    """Compare the store with itself and the index with the store, mend what can be mended, and compare again.

    An index that is wrong is built anew from the cache of vectors, and where that does not help from the model.

    Args:
        embedder: gives the model; called only where something has to be mended.
        who: as for `index.reindex.reindex`.

    Returns:
        A check per thing compared; nothing is left wrong where all are ``fine``.

    Raises:
        IndexBusy: a reindex is at work.
        StoreError, ModelError, IndexUnavailable: the store cannot be opened, or mending failed.
    """
    with reindex_lock(index_dir, who):
        file = verify_file(corpus_db)
        if not file.fine:
            return [file]
        store = Store(corpus_db)
        try:
            of_store = verify_store(store, progress)
            before = verify_index(store, index_dir, progress)
            after = before
            for full in (False, True):
                if all(check.fine for check in after):
                    break
                build(store, embedder(), index_dir, full=full, reuse=False, progress=progress)
                after = verify_index(store, index_dir, progress)
        finally:
            store.close()
    # Checks that could not be made before the mending are told as they are now.
    found = {check.what: check for check in before}
    of_index = [found.get(check.what, check) for check in after]
    left = {check.what: check.found for check in after}
    lost = [Check(c.what, c.checked, c.found, c.found, c.examples) for c in before if c.what not in left]
    return [
        file,
        *of_store,
        *lost,
        *(Check(c.what, c.checked, c.found, max(0, c.found - left[c.what]), c.examples) for c in of_index),
    ]


def verify_index(store: Store, index_dir: Path, progress: Progress = silent) -> list[Check]:
    """Compare the current version with the store, id by id and offset by offset; mends nothing."""
    try:
        published = open_current(index_dir)
    except IndexUnavailable as error:
        return [checked("the index as a whole", 1, [str(error)])]
    with store.snapshot():
        generation = store.generation
        if published.manifest.generation != generation:
            behind = f"it follows the store's generation {published.manifest.generation}, the store is at {generation}"
            return [checked("the index as a whole", 1, [behind])]
        articles = store.quotable_articles()
        passages = store.passages()
        ordered, offsets = _order(published), _offsets(published)
        if ordered or offsets:
            return [checked("order of ids", len(published.passages), ordered), checked("offsets", 3, offsets)]
        rows, sentences, words, found = _rows(published, passages, articles, progress)
    return [
        Check("the index as a whole", 1),
        checked("passages, id by id", len(published.passages), rows),
        checked("sentences, offset by offset", published.manifest.sentences, sentences),
        checked("words, offset by offset", published.manifest.words, words),
        checked("terms of passages", published.manifest.terms, found),
        checked("keywords", len(published.keywords.vocabulary), _keywords(published)),
        checked("vectors", len(published.passages), list(_vectors(published))),
        checked("rows as they were made", len(published.passages), list(_altered(published))),
        checked("counts", 2, _counts(published)),
    ]


def _order(published: Published) -> list[str]:
    ids = published.passages
    return [f"row {row + 1} does not follow row {row}" for row in np.flatnonzero(np.diff(ids) <= 0)]


def _offsets(published: Published) -> list[str]:
    """Whether each of the three arrays of offsets tiles what it counts."""
    problems = []
    for name, offsets, count in (
        ("sentences", published.sentence_offsets, published.manifest.sentences),
        ("words", published.word_offsets, published.manifest.words),
        ("terms", published.term_offsets, published.manifest.terms),
    ):
        if offsets[0] != 0 or offsets[-1] != count or (np.diff(offsets) < 0).any():
            problems.append(f"offsets of {name} do not tile them")
    return problems


def _rows(
    published: Published,
    passages: Iterator[StoredPassage],
    articles: dict[int, tuple[str, int | None]],
    progress: Progress,
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Problems of rows, of sentences, of words and of terms, against the passages of the store."""
    rows: list[str] = []
    sentences: list[str] = []
    words: list[str] = []
    found: list[str] = []
    places = {number: row for row, number in enumerate(published.passages.tolist())}
    numbers = {term: number for number, term in enumerate(published.keywords.vocabulary)}
    names = published.manifest.sources
    count = len(places)
    for done, passage in enumerate(passages, 1):
        if done % 1000 == 0:
            progress("verify the index", done, count)
        row = places.pop(passage.id, None)
        if row is None:
            rows.append(f"passage {passage.id} has no row")
            continue
        source, when = articles[passage.article]
        code = int(published.sources[row])
        wrong = [
            what
            for what, right in (
                ("words", published.keys[row].tobytes() == row_key(passage)),
                ("article", published.articles[row] == passage.article),
                ("source", 0 <= code < len(names) and names[code] == source),
                ("time", published.published[row] == (UNDATED if when is None else when)),
            )
            if not right
        ]
        if wrong:
            rows.append(f"passage {passage.id} has another {', another '.join(wrong)} in the index")
        first, last = published.sentence_offsets[row : row + 2].tolist()
        if not _inside(published.sentence_spans[first:last].tolist(), passage):
            sentences.append(f"passage {passage.id} has a sentence that may not be quoted")
        first, last = published.word_offsets[row : row + 2].tolist()
        # A model that does not pool its tokens has no words at all.
        if published.manifest.words and last - first != len(word_spans(passage)):
            words.append(f"passage {passage.id} has {last - first} words in the index")
        first, last = published.term_offsets[row : row + 2].tolist()
        if published.terms[first:last].tolist() != [numbers.get(term) for term in terms(document(passage))]:
            found.append(f"passage {passage.id} has other terms in the index")
    rows.extend(f"row {row} is of passage {number}, which may not be quoted" for number, row in places.items())
    return rows, sentences, words, found


def _inside(spans: list[list[int]], passage: StoredPassage) -> bool:
    """Whether sentences are in order, not empty, and each in a part that may be quoted."""
    at = 0
    for start, end in spans:
        if not at <= start < end:
            return False
        at = end
        if not any(a <= passage.start + start and passage.start + end <= b for a, b in passage.quotable):
            return False
    return True


def _keywords(published: Published) -> list[str]:
    """Whether the lexical side is what the terms make of it."""
    vocabulary = published.keywords.vocabulary
    if len(published.terms) and not 0 <= published.terms.min() <= published.terms.max() < len(vocabulary):
        return ["a term is not in the vocabulary"]
    wanted = KeywordIndex.of_ids(vocabulary, published.term_offsets, published.terms)
    return [] if published.keywords.same_as(wanted) else ["the scores are not those of the terms"]


def _vectors(published: Published) -> Iterator[str]:
    """Problems of vectors: their ids, their numbers, their length."""
    for first in range(0, len(published.passages), BLOCK):
        some = slice(first, first + BLOCK)
        ids = published.vectors.ids[some]
        dense = np.asarray(published.dense[some], dtype=np.float32)
        for row in np.flatnonzero(ids != published.passages[some]):
            yield f"vector {first + row} has the id {ids[row]}, not {published.passages[first + row]}"
        for row in np.flatnonzero(published.vectors.differing(first, dense)):
            yield f"the vector of passage {published.passages[first + row]} differs between FAISS and the array"
        for row in np.flatnonzero(_uneven(dense)):
            yield f"the vector of passage {published.passages[first + row]} has not the length 1"
    for first in range(0, published.manifest.sentences, BLOCK):
        for row in np.flatnonzero(_uneven(np.asarray(published.sentence_vectors[first : first + BLOCK], np.float32))):
            yield f"the vector of sentence {first + row} has not the length 1"


def _altered(published: Published) -> Iterator[str]:
    """Rows whose vectors, of the passage, its sentences or its words, are not those that were written."""
    base = Base(published)
    for number, passage in enumerate(published.passages.tolist()):
        if published.digests[number].tobytes() != base.row(number).digest():
            yield f"what is held of passage {passage} is not what was made of it"
        if number % BLOCK == 0:
            base.forget()


def _uneven(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
    uneven: NDArray[np.bool_] = ~(np.abs(np.linalg.norm(vectors, axis=1) - 1) < UNIT)  # true for NaN, too
    return uneven


def _counts(published: Published) -> list[str]:
    """Whether the manifest counts what is there; the lengths of arrays were compared when it was opened."""
    manifest = published.manifest
    dated = published.published[published.published != UNDATED]
    held = {
        "articles": len(np.unique(published.articles)),
        "oldest": int(dated.min()) if len(dated) else None,
    }
    return [
        f"the manifest says {name} {getattr(manifest, name)}, the index has {count}"
        for name, count in held.items()
        if getattr(manifest, name) != count
    ]
