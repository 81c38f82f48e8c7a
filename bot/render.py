"""From an Answer to the message that shows it: pure text, safe against whatever articles and members write.

A reply is made of Discord's text displays (Components V2), not an embed. Discord fixes that choice when a message is
first sent, and later edits have to live with it, so this is why:

- Reading on a phone: text displays take the whole width in the normal size; an embed is a narrower box in smaller
  type behind a coloured bar, and members who turn embeds off, or guilds that deny "Embed Links", would see nothing.
- Screen readers speak text displays in order, as the sentences they are; an embed is announced as parts of a card.
- Room: 4,000 characters, so that a correction can later stand beside three quotes, and buttons next to their quote.

Nothing here knows discord.py: a Message is a value, and ``bot.client`` turns it into a view. What the buttons under a
reply are, and what they show, is in ``bot.panels``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.markdown import escaped, link, plain, stamp, units, visible
from bot.records import Answer, Citation, Dispute, Match, Nearest, Quoting, omissions, parted
from bot.remarks import ARTICLE, LANGUAGE, OUTSIDE, TIME, UNDATED
from bot.texts import Texts
from corpus.records import ArticleKind, instant

QUESTION_LIMIT = 300
"""Longest question taken, characters."""
MESSAGE_LIMIT = 4000
"""What Discord takes over all text displays of a message, UTF-16 units."""
BLOCK_LIMIT = 26
"""Text displays in a message; Discord takes 40 components, and 14 stay free for three rows of buttons."""
SOURCE_LIMIT = 60
TITLE_LIMIT = 140
CONTEXT_LIMIT = 300
SAID_LIMIT = 60
"""Longest word or figure named where outlets differ."""
OUTLETS = 8
"""Outlets named that say the same; the count tells of the others."""
FRESH = timedelta(days=2)
"""How long after publication a date also says how long ago that was."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: words, never a sign or a colour alone.

    Attributes:
        act: what it does, letters; with ``argument`` all that the bot knows when it is pressed, months later too.
        argument: 80 characters at most.
    """

    label: str
    act: str
    argument: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, in Discord's markdown: one text display a block, top to bottom, and the rows of buttons below.

    Attributes:
        quoting: what it quotes where it is no answer, to be kept once it is sent.
    """

    blocks: tuple[str, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    quoting: Quoting | None = None

    @property
    def text(self) -> str:
        """The whole message as one text."""
        return "\n".join(self.blocks)


def reply(answer: Answer, question: str, texts: Texts, understood: str = "") -> Message:
    """The first page of the message that shows ``answer``, see ``pages``."""
    return pages(answer, question, texts, understood)[0]


def pages(
    answer: Answer, question: str, texts: Texts, understood: str = "", below: Sequence[str] = ()
) -> tuple[Message, ...]:
    """The message that shows ``answer``, as pages of which each is within Discord's limits; one in nearly all cases.

    Args:
        question: as the member asked it; repeated, because phones hide a command's arguments.
        texts: the sentences of the reader's language.
        understood: a follow-up as it was searched for, where that differs.
        below: further sentences of small print, for replies with a quote.
    """
    top = [f"-# {texts('reply-question', question=plain(question, 2 * QUESTION_LIMIT))}"]
    if understood:
        top.append(f"-# {texts('reply-understood', question=plain(understood, 2 * QUESTION_LIMIT))}")
    unresolved = plain(", ".join(answer.unresolved), QUESTION_LIMIT)
    remarks = {LANGUAGE: texts("notice-language"), TIME: texts("notice-time", words=unresolved)}
    # Whatever repeats the member's words stands at the top, in small print: forgetting them takes those lines.
    top += [f"-# {remarks[key]}" for key in answer.notices if key in remarks]
    if answer.demonstration:
        top.append(texts("reply-demonstration"))
    checked = [f"-# {texts('reply-checked', relative=stamp(answer.checked, 'R'))}"] if answer.checked else []
    if not answer.answered or not answer.citations:
        return (Message(tuple(top + _nothing(answer, texts) + checked)),)
    matches = {
        Match.NEWEST: texts("reply-newest"),
        Match.STRONG: texts("reply-match-strong"),
        Match.FAIR: texts("reply-match-fair"),
        Match.WEAK: texts("reply-match-weak"),
    }
    head = [*top, matches[answer.match]]
    if UNDATED in answer.notices:
        head.append(texts("reply-undated"))
    if OUTSIDE in answer.notices and (published := instant(answer.citations[0].published)):
        head.append(texts("reply-outside", date=stamp(published, "D")))
    if answer.as_of is not None:
        head.append(texts("reply-as-of", date=stamp(answer.as_of, "D")))
    emphasised = any(citation.emphasis for citation in answer.citations)
    foot = [f"-# {texts('reply-emphasis') if emphasised else texts('reply-exact')}"]
    if len(answer.outlets) > 1:
        foot.append(outlets_line(answer.outlets, texts))
    if not answer.calibrated:
        foot.append(f"-# {texts('reply-uncalibrated')}")
    foot += [f"-# {sentence}" for sentence in below] + checked
    cited = [partial(citation_block, citation, answer.query.now, texts) for citation in answer.citations]
    cited += [partial(dispute_block, answer.citations[0], each, answer.query.now, texts) for each in answer.disputes]
    return paged(head, top, cited, foot, texts)


def outlets_line(outlets: Sequence[str], texts: Texts) -> str:
    """The line of small print that says which outlets say the same."""
    named = ", ".join(plain(outlet, SOURCE_LIMIT) for outlet in outlets[:OUTLETS])
    return f"-# {texts('reply-outlets', count=len(outlets), outlets=named)}"


def paged(
    first: Sequence[str],
    later: Sequence[str],
    blocks: Sequence[Callable[[int], str]],
    foot: Sequence[str],
    texts: Texts,
) -> tuple[Message, ...]:
    """Blocks between the lines of a head and a foot, on as many pages as Discord's limits ask for.

    Args:
        first, later: the lines above the blocks, on the first page and on the others.
        blocks: each makes a block that takes so many UTF-16 units at most.
        foot: the lines below, the same on each page.
    """
    number = f"-# {texts('page', number=len(blocks), count=len(blocks))}"
    rooms = [MESSAGE_LIMIT - _length([*head, *foot, number]) for head in (first, later)]
    filled: list[list[str]] = [[]]
    for make in blocks:
        full = len(filled[-1]) >= BLOCK_LIMIT - 2
        block = make(rooms[min(len(filled) - 1, 1)])
        if full or (filled[-1] and _length([*filled[-1], block]) > rooms[min(len(filled) - 1, 1)]):
            filled.append([])
            block = make(rooms[1])
        filled[-1].append(block)
    made = []
    for at, page in enumerate(filled):
        below = [*foot, f"-# {texts('page', number=at + 1, count=len(filled))}"] if len(filled) > 1 else foot
        made.append(Message((*_merged(later if at else first), *page, *_merged(below))))
    return tuple(made)


def notice(sentence: str) -> Message:
    """A message of one sentence from the catalogue."""
    return Message((sentence,))


def _nothing(answer: Answer, texts: Texts) -> list[str]:
    """Blocks of a reply without a quote."""
    if not answer.articles:
        return [texts("nothing-indexed")]
    if answer.oldest is None:
        found = texts("nothing-found", articles=answer.articles)
    else:
        found = texts("nothing-found-since", articles=answer.articles, date=stamp(answer.oldest, "D"))
    if answer.nearest is None:
        return [found]
    nearest = f"{texts('nothing-nearest')}\n{_nearest(answer.nearest, answer.query.now, texts)}"
    unread = [f"-# {texts('notice-article-language')}"] if ARTICLE in answer.notices else []
    return [found, nearest, *unread]


def _nearest(nearest: Nearest, now: datetime, texts: Texts) -> str:
    source = plain(nearest.source, SOURCE_LIMIT)
    article = article_link(nearest.title, nearest.url, texts)
    date = day(nearest.published, now, texts)
    if date:
        return texts("nearest-dated", source=source, article=article, date=date)
    return texts("nearest", source=source, article=article)


def citation_block(citation: Citation, now: datetime, texts: Texts, room: int) -> str:
    """One block of ``room`` UTF-16 units at most.

    The sentence before where there is one, the quote, and the line that says where it stands.
    """
    line = citation_line(
        citation.number,
        citation.source,
        citation.title,
        citation.link if link(citation.link) else citation.url,
        citation.published,
        now,
        texts,
        citation.kind,
    )
    before = ""
    if citation.speaker:
        before = f"-# {texts('reply-speaker', speaker=plain(citation.speaker, SOURCE_LIMIT))}\n"
    if citation.context:
        before += f"-# {texts('reply-before', sentence=plain(parted(citation.context), CONTEXT_LIMIT))}\n"
    left, right = (escaped(each) for each in omissions(citation.cut))
    quote = f"{left}{_quoted(citation)}{right}"
    space = room - units(before) - units(line) - len("> \n") - 1
    if units(quote) > space:
        # Two sentences fit many times over. What comes here is one endless word, of which its beginning must do.
        quote = plain(citation.quote, space)
    return f"{before}> {quote}\n{line}"


def dispute_block(first: Citation, dispute: Dispute, now: datetime, texts: Texts, room: int) -> str:
    """One block of ``room`` UTF-16 units at most: who says what, and the other outlet's words with where they stand."""
    other = dispute.citation
    said = {
        "one": plain(first.source, SOURCE_LIMIT),
        "ours": plain(dispute.ours, SAID_LIMIT),
        "other": plain(other.source, SOURCE_LIMIT),
        "theirs": plain(dispute.theirs, SAID_LIMIT),
    }
    heads = {
        "number": texts("dispute-number", **said),
        "date": texts("dispute-date", **said),
        "time": texts("dispute-time", **said),
        "name": texts("dispute-named", **said),
    }
    link_to = other.link if link(other.link) else other.url
    article, date = article_link(other.title, link_to, texts), day(other.published, now, texts)
    line = f"{said['other']}: {article}, {date}" if date else f"{said['other']}: {article}"
    head = heads[dispute.on]
    left, right = (escaped(each) for each in omissions(other.cut))
    quote = plain(other.quote, room - units(head) - units(line) - units(left) - units(right) - 5)
    return f"{head}\n> {left}{quote}{right}\n{line}"


def citation_line(
    number: int,
    source: str,
    title: str,
    url: str | None,
    published: str | None,
    now: datetime,
    texts: Texts,
    kind: ArticleKind = ArticleKind.NEWS,
) -> str:
    """The line that says where a quote stands: outlet, what the article is if not plain news, title, link, date."""
    outlet = plain(source, SOURCE_LIMIT)
    if kind is not ArticleKind.NEWS:
        outlet = texts("reply-source-kind", source=outlet, kind=kind_words(kind, texts))
    article = article_link(title, url, texts)
    date = day(published, now, texts)
    if date:
        return texts("reply-citation-dated", number=number, source=outlet, article=article, date=date)
    return texts("reply-citation", number=number, source=outlet, article=article)


def kind_words(kind: ArticleKind, texts: Texts) -> str:
    """What the page says its article is; empty for plain news."""
    return {
        ArticleKind.NEWS: "",
        ArticleKind.OPINION: texts("kind-opinion"),
        ArticleKind.SPONSORED: texts("kind-sponsored"),
        ArticleKind.SATIRE: texts("kind-satire"),
        ArticleKind.LIVE: texts("kind-live"),
    }[kind]


def _quoted(citation: Citation) -> str:
    """The quote's visible words, with the emphasis bold."""
    if citation.emphasis is None:
        return escaped(visible(citation.quote))
    start, end = citation.emphasis
    head, strong, tail = citation.quote[:start], citation.quote[start:end], citation.quote[end:]
    bold = visible(strong)
    if not bold:
        return escaped(visible(citation.quote))
    before = escaped(visible(head))
    after = escaped(visible(tail), opening=False)
    left = " " if before and (head[-1].isspace() or strong[0].isspace()) else ""
    right = " " if after and (tail[0].isspace() or strong[-1].isspace()) else ""
    return f"{before}{left}**{escaped(bold, opening=not before)}**{right}{after}"


def article_link(title: str, url: str | None, texts: Texts) -> str:
    """The title, linked where there is an address. In angle brackets, because they keep Discord from previewing it."""
    address = link(url)
    if address is None:
        return plain(title, TITLE_LIMIT) or texts("untitled")
    # Discord pairs up brackets in a link's words even where a backslash stands before them.
    words = plain(title.translate({ord("["): "(", ord("]"): ")"}), TITLE_LIMIT) or texts("untitled")
    return f"[{words}](<{address}>)"


def day(published: str | None, now: datetime, texts: Texts) -> str:
    """When an article was published, in every reader's own zone; empty where it does not say."""
    moment = instant(published)
    if moment is None:
        return ""
    date = stamp(moment, "D")
    timed = published is not None and len(published) > len("2026-01-31")  # a day alone is never "two hours ago"
    if timed and timedelta(0) <= now - moment < FRESH:
        return texts("reply-date-fresh", date=date, relative=stamp(moment, "R"))
    return date


def _merged(lines: Sequence[str]) -> tuple[str, ...]:
    return ("\n".join(lines),) if lines else ()


def _length(blocks: Iterable[str]) -> int:
    """Units of the blocks, each with a line end."""
    return sum(units(block) + 1 for block in blocks)
