"""What ``scripts/start`` runs once the environment stands: fill an empty data folder, then answer.

With words it answers them once; with ``DISCORD_TOKEN`` set it connects to Discord; else it opens a chat here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import door

door.enter()

from rich.console import Console

from bot.answer import open_newsroom
from bot.conversation import Turn, answered, turn, understand
from bot.progress_bars import progress_bars
from bot.settings import ROOT, Settings, load_settings
from bot.terminal import log_exchange, show_answer
from corpus.database import is_still, wants_room
from corpus.errors import NewsdeskError, StoreError
from corpus.store import Store
from index.prepare import prepare
from index.published import current_version, is_reindexing, was_published

SETUP, BUSY = 2, 4
WAIT_SECONDS = 0.5


def main() -> int:
    """Run the command line; returns the exit status."""
    question = door.typed(sys.argv[1:])
    sys.stdin.reconfigure(errors="replace")  # bytes that are no text end no chat
    try:
        settings = load_settings()
        if not was_published(settings.index_dir):
            if status := fill(settings):
                return status
        elif settings.corpus_db.exists():
            follow_update(settings)
            with progress_bars(Console(stderr=True)) as progress:
                prepare(settings.embedding_model, settings.models_dir, progress)
        if question:
            return subprocess.call([sys.executable, str(ROOT / "scripts" / "ask.py"), "--", question])
        if settings.discord_token is not None:
            os.chdir(ROOT)
            os.execv(sys.executable, [sys.executable, "-m", "bot"])  # the bot takes this process's place and signals
        return chat(settings)
    except NewsdeskError as error:
        print(f"start: {error}", file=sys.stderr)
        return SETUP


def follow_update(settings: Settings) -> None:
    """Bring the tables of the articles to this version; the index answers on meanwhile."""
    try:
        Store(settings.corpus_db).close()
    except StoreError as error:
        if not (wants_room(error) or is_still(settings.corpus_db)):
            raise
        what = "the disk is full" if wants_room(error) else "nothing can be written there"
        print(f"start: {settings.data_dir}: {what}; answering from what is there", file=sys.stderr)


def fill(settings: Settings) -> int:
    """Read the operator's sources where there are any, else the sample corpus; returns the exit status."""
    # A file that is not there yet is no error here: owners add the first source in Discord.
    own = ["--sources", str(settings.sources)] if settings.sources.exists() else ["--sample"]
    while (status := subprocess.call([sys.executable, str(ROOT / "scripts" / "reindex.py"), *own])) == BUSY:
        # Another start fills the folder, as was just said.
        print("start: waiting until it is done", file=sys.stderr)
        while is_reindexing(settings.index_dir):
            time.sleep(WAIT_SECONDS)
        if current_version(settings.index_dir) is not None:
            return 0
    return status


def chat(settings: Settings) -> int:
    """Ask and answer until the end of input; each question may go on from the one before."""
    console = Console(highlight=False)
    newsroom = open_newsroom(settings)
    before: list[Turn] = []
    try:
        console.print(
            f"Newsdesk answers from {', '.join(newsroom.sources())}. Ask a question; an empty line ends.\n"
            "Set DISCORD_TOKEN in .env to answer in Discord instead.",
            style="dim",
            markup=False,
        )
        while question := ask(console):
            newsroom.refresh()
            now = datetime.now(UTC)
            understood, answer = answered(question, understand(question, before, now), now, newsroom.ask)
            rewritten = understood.text if understood.rewritten else ""
            show_answer(answer, console, rewritten)
            log_exchange(settings, answer, question, rewritten)
            before = [turn(question, understood.text, answer)]
            console.print()
    finally:
        newsroom.close()
    return 0


def ask(console: Console) -> str:
    """The next question; empty at the end of input."""
    try:
        return console.input("[bold]> [/bold]").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""


if __name__ == "__main__":
    sys.exit(main())
