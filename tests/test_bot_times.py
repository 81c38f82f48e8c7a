"""Questions about some time, over stories that repeat: which article is quoted first, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from small_newsroom import newsroom_over

from bot.answer import Newsroom
from bot.remarks import OUTSIDE
from index.embedder import Embedder
from index.records import Query

NOW = datetime(2026, 11, 26, 20, tzinfo=UTC)
ARTICLES = (
    ("2024-12-02", "Tilde Norr opens the fair", "Tilde Norr, the mayor of Sund, opened the fair. She came in 2016."),
    ("2026-03-04", "Norr resigns in Sund", "Tilde Norr resigned as mayor of Sund over a leaking pool on Tuesday."),
    ("2026-11-25", "Finance minister goes", "Finance minister Ulf Brenn resigned on Wednesday for his health."),
    ("2026-09-03", "Summit in Lindal agrees on water", "The Lindal summit ended with a treaty on the river Aune."),
    (
        "2026-10-14",
        "Parliament of Tor approves treaty",
        "The parliament of Tor approved the Aune treaty by 88 votes to 41.",
    ),
    (
        "2026-11-24",
        "Pumps stand still",
        "Two pumps on the river Aune were switched off on Monday, as the treaty demands.",
    ),
    ("2026-11-10", "Sund council closes the pool", "The Sund council voted on Monday to close the pool for two years."),
    (
        "2026-11-17",
        "Sund council puts off a vote",
        "The Sund council put off its vote on the merger of two schools on Monday.",
    ),
    (
        "2026-11-24",
        "Sund council passes budget",
        "The Sund council passed the budget with 11 votes to 8 on Monday evening.",
    ),
    ("2025-10-15", "Bank cuts its rate", "The bank of Tor cut its main interest rate to 4.00 per cent on Wednesday."),
    (
        "2026-11-11",
        "Bank lowers its rate",
        "The bank of Tor lowered its main interest rate to 3.25 per cent on Wednesday.",
    ),
    (
        "2023-01-11",
        "Prime minister visits the north",
        "Prime minister Rolf Aldon visited the north of Vesmark. The PM of Vesmark promised a road.",
    ),
    (
        "2026-04-18",
        "Vesmark has a new government",
        "Ines Varga became prime minister of Vesmark on Saturday, after Rolf Aldon lost the vote.",
    ),
    ("2026-05-17", "Pell are champions", "Pell United won the league on Sunday for the third time."),
    (
        "2026-11-21",
        "Fire in a mill",
        "A fire destroyed a paper mill in Hadley. Nobody was hurt; 140 people worked there.",
    ),
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Newsroom]:
    """The real model over articles of two years."""
    folder = tmp_path_factory.mktemp("times")
    with newsroom_over(ARTICLES, folder, embedder, threshold=0.0) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("who resigned in March?", "2026-03-04"),
        ("who resigned this week?", "2026-11-25"),
        ("who was the mayor of Sund in 2024?", "2024-12-02"),
        ("what did the Sund council vote on two weeks ago?", "2026-11-10"),
        ("what did the Sund council do last week?", "2026-11-17"),
        ("did the bank of Tor lower its rate last year?", "2025-10-15"),
        ("did the bank of Tor lower its rate in autumn 2025?", "2025-10-15"),
        ("any news on the Sund council?", "2026-11-24"),
        ("what's new in Hadley?", "2026-11-21"),
        ("who is the president of Tor?", "2026-10-14"),
        ("who is the pm of Vesmark?", "2026-04-18"),
        ("pm vesmark", "2026-04-18"),
    ],
)
def test_the_first_article_is_of_the_time_asked_about(newsroom: Newsroom, question: str, day: str) -> None:
    """Though others have more of the question's words, and it does not name its own month."""
    assert (newsroom.ask(Query(question, NOW)).citations[0].published or "")[:10] == day


def test_it_is_known_to_be_of_the_time_without_its_words(newsroom: Newsroom) -> None:
    """A question for a month is answered as surely as the same question for none."""
    timed = newsroom.ask(Query("who was the mayor of Sund in 2024?", NOW))
    assert timed.citations[0].published == "2024-12-02T09:00:00Z"
    assert timed.confidence > 0.5


def test_what_happened_since_is_not_the_event_itself(newsroom: Newsroom) -> None:
    """Where only the article that dates the event has the words, the reply says that it is of another time."""
    answer = newsroom.ask(Query("what has happened since the Lindal summit?", NOW))
    assert answer.citations[0].published == "2026-09-03T09:00:00Z"
    assert answer.notices == (OUTSIDE,)


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("what did the Sund council do last week?", {"2026-11-17"}),
        ("what did the Sund council vote on two weeks ago?", {"2026-11-10"}),
    ],
)
def test_nothing_of_another_time_stands_beneath(newsroom: Newsroom, question: str, days: set[str]) -> None:
    """What the council did in other weeks adds nothing to what it did in that one."""
    assert {(each.published or "")[:10] for each in newsroom.ask(Query(question, NOW)).citations} == days


def test_beneath_what_is_of_another_time_may_stand_more_of_it(newsroom: Newsroom) -> None:
    """Where nothing is of the time asked about, and the reply says so."""
    answer = newsroom.ask(Query("what did the Sund council vote on in May?", NOW))
    assert len(answer.citations) > 1
    assert answer.notices == (OUTSIDE,)
