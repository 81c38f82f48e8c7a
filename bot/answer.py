"""Query -> Answer with Citations; knows no Discord."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bot.records import Answer, Citation, Match, Nearest
from bot.settings import Settings
from corpus.errors import NewsdeskError
from corpus.store import Store
from index.confidence import Calibration
from index.confidence import load as load_calibration
from index.embedder import Embedder
from index.embedder import load as load_embedder
from index.errors import IndexUnavailable
from index.published import UNDATED, Published, current_version, open_current
from index.records import Query, Quote
from index.search import Found, allowed_rows, search

STRONG = 0.8
"""Confidence of a strong match: of five answers this sure, four are expected to hold (the confidence is calibrated)."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Investigation:
    """An answer with the whole search behind it; ``found`` is None where there was nothing to search."""

    answer: Answer
    found: Found | None


class Newsroom:
    """Answers questions from the current index; all calls belong to the thread that opened it.

    Args:
        demonstrate: whether made-up sample articles may be quoted.
        threshold: confidence to answer from, None for the calibrated one.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        calibration: Calibration,
        *,
        demonstrate: bool,
        threshold: float | None = None,
    ) -> None:
        self._index_dir = settings.index_dir
        self._store = store
        self._embedder = embedder
        self._calibration = calibration
        self._demonstrate = demonstrate
        self._threshold = threshold
        self._open(open_current(self._index_dir))

    def _open(self, published: Published) -> None:
        if published.manifest.digest != self._embedder.digest:
            raise IndexUnavailable(
                f"was built with the model {published.manifest.model}, not {self._embedder.name}",
                subject=published.folder,
                remedy="run scripts/reindex.py, or set EMBEDDING_MODEL back",
            )
        self._published = published
        self._sources: Mapping[str, Mapping[str, Any]] = self._store.sources()

    @property
    def index_version(self) -> str:
        """Name of the index version that answers."""
        return self._published.manifest.version

    def refresh(self) -> bool:
        """Take over a newly published index; True when there was one. One that cannot be used is left, and logged."""
        try:
            if current_version(self._index_dir) == self.index_version:
                return False
            self._open(open_current(self._index_dir))
        except NewsdeskError as error:
            log.warning("the new index is not taken over: %s", error)
            return False
        return True

    def sources(self) -> tuple[str, ...]:
        """Names of the sources that may be quoted, in alphabetical order."""
        return tuple(sorted(self._quotable_sources()))

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def ask(self, query: Query) -> Answer:
        """Answer a question, or say that nothing answers it."""
        return self.investigate(query).answer

    def investigate(self, query: Query) -> Investigation:
        """Answer a question and keep the search behind it."""
        began = perf_counter()
        asked = query
        quotable = self._quotable_sources()
        if quotable != set(self._published.manifest.sources):
            query = replace(query, sources=frozenset(quotable & query.sources if query.sources else quotable))
        topics = {name: each["topics"] for name, each in self._sources.items()}
        articles, oldest = self._searched(query, topics)
        if articles == 0:
            return Investigation(self._nothing(asked, articles, oldest, began), None)
        found = search(
            query,
            published=self._published,
            store=self._store,
            embedder=self._embedder,
            calibration=self._calibration,
            topics=topics,
            max_words={name: each["max_quote_words"] for name, each in self._sources.items()},
            threshold=self._threshold,
        )
        answered = found.verdict.answered and bool(found.quotes)
        citations = tuple(self._citation(number, quote, found) for number, quote in enumerate(found.quotes, 1))
        nearest = self._nearest(found)
        shown = [each.source for each in citations] if answered else [nearest.source] if nearest else []
        answer = Answer(
            query=asked,
            answered=answered,
            confidence=found.verdict.confidence,
            match=Match.NONE if not answered else Match.STRONG if found.verdict.confidence >= STRONG else Match.WEAK,
            citations=citations if answered else (),
            nearest=None if answered else nearest,
            articles=articles,
            oldest=oldest,
            took_ms=(perf_counter() - began) * 1000,
            stages=found.stages,
            model=self._embedder.name,
            index_version=self.index_version,
            demonstration=self._is_sample(shown),
            calibrated=found.verdict.calibrated,
        )
        return Investigation(answer, found)

    def _quotable_sources(self) -> set[str]:
        names = self._published.manifest.sources
        return {name for name in names if self._demonstrate or not self._sources.get(name, {}).get("sample")}

    def _is_sample(self, names: list[str]) -> bool:
        return any(self._sources.get(name, {}).get("sample") for name in names)

    def _searched(self, query: Query, topics: Mapping[str, tuple[str, ...]]) -> tuple[int, datetime | None]:
        """How many articles the query looks into, and when the oldest of them was published."""
        manifest = self._published.manifest
        mask = allowed_rows(self._published, query, topics)
        if mask is None:
            return manifest.articles, _moment(manifest.oldest)
        dated = self._published.published[mask & (self._published.published != UNDATED)]
        return len(np.unique(self._published.articles[mask])), _moment(int(dated.min()) if len(dated) else None)

    def _nothing(self, query: Query, articles: int, oldest: datetime | None, began: float) -> Answer:
        return Answer(
            query=query,
            answered=False,
            confidence=0.0,
            match=Match.NONE,
            citations=(),
            nearest=None,
            articles=articles,
            oldest=oldest,
            took_ms=(perf_counter() - began) * 1000,
            model=self._embedder.name,
            index_version=self.index_version,
            calibrated=self._calibration.model == self._embedder.digest,
        )

    def _citation(self, number: int, quote: Quote, found: Found) -> Citation:
        passage = next(each.candidate.passage for each in found.ranked if each.hit.passage == quote.hit.passage)
        article = self._store.article(passage.article)
        emphasis = quote.emphasis and (quote.emphasis[0] - quote.start, quote.emphasis[1] - quote.start)
        return Citation(
            number=number,
            quote=quote.text,
            passage=passage.text.strip(),
            title=passage.title,
            source=passage.source,
            url=article.url if article else None,
            published=passage.published,
            article=passage.article,
            revision=quote.revision,
            passage_id=passage.id,
            start=quote.start,
            end=quote.end,
            score=quote.score,
            emphasis=emphasis,
            context=quote.context,
        )

    def _nearest(self, found: Found) -> Nearest | None:
        if not found.ranked:
            return None
        passage = found.ranked[0].candidate.passage
        article = self._store.article(passage.article)
        return Nearest(
            passage.article, passage.title, passage.source, article.url if article else None, passage.published
        )


def open_newsroom(settings: Settings, *, models_dir: Path | None = None) -> Newsroom:
    """Open store, model and index for answering.

    Raises:
        StoreError, ModelError, IndexUnavailable: each names what is missing and the remedy.
    """
    if current_version(settings.index_dir) is None:
        raise IndexUnavailable("no index", subject=settings.index_dir, remedy="run scripts/reindex.py")
    store = Store(settings.corpus_db, readonly=True)
    try:
        return Newsroom(
            settings,
            store,
            load_embedder(settings.embedding_model, models_dir or settings.models_dir),
            load_calibration(),
            demonstrate=settings.discord_token is None or settings.demo,
            threshold=settings.threshold,
        )
    except BaseException:
        store.close()
        raise


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
