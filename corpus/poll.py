"""Feeds, sitemaps and pages into the store: what is new, what changed, what is gone, a report per source.

Hosts are read at the same time, each of them one request after the other. Reading is asynchronous; the store is used
on the calling thread alone, and never while something is waited for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from corpus.addresses import speaks_for
from corpus.arrivals import Arrivals
from corpus.cleaning import tidy
from corpus.errors import CorpusError, FetchError, StoreError, UnreadableError
from corpus.fetch import Fetcher
from corpus.identity import address_key
from corpus.inflate import LATER
from corpus.items import Item
from corpus.keep import page_mark
from corpus.lists import read_list, reason_of
from corpus.progress import Progress, silent
from corpus.records import ArticleStatus, Failure, Source, SourceKind, SourceReport
from corpus.schedule import RECHECK_DAYS, RECHECKS, UNREAD_DAYS, after_poll, retry_at
from corpus.store import Change, Store
from corpus.taking import (
    hosts_of,
    read_item,
    read_page,
    sent_home,
    stamp,
)
from corpus.visits import Visit

log = logging.getLogger(__name__)

AT_ONCE = 8  # sources read at the same time
BUDGET = 300.0  # seconds one source may take in one run; the rest of its items waits for the next
SILENT = 3  # requests in a row without an answer, after which the rest waits
FAILURES = 50  # told in one report


def poll(
    store: Store,
    sources: Sequence[Source],
    fetcher: Fetcher,
    *,
    names: Collection[str] = (),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress = silent,
) -> list[SourceReport]:
    """Read sources of the kinds feed, sitemap and page; one that fails never stops the others.

    Reports are returned in the order of the sources; keeping them is the caller's part.

    Args:
        names: all sources the operator named, read now or not; their articles are left to them.
        now: the time, in UTC.
        progress: told of the stage "fetch", counted in sources.
    """
    known = frozenset(names) | {source.name for source in sources}
    return asyncio.run(_poll(store, sources, fetcher, known, now, progress)) if sources else []


async def _poll(
    store: Store,
    sources: Sequence[Source],
    fetcher: Fetcher,
    names: frozenset[str],
    now: Callable[[], datetime],
    progress: Progress,
) -> list[SourceReport]:
    gate = asyncio.Semaphore(AT_ONCE)
    done = 0
    progress("fetch", 0, len(sources))

    async def one(source: Source) -> SourceReport:
        nonlocal done
        async with gate:
            at = now().replace(microsecond=0)
            number = store.source_id(source.name) or store.put_source(source)
            into = Arrivals(store, source, number, names, at)
            report = await _Reader(store, fetcher, source, at, into).run()
        done += 1
        progress("fetch", done, len(sources))
        return report

    async with fetcher:
        return list(await asyncio.gather(*map(one, sources)))


class _Later(Exception):  # nothing is wrong
    """The rest of a source has to wait for another run."""

    def __init__(self, reason: str = "", wait: float | None = None) -> None:
        self.reason = reason
        self.wait = wait


@dataclass(slots=True)
class _Reader:
    """One source in one run."""

    store: Store
    fetcher: Fetcher
    source: Source
    now: datetime
    into: Arrivals
    deadline: float = 0.0
    tried: int = 0
    silent: int = 0
    whole: bool = True  # nothing of the list has to be looked at again before it changes
    reserved: bool | None = None  # what the list's answer says of the texts it carries
    seen: set[str] = field(default_factory=set)  # addresses dealt with

    async def run(self) -> SourceReport:
        self.deadline = self.fetcher.clock() + BUDGET
        before = self.store.visits.state(self.source.name)
        if before and before.polled <= self.now and before.not_before and before.not_before > self.now:
            until = before.not_before.isoformat(timespec="minutes")
            reason = f"its host asked to be left alone until {until}"
            return SourceReport(self.source.name, failures=(Failure(self.source.location, reason),))
        error, wait = "", None
        try:
            await self._read()
        except _Later as later:
            wait = later.wait
            error = later.reason if not self.into.counts else ""
            if later.reason:
                self.into.fail(self.source.location, later.reason)
        except StoreError:  # nothing can be kept, so the next source would fail the same way
            raise
        except CorpusError as failed:
            error = tidy(str(failed))
            self.into.fail(self.source.location, reason_of(failed))
            wait = failed.wait if isinstance(failed, FetchError) else None
        except Exception as bug:  # a bug met in one source's data must not take the others' news away
            log.exception("reading %s failed", self.source.name)
            error = f"an error in Newsdesk ({type(bug).__name__}: {bug})"
            self.into.fail(self.source.location, error)
        report = self._report()
        if not error and self.tried and not (report.read or report.withdrawn or report.held or report.refused):
            last = self.into.failures[-1].reason if self.into.failures else ""
            error = f"none of its pages could be read; the last: {last}" if last else ""
        state = after_poll(before, interval=self.source.interval, now=self.now, error=error, wait=wait)
        with self.store.transaction():
            self.store.visits.put_state(self.into.number, state)
        return report

    def _report(self) -> SourceReport:
        told = self.into.failures[:FAILURES]
        if more := len(self.into.failures) - len(told):
            told = [*told, Failure(self.source.location, f"{more} more could not be read")]
        new, changed, same = (self.into.counts[each] for each in (Change.NEW, Change.CHANGED, Change.UNCHANGED))
        held, refused = self.into.counts[Change.HELD], self.into.counts[Change.REFUSED]
        withdrawn = self.into.withdrawn + self.into.counts[Change.GONE]
        return SourceReport(self.source.name, new, changed, same, withdrawn, tuple(told), held, refused)

    async def _read(self) -> None:
        if self.source.kind is SourceKind.PAGE:
            await self._item(Item(self.source.location))
            return
        listing = await read_list(self.fetcher, self.source, self._known, self.now)
        self.into.failures += listing.failures
        self.whole, self.reserved = listing.whole, listing.reserved
        for visit in listing.visits:  # asked for in full again until all of it was dealt with
            self.into.put(replace(visit, etag="", last_modified=""))
        if listing.unchanged:
            kept = min(self.store.visits.count_kept(self.into.number), self.source.limit)
            self.into.counts[Change.UNCHANGED] += kept
        for item in listing.items:
            await self._item(item)
        if self.whole:
            for visit in listing.visits:
                self.into.put(visit)
        await self._recheck(counted=listing.unchanged)

    def _known(self, url: str) -> Visit | None:
        """What is known of a list; without validators where a page it lists waits for another try."""
        visit = self.store.visits.visit(self.into.number, address_key(url))
        since = self.now - timedelta(days=UNREAD_DAYS)
        if visit and self.store.visits.any_unread(self.into.number, since=since, now=self.now):
            return replace(visit, etag="", last_modified="")
        return visit

    # -- articles --------------------------------------------------------------------------------------------------

    async def _item(self, item: Item) -> None:
        key, said = address_key(item.url), stamp(item)
        self.seen.add(key)
        visit = self.store.visits.visit(self.into.number, key)
        article = self.store.article(visit.article) if visit and visit.article else None
        listed = self.source.kind is not SourceKind.PAGE
        if self.store.tombstones.bars(keys=[f"url:{key}"]):
            self.into.counts[Change.REFUSED] += 1
            return
        unsettled = visit and article and article.status is ArticleStatus.HELD and visit.due <= self.now
        gone = article and article.status is ArticleStatus.WITHDRAWN
        if visit and article and listed and visit.stamp == said and not (gone or unsettled):
            self.into.counts[Change.UNCHANGED] += 1
            return
        if visit and listed and visit.fetched <= self.now < visit.due and (visit.failures or article):
            settled = article is not None and article.status is not ArticleStatus.WITHDRAWN
            if not (settled and visit.stamp != said):
                return  # it failed, or was gone, and its time has not come
        if self.into.anothers(f"url:{key}"):
            self.into.remember(key, item.url, said, self.store.holder(f"url:{key}"))
            return
        if item.content:
            await self._carried(item, visit, key, said)
        else:
            await self._page(item, visit, article is not None, key, said)

    async def _carried(self, item: Item, visit: Visit | None, key: str, said: str) -> None:
        self.tried += 1
        try:
            reserved = await self.fetcher.reserved(item.url) if self.reserved is None else self.reserved
            taken = await asyncio.to_thread(read_item, item, reserved=reserved)
        except CorpusError as error:
            self._broken(item.url, key, said, visit, error)
            return
        page = page_mark(f"{item.title}<p>{item.content}".encode("utf-8", "replace"))
        visit = Visit(key, item.url, self.now, self.now, stamp=said, whole=True)
        self.into.keep(item, taken, item.url, visit, page)

    async def _page(self, item: Item, visit: Visit | None, known: bool, key: str, said: str) -> None:
        """Fetch an address and keep what it gives; ``known``: it gave an article before."""
        if self.fetcher.clock() > self.deadline:
            self.whole = False
            raise _Later
        self.tried += 1
        hosts = hosts_of(self.source)
        conditional = visit if visit and known and not visit.whole and not self._is_held(visit) else None
        try:
            reserved = await self.fetcher.reserved(item.url)
            if reserved:
                conditional = None  # the reservation may be younger than the page
            fetched = await self.fetcher.fetch(
                item.url,
                etag=conditional.etag if conditional else "",
                last_modified=conditional.last_modified if conditional else "",
                head=bool(visit and visit.whole and not said),
                permit=lambda there: speaks_for(hosts, there),
            )
            self.silent = 0
            if visit and (fetched.unchanged or (visit.whole and not said)):
                self.into.counts[Change.UNCHANGED] += 1
                self.into.again(replace(visit, stamp=said or visit.stamp, failures=0, fetched=self.now))
                return
            if sent_home(item.url, fetched.url):
                reason = "leads to the home page; it is not taken for the article"
                raise UnreadableError(reason, subject=item.url, remedy=LATER)
            taken = await asyncio.to_thread(
                read_page,
                fetched.body,
                url=fetched.url,
                content_type=fetched.content_type,
                directives=fetched.directives,
                reserved=reserved,
            )
        except StoreError:
            raise
        except FetchError as error:
            self._unanswered(item.url, key, said, visit, error)
            return
        except CorpusError as error:
            self._broken(item.url, key, said, visit, error)
            return
        fresh = Visit(key, item.url, self.now, self.now, None, fetched.etag, fetched.last_modified)
        fresh = replace(fresh, stamp=said or (visit.stamp if visit else ""))
        self.into.keep(item, taken, fetched.url, fresh, page_mark(fetched.body), visit)

    def _unanswered(self, url: str, key: str, said: str, visit: Visit | None, error: FetchError) -> None:
        if error.gone and visit and visit.article:
            first = bool(self.store.withdraw([visit.article]))
            self.into.withdrawn += first
            self.into.gone(replace(visit, stamp=said or visit.stamp), first=first)
            return
        if error.wait is not None:
            self.whole = False
            raise _Later(f"{reason_of(error)}; the rest waits", error.wait)
        if visit and visit.whole and not said:
            self.into.again(visit)  # it was only looked for, and its server may not answer HEAD
            return
        self._broken(url, key, said, visit, error)
        if error.status is None or error.status >= 500:
            self.whole = False
        self.silent = self.silent + 1 if error.status is None else 0
        if self.silent >= SILENT:
            raise _Later("its host does not answer; the rest waits")

    def _broken(self, url: str, key: str, said: str, visit: Visit | None, error: CorpusError) -> None:
        """What was there before stays as it is; the address is tried again ever more rarely."""
        self.into.fail(url, reason_of(error))
        failures = (visit.failures if visit else 0) + 1
        due = retry_at(failures, interval=self.source.interval, now=self.now)
        known = visit or Visit(key, url, self.now, due, stamp=said)
        self.into.put(replace(known, due=due, failures=failures))

    def _is_held(self, visit: Visit) -> bool:
        """Whether what the address answers has to be seen again in full, so that it is settled."""
        article = self.store.article(visit.article) if visit.article else None
        return article is not None and article.status is ArticleStatus.HELD

    async def _recheck(self, *, counted: bool) -> None:
        """Look again at recent articles, listed or not: a page may change or go while its list stays as it is.

        Args:
            counted: the articles of the list are among the unchanged already.
        """
        since = self.now - timedelta(days=RECHECK_DAYS)
        for visit in self.store.visits.to_check(self.into.number, since=since, now=self.now, limit=RECHECKS):
            article = self.store.article(visit.article) if visit.article else None
            there = article is not None and article.status is not ArticleStatus.WITHDRAWN
            if there and self.into.counts[Change.UNCHANGED] and (counted or visit.key in self.seen):
                self.into.counts[Change.UNCHANGED] -= 1  # counted anew by what is found
            await self._page(self.store.visits.known_item(visit), visit, True, visit.key, "")
