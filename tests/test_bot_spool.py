"""What the log cannot take waits on the disk: through a kill, a full disk and a takedown."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot_house import FakeNewsroom, make_answer, make_citation

from bot.desk import Desk
from bot.journal import Exchange, Installation, Journal, Surface, entry_of
from bot.records import Dispute
from bot.spool import FILE, ROOM_FILE, Spool
from corpus.takedown import Takedown, remember
from index.records import Query

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROOM = 1 << 16


def exchange(number: int) -> Exchange:
    answer = make_answer(Query("Why?", NOW), make_citation())
    answer = replace(answer, disputes=(Dispute("number", "4", "5", make_citation(9, article=70)),), outlets=("A", "B"))
    return Exchange(
        NOW, Surface.SLASH, f"Why {number}?", "Because.", answer, 1.0, Installation.GUILD, 1, 2, "ann",
        reply_message=100 + number, ticket=f"{number:016x}",
    )  # fmt: skip


def opened(folder: Path) -> Desk:
    return Desk(FakeNewsroom, lambda: Journal(folder / "journal.db"), spool=Spool(folder, room=ROOM))


def questions(folder: Path) -> list[str]:
    journal = Journal(folder / "journal.db")
    found = [str(row["question"]) for row in journal.recent(9)]
    journal.close()
    return found


def locked(folder: Path) -> sqlite3.Connection:
    """Another process writes, and does not end."""
    Journal(folder / "journal.db").close()
    other = sqlite3.connect(folder / "journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_what_waits_outlives_a_kill_and_is_written_once(tmp_path: Path) -> None:
    """The process is gone without a word; the next one writes what it left, quotes and all."""
    other = locked(tmp_path)
    desk = opened(tmp_path)
    desk.record(exchange(1))
    desk.record(exchange(2))
    assert desk.unwritten == 2
    del desk
    other.close()
    assert questions(tmp_path) == []
    after = opened(tmp_path)
    after.journal()
    assert questions(tmp_path) == ["Why 2?", "Why 1?"]
    rows = after.journal()._db.execute("SELECT count(*) FROM citations").fetchone()[0]
    rows += after.journal()._db.execute("SELECT count(*) FROM disputes").fetchone()[0]
    assert rows == 4
    assert not (tmp_path / FILE).exists()
    assert (tmp_path / ROOM_FILE).stat().st_size == ROOM
    after.close()


def test_killed_between_log_and_file_nothing_is_written_twice(tmp_path: Path) -> None:
    spool = Spool(tmp_path, room=ROOM)
    assert spool.add(entry_of(exchange(1)))
    journal = Journal(tmp_path / "journal.db")
    journal.recover(spool.entries())
    journal.close()
    desk = opened(tmp_path)
    desk.record(exchange(2))
    assert questions(tmp_path) == ["Why 2?", "Why 1?"]
    assert Spool(tmp_path).entries() == []
    desk.close()


def test_once_the_log_works_again_the_file_goes(tmp_path: Path) -> None:
    other = locked(tmp_path)
    desk = opened(tmp_path)
    desk.record(exchange(1))
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    other.close()
    desk.refresh()
    assert (desk.unwritten, questions(tmp_path)) == (0, ["Why 1?"])
    assert not (tmp_path / FILE).exists()
    desk.close()


def test_on_a_full_disk_the_room_is_given_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room that was kept is what the entry is written into."""
    spool = Spool(tmp_path, room=ROOM)
    spool.reserve()
    append = spool._append

    def full(line: bytes) -> None:
        if (tmp_path / ROOM_FILE).exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        append(line)

    monkeypatch.setattr(spool, "_append", full)
    assert spool.add(entry_of(exchange(1)))
    assert [each.exchange["question"] for each in spool.entries()] == ["Why 1?"]
    spool.clear()
    assert (tmp_path / ROOM_FILE).stat().st_size == ROOM


def test_a_line_cut_short_costs_itself_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path, room=ROOM)
    spool.add(entry_of(exchange(1)))
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2])
    spool.add(entry_of(exchange(2)))
    assert [each.exchange["question"] for each in spool.entries()] == ["Why 2?"]
    assert "line 1 is no entry of the log" in caplog.text


def test_what_was_taken_down_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    """A takedown while the answer waited holds for it, too."""
    Spool(tmp_path, room=ROOM).add(entry_of(exchange(1)))
    at = (NOW + timedelta(hours=1)).isoformat(timespec="milliseconds")
    remember(tmp_path / "corpus.db", Takedown("0" * 32, at, (7,), ()))
    desk = opened(tmp_path)
    (row,) = desk.journal().recent(5)
    assert [each["quote"] for each in row["citations"]] == ["[removed: the article was taken down]"]
    assert row["reply"] == "[removed: the article was taken down]"
    desk.close()
