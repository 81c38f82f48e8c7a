"""What articles in files of JSON lines cost until they are grouped: ``.venv/bin/python tests/measure_ingest.py``.

Made-up articles as those of tests/measure_stories.py, read in as many runs as ``--runs`` says, so that it shows whether
time and memory grow with what is stored; then the same files with one article in a hundred changed, which leaves no
file as it was. Time by the clock depends on who else uses the machine: the processor time of both processes stands
beside it, and how much memory each holds after a tenth, half and all of the files.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from measure_stories import MadeUp

from corpus.ingest import ingest_paths
from corpus.store import Store

FILE = 500
"""Articles in a file."""


def records(made: MadeUp, first: int, count: int, *, longer: int = 1, edited: bool = False) -> Iterator[str]:
    """Lines of made-up articles; every hundredth one with a sentence more where it is ``edited``.

    Args:
        longer: how many times the paragraphs of one article of `MadeUp`, which has eight of sixteen words.
    """
    for number in range(first, first + count):
        outlet, article = made.next()
        lines = article.text.split("\n")
        text = "\n".join(" ".join([*lines[place:], *lines[:place]][:4]) for place in range(longer))
        more = "\nOne more line was added to it later." if edited and number % 100 == 0 else ""
        yield json.dumps({
            "id": str(number),
            "url": f"https://paper.example/{number}",
            "title": article.title,
            "source": outlet,
            "published": article.published,
            "text": (article.text if longer == 1 else text) + more,
        })  # fmt: skip


def write(folder: Path, made: MadeUp, first: int, count: int, *, longer: int = 1, edited: bool = False) -> None:
    """Files of these articles."""
    for start in range(first, first + count, FILE):
        lines = records(made, start, min(FILE, first + count - start), longer=longer, edited=edited)
        (folder / f"{start:07}.jsonl").write_text("".join(f"{line}\n" for line in lines))


def resident(process: int | str) -> int:
    """Megabytes that a process holds in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def children() -> list[str]:
    """Ids of the processes that this one began."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def seconds() -> tuple[float, float, float]:
    """By the clock, and of processor time of this process and of those that it began and that have ended."""
    return time.perf_counter(), *(
        sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def read(database: Path, folders: Sequence[Path], what: str) -> None:
    """Read folders as a run does, and print what it took."""
    store = Store(database)
    memory: dict[str, list[int]] = {}

    def look(stage: str, done: int, total: int) -> None:
        if done in (total // 10, total // 2, total):
            memory[f"{done * 100 // max(total, 1)} %"] = [resident("self"), *map(resident, children())]

    began = seconds()
    reports = ingest_paths(store, folders, progress=look)
    clock, own, other = (after - before for after, before in zip(seconds(), began, strict=True))
    count = sum(each.new + each.changed + each.unchanged for each in reports)
    figures = {
        "what": what,
        "articles": count,
        "changed": sum(each.changed for each in reports),
        "articles_a_second": round(count / clock),
        "ms_each": {
            name: round(value * 1000 / count, 3) for name, value in (("clock", clock), ("own", own), ("beside", other))
        },
        "mb": memory | {"grouped": [resident("self")]},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load": os.getloadavg()[0],
    }
    print(json.dumps(figures), flush=True)  # noqa: T201
    store.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="What reading articles from JSON lines costs.")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=10, help="in how many runs they are read")
    parser.add_argument("--longer", type=int, default=1, help="paragraphs of 64 words; 1: eight of 16 words")
    wanted = parser.parse_args()
    step = wanted.articles // wanted.runs
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as base:
        folders = [Path(base, f"news-{number}") for number in range(wanted.runs)]
        for edited in (False, True):
            made = MadeUp()
            for number, folder in enumerate(folders):
                folder.mkdir(exist_ok=True)
                write(folder, made, number * step, step, longer=wanted.longer, edited=edited)
                if not edited:
                    read(Path(base, "corpus.db"), [folder], f"new, {number * step} stored before")
        read(Path(base, "corpus.db"), folders, "one in a hundred changed")


if __name__ == "__main__":
    main()
