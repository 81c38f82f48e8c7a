"""A disk that takes nothing, a folder that is read-only, files of others: each a clear error, the old index serving."""

from __future__ import annotations

import asyncio
import errno
import importlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from bot.answer import Newsroom, open_newsroom
from bot.backup import back_up
from bot.check import Check, State, checks
from bot.journal import Exchange, Journal, JournalError, Surface
from bot.settings import ROOT, Settings, SettingsError, installation_secret, load_settings
from corpus.database import damage
from corpus.errors import NewsdeskError, StoreError
from corpus.records import Source, SourceKind
from corpus.schema import MIGRATIONS
from corpus.store import Store
from corpus.verify import verify_store
from index.confidence import load as load_calibration
from index.errors import IndexUnavailable
from index.published import current_version, open_current
from index.records import Query
from index.reindex import reindex
from index.verify import verify_index

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
LONG = [
    f"The company carried {number} cars to Skarrow in the week that ended on day {number}." * 3 for number in range(80)
]


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with one article, indexed, that any user may reach."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: S103
        data = Path(folder, "data")
        (data / "news").mkdir(parents=True)
        (data / "news" / "ferry.txt").write_text(f"A headline on the ferry\n\n{FERRY}\n")
        read(data)
        yield data


def read(data: Path) -> str:
    """Read the news and build; the version published."""
    outcome = reindex(data / "corpus.db", data / "index", FakeEmbedder, who="me", paths=[data / "news"])
    assert [failure for report in outcome.reports for failure in report.failures] == []
    return outcome.built.manifest.version


def opened(data: Path) -> Newsroom:
    """A newsroom that answers whatever it is asked."""
    settings = load_settings(None, data_dir=data)
    store = Store(settings.corpus_db, readonly=True)
    return Newsroom(settings, store, FakeEmbedder(), load_calibration(), demonstrate=True, threshold=0.0)


def quotes(room: Newsroom) -> list[str]:
    """The quotes that answer a question on the ferry."""
    return [each.quote for each in room.ask(Query("When did the ferry to Skarrow sail?", datetime.now(UTC))).citations]


def ask(data: Path) -> list[str]:
    """The same, in a newsroom that is opened for it."""
    room = opened(data)
    try:
        return quotes(room)
    finally:
        room.close()


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Writes beyond a size fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A folder and all in it without the right to write, and a user to whom that matters."""
    _let(folder, 0o555, 0o444)
    try:
        with somebody_else():
            yield
    finally:
        _let(folder, 0o755, 0o644)


@contextmanager
def somebody_else() -> Iterator[None]:
    """A user who is held to permissions, which root is not."""
    if root := os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@contextmanager
def meanwhile_its_owner(folder: Path) -> Iterator[None]:
    """Inside of `read_only`, what somebody does who may write."""
    if root := os.getuid() == 0:
        os.seteuid(0)
    _let(folder, 0o755, 0o644)
    try:
        yield
    finally:
        _let(folder, 0o555, 0o444)
        if root:
            os.seteuid(65534)


def _let(folder: Path, folders: int, files: int) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(folders if path.is_dir() else files)


@pytest.mark.parametrize("size", [0, 200, 3000, 12_000, 40_000, 90_000])
def test_a_full_disk_is_named_and_nothing_is_half_done(data: Path, size: int) -> None:
    """Wherever the writing stops: one error with its remedy, the old index answers, and with room again all is done."""
    before = current_version(data / "index")
    (data / "news" / "long.txt").write_text("A long report on the ferry\n\n" + "\n\n".join(LONG) + "\n")
    with pytest.raises((StoreError, IndexUnavailable)) as caught, no_file_beyond(size):
        read(data)
    assert caught.value.remedy.startswith("check ")
    assert str(data) in caught.value.subject
    assert current_version(data / "index") == before
    assert [each for each in (data / "index" / "versions").iterdir() if each.name.startswith(".")] == []
    assert damage(data / "corpus.db") == []
    store = Store(data / "corpus.db")
    assert [each.found for each in verify_store(store)] == [0, 0, 0]
    assert FERRY in ask(data)
    assert read(data) != before
    assert [each for each in verify_index(store, data / "index") if each.found] == []
    assert len(store.quotable_articles()) == 2
    store.close()


def test_a_full_disk_loses_no_reply_and_no_row_of_the_log(data: Path) -> None:
    """The journal names itself; what it could not take is written later, whole."""
    room = opened(data)
    answer = room.ask(Query("When did the ferry to Skarrow sail?", datetime.now(UTC)))
    room.close()
    journal = Journal(data / "journal.db")
    exchange = Exchange(datetime.now(UTC), Surface.TERMINAL, "When?", "reply" * 100_000, answer, 1.0)
    with pytest.raises(JournalError, match=r"journal\.db: .*; check the disk's space"), no_file_beyond(100_000):
        journal.record(exchange)
    assert journal.recent(10) == []
    journal.record(exchange)
    journal.close()
    assert damage(data / "journal.db") == []


def test_a_full_disk_leaves_a_new_process_its_answers(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the terminal and in Discord, when nobody has the files open; that the log takes nothing is said beside it.

    Where a kill left something in the store's log, the terminal answers, which needs it for a moment only.
    """
    settings = load_settings(None, data_dir=data)
    Journal(settings.journal_db).close()
    monkeypatch.setattr("bot.answer.load_embedder", lambda *_: FakeEmbedder())
    with no_file_beyond(1000):
        for behind in (False, True):
            room = open_newsroom(settings, behind=behind)
            assert quotes(room) == [FERRY]
            room.close()
        with pytest.raises(JournalError, match="check the disk's space"):
            Journal(settings.journal_db)
    _killed_while_writing(settings.corpus_db)
    with no_file_beyond(1000):
        with pytest.raises(StoreError, match=r"cannot be used \(disk I/O error\); check the disk's space$"):
            open_newsroom(settings, behind=True)
        room = open_newsroom(settings)
        assert room.ask(Query("When did the ferry to Skarrow sail?", datetime.now(UTC))).articles == 1
        room.close()
    assert damage(data / "corpus.db") == []


def _killed_while_writing(path: Path) -> None:
    """Leave a store with something in its log and nobody at it."""
    store = Store(path)
    store.put_source(Source("The Harbour Post", SourceKind.FEED, "https://harbour.example/feed"))
    kept = {each: each.read_bytes() for each in (path, path.with_name(f"{path.name}-wal"))}
    store.close()
    for each, held in kept.items():
        each.write_bytes(held)


def test_a_folder_that_is_read_only_is_named(data: Path) -> None:
    """Whatever has to be written says which file and who is asked; nobody is sent to a backup for it."""
    before = current_version(data / "index")
    settings = load_settings(None, data_dir=data)
    Journal(settings.journal_db).close()
    with read_only(data):
        with pytest.raises(IndexUnavailable) as caught:
            read(data)
        said = f"{data / 'index'}: cannot be written (Permission denied); check NEWSDESK_DATA_DIR and the disk's space"
        assert str(caught.value) == said
        with pytest.raises(JournalError, match="check the disk's space and the file's permissions"):
            Journal(settings.journal_db)
        with pytest.raises(StoreError) as refused:
            Store(settings.corpus_db)
        assert str(refused.value) == (
            f"{settings.corpus_db}: cannot be used (attempt to write a readonly database);"
            " check who may read and write it and its folder, and NEWSDESK_DATA_DIR"
        )
        with pytest.raises(
            SettingsError, match=r"secret: cannot be read or made \(Permission denied\); .* NEWSDESK_SECR"
        ):
            installation_secret(settings)
        with pytest.raises(NewsdeskError, match=r"b: cannot be written \(Permission denied\); .*who may write there"):
            back_up(settings, data / "b")
        told = asyncio.run(_checked(settings))
    assert [each.found for each in told if each.what == "disk" and each.state is State.MEND] == [
        f"this user may not write to {data}, so nothing can be read, logged or remembered"
    ]
    assert [each.state for each in told if each.what == "index"] == [State.FINE]
    assert current_version(data / "index") == before


async def _checked(settings: Settings) -> list[Check]:
    return [each async for each in checks(settings, None)]


def test_versions_that_somebody_else_owns_are_named(data: Path) -> None:
    """The index alone is of another user, who ran the first reindex."""
    (data / "news" / "more.txt").write_text("Another report\n\nThe company offered three per cent in March.\n")
    with read_only(data), meanwhile_its_owner(data):
        for each in (data, data / "index", *data.glob("*.db"), *(data / "index").glob("*")):
            each.chmod(0o777)
        (data / "index" / "versions").chmod(0o555)
        with somebody_else(), pytest.raises(IndexUnavailable) as caught:
            read(data)
    assert str(caught.value) == (
        f"{data / 'index'}: cannot be written (Permission denied); the index in use stays;"
        " check who may write there, then run scripts/reindex.py again"
    )
    assert ask(data) == [FERRY]


def test_a_folder_that_is_read_only_is_answered_from(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a new process, too: the old index serves, the store is read as it lies there, and it can be backed up.

    Where its owner goes on writing, that is followed: while the store is being written, and after it.
    """
    settings = load_settings(None, data_dir=data)
    Journal(settings.journal_db).close()
    copy = Path(tempfile.mkdtemp()) / "copy"
    copy.parent.chmod(0o777)
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    launch = importlib.import_module("launch")
    with read_only(data):
        launch.follow_update(settings)  # scripts/start goes on, too
        assert capsys.readouterr().err == (
            f"start: {data}: nothing can be written there; answering from what is there\n"
        )
        assert ask(data) == [FERRY]
        room = opened(data)
        assert quotes(room) == [FERRY]
        back_up(settings, copy)
        with meanwhile_its_owner(data):
            writer = Store(settings.corpus_db)
            writer.withdraw(writer.quotable_articles())
        assert (data / "corpus.db-wal").stat().st_size
        assert quotes(room) == []  # at once, from what the writer has not moved into the file yet
        with meanwhile_its_owner(data):
            writer.close()
            (data / "news" / "ferry.txt").write_text("A headline\n\nThe ferry to Skarrow sailed again on Sunday.\n")
            read(data)
        room.refresh()
        assert quotes(room) == ["The ferry to Skarrow sailed again on Sunday."]
        room.close()
    assert damage(copy / "corpus.db") == damage(copy / "journal.db") == []
    shutil.rmtree(copy.parent)


def test_a_folder_that_cannot_be_read_is_named_before_its_files_are_missed(data: Path) -> None:
    """Nothing says that there is no index, or ends with a traceback, where only the user or the path is a wrong one."""
    for folder in (data, data / "corpus.db"):
        data.chmod(0 if folder == data else 0o755)
        try:
            with somebody_else(), pytest.raises(SettingsError) as caught:
                load_settings(None, data_dir=folder)
        finally:
            data.chmod(0o755)
        assert str(caught.value) == (
            f"NEWSDESK_DATA_DIR: {folder} is no folder that this user may read;"
            " check the path and the permissions, or run it as the user who owns it"
        )


def test_a_folder_of_versions_that_takes_nothing_leaves_the_old_index(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only publishing fails, the build says so and the old version answers."""
    before = current_version(data / "index")
    (data / "news" / "more.txt").write_text("Another report\n\nThe company offered three per cent in March.\n")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("index.published.os.replace", full)
        with pytest.raises(IndexUnavailable) as caught:
            read(data)
    assert str(caught.value) == (
        f"{data / 'index'}: cannot be written (No space left on device); the index in use stays;"
        " check the disk's space, then run scripts/reindex.py again"
    )
    assert current_version(data / "index") == before
    assert ask(data) == [FERRY]
    assert read(data) != before


@pytest.mark.parametrize("name", ["corpus.db", "journal.db"])
def test_a_database_of_a_newer_version_is_refused_unchanged(data: Path, name: str) -> None:
    """The error says to update, and nothing is written to the file."""
    path = data / name
    Journal(data / "journal.db").close()
    db = sqlite3.connect(path)
    if name == "corpus.db":
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    else:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('newsdesk.journal', 'm999', '')"
        )
    db.commit()
    db.close()
    before = path.read_bytes()
    if name == "corpus.db":
        for readonly in (False, True):
            with pytest.raises(StoreError, match=r"corpus\.db: was written by a newer Newsdesk .*; update Newsdesk"):
                Store(path, readonly=readonly)
    else:
        with pytest.raises(JournalError, match=r"journal\.db: was written by a later version .*; update Newsdesk"):
            Journal(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["corpus.db", "journal.db"])
def test_a_file_that_is_no_database_is_named(data: Path, name: str) -> None:
    """And not written to: it may be something of the operator's."""
    path = data / name
    for each in (path.with_name(f"{name}-wal"), path.with_name(f"{name}-shm")):
        each.unlink(missing_ok=True)
    path.write_bytes(b"My diary\n" * 1000)
    with pytest.raises(NewsdeskError, match=rf"{name}: .*not a database.*; "):
        Store(path) if name == "corpus.db" else Journal(path)
    assert path.read_bytes() == b"My diary\n" * 1000


def test_a_version_of_others_is_not_answered_from(data: Path) -> None:
    """The folder of another installation's index, copied in whole, does not follow this store: verify finds it."""
    other = data.with_name("other")
    (other / "news").mkdir(parents=True)
    (other / "news" / "a.txt").write_text("Some headline\n\nThe river rose by two metres in a night.\n")
    read(other)
    shutil.rmtree(data / "index")
    shutil.copytree(other / "index", data / "index")
    assert ask(data) != ["The river rose by two metres in a night."]  # the store has the last word
    store = Store(data / "corpus.db")
    assert any(each.found for each in verify_index(store, data / "index"))
    store.close()


def test_the_script_verifies_and_rolls_back(demo_data_dir: Path, tmp_path: Path) -> None:
    """Over the sample corpus: fine, damaged and mended, rolled back, and one line where there is no version before."""
    data = tmp_path / "data"
    shutil.copytree(demo_data_dir, data, symlinks=True)

    def run(option: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "scripts/reindex.py", option],
            cwd=ROOT,
            env={"NEWSDESK_DATA_DIR": str(data), "PATH": "/usr/bin:/bin", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )

    first = open_current(data / "index").manifest.version
    done = run("--rollback")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "keeps no version before the current one" in done.stderr
    done = run("--verify")
    assert done.returncode == 0, done.stderr
    assert "passages, id by id" in done.stderr
    assert open_current(data / "index").manifest.version == first
    (data / "index" / "versions" / first / "articles.bin").write_bytes(
        bytes((data / "index" / "versions" / first / "articles.bin").stat().st_size)
    )
    done = run("--verify")
    assert done.returncode == 0, done.stderr
    assert "has another article in the index" in done.stderr
    mended = current_version(data / "index")
    assert mended != first
    done = run("--rollback")
    assert done.returncode == 0, done.stderr
    assert f"index {first} of " in done.stderr
    assert current_version(data / "index") == first
