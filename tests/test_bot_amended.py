"""bot.amended: a reply taken apart and made anew is the reply that was given, whatever stands in it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from bot_house import make_answer, make_citation, shared_catalogue

from bot import amended, panels
from bot.commands.corrections import _entries
from bot.correcting import Correction, Finding, Held, Kind, Standing
from bot.journal_takedowns import NOTICE
from bot.markdown import units
from bot.records import Act, Answer, Dispute, Still
from bot.render import MESSAGE_LIMIT, pages
from index.records import Query

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
CATALOGUE = shared_catalogue()
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
    again = amended.pages(standing(given, language), texts, Still(), NOW)
    assert [page.text for page in again] == [page.text for page in shown]


@pytest.mark.parametrize("given", GIVEN)
def test_with_corrections_nothing_is_lost_and_every_page_fits(given: Answer) -> None:
    """Each quote struck through, its new words and note beside it; how outlets differ stays."""
    texts = CATALOGUE.texts("en")
    found = [
        correction(each.number, each.quote, words=f"New words {each.number}: {LONG}", note="Corrected on Monday.")
        for each in given.citations
    ]
    made = amended.pages(standing(given, "en", *found), texts, Still(), NOW)
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
    (page,) = amended.pages(standing(given, "en", found), texts, Still(), NOW)
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
    (page,) = amended.pages(standing(given, "en", correction(1, "The ferry was late.")), texts, Still(), NOW)
    lines = page.text.split("\n")
    assert "~~**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “5”:~~" in lines
    assert "> Fog lay on the channel." in lines
    assert "independent outlets say so" not in page.text
    (page,) = amended.pages(standing(given, "en", correction(2, "Ice lay there.")), texts, Still(), NOW)
    assert "\n**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “5”:\n" in page.text
    assert "-# 2 independent outlets say so: One, Two." in page.text


def test_a_long_quote_that_differs_fits_with_what_is_beside_it() -> None:
    given = answer(LONG, LONG, LONG, LONG, disputes=2)
    found = [correction(-number, OTHER.quote, words=LONG * 2, note=LONG) for number in (1, 2)]
    made = amended.pages(standing(given, "en", *found), CATALOGUE.texts("en"), Still(), NOW)
    assert all(sum(units(block) + 1 for block in page.blocks) <= MESSAGE_LIMIT for page in made)
    text = "\n".join(page.text for page in made)
    assert (text.count("~~**Outlets differ"), text.count("> ~~Fog lay on the channel.~~")) == (2, 2)


def taken_down(given: Answer, *corrections: Correction) -> Standing:
    """As the journal has it of an answer of which words were removed."""
    return dataclasses.replace(standing(given, "en", *corrections), reply=NOTICE, pages=())


def removed(number: int) -> Correction:
    return dataclasses.replace(correction(number, "x"), finding=Finding(Kind.REMOVED, 0, ""))


def test_after_a_takedown_what_still_stands_is_said_anew() -> None:
    """The quote, how the other outlet differs with it, and who says the same; not what was taken down."""
    given = answer("The ferry was late.", disputes=2, outlets=("One", "Two"))
    kept = Dispute("number", "4", "6", dataclasses.replace(OTHER, number=-2))
    (page,) = amended.pages(taken_down(given, removed(-1)), CATALOGUE.texts("en"), Still(given.citations, (kept,)), NOW)
    lines = page.text.split("\n")
    assert lines[:2] == [
        "**Something quoted here was removed on request.** It is not shown any more.",
        "> The ferry was late.",
    ]
    assert lines[3:5] == [
        "**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “6”:",
        "> Fog lay on the channel.",
    ]
    assert lines[-1].startswith("-# 2 independent outlets say so: One, Two.")
    assert page.text.count("Outlets differ") == 1


def test_after_a_takedown_of_the_first_quote_nothing_is_compared_with_it() -> None:
    """Nor is it said who agrees, where a quote that was counted may be gone."""
    given = answer("The ferry was late.", "Ice lay there.", disputes=1, outlets=("One", "Two"))
    dispute = Dispute("number", "4", "5", dataclasses.replace(OTHER, number=-1))
    for gone, rest in ((1, given.citations[1:]), (2, given.citations[:1])):
        (page,) = amended.pages(taken_down(given, removed(gone)), CATALOGUE.texts("en"), Still(rest, (dispute,)), NOW)
        assert ("Outlets differ" in page.text) is (gone == 2)
        assert "independent outlets" not in page.text


def test_after_a_takedown_what_changed_too_is_struck_through() -> None:
    """A quote that its article does not hold any more, and what was compared with it, keep their places."""
    given = answer("The ferry was late.", "Ice lay there.", disputes=1)
    dispute = Dispute("number", "4", "5", dataclasses.replace(OTHER, number=-1))
    found = correction(1, "The ferry was late.", words="The ferry was early.")
    (page,) = amended.pages(taken_down(given, found, removed(2)), CATALOGUE.texts("en"), Still((), (dispute,)), NOW)
    lines = page.text.split("\n")
    assert lines[2:5] == ["> ~~The ferry was late.~~", "**The article now says:**", "> The ferry was early."]
    (page,) = amended.pages(
        taken_down(given, correction(-1, OTHER.quote, words="Ice."), removed(2)),
        CATALOGUE.texts("en"),
        Still(given.citations[:1], (dispute,)),
        NOW,
    )
    lines = page.text.split("\n")
    at = lines.index("~~**Outlets differ on a number:** The Harbour Post says “4”, Ostrel Wire says “5”:~~")
    assert lines[at + 1 : at + 4] == ["> ~~Fog lay on the channel.~~", "**The article now says:**", "> Ice."]


def test_what_was_told_of_a_followed_question_is_made_anew() -> None:
    """With the line that says what was followed, as long as that is known, and its one button."""
    cited = (make_citation(1, emphasis=None), make_citation(2, quote="Ice lay there.", emphasis=None))
    message = panels.told(cited, "Does it sail?", "cd.7", NOW, CATALOGUE.texts("en"))
    assert message.quoting is not None
    made = dataclasses.replace(
        standing(answer("x"), "en", correction(2, "Ice lay there.", words="Fog lay there.")),
        reply=message.quoting.reply, act=Act.TOLD, argument="cd.7", followed="Does it sail?",
    )  # fmt: skip
    assert "Does it sail?" not in (message.quoting.reply or "")
    texts = CATALOGUE.texts("en")
    (same,) = amended.pages(dataclasses.replace(made, corrections=()), texts, Still(), NOW)
    assert (same.text, same.rows) == (message.text, message.rows)
    (page,) = amended.pages(made, texts, Still(), NOW)
    lines = page.text.split("\n")
    assert lines[1] == "**New on what you follow:** Does it sail?"
    at = lines.index("> ~~Ice lay there.~~")
    assert lines[at + 1 : at + 3] == ["**The article now says:**", "> Fog lay there."]
    assert page.rows == message.rows
    (forgotten,) = amended.pages(dataclasses.replace(made, followed=None), texts, Still(), NOW)
    assert "**New on what you followed**\n> The ferry was" in forgotten.text


def test_the_list_names_the_outlet_of_a_quote_that_differs() -> None:
    found = correction(-1, OTHER.quote, words="Ice.")
    lines = amended.entry(standing(answer("Late."), "en", found), CATALOGUE.texts("en"), 2000).split("\n")
    assert lines[1:] == ["> ~~Fog lay on the channel.~~", "**The article now says:**", "> Ice.", "The Post: Title"]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_listed_answer_says_what_was_corrected(count: int) -> None:
    """However long the quotes and their addresses are: for a reply that nobody can edit it stands nowhere else."""
    url = "https://harbour.example/" + "a" * 450
    long = dataclasses.replace(correction(1, LONG, words="Now. " + LONG[:650], note="So. " + LONG[:280]), url=url)
    texts = CATALOGUE.texts("en")
    made = _entries([standing(answer(LONG), "en", long, long)] * count, texts)
    assert sum(units(each) for each in made) <= MESSAGE_LIMIT - 600
    for each in made:
        lines = each.split("\n")
        assert lines[1].startswith("> ~~It was a very long day")
        assert lines[2:4] == [texts("amended-now"), lines[3]]
        assert lines[3].startswith("> Now. It was a very")
        assert lines[-2].endswith(f"[Title](<{url}>)")
        assert lines[-1] == texts("corrections-more")


def test_the_room_that_short_entries_leave_goes_to_the_long_ones() -> None:
    short = standing(answer("Late."), "en", correction(1, "Late.", words="Early."))
    note = "An earlier version of this article said something else. " * 4
    whole = standing(answer(LONG), "en", correction(1, LONG[:600], words=LONG[:600], note=note.strip()))
    made = _entries([whole, short, short], CATALOGUE.texts("en"))
    assert f"-# It says about the change: {note.strip()}" in made[0].split("\n")
    assert made[1].split("\n")[1:4] == ["> ~~Late.~~", "**The article now says:**", "> Early."]


def test_what_articles_write_acts_on_nothing() -> None:
    """Marks, mentions and lines in quotes, words and notes are shown as written."""
    evil = "**2** ~~@everyone~~ <@1> > [a](https://evil.example)"
    given = answer(f"Ferry {evil} late.")
    found = correction(1, f"Ferry {evil} late.", words=f"Now {evil}", note=evil)
    (page,) = amended.pages(standing(given, "en", found), CATALOGUE.texts("en"), Still(), NOW)
    assert page.text.count("~~") == 2
    assert "@everyone" not in page.text.replace(r"\@everyone", "")
    assert r"\[a\](https\://evil.example)" in page.text
