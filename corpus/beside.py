"""Pure work done in a second process, a few batches ahead of whoever uses its results: the other core of the machine.

The process is one of its own, not a fork: it holds none of the files and locks of the one that started it, and ends
with it, however that ends.
"""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

AHEAD = 6  # batches given away before the first result is waited for; what is in memory at once

_ROOT = Path(__file__).resolve().parent.parent
_CLOSING = 5.0  # seconds until a process that does not end by itself is ended

Batch = TypeVar("Batch")
Done = TypeVar("Done")


class Beside:
    """A second process for functions of modules; started by the first call that asks for it.

    Where it cannot be started, or ends, the work is done in this process: slower, and to the same results.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def map(self, work: Callable[[Batch], Done], batches: Iterable[Batch], *, alone: bool = False) -> Iterator[Done]:
        """What a function makes of each batch, in order.

        Args:
            work: a function of a module, without side effects; it and its results can be pickled.
            batches: are asked for `AHEAD` of what is given back.
            alone: the work is too little to begin a process for.
        """
        if not alone and self._link is None:
            self._start()
        if self._link is None:
            yield from map(work, batches)
            return
        waiting: deque[Batch] = deque()
        try:
            for batch in batches:
                self._send((work, batch))
                waiting.append(batch)
                if len(waiting) > AHEAD:
                    yield self._result(work, waiting.popleft())
            while waiting:
                yield self._result(work, waiting.popleft())
        finally:
            if waiting:  # nobody asks for their results any more, and the next call's must not come after them
                self.close()

    def close(self) -> None:
        """End the process."""
        link, process, self._link, self._process = self._link, self._process, None, None
        if link is not None:
            link.close()
        if process is not None:
            try:
                process.wait(_CLOSING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self) -> None:
        ours, theirs = Pipe()
        command = [sys.executable, "-c", f"from corpus.beside import serve; serve({theirs.fileno()})"]
        try:
            self._process = subprocess.Popen(  # noqa: S603  # this Python and this module
                command, cwd=_ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], close_fds=True
            )
            self._link = ours
        except OSError:
            ours.close()
        theirs.close()

    def _send(self, message: Any) -> None:
        try:
            if self._link is not None:
                self._link.send(message)
        except OSError:
            self.close()

    def _result(self, work: Callable[[Batch], Done], batch: Batch) -> Done:
        try:
            if self._link is not None:
                done, value = self._link.recv()
                if done:
                    return value  # type: ignore[no-any-return]
        except (OSError, EOFError):
            self.close()
        return work(batch)  # an error is met again, where it can be told


def serve(descriptor: int) -> None:
    """Do what comes over a connection until it is closed; the second process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # both are sent to all of a group; the first process says when to end
    link = Connection(descriptor)
    given: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def listen() -> None:
        # Always listening: each side would otherwise wait for the other to read.
        try:
            while True:
                given.put(link.recv())
        except (OSError, EOFError):
            given.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while message := given.get():
        work, batch = message
        try:
            answer = (True, work(batch))
        except Exception:  # the first process does it again, and tells
            answer = (False, None)
        try:
            link.send(answer)
        except OSError:
            return
