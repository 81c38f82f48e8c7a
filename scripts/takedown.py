"""Take an article down for good: ``.venv/bin/python scripts/takedown.py ADDRESS`` (or its number, for one without).

Its text and revisions, vectors, older versions of the index and logged quotes are removed, and it is not read again.
What remains are hashes in ``takedowns.jsonl`` in the data folder: keep that file when you restore a backup, and copies
of the data folder elsewhere are yours to delete.

Exit status: 0 done, 2 usage or set-up, 4 a reindex is at work: the article is not quoted any more, run it again.
"""

from __future__ import annotations

import argparse
import getpass
import sys

import door

door.enter()

from bot.settings import load_settings
from bot.takedown import Removed, take_down
from bot.terminal import plain
from corpus.errors import NewsdeskError
from corpus.records import StoredArticle
from index.embedder import load
from index.errors import IndexBusy
from index.prepare import prepare

DONE, SETUP, BUSY = 0, 2, 4


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Take an article down for good.")
    parser.add_argument("article", metavar="ADDRESS", help="its address, or its number")
    wanted = parser.parse_args()
    try:
        settings = load_settings()

        def embedder():  # type: ignore[no-untyped-def]
            model, folder = settings.embedding_model, settings.models_dir
            return prepare(model, folder) or load(model, folder)

        removed = take_down(wanted.article, settings, embedder, who=f"{getpass.getuser()} by scripts/takedown.py")
    except IndexBusy as error:
        print(
            f"takedown: {error}; the article is not quoted any more, its vectors are still in the index",
            file=sys.stderr,
        )
        return BUSY
    except NewsdeskError as error:
        print(f"takedown: {error}", file=sys.stderr)
        return SETUP
    show(removed)
    return DONE


def show(removed: Removed) -> None:
    """Print what was done, and which copies in other outlets stand."""
    if not removed.articles:
        print("No such article is held; its address is not read any more.")
    for article in removed.articles:
        print(f"removed: {_named(article)}")
    print(f"{removed.quotes} logged quotes and {removed.vectors} passages' vectors removed")
    for article in removed.copies:
        print(f"the same story stands: {_named(article)}")


def _named(article: StoredArticle) -> str:
    return plain(f"{article.source}: {article.title} [{article.url or f'number {article.id}'}]")


if __name__ == "__main__":
    sys.exit(main())
