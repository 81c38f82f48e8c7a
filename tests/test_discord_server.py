"""The loopback Discord behaves as Discord does towards an unmodified discord.py."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord_limits import choice_violations, command_violations, message_violations, modal_violations
from discord_server import Attachment, DiscordServer, NotOfferedError

PLAIN = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Pages(discord.ui.LayoutView):
    """A Components V2 message whose button turns the page."""

    def __init__(self, page: int) -> None:
        super().__init__()
        turn: discord.ui.Button[Pages] = discord.ui.Button(label="Next", custom_id="next")
        turn.callback = self.turn  # type: ignore[method-assign]
        self.page = page
        row: discord.ui.ActionRow[Pages] = discord.ui.ActionRow(turn)
        self.add_item(discord.ui.Container(discord.ui.TextDisplay(f"page {page}"), row))

    async def turn(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=Pages(self.page + 1))


class Report(discord.ui.Modal, title="Report an answer"):
    """A modal of one label."""

    reason: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="What is wrong?", component=discord.ui.TextInput(custom_id="reason", max_length=200)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.reason.component, discord.ui.TextInput)
        await interaction.response.send_message(f"noted: {self.reason.component.value}", ephemeral=True)


class Vote(discord.ui.View):
    """Two buttons: one edits its message, one opens a modal."""

    @discord.ui.button(label="Helpful", custom_id="helpful")
    async def helpful(self, interaction: discord.Interaction, button: discord.ui.Button["Vote"]) -> None:
        await interaction.response.edit_message(content=f"thanks, {interaction.user.name}", view=None)

    @discord.ui.button(label="Report", custom_id="report")
    async def report(self, interaction: discord.Interaction, button: discord.ui.Button["Vote"]) -> None:
        await interaction.response.send_modal(Report())


class Desk(discord.Client):
    """A bot just large enough to use what the server offers."""

    def __init__(self, intents: discord.Intents = PLAIN) -> None:
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self._connection.guild_ready_timeout = 0.05  # else every start waits two seconds for further guilds
        self.tree = app_commands.CommandTree(self)
        self.errors: list[BaseException] = []
        self.failures: list[BaseException | None] = []
        self.events: list[str] = []
        self.heard: list[str] = []
        self.had_resumed = asyncio.Event()

    async def setup_hook(self) -> None:
        commands: list[Any] = [ask, boast, vote, pages, check, library]
        for command in commands:
            self.tree.add_command(command)
        self.tree.error(self.on_command_error)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait discord.py's five seconds before a second IDENTIFY."""

    async def on_socket_event_type(self, event_type: str) -> None:
        self.events.append(event_type)

    async def on_resumed(self) -> None:
        self.had_resumed.set()

    async def on_message(self, message: discord.Message) -> None:
        assert self.user
        self.heard.append(message.content)
        if message.author != self.user and (message.guild is None or self.user in message.mentions):
            await message.reply(f"heard: {message.clean_content}")

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        self.failures.append(sys.exc_info()[1])

    async def on_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.errors.append(getattr(error, "original", error))


@app_commands.command(description="Ask the news")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def ask(interaction: discord.Interaction, question: str, quietly: bool = False) -> None:
    await interaction.response.defer(ephemeral=quietly, thinking=True)
    await interaction.edit_original_response(content=f"{question} Yes, {interaction.user.name}.")
    await interaction.followup.send("and more", file=discord.File(io.BytesIO(b"full text"), "story.txt"))


@ask.autocomplete("question")
async def questions(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}{ending}", value=current) for ending in ("?", "!")]


@app_commands.command(description="Write too much")
@app_commands.allowed_contexts(guilds=True)
async def boast(interaction: discord.Interaction, length: app_commands.Range[int, 1, 9000]) -> None:
    await interaction.response.send_message("x" * length)


@app_commands.command(description="A message with buttons")
async def vote(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Was this helpful?", view=Vote())


@app_commands.command(description="A message in parts")
async def pages(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send(view=Pages(1), file=discord.File(io.BytesIO(b"all pages"), "all.txt"))


@app_commands.context_menu(name="Check against the news")
async def check(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"checked: {message.content}", ephemeral=True)


library = app_commands.Group(
    name="library", description="What is read", default_permissions=discord.Permissions(manage_guild=True)
)


@library.command(name="add", description="Read a source")
async def add(interaction: discord.Interaction, url: str, channel: discord.TextChannel) -> None:
    await interaction.response.send_message(f"{url} for {channel.name}")


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordServer]:
    """A server to which discord.py's addresses lead for the length of a test."""
    async with DiscordServer() as started:
        monkeypatch.setattr(discord.http.Route, "BASE", started.api)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(started.gateway.url))
        yield started


@contextlib.asynccontextmanager
async def running(server: DiscordServer, client: discord.Client) -> AsyncIterator[asyncio.Task[None]]:
    """Connect `client`, wait until it is ready, close it in the end."""
    task = asyncio.create_task(client.start(server.token))
    try:
        await server.connected()
        await asyncio.wait_for(client.wait_until_ready(), 5)
        yield task
    finally:
        await client.close()
        await task


@pytest.fixture
async def desk(server: DiscordServer) -> AsyncIterator[Desk]:
    """The bot, connected and ready; at the end it must have asked for nothing that the server does not know."""
    client = Desk()
    async with running(server, client):
        yield client
        assert client.failures == []  # before the close, which may cut an answer short
    assert server.unexpected == []
    await server.disconnected()


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
        await asyncio.wait_for(client.wait_for("member_join"), 2)
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
        await server.connected(timeout=20)
        asked = await server.direct_message(content="hello")
        reply = await server.wait_for_message(asked.channel, after=asked)
    finally:
        process.terminate()
        await process.wait()
    assert reply.text == "HELLO"
    assert server.unexpected == []


# Interactions


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
        arrival = asyncio.create_task(desk.wait_for("interaction", timeout=2))
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
    await _until(lambda: bool(desk.errors))
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
    await _until(lambda: len(desk.heard) >= 6)
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
        await _until(lambda: client.heard == ["plain words"])


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
    joined = asyncio.create_task(desk.wait_for("guild_join", timeout=2))
    left = asyncio.create_task(desk.wait_for("guild_remove", timeout=2))
    await asyncio.sleep(0)
    guild = server.add_guild("Second")
    assert (await joined).id == guild.id
    server.remove_guild(guild)
    assert (await left).id == guild.id
    assert [one.name for one in desk.guilds] == ["Newsroom"]


# Faults


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
    await _until(lambda: len(server.requests) > server.requests.index(tries[0]) + 1)
    tries = [one for one in server.requests if one.path == f"/channels/{server.channel.id}/messages"]
    assert [one.status for one in tries] == [502, 200]
    assert len(server.channel.messages) == 2


async def test_error_codes_can_be_queued(server: DiscordServer, desk: Desk) -> None:
    server.fail_next("POST", r"/interactions/.*/callback", status=404, code=10062, message="Unknown interaction")
    await server.slash("vote")
    await _until(lambda: bool(desk.errors))
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


# Gateway faults


async def test_missed_events_are_replayed_on_resume(server: DiscordServer, desk: Desk) -> None:
    """The session survives close 4000: one IDENTIFY, one RESUME from the last number seen, the event delivered once."""
    async with server.gateway_down():
        await server.message(content="while you were away", mentions_bot=True)
    await asyncio.wait_for(desk.had_resumed.wait(), 5)
    reply = await server.wait_for_message(server.channel)
    assert reply.text == "heard: @newsdesk while you were away"
    assert len(server.gateway.identified) == 1
    assert [one["seq"] for one in server.gateway.resumed] == [2]  # READY and GUILD_CREATE
    # What was seen before is not sent again; the last event is the bot's own reply.
    await _until(lambda: len(desk.events) >= 5)
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
    await _until(lambda: desk.heard.count(f"<@{server.bot.id}> late") == 2)


async def test_any_event_can_be_dispatched(server: DiscordServer, desk: Desk) -> None:
    typed = asyncio.create_task(desk.wait_for("raw_typing", timeout=2))
    await asyncio.sleep(0)
    place = {"channel_id": str(server.channel.id), "guild_id": str(server.guild.id)}
    server.dispatch("TYPING_START", place | {"user_id": str(server.user.id), "timestamp": 1_700_000_000})
    assert (await typed).user_id == server.user.id


# Limits


async def test_a_message_over_the_limit_is_refused_with_50035(server: DiscordServer, desk: Desk) -> None:
    """2000 characters pass, 2001 do not; the refusal names the field as Discord does and is recorded."""
    fits = await server.slash("boast", {"length": 2000})
    assert len((await fits.response()).content) == 2000
    refused = await server.slash("boast", {"length": 2001})
    await _until(lambda: bool(desk.errors))
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


async def _until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for the bot, which tells nobody when it has noticed something."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
