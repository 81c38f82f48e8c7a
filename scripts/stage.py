"""The bot in a simulated Discord on a copy of the data folder, and its replies as pages; for ``render_commands.py``."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import discord
from reply_page import Attached, Reader, page

from bot.answer import open_newsroom
from bot.client import make_client
from bot.commands.admin import add_browsing_and_admin, make_library
from bot.commands.amending import Amending
from bot.commands.ask import Ask
from bot.commands.corrections import CorrectionList
from bot.commands.follow import DiscordSender, Following
from bot.commands.pace import Pace
from bot.commands.parts import Parts
from bot.commands.privacy import MembersRights
from bot.desk import Desk
from bot.journal import Journal
from bot.journal_guilds import GuildBook
from bot.limits import Limits
from bot.settings import Settings
from bot.telling import Telling
from bot.texts import load_catalogue
from bot.vault import Vault
from bot.worker import Worker
from corpus.fetch import Fetcher

OWNER = 77_000_000_000_000_001
SECRET = b"the secret of this stage"
SETTLE_SECONDS = 60.0
"""How long the bot may take for what it is asked: it loads what it needs when it first needs it."""
PRIVACY = "https://paper.example/privacy"


@dataclass
class Stage:
    """The bot, and whoever uses it.

    Attributes:
        folder: where the pages go.
        names: of channels and members, by id.
        shown_as: addresses of this machine, by how the pages name them.
        made: the pages written.
    """

    folder: Path
    env: Any
    parts: Parts
    vault: Vault
    names: dict[int, str] = field(default_factory=dict)
    shown_as: dict[str, str] = field(default_factory=dict)
    made: list[Path] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """The bot's own."""
        return self.parts.desk

    def keep(self, name: str, html: str) -> None:
        """Write a page."""
        for address, name_of_it in self.shown_as.items():
            html = html.replace(address, name_of_it)
        path = self.folder / f"{name}.html"
        path.write_text(html, encoding="utf-8")
        self.made.append(path)

    def reader(self, language: str = "en") -> Reader:
        """Somebody who looks now."""
        return Reader(language, datetime.now(UTC), self.names)

    async def shown(self, name: str, result: Any, language: str = "en") -> Any:
        """Write the page of what a command was answered with, and return that message."""
        response = result.response
        files = [Attached(each.filename, await each.read()) for each in response.attachments]
        self.keep(name, page(response.components, self.reader(language), files))
        return response.message

    def stands(self, name: str, message: discord.Message | None, language: str = "en") -> None:
        """Write the page of a message as it stands in a channel."""
        if message is None:
            raise LookupError(f"{name}: there is no message")
        self.keep(name, page([each.to_dict() for each in message.components], self.reader(language)))

    async def write(self, work: Callable[[Journal], Any]) -> Any:
        """Do something with the journal that the bot has open."""
        return await self.parts.worker.keep(lambda: work(self.desk.journal()))

    async def mend(self) -> None:
        """Edit the messages whose quotes do not stand any more."""
        await Amending(self.parts, self.vault, pace=0.0).once(datetime.now(UTC) + timedelta(seconds=1))

    async def tell(self) -> None:
        """Tell those who follow a question what is new."""
        parts, sender = self.parts, DiscordSender(self.parts.client)
        telling = Telling(
            parts.worker, parts.desk, parts.catalogue, parts.guilds, self.vault, sender, timedelta(hours=6)
        )
        await telling.once(datetime.now(UTC))


@contextlib.contextmanager
def interactions_with(**changed: object) -> Iterator[None]:
    """Interactions inside the block say so: ``locale``, ``app_permissions``; the simulation knows only one."""
    import simcord.interactions

    made = simcord.interactions.base_payload

    def payload(*args: Any, **options: Any) -> Any:
        record, said = made(*args, **options)
        return record, {**said, **changed}

    with patch.object(simcord.interactions, "base_payload", payload):
        yield


@contextlib.asynccontextmanager
async def stage(
    settings: Settings,
    folder: Path,
    make_fetcher: Callable[[], Fetcher] | None = None,
    open_journal: Callable[[], Journal] | None = None,
    capacity: int = 200,
) -> AsyncIterator[Stage]:
    """The bot, connected to a simulated Discord.

    Args:
        open_journal: opens its log, or fails to.
        capacity: calls that its worker takes.
    """
    import simcord

    catalogue, vault = load_catalogue(), Vault(SECRET)
    opened = open_journal or (lambda: Journal(settings.journal_db))
    client, worker, book, library = make_client(catalogue), Worker(capacity), GuildBook(), make_library(settings)
    desk = Desk(lambda: open_newsroom(settings), opened)
    await worker.keep(desk.refresh)
    parts = Parts(client, worker, desk, catalogue, SECRET, book, Limits())
    Pace(parts).add()
    Ask(parts).add()
    add_browsing_and_admin(parts, settings, library, book, open_journal=opened, make_fetcher=make_fetcher)
    MembersRights(parts, settings.retention_days, PRIVACY).add()
    CorrectionList(parts, vault).add()
    Following(parts, vault, settings.retention_days).add()
    env = simcord.Env(client, settle_timeout=SETTLE_SECONDS)
    await env.start()
    try:
        yield Stage(folder, env, parts, vault)
    finally:
        await env.shutdown()
        await worker.keep(library.close)
        await worker.keep(desk.close)
        await worker.stop()


def copied(settings: Settings, into: Path) -> Mapping[str, Path]:
    """A copy of what the bot reads, so that nothing that happens on the stage is kept."""
    data = settings.data_dir
    if settings.sources.exists():
        shutil.copy(settings.sources, into / "sources.toml")
    shutil.copy(data / "corpus.db", into)
    shutil.copytree(data / "index", into / "index")
    (into / "models").symlink_to(data / "models")
    return {"data_dir": into, "sources": into / "sources.toml"}
