"""index.search: what is found, by which score, what the filters let through, and what goes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, an_article, put

from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.embedder import Reader
from index.published import open_current
from index.quoting import quoted
from index.ranking import READ
from index.records import Query
from index.search import DEPTH, Found, allowed_rows, search

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
COAL = "The ferry to Skarrow sailed on Monday, the pilot said, with coal from Marrow after the fog of the morning."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."

Asker = Callable[..., Found]


@pytest.fixture
def ask(store: Store, tmp_path: Path) -> Asker:
    """Search what the store holds, as the bot does."""
    embedder = FakeEmbedder()

    def asked(
        text: str,
        known: dict[str, tuple[str, ...]] | None = None,
        *,
        rebuild: bool = True,
        reader: Reader | None = None,
        threshold: float = 0.0,
        **filters: object,
    ) -> Found:
        embedder.reader = reader
        if rebuild:
            build(store, embedder, tmp_path / "index")
        return search(
            Query(text, NOW, **filters),  # type: ignore[arg-type]
            published=open_current(tmp_path / "index"),
            store=store,
            embedder=embedder,
            calibration=replace(load_calibration(), model=embedder.digest),
            topics=known,
            threshold=threshold,
        )

    return asked


def texts(found: Found) -> list[str]:
    return [each.candidate.passage.text.strip() for each in found.ranked]


def test_a_search_finds_scores_and_times(store: Store, ask: Asker) -> None:
    """The exact cosine and BM25 score of each candidate, sentences inside its text, a time per stage."""
    put(store, an_article(FERRY, title="Ferries"), "a")
    put(store, an_article(FLOOD, title="Flood"), "b")
    found = ask("When did the ferry to Skarrow sail?")
    assert texts(found)[0] == FERRY
    first = found.ranked[0].candidate
    embedder = FakeEmbedder()
    question, passage = embedder.embed_questions(["When did the ferry to Skarrow sail?", f"Ferries\n{FERRY}"])
    assert first.dense == pytest.approx(float(question @ passage), abs=2e-3)
    assert found.ranked[0].hit.dense == first.dense
    assert first.lexical > 0
    assert [first.passage.text[start:end] for start, end in first.sentences] == [FERRY]
    assert first.cosines == pytest.approx([float(question @ embedder.embed_questions([FERRY])[0])], abs=2e-3)
    assert found.quotes[0].text == FERRY
    assert set(found.stages) == {"embed", "search", "store", "fuse", "read", "rank", "quote"}
    assert all(milliseconds >= 0 for milliseconds in found.stages.values())


class Sceptic:
    """A reader that is sure of one thing, or of another in each text, and remembers what it was given."""

    def __init__(self, odds: float, **others: float) -> None:
        self.odds, self.others = odds, others
        self.given: list[tuple[str, str]] = []

    def read(self, question: str, text: str) -> float:
        """See `index.embedder.Reader`."""
        self.given.append((question, text))
        return next((odds for word, odds in self.others.items() if word in text), self.odds)


def test_question_and_first_quote_are_read_together(store: Store, ask: Asker) -> None:
    """Once, with the title and the sentence before; what the reader says moves the confidence."""
    put(store, an_article(f"{FLOOD} It fell again by noon on Friday.", title="Flood at Marrow"), "a")
    put(store, an_article(FERRY, title="Ferries"), "b")
    doubts, trusts = Sceptic(-3.0), Sceptic(3.0)
    question = "When did it fall again?"
    without, doubted, trusted = (ask(question, reader=each) for each in (None, doubts, trusts))
    first = without.quotes[0]
    assert first.context == FLOOD
    assert doubts.given == [(question, f"Flood at Marrow. {FLOOD} {first.text}")]
    assert doubted.quotes == trusted.quotes == without.quotes
    assert doubted.verdict.confidence < without.verdict.confidence < trusted.verdict.confidence


@pytest.mark.parametrize("typed", ["When did it fall again", "When did it fall again  ", "When did it fall again?"])
def test_a_question_is_read_with_its_mark(store: Store, ask: Asker, typed: str) -> None:
    """Models know questions with one; members leave it out on phones."""
    put(store, an_article(f"{FLOOD} It fell again by noon on Friday.", title="Flood at Marrow"), "a")
    reader = Sceptic(1.0)
    found, wanted = ask(typed, reader=reader), ask("When did it fall again?", reader=Sceptic(1.0))
    assert [question for question, _ in reader.given] == ["When did it fall again?"]
    assert [each.hit for each in found.ranked] == [each.hit for each in wanted.ranked]


@pytest.mark.parametrize(
    ("asked", "title", "day", "read"),
    [
        ("latest on the flood", "Flood at Marrow", "2026-03-05", "What about the flood?"),
        ("how far did it rise in March", "Flood at Marrow", "2026-03-05", "how far did it rise?"),
        ("how far did it rise in March", "A flood in March", "2026-03-05", "how far did it rise in March?"),
        ("how far did it rise in March", "Flood at Marrow", "2026-05-05", "how far did it rise in March?"),
    ],
)
def test_what_the_reader_is_asked(store: Store, ask: Asker, asked: str, title: str, day: str, read: str) -> None:
    """A topic as a question; the time only of what is not of it, or says it."""
    put(store, an_article(FLOOD, title=title, published=day), "a")
    reader = Sceptic(1.0)
    ask(asked, reader=reader)
    assert reader.given[0][0] == read


@pytest.mark.parametrize(
    ("odds", "order", "read", "of_first"),
    [
        ((-1.0, 3.0, 4.0), ["salt", "coal", "wool"], 1, -1.0),  # the first may answer: no other is read
        ((-1.1, 0.5, 2.0), ["coal", "salt", "wool"], 2, 0.5),
        ((-1.2, -1.1, 2.0), ["wool", "salt", "coal"], 3, 2.0),
        ((-1.3, -1.2, -1.1), ["salt", "coal", "wool"], 3, -1.3),  # all are doubted
    ],
)
def test_what_reads_as_an_answer_goes_before_what_reads_as_none(
    store: Store,
    ask: Asker,
    monkeypatch: pytest.MonkeyPatch,
    odds: tuple[float, ...],
    order: list[str],
    read: int,
    of_first: float,
) -> None:
    """No more is read than has to be, and the log odds are those of the quote that is first then."""
    monkeypatch.setattr("index.evidence.NEAR", -1.0)  # that they add to the first is not the matter here
    cargoes = ("salt", "coal", "wool")
    for number, text in enumerate(
        (
            "The ferry to Skarrow that sailed last on Sunday evening had only salt aboard.",
            "The old ferry sailed to Skarrow on Monday with coal for the mill.",
            "The ferry of wool that sailed to Skarrow left Tolm on Tuesday.",
        )
    ):
        put(store, an_article(text), f"{number}")
    question = "When did the ferry sail to Skarrow?"
    found = ask(question)
    embedder = FakeEmbedder()
    embedder.reader = reader = Sceptic(99.0, **dict(zip(cargoes, odds, strict=True)))

    def told(*, further: bool) -> tuple[list[str], float | None, int]:
        reader.given.clear()
        quotes, log_odds = quoted(embedder, question, found.question, found.ranked, further=further)
        return (
            [next(cargo for cargo in cargoes if cargo in quote.text) for quote in quotes],
            log_odds,
            len(reader.given),
        )

    assert told(further=True) == (order, of_first, read)
    assert told(further=False) == (list(cargoes), odds[0], 1)


def test_no_quote_of_a_search_is_longer_than_its_source_allows(store: Store, ask: Asker) -> None:
    """Neither the first nor one beneath it."""
    put(store, an_article(FERRY, title="Ferries"), "a", source="Brief")
    put(store, an_article(COAL, title="Ferries"), "b", source="Brief")
    found = ask("When did the ferry sail?")
    quotes, _ = quoted(FakeEmbedder(), "When?", found.question, found.ranked, max_words={"Brief": 7})
    assert len(quotes) == 2
    assert all(len(quote.text.split()) <= 7 for quote in quotes)
    assert any(len(quote.text.split()) > 7 for quote in found.quotes)


def test_a_search_reads_its_quotes(store: Store, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads as an answer is the first quote of a search, and what its confidence is of; not in a large index."""
    put(store, an_article(FERRY, title="Ferries"), "a")
    put(store, an_article(COAL, title="Ferries"), "b")
    question = "When did the ferry sail?"
    first, second = ask(question).quotes
    promoted = ask(question, reader=Sceptic(-2.5, coal=2.0))
    assert promoted.quotes == (second, first)
    assert promoted.verdict.confidence > ask(question, reader=Sceptic(-2.5)).verdict.confidence
    for most, quotes, read in ((2, (second, first), 2), (1, (first, second), 1)):
        monkeypatch.setattr("index.search.READ_ON", most)
        reader = Sceptic(-2.5, coal=2.0)
        assert (ask(question, reader=reader).quotes, len(reader.given)) == (quotes, read)


def test_a_search_quotes_of_other_events_only_what_is_near(store: Store, ask: Asker) -> None:
    """Vectors of the index tell what adds to the first quote from what only shares the question's words."""
    question = "When did the ferry sail?"
    put(store, an_article(FERRY, title="Ferries"), "a")
    put(store, an_article("The second ferry sailed to Skarrow with coal from Marrow.", title="Ferries"), "b")
    assert [quote.text for quote in ask(question).quotes] == [FERRY]
    put(store, an_article(COAL, title="Ferries"), "c")
    assert [quote.text for quote in ask(question).quotes] == [FERRY, COAL]


def test_what_is_the_case_now_is_answered_by_the_newest_that_answers(store: Store, ask: Asker) -> None:
    """Not by the best worded, nor by the newest of all; an old answer goes before none, and the past stays the past."""
    old = "A litre of petrol costs 1.62 crowns in Tarn, says the office."
    new = "Drivers in Tarn pay 2.05 crowns for a litre."
    for number, (text, day) in enumerate(
        ((old, "2022-11-22"), (new, "2026-11-02"), ("Petrol in Tarn costs too much, says a club.", "2026-11-23"))
    ):
        put(store, an_article(text, published=day), f"{number}")
    question, reader = "How much does a litre of petrol cost in Tarn?", Sceptic(2.0, Drivers=-0.5, club=1.9)
    found = ask(question, reader=reader)
    assert found.quotes[0].text == new
    refused = ask(question, reader=reader, threshold=found.verdict.confidence + 0.001)
    assert (refused.quotes[0].text, refused.verdict.answered) == (old, True)
    assert ask("How much did a litre of petrol cost in Tarn?", reader=reader).quotes[0].text == old


def test_a_toll_is_that_of_the_newest_report(store: Store, ask: Asker) -> None:
    """Though the question is asked in the past tense; asked of a day, it is that day's."""
    first = "At least 2 people were killed when a fire destroyed the furniture mill of Tarn on Monday, police said."
    last = "Four people are dead after the fire that destroyed the furniture mill of Tarn on Monday, police said."
    for number, (text, day) in enumerate(((first, "2026-11-02"), (last, "2026-11-04"))):
        put(store, an_article(text, published=day), f"{number}")
    store.storylines.group()
    reader = Sceptic(1.0)
    assert ask("how many people were killed in the fire of tarn", reader=reader).quotes[0].text == last
    assert ask("how many people were killed in tarn on 2 November 2026", reader=reader).quotes[0].text == first


def test_a_filter_is_applied_inside_the_search(store: Store, ask: Asker) -> None:
    """The one article that a filter keeps is found though more than 200 better ones stand outside it."""
    for number in range(2 * DEPTH + 20):
        strike = an_article(f"The ferry strike number {number} ended.", title="Ferry strike")
        put(store, strike, f"{number}", source="Big")
    small, _ = put(store, an_article(FLOOD + " No ferry sailed.", published="2020-05-05"), "s", source="Small")
    question = "When did the ferry strike end?"
    assert small not in {each.hit.article for each in ask(question).ranked}
    for filters in ({"sources": frozenset({"Small"})}, {"until": datetime(2021, 1, 1, tzinfo=UTC)}):
        assert {each.hit.article for each in ask(question, rebuild=False, **filters).ranked} == {small}
    by_topic = ask(question, {"Small": ("rivers", "sea"), "Big": ("sea",)}, rebuild=False, topics=frozenset({"rivers"}))
    assert {each.hit.article for each in by_topic.ranked} == {small}


def test_what_the_filters_let_through(store: Store, ask: Asker, tmp_path: Path) -> None:
    """Sources and topics by name, `since` inclusive, `until` exclusive; no date, no passing it; all must hold."""
    for name, when in (("A", "2026-11-20"), ("B", "2026-11-21T08:00:00+02:00"), ("C", None), ("A", "2026-11-22")):
        put(store, an_article(f"{FERRY} {name} {when}", published=when), f"{name} {when}", source=name)
    ask("ferry")
    published = open_current(tmp_path / "index")
    topics = {"A": ("sea", "sport"), "B": ("sea",), "D": ("moon",)}

    def rows(**filters: object) -> list[bool] | None:
        mask = allowed_rows(published, Query("ferry", NOW, **filters), topics)  # type: ignore[arg-type]
        return None if mask is None else mask.tolist()

    def at(*moment: int) -> datetime:
        return datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]

    assert rows() is None
    assert rows(sources=frozenset({"A"})) == [True, False, False, True]
    assert rows(sources=frozenset({"unknown"})) == [False, False, False, False]
    assert rows(sources=frozenset()) == [False, False, False, False]
    assert rows(topics=frozenset({"sport"})) == [True, False, False, True]
    assert rows(topics=frozenset({"sport", "sea"})) == [True, True, False, True]
    assert rows(topics=frozenset({"moon"})) == [False, False, False, False]
    assert rows(since=at(2026, 11, 21, 6)) == [False, True, False, True]
    assert rows(since=at(2026, 11, 21, 6, 0, 1)) == [False, False, False, True]
    assert rows(until=at(2026, 11, 21, 6)) == [True, False, False, False]
    assert rows(until=at(2026, 11, 21, 6, 0, 1)) == [True, True, False, False]
    assert rows(since=at(2026, 11, 21), until=at(2026, 11, 22)) == [False, True, False, False]
    assert rows(since=at(2026, 11, 21), sources=frozenset({"A"})) == [False, False, False, True]


def test_what_was_withdrawn_since_is_not_quoted(store: Store, ask: Asker) -> None:
    """The store has the last word, whatever the published index still holds."""
    gone, _ = put(store, an_article(FERRY), "a")
    put(store, an_article(FERRY.replace("nine", "ten")), "b")
    assert len(ask("When did the ferry sail?").ranked) == 2
    store.withdraw([gone])
    found = ask("When did the ferry sail?", rebuild=False)
    assert texts(found) == [FERRY.replace("nine", "ten")]
    assert [quote.text for quote in found.quotes] == [FERRY.replace("nine", "ten")]


def test_what_is_too_far_down_is_not_fetched(store: Store, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best are read; of the others the articles are known. Neither holds what was withdrawn since."""
    numbers = [put(store, an_article(f"{FERRY} {'Crowds waited. ' * each}"), f"{each}")[0] for each in range(READ + 4)]
    ask("Which ferry sailed?")
    store.withdraw(numbers[:2])
    fetched: list[int] = []
    before = store.passages_by_id
    monkeypatch.setattr(store, "passages_by_id", lambda ids: fetched.extend(ids) or before(ids))
    found = ask("Which ferry sailed?", rebuild=False)
    read = [each.hit.article for each in found.ranked]
    assert len(read) == len(set(fetched)) == READ
    assert all(each.reading is not None and each.scores for each in found.ranked)
    assert len(found.behind) == 2
    assert sorted([*read, *found.behind]) == numbers[2:]


def test_a_question_of_no_known_word_is_still_searched(store: Store, ask: Asker) -> None:
    """Without any term in common, meaning alone finds candidates; no words at all are no error."""
    put(store, an_article(FERRY), "a")
    for text in ("Quo vadis?", "???", "the of and"):
        found = ask(text)
        assert texts(found) == [FERRY]
        assert found.ranked[0].candidate.lexical == 0


def test_an_empty_index_finds_nothing(ask: Asker) -> None:
    """Nothing to rank, nothing to quote, and no error."""
    found = ask("When did the ferry sail?")
    assert found.ranked == ()
    assert found.quotes == ()


def test_the_neighbours_of_what_is_found_can_be_quoted(store: Store, ask: Asker) -> None:
    """A paragraph that shares nothing with the question is read beside the one that was found, also after an edit."""
    cause = "Frost had split two pillars overnight, engineers said after a first look."
    bridge = "The bridge at Kestrel was closed on Monday morning and will stay so."
    crowd = [f"The bridge at Kestrel was closed, said reader {number} of this paper." for number in range(2 * DEPTH)]
    put(store, an_article("# Letters", *crowd, title="Letters"), "l")
    put(store, an_article(bridge, cause, title="Bridge"), "b")
    question = "Why was the bridge at Kestrel closed on Monday morning?"
    assert cause in texts(ask(question))
    put(
        store,
        an_article("A first line that the editors put on top of it all later today.", bridge, cause, title="Bridge"),
        "b",
    )
    put(
        store,
        an_article(
            bridge, "A line was put between the two of them by the editors of this paper.", cause, title="Bridge"
        ),
        "b",
    )
    assert "A line was put between the two of them by the editors of this paper." in texts(ask(question))


def test_nothing_is_quoted_from_later_than_the_question(store: Store, ask: Asker) -> None:
    """An article of the day after tomorrow cannot be known; one without a date can, and so can one of tomorrow."""
    for name, when in (("a", "2026-11-23"), ("b", "2026-11-25T11:00:00Z"), ("c", "2026-11-26"), ("d", None)):
        put(store, an_article(f"{FERRY} Edition {name}.", published=when), name)
    found = ask("When did the ferry to Skarrow sail?")
    assert sorted(text.split()[-1] for text in texts(found)) == ["a.", "b.", "d."]


def test_the_newest_article_knows_who_holds_an_office(store: Store, ask: Asker) -> None:
    """Of two that answer as well, the newer one for a question in the present tense; for the past the words decide."""
    for name, year in (("Ada Quill", 2025), ("Bo Thorn", 2026), ("Cy Marsh", 2024)):
        put(store, an_article(f"The mayor of Kestrel is {name}.", published=f"{year}-11-01"), name)
    assert texts(ask("Who is the mayor of Kestrel?"))[0] == "The mayor of Kestrel is Bo Thorn."
    dated = ask("Who was the mayor of Kestrel in November 2024?", rebuild=False)
    assert texts(dated)[0] == "The mayor of Kestrel is Cy Marsh."
