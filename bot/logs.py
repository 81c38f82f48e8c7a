"""Log lines for the operator, each with the request it belongs to."""

from __future__ import annotations

import json
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

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
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(level: str, style: str = "text") -> None:
    """Log to standard error, one line a record (a bug's traceback below it), from ``level`` on; or as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RequestFilter())
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s request=%(request)s %(message)s")
    handler.setFormatter(JsonFormatter() if style == "json" else text)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Its INFO lines repeat what this project's own lines say, one line per resumed session and more.
    logging.getLogger("discord").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
