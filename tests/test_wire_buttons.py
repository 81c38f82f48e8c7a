"""Buttons, forms and follow-ups of ``python -m bot`` over sockets: a restart in between, and what Discord refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from discord_server import DiscordServer, Message
from test_wire import QUESTION, START, WORDS, Bot, copied, running, warm

from bot.journal import Journal

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(demo_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """One bot for this module that was restarted after it had answered: `answer` is a reply from before."""
    data = copied(demo_data_dir, tmp_path_factory.mktemp("buttons") / "data")
    async with DiscordServer() as server:
        async with running(server, data) as before:
            await warm(before)
        async with running(server, data) as after:
            yield await warm(after)


def old_answer(bot: Bot) -> Message:
    """The reply that the bot gave before its restart."""
    original = bot.server.interactions[0].original
    assert original is not None
    return original


async def pressed(bot: Bot, message: Message, label: str) -> Message:
    """What the press of a button shows."""
    handle = await bot.server.component(message, message.button(label))
    await handle.acknowledged(timeout=1.0)
    return await handle.response()


def logged(bot: Bot) -> list[dict[str, object]]:
    journal = Journal(bot.data / "journal.db")
    try:
        return journal.recent(50)
    finally:
        journal.close()


async def row_of(bot: Bot, reply: Message) -> dict[str, object]:
    """The row of the log about a reply, once it is written."""
    async with asyncio.timeout(20):
        while not (rows := [row for row in logged(bot) if row["reply_message"] == reply.id]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # another process writes it
    return rows[0]


async def test_buttons_of_a_reply_from_before_the_restart_work(bot: Bot) -> None:
    """The context holds the quote and more; a verdict is written under the exchange of the reply."""
    answer = old_answer(bot)
    context = await pressed(bot, answer, "More context")
    assert context.ephemeral
    assert context.text.startswith("**Around quote 1**")
    assert WORDS in context.text.replace("\n> ", " ").replace("**", "")
    assert len(context.text) > len(WORDS) + 150

    noted = await pressed(bot, answer, "Not helpful")
    assert noted.ephemeral
    form = await bot.server.component(noted, noted.button("Say why"))
    await form.acknowledged(timeout=1.0)
    thanks = await (await bot.server.modal(form, {"text": "Another comet."})).response()
    assert thanks.text == "Noted, with your reason. Thank you."
    row = await row_of(bot, answer)
    journal = Journal(bot.data / "journal.db")
    try:
        assert list(journal.verdicts.of(int(str(row["id"]))).values()) == [("unhelpful", "Another comet.")]
    finally:
        journal.close()


async def test_more_sources_quotes_other_articles(bot: Bot) -> None:
    shown = await pressed(bot, old_answer(bot), "More sources")
    assert shown.ephemeral
    assert shown.text.startswith(f"**More sources** for: {QUESTION}\n> ")
    assert "**1** " in shown.text
    assert "\n-# Further matches, less likely to answer. Quoted word for word.\n" in shown.text
    assert shown.text.endswith("`/corrections` tells you.")


async def test_a_follow_up_by_form_and_by_reply_go_on_from_their_answers(bot: Bot) -> None:
    """A reply to a command's answer, and a reply to that one; the log has the chain."""
    answer = old_answer(bot)
    form = await bot.server.component(answer, answer.button("Follow up"))
    await form.acknowledged(timeout=1.0)
    second = await (await bot.server.modal(form, {"text": "When will it be seen?"})).response()
    assert second.text.splitlines()[0] == "-# You asked: When will it be seen?"
    asked = await bot.server.message(content="and how bright is the comet?", reply_to=second)
    third = await bot.server.wait_for_message(bot.server.channel, after=asked)
    rows = [await row_of(bot, each) for each in (third, second, answer)]
    assert [row["follows"] for row in rows] == [rows[1]["id"], rows[2]["id"], None]


async def test_a_direct_reply_goes_on_too(bot: Bot) -> None:
    asked = await bot.server.direct_message(content=QUESTION)
    first = await bot.server.wait_for_message(asked.channel, after=asked)
    again = await bot.server.direct_message(content="And when will it be seen?", reply_to=first)
    second = await bot.server.wait_for_message(asked.channel, after=again)
    assert (await row_of(bot, second))["follows"] == (await row_of(bot, first))["id"]


async def test_a_message_is_checked_for_the_asker_alone(bot: Bot) -> None:
    """A long and loud one; nobody is pinged, and its author is not in the log."""
    author = bot.server.add_member("talker")
    said = await bot.server.message(author=author, content=f"@everyone {QUESTION}")
    answer = await (await bot.server.context_menu("Check against the news", said)).response()
    assert answer.ephemeral
    assert answer.text.startswith(rf"-# You asked: \@everyone {QUESTION}")
    assert WORDS in answer.text.replace("**", "")
    row = await row_of(bot, answer)
    assert (row["surface"], row["private"], row["question_message"]) == ("context", 1, said.id)
    assert str(author.id) not in str(row)


async def test_a_press_that_comes_twice_is_answered_once(bot: Bot) -> None:
    handle = await bot.server.component(old_answer(bot), old_answer(bot).button("Helpful"))
    again = bot.server.world.interaction_json(handle, {"custom_id": handle.name, "component_type": 2, "id": 1})
    for _ in range(2):
        bot.server.dispatch("INTERACTION_CREATE", again)
    await handle.response()
    await pressed(bot, old_answer(bot), "Helpful")
    callbacks = [each for each in bot.server.requests if f"/interactions/{handle.id}/" in each.path]
    assert [each.status for each in callbacks] == [200]


async def test_what_discord_takes_no_reply_to_is_left(bot: Bot) -> None:
    """The next press works; the fixture sees that no traceback was logged."""
    answer = old_answer(bot)
    bot.server.fail_next("POST", r"/interactions/\d+/[^/]+/callback", status=404, code=10062, message="no")
    refused = await bot.server.component(answer, answer.button("More context"))
    shown = await pressed(bot, answer, "More context")
    assert shown.text.startswith("**Around quote 1**")
    assert refused.acknowledgement is None
    assert [each.path for each in bot.server.requests if refused.token in each.path][1:] == []


@pytest.mark.parametrize(("status", "retry_after"), [(429, 0.2), (500, 0.0), (502, 0.0)])
async def test_a_hiccup_of_discord_is_not_shown(bot: Bot, status: int, retry_after: float) -> None:
    """The edit that brings the content is sent again."""
    answer = old_answer(bot)
    bot.server.fail_next("PATCH", r"/webhooks/\d+/[^/]+/messages/@original", status=status, retry_after=retry_after)
    handle = await bot.server.component(answer, answer.button("More context"))
    shown = await handle.response()
    assert shown.text.startswith("**Around quote 1**")
    edits = [each.status for each in bot.server.requests if handle.token in each.path and each.method == "PATCH"]
    assert edits == [status, 200]


async def test_suggestions_are_offered_while_typing(bot: Bot) -> None:
    """Sources that may be quoted; questions that three members asked."""
    offered = await bot.server.autocomplete("ask", "source", "wire", options={"question": QUESTION})
    assert [each["name"] for each in offered] == ["Ostrel Wire"]
    assert await bot.server.autocomplete("ask", "question", "comet look") == []


async def test_a_source_and_days_narrow_the_search(bot: Bot) -> None:
    handle = await bot.server.slash("ask", {"question": QUESTION, "until": "1999"})
    assert (await handle.response()).text.splitlines()[-1] == (
        "**Not in my sources.** I have no articles of the time and the sources that were asked for."
    )
    handle = await bot.server.slash("ask", {"question": QUESTION, "since": "someday"})
    refused = await handle.response()
    assert refused.ephemeral
    assert refused.text.startswith("I do not understand “someday” as a day.")


async def test_with_the_intent_questions_are_answered_unasked_and_chat_is_not(
    demo_data_dir: Path, tmp_path: Path
) -> None:
    """A reply that pings nobody is one; without the intent Discord would not show it."""
    data = copied(demo_data_dir, tmp_path / "data")
    async with DiscordServer() as server, running(server, data, NEWSDESK_MESSAGE_CONTENT="1") as opted:
        await server.synced("ask")
        asked = await server.message(content=QUESTION, mentions_bot=True)
        answer = await server.wait_for_message(server.channel, after=asked, timeout=START)
        await server.message(content="thanks, nice", reply_to=answer, ping=False)
        asked = await server.message(content="When will it be seen?", reply_to=answer, ping=False)
        await server.wait_for_message(server.channel, predicate=lambda message: message.reply_to is asked)
        rows = logged(opted)
        assert [row["surface"] for row in rows] in (["reply", "mention"], ["mention"])
        assert len([each for each in server.channel.messages if each.author is server.bot]) == 2
