"""The records of the corpus: what a source published, frozen, standard library only.

Offsets are counts of Unicode code points into ``Article.text`` (equal to ``Revision.text`` once stored),
half-open: ``text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"
    FOLDER = "folder"


class ArticleKind(StrEnum):
    """What the page says it is."""

    NEWS = "news"
    OPINION = "opinion"
    SPONSORED = "sponsored"
    SATIRE = "satire"
    LIVE = "live"


class ArticleStatus(StrEnum):
    """Whether an article may be quoted."""

    LIVE = "live"
    """Published and quotable."""
    HELD = "held"
    """What was fetched last may not be the article; quotable again once a later fetch settles it."""
    WITHDRAWN = "withdrawn"
    """Gone at its source; kept, never quoted."""


class BlockKind(StrEnum):
    """The part a block plays in the article."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet as the operator named it.

    Attributes:
        name: the outlet's name as members see it; never taken from a page.
        kind: how it is read.
        location: an address, or a folder or file path.
        hosts: host names the source may speak for; empty for folders without addresses.
        owner: who owns the outlet; outlets of one owner are not independent of each other.
        language: BCP 47 tag, or empty when unknown.
        topics: free words to filter by.
        interval: seconds between two polls.
        limit: items taken from one poll.
        max_quote_words: the longest quote shown to members, in words.
        full_text: whether members may read the whole stored text.
        paused: kept and quoted, but not polled.
    """

    name: str
    kind: SourceKind
    location: str
    hosts: tuple[str, ...] = ()
    owner: str = ""
    language: str = ""
    topics: tuple[str, ...] = ()
    interval: float = 900.0
    limit: int = 100
    max_quote_words: int = 60
    full_text: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or quotation of an article, by offsets into its text.

    Attributes:
        quotable: False where the page asks not to show it (``data-nosnippet``).
        speaker: who said it, where the page's markup names the speaker of a quotation; else empty.
    """

    kind: BlockKind
    start: int
    end: int
    quotable: bool = True
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What extraction took out of one document; no ids yet.

    Attributes:
        title: plain text, may be empty.
        text: the blocks joined by single newlines, without the title.
        blocks: in order, not overlapping, each covering ``text[start:end]`` without the newline that separates.
        url: canonical http(s) address, or None (a text file has none).
        published, updated: ISO 8601, as stated: a date ("2026-11-20"), or a time with its zone
            ("2026-11-20T23:30:00-05:00"); None where nothing was stated.
        language: BCP 47 tag or empty.
        outlet: the name the page gives itself; information only, members see ``Source.name``.
        free: what the page states about free access (schema.org ``isAccessibleForFree``), None if nothing.
        robots: page-level directives found ("noindex", "nosnippet", "max-snippet:50", "noarchive", "tdm-reservation").
        notes: correction and update notes, word for word, as they stand in the text.
        external_id: the id an evaluation set or a feed gives the article.
    """

    title: str
    text: str
    blocks: tuple[Block, ...]
    url: str | None = None
    published: str | None = None
    updated: str | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    outlet: str = ""
    kind: ArticleKind = ArticleKind.NEWS
    free: bool | None = None
    robots: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of the article's text that is found and quoted as one.

    The passages of a revision tile its text: each character, separators included, belongs to exactly one.

    Attributes:
        start, end: the tile in the article's text.
        quotable: offsets of the parts that may be quoted (headings are left out), each inside the tile.
        heading: the section heading the passage stands under; context for the embedding, never quoted from here.
    """

    start: int
    end: int
    quotable: tuple[tuple[int, int], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of the store with what is needed to index, quote and cite it.

    Attributes:
        id: row id, the vector's id in the index; kept while the passage's words stay the same.
        article, revision: row ids.
        text: the tile's text, ``revision.text[start:end]``.
        start, end, quotable: offsets into the revision's text, see `Passage`.
        position: 0 for the article's first passage.
        story: the same for copies of one wire story, see `StoredArticle`.
        max_words: the longest quote that its source and its page allow; 0: it may be found, not quoted.
        max_chars: the longest quote that its page allows, None where it sets no limit.
        storyline: the same for articles on one course of events, see `StoredArticle`.
    """

    id: int
    article: int
    revision: int
    text: str
    start: int
    end: int
    quotable: tuple[tuple[int, int], ...]
    heading: str
    position: int
    title: str
    source: str
    published: str | None
    kind: ArticleKind = ArticleKind.NEWS
    story: int = 0
    max_words: int = 60
    max_chars: int | None = None
    storyline: int = 0


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article of the store with its current revision's particulars.

    Attributes:
        story: row id of the first article of its wire story; its own where it is no copy of another.
        storyline: row id of the article that began the course of events it is about; see `corpus.storylines`.
    """

    id: int
    source: str
    url: str | None
    title: str
    published: str | None
    updated: str | None
    language: str
    kind: ArticleKind
    status: ArticleStatus
    revision: int
    external_id: str = ""
    story: int = 0
    storyline: int = 0


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """What an outlet said at one time, as it was read.

    Attributes:
        id: row id of the reading.
        number: 1 for the first; grows when the outlet changes title or text.
        reading: 1 for the first; grows when the same page is read to other words. Readings of one number differ by our
            doing, never by the outlet's.
        notes: correction and update notes, word for word.
        fetched: ISO 8601 in UTC.
    """

    id: int
    article: int
    number: int
    reading: int
    title: str
    text: str
    notes: tuple[str, ...]
    fetched: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One document that could not be read."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one run did for one source; counts are articles.

    Attributes:
        held: what was fetched may not be the article; not quoted until that is settled.
        refused: taken down before, and not kept again.
    """

    source: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    failures: tuple[Failure, ...] = field(default=())
    held: int = 0
    refused: int = 0

    @property
    def read(self) -> int:
        """Articles that could be read."""
        return self.new + self.changed + self.unchanged


def instant(stated: str | None) -> datetime | None:
    """The moment a stated time names, in UTC.

    A date without a time counts as noon UTC, so that it reads as the same day in nearly every zone; a time
    without a zone counts as UTC. None for None, what is not ISO 8601, and
    what lies outside the years 1 to 9999.
    """
    if not stated:
        return None
    try:
        if len(stated) == 10:
            return datetime.combine(date.fromisoformat(stated), time(12), UTC)
        moment = datetime.fromisoformat(stated)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # "0001-01-01T00:00:00+01:00" lies before the first year in UTC
        return None
