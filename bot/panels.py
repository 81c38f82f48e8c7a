"""The buttons under a reply, and the messages they show: pure, like ``bot.render``.

A button carries the reply's ticket and nothing else; whatever it shows is read from the log and the store when it is
pressed, so that it works after a restart and for as long as the exchange is logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.markdown import escaped, plain, stamp, units
from bot.records import Act, Citation, Excerpt, Quoting, omissions, quoted_of
from bot.render import MESSAGE_LIMIT, QUESTION_LIMIT, Button, Message, citation_block, citation_line, paged
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.journal_follows import Follow  # brings SQLite

FOLLOWS = 5
"""Followed questions on a page, as many as a row has buttons."""


def reply_rows(
    texts: Texts, ticket: str, *, answered: bool, further: bool, page: int = 1, count: int = 1
) -> tuple[tuple[Button, ...], ...]:
    """The rows of buttons under a reply.

    Args:
        further: whether there are hits that it does not show.
        page, count: which of its pages is shown, from 1, and how many there are.
    """
    follow = Button(texts("button-follow"), "follow", ticket)
    watch = Button(texts("button-watch"), "watch", ticket)
    if not answered:
        return ((follow, watch),)
    more = [Button(texts("button-context"), "context", f"{ticket}.1")]
    if further:
        more.append(Button(texts("button-sources"), "sources", f"{ticket}.1"))
    verdicts = (
        Button(texts("button-helpful"), "helpful", ticket),
        Button(texts("button-unhelpful"), "unhelpful", ticket),
        Button(texts("button-wrong"), "wrong", ticket),
    )
    return (*turning("page", ticket, page, count, texts), (*more, follow, watch), verdicts)


def turning(act: str, ticket: str, page: int, count: int, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """The row that turns pages; none where there is only one page."""
    if count < 2:
        return ()
    back = Button(texts("button-previous"), act, f"{ticket}.{page - 1}", disabled=page <= 1)
    on = Button(texts("button-next"), act, f"{ticket}.{page + 1}", disabled=page >= count)
    return ((back, on),)


def fixed_line(texts: Texts) -> str:
    """The small print of what cannot be edited later: where its corrections are listed."""
    command = f"`/{texts('command-corrections-name')}`"
    return f"-# {texts('reply-fixed', command=command)}"


def context(
    excerpt: Excerpt | None,
    ticket: str,
    number: int,
    count: int,
    now: datetime,
    texts: Texts,
    exchange: int | None = None,
) -> Message:
    """The words around quote ``number`` of ``count``, the quote itself bold, and where they stand.

    Args:
        exchange: row id of the answer.
    """
    rows = turning("around", ticket, number, count, texts)
    if excerpt is None:
        return Message((texts("context-gone", number=number),), rows)
    title = texts("context-title", number=number)
    line = citation_line(
        number, excerpt.source, excerpt.title, excerpt.url, excerpt.published, now, texts, excerpt.kind
    )
    foot = line if excerpt.whole else f"{line}\n-# {texts('context-part')}"
    quoting = Quoting(Act.CONTEXT, excerpt.quoted, f"{ticket}.{number}", follows=exchange) if excerpt.quoted else None
    foot = f"{foot}\n{fixed_line(texts)}" if quoting else foot
    room = MESSAGE_LIMIT - units(title) - units(foot) - 10
    return Message((title, surrounded(excerpt, room), foot), rows, quoting)


def surrounded(excerpt: Excerpt, room: int, *, bold: bool = True) -> str:
    """The quote and the words around it, a paragraph a line, as much as fits into ``room`` units."""
    words = plain(excerpt.quote, room // 3)
    left, right = (escaped(each) for each in omissions(excerpt.cut))
    quote = f"> {left}**{words}**{right}" if bold else f"> {left}{words}{right}"
    side = (room - units(quote)) // 2
    before = [f"> {plain(each, side - 3)}" for each in _last_that_fit(excerpt.before.split("\n"), side)]
    after = [f"> {plain(each, side - 3)}" for each in _first_that_fit(excerpt.after.split("\n"), side)]
    return "\n".join([*before, quote, *after])


def sources(
    citations: Sequence[Citation],
    question: str | None,
    ticket: str,
    page: int,
    now: datetime,
    texts: Texts,
    exchange: int | None = None,
) -> Message:
    """Further hits, as page ``page`` (from 1) of as many as it takes.

    Args:
        question: None where it was forgotten.
        exchange: row id of the answer.
    """
    if not citations:
        return Message((texts("sources-none"),))
    if question is None:
        title = texts("sources-title-forgotten")
    else:
        title = texts("sources-title", question=plain(question, 2 * QUESTION_LIMIT))
    blocks = [partial(citation_block, citation, now, texts) for citation in citations]
    made = paged([title], [title], blocks, [f"-# {texts('sources-caution')}", fixed_line(texts)], texts)
    at = min(max(page, 1), len(made))
    blocks_shown = made[at - 1].blocks
    quoting = Quoting(Act.SOURCES, quoted_of(_shown(citations, blocks_shown)), f"{ticket}.{at}", follows=exchange)
    return Message(blocks_shown, turning("more", ticket, at, len(made), texts), quoting)


def _shown(citations: Sequence[Citation], blocks: Sequence[str]) -> list[Citation]:
    """Those of the citations that stand on a page."""
    lines = [line for block in blocks for line in block.split("\n")]
    return [each for each in citations if any(line.startswith(f"**{each.number}** ") for line in lines)]


def told(citations: Sequence[Citation], question: str, mark: str, now: datetime, texts: Texts) -> Message:
    """What is new on a followed question; its one button stops it, and carries ``mark``."""
    head = texts("follow-told", question=plain(question, 2 * QUESTION_LIMIT))
    blocks = [partial(citation_block, citation, now, texts) for citation in citations]
    foot = [f"-# {texts('reply-exact')}"]
    made = paged([head], [head], blocks, foot, texts)[0]
    # The member's words are kept with what they follow, and not a second time here.
    reply = "\n".join(made.blocks[1:])
    quoting = Quoting(Act.TOLD, quoted_of(_shown(citations, made.blocks)), mark, reply=reply)
    return Message(made.blocks, told_rows(mark, texts), quoting)


def told_rows(mark: str, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """The button under what was told of a followed question."""
    return ((Button(texts("follow-stop"), "unfollow", mark),),)


def unfolded_rows(code: str, page: int, count: int, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """The buttons under a page of a timeline.

    Args:
        code: what they carry, see ``bot.timeline``.
    """
    picture = Button(texts("timeline-picture"), "unfolded", f"{code}.{page}")
    return (*turning("unfold", code, page, count, texts), (picture,))


def following_made(question: str, ticket: str, until: datetime, texts: Texts, *, here: bool) -> Message:
    """That a question is followed from now on."""
    date = stamp(until, "D")
    words = plain(question, 2 * QUESTION_LIMIT)
    how = texts("follow-made-here", date=date) if here else texts("follow-made", date=date)
    stop = Button(texts("follow-stop"), "unfollow", ticket)
    return Message((f"**{words}**\n{how}",), ((stop,),))


def following(follows: Sequence[Follow], page: int, texts: Texts) -> Message:
    """One page, counted from 1, of what a member follows, with a button for each that stops it."""
    if not follows:
        return Message((texts("following-none"),))
    count = -(-len(follows) // FOLLOWS)
    page = min(max(page, 1), count)
    blocks = [texts("following-title", count=len(follows))]
    stops: list[Button] = []
    for number, each in enumerate(follows[(page - 1) * FOLLOWS : page * FOLLOWS], (page - 1) * FOLLOWS + 1):
        where = texts("following-here") if each.public else texts("following-direct")
        if each.unreachable:
            where = texts("following-unreachable")
        until = texts("following-until", date=stamp(each.until, "D"))
        blocks.append(f"**{number}** {plain(each.question, 2 * QUESTION_LIMIT)}\n-# {where} · {until}")
        stops.append(Button(texts("following-stop", number=number), "unlist", each.ticket))
    return Message(tuple(blocks), (tuple(stops), *turning("following", "", page, count, texts)))


def reason_row(texts: Texts, ticket: str, verdict: str) -> tuple[tuple[Button, ...], ...]:
    """The button under a noted verdict that asks for a reason."""
    return ((Button(texts("button-reason"), "reason", f"{ticket}.{verdict}"),),)


def _first_that_fit(paragraphs: Sequence[str], room: int) -> list[str]:
    """The paragraphs that fit into ``room`` units once escaped, from the first on; the first is cut if it must be."""
    taken: list[str] = []
    left = room
    for paragraph in filter(None, paragraphs):
        size = units(plain(paragraph, 2 * MESSAGE_LIMIT)) + len("> \n")
        if taken and size > left:
            break
        taken.append(paragraph)
        left -= size
    return taken


def _last_that_fit(paragraphs: Sequence[str], room: int) -> list[str]:
    """As ``_first_that_fit``, from the last on."""
    return _first_that_fit(paragraphs[::-1], room)[::-1]
