"""The loopback Discord fails as Discord does, when it is told to: 429s, 5xx, lost and late responses."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord_bot import Desk, running, until
from discord_server import DiscordServer


async def test_a_429_is_retried_and_the_reply_arrives_once(server: DiscordServer, desk: Desk) -> None:
    server.fail_next("POST", r"/channels/\d+/messages", status=429, retry_after=0.2)
    asked = await server.message(content="hello", mentions_bot=True)
    await server.wait_for_message(server.channel, after=asked)
    tries = [one for one in server.requests if one.path == f"/channels/{server.channel.id}/messages"]
    assert [one.status for one in tries] == [429, 200]
    assert tries[1].time - tries[0].time >= 0.2
    assert [one.text for one in server.channel.messages[1:]] == ["heard: @newsdesk hello"]


async def test_a_global_429_is_retried(server: DiscordServer, desk: Desk) -> None:
    server.fail_next("PATCH", r"/webhooks/.*/messages/@original", status=429, retry_after=0.1, is_global=True)
    handle = await server.slash("ask", {"question": "Again?"})
    assert (await handle.response()).text == "Again? Yes, reader."


async def test_a_reply_lost_after_the_fact_does_not_double_a_message(server: DiscordServer, desk: Desk) -> None:
    """Discord wrote the message, then answered 502: the nonce makes the retry find it."""
    server.fail_next("POST", r"/channels/\d+/messages", status=502, applied=True)
    asked = await server.message(content="hello", mentions_bot=True)
    await server.wait_for_message(server.channel, after=asked)
    tries = [one for one in server.requests if one.path == f"/channels/{server.channel.id}/messages"]
    await until(lambda: len(server.requests) > server.requests.index(tries[0]) + 1)
    tries = [one for one in server.requests if one.path == f"/channels/{server.channel.id}/messages"]
    assert [one.status for one in tries] == [502, 200]
    assert len(server.channel.messages) == 2


async def test_error_codes_can_be_queued(server: DiscordServer, desk: Desk) -> None:
    server.fail_next("POST", r"/interactions/.*/callback", status=404, code=10062, message="Unknown interaction")
    await server.slash("vote")
    await until(lambda: bool(desk.errors))
    assert isinstance(desk.errors[0], discord.NotFound)
    assert desk.errors[0].code == 10062


async def test_a_delay_alone_lets_the_request_through(server: DiscordServer, desk: Desk) -> None:
    server.fail_next("GET", r"/users/\d+", delay=0.2)
    started = asyncio.get_running_loop().time()
    assert (await desk.fetch_user(server.user.id)).name == "reader"
    assert asyncio.get_running_loop().time() - started >= 0.2


async def test_an_unknown_route_is_recorded(server: DiscordServer) -> None:
    client = Desk()
    async with running(server, client):
        with pytest.raises(discord.NotFound) as unknown:
            await client.guilds[0].fetch_emojis()
    assert unknown.value.status == 404
    assert [(one.method, one.path) for one in server.unexpected] == [("GET", f"/guilds/{server.guild.id}/emojis")]
