"""A web page to its article: the blocks that are the story, with what the page states about it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

import trafilatura

from corpus import wording
from corpus.blocks import PageBlock, blocks, parse, prune
from corpus.cleaning import assemble
from corpus.metadata import page_facts
from corpus.records import Article, BlockKind
from corpus.said import marked, said
from corpus.story import Line, marked_story

_LINKED = 0.5  # share of linked characters from which a block is no sentence of the story
_ALL_LINK = 0.9
_DECK = 8  # words; a shorter line above the first sentence is a label
_PARAGRAPHS = 3  # below a headline, that make a column
_SHORTER = 0.8  # of the length of a column's paragraphs, that those beside it stay under
_MOSTLY = 0.7  # share of the prose found that makes it the article
_TOLD = 400  # characters of prose that make an article
_NEAR, _REPLIES = 24, 3  # blocks below "Comments" of which some say when, or offer to answer
_COLUMN = 0.25  # share of the prose that a column beside the article stays under
_SPACE = re.compile(r"\s+")


def page_article(markup: str, url: str | None = None) -> Article:
    """The article of a page; its text is empty where none was found."""
    tree = parse(markup)
    if tree is None:
        return Article(title="", text="", blocks=())
    facts = page_facts(tree, url)
    parts = said(tree)
    prune(tree)
    found = _first_article(_without_comments(blocks(tree)))
    title = facts.title or next((block.text for block in found if block.title), "")
    text, kept = assemble((line.kind, line.text) for line in _told(found, tree, title))
    return replace(
        facts,
        title=title,
        text=text,
        blocks=marked(text, kept, parts),
        notes=tuple(text[b.start : b.end] for b in kept if wording.is_note(text[b.start : b.end])),
    )


def _told(found: list[PageBlock], tree: Any, title: str) -> list[Line]:
    chosen = _main(_in_column([found[number] for number in _chosen(found, _witness(tree))], found, title))
    chosen = [block for block in chosen if not block.title and block.text.casefold() != title.casefold()]
    homes = {block.parent for block in chosen if _prose(block)}
    lines: list[Line] = []
    for block in chosen:
        # Above the first sentence stand kickers, dates and tickers.
        if not (_prose(block) or lines) and (block.parent not in homes or wording.words(block.text) < _DECK):
            continue
        if not lines and block.kind is BlockKind.HEADING:
            continue
        if block.linked > _ALL_LINK and not (_prose(block) or block.kind is BlockKind.ITEM):
            continue
        text = block.text
        if block.call and block.kind is BlockKind.PARAGRAPH and wording.words(text) >= _DECK:
            text = text.removesuffix(block.call).rstrip()
        if block.picture and not _prose(replace(block, text=text)):
            continue  # a caption
        lines.append(Line(text, block.kind, block.parent))
    while lines and not lines[-1].prose and lines[-1].kind is BlockKind.PARAGRAPH and lines[-1].group not in homes:
        lines.pop()
    return marked_story(lines)


def _without_comments(found: list[PageBlock]) -> list[PageBlock]:
    """The blocks above a heading over what readers wrote, or a line that says so and lines of comments below it."""
    for at, block in enumerate(found):
        if wording.opens_comments(block.text) and _size(found[:at]) >= _TOLD:
            following = sum(wording.is_comment_line(each.text) for each in found[at + 1 : at + 1 + _NEAR])
            if following >= _REPLIES or (block.kind is BlockKind.HEADING and not block.linked):
                return found[:at]
    return found


def _first_article(found: list[PageBlock]) -> list[PageBlock]:
    """The blocks above the headline of a second article, as endless pages have it.

    A page's headlines stand apart from the paragraphs of the article before; a heading between those is one of its own.
    """
    homes: set[int] = set()
    headlines = 0
    told = 0
    for at, block in enumerate(found):
        if _prose(block):
            homes.add(block.parent)
            told += len(block.text) * (headlines > 0)
        if block.title:
            apart = block.parent not in homes
            if apart and told >= _TOLD and _size(found[at + 1 :]) >= _TOLD:
                return found[:at]
            headlines += apart
    return found


def _in_column(chosen: list[PageBlock], found: list[PageBlock], title: str) -> list[PageBlock]:
    """The blocks below the headline and in its column, or in elements of the kind that the column's prose stands in.

    The column is the smallest element around the headline with a few paragraphs below it, and more of the prose than
    stands in any one kind of element elsewhere; paragraphs elsewhere are shorter than its own: what is as long may be
    the story told on in another element.
    """
    at = next((n for n, block in enumerate(found) if block.title and block.text.casefold() == title.casefold()), None)
    if at is None:
        return chosen
    after = {id(block) for block in found[at:]}
    below = [block for block in chosen if id(block) in after]
    depths = {element: depth for depth, element in enumerate(found[at].around)}
    levels: dict[int, list[PageBlock]] = defaultdict(list)
    for block in below:
        levels[next((depths[element] for element in block.around if element in depths), len(depths))].append(block)
    sizes = _places(below)
    counts = Counter(block.place for block in below if _prose(block))
    inside: list[PageBlock] = []
    places: set[str] = set()
    held, count = 0, 0
    for depth in sorted(levels):
        inside += levels[depth]
        told = [block for block in levels[depth] if _prose(block) and block.kind is BlockKind.PARAGRAPH]
        held, count = held + sum(len(block.text) for block in told), count + len(told)
        for place in {block.place for block in told} - places:
            places.add(place)
            sizes.pop(place)
            counts.pop(place)
        shorter = sizes.total() * count <= _SHORTER * held * counts.total()
        if count >= _PARAGRAPHS and held >= max(sizes.values(), default=0) and shorter:
            column = {id(block) for block in inside}
            return [block for block in below if id(block) in column or block.place in places]
    return below if _size(below) >= _MOSTLY * _size(chosen) else chosen


def _places(some: list[PageBlock]) -> Counter[str]:
    """Characters of prose in each kind of container."""
    sizes: Counter[str] = Counter()
    for block in some:
        if _prose(block):
            sizes[block.place] += len(block.text)
    return sizes


def _main(chosen: list[PageBlock]) -> list[PageBlock]:
    """The blocks up to the last that stands where a good part of the prose does: columns and feet stand elsewhere."""
    total = _size(chosen)
    main = {place for place, size in _places(chosen).items() if size >= _COLUMN * total}
    last = max((at for at, block in enumerate(chosen) if block.place in main), default=len(chosen))
    tail = [block for block in chosen[last + 1 :] if not _prose(block) or block.kind is not BlockKind.PARAGRAPH]
    return chosen[: last + 1] + tail if _size(chosen[last + 1 :]) < _COLUMN * total else chosen


def _size(some: list[PageBlock]) -> int:
    return sum(len(block.text) for block in some if _prose(block))


def _witness(tree: Any) -> str:
    """What trafilatura takes for the article, without its spaces; empty when it finds none."""
    document = trafilatura.bare_extraction(
        tree, include_comments=False, favor_recall=True, fast=True, with_metadata=False
    )
    body = getattr(document, "body", None)
    return _SPACE.sub("", "".join(body.itertext())) if body is not None else ""


def _chosen(found: list[PageBlock], witness: str) -> list[int]:
    """Numbers of the blocks of the article, in order.

    What the witness heard, and beside it the blocks that live as its prose does: in the same element, or further
    down in one of the same kind.
    """
    said = [number for number, block in enumerate(found) if _SPACE.sub("", block.text) in witness]
    prose = [n for n in said if _prose(found[n])]
    if not prose:
        return said
    first, last = prose[0], prose[-1]
    places = {found[n].place for n in prose}
    homes = {found[n].parent for n in prose}
    chosen, beside = set(said), set(prose)
    told = [number for number, block in enumerate(found) if block.linked < _LINKED and not wording.is_noise(block.text)]
    beside_heading = {at: {before, after} for before, at, after in zip(told, told[1:], told[2:], strict=False)}
    for number, block in enumerate(found):
        if block.title and number > last:
            break  # the next article of an endless page
        if number in chosen or block.title or block.linked >= _LINKED:
            continue
        inside = first < number < last and block.parent in homes and not block.picture
        # A heading right between two paragraphs of the story is the story's, wherever each of them lives.
        inside = inside or (block.kind is BlockKind.HEADING and beside_heading.get(number, {-1}) <= beside)
        alike = block.parent in homes or (number > first and block.place in places)
        if inside or (alike and _prose(block)):
            chosen.add(number)
    return sorted(chosen)


def _prose(block: PageBlock) -> bool:
    return Line(block.text, block.kind).prose and block.linked < _LINKED
