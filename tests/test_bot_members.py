"""Every table of journal.db that holds something of a member is shown, exported, deleted, aged and replayed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot_house import shared_catalogue
from test_bot_retention import everything, exchange, opened

from bot.commands.privacy import _counts
from bot.journal import Journal
from bot.journal_members import HOLDINGS, IMPERSONAL, QUESTIONS, Holding
from bot.settings import ROOT

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=31)
KEY = "zyzzyva" * 9
OF_PEOPLE = ("member", "user", "author", "asker", "who", "name", "mail", "sealed", "recipient", "person")
"""What a column that leads to a person might be called."""

each_holding = pytest.mark.parametrize("holding", HOLDINGS, ids=lambda each: each.table)


def columns(journal: Journal, table: str) -> dict[str, str]:
    """Type by name."""
    return {row[1]: row[2] for row in journal._db.execute(f"PRAGMA table_info({table})").fetchall()}


def fill(journal: Journal, holding: Holding, at: datetime) -> dict[str, Any]:
    """A row of a table with something in every column; the member is ``KEY``."""
    exchange_row = journal.record(exchange(f"q{at}", at, member="ben"))
    row: dict[str, Any] = {}
    for name, kind in columns(journal, holding.table).items():
        row[name] = {"TEXT": f"some {name}", "INTEGER": exchange_row, "REAL": 0.5, "FLOAT": 0.5, "BLOB": b"\0\1"}[kind]
    row |= {"member": KEY, holding.moment: at.isoformat()}
    if "until" in row:
        row["until"] = (NOW + timedelta(days=9)).isoformat()
    journal._db.table(holding.table).insert(row)
    return row


def counted(journal: Journal, holding: Holding) -> int:
    return int(journal._db.execute(f"SELECT count(*) FROM {holding.table} WHERE member = ?", [KEY]).fetchone()[0])


def test_every_table_is_known(tmp_path: Path) -> None:
    """A new one is put into ``HOLDINGS``, or into ``IMPERSONAL`` with the reason why no member is in it."""
    journal = opened(tmp_path)
    tables = {name for name in journal._db.table_names() if not name.startswith("sqlite_")}
    assert tables == {QUESTIONS, *(each.table for each in HOLDINGS), *IMPERSONAL}
    suspicious = {
        f"{table}.{column}"
        for table in IMPERSONAL
        for column in columns(journal, table)
        if any(word in column for word in OF_PEOPLE) and table != "_sqlite_migrations"
    }
    assert suspicious == set()
    for table in (QUESTIONS, *(each.table for each in HOLDINGS)):
        assert "member" in columns(journal, table), table
    journal.close()


@each_holding
def test_a_member_is_told_of_it_and_takes_every_column_along(tmp_path: Path, holding: Holding) -> None:
    journal = opened(tmp_path)
    row = fill(journal, holding, NOW)
    kept = journal.privacy.kept(KEY)
    wanted = {each.name: int(each is holding) for each in HOLDINGS}
    assert (kept.nothing, kept.rows) == (False, {**wanted, "shown": 0})
    for language in ("de", "en"):
        assert len(_counts(kept, shared_catalogue().texts(language))) == 1
    found = journal.privacy.everything(KEY)
    (shown,) = found[holding.name]
    assert set(shown) == set(row) - {"member"}
    for name, value in shown.items():
        assert str(value) == str(row[name]) or isinstance(row[name], bytes), name
    assert [found[each.name] for each in HOLDINGS if each is not holding] == [[]] * (len(HOLDINGS) - 1)
    journal.close()


@each_holding
def test_a_deletion_and_its_replay_leave_no_key_in_it(tmp_path: Path, holding: Holding) -> None:
    """A row of before goes, also out of an older journal that is put back; one of since then stays."""
    journal = opened(tmp_path)
    fill(journal, holding, NOW - timedelta(hours=2))
    journal.privacy.settle()
    shutil.copy(tmp_path / "journal.db", tmp_path / "backup")
    journal.privacy.delete(KEY, now=NOW)
    assert counted(journal, holding) == 0
    fill(journal, holding, NOW + timedelta(hours=1))
    assert counted(journal, holding) == 1
    journal.close()
    shutil.move(tmp_path / "backup", tmp_path / "journal.db")
    journal = opened(tmp_path)
    assert counted(journal, holding) == 0
    journal.close()
    assert KEY.encode() not in everything(tmp_path)


@each_holding
def test_the_key_goes_after_the_retention_time_or_when_the_row_says(tmp_path: Path, holding: Holding) -> None:
    journal = opened(tmp_path)
    fill(journal, holding, OLD)
    journal.privacy.forget_before(NOW - timedelta(days=30))
    if holding.aged is None:
        assert "until" in columns(journal, holding.table)
        for each in (journal.recipients, journal.follows):
            each.forget_before(NOW + timedelta(days=10))
    assert counted(journal, holding) == 0
    journal.close()


def test_a_question_is_taken_along_with_every_column(tmp_path: Path) -> None:
    """Ids as text, because they are too long for the numbers of JSON."""
    journal = opened(tmp_path)
    journal.record(exchange("why", NOW, member=KEY, pages=(("a", "b"), ("c",))))
    (question,) = journal.privacy.everything(KEY)["questions"]
    assert set(question) == (set(columns(journal, QUESTIONS)) - {"member"}) | {"quotes", "differing", "corrections"}
    assert (question["guild"], question["channel"], question["question_message"]) == ("1", "2", "50")
    assert question["pages"] == [["a", "b"], ["c"]]
    journal.close()


def test_nothing_that_members_wrote_is_read_to_calibrate() -> None:
    """The script that fits the figures does not know the log, and nothing in its hands opens a database."""
    code = (
        "import sys; sys.path[:0] = ['scripts', '.']; import calibrate, fits; print(*sorted(sys.modules));"
        "held = [*vars(calibrate).values(), *vars(fits).values()];"
        "print(*sorted({getattr(each, '__module__', None) or getattr(each, '__name__', '') for each in held}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules, held = done.stdout.splitlines()
    assert "index.confidence" in modules
    assert "journal" not in modules
    assert "bot.evaluation" in held
    assert not {each for each in held.split() if "sqlite" in each or each.startswith(("corpus.store", "bot.desk"))}


def test_a_second_journal_in_the_process_takes_no_lock_from_the_first(tmp_path: Path) -> None:
    """Else another process that comes and goes takes the log's newest rows away with it: they would be in no file."""
    journal = opened(tmp_path)
    opened(tmp_path).close()
    query = "SELECT count(*) FROM exchanges"
    count = (
        f"import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); print(*db.execute('{query}').fetchone()); db.close()"
    )
    for number in (1, 2):
        journal.record(exchange(f"q{number}", NOW))
        command = [sys.executable, "-c", count, str(tmp_path / "journal.db")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(number)
    journal.close()
