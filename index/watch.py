"""Reading by the intervals, for months: what is due is read, the index follows what changed, errors are outlived."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import NewsdeskError
from corpus.ingest import ingest_sources
from corpus.progress import Progress, silent
from corpus.records import Source, SourceReport
from corpus.store import Store
from index.build import Built, build
from index.embedder import Embedder
from index.errors import IndexUnavailable
from index.published import current_version, read_manifest, reindex_lock

if TYPE_CHECKING:
    from corpus.fetch import Fetcher

log = logging.getLogger(__name__)

LOOK = 60.0
"""The longest sleep, seconds: an edited sources file is noticed after it."""
PAUSE = 60.0
"""Seconds after an error of one's own."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did.

    Attributes:
        reports: of the sources that were due.
        built: None where the index followed the store already.
        wait: seconds until the next source is due; 0 where one is.
    """

    reports: tuple[SourceReport, ...]
    built: Built | None
    wait: float


def one_round(
    corpus_db: Path,
    index_dir: Path,
    embedder: Callable[[], Embedder],
    sources: Sequence[Source],
    *,
    who: str,
    now: datetime,
    fetcher: Fetcher | None = None,
    progress: Progress = silent,
) -> Round:
    """Read the sources that are due, and publish an index if it no longer follows the store.

    Args:
        embedder: gives the model; called only where something has to be embedded.
        now: what is due by then, in UTC.

    Raises:
        IndexBusy: another reindex is at work.
        NewsdeskError: the store, the index or the model cannot be used.
    """
    with reindex_lock(index_dir, who):
        store = Store(corpus_db)
        try:
            reports = ingest_sources(store, sources, fetcher=fetcher, due=now, progress=progress)
            built = (
                None
                if _follows(index_dir, store.generation)
                else build(store, embedder(), index_dir, progress=progress)
            )
            return Round(tuple(reports), built, _wait(store, sources, now))
        finally:
            store.close()


def watch(
    work: Callable[[Sequence[Source], datetime], Round],
    load: Callable[[], Sequence[Source]],
    *,
    told: Callable[[Round], None],
    trouble: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Go round until the caller is interrupted; returns never.

    Args:
        work: does a round, see `one_round`.
        load: gives the sources, read anew for each round; while it fails, those of the last time stand.
        told: is given each round that did something.
        trouble: is given what went wrong, in a line.
    """
    sources: Sequence[Source] = ()
    while True:
        try:
            sources = load()
        except NewsdeskError as error:
            _tell(trouble, str(error))
        except Exception as error:  # what failed once may work next time, and nobody is there to start it again
            log.exception("the sources could not be read")
            _tell(trouble, f"an error in Newsdesk: {type(error).__name__}: {error}")
        try:
            found = work(sources, now())
            if found.reports or found.built:
                told(found)
            wait = found.wait
        except NewsdeskError as error:
            _tell(trouble, str(error))
            wait = PAUSE
        except Exception as error:
            log.exception("a round failed")
            _tell(trouble, f"an error in Newsdesk: {type(error).__name__}: {error}")
            wait = PAUSE
        sleep(min(max(wait, 1.0), LOOK))


def _tell(trouble: Callable[[str], None], line: str) -> None:
    """Tell of trouble, if anybody still listens: a terminal that was closed ends no reading."""
    try:
        trouble(line)
    except OSError:
        log.warning("%s", line)


def _follows(index_dir: Path, generation: int) -> bool:
    try:
        version = current_version(index_dir)
        return version is not None and read_manifest(index_dir / "versions" / version).generation == generation
    except IndexUnavailable:
        return False


def _wait(store: Store, sources: Sequence[Source], now: datetime) -> float:
    states = store.visits.states()
    due = [states[source.name].due for source in sources if source.name in states and not source.paused]
    return max((min(due) - now).total_seconds(), 0.0) if due else LOOK
