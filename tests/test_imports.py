"""Importing a package loads nothing heavy, and answering loads no torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

HEAVY = {
    "torch", "sentence_transformers", "transformers", "faiss", "discord", "trafilatura", "lxml", "onnxruntime", "onnx",
    "nupunkt", "tokenizers", "rich",
}  # fmt: skip


def loaded(code: str, *arguments: str, **environment: str) -> set[str]:
    """Top-level modules in memory after some code ran in a Python of its own."""
    show = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_corpus_imports_nothing_heavy() -> None:
    """No model, no engine and no parser before there is something to read; its records not even numpy."""
    light = "corpus, corpus.records, corpus.errors, corpus.sources, corpus.identity, corpus.progress"
    assert loaded(f"import {light}") & (HEAVY | {"numpy", "sqlite_utils"}) == set()
    whole = "corpus.store, corpus.passages, corpus.sentences, corpus.extract, corpus.ingest"
    assert loaded(f"import {whole}") & HEAVY == set()  # sqlite-utils looks for numpy and takes it where it is


@pytest.mark.parametrize(
    "modules",
    [
        "index, index.errors, index.records, index.question, index.embedder, index.model_files, index.prepare",
        "index.search, index.build, index.published, index.reindex",
    ],
)
def test_the_index_imports_nothing_heavy(modules: str) -> None:
    """Model and engines are loaded by whoever uses them."""
    assert loaded(f"import {modules}") & HEAVY == set()


def test_the_bot_imports_nothing_heavy() -> None:
    """Neither Discord nor a model before it is built."""
    modules = "bot, bot.records, bot.settings, bot.answer, bot.evaluation"
    assert loaded(f"import {modules}") & HEAVY == set()


def test_answering_loads_no_torch_and_leaves_the_home_folder_alone(demo_data_dir: Path, tmp_path: Path) -> None:
    """With an export of the model, a question is answered without torch in the process.

    onnxruntime would keep an id for its reports in the home folder, and send them.
    """
    code = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.answer import open_newsroom
from bot.settings import load_settings
from index.records import Query
room = open_newsroom(load_settings(None, data_dir=Path(sys.argv[1])))
assert room.ask(Query("When did the ferry strike end?", datetime.now(UTC))).articles == 44
room.close()
"""
    home = str(tmp_path)
    modules = loaded(code, str(demo_data_dir), HOME=home, XDG_CACHE_HOME=f"{home}/.cache", ORT_DISABLE_TELEMETRY="")
    assert list(tmp_path.iterdir()) == []
    assert modules & {"torch", "sentence_transformers", "transformers", "discord", "trafilatura"} == set()
    assert {"faiss", "onnxruntime"} <= modules
