"""From an Answer to the message that shows it: pure text, safe against whatever articles and members write.

A reply is made of Discord's text displays (Components V2), not an embed. Discord fixes that choice when a message is
first sent, and later edits have to live with it, so this is why:

- Reading on a phone: text displays take the whole width in the normal size; an embed is a narrower box in smaller
  type behind a coloured bar, and members who turn embeds off, or guilds that deny "Embed Links", would see nothing.
- Screen readers speak text displays in order, as the sentences they are; an embed is announced as parts of a card.
- Room: 4,000 characters, so that a correction can later stand beside three quotes, and buttons next to their quote.

Nothing here knows discord.py: a Message is a value, and ``bot.client`` turns it into a view.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from bot.records import Answer, Citation, Match, Nearest
from bot.texts import Texts
from corpus.records import instant

QUESTION_LIMIT = 300
"""Longest question taken, characters."""
MESSAGE_LIMIT = 4000
"""What Discord takes over all text displays of a message, UTF-16 units."""
BLOCK_LIMIT = 38
"""Text displays in a message; Discord takes 40 components, and two stay free for a row of buttons."""
SOURCE_LIMIT = 60
TITLE_LIMIT = 140
CONTEXT_LIMIT = 300
URL_LIMIT = 512
FRESH = timedelta(days=2)
"""How long after publication a date also says how long ago that was."""

_MARKS = 4  # more combining marks on one letter than any script needs climb into the lines above
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, in Discord's markdown: one text display a block, top to bottom."""

    blocks: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole message as one text."""
        return "\n".join(self.blocks)


def reply(answer: Answer, question: str, texts: Texts) -> Message:
    """The message that shows ``answer``.

    Args:
        question: as the member asked it; repeated, because phones hide a command's arguments.
        texts: the sentences of the reader's language.

    Returns:
        A message within Discord's limits. Quotes that do not fit are left out from the last one on, and counted.
    """
    head = [f"-# {texts('reply-question', question=plain(question, 2 * QUESTION_LIMIT))}"]
    if answer.demonstration:
        head.append(texts("reply-demonstration"))
    if not answer.answered or not answer.citations:
        return Message(tuple(head + _nothing(answer, texts)))
    weak = answer.match is not Match.STRONG
    head.append(texts("reply-match-weak") if weak else texts("reply-match-strong"))
    emphasised = any(citation.emphasis for citation in answer.citations)
    foot = [f"-# {texts('reply-emphasis') if emphasised else texts('reply-exact')}"]
    if not answer.calibrated:
        foot.append(f"-# {texts('reply-uncalibrated')}")

    room = MESSAGE_LIMIT - _length([*head, *foot, _omitted(len(answer.citations), texts)])
    quotes: list[str] = []
    for citation in answer.citations[: BLOCK_LIMIT - len(head) - 2]:
        block = _citation(citation, answer.query.now, texts, room)
        if _length([*quotes, block]) > room:
            break
        quotes.append(block)
    omitted = len(answer.citations) - len(quotes)
    if omitted:
        foot.append(_omitted(omitted, texts))
    return Message((*_merged(head), *quotes, *_merged(foot)))


def notice(sentence: str) -> Message:
    """A message of one sentence from the catalogue."""
    return Message((sentence,))


def plain(text: str, limit: int) -> str:
    """``text`` on one line, at most ``limit`` UTF-16 units, with what Discord would act on shown as written.

    Markdown, mentions, timestamps, emoji codes, links and invites are escaped by backslashes, which Discord does not
    show. Longer text is cut at a word and ends in an ellipsis.
    """
    return _escaped(_fitted(visible(text), limit))


def visible(text: str) -> str:
    """``text`` on one line without the characters that show nothing: bidi controls, zero-width and control characters.

    Joiners stay where two letters outside ASCII need them (Persian, emoji), and so do up to four combining marks.
    """
    letters: list[str] = []
    marks = 0
    for at, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category in {"Zl", "Zp", "Zs"} or letter in "\t\n\r\v\f\x85":
            letters.append(" ")
        elif letter in "\u200c\u200d":
            if _joins(text, at):
                letters.append(letter)
        elif category == "Cs":
            letters.append("\ufffd")
        elif category[0] == "C":
            continue
        else:
            marks = marks + 1 if category in {"Mn", "Me"} else 0
            if marks <= _MARKS:
                letters.append(letter)
    return " ".join("".join(letters).split())


def link(url: str | None) -> str | None:
    """``url`` so that nothing in it ends a masked link, or None for what is not a plain web address.

    Only http and https, no user name, 512 characters at most; names outside ASCII in their IDNA form.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[a-z0-9._-]+", host) or "@" in parts.netloc:
        return None
    try:
        path = percent_encode(parts.path, safe="%/:@&=+$,;!~'-._")
        query = percent_encode(parts.query, safe="%/?:@&=+$,;!~'-._")
        fragment = percent_encode(parts.fragment, safe="%/?:@&=+$,;!~'-._")
    except UnicodeError:
        return None
    whole = f"{parts.scheme}://{host}{port}{path}"
    whole += f"?{query}" if query else ""
    whole += f"#{fragment}" if fragment else ""
    return whole if len(whole) <= URL_LIMIT else None


def _nothing(answer: Answer, texts: Texts) -> list[str]:
    """Blocks of a reply without a quote."""
    if not answer.articles:
        return [texts("nothing-indexed")]
    if answer.oldest is None:
        found = texts("nothing-found", articles=answer.articles)
    else:
        found = texts("nothing-found-since", articles=answer.articles, date=_stamp(answer.oldest, "D"))
    if answer.nearest is None:
        return [found]
    return [found, f"{texts('nothing-nearest')}\n{_nearest(answer.nearest, answer.query.now, texts)}"]


def _nearest(nearest: Nearest, now: datetime, texts: Texts) -> str:
    source = plain(nearest.source, SOURCE_LIMIT)
    article = _article(nearest.title, nearest.url, texts)
    date = _date(nearest.published, now, texts)
    if date:
        return texts("nearest-dated", source=source, article=article, date=date)
    return texts("nearest", source=source, article=article)


def _citation(citation: Citation, now: datetime, texts: Texts, room: int) -> str:
    """One block: the sentence before where there is one, the quote, and the line that says where it stands."""
    source = plain(citation.source, SOURCE_LIMIT)
    article = _article(citation.title, citation.url, texts)
    date = _date(citation.published, now, texts)
    if date:
        line = texts("reply-citation-dated", number=citation.number, source=source, article=article, date=date)
    else:
        line = texts("reply-citation", number=citation.number, source=source, article=article)
    before = ""
    if citation.context:
        before = f"-# {texts('reply-before', sentence=plain(citation.context, CONTEXT_LIMIT))}\n"
    quote = _quoted(citation)
    space = room - _units(before) - _units(line) - len("> \n") - 1
    if _units(quote) > space and citation.number == 1:
        # Two sentences fit many times over. What comes here is one endless word, of which its beginning must do.
        quote = plain(citation.quote, space)
    return f"{before}> {quote}\n{line}"


def _quoted(citation: Citation) -> str:
    """The quote's visible words, with the emphasis bold."""
    if citation.emphasis is None:
        return _escaped(visible(citation.quote))
    start, end = citation.emphasis
    head, strong, tail = citation.quote[:start], citation.quote[start:end], citation.quote[end:]
    bold = visible(strong)
    if not bold:
        return _escaped(visible(citation.quote))
    before = _escaped(visible(head))
    after = _escaped(visible(tail), opening=False)
    left = " " if before and (head[-1].isspace() or strong[0].isspace()) else ""
    right = " " if after and (tail[0].isspace() or strong[-1].isspace()) else ""
    return f"{before}{left}**{_escaped(bold, opening=not before)}**{right}{after}"


def _article(title: str, url: str | None, texts: Texts) -> str:
    """The title, linked where there is an address. In angle brackets, because they keep Discord from previewing it."""
    address = link(url)
    if address is None:
        return plain(title, TITLE_LIMIT) or texts("untitled")
    # Discord pairs up brackets in a link's words even where a backslash stands before them.
    words = plain(title.translate({ord("["): "(", ord("]"): ")"}), TITLE_LIMIT) or texts("untitled")
    return f"[{words}](<{address}>)"


def _date(published: str | None, now: datetime, texts: Texts) -> str:
    """When an article was published, in every reader's own zone; empty where it does not say."""
    moment = instant(published)
    if moment is None:
        return ""
    day = _stamp(moment, "D")
    timed = published is not None and len(published) > len("2026-01-31")  # a day alone is never "two hours ago"
    if timed and timedelta(0) <= now - moment < FRESH:
        return texts("reply-date-fresh", date=day, relative=_stamp(moment, "R"))
    return day


def _stamp(moment: datetime, style: str) -> str:
    return f"<t:{int(moment.timestamp())}:{style}>"


def _omitted(count: int, texts: Texts) -> str:
    return f"-# {texts('reply-omitted', count=count)}"


def _merged(lines: Sequence[str]) -> tuple[str, ...]:
    return ("\n".join(lines),) if lines else ()


def _joins(text: str, at: int) -> bool:
    """Whether the joiner at ``at`` stands between two characters that it can join."""
    if not 0 < at < len(text) - 1:
        return False
    return all(not side.isascii() and unicodedata.category(side)[0] in "LMS" for side in (text[at - 1], text[at + 1]))


# What Discord's parser acts on wherever it stands. "<" opens every mention, timestamp, emoji and automatic link.
_ANYWHERE = re.compile(r"[\\*_~`|\[\]<]")
# What it acts on at the start of a line, also behind "> ": headings, small print, lists, quotes.
_OPENING = re.compile(r"(?:#{1,3}|-#|[-+>]|(\d+)(?=\.))(?=[\s.]|$)|>")
_EMOJI = re.compile(r":(?=[^\s:]+:)")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)")
# Invites, templates, events: Discord makes cards of them without a scheme in front.
_INVITE = re.compile(r"(?i)(?<=discord)\.(?=\w)|(?<=discordapp)\.(?=\w)|(?<=dis)\.(?=gd)")


def _escaped(text: str, *, opening: bool = True) -> str:
    """One line of visible text as Discord shows it literally; ``opening`` where it may start a line."""
    safe = _ANYWHERE.sub(r"\\\g<0>", text)
    for pattern in (_EMOJI, _EVERYONE, _LINK, _INVITE):
        safe = pattern.sub(r"\\\g<0>", safe)
    if opening and (mark := _OPENING.match(safe)):
        at = mark.end(1) if mark.group(1) else 0
        safe = f"{safe[:at]}\\{safe[at:]}"
    return safe


def _fitted(text: str, limit: int) -> str:
    """``text`` whose escaped form takes ``limit`` units at most, cut at a word where one ends near."""
    if _units(_escaped(text)) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:  # the escaped length grows with the text, so the longest beginning that fits is bisected
        middle = (low + high + 1) // 2
        if _units(_escaped(text[:middle])) + len(_CUT) <= limit:
            low = middle
        else:
            high = middle - 1
    head = text[:low]
    word = head.rpartition(" ")[0]
    return (word if len(word) > low * 0.7 else head).rstrip() + _CUT


def _units(text: str) -> int:
    """Length as Discord's clients count it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _length(blocks: Iterable[str]) -> int:
    """Units of the blocks, each with a line end."""
    return sum(_units(block) + 1 for block in blocks)
