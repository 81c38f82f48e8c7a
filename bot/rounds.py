"""What goes on beside the answers, again and again: one way to survive what goes wrong in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from corpus.errors import NewsdeskError


async def go_round(
    once: Callable[[], Awaitable[float]],
    trouble: str,
    retry: float,
    log: logging.Logger,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Do something until cancelled; neither trouble nor a bug in it ends it.

    Args:
        once: does it once, and returns how many seconds to wait before the next time.
        trouble: what the operator reads of it when it fails, before the reason, once until that changes; a bug comes
            with its traceback.
        retry: seconds to wait after a failure.
    """
    said = ""
    while True:
        try:
            seconds = await once()
            said = ""
        except NewsdeskError as error:
            if str(error) != said:  # one line for one state of affairs: a full disk must not fill with them
                log.error("%s: %s", trouble, error)
            said = str(error)
            seconds = retry
        except Exception:  # a bug must not end what nobody would start again
            log.exception("%s", trouble)
            seconds = retry
        await pause(seconds)
