"""The newest article that answers: which may renew an old answer, and which of them does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.records import StoredPassage
from index.current import ARTICLES, newest, toll
from index.evidence import quotes
from index.question import analyse
from index.ranking import Candidate, Ranked
from index.records import Hit, Quote

PRICE = "How much does a litre of petrol cost in Tarn?"
OLD = ("2024-06-09", "A litre of petrol costs 1.62 crowns in Tarn, the office says.")


def ranked(*articles: tuple[str, str]) -> list[Ranked]:
    """Articles of one sentence, each with its day; every one scores a little less than the one before."""
    found = []
    for number, (day, text) in enumerate(articles, 1):
        span = ((0, len(text)),)
        passage = StoredPassage(number, number, number, text, 0, len(text), span, "", 0, "", "Post", day or None)
        score = 10.0 - number / 10
        found.append(Ranked(Hit(number, number, score, 0.5, 1.0), Candidate(passage, 0.5, 1.0, span, (0.5,)), (score,)))
    return found


class Reader:
    """Reads one thing in all, or another where a text has a word, and counts."""

    def __init__(self, odds: float, **others: float) -> None:
        self.odds, self.others, self.read = odds, others, 0

    def __call__(self, quote: Quote) -> float:
        self.read += 1
        return next((odds for word, odds in self.others.items() if word in quote.text), self.odds)


def renewed(question: str, *articles: tuple[str, str], reader: Reader | None = None) -> str | None:
    """The words that go before those of the first article, where some do."""
    found, asked = ranked(*articles), analyse(question)
    told = newest(asked, found, quotes(asked, found)[0], reader or Reader(1.0), -1.0)
    return told and told[0].text


def test_the_newest_that_reads_as_an_answer_goes_first() -> None:
    """Not one that reads worse than asked for, nor one much worse than the best of them, nor an older one."""
    newer = ("2026-03-01", "In Tarn drivers pay 1.99 crowns in spring.")
    now = ("2026-11-21", "Drivers in Tarn pay 2.05 crowns for a litre.")
    older = ("2024-06-08", "Petrol in Tarn cost 1.61 crowns the day before.")
    assert renewed(PRICE, OLD, newer, now, older) == now[1]
    assert renewed(PRICE, OLD, newer, now, reader=Reader(1.0, spring=1.5)) == now[1]
    assert renewed(PRICE, OLD, newer, now, reader=Reader(1.0, spring=1.51)) == newer[1]
    assert renewed(PRICE, OLD, now, reader=Reader(-1.0)) == now[1]
    assert renewed(PRICE, OLD, now, reader=Reader(-1.1)) is None
    assert renewed(PRICE, OLD, older) is None


def test_log_odds_are_those_of_the_quote() -> None:
    """Confidence is of what goes first."""
    found, asked = ranked(OLD, ("2026-11-21", "Drivers in Tarn pay 2.05 crowns for a litre.")), analyse(PRICE)
    told = newest(asked, found, quotes(asked, found)[0], Reader(0.0, Drivers=2.5), -1.0)
    assert told is not None
    assert (told[0].hit.article, told[1]) == (2, 2.5)


def test_without_dates_nothing_is_newer() -> None:
    """Neither than an article without one, nor is such an article."""
    now = "Drivers in Tarn pay 2.05 crowns for a litre."
    assert renewed(PRICE, ("", OLD[1]), ("2026-11-21", now)) is None
    assert renewed(PRICE, OLD, ("", now)) is None


@pytest.mark.parametrize(
    "asked", [PRICE, PRICE.lower()], ids=["written with a capital", "written small, as the articles do not"]
)
def test_the_names_of_the_question_have_to_be_in_the_article(asked: str) -> None:
    """A new price in another town renews nothing."""
    told = ("2025-01-01", "The price of petrol in Tarn is talked about.")
    elsewhere = ("2026-11-21", "Drivers in Kest pay 2.05 crowns for a litre.")
    assert renewed(asked, OLD, told, elsewhere) is None


@pytest.mark.parametrize(
    ("new", "renews"),
    [
        ("Drivers in Tarn pay 2.05 crowns for a litre.", True),
        ("Drivers in Tarn pay five crowns for a litre.", True),
        ("Drivers in Tarn pay more than ever for a litre.", False),
        ("Drivers in Tarn pay 2 percent more for a litre.", False),  # of another unit
        ("Drivers in Tarn bought 4,000 cars on Monday.", False),  # of another size
    ],
)
def test_an_amount_is_renewed_by_one_like_it(new: str, renews: bool) -> None:
    """A figure in the same unit, and not many times as much."""
    assert (renewed(PRICE, OLD, ("2026-11-21", new)) is not None) == renews


def test_a_year_is_no_amount() -> None:
    """However close it comes to one."""
    asked, old = "How many people live in Tarn?", ("2024-06-09", "Tarn has 1,800 inhabitants.")
    assert renewed(asked, old, ("2026-11-21", "More people came to Tarn than in 2019.")) is None
    assert renewed(asked, old, ("2026-11-21", "Tarn counted 2,319 people.")) is not None


def test_what_had_no_figure_is_renewed_without_one() -> None:
    """Where an amount is asked for as well."""
    old = ("2024-06-09", "A litre of petrol costs more in Tarn than in Kest.")
    new = ("2026-11-21", "A litre of petrol costs as much in Kest as in Tarn.")
    assert renewed("How much does petrol cost in Tarn?", old, new) == new[1]


def test_a_person_is_renewed_by_one_who_is_named() -> None:
    """The newest article on the office may name nobody."""
    old = ("2022-11-22", "Udo Lenz is the mayor of Brask.")
    trip = ("2026-11-23", "The mayor of Brask will travel to Oslo.")
    voss = ("2026-11-22", "Karin Voss took over as mayor of Brask on Sunday.")
    assert renewed("Who is the mayor of Brask?", old, trip) is None
    assert renewed("Who is the mayor of Brask?", old, trip, voss) == voss[1]


def test_somebody_told_of_lately_is_renewed_by_what_reads_as_well() -> None:
    """A winger who is named a week later is no new coach; after a month a successor may be told of in other words."""
    asked = "Who is the coach of Brask?"
    coach = ("2026-11-09", "Udo Lenz is the coach of Brask.")
    winger, later = (("2026-11-16", "Winger Ida Moe of Brask scored."), ("2026-12-10", "Ida Moe of Brask took over."))
    assert renewed(asked, coach, winger, reader=Reader(2.0, Winger=0.2)) is None
    assert renewed(asked, coach, winger, reader=Reader(2.0, Winger=1.5)) == winger[1]
    assert renewed(asked, coach, later, reader=Reader(2.0, took=0.2)) == later[1]


def test_no_more_than_the_best_few_are_read() -> None:
    """Each takes a seventieth of a second."""
    reader = Reader(-5.0)
    later = [(f"2026-11-{day:02}", f"Drivers in Tarn pay 2.{day:02} crowns.") for day in range(1, 9)]
    assert renewed(PRICE, OLD, *later, reader=reader) is None
    assert reader.read == ARTICLES


def test_a_number_of_any_length_is_read() -> None:
    """Articles are untrusted: what is longer than a number can be is none."""
    for digits in (30, 310, 5000):
        assert renewed(PRICE, OLD, ("2026-11-21", f"Drivers in Tarn pay {'9' * digits} crowns.")) is None


def test_a_toll_is_what_was_counted_last() -> None:
    """Of those whom the question means, no fewer than before, however many more; of the dead, not of the witnesses."""
    asked = "how many people died in the tarn fire"
    old = ("2026-10-05", "At least 2 people died when a fire destroyed a mill in Tarn.")
    risen = ("2026-10-07", "The toll of the fire in Tarn has risen to 41.")
    later = ("2026-11-02", "An inquiry into the fire in Tarn will hear 41 witnesses.")
    fewer = ("2026-11-02", "One of the dead of the fire in Tarn was buried.")
    assert renewed(asked, old, risen, later, fewer) == risen[1]
    assert renewed(asked, old, later, fewer) is None
    morning, noon = ("2026-10-07T08:00:00Z", old[1]), ("2026-10-07T11:00:00Z", risen[1])
    assert renewed(asked, morning, noon) is None  # on one day outlets differ
    assert renewed("how many people were hurt in the tarn fire", old, risen) is None


def test_who_is_missing_may_be_found() -> None:
    """So their count may fall."""
    old = ("2026-10-05", "Nine people were missing after a fire destroyed a mill in Tarn.")
    found = ("2026-10-07", "Two are still missing after the fire in Tarn.")
    assert renewed("how many people are missing after the tarn fire", old, found) == found[1]


def test_a_toll_is_renewed_by_the_same_events_alone() -> None:
    """Another fire has its own."""
    asked = analyse("how many people died in the tarn fire")
    old = ("2026-10-05", "At least 2 people died when a fire destroyed a mill in Tarn.")
    first, other = ranked(old, ("2026-11-07", "A second fire in Tarn left 4 people dead."))
    passage = replace(other.candidate.passage, storyline=2)
    found = [first, replace(other, candidate=replace(other.candidate, passage=passage))]
    assert newest(asked, found, quotes(asked, found)[0], Reader(1.0), -1.0) is None


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("How many people were killed?", "dead"),
        ("tarn fire death toll", "lives"),
        ("how many are still missing", "unaccounted"),
        ("wie viele menschen wurden verletzt", "Verletzte"),
        ("Who died in the fire?", None),
        ("How many people live in Tarn?", None),
    ],
)
def test_what_asks_for_a_toll(question: str, counts: str | None) -> None:
    """A count of those whom an event befell."""
    words = toll(question)
    assert (words is not None) == (counts is not None)
    assert words is None or counts is None or words.fullmatch(counts)
