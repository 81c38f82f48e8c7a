"""bot.remarks: how old, which language, what was not understood; and what the terminal makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from bot_house import shared_catalogue
from fakes import an_article, put
from rich.console import Console

from bot.answer import Newsroom, open_newsroom
from bot.fragments import finds
from bot.remarks import ARTICLE, LANGUAGE, OUTSIDE, TIME, UNDATED, as_of, notices
from bot.render import reply
from bot.settings import load_settings
from bot.terminal import remarks, show_answer
from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.embedder import DEFAULT_MODEL, Embedder
from index.records import Query
from index.when import understand

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def newsroom(demo_data_dir: Path) -> Iterator[Newsroom]:
    opened = open_newsroom(load_settings(None, data_dir=demo_data_dir, threshold=0.0))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the prime minister of Halvenia?", ()),
        ("Wer ist der neue Premierminister von Halvenien?", (LANGUAGE,)),
        ("Quanto custa o pão?", (LANGUAGE,)),
        ("Was Der Spiegel right?", ()),
        ("What has Renn done since the summit?", (TIME,)),
        ("Was hat die Regierung seit dem Gipfel getan?", (LANGUAGE, TIME)),
    ],
)
def test_notices(question: str, expected: tuple[str, ...]) -> None:
    """A language the model does not read, a time that no calendar has."""
    assert notices(Query(question, NOW), understand(question, NOW), DEFAULT_MODEL) == expected
    multilingual = notices(Query(question, NOW), understand(question, NOW), "paraphrase-multilingual-MiniLM-L12-v2")
    assert LANGUAGE not in multilingual


GERMAN = "Die alte Brücke über den Brenn ist am Montag eingestürzt, weil ein Bolzen aus falschem Stahl war."
SAID = (
    "My search model does not read the language of this article, so I may miss what answers in it and in others of its"
    " language."
)


@pytest.mark.parametrize(
    ("text", "stated", "question", "expected"),
    [
        (GERMAN, "de", "Why did the mill in Tolm burn down?", (ARTICLE,)),
        (GERMAN, "", "Why did the mill in Tolm burn down?", (ARTICLE,)),
        # The publisher's system speaks English, not the text.
        (GERMAN, "en", "Why did the mill in Tolm burn down?", (ARTICLE,)),
        ("The bridge fell, which nobody had seen coming, when a bolt broke.", "de", "Why did the mill burn?", ()),
        # One sentence about language is enough.
        (GERMAN, "de", "Warum brannte die Mühle in Tolm ab?", (LANGUAGE,)),
    ],
)
def test_a_refusal_says_that_the_nearest_article_is_not_read(
    store: Store, tmp_path: Path, embedder: Embedder, text: str, stated: str, question: str, expected: tuple[str, ...]
) -> None:
    """Where that is so by its text; in Discord and in the terminal, below the article's name."""
    put(store, an_article(text, title="An article", language=stated))
    settings = load_settings(None, data_dir=tmp_path)
    build(store, embedder, settings.index_dir)
    room = Newsroom(settings, store, embedder, load_calibration(), demonstrate=True, threshold=1.1)
    answer = room.ask(Query(question, NOW))
    assert answer.nearest is not None
    assert answer.notices == expected
    console = Console(width=400, record=True, file=StringIO())
    show_answer(answer, console)
    blocks = reply(answer, question, shared_catalogue().texts("en")).blocks
    assert (SAID in console.export_text()) is (ARTICLE in expected)
    assert (blocks[-1] == f"-# {SAID}") is (ARTICLE in expected)


def test_old_answers_say_as_of(newsroom: Newsroom) -> None:
    """Any after 30 days; one about what is the case now after a week; none for a period that was asked for."""
    question = "Why did a pump let bacteria into the water on Skarrow?"
    published = datetime(2026, 7, 7, 10, 30, tzinfo=UTC)
    assert newsroom.ask(Query(question, NOW)).as_of == published
    first = newsroom.ask(Query(question, NOW)).citations
    later = [
        as_of(first, understand(question, now), now) for now in (datetime(2026, 7, day, tzinfo=UTC) for day in (8, 31))
    ]
    assert later == [None, None]
    current = "Who is in charge of the water on Skarrow?"
    assert [as_of(first, understand(current, now), now) for now in (datetime(2026, 7, 8, tzinfo=UTC), NOW)] == [
        None,
        published,
    ]
    assert as_of(first, understand(current, NOW), datetime(2026, 7, 15, tzinfo=UTC)) == published
    assert as_of(first, understand("What was in the water in July 2026?", NOW), NOW) is None
    assert as_of((), understand(question, NOW), NOW) is None


def test_an_article_without_a_date_is_told_where_a_time_was_asked_for(newsroom: Newsroom) -> None:
    """It passes the filter of "today", and nobody may take a flood of 2022 for one of today."""
    today = newsroom.ask(Query("What happened in Hadrow today?", NOW))
    assert today.citations[0].published is None
    assert today.notices == (UNDATED,)
    assert remarks(today) == ["The first article states no date, so it may be of another time than you mean."]
    shown = reply(today, "What happened in Hadrow today?", shared_catalogue().texts("en")).text
    assert "**No date:** the first article states none, so it may be of another time than you mean." in shown
    timeless = newsroom.ask(Query("Why was the flood in Hadrow so fast?", NOW))
    assert timeless.citations[0].published is None
    assert timeless.notices == ()


def test_an_article_of_another_time_than_asked_about_is_said_to_be_that(newsroom: Newsroom) -> None:
    """A day's difference is none: the member's zone is not known, and papers come out the day after."""
    question = "Why did a pump let bacteria into the water on Skarrow {}?"
    asked = datetime(2026, 7, 8, 12, tzinfo=UTC)
    later = newsroom.ask(Query(question.format("on 2 July"), asked))
    assert later.citations[0].published == "2026-07-07T12:30:00+02:00"
    assert later.notices == (OUTSIDE,)
    assert remarks(later) == ["The first article is of 07 July 2026, not of the time that you ask about."]
    shown = reply(later, "Why?", shared_catalogue().texts("en")).text
    assert "**Another time:** the first article is of <t:1783420200:D>, not of the time that you ask about." in shown
    for within in ("on 7 July", "on 6 July", "in July", "before 2027", "yesterday", "today"):
        query = Query(question.format(within), asked)
        assert notices(query, understand(query.text, asked), DEFAULT_MODEL, later.citations) == ()
    for ahead in ("What will open on 30 July?", "Who will speak in March 2027?"):  # is told of before it comes
        assert notices(Query(ahead, asked), understand(ahead, asked), DEFAULT_MODEL, later.citations) == ()


@pytest.mark.parametrize(
    ("question", "quote", "said"),
    [
        ("what was inflation in august", "Inflation was 2.9 percent in August.", ()),
        ("what was inflation in august 2025", "Inflation was 2.9 percent in August 2026.", (OUTSIDE,)),
        ("how much was sold in the third quarter", "It sold more in the third quarter.", ()),
        ("what was inflation in august", "Inflation was 2.9 percent.", (OUTSIDE,)),
    ],
)
def test_a_quote_that_names_the_time_is_of_it(
    newsroom: Newsroom, question: str, quote: str, said: tuple[str, ...]
) -> None:
    """Though its article came later, as figures of a month do."""
    answer = newsroom.ask(Query("Why did a pump let bacteria into the water on Skarrow?", NOW))
    first = replace(answer.citations[0], quote=quote, published="2026-11-10")
    assert notices(Query(question, NOW), understand(question, NOW), DEFAULT_MODEL, (first,)) == said


def test_links_of_answers_land_on_their_quotes(newsroom: Newsroom, demo_data_dir: Path) -> None:
    """``link`` opens ``url`` on the quoted words; a text file has neither."""
    answer = newsroom.ask(Query("Why didn't Russia send troops?", NOW))
    store = Store(demo_data_dir / "corpus.db", readonly=True)
    for citation in answer.citations:
        if citation.url is None:
            assert citation.link is None
            continue
        assert citation.link is not None
        assert citation.link.startswith(f"{citation.url}#:~:text=")
        assert finds(citation.link, store.revision_text(citation.revision) or "") == (citation.start, citation.end)
    store.close()
    assert any(citation.link for citation in answer.citations)


def test_the_terminal_says_it_in_sentences(newsroom: Newsroom) -> None:
    """One for each remark, and none where there is nothing to say."""
    answer = newsroom.ask(Query("Was hat die Regierung von Tobias Renn seit dem Gipfel getan?", NOW))
    assert remarks(answer)[:2] == [
        "My search model does not read the language of this question, so I may miss what answers it.",
        "I did not understand which time is meant: dem Gipfel.",
    ]
    recent = newsroom.ask(Query("Did the flood barrier pass its test?", NOW))
    assert remarks(recent) == []
