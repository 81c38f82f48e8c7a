"""``/reindex`` and ``/setup`` of ``python -m bot`` over sockets: a real reindex, followed and cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from discord_limits import walk
from discord_server import DiscordServer, Message
from test_wire import START, Bot, copied, running

from bot.guilds import GuildSettings
from bot.journal import Journal

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Slow:
    """A news site that takes requests and does not answer; what a reindex waits for."""

    port: int
    asked: asyncio.Event


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slow() -> AsyncIterator[Slow]:
    asked = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()  # until the other side gives up
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    yield Slow(server.sockets[0].getsockname()[1], asked)
    server.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(demo_data_dir: Path, tmp_path_factory: pytest.TempPathFactory, slow: Slow) -> AsyncIterator[Bot]:
    data = copied(demo_data_dir, tmp_path_factory.mktemp("admin") / "data")
    sources = data / "sources.toml"
    sources.write_text(
        f'[[source]]\nname = "Slow"\nkind = "feed"\nurl = "http://127.0.0.1:{slow.port}/feed"\n', encoding="utf-8"
    )
    async with DiscordServer() as server:
        settings = {"NEWSDESK_SOURCES": str(sources), "NEWSDESK_ALLOW_HOSTS": "127.0.0.1"}
        async with running(server, data, **settings) as started:
            await server.synced("setup", "reindex", timeout=START)
            yield started


async def until(message: Message, words: str, timeout: float = 30.0) -> str:  # noqa: ASYNC109
    """What a message says, once it says ``words``."""
    async with asyncio.timeout(timeout):
        while words not in message.text:  # noqa: ASYNC110  # another process edits it
            await asyncio.sleep(0.05)
    return message.text


async def test_a_reindex_is_followed_and_cancelled(bot: Bot, slow: Slow) -> None:
    """One message, edited at a pace; a second one, in another guild too, is told of it; the button ends it."""
    server = bot.server
    owner = server.guild.owner
    plain = server.add_member("moderator", "manage_guild")
    handle = await server.slash("reindex", user=owner)
    await handle.acknowledged(timeout=1.0)
    message = await handle.response()
    assert not message.ephemeral
    first = await until(message, "asked for by")
    assert first.startswith(f"**Reindex**, asked for by <@{owner.id}> <t:")
    await until(message, "Reading sources: 0 of 1, 0 %")
    await asyncio.wait_for(slow.asked.wait(), 20)

    second = server.add_guild("Second")
    second.members[owner] = []
    elsewhere = server.add_channel("talk", guild=second)
    busy = await (await server.slash("reindex", user=owner, channel=elsewhere, checked=False)).response()
    assert busy.text.splitlines()[0] == "A reindex is at work already."
    assert busy.text.splitlines()[2] == "In another place: Reading sources: 0 of 1, 0 %"

    button = message.button("Cancel")
    refused = await (await server.component(message, button, user=plain)).response()
    assert refused.text == "Only my owner, or those my operator named, can do this."
    listed = await server.slash("sources")  # a reindex keeps nobody waiting
    assert "**Ostrel Wire**: 6 articles" in (await listed.response(timeout=START)).text
    pressed = await server.component(message, button, user=owner)
    await pressed.acknowledged(timeout=1.0)
    ended = await until(message, "Cancelled by", timeout=30)
    assert ended.splitlines()[1] == f"Cancelled by <@{owner.id}>. The index stays as it was."
    assert [one for one in walk(message.components) if one.get("custom_id")] == []
    edits = [each for each in server.requests if each.method == "PATCH" and each.path.endswith("/messages/@original")]
    times = [each.status for each in edits]
    assert 429 not in times
    async with asyncio.timeout(20):
        while len(acts := noted(bot, server.guild.id)) < 3:  # noqa: ASYNC110  # another process notes them
            await asyncio.sleep(0.05)
    assert acts == ["cancelled", "cancelled", "started"]


def noted(bot: Bot, guild: int) -> list[str]:
    """What the log says of the acts of a guild's admins, the newest first."""
    journal = Journal(bot.data / "journal.db")
    try:
        return [act.detail for act in journal.acts.of(guild)]
    finally:
        journal.close()


async def test_a_reindex_that_a_terminal_runs_is_named(bot: Bot) -> None:
    """The lock is every process's; its holder's words are shown."""
    from index.published import reindex_lock

    with reindex_lock(bot.data / "index", "somebody in a terminal"):
        handle = await bot.server.slash("reindex", user=bot.server.guild.owner)
        message = await handle.response()
        said = await until(message, "A reindex is at work already.", timeout=START)
    assert "It runs elsewhere: somebody in a terminal, process" in said


async def test_setup_holds_at_once_and_in_the_next_process(bot: Bot) -> None:
    server = bot.server
    admin = server.add_member("admin", "manage_guild")
    handle = await server.slash("setup", user=admin)
    message = await handle.response()
    assert message.ephemeral
    pressed = await server.component(message, "ndp:language", user=admin, values=["de"])
    await pressed.acknowledged(timeout=1.0)
    await until(message, "How I behave")
    async with asyncio.timeout(20):
        while not (kept := settings(bot)):  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)
    assert kept == {server.guild.id: GuildSettings(language="de")}
    listed = await (await server.slash("latest")).response()
    assert listed.text.startswith("**Neueste Artikel**, insgesamt 44\n**Vorführung** mit erfundenen Artikeln")


def settings(bot: Bot) -> dict[int, GuildSettings]:
    journal = Journal(bot.data / "journal.db")
    try:
        return journal.guilds.all()
    finally:
        journal.close()
