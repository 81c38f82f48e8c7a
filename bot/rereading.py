"""After each ingest: every quote ever given from a changed article is compared with what the article says now.

What was found out is written down before the place in the store's chronicle is moved on, and is keyed by quote and
revision. So whatever is cut short is done again at the next look, and doing it again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.correcting import CROWD_SHARE, TWICE, Finding, Found, Given, Kind, is_crowd, seen_twice
from bot.journal import Journal
from corpus.changes import ChangeClass, QuoteChange, class_of
from corpus.chronicle import Event
from corpus.difference import Reason
from corpus.notices import says_removed
from corpus.records import ArticleKind, ArticleStatus, StoredArticle, StoredRevision
from corpus.store import Store

log = logging.getLogger(__name__)

EVENTS = 200
"""Events looked at before the place in the chronicle is moved on."""
QUOTES = 500
"""Quotes written in one transaction, some milliseconds."""
NOTE_LIMIT = 300
WORDS_LIMIT = 700
_CUT = "…"
_PAGE = 200  # characters of a live page below which it is no page of entries


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did.

    Attributes:
        articles: how many changed articles were looked at.
        quotes: how many quotes given from them were compared.
        answers: how many answers have to say something else than before.
    """

    articles: int = 0
    quotes: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class _Now:
    """An article as it is now.

    Attributes:
        revision: its current one.
        since: since when it is so.
        looked: when its place was last looked at.
        crowd: so much of its source changed together with it that the operator decides.
        words, chars: of one quote that its source and page allow; 0 for none.
        copies: texts of the same outlet's other articles that hold the same story.
    """

    article: StoredArticle
    revision: StoredRevision
    since: datetime
    looked: datetime | None
    crowd: bool
    words: int
    chars: int | None
    copies: tuple[str, ...]


class Rereading:
    """Follows a store, on the thread that opened both.

    Args:
        store: read only.
    """

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._corrections = journal.corrections

    def look(self, now: datetime, stopped: Callable[[], bool] = lambda: False) -> Look:
        """Compare what changed since the last look, and what was to be seen once more.

        The time this takes grows with what changed, and with the quotes given from that; not with what is stored.

        Args:
            stopped: asked before each article; where it says so the rest waits for the next look.

        Raises:
            StoreError, JournalError: nothing is lost, the next look does it again.
        """
        chronicle = self._store.chronicle
        identity = chronicle.identity
        place = self._corrections.followed(identity)
        if place > chronicle.last:
            place = 0  # an older store was restored from a backup
        logged = self._corrections.logged()  # what is logged from here on is left to the next look
        done = Look()
        seen: set[int] = set()
        while events := chronicle.after(place, EVENTS):
            latest = {event.article: event for event in events}
            for article, event in latest.items():
                if stopped():
                    return done
                done = _sum(done, self._examine(article, event, now))
                seen.add(article)
            place = events[-1].seq
            self._corrections.follow(identity, place)
        done = _sum(done, self._late(logged, seen, now, stopped))
        for article in self._corrections.unconfirmed(now - TWICE):
            if article not in seen and not stopped():
                done = _sum(done, self._examine(article, None, now))
        return done

    def _late(self, logged: int, seen: set[int], now: datetime, stopped: Callable[[], bool]) -> Look:
        """Compare what exchanges quote that were logged after their articles had changed.

        Between search and log an article may change, and the log may have waited for room on the disk.

        Args:
            logged: the last exchange that is looked at.
            seen: articles of which every quote was compared since.
        """
        done = Look()
        while (unread := self._corrections.unread(logged, EVENTS)) is not None:
            first, last, quoted = unread
            changed = [article for article, revision in dict.fromkeys(quoted) if self._differs(article, revision)]
            for article in dict.fromkeys(changed):
                if stopped():
                    return done
                if article not in seen:
                    event = self._store.chronicle.latest(article)
                    done = _sum(done, self._examine(article, event, now, (first, -QUOTES)))
            self._corrections.read_up_to(last)
        return done

    def _differs(self, article: int, revision: int) -> bool:
        """Whether an article is not any more as it was quoted."""
        stored = self._store.article(article)
        return stored is not None and (stored.revision != revision or stored.status is ArticleStatus.WITHDRAWN)

    def _examine(self, article: int, event: Event | None, now: datetime, place: tuple[int, int] = (0, 0)) -> Look:
        """Compare the quotes given from an article, those after a place in the log."""
        state: _Now | None = None
        known: dict[tuple[int, int, int], Finding | None] = {}
        quotes = answers = 0
        while given := self._corrections.given(article, place, QUOTES):
            place = (given[-1].exchange, given[-1].number)
            state = state or self._now(article, event, now)
            if state is None:
                return Look(1, quotes, answers)
            found = [each for one in given if (each := self._found(one, state, known)) is not None]
            quotes += len(given)
            answers += self._corrections.note(found, now=now)
        if answers:
            log.info("article %d changed: %d answers have to say so", article, answers)
        return Look(1, quotes, answers)

    def _now(self, article: int, event: Event | None, now: datetime) -> _Now | None:
        """The article as it is now; None where nothing is to be said of it."""
        store = self._store
        stored = store.article(article)
        if stored is None or stored.status is ArticleStatus.HELD:
            return None  # taken down, which has its own way; or not settled yet
        source = store.sources().get(stored.source)
        revision = store.revision(stored.revision)
        if source is None or source["sample"] or revision is None:
            return None  # made-up articles leave when the operator's own come
        rights = store.quoting(article)
        crowd = False
        if event is not None:
            changed = store.chronicle.at_once(event.source, event.at)
            crowd = is_crowd(changed, store.chronicle.has_articles(event.source, changed * CROWD_SHARE))
        copies: tuple[str, ...] = ()
        if stored.status is ArticleStatus.WITHDRAWN:
            others = [each for copy in store.stories.copies_of(article) if (each := store.article(copy))]
            same = [each for each in others if each.source == stored.source and each.status is ArticleStatus.LIVE]
            copies = tuple(store.revision_text(each.revision) or "" for each in same)
        return _Now(
            article=stored,
            revision=revision,
            since=store.chronicle.since(article) or now,
            looked=store.chronicle.looked_at(article),
            crowd=crowd,
            words=rights[0],
            chars=rights[1],
            copies=copies,
        )

    def _found(self, given: Given, state: _Now, known: dict[tuple[int, int, int], Finding | None]) -> Found | None:
        """What became of one quote; None where that cannot be told, because the words are not of this store."""
        key = (given.revision, given.start, given.end)
        if key not in known:
            before = self._store.revision(given.revision)
            if before is None or before.text[given.start : given.end] != given.quote:
                return None
            known[key] = self._judge(given, before, state)
        finding = known[key]
        confirmed = finding is not None and (
            finding.kind is not Kind.WITHDRAWN or seen_twice(state.since, state.looked)
        )
        article = state.article
        return Found(given, finding, state.since, confirmed, state.crowd, article.title, article.source, article.url)

    def _judge(self, given: Given, before: StoredRevision, state: _Now) -> Finding | None:
        """What is to be said of a quote; None where it stands, if in other words."""
        article, revision = state.article, state.revision
        if article.status is ArticleStatus.WITHDRAWN:
            if any(given.quote in text for text in state.copies):
                return None  # the outlet has it at another address
            return Finding(Kind.WITHDRAWN, revision.id, Reason.WITHDRAWN)
        if revision.number == before.number:
            return None  # read to other words by us, not changed by the outlet
        change = class_of(given.quote, before.text, revision.text, start=given.start)
        if change.kind is ChangeClass.WITHDRAWN:
            if article.kind is ArticleKind.LIVE and len(revision.text) >= _PAGE and not says_removed(revision.text):
                return Finding(Kind.DROPPED, revision.id, Reason.GONE)
            return Finding(Kind.WITHDRAWN, revision.id, change.reason, note=self._note(before, state))
        if change.kind is not ChangeClass.ALTERED:
            return None
        live = article.kind is ArticleKind.LIVE and change.reason is Reason.GONE
        return Finding(
            Kind.DROPPED if live else Kind.ALTERED,
            revision.id,
            change.reason,
            " ".join(change.old) if change.reason is not Reason.GONE else "",
            " ".join(change.new),
            self._words(change, state),
            self._note(before, state),
        )

    def _words(self, change: QuoteChange, state: _Now) -> str:
        """The words that stand for the quote now, as far as their source allows; empty where none do."""
        if change.now is None or change.reason is Reason.GONE:
            return ""
        return _within(state.revision.text[change.now[0] : change.now[1]], WORDS_LIMIT, state)

    def _note(self, before: StoredRevision, state: _Now) -> str:
        """The article's correction note, where it has one that it did not have before."""
        fresh = [note for note in state.revision.notes if note not in before.notes]
        return _within(fresh[0], NOTE_LIMIT, state) if fresh else ""


def _within(text: str, limit: int, state: _Now) -> str:
    """The text on one line, cut at a word to what may be quoted; empty where nothing may."""
    words = text.split()
    allowed = words[: state.words]
    most = min(limit, state.chars if state.chars is not None else limit)
    while allowed and len(" ".join(allowed)) + 1 > most:
        allowed = allowed[:-1]
    if not allowed:
        return ""
    return " ".join(allowed) + ("" if len(allowed) == len(words) else _CUT)


def _sum(one: Look, other: Look) -> Look:
    return Look(one.articles + other.articles, one.quotes + other.quotes, one.answers + other.answers)


def summary(waiting: Sequence[tuple[str, int, int]]) -> str:
    """The sources whose edits wait for the operator, on one line for the log."""
    return ", ".join(f"{source} ({articles} articles, {answers} answers)" for source, articles, answers in waiting)
