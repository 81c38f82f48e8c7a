"""How a story unfolded: one quoted sentence for each day on which something new was told, and how that is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.lookup import still_quotable
from bot.markdown import link, plain, stamp, units
from bot.news import same
from bot.panels import fixed_line, unfolded_rows
from bot.records import Act, Citation, Place, Quoting, quoted_of
from bot.render import MESSAGE_LIMIT, SOURCE_LIMIT, Message, article_link
from bot.texts import Texts
from corpus.records import ArticleKind, ArticleStatus, StoredPassage, instant
from corpus.sentences import sentences
from corpus.store import Store
from index.cutting import MAX_WORDS
from index.evidence import content_words

PAGE = 5
"""Turning points on a page: with their quotes what a phone shows in two screens."""
STORYLINES = 3
LEAST = 5
"""Words of a sentence that tells something."""
_TOLD = (ArticleKind.NEWS, ArticleKind.LIVE)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story's turning points.

    Attributes:
        code: what its buttons carry: the storylines' row ids.
        title: of the article that begins it.
        points: oldest first, each of another day.
        articles: how many articles it was made of, copies of one text counted once.
    """

    code: str
    title: str
    points: tuple[Citation, ...]
    articles: int
    demonstration: bool


def storylines_of(store: Store, citations: Sequence[Citation]) -> list[int]:
    """The storylines that an answer is about: that of its first quote, and those of others on the same matter."""
    if not citations:
        return []
    first = content_words(citations[0].title)
    kept = [each for each in citations if len(first & content_words(each.title)) >= 2 or each is citations[0]]
    return list(dict.fromkeys(store.storylines.of(each.article) for each in kept))[:STORYLINES]


def code_of(storylines: Sequence[int]) -> str:
    """What buttons carry for storylines."""
    return "-".join(str(each) for each in storylines)


def unfold(store: Store, code: str, visible: Collection[str]) -> Timeline | None:
    """The timeline of a code; None where none of its articles can be shown any more.

    Args:
        visible: names of the sources that may be quoted.
    """
    names = set(visible)
    days: dict[date, list[Citation]] = {}
    title, stories, sample = "", set(), False
    numbers = [int(each) for each in code.split("-") if each.isdecimal()][:STORYLINES]
    members = sorted({member for number in numbers for member in store.storylines.members(number) or [number]})
    dated = []
    for member in members:
        article = store.article(member)
        if article is None or article.status is not ArticleStatus.LIVE or article.source not in names:
            continue
        moment = instant(article.published)
        if moment is not None and article.kind in _TOLD:
            dated.append((moment, member, article))
    for moment, member, article in sorted(dated, key=lambda each: each[:2]):
        if article.story in stories:
            continue
        place = _lead(store.passages_of(member))
        found = still_quotable(store, [place], names) if place else []
        if found:
            stories.add(article.story)
            title = title or article.title
            sample = sample or bool(store.sources()[article.source]["sample"])
            days.setdefault(moment.date(), []).append(found[0])
    points = _turning_points(days)
    return Timeline(code, title, points, len(stories), sample) if points else None


def _lead(passages: Sequence[StoredPassage]) -> Place | None:
    """The first sentence that tells something and may be quoted whole."""
    for passage in passages[:3]:
        for start, end in passage.quotable:
            first = passage.start
            for a, b in sentences(passage.text, start - first, end - first):
                count = len(passage.text[a:b].split())
                short = passage.max_chars is None or b - a <= passage.max_chars
                if LEAST <= count <= min(passage.max_words, MAX_WORDS) and short:
                    return Place(passage.article, passage.revision, passage.id, first + a, first + b)
    return None


def _turning_points(days: dict[date, list[Citation]]) -> tuple[Citation, ...]:
    """Of each day the sentence with most that was not told before; none of a day that only repeats."""
    points: list[Citation] = []
    told: set[str] = set()
    for _, candidates in sorted(days.items()):
        fresh = [each for each in candidates if not any(same(point.quote, each.quote) for point in points)]
        if fresh:
            best = max(fresh, key=lambda each: (len(content_words(each.quote) - told), -each.article))
            points.append(best)
            told |= content_words(best.quote)
    return tuple(replace(each, number=number) for number, each in enumerate(points, 1))


def page_of(timeline: Timeline, page: int) -> tuple[int, tuple[Citation, ...]]:
    """The page that there is nearest to ``page`` (from 1), and its points."""
    page = min(max(page, 1), pages(timeline))
    return page, timeline.points[(page - 1) * PAGE : page * PAGE]


def pages(timeline: Timeline) -> int:
    """How many pages there are."""
    return max(1, -(-len(timeline.points) // PAGE))


def shown(
    timeline: Timeline | None,
    page: int,
    texts: Texts,
    *,
    top: str = "",
    question: str | None = None,
    fixed: bool = False,
) -> Message:
    """One page, counted from 1, of a timeline.

    Args:
        top: a line above it.
        question: what it was asked with.
        fixed: it cannot be edited later, which it says.
    """
    above = (top,) if top else ()
    if timeline is None:
        return Message((*above, texts("timeline-none")))
    page, points = page_of(timeline, page)
    count = pages(timeline)
    head = texts("timeline-title", title=plain(timeline.title, 200) or texts("untitled"))
    if timeline.demonstration:
        head = f"{head}\n{texts('reply-demonstration')}"
    foot = [f"-# {texts('timeline-foot', articles=timeline.articles)}"]
    if count > 1:
        foot.append(f"-# {texts('page', number=page, count=count)}")
    if fixed:
        foot.append(fixed_line(texts))
    room = (MESSAGE_LIMIT - units(top) - units(head) - units("\n".join(foot)) - 20) // max(1, len(points))
    blocks = [_point(each, texts, room) for each in points]
    made = Message((*above, head, *blocks, "\n".join(foot)), unfolded_rows(timeline.code, page, count, texts))
    argument = f"{timeline.code}.{page}.{count}"
    quoting = Quoting(Act.TIMELINE, quoted_of(points), argument, question=question, reply=made.text)
    return replace(made, quoting=quoting)


def _point(point: Citation, texts: Texts, room: int) -> str:
    moment = instant(point.published)
    day = f"**{stamp(moment, 'D')}**" if moment else ""
    address = point.link if link(point.link) else point.url
    source, article = plain(point.source, SOURCE_LIMIT), article_link(point.title, address, texts)
    line = texts("reply-citation", number=point.number, source=source, article=article)
    return f"{day}\n> {plain(point.quote, max(40, room - units(day) - units(line) - 8))}\n{line}"


def day_of(point: Citation) -> str:
    """The day of a point for a picture, which cannot show it in each reader's own way: ISO 8601."""
    moment: datetime | None = instant(point.published)
    return f"{moment:%Y-%m-%d}" if moment else ""
