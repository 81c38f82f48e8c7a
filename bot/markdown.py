"""Text of articles and members in Discord's markdown: shown as written, whatever it holds, and cut to a length."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

URL_LIMIT = 512
"""Longest address shown, characters."""

_MARKS = 4  # more combining marks on one letter than any script needs climb into the lines above
_CUT = "…"

# What Discord's parser acts on wherever it stands. "<" opens every mention, timestamp, emoji and automatic link.
_ANYWHERE = str.maketrans({mark: f"\\{mark}" for mark in r"\*_~`|[]<"})
# What it acts on at the start of a line, also behind "> ": headings, small print, lists, quotes.
_OPENING = re.compile(r"(?:#{1,3}|-#|[-+>]|(\d+)(?=\.))(?=[\s.]|$)|>")
_EMOJI = re.compile(r":(?=[^\s:]+:)")
_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)")
# Invites, templates, events: Discord makes cards of them without a scheme in front.
_INVITE = re.compile(r"(?i)(?<=discord)\.(?=\w)|(?<=discordapp)\.(?=\w)|(?<=dis)\.(?=gd)")


def plain(text: str, limit: int) -> str:
    """``text`` on one line, at most ``limit`` UTF-16 units, with what Discord would act on shown as written.

    Markdown, mentions, timestamps, emoji codes, links and invites are escaped by backslashes, which Discord does not
    show. Longer text is cut at a word and ends in an ellipsis.
    """
    return escaped(_fitted(visible(text), limit))


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


def cut(text: str, limit: int) -> str:
    """``text``, unescaped, at most ``limit`` UTF-16 units: cut at a word where one ends near, with an ellipsis."""
    if units(text) <= limit:
        return text
    head = text[: limit - 1]
    while units(head) > limit - 1:
        head = head[:-1]
    word = head.rpartition(" ")[0]
    return (word if len(word) > len(head) * 0.7 else head).rstrip() + _CUT


def escaped(text: str, *, opening: bool = True) -> str:
    """One line of visible text as Discord shows it literally; ``opening`` where it may start a line."""
    safe = text.translate(_ANYWHERE)
    for pattern in (_EMOJI, _EVERYONE, _LINK, _INVITE):
        safe = pattern.sub(r"\\\g<0>", safe)
    if opening and (mark := _OPENING.match(safe)):
        at = mark.end(1) if mark.group(1) else 0
        safe = f"{safe[:at]}\\{safe[at:]}"
    return safe


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


def stamp(moment: datetime, style: str) -> str:
    """A moment that Discord shows in every reader's own zone; ``style`` "D" a day, "R" how long ago, "f" with time."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def units(text: str) -> int:
    """Length as Discord's clients count it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitted(text: str, limit: int) -> str:
    """``text`` whose escaped form takes ``limit`` units at most, cut at a word where one ends near."""
    if units(escaped(text)) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:  # the escaped length grows with the text, so the longest beginning that fits is bisected
        middle = (low + high + 1) // 2
        if units(escaped(text[:middle])) + len(_CUT) <= limit:
            low = middle
        else:
            high = middle - 1
    head = text[:low]
    word = head.rpartition(" ")[0]
    return (word if len(word) > low * 0.7 else head).rstrip() + _CUT


def _joins(text: str, at: int) -> bool:
    """Whether the joiner at ``at`` stands between two characters that it can join."""
    if not 0 < at < len(text) - 1:
        return False
    return all(not side.isascii() and unicodedata.category(side)[0] in "LMS" for side in (text[at - 1], text[at + 1]))
