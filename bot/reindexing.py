"""A reindex as a process of its own, started by the bot: one at a time, watched by its lines, stopped on demand."""

from __future__ import annotations

import asyncio
import itertools
import re
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from bot.progress_lines import Result, Step, heard
from bot.settings import ROOT
from corpus.errors import NewsdeskError

COMMAND = (sys.executable, str(ROOT / "scripts" / "reindex.py"), "--progress-json")
NOTHING_READ, SETUP, BUSY = 1, 2, 4
"""Exit statuses of scripts/reindex.py beside 0."""
KILL_SECONDS = 10.0
"""How long the process may take to end when asked to."""
KEPT_LINES = 5
LINE_LIMIT = 1024 * 1024


class ReindexRunningError(NewsdeskError):
    """A reindex that the bot started is at work; ``run`` is it."""

    def __init__(self, run: Run) -> None:
        super().__init__("a reindex is at work", remedy="wait for it, or cancel it")
        self.run = run


class End(Enum):
    """How a reindex ended."""

    DONE = "done"
    NOTHING_READ = "nothing read"
    BUSY = "busy"
    """Another process holds the lock."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """The bot itself was stopped."""


@dataclass(slots=True)
class Run:
    """One reindex.

    Attributes:
        number: tells it from the others of this process of the bot.
        member, guild, since: who asked for it (a Discord id), where (None in a direct conversation) and when.
        step: how far it is; None until it says so.
        end: how it ended; None while it is at work.
        result: what it did, once it is done.
        said: the last lines it wrote for people.
        changed: True from every change on; whoever shows it sets it back.
        canceller: who cancelled it.
    """

    number: str
    member: int
    guild: int | None
    since: datetime
    step: Step | None = None
    end: End | None = None
    result: Result | None = None
    said: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    changed: bool = False
    canceller: int | None = None
    wanted_end: End | None = None
    process: asyncio.subprocess.Process | None = None

    @property
    def holder(self) -> str:
        """Who holds the lock and since when, as the other process said; empty where it did not."""
        found = re.search(r"a reindex is at work \((.*?)\)(?:;|$)", " ".join(self.said))
        return found[1] if found else ""


class Reindexing:
    """Starts reindexes, one at a time over all guilds.

    Args:
        command: the program and its arguments; gets ``--who`` and a name.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = tuple(command)
        self._run: Run | None = None
        self._numbers = itertools.count(1)

    @property
    def run(self) -> Run | None:
        """The one at work."""
        return self._run

    async def start(self, member: int, guild: int | None, who: str) -> Run:
        """Start one.

        Args:
            who: told to whoever wants to reindex meanwhile, in a terminal too; no member's name or id.

        Raises:
            ReindexRunningError: one is at work.
            OSError: the process cannot be started.
        """
        if self._run is not None:
            raise ReindexRunningError(self._run)
        now = datetime.now(UTC)
        run = self._run = Run(f"{int(now.timestamp()):x}-{next(self._numbers)}", member, guild, now)
        try:
            run.process = await asyncio.create_subprocess_exec(
                *self._command,
                "--who",
                who,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                limit=LINE_LIMIT,
            )
        except BaseException:
            self._run = None
            raise
        return run

    async def follow(self, run: Run) -> None:
        """Read what a run says until it ends; to be awaited once for each."""
        assert run.process is not None  # noqa: S101  # start set it
        assert run.process.stderr is not None  # noqa: S101
        try:
            async for line in run.process.stderr:
                text = line.decode("utf-8", "replace").strip()
                match heard(text):
                    case Step() as step:
                        run.step = step
                    case Result() as result:
                        run.result = result
                    case None if text:
                        run.said.append(text)
                run.changed = True
            status = await run.process.wait()
        finally:
            if run.process.returncode is None:
                run.process.kill()
            self._run = None
        run.end = _end(run, status)
        run.changed = True

    async def stop(self, run: Run, end: End = End.CANCELLED, canceller: int | None = None) -> None:
        """Ask a run to end, and end it where it does not; what was read is kept, the index stays as it was."""
        if run.end is not None or run.process is None or run.process.returncode is not None:
            return
        run.wanted_end, run.canceller = end, canceller
        run.process.terminate()
        try:
            await asyncio.wait_for(run.process.wait(), KILL_SECONDS)
        except TimeoutError:
            run.process.kill()


def _end(run: Run, status: int) -> End:
    if status == 0:
        return End.DONE
    if run.wanted_end is not None:
        return run.wanted_end
    return {NOTHING_READ: End.NOTHING_READ, BUSY: End.BUSY}.get(status, End.FAILED)
