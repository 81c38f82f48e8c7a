"""What is the same for all tests of a run and takes it long: the default model's export, the sample corpus's index.

``python tests/made_once.py FOLDER`` makes both ahead of the tests that want them, while the tests are collected.
"""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.settings import ROOT
from corpus.sources import load_sources
from index.embedder import DEFAULT_MODEL, Embedder, load
from index.prepare import prepare
from index.reindex import reindex

SAMPLE = ROOT / "corpus" / "sample"


def models(folder: Path) -> Path:
    """The export of the default model in a folder of the run: made by the process that comes first."""
    with _alone(folder / "models") as made:
        prepare(DEFAULT_MODEL, made)
    return made


def sample(folder: Path, embedder: Callable[[], Embedder]) -> Path:
    """A data folder with the sample corpus indexed by the default model, likewise; to be copied."""
    with _alone(folder / "sample") as made:
        if not (made / "index" / "current.json").exists():
            sources = load_sources(SAMPLE / "sources.toml")
            reindex(made / "corpus.db", made / "index", embedder, who="the tests", sample=sources)
    return made


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """A folder that the processes of a run share, for one of them at a time."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


if __name__ == "__main__":
    exports = models(Path(sys.argv[1]))
    sample(Path(sys.argv[1]), lambda: load(DEFAULT_MODEL, exports))
