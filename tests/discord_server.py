"""A Discord on loopback: enough of its REST API and gateway to run an unmodified discord.py bot against.

    async with DiscordServer() as server:
        bot = await asyncio.create_subprocess_exec(..., env=os.environ | server.environment)
        await server.connected()
        handle = await server.slash("ask", {"question": "Who won?"})
        answer = await handle.response()
        assert "Lisbon" in answer.text
        assert server.unexpected == []

It listens on 127.0.0.1 alone. Its parts: discord_things (users, channels, messages, interactions), discord_world (all
of them, and their JSON), discord_gateway (sessions and events), discord_http and discord_rest (the bot's requests),
discord_limits (what Discord refuses), discord_member (what Discord's own client lets a member do).
"""
# ruff: noqa: ASYNC109  (a test's timeout is an assertion of its own, not a cancellation scope)

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from discord_gateway import GUILD_MEMBERS, GUILDS, PRIVILEGED, Gateway, Heartbeat
from discord_http import Fault, Request
from discord_limits import Json, Violation, walk
from discord_member import (
    Installer,
    NotOfferedError,
    command_data,
    identity,
    offered,
    owners_of,
    resolved_user,
    submitted,
)
from discord_rest import Rest
from discord_things import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    DIRECT,
    GROUP,
    MODAL_SUBMIT,
    PATIENCE,
    TEXT_CHANNEL,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Message,
    Role,
    User,
    bits,
    new_token,
)
from discord_world import World

__all__ = [
    "Attachment", "Channel", "DiscordServer", "Guild", "Heartbeat", "Interaction", "Message", "NotOfferedError",
    "Request", "Role", "User", "Violation",
]  # fmt: skip

TOKEN = "loopback-token"


class DiscordServer:
    """The server and, for tests, the hands of the members who use it.

    It starts with one guild the bot has joined (`guild`), one channel in it (`channel`) and one plain member (`user`),
    who are the defaults of every helper. `privileged` holds the bits of the privileged intents that the application may
    identify with; `interaction_deadline` the seconds after which an unacknowledged interaction is unknown.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        privileged: int = PRIVILEGED,
        heartbeat_interval: float = 41.25,
        interaction_deadline: float = 3.0,
        shards: int = 1,
    ) -> None:
        self.token = token
        self.world = World()
        self.gateway = Gateway(
            self.world, token, privileged=privileged, heartbeat_interval=heartbeat_interval, shards=shards
        )
        self.rest = Rest(self.world, self.gateway, interaction_deadline=interaction_deadline)
        self.bot = self.world.bot
        self.guild = self.world.add_guild("Newsroom")
        self.channel = self.add_channel("general")
        self.user = self.add_member("reader")
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/attachments/{id}/{filename}", self._attachment)
        app.router.add_route("*", "/api/v10/{path:.*}", self.rest.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = int(site.name.rpartition(":")[2])
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"
        self.world.cdn = f"http://127.0.0.1:{self.port}/attachments"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.stop()
        if self._runner:
            await self._runner.cleanup()
        if error is None and self.rest.bugs:
            raise self.rest.bugs[0]

    # What the bot did

    @property
    def api(self) -> str:
        """What discord.http.Route.BASE must be."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send a bot in another process here."""
        return {"DISCORD_API_BASE": self.api, "DISCORD_GATEWAY": self.gateway.url}

    @property
    def requests(self) -> list[Request]:
        """Every REST request, oldest first."""
        return self.rest.requests

    @property
    def unexpected(self) -> list[Request]:
        """Requests to routes that this server does not know; a test ends by asserting that there are none."""
        return self.rest.unexpected

    @property
    def violations(self) -> list[tuple[Request, Violation]]:
        """Every limit of Discord's that a request broke."""
        return self.rest.violations

    @property
    def commands(self) -> list[Json]:
        """The global commands last synced."""
        return self.rest.commands

    @property
    def guild_commands(self) -> dict[int, list[Json]]:
        """The commands last synced to single guilds, by guild id."""
        return self.rest.guild_commands

    @property
    def interactions(self) -> list[Interaction]:
        """Every interaction dispatched, oldest first."""
        return self.world.interactions

    @property
    def heartbeats(self) -> list[Heartbeat]:
        """Every heartbeat, oldest first; `gateway.acknowledges_heartbeats = False` leaves later ones unanswered."""
        return self.gateway.heartbeats

    async def connected(self, timeout: float = PATIENCE) -> None:
        """Wait until every shard of the bot has a live session."""
        await self.gateway.connected(timeout)

    async def disconnected(self, timeout: float = PATIENCE) -> None:
        """Wait until no connection of the bot is left."""
        await self.world.changes.until(lambda: None if self.gateway.live else True, timeout, "the bot to leave")

    async def synced(self, *names: str, timeout: float = PATIENCE) -> list[Json]:
        """The global commands, once all of `names` are among them."""

        def there() -> list[Json] | None:
            return self.commands or None if set(names) <= {one["name"] for one in self.commands} else None

        return await self.world.changes.until(there, timeout, f"the commands {names} to be synced")

    async def wait_for_message(
        self,
        channel: Channel,
        timeout: float = PATIENCE,
        predicate: Callable[[Message], bool] = lambda message: True,
        *,
        after: Message | None = None,
    ) -> Message:
        """The bot's first finished message in `channel` that satisfies `predicate`; with `after`, of those after it."""

        def written() -> Message | None:
            for message in channel.messages:
                mine = message.author is self.bot and not message.loading
                if mine and (after is None or message.id > after.id) and predicate(message):
                    return message
            return None

        return await self.world.changes.until(written, timeout, f"a message of the bot in #{channel.name or 'a DM'}")

    # Faults

    def fail_next(
        self,
        method: str,
        pattern: str,
        *,
        status: int = 0,
        code: int = 0,
        message: str = "",
        retry_after: float = 0.0,
        is_global: bool = False,
        delay: float = 0.0,
        applied: bool = False,
        times: int = 1,
        cut: bool = False,
    ) -> None:
        r"""Let the next `times` requests to a route fail, or only be late when there is no `status`.

        `pattern` is a regular expression for the whole path after /api/v10, as in r"/channels/\d+/messages". With
        `applied` Discord carries the request out, and still answers with the failure or late. `retry_after` and `delay`
        are in seconds. With `cut` there is no answer: the connection ends.
        """
        failure = Fault(method, pattern, status, code, message, retry_after, is_global, delay, applied, times, cut)
        self.rest.faults.append(failure)

    async def drop_gateway(self, code: int = 4000) -> None:
        """Close the bot's gateway connections with `code`; it may resume."""
        await self.gateway.drop(code)

    @asynccontextmanager
    async def gateway_down(self, code: int = 4000) -> AsyncIterator[None]:
        """Close the connections and let none in meanwhile; what happens inside reaches the bot when it resumes."""
        self.gateway.accepts.clear()
        await self.gateway.drop(code)
        try:
            yield
        finally:
            self.gateway.accepts.set()

    async def ask_to_reconnect(self) -> None:
        """Tell the bot to connect anew and resume, as Discord does before it restarts a gateway."""
        await self.gateway.ask_to_reconnect()

    def forget_sessions(self) -> None:
        """Make every RESUME be answered with INVALID_SESSION."""
        self.gateway.sessions.clear()

    def dispatch(self, event: str, data: Json, *, times: int = 1, delay: float = 0.0) -> None:
        """Send any event as it is; `times` repeats it, `delay` in seconds holds it back."""
        guild = data.get("guild_id")
        self.gateway.dispatch(event, data, guild_id=int(guild) if guild else None, times=times, delay=delay)

    # The world

    def add_user(self, name: str, *, locale: str = "en-US") -> User:
        """Somebody who shares no guild with the bot."""
        return self.world.add_user(name, locale=locale)

    def add_member(self, name: str, *permissions: str, guild: Guild | None = None, locale: str = "en-US") -> User:
        """A member of `guild`, with a role of these permissions (discord.py's names) beside @everyone's."""
        guild = guild or self.guild
        user = self.world.add_user(name, locale=locale)
        guild.members[user] = []
        if permissions:
            role = Role(self.world.new_id(), name, bits(*permissions))
            guild.roles.append(role)
            guild.members[user].append(role)
            shown = self.world.role_json(role, len(guild.roles) - 1)
            self._tell_guild(guild, "GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": shown}, GUILDS)
        member = self.world.member_json(guild, user) | {"guild_id": str(guild.id)}
        self._tell_guild(guild, "GUILD_MEMBER_ADD", member, GUILD_MEMBERS)
        return user

    def add_guild(self, name: str, *, joined: bool = True) -> Guild:
        """A further guild; `joined` False for one whose members bring the bot along by installing it themselves."""
        guild = self.world.add_guild(name, joined=joined)
        self._tell_guild(guild, "GUILD_CREATE", self.world.guild_create_json(guild), GUILDS)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """The guild throws the bot out."""
        self._tell_guild(guild, "GUILD_DELETE", {"id": str(guild.id)}, GUILDS)
        guild.joined = False
        guild.members.pop(self.bot, None)

    def add_channel(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        topic: str | None = None,
        nsfw: bool = False,
        denied_to_everyone: Sequence[str] = (),
        denied_to_bot: Sequence[str] = (),
    ) -> Channel:
        """A text channel; the denied permissions carry discord.py's names, such as "send_messages"."""
        guild = guild or self.guild
        channel = Channel(self.world.new_id(), name, TEXT_CHANNEL, guild, topic=topic, nsfw=nsfw)
        channel.denied_to_everyone, channel.denied_to_bot = bits(*denied_to_everyone), bits(*denied_to_bot)
        self.world.add_channel(channel)
        self._tell_guild(guild, "CHANNEL_CREATE", self.world.channel_json(channel), GUILDS)
        return channel

    def add_private_channel(self, *users: User) -> Channel:
        """A conversation between members without the bot, where only a user-installed bot can be called."""
        kind = DIRECT if len(users) == 2 else GROUP
        return self.world.add_channel(Channel(self.world.new_id(), "", kind, recipients=list(users)))

    def direct_channel(self, user: User) -> Channel:
        """The conversation of `user` with the bot."""
        return self.world.direct_channel(user)

    # What members do

    async def message(
        self,
        channel: Channel | None = None,
        author: User | None = None,
        content: str = "",
        *,
        mentions_bot: bool = False,
        reply_to: Message | None = None,
        ping: bool = True,
        attachments: Sequence[Attachment] = (),
        times: int = 1,
        delay: float = 0.0,
    ) -> Message:
        """A member writes; without the Message Content intent the bot reads it only where Discord lets it.

        `ping` False switches off the notification of a reply. The event arrives `times` times, `delay` seconds late.
        """
        if mentions_bot and self.bot.mention not in content:
            content = f"{self.bot.mention} {content}"
        payload: Json = {"content": content}
        payload["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        where, who = channel or self.channel, author or self.user
        written = self.world.create_message(where, who, payload, list(attachments), reply_to=reply_to)
        self.rest.tell_message("MESSAGE_CREATE", written, times=times, delay=delay)
        return written

    async def direct_message(self, author: User | None = None, content: str = "", **options: Any) -> Message:
        """A user writes to the bot; options as for `message`."""
        author = author or self.user
        return await self.message(self.direct_channel(author), author, content, **options)

    async def edit_message(self, message: Message, content: str) -> None:
        """A member edits what they wrote."""
        self.world.edit_message(message, {"content": content})
        self.rest.tell_message("MESSAGE_UPDATE", message)

    async def delete_message(self, message: Message) -> None:
        """A member or moderator deletes a message."""
        self.rest.delete(message)

    async def react(self, message: Message, emoji: str, user: User | None = None) -> None:
        """A member reacts to a message; custom emojis as "name:id"."""
        self.rest.react(message, emoji, user or self.user)

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        user: User | None = None,
        channel: Channel | None = None,
        *,
        installed_by: Installer = None,
        checked: bool = True,
        times: int = 1,
        delay: float = 0.0,
    ) -> Interaction:
        """A member runs a synced slash command; a subcommand as "library add".

        Options take str, int, float, bool, User, Channel, Role or Attachment. What Discord's own client would not let
        through raises NotOfferedError, unless `checked` is False. `installed_by` says through whose installation the
        command comes: by default the guild's, the user's in private channels and in guilds that the bot has not joined.
        The event arrives `times` times, `delay` seconds late.
        """
        user, channel = user or self.user, channel or self.channel
        command = self._command(name.split()[0], 1, user, channel, installed_by, checked)
        data = command_data(self.world, name, command, options or {}, channel, checked=checked)
        return self._interact(COMMAND, name, user, channel, data, installed_by, times=times, delay=delay)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        user: User | None = None,
        channel: Channel | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        timeout: float = 3.0,
    ) -> list[Json]:
        """The choices the bot offers while a member has `typed` into `option`, the other `options` being filled in."""
        user, channel = user or self.user, channel or self.channel
        command = self._command(name.split()[0], 1, user, channel, None, checked=True)
        filled = {**(options or {}), option: typed}
        data = command_data(self.world, name, command, filled, channel, checked=True, focused=option)
        handle = self._interact(AUTOCOMPLETE, name, user, channel, data, None)
        await handle.acknowledged(timeout)
        return handle.choices or []

    async def context_menu(
        self,
        name: str,
        target: Message | User,
        user: User | None = None,
        channel: Channel | None = None,
        *,
        installed_by: Installer = None,
        checked: bool = True,
    ) -> Interaction:
        """A member picks an application's entry in the menu of a message or a user."""
        user = user or self.user
        if isinstance(target, Message):
            channel, kind = channel or target.channel, 3
            resolved: Json = {"messages": {str(target.id): self.world.message_json(target, readable=True)}}
        else:
            channel, kind = channel or self.channel, 2
            resolved = resolved_user(self.world, target, channel)
        command = self._command(name, kind, user, channel, installed_by, checked)
        data = identity(command) | {"target_id": str(target.id), "resolved": resolved}
        return self._interact(COMMAND, name, user, channel, data, installed_by, target=target)

    async def component(
        self, message: Message, custom_id: str, user: User | None = None, values: Sequence[str] = ()
    ) -> Interaction:
        """A member presses a button or picks `values` of a select menu."""
        asked = message.interaction
        user = user or (asked.user if asked else self.user)
        used = next((one for one in walk(message.components) if one.get("custom_id") == custom_id), None)
        if used is None or used.get("disabled") or message.deleted:
            raise NotOfferedError(f"no enabled component {custom_id!r} on the message {message.text!r}")
        if message.ephemeral and asked and user is not asked.user:
            raise NotOfferedError(f"{user.name} does not see the message that only {asked.user.name} does")
        data: Json = {"custom_id": custom_id, "component_type": used["type"], "id": used["id"]}
        if values:
            data["values"] = list(values)
        owners = asked.owners if asked else owners_of(self.world, user, message.channel, None)
        return self._interact(COMPONENT, custom_id, user, message.channel, data, None, source=message, owners=owners)

    async def modal(self, handle: Interaction, values: Mapping[str, Any]) -> Interaction:
        """A member fills in the modal that answered `handle` and submits it; `values` by custom_id."""
        if handle.modal is None:
            raise NotOfferedError(f"{handle.name!r} was not answered with a modal")
        unknown = set(values) - {one.get("custom_id") for one in walk(handle.modal["components"])}
        if unknown:
            raise NotOfferedError(f"the modal has no {sorted(unknown)}")
        parts = [submitted(one, values) for one in handle.modal["components"]]
        data = {"custom_id": handle.modal["custom_id"], "components": parts, "resolved": {}}
        origin = {"source": handle.source, "opened_by": handle, "owners": handle.owners}
        return self._interact(MODAL_SUBMIT, str(data["custom_id"]), handle.user, handle.channel, data, None, **origin)

    # How it is done

    def _interact(
        self,
        kind: int,
        name: str,
        user: User,
        channel: Channel,
        data: Json,
        installed_by: Installer,
        *,
        times: int = 1,
        delay: float = 0.0,
        **known: Any,
    ) -> Interaction:
        if not self.gateway.sessions:
            raise RuntimeError("no bot is connected: await server.connected() first")
        owners = known.pop("owners", None) or owners_of(self.world, user, channel, installed_by)
        number = self.world.new_id()
        handle = Interaction(number, new_token(), kind, name, user, channel, owners, self.world.changes, **known)
        self.world.interactions.append(handle)
        guild = channel.guild.id if channel.guild and channel.guild.joined else None
        handle.sent_at = time.monotonic()
        event = self.world.interaction_json(handle, data)
        self.gateway.dispatch("INTERACTION_CREATE", event, guild_id=guild, times=times, delay=delay)
        return handle

    def _command(
        self, name: str, kind: int, user: User, channel: Channel, installed_by: Installer, checked: bool
    ) -> Json:
        """The synced command that Discord offers this member here; unchecked, any of that name or an invented one."""
        synced = (self.guild_commands.get(channel.guild.id, []) if channel.guild else []) + self.commands
        if checked:
            return offered(self.world, synced, name, kind, user, channel, installed_by)
        invented: Json = {"id": str(self.world.new_id()), "name": name, "type": kind, "options": []}
        return next((one for one in synced if one["name"] == name and one["type"] == kind), invented)

    def _tell_guild(self, guild: Guild, event: str, data: Json, intent: int) -> None:
        if guild.joined:
            self.gateway.dispatch(event, data, guild_id=guild.id, intent=intent)

    async def _attachment(self, request: web.Request) -> web.Response:
        """Serve a file of a message or of an option, as Discord's CDN does."""
        attachment = self.world.files.get(request.match_info["id"])
        if attachment is None:
            raise web.HTTPNotFound
        return web.Response(body=attachment.content, content_type=attachment.content_type)
