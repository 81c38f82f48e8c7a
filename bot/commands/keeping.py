"""Messages that quote and are no answers, logged once they are sent, so that they can be corrected like answers."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import discord

from bot.desk import Desk
from bot.journal import Installation, Shown, new_ticket
from bot.records import Quoting
from bot.worker import StoppedError, Worker

log = logging.getLogger(__name__)


async def keep(
    worker: Worker,
    desk: Desk,
    interaction: discord.Interaction[Any],
    sent: discord.InteractionMessage,
    quoting: Quoting | None,
    *,
    installation: Installation,
    member: str,
    locale: str,
) -> None:
    """Log what a message quotes; nothing where it quotes nothing.

    Args:
        sent: the message as Discord has it.
        installation: through which the interaction came.
        member: the key of who sees it, or asked for it.
        locale: the language it is written in.
    """
    if quoting is None or not quoting.quotes:
        return
    brought = installation is Installation.USER and not interaction.context.dm_channel
    shown = Shown(
        quoting=quoting,
        asked=datetime.now(UTC),
        member=member,
        locale=locale,
        installation=installation,
        guild=interaction.guild_id,
        channel=interaction.channel_id,
        message=sent.id,
        private=sent.flags.ephemeral or brought,
        ticket=new_ticket(),
    )
    try:
        await worker.keep(desk.record, shown)
    except StoppedError:
        log.error("what a message quotes was not logged: the bot stopped before")
