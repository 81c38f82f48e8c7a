"""What `scripts/benchmark.py` measures, in several processes, so that what one holds in memory is not another's.

Every figure that is a ratio comes from alternating runs of both ways, so that a busy machine slows both.
"""

from __future__ import annotations

import json
import os
import random
import resource
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from bot.answer import open_newsroom
from bot.settings import Settings
from corpus.records import StoredPassage
from corpus.store import Store
from index.embedder import Embedder, load, plain
from index.late import pack, question_spans
from index.made import variants
from index.published import PICKED, Published, open_current
from index.question import analyse
from index.records import Query
from index.rows import embedded_text, sentence_spans, word_spans
from index.search import DEPTH, allowed_rows, candidate_rows, gather
from index.vectors import LEAST_COMPARED, VectorIndex, flat

Figures = dict[str, float | str | None]

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEAREST = 10
PLAIN = 50
"""Questions asked of ``IndexFlatIP``, which takes a fifth of a second for each at a million passages."""
BATCH = 64  # passages embedded by one way before the other has its turn


def resident_mb(what: str = "VmRSS") -> float:
    """Megabytes of this process in memory now; ``VmHWM`` for the most so far (Linux; elsewhere the most so far)."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def free_mb() -> float:
    """Megabytes of memory that are free (Linux; elsewhere half a gigabyte is taken for granted)."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 512.0
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) / 1024


def percentiles(name: str, values: Sequence[float], suffix: str = "") -> Figures:
    """The median and the 99th percentile."""
    return {f"{name}_p{each}{suffix}": float(np.percentile(values, each)) for each in (50, 99)}


def answering(settings: Settings, models_dir: Path, questions: Sequence[str]) -> Figures:
    """The bot's process over the index: memory, and the times of search and of whole answers, filtered and not.

    Search is what finds: filters, both sides, and the exact scores of what they found. An answer is everything:
    embedding, search, reading, ranking, quoting. The files are in the system's cache, and for the figures that end in
    ``_cold`` they are not: a disk gives some hundred rows for each question.
    """
    import bot.client  # noqa: F401  # discord.py and all that the bot holds beside the newsroom

    folder = open_current(settings.index_dir).folder
    room = open_newsroom(settings, models_dir=models_dir)
    one = frozenset(room.sources()[:1])
    figures: Figures = {}
    for suffix, sources in (("_cold", None), ("", None), ("_filtered", one)):
        _cached(folder, wanted=suffix != "_cold")
        for question in questions[:5]:
            room.ask(Query(question, NOW, sources=sources))
        stages: dict[str, list[float]] = {"search": [], "embed": [], "answer": []}
        cpu = process_time()
        for question in questions:
            answer = room.ask(Query(question, NOW, sources=sources))
            if not answer.stages:  # it asks for a time of which nothing is stored, so that nothing was searched
                continue
            stages["answer"].append(answer.took_ms)
            stages["embed"].append(answer.stages["embed"])
            stages["search"].append(answer.stages["search"] + answer.stages["fuse"])
        figures.update(percentiles("search_ms", stages["search"], suffix))
        figures.update(percentiles("answer_ms", stages["answer"], suffix))
        figures[f"answer_cpu_ms{suffix}"] = (process_time() - cpu) * 1000 / len(questions)
        if not suffix:
            figures.update(percentiles("embed_ms", stages["embed"]))
    figures["rss_mb"] = resident_mb()
    room.close()
    return figures


def _cached(folder: Path, *, wanted: bool) -> None:
    """Read the files that rows are picked from into the system's cache, or ask it to forget them."""
    for name in PICKED:
        with (folder / f"{name}.bin").open("rb", buffering=0) as file:
            if wanted:
                while file.read(1 << 20):
                    pass
            else:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def recall(settings: Settings, models_dir: Path, questions: Sequence[str]) -> Figures:
    """How many of the ten nearest of all vectors the search finds; kind of index, and how near neighbours are."""
    published = open_current(settings.index_dir)
    embedder = load(settings.embedding_model, models_dir)
    vectors = embedder.embed_questions(list(questions))
    one = allowed_rows(published, Query("", NOW, sources=frozenset(published.manifest.sources[:1])), {})
    figures: Figures = {"vector_index": published.vectors.kind}
    for suffix, mask in (("", None), ("_filtered", one)):
        figures[f"recall_at_10{suffix}"] = _recall(published, questions, vectors, mask)
    return figures


def _recall(
    published: Published, questions: Sequence[str], vectors: NDArray[np.float32], mask: NDArray[np.bool_] | None
) -> float:
    wanted = exact_nearest(published.dense, vectors, mask)
    shares = []
    for question, vector, true in zip(questions, vectors, wanted, strict=True):
        terms = [term.stem for term in analyse(question).terms]
        rows = candidate_rows(published, vector, terms, mask)
        dense = gather(published, vector, terms, rows).dense
        best = rows[np.argsort(-dense, kind="stable")[:NEAREST]]
        there = true[true >= 0]
        shares.append(len(np.intersect1d(best, there)) / len(there))
    return float(np.mean(shares))


def exact_nearest(
    dense: NDArray[np.float16], vectors: NDArray[np.float32], mask: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """The ten rows nearest to each vector, by looking at all: what ``IndexFlatIP`` returns.

    Shape (questions, 10), padded with -1 where fewer rows are let through.
    """
    best = np.full((len(vectors), NEAREST), -2, dtype=np.float32)
    rows = np.full((len(vectors), NEAREST), -1, dtype=np.int64)
    for first in range(0, len(dense), 65536):
        part = vectors @ np.asarray(dense[first : first + 65536], dtype=np.float32).T
        if mask is not None:
            part[:, ~mask[first : first + 65536]] = -2
        both = np.concatenate([best, part], axis=1)
        places = np.concatenate([rows, np.broadcast_to(np.arange(first, first + part.shape[1]), part.shape)], axis=1)
        order = np.argpartition(-both, NEAREST - 1, axis=1)[:, :NEAREST]
        best, rows = np.take_along_axis(both, order, axis=1), np.take_along_axis(places, order, axis=1)
    return np.where(best > -2, rows, -1)


def recall_on_real(settings: Settings, models_dir: Path, questions: Sequence[str], real: int) -> Figures:
    """Recall@10 over the vectors that were embedded, with the kind of index that large sizes get.

    Once as the bot searches, and once (``_same_share``) looking at no larger a share of them than it does at a million.
    """
    published = open_current(settings.index_dir)
    embedder = load(settings.embedding_model, models_dir)
    dense = np.array(published.dense[:real])
    grouped = VectorIndex.build(np.arange(len(dense)), dense, exact=0)
    vectors = embedder.embed_questions(list(questions))
    wanted = exact_nearest(dense, vectors, None)
    figures: Figures = {"real_vectors": len(dense), "real_index": grouped.kind}
    for suffix, least in (("", LEAST_COMPARED), ("_same_share", 0)):
        shares = []
        for vector, true in zip(vectors, wanted, strict=True):
            _, rows = grouped.search(vector, DEPTH, least=least)
            best = rows[np.argsort(-(dense[rows].astype(np.float32) @ vector), kind="stable")[:NEAREST]]
            shares.append(len(np.intersect1d(best, true)) / len(true))
        figures[f"recall_at_10_real{suffix}"] = float(np.mean(shares))
    return figures


def plain_way(settings: Settings, questions: Sequence[str]) -> Figures:
    """One process of sentence-transformers and ``IndexFlatIP`` over the same vectors: times of search, and memory.

    None where the vectors, 4 bytes a number, would take more than half of the memory that is free.
    """
    published = open_current(settings.index_dir)
    count, dimension = published.dense.shape
    if count * dimension * 4 > free_mb() * 2**20 / 2:
        return {"plain_search_ms_p50": None, "plain_search_ms_p99": None, "plain_rss_mb": None}
    encode = plain(settings.embedding_model)
    nearest = flat(published.dense)
    del published  # what is mapped of it would count as this process's memory
    vectors = [np.asarray(encode(question), dtype=np.float32) for question in questions[:PLAIN]]
    for vector in vectors[:3]:
        nearest(vector, NEAREST)
    times = [_timed(lambda vector=vector: nearest(vector, NEAREST))[0] * 1000 for vector in vectors]  # type: ignore[misc]
    return {**percentiles("plain_search_ms", times), "plain_rss_mb": resident_mb()}


def embedding(settings: Settings, models_dir: Path, questions: Sequence[str], passages: int) -> Figures:
    """How much faster than ``SentenceTransformer.encode`` as it comes: one question at a time, and passages.

    Our questions come with the vectors of their words, our passages with those of their sentences and words, packed:
    what the bot and a reindex compute of them.
    """
    fast = load(settings.embedding_model, models_dir)
    encode = plain(settings.embedding_model)
    times: dict[str, list[float]] = {"fast": [], "plain": []}
    ways: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("fast", lambda text: fast.embed_question(text, question_spans(text))),
        ("plain", encode),
    )
    for question in questions[:3]:
        for _, way in ways:
            way(question)
    for question in questions:
        for name, way in ways:
            times[name].append(_timed(lambda way=way, question=question: way(question))[0])  # type: ignore[misc]
    figures: Figures = {
        f"question_speedup_p{each}": float(np.percentile(times["plain"], each) / np.percentile(times["fast"], each))
        for each in (50, 99)
    }
    store = Store(settings.corpus_db, readonly=True)
    some = [passage for passage, _ in zip(store.passages(), range(passages), strict=False)]
    store.close()
    spent = {"fast": [0.0, 0.0], "plain": [0.0, 0.0]}
    for first in range(0, len(some), BATCH):
        batch = some[first : first + BATCH]
        texts = [embedded_text(passage) for passage in batch]
        turns: dict[str, Callable[[], object]] = {
            "fast": lambda batch=batch: _rows(fast, batch),  # type: ignore[misc]
            "plain": lambda texts=texts: encode(texts),  # type: ignore[misc]
        }
        for name, turn in turns.items():
            wall, cpu = _timed(turn)
            spent[name][0] += wall
            spent[name][1] += cpu
    figures["index_speedup"] = spent["plain"][0] / spent["fast"][0]
    figures["index_speedup_cpu"] = spent["plain"][1] / spent["fast"][1]
    figures["index_passages_per_s"] = len(some) / spent["fast"][0]
    return figures


def _rows(embedder: Embedder, passages: Sequence[StoredPassage]) -> None:
    """Everything of new passages that a reindex computes from the model."""
    spans, counts = [], []
    for passage in passages:
        before = len(embedded_text(passage)) - len(passage.text.rstrip())
        sentences = sentence_spans(passage)
        inner = sentences + (word_spans(passage) if embedder.pools_tokens else [])
        spans.append([(start + before, end + before) for start, end in inner])
        counts.append(len(sentences))
    _, parts = embedder.embed_passages([embedded_text(passage) for passage in passages], spans)
    pack(np.concatenate([part[count:] for part, count in zip(parts, counts, strict=True)]))


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    run()
    return perf_counter() - wall, process_time() - cpu


def first_answer(settings: Settings, models_dir: Path, question: str) -> Figures:
    """A process that answers one question and ends."""
    room = open_newsroom(settings, models_dir=models_dir)
    answer = room.ask(Query(question, NOW))
    room.close()
    return {"articles": answer.articles}


def load_questions(file: Path, count: int) -> list[str]:
    """Questions of a file in the format of an evaluation set, each once, then with names and figures exchanged."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = list(dict.fromkeys(json.loads(line)["question"] for line in lines if line.strip()))
    return list(dict.fromkeys(variants(found, count, random.Random(7))))  # noqa: S311
