"""Who may do what admins and owners do, checked again behind Discord's own permissions; and the note of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord

from bot import logs
from bot.commands.parts import Make, Parts, installed_for
from bot.journal import Installation, JournalError
from bot.journal_acts import Act
from bot.render import notice
from bot.texts import Texts

log = logging.getLogger(__name__)

MANAGERS = discord.Permissions(manage_guild=True)
"""Members whom Discord shows the commands of admins, unless a guild's own admins decide otherwise."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets admins and owners in.

    Attributes:
        owners: ids of those whom the operator named (``NEWSDESK_OWNER_IDS``), beside the application's own.
    """

    parts: Parts
    owners: frozenset[int]

    def manages(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether a member may manage the guild, and the bot is the guild's own."""
        if interaction.guild_id is None or installed_for(interaction) is not Installation.GUILD:
            return False
        allowed = interaction.permissions
        return allowed.manage_guild or allowed.administrator

    def owns(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether a user is the application's owner, of the team that owns it, or named by the operator."""
        return interaction.user.id in self.owners | _owners(self.parts.client.application)

    async def manager(self, interaction: discord.Interaction[Any], make: Callable[[Texts], Make]) -> None:
        """Answer a guild's admin alone, and refuse everybody else."""
        await self._let_in(interaction, self.manages(interaction), make, lambda texts: texts("admin-only"))

    async def owner(self, interaction: discord.Interaction[Any], make: Callable[[Texts], Make]) -> None:
        """Answer an owner alone, and refuse everybody else."""
        await self._let_in(interaction, self.owns(interaction), make, lambda texts: texts("owner-only"))

    async def note(self, interaction: discord.Interaction[Any], act: str, detail: str = "") -> None:
        """Write down what somebody did; a journal that cannot be written holds up nothing."""
        done = Act(
            datetime.now(UTC), interaction.guild_id, self.parts.key(interaction.user.id), act, detail, logs.current()
        )
        log.info("%s guild=%s %s", act, interaction.guild_id, detail)
        try:
            await self.parts.worker.keep(lambda: self.parts.desk.journal().acts.add(done))
        except JournalError as error:
            log.error("an admin's act could not be noted: %s", error)

    async def _let_in(
        self,
        interaction: discord.Interaction[Any],
        allowed: bool,
        make: Callable[[Texts], Make],
        refusal: Callable[[Texts], str],
    ) -> None:
        texts = self.parts.texts(interaction, hidden=True)

        async def refused() -> Any:
            log.warning("%s was refused", interaction.command.qualified_name if interaction.command else "a button")
            return notice(refusal(texts))

        work = self.parts.reply(interaction, texts, make(texts) if allowed else refused, private=True)
        await self.parts.client.newsdesk.start(work)


def _owners(application: discord.AppInfo | None) -> frozenset[int]:
    if application is None:
        return frozenset()
    if application.team is None:
        return frozenset({application.owner.id})
    joined = discord.TeamMembershipState.accepted
    return frozenset(member.id for member in application.team.members if member.membership_state is joined)
