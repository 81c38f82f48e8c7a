"""index.succession: who held an office before somebody or after, as asked, and as sentences and articles tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from small_newsroom import newsroom_over

from bot.answer import Newsroom
from index.embedder import Embedder
from index.records import Query
from index.succession import asked, tells

ARTICLES = (
    (
        "2022-05-10",
        "Ferrant elected",
        "Dana Ferrant was elected mayor of Kestrel. Mayor Ferrant wants a tram for Kestrel.",
    ),
    ("2024-09-17", "Sollas takes over", "Ivo Sollas took over from Dana Ferrant as mayor of Kestrel on Tuesday."),
    ("2025-04-02", "Tram opens", "Kestrel mayor Ivo Sollas opened the tram line. Mayor Sollas spoke of a long wait."),
    ("2026-07-01", "Merle succeeds Sollas", "Nora Merle succeeds Ivo Sollas at the town hall in Kestrel."),
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Newsroom]:
    """The real model over three mayors."""
    folder = tmp_path_factory.mktemp("succession")
    with newsroom_over(ARTICLES, folder, embedder, threshold=0.0) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("who became mayor after Ferrant?", "2024-09-17"),
        ("who succeeded Sollas as mayor?", "2026-07-01"),
    ],
)
def test_what_names_predecessor_or_successor_goes_first(newsroom: Newsroom, question: str, day: str) -> None:
    """Not what names only the person asked about, or is of another change."""
    first = newsroom.ask(Query(question, datetime(2026, 11, 26, tzinfo=UTC))).citations[0]
    assert (first.published or "")[:10] == day


@pytest.mark.parametrize(
    ("question", "sentence", "name"),
    [
        ("Who was mayor before Sollas?", "Ivo Sollas took over from Dana Ferrant.", "Dana Ferrant"),
        ("Who was mayor before Sollas?", "Nora Merle succeeds Ivo Sollas.", ""),
        ("Who was mayor before Sollas?", "Ferrant was replaced as mayor by Ivo Sollas.", "Ferrant"),
        ("Who was mayor before Sollas?", "Dana Ferrant was replaced by Ivo Sollas.", "Dana Ferrant"),
        ("Who was mayor before Sollas?", "Sollas thanked his predecessor, Dana Ferrant.", "Dana Ferrant"),
        ("Who was mayor after Sollas?", "Nora Merle succeeds Ivo Sollas.", "Nora Merle"),
        ("Who was mayor after Sollas?", "Sollas gave the chain to his successor, Nora Merle.", "Nora Merle"),
        ("Who preceded Ivo Sollas?", "Ivo Sollas took over from Dana Ferrant.", "Dana Ferrant"),
        ("Who replaced Sollas?", "Sollas opened the tram.", ""),
    ],
)
def test_whom_a_sentence_names(question: str, sentence: str, name: str) -> None:
    """By the side of the verb that each stands on."""
    wanted = asked(question)
    assert wanted is not None
    assert tells(wanted, sentence) == name


@pytest.mark.parametrize(
    "question", ["Who is mayor?", "What happened after Sollas resigned?", "Who left before Monday?"]
)
def test_what_asks_for_no_succession(question: str) -> None:
    """Offices alone, events and times."""
    assert asked(question) is None
