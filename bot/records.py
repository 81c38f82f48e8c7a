"""What the bot says, frozen: an Answer with its Citations, free of Discord."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from corpus.records import ArticleKind
from index.records import Query

STRONG, FAIR = 0.8, 0.6
"""Confidence of a strong and of a fair match: of five answers this sure, four or three are expected to hold (the
confidence is calibrated)."""

OMITTED = "[…]"
"""Stands for the rest of a sentence that is quoted in part; in brackets, since articles have dots of their own."""


def omissions(cut: tuple[bool, bool]) -> tuple[str, str]:
    """What is shown before a quote and behind it, by ``Citation.cut``; empty where its sentences are whole."""
    return f"{OMITTED} " if cut[0] else "", f" {OMITTED}" if cut[1] else ""


def parted(context: str) -> str:
    """``Citation.context`` as it is shown: a dash before the heading, which otherwise reads on from the sentence."""
    return context.replace("\n", " — ")


class Match(StrEnum):
    """How well the quotes match the question, in words; never a claim of truth.

    NEWEST: it asked for the news and no more, and was given the newest articles.
    """

    NEWEST = "newest"
    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"
    NONE = "none"


def match_of(confidence: float) -> Match:
    """The word for a confidence from 0 to 1."""
    return Match.STRONG if confidence >= STRONG else Match.FAIR if confidence >= FAIR else Match.WEAK


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote with its source beside it.

    Attributes:
        number: 1 for the first.
        quote: the article's exact words; a substring of ``passage``.
        passage: the passage they stand in, or two that follow each other.
        emphasis: offsets into ``quote`` of the part that carries the answer, or None.
        context: the sentence before, where it asks or the quote opens with words that point back to it, with the
            heading, on a line of its own, where one stands between; two where the one before is brief and points
            back, too; else empty.
        published: ISO 8601 as the article states it, or None.
        article, revision, passage_id: row ids of the store.
        start, end: offsets of the quote into the revision's text.
        score: the quote's score, comparable within one answer only.
        link: the address to open, on the quoted words where ``url`` can carry that; None where there is no address.
        kind: what the page says the article is; opinion, sponsored pieces and satire are shown as such.
        speaker: who said the words, where the page names the speaker of a quotation; else empty.
        cut: whether the quote begins inside a sentence, and whether it ends inside one.
    """

    number: int
    quote: str
    passage: str
    title: str
    source: str
    url: str | None
    published: str | None
    article: int
    revision: int
    passage_id: int
    start: int
    end: int
    score: float
    emphasis: tuple[int, int] | None = None
    context: str = ""
    kind: ArticleKind = ArticleKind.NEWS
    speaker: str = ""
    link: str | None = None
    cut: tuple[bool, bool] = (False, False)

    @property
    def place(self) -> Place:
        """Where the quote stands."""
        return Place(self.article, self.revision, self.passage_id, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The article to read when nothing answers; ``languages`` that it may be in, none where that is open."""

    article: int
    title: str
    source: str
    url: str | None
    published: str | None
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: row ids of the store, and offsets into the revision's text."""

    article: int
    revision: int
    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote that was given, its number in the message, and where it stood."""

    number: int
    quote: str
    place: Place


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote among the words around it.

    Attributes:
        before, after: a paragraph a line; empty where the article begins or ends there, or the source allows no more.
        whole: False where the source's rights kept paragraphs back.
        quoted: all of it in reading order, a paragraph each, with where it stands.
        cut: whether the rest of the quote's first sentence is left out before it, and that of its last behind it.
    """

    before: str
    quote: str
    after: str
    title: str
    source: str
    url: str | None
    published: str | None
    whole: bool
    kind: ArticleKind = ArticleKind.NEWS
    quoted: tuple[Quoted, ...] = ()
    cut: tuple[bool, bool] = (False, False)


class Act(StrEnum):
    """What a message is that quotes and is no answer."""

    TIMELINE = "timeline"
    TOLD = "told"
    """Something new on a followed question."""
    SOURCES = "sources"
    """Further hits of an answer."""
    CONTEXT = "context"
    """The words around a quote."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """What a message quotes that is no answer; it is kept, so that the message can be corrected like one.

    Attributes:
        argument: what its own buttons carry.
        question: what it was asked with; None where that is kept elsewhere.
        follows: row id of the exchange that it belongs to.
        reply: its words without those of a member that are kept elsewhere; None for one that is never edited.
    """

    act: Act
    quotes: tuple[Quoted, ...]
    argument: str = ""
    question: str | None = None
    follows: int | None = None
    reply: str | None = None


def quoted_of(citations: Iterable[Citation]) -> tuple[Quoted, ...]:
    """Citations as quotes with their places."""
    return tuple(Quoted(each.number, each.quote, each.place) for each in citations)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Another outlet that differs from the first quote.

    Attributes:
        on: "number", "date", "time" or "name".
        ours, theirs: the differing words, as printed.
        citation: where the other outlet says so; its number says nothing.
    """

    on: str
    ours: str
    theirs: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question got.

    Attributes:
        citations: at most three; empty when not answered.
        nearest: what to read instead; None when answered or when nothing is indexed.
        confidence: probability, 0 to 1, that the quotes answer the question.
        articles: how many articles were searched.
        oldest: when the oldest of them was published, None where no article says.
        took_ms: whole time, milliseconds.
        stages: time per stage, milliseconds, by name.
        demonstration: the words come from the made-up sample corpus.
        calibrated: False when the confidence was fitted for another model.
        further: at most three quotes of other articles for those who ask for more, best first but for diversity's sake.
        as_of: the first citation's date, where a reader could take it for newer than it is; else None.
        notices: keys of what the member should know about the question, see `bot.remarks`.
        unresolved: time expressions that were not understood, in the member's words.
        checked: when the sources behind it were last read, where that is overdue; None where they are fresh.
        outlets: independent outlets that say what the first quote says, its own first; empty when not answered.
        disputes: other outlets that differ from the first quote, at most two.
        narrowed: whether there are articles, and none of the time, the sources and the topics that were asked for.
    """

    query: Query
    answered: bool
    confidence: float
    match: Match
    citations: tuple[Citation, ...]
    nearest: Nearest | None
    articles: int
    oldest: datetime | None
    took_ms: float
    stages: Mapping[str, float] = field(default_factory=dict)
    model: str = ""
    index_version: str = ""
    demonstration: bool = False
    calibrated: bool = True
    further: tuple[Place, ...] = ()
    as_of: datetime | None = None
    notices: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    checked: datetime | None = None
    outlets: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Still:
    """What may still be shown of a reply whose words were removed.

    Attributes:
        citations: by their numbers in it.
        disputes: where outlets differ with the first of them; their citations have numbers below zero.
    """

    citations: tuple[Citation, ...] = ()
    disputes: tuple[Dispute, ...] = ()
