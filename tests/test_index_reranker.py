"""A CrossEncoder by setting: built small here, loaded and asked for real."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, an_article, put
from small_models import small_model
from test_index_ranking import FLOOD, MILL, candidate

from bot.answer import open_newsroom
from bot.settings import load_settings
from corpus.store import Store
from index.build import build
from index.embedder import load
from index.errors import ModelError
from index.question import analyse
from index.ranking import Background, rank
from index.records import Query
from index.reranker import Reranker

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def small_reranker(folder: Path, outputs: int = 1) -> Path:
    """A little CrossEncoder with random weights."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(7)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"the river mill rose paper which was ? .".split()]
    bare = folder / "bare"
    bare.mkdir(parents=True)
    (bare / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(bare / "vocab.txt"), model_max_length=64).save_pretrained(bare)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=len(vocabulary), max_position_embeddings=64, num_labels=outputs, **sizes)
    BertForSequenceClassification(config).save_pretrained(bare)
    CrossEncoder(str(bare), num_labels=outputs).save(str(folder / "model"))
    return folder / "model"


def test_passages_are_scored_one_by_one(tmp_path: Path) -> None:
    """A score depends on question and passage alone."""
    reranker = Reranker(str(small_reranker(tmp_path)))
    together = reranker.scores("which river ?", [FLOOD, MILL])

    assert together == pytest.approx(
        [*reranker.scores("which river ?", [FLOOD]), *reranker.scores("which river ?", [MILL])]
    )
    assert together[0] != together[1]
    assert reranker.scores("which river ?", []) == []


def test_a_model_that_is_no_reranker_is_named(tmp_path: Path) -> None:
    """Three outputs are no score, an embedding model has none at all, nor a reranker vectors; a folder may be empty."""
    with pytest.raises(ModelError, match=r"3 numbers .*RERANK_MODEL"):
        Reranker(str(small_reranker(tmp_path, outputs=3)))
    with pytest.raises(ModelError, match=r"is no CrossEncoder: .*RERANK_MODEL"):
        Reranker(str(small_model(tmp_path / "embedding")))
    with pytest.raises(ModelError, match=r"is no embedding model: .*RERANK_MODEL"):
        load(str(small_reranker(tmp_path / "reranker")), tmp_path / "models")
    with pytest.raises(ModelError, match="no such model folder; set RERANK_MODEL to a folder"):
        Reranker(str(tmp_path / "nothing"))


def test_the_second_reading_orders_the_best() -> None:
    """Its order, with the scores that were there before, the highest first."""
    pair = [candidate(1, MILL, 0.5), candidate(2, FLOOD, 0.5)]
    question = analyse("Which bridges were closed?")
    before = rank(question, pair, Background(2))
    after = rank(question, pair, Background(2), reread=lambda passages: [float(MILL in each.text) for each in passages])

    assert [each.hit.passage for each in before] == [2, 1]
    assert [each.hit.passage for each in after] == [1, 2]
    assert [each.hit.score for each in after] == [each.hit.score for each in before]


def test_the_setting_puts_it_to_work(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RERANK_MODEL is read, its order is the answer's, and the confidence says that it is not calibrated for it."""
    monkeypatch.setenv("RERANK_MODEL", str(small_reranker(tmp_path / "small")))
    settings = load_settings(None, data_dir=tmp_path)
    for number, text in enumerate((FLOOD, MILL)):
        put(store, an_article(f"{text} The river and the mill are told of here at some length."), str(number))
    build(store, FakeEmbedder(), settings.index_dir)
    monkeypatch.setattr("bot.answer.load_embedder", lambda *_: FakeEmbedder())
    room = open_newsroom(settings)
    investigation = room.investigate(Query("Which river was it?", NOW))
    room.close()
    expected = Reranker(settings.rerank_model)

    assert investigation.found is not None
    ranked = investigation.found.ranked
    told = expected.scores("Which river was it?", [each.candidate.passage.text.strip() for each in ranked])
    assert len(told) == 2
    assert told == sorted(told, reverse=True)
    assert not investigation.answer.calibrated
