"""index.build: the index follows the store, and only new text is embedded."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, an_article, put

from corpus.records import StoredPassage
from corpus.store import Store
from index.build import build
from index.cache import VectorCache, cache_key
from index.embedder import Embedder
from index.errors import IndexUnavailable
from index.published import current_version, open_current
from index.reindex import Outcome, reindex
from index.rows import embedded_text, sentence_spans

FIRST = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike began."
SECOND = "Crews voted by 41 to 12 to accept a rise of four per cent. Their union said so in the evening."
THIRD = "The company had offered three per cent in March and called that its last word on the matter."


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def passage(text: str, **changed: object) -> StoredPassage:
    base: dict[str, object] = {
        "id": 1, "article": 1, "revision": 1, "text": text, "start": 0, "end": len(text), "quotable": ((0, len(text)),),
        "heading": "", "position": 0, "title": "", "source": "S", "published": None,
    }  # fmt: skip
    return StoredPassage(**{**base, **changed})  # type: ignore[arg-type]


def test_ids_are_the_store_s_row_ids(store: Store, index_dir: Path) -> None:
    """What FAISS returns is the passage's row id, gaps between ids included."""
    put(store, an_article(FIRST, SECOND), "one")
    gone, _ = put(store, an_article(SECOND, THIRD), "two")
    put(store, an_article(THIRD), "three")
    store.withdraw([gone])
    embedder = FakeEmbedder()
    build(store, embedder, index_dir)
    wanted = [each.id for each in store.passages()]
    assert wanted == [1, 2, 5]
    opened = open_current(index_dir)
    for each in store.passages():
        scores, ids = opened.vectors.search(embedder.embed_questions([embedded_text(each)])[0], 3)
        assert ids[0] == each.id
        assert scores[0] == pytest.approx(1.0, abs=1e-3)
        assert sorted(ids.tolist()) == wanted


def test_a_text_is_its_own_neighbour_with_the_real_model(store: Store, index_dir: Path, embedder: Embedder) -> None:
    """The cosine of a text with itself is 1.0 to half precision, by FAISS and by the arrays."""
    put(store, an_article(FIRST, SECOND, THIRD, title=""))
    build(store, embedder, index_dir)
    opened = open_current(index_dir)
    vector = embedder.embed_passages([SECOND])[0][0]
    scores, ids = opened.vectors.search(vector, 10)
    assert len(ids) == 3
    assert store.passages_by_id([int(ids[0])])[int(ids[0])].text.strip() == SECOND
    assert scores[0] == pytest.approx(1.0, abs=2e-3)
    assert scores[1] < 0.9
    row = int(opened.rows(ids[:1])[0])
    assert float(np.asarray(opened.dense[row], np.float32) @ vector) == pytest.approx(float(scores[0]), abs=1e-5)


def test_an_unchanged_store_embeds_and_publishes_nothing(store: Store, index_dir: Path) -> None:
    """The second build leaves the version as it is; a full one embeds everything anew."""
    put(store, an_article(FIRST, SECOND))
    embedder = FakeEmbedder()
    first = build(store, embedder, index_dir)
    assert (first.embedded, first.published) == (2, True)
    assert embedder.embedded == [f"A title\n{FIRST}", f"A title\n{SECOND}"]
    second = build(store, embedder, index_dir)
    assert (second.embedded, second.published, second.manifest) == (0, False, first.manifest)
    assert len(embedder.embedded) == 2
    full = build(store, embedder, index_dir, full=True)
    assert (full.embedded, full.published) == (2, True)
    assert full.manifest.version == current_version(index_dir) != first.manifest.version


def test_one_changed_paragraph_embeds_one_passage(store: Store, index_dir: Path) -> None:
    """The others' vectors come from the cache, equal to the bit."""
    put(store, an_article(FIRST, SECOND, THIRD))
    embedder = FakeEmbedder()
    build(store, embedder, index_dir)
    before = np.array(open_current(index_dir).dense)
    put(store, an_article(FIRST, SECOND.replace("41", "43"), THIRD))
    built = build(store, embedder, index_dir)
    assert (built.embedded, built.published) == (1, True)
    assert embedder.embedded[3:] == [f"A title\n{SECOND.replace('41', '43')}"]
    opened = open_current(index_dir)
    assert opened.passages[:2].tolist() == [1, 3]
    assert np.array_equal(opened.dense[[0, 1]], before[[0, 2]])


def test_a_paragraph_added_at_the_end_embeds_one_passage(store: Store, index_dir: Path) -> None:
    """The newline that parts it from the one before is no change of that one."""
    embedder = FakeEmbedder()
    put(store, an_article(FIRST, SECOND))
    build(store, embedder, index_dir)
    put(store, an_article(FIRST, SECOND, THIRD))
    assert build(store, embedder, index_dir).embedded == 1
    assert embedder.embedded[2:] == [f"A title\n{THIRD}"]
    opened = open_current(index_dir)
    for row, each in enumerate(store.passages()):
        start, stop = opened.sentence_offsets[row : row + 2]
        said = [each.text[first:last] for first, last in opened.sentence_spans[start:stop]]
        wanted = embedder.embed_questions(said)
        assert np.allclose(opened.sentence_vectors[start:stop], wanted, atol=1e-3)


def test_what_is_withdrawn_leaves_the_index_and_comes_back_for_nothing(store: Store, index_dir: Path) -> None:
    """Withdrawing publishes a version without the article; its vectors wait in the cache."""
    number, _ = put(store, an_article(FIRST, SECOND))
    put(store, an_article(THIRD), "other")
    embedder = FakeEmbedder()
    build(store, embedder, index_dir)
    store.withdraw([number])
    built = build(store, embedder, index_dir)
    assert (built.embedded, built.manifest.passages, built.manifest.articles) == (0, 1, 1)
    put(store, an_article(FIRST, SECOND))
    built = build(store, embedder, index_dir)
    assert (built.embedded, built.manifest.passages) == (0, 3)


def test_another_model_embeds_everything(store: Store, index_dir: Path) -> None:
    """Vectors of one model never stand in for another's, and changing back costs nothing."""
    put(store, an_article(FIRST, SECOND))
    build(store, FakeEmbedder(), index_dir)
    other = FakeEmbedder(digest="0b" * 32, dimension=64)
    built = build(store, other, index_dir)
    assert (built.embedded, built.published, built.manifest.dimension) == (2, True, 64)
    assert open_current(index_dir).dense.shape == (2, 64)
    assert build(store, FakeEmbedder(), index_dir).embedded == 0


def test_a_build_that_is_cut_short_keeps_the_vectors_it_made(
    store: Store, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build embeds only what is missing, and nothing half-made is left."""
    monkeypatch.setattr("index.build.CHUNK", 2)
    for number in range(5):
        put(store, an_article(f"{number} {FIRST}"), f"key {number}")

    class Failing(FakeEmbedder):
        def embed_passages(self, texts, spans=None, progress=None):  # type: ignore[no-untyped-def]
            if len(self.embedded) == 4:
                raise MemoryError
            return super().embed_passages(texts, spans, progress)

    with pytest.raises(MemoryError):
        build(store, Failing(), index_dir)
    assert current_version(index_dir) is None
    assert list((index_dir / "versions").iterdir()) == []
    assert build(store, FakeEmbedder(), index_dir).embedded == 1


@pytest.mark.parametrize("harm", ["header", "middle"])
def test_a_damaged_cache_costs_time_only(store: Store, index_dir: Path, harm: str) -> None:
    """A cache that cannot be read is begun anew."""
    put(store, an_article(FIRST, SECOND))
    build(store, FakeEmbedder(), index_dir)
    cache = index_dir / "vectors.db"
    raw = cache.read_bytes()
    cache.write_bytes(b"x" * len(raw) if harm == "header" else raw[:4096] + b"x" * (len(raw) - 4096))
    put(store, an_article(FIRST, THIRD))
    assert build(store, FakeEmbedder(), index_dir, reuse=False).embedded == 2
    put(store, an_article(FIRST, THIRD, SECOND))
    assert build(store, FakeEmbedder(), index_dir, reuse=False).embedded == 1
    assert open_current(index_dir).manifest.passages == 3


def test_a_cache_that_is_locked_is_not_thrown_away(tmp_path: Path) -> None:
    """Only damage begins it anew."""
    path = tmp_path / "vectors.db"
    cache = VectorCache(path)
    made = {b"k": (np.ones(4, np.float16), np.zeros((2, 4), np.float16), np.full((3, 1), 7, np.uint8))}
    cache.put(made)
    cache._db.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(IndexUnavailable, match="locked"):
        cache.put(made)
    other.execute("ROLLBACK")
    found = cache.get([b"k", b"unknown"])
    assert list(found) == [b"k"]
    assert found[b"k"][0].tolist() == [1, 1, 1, 1]
    assert found[b"k"][1].shape == (2, 4)
    assert found[b"k"][2].tolist() == [[7], [7], [7]]
    cache.close()
    other.close()


def test_the_cache_knows_text_model_and_sentences_apart() -> None:
    """Each of the three makes another key."""
    keys = [cache_key("m", "t", [(0, 1)]), cache_key("n", "t", [(0, 1)]), cache_key("m", "u", [(0, 1)])]
    assert len({*keys, cache_key("m", "t", [(0, 1), (1, 2)]), cache_key("m", "t", [(0, 1)])}) == 4


def test_title_and_heading_travel_with_the_text() -> None:
    """What is embedded ends with the passage's last word, so that spans shift by a constant."""
    assert embedded_text(passage("Words.", title="T", heading="H")) == "T\nH\nWords."
    assert embedded_text(passage("Words.\n")) == "Words."


def test_sentences_are_those_of_quotable_parts_only() -> None:
    """A heading in the tile is no sentence to quote; offsets count into the tile."""
    text = "Why it matters\nIt rained. It poured.\n"
    quotable = ((115, 136),)
    found = sentence_spans(passage(text, start=100, end=100 + len(text), quotable=quotable))
    assert [text[start:end] for start, end in found] == ["It rained.", "It poured."]


def test_progress_ends_at_the_total_of_each_stage(store: Store, index_dir: Path) -> None:
    """Each stage begins at 0 and is told to its end."""
    put(store, an_article(FIRST, SECOND))
    told: list[tuple[str, int, int | None]] = []
    build(store, FakeEmbedder(), index_dir, progress=lambda *step: told.append(step))
    assert told == [
        ("embed", 0, 2), ("embed", 2, 2), ("keywords", 0, 1), ("keywords", 1, 1), ("publish", 0, 1), ("publish", 1, 1),
    ]  # fmt: skip


def test_reindex_reads_builds_and_reports(tmp_path: Path) -> None:
    """From a folder to a published version; the model is asked for only once reading is done."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(f"A headline of some words\n\n{FIRST}\n")
    embedder = FakeEmbedder()

    def run(*, full: bool = False) -> Outcome:
        paths = [tmp_path / "news"]
        return reindex(tmp_path / "corpus.db", tmp_path / "index", lambda: embedder, who="me", paths=paths, full=full)

    outcome = run()
    assert [(report.source, report.new) for report in outcome.reports] == [("news", 1)]
    assert (outcome.built.embedded, outcome.built.manifest.passages) == (1, 1)
    assert run().built.published is False
    assert run(full=True).built.embedded == 1
