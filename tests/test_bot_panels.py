"""bot.panels: what the buttons show, within Discord's limits and safe, whatever articles and members wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bot_house import shared_catalogue
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bot_render import HOSTILE, active, make_answer, make_citation

from bot import panels
from bot.client import PRESS, layout
from bot.markdown import units
from bot.records import Excerpt
from bot.remarks import LANGUAGE, TIME
from bot.render import MESSAGE_LIMIT, Message, pages
from corpus.records import ArticleKind

CATALOGUE = shared_catalogue()
ENGLISH = CATALOGUE.texts("en")
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
TICKET = "0123456789abcdef"


def taken(message: Message) -> int:
    """UTF-16 units of all text displays."""
    return sum(units(block) for block in message.blocks)


def components(message: Message) -> int:
    return len(message.blocks) + sum(1 + len(row) for row in message.rows)


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=100, deadline=None)
def test_no_text_of_a_context_acts(before: str, quote: str, after: str) -> None:
    shown = panels.context(Excerpt(before, quote, after, before, after, None, None, False), TICKET, 1, 3, NOW, ENGLISH)
    for line in shown.blocks[1].splitlines():
        assert line.startswith("> ")
        assert active(line[2:].removeprefix("**").removesuffix("**")) == []


@given(st.integers(1, 40), st.integers(0, 4000))
@settings(max_examples=30, deadline=None)
def test_a_context_fits_and_keeps_what_is_nearest_to_the_quote(count: int, size: int) -> None:
    """The last paragraphs before and the first behind; the quote is never left out."""
    long = "\n".join(f"{number} " + "*" * size for number in range(count))
    for language in CATALOGUE.languages:
        texts = CATALOGUE.texts(language)
        shown = panels.context(
            Excerpt(long, "The quote.", long, "T" * 500, "S" * 500, "https://a.example/" + "(" * 160, None, False),
            TICKET, 2, 3, NOW, texts,
        )  # fmt: skip
        assert taken(shown) <= MESSAGE_LIMIT
        lines = shown.blocks[1].splitlines()
        at = lines.index("> **The quote.**")
        assert lines[at - 1].startswith(f"> {count - 1} ") or size == 0
        assert lines[at + 1].startswith("> 0")


@pytest.mark.parametrize("count", [1, 3])
def test_the_fullest_reply_is_within_discords_forty_components(count: int) -> None:
    """And every button carries an id that Discord takes and the bot understands."""
    rows = panels.reply_rows(ENGLISH, TICKET, answered=True, further=True, page=1, count=count)
    answer = make_answer(*(make_citation(number, quote="w" * 3000) for number in range(1, count + 1)))
    page = Message(pages(answer, "Why?", ENGLISH)[0].blocks, rows)
    assert components(page) + 26 - len(page.blocks) <= 40
    for button in layout(page).walk_children():
        if custom_id := getattr(button, "custom_id", None):
            assert PRESS.fullmatch(custom_id)
            assert len(custom_id) <= 100
    assert all(1 <= len(button.label) <= 80 for row in rows for button in row)


def test_the_pages_of_more_sources_hold_them_all() -> None:
    """Numbered through; a page beyond the last shows the last."""
    citations = [make_citation(number, quote=f"{number}" * 3000) for number in (1, 2, 3)]
    for page, buttons in ((1, ["(Previous)", "Next"]), (2, ["Previous", "Next"]), (3, ["Previous", "(Next)"])):
        shown = panels.sources(citations, "Why?", TICKET, page, NOW, ENGLISH)
        assert f"{page}" * 3000 in shown.blocks[1]
        assert taken(shown) <= MESSAGE_LIMIT
        assert [f"({each.label})" if each.disabled else each.label for each in shown.rows[0]] == buttons
        assert [each.argument for each in shown.rows[0]] == [f"{TICKET}.{page - 1}", f"{TICKET}.{page + 1}"]
    assert panels.sources(citations, "Why?", TICKET, 9, NOW, ENGLISH).blocks[-1].endswith("Page 3 of 3")


def test_a_forgotten_question_is_not_repeated() -> None:
    shown = panels.sources([make_citation()], None, TICKET, 1, NOW, ENGLISH)
    assert shown.blocks[0] == "**More sources**"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (ArticleKind.NEWS, "**1** The Harbour Post: "),
        (ArticleKind.OPINION, "**1** The Harbour Post (opinion): "),
        (ArticleKind.SPONSORED, "**1** The Harbour Post (sponsored): "),
        (ArticleKind.SATIRE, "**1** The Harbour Post (satire): "),
        (ArticleKind.LIVE, "**1** The Harbour Post (live): "),
    ],
)
def test_what_kind_of_article_it_is_stands_beside_the_outlet(kind: ArticleKind, line: str) -> None:
    (page,) = pages(make_answer(make_citation(kind=kind)), "Why?", ENGLISH)
    assert page.blocks[1].splitlines()[-1].startswith(line)


def test_who_said_the_words_stands_above_them() -> None:
    (page,) = pages(make_answer(make_citation(speaker="Ida *Renn*")), "Why?", ENGLISH)
    assert page.blocks[1].splitlines()[0] == r"-# Said by Ida \*Renn\*:"


def test_how_old_the_answer_is_and_what_was_not_understood_is_said() -> None:
    """Its date below how well it matches, the rest in small print below the question."""
    answer = make_answer(make_citation(), as_of=datetime(2026, 1, 31, 12, tzinfo=UTC), notices=(LANGUAGE, TIME))
    (page,) = pages(replace(answer, unresolved=("next *spring*",)), "Why?", ENGLISH)
    assert page.blocks[0].splitlines() == [
        "-# You asked: Why?",
        "-# My search model does not read the language of this question, so I may miss what answers it.",
        r"-# I did not understand which time is meant: next \*spring\*.",
        "**Strong match** with your question",
        "**As of <t:1769860800:D>.** It may be different today.",
    ]


def test_the_link_lands_on_the_quote_where_the_address_can_carry_that() -> None:
    landing = "https://harbour.example/ferry#:~:text=ice%20blocked"
    (page,) = pages(make_answer(make_citation(link=landing)), "Why?", ENGLISH)
    assert f"[Ferry stays in port](<{landing}>)" in page.blocks[1]
    (page,) = pages(make_answer(make_citation(link="https://harbour.example/" + "x" * 600)), "Why?", ENGLISH)
    assert "[Ferry stays in port](<https://harbour.example/ferry>)" in page.blocks[1]


def test_every_button_is_a_word_in_every_language() -> None:
    for language in CATALOGUE.languages:
        rows = panels.reply_rows(CATALOGUE.texts(language), TICKET, answered=True, further=True, page=2, count=3)
        assert all(re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*", button.label) for row in rows for button in row)
