"""scripts/backup: a consistent copy while others write, and the restore of docs/backup.md, done as it is written."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot_house import make_answer
from fakes import FakeEmbedder, an_article, put

from bot.answer import Newsroom
from bot.backup import back_up
from bot.journal import Exchange, Journal, Surface
from bot.settings import ROOT, Settings, installation_secret, load_settings
from corpus.database import damage
from corpus.errors import NewsdeskError
from corpus.store import Store
from corpus.verify import verify_store
from index.build import build
from index.confidence import load as load_calibration
from index.embedder import Embedder
from index.published import open_current
from index.records import Query

FERRY = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an article, an index, a secret and one logged answer."""
    folder = tmp_path / "data"
    settings = load_settings(None, data_dir=folder)
    store = Store(settings.corpus_db)
    put(store, an_article(FERRY), "ferry")
    build(store, FakeEmbedder(), settings.index_dir)
    store.close()
    installation_secret(settings)
    ask(settings)
    return folder


def ask(settings: Settings, embedder: Embedder | None = None) -> list[str]:
    """Ask once and log it; the quotes of the answer."""
    store = Store(settings.corpus_db, readonly=True)
    room = Newsroom(settings, store, embedder or FakeEmbedder(), load_calibration(), demonstrate=True, threshold=0.0)
    answer = room.ask(Query("When did the ferry sail?", datetime.now(UTC)))
    journal = Journal(settings.journal_db)
    journal.record(Exchange(datetime.now(UTC), Surface.TERMINAL, "When did the ferry sail?", "reply", answer, 1.0))
    journal.close()
    room.close()
    return [each.quote for each in answer.citations]


def test_a_backup_holds_what_cannot_be_made_again(data: Path, tmp_path: Path) -> None:
    """Both databases and the secret, whole, for their owner alone, with their digests; no index unless asked."""
    made = back_up(load_settings(None, data_dir=data), tmp_path / "copy")
    assert made == tmp_path / "copy"
    assert sorted(each.name for each in made.iterdir()) == ["backup.json", "corpus.db", "journal.db", "secret"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in made.iterdir()} == {0o600}
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert (made / "secret").read_bytes() == (data / "secret").read_bytes()
    assert damage(made / "corpus.db") == damage(made / "journal.db") == []
    assert set(json.loads((made / "backup.json").read_text())["files"]) == {"corpus.db", "journal.db", "secret"}
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".copy")] == []


def test_a_restore_follows_the_deletions_of_after_the_backup(data: Path, tmp_path: Path) -> None:
    """With the file of the folder that was put aside, as docs/backup.md says; each backup holds those of before it."""
    settings = load_settings(None, data_dir=data)
    log(settings, "ann", "ben", "cleo")
    delete(settings, "ann")
    made = back_up(settings, tmp_path / "copy")
    assert (made / "deletions.jsonl").read_bytes() == (data / "deletions.jsonl").read_bytes()
    delete(settings, "ben")
    data.rename(tmp_path / "data.before")
    shutil.copytree(made, data)
    (restore,) = [line for line in section(ROOT / "docs" / "backup.md", "Restore") if line.startswith("cp -p ")]
    (data.parent / "data.before" / "takedowns.jsonl").touch()
    subprocess.run(restore.split(), check=True, cwd=data.parent)
    journal = Journal(settings.journal_db)
    assert {row["member"] for row in journal.recent(9)} == {None, "cleo"}
    journal.close()


def log(settings: Settings, *members: str) -> None:
    """A question of each member."""
    journal = Journal(settings.journal_db)
    for member in members:
        now = datetime.now(UTC)
        answer = make_answer(Query("why?", now))
        journal.record(Exchange(now, Surface.SLASH, "why?", "reply", answer, 1.0, member=member))
    journal.close()


def delete(settings: Settings, member: str) -> None:
    journal = Journal(settings.journal_db)
    journal.privacy.delete(member, now=datetime.now(UTC))
    journal.close()


def section(file: Path, title: str) -> list[str]:
    """The lines of a section of a document."""
    text = file.read_text(encoding="utf-8")
    return text.split(f"## {title}\n")[1].split("\n## ")[0].splitlines()


def test_a_backup_with_the_index_answers_at_once(data: Path, tmp_path: Path) -> None:
    """The copied version is current in the copy."""
    made = back_up(load_settings(None, data_dir=data), tmp_path / "copy", index=True)
    assert open_current(made / "index").manifest == open_current(data / "index").manifest
    assert ask(load_settings(None, data_dir=made)) == [FERRY]


def test_a_backup_while_others_write_is_of_one_moment(data: Path, tmp_path: Path) -> None:
    """Whatever is put and logged meanwhile: each copy is whole, and its log cites nothing that its store lacks."""
    settings = load_settings(None, data_dir=data)
    stop = threading.Event()

    def write() -> None:
        store = Store(settings.corpus_db)
        number = 0
        while not stop.is_set():
            number += 1
            put(store, an_article(FERRY, f"It carried {number} cars on the first of its journeys."), "ferry")
            put(store, an_article(FERRY), f"key {number}")
            ask(settings)
        store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [back_up(settings, tmp_path / f"copy {number}") for number in range(5)]
    finally:
        stop.set()
        writer.join()
    for copy in copies:
        assert damage(copy / "corpus.db") == damage(copy / "journal.db") == []
        store = Store(copy / "corpus.db")
        assert [each.found for each in verify_store(store)] == [0, 0, 0]
        journal = Journal(copy / "journal.db")
        for row in journal.recent(1000):
            for cited in row["citations"]:
                text = store.revision_text(cited["revision"])
                assert text is not None
                assert text[cited["start"] : cited["end"]] == cited["quote"]
        journal.close()
        store.close()


def test_what_cannot_be_backed_up_is_named(data: Path, tmp_path: Path) -> None:
    """A folder that is there, no data, a damaged database, a disk that takes nothing; no half copy stays."""
    settings = load_settings(None, data_dir=data)
    (tmp_path / "there").mkdir()
    with pytest.raises(NewsdeskError, match=r"there: is there already; name another folder"):
        back_up(settings, tmp_path / "there")
    with pytest.raises(NewsdeskError, match="no articles have been read; check NEWSDESK_DATA_DIR"):
        back_up(load_settings(None, data_dir=tmp_path / "nothing"), tmp_path / "copy")
    (tmp_path / "file").touch()
    with pytest.raises(NewsdeskError, match=r"copy: cannot be written .*; check the disk's space"):
        back_up(settings, tmp_path / "file" / "copy")
    (data / "journal.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(NewsdeskError, match=r"journal\.db: cannot be copied"):
        back_up(settings, tmp_path / "copy")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "file", "there"]


def test_the_documented_restore_brings_everything_back(
    data: Path, tmp_path: Path, models_dir: Path, embedder: Embedder
) -> None:
    """The commands of docs/backup.md, run as they stand but for the paths, after the data folder was lost."""
    environment = {"NEWSDESK_DATA_DIR": str(data), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    text = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    backup, restore = blocks[0], next(each for each in blocks if "cp -a" in each)
    copy = tmp_path / "copy"

    def run(commands: str) -> subprocess.CompletedProcess[str]:
        commands = commands.replace("/backups/newsdesk", str(copy)).replace(" data", f" {data}")
        return subprocess.run(
            ["bash", "-euc", commands], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    taken = run(backup)
    assert (taken.returncode, taken.stdout) == (0, f"{copy}\n"), taken.stderr
    secret = (data / "secret").read_bytes()
    shutil.rmtree(data)
    data.mkdir()
    (data / "corpus.db").write_bytes(b"what the accident left")
    move, check = restore.rsplit(".venv/bin/python scripts/reindex.py --verify", 1)[0], restore.splitlines()[-1]
    assert check == ".venv/bin/python scripts/reindex.py --verify"
    restored = run(move)
    assert restored.returncode == 0, restored.stderr
    (data / "models").symlink_to(models_dir)  # only to save the time of exporting the model once more
    checked = run(f"'{sys.executable}' scripts/reindex.py --verify")
    assert checked.returncode == 0, checked.stderr
    settings = load_settings(None, data_dir=data)
    assert (data / "secret").read_bytes() == secret
    assert ask(settings, embedder) == [FERRY]
    journal = Journal(settings.journal_db)
    assert len(journal.recent(10)) == 2
    journal.close()


def test_the_script_says_where_the_copy_is(data: Path) -> None:
    """Without a folder: a dated one in the data folder; the path alone on standard output."""
    done = subprocess.run(
        [sys.executable, "scripts/backup.py", "--index"],
        cwd=ROOT,
        env={"NEWSDESK_DATA_DIR": str(data), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = Path(done.stdout.strip())
    assert made.parent == data / "backups"
    assert re.fullmatch(r"\d{8}T\d{6}Z", made.name)
    assert open_current(made / "index").manifest == open_current(data / "index").manifest
