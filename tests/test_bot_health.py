"""Whoever watches over the bot learns whether it is well; the process that keeps the sources fresh is kept alive."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from bot_house import SECRET, FakeGuilds, FakeNewsroom, make_answer, shared_catalogue
from discord_server import DiscordServer
from test_wire import QUESTION, START, copied, running

from bot import logs, render
from bot.client import Newsdesk, make_client
from bot.commands.parts import Parts
from bot.desk import Desk
from bot.freshness import last_checked, last_of_all
from bot.health import Health
from bot.journal import Journal
from bot.limits import Limits
from bot.settings import Settings, SettingsError, load_settings
from bot.watching import Watching, command
from bot.worker import Worker
from corpus.visits import SourceState
from index.records import Query

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SOURCES = '[[source]]\nname = "Post"\nkind = "folder"\npath = "post"\n'


@pytest.fixture
def port() -> Iterator[int]:
    """A port for the health endpoint; held, so that nobody else is given it before the endpoint listens there."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server does: both may have it
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


async def told(port: int) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the health endpoint."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as response:
        return response.status, await response.json()


def made(settings: Settings) -> Health:
    """The endpoint of a bot that is not connected."""
    worker, catalogue = Worker(), shared_catalogue()
    desk = Desk(FakeNewsroom, lambda: Journal(settings.journal_db))
    return Health(Parts(make_client(catalogue), worker, desk, catalogue, SECRET, FakeGuilds(), Limits()), settings)


async def test_a_bot_that_runs_is_well(demo_data_dir: Path, tmp_path: Path, port: int) -> None:
    """503 until it is connected and its index is open, then 200; loopback alone; and it is gone after the stop."""
    data = copied(demo_data_dir, tmp_path / "data")
    async with DiscordServer() as server:
        async with running(server, data, NEWSDESK_HEALTH_PORT=str(port), NEWSDESK_LOG_FORMAT="json") as bot:
            async with asyncio.timeout(START):
                status, found = await told(port)
                while status != 200:
                    assert not (found["ready"] and found["connected"])
                    await asyncio.sleep(0.05)
                    status, found = await told(port)
                while found["queue"]:  # what a start looks after
                    await asyncio.sleep(0.05)
                    status, found = await told(port)
            assert (found["ready"], found["connected"], found["stopping"]) == (True, True, False)
            assert (found["queue"], found["unwritten"], found["guilds"]) == (0, 0, 1)
            assert found["index"]["version"] == json.loads((data / "index" / "current.json").read_text())["version"]
            assert found["index"]["articles"] == 44
            assert 0 <= found["index"]["age_seconds"] < 3600
            assert datetime.now(UTC) - datetime.fromisoformat(found["sources_checked"]) < timedelta(hours=1)
            reply = await (await server.slash("ask", {"question": QUESTION})).response()
            server.gateway.accepts.clear()
            await server.drop_gateway()
            async with asyncio.timeout(20):
                while (await told(port))[0] != 503:  # noqa: ASYNC110  # another process
                    await asyncio.sleep(0.02)
            server.gateway.accepts.set()
            async with asyncio.timeout(20):
                while (await told(port))[0] != 200:  # noqa: ASYNC110  # another process
                    await asyncio.sleep(0.1)
            _, logged = await bot.stop()
        lines = [json.loads(line) for line in logged.splitlines()]
        assert "ready to answer" in [line["message"] for line in lines]
        (line,) = [line for line in lines if line["message"].startswith("answered=")]
        journal = Journal(data / "journal.db")
        assert [(row["request"], row["reply_message"]) for row in journal.recent(5)] == [(line["request"], reply.id)]
        journal.close()
        with pytest.raises(aiohttp.ClientConnectorError):
            await told(port)


async def test_a_bot_without_an_index_or_a_connection_is_not_well(tmp_path: Path, port: int) -> None:
    settings = load_settings(None, data_dir=tmp_path, health_port=port)
    async with made(settings).serving():
        status, found = await told(port)
    assert status == 503
    assert (found["ready"], found["connected"], found["index"], found["sources_checked"]) == (False, False, None, None)


async def test_a_port_that_is_taken_is_a_wrong_setting(tmp_path: Path, port: int) -> None:
    settings = load_settings(None, data_dir=tmp_path, health_port=port)
    async with made(settings).serving():
        with pytest.raises(SettingsError, match=r"NEWSDESK_HEALTH_PORT: cannot be used \(.*\); take another"):
            async with made(settings).serving():
                pass


async def test_no_port_is_opened_unless_one_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listen(self: web.AppRunner) -> None:
        raise AssertionError("a server is made ready")

    monkeypatch.setattr(web.AppRunner, "setup", listen)
    async with made(load_settings(None, data_dir=tmp_path)).serving():
        pass


def test_a_log_line_for_programs_is_one_object() -> None:
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError:
        record = logging.LogRecord("bot", logging.ERROR, "x.py", 1, "a %s\nfailed", ("bug",), sys.exc_info())
    with logs.request() as request:
        logs.RequestFilter().filter(record)
        line = logs.JsonFormatter().format(record)
    assert "\n" not in line
    found = json.loads(line)
    assert (found["level"], found["logger"], found["request"]) == ("ERROR", "bot", request)
    assert found["message"] == "a bug\nfailed"
    assert found["traceback"].endswith("ZeroDivisionError: division by zero")


async def test_a_stop_gives_up_what_takes_too_long_and_begins_nothing_more(caplog: pytest.LogCaptureFixture) -> None:
    """What is done in time is done; nothing is left that would use a closed connection."""
    newsdesk, done = Newsdesk(), list[str]()

    async def work(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(name)

    quick, endless = newsdesk.start(work("quick", 0.01)), newsdesk.start(work("endless", 3600))
    await newsdesk.drain(0.2)
    assert (done, quick.done(), endless.cancelled()) == (["quick"], True, True)
    assert caplog.messages == ["stopped with 1 questions unanswered"]
    await newsdesk.start(work("late", 0))
    assert done == ["quick"]


# -- the process that reads the sources -------------------------------------------------------------------------------


async def lines_of(file: Path, count: int) -> list[str]:
    """What the stand-in for scripts/reindex.py wrote, once it started ``count`` times."""
    async with asyncio.timeout(20):
        while len(found := _words(file)) < count:  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.02)
    return found


def _words(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def stand_in(folder: Path, then: str) -> tuple[str, ...]:
    code = f"import os, sys, time; open({str(folder / 'pids')!r}, 'a').write(f'{{os.getpid()}} '); {then}"
    return (sys.executable, "-c", code)


async def test_reading_is_started_again_when_it_ends_and_ends_with_the_bot(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(SOURCES)
    ended = Watching(tmp_path / "sources.toml", lambda: stand_in(tmp_path, "sys.exit(1)"), look=0.05, short=0.05)
    task = asyncio.create_task(ended.run())
    await lines_of(tmp_path / "pids", 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (tmp_path / "pids").unlink()
    steady = Watching(tmp_path / "sources.toml", lambda: stand_in(tmp_path, "time.sleep(60)"), look=0.05, short=0.05)
    task = asyncio.create_task(steady.run())
    (number,) = await lines_of(tmp_path / "pids", 1)
    os.kill(int(number), 0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(number), 0)


async def test_what_the_process_says_is_logged_line_by_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """In the operator's format, then; a line without an end holds nothing up."""
    (tmp_path / "sources.toml").write_text(SOURCES)
    says = (
        "sys.stderr.write('new 3\\n\\nbad \\udcff\\n' + 'x' * 200_000 + '\\nlast'); sys.stderr.flush(); time.sleep(60)"
    )
    watching = Watching(tmp_path / "sources.toml", lambda: stand_in(tmp_path, says), look=0.02, short=0.02)
    caplog.set_level(logging.INFO, "bot.watching")
    task = asyncio.create_task(watching.run())
    async with asyncio.timeout(20):
        while sum(line.count("x") for line in caplog.messages) < 100_000:  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert caplog.messages[1] == "new 3"
    assert caplog.messages[2].startswith("bad ")
    assert all(record.levelno == logging.INFO for record in caplog.records)


async def test_nothing_is_read_before_there_is_a_source(tmp_path: Path) -> None:
    """The first one that an owner adds starts it; a source that is paused does not."""
    file = tmp_path / "sources.toml"
    watching = Watching(file, lambda: stand_in(tmp_path, "time.sleep(60)"), look=0.02, short=0.02)
    assert not watching.wanted()
    file.write_text(SOURCES + "paused = true\n")
    assert not watching.wanted()
    task = asyncio.create_task(watching.run())
    await asyncio.sleep(0.1)
    assert not (tmp_path / "pids").exists()
    file.write_text(SOURCES)
    await lines_of(tmp_path / "pids", 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_file_that_cannot_be_used_is_left_to_the_process_that_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("[[source]]\nname = 7\n")
    assert Watching(tmp_path / "sources.toml").wanted()


async def test_the_real_process_reads_what_is_there_and_ends_on_sigterm(tmp_path: Path, models_dir: Path) -> None:
    """Run as the bot runs it: nice, and from the repository."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models_dir)
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "ferry.txt").write_text(
        "Ferry stays in port\n\n" + "The ferry was cancelled because of ice. " * 9
    )
    (tmp_path / "sources.toml").write_text(SOURCES)
    variables = {"NEWSDESK_DATA_DIR": str(tmp_path / "data"), "NEWSDESK_SOURCES": str(tmp_path / "sources.toml")}
    process = await asyncio.create_subprocess_exec(
        *command(), env={**os.environ, **variables}, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    async with asyncio.timeout(START):
        while b"published" not in (line := await process.stderr.readline()):
            assert line, "it ended"
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0


# -- a reply over stale sources -----------------------------------------------------------------------------------


def state(ago: float, *, interval: float = 15, failures: int = 0) -> SourceState:
    """Read ``ago`` minutes before now; polled by its interval since."""
    polled = NOW - (MINUTE if failures else ago * MINUTE)
    return SourceState(polled, polled + 2**failures * interval * MINUTE, NOW - ago * MINUTE, failures)


def test_a_source_is_stale_when_two_checks_are_overdue() -> None:
    """Of several the longest unchecked counts; what has no interval, or is looked at hourly, is never stale."""
    states = {
        "fresh": state(20),
        "late": state(61),
        "later": state(300),
        "slow": state(600, interval=240),
        "failing": state(120, failures=3),
        "never": dataclasses.replace(state(500), succeeded=None),
    }
    assert last_checked(states, ["fresh", "slow", "never", "by hand"], NOW) is None
    assert last_checked(states, ["fresh", "late"], NOW) == NOW - 61 * MINUTE
    assert last_checked(states, ["late", "later"], NOW) == NOW - 300 * MINUTE
    assert last_checked(states, ["failing"], NOW) == NOW - 120 * MINUTE
    assert last_of_all(states, ["late", "later", "by hand"], NOW) == NOW - 61 * MINUTE
    assert last_of_all(states, ["late", "fresh"], NOW) is None
    assert last_of_all(states, ["by hand"], NOW) is None


@pytest.mark.parametrize("answered", [True, False])
def test_a_reply_over_stale_sources_says_so_in_small_print(answered: bool) -> None:
    answer = make_answer(Query("why?", NOW))
    if not answered:
        answer = dataclasses.replace(answer, answered=False, citations=())
    texts = shared_catalogue().texts("en")
    line = (
        f"-# Sources last checked for news <t:{int((NOW - 90 * MINUTE).timestamp())}:R>: newer articles may be missing."
    )
    shown = render.reply(dataclasses.replace(answer, checked=NOW - 90 * MINUTE), "why?", texts).text
    assert shown.splitlines()[-1] == line
    assert "last checked" not in render.reply(answer, "why?", texts).text
