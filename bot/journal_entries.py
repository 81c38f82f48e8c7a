"""What is written into journal.db of one message: a question and its reply, or another message that quotes; pure.

An entry is made of rows as the tables have them, fit for JSON, so that one that cannot be written yet can wait in a
file, see ``bot.spool``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.records import Answer, Quoted, Quoting, quoted_of

Row = dict[str, Any]


class Surface(StrEnum):
    """Where a question was asked."""

    SLASH = "slash"
    MENTION = "mention"
    DIRECT = "dm"
    REPLY = "reply"
    CHANNEL = "channel"
    BUTTON = "button"
    CONTEXT = "context"
    TERMINAL = "terminal"
    SHOWN = "shown"
    """Nowhere: the row is of a message that is no answer."""


class Installation(StrEnum):
    """Through which installation of the bot: the guild's, the member's own, or a direct conversation."""

    GUILD = "guild"
    USER = "user"
    DIRECT = "dm"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its reply, as they are logged.

    Attributes:
        asked: when, with zone.
        member: the member's key, see ``member_key``; None in the terminal.
        question: the member's words.
        reply: the words of the reply.
        took_ms: from the question's arrival to the delivered reply, milliseconds.
        question_message, reply_message: Discord's ids, None where there is no such message.
        private: only the asker sees the reply; such a reply cannot be edited later.
        request: the id of the log lines.
        ticket: what the buttons of the reply carry; None for a reply without.
        follows: row id of the exchange that this one goes on from.
        understood: a follow-up as it was searched for; None where that is the question itself.
        pages: the blocks of each page, where the reply has more than one.
    """

    asked: datetime
    surface: Surface
    question: str
    reply: str
    answer: Answer
    took_ms: float
    installation: Installation = Installation.NONE
    guild: int | None = None
    channel: int | None = None
    member: str | None = None
    locale: str = ""
    private: bool = False
    question_message: int | None = None
    reply_message: int | None = None
    request: str = ""
    ticket: str | None = None
    follows: int | None = None
    understood: str | None = None
    pages: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that quotes and is no answer, as it is logged.

    Attributes:
        asked: when it was asked for, or sent; with zone.
        member: the key of whom it is for.
        message: Discord's id; None where there is none yet.
        private: only the member sees it; it cannot be edited later.
        ticket: what the buttons of its pages carry, should a correction make it so long.
    """

    quoting: Quoting
    asked: datetime
    member: str
    locale: str
    installation: Installation
    guild: int | None
    channel: int | None
    message: int | None
    private: bool
    ticket: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The rows of one message, by table; those that belong to the exchange lack its row id still."""

    exchange: Row
    citations: tuple[Row, ...]
    disputes: tuple[Row, ...] = ()
    further: tuple[Row, ...] = ()


def entry_of(logged: Exchange | Shown) -> Entry:
    """The rows of a question and its reply, or of another message."""
    if isinstance(logged, Shown):
        return Entry(_shown_row(logged), tuple(_citations(logged.quoting.quotes)))
    answer = logged.answer
    scores = {each.number: each.score for each in answer.citations}
    disputes = [
        {
            "number": number,
            "differs": dispute.on,
            "ours": dispute.ours,
            "theirs": dispute.theirs,
            "article": dispute.citation.article,
            "revision": dispute.citation.revision,
            "passage": dispute.citation.passage_id,
            "start": dispute.citation.start,
            "end": dispute.citation.end,
            "quote": dispute.citation.quote,
        }
        for number, dispute in enumerate(answer.disputes, 1)
    ]
    further = [{"number": number, **asdict(place)} for number, place in enumerate(answer.further, 1)]
    cited = [{**row, "score": scores[row["number"]]} for row in _citations(quoted_of(answer.citations))]
    return Entry(_exchange_row(logged), tuple(cited), tuple(disputes), tuple(further))


def _citations(quotes: Iterable[Quoted]) -> list[Row]:
    return [{"number": each.number, **asdict(each.place), "score": 0.0, "quote": each.quote} for each in quotes]


def _exchange_row(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    return {
        "asked": _moment(exchange.asked),
        "request": exchange.request,
        "surface": exchange.surface.value,
        "installation": exchange.installation.value,
        "guild": exchange.guild,
        "channel": exchange.channel,
        "private": int(exchange.private),
        "locale": exchange.locale,
        "member": exchange.member,
        "question": exchange.question,
        "question_message": exchange.question_message,
        "reply_message": exchange.reply_message,
        "answered": int(answer.answered),
        "confidence": answer.confidence,
        "match": answer.match.value,
        "reply": exchange.reply,
        "model": answer.model,
        "index_version": answer.index_version,
        "stages": json.dumps(dict(answer.stages)),
        "took_ms": exchange.took_ms,
        "ticket": exchange.ticket,
        "follows": exchange.follows,
        "understood": exchange.understood,
        "pages": json.dumps(exchange.pages) if exchange.pages else None,
        "outlets": json.dumps(answer.outlets) if answer.outlets else None,
    }


def _shown_row(shown: Shown) -> Row:
    quoting = shown.quoting
    return {
        "asked": _moment(shown.asked),
        "request": "",
        "surface": Surface.SHOWN.value,
        "installation": shown.installation.value,
        "guild": shown.guild,
        "channel": shown.channel,
        "private": int(shown.private),
        "locale": shown.locale,
        "member": shown.member,
        "question": quoting.question,
        "reply_message": shown.message,
        "answered": 0,
        "reply": None if shown.private else quoting.reply,
        "stages": "{}",
        "ticket": shown.ticket,
        "follows": quoting.follows,
        "act": quoting.act.value,
        "argument": quoting.argument,
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
