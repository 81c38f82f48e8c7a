"""bot.referents: names in questions and quotes, and whom a pronoun stands for."""

from __future__ import annotations

import pytest

from bot.referents import names, person, persons


def test_names_are_runs_of_capitals() -> None:
    """Titles and words that only open a sentence are left out."""
    assert names(["Prime Minister Tobias Renn met Lars Idman. They left Brennic’s station."]) == [
        "Tobias Renn",
        "Lars Idman",
        "Brennic",
    ]
    assert names(["The river rose.", "Who is the president of the Storhall?"]) == ["Storhall"]
    assert names(["nothing here", ""]) == []
    assert names(["Bürgermeisterin Hanna Voss traf Governor Lena Stroud."]) == ["Hanna Voss", "Lena Stroud"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Blue Line and the Bank of Orlan met Maren Holt, its lawyer.", ["Maren Holt"]),
        ("The operator, Vexa Nord, sold it in New Alm to Jon van Peral.", ["Jon van Peral"]),
        ("The Mount Averre Observatory confirmed the find.", []),
        ("Hale resigned.", []),
        (
            "June Weller beat Oliver North in North Harbour, said Doris Day.",
            ["June Weller", "Oliver North", "Doris Day"],
        ),
    ],
)
def test_persons_are_names_that_nothing_says_are_others(text: str, found: list[str]) -> None:
    """No companies, bodies and places; a single word may be one."""
    assert persons([text]) == found


RESIGNED = ("Tomas Hale resigned on Friday. Parliament chose Petra Lunt to succeed him.",)
BOTH = ("Ilse Marrant lost to Tobias Renn.",)
RATE = ("The Bank of Orlan raised its rate.", "Governor Lena Stroud spoke for Blue Line.")


@pytest.mark.parametrize(
    ("question", "before", "referent", "topic", "quotes", "meant"),
    [
        # Who answers the question is meant, then; he is not she.
        ("how old is she?", "who succeeded him?", "Tomas Hale", "Tomas Hale", RESIGNED, "Petra Lunt"),
        ("how old is she?", "where does he live?", "Tomas Hale", "Tomas Hale", RESIGNED, "Petra Lunt"),
        ("and his brother?", "where does he live?", "Tomas Hale", "Tomas Hale", RESIGNED, "Tomas Hale"),
        ("did he say why?", "Why did Hale resign?", "", "Why did Hale resign?", RESIGNED, "Tomas Hale"),
        ("how old is he?", "Who is Hale?", "", "Who is Hale?", RESIGNED, "Tomas Hale"),
        ("how old is he?", "Who took over from Hale?", "", "Who took over from Hale?", RESIGNED, "Petra Lunt"),
        ("how old is he?", "Who leads Orlan?", "", "Who leads Orlan?", ("Renn, 47, leads it.", *BOTH), "Tobias Renn"),
        # No company, and the only person there is.
        ("when did she say that?", "How high is the rate?", "", "How high is the rate?", RATE, "Lena Stroud"),
        ("what did she say?", "What did Blue Line do?", "", "What did Blue Line do?", RATE, "Lena Stroud"),
        # Two, and nothing says which.
        ("what did she say?", "What happened in Orlan?", "", "What happened in Orlan?", RESIGNED, ""),
        ("what does it cost?", "Who is Hale?", "", "Who is Hale?", RESIGNED, ""),
        # "sie" may be things and many.
        ("Was kostet sie?", "Wie hoch ist die Rate?", "", "Wie hoch ist die Rate?", RATE, ""),
        ("Wie alt ist sie?", "Wer folgte ihm?", "Tomas Hale", "Tomas Hale", RESIGNED, "Petra Lunt"),
    ],
)
def test_whom_a_pronoun_stands_for(
    question: str, before: str, referent: str, topic: str, quotes: tuple[str, ...], meant: str
) -> None:
    """The one who answered, or was asked about, or is the only one; nobody where it would be a guess."""
    assert person(question, before, referent, topic, quotes) == meant
