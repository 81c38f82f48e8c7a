"""Log lines for the operator, each with the request it belongs to."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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


def configure(level: str) -> None:
    """Log to standard error, one line a record (a bug's traceback below it), from ``level`` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RequestFilter())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s request=%(request)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Its INFO lines repeat what this project's own lines say, one line per resumed session and more.
    logging.getLogger("discord").setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
