"""The records of a search, frozen: a Query becomes Hits, Hits become Quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for.

    Attributes:
        text: the question, plain text; after any rewriting.
        now: the moment it is asked, with zone; relative times in the question count from it.
        sources: names of the sources to search, or None for all.
        topics: topics to search, or None for all.
        since, until: only articles published in ``[since, until)``; None leaves a side open.
        subject: words of the conversation that the question refers to, used to search but never shown.
        asked: what the quote has to answer, where the subject is to find and no more: the text with the names that its
            pronouns stand for. Empty where text and subject say it together.
    """

    text: str
    now: datetime
    sources: frozenset[str] | None = None
    topics: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    subject: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found.

    Attributes:
        passage, article: row ids of the store.
        score: what hits are ranked by, higher is better; comparable within one search only.
        dense: cosine of question and passage, -1 to 1.
        lexical: BM25 score, 0 or more.
        signals: further named measurements that quotes and confidence use.
    """

    passage: int
    article: int
    score: float
    dense: float
    lexical: float
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one passage, or of two that follow each other, exact to the character.

    Attributes:
        hit: the passage of the sentence that answers.
        start, end: offsets into the revision's text.
        text: ``revision.text[start:end]``; two sentences and 60 words at most.
        emphasis: offsets (into the revision's text) of the part that carries the answer, or None.
        context: the sentence before, when it asks or the quote opens with words that point back to it, with the
            heading, on a line of its own, where one stands between; two where the one before is brief and points
            back, too; else empty.
        score: how well these words answer, higher is better; comparable within one search only.
    """

    hit: Hit
    revision: int
    start: int
    end: int
    text: str
    score: float
    emphasis: tuple[int, int] | None = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure the bot is that the first quote answers.

    Attributes:
        confidence: probability, 0 to 1, that the quotes answer the question.
        answered: whether it reaches the threshold.
        calibrated: False when the numbers were fitted for another model.
    """

    confidence: float
    answered: bool
    calibrated: bool = True
