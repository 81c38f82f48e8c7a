"""bot.answer: a question to an answer with citations, and what the bot may and may not quote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, an_article, put

from bot import answer as answering
from bot.answer import Newsroom, open_newsroom
from bot.records import Match, match_of
from bot.settings import Settings, load_settings
from corpus.errors import StoreError
from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.errors import IndexUnavailable
from index.records import Query

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."
COMET = "A teacher found the comet from her garden with a telescope that she had built in the winter before."

Opener = Callable[..., Newsroom]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(None, data_dir=tmp_path)


@pytest.fixture
def newsroom(settings: Settings, store: Store) -> Iterator[Opener]:
    """Opens a newsroom over what the store holds; with a threshold of 0 every quote is an answer, with 1 none is."""
    opened: list[Newsroom] = []

    def open_(*, threshold: float = 0.0, demonstrate: bool = True, publish: bool = True) -> Newsroom:
        embedder = FakeEmbedder()
        if publish:
            build(store, embedder, settings.index_dir)
        calibration = replace(load_calibration(), model=embedder.digest)
        reader = Store(settings.corpus_db, readonly=True)
        made = Newsroom(settings, reader, embedder, calibration, demonstrate=demonstrate, threshold=threshold)
        opened.append(made)
        return made

    yield open_
    for each in opened:
        each.close()


def test_an_answer_cites_the_article_s_exact_words(store: Store, newsroom: Opener) -> None:
    """Quote, passage, title, source, address, date and offsets are those of the stored revision."""
    article = an_article(
        FERRY, FLOOD, title="Ferries", url="https://a.example/1", published="2026-11-20T08:00:00+01:00"
    )
    number, _ = put(store, article, "a", source="The Lantern")
    answer = newsroom().ask(Query("When did the ferry to Skarrow sail again?", NOW))
    assert answer.answered
    assert answer.match is match_of(answer.confidence)
    first = answer.citations[0]
    assert (first.number, first.quote, first.passage) == (1, FERRY, FERRY)
    assert (first.title, first.source, first.url) == ("Ferries", "The Lantern", "https://a.example/1")
    assert (first.published, first.article) == ("2026-11-20T08:00:00+01:00", number)
    text = store.revision_text(first.revision)
    assert text is not None
    assert text[first.start : first.end] == first.quote
    assert store.passages_by_id([first.passage_id])[first.passage_id].text.strip() == first.passage
    assert answer.nearest is None
    assert (answer.articles, answer.oldest) == (1, datetime(2026, 11, 20, 7, tzinfo=UTC))
    assert answer.model == "bag-of-words"
    assert answer.calibrated
    assert not answer.demonstration
    assert answer.took_ms >= sum(answer.stages.values()) * 0.5 > 0


def test_the_word_for_a_confidence() -> None:
    """Of five answers, four are expected to hold, three, or fewer."""
    assert [match_of(each) for each in (0.8, 0.79, 0.6, 0.59, 0.0)] == [
        Match.STRONG, Match.FAIR, Match.FAIR, Match.WEAK, Match.WEAK,
    ]  # fmt: skip


def test_every_citation_s_quote_stands_in_its_passage(store: Store, newsroom: Opener) -> None:
    """At most three, numbered from 1, each an exact substring, headings and other scripts about."""
    for number in range(6):
        put(store, an_article("# Fähre 🚢", f"„{number}: {FERRY}“", FLOOD, title=f"Title {number}"), f"{number}")
    answer = newsroom().ask(Query("When did the ferry to Skarrow sail again after the strike?", NOW))
    assert [each.number for each in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert 1 <= len(answer.citations) <= 3
    for each in answer.citations:
        assert each.quote in each.passage
        assert (store.revision_text(each.revision) or "")[each.start : each.end] == each.quote


def test_below_the_threshold_the_nearest_article_is_named(store: Store, newsroom: Opener) -> None:
    """Not answered: no citation, no match, and the article to read instead."""
    put(store, an_article(FERRY, title="Ferries", published="2026-11-20"), "a")
    number, _ = put(store, an_article(FLOOD, title="Flood", url="https://a.example/2", published="2025-01-02"), "b")
    answer = newsroom(threshold=1.0).ask(Query("How high did the river rise in the cellars of the town?", NOW))
    assert not answer.answered
    assert answer.citations == ()
    assert answer.match is Match.NONE
    assert answer.nearest is not None
    assert (answer.nearest.article, answer.nearest.title, answer.nearest.source) == (number, "Flood", "The Paper")
    assert (answer.nearest.url, answer.nearest.published) == ("https://a.example/2", "2025-01-02")
    assert (answer.articles, answer.oldest) == (2, datetime(2025, 1, 2, 12, tzinfo=UTC))


def test_an_empty_index_answers_nothing(newsroom: Opener) -> None:
    """Nothing indexed, nothing near, no date to name."""
    answer = newsroom().ask(Query("When did the ferry sail?", NOW))
    assert (answer.answered, answer.citations, answer.nearest) == (False, (), None)
    assert (answer.articles, answer.oldest, answer.confidence) == (0, None, 0.0)
    assert not answer.narrowed


def test_filters_narrow_what_is_searched_and_counted(store: Store, newsroom: Opener) -> None:
    """Source and date filters keep other articles out of citations, nearest, count and oldest."""
    put(store, an_article(FERRY, title="Old", published="2020-01-01"), "a", source="A")
    put(store, an_article(FERRY + " Twice.", title="New", published="2026-01-01"), "b", source="B")
    room = newsroom()
    question = Query("When did the ferry to Skarrow sail?", NOW)
    assert room.ask(question).articles == 2
    for filters in ({"sources": frozenset({"B"})}, {"since": datetime(2025, 1, 1, tzinfo=UTC)}):
        answer = room.ask(replace(question, **filters))
        assert {each.source for each in answer.citations} == {"B"}
        assert (answer.articles, answer.oldest) == (1, datetime(2026, 1, 1, 12, tzinfo=UTC))
        assert answer.query == replace(question, **filters)
    nothing = room.ask(replace(question, sources=frozenset({"Unknown"})))
    assert (nothing.answered, nothing.articles, nothing.nearest) == (False, 0, None)


def test_sample_articles_are_marked_as_a_demonstration(store: Store, newsroom: Opener) -> None:
    """Answered or not, a reply that shows made-up news says so."""
    put(store, an_article(FERRY), "a", source="The Lantern", sample=True)
    question = Query("When did the ferry to Skarrow sail?", NOW)
    assert newsroom().ask(question).demonstration
    refused = newsroom(threshold=1.0).ask(question)
    assert refused.nearest is not None
    assert refused.demonstration


def test_where_nothing_is_demonstrated_sample_articles_do_not_exist(store: Store, newsroom: Opener) -> None:
    """No quote, no nearest article, no source to choose, no count: whatever the query asks for."""
    put(store, an_article(FERRY), "a", source="The Lantern", sample=True)
    room = newsroom(demonstrate=False)
    for sources in (None, frozenset({"The Lantern"})):
        answer = room.ask(Query("When did the ferry to Skarrow sail?", NOW, sources=sources))
        assert (answer.answered, answer.citations, answer.nearest, answer.articles) == (False, (), None, 0)
    assert room.sources() == ()


def test_own_articles_are_quoted_beside_a_sample_that_is_not(store: Store, newsroom: Opener) -> None:
    """Should both stand in one index, only the own ones are found without demonstration."""
    put(store, an_article(FERRY), "a", source="The Lantern", sample=True)
    put(store, an_article(FERRY + " Twice."), "b", source="Mine")
    room = newsroom(demonstrate=False)
    answer = room.ask(Query("When did the ferry to Skarrow sail?", NOW))
    assert {each.source for each in answer.citations} == {"Mine"}
    assert (answer.articles, answer.demonstration) == (1, False)
    assert room.sources() == ("Mine",)
    both = newsroom(publish=False)
    assert both.sources() == ("Mine", "The Lantern")


@pytest.mark.parametrize(
    ("given", "demonstrated"),
    [({}, True), ({"discord_token": "t"}, False), ({"discord_token": "t", "demo": True}, True), ({"demo": True}, True)],
)
def test_a_token_ends_the_demonstration_unless_it_is_asked_for(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch, given: dict[str, object], *, demonstrated: bool
) -> None:
    """With DISCORD_TOKEN set, made-up news answers under NEWSDESK_DEMO=1 alone."""
    put(store, an_article(FERRY), "a", source="The Lantern", sample=True)
    build(store, FakeEmbedder(), settings.index_dir)
    monkeypatch.setattr(answering, "load_embedder", lambda model, folder: FakeEmbedder())
    room = open_newsroom(load_settings(None, data_dir=settings.data_dir, threshold=0.0, **given))
    answer = room.ask(Query("When did the ferry to Skarrow sail?", NOW))
    assert answer.answered is demonstrated
    assert answer.demonstration is demonstrated
    room.close()


def test_a_new_index_is_taken_over(store: Store, settings: Settings, newsroom: Opener) -> None:
    """`refresh` opens what was published since, once."""
    put(store, an_article(FERRY), "a")
    room = newsroom()
    before = room.index_version
    assert room.refresh() is False
    put(store, an_article(FLOOD), "b", source="Wire")
    build(store, FakeEmbedder(), settings.index_dir)
    assert room.sources() == ("The Paper",)
    assert room.refresh() is True
    assert room.refresh() is False
    assert room.index_version != before
    assert room.sources() == ("The Paper", "Wire")
    assert room.ask(Query("How high did the river rise?", NOW)).citations[0].quote == FLOOD


@pytest.mark.parametrize("damage", ["array", "pointer", "model"])
def test_an_index_that_cannot_be_used_leaves_the_old_one_answering(
    store: Store, settings: Settings, newsroom: Opener, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    """The bot goes on with the version it has, and the log says why."""
    put(store, an_article(FERRY), "a")
    room = newsroom()
    before = room.index_version
    put(store, an_article(FLOOD), "b")
    version = build(
        store, FakeEmbedder("0b" * 32 if damage == "model" else "fa" * 32), settings.index_dir
    ).manifest.version
    if damage == "array":
        (settings.index_dir / "versions" / version / "dense.bin").write_bytes(b"")
    if damage == "pointer":
        (settings.index_dir / "current.json").write_text("{")
    assert room.refresh() is False
    assert room.index_version == before
    assert "the new index is not taken over" in caplog.text
    assert room.ask(Query("When did the ferry sail?", NOW)).citations[0].quote == FERRY


def test_an_article_withdrawn_after_publishing_is_not_quoted(store: Store, newsroom: Opener) -> None:
    """Between withdrawal and reindex the store decides: neither quoted nor named as the nearest."""
    number, _ = put(store, an_article(FERRY), "a")
    put(store, an_article(COMET), "b")
    question = Query("When did the ferry to Skarrow sail?", NOW)
    for threshold in (0.0, 1.0):
        room = newsroom(threshold=threshold)
        store.withdraw([number])
        answer = room.ask(question)
        assert number not in {each.article for each in answer.citations}
        assert answer.nearest is None or answer.nearest.article != number
        put(store, an_article(FERRY), "a")


def test_a_revised_article_is_quoted_by_its_current_words(store: Store, newsroom: Opener) -> None:
    """Words that a correction took out are not quoted, though the index still holds them."""
    put(store, an_article(FERRY, COMET), "a")
    room = newsroom()
    put(store, an_article(FERRY.replace("nine", "ten"), COMET), "a")
    answer = room.ask(Query("How many days after the strike did the ferry sail?", NOW))
    assert FERRY not in {each.quote for each in answer.citations}


def test_an_index_of_another_model_is_refused(store: Store, settings: Settings, newsroom: Opener) -> None:
    """The error names both models, or says that the one was renewed, and the remedy."""
    put(store, an_article(FERRY), "a")
    other = FakeEmbedder("0c" * 32)
    other.name = "trigrams"
    build(store, other, settings.index_dir)
    with pytest.raises(IndexUnavailable, match=r"built with the model trigrams, not bag-of-words; run scripts/rei"):
        newsroom(publish=False)
    build(store, FakeEmbedder("0b" * 32), settings.index_dir)
    with pytest.raises(IndexUnavailable, match=r"other files of the model bag-of-words than are there now; run"):
        newsroom(publish=False)


def test_what_is_missing_is_named_with_its_remedy(
    store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No index, and an index without its store, are errors a person can act on."""
    monkeypatch.setattr(answering, "load_embedder", lambda model, folder: FakeEmbedder())
    with pytest.raises(IndexUnavailable, match=r"index: no index; run scripts/reindex\.py"):
        open_newsroom(settings)
    build(store, FakeEmbedder(), tmp_path / "empty" / "index")
    with pytest.raises(StoreError, match=r"corpus\.db: no articles have been read; run scripts/reindex\.py"):
        open_newsroom(load_settings(None, data_dir=tmp_path / "empty"))


def test_the_time_a_question_names_is_applied(store: Store, newsroom: Opener) -> None:
    """Words such as "last week" leave out older articles, not those without a date; the reply counts the rest."""
    put(store, an_article(FERRY, title="Old", published="2025-03-01"), "a")
    new, _ = put(store, an_article(FLOOD, title="New", published="2026-11-18"), "b")
    undated, _ = put(store, an_article(COMET, title="Undated"), "c")
    answer = newsroom().ask(Query("What happened to the ferry, the river and the comet last week?", NOW))
    assert (answer.articles, answer.oldest) == (2, datetime(2026, 11, 18, 12, tzinfo=UTC))
    assert {each.article for each in answer.citations} <= {new, undated}


def test_what_is_the_case_today_is_told_by_an_older_article(store: Store, newsroom: Opener) -> None:
    """With a word on how old; what was asked of a day that no article is of is said to be that."""
    put(store, an_article("Ilse Marr is mayor of Brask.", title="Mayor", published="2026-11-20"), "a")
    room, asked = newsroom(), datetime(2026, 11, 25, 14, tzinfo=UTC)
    answer = room.ask(Query("Who is mayor of Brask today?", asked))
    assert [each.quote for each in answer.citations] == ["Ilse Marr is mayor of Brask."]
    assert (answer.as_of, answer.narrowed) == (datetime(2026, 11, 20, 12, tzinfo=UTC), False)
    nothing = room.ask(Query("Who spoke in Brask today, on Boxing Day?", asked))
    assert (nothing.articles, nothing.narrowed) == (0, True)
    assert (nothing.unresolved, nothing.notices) == (("Boxing Day",), ("time-not-understood",))


def test_a_question_is_answered_as_with_its_apostrophe(store: Store, newsroom: Opener) -> None:
    """What is the case now is asked without one on phones; the answer keeps the question as it was typed."""
    for name, year in (("Ada Quill", 2025), ("Bo Thorn", 2026), ("Cy Marsh", 2024)):
        put(store, an_article(f"The mayor of Kestrel is {name}.", published=f"{year}-11-01"), name)
    room = newsroom()
    typed, wanted = (room.ask(Query(text, NOW)) for text in ("whos the mayor of kestrel", "who's the mayor of kestrel"))
    assert typed.citations[0].quote == "The mayor of Kestrel is Bo Thorn."
    assert (typed.citations, typed.confidence) == (wanted.citations, wanted.confidence)
    assert typed.query.text == "whos the mayor of kestrel"


def test_an_event_is_dated_by_the_article_that_tells_of_it(store: Store, newsroom: Opener) -> None:
    """The words "since the flood" count from the flood's article; what no article tells of is not understood."""
    put(store, an_article(FERRY, title="Ferry", published="2025-03-01"), "a")
    put(store, an_article("The flood came at night. " + FLOOD, title="Flood", published="2026-02-01"), "b")
    put(store, an_article(COMET, title="Comet", published="2026-05-01"), "c")
    room = newsroom()
    since = room.ask(Query("What did the teacher find since the flood?", NOW))
    assert (since.articles, since.oldest, since.unresolved) == (2, datetime(2026, 2, 1, 12, tzinfo=UTC), ())
    unknown = room.ask(Query("What did the teacher find since the coronation?", NOW))
    assert (unknown.articles, unknown.unresolved) == (3, ("the coronation",))


def test_an_event_is_dated_by_the_first_article_on_its_course(store: Store, newsroom: Opener) -> None:
    """Though one that looks back on it has more of its words in the title; another mill's fire is not its own."""
    other = "A fire damaged the paper mill of Selm. Nobody was hurt."
    begun = "A fire destroyed the furniture mill of Orsk on Monday; three workers were killed and eleven are missing."
    later = "The furniture mill of Orsk burnt on Monday. Three workers were killed, and four of the eleven are missing."
    inquiry = "An inquiry will ask why the fire destroyed the furniture mill of Orsk and three workers were killed."
    put(store, an_article(other, title="Fire in Selm", published="2025-06-02"), "a")
    put(store, an_article(begun, title="Three killed", published="2026-03-02"), "b")
    put(store, an_article(later, title="Four missing", published="2026-03-03"), "c")
    put(store, an_article(inquiry, title="Inquiry into the Orsk mill fire", published="2026-03-20"), "d")
    store.storylines.group()
    answer = newsroom().ask(Query("What has happened since the Orsk mill fire?", NOW))
    assert (answer.articles, answer.oldest) == (3, datetime(2026, 3, 2, 12, tzinfo=UTC))


def test_what_somebody_did_is_dated_by_the_first_article_that_told_of_it(store: Store, newsroom: Opener) -> None:
    """Not by one that looks back on it; of one word alone nobody knows what happened."""
    put(store, an_article("The ferry line belongs to Orrin Vale.", title="Line", published="2025-03-01"), "a")
    put(store, an_article("Orrin Vale resigned on Friday. The ferry line goes on.", published="2026-02-01"), "b")
    put(store, an_article("When Vale resigned, fares were low.", title="Fares", published="2026-05-01"), "c")
    room = newsroom()
    since = room.ask(Query("What has the ferry line done since Vale resigned?", NOW))
    assert (since.articles, since.oldest, since.unresolved) == (2, datetime(2026, 2, 1, 12, tzinfo=UTC), ())
    for words in ("Vale drowned", "Vale did it", "Vale", "he resigned"):
        unknown = room.ask(Query(f"What has the ferry line done since {words}?", NOW))
        assert (unknown.articles, unknown.unresolved) == (3, (words,))
