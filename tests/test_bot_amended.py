"""bot.amended: a reply taken apart and made anew is the reply that was given, whatever stands in it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from bot_house import make_answer, make_citation

from bot import amended
from bot.correcting import Correction, Finding, Held, Kind
from bot.journal_corrections import Standing
from bot.records import Answer, Dispute
from bot.render import MESSAGE_LIMIT, pages, units
from bot.texts import load_catalogue
from index.records import Query

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
CATALOGUE = load_catalogue()
LONG = "It was a very long day in the port of Skarrow and nobody there knew what to do with so much ice. " * 9
OTHER = make_citation(9, quote="Fog lay on the channel.", source="Ostrel Wire", emphasis=None)


def answer(*quotes: str, disputes: int = 0, **known: object) -> Answer:
    cited = [make_citation(number, quote=quote.strip(), emphasis=None) for number, quote in enumerate(quotes, 1)]
    made = make_answer(Query("Why?", NOW), *cited)
    differing = tuple(Dispute("number", "4", "5", OTHER) for _ in range(disputes))
    return dataclasses.replace(made, disputes=differing, **known)  # type: ignore[arg-type]


def standing(given: Answer, language: str, *corrections: Correction) -> Standing:
    """As the journal has it of an answer that was shown."""
    shown = pages(given, "Why?", CATALOGUE.texts(language), "Why was it?", ("It stays.",))
    return Standing(
        exchange=1,
        question="Why?",
        asked=NOW,
        reply="\n".join(page.text for page in shown),
        pages=tuple(page.blocks for page in shown) if len(shown) > 1 else (),
        ticket="ab" * 8,
        further=False,
        locale=language,
        guild=1,
        channel=2,
        message=3,
        private=False,
        member=None,
        corrections=corrections,
        wanted="",
        done="",
        told="",
        state="",
        tries=0,
        changed=NOW,
    )


def correction(number: int, quote: str, **finding: str) -> Correction:
    found = Finding(Kind.ALTERED, 20, "number", **finding)
    return Correction(number, quote.strip(), found, "Title", "The Post", None, NOW, NOW, Held.FREE)


GIVEN = [
    answer("The ferry was late."),
    answer("The ferry was late.", "Ice lay there.", as_of=NOW, calibrated=False, checked=NOW),
    answer("The ferry was late.", disputes=2, outlets=("One", "Two"), demonstration=True),
    answer(LONG, LONG, LONG, LONG, LONG),
    answer(LONG, LONG, LONG, LONG, LONG, disputes=1),
    answer(LONG, LONG, LONG, LONG, disputes=2, demonstration=True),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("given", GIVEN)
def test_without_a_correction_it_reads_as_it_was_given(given: Answer, language: str) -> None:
    texts = CATALOGUE.texts(language)
    shown = pages(given, "Why?", texts, "Why was it?", ("It stays.",))
    again = amended.pages(standing(given, language), texts, (), NOW)
    assert [page.text for page in again] == [page.text for page in shown]


@pytest.mark.parametrize("given", GIVEN)
def test_with_corrections_nothing_is_lost_and_every_page_fits(given: Answer) -> None:
    """Each quote struck through, its new words and note beside it; how outlets differ stays."""
    texts = CATALOGUE.texts("en")
    found = [
        correction(each.number, each.quote, words=f"New words {each.number}: {LONG}", note="Corrected on Monday.")
        for each in given.citations
    ]
    made = amended.pages(standing(given, "en", *found), texts, (), NOW)
    text = "\n".join(page.text for page in made)
    assert all(sum(units(block) for block in page.blocks) <= MESSAGE_LIMIT for page in made)
    for each in given.citations:
        assert f"> New words {each.number}: " in text
    assert text.count("> ~~") == text.count("Its correction note: Corrected on Monday.") == len(given.citations)
    assert text.count("**Outlets differ on a number:**") == len(given.disputes)
    assert all(page.blocks[0].startswith("**Corrected on <t:1769947200:D>.**") for page in made)


def test_what_articles_write_acts_on_nothing() -> None:
    """Marks, mentions and lines in quotes, words and notes are shown as written."""
    evil = "**2** ~~@everyone~~ <@1> > [a](https://evil.example)"
    given = answer(f"Ferry {evil} late.")
    found = correction(1, f"Ferry {evil} late.", words=f"Now {evil}", note=evil)
    (page,) = amended.pages(standing(given, "en", found), CATALOGUE.texts("en"), (), NOW)
    assert page.text.count("~~") == 2
    assert "@everyone" not in page.text.replace(r"\@everyone", "")
    assert r"\[a\](https\://evil.example)" in page.text
