"""What several test files share: the default model, exported once, and the sample corpus, indexed once."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import made_once
import pytest
from discord_bot import Desk, connected_desk, discord_on_loopback
from discord_server import DiscordServer
from site_server import Site
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from bot.answer import Newsroom, open_newsroom
from bot.settings import Settings, load_settings
from corpus.store import Store
from index.embedder import DEFAULT_MODEL, Embedder, load

LONG = (
    "test_wire_corrections", "test_corpus_beside", "test_kills", "test_corpus_feeds", "test_corpus_any_page",
    "test_index_published", "test_benchmark", "test_scripts", "test_index_embedder", "test_wire", "test_docs",
    "test_faults", "test_index_export", "test_sample_corpus",
)  # fmt: skip
"""How the names of the files begin that take longest, in order; the first want no model, which is still being made."""
WITH_TORCH = (
    "test_index_embedder", "test_index_export", "test_index_reader", "test_index_reranker", "test_scripts_train_reader",
)  # fmt: skip
"""Files that load sentence-transformers, ten seconds of processor time: one process does it for all."""


class _WholeSuite:
    """In the process that hands out the tests: what they share is made while the others collect them."""

    def __init__(self) -> None:
        self._making: subprocess.Popen[bytes] | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        folder = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # where xdist has theirs
        command = [sys.executable, made_once.__file__, folder]
        # Should it fail, the first test that needs what it makes says why.
        self._making = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)

    def pytest_configure_node(self, node: WorkerController) -> None:
        node.workerinput["whole"] = True

    def pytest_sessionfinish(self) -> None:
        if self._making is not None and self._making.poll() is None:
            os.killpg(self._making.pid, signal.SIGKILL)  # with the process that exports
            self._making.wait()


def pytest_configure(config: pytest.Config) -> None:
    """A run of some tests makes only what they ask for."""
    gc.set_threshold(50_000)  # as scripts/door.py: collecting the tests takes a fifth less
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    if whole and config.option.numprocesses and not config.option.collectonly:
        config.pluginmanager.register(_WholeSuite())


def pytest_collection(session: pytest.Session) -> None:
    """Each process begins with other files: what pytest compiles of one, the others find compiled."""
    given = getattr(session.config, "workerinput", {})
    if "whole" in given:
        files = sorted(Path(__file__).parent.glob("test_*.py"))
        first = len(files) * int(given["workerid"].removeprefix("gw")) // given["workercount"]
        for file in files[first:] + files[:first]:
            with contextlib.suppress(Exception):  # collecting the file tells of it
                importlib.import_module(file.stem)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files go first, so that no process is left with one at the end; many wait, so four processes run."""
    items.sort(key=lambda item: [not item.path.name.startswith(each) for each in LONG])


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
    """The export of the default model, made once a run."""
    return made_once.models(_of_all_workers(tmp_path_factory))


def _of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


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
    shutil.copytree(made_once.sample(_of_all_workers(tmp_path_factory), lambda: embedder), folder, dirs_exist_ok=True)
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
