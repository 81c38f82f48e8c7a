"""Measure speed and memory on an index of any size: ``.venv/bin/python scripts/benchmark.py --passages N [--json]``.

Text is put together from the sentences of given articles (``--articles F``, JSON lines; default: the sample corpus),
questions are those beside them. Up to 10,000 passages are embedded, vectors beyond are made from those; docs/speed.md
says how, and how long it takes. Beside each figure stands the plain way's, from the same run. ``--keep FOLDER`` keeps
what was made, and finds it there the next time; ``--like FOLDER`` takes what is embedded from what a run of another
size kept; ``--draw F...`` draws the growth from the outputs of several runs.
Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path
from time import perf_counter, process_time

import door

door.enter()

from rich.console import Console
from rich.table import Table

from bot import benchmarking
from bot.growth import draw
from bot.progress_bars import progress_bars
from bot.settings import Settings, load_settings
from corpus.errors import NewsdeskError
from corpus.sentences import sentences
from corpus.store import Store
from index import made
from index.build import build
from index.embedder import load
from index.prepare import prepare
from index.published import current_version, open_current, reindex_lock

SETUP = 2
REAL = 10_000
"""The most passages that are embedded."""
CHANGED = 1000
"""The most passages that change before the reindex: 1 % of 100,000."""
PARTS = ("answer", "recall", "plain", "first", "unchanged", "change", "reindex", "full")
SAMPLE = door.ROOT / "corpus" / "sample"


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Measure speed and memory.")
    parser.add_argument("--passages", type=int, default=1000, metavar="N", help="size of the index (1000)")
    parser.add_argument("--articles", type=Path, nargs="+", metavar="F", help="JSON lines of articles to draw from")
    parser.add_argument("--questions", type=int, default=200, metavar="N", help="how many questions are asked (200)")
    parser.add_argument("--starts", type=int, default=3, metavar="N", help="the best of how many starts counts (3)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was made, and use what is there")
    parser.add_argument("--like", type=Path, metavar="FOLDER", help="take embedded vectors from what was kept there")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--draw", type=Path, nargs="+", metavar="F", help="draw outputs of --json into docs/speed.svg")
    parser.add_argument("--part", choices=PARTS, help="what one of the processes measures; used by the script itself")
    wanted = parser.parse_args()
    if wanted.passages < 100:
        parser.error("--passages has to be 100 at least")
    if wanted.part and not wanted.keep:
        parser.error("--part needs --keep FOLDER, where an earlier run kept what it made")
    try:
        if wanted.draw:
            runs = [json.loads(file.read_text(encoding="utf-8")) for file in wanted.draw]
            (door.ROOT / "docs" / "speed.svg").write_text(draw(runs), encoding="utf-8")
            return 0
        figures = _part(wanted) if wanted.part else _all(wanted)
    except NewsdeskError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return SETUP
    if wanted.json or wanted.part:
        print(json.dumps(figures))
    else:
        _show(figures)
    return 0


def _all(wanted) -> benchmarking.Figures:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as folder:
        where = wanted.keep or Path(folder)
        settings, models_dir = _settings(where)
        real = min(REAL, wanted.passages)
        figures: benchmarking.Figures = {
            "passages": wanted.passages,
            "passages_embedded": real,
            "vectors_made_from_real_ones": wanted.passages - real,
        }
        with progress_bars(Console(stderr=True)) as progress:
            prepare(settings.embedding_model, models_dir, progress)
            if current_version(settings.index_dir) is None:
                pool = _pool(wanted.articles, wanted.passages)
                store = Store(settings.corpus_db)
                made.fill(store, pool, wanted.passages, random.Random(7), progress)  # noqa: S311
                began = perf_counter()
                made.publish(
                    store,
                    pool,
                    load(settings.embedding_model, models_dir),
                    settings.index_dir,
                    real,
                    progress,
                    open_current(wanted.like / "index") if wanted.like else None,
                )
                figures["build_s"] = perf_counter() - began
                store.close()
            for done, part in enumerate(PARTS):
                progress("measure", done, len(PARTS))
                if part == "first":
                    figures["start_ratio"] = _start_ratio(wanted, where)
                    continue
                if part == "full" and wanted.passages > REAL:
                    continue  # what was made is not embedded, nor is there time to
                found, peak = _process(wanted, where, part)
                figures.update(found)
                if part == "reindex":
                    figures["rss_mb_reindex"] = float(figures["rss_mb"] or 0) + peak
            progress("measure", len(PARTS), len(PARTS))
        # Beyond what is embedded, the least that a full build takes: it embeds at this speed, and writes all besides.
        least = wanted.passages / float(figures["index_passages_per_s"] or 1)
        full_s = float(figures.setdefault("reindex_full_s", None) or least)
        figures["reindex_changed_share"] = float(figures["reindex_changed_s"] or 0) / full_s
        if cpu := float(figures.setdefault("reindex_full_cpu_s", None) or 0):
            figures["reindex_changed_share_cpu"] = float(figures["reindex_changed_cpu_s"] or 0) / cpu
        return figures


def _settings(where: Path) -> tuple[Settings, Path]:
    """Settings for what was made, and where the installation keeps its models."""
    usual = load_settings()
    return usual.model_copy(update={"data_dir": where, "discord_token": None}), usual.models_dir


def _process(wanted, where: Path, part: str) -> tuple[benchmarking.Figures, float]:  # type: ignore[no-untyped-def]
    """What a process of its own found, and the most memory it had, in MB."""
    command = [sys.executable, __file__, "--part", part, "--keep", str(where)]
    for name in ("passages", "questions"):
        command += [f"--{name}", str(getattr(wanted, name))]
    if wanted.articles:
        command += ["--articles", *map(str, wanted.articles)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NewsdeskError(done.stderr[-2000:], subject=f"--part {part}", remedy="run it by itself to see more")
    found = json.loads(done.stdout.splitlines()[-1])
    return found, found.pop("peak_mb")


def _part(wanted) -> benchmarking.Figures:  # type: ignore[no-untyped-def]
    settings, models_dir = _settings(wanted.keep)
    file = wanted.articles[0].with_name("questions.jsonl") if wanted.articles else SAMPLE / "questions.jsonl"
    questions = benchmarking.load_questions(file, wanted.questions)
    real = min(REAL, wanted.passages)
    match wanted.part:
        case "answer":
            figures = benchmarking.answering(settings, models_dir, questions)
        case "recall":
            figures = benchmarking.recall(settings, models_dir, questions)
            figures |= benchmarking.recall_on_real(settings, models_dir, questions, real)
        case "plain":
            figures = benchmarking.plain_way(settings, questions)  # its memory, before there is ours
            figures |= benchmarking.embedding(settings, models_dir, questions, min(512, wanted.passages // 5))
        case "first":
            figures = benchmarking.first_answer(settings, models_dir, questions[0])
        case "change":
            figures = _changed(settings, _pool(wanted.articles, wanted.passages), wanted.passages)
        case _:
            what = {"reindex": "changed"}.get(wanted.part, wanted.part)
            figures = _reindexed(settings, models_dir, what)
    figures["peak_mb"] = benchmarking.resident_mb("VmHWM")
    return figures


def _changed(settings: Settings, pool: list[str], passages: int) -> benchmarking.Figures:
    """Write other words into 1 % of the articles, in a process of its own: making them up takes memory."""
    articles = max(1, passages // made.PASSAGES)
    some = range(0, articles, 100)[: CHANGED // made.PASSAGES]
    store = Store(settings.corpus_db)
    made.change(store, pool, some, random.Random(store.generation))  # noqa: S311
    store.close()
    return {}


def _reindexed(settings: Settings, models_dir: Path, what: str) -> benchmarking.Figures:
    """What a reindex does once it has read its sources and opened the model, after what happened to the articles."""
    embedder = load(settings.embedding_model, models_dir)
    began, worked = perf_counter(), process_time()
    with reindex_lock(settings.index_dir, "scripts/benchmark.py"):
        store = Store(settings.corpus_db)
        built = build(store, embedder, settings.index_dir, full=what == "full")
        store.close()
    return {
        f"reindex_{what}_s": perf_counter() - began,
        f"reindex_{what}_cpu_s": process_time() - worked,
        f"reindex_{what}_embedded": built.embedded,
    }


def _start_ratio(wanted, where: Path) -> float:  # type: ignore[no-untyped-def]
    """Time to a first answer over that of importing sentence-transformers: alternating, the quickest of each."""
    ours, theirs = [], []
    for _ in range(wanted.starts):
        began = perf_counter()
        _process(wanted, where, "first")
        ours.append(perf_counter() - began)
        began = perf_counter()
        subprocess.run([sys.executable, "-c", "import sentence_transformers"], check=True, capture_output=True)
        theirs.append(perf_counter() - began)
    return min(ours) / min(theirs)


def _pool(articles: list[Path] | None, passages: int) -> list[str]:
    """Sentences to put passages together from; the same for every size from 10,000 on."""
    few = passages < REAL
    if articles:
        texts = [json.loads(line)["text"] for file in articles for line in file.read_text("utf-8").splitlines()]
    else:
        paragraphs = [
            re.findall(r"<p>(.*?)</p>", page.read_text("utf-8"), re.DOTALL) for page in SAMPLE.rglob("*.html")
        ]
        texts = [" ".join(unescape(re.sub(r"<[^>]+>", "", each)).split()) for some in paragraphs for each in some]
    lines = {line for text in texts for line in text[:4000].split("\n")}
    found = {line[start:end] for line in lines for start, end in sentences(line, 0, len(line))}
    pool = sorted(each for each in found if 60 < len(each) < 220)
    return sorted(set(made.variants(pool, 3000 if few else 60_000, random.Random(7))))  # noqa: S311


def _show(figures: benchmarking.Figures) -> None:
    table = Table(box=None, show_header=False)
    for name, value in figures.items():
        table.add_row(name, f"{value:,.3f}" if isinstance(value, float) else "–" if value is None else str(value))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
