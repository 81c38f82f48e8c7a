"""What is edited where it stands: a reindex at work, and an answer whose article changes; for ``render_commands.py``.

The simulation that the other scenes play in has a clock of its own, by which nothing goes on meanwhile. So here the bot
itself runs, ``python -m bot``, connected to the loopback Discord of the tests; it reads some papers, and one of
them changes an article after an answer from it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from discord_server import DiscordServer
from reply_page import Reader, page
from scenes import BARRIER

from bot.settings import ROOT

ARTICLE = "brennic-gazetteer/hadrow-barrier-gate-three.html"
SAID, NOW_SAID = "the motor of its third gate had not been serviced", "a cable of its third gate had not been replaced"
NOTE = (
    '<p class="correction"><em>Correction, 26 November: An earlier version of this article said that a motor had not '
    "been serviced. It was a cable that had not been replaced.</em></p>"
)
MARK = '<p class="correction">'
"""Where the note is put: above the one that the article has."""
LOOK_SECONDS = 0.05
PATIENCE = 120.0
"""Seconds for whatever the bot does: it loads what it needs when it first needs it."""


@dataclass
class Newsroom:
    """The bot's process, its Discord, and where the pages go.

    Attributes:
        data: the bot's data folder, with the papers in it.
        made: the pages written.
    """

    server: DiscordServer
    data: Path
    folder: Path
    made: list[Path] = field(default_factory=list)

    def keep(self, name: str, message: Any, language: str = "en") -> None:
        """Write the page of a message as it stands."""
        guild = self.server.guild
        names = {user.id: user.name for user in guild.members} | {self.server.channel.id: self.server.channel.name}
        path = self.folder / f"{name}.html"
        path.write_text(page(message.components, Reader(language, datetime.now(UTC), names)), encoding="utf-8")
        if path not in self.made:
            self.made.append(path)

    async def answered(self, name: str, command: str, user: Any, language: str = "en", **options: str) -> Any:
        """Write the page of what a command is answered with; returns that message."""
        handle = await self.server.slash(command, options, user=user)
        message = await handle.response(timeout=PATIENCE)
        self.keep(name, message, language)
        return message


async def unfold(data: Path, models: Path, folder: Path) -> list[Path]:
    """Read the papers, ask, change an article, read again, and keep what stands in Discord then; returns the pages.

    Args:
        data: a folder for the bot, in which nothing is.
        models: where the exported model lies.
    """
    shutil.copytree(ROOT / "corpus" / "sample", data, dirs_exist_ok=True)  # as papers of the operator's own
    (data / "models").symlink_to(models)
    async with _running(data, folder) as at:
        lee = at.server.add_member("lee")
        await at.answered("corrections-none", "corrections", lee)
        await _reindex(at, "reindex")
        asked = await _answer(at, lee)
        article = data / ARTICLE
        before = article.read_text(encoding="utf-8")
        after = before.replace(SAID, NOW_SAID).replace(MARK, NOTE + MARK, 1)
        if SAID not in before or NOTE not in after:
            raise LookupError(f"{article}: does not say what is to be corrected")
        article.write_text(after, encoding="utf-8")
        await _reindex(at, "reindex-again")
        async with asyncio.timeout(PATIENCE):
            while "Corrected on" not in asked.text:  # noqa: ASYNC110  # another process edits it
                await asyncio.sleep(LOOK_SECONDS)
        at.keep("ask-corrected", asked)
        listed = await at.answered("corrections", "corrections", lee)
        chosen = await at.server.component(listed, "nd:tellme:on", user=lee)
        at.keep("corrections-tell", await chosen.response(timeout=PATIENCE))
        lee.locale = "de"
        await at.answered("corrections-german", "corrections", lee, "de")
    return at.made


@asynccontextmanager
async def _running(data: Path, folder: Path) -> AsyncIterator[Newsroom]:
    """The bot, connected, with nothing of this machine's settings; stopped as a service manager does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "NEWSDESK_"))}
    async with DiscordServer() as server:
        settings = {
            "DISCORD_TOKEN": server.token, "NEWSDESK_SHARDS": "", "NEWSDESK_WATCH": "0", "NEWSDESK_DATA_DIR": str(data),
            "NEWSDESK_SOURCES": str(data / "sources.toml"), "NEWSDESK_LOOK_SECONDS": "0.5",
        }  # fmt: skip
        with (data / "bot.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=ROOT, env={**kept, **server.environment, **settings}, stderr=log
            )
            try:
                await server.connected(timeout=PATIENCE)
                await server.synced("ask", "reindex", "corrections", timeout=PATIENCE)
                yield Newsroom(server, data, folder)
            finally:
                process.terminate()
                await process.wait()


async def _reindex(at: Newsroom, name: str) -> None:
    """Reindex for the owner, and keep the message as it stood at work, in the longest stage if seen, and at the end."""
    handle = await at.server.slash("reindex", user=at.server.guild.owner)
    message = await handle.response(timeout=PATIENCE)
    async with asyncio.timeout(PATIENCE):
        at.keep(name, message)
        while "reindexstop" in str(message.components):
            if "Embedding" in message.text:
                at.keep(name, message)
            await asyncio.sleep(LOOK_SECONDS)
    at.keep(f"{name}-done", message)


async def _answer(at: Newsroom, member: Any) -> Any:
    """What a member is answered once the bot has taken the index over."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message = await at.answered("ask-before", "ask", member, question=BARRIER)
            if SAID in message.text.replace("**", ""):
                return message
            await asyncio.sleep(1.0)
