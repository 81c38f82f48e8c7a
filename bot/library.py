"""What members browse: the newest articles, the sources and how they fare, one article as far as its rights allow.

Belongs to the worker's thread. The store is opened when first needed, and again after it could not be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.records import Citation, Excerpt
from bot.surroundings import sentences_around
from bot.timeline import Timeline, code_of, storylines_of, unfold
from corpus.errors import SourcesError
from corpus.records import BlockKind, Source
from corpus.sentences import inside, sentences
from corpus.shelf import KeptArticle, ListedArticle
from corpus.status import SourceStatus, statuses
from corpus.store import Store

PAGE = 8
"""Entries on a page of a list: what a phone shows without much scrolling."""
CHOICES = 25
"""Choices that Discord shows below an option."""
OPENING = 2
"""Sentences of an article's beginning, where nobody named a quote in it."""
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a list shows: all, those of a source, or those of the sources on a topic.

    Attributes:
        code: what buttons carry: empty, "s" and the source's row id, or "t" and eight digits of the topic's hash.
        name: the source's name, or the topic; empty for all.
    """

    code: str = ""
    name: str = ""

    @property
    def is_topic(self) -> bool:
        """Whether the name is a topic's."""
        return self.code.startswith("t")


@dataclass(frozen=True, slots=True)
class Latest:
    """One page of a list of articles, one entry for each course of events.

    Attributes:
        page: 0 for the first.
        total: how many articles there are, those folded into an entry counted in.
        demonstration: made-up sample articles are among them.
    """

    filter: Filter
    articles: tuple[ListedArticle, ...]
    page: int
    pages: int
    total: int
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source as members see it, with its newest article."""

    status: SourceStatus
    topics: tuple[str, ...]
    newest: ListedArticle | None
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """An article as far as it may be shown.

    Attributes:
        paragraphs: kind and text of each block in order; empty where the whole text may not be shown.
        excerpt: the quote and what may stand around it, or the beginning; None where nothing may be quoted.
        opening: the excerpt is the article's beginning.
    """

    article: KeptArticle
    paragraphs: tuple[tuple[BlockKind, str], ...]
    excerpt: Excerpt | None
    opening: bool
    demonstration: bool


class Library:
    """The store, for browsing.

    Args:
        open_store: may raise StoreError.
        read_sources: the operator's sources; what SourcesError it raises leaves those that the store knows.
        demonstrate: whether made-up sample articles are shown.
    """

    def __init__(
        self, open_store: Callable[[], Store], read_sources: Callable[[], Sequence[Source]], *, demonstrate: bool
    ) -> None:
        self._open_store = open_store
        self._read_sources = read_sources
        self._demonstrate = demonstrate
        self._opened: Store | None = None
        self._counted: dict[tuple[str, ...], tuple[tuple[int, int], int, int]] = {}

    @property
    def _store(self) -> Store:
        if self._opened is not None and self._opened.stale:
            self.close()
        if self._opened is None:
            self._opened = self._open_store()
        return self._opened

    def close(self) -> None:
        """Give the store back."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def sources(self, allowed: Collection[str] | None) -> list[str]:
        """Names of the sources a guild may see that have articles to read, in alphabetical order.

        Args:
            allowed: what the guild's admins chose, None for all.
        """
        return sorted(self._visible(allowed) & self._store.shelf.counts().keys(), key=str.casefold)

    def choices(self) -> list[str]:
        """Names of all sources a guild may choose among, those that were never read included."""
        named = {source.name for source in self._listed_sources()}
        return sorted(named | set(self.sources(None)), key=str.casefold)

    def topics(self, allowed: Collection[str] | None) -> list[str]:
        """Topics of the sources a guild may see, in alphabetical order."""
        kept = self._store.sources()
        return sorted({topic for name in self.sources(allowed) for topic in kept[name]["topics"]}, key=str.casefold)

    def filter(self, allowed: Collection[str] | None, *, source: str = "", topic: str = "") -> Filter | None:
        """The filter for a source's name or a topic, in any case; None where the guild sees no such."""
        if source:
            name = _same(source, self.sources(allowed))
            return (name and Filter(f"s{self._store.source_id(name)}", name)) or None
        if topic:
            name = _same(topic, self.topics(allowed))
            return (name and Filter(f"t{_short(name)}", name)) or None
        return Filter()

    def filter_of(self, code: str, allowed: Collection[str] | None) -> Filter | None:
        """The filter that a button carries; None where the guild sees no such source or topic any more."""
        if not code:
            return Filter()
        if code.startswith("s"):
            names = self.sources(allowed)
            return next((Filter(code, name) for name in names if f"s{self._store.source_id(name)}" == code), None)
        return next((Filter(code, topic) for topic in self.topics(allowed) if f"t{_short(topic)}" == code), None)

    def latest(self, wanted: Filter, page: int, allowed: Collection[str] | None) -> Latest:
        """One page of the newest articles, one for each story; the last page where there are fewer."""
        kept = self._store.sources()
        names = self.sources(allowed)
        if wanted.is_topic:
            names = [name for name in names if wanted.name in kept[name]["topics"]]
        elif wanted.code:
            names = [name for name in names if name == wanted.name]
        total, stories = self._counts(names)
        pages = max(1, -(-stories // PAGE))
        page = min(max(page, 0), pages - 1)
        articles = self._store.shelf.latest_by_story(names, limit=PAGE, offset=page * PAGE)
        sample = any(kept[article.source]["sample"] for article in articles)
        return Latest(wanted, tuple(articles), page, pages, total, sample)

    def story_of(self, citations: Sequence[Citation]) -> str:
        """The code of the story that an answer is about, empty where it quotes nothing; see ``bot.timeline``."""
        return code_of(storylines_of(self._store, citations))

    def timeline(self, code: str, allowed: Collection[str] | None) -> Timeline | None:
        """How a story unfolded, as far as a guild may see it."""
        return unfold(self._store, code, self._visible(allowed)) if code else None

    def _counts(self, names: Sequence[str]) -> tuple[int, int]:
        """How many articles and stories of these sources there are; counted once for one state of the store."""
        key, state = tuple(names), (self._store.generation, self._store.storylines.grouped)
        counted = self._counted.get(key)
        if counted is None or counted[0] != state:
            counted = (state, self._store.shelf.count(names), self._store.shelf.stories(names))
            self._counted = {each: value for each, value in self._counted.items() if value[0] == state}
            self._counted[key] = counted
        return counted[1:]

    def outlets(self, allowed: Collection[str] | None, now: datetime) -> list[Outlet]:
        """The sources a guild may see, in the operator's order, then those that only the store knows."""
        kept = self._store.sources()
        listed = [source for source in self._listed_sources() if allowed is None or source.name in allowed]
        topics = {source.name: source.topics for source in listed}
        visible, counts = self._visible(allowed) | set(topics), self._store.shelf.counts()
        found = []
        for status in statuses(self._store, listed, now):
            if status.name not in visible:
                continue
            newest = self._store.shelf.latest([status.name], limit=1)
            words = topics.get(status.name) or kept.get(status.name, {}).get("topics", ())
            status = replace(status, articles=counts.get(status.name, 0))
            sample = bool(kept.get(status.name, {}).get("sample"))
            found.append(Outlet(status, words, newest[0] if newest else None, sample))
        return found

    def titled(self, words: str, allowed: Collection[str] | None, limit: int = CHOICES) -> list[ListedArticle]:
        """The newest articles with ``words`` in their title."""
        return self._store.shelf.titled(words, self.sources(allowed), limit=limit)

    def open(
        self, article: int, allowed: Collection[str] | None, place: tuple[int, int, int] | None = None
    ) -> Opened | None:
        """An article as far as it may be shown; None where the guild sees no such.

        Args:
            place: the quote it was cited for: the revision's row id and offsets into its text.
        """
        kept = self._store.shelf.read(article, self._visible(allowed))
        if kept is None:
            return None
        span = self._place(kept, place)
        sample = self._store.sources()[kept.listed.source]["sample"]
        return Opened(kept, self._paragraphs(kept), self._excerpt(kept, span), span is None, sample)

    def _paragraphs(self, kept: KeptArticle) -> tuple[tuple[BlockKind, str], ...]:
        """The whole text but for what the page asks not to show; empty where the text may not be shown."""
        if not kept.rights.full_text:
            return ()
        spans = [span for passage in self._store.passages_of(kept.listed.id) for span in passage.quotable]
        return tuple(
            (block.kind, kept.text[block.start : block.end])
            for block in kept.blocks
            if block.kind is BlockKind.HEADING or any(a < block.end and b > block.start for a, b in spans)
        )

    def _place(self, kept: KeptArticle, place: tuple[int, int, int] | None) -> tuple[int, int] | None:
        """Where a quote stands in the current revision; None where it does not any more."""
        if place is None:
            return None
        revision, start, end = place
        if revision == kept.revision:
            return start, end
        before = self._store.revision_text(revision) or ""
        at = kept.text.find(before[start:end]) if before[start:end] else -1
        return None if at < 0 else (at, at + end - start)

    def _excerpt(self, kept: KeptArticle, span: tuple[int, int] | None) -> Excerpt | None:
        """Whole sentences around a quote, or the first ones, as long together as the longest quote allowed."""
        passages = self._store.passages_of(kept.listed.id)
        cut = [each for part in passages for first, last in part.quotable for each in sentences(kept.text, first, last)]
        if not cut or not kept.rights.max_words:
            return None
        start, end = span or cut[0]
        quote, after = kept.text[start:end], ""
        before = ""
        if span is None:
            words = quote.split()
            if len(words) > kept.rights.max_words:
                quote = " ".join(words[: kept.rights.max_words]) + _CUT
            else:
                _, after = sentences_around(kept.text, cut[1:OPENING], start, end, kept.rights.max_words)
        else:
            before, after = sentences_around(kept.text, cut, start, end, kept.rights.max_words)
        most = kept.rights.max_chars
        if most is not None and len(before) + len(quote) + len(after) + 2 > most:
            before = after = ""
            if len(quote) > most:
                quote = quote[: most - 1].rstrip() + _CUT if most > 1 else ""
        if not quote:
            return None
        article = kept.listed
        return Excerpt(
            before,
            quote,
            after,
            article.title,
            article.source,
            article.url,
            article.published,
            False,
            cut=inside(kept.text, start, end) if span else (False, False),
        )

    def _listed_sources(self) -> Sequence[Source]:
        try:
            return self._read_sources()
        except SourcesError:
            return ()

    def _visible(self, allowed: Collection[str] | None) -> set[str]:
        """Names of the store's sources that may be shown to a guild."""
        return {
            name
            for name, kept in self._store.sources().items()
            if (self._demonstrate or not kept["sample"]) and (allowed is None or name in allowed)
        }


def _same(name: str, among: Collection[str]) -> str:
    """The one of ``among`` that is ``name`` but for capitals and spaces at its ends; empty where none is."""
    return next((each for each in among if each.casefold() == name.strip().casefold()), "")


def _short(topic: str) -> str:
    return hashlib.sha256(topic.casefold().encode()).hexdigest()[:8]
