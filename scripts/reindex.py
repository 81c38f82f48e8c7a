"""Read sources and publish the index: ``.venv/bin/python scripts/reindex.py [--sources FILE] [PATH ...] [--full]``.

Exit status: 0 done, 1 nothing could be read, 2 usage or set-up, 4 another reindex is at work.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

import door

door.enter()

from rich.console import Console
from rich.table import Table

from bot.settings import ROOT, load_settings
from bot.terminal import plain, progress_bars
from corpus.errors import NewsdeskError
from corpus.sources import load_sources
from index.embedder import load
from index.errors import IndexBusy
from index.prepare import prepare
from index.reindex import Outcome, reindex

DONE, NOTHING_READ, SETUP, BUSY = 0, 1, 2, 4
FAILURES_SHOWN = 20


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Read sources and publish the index.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders to read")
    parser.add_argument("--sources", type=Path, metavar="FILE", help="a sources file (default: NEWSDESK_SOURCES)")
    parser.add_argument("--sample", action="store_true", help="read the sample corpus")
    parser.add_argument("--full", action="store_true", help="embed everything anew")
    wanted = parser.parse_args()
    errors = Console(stderr=True)
    try:
        settings = load_settings()
        file = wanted.sources or (None if wanted.paths or wanted.sample else settings.sources)
        sources = load_sources(file) if file else ()
        sample = load_sources(ROOT / "corpus" / "sample" / "sources.toml") if wanted.sample else ()
        with progress_bars(errors) as progress:

            def embedder():  # type: ignore[no-untyped-def]
                prepare(settings.embedding_model, settings.models_dir, progress)
                return load(settings.embedding_model, settings.models_dir)

            outcome = reindex(
                settings.corpus_db,
                settings.index_dir,
                embedder,
                who=f"{getpass.getuser()} by scripts/reindex.py",
                sources=sources,
                paths=wanted.paths,
                sample=sample,
                full=wanted.full,
                progress=progress,
            )
    except IndexBusy as error:
        errors.print(f"reindex: {error}", markup=False, highlight=False, soft_wrap=True)
        return BUSY
    except NewsdeskError as error:
        errors.print(f"reindex: {error}", markup=False, highlight=False, soft_wrap=True)
        return SETUP
    show(outcome, errors)
    asked = bool(outcome.reports)
    return NOTHING_READ if asked and not any(report.read for report in outcome.reports) else DONE


def show(outcome: Outcome, console: Console) -> None:
    """Print the summary: a row per source, then what could not be read and why."""
    table = Table(box=None, pad_edge=False)
    for title in ("source", "new", "changed", "unchanged", "withdrawn", "failed"):
        table.add_column(title, justify="left" if title == "source" else "right")
    for report in outcome.reports:
        counts = (report.new, report.changed, report.unchanged, report.withdrawn, len(report.failures))
        table.add_row(plain(report.source), *(str(count) for count in counts))
    console.print(table)
    failures = [failure for report in outcome.reports for failure in report.failures]
    for failure in failures[:FAILURES_SHOWN]:
        console.print(f"not read: {plain(failure.reason)} [{plain(failure.subject)}]", markup=False, soft_wrap=True)
    if len(failures) > FAILURES_SHOWN:
        console.print(f"… and {len(failures) - FAILURES_SHOWN} more")
    manifest = outcome.built.manifest
    state = "published" if outcome.built.published else "unchanged"
    console.print(
        f"index {manifest.version} {state}: {manifest.passages} passages of {manifest.articles} articles,"
        f" {outcome.built.embedded} embedded",
        highlight=False,
    )


if __name__ == "__main__":
    sys.exit(main())
