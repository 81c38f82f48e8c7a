"""``python -m bot`` over sockets while Discord is at its worst: each question is answered once, or not at all.

That no traceback was logged and nothing was sent that Discord does not know, the fixture sees at the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord_server import Channel, DiscordServer, Interaction, Message
from test_wire import QUESTION, WORDS, Bot, copied, logged, running, warm

CALLBACK = r"/interactions/\d+/[^/]+/callback"
ORIGINAL = r"/webhooks/\d+/[^/]+/messages/@original"

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOST = [
    pytest.param({"status": 502}, id="502"),
    pytest.param({"status": 503}, id="503"),
    pytest.param({"cut": True}, id="cut"),
    pytest.param({"status": 500, "applied": True}, id="500 though it was done"),
    pytest.param({"cut": True, "applied": True}, id="cut though it was done"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(demo_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """One bot for this module, warm."""
    data = copied(demo_data_dir, tmp_path_factory.mktemp("faults") / "data")
    async with DiscordServer() as server, running(server, data) as bot:
        yield await warm(bot)


@pytest.fixture(autouse=True)
def _all_faults_happened(bot: Bot) -> Iterator[None]:
    yield
    assert bot.server.rest.faults == []


async def ask(bot: Bot, channel: Channel, question: str = QUESTION, **options: Any) -> Message:
    """Somebody new mentions the bot: one member may not ask that often."""
    return await bot.server.message(channel, bot.server.add_member("somebody"), question, mentions_bot=True, **options)


async def slash(bot: Bot, question: str = QUESTION, **options: Any) -> Interaction:
    return await bot.server.slash("ask", {"question": question}, bot.server.add_member("somebody"), **options)


def of_the_bot(bot: Bot, channel: Channel) -> list[Message]:
    return [message for message in channel.messages if message.author is bot.server.bot]


async def once_in_the_log(bot: Bot, reply: Message) -> None:
    async with asyncio.timeout(20):
        while not (rows := logged(bot, reply.id)):  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.05)
    assert len(rows) == 1


async def answered_once(bot: Bot, channel: Channel, asked: Message) -> None:
    """One reply to a message, also once the next question was answered."""
    reply = await bot.server.wait_for_message(channel, after=asked)
    assert WORDS in reply.text.replace("**", "")
    assert reply.reply_to is asked
    last = await ask(bot, channel, "Who won the world cup in 1998?")
    await bot.server.wait_for_message(channel, predicate=lambda message: message.reply_to is last)
    assert len(of_the_bot(bot, channel)) == 2
    await once_in_the_log(bot, reply)


# -- what was sent is lost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", LOST)
async def test_a_reply_that_is_lost_on_the_way_stands_there_once(bot: Bot, fault: dict[str, Any]) -> None:
    channel = bot.server.add_channel("lost")
    bot.server.fail_next("POST", rf"/channels/{channel.id}/messages", **fault)
    asked = await ask(bot, channel)
    await answered_once(bot, channel, asked)


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize(("method", "pattern"), [("POST", CALLBACK), ("PATCH", ORIGINAL)], ids=["ack", "answer"])
async def test_an_interaction_goes_on_after_a_lost_request(
    bot: Bot, method: str, pattern: str, fault: dict[str, Any]
) -> None:
    """An acknowledgement that Discord took is refused the second time (40060), and nobody is left with "thinking"."""
    bot.server.fail_next(method, pattern, **fault)
    handle = await slash(bot)
    message = await handle.response()
    assert WORDS in message.text.replace("**", "")
    await once_in_the_log(bot, message)


@pytest.mark.parametrize("everywhere", [False, True], ids=["route", "global"])
@pytest.mark.parametrize(("method", "pattern"), [("POST", CALLBACK), ("PATCH", ORIGINAL)], ids=["ack", "answer"])
async def test_a_rate_limit_of_an_interaction_is_waited_out(
    bot: Bot, method: str, pattern: str, everywhere: bool
) -> None:
    bot.server.fail_next(method, pattern, status=429, retry_after=0.2, is_global=everywhere)
    handle = await slash(bot)
    assert WORDS in (await handle.response()).text.replace("**", "")


async def test_a_global_rate_limit_holds_replies_back_and_loses_none(bot: Bot) -> None:
    channels = [bot.server.add_channel(f"limited-{number}") for number in range(3)]
    bot.server.fail_next("POST", r"/channels/\d+/messages", status=429, retry_after=0.3, is_global=True)
    asked = [await ask(bot, each) for each in channels]
    for channel, question in zip(channels, asked, strict=True):
        await answered_once(bot, channel, question)


async def test_a_reply_that_discord_takes_at_no_time_is_given_up(bot: Bot) -> None:
    """And the next one comes."""
    channel = bot.server.add_channel("down")
    bot.server.fail_next("POST", rf"/channels/{channel.id}/messages", status=503, times=4)
    await ask(bot, channel)
    async with asyncio.timeout(20):
        while bot.server.rest.faults:  # noqa: ASYNC110  # another process sends the requests
            await asyncio.sleep(0.05)
    last = await ask(bot, channel)
    reply = await bot.server.wait_for_message(channel, after=last)
    assert [each.reply_to for each in of_the_bot(bot, channel)] == [last]
    await once_in_the_log(bot, reply)


# -- too late, too often ----------------------------------------------------------------------------------------------


async def test_a_command_that_arrives_too_late_is_left(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown interaction (10062): Discord has told the member, and nothing is logged."""
    monkeypatch.setattr(bot.server.rest, "interaction_deadline", 0.1)
    late = await slash(bot, "Is this too late?", delay=0.3)
    async with asyncio.timeout(20):
        while not (sent := requests(bot, late.token)):  # noqa: ASYNC110  # another process sends them
            await asyncio.sleep(0.02)
    monkeypatch.undo()
    message = await (await slash(bot)).response()
    assert WORDS in message.text.replace("**", "")
    assert [(each.method, each.status) for each in sent] == [("POST", 404)]
    assert requests(bot, late.token) == sent
    assert late.acknowledgement is None


def requests(bot: Bot, token: str) -> list[Any]:
    return [each for each in bot.server.requests if token in each.path]


async def test_a_command_that_comes_three_times_runs_once(bot: Bot) -> None:
    handle = await slash(bot, times=3)
    message = await handle.response()
    await (await slash(bot)).response()
    assert [(each.method, each.status) for each in requests(bot, handle.token)] == [("POST", 200), ("PATCH", 200)]
    await once_in_the_log(bot, message)


async def test_an_event_that_comes_late_is_answered_at_its_place(bot: Bot) -> None:
    """After the one that was written later, and as a reply to its own."""
    channel = bot.server.add_channel("slow")
    late = await ask(bot, channel, delay=0.5, times=2)
    asked = await ask(bot, channel)
    await bot.server.wait_for_message(channel, predicate=lambda message: message.reply_to is late)
    assert [each.reply_to for each in of_the_bot(bot, channel)] == [asked, late]


# -- the gateway ------------------------------------------------------------------------------------------------------


async def test_a_reconnect_that_discord_asks_for_is_a_resume(bot: Bot) -> None:
    channel = bot.server.add_channel("elsewhere")
    identified, resumed = len(bot.server.gateway.identified), len(bot.server.gateway.resumed)
    await bot.server.ask_to_reconnect()
    asked = await ask(bot, channel)
    await answered_once(bot, channel, asked)
    assert len(bot.server.gateway.identified) == identified
    assert len(bot.server.gateway.resumed) == resumed + 1


async def test_a_session_that_discord_has_forgotten_is_begun_anew(bot: Bot) -> None:
    """And the commands and buttons of before work."""
    before = await (await slash(bot)).response()
    identified = len(bot.server.gateway.identified)
    bot.server.forget_sessions()
    await bot.server.drop_gateway()
    await bot.server.connected()
    assert len(bot.server.gateway.identified) == identified + 1
    pressed = await bot.server.component(before, before.button("More context"))
    assert (await pressed.response()).text.startswith("**Around quote 1**")
    channel = bot.server.add_channel("anew")
    asked = await ask(bot, channel)
    await answered_once(bot, channel, asked)


async def test_an_answer_that_is_ready_while_the_gateway_is_down_is_sent(bot: Bot) -> None:
    """Replies go over HTTP; what was asked before the connection broke is answered meanwhile."""
    channel = bot.server.add_channel("dark")
    bot.server.fail_next("POST", rf"/channels/{channel.id}/typing", delay=0.0)
    asked = await ask(bot, channel)
    async with asyncio.timeout(20):
        while not [each for each in bot.server.requests if f"/channels/{channel.id}/typing" in each.path]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # another process sends it
    async with bot.server.gateway_down():
        await bot.server.wait_for_message(channel, after=asked)
    await answered_once(bot, channel, asked)
