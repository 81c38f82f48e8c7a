"""What an article's page and its source allow: whether it is searched at all, and how much of it members see; pure.

Page directives follow Google's "robots meta tag, data-nosnippet, and X-Robots-Tag specifications" and the TDM
Reservation Protocol (W3C Community Group report, 2024: ``tdm-reservation`` 1 reserves text and data mining).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

RESERVED = frozenset({"noindex", "none", "tdm-reservation", "noai"})
"""Directives under which an article is kept but not searched: embedding it is text and data mining."""
LETTERS = 6
"""Characters of a word and the space behind it, to give a limit in characters to what counts words."""
_LIMIT = re.compile(r"max-snippet:(-?\d+)")


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done with one article.

    Attributes:
        indexed: whether it may be searched; else it is neither quoted nor named.
        max_words: of one quote; 0: found and named, never quoted.
        max_chars: of one quote, None where the page sets no limit.
        full_text: whether members may read all of it.
    """

    indexed: bool
    max_words: int
    max_chars: int | None
    full_text: bool


def rights(robots: Iterable[str], free: bool | None, *, max_quote_words: int, full_text: bool) -> Rights:
    """What a page's directives leave of what the operator allows for its source.

    ``nosnippet`` and ``max-snippet:0`` leave no quote, ``max-snippet:N`` quotes of at most N characters. The whole
    text is never shown of a page that says ``noarchive``, limits snippets, or is not free
    (schema.org ``isAccessibleForFree``).
    """
    stated = frozenset(robots)
    chars = snippet_limit(stated)
    words = quote_words(chars, max_quote_words)
    whole = full_text and chars is None and "noarchive" not in stated and free is not False
    return Rights(not is_reserved(stated), words, chars, whole)


def quote_words(snippet: int | None, max_quote_words: int) -> int:
    """Words that a quote may have, by the page's limit in characters and the source's in words; 0: no quote."""
    return max_quote_words if snippet is None else min(max_quote_words, -(-snippet // LETTERS))


def is_reserved(robots: Iterable[str]) -> bool:
    """Whether the page asks not to be searched."""
    return not RESERVED.isdisjoint(robots)


def snippet_limit(robots: Iterable[str]) -> int | None:
    """Characters that a quote may have, the smallest of the limits stated; None where there is none."""
    limits = []
    for directive in robots:
        if directive == "nosnippet":
            limits.append(0)
        elif (found := _LIMIT.fullmatch(directive)) and int(found[1]) >= 0:  # -1 means no limit
            limits.append(int(found[1]))
    return min(limits, default=None)
