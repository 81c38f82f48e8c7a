"""The loopback Discord's gateway behaves as Discord's does: identify, intents, heartbeats, resumes."""

from __future__ import annotations

import asyncio
import os
import sys

import discord
import pytest
import yarl
from discord_bot import PLAIN, Desk, running, until
from discord_server import DiscordServer
from discord_things import PATIENCE

# Connecting


async def test_a_bot_connects_and_sees_its_guild(server: DiscordServer, desk: Desk) -> None:
    """READY and GUILD_CREATE give the bot itself, its guild, the channels and its own membership."""
    assert desk.user is not None
    assert desk.user.id == server.bot.id
    assert desk.application_id == server.bot.id
    [guild] = desk.guilds
    assert (guild.id, guild.name, guild.owner_id) == (server.guild.id, "Newsroom", server.guild.owner.id)
    assert [channel.name for channel in guild.text_channels] == ["general"]
    assert guild.me.id == server.bot.id
    assert guild.me.guild_permissions.send_messages
    assert not guild.me.guild_permissions.administrator
    assert [one["intents"] for one in server.gateway.identified] == [PLAIN.value]
    assert abs(discord.utils.snowflake_time(guild.id) - discord.utils.utcnow()).total_seconds() < 60


async def test_heartbeats_are_recorded(server: DiscordServer, desk: Desk) -> None:
    """discord.py sends one heartbeat at once, before any sequence number is known."""
    assert [beat.sequence for beat in server.heartbeats] == [None]


async def test_an_auto_sharded_client_asks_for_the_gateway(server: DiscordServer) -> None:
    """GET /gateway/bot tells the address and the number of shards."""
    client = discord.AutoShardedClient(intents=PLAIN)
    client._connection.guild_ready_timeout = 0.05
    async with running(server, client):
        assert client.shard_count == 1
        assert [guild.name for guild in client.guilds] == ["Newsroom"]
    assert server.gateway.identified[0]["shard"] == [0, 1]
    assert server.unexpected == []


async def test_a_wrong_token_is_refused(server: DiscordServer) -> None:
    """REST answers 401, which discord.py raises as LoginFailure."""
    client = Desk()
    with pytest.raises(discord.LoginFailure):
        await client.start("another token")
    await client.close()


async def test_the_gateway_checks_the_token_too(server: DiscordServer) -> None:
    """An IDENTIFY with a token that REST knew but the gateway does not is closed with 4004."""
    client = Desk()
    await client.login(server.token)
    client.http.token = "another token"
    with pytest.raises(discord.ConnectionClosed) as closed:
        await client.connect()
    assert closed.value.code == 4004
    await client.close()


async def test_a_privileged_intent_that_is_not_allowed_closes_with_4014(monkeypatch: pytest.MonkeyPatch) -> None:
    """`privileged=0` is an application whose portal page enables none of them."""
    async with DiscordServer(privileged=0) as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.api)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway.url))
        client = Desk(PLAIN | discord.Intents(message_content=True))
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(server.token)
        await client.close()


async def test_members_can_be_fetched_over_the_gateway(server: DiscordServer) -> None:
    """With the members intent discord.py asks for all of them on start and gets them."""
    client = Desk(PLAIN | discord.Intents(members=True))
    async with running(server, client):
        assert {member.name for member in client.guilds[0].members} == {"newsdesk", "newsroom owner", "reader"}
        server.add_member("late", "manage_guild")
        await asyncio.wait_for(client.wait_for("member_join"), PATIENCE)
        late = client.guilds[0].get_member_named("late")
        assert late is not None
        assert late.guild_permissions.manage_guild


async def test_a_bot_in_another_process_connects(server: DiscordServer) -> None:
    """Two environment variables lead an unmodified bot here."""
    script = """
import os, discord, yarl
discord.http.Route.BASE = os.environ["DISCORD_API_BASE"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY"])
client = discord.Client(intents=discord.Intents(guilds=True, dm_messages=True))
@client.event
async def on_message(message):
    if message.author != client.user:
        await message.channel.send(message.content.upper())
client.run(os.environ["TOKEN"], log_handler=None)
"""
    environment = os.environ | server.environment | {"TOKEN": server.token}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, env=environment)
    try:
        await server.connected()
        asked = await server.direct_message(content="hello")
        reply = await server.wait_for_message(asked.channel, after=asked)
    finally:
        process.terminate()
        await process.wait()
    assert reply.text == "HELLO"
    assert server.unexpected == []


# Gateway faults


async def test_missed_events_are_replayed_on_resume(server: DiscordServer, desk: Desk) -> None:
    """The session survives close 4000: one IDENTIFY, one RESUME from the last number seen, the event delivered once."""
    async with server.gateway_down():
        await server.message(content="while you were away", mentions_bot=True)
    await asyncio.wait_for(desk.had_resumed.wait(), PATIENCE)
    reply = await server.wait_for_message(server.channel)
    assert reply.text == "heard: @newsdesk while you were away"
    assert len(server.gateway.identified) == 1
    assert [one["seq"] for one in server.gateway.resumed] == [2]  # READY and GUILD_CREATE
    # What was seen before is not sent again; the last event is the bot's own reply.
    await until(lambda: len(desk.events) >= 5)
    assert desk.events == ["READY", "GUILD_CREATE", "MESSAGE_CREATE", "RESUMED", "MESSAGE_CREATE"]


async def test_an_unknown_session_is_invalid_and_identified_anew(server: DiscordServer, desk: Desk) -> None:
    server.forget_sessions()
    await server.drop_gateway(code=4000)
    await server.connected()
    assert len(server.gateway.identified) == 2
    assert server.gateway.resumed == []


async def test_events_can_be_doubled_and_delayed(server: DiscordServer, desk: Desk) -> None:
    await server.message(content="late", mentions_bot=True, times=2, delay=0.1)
    assert desk.heard == []
    await until(lambda: desk.heard.count(f"<@{server.bot.id}> late") == 2)


async def test_any_event_can_be_dispatched(server: DiscordServer, desk: Desk) -> None:
    typed = asyncio.create_task(desk.wait_for("raw_typing", timeout=PATIENCE))
    await asyncio.sleep(0)
    place = {"channel_id": str(server.channel.id), "guild_id": str(server.guild.id)}
    server.dispatch("TYPING_START", place | {"user_id": str(server.user.id), "timestamp": 1_700_000_000})
    assert (await typed).user_id == server.user.id
