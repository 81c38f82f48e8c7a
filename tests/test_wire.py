"""``python -m bot`` as its own process against a Discord on loopback: sockets, rate limits, resumes and signals."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from discord_server import DiscordServer
from discord_things import PATIENCE

from bot.journal import Journal

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Why does the comet look green?"
WORDS = "sunlight breaks up carbon gas around the ice"
LOGGED = 1 << 26
"""Bytes of the log that are taken before they are read: a full pipe would hold up the bot."""
LOOK = 0.4
"""Seconds between two looks of the bot for what is new; 5 outside of tests."""
START = 60.0
"""Seconds for the first answer: on a busy machine torch takes long to load."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Bot:
    """The bot's process and the Discord it is connected to."""

    server: DiscordServer
    process: asyncio.subprocess.Process
    data: Path

    async def stop(self) -> tuple[int, str]:
        """Stop it as a service manager does; exit status and everything it logged."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        _, logged = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, logged.decode()


async def start(data: Path, variables: Mapping[str, str]) -> asyncio.subprocess.Process:
    """``python -m bot`` on a data folder, with nothing else of this machine's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "NEWSDESK_"))}
    # An empty value counts as unset, and hides what a developer's .env may say.
    settings = {"DISCORD_TOKEN": "", "NEWSDESK_SHARDS": "", "NEWSDESK_DEMO": "1", "NEWSDESK_DATA_DIR": str(data)}
    settings |= {"NEWSDESK_WATCH": "0", "NEWSDESK_LOOK_SECONDS": str(LOOK)}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=ROOT,
        env={**kept, **settings, **variables},
        stderr=asyncio.subprocess.PIPE,
        limit=LOGGED,
    )


@asynccontextmanager
async def running(server: DiscordServer, data: Path, **variables: str) -> AsyncIterator[Bot]:
    """A bot that is connected; stopped at the end, without a traceback in its log."""
    process = await start(data, {**server.environment, "DISCORD_TOKEN": server.token, **variables})
    bot = Bot(server, process, data)
    try:
        await server.connected(timeout=START)
        yield bot
    finally:
        status, logged = await bot.stop()
    assert status == 0, logged
    assert "Traceback" not in logged, logged
    assert server.unexpected == []
    assert server.violations == []


def copied(demo: Path, to: Path) -> Path:
    """A data folder of its own with the sample corpus; the model's files are only linked."""
    shutil.copytree(demo, to, ignore=shutil.ignore_patterns("models", "journal.db*"))
    if (demo / "models").exists():
        (to / "models").symlink_to(demo / "models")
    return to


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(demo_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """One bot for this module, warm: its newsroom is open."""
    data = copied(demo_data_dir, tmp_path_factory.mktemp("wire") / "data")
    async with DiscordServer(heartbeat_interval=1.0) as server:
        given = server.gateway.url
        server.gateway.url = "ws://127.0.0.1:9/dead"  # what READY names for resuming; the address given must win
        async with running(server, data, DISCORD_GATEWAY=given) as bot:
            yield await warm(bot)


async def warm(bot: Bot) -> Bot:
    """The bot once it has answered for the first time."""
    await bot.server.synced("ask")
    handle = await bot.server.slash("ask", {"question": QUESTION})
    await handle.response(timeout=START)
    return bot


async def test_commands_are_synced_in_two_languages(bot: Bot) -> None:
    command = next(each for each in await bot.server.synced("ask") if each["name"] == "ask")
    assert command["description_localizations"]["de"].startswith("Frag die Nachrichten")
    assert [option["name"] for option in command["options"]] == ["question", "source", "since", "until", "private"]


async def test_slash_is_answered(bot: Bot) -> None:
    """Thinking at once, then the quote in its place; no link is previewed and nobody is pinged."""
    handle = await bot.server.slash("ask", {"question": QUESTION})
    await handle.acknowledged(timeout=1.0)
    message = await handle.response()
    assert not message.ephemeral
    lines = message.text.splitlines()
    assert lines[0] == f"-# You asked: {QUESTION}"
    assert lines[1] == "**Demonstration** with made-up articles"
    assert WORDS in message.text.replace("**", "")
    assert message.pinged == []


async def test_a_question_pings_nobody(bot: Bot) -> None:
    """It is repeated in the reply, and Discord would act on it there."""
    question = f"@everyone {bot.server.user.mention} why does the comet look green?"
    message = await (await bot.server.slash("ask", {"question": question})).response()
    assert message.text.splitlines()[0] == (
        rf"-# You asked: \@everyone \{bot.server.user.mention} why does the comet look green?"
    )
    assert (message.pinged, message.pings_everyone) == ([], False)


async def test_a_german_member_is_answered_in_german(bot: Bot) -> None:
    member = bot.server.add_member("jana", locale="de")
    handle = await bot.server.slash("ask", {"question": QUESTION}, user=member)
    assert (await handle.response()).text.startswith(f"-# Deine Frage: {QUESTION}")


async def test_a_mention_and_a_direct_message_are_answered(bot: Bot) -> None:
    asked = await bot.server.message(content=QUESTION, mentions_bot=True)
    reply = await bot.server.wait_for_message(bot.server.channel, after=asked)
    assert WORDS in reply.text.replace("**", "")
    assert reply.reply_to is asked
    assert reply.pinged == []
    direct = await bot.server.direct_message(content=QUESTION)
    reply = await bot.server.wait_for_message(direct.channel, after=direct)
    assert WORDS in reply.text.replace("**", "")


async def test_what_only_the_asker_may_see_is_ephemeral(bot: Bot) -> None:
    """A private question, and any question where the guild has not installed the bot."""
    private = await bot.server.slash("ask", {"question": QUESTION, "private": True})
    assert (await private.response()).ephemeral
    elsewhere = bot.server.add_guild("Elsewhere", joined=False)
    member = bot.server.add_member("lena", guild=elsewhere)
    brought = await bot.server.slash(
        "ask", {"question": QUESTION}, user=member, channel=bot.server.add_channel("talk", guild=elsewhere)
    )
    assert (await brought.response()).ephemeral
    between = bot.server.add_private_channel(member, bot.server.user)
    brought = await bot.server.slash("ask", {"question": QUESTION}, user=member, channel=between)
    assert (await brought.response()).ephemeral


async def test_an_event_that_comes_twice_is_answered_once(bot: Bot) -> None:
    channel = bot.server.add_channel("twice")
    await bot.server.message(channel, content=QUESTION, mentions_bot=True, times=3)
    last = await bot.server.message(channel, content="Who won the world cup in 1998?", mentions_bot=True)
    await bot.server.wait_for_message(channel, predicate=lambda message: message.reply_to is last)
    assert len([message for message in channel.messages if message.author is bot.server.bot]) == 2


async def test_a_rate_limit_delays_the_reply_and_is_not_shown(bot: Bot) -> None:
    channel = bot.server.add_channel("busy")
    bot.server.fail_next("POST", rf"/channels/{channel.id}/messages", status=429, retry_after=0.3)
    asked = await bot.server.message(channel, content=QUESTION, mentions_bot=True)
    reply = await bot.server.wait_for_message(channel, after=asked)
    assert WORDS in reply.text.replace("**", "")
    posts = [each for each in bot.server.requests if each.path.endswith(f"/channels/{channel.id}/messages")]
    assert [each.status for each in posts] == [429, 200]


async def test_a_dropped_gateway_is_resumed(bot: Bot) -> None:
    """What was asked meanwhile is answered once; heartbeats go on."""
    channel = bot.server.add_channel("tunnel")
    identified = len(bot.server.gateway.identified)
    resumed = len(bot.server.gateway.resumed)
    async with bot.server.gateway_down():
        asked = await bot.server.message(channel, content=QUESTION, mentions_bot=True)
    reply = await bot.server.wait_for_message(channel, after=asked)
    assert WORDS in reply.text.replace("**", "")
    assert len(bot.server.gateway.resumed) == resumed + 1
    assert len(bot.server.gateway.identified) == identified
    beats = len(bot.server.heartbeats)
    async with asyncio.timeout(PATIENCE):
        while len(bot.server.heartbeats) == beats:  # noqa: ASYNC110  # another process sends them
            await asyncio.sleep(0.05)


async def test_the_log_knows_each_exchange_once(bot: Bot) -> None:
    """With the ids of both messages, and of the reply alone for a command."""
    member = bot.server.add_member("somebody new")  # the reader of the other tests may not ask that often
    asked = await bot.server.direct_message(member, QUESTION)
    reply = await bot.server.wait_for_message(asked.channel, after=asked)
    async with asyncio.timeout(20):
        while not (rows := logged(bot, reply.id)):  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)
    (row,) = rows
    assert (row["question"], row["question_message"], row["surface"]) == (QUESTION, asked.id, "dm")
    assert str(member.id) not in str(row["member"])


def logged(bot: Bot, reply: int) -> list[dict[str, object]]:
    """Rows of the log about one reply."""
    journal = Journal(bot.data / "journal.db")
    try:
        return [row for row in journal.recent(50) if row["reply_message"] == reply]
    finally:
        journal.close()


async def test_a_stop_finishes_what_is_in_flight(demo_data_dir: Path, tmp_path: Path) -> None:
    """And the next start finds everything in order."""
    data = copied(demo_data_dir, tmp_path / "data")
    async with DiscordServer() as server:
        for _ in range(2):
            async with running(server, data) as bot:
                await server.synced("ask")
                handle = await server.slash("ask", {"question": QUESTION})
                await handle.acknowledged(timeout=1.0)  # the newsroom is still being opened
                await bot.stop()
                assert WORDS in (await handle.response(timeout=0.5)).text.replace("**", "")


async def test_without_an_index_it_connects_and_says_so(tmp_path: Path) -> None:
    async with DiscordServer() as server, running(server, tmp_path / "data"):
        await server.synced("ask")
        handle = await server.slash("ask", {"question": QUESTION})
        assert (await handle.response(timeout=START)).text == (
            "I have nothing to search at the moment: my index of articles is missing or still being built. "
            "Please try again in a few minutes."
        )


@pytest.mark.parametrize(
    ("token", "line"),
    [
        ("wrong", "DISCORD_TOKEN: Discord does not accept it; copy it again from the developer portal"),
        ("", "DISCORD_TOKEN: is not set; put the bot's token into .env"),
    ],
)
async def test_a_token_that_does_not_work_is_one_line(tmp_path: Path, token: str, line: str) -> None:
    async with DiscordServer() as server:
        process = await start(tmp_path / "data", {**server.environment, "DISCORD_TOKEN": token})
        _, logged = await process.communicate()
    assert process.returncode == 2
    assert logged.decode().splitlines()[-1] == line
    assert "Traceback" not in logged.decode()


async def test_an_intent_that_is_not_granted_is_one_line(tmp_path: Path) -> None:
    """Discord closes the connection with 4014; trying again does not mend it."""
    async with DiscordServer(privileged=0) as server:
        variables = {**server.environment, "DISCORD_TOKEN": server.token, "NEWSDESK_MESSAGE_CONTENT": "1"}
        process = await start(tmp_path / "data", variables)
        _, logged = await process.communicate()
    assert process.returncode == 2
    assert logged.decode().splitlines()[-1].startswith("NEWSDESK_MESSAGE_CONTENT: Discord does not grant")
    assert "Traceback" not in logged.decode()


async def test_discord_out_of_reach_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as held:  # so that nobody else listens there
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        variables = {"DISCORD_API_BASE": f"http://127.0.0.1:{port}/api/v10", "DISCORD_TOKEN": "token"}
        process = await start(tmp_path / "data", variables | {"DISCORD_GATEWAY": f"ws://127.0.0.1:{port}/gateway"})
        _, logged = await process.communicate()
    assert process.returncode == 1
    assert logged.decode().splitlines()[-1].startswith("Discord cannot be reached: ")
    assert "Traceback" not in logged.decode()


async def test_shards_in_one_process(demo_data_dir: Path, tmp_path: Path) -> None:
    """Each with its session; the gateway is the one given, whatever Discord recommends."""
    data = copied(demo_data_dir, tmp_path / "data")
    async with DiscordServer(shards=2) as server, running(server, data, NEWSDESK_SHARDS="2"):
        assert [each["shard"] for each in server.gateway.identified] == [[0, 2], [1, 2]]
        handle = await server.slash("ask", {"question": QUESTION})
        assert WORDS in (await handle.response(timeout=START)).text.replace("**", "")
