"""Who is faster than the bot can serve everybody is told how long to wait: commands, buttons, menus, forms, typing.

What a question costs besides is counted where it is asked, see ``Parts.count_question``.
"""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.client import NOT_SENT
from bot.commands.parts import Parts, saying
from bot.limits import Wait
from bot.texts import Texts

log = logging.getLogger(__name__)


class Pace:
    """Asked of every interaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def add(self) -> None:
        """Let the client ask."""
        self._parts.client.newsdesk.admit = self.admit

    async def admit(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether to answer an interaction now; else the member is told, or finds nothing suggested."""
        limits = self._parts.limits
        if interaction.type is discord.InteractionType.autocomplete:
            if limits.typed(interaction.user.id):
                return True
            try:
                await interaction.response.autocomplete([])
            except (*NOT_SENT, discord.InteractionResponded) as error:
                log.debug("nothing could be suggested: %s", error)
            return False
        if interaction.type is discord.InteractionType.modal_submit:
            return True  # the button that opened the form was counted; what was written into it must not be lost
        wait = limits.act(interaction.user.id, interaction.guild_id)
        if wait is None:
            return True
        await self._parts.privately(interaction, lambda texts: saying(_sentence(wait, texts)))
        return False


def _sentence(wait: Wait, texts: Texts) -> str:
    if wait.everybody:
        return texts("limit-guild", seconds=wait.seconds)
    return texts("limit-acts", seconds=wait.seconds)
