"""Long exchanges move to a thread, where the channel's setting says so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord

from bot import markdown
from bot.client import NOT_SENT

if TYPE_CHECKING:
    from bot.commands.asking import Asked

log = logging.getLogger(__name__)

LONG = 3
"""The follow-up with which an exchange moves to a thread."""
THREAD_NAME = 90


async def opened(message: discord.Message, asked: Asked) -> discord.Thread | None:
    """The thread that a long exchange moves to, opened on ``message``; None where it stays in its channel.

    A permission that is missing is named in the log, before anything fails.
    """
    channel = message.channel
    if not isinstance(channel, discord.TextChannel) or channel.id not in asked.settings.threads:
        return None
    if asked.refusal is not None or asked.previous is None or asked.previous.depth + 1 < LONG:
        return None
    if missing := lacking(channel):
        log.warning("channel %d: the exchange stays, missing: %s", channel.id, ", ".join(missing))
        return None
    try:
        return await message.create_thread(name=markdown.cut(markdown.visible(asked.text), THREAD_NAME) or "…")
    except NOT_SENT as error:
        log.warning("channel %d: no thread could be opened: %s", channel.id, error)
        return None


def lacking(channel: discord.TextChannel) -> list[str]:
    """What the bot needs to open threads in a channel and has not, by the names of the permissions."""
    allowed = channel.permissions_for(channel.guild.me)
    needed = (
        (allowed.create_public_threads, "Create Public Threads"),
        (allowed.send_messages_in_threads, "Send Messages in Threads"),
    )
    return [name for granted, name in needed if not granted]


def thread_on(interaction: discord.Interaction[Any]) -> discord.Thread | None:
    """The thread on the message whose button was pressed, if the bot opened it and may write there."""
    message, guild, me = interaction.message, interaction.guild, interaction.client.user
    thread = guild.get_thread(message.id) if guild and message else None
    if thread is None or guild is None or me is None or thread.owner_id != me.id or thread.locked:
        return None
    if not thread.permissions_for(guild.me).send_messages_in_threads:
        log.warning("thread %d: the answer stands beside it, missing: Send Messages in Threads", thread.id)
        return None
    return thread
