"""A reindex while the bot answers: taken over without a question waiting, rolled back, and survived when it is bad."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder, an_article, put

from bot import answer as answering
from bot.answer import Newsroom
from bot.desk import Desk
from bot.journal import Journal
from bot.settings import ROOT, Settings, load_settings
from bot.worker import Worker
from corpus.store import Store
from index.build import build
from index.confidence import load as load_calibration
from index.errors import IndexUnavailable
from index.published import current_version, open_current, reindex_lock, roll_back
from index.records import Query

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
FLOOD = "The river rose by two metres in a night and stood in the cellars of the lower town by six o'clock."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(None, data_dir=tmp_path)


@pytest.fixture
def room(store: Store, settings: Settings) -> Iterator[Newsroom]:
    """A newsroom as the bot opens it, over one article on the ferry."""
    put(store, an_article(FERRY), "ferry")
    build(store, FakeEmbedder(), settings.index_dir)
    opened = a_room(settings)
    yield opened
    opened.close()


def a_room(settings: Settings, embedder: FakeEmbedder | None = None, *, behind: bool = True) -> Newsroom:
    reader = Store(settings.corpus_db, readonly=True)
    embedder = embedder or FakeEmbedder()
    return Newsroom(settings, reader, embedder, load_calibration(), demonstrate=True, threshold=0.0, behind=behind)


def ask(room: Newsroom, text: str = "When did the ferry to Skarrow sail?") -> list[str]:
    """The quotes of the answer."""
    return [each.quote for each in room.ask(Query(text, datetime.now(UTC))).citations]


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for what another thread does, as long as a busy machine takes."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def settled(room: Newsroom, version: str) -> None:
    """Wait until the room answers from a version."""

    def there() -> bool:
        room.refresh()
        return room.index_version == version

    until(there, f"{room.index_version} is still in use, not {version}")


def test_opening_a_new_index_keeps_no_question_waiting(
    room: Newsroom, store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the new version is being opened the old one answers; once it is open, it answers the next question."""
    old = room.index_version
    put(store, an_article(FLOOD), "flood")
    new = build(store, FakeEmbedder(), settings.index_dir).manifest.version
    go_on = threading.Event()

    def slow(folder: Path) -> object:
        assert threading.current_thread().name.startswith("newsdesk-index")
        go_on.wait(60)
        return open_current(folder)

    monkeypatch.setattr(answering, "open_current", slow)
    for _ in range(3):
        assert room.refresh() is False
        assert ask(room) == [FERRY]
        assert room.index_version == old
    go_on.set()
    until(lambda: FLOOD in ask(room, "How high did the river rise?"), "the old version is still in use")
    assert room.index_version == new


async def test_every_question_is_answered_while_another_process_publishes(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    """Through the worker and the desk as the bot runs them: no answer fails, each is of one whole version.

    That none waits for the new version is shown above, without a clock.
    """
    put(store, an_article(FERRY), "ferry")
    published = {build(store, FakeEmbedder(), settings.index_dir).manifest.version}
    worker, desk = Worker(), Desk(lambda: a_room(settings), lambda: Journal(settings.journal_db))
    code = (
        "import sys; sys.path[:0] = ['.', 'tests']\n"
        "from pathlib import Path\n"
        "from fakes import FakeEmbedder, an_article, put\n"
        "from corpus.store import Store\n"
        "from index.build import build\n"
        "data = Path(sys.argv[1]); store = Store(data / 'corpus.db')\n"
        "for number in range(5):\n"
        "    put(store, an_article(f'The ferry carried {number} cars and some people to Skarrow.'), f'key {number}')\n"
        "    print(build(store, FakeEmbedder(), data / 'index').manifest.version, flush=True)\n"
    )
    query = Query("When did the ferry to Skarrow sail?", datetime.now(UTC))
    seen = [(await worker.run(desk.ask, query)).index_version]  # before the other process has begun
    with subprocess.Popen(  # noqa: ASYNC220  # nothing else runs on this loop
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        ended = False
        while not ended or seen[-1] != current_version(settings.index_dir):
            ended = process.poll() is not None
            await worker.keep(desk.refresh)
            answer = await worker.run(desk.ask, query)
            assert answer.answered
            assert answer.citations[0].quote == FERRY
            seen.append(answer.index_version)
        assert process.stdout is not None
        published.update(process.stdout.read().split())
    assert len(published) == 6
    assert set(seen) <= published
    assert len(set(seen)) >= 2
    await worker.keep(desk.close)
    await worker.stop()


def test_an_index_of_another_model_is_left_and_told_once(
    room: Newsroom, store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot keeps its model and its index; one line says so, however often it looks."""
    old = room.index_version
    build(store, FakeEmbedder("0b" * 32, 64), settings.index_dir)
    said = "was built with other files of the model bag-of-words than are there now; run "

    def refused() -> bool:
        room.refresh()
        return said in caplog.text

    with caplog.at_level(logging.ERROR):
        until(refused, "it was not looked at")
        for _ in range(50):
            room.refresh()
            time.sleep(0.002)
    assert room.index_version == old
    assert ask(room) == [FERRY]
    assert caplog.text.count(said) == 1
    put(store, an_article(FLOOD), "flood")
    settled(room, build(store, FakeEmbedder(), settings.index_dir).manifest.version)


def test_both_models_answer_from_their_own_index(room: Newsroom, store: Store, settings: Settings) -> None:
    """A new model builds beside the old index: a bot started with either finds one that fits."""
    old = room.index_version
    new = build(store, FakeEmbedder("0b" * 32, 64), settings.index_dir).manifest.version
    for embedder, version in ((FakeEmbedder(), old), (FakeEmbedder("0b" * 32, 64), new)):
        started = a_room(settings, embedder)
        assert started.index_version == version
        assert ask(started) == [FERRY]
        started.close()
    with pytest.raises(IndexUnavailable, match="was built with other files of the model"):
        a_room(settings, FakeEmbedder("0c" * 32))


@pytest.mark.parametrize("name", ["manifest.json", "dense.bin", "vectors.faiss", "keywords/counts.json"])
def test_a_start_on_a_damaged_index_answers_from_the_one_before(
    room: Newsroom, store: Store, settings: Settings, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the file and the remedy, and a plain reindex mends it: the last good version is kept throughout."""
    old = room.index_version
    put(store, an_article(FLOOD), "flood")
    version = build(store, FakeEmbedder(), settings.index_dir).manifest.version
    damaged = settings.index_dir / "versions" / version / name
    damaged.write_bytes(damaged.read_bytes()[:10])
    started = a_room(settings)
    assert started.index_version == old
    assert ask(started) == [FERRY]
    assert f"answering from the version before, {old}: {settings.index_dir / 'versions' / version}" in caplog.text
    assert "run scripts/reindex.py" in caplog.text
    mended = build(store, FakeEmbedder(), settings.index_dir)
    assert (mended.published, mended.embedded) == (True, 0)
    kept = {each.name for each in (settings.index_dir / "versions").iterdir()}
    assert kept == {mended.manifest.version, old}
    settled(started, mended.manifest.version)
    started.close()


@pytest.mark.parametrize("held", ["", '{"version": "20260303T1200'])
def test_a_start_on_a_damaged_pointer_answers_from_the_newest_index(
    store: Store, settings: Settings, held: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line names the file and the remedy; what was cut short is not taken for an index, and a reindex mends it."""
    build(store, FakeEmbedder(), settings.index_dir)
    put(store, an_article(FERRY), "ferry")
    version = build(store, FakeEmbedder(), settings.index_dir).manifest.version
    (settings.index_dir / "versions" / ".99991231T000000-half").mkdir()
    (settings.index_dir / "current.json").write_text(held)
    monkeypatch.setattr(answering, "load_embedder", lambda *_: FakeEmbedder())
    sure = settings.model_copy(update={"threshold": 0.0})  # made-up vectors, which no confidence was fitted for
    started = answering.open_newsroom(sure, behind=True)
    for _ in range(3):
        started.refresh()
    assert started.index_version == version
    assert ask(started) == [FERRY]
    (line,) = caplog.messages
    assert line.startswith(
        f"answering from the version before, {version}: {settings.index_dir / 'current.json'}: cannot"
    )
    assert line.endswith("; run scripts/reindex.py --full")
    mended = build(store, FakeEmbedder(), settings.index_dir).manifest.version
    settled(started, mended)
    started.close()


def test_rolling_back_and_going_forward(room: Newsroom, store: Store, settings: Settings) -> None:
    """The running bot follows; twice leads back; the next build that finds a change goes forward."""
    first = room.index_version
    put(store, an_article(FLOOD), "flood")
    second = build(store, FakeEmbedder(), settings.index_dir).manifest.version
    settled(room, second)
    for version in (first, second, first):
        with reindex_lock(settings.index_dir, "me"):
            assert roll_back(settings.index_dir).version == version
        settled(room, version)
    assert ask(room) == [FERRY]
    third = build(store, FakeEmbedder(), settings.index_dir).manifest
    assert (third.articles, third.version in (first, second)) == (2, False)
    settled(room, third.version)
    assert {each.name for each in (settings.index_dir / "versions").iterdir()} == {first, third.version}


def test_what_was_withdrawn_stays_unquoted_after_a_rollback(room: Newsroom, store: Store, settings: Settings) -> None:
    """The store has the last word: an older index cannot bring an article, or words that were corrected, back."""
    first = room.index_version
    number, _ = put(store, an_article(FERRY.replace("nine", "ten")), "ferry")
    flood, _ = put(store, an_article(FLOOD), "flood")
    build(store, FakeEmbedder(), settings.index_dir)
    roll_back(settings.index_dir)
    settled(room, first)
    assert ask(room) == []  # the old words are gone, and the new ones are in no row of the old index
    store.withdraw([number, flood])
    assert ask(room) == []


def test_there_is_nothing_to_roll_back_to(room: Newsroom, settings: Settings) -> None:
    """A first version, or a damaged one before it, is no place to go back to; the current one stays."""
    current = room.index_version
    with pytest.raises(IndexUnavailable, match=r"keeps no version before the current one; run scripts/reindex\.py"):
        roll_back(settings.index_dir)
    assert current_version(settings.index_dir) == current
