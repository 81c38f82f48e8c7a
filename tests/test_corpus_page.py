"""corpus.html: pages of many makes, and what stands beside a story on them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from further_pages import further_pages
from made_pages import later_pages, made_pages

from corpus.html import page_article
from corpus.page_scores import mean_scores, score_pages, shingle_overlap, without_names

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
COUNCIL = "The council will decide about the new pier on Monday evening in the town hall."
LONG = "".join(f"<p>{PIER[:-1]}, said witness number {number} of the day.</p>" for number in range(6))


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    ("pages", "count", "precision"), [(made_pages, 42, 0.995), (further_pages, 30, 0.94), (later_pages, 54, 0.955)]
)
def test_pages_of_many_makes(
    pages: Callable[[], Iterator[tuple[str, str, str]]], count: int, precision: float, hidden: bool
) -> None:
    """Nearly all of each story and hardly anything else, also where no class or id says what is what."""
    overlaps = []
    for _, markup, story in pages():
        shown = without_names(markup.encode()).decode() if hidden else markup
        overlaps.append(shingle_overlap(story, page_article(shown).text))
    assert len(overlaps) == count
    scores = mean_scores(overlaps)
    assert scores["precision"] > precision
    assert scores["recall"] > 0.995


def test_names_are_hidden_and_nothing_else_is() -> None:
    """Classes, ids and component names in any spelling, inside elements alone."""
    named = (
        b'<div class="a [&>p]:b" id=\'c\' data-id="1"><p CLASS=lead>class="x" is what he wrote</p>'
        b'<a data-component="promo" href="/?id=3 class=4" ID = d>on</a></div>'
    )
    bare = b'<div data-id="1"><p>class="x" is what he wrote</p><a href="/?id=3 class=4">on</a></div>'
    assert without_names(named) == bare


def told(*parts: str) -> list[str]:
    """The lines of the article of a page with these parts below its first paragraph."""
    body = f"<article><h1>Ferries sail</h1><p>{FERRY}</p>{''.join(parts)}</article>"
    return page_article(f"<html><body>{body}</body></html>").text.split("\n")


@pytest.mark.parametrize(
    "call",
    [
        "<a href=/tip>Got a tip?</a>",
        "<a href=/tip>Got a tip</a>",
        "<a href=/tip>Got a tip? Write to us</a>",
        "<a href=/tip>Send us what you know</a>",
        "Got a tip? <a href=/tip>Click here</a>",
        "Got a tip? Email us at tips@paper.example.",
        "<a href=/vote>More on the vote</a>",
    ],
)
def test_a_call_at_the_end_of_a_paragraph_takes_no_sentence_along(call: str) -> None:
    """Below a picture, too, where a line that is no sentence would be its caption."""
    figure = "<figure><img src=a.jpg><figcaption>The pier</figcaption></figure>"
    for before in ("", figure, "<p><img src=a.jpg></p>"):
        assert told(before, f"<p>{COUNCIL} {call}</p>", f"<p>{PIER}</p>") == [FERRY, COUNCIL, PIER]


@pytest.mark.parametrize(
    "paragraph",
    [
        "The vote was led by Dr. <a href=/a>Ann Bell</a>",
        "The pier is old, and there is <a href=/plan>a plan for a new one</a>.",
        "He would say no more. <a href=/b>“I have said it all,” he said.</a>",
    ],
)
def test_a_link_that_ends_a_sentence_stays(paragraph: str) -> None:
    """What is linked is the story's where it is a sentence, or part of one."""
    assert told(f"<p>{paragraph}</p>", f"<p>{PIER}</p>")[1] == re.sub("<[^>]+>", "", paragraph)


@pytest.mark.parametrize(
    "heading", ["Leave a reply", "Top rated comments", "3 thoughts on “Ferries sail”", "Kommentar schreiben"]
)
def test_what_readers_wrote_is_cut_off_below_its_heading(heading: str) -> None:
    """Whatever they wrote, and however long it is."""
    assert told(LONG, f"<h2>{heading}</h2><div>{LONG * 3}</div><p>{COUNCIL}</p>") == told(LONG)


def test_the_next_article_of_an_endless_page_is_another() -> None:
    """A second headline apart from the paragraphs above it begins one; a heading of the first size among them none."""
    other = f"<div><h1>Pier to be torn down</h1><p>{COUNCIL}</p>{LONG.replace('witness', 'neighbour')}</div>"
    assert told(LONG, "</article><article>", other) == told(LONG)
    assert told(LONG, f"<h1>What comes next</h1><p>{COUNCIL}</p>{LONG.replace('witness', 'neighbour')}")[-1].endswith(
        "said neighbour number 5 of the day."
    )


def test_a_folder_of_pages_is_scored_with_and_without_names(tmp_path: Path) -> None:
    """A box that only its class tells from the story is taken for the story where classes are hidden."""
    (tmp_path / "html").mkdir()
    page = f"<article><h1>Ferries sail</h1><p>{FERRY}</p>{LONG}<p class=promo>{COUNCIL}</p><p>{PIER}</p></article>"
    (tmp_path / "html" / "1.html.gz").write_bytes(gzip.compress(f"<html><body>{page}</body></html>".encode()))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"1": {"articleBody": "\n".join([*told(LONG), PIER])}}))
    assert score_pages(tmp_path) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    unnamed = score_pages(tmp_path, unnamed=True)
    assert (unnamed["precision"], unnamed["recall"]) == (pytest.approx(187 / 205), pytest.approx(187 / 190))


def test_columns_beside_the_headline_are_no_part_of_the_story() -> None:
    """Whatever sentences stand in them; a story that is told beside its headline is kept whole."""
    lines = (
        "The horn of the ferry is heard as far as the northern islands.",
        "The pier is old, and a new one is dear.",
    )
    lines += (
        "A baker of the lower town has won the prize for rye bread.",
        "Rents have risen by nine per cent this year.",
    )
    side = f"<div>{''.join(f'<div>{line}</div>' for line in lines)}</div>"
    told = [FERRY, PIER.replace("horn", "bell"), COUNCIL.replace("pier", "horn")]
    page = "<html><body><div>{}<div><h1>Ferries sail</h1>{}</div>{}</div></body></html>"
    story = "".join(f"<p>{line}</p>" for line in told)
    assert page_article(page.format(side, story, side)).text == "\n".join(told)
    posts = "".join(
        f"<section><div>{LONG.replace('witness', f'post {number}, witness')}</div></section>" for number in (1, 2)
    )
    halves = f"<div><h1>Ferries sail</h1><p>{FERRY}</p>{LONG}</div><section>{{}}</section>"
    rest = f"<p>{FERRY[:-1]}, it said.</p>{LONG.replace('witness', 'guest')}"
    assert len(page_article(halves.format(rest)).text.split("\n")) == 14
    assert len(page_article(halves.format(f"<div><div>{rest}</div></div>")).text.split("\n")) == 14
    lede = f"<p>{FERRY}</p><p>{PIER}</p><p>{COUNCIL}</p>"
    live = page_article(page.format("", lede, posts)).text.split("\n")
    assert live[:3] == [FERRY, PIER, COUNCIL]
    assert len(live) == 15


def test_a_picture_with_words_and_a_credit_below_is_no_part_of_the_story() -> None:
    """Whatever elements it is made of; a paragraph above a picture, or below one that names nobody, is."""
    caption, credit = "The horn can be heard as far as the northern islands.", "Photo: Ann Bell/Paper"
    for box in (
        f"<div><img src=a.jpg><div>2 / 9</div><div>{caption}</div><div>{credit}</div></div>",
        f"<section><div><picture><img src=a.jpg></picture></div><p>{caption}</p><span>{credit}</span></section>",
    ):
        assert told(f"<p>{PIER}</p>", box, f"<p>{COUNCIL}</p>") == [FERRY, PIER, COUNCIL]
    assert told(f"<div><p>{PIER}</p><img src=a.jpg><p>{credit}</p></div>", f"<p>{COUNCIL}</p>") == [
        FERRY,
        PIER,
        COUNCIL,
    ]
    assert told(f"<div><img src=a.jpg><p>{PIER}</p></div>", f"<p>{COUNCIL}</p>") == [FERRY, PIER, COUNCIL]


@pytest.mark.parametrize(
    "call",
    [
        "This video cannot be played in your browser.",
        "Three months for the price of one, and you may cancel at any time.",
        "Have you found an error? Please let the desk know.",
        "A version of this report appears in print on page 12 of the county edition.",
        "This piece appears in the spring issue of the Quarterly.",
        "Dieser Text erschien zuerst in der Wochenendausgabe der Laterne.",
        "Anna Bell looks after harbours. Reach the newsroom at desk@paper.example.",
        "Vous souhaitez lire plus d’articles ? <a href=/abo>Abonnez-vous à partir de 1 € par mois</a>",
    ],
)
def test_what_an_outlet_says_of_its_page_is_no_part_of_the_story(call: str) -> None:
    """In a paragraph of its own between two of the story."""
    assert told(f"<p>{PIER}</p>", f"<div><p>{call}</p></div>", f"<p>{COUNCIL}</p>") == [FERRY, PIER, COUNCIL]


@pytest.mark.parametrize(
    "line",
    [
        "Passengers can cancel at any time, the company said, and get all of their money back within a week.",
        "The crews could not reach them at home, and the families learnt of it from the radio on Friday.",
        "Her first report never appeared in print, because the editor of the day thought it was too long.",
        "The report was first published in 2019, and nobody has contradicted a word of it since then.",
    ],
)
def test_words_of_offers_in_a_story_are_the_story_s(line: str) -> None:
    """Where somebody else than the outlet is spoken of."""
    assert told(f"<p>{PIER}</p>", f"<p>{line}</p>", f"<p>{COUNCIL}</p>") == [FERRY, PIER, line, COUNCIL]


def test_a_sentence_of_the_story_set_large_beside_it_is_told_once() -> None:
    """In a box or a quotation, with or without marks; the paragraph that has it stays whole."""
    said = f"{COUNCIL} {PIER}"
    for box in (f"<div><div>{PIER}</div></div>", f"<blockquote><p>“{PIER}”</p></blockquote>"):
        assert told(box, f"<p>{said}</p>", f"<p>{LONG[3:-4]}</p>")[:2] == [FERRY, said]
        assert PIER not in told(f"<p>{said}</p>", box, LONG)


def test_a_heading_stays_where_links_stand_between_it_and_its_paragraphs() -> None:
    """As buttons for sharing do on pages whose every part is in many elements of its own."""
    share = "<div><a href=/s>Share</a><a href=/t>Send</a></div>"
    parts = ("<h1>Ferries sail</h1>", f"<p>{FERRY}</p><p>{PIER}</p>", share, "<h2>At the pier</h2>", LONG)
    body = "".join(f"{'<div>' * 9}{part}{'</div>' * 9}" for part in parts)
    assert page_article(f"<html><body>{body}</body></html>").text.split("\n")[:3] == [FERRY, PIER, "At the pier"]
