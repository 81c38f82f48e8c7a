"""One thread for everything that blocks, fed through a bounded queue, so that heartbeats never wait."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

from corpus.errors import NewsdeskError

P = ParamSpec("P")
T = TypeVar("T")

CAPACITY = 200
"""Calls that may wait; at a few dozen milliseconds each, a member still gets an answer within seconds."""


class QueueFullError(NewsdeskError):
    """More calls wait than the worker takes."""


class StoppedError(NewsdeskError):
    """The worker takes no more calls."""


class Worker:
    """Runs calls one after another on a thread of its own.

    Args:
        capacity: calls that may wait or run at once, before ``run`` refuses.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._waiting = 0
        self._stopped = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="newsdesk-worker", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Calls that wait or run."""
        return self._waiting

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``call`` on the thread and return what it returns, raise what it raises.

        Raises:
            QueueFullError: the queue is full.
            StoppedError: after ``stop``.
        """
        if self._waiting >= self._capacity:
            raise QueueFullError("too many questions are waiting", subject=f"{self._waiting} in the queue")
        return await self._put(call, *args, **kwargs)

    async def keep(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As ``run``, but never refused for a full queue: for what follows from a call that was let in.

        Raises:
            StoppedError: after ``stop``.
        """
        return await self._put(call, *args, **kwargs)

    async def stop(self) -> None:
        """Finish what was taken in, take nothing more, and end the thread."""
        with self._lock:
            if not self._stopped:
                self._stopped = True
                self._calls.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _put(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future: Future[T] = Future()
        context = contextvars.copy_context()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = context.run(call, *args, **kwargs)
            except BaseException as error:  # handed to whoever awaits the call, bugs too
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._stopped:
                raise StoppedError("the worker was stopped")
            self._waiting += 1
            self._calls.put(job)
        return await asyncio.wrap_future(future)

    def _work(self) -> None:
        while (job := self._calls.get()) is not None:
            job()
            with self._lock:
                self._waiting -= 1
