"""index.vectors where all are compared: cosines by the ids given, never padding, and what comes back from the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexUnavailable
from index.vectors import VectorIndex


def unit(*values: float) -> NDArray[np.float32]:
    vector = np.asarray(values, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


@pytest.fixture
def vectors() -> VectorIndex:
    """Three vectors under ids with gaps."""
    rows = np.stack([unit(1, 0, 0), unit(0, 1, 0), unit(3, 4, 0)])
    return VectorIndex.build(np.asarray([7, 1000, 2**40]), rows)


def test_scores_are_cosines_under_the_ids_given(vectors: VectorIndex) -> None:
    """Best first; a vector's cosine with itself is 1."""
    scores, ids = vectors.search(unit(1, 0, 0), 3)
    assert ids.tolist() == [7, 2**40, 1000]
    assert scores.tolist() == pytest.approx([1.0, 0.6, 0.0], abs=1e-3)  # half precision


def test_padding_never_comes_back(vectors: VectorIndex) -> None:
    """Asked for more than there is, what comes back is what there is: no label -1, no sentinel score."""
    for k in (3, 4, 100):
        scores, ids = vectors.search(unit(0, 1, 0), k)
        assert ids.tolist() == [1000, 2**40, 7]
        assert scores.tolist() == pytest.approx([1.0, 0.8, 0.0], abs=1e-3)
    scores, ids = vectors.search(unit(0, 1, 0), 3, np.asarray([True, False, True]))
    assert ids.tolist() == [2**40, 7]
    assert scores.tolist() == pytest.approx([0.8, 0.0], abs=1e-3)


def test_only_what_is_allowed_is_found(vectors: VectorIndex) -> None:
    """The nearest of those allowed, however far; none allowed is none found."""
    assert vectors.search(unit(1, 0, 0), 1, np.asarray([False, True, False]))[1].tolist() == [1000]
    assert vectors.search(unit(1, 0, 0), 5, np.asarray([False, True, True]))[1].tolist() == [2**40, 1000]
    assert vectors.search(unit(1, 0, 0), 5, np.zeros(3, np.bool_))[1].tolist() == []


def test_vectors_survive_the_disk(vectors: VectorIndex, tmp_path: Path) -> None:
    """Saved and loaded they answer the same; counts that differ from the manifest's are refused."""
    path = tmp_path / "vectors.faiss"
    vectors.save(path)
    unread = np.zeros((3, 3), dtype=np.float32)  # so few are all held
    again = VectorIndex.load(path, count=3, dimension=3, rows=lambda places: unread[places])
    assert again.search(unit(1, 0, 0), 3)[1].tolist() == [7, 2**40, 1000]
    for count, dimension in ((4, 3), (3, 4)):
        with pytest.raises(IndexUnavailable, match=f"of 3 numbers, the manifest says {count} of {dimension}"):
            VectorIndex.load(path, count=count, dimension=dimension, rows=lambda places: unread[places])
