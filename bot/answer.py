"""Query -> Answer with Citations; knows no Discord."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot import headlines
from bot.citing import cited, nearest_article
from bot.corroboration import Corroboration, corroborate, undisputed
from bot.events import dated
from bot.freshness import last_checked, last_of_all
from bot.lookup import excerpt, further_places, still_quotable
from bot.news import may_have_news, newest, news
from bot.records import Answer, Citation, Excerpt, Match, Place, match_of
from bot.remarks import as_of, notices
from bot.settings import Settings
from corpus.database import wants_room
from corpus.errors import NewsdeskError, StoreError
from corpus.store import Store
from corpus.visits import SourceState
from index.confidence import Calibration
from index.confidence import load as load_calibration
from index.embedder import Embedder
from index.embedder import load as load_embedder
from index.errors import IndexUnavailable
from index.published import (
    UNDATED,
    Manifest,
    Published,
    current_version,
    open_current,
    open_previous,
    read_manifest,
    was_published,
)
from index.question import marked, spelled
from index.records import Query
from index.reranker import Reranker
from index.search import Found, allowed_rows, search
from index.when import When, understand, with_events

FARE_FOR = timedelta(seconds=30)

KEPT_VECTORS = 2000
"""Followed questions whose vectors are kept in memory: three megabytes."""

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
        reranker: reads the best passages again; None for none.
        behind: open a newly published index on a thread of its own, so that `refresh` never keeps a question waiting;
            a later `refresh` or question then finds it open.
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
        behind: bool = False,
        reranker: Reranker | None = None,
    ) -> None:
        self._reranker = reranker
        self._index_dir = settings.index_dir
        self._store = store
        self._embedder = embedder
        self._calibration = calibration
        self._demonstrate = demonstrate
        self._threshold = threshold
        self._complaint = ""
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._fared: tuple[datetime, Mapping[str, SourceState]] = (datetime.min.replace(tzinfo=UTC), {})
        self._opener = ThreadPoolExecutor(1, "newsdesk-index") if behind else None
        self._opening: Future[Published | None] | None = None
        self._take_over(self._usable())

    @property
    def index_version(self) -> str:
        """Name of the index version that answers."""
        return self._published.manifest.version

    def refresh(self) -> bool:
        """Take over a newly published index; True when it was. One that cannot be used is left, and logged once."""
        self._follow_store()
        if self._opener is None:
            return self._settle(self._newer)
        if self._opening is not None:
            return self._take_opened()
        self._opening = self._opener.submit(self._newer)
        return False

    def _follow_store(self) -> None:
        """Open the store anew where it was read as a file that nobody changes, and somebody does."""
        if self._store.stale:
            fresh = Store(self._store.path, readonly=True)
            self._store.close()
            self._store = fresh

    def _take_opened(self) -> bool:
        """Take over the index that was opened behind, once it is."""
        if self._opening is None or not self._opening.done():
            return False
        opened, self._opening = self._opening, None
        return self._settle(opened.result)

    def _settle(self, newer: Callable[[], Published | None]) -> bool:
        try:
            published = newer()
        except NewsdeskError as error:
            self._complain("the new index is not taken over", error)
            return False
        if published is not None:
            self._take_over(published)
            self._complaint = ""
        return published is not None

    def _take_over(self, published: Published) -> None:
        self._published = published
        self._sources: Mapping[str, Mapping[str, Any]] = self._store.sources()

    def _newer(self) -> Published | None:
        """A version published since, opened; None where there is none. Touches nothing of the worker's own."""
        version = current_version(self._index_dir)
        if version is None or version == self.index_version:
            return None
        self._check_model(read_manifest(self._index_dir / "versions" / version))  # before opening what is of no use
        return self._fitting(open_current(self._index_dir))

    def _usable(self) -> Published:
        """The current version; where that one cannot be used the one before it, if that can."""
        try:
            return self._fitting(open_current(self._index_dir))
        except IndexUnavailable as error:
            try:
                before = self._fitting(open_previous(self._index_dir))
            except IndexUnavailable:
                raise error from None
            self._complain(f"answering from the version before, {before.manifest.version}", error)
            return before

    def _fitting(self, published: Published) -> Published:
        self._check_model(published.manifest)
        return published

    def _check_model(self, manifest: Manifest) -> None:
        if manifest.digest != self._embedder.digest:
            name = self._embedder.name
            renewed = f"was built with other files of the model {name} than are there now"  # a folder trained anew
            raise IndexUnavailable(
                renewed if name == manifest.model else f"was built with the model {manifest.model}, not {name}",
                subject=self._index_dir / "versions" / manifest.version,
                remedy="run scripts/reindex.py, or set EMBEDDING_MODEL back",
            )

    def _complain(self, what: str, error: NewsdeskError) -> None:
        if str(error) != self._complaint:  # one line for one state of affairs, not one every few seconds
            log.error("%s: %s", what, error)
        self._complaint = str(error)

    def sources(self) -> tuple[str, ...]:
        """Names of the sources that may be quoted, in alphabetical order."""
        return tuple(sorted(self._quotable_sources()))

    def close(self) -> None:
        """Close the store."""
        if self._opener is not None:
            self._opener.shutdown(wait=False, cancel_futures=True)
        self._store.close()

    def ask(self, query: Query, threshold: float | None = None) -> Answer:
        """Answer a question, or say that nothing answers it; ``threshold`` in place of the newsroom's own."""
        return self.investigate(query, threshold).answer

    def context(self, place: Place) -> Excerpt | None:
        """The words around a quote, within its source's rights; None where it may not be quoted any more."""
        return excerpt(self._store, place)

    def quoted(self, places: Iterable[Place]) -> list[Citation]:
        """Citations of those places whose words may still be quoted, numbered from 1."""
        return still_quotable(self._store, places, self._quotable_sources())

    def newest(self) -> int:
        """The highest row id of a passage in the index that answers."""
        return newest(self._published)

    def news(
        self, query: Query, after: int, known: Sequence[Place], made: datetime, threshold: float | None = None
    ) -> list[Place]:
        """Where new words stand that answer a question, see `bot.news`; searches only where one comes near.

        For a question for the news and no more they are how articles open that came in since.

        Args:
            after: passages up to this row id are old.
            known: what was told before.
            made: when the question was followed.
        """
        if headlines.wanted(query.text, understand(query.text, query.now)) is not None:
            answer = self.ask(query, threshold)
            if answer.match is Match.NEWEST:
                told = {place.article for place in known}
                return [each.place for each in answer.citations if each.passage_id > after and each.article not in told]
        vector = self._vectors.get(query.text)
        if vector is None:
            vector = self._embedder.embed_question(marked(spelled(query.text)))[0]
            self._vectors = {**dict(list(self._vectors.items())[-KEPT_VECTORS:]), query.text: vector}
        if not may_have_news(self._published, vector, after):
            return []
        found = self.investigate(query, threshold).found
        max_words = {name: each["max_quote_words"] for name, each in self._sources.items()}
        return [] if found is None else news(found, self._store, after, known, made, max_words)

    def investigate(self, query: Query, threshold: float | None = None) -> Investigation:
        """Answer a question and keep the search behind it."""
        began = perf_counter()
        self._follow_store()
        self._take_opened()
        asked = query
        query = replace(query, text=spelled(query.text), asked=spelled(query.asked))
        when = understand(query.text, query.now)
        quotable = self._quotable_sources()
        if quotable != set(self._published.manifest.sources):
            query = replace(query, sources=frozenset(quotable if query.sources is None else quotable & query.sources))
        topics = {name: each["topics"] for name, each in self._sources.items()}
        max_words = {name: each["max_quote_words"] for name, each in self._sources.items()}
        find = partial(
            search,
            published=self._published,
            store=self._store,
            embedder=self._embedder,
            calibration=self._calibration,
            topics=topics,
            max_words=max_words,
            reranker=self._reranker,
        )
        when = with_events(when, dated(when, query, find), query.now)
        articles, oldest = self._searched(query, topics, when)
        if articles == 0:
            return Investigation(self._nothing(asked, when, quotable, began), None)
        source = None if query.subject else headlines.wanted(query.text, when)
        if source is not None and (listed := self._newest(asked, query, when, source, began)):
            return Investigation(listed, None)
        found = find(query, threshold=self._threshold if threshold is None else threshold, when=when)
        answered = found.verdict.answered and bool(found.quotes)
        citations = tuple(cited(self._store, number, quote, found) for number, quote in enumerate(found.quotes, 1))
        nearest = None if answered else nearest_article(self._store, found)
        compared = Corroboration((), ())
        stages = dict(found.stages)
        if answered:
            before = perf_counter()
            owners = {name: each["owner"] for name, each in self._sources.items()}
            allowed = quotable if query.sources is None else quotable & query.sources
            compared = corroborate(found, citations, self._store, owners, allowed)
            stages["compare"] = (perf_counter() - before) * 1000
        further = further_places(found, citations, max_words) if answered else ()
        citations = undisputed(citations, compared.disputes)
        shown = [each.source for each in citations] if answered else [nearest.source] if nearest else []
        answer = Answer(
            query=asked,
            answered=answered,
            confidence=found.verdict.confidence,
            match=match_of(found.verdict.confidence) if answered else Match.NONE,
            citations=citations if answered else (),
            nearest=nearest,
            articles=articles,
            oldest=oldest,
            took_ms=(perf_counter() - began) * 1000,
            stages=stages,
            model=self._embedder.name,
            index_version=self.index_version,
            demonstration=self._is_sample(shown),
            calibrated=found.verdict.calibrated,
            further=further,
            as_of=as_of(citations, when, query.now) if answered else None,
            notices=notices(query, when, self._embedder.name, citations if answered else (), nearest),
            unresolved=when.unresolved,
            checked=self._checked([each.source for each in citations] if answered else quotable, answered, asked.now),
            outlets=compared.outlets,
            disputes=compared.disputes,
        )
        return Investigation(answer, found)

    def _quotable_sources(self) -> set[str]:
        names = self._published.manifest.sources
        return {name for name in names if self._demonstrate or not self._sources.get(name, {}).get("sample")}

    def _is_sample(self, names: list[str]) -> bool:
        return any(self._sources.get(name, {}).get("sample") for name in names)

    def _checked(self, sources: Iterable[str], answered: bool, now: datetime) -> datetime | None:
        """See `Answer.checked`; how the sources fare is half a minute old at most."""
        if now - self._fared[0] > FARE_FOR or now < self._fared[0]:
            self._fared = (now, self._store.visits.states())
        read = [name for name in sources if not self._sources.get(name, {}).get("sample")]
        return (last_checked if answered else last_of_all)(self._fared[1], read, now)

    def _searched(
        self, query: Query, topics: Mapping[str, tuple[str, ...]], when: When | None
    ) -> tuple[int, datetime | None]:
        """How many articles the query looks into, and when the oldest of them was published."""
        manifest = self._published.manifest
        mask = allowed_rows(self._published, query, topics, when)
        if mask is None:
            return manifest.articles, _moment(manifest.oldest)
        dated = self._published.published[mask & (self._published.published != UNDATED)]
        return len(np.unique(self._published.articles[mask])), _moment(int(dated.min()) if len(dated) else None)

    def _nothing(self, query: Query, when: When, quotable: set[str], began: float) -> Answer:
        """The answer where there is nothing to search."""
        everything = Query(query.text, query.now, sources=frozenset(quotable))
        return Answer(
            query=query,
            answered=False,
            confidence=0.0,
            match=Match.NONE,
            citations=(),
            nearest=None,
            articles=0,
            oldest=None,
            took_ms=(perf_counter() - began) * 1000,
            model=self._embedder.name,
            index_version=self.index_version,
            calibrated=self._calibration.model == self._embedder.digest,
            notices=notices(query, when, self._embedder.name),
            unresolved=when.unresolved,
            narrowed=self._searched(everything, {}, None)[0] > 0,
        )

    def _newest(self, asked: Query, query: Query, when: When, source: str, began: float) -> Answer | None:
        """The newest articles, by how they open, see `bot.headlines`; None where there is none to quote.

        Args:
            source: the name of an outlet as the member writes it; empty for all.
        """
        names = self._quotable_sources() if query.sources is None else self._quotable_sources() & query.sources
        if source:
            named = headlines.source_named(source, names)
            if named is None:
                return None
            names = {named}
        query = replace(query, sources=frozenset(names))
        topics = {name: each["topics"] for name, each in self._sources.items()}
        mask = allowed_rows(self._published, query, topics, when)
        places = headlines.newest(self._published, mask, when, query.now, self._store.passages_of)
        citations = tuple(still_quotable(self._store, places, names))
        if not citations:
            return None
        articles, oldest = self._searched(query, topics, when)
        shown = [each.source for each in citations]
        return replace(
            self._nothing(asked, when, names, began),
            answered=True,
            confidence=1.0,
            match=Match.NEWEST,
            citations=citations,
            articles=articles,
            oldest=oldest,
            narrowed=False,
            notices=(),  # of what a search might miss
            demonstration=self._is_sample(shown),
            as_of=as_of(citations, replace(when, prefers_newest=True), query.now),
            checked=self._checked(shown, True, asked.now),
        )


def open_newsroom(settings: Settings, *, models_dir: Path | None = None, behind: bool = False) -> Newsroom:
    """Open store, model and index for answering; ``behind`` as in `Newsroom`, and for who stays.

    Raises:
        StoreError, ModelError, IndexUnavailable: each names what is missing and the remedy.
    """
    if not was_published(settings.index_dir):
        raise IndexUnavailable("no index", subject=settings.index_dir, remedy="run scripts/reindex.py")
    try:
        store = Store(settings.corpus_db, readonly=True)
    except StoreError as error:
        if behind or not wants_room(error):
            raise
        store = Store(settings.corpus_db, readonly=True, alone=True)
    try:
        return Newsroom(
            settings,
            store,
            load_embedder(settings.embedding_model, models_dir or settings.models_dir),
            load_calibration(),
            demonstrate=settings.discord_token is None or settings.demo,
            threshold=settings.threshold,
            behind=behind,
            reranker=Reranker(settings.rerank_model) if settings.rerank_model else None,
        )
    except BaseException:
        store.close()
        raise


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
