"""``/privacy show|export|delete``: what is kept about a member, for that member's eyes alone."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot.commands.parts import ANYBODY, EVERYWHERE, Make, Parts, Shown
from bot.journal_privacy import Kept
from bot.markdown import link, stamp
from bot.render import Button, Message, notice
from bot.texts import Texts
from corpus.errors import NewsdeskError

log = logging.getLogger(__name__)

SPARE = 64 * 1024
"""Bytes of a message beside its file."""
RETRY_SECONDS = 60.0
"""After which words that could not be forgotten are tried again."""


class MembersRights:
    """The commands, and the events that mean forgetting: deleted messages and channels, guilds left.

    Args:
        retention_days: how long words and keys of members are kept.
        privacy_url: the operator's privacy text, None where there is none.
    """

    def __init__(self, parts: Parts, retention_days: int, privacy_url: str | None) -> None:
        self._parts = parts
        self._days = retention_days
        self._url = link(privacy_url)
        self._messages: set[int] = set()
        self._channels: set[int] = set()
        self._forgetting = False

    def add(self) -> None:
        """Give the client the commands and the handlers."""
        _words = self._parts.words
        group = app_commands.Group(
            name=_words("command-privacy-name"),
            description=_words("command-privacy-description"),
            allowed_contexts=EVERYWHERE,
            allowed_installs=ANYBODY,
        )
        for name, description, make in (
            (_words("command-privacy-show-name"), _words("command-privacy-show-description"), self._show),
            (_words("command-privacy-export-name"), _words("command-privacy-export-description"), self._export),
            (_words("command-privacy-delete-name"), _words("command-privacy-delete-description"), self._ask_delete),
        ):
            group.add_command(self._command(name, description, make))
        client = self._parts.client
        client.tree.add_command(group)
        client.newsdesk.presses["forget"] = self._delete
        client.event(self.on_raw_message_delete)
        client.event(self.on_raw_bulk_message_delete)
        client.event(self.on_guild_channel_delete)
        client.event(self.on_raw_thread_delete)
        client.event(self.on_guild_remove)
        client.event(self.on_guild_join)

    def _command(
        self,
        name: app_commands.locale_str,
        description: app_commands.locale_str,
        make: Callable[[discord.Interaction[Any], Texts], Make],
    ) -> app_commands.Command[Any, ..., None]:
        async def run(interaction: discord.Interaction) -> None:
            await self._parts.privately(interaction, lambda texts: make(interaction, texts))

        return app_commands.Command(name=name, description=description, callback=run)

    def _key(self, interaction: discord.Interaction[Any]) -> str:
        return self._parts.key(interaction.user.id)

    def _show(self, interaction: discord.Interaction[Any], texts: Texts) -> Make:
        key = self._key(interaction)

        async def make() -> Message | Shown:
            kept = await self._parts.worker.run(lambda: self._parts.desk.privacy().kept(key))
            lines = [f"**{texts('privacy-title')}**", *_counts(kept, texts)]
            rules = [texts("privacy-rules", days=self._days), texts("privacy-key"), texts("privacy-how")]
            if self._url:
                rules.append(texts("privacy-link", url=f"<{self._url}>"))
            return Message(("\n".join(lines), "\n".join(rules)))

        return make

    def _export(self, interaction: discord.Interaction[Any], texts: Texts) -> Make:
        key = self._key(interaction)
        limit = max(interaction.filesize_limit - SPARE, SPARE)

        async def make() -> Message | Shown:
            found = await self._parts.worker.run(lambda: self._parts.desk.privacy().everything(key))
            now = datetime.now(UTC)
            whole = {"made": now.isoformat(timespec="seconds"), "retention_days": self._days, **found}
            name, content = await asyncio.to_thread(_file, whole, f"newsdesk-privacy-{now:%Y-%m-%d}.json", limit)
            view = discord.ui.LayoutView(timeout=None)
            view.add_item(discord.ui.TextDisplay(texts("privacy-export")))
            view.add_item(discord.ui.File(f"attachment://{name}"))
            view.stop()
            return Shown(view, (discord.File(io.BytesIO(content), name),))

        return make

    def _ask_delete(self, interaction: discord.Interaction[Any], texts: Texts) -> Make:
        key = self._key(interaction)

        async def make() -> Message | Shown:
            kept = await self._parts.worker.run(lambda: self._parts.desk.privacy().kept(key))
            lines = [f"**{texts('privacy-delete-title')}**", *_counts(kept, texts), texts("privacy-delete-what")]
            button = Button(texts("privacy-delete-button"), "forget", "")
            return Message(("\n".join(lines),), ((button,),))

        return make

    async def _delete(self, interaction: discord.Interaction[Any], argument: str) -> None:
        del argument
        key = self._key(interaction)

        def making(texts: Texts) -> Make:
            async def make() -> Message | Shown:
                now = datetime.now(UTC)
                # Not refused for a full queue: who wants to be forgotten is not asked to come again.
                await self._parts.worker.keep(lambda: self._parts.desk.privacy().delete(key, now=now))
                log.info("a member's data was deleted at their wish")
                return notice(texts("privacy-deleted"))

            return make

        await self._parts.turn(interaction, making)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Forget the words of the question that stood in a message."""
        await self._forget(messages=(payload.message_id,))

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """The same for many at once."""
        await self._forget(messages=payload.message_ids)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget the words of the questions in a channel: its messages are gone with it."""
        await self._forget(channels=(channel.id,))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """The same for a thread."""
        await self._forget(channels=(payload.thread_id,))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot was thrown out: the guild's settings go after the retention time."""
        now = datetime.now(UTC)
        await self._note(lambda: self._parts.desk.journal().departures.left(guild.id, now=now))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Strike that note."""
        await self._note(lambda: self._parts.desk.journal().departures.back(guild.id))

    async def _forget(self, messages: Collection[int] = (), channels: Collection[int] = ()) -> None:
        """Forget, and try again until it is done; what comes meanwhile is taken along."""
        self._messages |= set(messages)
        self._channels |= set(channels)
        if self._forgetting:
            return
        self._forgetting = True
        while self._messages or self._channels:
            gone, closed = frozenset(self._messages), frozenset(self._channels)
            try:
                await self._parts.worker.keep(self._forget_now, gone, closed)
            except NewsdeskError as error:
                log.error("words of deleted messages could not be forgotten yet: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._messages -= gone
                self._channels -= closed
        self._forgetting = False

    def _forget_now(self, messages: Collection[int], channels: Collection[int]) -> None:
        privacy = self._parts.desk.privacy()
        count = privacy.forget_messages(messages) if messages else 0
        count += privacy.forget_channels(channels) if channels else 0
        if count:
            log.info("forgot the words of %d questions with their messages", count)

    async def _note(self, work: Any) -> None:
        try:
            await self._parts.worker.keep(work)
        except NewsdeskError as error:  # compared again at the next start
            log.error("a guild that was joined or left could not be noted: %s", error)


def _counts(kept: Kept, texts: Texts) -> list[str]:
    """What is kept, a line each."""
    if kept.nothing:
        return [texts("privacy-nothing")]
    lines = []
    if kept.questions and kept.oldest:
        lines.append(texts("privacy-questions", count=kept.questions, oldest=stamp(kept.oldest, "D")))
    sentences = {
        "verdicts": lambda count: texts("privacy-verdicts", count=count, reasons=kept.reasons),
        "acts": lambda count: texts("privacy-acts", count=count),
        "notices": lambda count: texts("privacy-notices", count=count),
        "shown": lambda count: texts("privacy-shown", count=count),
        "follows": lambda count: texts("privacy-follows", count=count),
    }
    lines += [sentences[name](count) for name, count in kept.rows.items() if count]
    return [f"- {line}" for line in lines]


def _file(content: dict[str, Any], name: str, limit: int) -> tuple[str, bytes]:
    """Name and bytes of the file; compressed where it would not fit into a message."""
    plain = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return (name, plain) if len(plain) <= limit else (f"{name}.gz", gzip.compress(plain, mtime=0))
