"""Where sentences begin and end: the only file that knows nupunkt, whose mistakes `corpus.full_stops` puts right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.full_stops import mended

# nupunkt was trained on alphabets with spaces; full stops of other scripts end a sentence by themselves.
_OTHER_STOPS = re.compile(r"[。！？｡．]+[”’」』）〉》\"')\]]*|[।॥؟۔።፧]+[”’»\"')\]]*(?=\s)")
_SPACE = re.compile(r"\s*")
# Far longer than any paragraph, and nupunkt's time stays linear in pieces of this size.
_CHUNK = 20_000


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of ``text[start:end]`` in order, as code point offsets into ``text``.

    Spans are trimmed of whitespace, never empty, do not overlap and never cross a newline; together they hold every
    character that is not whitespace. Closing quotation marks belong to the sentence they close.
    """
    stop = len(text) if end is None else min(end, len(text))
    spans: list[tuple[int, int]] = []
    for line_start, line_end in _lines(text, max(start, 0), stop):
        for a, b in _punkt(text, line_start, line_end):
            for left, right in _other_stops(text, a, b):
                span = _trimmed(text, left, right)
                if span:
                    spans.append(span)
    return spans


def inside(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether ``text[start:end]`` begins inside a sentence of ``text``, and whether it ends inside one."""
    last = text.find("\n", end)
    spans = sentences(text, text.rfind("\n", 0, start) + 1, len(text) if last < 0 else last)
    return any(a < start < b for a, b in spans), any(a < end < b for a, b in spans)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        newline = text.find("\n", start, end)
        line_end = end if newline < 0 else newline
        if line_end > start:
            yield start, line_end
        start = line_end + 1


def _punkt(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    from nupunkt import sent_spans

    while start < end:
        cut = min(end, start + _CHUNK)
        if cut < end:
            space = text.rfind(" ", start + 1, cut)
            cut = space + 1 if space > 0 else cut
        begins = mended(text, start, cut, [start + a for a, _ in sent_spans(text[start:cut])])
        yield from pairwise([start, *begins, cut])
        start = cut


def _other_stops(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _OTHER_STOPS.finditer(text, start, end):
        yield start, stop.end()
        start = stop.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
