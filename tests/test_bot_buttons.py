"""The buttons of a reply, in a simulated Discord: what they show, after a restart too, and what they note."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from bot_house import QUOTE, SECRET, FakeNewsroom, House, labels, make_citation, open_house, words

from bot.answer import Newsroom
from bot.guilds import GuildSettings
from bot.journal import Journal, JournalError, member_key
from bot.journal_verdicts import Verdict
from bot.records import Excerpt


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
def channel(house: House) -> Any:
    return house.env.create_guild().create_text_channel("general")


@pytest.fixture
def ann(house: House, channel: Any) -> Any:
    return house.env.guild.add_member(house.env.create_user("ann"))


async def asked(house: House, member: Any, channel: Any, **options: Any) -> discord.Message:
    """The reply to a slash question."""
    result = await member.slash(channel, "ask", question="Why was the ferry cancelled?", **options)
    assert result.response is not None
    return result.response.message  # type: ignore[no-any-return]


async def test_a_verdict_beside_forgotten_ones_is_not_counted(
    house: House, channel: Any, ann: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Who gave one is forgotten; a wrong quote is told to the operator all the same."""
    message = await asked(house, ann, channel)
    await ann.click(message, label="Helpful")
    later = datetime.now(UTC) + timedelta(days=1)
    await house.worker.keep(lambda: house.desk.privacy().forget_before(later))
    closed = "I count no more verdicts on this answer: the first ones are so old that I have forgotten who gave them."
    pressed = await ann.click(message, label="Not helpful")
    assert words(pressed.response.message) == closed
    assert labels(pressed.response.message) == []
    reported = await ann.click(message, label="Wrong quote")
    assert words(reported.response.message).startswith("Reported to my operator. Thank you.")
    assert "a quote of exchange 1 was reported as wrong" in caplog.text


def around(before: str = "It froze on Monday.", *, whole: bool = True) -> Excerpt:
    """The ferry's quote among its paragraphs."""
    return Excerpt(before, QUOTE, "Buses ran\ninstead.", "Ferry stays in port", "The Harbour Post", None, None, whole)


async def verdicts(house: House) -> dict[str, tuple[Verdict, str]]:
    await house.worker.keep(lambda: None)
    journal = Journal(house.journal)
    try:
        return journal.verdicts.of(1)
    finally:
        journal.close()


def key(member: Any) -> str:
    return member_key(SECRET, member.id)


async def test_a_reply_has_its_buttons_in_words(house: House, channel: Any, ann: Any) -> None:
    """Two rows; each button carries the ticket of the exchange and nothing of the member."""
    message = await asked(house, ann, channel)
    assert labels(message) == [
        ["More context", "More sources", "Follow up", "Tell me when this changes"],
        ["Helpful", "Not helpful", "Wrong quote"],
    ]
    (row,) = await house.rows()
    ids = [each.custom_id for part in message.components for each in getattr(part, "children", ())]
    ticket = row["ticket"]
    assert ids == [f"nd:{act}" for act in (
        f"context:{ticket}.1", f"sources:{ticket}.1", f"follow:{ticket}", f"watch:{ticket}",
        f"helpful:{ticket}", f"unhelpful:{ticket}",
        f"wrong:{ticket}",
    )]  # fmt: skip


async def test_without_an_answer_there_is_only_the_follow_up(house: House, channel: Any, ann: Any) -> None:
    house.newsroom.answered = False
    assert labels(await asked(house, ann, channel)) == [["Follow up", "Tell me when this changes"]]


async def test_the_guilds_language_holds_for_what_everybody_reads(house: House, channel: Any, ann: Any) -> None:
    """A reply for one member's eyes stays in the member's own language."""
    house.guilds.settings[house.env.guild.id] = GuildSettings(language="de")
    message = await asked(house, ann, channel)
    assert words(message).startswith("-# Deine Frage: ")
    assert labels(message) == [
        ["Mehr Kontext", "Weitere Quellen", "Nachfragen", "Auf dem Laufenden halten"],
        ["Hilfreich", "Nicht hilfreich", "Falsches Zitat"],
    ]
    noted = await ann.click(message, label="Hilfreich")
    assert words(noted.response.message).startswith("Noted: **helpful**")
    assert words(await asked(house, ann, channel, private=True)).startswith("-# You asked: ")


async def test_nothing_of_a_reply_is_kept_in_memory(house: House, channel: Any, ann: Any) -> None:
    """discord.py forgets the view; the press of any reply's button is answered from what the button carries."""
    await asked(house, ann, channel)
    store = house.client._connection._view_store
    assert store._views == {}
    assert store._modals == {}


@pytest.mark.parametrize("restarted", [False, True])
async def test_more_context_shows_the_paragraphs_around_the_quote(
    house: House, channel: Any, ann: Any, restarted: bool
) -> None:
    """To the member who pressed alone, and after a restart too."""
    house.newsroom.excerpts = {0: around()}
    message = await asked(house, ann, channel)
    if restarted:
        await house.restart()

    result = await ann.click(message, label="More context")

    assert result.ephemeral
    assert words(result.response.message).splitlines() == [
        "**Around quote 1**",
        "> It froze on Monday.",
        f"> **{QUOTE}**",
        "> Buses ran",
        "> instead.",
        "**1** The Harbour Post: Ferry stays in port",
    ]
    assert labels(result.response.message) == []
    assert labels(channel.last_message) == labels(message)
    house.guilds.settings[house.env.guild.id] = GuildSettings(sources=frozenset({"Ostrel Wire"}))
    result = await ann.click(message, label="More context")
    assert words(result.response.message).startswith("Quote 1 may no longer be shown")


async def test_more_context_turns_from_quote_to_quote(house: House, channel: Any, ann: Any) -> None:
    """In the same ephemeral message; a quote whose article is gone says so, a source that allows less says that."""
    house.newsroom.citations = (make_citation(), make_citation(2, start=100), make_citation(3, start=200))
    house.newsroom.excerpts = {0: around(), 200: around("", whole=False)}
    first = await ann.click(await asked(house, ann, channel), label="More context")
    assert labels(first.response.message) == [["(Previous)", "Next"]]

    await ann.click(first.response.message, label="Next")
    gone = first.response.message
    assert words(gone) == "Quote 2 may no longer be shown: its article was changed or withdrawn."
    assert labels(gone) == [["Previous", "Next"]]

    await ann.click(gone, label="Next")
    last = first.response.message
    assert labels(last) == [["Previous", "(Next)"]]
    assert words(last).splitlines()[-1] == "-# The source allows no more than this. The article has the rest."


async def test_more_sources_shows_further_quotes(house: House, channel: Any, ann: Any) -> None:
    house.newsroom.further = [
        make_citation(1, quote="Ice closed the port.", title="Port closed", source="Ostrel Wire", emphasis=None)
    ]
    message = await asked(house, ann, channel)
    await house.restart()

    result = await ann.click(message, label="More sources")

    assert result.ephemeral
    assert words(result.response.message).splitlines() == [
        "**More sources** for: Why was the ferry cancelled?",
        "> Ice closed the port.",
        "**1** Ostrel Wire: [Port closed](<https://harbour.example/ferry>), <t:1769860800:D>",
        "-# Further matches, less likely to answer. Quoted word for word.",
        "-# I cannot edit a reply like this one later. If an article in it changes, `/corrections` tells you.",
    ]


async def test_more_sources_says_when_there_are_none(house: House, channel: Any, ann: Any) -> None:
    """The articles were withdrawn meanwhile, or the guild's admins took the source off their list."""
    message = await asked(house, ann, channel)
    result = await ann.click(message, label="More sources")
    assert words(result.response.message) == "I found no other article on this."

    house.newsroom.further = [make_citation(source="Ostrel Wire")]
    house.guilds.settings[house.env.guild.id] = GuildSettings(sources=frozenset({"The Harbour Post"}))
    result = await ann.click(message, label="More sources")
    assert words(result.response.message) == "I found no other article on this."


async def test_a_member_has_one_verdict_and_can_change_it(house: House, channel: Any, ann: Any) -> None:
    """What counts is the last one; another member's stands beside it."""
    ben = house.env.guild.add_member(house.env.create_user("ben"))
    message = await asked(house, ann, channel)

    result = await ann.click(message, label="Helpful")
    assert result.ephemeral
    assert words(result.response.message) == ("Noted: **helpful**. Thank you. Press another button to change it.")
    await ann.click(message, label="Helpful")
    await ben.click(message, label="Helpful")
    await house.restart()
    await ann.click(message, label="Not helpful")

    assert await verdicts(house) == {key(ann): (Verdict.UNHELPFUL, ""), key(ben): (Verdict.HELPFUL, "")}


async def test_a_reason_can_be_given_in_a_form(house: House, channel: Any, ann: Any) -> None:
    """It belongs to its verdict: pressing the same button again keeps it, another one drops it."""
    message = await asked(house, ann, channel)
    noted = await ann.click(message, label="Not helpful")
    form = await ann.click(noted.response.message, label="Say why")
    assert form.modal["title"] == "Why?"
    await house.restart()

    thanks = await ann.submit_modal(form, {"text": "It is about\nanother ferry."})

    assert words(thanks.response.message) == "Noted, with your reason. Thank you."
    assert thanks.ephemeral
    assert await verdicts(house) == {key(ann): (Verdict.UNHELPFUL, "It is about another ferry.")}
    await ann.click(message, label="Not helpful")
    assert await verdicts(house) == {key(ann): (Verdict.UNHELPFUL, "It is about another ferry.")}
    await ann.click(message, label="Wrong quote")
    assert await verdicts(house) == {key(ann): (Verdict.WRONG, "")}


async def test_a_wrong_quote_is_a_line_for_the_operator(
    house: House, channel: Any, ann: Any, caplog: pytest.LogCaptureFixture
) -> None:
    message = await asked(house, ann, channel)
    with caplog.at_level(logging.WARNING):
        await ann.click(message, label="Wrong quote")
    assert "a quote of exchange 1 was reported as wrong" in caplog.text


async def test_an_answer_too_long_is_turned_page_by_page(house: House, channel: Any, ann: Any) -> None:
    """In place, with the reply's own buttons below; the log has all of it."""
    long = [make_citation(number, quote=letter * 3000, emphasis=None) for number, letter in ((1, "w"), (2, "v"))]
    house.newsroom.citations = tuple(long)
    message = await asked(house, ann, channel)
    assert labels(message)[0] == ["(Previous)", "Next"]
    assert words(message).splitlines()[-1] == "-# Page 1 of 2"
    await house.restart()

    await ann.click(message, label="Next")

    second = channel.last_message
    assert second.id == message.id
    assert "v" * 3000 in words(second)
    assert words(second).splitlines()[-1] == "-# Page 2 of 2"
    assert labels(second) == [
        ["Previous", "(Next)"],
        ["More context", "More sources", "Follow up", "Tell me when this changes"],
        ["Helpful", "Not helpful", "Wrong quote"],
    ]
    (row,) = await house.rows()
    assert "w" * 3000 in str(row["reply"])
    assert "v" * 3000 in str(row["reply"])
    await ann.click(second, label="Previous")
    assert words(channel.last_message) == words(message)


async def test_months_later_the_buttons_still_work(house: House, channel: Any, ann: Any) -> None:
    """When words and keys were long forgotten and the bot was restarted: on all pages, for everybody."""
    house.newsroom.excerpts = {0: around()}
    house.newsroom.further = [make_citation(1, quote="Ice closed the port.", emphasis=None)]
    house.newsroom.citations = tuple(
        make_citation(number, quote=letter * 3000, emphasis=None) for number, letter in ((1, "w"), (2, "v"))
    )
    message = await asked(house, ann, channel)
    await house.rows()
    later = datetime.now(UTC) + timedelta(days=200)
    await house.worker.keep(lambda: house.desk.privacy().forget_before(later))
    await house.restart()
    (row,) = await house.rows()
    assert (row["question"], row["member"]) == (None, None)

    assert "> Buses ran" in words((await ann.click(message, label="More context")).response.message)
    more = words((await ann.click(message, label="More sources")).response.message)
    assert more.startswith("**More sources**\n> Ice closed the port.")
    assert words((await ann.click(message, label="Wrong quote")).response.message).startswith("Noted: **wrong quote**")
    assert await verdicts(house) == {key(ann): (Verdict.WRONG, "")}
    await ann.click(message, label="Next")
    assert "v" * 3000 in words(channel.last_message)
    assert "Why was the ferry cancelled?" not in words(channel.last_message)
    form = await ann.click(message, label="Follow up")
    answer = await ann.submit_modal(form, {"text": "Why did the ferry stop in Brennic?"})
    assert words(answer.response.message).startswith("-# You asked: Why did the ferry stop in Brennic?")


async def test_buttons_of_a_forgotten_exchange_say_so(house: House, channel: Any, ann: Any) -> None:
    message = await asked(house, ann, channel)
    await house.rows()
    journal = Journal(house.journal)
    with journal._db.conn:
        for table in ("further", "citations", "exchanges"):
            journal._db.execute(f"DELETE FROM {table}")
    journal.close()
    for label in ("More context", "More sources", "Helpful"):
        result = await ann.click(message, label=label)
        assert result.ephemeral
        assert words(result.response.message) == (
            "This answer is no longer in my log, so its buttons do nothing any more. Please ask again."
        )


async def test_a_button_of_an_older_version_says_that_it_is_retired(house: House, channel: Any, ann: Any) -> None:
    message = await asked(house, ann, channel)
    del house.client.newsdesk.presses["helpful"]
    result = await ann.click(message, label="Helpful")
    assert words(result.response.message) == "This button does nothing any more. Please ask again."


async def test_a_private_replys_buttons_work_for_its_asker(house: House, channel: Any, ann: Any) -> None:
    message = await asked(house, ann, channel, private=True)
    await ann.click(message, label="Helpful")
    assert await verdicts(house) == {key(ann): (Verdict.HELPFUL, "")}


async def test_an_error_behind_a_button_is_one_plain_sentence(tmp_path: Path) -> None:
    """The log is locked: the member reads so, and the reply stands as it was."""
    async with open_house(tmp_path) as house:
        channel = house.env.create_guild().create_text_channel("general")
        ann = house.env.guild.add_member(house.env.create_user("ann"))
        message = await asked(house, ann, channel)

        def refuse() -> Journal:
            raise JournalError("database is locked", subject="journal.db")

        house.desk._journal, house.desk._open_journal = None, refuse
        result = await ann.click(message, label="Helpful")
        assert result.ephemeral
        assert words(result.response.message).startswith("My log cannot be used at the moment")


@pytest.mark.parametrize(
    ("label", "status", "code", "said"),
    [
        ("More context", 404, 10062, "Unknown interaction"),
        ("Helpful", 404, 10062, "Unknown interaction"),
        ("Follow up", 404, 10062, "Unknown interaction"),
        ("Follow up", 400, 40060, "already been acknowledged"),
    ],
)
async def test_an_interaction_that_discord_takes_no_reply_to_is_one_log_line(
    house: House, channel: Any, ann: Any, status: int, code: int, said: str, label: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    message = await asked(house, ann, channel)
    house.env.inject_error("POST", "/interactions/*/callback", status=status, code=code, message=said)

    await ann.click(message, label=label)

    assert said in caplog.text
    assert "Traceback" not in caplog.text
    assert await verdicts(house) == {}


async def test_an_acknowledgement_that_arrived_twice_is_answered_all_the_same(
    house: House, channel: Any, ann: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Discord says so of a request whose response was lost: the member waits for the rest."""
    message = await asked(house, ann, channel)
    said = "already been acknowledged"
    house.env.inject_error("POST", "/interactions/*/callback", status=400, code=40060, message=said)

    await ann.click(message, label="Helpful")

    assert await verdicts(house) == {key(ann): (Verdict.HELPFUL, "")}
    assert house.env.http_requests[-1].path.endswith("/messages/@original")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("label", ["More context", "More sources", "Helpful"])
async def test_a_press_is_acknowledged_while_the_worker_is_busy(
    house: House, channel: Any, ann: Any, label: str
) -> None:
    message = await asked(house, ann, channel)
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def block() -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(60)

    blocked = asyncio.create_task(house.worker.keep(block))
    await asyncio.sleep(0)
    before = len([each for each in house.env.http_requests if "callback" in each.path])
    pressing = asyncio.create_task(ann.click(message, label=label))
    async with asyncio.timeout(20):
        while len([each for each in house.env.http_requests if "callback" in each.path]) == before:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert not blocked.done()
    release.set()
    await blocked
    assert words((await pressing).response.message) != ""


def test_the_fake_newsroom_has_what_the_real_one_has() -> None:
    """So that the simulation tests what runs."""
    for name in ("ask", "context", "quoted", "sources", "refresh", "close"):
        assert callable(getattr(Newsroom, name))
        assert callable(getattr(FakeNewsroom, name))
