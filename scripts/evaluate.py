"""Measure answers, extraction, or the classing of changed quotes, on a set of one's own.

``.venv/bin/python scripts/evaluate.py --articles F --questions F [--split tune|held|all] [--plain] [--json]`` indexes
the articles in a temporary folder and asks the questions as members do, ``--plain`` with sentence-transformers at full
precision in place of the fast path; ``--pages FOLDER [--unnamed] [--json]`` scores
extraction, ``--unnamed`` with the classes and ids of the pages hidden;
``--revisions FILE [--json]`` scores what is said of quotes whose articles changed; ``--claims FILE [--json]`` scores
where sentences of two outlets are said to agree or to differ.
Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import door

door.enter()

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.answer import open_newsroom
from bot.evaluation import Split, ask_all, load_questions, measures
from bot.progress_bars import progress_bars
from bot.settings import Settings, load_settings
from corpus.claim_scores import score_claims
from corpus.errors import CorpusError, NewsdeskError
from corpus.page_scores import score_pages
from corpus.records import instant
from corpus.revision_scores import score_revisions
from corpus.store import Store
from index.embedder import load
from index.prepare import prepare
from index.reindex import reindex

SETUP = 2


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Measure on a set of one's own.")
    parser.add_argument("--articles", type=Path, metavar="F", help="JSON lines of articles")
    parser.add_argument("--questions", type=Path, metavar="F", help="JSON lines of questions")
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.ALL, help="which questions (all)")
    parser.add_argument("--plain", action="store_true", help="with sentence-transformers at full precision, slower")
    parser.add_argument("--pages", type=Path, metavar="FOLDER", help="pages with the text a person marked")
    parser.add_argument("--unnamed", action="store_true", help="hide the classes and ids of the pages first")
    parser.add_argument("--revisions", type=Path, metavar="FILE", help="JSON lines: quote, before, after, class")
    parser.add_argument("--claims", type=Path, metavar="FILE", help="JSON lines: one, other, class")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    wanted = parser.parse_args()
    modes = (wanted.articles or wanted.questions, wanted.pages, wanted.revisions, wanted.claims)
    if sum(map(bool, modes)) != 1 or bool(wanted.articles) != bool(wanted.questions):
        parser.error("give --articles and --questions, or --pages, or --revisions, or --claims")
    if wanted.plain and not wanted.articles:
        parser.error("--plain goes with --articles")
    if wanted.unnamed and not wanted.pages:
        parser.error("--unnamed goes with --pages")
    try:
        figures: Mapping[str, float | None]
        if wanted.pages:
            figures = score_pages(wanted.pages, unnamed=wanted.unnamed)
        elif wanted.revisions:
            figures = score_revisions(wanted.revisions)
        elif wanted.claims:
            figures = score_claims(wanted.claims)
        else:
            figures = evaluate(load_settings(), wanted.articles, wanted.questions, wanted.split, plain=wanted.plain)
    except NewsdeskError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return SETUP
    if wanted.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def evaluate(
    settings: Settings, articles: Path, questions: Path, split: Split, *, plain: bool = False
) -> dict[str, float | None]:
    """Index the articles in a temporary folder, ask the questions, and measure; ``plain``: without the fast path."""
    asked = load_questions(questions, split)
    errors = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as folder:
        there = settings.model_copy(update={"data_dir": Path(folder), "discord_token": None})
        models_dir = there.models_dir if plain else settings.models_dir  # nothing is exported in the former
        with progress_bars(errors) as progress:
            if not plain:
                prepare(settings.embedding_model, models_dir, progress)
            outcome = reindex(
                there.corpus_db,
                there.index_dir,
                lambda: load(settings.embedding_model, models_dir),
                who="scripts/evaluate.py",
                paths=[articles],
                progress=progress,
            )
        failures = [failure for report in outcome.reports for failure in report.failures]
        if failures:
            raise CorpusError(failures[0].reason, subject=failures[0].subject, remedy="mend the set")
        store = Store(there.corpus_db, readonly=True)
        external = {
            article: found.external_id for article in store.quotable_articles() if (found := store.article(article))
        }
        dates = [instant(found.published) for article in external if (found := store.article(article))]
        store.close()
        newsroom = open_newsroom(there, models_dir=models_dir)
        try:
            shown = track(asked, "ask", console=errors, transient=True)
            return measures(list(ask_all(newsroom, shown, external, max((d for d in dates if d), default=None))))
        finally:
            newsroom.close()


def show(figures: Mapping[str, float | None]) -> None:
    """Print the figures as a table."""
    table = Table(box=None, show_header=False)
    for name, value in figures.items():
        table.add_row(name, "–" if value is None else f"{value:.3f}")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
