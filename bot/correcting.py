"""What became of quotes, as values: findings, the messages they concern, and when they may be said; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.records import Act

TWICE = timedelta(hours=6)
"""How far apart a withdrawal must have been seen twice before a posted answer says so."""
CROWD, CROWD_SHARE = 3, 20
"""As many articles of a source, and more than one in so many of them, changing at once are the operator's to judge."""


class Kind(StrEnum):
    """What is to be said of a quote that does not stand any more."""

    ALTERED = "altered"
    """The article says otherwise now, or goes on without the sentence."""
    DROPPED = "dropped"
    """A live page no longer holds the entry."""
    WITHDRAWN = "withdrawn"
    """The article is gone, or another text stands in its place."""
    REMOVED = "removed"
    """It was taken down here: nothing is said but that."""


class Held(StrEnum):
    """Whether a finding waits for the operator."""

    FREE = "free"
    WAITING = "waiting"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a quote.

    Attributes:
        revision: row id of the revision that says so.
        reason: what about it changed, see `corpus.difference.Reason`.
        old, new: the differing words.
        words: the article's words that stand for the quote now, within its source's rights; may be empty.
        note: the article's own correction note, where it has a new one.
    """

    kind: Kind
    revision: int
    reason: str
    old: str = ""
    new: str = ""
    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A finding about the quote of an answer, as it is kept.

    Attributes:
        number: the quote's in the answer; below zero where another outlet differs with it, 0 for the whole answer.
        quote: its words, as they were given.
        title, source, url: the article's.
        since: since when it is so.
        confirmed: when it could be said; None while a second look is missing.
        held: whether it waits for the operator.
    """

    number: int
    quote: str
    finding: Finding
    title: str
    source: str
    url: str | None
    since: datetime
    confirmed: datetime | None
    held: Held

    @property
    def said(self) -> bool:
        """Whether it may be said."""
        return self.confirmed is not None and self.held is Held.FREE


@dataclass(frozen=True, slots=True)
class Given:
    """A quote that was given.

    Attributes:
        number: below zero where another outlet differs with it.
        revision: row id of the revision it was taken from.
        start, end: where in its text.
    """

    exchange: int
    number: int
    revision: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found out about a given quote; ``finding`` is None where it stands.

    Attributes:
        confirmed: it may be said from now on.
        crowd: so much of its source changed at once that the operator decides.
    """

    given: Given
    finding: Finding | None
    since: datetime
    confirmed: bool
    crowd: bool
    title: str
    source: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An exchange whose reply should say something of its quotes.

    Attributes:
        reply, pages: the reply as it was given; None and empty where it was forgotten.
        outlets: those that it said to say the same.
        message: where it stands; None where it cannot be edited, or nobody knows where it is.
        corrections: all that is said of it, by quote.
        wanted, done, told: names of what it should say, says, and of what the asker was told.
        state: how the last attempt went.
        act, argument: what the message is where it is no answer, and what its buttons carry.
        followed: the followed question that it told of.
    """

    exchange: int
    question: str | None
    asked: datetime
    reply: str | None
    pages: tuple[tuple[str, ...], ...]
    ticket: str | None
    further: bool
    locale: str
    guild: int | None
    channel: int | None
    message: int | None
    private: bool
    member: str | None
    corrections: tuple[Correction, ...]
    wanted: str
    done: str
    told: str
    state: str
    tries: int
    changed: datetime
    outlets: tuple[str, ...] = ()
    act: Act | None = None
    argument: str = ""
    followed: str | None = None


def state_of(corrections: Sequence[Correction]) -> str:
    """Names what a message should say: equal for equal words; empty where it should say nothing."""
    said = [
        [each.number, each.finding.kind, each.finding.words, each.finding.note] for each in corrections if each.said
    ]
    return hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()[:32] if said else ""


def is_crowd(changed: int, has_articles: bool) -> bool:
    """Whether so many changes at once are for the operator.

    Args:
        changed: articles of the source that changed within the hour.
        has_articles: whether the source has at least ``CROWD_SHARE`` times as many.
    """
    return changed >= CROWD and not has_articles


def seen_twice(since: datetime, looked: datetime | None) -> bool:
    """Whether something was so at two looks that are six hours apart.

    Args:
        since: the first look.
        looked: the last one; None where there was none.
    """
    return looked is not None and looked - since >= TWICE
