"""Words and keys go after the retention time, deletions hold after a restore, guilds that were left are forgotten."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot_house import FakeNewsroom, make_answer

from bot.desk import Desk
from bot.guilds import GuildSettings
from bot.journal import Exchange, Journal, JournalError, Surface
from bot.journal_acts import Act
from bot.journal_guilds import GuildBook
from bot.journal_privacy import without, without_in_pages
from bot.journal_verdicts import Verdict
from bot.upkeep import Upkeep
from bot.worker import Worker
from index.records import Query

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAYS = 30


def exchange(question: str, asked: datetime, **changed: Any) -> Exchange:
    """A question in a guild, with a reply that repeats it as Discord's do."""
    made = Exchange(
        asked=asked,
        surface=Surface.MENTION,
        question=question,
        reply=f"-# You asked: {question}\n**Strong match** with your question\n> Ice.\n-# Quoted word for word.",
        answer=make_answer(Query(question, asked)),
        took_ms=12.0,
        guild=1,
        channel=2,
        member="ann",
        locale="en-US",
        question_message=50,
        reply_message=60,
        request="abcd",
        ticket=question,
    )
    return dataclasses.replace(made, **changed)


def opened(folder: Path) -> Journal:
    return Journal(folder / "journal.db")


def everything(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.iterdir())


def rows(journal: Journal) -> dict[str, dict[str, Any]]:
    """The log, by the ticket."""
    return {str(row["ticket"]): row for row in journal.recent(100)}


async def test_nobody_judges_an_answer_twice_however_late(tmp_path: Path) -> None:
    """Once it is forgotten who judged it, no further verdict is taken, were it of somebody else."""
    journal = opened(tmp_path)
    old = NOW - timedelta(days=DAYS, hours=1)
    row = journal.record(exchange("Why?", old))
    quiet = journal.record(exchange("Since when?", old))
    assert journal.verdicts.give(row, "ann", Verdict.HELPFUL, now=old)
    assert journal.verdicts.give(row, "ann", Verdict.UNHELPFUL, now=old)
    assert journal.verdicts.give(row, "kim", Verdict.HELPFUL, now=NOW - timedelta(days=1))
    journal.close()
    await kept_up(tmp_path)
    journal = opened(tmp_path)
    assert not journal.verdicts.give(row, "ann", Verdict.HELPFUL, now=NOW)
    assert not journal.verdicts.give(row, "ben", Verdict.HELPFUL, now=NOW)
    assert journal.verdicts.give(row, "kim", Verdict.UNHELPFUL, now=NOW)  # who is known may change it
    found = journal._db.execute("SELECT member, verdict FROM verdicts ORDER BY member").fetchall()
    assert found == [(None, "unhelpful"), ("kim", "unhelpful")]
    assert journal.verdicts.give(quiet, "ann", Verdict.HELPFUL, now=NOW)  # nobody had judged that one
    journal.close()


async def kept_up(folder: Path, now: datetime = NOW, book: GuildBook | None = None) -> None:
    """One round of the bot's own upkeep."""
    worker, desk = Worker(), Desk(FakeNewsroom, lambda: opened(folder))
    assert await Upkeep(worker, desk, book or GuildBook(), DAYS).once(now)
    await worker.keep(desk.close)
    await worker.stop()


async def test_words_and_keys_older_than_the_retention_time_are_forgotten(tmp_path: Path) -> None:
    """The quotes and figures stay, and where the reply is; what is younger stays whole."""
    journal = opened(tmp_path)
    old, young = NOW - timedelta(days=DAYS, seconds=1), NOW - timedelta(days=DAYS) + timedelta(seconds=1)
    first = journal.record(exchange("why the zyzzyva", old))
    journal.record(exchange("young", young, member="ben"))
    journal.verdicts.give(first, "ann", Verdict.WRONG, "a quokka", now=old)
    journal.verdicts.give(first, "ben", Verdict.HELPFUL, now=young)
    journal.acts.add(Act(old, 1, "cleo", "setup", "language: de", "abcd"))
    journal.close()

    await kept_up(tmp_path)

    journal = opened(tmp_path)
    forgotten, stays = rows(journal)["why the zyzzyva"], rows(journal)["young"]
    assert [forgotten[name] for name in ("question", "member", "understood", "question_message")] == [None] * 4
    assert forgotten["reply"] == "**Strong match** with your question\n> Ice.\n-# Quoted word for word."
    assert (forgotten["guild"], forgotten["channel"], forgotten["reply_message"]) == (1, 2, 60)
    assert (forgotten["confidence"], forgotten["answered"], len(forgotten["citations"])) == (0.9, 1, 1)
    assert (stays["question"], stays["member"], stays["question_message"]) == ("young", "ben", 50)
    found = journal._db.execute("SELECT member, verdict, reason FROM verdicts ORDER BY given").fetchall()
    assert found == [(None, "wrong", ""), ("ben", "helpful", "")]
    (act,) = journal.acts.of(1)
    assert (act.member, act.detail, act.request) == (None, "language: de", "")
    journal.close()
    assert b"quokka" not in everything(tmp_path)
    assert b"cleo" not in everything(tmp_path)


async def test_the_channel_of_a_direct_conversation_goes_with_the_words(tmp_path: Path) -> None:
    """It leads to its member."""
    journal = opened(tmp_path)
    journal.record(exchange("why", NOW - timedelta(days=99), guild=None, channel=77))
    journal.close()
    await kept_up(tmp_path)
    journal = opened(tmp_path)
    assert rows(journal)["why"]["channel"] is None
    journal.close()


async def test_pages_lose_the_question_and_work(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    old = NOW - timedelta(days=99)
    pages = (
        ("-# You asked: q\n-# Understood as: u\n**Strong match**", "> a"),
        ("-# You asked: q\n-# Understood as: u", "> b"),
    )
    reply = "\n".join("\n".join(page) for page in pages)
    journal.record(exchange("q", old, pages=pages, reply=reply, understood="u"))
    journal.close()
    await kept_up(tmp_path)
    journal = opened(tmp_path)
    logged = journal.by_ticket("q")
    assert logged is not None
    assert logged.pages == (("**Strong match**", "> a"), ("> b",))
    assert (logged.question, logged.understood) == (None, None)
    assert rows(journal)["q"]["reply"] == "**Strong match**\n> a\n> b"
    journal.close()


async def test_many_rows_are_forgotten_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = opened(tmp_path)
    for number in range(12):
        journal.record(exchange(f"q{number}", NOW - timedelta(days=60 - number)))
    old = NOW - timedelta(days=30)
    assert [journal.privacy.forget_before(old, limit=5) for _ in range(4)] == [5, 5, 2, 0]
    assert all(row["question"] is None for row in journal.recent(20))
    journal.close()


async def test_a_second_round_changes_nothing(tmp_path: Path) -> None:
    """Above all it does not take more of the reply than what stood above its words."""
    journal = opened(tmp_path)
    journal.record(exchange("q", NOW - timedelta(days=99), reply="-# You asked: q\nWords.\n-# Small print."))
    journal.close()
    for _ in range(2):
        await kept_up(tmp_path)
    journal = opened(tmp_path)
    assert rows(journal)["q"]["reply"] == "Words.\n-# Small print."
    journal.close()


def test_a_deleted_reply_takes_along_the_question_that_stood_in_it_alone(tmp_path: Path) -> None:
    """That of a command; one that was asked in a message of its own stands there. Found without reading the log."""
    journal = opened(tmp_path)
    journal.record(exchange("command", NOW, question_message=None, reply_message=61))
    journal.record(exchange("mention", NOW, question_message=51, reply_message=62))
    assert journal.privacy.forget_messages([61, 62, 63]) == 1
    journal.record(exchange("late", NOW, question_message=None, reply_message=63))
    assert {key: row["question"] for key, row in rows(journal).items()} == {
        "command": None, "mention": "mention", "late": None,
    }  # fmt: skip
    asked: list[str] = []
    journal._db.conn.set_trace_callback(asked.append)
    journal.privacy.forget_messages([64])
    journal._db.conn.set_trace_callback(None)
    (query,) = [each for each in asked if each.startswith("SELECT id")]
    plan = " ".join(str(row[3]) for row in journal._db.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())
    assert "idx_exchanges_question_message" in plan
    assert "SCAN exchanges" not in plan
    journal.close()


async def test_the_round_is_daily_and_sooner_after_a_failure(tmp_path: Path) -> None:
    """Guilds that were left unnoticed, while the connection was away, are noted by the next round."""
    (tmp_path / "journal.db").mkdir()
    worker, desk = Worker(), Desk(FakeNewsroom, lambda: opened(tmp_path))
    moment, waited, done = [NOW], list[float](), asyncio.Event()

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        match len(waited):
            case 1:  # the disk works again
                (tmp_path / "journal.db").rmdir()
                journal = opened(tmp_path)
                for guild in (1, 2):
                    journal.guilds.put(guild, GuildSettings(language="de"), now=NOW)
                journal.close()
            case 2:
                moment[0] += timedelta(days=1)
            case 3:
                moment[0] += timedelta(days=DAYS)
            case _:
                done.set()
                await asyncio.Event().wait()

    joined = iter([{1, 2}, {1}, {1}])
    upkeep = Upkeep(worker, desk, GuildBook(), DAYS, lambda: next(joined), clock=lambda: moment[0], pause=pause)
    running = asyncio.create_task(upkeep.run())
    await asyncio.wait_for(done.wait(), 60)
    running.cancel()
    assert waited == [600.0, 86400.0, 86400.0, 86400.0]
    journal = opened(tmp_path)
    assert list(journal.guilds.all()) == [1]
    journal.close()
    await worker.keep(desk.close)
    await worker.stop()


def test_what_repeats_the_question_is_taken_from_a_reply() -> None:
    assert without("-# a\nb\n-# a\nc", ["-# a"]) == "b\nc"
    assert without(None, ["-# a"]) is None
    assert without_in_pages(None, ["-# a"]) is None
    assert without_in_pages('[["-# a\\nb", "c"], ["-# a", "d"]]', ["-# a"]) == '[["b", "c"], ["d"]]'


async def test_a_question_from_the_terminal_is_forgotten_and_its_quotes_stay(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    asked = exchange("why", NOW - timedelta(days=99), member=None, surface=Surface.TERMINAL, reply="Ice blocked it.")
    journal.record(asked)
    journal.close()
    await kept_up(tmp_path)
    journal = opened(tmp_path)
    assert (rows(journal)["why"]["question"], rows(journal)["why"]["reply"]) == (None, "Ice blocked it.")
    journal.close()


def test_a_restored_backup_follows_the_deletions(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What the member asked after them stays, and so do others; a damaged line holds nothing up."""
    early = NOW - timedelta(hours=2)
    journal = opened(tmp_path)
    journal.record(exchange("why the zyzzyva", early))
    journal.record(exchange("another", early, member="ben"))
    row = journal.record(exchange("a third", early, member="ben"))
    journal.verdicts.give(row, "ann", Verdict.WRONG, "a quokka", now=early)
    journal.close()
    shutil.copy(tmp_path / "journal.db", tmp_path / "backup")
    journal = opened(tmp_path)
    assert journal.privacy.delete("ann", now=NOW - timedelta(hours=1)).questions == 1
    journal.close()

    shutil.copy(tmp_path / "backup", tmp_path / "journal.db")
    (tmp_path / "backup").unlink()
    later = Journal(tmp_path / "journal.db")  # restored: the deletion is followed at once
    later.record(exchange("since then", NOW))
    later.close()
    with (tmp_path / "deletions.jsonl").open("a") as file:
        file.write('{"member": "cut sho')
    journal = opened(tmp_path)

    assert "line 2 is no deletion" in caplog.text
    assert sorted(str(row["question"]) for row in journal.recent(9)) == ["None", "a third", "another", "since then"]
    assert journal.verdicts.of(row) == {}
    journal.privacy.delete("ben", now=NOW)  # the line that was cut short does not swallow this one
    journal.close()
    assert b"zyzzyva" not in everything(tmp_path)
    assert b"quokka" not in everything(tmp_path)
    shutil.copy(tmp_path / "journal.db", tmp_path / "copy")
    assert (tmp_path / "deletions.jsonl").read_text().count("\n") == 3


def test_an_answer_that_was_on_its_way_is_forgotten_when_it_is_written(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    journal.privacy.delete("ann", now=NOW)
    journal.record(exchange("before", NOW - timedelta(seconds=1)))
    journal.record(exchange("after", NOW + timedelta(seconds=1)))
    assert [row["question"] for row in journal.recent(5)] == ["after", None]
    journal.close()


def test_deletions_that_cannot_be_read_keep_the_log_closed(tmp_path: Path) -> None:
    """Better nothing is logged for a while than that a deleted member comes back."""
    (tmp_path / "deletions.jsonl").mkdir()
    with pytest.raises(JournalError):
        opened(tmp_path)


def test_another_reader_only_delays_the_last_step(tmp_path: Path) -> None:
    """What was forgotten is out of the rows at once, and out of SQLite's log once the reader is done."""
    journal = opened(tmp_path)
    journal.record(exchange("why the zyzzyva", NOW))
    reader = opened(tmp_path)
    reader._db.execute("BEGIN")
    reader._db.execute("SELECT count(*) FROM exchanges").fetchone()
    journal.privacy.delete("ann", now=NOW)
    assert not journal.privacy.settled
    assert journal.privacy.kept("ann").nothing
    reader._db.execute("COMMIT")
    journal.privacy.settle()
    assert journal.privacy.settled
    assert b"zyzzyva" not in everything(tmp_path)
    reader.close()
    journal.close()


async def test_settings_of_a_guild_that_was_left_go_after_the_retention_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Counted from the departure, or from the start after it; who comes back in time finds everything as it was."""
    caplog.set_level(logging.INFO)
    chosen = GuildSettings(language="de")
    journal = opened(tmp_path)
    for guild in (1, 2, 3, 4):
        journal.guilds.put(guild, chosen, now=NOW)
    journal.acts.add(Act(NOW, 1, "ann", "setup"))
    journal.departures.left(1, now=NOW)
    journal.departures.left(2, now=NOW)
    journal.departures.back(2)
    journal.departures.compare([1 + 1, 4], now=NOW + timedelta(days=1))  # guild 3 was left while the bot was off
    book = GuildBook()
    book.take(journal.guilds.all())
    journal.close()

    await kept_up(tmp_path, NOW + timedelta(days=DAYS), book)

    journal = opened(tmp_path)
    assert sorted(journal.guilds.all()) == [2, 3, 4]
    assert journal.acts.of(1) == []
    journal.close()
    assert [book.of(guild).language for guild in (1, 2, 3, 4)] == [None, "de", "de", "de"]
    await kept_up(tmp_path, NOW + timedelta(days=DAYS + 1), book)
    journal = opened(tmp_path)
    assert sorted(journal.guilds.all()) == [2, 4]
    journal.departures.compare([2, 4], now=NOW + timedelta(days=DAYS + 2))
    assert journal.departures.forget_before(NOW + timedelta(days=999)) == []
    journal.close()
