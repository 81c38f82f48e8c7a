"""Questions for the news and nothing else: which these are, and that the newest articles answer them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from bot_house import shared_catalogue
from small_newsroom import newsroom_over

from bot.answer import Newsroom
from bot.headlines import source_named, wanted
from bot.records import Answer, Match
from bot.render import reply
from index.embedder import Embedder
from index.records import Query
from index.when import understand

NOW = datetime(2026, 11, 26, 20, tzinfo=UTC)  # a Thursday
POST, RADIO = "The Sund Post", "Radio Tor"
ARTICLES = (
    (POST, "2026-11-26T08:00:00Z", "Pool opens", "The pool of Sund opened. Two hundred came to swim in the cold."),
    (RADIO, "2026-11-25T18:00:00Z", "Ferry aground", "SKEL (Tor Wire) - The ferry to Skel ran aground with 84 people."),
    (POST, "2026-11-24T09:00:00Z", "Budget", "The council passed its budget on Monday evening by three votes."),
    (RADIO, "2026-11-18T09:00:00Z", "Lund sentenced", "A court sentenced Viktor Lund to five years for fraud."),
    (POST, "2026-11-17T09:00:00Z", "Snow", "Snow fell on the hills of Tor a month earlier than in other years."),
    (RADIO, "2026-12-24T09:00:00Z", "To come", "The first ship of the year is expected in the harbour of Tor."),
)  # fmt: skip


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Newsroom]:
    """Two outlets' articles of a fortnight, one of them dated a month ahead."""
    folder = tmp_path_factory.mktemp("headlines")
    with newsroom_over(
        [each[1:] for each in ARTICLES], folder, embedder, sources=[each[0] for each in ARTICLES]
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("any news?", ""),
        ("latest news", ""),
        ("whats new", ""),
        ("what happened on Tuesday?", ""),
        ("headlines this week", ""),
        ("What's going on right now?", ""),
        ("what did I miss yesterday", ""),
        ("news from the Sund Post last week", "the Sund Post"),
        ("Was gibt es Neues?", ""),
        ("was ist gestern passiert", ""),
        ("news on the strike", None),
        ("what happened to the mayor?", None),
        ("any news today on the strike", None),
        ("what happened this autumn?", None),  # not understood, and said so
        ("who is new?", None),
        ("what happened since the Lindal summit?", None),
        ("", None),
    ],
)
def test_what_asks_for_the_news_and_no_more(question: str, source: str | None) -> None:
    """By its words, with the time that it names left out."""
    assert wanted(question, understand(question, NOW)) == source


def test_an_outlet_is_known_by_its_name() -> None:
    """With or without the article, in any letters."""
    assert source_named("sund post", [POST, RADIO]) == POST
    assert source_named("the radio tor", [POST, RADIO]) == RADIO
    assert source_named("Sund", [POST, RADIO]) is None


def titles(answer: Answer) -> list[str]:
    return [each.title for each in answer.citations]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("any news?", ["Pool opens", "Ferry aground", "Budget"]),
        ("what happened today?", ["Pool opens"]),
        ("what happened on Tuesday?", ["Budget"]),
        ("what happened yesterday?", ["Ferry aground"]),
        ("what happened last week?", ["Lund sentenced", "Snow"]),
        ("latest from Radio Tor", ["Ferry aground", "Lund sentenced"]),
    ],
)
def test_the_newest_articles_of_the_time_answer(newsroom: Newsroom, question: str, expected: list[str]) -> None:
    """The newest first, and nothing that is dated ahead."""
    answer = newsroom.ask(Query(question, NOW))
    assert (answer.answered, answer.match, answer.confidence) == (True, Match.NEWEST, 1.0)
    assert titles(answer) == expected
    assert [each.number for each in answer.citations] == list(range(1, len(expected) + 1))


def test_they_open_in_their_own_words(newsroom: Newsroom) -> None:
    """A brief sentence with the next, nothing of where they were written; exact by their offsets."""
    pool, ferry, _ = newsroom.ask(Query("any news?", NOW)).citations
    assert pool.quote == "The pool of Sund opened. Two hundred came to swim in the cold."
    assert (ferry.quote, ferry.start) == ("The ferry to Skel ran aground with 84 people.", 18)


def test_filters_hold(newsroom: Newsroom) -> None:
    """Those of the command, too; a time without articles, a name that is no outlet's or a topic are searched for."""
    assert titles(newsroom.ask(Query("any news?", NOW, sources=frozenset({RADIO})))) == [
        "Ferry aground",
        "Lund sentenced",
    ]
    assert titles(newsroom.ask(Query("any news?", NOW, until=datetime(2026, 11, 18, tzinfo=UTC)))) == ["Snow"]
    assert not newsroom.ask(Query("what happened in March 2020?", NOW)).answered
    assert newsroom.ask(Query("what's new in Skel?", NOW)).match is not Match.NEWEST
    assert newsroom.ask(Query("any news?", NOW, subject="the ferry")).match is not Match.NEWEST


def test_who_follows_the_news_is_told_what_came_in(newsroom: Newsroom) -> None:
    """How the newest articles open, but for those that were told of."""
    pool, ferry, budget = newsroom.ask(Query("any news?", NOW)).citations
    assert newsroom.news(Query("any news?", NOW), 0, [pool.place], NOW) == [ferry.place, budget.place]
    latest = max(each.passage_id for each in (pool, ferry, budget))
    assert newsroom.news(Query("any news?", NOW), latest, [], NOW) == []


def test_the_reply_says_what_it_is(newsroom: Newsroom) -> None:
    """In place of how well the quotes match; the day of what is not new any more is said."""
    texts = shared_catalogue().texts("en")
    message = reply(newsroom.ask(Query("any news?", NOW)), "any news?", texts)
    assert "**The newest articles**, by how they open." in message.blocks[0]
    later = newsroom.ask(Query("any news?", datetime(2026, 12, 3, 20, tzinfo=UTC)))
    assert later.as_of == datetime(2026, 11, 26, 8, tzinfo=UTC)
