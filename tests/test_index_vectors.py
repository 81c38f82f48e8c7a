"""index.vectors beyond the exact size: what is near is found by short forms, and damage is told."""

from __future__ import annotations

import re
from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.benchmarking import exact_nearest
from index.errors import IndexUnavailable
from index.vectors import VectorIndex

COUNT, DIMENSION = 6000, 64


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float16]:
    """Unit vectors in clouds, as those of articles on one story are; shape (6000, 64)."""
    chance = np.random.default_rng(5)
    drawn = np.repeat(chance.standard_normal((COUNT // 20, DIMENSION)), 20, axis=0)
    drawn += 0.8 * chance.standard_normal(drawn.shape)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float16)


@pytest.fixture(scope="module")
def index(vectors: NDArray[np.float16]) -> VectorIndex:
    """An index in groups, under ids with gaps."""
    return VectorIndex.build(np.arange(COUNT) * 3, vectors, exact=100)


def loaded(path: Path, vectors: NDArray[np.float16], count: int = COUNT) -> VectorIndex:
    return VectorIndex.load(path, count=count, dimension=DIMENSION, rows=lambda places: vectors[places])


def test_the_same_vectors_make_the_same_files_which_answer_alike(
    index: VectorIndex, vectors: NDArray[np.float16], tmp_path: Path
) -> None:
    """To the byte; what is read from the disk finds what was built."""
    for name, built in (("a", index), ("b", VectorIndex.build(np.arange(COUNT) * 3, vectors, exact=100))):
        built.save(tmp_path / f"{name}.faiss")
    for kind in ("faiss", "signs"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    again = loaded(tmp_path / "a.faiss", vectors)
    assert (again.kind, again.is_exact) == ("IVF155,PQ32x4fsr", False)
    assert again.ids.tolist() == list(range(0, 3 * COUNT, 3))
    asked = vectors[7].astype(np.float32)
    for allowed in (None, np.arange(COUNT) % 2 == 1):
        cosines, found = again.search(asked, 5, allowed)
        assert found[0] == 21
        assert cosines.tolist() == (vectors[found // 3].astype(np.float32) @ asked).tolist()
        assert found.tolist() == index.search(asked, 5, allowed)[1].tolist()


@pytest.mark.parametrize("kept", [None, 0.6, 0.3, 0.01])
@pytest.mark.parametrize("narrow", [20_000, 10])
def test_the_nearest_are_found_whatever_a_filter_keeps(
    index: VectorIndex,
    vectors: NDArray[np.float16],
    monkeypatch: pytest.MonkeyPatch,
    kept: float | None,
    narrow: int,
) -> None:
    """By signs where a filter lets few through, in groups where it lets many; nothing that it keeps out."""
    monkeypatch.setattr("index.vectors.EXACT", narrow)
    chance = np.random.default_rng(6)
    allowed = None if kept is None else chance.random(COUNT) < kept
    asked = vectors[:60].astype(np.float32) + 0.05 * chance.standard_normal((60, DIMENSION), dtype=np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    shares = []
    for vector, true in zip(asked, exact_nearest(vectors, asked, allowed), strict=True):
        cosines, found = index.search(vector, 40, allowed)
        assert len(found) == min(40, COUNT if allowed is None else int(allowed.sum()))
        assert (np.diff(cosines) <= 0).all()
        if allowed is not None:
            assert allowed[found // 3].all()
        shares.append(len(np.intersect1d(found, true * 3)) / 10)
    assert np.mean(shares) >= 0.98
    nothing = np.zeros(COUNT, dtype=np.bool_)
    assert index.search(asked[0], 5, nothing)[1].tolist() == []


def test_another_vector_differs(index: VectorIndex, vectors: NDArray[np.float16], tmp_path: Path) -> None:
    """Only those that were exchanged: by their signs, or by what is kept beside them."""
    index.save(tmp_path / "vectors.faiss")
    index = loaded(tmp_path / "vectors.faiss", vectors)
    dense = vectors[1000:2000].astype(np.float32)
    assert not index.differing(1000, dense).any()
    dense[5] = dense[700]
    dense[6, 3] *= -1
    dense[7] = np.abs(dense[7]).max() * np.sign(dense[7]) * (np.arange(DIMENSION) < 8)
    dense[8] = np.nan
    assert np.flatnonzero(index.differing(1000, dense)).tolist() == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("what", "name", "message"),
    [
        ("no signs", "vectors.signs", "cannot be read (No such file or directory)"),
        ("signs cut short", "vectors.signs", "has 47999 bytes, not 48000"),
        ("cut short", "vectors.faiss", "is cut short"),
        ("half", "vectors.faiss", "cannot be read"),
        ("foreign groups", "vectors.faiss", "is no index by cosine under ids (IndexIVFFlat)"),
        ("of an earlier kind", "vectors.faiss", "was made by an earlier Newsdesk"),
    ],
)
def test_damage_is_told(
    index: VectorIndex, vectors: NDArray[np.float16], tmp_path: Path, what: str, name: str, message: str
) -> None:
    """A file that is missing, shorter or another one is an error that names it and the remedy."""
    path = tmp_path / "vectors.faiss"
    index.save(path)
    centres = faiss.IndexFlatL2(DIMENSION)
    kinds = {
        "foreign groups": lambda: faiss.IndexIVFFlat(centres, DIMENSION, 4),
        "of an earlier kind": lambda: faiss.IndexIVFScalarQuantizer(
            centres, DIMENSION, 4, faiss.ScalarQuantizer.QT_8bit_direct
        ),
    }
    match what:
        case "no signs":
            (tmp_path / name).unlink()
        case "signs cut short" | "cut short":
            (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1])
        case "half":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case _:
            other = kinds[what]()
            other.train(vectors.astype(np.float32))
            under = faiss.IndexIDMap(other)
            under.add_with_ids(vectors.astype(np.float32), np.arange(COUNT))
            faiss.write_index(under, str(path))
    with pytest.raises(IndexUnavailable, match=re.escape(f"{tmp_path / name}: {message}")) as caught:
        loaded(path, vectors)
    assert caught.value.remedy.startswith("run scripts/reindex.py")
