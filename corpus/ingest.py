"""Sources -> store: reads what is there, keeps what changed, and reports per source.

Every article is kept whole in one transaction, so a run that is cut short leaves whole articles, and the next run
goes on from there: a file counts as read only once all of it was.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.beside import Beside
from corpus.errors import CorpusError, StoreError
from corpus.files import files_of, is_sample, read_files
from corpus.progress import Progress, silent
from corpus.records import Failure, Source, SourceKind, SourceReport
from corpus.schedule import after_poll
from corpus.store import Store

if TYPE_CHECKING:
    from corpus.fetch import Fetcher

log = logging.getLogger(__name__)


def ingest_sources(
    store: Store,
    sources: Sequence[Source],
    *,
    sample: bool = False,
    fetcher: Fetcher | None = None,
    due: datetime | None = None,
    progress: Progress = silent,
) -> list[SourceReport]:
    """Read every source that is not paused; one that fails never stops the others.

    Args:
        fetcher: reads the sources of the network; by default one without a contact.
        due: read only what is due by then by the intervals; None for everything now.
    """
    reading = []
    for source in sources:
        made_up = sample or (source.kind is SourceKind.FOLDER and is_sample(Path(source.location)))
        store.put_source(source, sample=made_up)
        if not source.paused and _is_due(store, source, due):
            reading.append(source)
    remote = [source for source in reading if source.kind is not SourceKind.FOLDER]
    reports = {report.source: report for report in _poll(store, remote, fetcher, sources, progress)}
    with Beside() as beside:
        for source in reading:
            if source.kind is SourceKind.FOLDER:
                reports[source.name] = _read_folder(store, source, progress, beside)
            store.add_report(reports[source.name])
        store.storylines.group(beside)
    if not sample:
        store.retire_sample()
    return [reports[source.name] for source in reading]


def _is_due(store: Store, source: Source, due: datetime | None) -> bool:
    state = store.visits.state(source.name) if due else None
    # Polled in what is the future: the clock was wrong then, and the time it set is no guide.
    return due is None or state is None or state.due <= due or state.polled > due


def _poll(
    store: Store, sources: Sequence[Source], fetcher: Fetcher | None, named: Sequence[Source], progress: Progress
) -> list[SourceReport]:
    if not sources:
        return []
    from corpus.fetch import Fetcher  # brings the HTTP client, which folders do not need
    from corpus.poll import poll

    return poll(store, sources, fetcher or Fetcher(), names=[source.name for source in named], progress=progress)


def _read_folder(store: Store, source: Source, progress: Progress, beside: Beside) -> SourceReport:
    error = ""
    try:
        folder = Path(source.location)
        if not folder.exists():
            raise CorpusError("there is no such folder", subject=folder, remedy="mend its path in the sources file")
        found = files_of(folder, source.name, named=True)
        report = read_files(store, found, [folder], source.name, progress, beside)
    except StoreError:  # nothing can be kept, so the next source would fail the same way
        raise
    except CorpusError as failed:
        error = str(failed)
        report = SourceReport(source.name, failures=(Failure(source.name, error),))
    except Exception as bug:  # one folder's data must not take the others' news away
        log.exception("reading %s failed", source.name)
        error = f"an error in Newsdesk ({type(bug).__name__}: {bug})"
        if isinstance(bug, OSError):
            error = f"{source.location}: cannot be read ({bug.strerror}); mend its path in the sources file"
        report = SourceReport(source.name, failures=(Failure(source.name, error),))
    number = store.source_id(source.name)
    if number is not None:
        now = datetime.now(UTC)
        before = store.visits.state(source.name)
        with store.transaction():
            store.visits.put_state(number, after_poll(before, interval=source.interval, now=now, error=error))
    return report


def ingest_paths(store: Store, paths: Sequence[Path], *, progress: Progress = silent) -> list[SourceReport]:
    """Read files and folders named by hand; each folder is a source of its own name.

    A file gone from a folder that was read before is withdrawn.
    """
    reports = []
    with Beside() as beside:
        for path in paths:
            path = path.expanduser().absolute()
            name = (path if path.is_dir() else path.parent).resolve().name or "files"
            if path.exists():
                folders = [path] if path.is_dir() else []
                report = read_files(store, files_of(path, name, named=False), folders, name, progress, beside)
            else:
                report = SourceReport(name, failures=(Failure(str(path), "there is no such file or folder"),))
            store.add_report(report)
            reports.append(report)
        store.storylines.group(beside)
    store.retire_sample()
    return reports
