"""What a part of a sentence is there for, and which one is set in bold by that."""

from __future__ import annotations

import pytest
from one_text import quoted

from index import clauses


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("OLT MARREN (Delta Wire) – Two boats sank.", "OLT MARREN (Delta Wire) – "),
        ("OLT, Nov 19 (Delta Wire) - Two boats sank.", "OLT, Nov 19 (Delta Wire) - "),
        ("Olt (dpa) -- Zwei Boote sanken.", "Olt (dpa) -- "),
        ("ÅLEN, 3. Mai – Zwei Boote sanken.", "ÅLEN, 3. Mai – "),
        ("The World Harbour Office (WHO) – a small one – counts boats.", ""),
        ("Olt – a town of fishers – lost two boats.", ""),
        ("Two boats sank.", ""),
    ],
)
def test_a_dateline_is_told_from_the_sentence(sentence: str, written: str) -> None:
    """By its capitals or its agency, and the dash behind them."""
    assert sentence[: clauses.dateline(sentence)] == written


@pytest.mark.parametrize(
    ("clause", "only"),
    [
        ("the harbour office said on Tuesday.", True),
        ("a lawyer told the court in Olt.", True),
        ("said its director", True),
        ("said Runa Holm", True),
        ("said it might move to Olt.", False),
        ("The office reported catches of 4 million on Tuesday", False),
        ("Holm said this week that the boats would stay", False),
        ("after the office announced a ban", False),
    ],
)
def test_a_clause_that_only_says_who_told_the_rest(clause: str, only: bool) -> None:
    """It has a verb of telling and nothing that was told."""
    assert clauses.tells(clause) is only


@pytest.mark.parametrize(
    ("question", "sentence", "bold"),
    [
        # Who told it, and when, is no answer, unless it is asked for.
        (
            "when do night flights end",
            "From 1 April, no planes may land between eleven and five, the transport ministry said on Tuesday.",
            "From 1 April",
        ),
        (
            "when did the ministry say so",
            "No planes may land between eleven at night and five from 1 April, the transport ministry said on Tuesday.",
            "the transport ministry said on Tuesday.",
        ),
        # The dateline is no part of what is told.
        (
            "who voted for the cut",
            "OLT MARREN (Delta Wire) – The harbour bank cut its rate on Thursday, the first cut in two long years.",
            "The harbour bank cut its rate on Thursday",
        ),
        # The whole is not the part that is asked for.
        (
            "how many ferry lines will close",
            "Of the three ferry lines of the sound, two will close once the tunnel opens.",
            "two will close once the tunnel opens.",
        ),
        # What is asked stands in the words of the question.
        (
            "did nordfreight move to olt",
            "Cargo airline Nordfreight, which employs 520 people at the airport, said it might move to Olt.",
            "said it might move to Olt.",
        ),
        (
            "was edmund hale acquitted",
            "Edmund Hale, a pilot from the northern coast, was acquitted of fraud on Tuesday.",
            "was acquitted of fraud on Tuesday.",
        ),
        (
            "was the mine closed",
            "The mine of Olt, where 400 people had worked for years without a strike, was closed by its owner in May.",
            "was closed by its owner in May.",
        ),
        (
            "did the bank cut its rate",
            "Growth in the south slowed for eleven months while investors left the exchange, so the bank cut its rate.",
            "so the bank cut its rate.",
        ),
        # Who somebody is stands beside the name.
        (
            "who is wilma strand",
            "In 2011 the engineer Wilma Strand was waiting for a ferry, and Georg Pell drew a line to the market.",
            "In 2011 the engineer Wilma Strand was waiting for a ferry",
        ),
        (
            "who is zoe angstrom",
            "Georg Pell of the harbour office hired Ana Ruiz, and the chef Zoë Ångström will cook in the café.",
            "and the chef Zoë Ångström will cook in the café.",
        ),
        (
            "Who is Wilma Strand?",
            "Georg Pell of the harbour office thanked Wilma Strand, who leads the union, and Ana Ruiz of the police.",
            "Georg Pell of the harbour office thanked Wilma Strand, who leads the union",
        ),
        # One word that opens a sentence is no clause.
        (
            "who is against opening the dams",
            "Upstream, three dams were built in a few years, which hold back most of the water of the river.",
            "Upstream, three dams were built in a few years",
        ),
        # A word that is no name asks for one.
        (
            "who is injured",
            "The captain of the ship is injured and in hospital, the Dane Joao Pires of Olt.",
            "the Dane Joao Pires of Olt.",
        ),
    ],
)
def test_which_clause_of_a_sentence_is_bold(question: str, sentence: str, bold: str) -> None:
    """The one that answers, by what each is there for."""
    found = quoted(question, sentence, 0)
    assert found.emphasis is not None
    assert sentence[slice(*found.emphasis)] == bold


def test_of_two_sentences_the_one_with_the_name_is_bold() -> None:
    """Who somebody is, is not told by the sentence on somebody else."""
    text = "“I cannot act on it,” Georg Pell said. The inquiry, led by retired judge Ruth Okafor, will hear 41 people."
    found = quoted("who is ruth okafor", text, 0, 1)
    assert found.text == text
    assert found.emphasis is not None
    assert text[slice(*found.emphasis)].startswith("The inquiry")


def test_of_two_sentences_the_dateline_is_not_bold() -> None:
    """As in a sentence by itself."""
    text = "OLT (Delta Wire) – Two boats sank in the sound on Monday. The crews were saved by a ferry."
    found = quoted("what happened to the boats", text, 0, 1)
    assert found.emphasis is not None
    assert text[slice(*found.emphasis)] == "Two boats sank in the sound on Monday."


@pytest.mark.parametrize(
    ("parts", "first"),
    [
        (("Edmund Hale, 47", "was acquitted of all charges"), 1),
        (("Edmund Hale", "a pilot from the coast", "was acquitted"), 2),
        (("The long trial in Olt ended", "a judge said"), 0),
        (("Hale was acquitted on Tuesday", "and Pell was not"), 0),
    ],
)
def test_what_only_describes_comes_before_what_tells(parts: tuple[str, ...], first: int) -> None:
    """An age, or a clause that says who is meant."""
    assert clauses.telling(parts) == first
