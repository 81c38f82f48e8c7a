"""What the commands beside asking share: whose settings hold, which language, who sees it, what an error says."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot import logs, render
from bot.client import NOT_SENT, Client, acknowledge, insistently, layout
from bot.commands import apology
from bot.commands.keeping import keep
from bot.desk import Desk
from bot.guilds import Guilds, GuildSettings
from bot.journal import Installation, member_key
from bot.limits import Limits
from bot.records import Quoting
from bot.render import Message
from bot.texts import Catalogue, Texts
from bot.worker import Worker

log = logging.getLogger(__name__)

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
GUILDS_AND_DIRECT = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
GUILDS_ALONE = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
ANYBODY = app_commands.AppInstallationType(guild=True, user=True)
GUILD_INSTALLED = app_commands.AppInstallationType(guild=True, user=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply with more than text and buttons.

    Attributes:
        files: attachments that the view refers to.
        quoting: what it quotes, to be kept once it is sent.
    """

    view: discord.ui.LayoutView
    files: Sequence[discord.File] = ()
    quoting: Quoting | None = None


Make = Callable[[], Awaitable[Message | Shown]]
"""Makes the reply, once the interaction is acknowledged."""


def saying(sentence: str) -> Make:
    """A reply of one sentence."""

    async def make() -> Message:
        return render.notice(sentence)

    return make


@dataclass(frozen=True, slots=True)
class Parts:
    """What is built once and every command is given.

    Attributes:
        secret: key of the installation, under which members are logged.
        guilds: what each guild's admins decided.
        limits: how much a member and a guild may ask.
    """

    client: Client
    worker: Worker
    desk: Desk
    catalogue: Catalogue
    secret: bytes
    guilds: Guilds
    limits: Limits

    def words(self, key: str) -> app_commands.locale_str:
        """A command's name or description, translated by the catalogue."""
        return app_commands.locale_str(self.catalogue.texts(None)(key), key=key)

    def command(
        self,
        name: str,
        callback: Any,
        contexts: app_commands.AppCommandContext = EVERYWHERE,
        installs: app_commands.AppInstallationType = ANYBODY,
    ) -> app_commands.Command[Any, ..., None]:
        """A command whose words the catalogue has under ``command-NAME-name`` and ``command-NAME-description``."""
        return app_commands.Command(
            name=self.words(f"command-{name}-name"),
            description=self.words(f"command-{name}-description"),
            callback=callback,
            allowed_contexts=contexts,
            allowed_installs=installs,
        )

    def key(self, member: int) -> str:
        """The key that stands for a member in the journal."""
        return member_key(self.secret, member)

    def settings(self, interaction: discord.Interaction[Any]) -> GuildSettings:
        """The settings of the guild that has a say in an interaction; the defaults where none has."""
        return self.guilds.of(interaction.guild_id if installed_for(interaction) is Installation.GUILD else None)

    def count_question(self, member: int, guild: int | None, texts: Texts) -> str | None:
        """Count a question against the limits; what the member reads where it may not be asked now."""
        wait = self.limits.take(member, guild)
        if wait is None:
            return None
        if wait.everybody:
            return texts("limit-guild", seconds=wait.seconds)
        return texts("limit-member", seconds=wait.seconds)

    def hidden(self, interaction: discord.Interaction[Any], private: bool = False) -> bool:
        """Whether only the member sees the reply: asked for, or brought along, or in a channel the admins kept free."""
        brought = installed_for(interaction) is Installation.USER and not interaction.context.dm_channel
        parent = getattr(interaction.channel, "parent_id", None)
        return private or brought or not self.settings(interaction).answers_in(interaction.channel_id, parent)

    def texts(self, interaction: discord.Interaction[Any], *, hidden: bool) -> Texts:
        """The language of a reply: the guild's where all see it, else the member's."""
        language = None if hidden else self.settings(interaction).language
        return self.catalogue.texts(language or interaction.locale.value)

    async def privately(self, interaction: discord.Interaction[Any], make: Callable[[Texts], Make]) -> None:
        """Answer a command or a press for the member's eyes alone, as a task that a graceful stop waits for."""
        texts = self.texts(interaction, hidden=True)
        await self.client.newsdesk.start(self.reply(interaction, texts, make(texts), private=True))

    async def reply(self, interaction: discord.Interaction[Any], texts: Texts, make: Make, *, private: bool) -> None:
        """Acknowledge a command and answer it with what ``make`` returns, or with an apology."""
        if await acknowledge(interaction, private=private):
            await self.fill(interaction, texts, make)

    async def turn(self, interaction: discord.Interaction[Any], make: Callable[[Texts], Make]) -> None:
        """Answer a press: in place of the message for whom it was sent to, else in a message of the member's own."""
        hidden = bool(interaction.message and interaction.message.flags.ephemeral)
        own = hidden or in_place(interaction)
        texts = self.texts(interaction, hidden=hidden or not own)
        if await acknowledge(interaction, private=True, update=own):
            await self.fill(interaction, texts, make(texts))

    async def fill(self, interaction: discord.Interaction[Any], texts: Texts, make: Make) -> None:
        """Fill an acknowledged interaction with what ``make`` returns, or with an apology."""
        with logs.request() as request:
            try:
                if self.client.newsdesk.stopping:
                    made: Message | Shown = render.notice(texts("error-stopping"))
                else:
                    made = await make()
            except Exception as error:  # the member is told, the operator finds it in the log
                made = render.notice(apology(error, texts, request))
            try:
                if isinstance(made, Shown) and made.files and not may_attach(interaction):
                    log.warning("channel %s: no file can be sent, missing: Attach Files", interaction.channel_id)
                    made = render.notice(texts("permission-files", permission=texts("permission-attach")))
                if isinstance(made, Message):
                    view = layout(made)
                    sent = await insistently(lambda: interaction.edit_original_response(view=view, attachments=[]))
                else:
                    sent = await interaction.edit_original_response(view=made.view, attachments=made.files)
            except NOT_SENT as error:
                log.error("the reply could not be sent: %s", error)
                return
            await keep(
                self.worker,
                self.desk,
                interaction,
                sent,
                made.quoting,
                installation=installed_for(interaction),
                member=self.key(interaction.user.id),
                locale=texts.language,
            )


def in_place(interaction: discord.Interaction[Any]) -> bool:
    """Whether a press changes a message that all see: it was sent to who pressed, and not to them alone."""
    message = interaction.message
    asked = message.interaction_metadata if message and not message.flags.ephemeral else None
    return asked is not None and asked.user.id == interaction.user.id


def installed_for(interaction: discord.Interaction[Any]) -> Installation:
    """Through which installation an interaction came: the guild's where both are there."""
    if interaction.guild_id is not None and interaction.is_guild_integration():
        return Installation.GUILD
    if interaction.is_user_integration():
        return Installation.USER
    return Installation.GUILD if interaction.guild_id is not None else Installation.DIRECT


def may_attach(interaction: discord.Interaction[Any]) -> bool:
    """Whether a file may be sent in answer: a guild can deny it to the bot, a direct conversation cannot."""
    if interaction.guild_id is None or installed_for(interaction) is not Installation.GUILD:
        return True
    return interaction.app_permissions.attach_files
