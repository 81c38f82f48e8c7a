"""Corrections that wait for you: ``.venv/bin/python scripts/corrections.py [--release SOURCE | --dismiss SOURCE]``.

Where more than 5 % of a source (three articles at least) change at once, it may be the site that changed and not the
news: nothing posted is edited until you decide. Without an option, the sources that wait are shown, with the quotes
concerned; ``--release`` lets their edits go, ``--dismiss`` leaves the answers as they are until an article changes
again.

Exit status: 0 done, 1 nothing of that source waits, 2 usage or set-up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import door

door.enter()

from bot.correcting import Correction, Held
from bot.journal import Journal
from bot.settings import load_settings
from bot.terminal import plain
from corpus.errors import NewsdeskError

DONE, NOTHING, SETUP = 0, 1, 2
SHOWN = 5
"""Quotes shown of a source."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Show, release or dismiss corrections that wait for the operator.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--release", metavar="SOURCE", help="let the edits of a source go")
    choice.add_argument("--dismiss", metavar="SOURCE", help="leave the answers as they are")
    wanted = parser.parse_args(arguments)
    try:
        settings = load_settings()
        if not settings.journal_db.exists():
            print("nothing was answered yet")
            return DONE
        journal = Journal(settings.journal_db)
        try:
            if wanted.release or wanted.dismiss:
                return decide(
                    journal, wanted.release or wanted.dismiss, Held.FREE if wanted.release else Held.DISMISSED
                )
            show(journal)
            return DONE
        finally:
            journal.close()
    except NewsdeskError as error:
        print(f"corrections: {error}", file=sys.stderr)
        return SETUP


def decide(journal: Journal, source: str, held: Held) -> int:
    """Release or dismiss what waits of a source."""
    count = journal.corrections.decide(source, held, now=datetime.now(UTC))
    if not count:
        print(f"corrections: nothing of {plain(source)} waits; without an option this shows what does", file=sys.stderr)
        return NOTHING
    done = "released: the running bot edits its answers" if held is Held.FREE else "dismissed: the answers stay"
    print(f"{plain(source)}: {count} quotes {done}")
    return DONE


def show(journal: Journal) -> None:
    """Print what waits."""
    waiting = journal.corrections.waiting()
    if not waiting:
        print("nothing waits for you")
    for source, articles, answers in waiting:
        print(f"{plain(source)}: {articles} articles changed at once, {answers} answers quote them")
        for correction in journal.corrections.samples(source, SHOWN):
            print(f"  {_line(correction)}")


def _line(correction: Correction) -> str:
    now = correction.finding.words or correction.finding.reason
    return plain(f"{correction.finding.kind}: “{correction.quote}” -> “{now}” [{correction.url or correction.title}]")


if __name__ == "__main__":
    sys.exit(main())
