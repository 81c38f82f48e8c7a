"""Log lines for the operator, each with the request it belongs to.

They are written by a thread of their own, because whoever reads standard error may be slow (a pipe that is full, a
disk at its limit) and neither an answer nor a heartbeat may wait for it.
"""

from __future__ import annotations

import copy
import json
import logging
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue
from typing import Any, TextIO

WAITING = 10_000
"""Lines that may wait to be written, some megabytes; what comes after is counted, and the count is written."""
STOP_SECONDS = 5.0
"""How long a stop waits for the last lines to be written."""

_request: ContextVar[str] = ContextVar("request", default="-")


@contextmanager
def request() -> Iterator[str]:
    """Give the log lines of this task, and of what it runs on the worker, a request id of their own.

    Returns:
        The id, eight hexadecimal digits: members see it in an apology, operators find it in the log.
    """
    token = _request.set(secrets.token_hex(4))
    try:
        yield _request.get()
    finally:
        _request.reset(token)


def current() -> str:
    """The id of the request that this code runs for; "-" outside of one."""
    return _request.get()


class RequestFilter(logging.Filter):
    """Adds the request id to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = _request.get()
        return True


class TextFormatter(logging.Formatter):
    """One line a record, a bug's traceback below it; what a message has of line ends and controls shown as escapes."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s request=%(request)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """The line, without the traceback."""
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in super().formatMessage(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a record: ``at``, ``level``, ``logger``, ``request``, ``message``, ``traceback``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": vars(record).get("request", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info or record.exc_text:
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)  # type: ignore[arg-type]
        return json.dumps(line, ensure_ascii=False)


class Queued(QueueHandler):
    """Hands records to the thread that writes them; never waits, and never holds more than ``limit`` lines."""

    def __init__(self, limit: int = WAITING) -> None:
        self.waiting: SimpleQueue[Any] = SimpleQueue()
        super().__init__(self.waiting)
        self._limit = limit
        self._lost = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record as text, so that nothing it speaks of changes before it is written; the traceback by itself."""
        made = copy.copy(record)
        made.msg, made.args = record.getMessage(), None
        if made.exc_info and not made.exc_text:
            made.exc_text = logging.Formatter().formatException(made.exc_info)
        made.exc_info = None
        return made

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue a record, or count it where too many wait; called under the handler's lock."""
        if self.waiting.qsize() >= self._limit:
            self._lost += 1
            return
        if self._lost:
            said = f"{self._lost} log lines were lost, because they were written too slowly"
            lost = logging.LogRecord(__name__, logging.ERROR, __file__, 0, said, None, None)
            lost.request = "-"
            self._lost = 0
            self.waiting.put_nowait(lost)
        self.waiting.put_nowait(record)


@contextmanager
def written(level: str, style: str = "text", to: TextIO | None = None) -> Iterator[None]:
    """Write the log inside the block, one line a record (a bug's traceback below it), from ``level`` on; or as JSON.

    Args:
        to: standard error, unless given.
    """
    sink = logging.StreamHandler(to or sys.stderr)
    sink.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    queued = Queued()
    queued.addFilter(RequestFilter())
    logging.basicConfig(level=level, handlers=[queued], force=True)
    # Its INFO lines repeat what this project's own lines say, one line per resumed session and more.
    logging.getLogger("discord").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    listener = QueueListener(queued.waiting, sink)
    listener.start()
    try:
        yield
    finally:
        # On a thread of its own: a sink that takes nothing any more must not keep the process from ending.
        stopping = threading.Thread(target=listener.stop, daemon=True)
        stopping.start()
        stopping.join(STOP_SECONDS)
        logging.getLogger().removeHandler(queued)
