"""bot.evaluation: the measures against values worked out by hand, and the run that asks as members do."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, an_article, put

from bot.answer import Investigation, Newsroom
from bot.evaluation import (
    Asked,
    Outcome,
    Split,
    ask_all,
    auroc,
    calibration_error,
    folded,
    holds,
    is_held,
    load_questions,
    measures,
)
from bot.records import Answer, Match
from bot.settings import load_settings
from corpus.errors import CorpusError
from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.records import Query


def outcome(
    gold: str,
    ranks: str,
    confidence: float,
    *,
    answered: bool,
    answers: str = "",
    quotes: str = "",
    ms: float = 10,
    quoted: str = "",
) -> Outcome:
    """Gold ids and ranks are single letters; answers and quotes are separated by bars; quoted is the first article."""
    asked = Asked("id", "?", "", frozenset(gold), tuple(each for each in answers.split("|") if each))
    said = tuple(each for each in quotes.split("|") if each)
    return Outcome(asked, tuple(ranks), said, confidence, answered, ms, quoted or ranks[:1])


MIXED = [
    outcome("a", "ab", 0.9, answered=True, answers="Nine days", quotes="It took nine-days.", ms=10),
    outcome("bc", "xbyzc", 0.35, answered=False, answers="Friday", quotes="On Thursday.|No.|Friday it was.", ms=20),
    outcome("d", "efghijklmnd", 0.35, answered=True, ms=30),
    outcome("", "ab", 0.35, answered=True, ms=40),
    outcome("", "ab", 0.05, answered=False, ms=50),
]


def test_the_measures_of_a_mixed_set() -> None:
    """Every figure against its value worked out by hand."""
    gain = 1 / math.log2(3) + 1 / math.log2(6)
    ideal = 1 + 1 / math.log2(3)
    assert measures(MIXED) == pytest.approx(
        {
            "questions": 5,
            "answerable": 3,
            "hits@1": 1 / 3,
            "hits@4": 2 / 3,
            "hits@10": 2 / 3,  # the third's gold stands at 11
            "mrr@10": (1 + 1 / 2 + 0) / 3,
            "ndcg@10": (1 + gain / ideal + 0) / 3,
            "quote_hit@1": 1 / 2,
            "quote_hit@3": 1,
            "quote_words": (3 + 2 + 1 + 3) / 4,
            "auroc": (2 + 1.5 + 1.5) / 6,
            "false_refusal": 1 / 3,
            "false_answer": 1 / 2,
            "false_answer@10": 1 / 2,
            "auroc_quote": 1,
            "ece": (abs(0.9 - 1) + 3 * 0.35 + 0.05) / 5,
            "ms_p50": 30,
            "ms_p99": 49.6,
        }
    )


def test_what_is_undefined_is_none() -> None:
    """Without unanswerable questions nothing is said of refusing; without answers, nothing of quotes."""
    figures = measures([outcome("a", "a", 0.9, answered=True)])
    undefined = {name for name, value in figures.items() if value is None}
    assert undefined == {
        "quote_hit@1", "quote_hit@3", "quote_words", "auroc", "false_refusal", "false_answer", "false_answer@10",
        "auroc_quote", "ece",
    }  # fmt: skip
    assert measures([])["ms_p50"] is None
    assert measures([outcome("", "a", 0.9, answered=True)])["hits@1"] is None


def test_ndcg_of_more_gold_than_ranks_reaches_one() -> None:
    """The ideal is ten of the gold in ten places."""
    gold = "abcdefghijklmno"
    assert measures([outcome(gold, gold, 1, answered=True)])["ndcg@10"] == pytest.approx(1.0)


def test_false_answer_at_ten_refuses_one_answerable_in_ten() -> None:
    """Of ten answerable the least sure is refused; the unanswerable at the threshold and above still answer."""
    sure = [outcome("a", "a", (number + 1) / 10, answered=True) for number in range(10)]
    unfounded = [outcome("", "a", confidence, answered=False) for confidence in (0.1, 0.19, 0.2, 0.5)]
    assert measures([*sure, *unfounded])["false_answer@10"] == 0.5
    assert measures([*sure[:9], *unfounded])["false_answer@10"] == 1.0  # one in ten of nine is none


@pytest.mark.parametrize(
    ("positive", "negative", "value"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5, 0.5], [0.5, 0.5], 0.5),
        ([0.5, 0.7], [0.5, 0.6], (0.5 + 0 + 1 + 1) / 4),
        ([], [0.5], None),
        ([0.5], [], None),
    ],
)
def test_auroc_counts_ties_half(positive: list[float], negative: list[float], value: float | None) -> None:
    """The share of pairs in the right order, by hand."""
    assert auroc(positive, negative) == value


def test_the_calibration_error_weighs_bins_by_their_size() -> None:
    """Ten bins of equal width; 1.0 belongs to the last one."""
    assert calibration_error([]) is None
    assert calibration_error([(1.0, True), (0.95, True)]) == pytest.approx(0.025)
    assert calibration_error([(0.72, True), (0.78, False), (0.1, False), (0.1, False)]) == pytest.approx(
        0.5 * abs(0.75 - 0.5) + 0.5 * 0.1
    )


def test_no_answer_to_the_unanswerable_is_true() -> None:
    """Strings that only look like the answer, as some sets give them, count for nothing."""
    mixed = [
        outcome("a", "a", 1.0, answered=True, answers="Friday", quotes="On Friday."),
        outcome("", "a", 0.8, answered=True, answers="Friday", quotes="On Friday."),
    ]
    assert measures(mixed)["ece"] == pytest.approx(0.4)
    assert measures(mixed)["quote_hit@1"] == 1.0


def test_answers_are_compared_by_their_words() -> None:
    """Case folded, runs of other characters as one space, whole words only."""
    assert folded("  “Nine—DAYS”, they said. ") == "nine days they said"
    assert folded("Straße") == "strasse"
    one = outcome("a", "a", 1, answered=True, answers="nine days|!?", quotes="Within ninety-nine\u00a0days!|None.")
    assert holds(one, 1)
    assert not holds(outcome("a", "a", 1, answered=True, answers="nine day", quotes="Nine days."), 1)
    assert not holds(outcome("a", "a", 1, answered=True, answers="!?", quotes="What?! Really."), 3)
    assert not holds(outcome("a", "a", 1, answered=True, answers="b", quotes="a|a|a|b"), 3)


def test_a_question_is_held_by_the_first_digit_of_its_sha1() -> None:
    """SHA-1 of "1" begins with 3, of "4" with 1, of "9" with 0; the others' first digits are above 3."""
    assert [number for number in range(10) if is_held(str(number))] == [1, 4, 9]


def written(folder: Path, *lines: str) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_questions_are_loaded_by_split(tmp_path: Path) -> None:
    """Fields as written, blank lines passed over, a line separator within a question no end of it."""
    first = {"id": "1", "question": "Who\u2028sailed?", "asked": "2026-11-20", "gold": ["a", 7], "answers": ["Anna"]}
    path = written(
        tmp_path, json.dumps(first, ensure_ascii=False), "", '{"id": 2, "question": "Why?", "asked": null, "gold": []}'
    )
    one = Asked("1", "Who\u2028sailed?", "2026-11-20", frozenset({"a", "7"}), ("Anna",))
    two = Asked("2", "Why?", "", frozenset(), ())
    assert load_questions(path) == [one, two]
    assert load_questions(path, Split.HELD) == [one]
    assert load_questions(path, Split.TUNE) == [two]


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "1"',
        '{"id": "1", "question": "?"}',
        "[]",
        '{"id": "1", "gold": []}',
        '{"id": "1", "question": "?", "gold": "ab"}',  # no two articles of one letter each
        '{"id": "1", "question": "?", "gold": [], "answers": "Friday"}',
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    """The error names the file and the line."""
    path = written(tmp_path, '{"id": "0", "question": "?", "gold": []}', line)
    with pytest.raises(CorpusError, match=r"questions\.jsonl:2: is no question"):
        load_questions(path)


def test_a_missing_file_of_questions_is_named(tmp_path: Path) -> None:
    """The error says what to give."""
    with pytest.raises(CorpusError, match=r"nothing\.jsonl: cannot be read .*; give a questions file"):
        load_questions(tmp_path / "nothing.jsonl")


class Recorder:
    """A newsroom that only writes down what it is asked."""

    def __init__(self) -> None:
        self.queries: list[Query] = []

    def investigate(self, query: Query) -> Investigation:
        self.queries.append(query)
        return Investigation(Answer(query, False, 0.25, Match.NONE, (), None, 0, None, 1.5), None)


def test_the_moment_of_asking_is_the_question_s_then_the_newest_article_s() -> None:
    """An evaluation of old news is asked in its time; nothing but text and moment is given."""
    newest = datetime(2023, 5, 1, tzinfo=UTC)
    recorder = Recorder()
    questions = [Asked("1", "Who?", "2022-03-04", frozenset("a"), ()), Asked("2", "Why?", "", frozenset(), ())]
    outcomes = list(ask_all(recorder, questions, {}, newest))  # type: ignore[arg-type]
    assert recorder.queries == [Query("Who?", datetime(2022, 3, 4, 12, tzinfo=UTC)), Query("Why?", newest)]
    assert outcomes == [Outcome(each, (), (), 0.25, False, 1.5) for each in questions]


def test_ranks_are_articles_once_each_and_quotes_are_kept_when_refused(store: Store, tmp_path: Path) -> None:
    """Two passages of one article are one rank; the quotes count whether or not the bot would have refused."""
    ferry = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike began on the quay."
    more = "The ferry strike began when crews of the Skarrow ferry were told that their number would be halved."
    put(store, an_article(ferry, more, title="Ferry strike"), "a")
    put(store, an_article("The river rose by two metres in a night and stood in every cellar of the town."), "b")
    embedder = FakeEmbedder()
    settings = load_settings(None, data_dir=tmp_path)
    build(store, embedder, settings.index_dir)
    calibration = replace(load_calibration(), model=embedder.digest)
    room = Newsroom(settings, store, embedder, calibration, demonstrate=True, threshold=1.0)
    asked = Asked("1", "When did the Skarrow ferry sail after the strike?", "", frozenset({"A"}), ("nine days",))
    (got,) = ask_all(room, [asked], {1: "A", 2: "B"}, None)
    assert got.ranks[0] == "A"
    assert sorted(got.ranks) == ["A", "B"]
    assert not got.answered
    assert any(ferry in quote for quote in got.quotes)
    assert got.quoted == "A"
    assert 0 <= got.confidence < 1
    assert got.took_ms > 0
