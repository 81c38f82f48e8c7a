"""What a page's markup says about parts of its text: who spoke them, and which it asks not to show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.cleaning import tidy
from corpus.records import Block, BlockKind

_SPACE = re.compile(r"\s+")
_LEAST = 20  # characters without spaces; less is a label that stands anywhere
_LONGEST = 120  # characters of a speaker
_NAMING = ("cite", "footer", "figcaption")
_MANY = 500  # elements looked at


@dataclass(frozen=True, slots=True)
class Said:
    """Parts of a page, their text without spaces.

    Attributes:
        hidden: what stands under ``data-nosnippet`` (Google's robots specification: never shown in a snippet).
        spoken: quotations and who said them, from ``cite``, ``footer`` or ``figcaption`` in or around a ``blockquote``
            (HTML standard, 4.4.4).
    """

    hidden: tuple[str, ...]
    spoken: tuple[tuple[str, str], ...]


def said(tree: Any) -> Said:
    """Look through a page before anything is removed from it."""
    hidden = [_squeezed(element) for element in tree.xpath(f"(//*[@data-nosnippet])[position() <= {_MANY}]")]
    spoken = []
    for quotation in tree.xpath(f"(//blockquote)[position() <= {_MANY}]"):
        name = _speaker(quotation)
        if name:
            spoken.append((_squeezed(quotation), name))
    return Said(tuple(text for text in hidden if len(text) >= _LEAST), tuple(spoken))


def _speaker(quotation: Any) -> str:
    parent = quotation.getparent()
    beside = [parent] if parent is not None and parent.tag == "figure" else []
    for holder in (quotation, *beside):
        for element in holder.iter(*_NAMING):
            name = tidy("".join(element.itertext())).strip("-–—―~,: ")
            if 1 < len(name) <= _LONGEST and not name.endswith((".", "!", "?")):
                return name
    return ""


def _squeezed(element: Any) -> str:
    return _SPACE.sub("", tidy("".join(element.itertext())))


def marked(text: str, blocks: Sequence[Block], found: Said) -> tuple[Block, ...]:
    """The blocks of an article with what its page says about them."""
    if not (found.hidden or found.spoken):
        return tuple(blocks)
    kept = []
    for block in blocks:
        line = _SPACE.sub("", text[block.start : block.end])
        if any(line in part or part in line for part in found.hidden):
            block = replace(block, quotable=False)
        if block.kind is BlockKind.QUOTE and len(line) >= _LEAST:
            block = replace(block, speaker=next((name for part, name in found.spoken if line in part), ""))
        kept.append(block)
    return tuple(kept)
