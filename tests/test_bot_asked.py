"""What a question leaves in the log, what failures and a stop do to it, and what bounds there are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import simcord
from bot_house import QUOTE, SECRET, FakeNewsroom, House, open_house, shared_catalogue, words

from bot import logs
from bot.client import Seen, make_client
from bot.commands.ask import Ask
from bot.commands.messages import plain_question
from bot.commands.parts import Parts
from bot.desk import Desk
from bot.guilds import Defaults
from bot.journal import Journal, JournalError, member_key
from bot.limits import Limits
from bot.worker import QueueFullError, Worker
from corpus.errors import NewsdeskError
from index.errors import IndexUnavailable
from index.records import Query


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


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

    async def once_told() -> None:
        while user.dm_channel.last_message is None or words(user.dm_channel.last_message) == "Why?":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        answered.set()

    telling = asyncio.create_task(once_told())
    await user.send_dm("Why?")

    assert words(user.dm_channel.last_message) == "I am restarting. Please ask again in a minute."
    await asyncio.gather(telling, stop)
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
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(60)

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
