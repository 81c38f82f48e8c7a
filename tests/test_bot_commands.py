"""What members see when they ask, in a simulated Discord: the real client, worker, desk and journal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest
import simcord
from bot_house import QUOTE, SECRET, FakeNewsroom, House, open_house, shared_catalogue, words

from bot import logs
from bot.client import Seen, make_client
from bot.commands import apology
from bot.commands.ask import Ask
from bot.commands.messages import plain_question
from bot.commands.parts import Parts
from bot.desk import Desk
from bot.guilds import Defaults
from bot.journal import Journal, JournalError, member_key
from bot.limits import Limits
from bot.worker import QueueFullError, Worker
from corpus.errors import NewsdeskError
from index.errors import IndexUnavailable, ModelError
from index.records import Query


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
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(5)

    blocked = asyncio.create_task(house.worker.keep(block))
    asking = asyncio.create_task(member.slash(channel, "ask", question="Why?"))
    async with asyncio.timeout(1):
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


async def test_log_lines_of_one_question_share_its_id_on_the_worker_too() -> None:
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    logger, handler = logging.getLogger("bot.test"), Keep()
    handler.addFilter(logs.RequestFilter())
    logger.addHandler(handler)
    worker = Worker()
    with logs.request() as first:
        logger.error("here")
        await worker.run(logger.error, "there")
    logger.error("outside")
    await worker.stop()
    logger.removeHandler(handler)
    assert [vars(record)["request"] for record in records] == [first, first, "-"]


async def test_the_log_holds_the_exchange_and_no_name(house: House) -> None:
    channel = house.env.create_guild().create_text_channel("general")
    user = house.env.create_user("ann")
    member = house.env.guild.add_member(user)
    assert house.client.user is not None

    asked = await member.send(channel, f"{house.client.user.mention} why?")

    row = (await house.rows())[0]
    assert channel.last_message is not None
    expected = {
        "surface": "mention",
        "installation": "guild",
        "guild": house.env.guild.id,
        "channel": channel.id,
        "private": 0,
        "locale": "en-US",
        "member": member_key(SECRET, user.id),
        "question": "why?",
        "question_message": asked.id,
        "reply_message": channel.last_message.id,
        "answered": 1,
        "confidence": 0.9,
        "match": "strong",
        "reply": words(channel.last_message),
        "model": "mini",
        "index_version": "v1",
        "stages": {"search": 4.0},
    }
    assert {name: row[name] for name in expected} == expected
    assert row["citations"] == [
        {
            "exchange": row["id"],
            "number": 1,
            "article": 7,
            "revision": 8,
            "passage": 9,
            "start": 0,
            "end": len(QUOTE),
            "score": 1.5,
            "quote": QUOTE,
        }
    ]
    assert str(user.id) not in str({name: row[name] for name in row if name != "question_message"})
    assert "ann" not in str(row["member"])


async def test_a_journal_that_cannot_be_written_loses_no_reply_and_no_row(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Rows wait in memory and are written when the disk has room again; it is told as often as one more waits."""
    works = False

    def open_journal() -> Journal:
        if not works:
            raise JournalError("database or disk is full", subject="journal.db")
        return Journal(tmp_path / "journal.db")

    catalogue = shared_catalogue()
    client = make_client(catalogue)
    worker, desk = Worker(), Desk(FakeNewsroom, open_journal)
    Ask(Parts(client, worker, desk, catalogue, SECRET, Defaults(), Limits())).add()
    async with simcord.run(client) as env:
        user = env.create_user("ann")
        await user.send_dm("Why?")
        await user.send_dm("Since when?")
        assert QUOTE in words(user.dm_channel.last_message).replace("**", "")
        for _ in range(3):
            await worker.keep(desk.refresh)
        assert desk.unwritten == 2
        assert [each for each in caplog.messages if each.startswith("journal: ")] == [
            f"journal: {count} exchanges wait: journal.db: database or disk is full" for count in (1, 2)
        ]
        works = True
        await worker.keep(desk.refresh)
        assert desk.unwritten == 0
    await worker.keep(desk.close)
    await worker.stop()
    journal = Journal(tmp_path / "journal.db")
    assert [row["question"] for row in journal.recent(5)] == ["Since when?", "Why?"]
    journal.close()


async def test_a_reply_that_discord_refuses_is_still_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    user = house.env.create_user("ann")

    await user.send_dm("Why?")

    assert "the reply could not be sent" in caplog.text
    assert (await house.rows())[0]["reply_message"] is None


async def test_the_newsroom_is_opened_again_after_a_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Ten seconds later at the earliest, with one log line for one state of affairs."""
    now = 0.0
    rooms: list[FakeNewsroom] = []
    index = False

    def open_newsroom() -> FakeNewsroom:
        if not index:
            raise IndexUnavailable("no index", subject="data/index", remedy="run scripts/reindex.py")
        rooms.append(FakeNewsroom())
        return rooms[-1]

    desk = Desk(open_newsroom, lambda: Journal(tmp_path / "journal.db"), clock=lambda: now)
    query = Query("why?", datetime.now(UTC))
    with caplog.at_level(logging.ERROR):
        for moment in (0.0, 11.0, 22.0):
            now = moment
            desk.refresh()
            with pytest.raises(IndexUnavailable):
                desk.ask(query)
    assert caplog.text.count("run scripts/reindex.py") == 1
    index, now = True, 30.0
    with pytest.raises(IndexUnavailable):
        desk.ask(query)
    now = 32.0
    desk.refresh()
    assert desk.ask(query).answered
    assert len(rooms) == 1
    desk.close()


async def _until(event: asyncio.Event) -> None:
    await event.wait()


async def test_a_stop_answers_what_is_in_flight(house: House) -> None:
    """Meanwhile a question is asked to wait; afterwards nothing is begun, since the connection is being closed."""
    user = house.env.create_user("ann")
    answered = asyncio.Event()
    house.client.newsdesk.start(_until(answered))
    stop = asyncio.create_task(house.client.newsdesk.drain(30))
    await asyncio.sleep(0)

    house.client.loop.call_later(0.5, answered.set)
    await user.send_dm("Why?")

    assert words(user.dm_channel.last_message) == "I am restarting. Please ask again in a minute."
    await stop
    assert answered.is_set()
    await user.send_dm("Why not?")
    assert user.dm_channel.last_message.content == "Why not?"


async def test_commands_are_synced_at_every_start(house: House) -> None:
    """Every text is there in German; a restart sends them again, because that changes nothing."""
    puts = [each for each in house.env.http_requests if each.method == "PUT"]
    assert len(puts) == 1
    assert puts[0].json is not None
    command, menu = puts[0].json
    assert (command["name"], command["name_localizations"]["de"]) == ("ask", "fragen")
    assert (command["contexts"], command["integration_types"]) == ([0, 1, 2], [0, 1])
    options = {option["name"]: option for option in command["options"]}
    assert list(options) == ["question", "source", "since", "until", "private"]
    assert (options["question"]["name_localizations"], options["question"]["max_length"]) == ({"de": "frage"}, 300)
    assert [name for name in options if options[name].get("autocomplete")] == ["question", "source"]
    assert options["private"]["description_localizations"]["de"] == "Nur du siehst die Antwort"
    assert (menu["type"], menu["name"], menu["name_localizations"]["de"]) == (
        3,
        "Check against the news",
        "Mit den Nachrichten abgleichen",
    )
    assert (menu["contexts"], menu["integration_types"]) == ([0, 1, 2], [0, 1])

    catalogue = shared_catalogue()
    again = make_client(catalogue)
    Ask(Parts(again, house.worker, house.desk, catalogue, SECRET, Defaults(), Limits())).add()
    await house.env.restart_bot(again)
    assert len([each for each in house.env.http_requests if each.method == "PUT"]) == 2


def test_no_privileged_intent_is_asked_for_unless_the_operator_opts_in() -> None:
    client = make_client(shared_catalogue())
    assert {name for name, on in client.intents if on} == {"guilds", "guild_messages", "dm_messages"}
    opted = make_client(shared_catalogue(), message_content=True)
    assert {name for name, on in opted.intents if on} == {"guilds", "guild_messages", "dm_messages", "message_content"}
    assert client.allowed_mentions is not None
    assert dict(client.allowed_mentions.to_dict()) == {"parse": []}


def test_mentions_are_no_part_of_a_question() -> None:
    assert plain_question("<@1> is <@!2> or <@&3> in <#4>\n <a:ship:5>?") == "is or in ship ?"


def test_memory_of_events_is_bounded() -> None:
    seen = Seen(limit=2)
    assert [seen.first(each) for each in (1, 1, 2, 3, 1, 3)] == [True, False, True, True, True, False]


async def test_the_worker_refuses_when_full_but_not_what_follows() -> None:
    """Calls run in order on one thread; ``keep`` is let in beyond the capacity."""
    worker = Worker(capacity=1)
    release = asyncio.Event()
    loop = asyncio.get_running_loop()
    order: list[int] = []

    def block() -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(5)

    first = asyncio.create_task(worker.run(block))
    await asyncio.sleep(0)
    with pytest.raises(QueueFullError):
        await worker.run(order.append, 1)
    second = asyncio.create_task(worker.keep(order.append, 2))
    third = asyncio.create_task(worker.keep(order.append, 3))
    await asyncio.sleep(0)
    stop = asyncio.create_task(worker.stop())
    release.set()
    await asyncio.gather(first, second, third, stop)
    assert order == [2, 3]
    with pytest.raises(NewsdeskError):
        await worker.run(order.append, 4)
