"""A site's address -> the feeds and sitemaps it offers, and what would be read from them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import html

from corpus.addresses import host_of, speaks_for
from corpus.cleaning import decode, tidy, web_address
from corpus.errors import CorpusError
from corpus.feeds import parse_feed
from corpus.fetch import LIST_BYTES, Fetched, Fetcher
from corpus.items import Item
from corpus.records import Source, SourceKind
from corpus.sitemaps import parse_sitemap
from corpus.sources import name_of

FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
    "text/xml",
    "application/xml",
}
FEED_PATHS = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss", "/feed.json")
SITEMAP_PATHS = ("/sitemap-news.xml", "/news-sitemap.xml", "/sitemap.xml")
MOST = 5  # feeds and sitemaps looked at each


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list a site offers.

    Attributes:
        source: the entry it would make.
        items: what it lists now, the newest first.
    """

    source: Source
    items: tuple[Item, ...]


def discover(fetcher: Fetcher, url: str, *, name: str = "") -> list[Candidate]:
    """The feeds of a site, then its sitemaps; empty lists last. A feed's or sitemap's own address gives just that.

    Args:
        url: of the site, a section of it, a feed or a sitemap.
        name: the outlet's name; by default what the site calls itself.

    Raises:
        FetchError: the address cannot be fetched.
    """
    return asyncio.run(_discover(fetcher, url, name))


async def _discover(fetcher: Fetcher, url: str, name: str) -> list[Candidate]:
    async with fetcher:
        fetched = await fetcher.fetch(url, limit=LIST_BYTES)
        direct = _candidate(fetched, url, name, "")
        if direct is not None:
            empty = not direct.items and direct.source.kind is SourceKind.SITEMAP
            return [await _with_children(fetcher, direct, name, url) if empty else direct]
        title, links = _page(fetched)
        name = name or title or host_of(fetched.url).removeprefix("www.")
        feeds = await _those_of(fetcher, links[:MOST], fetched.url, name)
        if not feeds:
            feeds = await _first_of(fetcher, FEED_PATHS, fetched.url, name)
        stated = [link for link in await fetcher.sitemaps(fetched.url) if speaks_for((host_of(fetched.url),), link)]
        stated.sort(key=lambda link: "news" not in link)
        sitemaps = await _those_of(fetcher, stated[:MOST], fetched.url, name)
        if not sitemaps:
            sitemaps = await _first_of(fetcher, SITEMAP_PATHS, fetched.url, name)
    return sorted((*feeds, *sitemaps), key=lambda candidate: not candidate.items)


async def _those_of(fetcher: Fetcher, links: Sequence[str], site: str, name: str) -> list[Candidate]:
    found = []
    for link in links:
        try:
            candidate = _candidate(await fetcher.fetch(link, limit=LIST_BYTES), link, name, site)
        except CorpusError:
            continue
        if candidate and not candidate.items and candidate.source.kind is SourceKind.SITEMAP:
            candidate = await _with_children(fetcher, candidate, name, site)
        if candidate:
            found.append(candidate)
    return found


async def _first_of(fetcher: Fetcher, paths: Sequence[str], site: str, name: str) -> list[Candidate]:
    for path in paths:
        found = await _those_of(fetcher, [urljoin(site, path)], site, name)
        if found:
            return found
    return []


async def _with_children(fetcher: Fetcher, candidate: Candidate, name: str, site: str) -> Candidate:
    """A sitemap index with the pages of its newest sitemap."""
    try:
        fetched = await fetcher.fetch(candidate.source.location, limit=LIST_BYTES)
        index = parse_sitemap(fetched.body, url=fetched.url, content_type=fetched.content_type)
        for child in index.children[:1]:
            if speaks_for((host_of(site),), child):
                inner = _candidate(await fetcher.fetch(child, limit=LIST_BYTES), child, name, site)
                return Candidate(candidate.source, inner.items if inner else ())
    except CorpusError:
        pass
    return candidate


def _candidate(fetched: Fetched, url: str, name: str, site: str) -> Candidate | None:
    """The list that an answer is, None where it is none."""
    kind, title, link = SourceKind.FEED, "", ""
    items: tuple[Item, ...]
    try:
        feed = parse_feed(fetched.body, url=fetched.url, content_type=fetched.content_type)
        items, title, link = feed.items, feed.title, feed.link
    except CorpusError:
        try:
            items = parse_sitemap(fetched.body, url=fetched.url, content_type=fetched.content_type).items
            kind = SourceKind.SITEMAP
        except CorpusError:
            return None
    home = site or web_address(urljoin(fetched.url, link)) or url
    own = (host_of(url),)
    hosts = own if speaks_for(own, home) else (host_of(home).removeprefix("www."),)
    name = name or title or host_of(home).removeprefix("www.")
    return Candidate(Source(name_of(name), kind, url, hosts=hosts), items)


def _page(fetched: Fetched) -> tuple[str, list[str]]:
    """What a page calls its site, and the feeds its head names (``<link rel="alternate">``)."""
    text = decode(fetched.body, fetched.content_type, markup=True)
    try:
        tree: Any = html.document_fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    except (ValueError, html.etree.ParserError):
        return "", []
    names = [tidy(each.get("content") or "") for each in tree.iter("meta") if each.get("property") == "og:site_name"]
    base = next((each.get("href") for each in tree.iter("base") if each.get("href")), "")
    links = []
    for element in tree.iter("link"):
        relations = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        if "alternate" not in relations or kind not in FEED_TYPES or not element.get("href"):
            continue
        try:
            link = web_address(urljoin(urljoin(fetched.url, base), element.get("href").strip()))
        except ValueError:
            continue
        # WordPress names a feed of comments beside the one of articles.
        if link and "comments" not in link and link not in links and not link.endswith("/oembed"):
            links.append(link)
    return next((name for name in names if name), ""), links
