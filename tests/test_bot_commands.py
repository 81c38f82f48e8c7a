"""What members see when they ask, in a simulated Discord: the real client, worker, desk and journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from bot_house import QUOTE, House, open_house, shared_catalogue, words

from bot.commands import apology
from bot.worker import QueueFullError
from index.errors import IndexUnavailable, ModelError


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


async def test_slash_is_answered_in_the_articles_words(house: House) -> None:
    """The reply repeats the question, quotes with the emphasis bold, and names outlet, title, link and day."""
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))

    result = await member.slash(channel, "ask", question="Why was the ferry cancelled?")

    acknowledged = next(each for each in house.env.http_requests if each.path.endswith("/callback"))
    assert acknowledged.json is not None
    assert acknowledged.json["type"] == discord.InteractionResponseType.deferred_channel_message.value
    assert not result.ephemeral
    assert words(channel.last_message).splitlines() == [
        "-# You asked: Why was the ferry cancelled?",
        "**Strong match** with your question",
        "> The ferry was cancelled because **ice** blocked the channel.",
        "**1** The Harbour Post: [Ferry stays in port](<https://harbour.example/ferry>), <t:1769860800:D>",
        "-# Quoted word for word. Bold was added by the bot.",
    ]


async def test_a_private_question_is_seen_by_the_asker_alone(house: House) -> None:
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))

    result = await member.slash(channel, "ask", question="Why?", private=True)

    assert result.ephemeral
    assert (await house.rows())[0]["private"] == 1


async def test_a_mention_is_answered_as_a_reply_to_it(house: House) -> None:
    """The mention is not part of the question; the reply points to it and pings nobody."""
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    assert house.client.user is not None

    asked = await member.send(channel, f"<@{house.client.user.id}>  why was the\nferry cancelled?")

    assert house.newsroom.asked == ["why was the ferry cancelled?"]
    reply = channel.last_message
    assert QUOTE in words(reply).replace("**", "")
    assert reply is not None
    assert reply.reference is not None
    assert reply.reference.message_id == asked.id
    assert reply.mentions == []
    posts = [each.path for each in house.env.http_requests if each.method == "POST"]
    assert posts == [f"/channels/{channel.id}/typing", f"/channels/{channel.id}/messages"]


async def test_a_mention_speaks_the_guilds_language(house: House) -> None:
    channel = house.env.create_guild(preferred_locale="de").create_text_channel("allgemein")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    assert house.client.user is not None

    await member.send(channel, f"{house.client.user.mention} warum?")

    assert words(channel.last_message).splitlines()[:2] == [
        "-# Deine Frage: warum?",
        "**Starke Übereinstimmung** mit deiner Frage",
    ]


async def test_a_direct_message_is_answered(house: House) -> None:
    user = house.env.create_user("ann")

    await user.send_dm("Why was the ferry cancelled?")

    assert QUOTE in words(user.dm_channel.last_message).replace("**", "")
    row = (await house.rows())[0]
    assert (row["surface"], row["installation"], row["guild"]) == ("dm", "dm", None)


async def test_a_reply_to_the_bot_is_a_question(house: House) -> None:
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    assert house.client.user is not None
    await member.send(channel, f"{house.client.user.mention} why?")
    answer = channel.last_message
    assert answer is not None

    await member.send(channel, "and since when?", reply_to=answer)

    assert house.newsroom.asked == ["why?", "and since when?"]
    second, first = await house.rows()
    assert (second["surface"], second["understood"]) == ("reply", "and since when? (why?)")
    assert first["surface"] == "mention"


async def test_a_mention_inside_a_reply_to_somebody_else_is_answered(house: House) -> None:
    channel = house.env.create_guild().create_text_channel("general")
    ann = house.env.guild.add_member(house.env.create_user("ann"))
    ben = house.env.guild.add_member(house.env.create_user("ben"))
    assert house.client.user is not None
    said = await ann.send(channel, "the ferry is late")

    await ben.send(channel, f"{house.client.user.mention} why is it?", reply_to=said)

    assert house.newsroom.asked == ["why is it?"]


async def test_nobody_else_is_answered(house: House) -> None:
    """Chat, edits, other bots, webhooks, and a reply between members reach nobody's log."""
    guild = house.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = guild.add_member(house.env.create_user("ann"))
    robot = guild.add_member(house.env.create_user("robot", bot=True))
    hook = guild.create_webhook(channel)
    assert house.client.user is not None
    mention = house.client.user.mention

    said = await ann.send(channel, "why was the ferry cancelled?")
    await ann.send(channel, "no idea", reply_to=said)
    await robot.send(channel, f"{mention} why?")
    await hook.send(f"{mention} why?")
    await ann.edit(said, f"{mention} why was the ferry cancelled?")

    assert house.newsroom.asked == []
    assert not any(each.method == "POST" and "messages" in each.path for each in house.env.http_requests)


async def test_an_event_that_comes_twice_is_answered_once(house: House) -> None:
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    assert house.client.user is not None
    message = await member.send(channel, f"{house.client.user.mention} why?")

    await house.client.on_message(message)

    assert house.newsroom.asked == ["why?"]


async def test_a_mention_without_words_gets_a_how_to(house: House) -> None:
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    assert house.client.user is not None
    mention = house.client.user.mention

    await member.send(channel, f" {mention} ")

    assert words(channel.last_message) == shared_catalogue().texts("en")("howto", mention=mention, command="`/ask`")
    assert house.newsroom.asked == []


async def test_a_long_question_is_refused_in_a_friendly_sentence(house: House) -> None:
    user = house.env.create_user("ann")

    await user.send_dm("w" * 301)

    assert words(user.dm_channel.last_message) == (
        "That question is too long for me: it has 301 characters, and I can read 300. "
        "Please ask it in one shorter sentence."
    )
    assert house.newsroom.asked == []


async def test_not_in_the_sources(house: House) -> None:
    house.newsroom.answered = False
    user = house.env.create_user("ann")

    await user.send_dm("Who won?")

    assert words(user.dm_channel.last_message).splitlines() == [
        "-# You asked: Who won?",
        "**Not in my sources.** I found nothing about this in 42 articles since <t:1714521600:D>.",
        "The nearest article to read:",
        "The Harbour Post: Ferry stays in port",
    ]
    row = (await house.rows())[0]
    assert (row["answered"], row["citations"]) == (0, [])


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (IndexUnavailable("no index", subject="data/index"), "error-index"),
        (ModelError("wrong hash", subject="model.safetensors"), "error-setup"),
        (OSError(28, "No space left on device"), "error-disk"),
    ],
)
async def test_an_error_is_one_plain_sentence_for_the_member(
    house: House, error: Exception, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The member reads the catalogue's sentence, the operator the error itself; nothing is logged as an answer."""
    house.newsroom.error = error
    user = house.env.create_user("ann")

    await user.send_dm("Why?")

    assert words(user.dm_channel.last_message) == shared_catalogue().texts("en")(key)
    assert str(error) in caplog.text
    assert await house.rows() == []


async def test_a_bug_is_told_by_its_request_id(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.newsroom.error = ZeroDivisionError("division by zero")
    user = house.env.create_user("ann")

    await user.send_dm("Why?")

    said = words(user.dm_channel.last_message)
    assert said.startswith("Something went wrong on my side")
    assert "zero" not in said
    assert "ZeroDivisionError: division by zero" in caplog.text


async def test_a_full_queue_is_told_at_once() -> None:
    texts = shared_catalogue().texts("de")
    assert apology(QueueFullError("full"), texts, "1") == texts("error-busy")


async def test_an_interaction_is_acknowledged_while_the_worker_is_busy(house: House) -> None:
    """Deferring does not wait for the thread that answers."""
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def block() -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(60)

    blocked = asyncio.create_task(house.worker.keep(block))
    asking = asyncio.create_task(member.slash(channel, "ask", question="Why?"))
    async with asyncio.timeout(20):
        while not any("callback" in each.path for each in house.env.http_requests):  # noqa: ASYNC110  # no event there
            await asyncio.sleep(0.01)
    assert house.newsroom.asked == []
    release.set()
    await blocked
    assert (await asking).response is not None


async def test_an_interaction_that_discord_forgot_is_one_log_line(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Unknown Interaction, when the acknowledgement came too late: nothing is searched, nothing is raised."""
    channel = house.env.create_guild().create_text_channel("general")
    member = house.env.guild.add_member(house.env.create_user("ann"))
    house.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")

    await member.slash(channel, "ask", question="Why?")

    assert "Unknown interaction" in caplog.text
    assert "Traceback" not in caplog.text
    assert house.newsroom.asked == []
