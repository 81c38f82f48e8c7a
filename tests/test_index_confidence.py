"""Signals to a probability, and the record they were fitted in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.records import StoredPassage
from index import reading
from index.confidence import Calibration, Regression, load, signals, verdict
from index.question import analyse
from index.ranking import Candidate, Ranked
from index.reading import Reading
from index.records import Hit, Quote

QUESTION = analyse("Which bridge?")
CALIBRATION = Calibration(
    "digest",
    "2031-05-01",
    0.5,
    Regression(0.0, {"dense": 10.0, "rivals": -1.0}, {"dense": 0.5, "rivals": 2.0}),
    Regression(-1.0, {"dense": 2.0}, {"dense": 0.5}),
)


def found(number: int, score: float, text: str = "One. Two.", story: int = 0) -> Ranked:
    passage = StoredPassage(
        number, number, 1, text, 0, len(text), ((0, len(text)),), "", 0, "", "Harbour Post", None, story=story
    )
    measured = {"dense": 0.5, "sentence": 0.6, "late": 0.3, "coverage": 1.0}
    ones = np.ones(2, dtype=np.float32)
    read = Reading(np.ones((2, 1), dtype=np.float32), np.zeros(1, dtype=np.float32), ones, ones, None)
    candidate = Candidate(passage, 0.5, 1.0, ((0, text.index(".") + 1), (text.index(".") + 2, len(text))), (0.6, 0.1))
    return Ranked(Hit(number, number, score, 0.5, 1.0, measured), candidate, (2.0, 1.0), read)


def quote(ranked: Ranked) -> Quote:
    return Quote(ranked.hit, 1, 0, 4, "One.", 2.0)


def test_signals_of_a_small_corpus() -> None:
    """The first quote's passage speaks, wherever it ranks; fewer than twelve stories are no rivals."""
    first, second = found(1, 3.0), found(2, 2.0)
    measured = signals(QUESTION, [first, second], [quote(second)])

    assert measured == {"dense": 0.5, "sentence": 0.6, "elsewhen": 0.0, "unnamed": 0.0}
    for stories, counted in ((11, False), (12, True)):
        ranked = [found(number, -50.0 * number) for number in range(stories)]
        assert ("rivals" in signals(QUESTION, ranked, [quote(ranked[0])])) is counted
    assert signals(QUESTION, [first], [quote(first)], -1.5)["reading"] == -1.5


def test_rivals() -> None:
    """Articles as good as the best one are counted, each once, on a logarithmic scale."""
    ranked = [found(number, 3.0 if number < 4 else -50.0) for number in range(25)]

    again = [ranked[0], *ranked]

    assert signals(QUESTION, ranked, [quote(ranked[0])])["rivals"] == pytest.approx(np.log(4))
    assert signals(QUESTION, again, [quote(ranked[0])])["rivals"] == pytest.approx(np.log(4))


def test_copies_are_no_rivals() -> None:
    """A wire story in five outlets counts once: by the store's word, or by its sentences, an added clause or not."""
    crowd = [found(number, -50.0) for number in range(10, 30)]
    wire = "The old bridge at Kestrel was closed on Monday after frost cracked two pillars. More later."
    cut = wire.replace("two pillars", "two stone pillars")
    other = "A mason had warned the council of Kestrel about loose stones a month ago. Nobody came."

    def rivals(*best: Ranked) -> float:
        return signals(QUESTION, [*best, *crowd], [quote(best[0])])["rivals"]

    assert rivals(found(1, 3.0, wire), found(2, 3.0, other)) == pytest.approx(np.log(2))
    assert rivals(found(1, 3.0, wire), found(2, 3.0, wire), found(3, 3.0, cut)) == pytest.approx(0.0)
    assert rivals(found(1, 3.0, wire, 1), found(2, 3.0, other, 1)) == pytest.approx(0.0)
    assert rivals(found(1, 3.0, wire, 1), found(2, 3.0, other, 2)) == pytest.approx(np.log(2))


@pytest.mark.parametrize(
    ("question", "text", "published", "elsewhen"),
    [
        ("Who won in 2012?", "The mill won. It was sold in 2024.", None, 1.0),
        ("Who won in 2012?", "The mill won. It was sold.", "2024-06-01T08:00:00Z", 1.0),
        ("Who won in 2012?", "The mill won in 2012. It was sold in 2024.", "2024-06-01T08:00:00Z", 0.0),
        ("Who won in 2024?", "The mill won. It was sold.", "2024-06-01T08:00:00Z", 0.0),
        ("Who won in 2023?", "The mill won. It was sold.", "2024-01-01T08:00:00Z", 0.0),
        ("Who won in 2012?", "The mill won. It was sold.", None, 0.0),
        ("Who won?", "The mill won. It was sold in 2024.", "2024-06-01T08:00:00Z", 0.0),
    ],
)
def test_a_year_that_is_not_the_passages(question: str, text: str, published: str | None, elsewhen: float) -> None:
    """A question names a year, and the passage's words and date speak of others; unknown is no contradiction."""
    one = found(1, 3.0, text)
    dated = replace(one, candidate=replace(one.candidate, passage=replace(one.candidate.passage, published=published)))

    assert signals(analyse(question), [dated], [quote(dated)])["elsewhen"] == elsewhen


@pytest.mark.parametrize(
    ("question", "unnamed"),
    [
        ("Who told Ada Lund of it?", 0.0),
        ("Who told Bo Stern of it?", 1.0),
        ("Who told Ada Stern of it?", 1.0),  # half a name is another name
        ("Who told the Valdorian council?", 0.0),  # a related word
        ("Who told the Kestrel council?", 0.0),  # of the title
        ("Who told Marrow of it?", 0.0),  # in another passage of the article
        ("Who told Dunmere of it?", 1.0),  # in another article
        ("Who told the HTV of it?", 0.0),  # initials
        ("Who told Ada Lund of it in May, on a Monday?", 0.0),
        ("who told bo stern of it?", 0.0),
        ("WHO TOLD BO STERN OF IT?", 0.0),
        ("Dunmere was told of it by whom?", 0.0),  # every sentence begins with a capital letter
    ],
)
def test_a_name_that_the_article_lacks(question: str, unnamed: float) -> None:
    """It tells where few stories are found; letters that are all small or all large name nobody."""
    asked = analyse(question)

    def told(number: int, article: int, text: str) -> Ranked:
        one = found(number, 3.0 - number, text)
        passage = replace(one.candidate.passage, article=article, title="The Kestrel bridge")
        read = reading.read(reading.Meetings(asked), text, one.candidate.sentences, passage.title)
        return replace(
            one, hit=replace(one.hit, article=article), candidate=replace(one.candidate, passage=passage), reading=read
        )

    first = told(1, 7, "The Harbour Trust of Valdoria told Ada Lund of it. She laughed.")
    ranked = [first, told(2, 7, "The mayor lives in Marrow. He knew."), told(3, 8, "So did Dunmere. It rained.")]
    assert signals(asked, ranked, [quote(first)])["unnamed"] == unnamed


def test_tokens_that_count() -> None:
    """By the direction fitted for the model; all the same for another model or another length of vectors."""
    tokens = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    fitted = replace(CALIBRATION, attention=(0.0, np.log(3.0)))

    assert fitted.counted(tokens, "digest").tolist() == pytest.approx([0.5, 1.5])
    assert fitted.counted(tokens, "other").tolist() == [1.0, 1.0]
    assert CALIBRATION.counted(tokens, "digest").tolist() == [1.0, 1.0]
    assert fitted.counted(np.concatenate([tokens, tokens]), "digest", 2).tolist() == pytest.approx([0.5, 1.5, 1.0, 1.0])
    assert fitted.counted(tokens[:0], "digest").tolist() == []


def test_no_quotes() -> None:
    """Nothing to quote is never an answer, even at threshold 0."""
    assert signals(QUESTION, [], []) == {}
    assert not verdict({}, CALIBRATION, model="digest", threshold=0.0).answered
    assert verdict({}, CALIBRATION, model="digest").confidence == 0.0


def test_probability() -> None:
    """At the centres the bias alone speaks; a signal that is missing counts as its centre."""
    many = CALIBRATION.many
    assert many.probability({"dense": 0.5, "rivals": 2.0}) == 0.5
    assert many.probability({"dense": 0.6}) == pytest.approx(1 / (1 + np.exp(-1)))
    assert many.probability({"dense": 0.5, "rivals": 3.0}) == pytest.approx(1 / (1 + np.exp(1)))
    assert many.probability({"dense": 1e9}) == pytest.approx(1.0)


def test_few_stories_have_numbers_of_their_own() -> None:
    """Which of the two speaks is said by whether rivals were counted."""
    assert CALIBRATION.probability({"dense": 0.5, "rivals": 2.0}) == 0.5
    assert CALIBRATION.probability({"dense": 0.5}) == pytest.approx(1 / (1 + np.exp(1)))
    assert CALIBRATION.probability({"dense": 1.0}) == 0.5


def test_threshold_and_model() -> None:
    """The threshold may be given; another model's verdict is marked."""
    measured = {"dense": 0.5, "rivals": 2.0}

    assert verdict(measured, CALIBRATION, model="digest").answered
    assert not verdict(measured, CALIBRATION, model="digest", threshold=0.51).answered
    assert verdict(measured, CALIBRATION, model="digest").calibrated
    assert not verdict(measured, CALIBRATION, model="other").calibrated


def test_record_of_the_repository() -> None:
    """The shipped record belongs to the default model, and tells a good match from none."""
    calibration = load()
    good = {"dense": 0.8, "sentence": 0.8, "reading": 4.0}
    none = {"dense": 0.1, "sentence": 0.1, "reading": -4.0}

    assert len(calibration.model) == 64
    assert 0 < calibration.threshold < 1
    for well, badly in ((good, none), (good | {"rivals": 0.1}, none | {"rivals": 2.0})):
        assert verdict(well, calibration, model=calibration.model).answered
        assert verdict(badly, calibration, model=calibration.model).confidence < 0.1


def test_damaged_record(tmp_path: Path) -> None:
    """A record without its numbers is not taken for one."""
    path = tmp_path / "calibration.toml"
    path.write_text('model = "digest"\n', encoding="utf-8")
    with pytest.raises(KeyError):
        load(path)


def test_a_search_led_by_the_question_before_is_judged_by_its_reading() -> None:
    """How near its passages are counts as if it were not known, with many stories and with few; the rest stays."""
    assert CALIBRATION.led({"dense": 0.9, "sentence": 0.8, "rivals": 0.1, "elsewhen": 1.0, "reading": -3.0}) == {
        "dense": 0.5,
        "sentence": 0.8,
        "rivals": 2.0,
        "elsewhen": 1.0,
        "reading": -3.0,
    }
    few = CALIBRATION.led({"dense": 0.9, "reading": -3.0})
    assert few == {"dense": 0.5, "reading": -3.0}
    assert CALIBRATION.probability(few) == CALIBRATION.probability({"dense": 0.5})
