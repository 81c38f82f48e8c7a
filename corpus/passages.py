"""An article cut into the passages that are searched and quoted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from corpus.records import Article, Block, BlockKind, Passage
from corpus.sentences import sentences

LIMIT = 180
"""The most word pieces a tile may hold, by `weight`.

all-MiniLM-L6-v2 reads 256, the shortest window of the models in use, two of them marks at the ends. Over 6,800 tiles
of news and encyclopedia text `weight` was short of the tokenizer by a quarter at worst (4 in 100 tiles at all), so the
fullest tile takes 226 and leaves the title 28.
"""

SHORT = 60
"""Paragraphs of fewer letters than this say too little by themselves and join a neighbour; a sign of a script without
spaces says as much as three."""

# One match a piece: counting them takes a fifth of the time that weighing each run does.
_PIECES = re.compile(r"(?<![a-zA-Z])[a-zA-Z]{1,6}|[a-zA-Z]{1,5}|[0-9]{1,3}|[^\W\da-zA-Z_]|[^\w\s]|_")
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_CLAUSE = re.compile(r"(?<=[,;:，；、：—–])\s*|(?<=\))\s+")


def weight(text: str) -> int:
    """About how many word pieces the text breaks into, on the high side.

    A Latin word counts one piece and one more for every five letters after the sixth, other letters and signs one
    each, Hangul syllables three (the model's tokenizer takes them apart).
    """
    pieces = len(_PIECES.findall(text))
    return pieces if text.isascii() else pieces + 2 * len(_HANGUL.findall(text))


def passages(article: Article) -> tuple[Passage, ...]:
    """The tiles of the article's text, in order; none for an empty text.

    Each character, newlines included, belongs to exactly one tile; the newline between two belongs to the first. A
    paragraph is the unit: short ones join their neighbour under the same heading, and one of more than `LIMIT` word
    pieces is split between its sentences, a sentence of more than that between its clauses. A heading begins the
    tile of what follows it, and is named but not quotable there.
    """
    text = article.text
    if not text:
        return ()
    units = _joined(text, list(_units(text, article.blocks)))
    cuts = [cut for unit in units for cut in _cuts(text, unit)]
    edges = [0, *(start for start, _, _ in cuts[1:]), len(text)]
    starts = [block.start for block in article.blocks]
    tiles = []
    for (_, _, heading), start, end in zip(cuts, edges, edges[1:], strict=False):
        near = article.blocks[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, end)]
        tiles.append(Passage(start, end, _quotable(text, near, start, end), heading))
    return tuple(tiles)


class _Unit:
    """A run of blocks that may become one tile: headings, if any, then what stands under them."""

    __slots__ = ("body", "end", "heading", "start")

    def __init__(self, start: int, body: int, end: int, heading: str) -> None:
        self.start, self.body, self.end, self.heading = start, body, end, heading


def _units(text: str, blocks: tuple[Block, ...]) -> Iterator[_Unit]:
    heading = ""
    lead: int | None = None
    done = 0
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            lead = block.start if lead is None else lead
            heading = text[block.start : block.end]
            # Too much to travel with a paragraph: a tile of its own.
            if weight(text[lead : block.end]) > LIMIT // 3:
                yield _Unit(lead, lead, block.end, heading)
                lead, done = None, block.end
        else:
            start = block.start if lead is None else lead
            yield _Unit(start, block.start, block.end, heading)
            lead, done = None, block.end
    if lead is not None or done == 0:
        start = lead or 0
        yield _Unit(start, start, len(text), heading)


def _joined(text: str, units: list[_Unit]) -> list[_Unit]:
    """The units with short ones joined to the next one under their heading, or else to the one before."""
    joined: list[_Unit] = []
    for unit in units:
        before = joined[-1] if joined else None
        if before is not None and before.heading == unit.heading and unit.start == unit.body:
            short = _is_short(text, before) or (unit is units[-1] and _is_short(text, unit))
            if short and weight(text[before.start : unit.end]) <= LIMIT:
                before.end = unit.end
                continue
        joined.append(unit)
    return joined


def _is_short(text: str, unit: _Unit) -> bool:
    size = unit.end - unit.body
    return size < SHORT and size + 2 * len(_SIGNS.findall(text, unit.body, unit.end)) < SHORT


def _cuts(text: str, unit: _Unit) -> Iterator[tuple[int, int, str]]:
    """The unit's parts, each within the limit: start, end, heading."""
    total = weight(text[unit.start : unit.end])
    if total <= LIMIT:
        yield unit.start, unit.end, unit.heading
        return
    # Parts of about one size read better than full ones and a scrap.
    target = total / -(-total // LIMIT)
    start, held = unit.start, weight(text[unit.start : unit.body])
    for a, b in _pieces(text, unit.body, unit.end):
        more = weight(text[a:b])
        if a > unit.body and (held + more > LIMIT or held >= target):
            yield start, a, unit.heading
            start, held = a, 0
        held += more
    yield start, unit.end, unit.heading


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences, or where one is too long its clauses, words or bare slices: none over two thirds of the limit."""
    for a, b in sentences(text, start, end):
        yield from _small(text, a, b)


def _small(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    room = LIMIT * 2 // 3
    if weight(text[start:end]) <= room:
        yield start, end
        return
    while start < end:
        stop = _reach(text, start, end, room)
        if stop < end:
            places = [m.end() for m in _CLAUSE.finditer(text, start + 1, stop) if m.end() < stop]
            space = text.rfind(" ", start + 1, stop)
            stop = (
                places[-1] if places and places[-1] - start > (stop - start) // 2 else space + 1 if space > 0 else stop
            )
        yield start, stop
        start = stop


def _reach(text: str, start: int, end: int, room: int) -> int:
    """The furthest offset so that what lies before it weighs no more than the room."""
    low, high = start + 1, min(end, start + room * 40)
    while low < high:
        middle = (low + high + 1) // 2
        if weight(text[start:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def _quotable(text: str, blocks: tuple[Block, ...], start: int, end: int) -> tuple[tuple[int, int], ...]:
    spans = []
    for block in blocks:
        if block.quotable and block.kind is not BlockKind.HEADING and block.start < end and block.end > start:
            a, b = max(block.start, start), min(block.end, end)
            while b > a and text[b - 1].isspace():
                b -= 1
            if a < b:
                spans.append((a, b))
    return tuple(spans)
