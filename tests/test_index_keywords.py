"""index.keywords: scores by the formula, and what comes back from the disk."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from index.errors import IndexUnavailable
from index.keywords import KeywordIndex


def bm25(frequency: int, length: int, holding: int, lengths: list[int]) -> float:
    """BM25 as Lucene computes it, k1 = 1.5 and b = 0.75 (Kamphuis et al. 2020)."""
    idf = math.log(1 + (len(lengths) - holding + 0.5) / (holding + 0.5))
    norm = 1.5 * (1 - 0.75 + 0.75 * length / (sum(lengths) / len(lengths)))
    return idf * frequency / (frequency + norm)


def test_keyword_scores_are_bm25() -> None:
    """Against the formula by hand: rare terms, repeated ones, long passages; terms that stand nowhere add nothing."""
    documents = [["ferri", "strike", "ferri"], ["ferri", "quay", "rain", "sea", "wind"], ["river"]]
    index = KeywordIndex.build(documents)
    lengths = [3, 5, 1]
    assert index.scores(["ferri"]).tolist() == pytest.approx(
        [bm25(2, 3, 2, lengths), bm25(1, 5, 2, lengths), 0.0], rel=1e-5
    )
    both = index.scores(["ferri", "strike", "unheard"])
    assert both[0] == pytest.approx(bm25(2, 3, 2, lengths) + bm25(1, 3, 1, lengths), rel=1e-5)
    assert index.scores(["unheard", ""]).tolist() == [0.0, 0.0, 0.0]
    assert index.scores([]).tolist() == [0.0, 0.0, 0.0]


def test_a_term_asked_twice_counts_once() -> None:
    """Repeating a word in the question does not make it weightier."""
    index = KeywordIndex.build([["ferri"], ["river"]])
    assert index.scores(["ferri", "ferri"]).tolist() == index.scores(["ferri"]).tolist()


def test_frequencies_count_passages() -> None:
    """However often a term stands in one passage, the passage counts once."""
    index = KeywordIndex.build([["ferri", "strike", "ferri"], ["ferri"], ["river"]])
    assert index.frequencies(["ferri", "river", "unheard"]) == {"ferri": 2, "river": 1, "unheard": 0}


def test_keywords_survive_the_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Saved and mapped again they score the same, for none at all too; nothing is printed."""
    index = KeywordIndex.build([["ferri", "strike"], ["river"]])
    index.save(tmp_path / "keywords")
    again = KeywordIndex.load(tmp_path / "keywords", 2)
    assert again.scores(["ferri"]).tolist() == index.scores(["ferri"]).tolist()
    assert again.frequencies(["river"]) == {"river": 1}
    with pytest.raises(IndexUnavailable, match="holds 2 passages, the manifest says 3"):
        KeywordIndex.load(tmp_path / "keywords", 3)
    KeywordIndex.build([[], []]).save(tmp_path / "empty")
    empty = KeywordIndex.load(tmp_path / "empty", 2)
    assert empty.scores(["ferri"]).tolist() == [0.0, 0.0]
    assert empty.frequencies(["ferri"]) == {"ferri": 0}
    assert capsys.readouterr() == ("", "")
