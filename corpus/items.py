"""One article as a feed or sitemap lists it; standard library only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One article as a list names it.

    Attributes:
        url: as written, made absolute; not checked: it may be ``javascript:``, or empty.
        id: the item's own id.
        title, summary: plain text.
        published, updated: as `corpus.records.Article` has them.
        content: HTML of the whole article, where the feed carries it; else empty.
    """

    url: str
    id: str = ""
    title: str = ""
    summary: str = ""
    published: str | None = None
    updated: str | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    content: str = ""
