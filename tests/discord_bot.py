"""A bot of an unmodified discord.py, just large enough to use what the loopback Discord offers."""

import asyncio
import contextlib
import io
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord_server import DiscordServer
from discord_things import PATIENCE

PLAIN = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Pages(discord.ui.LayoutView):
    """A Components V2 message whose button turns the page."""

    def __init__(self, page: int) -> None:
        super().__init__()
        turn: discord.ui.Button[Pages] = discord.ui.Button(label="Next", custom_id="next")
        turn.callback = self.turn  # type: ignore[method-assign]
        self.page = page
        row: discord.ui.ActionRow[Pages] = discord.ui.ActionRow(turn)
        self.add_item(discord.ui.Container(discord.ui.TextDisplay(f"page {page}"), row))

    async def turn(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=Pages(self.page + 1))


class Report(discord.ui.Modal, title="Report an answer"):
    """A modal of one label."""

    reason: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="What is wrong?", component=discord.ui.TextInput(custom_id="reason", max_length=200)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.reason.component, discord.ui.TextInput)
        await interaction.response.send_message(f"noted: {self.reason.component.value}", ephemeral=True)


class Vote(discord.ui.View):
    """Two buttons: one edits its message, one opens a modal."""

    @discord.ui.button(label="Helpful", custom_id="helpful")
    async def helpful(self, interaction: discord.Interaction, button: discord.ui.Button["Vote"]) -> None:
        await interaction.response.edit_message(content=f"thanks, {interaction.user.name}", view=None)

    @discord.ui.button(label="Report", custom_id="report")
    async def report(self, interaction: discord.Interaction, button: discord.ui.Button["Vote"]) -> None:
        await interaction.response.send_modal(Report())


class Desk(discord.Client):
    """A bot just large enough to use what the server offers."""

    def __init__(self, intents: discord.Intents = PLAIN) -> None:
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self._connection.guild_ready_timeout = 0.05  # else every start waits two seconds for further guilds
        self.tree = app_commands.CommandTree(self)
        self.errors: list[BaseException] = []
        self.failures: list[BaseException | None] = []
        self.events: list[str] = []
        self.heard: list[str] = []
        self.had_resumed = asyncio.Event()

    async def setup_hook(self) -> None:
        commands: list[Any] = [ask, boast, vote, pages, check, library]
        for command in commands:
            self.tree.add_command(command)
        self.tree.error(self.on_command_error)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait discord.py's five seconds before a second IDENTIFY."""

    async def on_socket_event_type(self, event_type: str) -> None:
        self.events.append(event_type)

    async def on_resumed(self) -> None:
        self.had_resumed.set()

    async def on_message(self, message: discord.Message) -> None:
        assert self.user
        self.heard.append(message.content)
        if message.author != self.user and (message.guild is None or self.user in message.mentions):
            await message.reply(f"heard: {message.clean_content}")

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        self.failures.append(sys.exc_info()[1])

    async def on_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(getattr(error, "original", error))


@app_commands.command(description="Ask the news")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def ask(interaction: discord.Interaction, question: str, quietly: bool = False) -> None:
    await interaction.response.defer(ephemeral=quietly, thinking=True)
    await interaction.edit_original_response(content=f"{question} Yes, {interaction.user.name}.")
    await interaction.followup.send("and more", file=discord.File(io.BytesIO(b"full text"), "story.txt"))


@ask.autocomplete("question")
async def questions(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}{ending}", value=current) for ending in ("?", "!")]


@app_commands.command(description="Write too much")
@app_commands.allowed_contexts(guilds=True)
async def boast(interaction: discord.Interaction, length: app_commands.Range[int, 1, 9000]) -> None:
    await interaction.response.send_message("x" * length)


@app_commands.command(description="A message with buttons")
async def vote(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Was this helpful?", view=Vote())


@app_commands.command(description="A message in parts")
async def pages(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(view=Pages(1), file=discord.File(io.BytesIO(b"all pages"), "all.txt"))


@app_commands.context_menu(name="Check against the news")
async def check(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"checked: {message.content}", ephemeral=True)


library = app_commands.Group(
    name="library", description="What is read", default_permissions=discord.Permissions(manage_guild=True)
)


@library.command(name="add", description="Read a source")
async def add(interaction: discord.Interaction, url: str, channel: discord.TextChannel) -> None:
    await interaction.response.send_message(f"{url} for {channel.name}")


@contextlib.asynccontextmanager
async def discord_on_loopback(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """A server to which discord.py's addresses lead for the length of a test."""
    async with DiscordServer() as started:
        monkeypatch.setattr(discord.http.Route, "BASE", started.api)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(started.gateway.url))
        yield started


@contextlib.asynccontextmanager
async def running(server: DiscordServer, client: discord.Client) -> AsyncIterator[asyncio.Task[None]]:
    """Connect `client`, wait until it is ready, close it in the end."""
    task = asyncio.create_task(client.start(server.token))
    try:
        await server.connected()
        await asyncio.wait_for(client.wait_until_ready(), PATIENCE)
        yield task
    finally:
        await client.close()
        await task


@contextlib.asynccontextmanager
async def connected_desk(server: DiscordServer) -> AsyncIterator[Desk]:
    """The bot, connected and ready; at the end it must have asked for nothing that the server does not know."""
    client = Desk()
    async with running(server, client):
        yield client
        assert client.failures == []  # before the close, which may cut an answer short
    assert server.unexpected == []
    await server.disconnected()


async def until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for the bot, which tells nobody when it has noticed something."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
