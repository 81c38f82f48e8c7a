"""What several test files share: the default model, exported once, and the sample corpus, indexed once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from site_server import Site

from bot.settings import ROOT, Settings
from corpus.sources import load_sources
from corpus.store import Store
from index.embedder import DEFAULT_MODEL, Embedder, load
from index.prepare import prepare
from index.reindex import reindex

SAMPLE = ROOT / "corpus" / "sample"
LONG = ("test_wire", "test_kills", "test_benchmark", "test_index_embedder", "test_scripts", "test_faults", "test_docs")
"""How the names of the files begin that run processes of their own, and take longest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files go first, so that no process is left with one at the end; they mostly wait, so there are three."""
    items.sort(key=lambda item: not item.path.name.startswith(LONG))


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--kills`` for tests/test_kills.py."""
    parser.addoption("--kills", type=int, default=21, help="how many processes are killed, spread over all stages")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on what the person who runs it has set."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of the default model, made once a run: by the worker that comes first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare(DEFAULT_MODEL, folder)
    return folder


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The default model."""
    return load(DEFAULT_MODEL, models_dir)


@pytest.fixture(scope="session")
def demo_data_dir(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: Embedder) -> Path:
    """A data folder with the sample corpus indexed by the default model; to be read, not written."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "models").symlink_to(models_dir)
    reindex(
        folder / "corpus.db",
        folder / "index",
        lambda: embedder,
        who="the tests",
        sample=load_sources(SAMPLE / "sources.toml"),
    )
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(tmp_path / "corpus.db")
    yield opened
    opened.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on 127.0.0.1 that answers what the test lays out."""
    served = Site()
    yield served
    served.close()
