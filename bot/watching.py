"""Keeps the sources fresh: ``scripts/reindex.py --watch`` as a process of its own, started again when it ends.

A process of its own, because reading a thousand pages and embedding them must neither hold up an answer nor take the
bot down with it. It runs at a lower priority, and ends with the bot.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.settings import ROOT
from corpus.errors import NewsdeskError
from corpus.sources import load_sources

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
"""How soon the first source that an owner adds is read."""
SHORT, LONG = 5.0, 3600.0
"""The first pause after a failure, doubled by each further one, and the longest, seconds."""
STEADY_SECONDS = 600.0
"""Whoever ran that long starts again after the first pause."""
KILL_SECONDS = 10.0
PIECE = 64 * 1024
"""Bytes read at once, and the longest line."""


def command() -> tuple[str, ...]:
    """The process: nice, and where the system can do it, ended with the bot even when that is killed."""
    before: list[str] = []
    if setpriv := shutil.which("setpriv"):
        before += [setpriv, "--pdeathsig", "TERM", "--"]
    if nice := shutil.which("nice"):
        before += [nice, "-n", "10"]
    return (*before, sys.executable, str(ROOT / "scripts" / "reindex.py"), "--watch")


class Watching:
    """Runs the process as long as there is something to read.

    Args:
        file: the operator's sources; without it, or with all of them paused, nothing is run.
    """

    def __init__(
        self,
        file: Path,
        command: Callable[[], Sequence[str]] = command,
        *,
        look: float = LOOK_SECONDS,
        short: float = SHORT,
    ) -> None:
        self._file = file
        self._command = command
        self._look = look
        self._short = short
        self._pause = short

    def wanted(self) -> bool:
        """Whether there is a source to read; a file that cannot be used is told by the process itself."""
        if not self._file.exists():
            return False
        try:
            return any(not source.paused for source in load_sources(self._file))
        except NewsdeskError:
            return True

    async def run(self) -> None:
        """Go on until cancelled; the process is ended then."""
        while True:
            if not await asyncio.to_thread(self.wanted):
                await asyncio.sleep(self._look)
                continue
            began = asyncio.get_running_loop().time()
            try:
                status = await self._process()
                log.error("reading the sources ended with status %s; it is started again", status)
            except OSError as error:
                log.error("reading the sources cannot be started: %s", error)
            if asyncio.get_running_loop().time() - began >= STEADY_SECONDS:
                self._pause = self._short
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONG)

    async def _process(self) -> int:
        process = await asyncio.create_subprocess_exec(
            *self._command(),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None  # noqa: S101  # asked for above
        log.info("reading the sources by their intervals, in process %d", process.pid)
        try:
            await _pass_on(process.stderr)
            return await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                try:
                    await asyncio.wait_for(process.wait(), KILL_SECONDS)
                except TimeoutError:
                    process.kill()


async def _pass_on(said: asyncio.StreamReader) -> None:
    """Log what the process says, line by line; of a line without an end what is there."""
    rest = b""
    while piece := await said.read(PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > PIECE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            if text := line.decode("utf-8", "replace").strip():
                log.info("%s", text)
    if text := rest.decode("utf-8", "replace").strip():
        log.info("%s", text)
