"""Who holds an office: whether that is asked, and whom a sentence names."""

from __future__ import annotations

import pytest

from index.holders import asked_for, named, names_somebody, without_verb
from index.question import analyse


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who is the mayor of Kestrel?", True),
        ("Who's the prime minister?", True),
        ("Who is Prime Minister?", True),
        ("Who is Chancellor of Germany?", True),
        ("who is deputy mayor of kestrel", True),
        ("who's vice-president of kestrel", True),
        ("Who is the PM of Kestrel?", True),
        ("Who's in charge of finance in the new government?", True),
        ("Who leads the union?", True),
        ("Who was the mayor of Kestrel?", False),
        ("Who is accused of the murder in Kestrel?", False),
        ("Who has won the election in Kestrel?", False),
        ("Who is suing the city of Kestrel?", False),
        ("Who is Ada Quill?", False),
        ("who is ada quill?", False),
        ("WHO IS ADA QUILL?", False),
        ("Who is President Quill?", False),
        ("Where is the mayor of Kestrel?", False),
    ],
)
def test_what_asks_for_a_holder(question: str, asked: bool) -> None:
    """An office, now; not somebody, nor who did something."""
    assert asked_for(analyse(question)) is asked


@pytest.mark.parametrize(
    ("text", "question", "said", "unsaid"),
    [
        ("mayor kestrel", "Who is the mayor of kestrel?", "the mayor of Kestrel", "Mayor Kestrel"),
        ("Kestrel mayor?", "Who is the mayor of Kestrel?", "Kestrel mayor Bo Thorn", "in Kestrel, Mayor Thorn"),
        ("ceo orlo", "Who is the ceo of orlo?", "Orlo's chief executive", "Orlo's chief engineer"),
        ("prime minister new alm", "Who is the prime minister of new alm?", "PM of New Alm", "PM in Alm"),
        (
            "alm finance minister",
            "Who is the finance minister of alm?",
            "the finance minister of Alm",
            "Alm's minister",
        ),
    ],
)
def test_an_office_without_a_verb(text: str, question: str, said: str, unsaid: str) -> None:
    """Only what an article calls an office is one: "mayor thorn" may name the mayor."""
    asked = without_verb(text)
    assert asked is not None
    assert (asked[0], asked[1].search(said) is None, asked[1].search(unsaid) is None) == (question, False, True)


@pytest.mark.parametrize("text", ["bread price", "mayor", "did the mayor of Kestrel resign?"])
def test_what_names_no_office_of_anything(text: str) -> None:
    """Other topics, questions, and an office alone."""
    assert without_verb(text) is None


@pytest.mark.parametrize(
    ("sentence", "name", "somebody"),
    [
        ("Bo Thorn is the mayor of Kestrel.", "Bo Thorn", True),
        ("Łukasz Śliwa is the mayor of Kestrel.", "Łukasz Śliwa", True),
        ("J. R. Thorn is the mayor of Kestrel.", "J. Thorn", True),
        ("Ursula von der Leyen is the mayor of Kestrel.", "Ursula Leyen", True),
        ("Taxes will fall, Kestrel Mayor Bo Thorn's office said.", "Bo Thorn", True),
        ("The Harbour Trust of Kestrel gave Mayor Bo Thorn a boat.", "Bo Thorn", True),
        ("Thorn is the mayor of Kestrel.", "", True),
        ("The mayor, Thorn, flew to Oslo.", "", True),
        ("Fans in Kestrel want a new mayor.", "", False),
        ("The mayor of Kestrel flew to New York on Monday.", "", False),
        ("The mayor of Kestrel spoke at the City Hall.", "", False),
        ("The mayor of Kestrel met Governor Cy Marsh.", "", False),
        ("The mayor of Kestrel thanked the Green List.", "", False),
        ("The Green List wants a new mayor of Kestrel.", "", False),
        ("The mayor of Kestrel wants higher fees. Those go up by a fifth.", "", False),
        ("The mayor of Kestrel wants higher fees. Thorn said they would go up.", "", True),
        ("Economy minister Cy Marsh of Kestrel resigned.", "", False),
        ("In Kestrel mayor Bo Thorn resigned.", "Bo Thorn", True),
        ("Cy Marsh, the former mayor of Kestrel, wrote a book.", "", False),
        ("", "", False),
    ],
)
def test_whom_a_sentence_names(sentence: str, name: str, somebody: bool) -> None:
    """First and last name, of any letters; no place, institution, former holder or holder of another office."""
    question = analyse("Who is the mayor of Kestrel?")
    assert named(question, sentence, "Harbour Trust") == name
    assert names_somebody(question, sentence, "Harbour Trust") is somebody


def test_a_short_title_is_the_office_it_stands_for() -> None:
    """A name under the title written out is its holder's; the title alone is nobody."""
    question = analyse("Who is the PM of Kestrel?")
    assert named(question, "Prime Minister Bo Thorn flew to Oslo.") == "Bo Thorn"
    assert named(question, "Mayor Bo Thorn flew to Oslo.") == ""
    assert not names_somebody(question, "The Prime Minister of Kestrel flew to Oslo.")


@pytest.mark.parametrize(
    ("sentence", "mayor", "deputy"),
    [
        ("Mayor Bo Thorn spoke in Kestrel.", "Bo Thorn", ""),
        ("Deputy Mayor Cy Marsh spoke in Kestrel.", "", "Cy Marsh"),
        ("The deputy mayor, Cy Marsh, spoke in Kestrel.", "", "Cy Marsh"),
        ("The mayor, Bo Thorn, spoke in Kestrel.", "Bo Thorn", ""),
        ("Kestrel elected Bo Thorn of the Civic Party as mayor.", "Bo Thorn", ""),
        ("Kestrel elected Cy Marsh of the Civic Party as its deputy mayor.", "", "Cy Marsh"),
        ("Cy Marsh, Kestrel's deputy mayor, spoke.", "", "Cy Marsh"),
        ("Acting Mayor Bo Thorn spoke in Kestrel.", "Bo Thorn", ""),
        ("In Kestrel Cy Marsh won the post.", "Cy Marsh", "Cy Marsh"),
    ],
)
def test_a_deputy_holds_another_office(sentence: str, mayor: str, deputy: str) -> None:
    """Neither is taken for the other."""
    assert named(analyse("who is the mayor of kestrel"), sentence) == mayor
    assert named(analyse("who is the deputy mayor of kestrel"), sentence) == deputy
