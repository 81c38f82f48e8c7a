"""What members and admins can do, one file per family; and the one place that decides what they see of an error."""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Iterator

from bot.journal import JournalError
from bot.settings import ROOT
from bot.texts import Texts
from bot.worker import QueueFullError, StoppedError
from corpus.errors import NewsdeskError, StoreError
from index.errors import IndexBusy, IndexUnavailable

log = logging.getLogger(__name__)

_PATH = re.compile(r"""(?<![\w/:.~-])(?:~|/[^\s/:;,"'()<>]+)(?:/[^\s/:;,"'()<>]+)*/([^\s/:;,"'()<>]+)""")
"""A file below the root or somebody's home, and no part of a web address."""


def apology(error: Exception, texts: Texts, request: str) -> str:
    """The sentence a member reads for ``error``, which the operator gets as a log line; a bug with its traceback."""
    if isinstance(error, QueueFullError):
        log.warning("question refused: %s", error)
        return texts("error-busy")
    if isinstance(error, StoppedError):
        log.info("question refused while stopping")
        return texts("error-stopping")
    if any(_is_full(each) for each in _chain(error)):
        log.error("the disk is full: %s", error)
        return texts("error-disk")
    if isinstance(error, (IndexUnavailable, IndexBusy, StoreError)):
        log.error("cannot answer: %s", error)
        return texts("error-index")
    if isinstance(error, JournalError):
        log.error("the log cannot be used: %s", error)
        return texts("error-log")
    if isinstance(error, NewsdeskError):
        log.error("cannot answer: %s", error)
        return texts("error-setup")
    log.error("a question was not answered because of a bug", exc_info=error)
    return texts("error-bug", request=request)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException) -> bool:
    """Whether the operating system or SQLite says that the disk is full."""
    return getattr(error, "errno", None) == errno.ENOSPC or "disk is full" in str(error)


def without_folders(line: str) -> str:
    """An error's line as it may stand in Discord: files by their names; where they lie is the operator's own."""
    return _PATH.sub(r"\1", line.replace(f"{ROOT}/", ""))
