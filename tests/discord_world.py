"""Everything that exists on the loopback Discord, and the JSON in which Discord shows it to the bot; no sockets."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord_limits import COMPONENTS_V2, LOADING, TEXT, Json, walk
from discord_things import (
    COMMAND,
    COMPONENT,
    DIRECT,
    DISCORD_EPOCH,
    EVERYONE_MAY,
    GROUP,
    IN_BOT_DM,
    IN_GUILD,
    IN_PRIVATE_CHANNEL,
    MESSAGE_CONTENT,
    Attachment,
    Changes,
    Channel,
    Guild,
    Interaction,
    Message,
    Role,
    User,
    bits,
    emoji_json,
    now,
)


class World:
    """Everything there is, and how the one bot sees it."""

    def __init__(self) -> None:
        self._last_id = 0
        self.changes = Changes()
        self.cdn = ""  # where attachments are served, once the server runs
        self.installs = (0, 1)  # who may install the application: guilds (0), users (1)
        self.intents = 0  # of the latest IDENTIFY
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.files: dict[str, Attachment] = {}  # by id, as the CDN serves them
        self.interactions: list[Interaction] = []
        self.bot = self.add_user("newsdesk", bot=True)
        self.application_id = self.bot.id  # as for every application made since 2016

    # What there is

    def new_id(self) -> int:
        """A snowflake of the present time, larger than every one before."""
        self._last_id = max(self._last_id + 1, int(time.time() * 1000) - DISCORD_EPOCH << 22)
        return self._last_id

    def add_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        user = User(self.new_id(), name, bot, locale)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, joined: bool = True) -> Guild:
        owner = self.add_user(f"{name.lower()} owner")
        guild = Guild(self.new_id(), name, owner, joined)
        guild.roles.append(Role(guild.id, "@everyone", bits(*EVERYONE_MAY)))
        guild.members[owner] = []
        if joined:
            guild.members[self.bot] = []
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels.append(channel)
        return channel

    def upload(self, file: Attachment) -> None:
        """Give a file its id, under which it can be downloaded."""
        file.id = file.id or self.new_id()
        self.files[str(file.id)] = file

    def direct_channel(self, user: User) -> Channel:
        """The bot's conversation with `user`, opened if there is none."""
        for channel in self.channels.values():
            if channel.kind == DIRECT and set(channel.recipients) == {user, self.bot}:
                return channel
        return self.add_channel(Channel(self.new_id(), "", DIRECT, recipients=[user, self.bot]))

    def permissions(self, user: User, channel: Channel) -> int:
        """Permission bits of `user` in `channel`, overwrites included; all bits for owners and administrators."""
        place = channel.parent or channel
        guild = channel.guild
        if guild is None:
            return bits(*EVERYONE_MAY)
        granted = guild.roles[0].permissions
        for role in guild.members.get(user, []):
            granted |= role.permissions
        if user is guild.owner or granted & bits("administrator"):
            return discord.Permissions.all().value
        granted &= ~place.denied_to_everyone
        return granted & ~place.denied_to_bot if user is self.bot else granted

    def reaches_bot(self, channel: Channel) -> bool:
        """Whether the bot is in `channel` itself, rather than called there by somebody who installed it."""
        if channel.guild:
            return channel.guild.joined and bool(self.permissions(self.bot, channel) & bits("view_channel"))
        return self.bot in channel.recipients

    def readable(self, message: Message) -> bool:
        """Whether Discord shows the bot what a message says, which the Message Content intent decides."""
        own = message.author is self.bot or self.bot in message.pinged
        return bool(self.intents & MESSAGE_CONTENT) or message.channel.guild is None or own

    # What happens to messages

    def create_message(
        self, channel: Channel, author: User, payload: Json, files: Sequence[Attachment] = (), **known: Any
    ) -> Message:
        """A new message from the payload of a request; ephemeral ones stay out of the channel's history."""
        message = Message(self.new_id(), channel, author, **known)
        message.flags |= payload.get("flags") or 0
        message.nonce = payload.get("nonce")
        reference = payload.get("message_reference")
        if reference and reference.get("type", 0) == 0:
            message.reply_to = self.messages.get(int(reference["message_id"]))
        self._write(message, payload, files)
        self.messages[message.id] = message
        if not message.ephemeral:
            channel.messages.append(message)
        return message

    def edit_message(self, message: Message, payload: Json, files: Sequence[Attachment] = ()) -> None:
        """Apply an edit; what a payload does not name stays as it was."""
        if not message.loading:
            message.versions.append(message.text)
            message.edited_at = now()
        message.flags = message.flags & ~LOADING | (payload.get("flags") or 0) & COMPONENTS_V2
        self._write(message, payload, files)

    def delete_message(self, message: Message) -> None:
        message.deleted = True
        if message in message.channel.messages:
            message.channel.messages.remove(message)

    def find_message(self, channel: Channel, message_id: str) -> Message | None:
        message = self.messages.get(int(message_id)) if message_id.isdecimal() else None
        return message if message and message.channel is channel and not message.deleted else None

    def _write(self, message: Message, payload: Json, files: Sequence[Attachment]) -> None:
        message.content = (payload.get("content") or "").strip() if "content" in payload else message.content
        message.embeds = copy.deepcopy(payload["embeds"] or []) if "embeds" in payload else message.embeds
        if "components" in payload:
            message.components = copy.deepcopy(payload["components"] or [])
            for number, component in enumerate(walk(message.components), start=1):
                component.setdefault("id", number)
        if payload.get("attachments") is not None:
            kept = {str(entry["id"]) for entry in payload["attachments"]}
            message.attachments = [one for one in message.attachments if str(one.id) in kept]
        for file in files:
            self.upload(file)
            message.attachments.append(file)
        if message.author.bot or "content" in payload:
            self._ping(message, payload.get("allowed_mentions"))

    def _ping(self, message: Message, allowed: Json | None) -> None:
        """Work out whom a message notifies: embeds never do, allowed_mentions narrows the rest."""
        displays = [one["content"] for one in walk(message.components) if one["type"] == TEXT]
        text = "\n".join([message.content, *displays])
        users = [int(found) for found in re.findall(r"<@!?(\d+)>", text)]
        roles = [int(found) for found in re.findall(r"<@&(\d+)>", text)]
        everyone = "@everyone" in text or "@here" in text
        replied = True
        if allowed is not None:
            parse = allowed.get("parse") or []
            named = {kind: {int(one) for one in allowed.get(kind) or []} for kind in ("users", "roles")}
            users = [one for one in users if "users" in parse or one in named["users"]]
            roles = [one for one in roles if "roles" in parse or one in named["roles"]]
            everyone = everyone and "everyone" in parse
            replied = bool(allowed.get("replied_user"))
        message.pinged = [self.users[one] for one in dict.fromkeys(users) if one in self.users]
        message.pinged_roles, message.pings_everyone = roles, everyone
        if message.reply_to and replied and message.reply_to.author not in message.pinged:
            message.pinged.append(message.reply_to.author)

    # How Discord shows it

    def application_json(self) -> Json:
        fields = {"name": "Newsdesk", "description": "", "icon": None, "bot_public": True, "verify_key": "0" * 64}
        installs: Json = {str(kind): {} for kind in self.installs}
        owner = next(iter(self.guilds.values())).owner if self.guilds else self.bot
        more = {"bot_require_code_grant": False, "owner": owner.json(), "integration_types_config": installs}
        return {"id": str(self.application_id), "flags": 0, **fields, **more}

    def role_json(self, role: Role, position: int) -> Json:
        shown = {"color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
        colors = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
        return {
            "id": str(role.id), "name": role.name, "permissions": str(role.permissions), "position": position,
            "colors": colors, **shown,
        }  # fmt: skip

    def member_json(self, guild: Guild, user: User, channel: Channel | None = None) -> Json:
        """A guild member; with the computed permissions in `channel` as interactions show it."""
        member: Json = {
            "user": user.json(), "nick": None, "avatar": None, "joined_at": "2024-01-01T00:00:00+00:00", "flags": 0,
            "roles": [str(role.id) for role in guild.members.get(user, [])], "deaf": False, "mute": False,
            "pending": False, "premium_since": None, "communication_disabled_until": None,
        }  # fmt: skip
        if channel:
            member["permissions"] = str(self.permissions(user, channel))
        return member

    def guild_json(self, guild: Guild) -> Json:
        """A guild as REST shows it."""
        return {
            "id": str(guild.id), "name": guild.name, "owner_id": str(guild.owner.id), "icon": None, "splash": None,
            "discovery_splash": None, "banner": None, "description": None, "features": [], "emojis": [],
            "stickers": [], "afk_channel_id": None, "afk_timeout": 300, "system_channel_id": None,
            "system_channel_flags": 0, "rules_channel_id": None, "public_updates_channel_id": None,
            "safety_alerts_channel_id": None, "verification_level": 1, "default_message_notifications": 1,
            "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0, "premium_tier": 0,
            "premium_progress_bar_enabled": False, "preferred_locale": guild.locale, "vanity_url_code": None,
            "roles": [self.role_json(role, position) for position, role in enumerate(guild.roles)],
        }  # fmt: skip

    def guild_create_json(self, guild: Guild) -> Json:
        """A guild as GUILD_CREATE shows it: with its channels, threads and members."""
        threads = [one for one in guild.channels if one.parent]
        return self.guild_json(guild) | {
            "joined_at": "2024-01-01T00:00:00+00:00", "large": False,
            "member_count": len(guild.members), "voice_states": [], "presences": [], "stage_instances": [],
            "guild_scheduled_events": [], "soundboard_sounds": [],
            "channels": [self.channel_json(one) for one in guild.channels if not one.parent],
            "threads": [self.channel_json(one) for one in threads if not one.archived and self.reaches_bot(one)],
            "members": [self.member_json(guild, user) for user in guild.members],
        }  # fmt: skip

    def channel_json(self, channel: Channel, viewer: User | None = None) -> Json:
        """A channel or thread; with the computed permissions of `viewer` as interactions show it."""
        last = str(channel.messages[-1].id) if channel.messages else None
        shown: Json = {"id": str(channel.id), "type": channel.kind, "last_message_id": last, "flags": 0}
        if channel.guild is None:
            others = [user.json() for user in channel.recipients if user is not self.bot]
            return shown | {"recipients": others} | ({"name": None, "icon": None} if channel.kind == GROUP else {})
        shown |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0}
        if viewer:
            shown["permissions"] = str(self.permissions(viewer, channel))
        if channel.parent:
            state: Json = {"archived": channel.archived, "locked": False, "auto_archive_duration": 1440}
            state |= {"archive_timestamp": now(), "create_timestamp": now()}
            owner = str((channel.owner or self.bot).id)
            count = len(channel.messages)
            return shown | {
                "parent_id": str(channel.parent.id), "owner_id": owner, "thread_metadata": state,
                "message_count": count, "total_message_sent": count, "member_count": 1,
            }  # fmt: skip
        everyone = {"id": str(channel.guild.id), "type": 0, "allow": "0", "deny": str(channel.denied_to_everyone)}
        bot = {"id": str(self.bot.id), "type": 1, "allow": "0", "deny": str(channel.denied_to_bot)}
        place = {"position": channel.guild.channels.index(channel), "parent_id": None}
        return shown | place | {"topic": channel.topic, "nsfw": channel.nsfw, "permission_overwrites": [everyone, bot]}

    def attachment_json(self, attachment: Attachment) -> Json:
        url = f"{self.cdn}/{attachment.id}/{attachment.filename}"
        size = len(attachment.content)
        shown: Json = {"id": str(attachment.id), "filename": attachment.filename, "size": size}
        shown |= {"url": url, "proxy_url": url, "content_type": attachment.content_type}
        return shown | ({"description": attachment.description} if attachment.description else {})

    def message_json(self, message: Message, *, nested: bool = False, readable: bool = False) -> Json:
        """A message as the bot sees it; `readable` shows its text whatever the intents, as interactions do."""
        clear = readable or self.readable(message)
        shown: Json = {
            "id": str(message.id), "channel_id": str(message.channel.id), "author": message.author.json(),
            "content": message.content if clear else "",
            "embeds": [{"type": "rich", **embed} for embed in message.embeds] if clear else [],
            "attachments": [self.attachment_json(one) for one in message.attachments] if clear else [],
            "components": message.components if clear else [],
            "timestamp": discord.utils.snowflake_time(message.id).isoformat(), "edited_timestamp": message.edited_at,
            "tts": False, "pinned": False, "flags": message.flags, "type": 0,
            "mention_everyone": message.pings_everyone, "mention_roles": [str(one) for one in message.pinged_roles],
            "mentions": [user.json() for user in message.pinged],
        }  # fmt: skip
        if message.nonce:
            shown["nonce"] = message.nonce
        if message.reactions:
            shown["reactions"] = [self._reaction_json(emoji, who) for emoji, who in message.reactions.items()]
        if message.thread:
            shown["thread"] = self.channel_json(message.thread)
        if message.reply_to:
            reference: Json = {"type": 0, "message_id": str(message.reply_to.id), "channel_id": str(message.channel.id)}
            if message.channel.guild:
                reference["guild_id"] = str(message.channel.guild.id)
            shown |= {"type": 19, "message_reference": reference}
            if not nested:
                gone = message.reply_to.deleted
                shown["referenced_message"] = None if gone else self.message_json(message.reply_to, nested=True)
        if message.interaction:
            shown |= self._interaction_fields(message, message.interaction)
        return shown

    def event_json(self, message: Message) -> Json:
        """A message as MESSAGE_CREATE and MESSAGE_UPDATE show it: with its guild and its author's membership."""
        guild = message.channel.guild
        if guild is None:
            return self.message_json(message)
        member = {key: value for key, value in self.member_json(guild, message.author).items() if key != "user"}
        return self.message_json(message) | {"guild_id": str(guild.id), "member": member}

    def _reaction_json(self, emoji: str, users: list[User]) -> Json:
        mine = self.bot in users
        details = {"burst": 0, "normal": len(users)}
        shown: Json = {"emoji": emoji_json(emoji), "count": len(users), "me": mine}
        return shown | {"count_details": details, "me_burst": False, "burst_colors": []}

    def _interaction_fields(self, message: Message, interaction: Interaction) -> Json:
        metadata = self._metadata_json(interaction)
        if interaction.original and interaction.original is not message:
            metadata["original_response_message_id"] = str(interaction.original.id)
        application = str(self.application_id)
        shown: Json = {"application_id": application, "webhook_id": application, "interaction_metadata": metadata}
        if interaction.kind == COMMAND and interaction.original is message:
            kind = 23 if interaction.target else 20
            legacy = {"id": str(interaction.id), "type": COMMAND, "name": interaction.name}
            shown |= {"type": kind, "interaction": legacy | {"user": interaction.user.json()}}
        return shown

    def _metadata_json(self, interaction: Interaction) -> Json:
        metadata: Json = {"id": str(interaction.id), "type": interaction.kind, "user": interaction.user.json()}
        metadata["authorizing_integration_owners"] = interaction.owners
        if interaction.source and interaction.kind == COMPONENT:
            metadata["interacted_message_id"] = str(interaction.source.id)
        if isinstance(interaction.target, Message):
            metadata["target_message_id"] = str(interaction.target.id)
        elif interaction.target:
            metadata["target_user"] = interaction.target.json()
        if interaction.opened_by:
            metadata["triggering_interaction_metadata"] = self._metadata_json(interaction.opened_by)
        return metadata

    def interaction_json(self, interaction: Interaction, data: Json) -> Json:
        """INTERACTION_CREATE's data: who asks, from where, and under whose installation."""
        guild, channel = interaction.channel.guild, interaction.channel
        shown: Json = {
            "id": str(interaction.id), "application_id": str(self.application_id), "type": interaction.kind,
            "token": interaction.token, "version": 1, "data": data, "channel_id": str(channel.id),
            "channel": self.channel_json(channel, interaction.user), "locale": interaction.user.locale,
            "app_permissions": str(self.permissions(self.bot, channel)), "entitlements": [],
            "entitlement_sku_ids": [], "authorizing_integration_owners": interaction.owners,
            "context": self.context(channel), "attachment_size_limit": 10 * 1024 * 1024,
        }  # fmt: skip
        if guild:
            partial = {"id": str(guild.id), "locale": guild.locale, "features": []}
            shown |= {"guild_id": str(guild.id), "guild": partial, "guild_locale": guild.locale}
            shown["member"] = self.member_json(guild, interaction.user, channel)
        else:
            shown["user"] = interaction.user.json()
        if interaction.source:
            shown["message"] = self.message_json(interaction.source, readable=True)
        return shown

    def context(self, channel: Channel) -> int:
        """0 in a guild, 1 in the bot's direct messages, 2 in other people's."""
        if channel.guild:
            return IN_GUILD
        return IN_BOT_DM if self.bot in channel.recipients else IN_PRIVATE_CHANNEL

    def bot_guilds(self) -> Iterator[Guild]:
        return (guild for guild in self.guilds.values() if guild.joined)
