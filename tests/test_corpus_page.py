"""corpus.html: pages of many makes, and what stands beside a story on them."""

from __future__ import annotations

import re

import pytest
from made_pages import made_pages

from corpus.html import page_article
from corpus.page_scores import mean_scores, shingle_overlap

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some two hundred people stood at the pier, and the captain let the youngest of them sound the horn."
COUNCIL = "The council will decide about the new pier on Monday evening in the town hall."
LONG = "".join(f"<p>{PIER[:-1]}, said witness number {number} of the day.</p>" for number in range(6))


@pytest.mark.parametrize("hidden", [False, True])
def test_pages_of_many_makes(hidden: bool) -> None:
    """Nearly all of each story and hardly anything else, also where no class or id says what is what."""
    overlaps = []
    for _, markup, story in made_pages():
        page = re.sub(r"""\s(?:class|id)=(?:"[^"]*"|'[^']*'|[^\s>]+)""", "", markup) if hidden else markup
        overlaps.append(shingle_overlap(story, page_article(page).text))
    assert len(overlaps) == 42
    scores = mean_scores(overlaps)
    assert scores["precision"] > 0.975
    assert scores["recall"] > 0.995


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
