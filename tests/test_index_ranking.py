"""Ranking candidate passages, and reading them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from corpus.records import StoredPassage
from index import late, reading
from index.question import analyse
from index.ranking import TIMELY, Background, Candidate, Ranked, context_coverage, order, rank
from index.reading import Meetings, read


def passage(number: int, text: str, *, title: str = "", start: int = 0, source: str = "Harbour Post") -> StoredPassage:
    end = start + len(text)
    return StoredPassage(number, number, number, text, start, end, ((start, end),), "", 0, title, source, None)


def candidate(number: int, text: str, dense: float, lexical: float = 0.0, **particulars: object) -> Candidate:
    found = passage(number, text, **particulars)  # type: ignore[arg-type]
    spans, begin = [], 0
    for part in text.split(". "):
        end = min(begin + len(part) + 1, len(text))
        spans.append((begin + found.start, end + found.start))
        begin = end + 1
    return Candidate(found, dense, lexical, tuple(spans), tuple(dense for _ in spans))


FLOOD = "The river rose on Monday. Two bridges were closed."
MILL = "The mill makes paper. It was sold in March."


def test_no_candidates() -> None:
    """Nothing found is an empty ranking."""
    assert rank(analyse("Why?"), [], Background(0)) == []
    assert order(*np.empty((3, 0), dtype=np.float32), np.empty(0, dtype=np.int64)).tolist() == []


def test_question_words_decide_between_equal_vectors() -> None:
    """Of two passages of one cosine, the one with the question's words comes first."""
    pair = [candidate(1, MILL, 0.5), candidate(2, FLOOD, 0.5)]
    ranked = rank(analyse("Which bridges were closed?"), pair, Background(2))

    assert [each.hit.passage for each in ranked] == [2, 1]
    assert ranked[0].hit.signals["coverage"] == pytest.approx(1.0)
    assert ranked[1].hit.signals["coverage"] == 0.0
    assert ranked[0].scores[1] > ranked[0].scores[0]


def test_equal_scores_keep_the_order_of_ids() -> None:
    """The ranking does not depend on the order of the candidates."""
    twins = [candidate(number, FLOOD, 0.5) for number in (3, 1, 2)]

    assert [each.hit.passage for each in rank(analyse("Who?"), twins, Background(3))] == [1, 2, 3]


def test_numbers_choose_what_is_read() -> None:
    """Cosine, best sentence and words count, each over its highest; of equals the lower id goes first."""
    dense = np.array([0.5, 0.4, 0.4, 0.4, 0.4], dtype=np.float32)
    sentence = np.array([0.5, 0.4, 0.5, 0.4, 0.4], dtype=np.float32)
    lexical = np.array([0.0, 8.0, 0.0, 1.0, 1.0], dtype=np.float32)

    assert order(dense, sentence, lexical, np.array([1, 2, 3, 5, 4])).tolist() == [1, 0, 2, 4, 3]
    assert order(dense, sentence, np.zeros(5, dtype=np.float32), np.array([1, 2, 3, 5, 4])).tolist() == [0, 2, 1, 4, 3]


def test_words_count_over_the_highest_of_the_search() -> None:
    """Which may be that of a passage too far down to be read."""
    both = [candidate(1, FLOOD, 0.5, 2.0), candidate(2, MILL, 0.5, 1.0)]
    question = analyse("Which bridges?")

    assert rank(question, both, Background(2))[0].hit.signals["lexical"] == 1.0
    assert rank(question, both, Background(2), highest=4.0)[0].hit.signals["lexical"] == 0.5


def test_late_interaction_decides() -> None:
    """The passage whose words meet the question's tokens wins over its equal."""
    matches = np.full((2, 9), 0.1, dtype=np.float32)
    better = matches.copy()
    better[:, 5] = 0.7
    pair = [
        replace(candidate(1, FLOOD, 0.5), matches=matches),
        replace(candidate(2, FLOOD, 0.5), matches=better),
    ]
    first, second = rank(analyse("Which?"), pair, Background(2))

    assert first.hit.passage == 2
    assert first.hit.signals["late"] == pytest.approx(0.7)
    assert first.hit.signals["late_sentence"] == pytest.approx(0.7)
    assert second.hit.signals["late"] == pytest.approx(0.1)
    assert first.reading is not None
    assert first.reading.late is not None
    assert first.reading.late.tolist() == [pytest.approx([0.1, 0.1]), pytest.approx([0.7, 0.7])]


def test_the_subject_does_not_choose_the_sentence() -> None:
    """Of "and the mill?" only its own tokens say which sentence answers; the subject's count for the passage."""
    matches = np.full((3, 9), 0.1, dtype=np.float32)
    matches[0, 6] = 0.5  # the question's own token, in the second sentence
    matches[1:, 1] = 0.9  # the subject's, in the first
    both = [replace(candidate(1, FLOOD, 0.5), matches=matches)]
    (alone,), (with_subject,) = (
        rank(analyse("Which?", "the river"), both, Background(1), own=own) for own in (None, 1)
    )

    assert alone.scores[0] > alone.scores[1]
    assert with_subject.scores[0] < with_subject.scores[1]
    assert with_subject.hit.signals["late"] == alone.hit.signals["late"] == pytest.approx(2.3 / 3)


def test_passage_without_sentences() -> None:
    """A passage that has nothing to quote is ranked, and has no sentence scores."""
    bare = Candidate(passage(1, "Menu"), 0.4, 0.0, (), ())
    (only,) = rank(analyse("Which menu?"), [bare], Background(1))

    assert only.scores == ()
    assert only.hit.signals["sentence"] == 0.4


def test_reading() -> None:
    """Each sentence has its words of the question; related words count less; the title is read apart."""
    question = analyse("When did the Armenian ferry close bridges?")
    text = "Armenia closed two bridges. It reopened in May 2031."
    found = read(Meetings(question), text, [(0, 27), (28, 52)], "Ferry news")

    assert [term.stem for term in question.terms] == ["armenian", "ferri", "clos", "bridg"]
    assert found.overlap.tolist() == [[pytest.approx(0.8), 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]
    assert found.title.tolist() == [0.0, 1.0, 0.0, 0.0]
    assert found.words.tolist() == [4.0, 5.0]
    assert found.answer.tolist() == [0.0, 1.0]
    even = np.full(4, 0.25, dtype=np.float32)
    assert context_coverage(found, even).tolist() == pytest.approx([0.95, 0.95])


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many boats sank?", "Some boats sank.", 0.0),
        ("How many boats sank?", "In all, 14 boats sank.", 1.0),
        ("How many of the 14 boats sank?", "All 14 sank.", 0.0),
        ("When did it sink?", "It sank in 1987.", 1.0),
        ("When did it sink?", "It sank yesterday.", 0.5),
        ("Who sank it?", "The captain was Orla Brandt.", 1.0),
        ("Who is Orla Brandt?", "The captain was Orla Brandt.", 0.0),
        ("Where did it sink?", "It sank in Kestrel.", 1.0),
        ("Why did it sink?", "It sank because of a storm.", 0.0),
        ("What sank?", "It sank in 1987 because of Orla Brandt.", 0.0),
    ],
)
def test_kind_of_answer(question: str, sentence: str, expected: float) -> None:
    """A sentence answers with words that the question does not have."""
    assert read(Meetings(analyse(question)), sentence, [(0, len(sentence))]).answer.tolist() == [expected]


def test_weights_in_a_corpus_of_one_page() -> None:
    """Before a corpus can tell, English at large does: a rare word weighs more than a common one; they add up to 1."""
    question = analyse("Which school has a thurible?")
    school, thurible = reading.weights(question, 1, {"school": 1, "thuribl": 1})

    assert thurible > 1.5 * school
    assert school + thurible == pytest.approx(1.0)
    assert reading.weights(analyse("What is it?"), 1, {}).tolist() == []


def test_weights_in_a_large_corpus() -> None:
    """Then the corpus decides."""
    question = analyse("Which ferry has a thurible?")
    ferry, thurible = reading.weights(question, 100_000, {"ferri": 10, "thuribl": 50_000})

    assert ferry > 5 * thurible


def test_late_interaction_survives_one_bit() -> None:
    """A word's bits meet its own vector best, at about 0.8; an opposite vector gives the opposite."""
    rng = np.random.default_rng(7)
    words = rng.standard_normal((50, 384)).astype(np.float32)
    words /= np.linalg.norm(words, axis=1, keepdims=True)
    packed = late.pack(words)
    found = late.matches(words[:5], packed)

    assert packed.shape == (50, 48)
    assert packed.dtype == np.uint8
    assert found.argmax(axis=1).tolist() == [0, 1, 2, 3, 4]
    assert np.diag(found) == pytest.approx([0.8] * 5, abs=0.03)
    assert late.matches(-words[:1], packed)[0, 0] == pytest.approx(-found[0, 0], abs=1e-5)


def test_question_spans() -> None:
    """Words and marks, each by itself."""
    text = "Why didn't it?"

    assert [text[a:b] for a, b in late.question_spans(text)] == ["Why", "didn", "'", "t", "it", "?"]


def test_a_sentence_counts_by_its_article() -> None:
    """Of two passages that say the same, the one in the article that is about the question is quoted first."""
    about = replace(candidate(1, FLOOD, 0.7), passage=replace(passage(1, FLOOD), article=1))
    same = replace(candidate(2, MILL, 0.3), passage=replace(passage(2, MILL), article=1))
    other = candidate(3, MILL, 0.3)
    ranked = rank(analyse("Which bridges were closed?"), [about, same, other], Background(3))
    scores = {each.hit.passage: each.scores for each in ranked}

    assert scores[2][0] > scores[3][0]
    assert {each.hit.passage: each.hit.score for each in ranked}[2] == pytest.approx(ranked[-1].hit.score)


def test_neighbours_are_read_and_ranked() -> None:
    """What stands beside the best is asked for once, with the ranking so far, and takes its place by its score."""
    calls: list[list[int]] = []

    def beside(ranked: Sequence[Ranked]) -> list[Candidate]:
        calls.append([each.hit.passage for each in ranked])
        return [candidate(9, "Two bridges were closed after the flood.", 0.6), candidate(1, MILL, 0.5)]

    pair = [candidate(1, MILL, 0.5), candidate(2, FLOOD, 0.5)]
    ranked = rank(analyse("Which bridges were closed?"), pair, Background(3), beside=beside)

    assert calls == [[2, 1]]
    assert [each.hit.passage for each in ranked] == [9, 2, 1]
    assert all(each.scores for each in ranked)


def test_a_better_date_decides_between_equals() -> None:
    """The date moves the score by `TIMELY` from worst to best, and nothing where it says nothing."""
    old, new = candidate(1, FLOOD, 0.5), candidate(2, FLOOD, 0.5)
    question = analyse("Which bridges are closed?")
    ranked = rank(question, [old, new], Background(2), timely=lambda each: float(each.id == 2))
    plain = rank(question, [old, new], Background(2), timely=lambda _: 0.5)

    assert [each.hit.passage for each in ranked] == [2, 1]
    assert ranked[0].hit.score - ranked[1].hit.score == pytest.approx(TIMELY)
    assert [each.hit.passage for each in plain] == [1, 2]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "Who is the mayor of Kestrel?",
            "Bo Thorn succeeds Ada Quill as the mayor of Kestrel.",
        ),
        ("Who was the mayor of Kestrel?", "Ada Quill is the mayor of Kestrel."),  # the past: the words decide
        ("Who is Ada Quill?", "Ada Quill is the mayor of Kestrel."),  # no office is asked for
        ("Where is the mayor of Kestrel?", "Ada Quill is the mayor of Kestrel."),
    ],
)
def test_the_newest_that_names_a_holder_goes_first(question: str, first: str) -> None:
    """Not the best worded, which is old, nor the newest, which name nobody or somebody former, nor worse words on the
    same one.
    """
    texts = {
        "2021-11-01": "Ada Quill is the mayor of Kestrel.",
        "2026-11-01": "Bo Thorn succeeds Ada Quill as the mayor of Kestrel.",
        "2026-11-10": "Taxes will fall, Mayor Bo Thorn told the Kestrel Times on Thursday on a visit to its office.",
        "2026-11-20": "The mayor of Kestrel flew to Oslo.",
        "2026-11-22": "The former mayor of Kestrel Cy Marsh wrote a book.",
    }
    cosines = (0.9, 0.5, 0.4, 0.5, 0.5)
    given = [
        candidate(number, text, cosine)
        for number, (text, cosine) in enumerate(zip(texts.values(), cosines, strict=True), 1)
    ]
    dated = [
        replace(each, passage=replace(each.passage, published=day)) for each, day in zip(given, texts, strict=True)
    ]
    ranked = rank(analyse(question), dated, Background(5), timely=lambda each: 0.5 + each.id / 100)
    best = max(ranked, key=lambda each: max(each.scores))

    assert best.candidate.passage.text == first


@pytest.mark.parametrize(
    ("newest", "first"),
    [
        ("Bo Stern is the mayor of Kestrel.", True),
        ("Thorn is the mayor of Kestrel.", True),  # who is meant is not known, but not the one of years ago
        ("Fans in Kestrel want a new mayor.", False),
        ("The mayor of Kestrel flew to New York.", False),
    ],
)
def test_the_old_holder_goes_before_what_names_nobody_alone(newest: str, first: bool) -> None:
    """A newer holder stays first, whether by full name or by surname; what speaks of nobody does not."""
    told = ("Ada Quill is the mayor of Kestrel.", newest)
    given = [
        candidate(number, text, cosine) for number, (text, cosine) in enumerate(zip(told, (0.7, 0.9), strict=True), 1)
    ]
    dated = [
        replace(each, passage=replace(each.passage, published=day))
        for each, day in zip(given, ("2026-10-01", "2026-11-01"), strict=True)
    ]
    ranked = rank(
        analyse("Who is the mayor of Kestrel?"), dated, Background(2), timely=lambda each: 0.5 + each.id / 100
    )
    best = max(ranked, key=lambda each: max(each.scores))
    assert (best.candidate.passage.text == newest) is first
