"""What articles in files of JSON lines cost until they are grouped: ``.venv/bin/python tests/measure_ingest.py``.

Made-up articles as those of tests/measure_stories.py, read in ten steps, so that it shows whether time and memory grow
with what is stored; then the same files with one article in a hundred changed, which leaves no file as it was. Seconds
are of processor time: others may be using the machine.
"""

from __future__ import annotations

import argparse
import json
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

STEPS = 10
FILE = 500
"""Articles in a file."""


def records(made: MadeUp, first: int, count: int, *, edited: bool = False) -> Iterator[str]:
    """Lines of made-up articles; every hundredth one with a sentence more where it is ``edited``."""
    for number in range(first, first + count):
        outlet, article = made.next()
        more = "\nOne more line was added to it later." if edited and number % 100 == 0 else ""
        yield json.dumps({
            "id": str(number),
            "url": f"https://paper.example/{number}",
            "title": article.title,
            "source": outlet,
            "published": article.published,
            "text": article.text + more,
        })  # fmt: skip


def write(folder: Path, made: MadeUp, first: int, count: int, *, edited: bool = False) -> None:
    """Files of these articles."""
    for start in range(first, first + count, FILE):
        lines = records(made, start, min(FILE, first + count - start), edited=edited)
        (folder / f"{start:07}.jsonl").write_text("".join(f"{line}\n" for line in lines))


def read(database: Path, folders: Sequence[Path], what: str) -> None:
    """Read folders as a run does, and print what it took."""
    store = Store(database)
    began = time.process_time()
    reports = ingest_paths(store, folders)
    took = time.process_time() - began
    count = sum(each.new + each.changed + each.unchanged for each in reports)
    figures = {
        "what": what,
        "articles": count,
        "changed": sum(each.changed for each in reports),
        "ms_each": took * 1000 / count,
        "articles_a_second": count / took,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures), flush=True)  # noqa: T201
    store.close()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="What reading articles from JSON lines costs.")
    parser.add_argument("--articles", type=int, default=20_000)
    step = parser.parse_args().articles // STEPS
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as base:
        folders = [Path(base, f"news-{number}") for number in range(STEPS)]
        for edited in (False, True):
            made = MadeUp()
            for number, folder in enumerate(folders):
                folder.mkdir(exist_ok=True)
                write(folder, made, number * step, step, edited=edited)
                if not edited:
                    read(Path(base, "corpus.db"), [folder], f"new, {number * step} stored before")
        read(Path(base, "corpus.db"), folders, "one in a hundred changed")


if __name__ == "__main__":
    main()
