"""An article into the store, however it came: the one call of files and of the network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.errors import TakenDownError
from corpus.records import Article, ArticleStatus, Passage
from corpus.rows import Rows
from corpus.settle import APART, Verdict, decide
from corpus.store import Change, Store


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an article.

    Attributes:
        article: its row id, None where it was refused, or gone before it was ever read.
        why: why it was held, refused or withdrawn; empty otherwise.
        again: when to fetch a held one again, so that it is settled.
    """

    article: int | None
    change: Change
    why: str = ""
    again: datetime | None = None


def keep(
    store: Store,
    article: Article,
    passages: Sequence[Passage] | Rows,
    *,
    key: str,
    source: int,
    document: int | None = None,
    page: str = "",
    fetched: datetime | None = None,
    changing: bool = False,
) -> Kept:
    """Keep an article under its key, or hold it where it may not be what its address usually answers.

    Args:
        passages: see `Store.put`.
        key: what it is known by, "url:" and its `corpus.identity.address_key` where it has an address.
        source, document: row ids of its outlet, and of the file it stands in.
        page: tells the bytes it was read from, see `page_mark`; the same bytes read to other words are no edit.
        fetched: when it was fetched, in UTC; None for a file, which holds what the operator put there.
        changing: its address is a page whose text is replaced from time to time, as its operator said.
    """
    with store.transaction():
        try:
            found = store.known(key) if fetched else None
            if fetched is None or (found and found.status is ArticleStatus.LIVE and page and found.page == page):
                number, change = store.put(article, passages, key=key, source=source, document=document, page=page)
                return Kept(number, change)
            held = store.holding.get(found.id) if found else None
            known = found.last if found else None
            if found and known and held and found.status is ArticleStatus.HELD and held.text == known.text:
                known = None  # nothing but this was ever seen
            decision = decide(article, known=known, held=held, now=fetched, changing=changing)
            if decision.verdict is Verdict.GONE:
                if found and not store.withdraw([found.id]):
                    return Kept(found.id, Change.UNCHANGED)
                return Kept(found.id if found else None, Change.GONE, "its page says that the article is gone")
            if decision.held is None:
                number, change = store.put(article, passages, key=key, source=source, document=document, page=page)
                return Kept(number, change)
            if found and known:
                if decision.verdict is Verdict.KEEP:
                    store.release(found.id, decision.held)
                    return Kept(found.id, Change.UNCHANGED)
                store.hold(found.id, decision.held)
                number = found.id
            else:
                number, _ = store.put(
                    article, passages, key=key, source=source, document=document, page=page, held=True
                )
                store.holding.put(number, decision.held)
            again = max(decision.held.since + APART, fetched)
            return Kept(number, Change.HELD, f"may not be the article: {decision.held.reason}", again)
        except TakenDownError as error:
            return Kept(None, Change.REFUSED, error.message)


def page_mark(body: bytes) -> str:
    """What tells a page's words from another's: SHA-256 of its text without markup, scripts and styles.

    Pages come with other nonces, counters and scripts each time; the words are what an edit changes.
    """
    digest = hashlib.sha256()
    skipping = b""
    for piece in (b">" + body).split(b"<"):  # linear, whatever the page is made of
        if skipping:
            if not piece[:10].lower().startswith(skipping) and not (skipping == b"-->" and b"-->" in piece):
                continue
            text = piece.partition(b"-->" if skipping == b"-->" else b">")[2]
            skipping = b""
        elif piece.startswith(b"!--"):
            _, end, text = piece.partition(b"-->")
            skipping = b"" if end else b"-->"
        else:
            name, _, text = piece.partition(b">")
            tag = name[:10].lower().split()[:1]
            if tag and tag[0] in (b"script", b"style", b"noscript"):
                skipping = b"/" + tag[0]
                continue
        if words := text.split():
            digest.update(b" ".join(words) + b" ")
    return digest.hexdigest()
