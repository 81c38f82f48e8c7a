"""bot.amended: a reply taken apart and made anew is the reply that was given, whatever stands in it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from bot_house import make_answer, make_citation

from bot import amended
from bot.correcting import Correction, Finding, Held, Kind, Standing
from bot.journal_takedowns import NOTICE
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
    differing = tuple(Dispute("number", "4", str(number), OTHER) for number in range(5, 5 + disputes))
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
        outlets=given.outlets,
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
    assert text.count("> ~~") == text.count("It says about the change: Corrected on Monday.") == len(given.citations)
    assert text.count("**Outlets differ on a number:**") == len(given.disputes)
    assert all(page.blocks[0].startswith("**Corrected on <t:1769947200:D>.**") for page in made)


def test_a_quote_that_differs_is_struck_through_where_it_stands() -> None:
    """Its figure above it as well, with the new words and the note below; all else is as it was."""
    given = answer("The ferry was late.", disputes=2, outlets=("One", "Two"))
    found = correction(-2, OTHER.quote, words="Ice lay on the channel.", note="It was ice.")
    texts = CATALOGUE.texts("en")
    before = pages(given, "Why?", texts, "Why was it?", ("It stays.",))[0].text.split("\n")
    (page,) = amended.pages(standing(given, "en", found), texts, (), NOW)
    lines = page.text.split("\n")
    assert lines[0] == (
        "**Corrected on <t:1769947200:D>.** What another outlet says otherwise has changed since: see where outlets"
        " differ."
    )
    at = lines.index("~~**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “6”:~~")
    assert lines[at + 1 : at + 5] == [
        "> ~~Fog lay on the channel.~~",
        "**The article now says:**",
        "> Ice lay on the channel.",
        "-# It says about the change: It was ice.",
    ]
    assert lines[at + 5].startswith("Ostrel Wire: [Ferry stays in port]")
    assert [*lines[1:at], *lines[at + 5 :]] == [*before[: at - 1], *before[at + 1 :]]
    assert "**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “5”:" in lines


def test_what_was_compared_with_a_quote_that_changed_is_not_claimed_any_more() -> None:
    """Neither that others say so, nor that they differ; what the others said still stands as their words."""
    given = answer("The ferry was late.", "Ice lay there.", disputes=1, outlets=("One", "Two"))
    texts = CATALOGUE.texts("en")
    (page,) = amended.pages(standing(given, "en", correction(1, "The ferry was late.")), texts, (), NOW)
    lines = page.text.split("\n")
    assert "~~**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “5”:~~" in lines
    assert "> Fog lay on the channel." in lines
    assert "independent outlets say so" not in page.text
    (page,) = amended.pages(standing(given, "en", correction(2, "Ice lay there.")), texts, (), NOW)
    assert "\n**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “5”:\n" in page.text
    assert "-# 2 independent outlets say so: One, Two." in page.text


def test_a_long_quote_that_differs_fits_with_what_is_beside_it() -> None:
    given = answer(LONG, LONG, LONG, LONG, disputes=2)
    found = [correction(-number, OTHER.quote, words=LONG * 2, note=LONG) for number in (1, 2)]
    made = amended.pages(standing(given, "en", *found), CATALOGUE.texts("en"), (), NOW)
    assert all(sum(units(block) + 1 for block in page.blocks) <= MESSAGE_LIMIT for page in made)
    text = "\n".join(page.text for page in made)
    assert (text.count("~~**Outlets differ"), text.count("> ~~Fog lay on the channel.~~")) == (2, 2)


def test_after_a_takedown_how_outlets_differed_is_not_said_anew() -> None:
    """The quote that still may be shown stays, under the notice; a change of another outlet's words is no matter."""
    given = answer("The ferry was late.", disputes=2)
    removed = dataclasses.replace(correction(-1, "x"), finding=Finding(Kind.REMOVED, 0, ""))
    gone = dataclasses.replace(
        standing(given, "en", removed, correction(-2, OTHER.quote, words="Ice.")), reply=NOTICE, pages=()
    )
    (page,) = amended.pages(gone, CATALOGUE.texts("en"), given.citations, NOW)
    assert page.text.split("\n")[:2] == [
        "**Something quoted here was removed on request.** It is not shown any more.",
        "> The ferry was late.",
    ]
    assert "Fog" not in page.text
    assert "differ" not in page.text


def test_the_list_names_the_outlet_of_a_quote_that_differs() -> None:
    found = correction(-1, OTHER.quote, words="Ice.")
    lines = amended.entry(standing(answer("Late."), "en", found), CATALOGUE.texts("en"), 2000).split("\n")
    assert lines[1:] == ["> ~~Fog lay on the channel.~~", "**The article now says:**", "> Ice.", "The Post: Title"]


def test_what_articles_write_acts_on_nothing() -> None:
    """Marks, mentions and lines in quotes, words and notes are shown as written."""
    evil = "**2** ~~@everyone~~ <@1> > [a](https://evil.example)"
    given = answer(f"Ferry {evil} late.")
    found = correction(1, f"Ferry {evil} late.", words=f"Now {evil}", note=evil)
    (page,) = amended.pages(standing(given, "en", found), CATALOGUE.texts("en"), (), NOW)
    assert page.text.count("~~") == 2
    assert "@everyone" not in page.text.replace(r"\@everyone", "")
    assert r"\[a\](https\://evil.example)" in page.text
