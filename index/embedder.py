"""Texts to vectors, by the model that sentence-transformers loads.

torch and sentence-transformers define what a vector is. `index.export` makes a fast path from the model they load and
checks it against them; ``load`` takes it where there is one. Besides these two only `index.reranker` knows torch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import ModelError
from index.model_files import DEFAULT_MODEL, ModelFiles, locate
from index.reader import SlowReader, adapted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.runtime import Span

    Vectors = NDArray[np.float32]

__all__ = ["DEFAULT_MODEL", "Embedder", "check_torch", "export_folder", "load", "plain"]

log = logging.getLogger(__name__)

_CPU_BUILD = "pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu"
# Token vectors are held for so many texts at a time.
_BLOCK = 64


class Reader(Protocol):
    """Says of a text whether it answers a question."""

    def read(self, question: str, text: str) -> float:
        """See `index.runtime.FastReader`."""
        ...


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
        reader: reads question and passage together; None for a model that has none, see `index.reader`.
    """

    name: str
    digest: str
    dimension: int
    precision: str
    pools_tokens: bool

    @property
    def reader(self) -> Reader | None:
        """See above."""
        ...

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
        self.pools_tokens = refusal(self.model) is None and self.model[1].pooling_mode == "mean"

    @cached_property
    def reader(self) -> SlowReader | None:
        """See ``Embedder``; holds a second copy of the model, made when it is first asked for."""
        return adapted(self.model, self.digest)

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

        prompt = prompts(self.model)[0 if query else 1]
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


def refusal(model: Any) -> str | None:
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
    if not pooling.include_prompt and any(prompts(model)):
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


def prompts(model: Any) -> tuple[str, str]:
    """What ``encode_query`` and ``encode_document`` put in front of a text."""
    default = model.prompts.get(model.default_prompt_name) or ""
    query = model.prompts.get("query", default)
    names = [name for name in ("document", "passage", "corpus") if name in model.prompts]
    return query or "", (model.prompts[names[0]] if names else default) or ""


def window(model: Any) -> int:
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
