"""Sitemaps to items (sitemaps.org protocol 0.9, Google's news extension); pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.cleaning import stated_time, tidy
from corpus.errors import UnreadableError
from corpus.inflate import gunzip
from corpus.items import Item
from corpus.records import instant
from corpus.xml_stream import elements, forget, local_name, text_of

LARGEST = 52_428_800  # bytes unpacked, as sitemaps.org allows
_ROOTS = {"urlset", "sitemapindex"}


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, or further sitemaps; each newest first, those without a date last.

    Attributes:
        items: pages; ``updated`` is their ``lastmod``, ``published`` and ``title`` are the news extension's.
        children: addresses of further sitemaps.
        problem: what is wrong with the document, though entries could be read.
    """

    items: tuple[Item, ...] = ()
    children: tuple[str, ...] = ()
    problem: str = ""


def parse_sitemap(data: bytes, *, url: str, content_type: str = "") -> Sitemap:
    """The entries of a sitemap: XML, packed with gzip or not, or text with an address a line.

    Raises:
        UnreadableError: it is no sitemap, or unpacks to more than `LARGEST`.
    """
    text = text_of(gunzip(data, LARGEST, url), content_type)
    if text.lstrip("\ufeff \t\r\n")[:8].lower().startswith(("http://", "https://")):
        lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
        return Sitemap(tuple(Item(line) for line in lines if line))
    problems: list[str] = []
    items: list[Item] = []
    children: list[Item] = []
    root = ""
    for event, element in elements(text, problems):
        name = local_name(element).rpartition(":")[2]
        if event == "start":
            root = name
            if root not in _ROOTS:
                break
        elif name == "url" and root == "urlset":
            items.append(_item(element))
            forget(element)
        elif name == "sitemap":
            children.append(_item(element))
            forget(element)
    if root not in _ROOTS:
        page = root.lower() == "html" or "<html" in text[:2000].lower()
        raise UnreadableError(
            f"is {'a web page' if page else 'something else'}, not a sitemap",
            subject=url,
            remedy="scripts/sources.py add finds the sitemaps of a site",
        )
    if any("Premature end" in problem for problem in problems) and not text.rstrip().endswith(">"):
        (items or children or [Item("")]).pop()  # its address may be cut short
    return Sitemap(newest_first(items), tuple(item.url for item in newest_first(children)), "; ".join(problems))


def _item(element: Any) -> Item:
    found: dict[str, str] = {}
    for part in element.iter():
        name = local_name(part)
        if name in ("loc", "lastmod", "news:publication_date", "news:title", "news:language"):
            found.setdefault(name, tidy("".join(part.itertext())))
    return Item(
        url=found.get("loc", ""),
        title=found.get("news:title", ""),
        published=stated_time(found.get("news:publication_date")),
        updated=stated_time(found.get("lastmod")),
        language=found.get("news:language", ""),
    )


def newest_first(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items with an address by their time, the undated last in their order."""
    dated = [(instant(item.published or item.updated), item) for item in items if item.url]
    known = sorted(((when, item) for when, item in dated if when), key=lambda pair: pair[0], reverse=True)
    return tuple(item for _, item in known) + tuple(item for when, item in dated if not when)
