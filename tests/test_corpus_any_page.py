"""Any page at all: crafted, broken, of other scripts, or with what HTML lets it leave out."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_corpus_extract import lines

from corpus.cleaning import tidy
from corpus.errors import UnreadableError
from corpus.extract import extract

TAGS = [
    "p",
    "div",
    "article",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "h1",
    "h2",
    "a",
    "span",
    "br",
    "script",
    "blockquote",
    "time",
]
PIECES = st.one_of(
    st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t}>" for t in TAGS]),
    st.sampled_from(
        [
            "<p class='caption",
            '<meta charset="x">',
            "<!--",
            "-->",
            "<![CDATA[",
            "&#0;",
            "&amp",
            "<?php",
            "\x00",
            "\u202e",
        ]
    ),
    st.sampled_from(['<script type="application/ld+json">', '{"@type":["NewsArticle"],"author":[[]],"headline":[{}]}']),
    st.text(max_size=30),
    st.just("The council voted on Monday to close the bridge. "),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode("utf-8", "replace"))
    | st.binary(max_size=200)
)
def test_any_page_is_read_or_named_unreadable(data: bytes) -> None:
    """Whatever the bytes, extract answers or raises UnreadableError, and the blocks stand in the text."""
    for name in ("a.html", "a.txt", "a.md"):
        try:
            (article,) = extract(data, name=name)
        except UnreadableError:
            continue
        assert "\n".join(lines(article)) == article.text
        assert all(line == tidy(line) for line in lines(article))


def test_references_to_no_character_spoil_no_page() -> None:
    """Found by fuzzing: half characters, controls, form feeds, numbers beyond Unicode; Windows-1252 as browsers do."""
    page = "<aside>&#xD800;&#1;<p>x</p>&#xFFFE\f</aside><h1>Sea&#0;</h1><p>It rose&#xd800; fast&#150;by six.</p>"
    (article,) = extract(page.encode(), name="a.html")
    assert (article.title, article.text) == ("Sea", "It rose fast–by six.")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.html", "<table><tr>" + "<td>word" * 100_000),
        ("a.html", "<svg a" * 100_000),
        ("a.html", "<div>" * 200_000 + "<p>A sentence of the story.</p>"),
        ("a.html", "<blockquote>A sentence of it. " * 30_000),
        ("a.md", "# Title\n\n" + "_a " * 30_000),
        ("a.md", "# Title\n\n" + "<!--" * 20_000),
        ("a.md", "# Title\n\n" + "![" * 30_000),
    ],
)
def test_a_crafted_page_takes_no_minutes(name: str, body: str) -> None:
    """What once took time by the square of its size; a crafted page must not keep the others from being read."""
    start = time.process_time()
    with contextlib.suppress(UnreadableError):
        extract(body.encode(), name=name)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("language", "codec", "title", "told"),
    [
        (
            "ar",
            "windows-1256",
            "العبارة تبحر من جديد",
            [
                "عادت العبارة إلى الإبحار صباح الجمعة بعد تسعة أيام من إضراب أطقمها.",
                "وصوت واحد وأربعون عضوا لصالح الاتفاق.",
            ],
        ),
        (
            "he",
            "windows-1255",
            "המעבורת שבה להפליג",
            ["המעבורת לאי שבה להפליג ביום שישי בבוקר.", "האיגוד הצביע בעד ההסכם."],
        ),
        (
            "ja",
            "euc-jp",
            "フェリー運航再開",
            ["島へのフェリーは金曜日の朝に運航を再開した。", "組合は四パーセントの賃上げを受け入れた。"],
        ),
        (
            "ko",
            "euc-kr",
            "여객선 운항 재개",
            ["섬으로 가는 여객선이 금요일 아침에 다시 출항했다.", "노조는 합의에 찬성했다고 밝혔다."],
        ),
    ],
)
def test_pages_of_other_scripts_are_read(language: str, codec: str, title: str, told: list[str]) -> None:
    """From right to left and without spaces, in UTF-8 and in an older encoding."""
    head = f'<html lang="{language}" dir="auto"><head><meta charset="{{}}"><title>{title}</title></head>'
    body = "".join(f"<p>{line}</p>" for line in told)
    page = f'{head}<body><nav><a href="/">{title[:4]}</a></nav><article><h1>{title}</h1>{body}</article></body></html>'
    for name in ("utf-8", codec):
        (article,) = extract(page.format(name).encode(name), name="a.html")
        assert (article.language, article.title, lines(article)) == (language, title, told)


def test_what_a_page_states_is_no_longer_than_anybody_reads() -> None:
    """A headline and a list of authors have an end, in pages and records alike."""
    authors = ", ".join(f'{{"name": "Ada Holm {number}"}}' for number in range(200))
    data = f'{{"@type": "NewsArticle", "headline": "{"word " * 1000}", "author": [{authors}]}}'
    page = f'<script type="application/ld+json">{data}</script><article><p>It sailed again.</p></article>'
    (article,) = extract(page.encode(), name="a.html")
    assert (article.title, len(article.authors)) == (("word " * 100).strip(), 50)
    record = json.dumps({"id": 1, "title": "word " * 1000, "text": "It sailed."}).encode()
    assert extract(record, name="a.json")[0].title == ("word " * 100).strip()


def test_a_page_may_leave_out_what_html_lets_it_leave_out() -> None:
    """No html, head or body element: the article is found all the same."""
    page = "<!doctype html><title>Sea</title><script>1</script><article><h1>Sea</h1><p>It sailed again.</p></article>"
    (article,) = extract(page.encode(), name="a.html")
    assert (article.title, article.text) == ("Sea", "It sailed again.")
