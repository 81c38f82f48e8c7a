"""index.published: versions are whole or not there, damage is named, and one reindex works at a time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, an_article, put
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import ROOT
from corpus.store import Store
from index import published
from index.build import build
from index.errors import IndexBusy, IndexUnavailable
from index.published import UNDATED, Manifest, Published, current_version, open_current, read_manifest, reindex_lock

WORDS = "The ferry to Skarrow sailed again on Friday morning, nine days after strike number {}. The quay was full."


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build_some(store: Store, index_dir: Path, number: int, embedder: FakeEmbedder | None = None) -> Manifest:
    """Publish a version with one more article."""
    put(store, an_article(WORDS.format(number), published="2026-11-20"), f"key {number}")
    return build(store, embedder or FakeEmbedder(), index_dir).manifest


def test_a_version_opens_as_it_was_written(store: Store, index_dir: Path) -> None:
    """Arrays, counts and names come back by row, in the order of passage ids."""
    put(store, an_article(WORDS.format(1)), "undated", source="Wire")
    made = build_some(store, index_dir, 2)
    opened = open_current(index_dir)
    passages = list(store.passages())
    assert opened.manifest == made
    assert (made.passages, made.articles, made.sentences, made.sources) == (2, 2, 4, ("The Paper", "Wire"))
    assert made.generation == store.generation
    assert opened.passages.tolist() == [each.id for each in passages]
    assert opened.articles.tolist() == [each.article for each in passages]
    assert opened.sources.tolist() == [1, 0]
    assert opened.published.tolist() == [UNDATED, made.oldest]
    assert made.oldest == 1795176000
    assert opened.sentence_offsets.tolist() == [0, 2, 4]
    spans = [
        passages[row].text[start:end] for row, (start, end) in zip([0, 0, 1, 1], opened.sentence_spans, strict=True)
    ]
    assert spans == [WORDS.format(1)[:-19], "The quay was full.", WORDS.format(2)[:-19], "The quay was full."]
    assert opened.rows(np.asarray([passages[1].id, passages[0].id])).tolist() == [1, 0]
    assert opened.dense.dtype == opened.sentence_vectors.dtype == np.float16


def test_nothing_published_names_the_remedy(index_dir: Path) -> None:
    """The error is what a newcomer reads."""
    assert current_version(index_dir) is None
    with pytest.raises(IndexUnavailable) as caught:
        open_current(index_dir)
    assert str(caught.value) == f"{index_dir}: no index; run scripts/reindex.py"


def test_an_empty_store_publishes_an_empty_version(store: Store, index_dir: Path) -> None:
    """Nothing to search is a version like any other."""
    made = build(store, FakeEmbedder(), index_dir).manifest
    opened = open_current(index_dir)
    assert (made.passages, made.sentences, made.articles, made.oldest) == (0, 0, 0, None)
    assert opened.dense.shape == (0, 128)
    assert opened.keywords.scores(["ferri"]).tolist() == []
    assert opened.vectors.search(FakeEmbedder().embed_questions(["ferry"])[0], 10)[1].tolist() == []


def test_two_versions_are_kept(store: Store, index_dir: Path) -> None:
    """The one before stays for who still has it open, older ones go."""
    made = [build_some(store, index_dir, number).version for number in range(3)]
    assert current_version(index_dir) == made[2]
    assert sorted(each.name for each in (index_dir / "versions").iterdir()) == sorted(made[1:])
    assert json.loads((index_dir / "current.json").read_text()) == {"version": made[2], "previous": made[1]}


def steps(monkeypatch: pytest.MonkeyPatch, last: int) -> list[int]:
    """Count the steps of publishing that reach the disk, and crash after the last one told; 0 is before the first."""
    taken = [0]
    rename = os.replace

    def step(real: Callable[..., None]) -> Callable[..., None]:
        def wrapped(*arguments: object) -> None:
            if taken[0] == last:
                raise KeyboardInterrupt
            taken[0] += 1
            real(*arguments)

        return wrapped

    monkeypatch.setattr(published, "_to_disk", step(lambda _: None))
    monkeypatch.setattr(os, "replace", step(rename))
    return taken


@pytest.mark.parametrize("killed", [False, True])
def test_a_crash_between_any_two_steps_leaves_a_whole_version(
    store: Store, index_dir: Path, monkeypatch: pytest.MonkeyPatch, *, killed: bool
) -> None:
    """Before the last rename the old version is current, after it the new one; leftovers go with the next one."""
    old = build_some(store, index_dir, 1)
    put(store, an_article(WORDS.format(2)), "key 2")
    ends: list[str] = []
    for last in range(1000):
        there = index_dir.with_name(f"index-{last}")
        shutil.copytree(index_dir, there)
        with monkeypatch.context() as patch:
            if killed:  # a process that is killed cleans nothing up
                patch.setattr("index.build.shutil.rmtree", lambda *_, **__: None)
            taken = steps(patch, last)
            try:
                build(store, FakeEmbedder(), there)
            except KeyboardInterrupt:
                pass
            else:
                assert taken[0] == last
                break
        version = open_current(there).manifest
        ends.append("old" if version == old else "new")
        assert version.articles == (1 if ends[-1] == "old" else 2)
        again = build(store, FakeEmbedder(), there, full=ends[-1] == "new")
        assert again.manifest.articles == 2
        kept = sorted(each.name for each in (there / "versions").iterdir())
        assert kept == sorted([version.version, again.manifest.version])
        assert open_current(there).manifest == again.manifest
    # every file and folder, the rename, two folders and the pointer come before the pointer's rename, one folder after
    assert ends[-2:] == ["old", "new"]
    assert set(ends[:-1]) == {"old"}
    assert len(ends) > 12


def damage(folder: Path, what: str) -> None:
    manifest = folder / "manifest.json"
    raw = json.loads(manifest.read_text())
    match what:
        case "truncated":
            with (folder / "dense.bin").open("r+b") as file:
                file.truncate(10)
        case "missing array":
            (folder / "sentence_spans.bin").unlink()
        case "no manifest":
            manifest.unlink()
        case "broken manifest":
            manifest.write_text("{")
        case "list manifest":
            manifest.write_text("[]")
        case "format":
            manifest.write_text(json.dumps({**raw, "format": 99}))
        case "unknown field":
            manifest.write_text(json.dumps({**raw, "colour": "red"}))
        case "count":
            manifest.write_text(json.dumps({**raw, "passages": raw["passages"] + 1}))
        case "no faiss":
            (folder / "vectors.faiss").unlink()
        case "truncated faiss":
            (folder / "vectors.faiss").write_bytes((folder / "vectors.faiss").read_bytes()[:60])
        case "faiss without its last byte":
            (folder / "vectors.faiss").write_bytes((folder / "vectors.faiss").read_bytes()[:-1])
        case "foreign faiss":
            import faiss

            engine = faiss.IndexFlatIP(raw["dimension"])
            engine.add(np.zeros((raw["passages"], raw["dimension"]), np.float32))
            faiss.write_index(engine, str(folder / "vectors.faiss"))
        case "faiss of another count":
            import faiss

            empty = faiss.IndexIDMap2(faiss.IndexFlatIP(raw["dimension"]))
            faiss.write_index(empty, str(folder / "vectors.faiss"))
        case "no keywords":
            shutil.rmtree(folder / "keywords")
        case "broken keywords":
            (folder / "keywords" / "counts.json").unlink()
        case "truncated keywords":
            for path in (folder / "keywords").glob("*.bin"):
                path.write_bytes(path.read_bytes()[:20])
        case _:
            raise AssertionError(what)


@pytest.mark.parametrize(
    ("what", "subject", "message"),
    [
        ("truncated", "dense.bin", "has 10 bytes, the manifest says 512"),
        ("missing array", "sentence_spans.bin", "cannot be read (No such file or directory)"),
        ("no manifest", "manifest.json", "cannot be read"),
        ("broken manifest", "manifest.json", "cannot be read"),
        ("list manifest", "manifest.json", "cannot be read"),
        ("format", "manifest.json", f"has format 99, not {published.FORMAT}"),
        ("unknown field", "manifest.json", "cannot be read"),
        ("count", "passages.bin", "has 16 bytes, the manifest says 24"),
        ("no faiss", "vectors.faiss", "cannot be read"),
        ("truncated faiss", "vectors.faiss", "cannot be read"),
        ("faiss without its last byte", "vectors.faiss", "is cut short"),
        ("foreign faiss", "vectors.faiss", "is no index by cosine under ids (IndexFlatIP)"),
        ("faiss of another count", "vectors.faiss", "holds 0 vectors of 128 numbers, the manifest says 2 of 128"),
        ("no keywords", "keywords", "is incomplete"),
        ("broken keywords", "keywords", "is incomplete"),
        ("truncated keywords", "keywords", "cannot be read"),
    ],
)
def test_damage_names_the_file_and_the_remedy(
    store: Store, index_dir: Path, what: str, subject: str, message: str
) -> None:
    """Whatever is damaged, the error is `IndexUnavailable`, and the remedy it names mends it."""
    build_some(store, index_dir, 1)
    version = build_some(store, index_dir, 2).version
    folder = index_dir / "versions" / version
    damage(folder, what)
    with pytest.raises(IndexUnavailable, match=re.escape(f"{folder / subject}: {message}")) as caught:
        open_current(index_dir)
    assert caught.value.remedy == "run scripts/reindex.py --full"
    mended = build(store, FakeEmbedder(), index_dir, full=True).manifest
    assert open_current(index_dir).manifest == mended


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": '])
def test_a_damaged_pointer_is_named_and_mended(store: Store, index_dir: Path, text: str) -> None:
    """A damaged current.json is an error for readers, and the next reindex writes it anew."""
    build_some(store, index_dir, 1)
    (index_dir / "current.json").write_text(text)
    with pytest.raises(IndexUnavailable, match=r"current\.json: cannot be read .*; run scripts/reindex\.py --full"):
        open_current(index_dir)
    made = build_some(store, index_dir, 2)
    assert open_current(index_dir).manifest == made


def test_a_version_cleaned_up_while_it_is_opened_gives_way_to_the_next(
    store: Store, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who read the name before two reindexes opens the version that is current by then."""
    first = build_some(store, index_dir, 1).version
    build_some(store, index_dir, 2)
    third = build_some(store, index_dir, 3)
    names = iter([first])
    real = current_version
    monkeypatch.setattr(published, "current_version", lambda folder: next(names, None) or real(folder))
    assert open_current(index_dir).manifest == third


def test_an_open_version_outlives_its_files(store: Store, index_dir: Path) -> None:
    """Mapped arrays go on answering after two reindexes have removed their files."""
    build_some(store, index_dir, 1)
    opened = open_current(index_dir)
    dense = np.array(opened.dense)
    build_some(store, index_dir, 2)
    build_some(store, index_dir, 3)
    assert not opened.folder.exists()
    assert np.array_equal(opened.dense, dense)
    assert opened.keywords.scores(["ferri"]).shape == (1,)


def test_the_manifest_reads_as_it_was_written(store: Store, index_dir: Path, tmp_path: Path) -> None:
    """Every field survives the way over JSON."""
    manifest = build_some(store, index_dir, 1)
    for each in (manifest, replace(manifest, oldest=None, sources=())):
        (tmp_path / "manifest.json").write_text(json.dumps(asdict(each)))
        assert read_manifest(tmp_path) == each


def test_a_second_reindex_is_told_who_and_since_when(index_dir: Path) -> None:
    """Within one process, too; the lock is free again afterwards."""
    with (
        reindex_lock(index_dir, "ann by scripts/reindex.py"),
        pytest.raises(
            IndexBusy,
            match=rf"is at work \(ann by scripts/reindex\.py, process {os.getpid()}, since 20\d\d-.*\+00:00\)",
        ),
        reindex_lock(index_dir, "bob"),
    ):
        pass
    with reindex_lock(index_dir, "bob"):
        assert "bob" in (index_dir / "lock").read_text()
    assert (index_dir / "lock").read_text() == ""


def test_the_lock_holds_across_processes_and_ends_with_its_holder(index_dir: Path) -> None:
    """Another process is refused while the holder lives, and let in once it was killed."""
    code = (
        "import sys; from pathlib import Path; from index.published import reindex_lock\n"
        "with reindex_lock(Path(sys.argv[1]), 'the bot'):\n    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(index_dir)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy, match=rf"the bot, process {holder.pid}, since"), reindex_lock(index_dir, "me"):
            pass
        holder.kill()
        holder.wait()
    with reindex_lock(index_dir, "me"):
        pass


def test_a_folder_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    """A data folder that is a file, say, is a set-up error."""
    (tmp_path / "data").touch()
    with (
        pytest.raises(IndexUnavailable, match=r"data/index: cannot be written .*; check NEWSDESK_DATA_DIR"),
        reindex_lock(tmp_path / "data" / "index", "me"),
    ):
        pass


sentences = st.lists(
    st.sampled_from(["Yes.", "The ferry sailed.", "The river rose 2 m.", "“So,” she said."]), min_size=1
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(sentences.map(" ".join), min_size=1, max_size=3), max_size=5), st.data())
def test_the_arrays_of_any_corpus_agree(corpus: list[list[str]], data: st.DataObject) -> None:
    """Rows ascend by passage id, sentences lie in their passage, vectors have length 1, and what is gone is gone."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder, "corpus.db"))
        for number, paragraphs in enumerate(corpus):
            put(store, an_article(*paragraphs, title=f"Title {number}"), f"key {number}")
        articles = sorted(store.quotable_articles())
        store.withdraw(data.draw(st.sets(st.sampled_from(articles))) if articles else [])
        build(store, FakeEmbedder(), Path(folder, "index"))
        opened: Published = open_current(Path(folder, "index"))
        passages = list(store.passages())
        n = len(passages)
        assert opened.passages.tolist() == [each.id for each in passages]
        assert opened.articles.tolist() == [each.article for each in passages]
        assert opened.rows(opened.passages).tolist() == list(range(n))
        offsets = opened.sentence_offsets
        assert (offsets[0], offsets[-1]) == (0, opened.manifest.sentences)
        assert (np.diff(offsets) >= 0).all()
        for row, each in enumerate(passages):
            spans = opened.sentence_spans[offsets[row] : offsets[row + 1]]
            said = "".join(each.text[start:end] for start, end in spans)
            assert said.replace(" ", "") == each.text.replace(" ", "").replace("\n", "")
        for vectors in (opened.dense, opened.sentence_vectors):
            lengths = np.linalg.norm(np.asarray(vectors, np.float32), axis=1)
            assert np.allclose(lengths, 1, atol=1e-3)
        store.close()
