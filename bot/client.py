"""The connection to Discord: what is asked for at identify, what is sent, and when commands are synced.

No privileged intent is needed: Discord sends a message's content to a bot that it mentions or writes to.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.render import Message
from bot.texts import Catalogue

log = logging.getLogger(__name__)

REMEMBERED = 10_000
"""Events remembered so that none is answered twice: hours of a busy bot, a megabyte of memory."""
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)

MessageHandler = Callable[[discord.Message], Coroutine[Any, Any, None]]


def apply_addresses(api_base: str | None, gateway: str | None) -> None:
    """Point discord.py at a self-hosted, Discord-compatible server; None leaves Discord's own address.

    The gateway is used as given, for resuming too: what such a server says in READY is often meant for another network.
    """
    if api_base:
        Route.BASE = api_base
    if gateway:
        address = yarl.URL(gateway)
        DiscordWebSocket.DEFAULT_GATEWAY = address
        # discord.py overwrites the attribute with READY's resume_gateway_url and reconnects to what it reads here.
        DiscordWebSocket.gateway = property(lambda _: address, lambda _, __: None)  # type: ignore[assignment]


def layout(message: Message) -> discord.ui.LayoutView:
    """The view that shows ``message``, one text display a block."""
    view = discord.ui.LayoutView(timeout=None)
    for block in message.blocks:
        view.add_item(discord.ui.TextDisplay(block))
    return view


class Seen:
    """The latest ids, so that an event that Discord sends twice is handled once.

    Args:
        limit: ids remembered.
    """

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._ids: OrderedDict[Hashable, None] = OrderedDict()

    def first(self, event: Hashable) -> bool:
        """Whether ``event`` comes for the first time."""
        if event in self._ids:
            return False
        self._ids[event] = None
        if len(self._ids) > self._limit:
            self._ids.popitem(last=False)
        return True


class CatalogueTranslator(app_commands.Translator):
    """Names and descriptions of commands in every language of the catalogue, by the ``key`` of the locale_str."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The text in ``locale``; None where it is the command's own."""
        if "key" not in string.extras or not self._catalogue.knows(locale.value):
            return None
        text = self._catalogue.texts(locale.value)(string.extras["key"])
        return None if text == string.message else text


class Tree(app_commands.CommandTree[Any]):
    """The commands; an interaction that arrives twice runs once."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether to run the command."""
        return bool(interaction.client.newsdesk.seen.first(interaction.id))


class Newsdesk:
    """What every command needs of the client: the tasks in flight, the events seen, the handlers of messages."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.stopping = False
        self.on_message: MessageHandler | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` as a task that a graceful stop waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait until everything in flight is answered, ``seconds`` at most; what still comes in is asked to wait."""
        self.stopping = True
        end = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        if self._tasks:
            log.error("stopped with %d questions unanswered", len(self._tasks))


class Client(discord.Client):
    """The connection: messages go to the handler once, commands are synced when they changed.

    Args:
        commands_file: remembers what was synced.
        options: further options of discord.py's client.
    """

    def __init__(self, catalogue: Catalogue, commands_file: Path, **options: Any) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=False),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        self.newsdesk = Newsdesk()
        self.tree = Tree(self)
        self._catalogue = catalogue
        self._commands_file = commands_file

    async def on_message(self, message: discord.Message) -> None:
        """Pass a message on, once."""
        handler = self.newsdesk.on_message
        if handler and self.newsdesk.seen.first(message.id):
            await self.newsdesk.start(handler(message))

    async def on_ready(self) -> None:
        """Tell the operator."""
        log.info("connected as %s, in %d guilds", self.user, len(self.guilds))

    async def setup_hook(self) -> None:
        """Sync the commands; a failure leaves those that Discord knows and is tried again at the next start."""
        await self.tree.set_translator(CatalogueTranslator(self._catalogue))
        try:
            if await sync_commands(self.tree, self._commands_file):
                log.info("commands synced")
        except (discord.HTTPException, app_commands.AppCommandError) as error:
            log.error("commands could not be synced, Discord keeps the former ones: %s", error)


class ShardedClient(Client, discord.AutoShardedClient):
    """Several connections in one process."""


def make_client(catalogue: Catalogue, commands_file: Path, shards: int | None = None) -> Client:
    """A client that knows no command yet, with ``shards`` connections where that is more than one."""
    if shards is not None and shards > 1:
        return ShardedClient(catalogue, commands_file, shard_count=shards)
    return Client(catalogue, commands_file)


async def sync_commands(tree: Tree, remembered: Path) -> bool:
    """Send the commands to Discord if they differ from what was sent last; whether they were sent."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    whole = {"server": Route.BASE, "application": tree.client.application_id, "commands": payload}
    digest = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    if _read(remembered) == digest:
        return False
    await tree.sync()
    _write(remembered, digest)
    return True


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    except OSError as error:
        log.warning("commands are synced again at the next start: %s", error)
