"""One reindex from sources to a published index: what scripts/reindex.py, scripts/start and the bot all call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.ingest import ingest_paths, ingest_sources
from corpus.progress import Progress, silent
from corpus.records import Source, SourceReport
from corpus.store import Store
from index.build import Built, build
from index.embedder import Embedder
from index.published import reindex_lock

if TYPE_CHECKING:
    from corpus.fetch import Fetcher


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reindex did: a report per source, and the build."""

    reports: tuple[SourceReport, ...]
    built: Built


def reindex(
    corpus_db: Path,
    index_dir: Path,
    embedder: Callable[[], Embedder],
    *,
    who: str,
    sources: Sequence[Source] = (),
    paths: Sequence[Path] = (),
    sample: Sequence[Source] = (),
    fetcher: Fetcher | None = None,
    full: bool = False,
    progress: Progress = silent,
) -> Outcome:
    """Read what is given and publish an index that follows.

    Args:
        embedder: gives the model; called only once reading is done.
        who: who asked, told to whoever asks meanwhile.
        sources, paths: the operator's sources, and files or folders named by hand.
        sample: the sources of the sample corpus; read only while no article of the operator's own is there.
        fetcher: reads the sources of the network, see `corpus.ingest.ingest_sources`.
        full: embed everything anew.

    Raises:
        IndexBusy: another reindex is at work.
        StoreError, ModelError: the store or the model cannot be used.
    """
    with reindex_lock(index_dir, who):
        store = Store(corpus_db)
        try:
            reports = [
                *ingest_sources(store, sources, fetcher=fetcher, progress=progress),
                *ingest_paths(store, paths, progress=progress),
            ]
            if sample and not store.has_own_articles():
                reports += ingest_sources(store, sample, sample=True, progress=progress)
            return Outcome(tuple(reports), build(store, embedder(), index_dir, full=full, progress=progress))
        finally:
            store.close()
