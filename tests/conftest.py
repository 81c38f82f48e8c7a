"""What several test files share: the default model, exported once, and the sample corpus, indexed once."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from discord_bot import Desk, connected_desk, discord_on_loopback
from discord_server import DiscordServer
from site_server import Site
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from bot.answer import Newsroom, open_newsroom
from bot.settings import ROOT, Settings, load_settings
from corpus.sources import load_sources
from corpus.store import Store
from index.embedder import DEFAULT_MODEL, Embedder, load
from index.prepare import prepare
from index.reindex import reindex

SAMPLE = ROOT / "corpus" / "sample"
LONG = (
    "test_wire", "test_kills", "test_benchmark", "test_index_embedder", "test_index_export", "test_scripts",
    "test_faults", "test_docs",
)  # fmt: skip
"""How the names of the files begin that run processes of their own, and take longest."""
WITH_TORCH = (
    "test_index_embedder", "test_index_export", "test_index_reader", "test_index_reranker", "test_scripts_train_reader",
)  # fmt: skip
"""Files that load sentence-transformers, ten seconds of processor time: one process does it for all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files go first, so that no process is left with one at the end; they mostly wait, so there are three."""
    items.sort(key=lambda item: not item.path.name.startswith(LONG))


class _ByFile(LoadScopeScheduling):
    """Gives a process whole files, because what their tests share costs seconds."""

    def _split_scope(self, nodeid: str) -> str:
        name = Path(nodeid.partition("::")[0]).stem
        return "torch" if name in WITH_TORCH else name


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Which process runs which tests."""
    return _ByFile(config, log)


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
    with _of_all_workers(tmp_path_factory, "models") as folder:
        prepare(DEFAULT_MODEL, folder)
    return folder


@contextmanager
def _of_all_workers(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that the workers of a run share, for one of them at a time."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The default model."""
    return load(DEFAULT_MODEL, models_dir)


@pytest.fixture(scope="session")
def demo_data_dir(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: Embedder) -> Path:
    """A data folder with the sample corpus indexed by the default model; to be read, not written.

    It is made once a run, and every worker has a copy.
    """
    folder = tmp_path_factory.mktemp("demo")
    with _of_all_workers(tmp_path_factory, "sample") as made:
        if not (made / "index" / "current.json").exists():
            sample = load_sources(SAMPLE / "sources.toml")
            reindex(made / "corpus.db", made / "index", lambda: embedder, who="the tests", sample=sample)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    (folder / "models").symlink_to(models_dir)
    return folder


@pytest.fixture(scope="module")
def newsroom(demo_data_dir: Path) -> Iterator[Newsroom]:
    """The sample corpus, open for questions."""
    opened = open_newsroom(load_settings(None, data_dir=demo_data_dir))
    yield opened
    opened.close()


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


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """Discord's stand-in on 127.0.0.1, where discord.py finds it."""
    async with discord_on_loopback(monkeypatch) as started:
        yield started


@pytest.fixture
async def desk(server: DiscordServer) -> AsyncIterator[Desk]:
    """A small bot that is connected to the stand-in, to show what the stand-in does."""
    async with connected_desk(server) as client:
        yield client
