"""What browsing shows: lists of articles and sources, one article page by page; pure text within Discord's limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.library import PAGE, Latest, Opened, Outlet
from bot.markdown import plain, stamp, units, visible
from bot.panels import surrounded, turning
from bot.render import MESSAGE_LIMIT, SOURCE_LIMIT, TITLE_LIMIT, Message, article_link, day
from bot.texts import Texts
from corpus.records import ArticleKind, BlockKind, instant
from corpus.shelf import Edition, ListedArticle
from corpus.status import Health

TEXT_PAGE = 2500
"""Units of an article's text on a page: two screens of a phone, and room for its head and its revisions."""
EDITIONS = 5
"""Revisions named one by one, the newest; the earlier ones are counted."""
NOTE_LIMIT = 300
LEAST_NOTE = 40
"""Units below which the beginning of a note says nothing."""
SPARE = 60
"""Units of a page's number and the line ends between blocks."""
TOPICS_LIMIT = 120


def latest(page: Latest, now: datetime, texts: Texts) -> Message:
    """One page of a list of articles."""
    name = plain(page.filter.name, SOURCE_LIMIT)
    if not page.filter.code:
        title = texts("latest-title", count=page.total)
    elif page.filter.is_topic:
        title = texts("latest-title-topic", topic=name, count=page.total)
    else:
        title = texts("latest-title-source", source=name, count=page.total)
    head = [title, texts("reply-demonstration")] if page.demonstration else [title]
    if not page.articles:
        return Message((texts("latest-none"),))
    command = f"`/{texts('command-article-name')}`"
    foot = [f"-# {texts('latest-hint', command=command)}"]
    if page.pages > 1:
        foot.append(f"-# {texts('page', number=page.page + 1, count=page.pages)}")
    entries = [partial(_entry, article, now, texts) for article in page.articles]
    blocks = _fitted(["\n".join(head)], entries, ["\n".join(foot)])
    return Message(blocks, turning("latest", page.filter.code, page.page + 1, page.pages, texts))


def outlets(found: Sequence[Outlet], page: int, now: datetime, texts: Texts) -> Message:
    """One page, counted from 1, of the sources and how they fare."""
    if not found:
        return Message((texts("sources-list-none"),))
    count = -(-len(found) // PAGE)
    page = min(max(page, 1), count)
    shown = found[(page - 1) * PAGE : page * PAGE]
    total = sum(outlet.status.articles for outlet in found)
    title = texts("sources-list-title", sources=len(found), articles=total)
    if any(outlet.demonstration for outlet in shown):
        title = f"{title}\n{texts('reply-demonstration')}"
    foot = [f"-# {texts('page', number=page, count=count)}"] if count > 1 else []
    blocks = _fitted([title], [partial(_outlet, outlet, now, texts) for outlet in shown], foot)
    return Message(blocks, turning("outlets", "", page, count, texts))


def article(opened: Opened, page: int, now: datetime, texts: Texts) -> Message:
    """One page, counted from 1, of an article: its text or what may be quoted of it, and on the first its revisions."""
    listed = opened.article.listed
    outlet, date = plain(listed.source, SOURCE_LIMIT), day(listed.published, now, texts)
    line = texts("article-by-dated", source=outlet, date=date) if date else texts("article-by", source=outlet)
    head = [f"**{article_link(listed.title, listed.url, texts)}**", " · ".join([line, *_kind(listed, texts)])]
    if opened.demonstration:
        head.append(texts("reply-demonstration"))
    top = "\n".join(head)
    room = MESSAGE_LIMIT - units(top) - SPARE
    if not opened.paragraphs:
        shown = _excerpt(opened, TEXT_PAGE, texts)
        return Message((top, shown, _editions(opened, room - units(shown), texts)))
    pages = _pages(opened.paragraphs)
    page = min(max(page, 1), len(pages))
    blocks = [top, pages[page - 1]]
    if page == 1:
        blocks.append(_editions(opened, room - units(pages[0]), texts))
    if len(pages) > 1:
        blocks.append(f"-# {texts('page', number=page, count=len(pages))}")
    return Message(tuple(blocks), turning("article", str(listed.id), page, len(pages), texts))


def _fitted(head: Sequence[str], entries: Sequence[Callable[[bool], str]], foot: Sequence[str]) -> tuple[str, ...]:
    """The blocks of a list. Where its addresses make it too long for a message, the longest of them are left out.

    Args:
        entries: each makes its block, with the article's address or without.
    """
    shown = [make(True) for make in entries]
    spared = [units(block) - units(make(False)) for block, make in zip(shown, entries, strict=True)]
    for at in sorted(range(len(shown)), key=spared.__getitem__, reverse=True):
        if sum(units(block) + 1 for block in (*head, *shown, *foot)) <= MESSAGE_LIMIT:
            break
        shown[at] = entries[at](False)
    return (*head, *shown, *foot)


def _entry(article: ListedArticle, now: datetime, texts: Texts, linked: bool) -> str:
    source, date = plain(article.source, SOURCE_LIMIT), day(article.published, now, texts)
    line = texts("article-by-dated", source=source, date=date) if date else texts("article-by", source=source)
    more = _kind(article, texts)
    if article.revisions > 1:
        more.append(texts("article-changed", count=article.revisions - 1))
    if article.more:
        more.append(texts("latest-more", count=article.more))
    title = article_link(article.title, article.url if linked else None, texts)
    return f"{title}\n-# {' · '.join([line, *more])}"


def _kind(article: ListedArticle, texts: Texts) -> list[str]:
    """What an article is where it is not plain news."""
    words = {
        ArticleKind.OPINION: texts("kind-opinion"),
        ArticleKind.SPONSORED: texts("kind-sponsored"),
        ArticleKind.SATIRE: texts("kind-satire"),
        ArticleKind.LIVE: texts("kind-live"),
    }
    return [words[article.kind]] if article.kind in words else []


def _outlet(outlet: Outlet, now: datetime, texts: Texts, linked: bool) -> str:
    status = outlet.status
    name = plain(status.name, SOURCE_LIMIT)
    lines = [texts("sources-list-entry", source=name, articles=status.articles)]
    if outlet.newest is not None:
        newest = article_link(outlet.newest.title, outlet.newest.url if linked else None, texts)
        date = day(outlet.newest.published, now, texts)
        lines.append(
            texts("sources-list-newest-dated", article=newest, date=date)
            if date
            else texts("sources-list-newest", article=newest)
        )
    small = [_health(status.health, texts)]
    if status.checked is not None:
        small.append(texts("health-checked", relative=stamp(status.checked, "R")))
    if outlet.topics:
        small.append(texts("sources-list-topics", topics=plain(", ".join(outlet.topics), TOPICS_LIMIT)))
    return "\n".join([*lines, f"-# {' · '.join(small)}"])


def _health(health: Health, texts: Texts) -> str:
    return {
        Health.GOOD: texts("health-good"),
        Health.PARTLY: texts("health-partly"),
        Health.WAITING: texts("health-waiting"),
        Health.FAILING: texts("health-failing"),
        Health.UNREAD: texts("health-unread"),
        Health.PAUSED: texts("health-paused"),
        Health.DROPPED: texts("health-dropped"),
    }[health]


def _excerpt(opened: Opened, room: int, texts: Texts) -> str:
    """What may be quoted where the whole text may not be shown."""
    if opened.excerpt is None:
        return texts("article-no-quote")
    why = texts("article-opening") if opened.opening else texts("article-around")
    return f"{surrounded(opened.excerpt, room - units(why) - 4, bold=not opened.opening)}\n-# {why}"


def _editions(opened: Opened, room: int, texts: Texts) -> str:
    """The revisions, the newest first, with the notes in which the outlet says what it corrected, as far as they fit.

    Args:
        room: units; notes that do not fit are cut or left out, those of older revisions first.
    """
    editions = opened.article.editions
    first, newest = editions[0], editions[: -EDITIONS - 1 : -1]
    if len(editions) == 1:
        named = {first.number: f"-# {texts('editions-one', date=_moment(first))}"}
        head: list[str] = []
        foot: list[str] = []
    else:
        named = {each.number: texts("edition", number=each.number, date=_moment(each)) for each in newest}
        if first.number in named:
            named[first.number] = texts("edition-first", date=_moment(first))
        head = [texts("editions-title", count=len(editions))]
        foot = [f"-# {texts('editions-earlier', count=len(editions) - EDITIONS)}"] if len(editions) > EDITIONS else []
    left = room - sum(units(line) + 1 for line in (*head, *named.values(), *foot))
    lines: list[str] = []
    for edition in newest:
        lines.append(named[edition.number])
        for note in edition.notes[:2] if opened.article.rights.max_words else ():
            if left > LEAST_NOTE:
                lines.append(f"> {plain(note, min(NOTE_LIMIT, left - 3))}")
                left -= units(lines[-1]) + 1
    return "\n".join([*head, *lines, *foot])


def _moment(edition: Edition) -> str:
    """When an edition was made as far as it says, else when it was read."""
    moment = instant(edition.stated) or instant(edition.fetched)
    return stamp(moment, "f") if moment else edition.fetched


def _pages(paragraphs: Sequence[tuple[BlockKind, str]]) -> list[str]:
    """The text in pages, each paragraph whole where it fits a page."""
    pages: list[list[str]] = [[]]
    left = TEXT_PAGE
    for kind, text in paragraphs:
        for piece in _pieces(text, TEXT_PAGE):
            line = _shown(kind, piece)
            size = units(line) + 1
            if pages[-1] and size > left:
                pages.append([])
                left = TEXT_PAGE
            pages[-1].append(line)
            left -= size
    return ["\n".join(page) for page in pages]


def _shown(kind: BlockKind, text: str) -> str:
    words = plain(text, MESSAGE_LIMIT)
    if kind is BlockKind.HEADING:
        return f"**{words}**"
    if kind is BlockKind.QUOTE:
        return f"> {words}"
    return f"- {words}" if kind is BlockKind.ITEM else f"{words}\n"


def _pieces(text: str, room: int) -> list[str]:
    """``text`` in pieces of ``room`` units at most once they are escaped, parted between words where there are some."""
    pieces: list[str] = []
    rest = text
    while rest:
        if units(plain(rest, 16 * MESSAGE_LIMIT)) <= room - 4:
            pieces.append(rest)
            break
        cut = room // 2  # escaping at most doubles nearly every text
        space = rest.rfind(" ", 0, cut)
        cut = space + 1 if space > 0 else cut
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return pieces


def title_choice(article: ListedArticle, limit: int = 100) -> str:
    """An article as a choice below an option: title and outlet, ``limit`` characters at most."""
    outlet = visible(article.source)[: limit // 3]
    title = visible(article.title)[: min(TITLE_LIMIT, limit - len(outlet) - 3)]
    return f"{title} – {outlet}" if title else outlet
