"""The loopback Discord takes messages, threads and files as Discord does, within its permissions and limits."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import discord
import pytest
from discord_bot import PLAIN, Desk, running, until
from discord_limits import choice_violations, command_violations, message_violations, modal_violations
from discord_server import Attachment, DiscordServer
from discord_things import PATIENCE

# Messages


async def test_a_mention_is_answered(server: DiscordServer, desk: Desk) -> None:
    """Content reaches the bot where it is mentioned; its reply refers to the question and pings nobody else."""
    asked = await server.message(content="what is new?", mentions_bot=True)
    reply = await server.wait_for_message(server.channel, after=asked)
    assert reply.text == "heard: @newsdesk what is new?"
    assert reply.reply_to is asked
    assert reply.pinged == []


async def test_content_is_hidden_without_the_intent(server: DiscordServer, desk: Desk) -> None:
    """Hidden in plain messages and silent replies, shown in replies that ping, over the gateway and REST alike."""
    asked = await server.message(content="one", mentions_bot=True)
    reply = await server.wait_for_message(server.channel, after=asked)
    await server.message(content="two")
    await server.message(content="three", reply_to=reply)
    await server.message(content="four", reply_to=reply, ping=False)
    await until(lambda: len(desk.heard) >= 6)
    ours = [text for text in desk.heard if not text.startswith("heard")]
    assert ours == [f"<@{server.bot.id}> one", "", "three", ""]
    channel = desk.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    read = [message.content async for message in channel.history(oldest_first=True) if message.author != desk.user]
    assert read == ours


async def test_content_is_shown_with_the_intent(server: DiscordServer) -> None:
    client = Desk(PLAIN | discord.Intents(message_content=True))
    async with running(server, client):
        await server.message(content="plain words")
        await until(lambda: client.heard == ["plain words"])


async def test_a_direct_message_is_answered(server: DiscordServer, desk: Desk) -> None:
    asked = await server.direct_message(content="just us?")
    reply = await server.wait_for_message(asked.channel, after=asked)
    assert reply.text == "heard: just us?"
    assert reply.channel is server.direct_channel(server.user)


async def test_a_closed_direct_channel_is_refused(server: DiscordServer, desk: Desk) -> None:
    server.user.accepts_direct_messages = False
    user = await desk.fetch_user(server.user.id)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello")
    assert refused.value.code == 50007


async def test_mentions_ping_only_whom_allowed_mentions_names(server: DiscordServer, desk: Desk) -> None:
    """Text alone pings everybody in it; the client's AllowedMentions.none() nobody."""
    channel = desk.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    text = f"@everyone {server.user.mention}"
    await channel.send(text)
    await channel.send(text, allowed_mentions=discord.AllowedMentions.all())
    quiet, loud = server.channel.messages
    assert (quiet.pinged, quiet.pings_everyone) == ([], False)
    assert (loud.pinged, loud.pings_everyone) == ([server.user], True)


async def test_messages_can_be_edited_deleted_and_reacted_to(server: DiscordServer, desk: Desk) -> None:
    """Each change is applied, and the bot's own reaction shows when the message is fetched."""
    channel = desk.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    first = await channel.send("first", file=discord.File(io.BytesIO(b"bytes"), "a.txt", description="the file"))
    await first.edit(content="second", attachments=[*first.attachments, discord.File(io.BytesIO(b"more"), "b.txt")])
    await first.add_reaction("👍")
    [kept] = server.channel.messages
    assert (kept.content, kept.versions) == ("second", ["first"])
    assert [(one.filename, one.content, one.description) for one in kept.attachments] == [
        ("a.txt", b"bytes", "the file"),
        ("b.txt", b"more", None),
    ]
    assert kept.reactions == {"👍": [server.bot]}
    fetched = await channel.fetch_message(first.id)
    assert [(str(one.emoji), one.count, one.me) for one in fetched.reactions] == [("👍", 1, True)]
    assert await fetched.attachments[0].read() == b"bytes"
    await first.delete()
    assert server.channel.messages == []
    with pytest.raises(discord.NotFound) as gone:
        await channel.fetch_message(first.id)
    assert gone.value.code == 10008


async def test_a_thread_is_opened_at_a_message(server: DiscordServer, desk: Desk) -> None:
    """The thread shares the message's id, and the bot writes and is answered in it."""
    channel = desk.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await (await channel.send("a story")).create_thread(name="follow-up")
    assert thread.id == server.channel.messages[0].id
    place = server.world.channels[thread.id]
    assert (place.name, place.parent) == ("follow-up", server.channel)
    await thread.send("more soon")
    assert [message.text for message in place.messages] == ["more soon"]
    loose = await channel.create_thread(name="loose", type=discord.ChannelType.public_thread)
    assert server.world.channels[loose.id].name == "loose"


async def test_guilds_channels_and_members_can_be_fetched(server: DiscordServer, desk: Desk) -> None:
    guild = await desk.fetch_guild(server.guild.id, with_counts=False)
    channel = await desk.fetch_channel(server.channel.id)
    member = await guild.fetch_member(server.user.id)
    assert isinstance(channel, discord.TextChannel)
    assert (guild.name, channel.name, member.name) == ("Newsroom", "general", "reader")
    assert [one.name for one in await guild.fetch_roles()] == ["@everyone"]
    async with channel.typing():
        assert server.rest.typing == [server.channel]
    with pytest.raises(discord.NotFound) as unknown:
        await desk.fetch_channel(1)
    assert unknown.value.code == 10003


async def test_denied_permissions_are_refused(server: DiscordServer, desk: Desk) -> None:
    """50013 where the bot may not write, 50001 where it may not look."""
    mute = server.add_channel("mute", denied_to_bot=["send_messages"])
    hidden = server.add_channel("hidden", denied_to_bot=["view_channel"])
    for place, code in ((mute, 50013), (hidden, 50001)):
        with pytest.raises(discord.Forbidden) as refused:
            await desk.get_partial_messageable(place.id).send("hello")
        assert refused.value.code == code


async def test_a_members_file_can_be_downloaded(server: DiscordServer, desk: Desk) -> None:
    message = await server.direct_message(content="see", attachments=[Attachment("note.txt", b"read me")])
    channel = await (await desk.fetch_user(server.user.id)).create_dm()
    fetched = await channel.fetch_message(message.id)
    assert await fetched.attachments[0].read() == b"read me"


async def test_the_bot_can_join_and_leave_guilds(server: DiscordServer, desk: Desk) -> None:
    joined = asyncio.create_task(desk.wait_for("guild_join", timeout=PATIENCE))
    left = asyncio.create_task(desk.wait_for("guild_remove", timeout=PATIENCE))
    await asyncio.sleep(0)
    guild = server.add_guild("Second")
    assert (await joined).id == guild.id
    server.remove_guild(guild)
    assert (await left).id == guild.id
    assert [one.name for one in desk.guilds] == ["Newsroom"]


# Limits


async def test_a_message_over_the_limit_is_refused_with_50035(server: DiscordServer, desk: Desk) -> None:
    """2000 characters pass, 2001 do not; the refusal names the field as Discord does and is recorded."""
    fits = await server.slash("boast", {"length": 2000})
    assert len((await fits.response()).content) == 2000
    refused = await server.slash("boast", {"length": 2001})
    await until(lambda: bool(desk.errors))
    [error] = desk.errors
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (400, 50035)
    assert "In data.content: Must be 2000 or fewer in length." in str(error)
    assert refused.acknowledgement is None
    [(request, violation)] = server.violations
    assert request.path.endswith("/callback")
    assert (violation.path, violation.code) == ("data.content", "BASE_TYPE_MAX_LENGTH")


async def test_a_components_v2_message_is_accepted_and_cannot_take_content(server: DiscordServer, desk: Desk) -> None:
    """The flag is final: once set, an edit that brings content is refused."""
    channel = desk.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("From the paper"), discord.ui.Separator()))
    sent = await channel.send(view=view)
    assert server.channel.messages[0].text == "From the paper"
    with pytest.raises(discord.HTTPException) as refused:
        await sent.edit(content="plain")
    assert refused.value.code == 50035


def _codes(violations: Iterator[object]) -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in violations]  # type: ignore[attr-defined]


def _button(**changes: object) -> dict[str, object]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changes


TOO_LONG = "BASE_TYPE_MAX_LENGTH"
BAD_LENGTH = "BASE_TYPE_BAD_LENGTH"
LEGACY = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"content": "x" * 2000}, []),
        ({"content": "x" * 2001}, [("content", TOO_LONG)]),
        ({"embeds": [{"title": "x" * 256, "description": "x" * 4096}]}, []),
        ({"embeds": [{"title": "x" * 257}]}, [("embeds.0.title", TOO_LONG)]),
        ({"embeds": [{"description": "x" * 4097}]}, [("embeds.0.description", TOO_LONG)]),
        ({"embeds": [{"description": "x" * 3000}, {"footer": {"text": "x" * 2000}, "title": "y" * 200}]}, []),
        ({"embeds": [{"description": "x" * 3000}] * 2 + [{"title": "y"}]}, [("embeds", "MAX_EMBED_SIZE_EXCEEDED")]),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, [("embeds.0.fields", BAD_LENGTH)]),
        (
            {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
            [("embeds.0.fields.0.value", BAD_LENGTH)],
        ),
        ({"components": [{"type": 1, "components": [_button(custom_id=str(n)) for n in range(5)]}]}, []),
        (
            {"components": [{"type": 1, "components": [_button(custom_id=str(n)) for n in range(6)]}]},
            [("components.0.components", BAD_LENGTH)],
        ),
        (
            {"components": [{"type": 1, "components": [_button(label="x" * 81)]}]},
            [("components.0.components.0.label", TOO_LONG)],
        ),
        (
            {"components": [{"type": 1, "components": [_button(custom_id="x" * 101)]}]},
            [("components.0.components.0.custom_id", BAD_LENGTH)],
        ),
        (
            {"components": [{"type": 1, "components": [_button(), _button()]}]},
            [("components", "COMPONENT_CUSTOM_ID_DUPLICATED")],
        ),
        ({"components": [{"type": 10, "content": "x"}]}, [("components.0", "UNION_TYPE_CHOICES")]),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}]}, []),
        ({"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "x"}]}, [("content", LEGACY)]),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 40}, []),
        (
            {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 10, "content": "x"}] * 40}]},
            [("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED")],
        ),
        (
            {
                "flags": 1 << 15,
                "components": [{"type": 10, "content": "x" * 2001}, {"type": 10, "content": "x" * 2000}],
            },
            [("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED")],
        ),
    ],
)
def test_message_limits(payload: dict[str, object], expected: list[tuple[str, str]]) -> None:
    """Each limit holds exactly: the last length that passes, the first that does not."""
    assert _codes(message_violations(payload)) == expected


def test_limits_of_choices_modals_and_commands() -> None:
    assert _codes(choice_violations([{"name": "n", "value": "v"}] * 25)) == []
    assert _codes(choice_violations([{"name": "n", "value": "v"}] * 26)) == [("data.choices", BAD_LENGTH)]
    assert _codes(choice_violations([{"name": "n" * 101, "value": "v"}])) == [("data.choices.0.name", BAD_LENGTH)]
    text = {"type": 18, "label": "l" * 46, "component": {"type": 4, "custom_id": "c"}}
    modal = {"title": "t" * 46, "custom_id": "m", "components": [text]}
    assert _codes(modal_violations(modal)) == [("data.title", BAD_LENGTH), ("data.components.0.label", BAD_LENGTH)]
    command = {"name": "Ask", "description": "d"}
    assert _codes(command_violations([command])) == [("0.name", "APPLICATION_COMMAND_INVALID_NAME")]
    many = [{"name": f"c{n}", "description": "d"} for n in range(101)]
    assert _codes(command_violations(many[:100])) == []
    assert _codes(command_violations(many)) == [("", "APPLICATION_COMMAND_TOO_MANY")]
