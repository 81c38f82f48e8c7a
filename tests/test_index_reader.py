"""The reader: what is taken from its file, and what is exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import model_files
from index.embedder import SlowEmbedder, load
from index.export import export
from index.model_files import locate
from index.reader import adapted, joined
from index.runtime import FastEmbedder
from tests.small_models import small_model

TEXTS = ["the harbour fell in march", "a b c d", "bread rose . the bridge fell"]


def a_reader(path: Path, digest: str, **tensors: np.ndarray) -> None:
    """A file as ``scripts/train_reader.py`` writes it, for a model of 32 numbers a token."""
    from safetensors.numpy import save_file

    held = {"answers.weight": np.linspace(-1, 1, 32)[None], "answers.bias": np.array([0.25]), **tensors}
    save_file({name: each.astype(np.float16) for name, each in held.items()}, path, metadata={"model": digest})


def test_a_reader_belongs_to_one_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights for other files would change something they were not made for."""
    files = locate(str(small_model(tmp_path)))
    monkeypatch.setattr(model_files, "READER", tmp_path / "reader.safetensors")
    model = SlowEmbedder(files)
    assert model.reader is None  # no file
    a_reader(model_files.READER, "ab" * 32)
    assert adapted(model.model, files.digest) is None  # another model's
    a_reader(model_files.READER, files.digest)
    assert adapted(model.model, files.digest) is not None


def test_a_reader_changes_its_own_weights_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change is up times down on top of the layer; norms are replaced; the embedding model stays as it is."""
    files = locate(str(small_model(tmp_path)))
    monkeypatch.setattr(model_files, "READER", tmp_path / "reader.safetensors")
    layer, norm = "encoder.layer.1.output.dense", "encoder.layer.0.output.LayerNorm.bias"
    up, down = np.full((32, 2), 0.5), np.full((2, 64), 0.25)
    a_reader(model_files.READER, files.digest, **{f"{layer}.up": up, f"{layer}.down": down, norm: np.full(32, 0.125)})
    model = SlowEmbedder(files)
    before = model.embed_questions(TEXTS)
    found = model.reader
    assert found is not None
    own, changed = model.model[0].auto_model, found.module
    moved = (changed.last.output.dense.weight - own.get_submodule(layer).weight).detach().numpy()
    assert moved == pytest.approx(np.full((32, 64), 0.25), abs=1e-3)
    assert dict(changed.transformer.named_parameters())[norm].detach().numpy() == pytest.approx(np.full(32, 0.125))
    assert np.array_equal(model.embed_questions(TEXTS), before)


def test_the_exported_reader_says_what_the_model_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """8 bits move it a little; question and text are told apart, and a text's odds do not depend on the others."""
    made = small_model(tmp_path)
    files = locate(str(made))
    monkeypatch.setattr(model_files, "READER", tmp_path / "reader.safetensors")
    a_reader(model_files.READER, files.digest)
    assert export(str(made), tmp_path / "models") is True
    slow, fast = SlowEmbedder(files), load(str(made), tmp_path / "models")
    assert isinstance(fast, FastEmbedder)
    assert slow.reader is not None
    assert fast.reader is not None
    wanted = [slow.reader.read("when fell the bridge ?", each) for each in TEXTS]
    # The head over the model as it is, all tokens through all layers; the file changes none here.
    together = slow.model.tokenizer(["when fell the bridge ?"] * 3, TEXTS, padding=True, return_tensors="pt")
    whole = slow.reader.module.head(slow.model[0].auto_model.cpu()(**together).last_hidden_state[:, 0])
    assert wanted == pytest.approx(whole[:, 0].tolist(), abs=1e-5)
    assert slow.reader.module(**together).tolist() == pytest.approx(wanted, abs=1e-5)
    assert [fast.reader.read("when fell the bridge ?", each) for each in TEXTS] == pytest.approx(wanted, abs=0.2)
    assert slow.reader.read("a b", TEXTS[0]) != pytest.approx(slow.reader.read("the march", TEXTS[0]), abs=1e-4)
    assert slow.reader.read(TEXTS[0], "a b") != pytest.approx(slow.reader.read("a b", TEXTS[0]), abs=1e-4)
    assert np.isfinite(fast.reader.read("when " * 300, "bread " * 300))  # beyond the window


def test_a_damaged_reader_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made again, like the rest of the export."""
    made = small_model(tmp_path)
    monkeypatch.setattr(model_files, "READER", tmp_path / "reader.safetensors")
    a_reader(model_files.READER, locate(str(made)).digest)
    assert export(str(made), tmp_path / "models") is True
    graph = next((tmp_path / "models").glob("*/reader.onnx"))
    graph.write_bytes(graph.read_bytes()[:-1])
    assert isinstance(load(str(made), tmp_path / "models"), SlowEmbedder)
    assert export(str(made), tmp_path / "models") is True
    assert isinstance(load(str(made), tmp_path / "models"), FastEmbedder)


def test_another_reader_wants_another_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade that brings a new reader must not go on with the old one."""
    made = str(small_model(tmp_path))
    digest = locate(made).digest
    monkeypatch.setattr(model_files, "READER", tmp_path / "reader.safetensors")
    a_reader(model_files.READER, digest)
    assert export(made, tmp_path / "models") is True
    before = load(made, tmp_path / "models").reader
    assert before is not None
    a_reader(model_files.READER, digest, **{"answers.bias": np.array([4.25])})
    assert isinstance(load(made, tmp_path / "models"), SlowEmbedder)
    assert export(made, tmp_path / "models") is True
    after = load(made, tmp_path / "models")
    assert isinstance(after, FastEmbedder)
    assert after.reader is not None
    assert after.reader.read("when ?", TEXTS[0]) - before.read("when ?", TEXTS[0]) == pytest.approx(4, abs=0.01)


def test_the_title_goes_in_front() -> None:
    """It says what "he" is; an article without one has no mark in its place."""
    assert joined("Mayor resigns", "He left on Monday.") == "Mayor resigns. He left on Monday."
    assert joined("", "He left on Monday.") == "He left on Monday."
