"""Read sources and publish the index: ``.venv/bin/python scripts/reindex.py [--sources FILE] [PATH ...] [--full]``.

``--status`` shows how each source fares and reads nothing; ``--watch`` goes on reading by the sources' intervals until
it is interrupted (SIGINT, SIGTERM). ``--verify`` compares store, vectors and keywords and mends what it can;
``--rollback`` goes back to the index before the current one.

Exit status: 0 done, fine or mended, 1 nothing could be read, or not all could be mended, 2 usage or set-up, 4 another
reindex is at work.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import door

door.enter()
if "--watch" in sys.argv:
    door.leave_on_signal()

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.progress_bars import progress_bars
from bot.progress_lines import result, tell, telling
from bot.settings import ROOT, Settings, load_settings
from bot.terminal import plain
from corpus.errors import NewsdeskError
from corpus.fetch import Fetcher
from corpus.progress import Progress, silent
from corpus.records import Source, SourceKind, SourceReport
from corpus.sources import load_sources
from corpus.status import Health, apart, statuses, tally
from corpus.store import Store
from corpus.verify import verify_file
from index.build import Built
from index.embedder import Embedder, load
from index.errors import IndexBusy
from index.prepare import prepare
from index.published import reindex_lock, roll_back
from index.reindex import reindex
from index.verify import verify
from index.watch import Round, one_round, watch

DONE, NOTHING_READ, SETUP, BUSY = 0, 1, 2, 4
NOT_MENDED = 1
FAILURES_SHOWN = 20


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Read sources and publish the index.")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders to read")
    parser.add_argument("--sources", type=Path, metavar="FILE", help="a sources file (default: NEWSDESK_SOURCES)")
    parser.add_argument("--sample", action="store_true", help="read the sample corpus")
    parser.add_argument("--full", action="store_true", help="embed everything anew")
    parser.add_argument("--status", action="store_true", help="show how each source fares; reads nothing")
    parser.add_argument("--watch", action="store_true", help="go on reading by the intervals of the sources")
    parser.add_argument("--verify", action="store_true", help="compare store and index, and mend what can be mended")
    parser.add_argument("--rollback", action="store_true", help="go back to the index before the current one")
    parser.add_argument("--progress-json", action="store_true", help="tell progress as JSON lines on standard error")
    parser.add_argument("--who", metavar="NAME", help="who asks, told to whoever asks meanwhile (default: the user)")
    wanted = parser.parse_args()
    if (wanted.status or wanted.watch) and (wanted.paths or wanted.sample or wanted.full):
        parser.error("--status and --watch go with --sources alone")
    if (wanted.verify or wanted.rollback) and (wanted.paths or wanted.sources or wanted.sample or wanted.full):
        parser.error("--verify and --rollback go alone")
    if wanted.status + wanted.watch + wanted.verify + wanted.rollback > 1:
        parser.error("--status, --watch, --verify and --rollback exclude each other")
    errors = Console(stderr=True)
    try:
        settings = load_settings()
        if wanted.status:
            return show_status(settings, wanted.sources or settings.sources)
        if wanted.watch:
            return keep_reading(settings, wanted.sources or settings.sources, errors)
        if wanted.rollback:
            return go_back(settings, errors)
        if wanted.verify:
            return compare(settings, errors)
        file = wanted.sources or (None if wanted.paths or wanted.sample else settings.sources)
        # Without a sources file there is the sample, and whatever files were read by hand: both are indexed anew.
        without = file == settings.sources and not wanted.sources and settings.without_sources
        sources = load_sources(file) if file and not without else ()
        sample = load_sources(ROOT / "corpus" / "sample" / "sources.toml") if wanted.sample or without else ()
        with nullcontext(telling(sys.stderr)) if wanted.progress_json else progress_bars(errors) as progress:
            outcome = reindex(
                settings.corpus_db,
                settings.index_dir,
                lambda: embedder(settings, progress),
                who=wanted.who or f"{door.user()} by scripts/reindex.py",
                sources=sources,
                paths=wanted.paths,
                sample=sample,
                fetcher=fetcher(settings),
                full=wanted.full,
                progress=progress,
            )
    except IndexBusy as error:
        errors.print(f"reindex: {error}", markup=False, highlight=False, soft_wrap=True)
        return BUSY
    except NewsdeskError as error:
        errors.print(f"reindex: {error}", markup=False, highlight=False, soft_wrap=True)
        return SETUP
    if wanted.progress_json:
        built, manifest = outcome.built, outcome.built.manifest
        counts = {"passages": manifest.passages, "articles": manifest.articles, "published": built.published}
        tell(sys.stderr, result(outcome.reports, **counts))
    else:
        show(outcome.reports, outcome.built, errors)
    # A folder whose last file went was read: what was in it is withdrawn.
    reports = outcome.reports
    read = any(report.read or (report.withdrawn and not report.failures) for report in reports)
    return NOTHING_READ if reports and not read else DONE


def embedder(settings: Settings, progress: Progress = silent) -> Embedder:
    """The model of the settings, exported first where it was not."""
    model, folder = settings.embedding_model, settings.models_dir
    return prepare(model, folder, progress) or load(model, folder)


def fetcher(settings: Settings) -> Fetcher:
    """The network client with the operator's contact and allowances."""
    return Fetcher(settings.contact, settings.allow_hosts)


def keep_reading(settings: Settings, file: Path, console: Console) -> int:
    """Read by the intervals until a signal comes."""
    load_sources(file)  # a file that cannot be used is an error at the start; later ones are told and outlived
    model = cache(lambda: embedder(settings))
    client = fetcher(settings)
    who = f"{door.user()} by scripts/reindex.py --watch"

    def stamp() -> str:
        return datetime.now(UTC).isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")

    def work(sources: Sequence[Source], now: datetime) -> Round:
        return one_round(settings.corpus_db, settings.index_dir, model, sources, who=who, now=now, fetcher=client)

    def told(found: Round) -> None:
        news = any(each.new or each.changed or each.withdrawn or each.failures for each in found.reports)
        if not (news or found.built):
            return  # months of rounds in which nothing happened would bury the others
        console.print(f"-- {stamp()} UTC", highlight=False)
        show(found.reports, found.built, console)

    def trouble(line: str) -> None:
        console.print(f"{stamp()} UTC reindex: {plain(line)}", markup=False, highlight=False, soft_wrap=True)

    console.print(f"watching {file}; an interrupt or SIGTERM ends it", markup=False, highlight=False, soft_wrap=True)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        watch(work, lambda: load_sources(file), told=told, trouble=trouble)
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # it is stopping already
        console.print("stopped", highlight=False)
    return DONE


def go_back(settings: Settings, console: Console) -> int:
    """Return to the index before the current one."""
    with reindex_lock(settings.index_dir, f"{door.user()} by scripts/reindex.py --rollback"):
        manifest = roll_back(settings.index_dir)
    console.print(
        f"index {manifest.version} of {manifest.created} is current: {manifest.passages} passages of"
        f" {manifest.articles} articles; the next reindex that finds a change goes forward",
        highlight=False,
        soft_wrap=True,
    )
    return DONE


def compare(settings: Settings, console: Console) -> int:
    """Check the databases and the index, mend, and print what was found."""
    with progress_bars(console) as progress:
        checks = verify(
            settings.corpus_db,
            settings.index_dir,
            lambda: embedder(settings, progress),
            who=f"{door.user()} by scripts/reindex.py --verify",
            progress=progress,
        )
    checks.append(verify_file(settings.journal_db))
    table = Table(box=None, pad_edge=False)
    for title in ("compared", "checked", "wrong", "mended"):
        table.add_column(title, justify="left" if title == "compared" else "right")
    for check in checks:
        colour = "default" if not check.found else "yellow" if check.fine else "red"
        table.add_row(
            escape(check.what), str(check.checked), f"[{colour}]{check.found}[/]", f"[{colour}]{check.mended}[/]"
        )
    console.print(table)
    for check in checks:
        for example in check.examples:
            console.print(f"{check.what}: {plain(example)}", markup=False, highlight=False, soft_wrap=True)
    if all(check.fine for check in checks):
        return DONE
    console.print("not all could be mended; restore from a backup (docs/backup.md)", highlight=False)
    return NOT_MENDED


def show_status(settings: Settings, file: Path) -> int:
    """Print how each source fares, on standard output."""
    sources = load_sources(file) if file.exists() else ()
    now = datetime.now(UTC)
    store = Store(settings.corpus_db, readonly=True)
    try:
        found = statuses(store, sources, now)
    finally:
        store.close()
    table = Table(box=None, pad_edge=False)
    for title in ("source", "articles", "newest", "last checked", "next due", "health"):
        table.add_column(title, justify="right" if title == "articles" else "left", no_wrap=title != "source")
    colours = {Health.GOOD: "green", Health.FAILING: "red", Health.PARTLY: "yellow", Health.WAITING: "yellow"}
    for each in found:
        due = "now" if each.due and each.due <= now else apart(each.due, now)
        health = f"[{colours[each.health]}]{each.health}[/]" if each.health in colours else each.health
        newest, checked = apart(each.newest, now), apart(each.checked, now)
        table.add_row(escape(plain(each.name)), str(each.articles), newest, checked, due, health)
    console = Console()
    console.print(table)
    for each in found:
        if each.why:
            line = f"{plain(each.name)}: {plain(each.why)}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if each.last:
            line = f"{plain(each.name)}: its last run: {tally(each.last)}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if each.limits:
            said = ", ".join(f"{count} {why}" for why, count in each.limits.items())
            line = f"{plain(each.name)}: by its pages' wishes {said}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    for source in sources:
        if allowed := _allowed(source):
            console.print(f"{plain(source.name)}: {allowed}", markup=False, highlight=False, soft_wrap=True)
    return DONE


def _allowed(source: Source) -> str:
    """What the operator allows to show of a source where that is not the default; else empty."""
    usual = Source("", SourceKind.FEED, "")
    words = f"quotes of {source.max_quote_words} words at most"
    said = [words] if source.max_quote_words != usual.max_quote_words else []
    said += ["its articles may be read whole"] if source.full_text else []
    return f"by its entry {', '.join(said)}" if said else ""


def show(reports: Sequence[SourceReport], built: Built | None, console: Console) -> None:
    """Print the summary: a row per source, then what could not be read and why."""
    table = Table(box=None, pad_edge=False)
    for title in ("source", "new", "changed", "unchanged", "withdrawn", "failed"):
        table.add_column(title, justify="left" if title == "source" else "right")
    for report in reports:
        counts = (report.new, report.changed, report.unchanged, report.withdrawn, len(report.failures))
        table.add_row(escape(plain(report.source)), *(str(count) for count in counts))
    console.print(table)
    failures = [failure for report in reports for failure in report.failures]
    for failure in failures[:FAILURES_SHOWN]:
        console.print(f"not read: {plain(failure.reason)} [{plain(failure.subject)}]", markup=False, soft_wrap=True)
    if len(failures) > FAILURES_SHOWN:
        console.print(f"… and {len(failures) - FAILURES_SHOWN} more")
    if built is None:
        return
    manifest = built.manifest
    state = "published" if built.published else "unchanged"
    console.print(
        f"index {manifest.version} {state}: {manifest.passages} passages of {manifest.articles}"
        f" article{'' if manifest.articles == 1 else 's'}, {built.embedded} embedded",
        highlight=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    sys.exit(main())
