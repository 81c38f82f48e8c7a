"""Asking in a guild, in a simulated Discord: follow-ups, threads, channels that answer all, options, limits, rights."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from bot_house import QUOTE, SECRET, House, labels, open_house, words

from bot.chat import is_question
from bot.guilds import GuildSettings
from bot.journal import Journal, member_key
from bot.popular import popular


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[House]:
    """A bot whose operator opted into Message Content."""
    async with open_house(tmp_path, message_content=True) as opened:
        yield opened


def town(house: House, *names: str) -> tuple[Any, ...]:
    """A guild's channel, and members of these names."""
    channel = house.env.create_guild().create_text_channel("general")
    return (channel, *(house.env.guild.add_member(house.env.create_user(name)) for name in names))


def me(house: House) -> str:
    assert house.client.user is not None
    return house.client.user.mention


def settle(house: House, **changed: Any) -> None:
    """What the guild's admins decided."""
    house.guilds.settings[house.env.guild.id] = GuildSettings(**changed)


# Follow-ups


async def test_a_reply_to_an_answer_goes_on_from_it(house: House) -> None:
    """The exchange is found by the reply's message, after a restart too; the member reads what was understood."""
    channel, ann = town(house, "ann")
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    await house.restart()
    await ann.send(channel, "and since when?", reply_to=channel.last_message)

    second, first = await house.rows()
    assert (first["follows"], second["follows"]) == (None, first["id"])
    assert (second["surface"], second["question"]) == ("reply", "and since when?")
    assert (first["understood"], second["understood"]) == (None, "and since when? (why was the ferry cancelled?)")
    assert words(channel.last_message).splitlines()[:2] == [
        "-# You asked: and since when?",
        "-# Understood as: and since when? (why was the ferry cancelled?)",
    ]
    assert (house.newsroom.queries[-1].text, house.newsroom.queries[-1].subject) == (
        "and since when?",
        "why was the ferry cancelled?",
    )
    await ann.send(channel, "who paid for it?", reply_to=channel.last_message)
    assert [query.asked for query in house.newsroom.queries] == ["", "", "who paid for it?"]


async def test_a_thing_that_the_topic_does_not_answer_is_asked_by_itself(house: House) -> None:
    """The member reads as what it was answered; where that brings nothing either, the topic is kept."""
    channel, ann = town(house, "ann")
    house.newsroom.unknown = frozenset({"and the storm?", "and the king?", "the king?"})
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    first = channel.last_message
    await ann.send(channel, "and the storm?", reply_to=first)
    assert words(channel.last_message).splitlines()[1] == "-# Understood as: the storm?"
    assert [(query.text, query.subject) for query in house.newsroom.queries[1:]] == [
        ("and the storm?", "why was the ferry cancelled?"),
        ("the storm?", ""),
    ]
    await ann.send(channel, "and the king?", reply_to=first)
    assert words(channel.last_message).splitlines()[1] == (
        "-# Understood as: and the king? (why was the ferry cancelled?)"
    )
    assert [row["understood"] for row in await house.rows()][:2] == [
        "and the king? (why was the ferry cancelled?)",
        "the storm?",
    ]


async def test_a_direct_conversation_goes_on_for_ten_minutes(house: House) -> None:
    """Without a reply in the strict sense; a question that stands by itself follows nothing."""
    user = house.env.create_user("ann")
    for question in ("Why was the ferry cancelled?", "And since when?", "Who won the chess title in Brennic?"):
        await user.send_dm(question)
    new, second, first = await house.rows()
    assert (second["follows"], new["follows"]) == (first["id"], None)
    journal = Journal(house.journal)
    journal._db.execute("UPDATE exchanges SET asked = '2026-01-01T00:00:00.000+00:00'")
    journal._db.conn.commit()
    journal.close()
    await user.send_dm("And since when?")
    assert (await house.rows())[0]["follows"] is None


@pytest.mark.parametrize("private", [False, True])
async def test_the_follow_up_button_asks_in_a_form(house: House, private: bool) -> None:
    """Where only the asker saw the answer, only the asker sees the next one."""
    channel, ann = town(house, "ann")
    result = await ann.slash(channel, "ask", question="Why was the ferry cancelled?", private=private)
    form = await ann.click(result.response.message, label="Follow up")
    assert form.modal["title"] == "Follow up"
    await house.restart()

    answer = await ann.submit_modal(form, {"text": "And since when?"})

    assert answer.ephemeral is private
    assert words(answer.response.message).splitlines()[0] == "-# You asked: And since when?"
    assert labels(answer.response.message)[0] == [
        "More context",
        "More sources",
        "Follow up",
        "Tell me when this changes",
    ]
    second, first = await house.rows()
    assert (second["surface"], second["follows"], second["private"]) == ("button", first["id"], int(private))


async def test_a_long_exchange_moves_to_a_thread_where_the_channel_says_so(house: House) -> None:
    """With the third follow-up, named after its question; what is asked there goes on."""
    channel, ann = town(house, "ann")
    settle(house, threads=frozenset({channel.id}))
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    for question in ("since when?", "who says so?"):
        await ann.send(channel, question, reply_to=channel.last_message)
    assert channel.threads == []

    await ann.send(channel, "and what did the port say?", reply_to=channel.last_message)

    (thread,) = channel.threads
    assert thread.name == "and what did the port say?"
    assert QUOTE in words(thread.last_message).replace("**", "")
    rows = await house.rows()
    assert [row["follows"] for row in rows] == [3, 2, 1, None]
    assert (rows[0]["channel"], rows[0]["reply_message"]) == (thread.id, thread.last_message.id)
    await ann.send(thread, "when will it sail?", reply_to=thread.last_message)
    assert (await house.rows())[0]["follows"] == rows[0]["id"]


async def test_a_long_exchange_stays_where_threads_are_off_or_forbidden(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    channel, ann = town(house, "ann")
    await ann.send(channel, f"{me(house)} why was the ferry cancelled?")
    for question in ("since when?", "who says so?", "what did the port say?"):
        await ann.send(channel, question, reply_to=channel.last_message)
    settle(house, threads=frozenset({channel.id}))
    house.env.inject_error("POST", "/channels/*/messages/*/threads", status=403, code=50013, message="Missing")
    await ann.send(channel, "when will it sail?", reply_to=channel.last_message)
    assert channel.threads == []
    assert len(await house.rows()) == 5
    assert "no thread could be opened" in caplog.text


# Channels where every question is answered


async def test_every_question_is_answered_where_the_admins_want_it(reader: House) -> None:
    """Chat gets no reply and leaves no trace; so does a question in another channel, or to somebody else."""
    channel, ann, ben = town(reader, "ann", "ben")
    other = reader.env.guild.create_text_channel("other")
    settle(reader, answer_all=frozenset({channel.id}))

    await ann.send(channel, "Why was the ferry cancelled?")
    assert QUOTE in words(channel.last_message).replace("**", "")
    said = await ben.send(channel, "no idea, lol")
    await ann.send(channel, "Why was the bridge closed?", reply_to=said)
    await ann.send(channel, f"{ben.mention} why was the bridge closed?")
    await ann.send(other, "Why was the bridge closed?")

    (row,) = await reader.rows()
    assert (row["question"], row["surface"]) == ("Why was the ferry cancelled?", "channel")
    assert reader.newsroom.asked == ["Why was the ferry cancelled?"]
    assert said.id not in reader.client.newsdesk.seen._ids


async def test_who_did_not_speak_to_the_bot_gets_no_direct_message(
    reader: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Where it cannot write, an asker who named nobody is left alone; the log names what is missing."""
    channel, ann = town(reader, "ann")
    settle(reader, answer_all=frozenset({channel.id}))
    mine = reader.client.get_channel(channel.id)
    assert isinstance(mine, discord.TextChannel)
    denied = str(discord.Permissions(send_messages=True).value)
    everyone = {"id": mine.guild.default_role.id, "type": 0, "allow": "0", "deny": denied}
    mine._overwrites = [discord.abc._Overwrites(everyone)]

    await ann.send(channel, "Why was the ferry cancelled?")

    assert "cannot answer, missing: Send Messages" in caplog.text
    assert not any("/users/@me/channels" in each.path for each in reader.env.http_requests)
    assert reader.newsroom.asked == []


async def test_a_reply_that_pings_nobody_is_a_follow_up_if_it_asks(reader: House) -> None:
    """Without the intent Discord hides it; with it, thanks are no question."""
    channel, ann = town(reader, "ann")
    await ann.send(channel, f"{me(reader)} why was the ferry cancelled?")
    answer = channel.last_message
    message = await ann.send(channel, "thanks", reply_to=answer)
    unpinged = discord.utils.get(channel.history(), id=message.id)
    assert unpinged is not None
    assert is_question("and since when?", "en") is False
    reader.client.newsdesk.seen._ids.clear()
    before = len(reader.newsroom.asked)
    unpinged.mentions.clear()
    await reader.client.on_message(unpinged)
    assert len(reader.newsroom.asked) == before
    unpinged.content = "and since when?"
    await reader.client.on_message(unpinged)
    assert (await reader.rows())[0]["question"] == "and since when?"


async def test_a_question_in_the_bots_thread_goes_on_without_a_mention(reader: House) -> None:
    channel, ann = town(reader, "ann")
    settle(reader, threads=frozenset({channel.id}))
    await ann.send(channel, f"{me(reader)} why was the ferry cancelled?")
    for question in ("since when?", "who says so?", "what did the port say?"):
        await ann.send(channel, question, reply_to=channel.last_message)
    (thread,) = channel.threads

    await ann.send(thread, "nice")
    await ann.send(thread, "and when will it sail?")

    rows = await reader.rows()
    assert len(rows) == 5
    assert (rows[0]["question"], rows[0]["follows"]) == ("and when will it sail?", rows[1]["id"])


# Where and of what


async def test_a_mention_in_a_channel_that_the_admins_left_out_is_left_alone(house: House) -> None:
    """A command says where to ask instead, to its asker alone."""
    channel, ann = town(house, "ann")
    allowed = house.env.guild.create_text_channel("news")
    settle(house, channels=frozenset({allowed.id}))
    await ann.send(channel, f"{me(house)} why?")
    result = await ann.slash(channel, "ask", question="Why?")
    assert result.ephemeral
    assert words(result.response.message) == (
        f"I answer questions here: <#{allowed.id}>. In this channel the admins asked me not to."
    )
    settle(house, channels=frozenset())
    result = await ann.slash(channel, "ask", question="Why?")
    assert words(result.response.message) == "The admins of this server asked me not to answer in this channel."
    assert house.newsroom.asked == []


async def test_source_and_days_narrow_the_search(house: House) -> None:
    """Both ends are whole days; the guild's threshold and sources hold."""
    channel, ann = town(house, "ann")
    settle(house, threshold=0.7)
    await ann.slash(channel, "ask", question="Why?", source="ostrel wire", since="2026-01-31", until="2.3.2026")
    query = house.newsroom.queries[-1]
    assert query.sources == {"Ostrel Wire"}
    assert (query.since, query.until) == (datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    assert house.newsroom.thresholds == [0.7]

    before = datetime.now(UTC)
    await ann.slash(channel, "ask", question="Why?", since="yesterday")
    days = {moment.date() - timedelta(days=1) for moment in (before, datetime.now(UTC))}  # two at midnight
    assert house.newsroom.queries[-1].since in {datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days}

    settle(house, sources=frozenset({"The Harbour Post"}))
    await ann.send(channel, f"{me(house)} why?")
    assert house.newsroom.queries[-1].sources == {"The Harbour Post"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"source": "The *Moon*"},
            "I do not read a source called “The \\*Moon\\*” here. Start typing its name and pick one from the list.",
        ),
        (
            {"since": "someday"},
            "I do not understand “someday” as a day. Write it as 2026-01-31, 2026-01, yesterday or last week.",
        ),
        (
            {"since": "2026", "until": "2025"},
            "The time you gave ends before it begins, so there is nothing to search.",
        ),
    ],
)
async def test_an_option_that_cannot_be_used_is_told_to_the_asker_alone(
    house: House, options: dict[str, str], said: str
) -> None:
    channel, ann = town(house, "ann")
    result = await ann.slash(channel, "ask", question="Why?", **options)
    assert result.ephemeral
    assert words(result.response.message) == said
    assert house.newsroom.asked == []


async def test_sources_are_offered_as_the_guild_may_see_them(house: House) -> None:
    channel, ann = town(house, "ann")
    offered = await ann.autocomplete(channel, "ask", "source", "p", question="Why?")
    assert [each["name"] for each in offered] == ["The Harbour Post", "Tolm Valley Post"]
    settle(house, sources=frozenset({"Tolm Valley Post"}))
    offered = await ann.autocomplete(channel, "ask", "source", "", question="Why?")
    assert [each["name"] for each in offered] == ["Tolm Valley Post"]


async def test_questions_of_three_members_are_offered_where_they_were_seen(house: House) -> None:
    """Not those of two, private or unanswered ones, another guild's, or from a channel or private thread not seen."""
    channel, ann, ben, eve = town(house, "ann", "ben", "eve")
    dan = house.env.guild.add_member(house.env.create_user("dan"))
    for member in (ann, ben, eve):
        await member.slash(channel, "ask", question=f"Why was the ferry{' ' * (member is ben)} cancelled?")
        await member.slash(channel, "ask", question="Who is ill?", private=True)
    for member in (ann, ben):
        await member.slash(channel, "ask", question="Who won?")
    secret = house.env.guild.create_text_channel("secret")
    for member in (ann, ben, eve):
        await member.slash(secret, "ask", question="Who leaked it?")
    mine = house.client.get_channel(channel.id)
    assert isinstance(mine, discord.TextChannel)
    for kind, question in (
        (discord.ChannelType.private_thread, "Who hides?"),
        (discord.ChannelType.public_thread, "Who shows?"),
    ):
        thread = await mine.create_thread(name=question, type=kind)
        for member in (ann, ben, eve):
            await member.slash(channel, "ask", question=question)
        await house.rows()
        with Journal(house.journal)._db.conn as db:
            db.execute("UPDATE exchanges SET channel = ? WHERE question = ?", [thread.id, question])
    house.newsroom.answered = False
    for member in (ann, ben, eve):
        await member.slash(channel, "ask", question="Who knows?")
    house.newsroom.answered = True
    elsewhere = house.env.create_guild()
    there = elsewhere.create_text_channel("general")
    for member in (ann, ben, eve):
        await elsewhere.add_member(member.user).slash(there, "ask", question="Who lives elsewhere?")
    await house.rows()

    async def offered(typed: str) -> list[str]:
        return [each["value"] for each in await dan.autocomplete(channel, "ask", "question", typed)]

    assert await offered("") == ["Who shows?", "Who leaked it?", "Why was the ferry cancelled?"]
    assert await offered("fer canc") == ["Why was the ferry cancelled?"]
    assert await offered("won") == []
    hidden = house.client.get_channel(secret.id)
    assert isinstance(hidden, discord.TextChannel)
    everyone = hidden.guild.default_role
    hidden._overwrites = [discord.abc._Overwrites({"id": everyone.id, "type": 0, "allow": "0", "deny": "1024"})]
    assert await offered("") == ["Who shows?", "Why was the ferry cancelled?"]
    assert await ann.user.autocomplete("ask", "question", "") == []


def test_a_question_needs_three_different_members() -> None:
    rows = [("Why?", 1, "a"), ("why", 1, "b"), ("WHY!", 1, "a"), ("Who?", 2, "a"), ("Who?", 2, "b"), ("Who?", 2, "c")]
    assert popular(rows, {1, 2}, "", 25) == ["Who?"]
    assert popular([*rows, ("why ?", 1, "c")], {1}, "w", 25) == ["Why?"]
    assert popular(rows, {1}, "", 25) == []


# The context menu


async def test_a_message_is_checked_for_the_asker_alone(house: House) -> None:
    """Its text is the question; its author is not logged, its id is, so that deleting it can reach the log."""
    channel, ann, ben = town(house, "ann", "ben")
    said = await ben.send(channel, f"<@{ann.id}> they say the *ferry*\nwas cancelled " + "because of ice " * 30)

    result = await ann.context_menu(channel, "Check against the news", said)

    assert result.ephemeral
    assert words(result.response.message).startswith(r"-# You asked: they say the \*ferry\* was cancelled because")
    (asked,) = house.newsroom.asked
    assert len(asked) <= 300
    assert asked.endswith("…")
    (row,) = await house.rows()
    assert (row["surface"], row["private"], row["member"]) == ("context", 1, member_key(SECRET, ann.id))
    assert row["question_message"] == said.id
    assert str(ben.id) not in str(row)


async def test_a_message_without_words_is_no_question(house: House) -> None:
    channel, ann, ben = town(house, "ann", "ben")
    said = await ben.send(channel, f"<@{ann.id}>")
    result = await ann.context_menu(channel, "Check against the news", said)
    assert words(result.response.message) == (
        "I could not find a question in that. Ask me about the news in one sentence."
    )


# Manners


async def test_a_member_who_asks_too_fast_is_told_how_long_to_wait(house: House) -> None:
    """Ten at once, then one every six seconds; the eleventh is told so in private, and nobody else waits."""
    channel, ann, ben = town(house, "ann", "ben")
    for _ in range(10):
        await ann.slash(channel, "ask", question="Why?")
    refused = await ann.slash(channel, "ask", question="Why?")
    assert refused.ephemeral
    assert words(refused.response.message) == (
        "You ask faster than I can look things up for everybody. Please ask again in 6 seconds."
    )
    assert not (await ben.slash(channel, "ask", question="Why?")).ephemeral
    house.now += 6
    assert not (await ann.slash(channel, "ask", question="Why?")).ephemeral


async def test_a_member_who_floods_a_channel_is_told_once(house: House) -> None:
    channel, ann = town(house, "ann")
    for _ in range(15):
        await ann.send(channel, f"{me(house)} why?")
    said = [words(message) for message in channel.history() if message.author.id == house.client.user.id]
    assert len(said) == 11
    assert said[-1].startswith("You ask faster than I can look things up")


async def test_a_missing_permission_is_named_to_the_asker_before_it_fails(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """In a direct message, and in the log; where the asker takes none, in the log alone. Nothing is tried in vain."""
    channel, ann = town(house, "ann")
    mine = house.client.get_channel(channel.id)
    assert isinstance(mine, discord.TextChannel)
    everyone = mine.guild.default_role
    denied = discord.Permissions(send_messages=True, read_message_history=True).value
    mine._overwrites = [discord.abc._Overwrites({"id": everyone.id, "type": 0, "allow": "0", "deny": str(denied)})]

    with caplog.at_level(logging.WARNING):
        await ann.send(channel, f"{me(house)} why?")

    assert words(ann.user.dm_channel.last_message) == (
        f"I could not answer you in <#{channel.id}>, because I lack this there: Send Messages, Read Message History. "
        "Please tell an admin of the server. You can also ask me here."
    )
    assert "missing: Send Messages, Read Message History" in caplog.text
    posts = [each.path for each in house.env.http_requests if each.method == "POST"]
    assert f"/channels/{channel.id}/messages" not in posts
    assert house.newsroom.asked == []


async def test_the_depth_of_an_exchange_is_counted_along_the_chain(house: House) -> None:
    channel, ann = town(house, "ann")
    await ann.send(channel, f"{me(house)} why?")
    for _ in range(2):
        await ann.send(channel, "why?", reply_to=channel.last_message)
    await house.rows()
    journal = Journal(house.journal)
    logged = journal.latest_in(channel.id)
    journal.close()
    assert logged is not None
    assert logged.depth == 2
