"""What the bot says, frozen: an Answer with its Citations, free of Discord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from index.records import Query


class Match(StrEnum):
    """How well the quotes match the question, in words; never a claim of truth."""

    STRONG = "strong"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote with its source beside it.

    Attributes:
        number: 1 for the first.
        quote: the article's exact words; a substring of ``passage``.
        passage: the passage they stand in.
        emphasis: offsets into ``quote`` of the part that carries the answer, or None.
        context: the sentence before, where the quote opens with a word that points back to it; else empty.
        published: ISO 8601 as the article states it, or None.
        article, revision, passage_id: row ids of the store.
        start, end: offsets of the quote into the revision's text.
        score: the quote's score, comparable within one answer only.
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


@dataclass(frozen=True, slots=True)
class Nearest:
    """The article to read when nothing answers."""

    article: int
    title: str
    source: str
    url: str | None
    published: str | None


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
