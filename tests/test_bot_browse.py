"""bot.browse: lists and articles stay within what Discord takes, whatever outlets write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bot_house import shared_catalogue

from bot import browse
from bot.library import PAGE, Filter, Latest, Opened, Outlet
from bot.markdown import units
from bot.records import Excerpt
from bot.render import MESSAGE_LIMIT, Message
from corpus.records import ArticleKind, BlockKind
from corpus.rights import Rights
from corpus.shelf import Edition, KeptArticle, ListedArticle
from corpus.status import Health, SourceStatus

NOW = datetime(2026, 2, 3, tzinfo=UTC)
CATALOGUE = shared_catalogue()
TEXTS = CATALOGUE.texts("en")
LONG = "*_\U0001f600 word " * 400
ARTICLE = ListedArticle(
    1, LONG, LONG, "https://a.example/" + "a" * 480, "2026-02-02T10:00:00Z", ArticleKind.SPONSORED, 9
)


def length(message: Message) -> int:
    return sum(units(block) for block in message.blocks)


def kept(*editions: Edition, max_words: int = 60, text: str = "") -> KeptArticle:
    rights = Rights(indexed=True, max_words=max_words, max_chars=None, full_text=bool(text))
    return KeptArticle(ARTICLE, 1, text, (), rights, editions)


def edition(number: int, *notes: str) -> Edition:
    return Edition(number, "T", f"2026-02-0{number}T10:00:00Z", "2026-02-09T10:00:00Z", notes)


@pytest.mark.parametrize("language", CATALOGUE.languages)
def test_the_longest_lists_fit_into_a_message(language: str) -> None:
    texts = CATALOGUE.texts(language)
    listed = Latest(Filter("t1", LONG), (ARTICLE,) * PAGE, 3, 99, 99_999, True)
    status = SourceStatus(LONG, 99_999, NOW, NOW, NOW, Health.WAITING)
    outlets = [Outlet(status, (LONG,), ARTICLE, True)] * (PAGE + 1)
    for message in (browse.latest(listed, NOW, texts), browse.outlets(outlets, 1, NOW, texts)):
        assert length(message) <= MESSAGE_LIMIT
        assert len(message.blocks) == PAGE + 2


def test_only_as_many_addresses_are_left_out_as_must_be() -> None:
    """The longest of them; the titles stay."""
    short = replace(ARTICLE, title="Ice", url="https://a.example/1")
    long = [replace(ARTICLE, title=f"Ferry {number}") for number in range(PAGE - 1)]
    shown = browse.latest(Latest(Filter(), (short, *long), 0, 1, PAGE, False), NOW, TEXTS)
    assert shown.blocks[1].startswith("[Ice](<https://a.example/1>)")
    assert [block.startswith("[Ferry") for block in shown.blocks[2:-1]].count(True) >= 4
    assert all("Ferry" in block for block in shown.blocks[2:-1])


@pytest.mark.parametrize("language", CATALOGUE.languages)
def test_the_longest_article_fits_into_a_message(language: str) -> None:
    """Its text, its quote with all around it, and its revisions with their notes."""
    texts = CATALOGUE.texts(language)
    editions = [edition(number, LONG, LONG) for number in range(1, 9)]
    excerpt = Excerpt(f"{LONG}\n{LONG}", LONG, f"{LONG}\n{LONG}", LONG, LONG, None, None, False)
    whole = Opened(kept(*editions, text="x"), ((BlockKind.PARAGRAPH, LONG),) * 3, None, False, True)
    part = Opened(kept(*editions, max_words=10**6), (), excerpt, False, True)
    for opened in (whole, part):
        first = browse.article(opened, 1, NOW, texts)
        assert length(first) <= MESSAGE_LIMIT
        assert first.blocks[2].count("\n> ") >= 1
    assert length(browse.article(whole, 2, NOW, texts)) <= MESSAGE_LIMIT


def test_revisions_and_what_was_corrected() -> None:
    """The newest first, five by name; of an article that never changed, since when."""
    many = Opened(kept(*(edition(number) for number in range(1, 8))), (), None, True, False)
    assert browse.article(many, 1, NOW, TEXTS).blocks[-1].splitlines() == [
        "**7 revisions**",
        *(f"**{number}** <t:{1769940000 + (number - 1) * 86400}:f>" for number in (7, 6, 5, 4, 3)),
        "-# and 2 earlier",
    ]
    one = Opened(kept(edition(1, "Correction: the cost was 21 million.")), (), None, True, False)
    assert browse.article(one, 1, NOW, TEXTS).blocks[-1].splitlines() == [
        "-# Unchanged since <t:1769940000:f>, as far as I have seen.",
        "> Correction: the cost was 21 million.",
    ]
    mute = replace(one, article=kept(edition(1, "Correction: no."), max_words=0))
    assert "no." not in browse.article(mute, 1, NOW, TEXTS).text
