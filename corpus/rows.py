"""An article as the rows it becomes: all of it that can be worked out without the store; pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.records import Article, Block, Passage, instant
from corpus.rights import is_reserved, snippet_limit
from corpus.stories import Hashes, shingles

Cut = tuple[bytes, int, int, int, str, str]
"""A passage: SHA-256 of its words, which of those with the same words it is from 0, start, end, quotable spans as JSON,
heading."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What an article's words make of it.

    Attributes:
        digest: SHA-256 of title and text, hexadecimal.
        particulars: what a revision says beside these, by column.
        cuts: its passages.
        shingles: see `corpus.stories.shingles`.
    """

    digest: str
    particulars: dict[str, Any]
    cuts: tuple[Cut, ...]
    shingles: Hashes


def rows(article: Article, passages: Sequence[Passage]) -> Rows:
    """The rows of an article that is cut into these passages."""
    digest = hashlib.sha256(f"{article.title}\0{article.text}".encode()).hexdigest()
    return Rows(digest, _particulars(article), cuts(article.text, passages), shingles(article.text))


def cuts(text: str, passages: Iterable[Passage]) -> tuple[Cut, ...]:
    """The rows of a text's passages, in order."""
    seen: Counter[bytes] = Counter()
    found = []
    for each in passages:
        digest = hashlib.sha256(text[each.start : each.end].strip().encode()).digest()
        found.append((digest, seen[digest], each.start, each.end, _spans(each.quotable), each.heading))
        seen[digest] += 1
    return tuple(found)


def _particulars(article: Article) -> dict[str, Any]:
    moment = instant(article.published)
    return {
        "blocks": json.dumps([_block(block) for block in article.blocks]),
        "published": article.published,
        "published_at": None if moment is None else int(moment.timestamp()),
        "updated": article.updated,
        "authors": json.dumps(article.authors),
        "language": article.language,
        "kind": article.kind,
        "free": article.free,
        "robots": json.dumps(article.robots),
        "reserved": int(is_reserved(article.robots)),
        "snippet": snippet_limit(article.robots),
        "notes": json.dumps(article.notes),
    }


def _spans(spans: Iterable[tuple[int, int]]) -> str:
    """As `json.dumps` writes them, in a third of its time."""
    return f"[{', '.join([f'[{start}, {end}]' for start, end in spans])}]"


def _block(block: Block) -> list[Any]:
    row = [block.kind, block.start, block.end, block.quotable, block.speaker]
    return row if block.speaker else row[:3] if block.quotable else row[:4]
