"""bot.logs: lines that nobody waits for, whole and in order, with their request."""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from collections.abc import Iterator

import pytest

from bot import logs

LOG = logging.getLogger("bot.test_logs")


class Stuck(io.StringIO):
    """A sink that takes nothing until it is let go, as a pipe does that nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def write(self, text: str) -> int:
        self.free.wait(30)
        return super().write(text)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_lines_are_written_in_order_with_their_request() -> None:
    sink = io.StringIO()
    with logs.written("INFO", to=sink), logs.request() as request:
        for number in range(100):
            LOG.info("line %d", number)
        LOG.debug("not this one")
    lines = sink.getvalue().splitlines()
    assert [line.partition(" INFO ")[2] for line in lines] == [
        f"bot.test_logs request={request} line {number}" for number in range(100)
    ]


def test_who_logs_waits_for_no_sink_that_is_stuck() -> None:
    """Neither does the end of the program, for more than a moment; nothing is lost once the sink takes lines again."""
    sink = Stuck()
    began = time.perf_counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logs, "STOP_SECONDS", 0.05)
        with logs.written("INFO", to=sink):
            for number in range(1000):
                LOG.info("line %d", number)
            assert sink.getvalue() == ""
    assert time.perf_counter() - began < 10
    sink.free.set()
    until = time.perf_counter() + 10
    while sink.getvalue().count("\n") < 1000 and time.perf_counter() < until:
        time.sleep(0.01)
    assert sink.getvalue().count("\n") == 1000


def test_lines_beyond_the_limit_are_counted_and_the_count_is_said() -> None:
    queued = logs.Queued(limit=2)
    for number in range(5):
        queued.handle(logging.makeLogRecord({"msg": "line %d", "args": (number,)}))
    assert queued.waiting.get_nowait().getMessage() == "line 0"
    queued.handle(logging.makeLogRecord({"msg": "after"}))
    found = [queued.waiting.get_nowait() for _ in range(queued.waiting.qsize())]
    assert [each.getMessage() for each in found] == [
        "line 1",
        "3 log lines were lost, because they were written too slowly",
        "after",
    ]
    assert found[1].levelno == logging.ERROR


def test_what_a_line_speaks_of_is_read_when_it_is_logged() -> None:
    """Not when it is written, by which time it may be otherwise."""
    sink, names = io.StringIO(), ["ferry"]
    with logs.written("INFO", to=sink):
        LOG.info("names: %s", names)
        names.append("barrier")
    assert sink.getvalue().endswith("names: ['ferry']\n")


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_bug_comes_with_its_traceback(style: str) -> None:
    sink = io.StringIO()
    with logs.written("INFO", style, to=sink):
        try:
            raise ZeroDivisionError("division by zero")
        except ZeroDivisionError:
            LOG.exception("that was wrong")
    said = sink.getvalue()
    if style == "json":
        (line,) = said.splitlines()
        assert json.loads(line)["message"] == "that was wrong"
        assert json.loads(line)["traceback"].splitlines()[-1] == "ZeroDivisionError: division by zero"
    else:
        assert said.splitlines()[0].endswith("ERROR bot.test_logs request=- that was wrong")
        assert said.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_name_cannot_make_a_line_of_its_own() -> None:
    """What comes from outside, a source's name or an address, may hold anything."""
    sink = io.StringIO()
    with logs.written("INFO", to=sink):
        LOG.info("source %s added", "Paper\n2026-01-01 ERROR bot forged\x1b[2J\u202e")
    (line,) = sink.getvalue().splitlines()
    assert line.endswith(r"source Paper\n2026-01-01 ERROR bot forged\x1b[2J\u202e added")


def test_discords_own_lines_come_from_warnings_on() -> None:
    with logs.written("INFO", to=io.StringIO()):
        assert logging.getLogger("discord").level == logging.WARNING
    with logs.written("ERROR", to=io.StringIO()):
        assert logging.getLogger("discord").level == logging.ERROR
