"""The whole bot in a simulated Discord, for tests of browsing and administration: real store, journal and settings."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import simcord
from bot_house import SECRET, SETTLE_SECONDS, FakeNewsroom, make_answer, shared_catalogue
from simcord.actors import MemberActor
from simcord.backend.models.user import User
from simcord.builders import GuildHandle, UserHandle

from bot.client import Client, make_client
from bot.commands.admin import add_browsing_and_admin, make_library
from bot.commands.ask import Ask
from bot.commands.corrections import CorrectionList
from bot.commands.follow import Following
from bot.commands.pace import Pace
from bot.commands.parts import Parts
from bot.commands.privacy import MembersRights
from bot.desk import Desk
from bot.journal import Exchange, Installation, Journal, Surface, member_key
from bot.journal_guilds import GuildBook
from bot.library import Library
from bot.limits import Limits
from bot.records import Match
from bot.reindexing import Reindexing
from bot.settings import load_settings
from bot.vault import Vault
from bot.worker import Worker
from index.records import Query

OWNER = 77_000_000_000_000_001


@dataclass
class Bureau:
    """The bot under test, restartable, on one data folder.

    Attributes:
        reindex: the command that stands for scripts/reindex.py.
    """

    folder: Path
    reindex: tuple[str, ...] = ("false",)
    message_content: bool = False
    env: simcord.Env = None  # type: ignore[assignment]  # the simulation needs the client first
    newsroom: FakeNewsroom = field(default_factory=FakeNewsroom)
    reindexing: Reindexing = None  # type: ignore[assignment]
    worker: Worker = None  # type: ignore[assignment]
    desk: Desk = None  # type: ignore[assignment]
    library: Library = None  # type: ignore[assignment]
    book: GuildBook = None  # type: ignore[assignment]
    client: Client = None  # type: ignore[assignment]
    parts: Parts = None  # type: ignore[assignment]

    @property
    def sources(self) -> Path:
        return self.folder / "sources.toml"

    def furnish(self) -> None:
        settings = load_settings(
            None, data_dir=self.folder, sources=self.sources, demo=True, owner_ids=frozenset({OWNER}),
            allow_hosts=frozenset({"127.0.0.1"}), message_content=self.message_content,
        )  # fmt: skip
        catalogue = shared_catalogue()
        self.client = make_client(catalogue)
        self.worker, self.book, self.library = Worker(), GuildBook(), make_library(settings)
        self.desk = Desk(lambda: self.newsroom, lambda: Journal(settings.journal_db))
        self.reindexing = Reindexing(self.reindex)
        self.parts = Parts(self.client, self.worker, self.desk, catalogue, SECRET, self.book, Limits())
        Pace(self.parts).add()
        Ask(self.parts).add()
        add_browsing_and_admin(self.parts, settings, self.library, self.book, self.reindexing)
        MembersRights(self.parts, 30, None).add()
        CorrectionList(self.parts, Vault(SECRET)).add()
        Following(self.parts, Vault(SECRET), 30).add()

    async def open(self) -> None:
        self.furnish()
        await self.worker.keep(self.desk.refresh)
        self.book.take(await self.worker.keep(lambda: self.desk.journal().guilds.all()))

    async def close(self) -> None:
        await self.worker.keep(self.library.close)
        await self.worker.keep(self.desk.close)
        await self.worker.stop()

    async def restart(self) -> None:
        """A new process of the bot on the same data folder: nothing in memory is left."""
        await self.close()
        await self.open()
        await self.env.restart_bot(self.client)

    def owner(self) -> UserHandle:
        """The user whom the operator named as an owner."""
        user = User(id=OWNER, name="owner")
        self.env.backend.users[OWNER] = user
        return UserHandle(self.env, user)

    def admin(self, guild: GuildHandle, user: UserHandle) -> MemberActor:
        """A member who may manage the guild."""
        role = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
        return guild.add_member(user, roles=[role])

    def journal(self) -> Journal:
        return Journal(self.folder / "journal.db")

    def log(self, guild: int | None, channel: int, question: str, **changed: Any) -> int:
        """An exchange in the log."""
        now = changed.pop("asked", datetime.now(UTC))
        answer = make_answer(Query(question, now))
        if not changed.pop("answered", True):
            answer = _unanswered(question, now)
        journal = self.journal()
        try:
            return journal.record(
                Exchange(
                    **{
                        "asked": now,
                        "surface": Surface.SLASH,
                        "question": question,
                        "reply": "A reply.",
                        "answer": answer,
                        "took_ms": 5.0,
                        "installation": Installation.GUILD,
                        "guild": guild,
                        "channel": channel,
                        "member": member_key(SECRET, 1),
                        "locale": "en-US",
                        **changed,
                    }
                )
            )
        finally:
            journal.close()


def _unanswered(question: str, now: datetime) -> Any:
    answer = make_answer(Query(question, now))
    return dataclasses.replace(answer, answered=False, match=Match.NONE, citations=(), further=())


@asynccontextmanager
async def open_bureau(folder: Path, *, reindex: tuple[str, ...] = ("false",)) -> AsyncIterator[Bureau]:
    """The bot, connected."""
    bureau = Bureau(folder, reindex)
    await bureau.open()
    bureau.env = simcord.Env(bureau.client, settle_timeout=SETTLE_SECONDS)
    await bureau.env.start()
    try:
        yield bureau
    finally:
        await bureau.env.shutdown()
        await bureau.close()


def everything(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component of a message, in order."""
    found = []
    for each in components:
        found.append(each)
        found += everything(each.get("components", []))
    return found


def text(components: list[dict[str, Any]]) -> str:
    """Every text of a message, top to bottom."""
    return "\n".join(each["content"] for each in everything(components) if each["type"] == 10)


def buttons(components: list[dict[str, Any]]) -> dict[str, str]:
    """Custom ids of the buttons that can be pressed, by label."""
    return {
        each["label"]: each["custom_id"]
        for each in everything(components)
        if each["type"] == 2 and not each.get("disabled")
    }


def menu(components: list[dict[str, Any]], custom_id: str) -> Mapping[str, Any]:
    """The menu with an id."""
    return next(each for each in everything(components) if each.get("custom_id") == custom_id)
