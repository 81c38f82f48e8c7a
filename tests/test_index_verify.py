"""index.verify and corpus.verify: whatever is wrong with store or index is found, and mended where it can be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, an_article, put

from corpus.store import Store
from corpus.verify import Check, verify_store
from index.build import build
from index.published import open_current
from index.vectors import VectorIndex
from index.verify import verify, verify_index

FIRST = "The ferry to Skarrow sailed again on Friday morning. Nine days had passed since the strike began."
SECOND = "Crews voted by 41 to 12 to accept a rise of four per cent. Their union said so in the evening."
THIRD = "The company had offered three per cent in March and called that its last word on the matter."


@pytest.fixture
def index_dir(tmp_path: Path, store: Store) -> Path:
    """An index over three articles, one of which was withdrawn."""
    put(store, an_article("# What happened", FIRST, SECOND, SECOND, published="2026-11-20"), "one")
    put(store, an_article(THIRD), "two", source="Wire")
    gone, _ = put(store, an_article(SECOND), "three")
    store.withdraw([gone])
    build(store, FakeEmbedder(), tmp_path / "index")
    return tmp_path / "index"


def run(tmp_path: Path, embedder: FakeEmbedder | None = None) -> dict[str, Check]:
    """Verify and mend; the checks by what they compare."""
    made = embedder or FakeEmbedder()
    return {each.what: each for each in verify(tmp_path / "corpus.db", tmp_path / "index", lambda: made, who="me")}


def test_what_is_whole_is_fine_and_left_alone(tmp_path: Path, index_dir: Path) -> None:
    """Each check says how much it compared; the model is not even asked for."""

    def no_model() -> FakeEmbedder:
        raise AssertionError("nothing has to be mended")

    version = open_current(index_dir).manifest.version
    checks = verify(tmp_path / "corpus.db", index_dir, no_model, who="me")
    assert {each.what: (each.checked, each.found) for each in checks} == {
        "corpus.db, as a file": (1, 0),
        "articles and their revisions": (3, 0),
        "words of revisions": (3, 0),
        "passages and their places": (5, 0),
        "the index as a whole": (1, 0),
        "passages, id by id": (4, 0),
        "sentences, offset by offset": (open_current(index_dir).manifest.sentences, 0),
        "words, offset by offset": (open_current(index_dir).manifest.words, 0),
        "terms of passages": (open_current(index_dir).manifest.terms, 0),
        "keywords": (len(open_current(index_dir).keywords.vocabulary), 0),
        "vectors": (4, 0),
        "rows as they were made": (4, 0),
        "counts": (2, 0),
    }
    assert open_current(index_dir).manifest.version == version


def change(index_dir: Path, name: str, at: int, value: int, kind: type) -> None:
    """Overwrite one number of an array."""
    path = open_current(index_dir).folder / f"{name}.bin"
    numbers = np.fromfile(path, dtype=kind)
    numbers[at] = value
    numbers.tofile(path)


def turn(index_dir: Path) -> None:
    """Let a sentence's vector point the other way: its length stays 1."""
    path = open_current(index_dir).folder / "sentence_vectors.bin"
    (np.fromfile(path, dtype=np.float16) * np.float16(-1)).tofile(path)


def swap_vectors(index_dir: Path) -> None:
    """Write a FAISS index whose vectors stand under each other's ids."""
    opened = open_current(index_dir)
    VectorIndex.build(np.array(opened.passages), np.array(opened.dense)[::-1]).save(opened.folder / "vectors.faiss")


def swap_keywords(index_dir: Path) -> None:
    """Exchange two rows of the lexical index."""
    path = open_current(index_dir).folder / "keywords" / "rows.bin"
    rows = np.fromfile(path, dtype=np.int32)
    np.where(rows == 0, 1, np.where(rows == 1, 0, rows)).astype(np.int32).tofile(path)


def miscount(index_dir: Path) -> None:
    """Let the manifest count one article too many."""
    path = open_current(index_dir).folder / "manifest.json"
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "articles": raw["articles"] + 1}))


def truncate(index_dir: Path) -> None:
    """Cut an array short."""
    (open_current(index_dir).folder / "dense.bin").write_bytes(b"short")


@pytest.mark.parametrize(
    ("harm", "what", "example"),
    [
        (lambda d: change(d, "passages", 3, 99, np.int64), "passages, id by id", "passage 4 has no row"),
        (lambda d: change(d, "passages", 1, 1, np.int64), "order of ids", "row 1 does not follow row 0"),
        (lambda d: change(d, "articles", 0, 2, np.int64), "passages, id by id", "passage 1 has another article"),
        (lambda d: change(d, "sources", 3, 0, np.int32), "passages, id by id", "passage 4 has another source"),
        (lambda d: change(d, "published", 0, 5, np.int64), "passages, id by id", "passage 1 has another time"),
        (lambda d: change(d, "keys", 0, 7, np.uint8), "passages, id by id", "passage 1 has another words"),
        (
            lambda d: change(d, "sentence_spans", 0, 0, np.int32),
            "sentences, offset by offset",
            "passage 1 has a sentence",
        ),
        (lambda d: change(d, "sentence_offsets", 1, 9, np.int64), "offsets", "offsets of sentences do not tile them"),
        (lambda d: change(d, "word_offsets", 1, 3, np.int64), "words, offset by offset", "passage 1 has 3 words in"),
        (lambda d: change(d, "word_offsets", 1, -1, np.int64), "offsets", "offsets of words do not tile them"),
        (lambda d: change(d, "terms", 0, 1, np.int32), "terms of passages", "passage 1 has other terms"),
        (lambda d: change(d, "dense", 0, 9, np.float16), "vectors", "the vector of passage 1 differs"),
        (lambda d: change(d, "sentence_vectors", 3, 9, np.float16), "vectors", "the vector of sentence 0 has not the"),
        (turn, "rows as they were made", "what is held of passage 1 is not what was made of it"),
        (lambda d: change(d, "words", 0, 255, np.uint8), "rows as they were made", "what is held of passage 1 is not"),
        (lambda d: change(d, "digests", 0, 1, np.uint8), "rows as they were made", "what is held of passage 1 is not"),
        (swap_vectors, "vectors", "the vector of passage 1 differs between FAISS and the array"),
        (swap_keywords, "keywords", "the scores are not those of the terms"),
        (miscount, "counts", "the manifest says articles 3, the index has 2"),
        (truncate, "the index as a whole", "has 5 bytes"),
    ],
)
def test_damage_to_the_index_is_found_and_mended_from_the_cache(
    tmp_path: Path, index_dir: Path, harm: Callable[[Path], None], what: str, example: str
) -> None:
    """Each kind of damage is told in words, nothing is embedded again, and afterwards all is fine."""
    harm(index_dir)
    embedder = FakeEmbedder()
    checks = run(tmp_path, embedder)
    assert checks[what].found == checks[what].mended > 0
    assert any(each_example in line for line in checks[what].examples for each_example in [example]), checks[what]
    assert all(each.fine for each in checks.values())
    assert embedder.embedded == []
    assert all(each.found == 0 for each in run(tmp_path).values())


def test_damage_that_the_next_build_copied_is_found_and_mended(tmp_path: Path, index_dir: Path, store: Store) -> None:
    """A row is copied with the digest it was made with."""
    turn(index_dir)
    put(store, an_article(FIRST), "four")
    build(store, FakeEmbedder(), index_dir)
    checks = run(tmp_path)
    assert (checks["rows as they were made"].found, checks["rows as they were made"].mended) == (4, 4)
    assert all(each.found == 0 for each in run(tmp_path).values())


def test_a_spoilt_cache_is_mended_by_the_model(tmp_path: Path, index_dir: Path, store: Store) -> None:
    """Where the cache holds the damage too, everything is embedded anew."""
    change(index_dir, "dense", 0, 9, np.float16)
    db = sqlite3.connect(index_dir / "vectors.db")
    db.execute("UPDATE rows SET passage = zeroblob(length(passage))")
    db.commit()
    db.close()
    embedder = FakeEmbedder()
    assert all(each.fine for each in run(tmp_path, embedder).values())
    assert len(embedder.embedded) == 4


def test_an_index_that_is_behind_is_brought_up(tmp_path: Path, index_dir: Path, store: Store) -> None:
    """What was put since the last build is no damage of the rows, and is in the index afterwards."""
    put(store, an_article(FIRST), "four")
    checks = run(tmp_path)
    assert "it follows the store's generation" in checks["the index as a whole"].examples[0]
    assert all(each.fine for each in checks.values())
    assert open_current(index_dir).manifest.passages == 5


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM placements WHERE revision_id = 1 AND position = 1",
        'UPDATE placements SET "end" = "end" - 3 WHERE revision_id = 1 AND position = 0',
        "UPDATE placements SET quotable = '[[0, 9999]]' WHERE revision_id = 1 AND position = 0",
        "UPDATE placements SET passage_id = 4 WHERE revision_id = 1 AND position = 0",
    ],
)
def test_passages_that_do_not_tile_are_cut_anew(tmp_path: Path, index_dir: Path, store: Store, harm: str) -> None:
    """Passages come back under the ids they had, and the index follows."""
    before = list(store.passages())
    store._db.execute(harm)
    checks = run(tmp_path)
    assert (checks["passages and their places"].found, checks["passages and their places"].mended) == (1, 1)
    assert all(each.fine for each in checks.values())
    assert list(store.passages()) == before
    assert open_current(index_dir).passages.tolist() == [each.id for each in before]


def test_words_that_changed_in_the_file_cannot_be_mended(tmp_path: Path, index_dir: Path, store: Store) -> None:
    """The digest tells; only a backup has the words."""
    store._db.execute("UPDATE revisions SET text = replace(text, 'Friday', 'Monday') WHERE id = 1")
    checks = run(tmp_path)
    assert not checks["words of revisions"].fine
    assert checks["words of revisions"].examples == ("revision 1 does not hold the words it was stored with",)


def test_a_database_that_is_no_longer_one_stops_the_check(tmp_path: Path, index_dir: Path, store: Store) -> None:
    """What SQLite itself finds is told; nothing is written to such a file."""
    store.close()
    path = tmp_path / "corpus.db"
    raw = bytearray(path.read_bytes())
    raw[4096:12288] = b"x" * 8192
    path.write_bytes(raw)
    checks = run(tmp_path)
    assert list(checks) == ["corpus.db, as a file"]
    assert not checks["corpus.db, as a file"].fine


def test_checks_of_a_store_and_an_index_alone_mend_no_index(index_dir: Path, store: Store) -> None:
    """`verify_index` only compares."""
    miscount(index_dir)
    assert [each.what for each in verify_index(store, index_dir) if each.found] == ["counts"]
    assert [each.what for each in verify_index(store, index_dir) if each.found] == ["counts"]
    assert [each.found for each in verify_store(store)] == [0, 0, 0]
