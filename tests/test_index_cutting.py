"""A sentence cut where another clause's subject would be misread, and what stands before a brief sentence."""

from __future__ import annotations

import math
import time

import pytest
from one_text import quoted, ranked

from index.measures import Measure, holds

LONG = (
    "The commission, which had met for the first time after the collapse of the bridge in which eleven people died "
    "and which had heard 212 witnesses over fourteen months in three towns, among them the engineers who had warned of "
    "rust and the mayor who had not read their letters, found that the collapse was caused by a bolt of the wrong "
    "steel that a supplier had delivered without papers, and that nobody had felt responsible."
)


def test_no_list_of_another_clause_opens_a_cut_quote() -> None:
    """ "Among them the engineers ... found that": it was the commission that found it."""
    found = quoted("What did the mayor not read?", LONG, 0)
    assert found.text.startswith("The commission, which")
    assert found.text.endswith("and the mayor who had not read their letters")
    assert (found.start, found.end) == (0, LONG.index(", found that"))


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("The boat sank. Olt had seen it. Then it rained.", "The boat sank. Olt had seen it."),
        ("The boat sank. Olt had seen the wreck. Then it rained.", "Olt had seen the wreck."),
        (f"The boat sank{' and sank' * 17}. Olt had seen it. Then it rained.", "Olt had seen it."),
        ("The boat sank.\nOlt had seen it. Then it rained.", "The boat sank. Olt had seen it."),
    ],
)
def test_a_brief_sentence_with_a_pronoun_comes_with_the_one_before(text: str, context: str) -> None:
    """Where both are short, and not where it says who or what is meant."""
    assert quoted("What about the rain?", text, 2).context == context


@pytest.mark.parametrize(
    "crafted",
    ["?!" * 100_000 + "x", '?"' * 100_000 + "x", "1," * 100_000, "1.1 " * 50_000, "asked why " * 20_000 + ","],
)
def test_a_crafted_sentence_takes_no_minutes(crafted: str) -> None:
    """What once took time by the square of its length, to tell whether a sentence asks or holds a sum of money."""
    start = time.process_time()
    assert [score for score in ranked(crafted).scores if score == -math.inf] == []
    assert holds(Measure.MONEY, crafted) == (0.25 if "1" in crafted else 0.0)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("Who paid?", True),
        ("Who paid!?", True),
        ("“Who paid?!” ", True),
        ("Who paid?)", True),
        ("谁？", True),
        ("Hale asked why she had not paid.", True),
        ("The question remains who will pay.", True),
        ("Hale fragte, warum sie nicht gezahlt habe.", True),
        ("Asked why she paid, Hale said it was a gift.", False),
        ("Hale asked for money.", False),
        ("Hale fragte nach Geld.", False),
        ("She paid!", False),
        ("“Who paid?” he asked.", False),
        ("", False),
    ],
)
def test_a_sentence_that_asks_answers_nothing(sentence: str, asks: bool) -> None:
    """Its score is the next one's; by how it ends."""
    text = f"{sentence}\nNobody paid."
    run = ranked(text, [(0, len(sentence)), (len(sentence) + 1, len(text))])
    assert run.scores == ([-math.inf, 0.0] if asks else [0.0, 0.0])


def test_speech_that_opens_a_longer_quote_comes_with_what_tells_who_speaks() -> None:
    """Whatever the quote's next sentence is."""
    text = "Olt and Renn swam ashore. “We had ten minutes.” The boat sank at noon."
    assert quoted("How long did they have?", text, 1, 2).context == "Olt and Renn swam ashore."
