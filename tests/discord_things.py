"""The things there are on the loopback Discord: users, guilds, channels, messages, interactions.

Small mutable dataclasses, most of them made by discord_world and read by tests.
"""
# ruff: noqa: ASYNC109  (a test's timeout is an assertion of its own, not a cancellation scope)

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import discord
from discord_limits import BUTTON, EPHEMERAL, LOADING, TEXT, Json, walk

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds until what was to come is taken to come no more: a limit for a busy machine, not what it should take."""
DISCORD_EPOCH = 1_420_070_400_000  # milliseconds; 2015-01-01, where snowflakes begin
MESSAGE_CONTENT = 1 << 15  # the privileged intent

TEXT_CHANNEL, DIRECT, GROUP, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 3, 11, 12
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5  # interaction types
IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL = 0, 1, 2  # interaction contexts

EVERYONE_MAY = (
    "view_channel", "send_messages", "embed_links", "attach_files", "read_message_history", "add_reactions",
    "use_application_commands", "create_public_threads", "send_messages_in_threads",
)  # fmt: skip


def bits(*names: str) -> int:
    """Permission bits of discord.py's names for them; 0 for none."""
    total = 0
    for name in names:
        total |= discord.Permissions.VALID_FLAGS[name]
    return total


def now() -> str:
    """The time as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(eq=False)
class User:
    """An account; `accepts_direct_messages` False makes Discord refuse the bot's messages to it with 50007."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    accepts_direct_messages: bool = True

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def json(self) -> Json:
        plain = {"avatar": None, "discriminator": "0", "public_flags": 0}
        return {"id": str(self.id), "username": self.name, "global_name": None, "bot": self.bot, **plain}


@dataclass(eq=False)
class Role:
    """A guild's role; `permissions` are its bits."""

    id: int
    name: str
    permissions: int


@dataclass(eq=False)
class Guild:
    """A server; unless `joined`, the bot is there only for people who installed it themselves."""

    id: int
    name: str
    owner: User
    joined: bool
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list, repr=False)
    members: dict[User, list[Role]] = field(default_factory=dict, repr=False)
    channels: list[Channel] = field(default_factory=list, repr=False)


@dataclass(eq=False)
class Channel:
    """A guild channel, a thread (with its `parent`) or, without guild, a conversation of its `recipients`."""

    id: int
    name: str
    kind: int
    guild: Guild | None = field(default=None, repr=False)
    recipients: list[User] = field(default_factory=list, repr=False)
    parent: Channel | None = field(default=None, repr=False)
    topic: str | None = None
    nsfw: bool = False
    denied_to_everyone: int = 0
    denied_to_bot: int = 0
    archived: bool = False
    owner: User | None = field(default=None, repr=False)
    messages: list[Message] = field(default_factory=list, repr=False)

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"


@dataclass(eq=False)
class Attachment:
    """A file on a message; `content` holds its bytes."""

    filename: str
    content: bytes = field(repr=False)
    description: str | None = None
    content_type: str = "application/octet-stream"
    id: int = 0


@dataclass(eq=False)
class Message:
    """One message as it stands now.

    `versions` holds the texts that edits replaced, oldest first; `pinged`, `pinged_roles` and `pings_everyone` say whom
    the text notifies once allowed_mentions is obeyed.
    """

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    reply_to: Message | None = field(default=None, repr=False)
    interaction: Interaction | None = field(default=None, repr=False)
    pinged: list[User] = field(default_factory=list)
    pinged_roles: list[int] = field(default_factory=list)
    pings_everyone: bool = False
    nonce: str | None = None
    edited_at: str | None = None
    versions: list[str] = field(default_factory=list)
    deleted: bool = False
    reactions: dict[str, list[User]] = field(default_factory=dict)
    thread: Channel | None = field(default=None, repr=False)

    @property
    def ephemeral(self) -> bool:
        """Whether only the member who interacted sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still reads "is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything a member reads, line by line: content, embeds, text displays; not the buttons."""
        lines: list[str | None] = [self.content]
        for embed in self.embeds:
            lines += [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
            for entry in embed.get("fields") or []:
                lines += [entry["name"], entry["value"]]
            lines.append((embed.get("footer") or {}).get("text"))
        lines += [one["content"] for one in walk(self.components) if one["type"] == TEXT]
        return "\n".join(line for line in lines if line)

    @property
    def buttons(self) -> list[Json]:
        """The buttons as sent, from left to right and top to bottom."""
        return [one for one in walk(self.components) if one["type"] == BUTTON]

    def button(self, label: str) -> str:
        """The custom_id of the button that reads `label`; LookupError names those there are."""
        for button in self.buttons:
            if button.get("label") == label:
                return str(button["custom_id"])
        raise LookupError(f"no button {label!r}; there are {[button.get('label') for button in self.buttons]}")


@dataclass(frozen=True)
class Acknowledgement:
    """The first answer to an interaction: its callback type, its data and its delay since the dispatch in seconds."""

    kind: int
    data: Json
    delay: float


@dataclass(eq=False)
class Interaction:
    """One interaction and all that the bot answered to it."""

    id: int
    token: str = field(repr=False)
    kind: int
    name: str
    user: User
    channel: Channel
    owners: dict[str, str]
    changes: Changes = field(repr=False)
    source: Message | None = None  # the message whose component was used
    target: Message | User | None = None  # of a context menu
    opened_by: Interaction | None = None  # whose modal this submits
    sent_at: float = 0.0
    acknowledgement: Acknowledgement | None = None
    original: Message | None = None
    awaits_edit: bool = False
    followups: list[Message] = field(default_factory=list)
    expired: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether the answer shows to the member alone."""
        return self.original is not None and self.original.ephemeral

    @property
    def modal(self) -> Json | None:
        """The modal that the bot opened."""
        return self.acknowledgement.data if self.acknowledgement and self.acknowledgement.kind == 9 else None

    @property
    def choices(self) -> list[Json] | None:
        """The autocomplete choices that the bot offered."""
        return self.acknowledgement.data["choices"] if self.acknowledgement and self.acknowledgement.kind == 8 else None

    def expire(self) -> None:
        """Let its token's 15 minutes be over: every later use of it is refused with 50027."""
        self.expired = True

    async def acknowledged(self, timeout: float = 3.0) -> Acknowledgement:
        """The bot's first answer; TimeoutError after `timeout` seconds without one."""
        return await self.changes.until(lambda: self.acknowledgement, timeout, f"{self.name!r} acknowledged")

    async def response(self, timeout: float = PATIENCE) -> Message:
        """The message that answers: at once for a message, after its first edit for a deferred one.

        It goes on changing as the bot edits it. LookupError if the answer is no message, TimeoutError if there is none.
        """

        def answered() -> Message | None:
            if self.modal is not None or self.choices is not None:
                raise LookupError(f"{self.name!r} was answered with a modal or choices, not with a message")
            return None if self.awaits_edit else self.original

        return await self.changes.until(answered, timeout, f"a message answering {self.name!r}")

    async def followup(self, count: int = 1, timeout: float = PATIENCE) -> Message:
        """The follow-up message number `count`, which starts at 1."""

        def followed() -> Message | None:
            return self.followups[count - 1] if len(self.followups) >= count else None

        return await self.changes.until(followed, timeout, f"follow-up {count} of {self.name!r}")


class Changes:
    """Wakes whoever waits for something in the world to become true."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def notify(self) -> None:
        """Let everybody who waits look again."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, look: Callable[[], T | None], timeout: float, subject: str) -> T:
        """The first value of `look` that is not None; TimeoutError names the `subject` that never came."""
        deadline = time.monotonic() + timeout
        while (found := look()) is None:
            try:
                await asyncio.wait_for(self._next.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise TimeoutError(f"waited {timeout} s for {subject}") from None
        return found


def new_token() -> str:
    """An interaction token: long, opaque, safe in a URL."""
    return secrets.token_urlsafe(96)


def emoji_json(emoji: str) -> Json:
    """`name:id` for a custom emoji, the character itself for any other."""
    name, _, number = emoji.partition(":")
    return {"id": number, "name": name} if number else {"id": None, "name": emoji}
