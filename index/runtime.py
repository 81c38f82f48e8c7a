"""The fast path: an exported model run by onnxruntime, with no torch in the process.

The only file that knows onnxruntime and tokenizers. An export is a folder that ``index.export`` made: a graph
from token ids to token vectors, the tokenizer, for a model that has a reader (`index.reader`) its graph, and
``export.json``, which says what they were made from.

Every text runs by itself, one text a thread. That beats batches on a processor (no padding, no waiting for the
slowest core), and it is what makes a vector depend on its text alone: dynamic quantisation scales the activations of
a whole batch together, so in a batch a passage's vector would change with its neighbours.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import model_files
from index.errors import ModelError
from index.model_files import ModelFiles, sha256_of

Vectors = NDArray[np.float32]
Span = tuple[int, int]

MANIFEST = "export.json"
GRAPH = "model.onnx"
READER = "reader.onnx"
TOKENIZER = "tokenizer.json"

_FORMAT = 2
_REMEDY = "make it again with scripts/start"
# So many texts are handed to the threads before progress is told; also how long an interrupt may have to wait.
_BLOCK = 64
# More threads than this take a small shared server away from everything else it does.
_MOST_THREADS = 8


class ExportError(ModelError):
    """An export is missing, damaged or made from something else; the caller falls back."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export was made from and how to run it; the content of ``export.json``.

    Attributes:
        model, digest: of the model it was made from, see ``ModelFiles``.
        files: SHA-256 of the export's other files, by name.
        precision: of the graph's weights, e.g. ``int8``.
        dimension: length of a vector.
        pooling: ``mean`` or ``cls``.
        max_tokens: the model's window, its special tokens included.
        query_prompt, document_prompt: what the model wants in front of a question and of a passage.
        worst_cosine: the least cosine between this export's vectors and sentence-transformers', over the check.
        sentence_transformers: the version it was checked against.
        reader: SHA-256 of `index.model_files.READER` at that time.
    """

    model: str
    digest: str
    files: dict[str, str]
    precision: str
    dimension: int
    pooling: str
    max_tokens: int
    query_prompt: str
    document_prompt: str
    worst_cosine: float
    sentence_transformers: str
    reader: str = ""
    format: int = _FORMAT

    def write(self, folder: Path) -> None:
        """Writes ``export.json`` into ``folder``."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in ``folder``.

        Raises:
            ExportError: there is none, or it is not one.
        """
        path = folder / MANIFEST
        try:
            manifest = cls(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise ExportError("no export of the model", subject=folder, remedy=_REMEDY) from error
        except (OSError, ValueError, TypeError) as error:
            raise ExportError("the export's manifest is damaged", subject=path, remedy=_REMEDY) from error
        if manifest.format != _FORMAT:
            raise ExportError(f"an export of format {manifest.format}", subject=path, remedy=_REMEDY)
        return manifest


class FastEmbedder:
    """An ``Embedder`` over an export; safe to call from several threads.

    Attributes:
        name, digest, dimension: see ``index.embedder.Embedder``.
        precision: ``onnxruntime int8``.
    """

    def __init__(
        self, manifest: Manifest, session: Any, tokenizer: Any, threads: int, reader: Path | None = None
    ) -> None:
        self.name = manifest.model
        self.digest = manifest.digest
        self.dimension = manifest.dimension
        self.precision = f"onnxruntime {manifest.precision}"
        self._manifest = manifest
        self._session = session
        self._inputs = frozenset(node.name for node in session.get_inputs())
        self._tokenizer = tokenizer
        self._threads = threads
        self._reader = reader
        self.pools_tokens = manifest.pooling == "mean"

    @cached_property
    def reader(self) -> FastReader | None:
        """See ``index.embedder.Embedder``; takes 35 MB from when it is first asked for, which a reindex never does."""
        if self._reader is None:
            return None
        from threadpoolctl import threadpool_limits

        # `bot` sees to it before numpy is loaded. In a process that loaded numpy earlier, BLAS keeps a thread awake on
        # the other core after each small product. FAISS is held to one thread by it as well: at 100,000 passages a
        # question uses no more of it.
        threadpool_limits(1, user_api="blas")
        # Two cores of a small server are mostly two halves of one: a second thread takes a quarter more processor time,
        # and saves a tenth of the waiting at best; docs/speed.md has the figures.
        return FastReader(_session(self._reader, max(1, self._threads // 2), awake=False), self._tokenizer)

    def embed_question(self, text: str, spans: Sequence[Span] = ()) -> tuple[Vectors, Vectors]:
        """See ``index.embedder.Embedder``."""
        vector, parts = self._embed(text, self._manifest.query_prompt, spans if self.pools_tokens else ())
        return vector, parts if self.pools_tokens else np.tile(vector, (len(spans), 1))

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """See ``index.embedder.Embedder``."""
        prompt = self._manifest.query_prompt
        if len(texts) == 1:  # a member waits: no thread to start
            return self._embed(texts[0], prompt)[0][None]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for row, (vector, _) in enumerate(pool.map(lambda text: self._embed(text, prompt), texts)):
                vectors[row] = vector
        return vectors

    def embed_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[Vectors, list[Vectors]]:
        """See ``index.embedder.Embedder``."""
        wanted: Sequence[Sequence[Span]] = [()] * len(texts) if spans is None else spans
        vectors = np.empty((len(texts), self.dimension), np.float32)
        parts: list[Vectors] = []
        prompt = self._manifest.document_prompt
        with ThreadPoolExecutor(self._threads) as pool:
            for start in range(0, len(texts), _BLOCK):
                block = range(start, min(start + _BLOCK, len(texts)))
                results = pool.map(lambda row: self._embed(texts[row], prompt, wanted[row]), block)
                for row, (vector, inner) in zip(block, results, strict=True):
                    vectors[row] = vector
                    parts.append(inner)
                if progress is not None:
                    progress(block.stop)
        return vectors, parts

    def _embed(self, text: str, prompt: str, spans: Sequence[Span] = ()) -> tuple[Vectors, Vectors]:
        """The vector of one text, shape (d,), and those of its spans, shape (len(spans), d)."""
        encoding = self._tokenizer.encode(prompt + text)
        ids = np.array([encoding.ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        tokens = self._session.run(None, {name: feed[name] for name in self._inputs})[0][0]
        mean = self._manifest.pooling == "mean"
        whole = unit(tokens.mean(axis=0) if mean else tokens[0])
        if not spans:
            return whole, np.empty((0, self.dimension), np.float32)
        offsets = np.array(encoding.offsets, np.int64) - len(prompt)
        covered = covering(offsets, spans, truncated=bool(encoding.overflowing))
        if not mean:
            covered[:] = False
        inner = _sums(tokens, covered)  # sums and means point the same way
        lengths = np.linalg.norm(inner, axis=1, keepdims=True)
        inner /= np.where(lengths > 0, lengths, 1)
        for row in np.flatnonzero(~covered.any(axis=1)).tolist():
            alone = text[slice(*spans[row])]
            inner[row] = self._embed(alone, prompt)[0] if alone.strip() else whole
        return whole, inner


class FastReader:
    """A reader over its exported graph; safe to call from several threads."""

    def __init__(self, session: Any, tokenizer: Any) -> None:
        self._session = session
        self._tokenizer = tokenizer

    def read(self, question: str, text: str) -> float:
        """Log odds that the text answers the question.

        Args:
            text: as `index.reader.joined` makes it; what is beyond the model's window does not count.
        """
        encoding = self._tokenizer.encode(question, text)
        feed = {
            "input_ids": np.array([encoding.ids], np.int64),
            "attention_mask": np.ones((1, len(encoding.ids)), np.int64),
            "token_type_ids": np.array([encoding.type_ids], np.int64),
        }
        return float(self._session.run(None, feed)[0][0])


def covering(offsets: NDArray[np.int64], spans: Sequence[Span], *, truncated: bool) -> NDArray[np.bool_]:
    """Which tokens each span covers, shape (spans, tokens), as `tokens_in` says it: none where that says None."""
    first, last = offsets[:, 0], offsets[:, 1]
    start, end = np.array(spans, np.int64).T[:, :, None]
    covered: NDArray[np.bool_] = (first < last) & (first < end) & (last > start)
    if truncated:
        covered[end[:, 0] > last.max(initial=0)] = False
    return covered


def _sums(tokens: Vectors, covered: NDArray[np.bool_]) -> Vectors:
    """The sum of the tokens each span covers, which follow each other: shape (spans, d), 0 where it covers none.

    All spans at once, a passage has one for each word; and no matrix product, whose threads would wait for the cores
    that the other passages are computed on.
    """
    some = np.flatnonzero(covered.any(axis=1))
    sums = np.zeros((len(covered), tokens.shape[1]), np.float32)
    if not len(some):
        return sums
    real = covered.any(axis=0)
    inside = covered[np.ix_(some, real)]
    bounds = np.empty(2 * len(some), np.int64)
    bounds[::2] = inside.argmax(axis=1)
    bounds[1::2] = bounds[::2] + inside.sum(axis=1)
    padded = np.concatenate([tokens[real], tokens[:1]])  # so that a span may end where the tokens do
    sums[some] = np.add.reduceat(padded, bounds, axis=0)[::2]
    return sums


def tokens_in(offsets: NDArray[np.int64], span: Span, *, truncated: bool) -> NDArray[np.int64] | None:
    """Which tokens a span of characters covers.

    Args:
        offsets: shape (tokens, 2), each token's first and behind-the-last character; equal for special tokens.
        span: first and behind-the-last character.
        truncated: whether the text went on behind the last token.

    Returns:
        Indices of the tokens that share a character with the span; None when there are none or when the span ends
        outside the model's window, so that pooling them would leave out some of its words.
    """
    found = np.flatnonzero(covering(offsets, [span], truncated=truncated)[0])
    return found if found.size else None


def unit(vector: NDArray[Any]) -> Vectors:
    """``vector``, shape (d,), at length 1, float32; a zero vector stays as it is."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


def open_export(files: ModelFiles, folder: Path) -> FastEmbedder:
    """The export in ``folder``, its files checked, ready to embed; named as ``files`` are, wherever they lay before.

    Raises:
        ExportError: missing, damaged, or made from other files than ``files``.
    """
    manifest = Manifest.read(folder)
    if manifest.digest != files.digest:
        raise ExportError(f"an export of another model ({manifest.model})", subject=folder, remedy=_REMEDY)
    if manifest.reader != sha256_of(model_files.READER):
        raise ExportError("made with another reader", subject=folder, remedy=_REMEDY)
    for name in {GRAPH, TOKENIZER} | ({READER} & manifest.files.keys()):
        try:
            whole = sha256_of(folder / name) == manifest.files.get(name)
        except ModelError as error:
            raise ExportError("a file of the export is missing", subject=folder / name, remedy=_REMEDY) from error
        if not whole:
            raise ExportError("a file of the export is damaged", subject=folder / name, remedy=_REMEDY)
    # A model's folder that was moved keeps its export, and its card is looked for where it lies now.
    return open_unchecked(replace(manifest, model=files.name), folder)


def open_unchecked(manifest: Manifest, folder: Path, threads: int | None = None) -> FastEmbedder:
    """As ``open_export``, for an export that is just being made.

    Args:
        threads: texts embedded at a time; None for one per usable core.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = threads or min(cores, _MOST_THREADS)
    tokenizer = _tokenizer(folder, manifest.max_tokens)
    # One text a thread: a second thread inside a text would mostly wait for the first.
    session = _session(folder / GRAPH, 1)
    return FastEmbedder(manifest, session, tokenizer, threads, folder / READER if READER in manifest.files else None)


def _give_back() -> None:
    """Hand memory that reading the graph took, and that is free again, back to the system; glibc would keep it."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _session(graph: Path, threads: int, *, awake: bool = True) -> Any:
    onnxruntime = _engine()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(awake)))
    # The arena keeps the largest buffers ever needed, which is most of a small server's memory, for no speed here.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    try:
        session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises classes of its own, and bare Exception
        raise ExportError(f"the export does not load ({error})", subject=graph, remedy=_REMEDY) from error
    _give_back()
    return session


def _tokenizer(folder: Path, most: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # as above
        raise ExportError(f"the export does not load ({error})", subject=folder, remedy=_REMEDY) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    return tokenizer


def _engine() -> Any:
    """onnxruntime, silent: by default its builds report their use to Microsoft and keep an id in the home folder."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read once, when the library is loaded (its Privacy.md)
    import onnxruntime

    return onnxruntime


def quantize(source: Path, target: Path) -> None:
    """Writes the graph ``source`` with 8-bit weights to ``target``.

    Dynamic quantisation, one scale per output channel. Weights take 7 of the 8 bits: without VNNI, processors add
    pairs of 8-bit products in 16 bits, which overflows on full ones (onnxruntime's manual, "reduce_range").
    """
    _engine()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # It tells the root logger about every node it leaves alone.
    noise = logging.getLogger().manager.disable
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    finally:
        logging.disable(noise)
