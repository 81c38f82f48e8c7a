"""Questions that count from an event which the articles date: what is quoted first, and what counts from none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from ranked_passages import ranked
from small_newsroom import newsroom_over

from bot.answer import Newsroom
from index.embedder import Embedder
from index.records import Query
from index.time_words import Event, Relation
from index.timed import around
from index.when import understand

NOW = datetime(2026, 11, 26, 20, tzinfo=UTC)
ARTICLES = (
    ("2025-11-03", "Torvia builds pumps", "Torvia built two pumps on the river Aune for its rice farmers."),
    (
        "2026-02-03",
        "Torvia threatens to stay away",
        "Torvia threatened to stay away from the summit in Lindal unless pumps were on the agenda.",
    ),
    (
        "2026-05-06",
        "Lindal summit ends with water treaty",
        "The Lindal summit ended with a treaty on the river Aune. Torvia did not sign it on the spot.",
    ),
    ("2026-06-14", "Torvia signs", "Torvia signed the Aune treaty after weeks of talks in its cabinet."),
    ("2026-02-26", "Drivers vote", "Bus drivers in Kestrel voted with 412 to 35 for a walkout."),
    ("2026-03-10", "Bus strike begins", "Bus drivers in Kestrel began a strike on Tuesday over night shifts."),
    (
        "2026-03-25",
        "Bus drivers back at work",
        "Bus drivers in Kestrel went back to work after two weeks; the company pays for Sundays.",
    ),
    ("2026-10-10", "Library opens late", "The library of Hadley opened late on Saturday for want of staff."),
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Newsroom]:
    """The real model over articles from before and after a summit and a strike."""
    folder = tmp_path_factory.mktemp("events")
    with newsroom_over(ARTICLES, folder, embedder, threshold=0.0) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("what did Torvia do after the summit?", "2026-06-14"),
        ("what did Torvia do after the Lindal summit?", "2026-06-14"),
        ("what did Torvia build before the summit?", "2025-11-03"),
        ("what did the drivers do before the strike?", "2026-02-26"),
        ("what happened after the strike in Kestrel?", "2026-03-25"),
    ],
)
def test_the_first_article_is_from_after_the_event_or_before_it(newsroom: Newsroom, question: str, day: str) -> None:
    """Though it does not name the event, and others do."""
    assert (newsroom.ask(Query(question, NOW)).citations[0].published or "")[:10] == day


@pytest.mark.parametrize(
    "question",
    [
        "why did the minister resign after the vote?",
        "how old was Renn before the vote?",
        "what caused the fire after the match?",
        "warum ging der Minister nach der Wahl?",
        "which ship is named after the king?",
        "who testified before the court?",
    ],
)
def test_reasons_ages_and_places_are_no_times(question: str) -> None:
    """ "After" and "before" say something else of them."""
    assert understand(question, NOW).events == ()


def test_what_tells_of_the_time_by_its_words_is_of_it() -> None:
    """An article on the event itself may say what came after; other quotes of its day are of the event."""
    words = "what did Torvia do after the summit?"
    read = around(words, Event("the summit", Relation.AFTER), datetime(2026, 5, 6, tzinfo=UTC), (19, 35))
    passage = ranked("Torvia signed.", [1.0]).candidate.passage
    assert read.words == "what did Torvia do?"
    assert read.told_by(passage, "It was undated.")
    told = replace(passage, published="2026-05-06T09:00:00Z")
    assert read.told_by(told, "Hours after the Lindal summit Torvia signed.")
    assert not read.told_by(told, "The summit ended on Wednesday.")
    assert read.within(replace(passage, published="2026-05-08T09:00:00Z"))
    assert not read.within(told)
