"""The REST side: what Discord does with each request of the bot, the faults tests queue, the log of all of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from discord_gateway import DIRECT_MESSAGES, DIRECT_REACTIONS, GUILD_MESSAGES, GUILD_REACTIONS, GUILDS, Gateway
from discord_http import DiscordError, Fault, Request, rate_limited, read, refuse, respond
from discord_limits import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Json,
    Violation,
    choice_violations,
    command_violations,
    message_violations,
    modal_violations,
)
from discord_things import (
    AUTOCOMPLETE,
    MODAL_SUBMIT,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    Acknowledgement,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Message,
    User,
    bits,
    emoji_json,
)
from discord_world import World

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9  # callback types


class Rest:
    """Answers the bot's requests out of the world and tells the gateway what they changed."""

    def __init__(self, world: World, gateway: Gateway, *, interaction_deadline: float) -> None:
        self.world = world
        self.gateway = gateway
        self.interaction_deadline = interaction_deadline
        self.requests: list[Request] = []
        self.unexpected: list[Request] = []
        self.violations: list[tuple[Request, Violation]] = []
        self.bugs: list[Exception] = []
        self.faults: list[Fault] = []
        self.commands: list[Json] = []
        self.guild_commands: dict[int, list[Json]] = {}
        self.typing: list[Channel] = []
        application = "/(?:oauth2/)?applications/@me"
        commands = "/applications/[^/]+(?:/guilds/(?P<guild>[^/]+))?/commands"
        message = "/channels/(?P<channel>[^/]+)/messages/(?P<message>[^/]+)"
        webhook = "/webhooks/(?P<application>[^/]+)/(?P<token>[^/]+)"
        self._routes: list[tuple[str, re.Pattern[str], Callable[[Request], Awaitable[Any]]]] = [
            (method, re.compile(pattern), handler)
            for method, pattern, handler in (
                ("GET", "/gateway(?:/bot)?", self._gateway),
                ("GET", "/users/@me/guilds", self._own_guilds),
                ("DELETE", "/users/@me/guilds/(?P<guild>[^/]+)", self._leave_guild),
                ("POST", "/users/@me/channels", self._open_direct_channel),
                ("GET", "/users/(?P<user>[^/]+)", self._user),
                ("GET", application, self._application),
                ("GET", "/applications/[^/]+/emojis", self._application_emojis),
                ("GET", commands, self._get_commands),
                ("PUT", commands, self._put_commands),
                ("GET", "/guilds/(?P<guild>[^/]+)", self._guild),
                ("GET", "/guilds/(?P<guild>[^/]+)/channels", self._guild_channels),
                ("GET", "/guilds/(?P<guild>[^/]+)/roles", self._guild_roles),
                ("GET", "/guilds/(?P<guild>[^/]+)/members/(?P<user>[^/]+)", self._guild_member),
                ("GET", "/channels/(?P<channel>[^/]+)", self._get_channel),
                ("PATCH", "/channels/(?P<channel>[^/]+)", self._patch_channel),
                ("POST", "/channels/(?P<channel>[^/]+)/typing", self._post_typing),
                ("POST", "/channels/(?P<channel>[^/]+)/threads", self._post_thread),
                ("PUT", "/channels/(?P<channel>[^/]+)/thread-members/@me", self._join_thread),
                ("GET", "/channels/(?P<channel>[^/]+)/messages", self._get_messages),
                ("POST", "/channels/(?P<channel>[^/]+)/messages", self._post_message),
                ("GET", message, self._get_message),
                ("PATCH", message, self._patch_message),
                ("DELETE", message, self._delete_message),
                ("POST", f"{message}/threads", self._post_thread),
                ("PUT", f"{message}/reactions/(?P<emoji>[^/]+)/@me", self._put_reaction),
                ("DELETE", f"{message}/reactions/(?P<emoji>[^/]+)/@me", self._delete_reaction),
                ("POST", "/interactions/(?P<interaction>[^/]+)/(?P<token>[^/]+)/callback", self._callback),
                ("POST", webhook, self._post_followup),
                ("GET", f"{webhook}/messages/(?P<message>[^/]+)", self._get_answer),
                ("PATCH", f"{webhook}/messages/(?P<message>[^/]+)", self._patch_answer),
                ("DELETE", f"{webhook}/messages/(?P<message>[^/]+)", self._delete_answer),
            )
        ]

    # Every request

    async def handle(self, raw: web.Request) -> web.Response:
        """Answer one request: log it, apply a queued fault, check the token, find the route."""
        request = await read(raw)
        self.requests.append(request)
        fault = self._next_fault(request)
        if fault and fault.delay and not fault.applied:
            await asyncio.sleep(fault.delay)
        try:
            if fault and fault.cut and not fault.applied:
                return _cut(raw)
            if fault and fault.status and not fault.applied:
                raise DiscordError(fault.status, fault.code, fault.message)
            reply = await self._answer(request, raw.headers.get("Authorization"))
            if fault and fault.applied:
                await asyncio.sleep(fault.delay)
            if fault and fault.cut:
                return _cut(raw)
            if fault and fault.status:
                raise DiscordError(fault.status, fault.code, fault.message)
        except DiscordError as error:
            self.violations += [(request, violation) for violation in error.violations]
            request.status = error.status
            response = rate_limited(fault) if fault and error.status == 429 else respond(error.json, error.status)
        except Exception as bug:  # a mistake in this server: fail the test rather than let the bot retry a 500
            self.bugs.append(bug)
            request.status = 400
            response = respond({"code": 0, "message": f"the loopback server failed: {bug!r}"}, 400)
        else:
            request.status = 204 if reply is None else 200
            response = respond(reply, request.status)
        self.world.changes.notify()
        return response

    async def _answer(self, request: Request, authorization: str | None) -> Any:
        # Interaction callbacks and webhooks carry their own token in the path.
        open_to_all = request.path.startswith(("/interactions/", "/webhooks/"))
        if not open_to_all and authorization != f"Bot {self.gateway.token}":
            raise DiscordError(401, 0, "401: Unauthorized")
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if method == request.method and match:
                request.parts = {name: value for name, value in match.groupdict().items() if value is not None}
                return await handler(request)
        self.unexpected.append(request)
        raise DiscordError(404, 0, "404: Not Found")

    def _next_fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.method == request.method and re.fullmatch(fault.pattern, request.path):
                fault.times -= 1
                if fault.times == 0:
                    self.faults.remove(fault)
                return fault
        return None

    # The application and what it may see

    async def _gateway(self, request: Request) -> Json:
        limits = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": self.gateway.shards, "session_start_limit": limits}

    async def _application(self, request: Request) -> Json:
        return self.world.application_json()

    async def _application_emojis(self, request: Request) -> Json:
        return {"items": []}

    async def _user(self, request: Request) -> Json:
        asked = request.parts["user"]
        user = self.world.bot if asked == "@me" else self.world.users.get(_number(asked))
        if user is None:
            raise DiscordError(404, 10013, "Unknown User")
        return user.json()

    async def _own_guilds(self, request: Request) -> list[Json]:
        return [self.world.guild_json(guild) for guild in self.world.bot_guilds()]

    async def _leave_guild(self, request: Request) -> None:
        guild = self._find_guild(request)
        guild.joined = False
        guild.members.pop(self.world.bot)
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, intent=GUILDS)

    async def _guild(self, request: Request) -> Json:
        return self.world.guild_json(self._find_guild(request))

    async def _guild_channels(self, request: Request) -> list[Json]:
        return [self.world.channel_json(one) for one in self._find_guild(request).channels if not one.parent]

    async def _guild_roles(self, request: Request) -> list[Json]:
        return self.world.guild_json(self._find_guild(request))["roles"]  # type: ignore[no-any-return]

    async def _guild_member(self, request: Request) -> Json:
        guild = self._find_guild(request)
        user = self.world.users.get(_number(request.parts["user"]))
        if user not in guild.members or user is None:
            raise DiscordError(404, 10007, "Unknown Member")
        return self.world.member_json(guild, user)

    # Commands

    async def _get_commands(self, request: Request) -> list[Json]:
        guild = request.parts.get("guild")
        return self.guild_commands.get(_number(guild), []) if guild else self.commands

    async def _put_commands(self, request: Request) -> list[Json]:
        refuse(command_violations(request.json))
        guild = self._find_guild(request) if "guild" in request.parts else None
        before = self.guild_commands.get(guild.id, []) if guild else self.commands
        ids = {(one["type"], one["name"]): one["id"] for one in before}
        synced = []
        for sent in request.json:
            known = ids.get((sent.get("type", 1), sent["name"])) or str(self.world.new_id())
            own = {"id": known, "application_id": str(self.world.application_id), "version": str(self.world.new_id())}
            # A context menu has an empty description, which discord.py reads though it never sends one.
            command = {"type": 1, "description": "", "contexts": None, **sent, **own}
            command["integration_types"] = sent.get("integration_types") or list(self.world.installs)
            synced.append(command | ({"guild_id": str(guild.id)} if guild else {}))
        if guild:
            self.guild_commands[guild.id] = synced
        else:
            self.commands = synced
        return synced

    # Channels

    async def _open_direct_channel(self, request: Request) -> Json:
        user = self.world.users.get(int(request.json["recipient_id"]))
        if user is None or user is self.world.bot:
            raise DiscordError(400, 50033, "Invalid Recipient(s)")
        return self.world.channel_json(self.world.direct_channel(user))

    async def _get_channel(self, request: Request) -> Json:
        return self.world.channel_json(self._find_channel(request))

    async def _patch_channel(self, request: Request) -> Json:
        channel = self._find_channel(request)
        own = channel.parent is not None and channel.owner is self.world.bot
        if not own:
            self._require(channel, "manage_threads" if channel.parent else "manage_channels")
        channel.name = request.json.get("name", channel.name)
        channel.archived = request.json.get("archived", channel.archived)
        shown = self.world.channel_json(channel)
        self._tell(channel, "THREAD_UPDATE" if channel.parent else "CHANNEL_UPDATE", shown, GUILDS)
        return shown

    async def _post_typing(self, request: Request) -> None:
        channel = self._find_channel(request)
        self._require(channel, "send_messages")
        self.typing.append(channel)

    async def _post_thread(self, request: Request) -> Json:
        parent = self._find_channel(request)
        self._require(parent, "create_public_threads")
        name = request.json.get("name") or ""
        if not 1 <= len(name) <= 100:
            refuse([Violation("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")])
        starter = self._find_message(request) if "message" in request.parts else None
        if starter and starter.thread:
            raise DiscordError(400, 160004, "A thread has already been created for this message")
        # A thread that starts at a message shares its id.
        number = starter.id if starter else self.world.new_id()
        kind = PUBLIC_THREAD if starter else request.json.get("type", PRIVATE_THREAD)
        thread = Channel(number, name, kind, parent.guild, parent=parent, owner=self.world.bot)
        self.world.add_channel(thread)
        if starter:
            starter.thread = thread
        member = {"id": str(thread.id), "user_id": str(self.world.bot.id), "flags": 1}
        shown = self.world.channel_json(thread)
        shown["member"] = member | {"join_timestamp": shown["thread_metadata"]["create_timestamp"]}
        self._tell(thread, "THREAD_CREATE", shown | {"newly_created": True}, GUILDS)
        return shown

    async def _join_thread(self, request: Request) -> None:
        self._find_channel(request)

    # Messages

    async def _get_messages(self, request: Request) -> list[Json]:
        channel = self._find_channel(request)
        self._require(channel, "read_message_history")
        found = list(channel.messages)
        limit = int(request.query.get("limit", 50))
        if "before" in request.query:
            found = [one for one in found if one.id < int(request.query["before"])]
        if "after" in request.query:
            found = [one for one in found if one.id > int(request.query["after"])][:limit]
        # Newest first, and the newest ones unless `after` asks for what follows.
        return [self.world.message_json(one) for one in reversed(found[-limit:])]

    async def _get_message(self, request: Request) -> Json:
        self._require(self._find_channel(request), "read_message_history")
        return self.world.message_json(self._find_message(request))

    async def _post_message(self, request: Request) -> Json:
        channel = self._find_channel(request)
        self._require(channel, "send_messages_in_threads" if channel.parent else "send_messages")
        if request.json.get("embeds"):
            self._require(channel, "embed_links")
        if request.files:
            self._require(channel, "attach_files")
        if any(not user.accepts_direct_messages for user in channel.recipients):
            raise DiscordError(403, 50007, "Cannot send messages to this user")
        if request.json.get("enforce_nonce"):
            for sent in channel.messages:
                if sent.author is self.world.bot and sent.nonce == request.json["nonce"]:
                    return self.world.message_json(sent)
        reference = request.json.get("message_reference")
        if reference and reference.get("fail_if_not_exists", True):
            answered = self.world.messages.get(int(reference["message_id"]))
            if answered is None or answered.deleted:
                message = "Unknown message"
                refuse([Violation("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", message)])
        return self.world.message_json(self._create(channel, request.json, request.files))

    async def _patch_message(self, request: Request) -> Json:
        message = self._find_message(request)
        if message.author is not self.world.bot:
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        if message.channel.archived:
            raise DiscordError(400, 50083, "Thread is archived")
        self._edit(message, request.json, request.files)
        return self.world.message_json(message)

    async def _delete_message(self, request: Request) -> None:
        message = self._find_message(request)
        if message.author is not self.world.bot:
            self._require(message.channel, "manage_messages")
        self.delete(message)

    async def _put_reaction(self, request: Request) -> None:
        message = self._find_message(request)
        self._require(message.channel, "add_reactions")
        self.react(message, request.parts["emoji"], self.world.bot)

    async def _delete_reaction(self, request: Request) -> None:
        message, emoji = self._find_message(request), request.parts["emoji"]
        if self.world.bot in message.reactions.get(emoji, []):
            message.reactions[emoji].remove(self.world.bot)
            self._tell_reaction("MESSAGE_REACTION_REMOVE", message, emoji, self.world.bot)

    # Interactions

    async def _callback(self, request: Request) -> Json | None:
        interaction = self._find_interaction(request.parts["token"])
        known = interaction is not None and str(interaction.id) == request.parts["interaction"]
        if interaction is None or not known:
            raise DiscordError(404, 10062, "Unknown interaction")
        if interaction.acknowledgement:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        delay = request.time - interaction.sent_at
        if interaction.expired or delay > self.interaction_deadline:
            raise DiscordError(404, 10062, "Unknown interaction")
        kind, data = request.json["type"], request.json.get("data") or {}
        self._check_callback(interaction, kind, data, request.files)
        interaction.acknowledgement = Acknowledgement(kind, data, delay)
        if kind == MESSAGE:
            self._create(interaction.channel, data, request.files, interaction)
        elif kind == DEFERRED_MESSAGE:
            interaction.awaits_edit = True
            waiting = {"flags": LOADING | data.get("flags", 0) & EPHEMERAL}
            self._create(interaction.channel, waiting, [], interaction)
        elif kind in (DEFERRED_UPDATE, UPDATE):
            interaction.original = interaction.source
            interaction.awaits_edit = kind == DEFERRED_UPDATE
            if kind == UPDATE and interaction.source:
                self._edit(interaction.source, data, request.files)
        if request.query.get("with_response") not in ("1", "true"):
            return None
        shown: Json = {"id": str(interaction.id), "type": interaction.kind}
        reply: Json = {"interaction": shown, "resource": {"type": kind}}
        if interaction.original and kind != DEFERRED_UPDATE:
            original = interaction.original
            shown["response_message_id"] = str(original.id)
            shown["response_message_loading"] = original.loading
            shown["response_message_ephemeral"] = original.ephemeral
            reply["resource"]["message"] = self.world.message_json(original, readable=True)
        return reply

    def _check_callback(self, interaction: Interaction, kind: int, data: Json, files: list[Attachment]) -> None:
        allowed = {MESSAGE, DEFERRED_MESSAGE, MODAL}
        if interaction.kind == AUTOCOMPLETE:
            allowed = {CHOICES}
        elif interaction.kind == MODAL_SUBMIT:
            allowed = {MESSAGE, DEFERRED_MESSAGE}
        if interaction.source:
            allowed |= {DEFERRED_UPDATE, UPDATE}
        if kind not in allowed:
            refuse([Violation("type", "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")])
        if kind == MESSAGE:
            self._check_message(data, files, "data.")
        elif kind == CHOICES:
            refuse(choice_violations(data["choices"]))
        elif kind == MODAL:
            refuse(modal_violations(data))

    async def _post_followup(self, request: Request) -> Json:
        interaction = self._answered(request)
        original = interaction.original
        if original and original.loading:
            # Discord lets the first follow-up take the place of the "is thinking" message.
            self._edit(original, request.json, request.files, interaction)
            return self.world.message_json(original, readable=True)
        message = self._create(interaction.channel, request.json, request.files, interaction)
        return self.world.message_json(message, readable=True)

    async def _get_answer(self, request: Request) -> Json:
        return self.world.message_json(self._find_answer(request), readable=True)

    async def _patch_answer(self, request: Request) -> Json:
        message = self._find_answer(request)
        self._edit(message, request.json, request.files, self._answered(request))
        return self.world.message_json(message, readable=True)

    async def _delete_answer(self, request: Request) -> None:
        self.delete(self._find_answer(request))

    def _find_interaction(self, token: str) -> Interaction | None:
        return next((one for one in self.world.interactions if one.token == token), None)

    def _answered(self, request: Request) -> Interaction:
        """The acknowledged interaction of a webhook request; before its acknowledgement the webhook does not exist."""
        interaction = self._find_interaction(request.parts["token"])
        if interaction is None or interaction.acknowledgement is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        if interaction.expired:
            raise DiscordError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _find_answer(self, request: Request) -> Message:
        interaction, asked = self._answered(request), request.parts["message"]
        known = [interaction.original, *interaction.followups]
        for message in known:
            wanted = message is interaction.original if asked == "@original" else message and str(message.id) == asked
            if message and wanted and not message.deleted:
                return message
        raise DiscordError(404, 10008, "Unknown Message")

    # What requests and test helpers share

    def delete(self, message: Message) -> None:
        """Delete a message and tell the bot."""
        self.world.delete_message(message)
        shown = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if not message.ephemeral:
            self._tell(message.channel, "MESSAGE_DELETE", shown, GUILD_MESSAGES, DIRECT_MESSAGES)

    def react(self, message: Message, emoji: str, user: User) -> None:
        """Add a reaction and tell the bot; a second time changes nothing."""
        users = message.reactions.setdefault(emoji, [])
        if user not in users:
            users.append(user)
            self._tell_reaction("MESSAGE_REACTION_ADD", message, emoji, user)

    def tell_message(self, event: str, message: Message, *, times: int = 1, delay: float = 0.0) -> None:
        """Send a message event, unless the bot cannot see the message."""
        if not message.ephemeral:
            shown = self.world.event_json(message)
            self._tell(message.channel, event, shown, GUILD_MESSAGES, DIRECT_MESSAGES, times=times, delay=delay)

    def _tell_reaction(self, event: str, message: Message, emoji: str, user: User) -> None:
        shown: Json = {"message_id": str(message.id), "channel_id": str(message.channel.id), "user_id": str(user.id)}
        shown |= {"emoji": emoji_json(emoji), "message_author_id": str(message.author.id), "burst": False, "type": 0}
        if message.channel.guild and event.endswith("ADD"):
            shown["member"] = self.world.member_json(message.channel.guild, user)
        self._tell(message.channel, event, shown, GUILD_REACTIONS, DIRECT_REACTIONS)

    def _tell(
        self, channel: Channel, event: str, data: Json, guild_intent: int, direct_intent: int = 0, **when: Any
    ) -> None:
        if not self.world.reaches_bot(channel):
            return
        if channel.guild is None:
            self.gateway.dispatch(event, data, intent=direct_intent, **when)
        else:
            data = {**data, "guild_id": str(channel.guild.id)}
            self.gateway.dispatch(event, data, guild_id=channel.guild.id, intent=guild_intent, **when)

    def _create(
        self, channel: Channel, payload: Json, files: list[Attachment], interaction: Interaction | None = None
    ) -> Message:
        if not payload.get("flags", 0) & LOADING:
            self._check_message(payload, files)
        message = self.world.create_message(channel, self.world.bot, payload, files, interaction=interaction)
        if interaction and interaction.original:
            interaction.followups.append(message)
        elif interaction:
            interaction.original = message
        self.tell_message("MESSAGE_CREATE", message)
        return message

    def _edit(
        self, message: Message, payload: Json, files: list[Attachment], interaction: Interaction | None = None
    ) -> None:
        kept = [self.world.attachment_json(one) for one in message.attachments]
        before: Json = {"content": message.content, "embeds": message.embeds, "components": message.components}
        merged = before | {"attachments": kept} | payload
        merged["flags"] = message.flags | (payload.get("flags") or 0)
        self._check_message(merged, files)
        self.world.edit_message(message, payload, files)
        if interaction and message is interaction.original:
            interaction.awaits_edit = False
        self.tell_message("MESSAGE_UPDATE", message)

    def _check_message(self, payload: Json, files: list[Attachment], prefix: str = "") -> None:
        broken = [Violation(prefix + one.path, one.code, one.message) for one in message_violations(payload)]
        refuse(broken)
        if any(len(file.content) > 10 * 1024 * 1024 for file in files):
            raise DiscordError(413, 40005, "Request entity too large")
        parts = ("embeds", "components", "attachments", "sticker_ids", "poll")
        if not (payload.get("content") or "").strip() and not files and not any(payload.get(part) for part in parts):
            raise DiscordError(400, 50006, "Cannot send an empty message")
        if payload.get("flags", 0) & COMPONENTS_V2 and not payload.get("components"):
            raise DiscordError(400, 50006, "Cannot send an empty message")

    def _require(self, channel: Channel, permission: str) -> None:
        if not self.world.permissions(self.world.bot, channel) & bits(permission):
            raise DiscordError(403, 50013, "Missing Permissions")

    def _find_guild(self, request: Request) -> Guild:
        guild = self.world.guilds.get(_number(request.parts["guild"]))
        if guild is None or not guild.joined:
            raise DiscordError(404, 10004, "Unknown Guild")
        return guild

    def _find_channel(self, request: Request) -> Channel:
        channel = self.world.channels.get(_number(request.parts["channel"]))
        if channel is None:
            raise DiscordError(404, 10003, "Unknown Channel")
        if not self.world.reaches_bot(channel):
            raise DiscordError(403, 50001, "Missing Access")
        return channel

    def _find_message(self, request: Request) -> Message:
        message = self.world.find_message(self._find_channel(request), request.parts["message"])
        if message is None or message.ephemeral:
            raise DiscordError(404, 10008, "Unknown Message")
        return message


def _number(text: str) -> int:
    """A path's id; 0, which nothing has, when it is not a number."""
    return int(text) if text.isdecimal() else 0


def _cut(raw: web.Request) -> web.Response:
    """End the connection; what is returned reaches nobody."""
    if raw.transport is not None:
        raw.transport.abort()
    return web.Response()
