"""The fast path of a model: made from what sentence-transformers loads, and checked against it.

An export is a graph and a tokenizer that `index.runtime` runs without torch.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import model_files
from index.embedder import SlowEmbedder, export_folder, prompts, refusal, window
from index.model_files import ModelFiles, locate, sha256_of

if TYPE_CHECKING:
    from index.runtime import Manifest

log = logging.getLogger(__name__)

_MAKING = ".making-"
# The least cosine to sentence-transformers at which an export may be used. With the default model, 8 bits give .985 at
# the least (.993 on average) over 1,505 news paragraphs and as many questions, .976 for the one word "When?" below;
# Hits@1 and MRR@10 move by less than half a point. A graph that computes something else is far below.
_LEAST_COSINE = 0.97
# The most that 8 bits may move a reader's log odds on the check; a graph that computes something else is far off.
_MOST_APART = 1.5
# A folder in the making that is older than this was left behind by a process that was killed.
_ABANDONED_SECONDS = 3600.0
# What an export is checked on: short, long, beyond the window, accents, digits, quotation marks, another script.
_CHECK_TEXTS = (
    "Why did the ministers leave the summit early?",
    "When?",
    "The harbour of Kestrel Bay reopened on Monday, nine days after a storm had sunk two of its ferries.",
    "“We were told at 4 a.m.,” she said, “and by five the water was in the kitchen – ankle-deep, then knee-deep.”",
    "Prices rose 3.4% in March, the council's statistics office said; bread cost 2,150 crowns, up from 1,980.",
    "Der Bürgermeister sprach über die Brücke, die im März gesperrt wurde.",
    "Новый мост открыли в субботу.",
    "The committee heard from engineers, farmers and the owner of the mill before it voted. " * 40,
)


def export(model: str, folder: Path) -> bool:
    """Makes the fast path for ``model``, checks it against sentence-transformers, and publishes it in one step.

    A valid one that is already there is kept. Takes ten seconds to half a minute and 900 MB the first time, so
    it belongs in a process of its own, at install.

    Args:
        model: see ``load``.
        folder: holds the exports, e.g. ``data/models``; made if need be.

    Returns:
        True when there is a valid export now; False, and a warning in the log, for a model that cannot have one: it
        is not a plain transformer with mean or first-token pooling, or its export does not compute the same.

    Raises:
        ModelError: the model is missing, changed or cannot be loaded.
        OSError: ``folder`` cannot be written.
    """
    from index import runtime

    files = locate(model)
    target = export_folder(files, folder)
    try:
        runtime.open_export(files, target)
    except runtime.ExportError:
        pass
    else:
        return True
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=_MAKING) as making:
        try:
            with _scratch_in(making):
                manifest = _make(files, Path(making))
        except _CannotExportError as reason:
            log.warning("%s has no fast path, sentence-transformers runs it: %s", files.name, reason)
            return False
        manifest.write(Path(making))
        _publish(Path(making), target)
    return True


class _CannotExportError(Exception):
    """Why a model has no fast path."""


def _make(files: ModelFiles, folder: Path) -> Manifest:
    """Writes graph and tokenizer into ``folder`` and checks them."""
    import numpy as np
    import sentence_transformers

    from index import runtime

    # Attention spelled out in plain operations is what onnxruntime knows how to fuse.
    slow = SlowEmbedder(files, attention="eager")
    if reason := refusal(slow.model):
        raise _CannotExportError(reason)
    query, document = prompts(slow.model)
    expected = np.concatenate([slow.embed_questions(_CHECK_TEXTS), slow.embed_passages(_CHECK_TEXTS)[0]])
    plain, reading = folder / "plain.onnx", folder / "reading.onnx"
    with _meaning_no_export("torch cannot trace it"):
        _trace(slow.model, plain)
        answers = _trace_reader(slow, reading)
    (folder / runtime.TOKENIZER).write_text(slow.model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    facts = {"pooling": slow.model[1].pooling_mode, "max_tokens": window(slow.model), "dimension": slow.dimension}
    del slow
    gc.collect()  # the quantiser holds copies of the weights of its own
    written = {plain: folder / runtime.GRAPH, reading: folder / runtime.READER}
    made = {source: target for source, target in written.items() if source.exists()}
    with _meaning_no_export("onnxruntime cannot quantise it"):
        for source, target in made.items():
            runtime.quantize(source, target)
            source.unlink()
    manifest = runtime.Manifest(
        model=files.name,
        digest=files.digest,
        reader=sha256_of(model_files.READER),
        files={path.name: sha256_of(path) for path in (*made.values(), folder / runtime.TOKENIZER)},
        precision="int8",
        query_prompt=query,
        document_prompt=document,
        worst_cosine=0.0,
        sentence_transformers=sentence_transformers.__version__,
        **facts,
    )
    with _meaning_no_export("onnxruntime cannot run it"):
        fast = runtime.open_unchecked(manifest, folder)
        got = np.concatenate([fast.embed_questions(_CHECK_TEXTS), fast.embed_passages(_CHECK_TEXTS)[0]])
    worst = float((expected * got).sum(axis=1).min())
    if not worst >= _LEAST_COSINE:  # so that NaN is refused
        raise _CannotExportError(f"its export's vectors differ (cosine {worst:.3f}, at least {_LEAST_COSINE} wanted)")
    if fast.reader is not None and answers is not None:
        apart = max(abs(fast.reader.read(_CHECK_TEXTS[0], each) - answers[each]) for each in _CHECK_TEXTS)
        if not apart <= _MOST_APART:  # so that NaN is refused
            raise _CannotExportError(f"its export reads otherwise (log odds {apart:.2f} apart)")
    return replace(manifest, worst_cosine=round(worst, 4))


@contextlib.contextmanager
def _scratch_in(folder: str) -> Iterator[None]:
    """Let libraries put their scratch files into ``folder``.

    The quantiser writes the whole model into the system's folder for them: often memory, and left there when killed.
    """
    usual, tempfile.tempdir = tempfile.tempdir, folder
    try:
        yield
    finally:
        tempfile.tempdir = usual


@contextlib.contextmanager
def _meaning_no_export(reason: str) -> Iterator[None]:
    # The tracer's, the quantiser's and onnxruntime's errors have no common class; a full disk is another matter.
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise _CannotExportError(f"{reason} ({type(error).__name__}: {error})") from error


def _publish(made: Path, target: Path) -> None:
    """Puts the folder ``made`` in the place of ``target``; a reader sees the old one, none, or the new one."""
    made.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    try:
        os.replace(made, target)
    except OSError:
        if not target.is_dir():  # otherwise another process was quicker, with the same model
            raise


def _sweep(folder: Path) -> None:
    for path in folder.glob(f"{_MAKING}*"):
        if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _trace(model: Any, target: Path) -> None:
    """Writes the transformer of ``model`` as a graph from token ids to token vectors, any number of them."""
    import torch

    features = model.preprocess(["one text", "another one"])
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features]

    class Tokens(torch.nn.Module):
        def __init__(self, transformer: Any) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *values: Any) -> Any:
            return self.transformer(**dict(zip(names, values, strict=True))).last_hidden_state

    with torch.inference_mode(), warnings.catch_warnings():
        # The newer exporter wants a further package; the tracer's warnings are about lengths, which the check covers.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Tokens(model[0].auto_model).eval(),
            tuple(features[name].cpu() for name in names),
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=names,
            output_names=["tokens"],
            dynamic_axes={name: {0: "text", 1: "token"} for name in [*names, "tokens"]},
        )


def _trace_reader(slow: SlowEmbedder, target: Path) -> dict[str, float] | None:
    """Writes the model's reader as a graph and returns what it says of the check's texts; None without a reader."""
    import torch

    if slow.reader is None:
        return None
    features = slow.model.tokenizer(["one text"] * 2, ["another one"] * 2, return_tensors="pt")
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in `_trace`
        torch.onnx.export(
            slow.reader.module,
            tuple(features[name] for name in names),
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=names,
            output_names=["answers"],
            dynamic_axes={**{name: {0: "text", 1: "token"} for name in names}, "answers": {0: "text"}},
        )
    return {each: slow.reader.read(_CHECK_TEXTS[0], each) for each in _CHECK_TEXTS}
