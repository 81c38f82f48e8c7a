"""corpus.agreement: where two outlets agree and where they differ; what cannot be told is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.agreement import Relation, compare
from corpus.claim_scores import score_claims
from corpus.difference import Reason
from corpus.errors import UnreadableError

PAIRS = Path(__file__).parent / "data" / "claims.jsonl"


@pytest.mark.parametrize("further", ["", ", three of them seriously,"])
def test_outlets_that_count_otherwise_differ_and_their_words_are_shown(further: str) -> None:
    """Also where one of them says of some what the other does not."""
    found = compare(
        "Fourteen people were hurt when two trams crashed in the morning.",
        f"Seventeen people were injured{further} when two trams crashed, the ambulance service said.",
    )
    assert (found.relation, found.on, found.one, found.other) == (
        Relation.DIFFERS, Reason.NUMBER, "Fourteen", "Seventeen",
    )  # fmt: skip


def test_a_name_in_another_s_place_differs() -> None:
    found = compare("Ilse Brandt is the new coach of Dunmere.", "Jon Pike is the new coach of Dunmere.")
    assert (found.relation, found.on, found.one, found.other) == (
        Relation.DIFFERS, Reason.NAME, "Ilse Brandt", "Jon Pike",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Eleven people were killed in the landslide.", "Forty people were missing after the landslide."),
        ("At least 14 people were hurt in the crash.", "Seventeen people were hurt in the crash."),
        ("The ferry carried 40 cars on Monday.", "The ferry carried 12 cars on Wednesday."),
        ("The strike will last nine days.", "The strike will not last nine days."),
        ("The company cut 210 jobs in Eastmarsh.", "The company cut 40 jobs in Dellwick."),
        (
            "Shares rose 6.3 percent to 48.20 crowns.",
            "The brewer raised its forecast after sales rose 14 percent to 812 million crowns in the quarter.",
        ),
        ("", "The strike will last nine days."),
    ],
)
def test_what_may_be_two_things_is_left_open(one: str, other: str) -> None:
    """Another verb, a lower bound, another day, a denial, another place, a coin alone, and nothing at all."""
    assert compare(one, other).relation is Relation.OPEN
    assert compare(other, one).relation is Relation.OPEN


def test_agreement_needs_every_figure_of_the_first() -> None:
    """The second may say more; the first may not."""
    short = "The court fined the company 4 million crowns."
    long = "The court fined the company 4 million crowns for polluting 12 miles of the river."
    assert compare(short, long).relation is Relation.AGREES
    assert compare(long, short).relation is Relation.OPEN


def test_the_written_pairs() -> None:
    """Measured: differs .97 at .89, agrees 1.0 at 1.0 on the pairs it was made with; docs/stories.md has the others."""
    figures = score_claims(PAIRS)
    assert figures["pairs"] >= 78
    assert (figures["differs_precision"] or 0) >= 0.95
    assert (figures["differs_recall"] or 0) >= 0.8
    assert (figures["agrees_precision"] or 0) >= 0.95


def test_what_only_looks_alike_is_left_open() -> None:
    """Measured .75 at .75 and less on parts of them before the rules about other matters; docs/stories.md."""
    figures = score_claims(PAIRS.with_name("claims-later.jsonl"))
    assert figures["pairs"] == 111
    assert (figures["differs_precision"] or 0) >= 0.93
    assert (figures["differs_recall"] or 0) >= 0.85
    assert (figures["agrees_precision"] or 0) >= 0.95


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"one": "A.", "other": "B.", "class": "open"}\n{"one": "A.", "other": "B.", "class": "maybe"}\n')
    with pytest.raises(UnreadableError, match=r"line 2.*maybe"):
        score_claims(file)
