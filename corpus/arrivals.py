"""What the addresses of one source gave, into the store: under which address, whose it is, or why it is not kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from corpus.identity import address_key
from corpus.items import Item
from corpus.keep import keep
from corpus.records import ArticleStatus, Failure, Source, SourceKind, StoredArticle, instant
from corpus.schedule import LONGEST, recheck_at, retry_at
from corpus.settle import APART, Held, Reason, suspicion
from corpus.store import Change, Store
from corpus.taking import Taken, alike, claim, completed, foreign_id
from corpus.visits import GONE_TWICE, Visit


@dataclass(slots=True)
class Arrivals:
    """What one run of a source brings.

    Attributes:
        number: row id of the source.
        names: all sources that the operator named; their articles are left to them.
        now: when the run began, in UTC.
        counts, failures, withdrawn: for the report.
        taken: article and text by key, of what was kept in this run.
    """

    store: Store
    source: Source
    number: int
    names: frozenset[str]
    now: datetime
    counts: Counter[Change] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    withdrawn: int = 0
    taken: dict[str, tuple[int, str]] = field(default_factory=dict)

    def put(self, visit: Visit) -> None:
        """Remember what an address answered."""
        with self.store.transaction():
            self.store.visits.put_visit(self.number, visit)

    def fail(self, subject: str, reason: str) -> None:
        """Tell the operator of something in the report."""
        self.failures.append(Failure(subject, reason))

    def keep(self, item: Item, taken: Taken, there: str, visit: Visit, page: str, before: Visit | None = None) -> None:
        """Keep what an address gave; ``before``: what was known of the address."""
        text = taken.article.text
        url, wrong = claim(taken.article, there, self.source)
        for reason in (wrong, foreign_id(item, self.source)):
            if reason:
                self.fail(item.url, reason)
        key = f"url:{address_key(url)}"
        if key in self.taken:
            known, other = self.taken[key]
            if alike(other, text):
                if before and before.article not in (None, known) and not self.anothers(key):
                    self.store.withdraw([before.article])  # it moved to where it was met already
                self.again(replace(visit, article=known))
                return
        if url != there and self._is_anothers_text(key, text, before):
            url, key = there, f"url:{address_key(there)}"  # a canonical address that every page names is none
        if (left := self._left_behind(before, key, text)) is not None:
            self._elsewhere(left, visit, taken, there)
            return
        if key in self.taken:
            return
        if self.anothers(key):
            self.remember(visit.key, visit.url, visit.stamp, self.store.holder(key))
            return
        article = replace(completed(taken, item, self.source, self.now), url=url)
        with self.store.transaction():
            old = self._moved(before, key, text)
            kept = keep(
                self.store,
                article,
                taken.passages,
                key=key,
                source=self.number,
                page=page,
                fetched=self.now,
                changing=self.source.kind is SourceKind.PAGE,
            )
            if old is not None and kept.article not in (None, old):
                self.store.withdraw([old])  # the same article is kept under its new address already
            if kept.article is None:
                self._in_vain(visit, before)
            elif (now := self.store.article(kept.article)) and now.status is ArticleStatus.WITHDRAWN:
                self.gone(replace(visit, article=kept.article), first=kept.change is Change.GONE)
            else:
                self.again(replace(visit, article=kept.article), kept.again)
        if kept.article is not None or kept.change is not Change.GONE:
            self.counts[kept.change] += 1
        if kept.why and kept.change is not Change.REFUSED:
            self.fail(item.url, kept.why)
        if kept.article is not None:
            self.taken[key] = (kept.article, text)

    def _left_behind(self, before: Visit | None, key: str, text: str) -> StoredArticle | None:
        """The article that an address of a list gave before, where it now gives another one, of another address."""
        old = self.store.article(before.article) if before and before.article else None
        if old is None or old.source != self.source.name or self.source.kind is SourceKind.PAGE:
            return None
        holder = self.store.holder(key)
        if holder and holder[0] == old.id:
            return None
        return None if alike(self.store.revision_text(old.revision) or "", text) else old

    def _elsewhere(self, old: StoredArticle, visit: Visit, taken: Taken, there: str) -> None:
        """An address leads to a page that is not its article: held, and withdrawn where it still does hours later."""
        visit = replace(visit, article=old.id, etag="", last_modified="")
        reason = Reason.WALL if suspicion(taken.article, None) is Reason.WALL else Reason.ANOTHER
        held = self.store.holding.get(old.id) if old.status is ArticleStatus.HELD else None
        held = held if held and held.reason is reason else None
        settled = held and reason is Reason.ANOTHER and self.now - held.since >= APART
        if old.status is ArticleStatus.WITHDRAWN or settled:
            with self.store.transaction():
                self.withdrawn += self.store.withdraw([old.id])
                self.gone(visit, first=False)
            return
        fresh = held or Held(reason, self.now, taken.article.title, taken.article.text)
        with self.store.transaction():
            self.store.hold(old.id, fresh)
            self.again(visit, max(fresh.since + APART, self.now))
        self.counts[Change.HELD] += 1
        self.fail(visit.url, f"leads to another page, {there}; it is not taken for the article")

    def _in_vain(self, visit: Visit, before: Visit | None) -> None:
        """What an address gave is not kept: it is asked ever more rarely."""
        failures = (before.failures if before else 0) + 1
        due = retry_at(failures, interval=self.source.interval, now=self.now)
        self.put(replace(visit, article=None, due=due, failures=failures))

    def _is_anothers_text(self, key: str, text: str, before: Visit | None) -> bool:
        """Whether the article known by a key is not the one an address gave before, and reads otherwise."""
        holder = self.store.holder(key)
        article = self.store.article(holder[0]) if holder else None
        if article is None or (before and before.article == article.id):
            return False
        return not alike(self.store.revision_text(article.revision) or "", text)

    def _moved(self, before: Visit | None, key: str, text: str) -> int | None:
        """The article an address gave before, where another key names it now; it takes the key if that is free."""
        old = self.store.article(before.article) if before and before.article else None
        if old is None or old.source != self.source.name:
            return None
        holder = self.store.holder(key)
        if (holder and holder[0] == old.id) or not alike(self.store.revision_text(old.revision) or "", text):
            return None
        if holder is None:
            self.store.move(old.id, key)
        return old.id

    def again(self, visit: Visit, when: datetime | None = None) -> None:
        """Keep a visit that went well, with the time the article is looked at next, by its age where none is given."""
        article = self.store.article(visit.article) if visit.article else None
        due = when or recheck_at(instant(article.published) if article else None, self.now)
        self.put(replace(visit, due=due))

    def gone(self, visit: Visit, *, first: bool) -> None:
        """Remember that an article is gone; found so for the first time, it is looked for once more some hours later,
        so that nobody is told of a withdrawal that was a slip of an hour."""
        times, due = (1, self.now + APART) if first else (GONE_TWICE, self.now + LONGEST)
        self.put(replace(visit, fetched=self.now, due=due, failures=times, etag="", last_modified=""))

    def anothers(self, key: str) -> bool:
        """Whether an article is already kept for another of the operator's sources, a second feed of an outlet, say."""
        holder = self.store.holder(key)
        article = self.store.article(holder[0]) if holder else None
        if article is None or article.status is ArticleStatus.WITHDRAWN:
            return False
        return article.source != self.source.name and article.source in self.names

    def remember(self, key: str, url: str, said: str, holder: tuple[int, str] | None) -> None:
        """An address whose article is another source's: counted as unchanged."""
        self.counts[Change.UNCHANGED] += 1
        known = Visit(key, url, self.now, self.now, holder[0] if holder else None, stamp=said)
        self.again(known)
