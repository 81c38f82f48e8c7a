"""journal.db: what is written, what is kept apart, and what a broken file does."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest

from bot.journal import Exchange, Installation, Journal, JournalError, JournalVersionError, Surface, member_key
from bot.records import Answer, Citation, Match
from index.records import Query

NOW = datetime(2026, 3, 3, 14, 30, tzinfo=timezone(timedelta(hours=2)))


def citation(number: int) -> Citation:
    """The ``number``-th quote, from article 10 * number."""
    return Citation(
        number, "Ice blocked it.", "Ice blocked it.", "Ferry", "Post", None, None, 10 * number, 2, 3, 4, 19, 0.5
    )


def exchange(question: str = "Why?", quotes: int = 2) -> Exchange:
    """A slash question in a guild with ``quotes`` quotes."""
    answer = Answer(
        query=Query(question, NOW),
        answered=quotes > 0,
        confidence=0.75,
        match=Match.STRONG if quotes else Match.NONE,
        citations=tuple(citation(number) for number in range(1, quotes + 1)),
        nearest=None,
        articles=40,
        oldest=None,
        took_ms=9.0,
        stages={"embed": 1.5, "search": 2.5},
        model="mini",
        index_version="v3",
    )
    return Exchange(
        asked=NOW,
        surface=Surface.SLASH,
        question=question,
        reply="> Ice blocked it.",
        answer=answer,
        took_ms=12.5,
        installation=Installation.USER,
        guild=1,
        channel=2,
        member="key",
        locale="de",
        private=True,
        question_message=None,
        reply_message=99,
        request="abcd",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "journal.db"


def test_an_exchange_is_a_row_with_its_citations(path: Path) -> None:
    """Times are UTC; stages come back as they went in; a citation is the store's ids, offsets, score and words."""
    journal = Journal(path)
    assert journal.record(exchange("First?")) == 1
    assert journal.record(exchange("Second?", quotes=0)) == 2
    second, first = journal.recent(5)
    assert first == {
        "id": 1,
        "asked": "2026-03-03T12:30:00.000+00:00",
        "request": "abcd",
        "surface": "slash",
        "installation": "user",
        "guild": 1,
        "channel": 2,
        "private": 1,
        "locale": "de",
        "member": "key",
        "question": "First?",
        "question_message": None,
        "reply_message": 99,
        "answered": 1,
        "confidence": 0.75,
        "match": "strong",
        "reply": "> Ice blocked it.",
        "model": "mini",
        "index_version": "v3",
        "stages": {"embed": 1.5, "search": 2.5},
        "took_ms": 12.5,
        "ticket": None,
        "follows": None,
        "understood": None,
        "pages": None,
        "outlets": None,
        "act": None,
        "argument": None,
        "citations": [
            {
                "exchange": 1,
                "number": number,
                "article": 10 * number,
                "revision": 2,
                "passage": 3,
                "start": 4,
                "end": 19,
            }
            | {"score": 0.5, "quote": "Ice blocked it."}
            for number in (1, 2)
        ],
    }
    assert (second["answered"], second["match"], second["citations"]) == (0, "none", [])
    assert [row["id"] for row in journal.recent(1)] == [2]
    journal.close()


def test_the_log_survives_a_restart_and_is_readable_by_its_owner_alone(path: Path) -> None:
    journal = Journal(path)
    journal.record(exchange())
    journal.close()
    again = Journal(path)
    assert len(again.recent(5)) == 1
    again.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_a_member_wrote_can_be_forgotten_and_the_quotes_stay(path: Path) -> None:
    """Question, member and reply may be null; citations belong to a row that exists."""
    journal = Journal(path)
    journal.record(exchange())
    journal.close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("UPDATE exchanges SET question = NULL, member = NULL, reply = NULL")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM exchanges")
    assert db.execute("SELECT quote FROM citations").fetchall() == [("Ice blocked it.",)] * 2
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM exchanges WHERE reply_message = 1", "reply_message"),
        ("SELECT * FROM exchanges WHERE question_message = 1", "question_message"),
        ("SELECT * FROM exchanges WHERE member = 'a'", "member"),
        ("SELECT * FROM exchanges WHERE guild = 1 AND asked > '2026'", "guild_asked"),
        ("SELECT * FROM exchanges WHERE asked < '2026'", "asked"),
        ("SELECT * FROM citations WHERE article = 1 AND revision = 2", "article_revision"),
    ],
)
def test_what_later_work_looks_up_is_indexed(path: Path, sql: str, index: str) -> None:
    Journal(path).close()
    db = sqlite3.connect(path)
    plan = str(db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())  # the list above
    db.close()
    assert f"USING INDEX idx_{sql.split()[3]}_{index} " in plan


def test_a_locked_file_is_an_error_that_leaves_nothing_half_written(path: Path) -> None:
    """Within two seconds, and the same journal works once the lock is gone."""
    journal = Journal(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="locked"):
        journal.record(exchange())
    other.execute("ROLLBACK")
    other.close()
    assert journal.recent(5) == []
    assert journal.record(exchange()) == 1
    journal.close()


def test_a_full_disk_is_an_error_and_passes(path: Path) -> None:
    journal = Journal(path)
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(JournalError, match="full"):
        journal.record(exchange("w" * 50_000))
    journal._db.execute("PRAGMA max_page_count=1000000")
    assert journal.record(exchange()) == 1
    journal.close()


def test_a_journal_of_a_later_version_is_refused(path: Path) -> None:
    """By name of the step it does not know, with the remedy; the file is left as it is."""
    journal = Journal(path)
    journal._db.table("_sqlite_migrations").insert(
        {"migration_set": "newsdesk.journal", "name": "m999_future", "applied_at": "2030"}
    )
    journal.close()
    with pytest.raises(JournalVersionError) as caught:
        Journal(path)
    assert str(caught.value) == (
        f"{path}: was written by a later version of Newsdesk (m999_future); "
        "update Newsdesk, or restore the file from before the update"
    )


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, just some text in a file" * 50)
    with pytest.raises(JournalError) as caught:
        Journal(path)
    assert str(caught.value).startswith(f"{path}: file is not a database; ")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match=r"journal\.db"):
        Journal(tmp_path / "file" / "journal.db")


def test_a_members_key_depends_on_the_secret() -> None:
    """HMAC-SHA256 of "member:" and the id, against a value computed with OpenSSL."""
    assert member_key(b"secret", 42) == "23e043b00e2088dca438d649fc66efeef708df628125943408fd68f2e7f910eb"
    assert member_key(b"other", 42) != member_key(b"secret", 42)
    assert member_key(b"secret", 43) != member_key(b"secret", 42)


def test_a_transaction_that_reads_first_waits_for_another_process(tmp_path: Path) -> None:
    """A takedown beside the running bot reads what it has to remove, and then removes it."""
    path = tmp_path / "journal.db"
    journal = Journal(path)

    def write() -> None:
        other = Journal(path)
        with other._db.atomic():
            other._db.execute("UPDATE reread SET exchange = exchange + 5")
        other.close()

    thread = Thread(target=write)
    with journal._db.atomic():
        (before,) = journal._db.execute("SELECT exchange FROM reread").fetchone()
        thread.start()
        thread.join(0.3)
        journal._db.execute("UPDATE reread SET exchange = ?", [before + 1])
    thread.join()
    assert journal._db.execute("SELECT exchange FROM reread").fetchone() == (6,)
    journal.close()
