"""corpus.store: articles, revisions and passages, and what may be quoted."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import an_article, put
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import StoreError
from corpus.passages import passages
from corpus.records import ArticleStatus, Failure, Source, SourceKind, SourceReport
from corpus.schema import MIGRATIONS
from corpus.store import Change, Store

FIRST = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike began."
SECOND = "Crews voted by 41 to 12 to accept a rise of four per cent, their union said in the evening."
NOON = 1_795_176_000  # of 20 November 2026, UTC

THIRD = "The company had offered three per cent in March and called that its last word on the matter."


def ids(store: Store, article: int) -> dict[str, int]:
    return {passage.text.strip(): passage.id for passage in store.passages_of(article)}


def test_a_new_article_is_kept_with_its_particulars(store: Store) -> None:
    """What was put comes back: title, source, address, dates, id and status."""
    article = an_article(
        FIRST,
        SECOND,
        title="Ferries",
        url="https://a.example/1",
        published="2026-11-20",
        external_id="x1",
        language="en",
    )
    number, change = put(store, article, "url:a.example/1", source="The Lantern")
    assert change is Change.NEW
    found = store.article(number)
    assert found is not None
    assert (found.title, found.source, found.url, found.published) == (
        "Ferries",
        "The Lantern",
        "https://a.example/1",
        "2026-11-20",
    )
    assert (found.external_id, found.language, found.status) == ("x1", "en", ArticleStatus.LIVE)
    assert store.revision_text(found.revision) == f"{FIRST}\n{SECOND}"
    assert store.quotable_articles() == {number: ("The Lantern", NOON)}
    assert store.holder("url:a.example/1") == (number, "x1")
    assert store.article(number + 1) is None


def test_offsets_count_code_points(store: Store) -> None:
    """A passage's text is the revision's text between its offsets, beyond the basic plane and with accents too."""
    article = an_article(
        "Zoë 🚢 sailed – “at last”, she said on the quay 🎉 of Port Selwick early on Friday.", SECOND, "# Später", THIRD
    )
    number, _ = put(store, article)
    found = store.passages_of(number)
    assert [article.text[each.start : each.end] for each in found] == [each.text for each in found]
    assert "".join(each.text for each in found) == article.text
    assert {each.heading for each in found} == {"", "Später"}


def test_the_same_words_are_no_new_revision(store: Store) -> None:
    """Putting an article again changes neither revision nor generation."""
    number, _ = put(store, an_article(FIRST, SECOND))
    revision, generation = store.article(number), store.generation
    assert put(store, an_article(FIRST, SECOND)) == (number, Change.UNCHANGED)
    assert store.article(number) == revision
    assert store.generation == generation


def test_changed_words_are_a_new_revision(store: Store) -> None:
    """The new text is quoted, the old one stays readable, and unchanged passages keep their ids."""
    number, _ = put(store, an_article(FIRST, SECOND, THIRD))
    before, old = ids(store, number), store.article(number)
    mended = SECOND.replace("41 to 12", "43 to 10")
    assert put(store, an_article(FIRST, mended, THIRD)) == (number, Change.CHANGED)
    after, new = ids(store, number), store.article(number)
    assert old is not None
    assert new is not None
    assert old.revision != new.revision
    assert store.revision_text(old.revision) == f"{FIRST}\n{SECOND}\n{THIRD}"
    assert store.revision_text(new.revision) == f"{FIRST}\n{mended}\n{THIRD}"
    assert after == {FIRST: before[FIRST], THIRD: before[THIRD], mended: after[mended]}
    assert after[mended] not in before.values()
    assert store.passages_by_id([before[SECOND]]) == {}


def test_words_that_come_back_get_their_id_back(store: Store) -> None:
    """A passage keeps its id for good, in whatever order the revisions bring it."""
    number, _ = put(store, an_article(FIRST, SECOND))
    before = ids(store, number)
    put(store, an_article(SECOND))
    put(store, an_article(SECOND, FIRST))
    assert ids(store, number) == before
    assert [each.text.strip() for each in store.passages_of(number)] == [SECOND, FIRST]


def test_a_paragraph_said_twice_is_two_passages(store: Store) -> None:
    """Repeated words have ids of their own, and both stand in the text."""
    number, _ = put(store, an_article(FIRST, SECOND, FIRST))
    found = store.passages_of(number)
    assert [each.text.strip() for each in found] == [FIRST, SECOND, FIRST]
    assert len({each.id for each in found}) == 3


def test_a_changed_title_is_a_new_revision(store: Store) -> None:
    """The title is cited, so it belongs to what was said."""
    number, _ = put(store, an_article(FIRST, title="Strike over"))
    assert put(store, an_article(FIRST, title="Strike suspended")) == (number, Change.CHANGED)
    assert [each.title for each in store.passages_of(number)] == ["Strike suspended"]


def test_a_changed_date_is_followed_without_a_revision(store: Store) -> None:
    """Particulars that change reach the index, while the revision stands."""
    number, _ = put(store, an_article(FIRST, published="2026-11-20"))
    before, generation = store.article(number), store.generation
    assert put(store, an_article(FIRST, published="2026-11-21", external_id="later")) == (number, Change.UNCHANGED)
    after = store.article(number)
    assert before is not None
    assert after == replace(before, published="2026-11-21", external_id="later")
    assert store.generation > generation


def test_the_same_text_cut_anew_is_followed(store: Store) -> None:
    """When passages are cut differently, after an update say, the next reading brings the new cut."""
    article = an_article(FIRST, SECOND)
    source = store.put_source(Source("The Paper", SourceKind.FOLDER, ""))
    tiles = passages(article)
    one = replace(tiles[0], end=len(article.text), quotable=tuple(span for tile in tiles for span in tile.quotable))
    number, _ = store.put(article, [one], key="k", source=source)
    generation = store.generation
    assert [each.text for each in store.passages_of(number)] == [article.text]
    assert store.put(article, tiles, key="k", source=source) == (number, Change.UNCHANGED)
    assert [each.text.strip() for each in store.passages_of(number)] == [FIRST, SECOND]
    assert store.generation > generation


def test_withdrawn_articles_are_kept_but_never_quoted(store: Store) -> None:
    """Every way to passages skips a withdrawn article; its text stays."""
    number, _ = put(store, an_article(FIRST, SECOND), "one")
    other, _ = put(store, an_article(THIRD), "two")
    known = list(ids(store, number).values())
    generation = store.generation
    assert store.withdraw([number]) == 1
    assert store.withdraw([number]) == 0
    assert store.generation == generation + 1
    assert [each.article for each in store.passages()] == [other]
    assert store.passages_by_id(known) == store.findable(known) == {}
    assert store.passages_of(number) == []
    assert store.count_passages() == 1
    assert list(store.quotable_articles()) == [other]
    found = store.article(number)
    assert found is not None
    assert found.status is ArticleStatus.WITHDRAWN
    assert store.revision_text(found.revision) == f"{FIRST}\n{SECOND}"


def test_a_withdrawn_article_seen_again_comes_back(store: Store) -> None:
    """Seen again it counts as changed, and its passages have the ids they had."""
    number, _ = put(store, an_article(FIRST))
    before = ids(store, number)
    store.withdraw([number])
    generation = store.generation
    assert put(store, an_article(FIRST)) == (number, Change.CHANGED)
    assert ids(store, number) == before
    assert store.generation > generation


def test_passages_come_in_the_order_of_ids_in_pages(store: Store) -> None:
    """`after` and `limit` page through without gaps; neither `passages_by_id` nor `findable` minds many ids."""
    for number in range(7):
        put(store, an_article(FIRST.replace("nine", f"{number + 2}")), f"key {number}")
    whole = [each.id for each in store.passages()]
    assert whole == sorted(whole)
    assert [each.id for each in store.passages(limit=3)] == whole[:3]
    assert [each.id for each in store.passages(after=whole[2], limit=3)] == whole[3:6]
    assert sorted(store.passages_by_id([*range(5000), *whole])) == whole
    assert store.findable([*range(5000), *whole]) == dict.fromkeys(whole, True)


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    """What fails half way leaves nothing behind, sources included."""

    def fails() -> None:
        with store.transaction():
            put(store, an_article(FIRST))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert list(store.passages()) == []
    assert store.sources() == {}
    assert store.generation == 0


def test_readers_see_commits_of_another_connection(store: Store) -> None:
    """A reader that stands open sees each article once it is whole."""
    reader = Store(store.path, readonly=True)
    with store.transaction():
        number, _ = put(store, an_article(FIRST))
        assert reader.passages_of(number) == []
    assert [each.text for each in reader.passages_of(number)] == [FIRST]
    reader.close()


def test_sources_keep_what_the_operator_says(store: Store) -> None:
    """The last word of the operator stands, under one row per name."""
    first = store.put_source(Source("The Paper", SourceKind.FOLDER, "", owner="A", topics=("sea",)))
    second = store.put_source(
        Source(
            "The Paper", SourceKind.FOLDER, "", owner="B", topics=("sea", "sport"), max_quote_words=25, full_text=True
        )
    )
    assert first == second == store.source_id("The Paper")
    assert store.source_id("Another") is None
    kept = store.sources()["The Paper"]
    assert (kept["owner"], kept["topics"], kept["max_quote_words"]) == ("B", ("sea", "sport"), 25)
    assert kept["full_text"] is True
    assert kept["sample"] is False


def test_the_first_own_article_retires_the_sample(store: Store) -> None:
    """Sample articles are withdrawn once the operator's own are there, and not before."""
    made_up, _ = put(store, an_article(FIRST), "sample", source="The Lantern", sample=True)
    assert store.retire_sample() == 0
    assert not store.has_own_articles()
    own, _ = put(store, an_article(SECOND), "own", source="My Paper")
    assert store.retire_sample() == 1
    assert store.has_own_articles()
    assert list(store.quotable_articles()) == [own]
    found = store.article(made_up)
    assert found is not None
    assert found.status is ArticleStatus.WITHDRAWN


def test_an_own_source_of_a_sample_source_s_name_takes_none_of_its_articles(store: Store) -> None:
    """Made-up articles never pass for the operator's own because the outlets share a name."""
    put(store, an_article(FIRST), "sample", source="The Lantern", sample=True)
    store.put_source(Source("The Lantern", SourceKind.FOLDER, ""))
    assert list(store.passages()) == []
    assert not store.has_own_articles()


def test_reports_give_the_last_of_each_source(store: Store) -> None:
    """Older reports of a source give way; failures come back with subject and reason."""
    store.add_report(SourceReport("A", new=1))
    store.add_report(SourceReport("B", failures=(Failure("b.txt", "is empty"),)))
    store.add_report(SourceReport("A", unchanged=1))
    assert [report for _, report in store.reports()] == [
        SourceReport("B", failures=(Failure("b.txt", "is empty"),)),
        SourceReport("A", unchanged=1),
    ]


def test_old_reports_make_room(store: Store) -> None:
    """Of each source the last hundred are kept, so that months of reading leave the file as it is."""
    store.add_report(SourceReport("B", new=7))
    for number in range(150):
        store.add_report(SourceReport("A", new=number))
    counts = store._db.execute("SELECT source, count(*) FROM runs GROUP BY source ORDER BY source").fetchall()
    assert counts == [("A", 100), ("B", 1)]
    assert store.reports()[-1][1] == SourceReport("A", new=149)


def test_a_store_survives_closing(tmp_path: Path) -> None:
    """What was put is there when the file is opened again, for reading only too."""
    first = Store(tmp_path / "deep" / "corpus.db")
    number, _ = put(first, an_article(FIRST))
    first.close()
    again = Store(tmp_path / "deep" / "corpus.db", readonly=True)
    assert [each.text for each in again.passages_of(number)] == [FIRST]
    with pytest.raises(StoreError, match="readonly"):
        put(again, an_article(SECOND))
    again.close()


def test_reading_where_nothing_is_names_the_remedy(tmp_path: Path) -> None:
    """An absent store is not made by a reader; the error says which file and what to run."""
    path = tmp_path / "corpus.db"
    with pytest.raises(StoreError) as caught:
        Store(path, readonly=True)
    assert str(caught.value) == f"{path}: no articles have been read; run scripts/reindex.py"
    assert not path.exists()


def test_reading_a_store_that_was_never_set_up_names_the_remedy(tmp_path: Path) -> None:
    """A file of an earlier schema, an empty one included, is refused by a reader."""
    path = tmp_path / "corpus.db"
    path.touch()
    with pytest.raises(StoreError, match=r"is of an older Newsdesk; run scripts/reindex\.py"):
        Store(path, readonly=True)
    Store(path).close()
    Store(path, readonly=True).close()


@pytest.mark.parametrize("readonly", [True, False])
def test_a_newer_schema_is_refused(tmp_path: Path, *, readonly: bool) -> None:
    """A store of a newer Newsdesk is left alone, by readers and writers."""
    path = tmp_path / "corpus.db"
    Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(
        StoreError, match=rf"written by a newer Newsdesk \(schema {len(MIGRATIONS) + 1}.*NEWSDESK_DATA_"
    ):
        Store(path, readonly=readonly)


@pytest.mark.parametrize("readonly", [True, False])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, *, readonly: bool) -> None:
    """The error names the file and leaves it as it is."""
    path = tmp_path / "corpus.db"
    path.write_bytes(b"no database, but words " * 100)
    with pytest.raises(StoreError, match=r"corpus\.db: cannot be used \(file is not a database\); check the disk"):
        Store(path, readonly=readonly)
    assert path.read_bytes().startswith(b"no database")


def test_a_migration_that_fails_leaves_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration is whole or did not happen, and the next opening tries again."""

    def halfway(db: object) -> None:
        MIGRATIONS[0](db)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("disk full")

    path = tmp_path / "corpus.db"
    with monkeypatch.context() as patch:
        patch.setattr("corpus.connection.MIGRATIONS", (halfway,))
        with pytest.raises(StoreError, match="disk full"):
            Store(path)
    again = Store(path)
    put(again, an_article(FIRST))
    assert again.count_passages() == 1
    again.close()


letters = st.text(alphabet="abcé 😀.“”", min_size=1, max_size=120).map(lambda text: " ".join(text.split()))
versions = st.lists(st.lists(letters.filter(bool), max_size=6), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(versions)
def test_whatever_is_edited_passages_tile_the_text_and_keep_their_ids(history: list[list[str]]) -> None:
    """Over any edits: tiles cover the text, the n-th copy of the same words has one id, no id stands twice."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder, "corpus.db"))
        known: dict[tuple[str, int], int] = {}
        kept: dict[int, str] = {}
        for paragraphs in history:
            article = an_article(*paragraphs)
            number, _ = put(store, article)
            found = store.passages_of(number)
            assert "".join(each.text for each in found) == article.text
            assert [each.start for each in found] == [0, *(each.end for each in found)][: len(found)]
            assert len({each.id for each in found}) == len(found) == store.count_passages()
            seen: dict[str, int] = {}
            for each in found:
                words = each.text.strip()
                seen[words] = seen.get(words, -1) + 1
                assert known.setdefault((words, seen[words]), each.id) == each.id
                assert all(each.start <= start < end <= each.end for start, end in each.quotable)
            stored = store.article(number)
            assert stored is not None
            kept[stored.revision] = article.text
            assert {revision: store.revision_text(revision) for revision in kept} == kept
        assert len(set(known.values())) == len(known)
        store.close()
