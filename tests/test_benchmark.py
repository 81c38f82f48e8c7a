"""scripts/benchmark.py and what it stands on: made indexes, exact neighbours, the keyword search that skips."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder

from bot.growth import draw
from bot.settings import ROOT
from corpus.store import Store
from index.keywords import KeywordIndex
from index.made import fill, publish, variants
from index.published import open_current
from index.verify import verify_index

KEYS = {
    "question_speedup_p50", "question_speedup_p99", "index_speedup", "search_ms_p50", "search_ms_p99", "recall_at_10",
    "search_ms_p50_filtered", "search_ms_p99_filtered", "recall_at_10_filtered", "rss_mb", "rss_mb_reindex",
    "start_ratio", "passages", "passages_embedded", "vectors_made_from_real_ones", "recall_at_10_real",
    "plain_search_ms_p50", "plain_search_ms_p99", "plain_rss_mb", "reindex_unchanged_s", "reindex_changed_share",
    "recall_at_10_real_same_share", "search_ms_p50_cold", "reindex_full_s",
}  # fmt: skip


@pytest.mark.timeout(900)
def test_the_benchmark_runs_at_its_smallest(models_dir: Path, tmp_path: Path) -> None:
    """It says what it embedded and has every figure; a small index is exact, and a reindex pays for what changed."""
    options = ["--passages", "100", "--questions", "3", "--starts", "1", "--json"]
    command = [sys.executable, "scripts/benchmark.py", *options]
    (tmp_path / "models").symlink_to(models_dir)
    environment = {**os.environ, "NEWSDESK_DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert figures.keys() >= KEYS
    assert (figures["passages"], figures["passages_embedded"]) == (100, 100)
    assert figures["recall_at_10"] == figures["recall_at_10_filtered"] == 1.0
    assert [figures[f"reindex_{each}_embedded"] for each in ("unchanged", "changed", "full")] == [0, 8, 100]
    assert figures["reindex_changed_share"] == figures["reindex_changed_s"] / figures["reindex_full_s"]


@pytest.mark.parametrize("share", [None, 0.5, 0.01])
def test_the_best_by_keywords_are_the_best_of_all(share: float | None) -> None:
    """Skipping finds what scoring everything finds, with and without a filter."""
    chance = np.random.default_rng(3)
    documents = [[f"t{number}" for number in chance.zipf(1.3, 20) % 500] for _ in range(4000)]
    index = KeywordIndex.build(documents)
    allowed = None if share is None else chance.random(4000) < share
    for _ in range(50):
        terms = [f"t{number}" for number in chance.zipf(1.1, 6) % 500]
        scores = index.scores(terms) if allowed is None else np.where(allowed, index.scores(terms), 0)
        wanted = np.lexsort((np.arange(4000), -scores))[:20]
        found = index.best(terms, 20, allowed)
        assert found.tolist() == sorted(wanted[scores[wanted] > 0].tolist())
        assert index.scores_of(terms, found) == pytest.approx(scores[found])


def test_variants_are_told_apart_by_names_and_figures() -> None:
    """The first are the sentences themselves; further ones keep all other words."""
    made = variants(["On Monday the mayor met Arlen and 25 others."], 3, random.Random(1))
    assert made[0] == "On Monday the mayor met Arlen and 25 others."
    assert all(" the mayor met " in each and each.endswith(" others.") for each in made)


def test_a_made_index_takes_over_what_another_size_embedded(tmp_path: Path) -> None:
    """The same passages have the same vectors and are embedded once; the others are made, of length 1, and found."""
    pool = [f"On Monday the mayor of Arlen met {number} others in the old hall by the river." for number in range(50)]
    embedders, opened = [], []
    for count, real in ((16, 16), (40, 24)):
        embedders.append(FakeEmbedder())
        folder = tmp_path / str(count)
        store = Store(folder / "corpus.db")
        fill(store, pool, count, random.Random(7))
        publish(store, pool, embedders[-1], folder / "index", real, before=opened[0] if opened else None)
        opened.append(open_current(folder / "index"))
        assert [each.what for each in verify_index(store, folder / "index") if each.found] == []
        store.close()
    assert [len(each.embedded) for each in embedders] == [16, 8]
    assert np.array_equal(opened[0].dense, opened[1].dense[:16])
    assert np.array_equal(opened[0].words, opened[1].words[: len(opened[0].words)])


def test_the_growth_is_drawn() -> None:
    """Every size and every line has its label."""
    run = dict.fromkeys(KEYS, 5.0)
    picture = draw([{**run, "passages": 1000}, {**run, "passages": 1_000_000, "rss_mb": 900.0}])
    assert all(label in picture for label in ("1,000,000", ">p99<", "1 % kept, p50", "the bot&#x27;s process, MB"))
