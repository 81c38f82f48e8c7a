"""A source's feed or sitemaps to the items to deal with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from corpus.addresses import host_of, speaks_for
from corpus.errors import CorpusError, FetchError
from corpus.feeds import parse_feed
from corpus.fetch import LIST_BYTES, Fetched, Fetcher
from corpus.identity import address_key
from corpus.items import Item
from corpus.records import Failure, Source, SourceKind
from corpus.sitemaps import Sitemap, newest_first, parse_sitemap
from corpus.taking import hosts_of, unfit
from corpus.visits import Visit

SITEMAPS = 20  # sitemaps read in one run of a source

Known = Callable[[str], Visit | None]
"""What is known of an address of the source."""


@dataclass(slots=True)
class Listing:
    """What a source lists now.

    Attributes:
        items: to deal with, each address once, the newest first and no more than the source's limit.
        failures: what could not be read or is not taken.
        visits: of the documents read, with the validators to keep once all items were dealt with.
        unchanged: nothing was said that was not said last time.
        whole: False where a part could not be read.
        reserved: what the feed's own answer says of text and data mining, None where it says nothing.
    """

    items: tuple[Item, ...] = ()
    failures: list[Failure] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    unchanged: bool = False
    whole: bool = True
    reserved: bool | None = None


async def read_list(fetcher: Fetcher, source: Source, known: Known, now: datetime) -> Listing:
    """Fetch the list of a source of the kind feed or sitemap.

    Raises:
        CorpusError: it cannot be fetched or is no such list.
    """
    listing = Listing()
    read = _feed if source.kind is SourceKind.FEED else _sitemaps
    items = await read(fetcher, source, known, now, listing)
    chosen, refused = choose(items, source)
    listing.items = tuple(chosen)
    listing.failures += refused
    return listing


def choose(items: Sequence[Item], source: Source) -> tuple[list[Item], list[Failure]]:
    """The first items that are taken, each address once, and why others are not: one failure for each reason."""
    chosen: list[Item] = []
    reasons: dict[str, list[str]] = {}
    keys: set[str] = set()
    for item in items:
        if len(chosen) >= source.limit:
            break
        if reason := unfit(item, source):
            reasons.setdefault(reason, []).append(item.url or item.id or item.title or source.location)
            continue
        key = address_key(item.url)
        if key not in keys:
            keys.add(key)
            chosen.append(item)
    more = {reason: f" (and {len(urls) - 1} more items)" if len(urls) > 1 else "" for reason, urls in reasons.items()}
    return chosen, [Failure(urls[0], reason + more[reason]) for reason, urls in reasons.items()]


def reason_of(error: CorpusError) -> str:
    """An error's message and remedy; its subject is told beside them."""
    return f"{error.message}; {error.remedy}" if error.remedy else error.message


async def _feed(fetcher: Fetcher, source: Source, known: Known, now: datetime, listing: Listing) -> Sequence[Item]:
    fetched = await _fetch(fetcher, source, source.location, known, now, listing)
    if fetched.unchanged:
        listing.unchanged = True
        return ()
    if "tdm-reservation" in fetched.directives or "tdm-reservation:0" in fetched.directives:
        listing.reserved = "tdm-reservation" in fetched.directives
    feed = await asyncio.to_thread(parse_feed, fetched.body, url=fetched.url, content_type=fetched.content_type)
    if feed.problem:
        listing.failures.append(Failure(source.location, f"{feed.problem}; {len(feed.items)} items could be read"))
    return feed.items


async def _sitemaps(fetcher: Fetcher, source: Source, known: Known, now: datetime, listing: Listing) -> Sequence[Item]:
    """The entries of a sitemap, or of those that an index lists, the newest of them."""
    waiting, seen = [source.location], {source.location}
    items: list[Item] = []
    changed = False
    for _ in range(SITEMAPS):
        if not waiting:
            break
        url = waiting.pop(0)
        try:
            fetched = await _fetch(fetcher, source, url, known, now, listing)
            if fetched.unchanged:
                continue
            found = await asyncio.to_thread(
                parse_sitemap, fetched.body, url=fetched.url, content_type=fetched.content_type
            )
        except CorpusError as error:
            if url == source.location or (isinstance(error, FetchError) and error.wait is not None):
                raise
            listing.failures.append(Failure(url, reason_of(error)))
            listing.whole = False
            continue
        if found.problem:
            listing.failures.append(Failure(url, f"{found.problem}; {len(found.items)} entries could be read"))
        items += found.items
        if found.children:
            # An index may stay as it is while the sitemaps it lists change: it is always asked for in full.
            listing.visits[:] = [visit for visit in listing.visits if visit.url != url]
            waiting += _children(found, url, source, seen, listing)
        else:
            changed = True
    listing.unchanged = not changed and listing.whole
    return newest_first(items)


def _children(found: Sitemap, url: str, source: Source, seen: set[str], listing: Listing) -> list[str]:
    """The sitemaps of an index that the source may speak for (sitemaps.org: of its own site), not met before."""
    hosts = (*hosts_of(source), host_of(source.location))
    taken = []
    for child in found.children:
        if child not in seen:
            seen.add(child)
            if speaks_for(hosts, child):
                taken.append(child)
            else:
                reason = f"it lists a sitemap of {host_of(child)}, which {source.name} may not speak for"
                listing.failures.append(Failure(url, reason))
    return taken


async def _fetch(fetcher: Fetcher, source: Source, url: str, known: Known, now: datetime, listing: Listing) -> Fetched:
    before = known(url)
    hosts = (*hosts_of(source), host_of(source.location))
    fetched = await fetcher.fetch(
        url,
        limit=LIST_BYTES,
        etag=before.etag if before else "",
        last_modified=before.last_modified if before else "",
        permit=lambda there: speaks_for(hosts, there),
    )
    if not fetched.unchanged:
        due = now + timedelta(seconds=source.interval)
        visit = Visit(address_key(url), url, now, due, None, fetched.etag, fetched.last_modified)
        listing.visits.append(visit)
    return fetched
