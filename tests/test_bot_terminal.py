"""bot.terminal: what a terminal shows is plain, and a bar goes on where its stage does."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bot_house import QUOTE, make_answer, make_citation
from rich.console import Console

from bot.progress_bars import progress_bars
from bot.records import Answer, Match
from bot.terminal import plain, show_answer
from index.records import Query

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_text_cannot_steer_the_terminal() -> None:
    """Escape codes, turned lines and lone halves of characters become spaces; line ends stay."""
    assert plain("a\x1b[31mb\u202ec\ud800d\ne") == "a [31mb c d\ne"


def test_a_quote_cut_from_a_sentence_says_so() -> None:
    """At the end that is cut, outside of the bold words."""
    quote = make_citation(emphasis=None, cut=(True, False))
    written = io.StringIO()
    show_answer(make_answer(Query("q", NOW), quote), Console(file=written, width=200))
    assert f"“[…] {QUOTE}”" in written.getvalue()


def test_a_stage_that_begins_again_goes_on_in_its_bar() -> None:
    """One bar for all the sources that are read, counting all their articles."""
    shown = io.StringIO()
    with progress_bars(Console(file=shown, width=80)) as progress:
        for total in (10, 3):
            for done in range(total + 1):
                progress("read", done, total)
        progress("embed", 0, 0)
    lines = [line.split() for line in shown.getvalue().splitlines()]
    assert [(line[0], line[-2]) for line in lines] == [("read", "13/13"), ("embed", "0/0")]


def test_no_articles_of_the_time_asked_for_are_not_no_articles(capsys: pytest.CaptureFixture[str]) -> None:
    """To add sources helps where there are none."""
    query = Query("Who spoke today?", datetime(2026, 11, 25, tzinfo=UTC))
    nothing = Answer(query, False, 0.0, Match.NONE, (), None, 0, None, 1.0)
    show_answer(replace(nothing, narrowed=True))
    assert capsys.readouterr().out.split() == (
        "Not in my sources. I have no articles of the time and the sources that were asked for.".split()
    )
    show_answer(nothing)
    assert "add sources" in " ".join(capsys.readouterr().out.split())
