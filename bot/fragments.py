"""Addresses that open on the quoted words: text fragments, ``#:~:text=``.

After the WICG draft "URL Fragment Text Directives" (https://wicg.github.io/scroll-to-text-fragment/). A link is made
by trying the shortest directive first and asking, by the draft's own algorithm, where it would land. One that lands
anywhere but on the quote is not used, and where none is left, the address stays as the publisher gave it.

What this cannot know is the page around the article (menus, teasers); a browser that does not find the words, or
knows no text fragments, opens the page at its top, or at the publisher's own fragment, which is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

LIMIT = 512
"""Longest address, characters: what Discord takes for a button's address, and what `bot.markdown.link` shows."""
EXACT = 300
"""Longest quote given whole, characters; longer ones are given by their first and last words. The number is that of
Chrome's link generator (GoogleChromeLabs/text-fragments-polyfill)."""
CONTEXT = (3, 5, 8, 13)
"""Words of context tried before and behind a quote that stands in the article more than once; Chrome starts with 3."""
EDGES = (5, 8, 13)
"""First and last words tried for a quote that is not given whole."""

_DELIMITER = ":~:"
_QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"')})
# Between two letters or digits these do not end a word: MidLetter, MidNum, MidNumLet and Single_Quote of UAX #29.
_INSIDE_WORDS = frozenset("'’.:·‧․︓﹕．")
_INSIDE_NUMBERS = frozenset(",;'’.․﹐﹔，；．")


class Directive(NamedTuple):
    """One text directive, its parts decoded. The draft calls them prefix, textStart, textEnd and suffix."""

    prefix: str | None
    first: str
    last: str | None
    suffix: str | None

    def __str__(self) -> str:
        parts = [_encoded(self.first)]
        if self.prefix is not None:
            parts.insert(0, f"{_encoded(self.prefix)}-")
        if self.last is not None:
            parts.append(_encoded(self.last))
        if self.suffix is not None:
            parts.append(f"-{_encoded(self.suffix)}")
        return ",".join(parts)


def fragment_link(url: str, text: str, start: int, end: int) -> str:
    """``url`` with a text fragment that lands on ``text[start:end]``, white space at its ends aside.

    Args:
        url: the article's address. Its own fragment is kept, an older text directive is not.
        text: the article, its blocks divided by newlines.

    Returns:
        The address, with the plainest directive that matches nothing else, or else with one whose first match is the
        quote; without a text fragment where it cannot carry one (not http or https, a route of a script behind
        ``#/`` or ``#!``, longer than 512 characters) or where no directive points to the quote alone.
    """
    address, _, _ = url.partition(_DELIMITER)
    if address != url:
        address = address.removesuffix("#")
    base = _carrier(address)
    words = text[start:end]
    begin, stop = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    if base is None or begin >= stop:
        return address
    page = _Page(text)
    lands = address
    for directive in _directives(text, begin, stop):
        link = f"{base}{_DELIMITER}text={directive}"
        if len(link) > LIMIT:
            continue
        found = page.finds(directive)
        if next(found, None) == (begin, stop):
            if next(found, None) is None:
                return link
            lands = link if lands == address else lands
    return lands


def finds(url: str, text: str) -> tuple[int, int] | None:
    """Where a browser that follows the draft would land in ``text``, whose newlines divide blocks.

    Returns:
        Offsets of what the first text directive matches; None where the address has none or nothing matches.
    """
    _, _, directives = urlsplit(url).fragment.partition(_DELIMITER)
    for each in directives.split("&"):
        if each.startswith("text=") and (directive := _parsed(each.removeprefix("text="))) is not None:
            return next(_Page(text).finds(directive), None)
    return None


def _carrier(url: str) -> str | None:
    """``url`` up to where a fragment directive can follow, with its ``#``; None where it can carry none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"\s", url):
        return None
    # Behind these a script reads the fragment as the page's address, and a longer one is another page.
    if parts.fragment.startswith(("/", "!")):
        return None
    return url if "#" in url else f"{url}#"


def _encoded(term: str) -> str:
    return quote(term, safe="").replace("-", "%2D")


def _parsed(directive: str) -> Directive | None:
    """The draft's "parse a text directive"."""
    tokens = directive.split(",")
    if not 1 <= len(tokens) <= 4 or "" in tokens:
        return None
    prefix = unquote(tokens.pop(0)[:-1]) if tokens[0].endswith("-") else None
    suffix = unquote(tokens.pop()[1:]) if tokens and tokens[-1].startswith("-") else None
    if len(tokens) not in (1, 2):
        return None
    return Directive(prefix, unquote(tokens[0]), unquote(tokens[1]) if len(tokens) == 2 else None, suffix)


def _directives(text: str, start: int, end: int) -> Iterator[Directive]:
    """Directives that may point to ``text[start:end]``, the plainest first."""
    before, behind = _words_before(text, start), _words_behind(text, end)
    for first, last in _terms(text[start:end]):
        yield Directive(None, first, last, None)
        for count in CONTEXT:
            prefix, suffix = " ".join(before[-count:]) or None, " ".join(behind[:count]) or None
            if prefix:
                yield Directive(prefix, first, last, None)
            if suffix:
                yield Directive(None, first, last, suffix)
            if prefix and suffix:
                yield Directive(prefix, first, last, suffix)


def _terms(words: str) -> Iterator[tuple[str, str | None]]:
    """First and last term for a quote: whole where it is short and in one block, then by its edges."""
    blocks = [block.split() for block in words.split("\n") if block.strip()]
    if len(blocks) == 1 and len(words) <= EXACT:
        yield " ".join(blocks[0]), None
    for count in EDGES:
        if len(blocks) > 1 or len(blocks[0]) >= 2 * count:
            yield " ".join(blocks[0][:count]), " ".join(blocks[-1][-count:])


def _words_before(text: str, at: int) -> list[str]:
    """The last words before ``at``, of one block, because a term may not cross two."""
    block = text[:at].rstrip().rpartition("\n")[2]
    return block.split()[-CONTEXT[-1] :]


def _words_behind(text: str, at: int) -> list[str]:
    block = text[at:].lstrip().partition("\n")[0]
    return block.split()[: CONTEXT[-1]]


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """A character at the primary level of UTS #10: without case, accents and marks, quotation marks as one."""
    letters = unicodedata.normalize("NFKD", letter.translate(_QUOTES).casefold())
    return "".join(each for each in letters if unicodedata.category(each) not in {"Mn", "Me", "Cf"})


class _Page:
    """A text as the draft searches it: folded, runs of white space as one space, blocks divided by newlines."""

    def __init__(self, text: str) -> None:
        self._text = text
        letters: list[str] = []
        places: list[int] = []
        for place, letter in enumerate(text):
            if letter.isspace():
                if letters and letters[-1] in " \n":
                    if letter == "\n":
                        letters[-1] = "\n"
                    continue
                folded = "\n" if letter == "\n" else " "
            else:
                folded = _folded(letter)
            letters.extend(folded)
            places.extend([place] * len(folded))
        self._letters = "".join(letters)
        self._places = [*places, len(text)]

    def finds(self, directive: Directive) -> Iterator[tuple[int, int]]:
        """The draft's "find a range from a text directive", as offsets into the text, and what it would find behind
        that if the text began there.
        """
        for start, end in self._finds(*(part and _query(part) for part in directive)):
            yield self._places[start], self._places[end]

    def _finds(
        self, prefix: str | None, first: str | None, last: str | None, suffix: str | None
    ) -> Iterator[tuple[int, int]]:
        at, length = 0, len(self._letters)
        whole = last is not None or suffix is None
        while at < length:
            if prefix is not None:
                before = self._term(prefix, at, starts=True, ends=False)
                if before is None:
                    return
                at = before[0] + 1
                begin = self._past_space(before[1])
                match = self._term(first, begin, starts=False, ends=whole)
                if match is None:
                    return
                if match[0] != begin:
                    continue
            else:
                match = self._term(first, at, starts=True, ends=whole)
                if match is None:
                    return
                at = match[0] + 1
            start, end = match
            while True:
                if last is not None:
                    closing = self._term(last, end, starts=True, ends=suffix is None)
                    if closing is None:
                        return
                    end = closing[1]
                if suffix is None:
                    yield start, end
                    break
                begin = self._past_space(end)
                behind = self._term(suffix, begin, starts=False, ends=True)
                if behind is None:
                    return
                if behind[0] == begin:
                    yield start, end
                    break
                if last is None:
                    break

    def _term(self, query: str | None, at: int, *, starts: bool, ends: bool) -> tuple[int, int] | None:
        """The draft's "find a string in range": the next match, at word boundaries where asked."""
        while query:
            start = self._letters.find(query, at)
            if start < 0:
                return None
            end = start + len(query)
            if (
                self._is_edge(start)
                and self._is_edge(end)
                and (not starts or self._is_boundary(start))
                and (not ends or self._is_boundary(end))
            ):
                return start, end
            at = start + 1
        return None

    def _past_space(self, at: int) -> int:
        while at < len(self._letters) and self._letters[at] in " \n":
            at += 1
        return at

    def _is_edge(self, at: int) -> bool:
        """Whether a character of the text begins here, not one of the letters that one is folded into."""
        return at in (0, len(self._letters)) or self._places[at] != self._places[at - 1]

    def _is_boundary(self, at: int) -> bool:
        """Whether a word begins or ends here, by the rules of UAX #29 that need no dictionary."""
        text, place = self._text, self._places[at]
        if place in (0, len(text)):
            return True
        left, right = text[place - 1], text[place]
        if unicodedata.category(right) in {"Mn", "Me", "Mc", "Cf"}:
            return False
        if _is_word(left) and _is_word(right):
            return False
        beyond = text[place + 1] if place + 1 < len(text) else " "
        if _is_word(left) and _joins(left, right, beyond):
            return False
        return not (place > 1 and _is_word(right) and _joins(text[place - 2], left, right))


def _query(term: str) -> str:
    return "".join(map(_folded, " ".join(term.split())))


def _is_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter) in {"Pc", "Mn", "Mc", "Me"}


def _joins(left: str, middle: str, right: str) -> bool:
    """Whether ``middle`` holds two sides together as one word or number."""
    if left.isdecimal() and right.isdecimal():
        return middle in _INSIDE_NUMBERS
    return left.isalpha() and right.isalpha() and middle in _INSIDE_WORDS
