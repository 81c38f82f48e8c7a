"""The fast path of a model, exported in a process of its own: exporting takes three times the memory of answering.

``python -m index.prepare MODEL FOLDER`` is that process.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from corpus.progress import Progress, silent
from index.embedder import Embedder, export_folder
from index.errors import ModelError
from index.export import export
from index.model_files import locate

SETUP = 2


def prepare(model: str, folder: Path, progress: Progress = silent) -> Embedder | None:
    """Make the export of a model where there is none, or a damaged one; afterwards `index.embedder.load` takes it.

    That a model cannot have one is found once for each version of sentence-transformers, and noted in ``folder``.

    Args:
        model: as in ``EMBEDDING_MODEL``.
        folder: holds the exports.

    Returns:
        The model where a whole export was there, since looking opens it; None where `index.embedder.load` has to.

    Raises:
        ModelError: the model is missing, changed, or cannot be loaded.
    """
    from index import runtime  # brings onnxruntime

    files = locate(model)
    target = export_folder(files, folder)
    without, checked = target.with_suffix(".none"), version("sentence-transformers")
    try:
        if without.exists() and without.read_text(encoding="ascii") == checked:
            return None
        return runtime.open_export(files, target)
    except runtime.ExportError:
        pass
    progress("prepare the model", 0, None)
    # The settings of the environment travel along; -P keeps the working folder off the path.
    done = subprocess.run(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", "index.prepare", model, str(folder)],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    progress("prepare the model", 1, 1)
    if done.returncode == SETUP:
        raise ModelError(done.stderr.strip().splitlines()[-1])
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise ModelError(f"cannot be prepared ({reason})", subject=model, remedy="run scripts/start again")
    if not target.exists():
        without.write_text(checked, encoding="ascii")
    return None


if __name__ == "__main__":
    try:
        export(sys.argv[1], Path(sys.argv[2]))
    except ModelError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent reads it
        sys.exit(SETUP)
