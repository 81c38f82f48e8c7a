"""Texts to vectors, by the model that sentence-transformers loads.

The only file that knows torch and sentence-transformers. They define what a vector is; ``export`` makes a fast path
from the model they load, checks it against them, and ``load`` takes it where there is one.
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import ModelError
from index.model_files import DEFAULT_MODEL, ModelFiles, locate, sha256_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.runtime import Manifest, Span

    Vectors = NDArray[np.float32]

__all__ = ["DEFAULT_MODEL", "Embedder", "check_torch", "export", "export_folder", "load", "plain"]

log = logging.getLogger(__name__)

_CPU_BUILD = "pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu"
# Token vectors are held for so many texts at a time.
_BLOCK = 64
_MAKING = ".making-"
# The least cosine to sentence-transformers at which an export may be used. With the default model, 8 bits give .985 at
# the least (.993 on average) over 1,505 news paragraphs and as many questions, .976 for the one word "When?" below;
# Hits@1 and MRR@10 move by less than half a point. A graph that computes something else is far below.
_LEAST_COSINE = 0.97
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


class Embedder(Protocol):
    """Texts to vectors of length 1, so that an inner product is a cosine.

    Attributes:
        name: the model, as ``ModelFiles.name``.
        digest: SHA-256 (64 hexadecimal digits) of the model's files: vectors of equal digest may be compared.
        dimension: length of a vector, d.
        precision: what computes, for people, e.g. ``onnxruntime int8``. Vectors of the same model computed at
            another precision have a cosine of at least .98 to these.
        pools_tokens: whether vectors of spans come from the whole text's forward pass, see ``embed_passages``; only
            then are single words worth keeping.
    """

    name: str
    digest: str
    dimension: int
    precision: str
    pools_tokens: bool

    def embed_question(self, text: str, spans: Sequence[Span] = ()) -> tuple[Vectors, Vectors]:
        """The vector of one question, shape (d,), and of spans in it, shape (len(spans), d), as ``embed_passages``
        makes them but with the query prompt in front.
        """
        ...

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), d), float32, length 1; the model's query prompt is put in front."""
        ...

    def embed_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of passages and of spans in them; the model's document prompt is put in front of each passage.

        A span's vector is pooled from the token vectors of the whole passage's forward pass, so that it knows its
        surroundings ("late chunking", Günther et al. 2024, arXiv 2409.04701). Where that cannot be - the model does
        not average its tokens, or the span ends outside its window - the span's text is embedded by itself, as a
        passage; a span without words gets the passage's vector.

        Args:
            texts: passages; what is beyond the model's window does not count.
            spans: for each text, offsets ``(first, behind the last)`` of characters in it, e.g. its sentences.
            progress: called now and then with the number of texts done so far.

        Returns:
            The passages' vectors, shape (len(texts), d), and for each text its spans' vectors, shape
            (len(spans[i]), d); float32, length 1. A vector depends on its text alone, not on the others.
        """
        ...


def export_folder(files: ModelFiles, folder: Path) -> Path:
    """Where, below ``folder``, the export of a model is kept: one for each state of its files."""
    return folder / files.digest[:16]


def load(model: str, folder: Path, *, fast: bool = True) -> Embedder:
    """The embedder for ``model``: its fast path where ``folder`` holds a valid one, else sentence-transformers.

    Args:
        model: ``all-MiniLM-L6-v2``, a folder, or a hub name of a sentence-transformers model.
        folder: holds the exports, e.g. ``data/models``; need not exist.
        fast: False takes sentence-transformers in any case.

    Raises:
        ModelError: the model is missing, changed, or cannot be loaded.
    """
    files = locate(model)
    if fast:
        from index import runtime

        try:
            return runtime.open_export(files, export_folder(files, folder))
        except runtime.ExportError as reason:
            log.warning("%s runs on sentence-transformers, slower: %s", files.name, reason)
    return SlowEmbedder(files)


def plain(model: str) -> Callable[..., Any]:
    """What `scripts/benchmark.py` compares with: ``SentenceTransformer.encode`` with its defaults."""
    encode: Callable[..., Any] = SlowEmbedder(locate(model)).model.encode
    return encode


def check_torch() -> None:
    """Imports torch, seconds the first time, and makes sure that it suits the machine.

    Raises:
        ModelError: torch is missing, or made for a GPU that is not there.
    """
    try:
        import torch
    except (ImportError, OSError) as error:  # OSError: a shared library of a CUDA build is missing
        raise ModelError(f"torch cannot be imported ({error})", subject="torch", remedy=_CPU_BUILD) from error
    if torch.version.cuda is not None and not torch.cuda.is_available():
        raise ModelError(
            f"torch {torch.__version__} is made for a GPU, and this machine has none that it can use",
            subject="torch",
            remedy=f"install the CPU build: {_CPU_BUILD}",
        )


class SlowEmbedder:
    """An ``Embedder`` over sentence-transformers: any model it loads, at full precision."""

    def __init__(self, files: ModelFiles, *, attention: str | None = None) -> None:
        """Loads the model.

        Args:
            attention: how transformers computes attention; None for its default.

        Raises:
            ModelError: it cannot be loaded, or torch does not suit the machine.
        """
        self.model = _sentence_transformer(files, attention)
        self.name = files.name
        self.digest = files.digest
        self.dimension = int(self.model.get_embedding_dimension() or 0)
        self.precision = f"sentence-transformers {str(self.model.dtype or 'float32').removeprefix('torch.')}"
        self.pools_tokens = _refusal(self.model) is None and self.model[1].pooling_mode == "mean"

    def embed_question(self, text: str, spans: Sequence[Span] = ()) -> tuple[Vectors, Vectors]:
        """See ``Embedder``."""
        import numpy as np

        vector = self.embed_questions([text])[0]
        parts = np.tile(vector, (len(spans), 1))
        if spans and self.pools_tokens:
            tokens, offsets, truncated = self._token_vectors([text], query=True)[0]
            for row, span in enumerate(spans):
                pooled = _span_vector(tokens, offsets, truncated, span)
                if pooled is not None:
                    parts[row] = pooled
        return vector, parts

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder``."""
        return self._rows(self.model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False))

    def embed_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Vectors, list[Vectors]]:
        """See ``Embedder``."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), np.float32)
        parts: list[Vectors] = []
        for start in range(0, len(texts), _BLOCK):
            block = list(texts[start : start + _BLOCK])
            wanted = [()] * len(block) if spans is None else spans[start : start + _BLOCK]
            rows, inner = self._block(block, wanted)
            vectors[start : start + len(block)] = rows
            parts.extend(inner)
            if progress is not None:
                progress(start + len(block))
        return vectors, parts

    def _block(self, texts: list[str], spans: Sequence[Sequence[Span]]) -> tuple[Vectors, list[Vectors]]:
        import numpy as np

        if not any(spans):
            return self._documents(texts), [np.empty((0, self.dimension), np.float32) for _ in texts]
        tokens = self._token_vectors(texts) if self.pools_tokens else None
        rows = self._documents(texts) if tokens is None else np.stack([_pooled(vectors) for vectors, _, _ in tokens])
        inner = []
        alone: list[tuple[int, int, str]] = []  # text, span, words that are embedded by themselves
        for i, text in enumerate(texts):
            own = np.empty((len(spans[i]), self.dimension), np.float32)
            for j, (start, end) in enumerate(spans[i]):
                own[j] = rows[i]
                pooled = None if tokens is None else _span_vector(*tokens[i], (start, end))
                if pooled is not None:
                    own[j] = pooled
                elif text[start:end].strip():
                    alone.append((i, j, text[start:end]))
            inner.append(own)
        for (i, j, _), vector in zip(alone, self._documents([words for _, _, words in alone]), strict=True):
            inner[i][j] = vector
        return rows, inner

    def _documents(self, texts: list[str]) -> Vectors:
        return self._rows(self.model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False))

    def _token_vectors(self, texts: list[str], *, query: bool = False) -> list[tuple[Any, Any, bool]]:
        """For each text its token vectors, their offsets in it, and whether it goes on behind the last one."""
        import numpy as np

        prompt = _prompts(self.model)[0 if query else 1]
        encode = self.model.encode_query if query else self.model.encode_document
        outputs = encode(texts, output_value=None, show_progress_bar=False)
        found = []
        for text, output in zip(texts, outputs, strict=True):
            kept = output["attention_mask"].bool().cpu()
            vectors = output["token_embeddings"].cpu()[kept].float().numpy()
            encoding = self.model.tokenizer(prompt + text, truncation=True).encodings[0]
            offsets = np.array(encoding.offsets, np.int64) - len(prompt)
            found.append((vectors, offsets, bool(encoding.overflowing)))
        return found

    def _rows(self, vectors: Any) -> Vectors:
        import numpy as np

        return np.asarray(vectors, np.float32).reshape(-1, self.dimension)


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
    if reason := _refusal(slow.model):
        raise _CannotExportError(reason)
    query, document = _prompts(slow.model)
    expected = np.concatenate([slow.embed_questions(_CHECK_TEXTS), slow.embed_passages(_CHECK_TEXTS)[0]])
    plain = folder / "plain.onnx"
    with _meaning_no_export("torch cannot trace it"):
        _trace(slow.model, plain)
    (folder / runtime.TOKENIZER).write_text(slow.model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    facts = {"pooling": slow.model[1].pooling_mode, "max_tokens": _window(slow.model), "dimension": slow.dimension}
    del slow
    gc.collect()  # the quantiser holds copies of the weights of its own
    with _meaning_no_export("onnxruntime cannot quantise it"):
        runtime.quantize(plain, folder / runtime.GRAPH)
    plain.unlink()
    manifest = runtime.Manifest(
        model=files.name,
        digest=files.digest,
        files={name: sha256_of(folder / name) for name in (runtime.GRAPH, runtime.TOKENIZER)},
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
    return replace(manifest, worst_cosine=round(worst, 4))


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


def _refusal(model: Any) -> str | None:
    """Why ``model`` is more than token vectors and one pooling, None if it is not."""
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.base.modules.normalize import Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling

    chain = [type(module) for module in model]
    if chain not in ([Transformer, Pooling], [Transformer, Pooling, Normalize]):
        return f"its modules are {', '.join(kind.__name__ for kind in chain)}"
    transformer, pooling = model[0], model[1]
    if pooling.pooling_mode not in ("mean", "cls"):
        return f"its pooling is {pooling.pooling_mode}"
    if not pooling.include_prompt and any(_prompts(model)):
        return "its prompts are left out of the pooling"
    if model.truncate_dim is not None:
        return f"its vectors are cut to {model.truncate_dim} numbers"
    if not getattr(transformer.tokenizer, "is_fast", False):
        return "its tokenizer has no fast form"
    if set(transformer.modalities) != {"text"} or transformer.query_expansion or transformer.query_length:
        return "it treats questions in a way of its own"
    if transformer.document_length:
        return "it treats passages in a way of its own"
    strangers = set(model.preprocess(["one text"])) - {"input_ids", "attention_mask", "token_type_ids", "modality"}
    return f"it wants {', '.join(sorted(strangers))}" if strangers else None


def _prompts(model: Any) -> tuple[str, str]:
    """What ``encode_query`` and ``encode_document`` put in front of a text."""
    default = model.prompts.get(model.default_prompt_name) or ""
    query = model.prompts.get("query", default)
    names = [name for name in ("document", "passage", "corpus") if name in model.prompts]
    return query or "", (model.prompts[names[0]] if names else default) or ""


def _window(model: Any) -> int:
    """The most tokens the model reads, special ones included; 8192 where it names no bound."""
    return min(int(model.max_seq_length or 8192), 8192)


def _pooled(tokens: Any) -> Vectors:
    from index.runtime import unit

    return unit(tokens.mean(axis=0))


def _span_vector(tokens: Any, offsets: Any, truncated: bool, span: Span) -> Vectors | None:
    from index.runtime import tokens_in

    found = tokens_in(offsets, span, truncated=truncated)
    return None if found is None else _pooled(tokens[found])


def _sentence_transformer(files: ModelFiles, attention: str | None) -> Any:
    check_torch()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    settings: dict[str, Any] = {}
    if files.is_default:
        settings["use_safetensors"] = True  # a pickle can run code; these weights need none
    if attention:
        settings["attn_implementation"] = attention
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        # Never a model's own Python code, never the network: the files that were hashed are the files loaded.
        return SentenceTransformer(
            str(files.folder), trust_remote_code=False, local_files_only=True, model_kwargs=settings
        )
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        raise ModelError(
            f"sentence-transformers cannot load the model ({error})",
            subject=files.name,
            remedy="set EMBEDDING_MODEL to a sentence-transformers model that needs no code of its own",
        ) from error
    finally:
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
