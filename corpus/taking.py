"""What is taken from a list's item and the page it names: whose it is, and what its times are; pure."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from corpus.addresses import host_of, speaks_for
from corpus.blocks import parse
from corpus.cleaning import decode, web_address
from corpus.extract import LONGEST_TITLE, extract
from corpus.identity import address_key
from corpus.items import Item
from corpus.metadata import states_publication
from corpus.passages import passages
from corpus.records import Article, Passage, Source, SourceKind, instant

AHEAD = timedelta(days=1)  # how far in the future a stated time may lie: zones, and clocks that are off
LONGEST_ID = 500  # characters
LONGEST_ADDRESS = 2_048  # characters; browsers and Discord take no longer ones everywhere
_DATED = re.compile(
    rb"""["']date(?:Published|Created)["']|["'](?:og:)?article:published(?:_time)?["']|<meta[^>]{0,300}?["'](?:"""
    rb"""[\w.-]*(?:pub(?:lish|lication)?[-_]?date|pub-date)|date|date\.published|sailthru\.date|"""
    rb"""dc(?:terms)?\.(?:date[.\w]*|issued|created))["']""",
    re.I,
)
"""Where a page may state its time by JSON-LD or a meta element; scripts hold such words, too."""
_RESERVATION = "tdm-reservation"
SAME = 0.5  # share of the shorter text's lines from which two texts are one article


@dataclass(frozen=True, slots=True)
class Taken:
    """An article with its passages.

    Attributes:
        dated: its time of publication is one that JSON-LD or a meta element states, not a guess from what is shown.
    """

    article: Article
    passages: tuple[Passage, ...]
    dated: bool


def hosts_of(source: Source) -> tuple[str, ...]:
    """The hosts a source speaks for: those it lists, else that of its address."""
    return source.hosts or (host_of(source.location),)


def unfit(item: Item, source: Source) -> str:
    """Why an item is not taken; empty where nothing speaks against it."""
    if not item.url:
        return "the item has no link"
    if web_address(item.url) is None:
        return f"its link is no http or https address: {item.url[:80]!r}"
    try:
        address_key(item.url)
    except ValueError:
        return f"its link is no address: {item.url[:80]!r}"
    if len(item.url) > LONGEST_ADDRESS:
        return f"its link is longer than {LONGEST_ADDRESS} characters: {item.url[:80]!r}"
    if not host_of(item.url):
        return f"its link is no address: {item.url[:80]!r}"
    if not speaks_for(hosts_of(source), item.url):
        return f"it links to {host_of(item.url)}, which {source.name} may not speak for"
    return ""


def stamp(item: Item) -> str:
    """Changes with what the list says of an item."""
    said = "\0".join((item.title, item.published or "", item.updated or "", item.summary, item.content))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def read_page(
    body: bytes, *, url: str, content_type: str, directives: tuple[str, ...] = (), reserved: bool | None = None
) -> Taken:
    """The article of a fetched page.

    Args:
        directives: those of the answer's headers.
        reserved: what the site's file of reservations says of the address, None where it says nothing.

    Raises:
        UnreadableError: no article can be taken from it.
    """
    article = extract(body, name=url, content_type=content_type, url=url)[0]
    article = replace(article, robots=_robots(article.robots, directives, reserved))
    return Taken(article, tuple(passages(article)), _is_dated(body, content_type))


def _robots(page: tuple[str, ...], header: tuple[str, ...], file: bool | None) -> tuple[str, ...]:
    """All directives; of the reservations the nearest counts, the page's before the header's and the file's."""
    stated = tuple(dict.fromkeys((*page, *header)))
    others = tuple(each for each in stated if not each.startswith(_RESERVATION))
    nearest = next((each == _RESERVATION for each in stated if each.startswith(_RESERVATION)), file)
    return (*others, _RESERVATION) if nearest else others


def _is_dated(body: bytes, content_type: str) -> bool:
    if not _DATED.search(body):
        return False
    tree = parse(decode(body, content_type, markup=True))
    return tree is not None and states_publication(tree)


def read_item(item: Item, *, reserved: bool | None = None) -> Taken:
    """The article that an item carries whole; ``reserved`` as `read_page` has it, of feed or file.

    Raises:
        UnreadableError: no article can be taken from it.
    """
    title = html.escape(item.title)
    page = (
        f'<!doctype html><html lang="{html.escape(item.language)}"><head><meta charset="utf-8"><title>{title}</title>'
        f"</head><body><article><h1>{title}</h1>{item.content}</article></body></html>"
    )
    body = page.encode("utf-8", "replace")
    return read_page(body, url=item.url, content_type="text/html; charset=utf-8", reserved=reserved)


def claim(article: Article, url: str, source: Source) -> tuple[str, str]:
    """The address an article is known by, and what is wrong with the one it claims (empty where nothing is).

    A canonical address counts only where the source may speak for its host, and where it is an article's: a home page
    is none. Otherwise the article is known by where it was found.
    """
    stated = article.url
    if not stated or stated == url or len(stated) > LONGEST_ADDRESS:
        return url, ""
    try:
        address_key(stated)
    except ValueError:
        return url, ""
    if not speaks_for(hosts_of(source), stated):
        host = host_of(stated)
        return url, f"it claims to be of {host}, which {source.name} may not speak for; kept under its own address"
    home = urlsplit(stated).path in ("", "/") and not urlsplit(stated).query
    return (url if home and urlsplit(url).path not in ("", "/") else stated), ""


def foreign_id(item: Item, source: Source) -> str:
    """What is wrong with an item's id that is an address; empty where nothing is."""
    if not item.id.startswith(("http://", "https://")) or speaks_for(hosts_of(source), item.id):
        return ""
    return f"its id is of {host_of(item.id)}, which {source.name} may not speak for; the id is ignored"


def sent_home(asked: str, there: str) -> bool:
    """Whether an article's address led to the site's home page, as sites do with what they removed."""
    start, end = urlsplit(asked), urlsplit(there)
    return end.path in ("", "/") and not end.query and start.path not in ("", "/")


def completed(taken: Taken, item: Item, source: Source, now: datetime) -> Article:
    """The article with what the list states where the page does not.

    Times in their order of trust: JSON-LD and meta elements, the list, what the page shows. One further ahead than a
    day is not believed. A date without a time takes the list's time of that day.
    """
    article = taken.article
    listed = item.published
    if source.kind is SourceKind.FEED:
        listed = listed or item.updated  # Atom entries need not say when they were published
    listed = _believed(listed, now)
    shown = _believed(article.published, now)
    published = (shown or listed) if taken.dated else (listed or shown)
    if published and listed and len(published) == 10 and listed.startswith(published):
        published = listed
    updated = _believed(article.updated, now)
    if source.kind is SourceKind.FEED:
        updated = updated or _believed(item.updated, now)
    return replace(
        article,
        title=article.title or item.title[:LONGEST_TITLE],
        published=published,
        updated=updated,
        authors=article.authors or item.authors,
        language=article.language or item.language or source.language,
        external_id="" if foreign_id(item, source) else item.id[:LONGEST_ID].encode(errors="replace").decode(),
    )


def _believed(stated: str | None, now: datetime) -> str | None:
    moment = instant(stated)
    return stated if moment is not None and moment <= now + AHEAD else None


def alike(one: str, other: str) -> bool:
    """Whether two texts are versions of one article, by the lines they share."""
    lines, others = set(one.splitlines()), set(other.splitlines())
    return len(lines & others) >= SAME * min(len(lines), len(others))
