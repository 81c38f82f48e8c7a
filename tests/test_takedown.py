"""An article taken down is gone from every file of the data folder, and does not come back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder, an_article

from bot.journal import Exchange, Journal, Surface
from bot.journal_takedowns import NOTICE
from bot.records import Answer, Citation, Match, Nearest
from bot.settings import ROOT, Settings, load_settings
from bot.takedown import Removed, take_down
from corpus.errors import NewsdeskError, StoreError, TakenDownError
from corpus.keep import keep
from corpus.passages import passages
from corpus.records import Article, Source, SourceKind
from corpus.store import Change, Store
from corpus.takedown import FILE, marks_of, remembered
from index.build import build
from index.cache import VectorCache
from index.errors import IndexBusy, IndexUnavailable
from index.published import reindex_lock, roll_back
from index.records import Query

CANARY = "zyzzogeton"
SECRET = (
    f"The {CANARY} of Port Selwick was paid in coins, a clerk of the harbour office said in a letter to the council.",
    "Nobody in the office would say on Friday how many there had been, or who had carried them up the stairs.",
)
OTHER = (
    "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock in the morning."
)
URL = "https://p.example/2026/coins"


def words_in(folder: Path, word: str) -> list[str]:
    """The files below a folder whose bytes hold a word, in UTF-8 or UTF-16, whatever its case."""
    wanted = [word.lower().encode(), word.lower().encode("utf-16-le")]
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and any(each in path.read_bytes().lower() for each in wanted)
    )


def put(store: Store, article: Article, *, source: str = "The Paper", key: str = "", fetched: Any = None) -> Any:
    number = store.source_id(source) or store.put_source(Source(source, SourceKind.FEED, "https://p.example/feed"))
    key = key or f"url:{(article.url or '').removeprefix('https://')}"
    return keep(store, article, passages(article), key=key, source=number, page=article.text[:9], fetched=fetched)


def exchange(store: Store, number: int, asked: datetime, *, quoted: bool = True) -> Exchange:
    article = store.article(number)
    assert article is not None
    (first, *_) = store.passages_of(number)
    query = Query("Who was paid?", asked)
    citation = Citation(
        1, first.text.strip(), first.text.strip(), first.title, first.source, article.url, None, number,
        first.revision, first.id, first.start, first.end - 1, 0.9,
    )  # fmt: skip
    nearest = Nearest(number, first.title, first.source, article.url, None)
    answer = Answer(query, quoted, 0.9, Match.STRONG if quoted else Match.NONE, (citation,) if quoted else (),
                    None if quoted else nearest, 2, None, 3.0)  # fmt: skip
    reply = f"> {first.text}" if quoted else f"Not in my sources. Nearest: {first.title} {article.url}"
    return Exchange(asked, Surface.TERMINAL, "Who was paid?", reply, answer, 3.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(None, data_dir=tmp_path / "data")


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def article(settings: Settings, embedder: FakeEmbedder) -> int:
    """An article in two revisions and two readings, held once, quoted, named, copied, in two versions of the index."""
    store = Store(settings.corpus_db)
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    first = an_article(*SECRET, title=f"The {CANARY} in coins", url=URL)
    number = put(store, first).article
    put(store, an_article(OTHER, title="The river", url="https://p.example/river"))
    build(store, embedder, settings.index_dir)
    put(
        store,
        an_article(*SECRET, f"The {CANARY} said so, too, when it was asked on Saturday.", title=first.title, url=URL),
    )
    put(store, an_article(SECRET[1], SECRET[0], title=f"A {CANARY} in coins", url=URL))
    build(store, embedder, settings.index_dir)
    put(store, an_article(f"We value your {CANARY}. Accept all. Manage preferences.", url=URL), fetched=now)
    put(store, an_article(SECRET[1], SECRET[0], title=f"A {CANARY} in coins", url=URL))
    journal = Journal(settings.journal_db)
    journal.record(exchange(store, number, now))
    journal.record(exchange(store, number, now, quoted=False))
    journal.close()
    store.close()
    assert {path.split("/")[0].split(".")[0] for path in words_in(settings.data_dir, CANARY)} == {
        "corpus", "journal", "index",
    }  # fmt: skip
    return number


def down(settings: Settings, embedder: FakeEmbedder, target: str = URL) -> Removed:
    return take_down(target, settings, lambda: embedder, who="the tests")


def cached(settings: Settings) -> int:
    cache = VectorCache(settings.index_dir / "vectors.db")
    try:
        return int(cache._db.table("rows").count)
    finally:
        cache.close()


@pytest.mark.parametrize("target", [URL, "http://www.p.example/2026/coins/amp?utm_source=x", "number"])
def test_its_words_leave_every_file(settings: Settings, embedder: FakeEmbedder, article: int, target: str) -> None:
    """By any spelling of its address, or its number: no byte of it is left in the data folder; the rest is."""
    before = cached(settings)
    removed = down(settings, embedder, str(article) if target == "number" else target)
    assert words_in(settings.data_dir, CANARY) == []
    assert [each.id for each in removed.articles] == [article]
    assert removed.quotes == 1
    assert removed.vectors > 2
    assert cached(settings) == before - removed.vectors > 0
    assert [path.name for path in (settings.index_dir / "versions").iterdir()] == [removed.version]
    with pytest.raises(IndexUnavailable):
        roll_back(settings.index_dir)  # there is no version before this one
    store = Store(settings.corpus_db)
    assert store.article(article) is None
    assert [each.text for each in store.passages()] == [OTHER]
    store.close()
    journal = Journal(settings.journal_db)
    rows = journal.recent(5)
    assert [(row["reply"], [each["quote"] for each in row["citations"]]) for row in rows] == [
        (NOTICE, []),
        (NOTICE, [NOTICE]),
    ]
    assert [row["question"] for row in rows] == ["Who was paid?", "Who was paid?"]
    journal.close()


def test_it_is_not_read_again(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """Neither from its address, nor the same words from another one, nor by another door of the store."""
    down(settings, embedder)
    store = Store(settings.corpus_db)
    again = an_article(*SECRET, title="Anything", url=URL)
    assert put(store, again).change is Change.REFUSED
    assert put(store, again, fetched=datetime.now(UTC)).article is None
    assert put(store, an_article("Quite other words now.", url=URL)).change is Change.REFUSED
    moved = an_article(*SECRET, title="Anything", url="https://elsewhere.example/b")
    assert put(store, moved, source="Elsewhere", key="url:elsewhere.example/b").change is Change.REFUSED
    with pytest.raises(TakenDownError):
        store.put(moved, passages(moved), key="x", source=1)
    assert [each.text for each in store.passages()] == [OTHER]
    store.close()
    assert words_in(settings.data_dir, CANARY) == []


def test_it_does_not_come_back_with_a_backup(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """Older databases follow the file of takedowns as soon as they are opened, for reading too."""
    backup = settings.data_dir.with_name("backup")
    shutil.copytree(settings.data_dir, backup)
    down(settings, embedder)
    for name in ("corpus.db", "journal.db"):
        shutil.copy(backup / name, settings.data_dir / name)
    reader = Store(settings.corpus_db, readonly=True)
    assert reader.article(article) is None
    assert [each.text for each in reader.passages()] == [OTHER]
    reader.close()
    journal = Journal(settings.journal_db)
    quotes = [each["quote"] for row in journal.recent(5) for each in row["citations"]]
    journal.close()
    assert quotes == [NOTICE]
    down(settings, embedder)  # makes the files anew
    assert [each for each in words_in(settings.data_dir, CANARY) if not each.startswith("journal")] == []


def test_a_lost_file_of_takedowns_is_written_anew(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """Store and file make up for each other."""
    down(settings, embedder)
    before = list(remembered(settings.corpus_db))
    (settings.data_dir / FILE).unlink()
    Store(settings.corpus_db).close()
    assert list(remembered(settings.corpus_db)) == before
    (settings.corpus_db).unlink()
    store = Store(settings.corpus_db)
    assert put(store, an_article(*SECRET, url=URL)).change is Change.REFUSED
    store.close()


def test_nothing_quotes_it_where_a_reindex_is_at_work(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """The words are gone from store and log at once; run again, the takedown ends what it began."""
    with reindex_lock(settings.index_dir, "another"), pytest.raises(IndexBusy):
        down(settings, embedder)
    reader = Store(settings.corpus_db, readonly=True)
    assert reader.article(article) is None
    reader.close()
    removed = down(settings, embedder)
    assert removed.articles == ()
    assert words_in(settings.data_dir, CANARY) == []


def test_an_address_may_be_taken_down_before_it_is_read(settings: Settings, embedder: FakeEmbedder) -> None:
    """Nothing is held, nothing is built, and the article is refused when it comes."""
    removed = down(settings, embedder)
    assert removed == Removed((), (), 0, 0, None)
    store = Store(settings.corpus_db)
    assert put(store, an_article(*SECRET, url=URL)).change is Change.REFUSED
    store.close()


def test_copies_in_other_outlets_are_told_and_stand(settings: Settings, embedder: FakeEmbedder) -> None:
    """The same words elsewhere go too; an edited copy is another outlet's article, for the operator to decide on."""
    store = Store(settings.corpus_db)
    story = (*SECRET, OTHER, "It is the third time in two years that the council has heard of such a thing by letter.")
    put(store, an_article(*story, url=URL))
    put(store, an_article(*story, url="https://q.example/same"), source="Q")
    edited = put(store, an_article(*story[1:], "Our own man was there.", url="https://r.example/a"), source="R").article
    store.close()
    removed = down(settings, embedder)
    assert [each.id for each in removed.copies] == [edited]
    store = Store(settings.corpus_db)
    assert {each.article for each in store.passages()} == {edited}
    store.close()


def test_quotes_of_a_store_made_anew_are_left_alone(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """Row ids begin again in a new store; what is logged after the takedown is not the article's."""
    down(settings, embedder)
    settings.corpus_db.unlink()
    store = Store(settings.corpus_db)
    number = put(store, an_article(OTHER, title="The river again", url="https://p.example/river")).article
    assert number == article
    journal = Journal(settings.journal_db)
    journal.record(exchange(store, number, datetime.now(UTC) + timedelta(seconds=1)))
    journal.close()
    journal = Journal(settings.journal_db)
    assert journal.recent(1)[0]["citations"][0]["quote"] == OTHER
    journal.close()
    store.close()


def test_what_is_no_article_is_said(settings: Settings, embedder: FakeEmbedder) -> None:
    """Neither an address nor a number, or a number of nothing."""
    with pytest.raises(NewsdeskError, match="is no address and no article's number"):
        down(settings, embedder, "coins")
    with pytest.raises(NewsdeskError, match="there is no such article"):
        down(settings, embedder, "7")


def test_a_damaged_file_of_takedowns_stops_the_store(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """Better nothing is quoted than what was taken down."""
    down(settings, embedder)
    (settings.data_dir / FILE).write_text('{"id": ')
    with pytest.raises(StoreError, match=r"takedowns\.jsonl: cannot be read"):
        Store(settings.corpus_db)
    with pytest.raises(StoreError, match=r"takedowns\.jsonl: cannot be read"):
        Store(settings.corpus_db, readonly=True)


def test_only_hashes_are_remembered(settings: Settings, embedder: FakeEmbedder, article: int) -> None:
    """The file names no address and no word."""
    down(settings, embedder)
    (line,) = (settings.data_dir / FILE).read_text().splitlines()
    said = json.loads(line)
    assert sorted(said) == ["articles", "at", "id", "marks"]
    assert all(len(mark) == 64 and int(mark, 16) >= 0 for mark in said["marks"])
    assert "p.example" not in line
    assert marks_of([], ["short"], [""]) == ()


def test_the_command_names_the_remedy(tmp_path: Path) -> None:
    """Under its own Python: status 2 and one line for what is no address."""
    done = subprocess.run(
        [sys.executable, "scripts/takedown.py", "coins"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"NEWSDESK_DATA_DIR": str(tmp_path), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "takedown: coins: is no address and no article's number; give the whole address\n"
