"""A reply that was given, as it should read since its articles changed: pure, like ``bot.render``.

It is always made anew from the reply as it was given, never from one that was amended before: so the same corrections
make the same message, and none at all make the first one again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot import panels
from bot.correcting import Correction, Kind, Standing
from bot.journal_takedowns import NOTICE
from bot.markdown import cut, plain, stamp, units
from bot.records import Act, Still
from bot.render import (
    MESSAGE_LIMIT,
    QUESTION_LIMIT,
    SOURCE_LIMIT,
    Button,
    Message,
    article_link,
    citation_block,
    dispute_block,
    outlets_line,
    paged,
)
from bot.texts import Texts

NOTE_LIMIT = 400
QUOTE_LEAST = 200
"""A quote is shortened no further, whatever has to stand beside it; UTF-16 units."""

_CITED = re.compile(r"\*\*(\d+)\*\* ")
_SMALL = "-# "
_ABOVE = re.compile(r"-# |\*\*<t:\d+:D>\*\*$")
"""What stands above a quote and belongs to it: the sentence before, who speaks, or the day in a timeline."""
_QUOTED = "> "
_STRUCK = "~~"


@dataclass(frozen=True, slots=True)
class _Cited:
    """A block of a reply: what stands above the quote, the quote, and the line that says where it stands.

    Attributes:
        number: below zero where another outlet differs with it; ``above`` says then on what.
    """

    number: int
    above: tuple[str, ...]
    quote: str
    line: str

    @property
    def text(self) -> str:
        return "\n".join((*self.above, self.quote, self.line))


@dataclass(frozen=True, slots=True)
class _Reply:
    """A reply taken apart.

    Attributes:
        first, later: what stands above the blocks, on the first page and on the others.
        cited: the quotes that answer, then those of outlets that differ.
        beside: what else stands between the quotes and the small print below.
    """

    first: tuple[str, ...]
    later: tuple[str, ...]
    cited: tuple[_Cited, ...]
    beside: tuple[str, ...]
    foot: tuple[str, ...]


def pages(standing: Standing, texts: Texts, still: Still, now: datetime) -> tuple[Message, ...]:
    """The pages of the reply as it should read, with its buttons.

    Args:
        still: what may still be shown of a reply whose words were removed.
    """
    made = _removed(standing, texts, still, now) if _is_removed(standing) else _pages(standing, texts)
    return tuple(replace(page, rows=_rows(standing, texts, at, len(made))) for at, page in enumerate(made, 1))


def _is_removed(standing: Standing) -> bool:
    return (standing.reply or NOTICE) == NOTICE


def _rows(standing: Standing, texts: Texts, page: int, count: int) -> tuple[tuple[Button, ...], ...]:
    ticket = standing.ticket
    if ticket is None:
        return ()
    if standing.act is None:
        return panels.reply_rows(texts, ticket, answered=True, further=standing.further, page=page, count=count)
    # A correction may have made it so long that it takes pages of its own.
    turning = panels.turning("page", ticket, page, count, texts)
    if standing.act is Act.TOLD:
        return (*turning, *panels.told_rows(standing.argument, texts))
    code, number, of = (*standing.argument.split("."), "", "")[:3]
    if number.isdecimal() and of.isdecimal():
        return (*turning, *panels.unfolded_rows(code, int(number), int(of), texts))
    return turning


def _followed(standing: Standing, texts: Texts) -> tuple[str, ...]:
    """The line that says what a message told of; its words are kept with what is followed, and nowhere else."""
    if standing.act is not Act.TOLD:
        return ()
    if standing.followed is None:
        return (texts("follow-told-once"),)
    return (texts("follow-told", question=plain(standing.followed, 2 * QUESTION_LIMIT)),)


def _removed(standing: Standing, texts: Texts, still: Still, now: datetime) -> tuple[Message, ...]:
    """A reply whose words were removed, made anew of what of it still stands."""
    said = {each.number: each for each in standing.corrections if each.said}
    head = [*_banner(list(said.values()), texts), *_followed(standing, texts)]
    blocks: dict[int, Callable[[int], str]] = {
        each.number: partial(_amended, None, said.get(each.number), texts, partial(citation_block, each, now, texts))
        for each in still.citations
    }
    if 1 in blocks:
        first = next(each for each in still.citations if each.number == 1)
        made = [dispute_block(first, each, now, texts, MESSAGE_LIMIT // 4) for each in still.disputes]
        compared, _ = _differing([line for block in made for line in block.split("\n")])
        numbered = [
            replace(cited, number=each.citation.number) for cited, each in zip(compared, still.disputes, strict=True)
        ]
        for cited in _compared(numbered, 1 in said):
            blocks[cited.number] = partial(_amended, cited, said.get(cited.number), texts, None)
    for number, each in said.items():
        # What its article does not say any more cannot be quoted from it, and stands struck through.
        if number and each.finding.kind is not Kind.REMOVED and number not in blocks:
            blocks[number] = partial(_amended, None, each, texts, None)
    ordered = [blocks[number] for number in sorted(blocks, key=lambda number: (number < 0, abs(number)))]
    # Of an outlet whose article is gone nobody knows whether it still says so; one that differs never counted.
    agreed = 1 in blocks and 1 not in said and all(each.number < 0 for each in said.values())
    foot = [outlets_line(standing.outlets, texts)] if agreed and len(standing.outlets) > 1 else []
    return paged(head, head, ordered, foot, texts) if ordered else (Message(tuple(head)),)


def _pages(standing: Standing, texts: Texts) -> tuple[Message, ...]:
    said = [each for each in standing.corrections if each.said]
    head = [*_banner(said, texts), *_followed(standing, texts)]
    by_number = {each.number: each for each in said}
    reply = _taken_apart(standing)
    compared = _compared(reply.cited, 1 in by_number)
    blocks = [partial(_amended, each, by_number.pop(each.number, None), texts, None) for each in compared]
    blocks += [partial(_amended, None, each, texts, None) for each in by_number.values() if each.number]
    blocks += [partial(_as_it_was, each) for each in reply.beside]
    foot = list(reply.foot)
    if standing.outlets and any(each.number == 1 for each in said):
        # They said what the first quote said when it was given, and nobody compared them with what it says now.
        foot = [line for line in foot if line != outlets_line(standing.outlets, texts)]
    return paged([*head, *reply.first], [*head, *reply.later], blocks, foot, texts)


def _compared(cited: Sequence[_Cited], first: bool) -> list[_Cited]:
    """The blocks of a reply, where its first quote does not stand with all that it was compared to struck through."""
    return [replace(each, above=_struck(each.above)) if first and each.number < 0 else each for each in cited]


def _struck(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line if line.startswith(_STRUCK) else f"{_STRUCK}{line}{_STRUCK}" for line in lines)


def _as_it_was(text: str, room: int) -> str:
    """A block that fitted into a message of its own reply."""
    del room
    return text


def _banner(said: Sequence[Correction], texts: Texts) -> list[str]:
    """What stands at the top: in words, with the numbers of the quotes concerned."""
    lines = []
    removed = [each for each in said if each.finding.kind is Kind.REMOVED]
    others = [each for each in said if each.finding.kind is not Kind.REMOVED and each.number > 0]
    differing = [each for each in said if each.finding.kind is not Kind.REMOVED and each.number < 0]
    if others:
        moment = max(each.confirmed for each in others if each.confirmed is not None)
        gone = all(each.finding.kind is Kind.WITHDRAWN for each in others)
        count, date = len(others), stamp(moment, "D")
        numbers = ", ".join(str(each.number) for each in others)
        if gone:
            lines.append(texts("amended-banner-withdrawn", count=count, numbers=numbers, date=date))
        else:
            lines.append(texts("amended-banner", count=count, numbers=numbers, date=date))
    if differing:
        moment = max(each.confirmed for each in differing if each.confirmed is not None)
        lines.append(texts("amended-banner-differing", date=stamp(moment, "D")))
    if removed:
        lines.append(texts("amended-banner-removed"))
    return lines


def _amended(
    cited: _Cited | None,
    correction: Correction | None,
    texts: Texts,
    whole: Callable[[int], str] | None,
    room: int,
) -> str:
    """One block in so many UTF-16 units: the old words struck through, and what is known beside them."""
    if correction is None or correction.finding.kind is Kind.REMOVED:
        return cited.text if cited else whole(room) if whole else ""
    quote = cited.quote.removeprefix(_QUOTED) if cited else plain(correction.quote, room // 2)
    line = cited.line if cited else _line(correction, texts)
    above = cited.above if cited else ()
    if correction.number < 0:
        above = _struck(above)  # it says what that outlet says
    below = beside(correction, texts)
    block = "\n".join((*above, f"> ~~{quote}~~", *below, line))
    if units(block) <= room:
        return block
    # What is new matters more than the sentence before the old words, and than all of these; on what outlets differed
    # is no such sentence.
    above = above if correction.number < 0 else ()
    spare = room - units("\n".join((*above, *below, line))) - len("> ~~~~\n")
    return "\n".join((*above, f"> ~~{plain(correction.quote, max(spare, QUOTE_LEAST))}~~", *below, line))


def beside(correction: Correction, texts: Texts) -> tuple[str, ...]:
    """The lines that stand beside a quote that does not stand any more."""
    finding = correction.finding
    lines = []
    if finding.words:
        lines += [texts("amended-now"), f"> {plain(finding.words, MESSAGE_LIMIT // 4)}"]
    elif finding.kind is Kind.DROPPED:
        lines.append(texts("amended-dropped"))
    elif finding.kind is Kind.WITHDRAWN:
        lines.append(texts("amended-withdrawn"))
    elif finding.kind is Kind.REMOVED:
        lines.append(texts("amended-removed"))
    elif finding.reason == "gone":
        lines.append(texts("amended-gone"))
    else:
        lines.append(texts("amended-changed"))
    if finding.note:
        lines.append(f"-# {texts('amended-note', note=plain(finding.note, NOTE_LIMIT))}")
    return tuple(lines)


def entry(standing: Standing, texts: Texts, room: int) -> str:
    """One answer as ``/corrections`` lists it and as its asker is told of it."""
    question = plain(standing.question, QUESTION_LIMIT) if standing.question else texts("corrections-forgotten")
    head = texts("corrections-entry", question=question, date=stamp(standing.asked, "D"))
    where = address(standing)
    lines = [f"{head} [{texts('corrections-open')}](<{where}>)" if where else head]
    for place, each in enumerate(each for each in standing.corrections if each.said):
        block = _listed(each, texts)
        left = room - units("\n".join([*lines, texts("corrections-more")])) - 2
        if not place and units("\n".join(block)) > left:
            block = _listed(_shortened(each, max(left - units(_line(each, texts)) - 100, 100) // 2), texts)
        elif units("\n".join(block)) > left:
            lines.append(texts("corrections-more"))
            break
        lines += block
    return "\n".join(lines)


def _listed(correction: Correction, texts: Texts) -> list[str]:
    """The lines of one correction in a list: old words, what stands beside them, and where."""
    if correction.finding.kind is Kind.REMOVED:
        return [*beside(correction, texts)]
    old = [f"> ~~{plain(correction.quote, MESSAGE_LIMIT // 6)}~~"] if correction.number else []
    return [*old, *beside(correction, texts), _line(correction, texts)]


def _shortened(correction: Correction, limit: int) -> Correction:
    """A correction without its note, whose old and new words take ``limit`` units each at most, once escaped."""
    finding = correction.finding
    short = replace(finding, words=_begin(finding.words, limit), note="")
    return replace(correction, quote=_begin(correction.quote, limit), finding=short)


def _begin(text: str, limit: int) -> str:
    """The beginning of a text that, escaped, fits."""
    while units(plain(text, MESSAGE_LIMIT)) > limit:
        text = cut(text, units(text) * 9 // 10)
    return text


def address(standing: Standing) -> str | None:
    """Where the message stands in Discord; None where it cannot be opened again."""
    if standing.message is None or standing.channel is None:
        return None
    return f"https://discord.com/channels/{standing.guild or '@me'}/{standing.channel}/{standing.message}"


def _line(correction: Correction, texts: Texts) -> str:
    source = plain(correction.source, SOURCE_LIMIT)
    article = article_link(correction.title, correction.url, texts)
    if correction.number < 0:
        return f"{source}: {article}"
    return texts("reply-citation", number=correction.number, source=source, article=article)


def _taken_apart(standing: Standing) -> _Reply:
    """The reply as it was given, in its parts."""
    if not standing.pages:
        first, cited, rest = _parts((standing.reply or "").split("\n"))
        between, foot = _below(rest)
        differing, beside = _differing(between)
        return _Reply(tuple(first), _repeated(first), (*cited, *differing), beside, foot)
    made = [_parts("\n".join(page).split("\n")) for page in standing.pages]
    later = tuple(made[1][0]) if len(made) > 1 and made[1][1] else _repeated(made[0][0])
    cited = [each for _, some, _ in made for each in some]
    # A page without a quote has only what stands beside them, below the head that all pages repeat.
    rests = [rest if some else head[len(later) :] for head, some, rest in made]
    differing, beside = _differing([line for rest in rests for line in _below(rest)[0]])
    # Less the number of the page.
    return _Reply(tuple(made[0][0]), later, (*cited, *differing), beside, _below(made[0][2])[1][:-1])


def _below(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands below the quotes: the rest, and the small print at the end."""
    at = len(lines)
    while at and lines[at - 1].startswith(_SMALL):
        at -= 1
    return tuple(lines[:at]), tuple(lines[at:])


def _differing(lines: Sequence[str]) -> tuple[list[_Cited], tuple[str, ...]]:
    """The blocks of outlets that differ, in their order, and as one block what is none, if there is any."""
    found: list[_Cited] = []
    at = 0
    while at + 2 < len(lines) and lines[at + 1].startswith(_QUOTED):
        above, quote, line = lines[at : at + 3]
        found.append(_Cited(-len(found) - 1, (above,), quote, line))
        at += 3
    rest = "\n".join(lines[at:])
    return found, ((rest,) if rest else ())


def _repeated(head: Sequence[str]) -> tuple[str, ...]:
    """The small print of a first page, which is what the others repeat."""
    return tuple(line for line in head if line.startswith(_SMALL))


def _parts(lines: Sequence[str]) -> tuple[list[str], list[_Cited], list[str]]:
    """What stands above the quotes, the quotes, and what stands below."""
    at = [
        number
        for number, line in enumerate(lines)
        if number and _CITED.match(line) and lines[number - 1].startswith(_QUOTED)
    ]
    cited: list[_Cited] = []
    end = 0
    head: list[str] = []
    for number in at:
        start = number - 1
        while start > end and _ABOVE.match(lines[start - 1]):
            start -= 1
        if not cited:
            head = list(lines[:start])
        found = _CITED.match(lines[number])
        shown = int(found[1]) if found else 0
        cited.append(_Cited(shown, tuple(lines[start : number - 1]), lines[number - 1], lines[number]))
        end = number + 1
    return (head, cited, list(lines[end:])) if cited else (list(lines), [], [])
