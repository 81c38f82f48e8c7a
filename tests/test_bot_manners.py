"""How the bot behaves among people, in a simulated Discord: languages, installations, thanks, limits, what it lacks."""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import pytest
from admin_house import Bureau, open_bureau, text
from bot_house import QUOTE, SECRET, FakeNewsroom, House, interactions_with, labels, open_house, shared_catalogue, words

from bot.client import make_client
from bot.commands import ask, library
from bot.commands.admin import make_library
from bot.commands.context_menu import _said
from bot.commands.library import Browsing
from bot.commands.parts import Parts
from bot.desk import Desk
from bot.guilds import Defaults, GuildSettings
from bot.journal import Journal
from bot.limits import Limits
from bot.settings import load_settings
from bot.worker import Worker
from corpus.errors import StoreError

ENGLISH = shared_catalogue().texts("en")


def brought_by(member: Any) -> Any:
    """A member takes the bot along to a guild that has not installed it."""
    return interactions_with(authorizing_integration_owners={"1": str(member.id)}, context=0)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with open_bureau(tmp_path) as opened:
        yield opened


def town(house: Any, *names: str) -> tuple[Any, ...]:
    channel = house.env.create_guild().create_text_channel("general")
    return (channel, *(house.env.guild.add_member(house.env.create_user(name)) for name in names))


def me(house: House) -> str:
    assert house.client.user is not None
    return house.client.user.mention


# Languages


async def test_a_direct_message_is_answered_in_its_language(house: House) -> None:
    """Discord does not say it: the question does, and what is too short to tell goes on in the conversation's."""
    user = house.env.create_user("ann")
    await user.send_dm("Warum ist die Fähre im Hafen ausgefallen?")
    assert words(user.dm_channel.last_message).startswith("-# Deine Frage: Warum ist")
    await user.send_dm("Seit wann?")
    assert words(user.dm_channel.last_message).startswith("-# Deine Frage: Seit wann?")
    await house.restart()
    await user.send_dm("Und warum?")
    assert words(user.dm_channel.last_message).startswith("-# Deine Frage: Und warum?")
    assert [row["locale"] for row in await house.rows()] == ["de", "de", "de"]
    await user.send_dm("Why was the ferry cancelled on Monday?")
    assert words(user.dm_channel.last_message).startswith("-# You asked: Why was")
    await user.send_dm("Pourquoi le bac a-t-il été annulé lundi ?")
    assert words(user.dm_channel.last_message).startswith("-# You asked: Pourquoi")


async def test_the_members_locale_decides_what_a_command_answers(house: House) -> None:
    channel, ann = town(house, "ann")
    with interactions_with(locale="de"):
        result = await ann.slash(channel, "ask", question="Warum?")
        noted = await ann.click(result.response.message, label="Hilfreich")
    assert words(result.response.message).startswith("-# Deine Frage: Warum?")
    assert words(noted.response.message).startswith("Notiert: **hilfreich**.")
    assert labels(result.response.message)[1] == ["Hilfreich", "Nicht hilfreich", "Falsches Zitat"]


# Installations


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_member_who_brings_the_bot_along_alone_sees_the_reply(house: House, restarted: bool) -> None:
    """In a guild that did not install it: its admins' settings have no say, and nothing is offered of its log."""
    channel, ann = town(house, "ann")
    house.guilds.settings[house.env.guild.id] = GuildSettings(channels=frozenset({1}), threshold=0.9)
    with brought_by(ann):
        result = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
        if restarted:
            await house.restart()
        form = await ann.click(result.response.message, label="Follow up")
        further = await ann.submit_modal(form, {"text": "Since when?"})
        said = await ann.context_menu(channel, "Check against the news", await ann.send(channel, "the ferry sails"))
        assert await ann.autocomplete(channel, "ask", "question", "") == []
    for each in (result, further, said):
        assert each.ephemeral
        assert QUOTE in words(each.response.message).replace("**", "")
    rows = await house.rows()
    assert [(row["installation"], row["private"]) for row in rows] == [("user", 1)] * 3
    assert house.newsroom.thresholds == [None] * 3


async def test_in_the_direct_conversation_with_the_bot_the_reply_stays(house: House) -> None:
    """Nobody else is there to read it."""
    user = house.env.create_user("ann")
    with interactions_with(authorizing_integration_owners={"1": str(user.id)}, context=1):
        result = await user.slash("ask", question="Why was the ferry cancelled?")
    assert not result.ephemeral
    assert (await house.rows())[0]["private"] == 0


async def test_what_is_brought_along_is_for_its_member_alone(bureau: Bureau) -> None:
    channel, ann = town(bureau, "ann")
    options = {"article": {"article": "1"}, "timeline": {"question": "The ferry"}, "follow": {"question": "The ferry?"}}
    commands = "latest sources article timeline follow following corrections".split()
    with brought_by(ann):
        for command in [*commands, "privacy show", "privacy export", "privacy delete"]:
            result = await ann.slash(channel, command, **options.get(command, {}))
            assert result.ephemeral, command
            assert text(result.response.components) != "", command


# Thanks, greetings, and what a message is


async def test_thanks_get_no_reply_and_greetings_a_how_to(house: House) -> None:
    """A reply to an answer pings the bot: whoever says thanks does not want to read that nothing was found."""
    channel, ann = town(house, "ann")
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    answer = channel.last_message
    for said in ("thanks!", "👍", "hi"):
        await ann.send(channel, said, reply_to=answer)
        assert channel.last_message.content == said
    await ann.send(channel, f"ok, thanks {me(house)}")
    assert channel.last_message.content.startswith("ok")
    await ann.send(channel, f"{me(house)} hello")
    assert words(channel.last_message).startswith("Ask me about the news in one sentence, for example: ")
    await ann.user.send_dm("hi")
    assert words(ann.user.dm_channel.last_message) == ENGLISH("howto-direct")
    assert len(await house.rows()) == 1


async def test_the_bots_role_in_place_of_its_name_gets_a_how_to(house: House) -> None:
    """Discord offers both under one name, and hides the words of a message that only names the role."""
    channel, ann = town(house, "ann")
    message = await ann.send(channel, "x")
    guild, user = message.guild or house.client.get_guild(house.env.guild.id), house.client.user
    assert guild is not None
    assert user is not None
    data: Any = {
        "id": "5", "name": "newsdesk", "color": 0, "hoist": False, "position": 1, "permissions": "0", "managed": True,
        "mentionable": False, "flags": 0, "colors": {"primary_color": 0}, "tags": {"bot_id": str(user.id)},
    }  # fmt: skip
    own = discord.Role(guild=guild, state=house.client._connection, data=data)
    guild._add_role(own)
    assert guild.self_role == own
    seen = house.client.get_channel(channel.id)
    assert isinstance(seen, discord.TextChannel)
    message.guild, message.content, message.role_mentions = guild, "", [own]
    message.id += 10**9

    await house.client.on_message(message)

    assert words(channel.last_message).startswith("Ask me about the news in one sentence, for example: ")


async def test_a_message_that_is_only_a_link_is_checked_by_its_card(house: House) -> None:
    channel, ann = town(house, "ann")
    message = await ann.send(channel, "<https://news.example/1>")
    message.embeds = [discord.Embed(title="Ferry cancelled", description="Ice blocks the channel.")]
    assert _said(message) == "Ferry cancelled Ice blocks the channel."
    message.content = "is this true? https://news.example/1"
    assert _said(message) == message.content
    message.content, message.embeds = "https://news.example/1", []
    assert _said(message) == message.content


# Threads


async def test_a_long_exchange_by_buttons_goes_on_in_a_thread(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """The third follow-up's reply gets one; what is asked about it then is answered there, and the asker told so."""
    channel, ann = town(house, "ann")
    house.guilds.settings[house.env.guild.id] = GuildSettings(threads=frozenset({channel.id}))
    result = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
    for question in ("Since when?", "Who says so?", "What did the port say?"):
        assert channel.threads == []
        form = await ann.click(result.response.message, label="Follow up")
        result = await ann.submit_modal(form, {"text": question})
    (thread,) = channel.threads
    assert thread.name == "What did the port say?"
    assert thread.id == result.response.id
    await house.restart()

    form = await ann.click(result.response.message, label="Follow up")
    told = await ann.submit_modal(form, {"text": "When will it sail?"})

    assert told.ephemeral
    assert words(told.response.message) == f"The answer stands in the thread: <#{thread.id}>"
    assert words(thread.last_message).startswith("-# You asked: When will it sail?")
    row = (await house.rows())[0]
    assert (row["channel"], row["reply_message"], row["private"]) == (thread.id, thread.last_message.id, 0)


async def test_what_a_thread_needs_is_named_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    channel, ann = town(house, "ann")
    house.guilds.settings[house.env.guild.id] = GuildSettings(threads=frozenset({channel.id}))
    denied = discord.Permissions(create_public_threads=True, send_messages_in_threads=True)
    deny(house, channel, denied)
    await ann.send(channel, f"{me(house)} why?")
    for question in ("since when?", "who says so?", "what did the port say?"):
        await ann.send(channel, question, reply_to=channel.last_message)
    assert channel.threads == []
    assert "the exchange stays, missing: Create Public Threads, Send Messages in Threads" in caplog.text
    assert QUOTE in words(channel.last_message).replace("**", "")


async def test_a_thread_in_which_the_bot_may_not_write_is_named_to_the_asker(house: House) -> None:
    """By its own permission, which is another than that of the channel."""
    channel, ann = town(house, "ann")
    house.guilds.settings[house.env.guild.id] = GuildSettings(threads=frozenset({channel.id}))
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    for question in ("since when?", "who says so?", "what did the port say?"):
        await ann.send(channel, question, reply_to=channel.last_message)
    (thread,) = channel.threads
    before = len(house.newsroom.asked)
    deny(house, channel, discord.Permissions(send_messages_in_threads=True))
    await ann.send(thread, f"{me(house)} when will it sail?")
    assert words(ann.user.dm_channel.last_message) == ENGLISH(
        "permission-missing", channel=f"<#{thread.id}>", permissions="Send Messages in Threads"
    )
    assert len(house.newsroom.asked) == before


def deny(house: House, channel: Any, denied: discord.Permissions) -> None:
    """Take permissions from everybody in a channel, as the bot sees it."""
    mine = house.client.get_channel(channel.id)
    assert isinstance(mine, discord.TextChannel)
    everyone = {"id": mine.guild.default_role.id, "type": 0, "allow": "0", "deny": str(denied.value)}
    mine._overwrites = [discord.abc._Overwrites(everyone)]  # type: ignore[arg-type]


# What is missing


@pytest.mark.parametrize("command", ["stats", "export"])
async def test_a_file_that_may_not_be_attached_is_named_before_it_fails(
    bureau: Bureau, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    admin = bureau.admin(guild, bureau.env.create_user("ann"))
    bureau.log(guild.id, channel.id, "Why was the ferry cancelled?")
    without = discord.Permissions.all()
    without.attach_files = False
    with interactions_with(app_permissions=str(without.value)):
        result = await admin.slash(channel, command)
    assert result.response is not None
    assert text(result.response.components) == (
        "I cannot send you the file here, because I lack this in this channel: Attach Files. "
        "Please tell an admin of the server, or use the command in another channel."
    )
    assert "missing: Attach Files" in caplog.text
    assert (await admin.slash(channel, command)).response.attachments  # type: ignore[union-attr]


async def test_a_guild_that_asks_too_fast_is_told_as_a_guild(house: House) -> None:
    channel, ann = town(house, "ann")
    for member in range(600):
        assert limits(house).take(member + 10, house.env.guild.id) is None
    refused = await ann.slash(channel, "ask", question="Why?")
    assert words(refused.response.message) == (
        "This server asks faster than I can look things up for all servers. Please ask again in one second."
    )


def limits(house: House) -> Limits:
    return house.parts.limits


async def test_who_presses_too_fast_reads_how_long_to_wait(house: House) -> None:
    """Thirty at once, then one a second; others go on, and nothing reaches the log for the presses refused."""
    channel, ann, ben = town(house, "ann", "ben")
    message = (await ann.slash(channel, "ask", question="Why was the ferry cancelled?")).response.message
    for _ in range(29):
        await ann.click(message, label="More sources")
    refused = await ann.click(message, label="Helpful")
    assert refused.ephemeral
    assert words(refused.response.message) == (
        "You are faster than I can serve everybody. Please try again in one second."
    )
    assert words((await ann.slash(channel, "ask", question="Why?")).response.message).startswith("You are faster")
    assert words((await ben.click(message, label="Helpful")).response.message).startswith("Noted: **helpful**")
    house.now += 1
    assert words((await ann.click(message, label="Helpful")).response.message).startswith("Noted: **helpful**")


async def test_what_was_written_into_a_form_is_taken_however_fast_it_came(house: House) -> None:
    """The button that opened it was counted."""
    channel, ann = town(house, "ann")
    message = (await ann.slash(channel, "ask", question="Why was the ferry cancelled?")).response.message
    form = await ann.click(message, label="Follow up")
    while limits(house).act(ann.id, None) is None:
        pass
    answered = await ann.submit_modal(form, {"text": "Since when?"})
    assert words(answered.response.message).startswith("-# You asked: Since when?")


async def test_who_types_too_fast_is_offered_nothing(house: House) -> None:
    channel, ann = town(house, "ann")
    assert "Ostrel Wire" in str(await ann.autocomplete(channel, "ask", "source", "Ost"))
    while limits(house).typed(ann.id):
        pass
    assert await ann.autocomplete(channel, "ask", "source", "Ost") == []
    house.now += 1
    assert "Ostrel Wire" in str(await ann.autocomplete(channel, "ask", "source", "Ost"))


async def test_a_timeline_counts_as_a_question(bureau: Bureau) -> None:
    """It searches as a question does; refused, it is for the member's eyes alone."""
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    while bureau.parts.limits.take(ann.id, None) is None:
        pass
    refused = await ann.slash(channel, "timeline", question="The ferry")
    assert refused.ephemeral
    assert text(refused.response.components).startswith("You ask faster than I can look things up for everybody.")
    assert bureau.newsroom.asked == []


# A busy worker, and every error of every command that reads


async def busy(house: Any) -> tuple[asyncio.Event, asyncio.Task[None]]:
    """Occupy the worker until the event is set."""
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def block() -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(60)

    task = asyncio.create_task(house.worker.keep(block))
    await asyncio.sleep(0)
    return release, task


async def test_every_command_is_acknowledged_while_the_worker_is_busy(bureau: Bureau) -> None:
    """Over sockets it is measured that this takes less than a second (test_wire)."""
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    admin = bureau.admin(guild, bureau.env.create_user("ann"))
    message = await admin.send(channel, "They say the ferry was cancelled")
    question = {"question": "Why was the ferry cancelled?"}
    options = {"article": {"article": "1"}, "ask": question, "timeline": question, "follow": question}
    commands = "ask latest sources article timeline follow following corrections setup stats export".split()
    for command in [*commands, "privacy show", "privacy export", "privacy delete", "Check against the news"]:
        release, blocked = await busy(bureau)
        before = len([each for each in bureau.env.http_requests if "callback" in each.path])
        if command == "Check against the news":
            running = asyncio.create_task(admin.context_menu(channel, command, message))
        else:
            running = asyncio.create_task(admin.slash(channel, command, **options.get(command, {})))
        async with asyncio.timeout(20):
            while len([each for each in bureau.env.http_requests if "callback" in each.path]) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert not blocked.done(), command
        release.set()
        await blocked
        assert text((await running).response.components) != ""  # type: ignore[union-attr]


@dataclass
class Typing:
    """As much of an interaction as suggestions in a direct conversation need."""

    user: discord.Object = field(default_factory=lambda: discord.Object(5))
    guild_id: int | None = None
    channel_id: int = 6

    def is_user_integration(self) -> bool:
        return False


async def test_suggestions_are_answered_within_a_second_while_the_worker_is_busy(tmp_path: Path) -> None:
    """With none: the command works without."""
    settings = load_settings(None, data_dir=tmp_path, sources=tmp_path / "sources.toml")
    worker, catalogue = Worker(), shared_catalogue()
    desk = Desk(FakeNewsroom, lambda: Journal(settings.journal_db))
    parts = Parts(make_client(catalogue), worker, desk, catalogue, SECRET, Defaults(), Limits())
    browsing = Browsing(parts, make_library(settings))
    held = threading.Event()
    blocked = asyncio.create_task(worker.keep(held.wait, 60))
    await asyncio.sleep(0)
    for suggest in (browsing.source_names, browsing.topics, browsing.titles):
        async with asyncio.timeout(5):
            assert await suggest(Typing(), "a") == []  # type: ignore[arg-type]
    assert ask.TYPING_SECONDS < 1
    assert library.TYPING_SECONDS < 1
    assert not blocked.done()
    held.set()
    await blocked
    await worker.stop()


FAILURES = (
    (StoreError("is not there", subject="corpus.db"), "error-index"),
    (OSError(errno.ENOSPC, "No space left on device"), "error-disk"),
    (StoreError("database or disk is full", subject="corpus.db"), "error-disk"),
)


@pytest.mark.parametrize("command", ["latest", "sources", "article"])
@pytest.mark.parametrize(("error", "key"), FAILURES)
async def test_an_error_while_browsing_is_a_plain_sentence_and_a_line_for_the_operator(
    bureau: Bureau, command: str, error: Exception, key: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    channel, ann = town(bureau, "ann")
    options = {"article": "ferry"} if command == "article" else {}

    def fail() -> Any:
        raise error

    monkeypatch.setattr(bureau.library, "_open_store", fail)
    with caplog.at_level(logging.ERROR):
        result = await ann.slash(channel, command, **options)
    assert text(result.response.components) == ENGLISH(key)
    assert str(error) in caplog.text


@pytest.mark.parametrize("command", ["latest", "sources", "article", "ask"])
async def test_a_bug_is_told_by_its_id_whatever_the_command(
    bureau: Bureau, command: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    channel, ann = town(bureau, "ann")
    options = {"article": {"article": "ferry"}, "ask": {"question": "Why?"}}.get(command, {})
    bureau.newsroom.error = ZeroDivisionError("division by zero")

    def fail() -> Any:
        raise bureau.newsroom.error  # type: ignore[misc]

    monkeypatch.setattr(bureau.library, "_open_store", fail)
    result = await ann.slash(channel, command, **options)
    said = text(result.response.components)
    assert said.startswith("Something went wrong on my side")
    assert "zero" not in said
    assert "ZeroDivisionError: division by zero" in caplog.text


async def test_a_log_that_cannot_be_read_answers_a_follow_up_by_itself(house: House) -> None:
    """The words of the exchange before are missing, the answer is not."""
    channel, ann = town(house, "ann")
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    await house.rows()

    def refuse() -> Journal:
        raise OSError(errno.EIO, "Input/output error")

    journal, house.desk._journal = house.desk._journal, None
    house.desk._open_journal = refuse
    await ann.send(channel, "and since when?", reply_to=channel.last_message)
    house.desk._journal = journal
    assert words(channel.last_message) != ""
