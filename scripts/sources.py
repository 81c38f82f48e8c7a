"""Fill the sources file: ``.venv/bin/python scripts/sources.py add URL | import OPML | export [OPML]``.

``add`` finds the feeds and the sitemap of a site, shows what would be read, and writes the entry at the end of the
sources file; what the operator wrote there stays as it is.

Exit status: 0 done, 1 nothing was found, 2 usage or set-up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import door

door.enter()

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.settings import load_settings
from bot.terminal import plain
from corpus.discover import Candidate, discover
from corpus.errors import NewsdeskError, SourcesError
from corpus.fetch import Fetcher
from corpus.lists import choose
from corpus.opml import read_opml, write_opml
from corpus.records import Source, SourceKind
from corpus.sources import append_sources, load_sources, written

DONE, NOTHING, SETUP = 0, 1, 2
SHOWN = 8
"""Items shown of a list."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Fill the sources file.")
    parser.add_argument("--sources", type=Path, metavar="FILE", help="the sources file (default: NEWSDESK_SOURCES)")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="find what a site offers, show it, and write the entry")
    add.add_argument("url", help="the site, a section of it, a feed or a sitemap")
    add.add_argument("--name", default="", help="the outlet's name as members will see it")
    add.add_argument("--language", default="", help='a language tag, "en" say')
    add.add_argument("--topics", default="", help="words to filter by, separated by commas")
    add.add_argument("--pick", type=int, default=1, metavar="N", help="take the N-th of what was found")
    add.add_argument("--dry-run", action="store_true", help="show what would be read, write nothing")
    bring = commands.add_parser("import", help="add the feeds of an OPML file")
    bring.add_argument("file", type=Path)
    give = commands.add_parser("export", help="write the feeds as OPML")
    give.add_argument("file", type=Path, nargs="?", help="default: standard output")
    wanted = parser.parse_args(arguments)
    errors = Console(stderr=True)
    try:
        settings = load_settings()
        file = wanted.sources or settings.sources
        if wanted.command == "add":
            known = load_sources(file) if file.exists() else ()
            return add_site(wanted, file, known, Fetcher(settings.contact, settings.allow_hosts))
        return import_feeds(wanted.file, file) if wanted.command == "import" else export_feeds(file, wanted.file)
    except NewsdeskError as error:
        errors.print(f"sources: {error}", markup=False, highlight=False, soft_wrap=True)
        return SETUP
    except OSError as error:
        errors.print(f"sources: {error.filename}: {error.strerror}", markup=False, highlight=False, soft_wrap=True)
        return SETUP


def add_site(wanted: argparse.Namespace, file: Path, known: Sequence[Source], fetcher: Fetcher) -> int:
    """Find what a site offers, show it, and write one entry."""
    url = wanted.url if "://" in wanted.url else f"https://{wanted.url}"
    found = discover(fetcher, url, name=wanted.name)
    console = Console(highlight=False)
    if not found:
        console.print(
            f"{plain(url)}: no feed and no sitemap was found; if you know the address of one, add that",
            markup=False,
            soft_wrap=True,
        )
        return NOTHING
    if not 1 <= wanted.pick <= len(found):
        raise SourcesError(f"--pick {wanted.pick} is none of 1 to {len(found)}", subject=url, remedy="pick another")
    for number, candidate in enumerate(found, 1):
        mark = "->" if number == wanted.pick else "  "
        what = f"{mark} {number}. {candidate.source.kind} {plain(candidate.source.location)}"
        console.print(f"{what} ({len(candidate.items)} items)", markup=False, soft_wrap=True)
    chosen = found[wanted.pick - 1]
    topics = tuple(part.strip() for part in wanted.topics.split(",") if part.strip())
    source = replace(chosen.source, language=wanted.language, topics=topics)
    show_items(replace(chosen, source=source), console)
    if any(source.location == other.location for other in known):
        raise SourcesError("is among the sources already", subject=source.location, remedy=f"edit its entry in {file}")
    console.print()
    console.print(written(source), markup=False, soft_wrap=True, end="")
    if wanted.dry_run:
        return DONE
    append_sources(file, [source])
    console.print(f"\nwritten to {file}; scripts/reindex.py reads it", markup=False, soft_wrap=True)
    return DONE


def show_items(candidate: Candidate, console: Console) -> None:
    """Print what would be read: dates and titles, and what would not be taken."""
    items, failures = choose(candidate.items, candidate.source)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item in items[:SHOWN]:
        when = (item.published or item.updated or "")[:16].replace("T", " ")
        table.add_row(when, Text(plain(item.title or item.url)))
    console.print()
    console.print(table)
    if len(items) > SHOWN:
        console.print(f"… and {len(items) - SHOWN} more")
    for failure in failures:
        console.print(f"not taken: {plain(failure.reason)} [{plain(failure.subject)}]", markup=False, soft_wrap=True)


def import_feeds(opml: Path, file: Path) -> int:
    """Add the feeds of an OPML file that are not among the sources; a name that is taken gets a number."""
    listed = read_opml(opml.read_bytes(), name=str(opml))
    known = load_sources(file) if file.exists() else ()
    names = {source.name.casefold() for source in known}
    addresses = {source.location for source in known}
    added = []
    for source in listed:
        if source.location in addresses:
            continue
        name, number = source.name, 2
        while name.casefold() in names:
            name, number = f"{source.name} {number}", number + 1
        names.add(name.casefold())
        added.append(replace(source, name=name))
    if added:
        append_sources(file, added)
    print(f"{len(added)} feeds added to {file}, {len(listed) - len(added)} were there already")
    return DONE


def export_feeds(file: Path, opml: Path | None) -> int:
    """Write the feeds of the sources file as OPML."""
    sources = load_sources(file)
    data = write_opml(sources)
    if opml is None:
        sys.stdout.buffer.write(data)
    else:
        opml.write_bytes(data)
    others = sum(source.kind is not SourceKind.FEED for source in sources)
    if others:
        print(f"{others} sources that are no feeds were left out: OPML lists feeds", file=sys.stderr)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
