"""Making the fast path: a damaged or foreign export is passed over or made again, a wrong one never published."""

from __future__ import annotations

import dataclasses
import json
import logging
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from small_models import small_model

from bot.settings import ROOT
from index import export as exporting
from index import model_files, runtime
from index.embedder import DEFAULT_MODEL, SlowEmbedder, export_folder, load
from index.export import export
from index.language import supported
from index.prepare import prepare
from index.runtime import FastEmbedder


def truncate(folder: Path) -> None:
    graph = folder / runtime.GRAPH
    graph.write_bytes(graph.read_bytes()[: graph.stat().st_size // 2])


def unreadable_manifest(folder: Path) -> None:
    (folder / runtime.MANIFEST).write_text('{"model": "all-Mi', encoding="utf-8")


def unknown_manifest(folder: Path) -> None:
    (folder / runtime.MANIFEST).write_text("[]", encoding="utf-8")


def foreign(folder: Path) -> None:
    dataclasses.replace(runtime.Manifest.read(folder), digest="0" * 64, model="another").write(folder)


def newer(folder: Path) -> None:
    dataclasses.replace(runtime.Manifest.read(folder), format=99).write(folder)


def without_tokenizer(folder: Path) -> None:
    (folder / runtime.TOKENIZER).unlink()


def not_a_graph(folder: Path) -> None:
    (folder / runtime.GRAPH).write_bytes(b"not a graph")
    manifest = json.loads((folder / runtime.MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][runtime.GRAPH] = model_files.sha256_of(folder / runtime.GRAPH)
    (folder / runtime.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (shutil.rmtree, "no export"),
        (truncate, "damaged"),
        (unreadable_manifest, "manifest is damaged"),
        (unknown_manifest, "manifest is damaged"),
        (foreign, "export of another model"),
        (newer, "format 99"),
        (without_tokenizer, "missing"),
        (not_a_graph, "does not load"),
    ],
)
def test_an_export_that_cannot_be_used_is_passed_over(
    damage: Any, reason: str, models_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """sentence-transformers answers instead, and the log says what is wrong with the export."""
    shutil.copytree(models_dir, tmp_path, dirs_exist_ok=True)
    damage(export_folder(model_files.locate(DEFAULT_MODEL), tmp_path))
    with caplog.at_level(logging.WARNING):
        found = load(DEFAULT_MODEL, tmp_path)
    assert isinstance(found, SlowEmbedder)
    assert reason in caplog.text
    assert "scripts/start" in caplog.text


def test_a_damaged_export_is_replaced_and_a_valid_one_kept(tmp_path: Path) -> None:
    """The second export does nothing; after damage, it makes a whole one again and leaves nothing else behind."""
    made = str(small_model(tmp_path))
    models = tmp_path / "models"
    assert export(made, models) is True
    target = export_folder(model_files.locate(made), models)
    stamp = (target / runtime.GRAPH).stat().st_mtime_ns
    assert export(made, models) is True
    assert (target / runtime.GRAPH).stat().st_mtime_ns == stamp
    (target / runtime.TOKENIZER).write_text("{}", encoding="utf-8")
    assert export(made, models) is True
    assert isinstance(load(made, models), FastEmbedder)
    assert [path.name for path in models.iterdir()] == [target.name]
    manifest = runtime.Manifest.read(target)
    assert manifest.digest == model_files.locate(made).digest
    assert 0.97 <= manifest.worst_cosine <= 1.0


def here(command: Sequence[str], *, cwd: Path, **_: Any) -> subprocess.CompletedProcess[str]:
    """What `prepare` begins a process for, in this one, which has loaded sentence-transformers.

    The process itself makes the export that all tests share.
    """
    assert (command[:3], cwd) == ([sys.executable, "-m", "index.prepare"], ROOT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", list(command[2:]))
        runpy.run_path(str(ROOT / "index" / "prepare.py"), run_name="__main__")
    return subprocess.CompletedProcess(command, 0, "", "")


def test_preparing_mends_what_is_damaged_and_asks_once_what_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole export is left alone, a damaged one made again; a model without one is not tried at every start."""
    monkeypatch.setattr(subprocess, "run", here)
    models = tmp_path / "models"
    stages: list[Any] = []
    made = small_model(tmp_path / "plain")
    export(str(made), models)
    target = export_folder(model_files.locate(str(made)), models)
    assert isinstance(prepare(str(made), models, lambda *stage: stages.append(stage)), FastEmbedder)
    assert stages == []
    truncate(target)
    assert prepare(str(made), models) is None
    assert isinstance(load(str(made), models), FastEmbedder)
    other = str(small_model(tmp_path / "dense", dense=True))
    prepare(other, models)
    assert prepare(other, models, lambda *stage: stages.append(stage)) is None
    assert stages == []


def test_a_moved_model_keeps_its_export_and_goes_by_its_new_name(tmp_path: Path) -> None:
    """What the model's card says is looked for in the folder that the setting names."""
    made = small_model(tmp_path / "before")
    assert export(str(made), tmp_path / "models") is True
    moved = made.rename(tmp_path / "moved")
    (moved / "README.md").write_text("---\nlanguage: en\n---\n", encoding="utf-8")
    found = load(str(moved), tmp_path / "models")
    assert isinstance(found, FastEmbedder)
    assert found.name == str(moved)
    assert supported(found.name, "de") is False


def test_an_export_is_made_in_its_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quantiser writes the whole model twice meanwhile: on many machines the system's scratch folder is memory."""
    made, nowhere = str(small_model(tmp_path)), tmp_path / "nowhere"
    monkeypatch.setattr(tempfile, "tempdir", str(nowhere))
    assert export(made, tmp_path / "models")
    assert (tempfile.tempdir, nowhere.exists()) == (str(nowhere), False)
    assert sum(path.is_dir() for path in (tmp_path / "models").iterdir()) == 1


def test_an_export_that_computes_something_else_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The check against sentence-transformers is what lets it in."""
    made = str(small_model(tmp_path))
    monkeypatch.setattr(exporting, "window", lambda model: 3)  # cuts every text to its first word
    assert export(made, tmp_path / "models") is False
    assert "vectors differ" in caplog.text
    assert list((tmp_path / "models").iterdir()) == []
