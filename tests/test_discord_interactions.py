"""The loopback Discord offers commands, buttons, forms and menus as Discord does, and refuses as it does."""

from __future__ import annotations

import asyncio
import io

import discord
import pytest
from discord import app_commands
from discord_bot import Desk, until
from discord_server import DiscordServer, NotOfferedError
from discord_things import PATIENCE


async def test_commands_are_synced(server: DiscordServer, desk: Desk) -> None:
    """The PUT is recorded, and its reply satisfies discord.py for context menus as well."""
    kinds = {one["name"]: one["type"] for one in await server.synced("ask")}
    assert kinds == {"ask": 1, "boast": 1, "vote": 1, "pages": 1, "library": 1, "Check against the news": 3}
    fetched = await desk.tree.fetch_commands()
    assert {one.name: one.id for one in fetched} == {one["name"]: int(one["id"]) for one in server.commands}


async def test_a_deferred_command_is_edited_and_followed_up(server: DiscordServer, desk: Desk) -> None:
    """The response is the edited message; the acknowledgement, its delay and the attached file are recorded."""
    handle = await server.slash("ask", {"question": "Did it rain?"})
    answer = await handle.response()
    more = await handle.followup()
    acknowledgement = await handle.acknowledged()
    assert answer.content == "Did it rain? Yes, reader."
    assert answer.versions == []
    assert not handle.ephemeral
    assert acknowledgement.kind == 5
    assert 0 <= acknowledgement.delay < 1
    assert [(file.filename, file.content) for file in more.attachments] == [("story.txt", b"full text")]
    assert handle.followups == [more]
    assert server.channel.messages == [answer, more]


async def test_deferring_fixes_whether_an_answer_is_ephemeral(server: DiscordServer, desk: Desk) -> None:
    """What only the member sees is not in the channel."""
    handle = await server.slash("ask", {"question": "Really?", "quietly": True})
    assert (await handle.response()).text == "Really? Yes, reader."
    assert handle.ephemeral
    assert handle.original not in server.channel.messages


async def test_interactions_say_where_they_come_from(server: DiscordServer, desk: Desk) -> None:
    """context and authorizing_integration_owners differ between guild, direct messages and private channels."""
    friend = server.add_user("friend")
    elsewhere = server.add_channel("tea", guild=server.add_guild("Elsewhere", joined=False))
    private = server.add_private_channel(server.user, friend)
    places = [server.channel, server.direct_channel(server.user), private, elsewhere]
    seen = []
    for place in places:
        arrival = asyncio.create_task(desk.wait_for("interaction", timeout=PATIENCE))
        await asyncio.sleep(0)
        handle = await server.slash("ask", {"question": "Where?"}, channel=place)
        interaction = await arrival
        contexts = interaction.context
        owners = interaction._integration_owners
        seen.append((contexts.guild, contexts.dm_channel, contexts.private_channel, owners))
        assert (await handle.followup()).channel is place
    own = {1: server.user.id}
    assert seen == [
        (True, False, False, {0: server.guild.id}),
        (False, True, False, {0: 0}),
        (False, False, True, own),
        (True, False, False, own),
    ]


async def test_only_what_discord_offers_can_be_invoked(server: DiscordServer, desk: Desk) -> None:
    """Unknown commands, missing rights, wrong places and bad values never reach the bot."""
    admin = server.add_member("ada", "manage_guild")
    options = {"url": "https://paper.example", "channel": server.channel}
    with pytest.raises(NotOfferedError, match="no command 'sing'"):
        await server.slash("sing")
    with pytest.raises(NotOfferedError, match="reader lacks"):
        await server.slash("library add", options)
    with pytest.raises(NotOfferedError, match="by a user's installation only"):
        await server.slash("vote", channel=server.add_private_channel(admin), installed_by="guild")
    with pytest.raises(NotOfferedError, match=r"in contexts \[0\] only"):
        await server.slash("boast", {"length": 1}, channel=server.direct_channel(admin))
    with pytest.raises(NotOfferedError, match="requires"):
        await server.slash("ask", {"quietly": True})
    with pytest.raises(NotOfferedError, match="takes 1 to 9000"):
        await server.slash("boast", {"length": 9001})
    assert server.interactions == []
    handle = await server.slash("library add", options, admin)
    assert (await handle.response()).text == "https://paper.example for general"


async def test_an_unchecked_command_reaches_the_bot_all_the_same(server: DiscordServer, desk: Desk) -> None:
    """So that a bot's own checks can be tested behind Discord's."""
    options = {"url": "https://paper.example", "channel": server.channel}
    handle = await server.slash("library add", options, checked=False)
    assert (await handle.response()).text == "https://paper.example for general"


async def test_a_button_edits_its_message(server: DiscordServer, desk: Desk) -> None:
    """The press is answered by the message itself, whose earlier text is kept."""
    asked = await (await server.slash("vote")).response()
    assert [button["label"] for button in asked.buttons] == ["Helpful", "Report"]
    friend = server.add_member("friend")
    press = await server.component(asked, asked.button("Helpful"), friend)
    assert await press.response() is asked
    assert asked.text == "thanks, friend"
    assert asked.versions == ["Was this helpful?"]
    with pytest.raises(NotOfferedError, match="no enabled component"):
        await server.component(asked, "helpful")


async def test_the_first_follow_up_fills_in_a_deferred_answer(server: DiscordServer, desk: Desk) -> None:
    """It takes the place of "is thinking" and stays ephemeral; its Components V2 button works."""
    handle = await server.slash("pages")
    answer = await handle.response()
    assert (answer.text, answer.ephemeral, handle.followups) == ("page 1", True, [])
    assert [file.content for file in answer.attachments] == [b"all pages"]
    assert [part["id"] for part in answer.components[0]["components"]] == [2, 3]
    with pytest.raises(NotOfferedError, match="only reader does"):
        await server.component(answer, answer.button("Next"), server.add_member("friend"))
    for page in ("page 2", "page 3"):
        press = await server.component(answer, answer.button("Next"))
        assert await press.response() is answer
        assert answer.text == page
    assert answer.versions == ["page 1", "page 2"]
    assert server.channel.messages == []


async def test_commands_of_one_guild_are_synced_and_run(server: DiscordServer, desk: Desk) -> None:
    """They stay apart from the global ones and go by their own ids."""
    guild = discord.Object(server.guild.id)

    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong", file=discord.File(io.BytesIO(b"x"), "x.bin"))

    desk.tree.add_command(app_commands.Command(name="ping", description="Answer", callback=ping), guild=guild)
    [synced] = await desk.tree.sync(guild=guild)
    assert [one["name"] for one in server.guild_commands[server.guild.id]] == ["ping"]
    assert "ping" not in {one["name"] for one in server.commands}
    handle = await server.slash("ping")
    answer = await handle.response()
    assert (answer.text, [file.filename for file in answer.attachments]) == ("pong", ["x.bin"])
    assert int(server.guild_commands[server.guild.id][0]["id"]) == synced.id


async def test_waiting_for_a_message_where_a_modal_came_says_so(server: DiscordServer, desk: Desk) -> None:
    asked = await (await server.slash("vote")).response()
    press = await server.component(asked, asked.button("Report"))
    with pytest.raises(LookupError, match="answered with a modal"):
        await press.response()


async def test_a_modal_is_opened_and_submitted(server: DiscordServer, desk: Desk) -> None:
    """The values reach the bot's modal, whose own answer is a new interaction's."""
    asked = await (await server.slash("vote")).response()
    press = await server.component(asked, asked.button("Report"))
    await press.acknowledged()
    assert press.modal is not None
    assert press.modal["title"] == "Report an answer"
    with pytest.raises(NotOfferedError, match="200 characters, not 201"):
        await server.modal(press, {"reason": "x" * 201})
    submitted = await server.modal(press, {"reason": "wrong year"})
    assert (await submitted.response()).text == "noted: wrong year"
    assert submitted.ephemeral


async def test_autocomplete_returns_the_choices(server: DiscordServer, desk: Desk) -> None:
    choices = await server.autocomplete("ask", "question", "Rain")
    assert choices == [{"name": "Rain?", "value": "Rain"}, {"name": "Rain!", "value": "Rain"}]


async def test_a_context_menu_shows_a_message_without_the_intent(server: DiscordServer, desk: Desk) -> None:
    """The gateway hides the text of the message, the interaction carries it."""
    said = await server.message(content="The moon is closed.")
    handle = await server.context_menu("Check against the news", said)
    assert (await handle.response()).text == "checked: The moon is closed."
    assert desk.heard == [""]


async def test_a_second_acknowledgement_is_refused(server: DiscordServer, desk: Desk) -> None:
    """40060, as when two processes answer the same interaction."""
    handle = await server.slash("vote")
    await handle.response()
    adapter = discord.webhook.async_.async_context.get()
    params = discord.webhook.async_.interaction_response_params(5)
    session = desk.http._HTTPClient__session  # type: ignore[attr-defined]
    with pytest.raises(discord.HTTPException) as refused:
        await adapter.create_interaction_response(handle.id, handle.token, session=session, params=params)
    assert (refused.value.status, refused.value.code) == (400, 40060)


async def test_a_late_acknowledgement_is_refused(server: DiscordServer, desk: Desk) -> None:
    """After the deadline the interaction is unknown, and so is its webhook."""
    server.rest.interaction_deadline = -1.0
    handle = await server.slash("ask", {"question": "Late?"})
    await until(lambda: bool(desk.errors))
    [error] = desk.errors
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062
    assert handle.acknowledgement is None


async def test_an_expired_token_is_refused(server: DiscordServer, desk: Desk) -> None:
    """After fifteen minutes an edit gets 50027; before any acknowledgement 10015."""
    handle = await server.slash("vote")
    await handle.response()
    webhook = discord.Webhook.partial(server.bot.id, handle.token, client=desk)
    handle.expire()
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("too late")
    assert (refused.value.status, refused.value.code) == (401, 50027)
    with pytest.raises(discord.NotFound) as unknown:
        await discord.Webhook.partial(server.bot.id, "no-such-token", client=desk).send("hello")
    assert unknown.value.code == 10015
