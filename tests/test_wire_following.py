"""Following a question with ``python -m bot`` over sockets: what is new is told once, wherever the bot is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from discord_server import DiscordServer, Message
from test_wire import LOOK, ROOT, START, copied, running, start

from bot.journal import Journal

BUILT = "The bridge at Hollin Ford was built in 1931 of local stone, the county's register says."
CLOSED = "The bridge at Hollin Ford was closed to lorries on Monday after a crack was found in its second arch."
QUESTION = "What happened to the bridge at Hollin Ford?"

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(400)]


class Followed:
    """A data folder with an index of the real model, and the Discord in which somebody follows a question.

    Attributes:
        data: the bot's folder.
        news: files that are read.
    """

    def __init__(self, demo: Path, folder: Path, server: DiscordServer) -> None:
        self.data, self.news, self.server = copied(demo, folder / "data"), folder / "news", server
        self.direct = server.direct_channel(server.user)
        self.news.mkdir()

    async def read(self, name: str, title: str, *lines: str) -> None:
        """What the operator's reindex does with a new article."""
        (self.news / f"{name}.txt").write_text("\n\n".join((title, *lines)) + "\n")
        env = {**os.environ, "NEWSDESK_DATA_DIR": str(self.data)}
        command = [sys.executable, "scripts/reindex.py", str(self.news)]
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, timeout=200
        )
        assert done.returncode == 0, done.stderr

    async def started(self) -> asyncio.subprocess.Process:
        """A bot that is connected, to be killed."""
        process = await start(self.data, {**self.server.environment, "DISCORD_TOKEN": self.server.token})
        await self.server.connected(timeout=START)
        return process

    async def follow(self) -> None:
        """Ask, and press the button below the answer."""
        await self.server.synced("ask", timeout=START)
        asked = await self.server.slash("ask", {"question": QUESTION})
        answer = await asked.response(timeout=START)
        assert "1931" in answer.text
        pressed = await self.server.component(answer, answer.button("Tell me when this changes"))
        assert "I tell you by direct message" in (await pressed.response(timeout=START)).text

    def told(self) -> list[Message]:
        """What stands in the member's conversation with the bot."""
        return [each for each in self.direct.messages if each.author is self.server.bot]

    def tries(self) -> int:
        """How often a message to the member was begun, whatever came of it."""
        path = f"/channels/{self.direct.id}/messages"
        return sum(each.method == "POST" and each.path.endswith(path) for each in self.server.requests)

    def stuck(self, **how: Any) -> None:
        """The next message to the member gets no answer for as long as the bot lives."""
        self.server.fail_next("POST", rf"/channels/{self.direct.id}/messages", status=503, delay=3600, **how)

    def states(self) -> list[str]:
        """What the journal says of the messages."""
        journal = Journal(self.data / "journal.db")
        try:
            return [row[0] for row in journal._db.execute("SELECT state FROM follow_messages ORDER BY id").fetchall()]
        finally:
            journal.close()

    async def until(self, done: Callable[[], bool], what: str) -> None:
        """Wait for another process, as long as a busy machine takes."""
        try:
            async with asyncio.timeout(120):
                while not done():  # noqa: ASYNC110  # another process does it
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"{what}: {self.states()}, {self.tries()} tries") from None


async def kill(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.communicate()


async def test_killed_between_ingest_and_message_it_is_told_once(demo_data_dir: Path, tmp_path: Path) -> None:
    """Killed before it looked at what came in, and killed again with the message on its way, which did not arrive."""
    async with DiscordServer() as server:
        followed = Followed(demo_data_dir, tmp_path, server)
        await followed.read("bridge", "The bridge at Hollin Ford", BUILT)
        process = await followed.started()
        await followed.follow()
        await kill(process)
        await followed.read("closed", "Bridge closed", CLOSED)
        assert (followed.told(), followed.tries()) == ([], 0)
        followed.stuck()
        process = await followed.started()
        await followed.until(lambda: followed.tries() == 1, "nothing was sent")
        assert followed.states() == ["sending"]
        await kill(process)
        assert followed.told() == []
        async with running(server, followed.data):
            await followed.until(lambda: followed.states() == ["sent"], "not told")
        async with running(server, followed.data):
            await server.synced("ask", timeout=START)
            await asyncio.sleep(10 * LOOK)  # two looks, which find nothing to be told
        (message,) = followed.told()
        assert f"> {CLOSED}" in message.text.replace("**", "")
        assert message.text.startswith(f"**New on what you follow:** {QUESTION}")
        assert (followed.states(), followed.tries()) == (["sent"], 2)


async def test_killed_after_it_arrived_it_is_not_told_again(demo_data_dir: Path, tmp_path: Path) -> None:
    """Discord took the message, and the bot was killed before it heard so: the next one finds it there."""
    async with DiscordServer() as server:
        followed = Followed(demo_data_dir, tmp_path, server)
        await followed.read("bridge", "The bridge at Hollin Ford", BUILT)
        process = await followed.started()
        await followed.follow()
        followed.stuck(applied=True)
        await followed.read("closed", "Bridge closed", CLOSED)
        await followed.until(lambda: len(followed.told()) == 1, "nothing was sent")
        assert followed.states() == ["sending"]
        await kill(process)
        async with running(server, followed.data):
            await followed.until(lambda: followed.states() == ["sent"], "not found")
        assert (len(followed.told()), followed.tries()) == (1, 1)
