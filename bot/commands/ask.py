"""The ``/ask`` command, and what it offers while a member types."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot import markdown, render
from bot.commands.asking import Asked, Asking
from bot.commands.buttons import Buttons
from bot.commands.context_menu import ContextMenu
from bot.commands.messages import Messages
from bot.commands.parts import Parts, installed_for
from bot.days import period
from bot.journal import Installation, Surface
from bot.popular import popular
from corpus.errors import NewsdeskError

log = logging.getLogger(__name__)

CHOICES = 25
"""Discord takes no more."""
CHOICE_LENGTH = 100
TYPING_SECONDS = 0.7
"""How long a member waits for suggestions; with the worker busy there are none, and the command works without."""


class Ask:
    """Everything that has to do with asking: the command, messages, the context menu, the buttons of replies."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._asking = Asking(parts)
        self._words = parts.words

    def add(self) -> None:
        """Give the client the commands and the handlers."""
        self._parts.client.tree.add_command(self._command())
        Messages(self._asking).add()
        ContextMenu(self._asking).add()
        Buttons(self._asking).add()

    def _command(self) -> app_commands.Command[Any, ..., None]:
        """``/ask``, with its words from the catalogue."""

        @app_commands.rename(
            question=self._words("option-question-name"),
            source=self._words("option-source-name"),
            since=self._words("option-since-name"),
            until=self._words("option-until-name"),
            private=self._words("option-private-name"),
        )
        @app_commands.describe(
            question=self._words("option-question-description"),
            source=self._words("option-source-description"),
            since=self._words("option-since-description"),
            until=self._words("option-until-description"),
            private=self._words("option-private-description"),
        )
        @app_commands.autocomplete(question=self.questions, source=self.sources)
        async def ask(
            interaction: discord.Interaction,
            question: app_commands.Range[str, 1, render.QUESTION_LIMIT],
            source: str | None = None,
            since: app_commands.Range[str, 1, 40] | None = None,
            until: app_commands.Range[str, 1, 40] | None = None,
            private: bool = False,
        ) -> None:
            began = time.perf_counter()
            asked = self._asking.from_interaction(interaction, question, Surface.SLASH, private=private)
            asked = self._narrowed(asked, source, since, until)
            await self._parts.client.newsdesk.start(self._asking.answer_interaction(interaction, asked, began))

        return self._parts.command("ask", ask)

    def _narrowed(self, asked: Asked, source: str | None, since: str | None, until: str | None) -> Asked:
        """The question with its options, or with the reason why they cannot be used."""
        if asked.refusal:
            return asked
        texts = asked.texts
        if source is not None:
            known = {name.casefold(): name for name in self._sources(asked.settings.sources)}
            if (name := known.get(" ".join(source.casefold().split()))) is None:
                return replace(asked, refusal=texts("source-unknown", source=markdown.plain(source, CHOICE_LENGTH)))
            asked = replace(asked, sources=frozenset({name}))
        now = datetime.now(UTC)
        for text, side in ((since, "since"), (until, "until")):
            if text is None:
                continue
            if (days := period(text, now)) is None:
                return replace(asked, refusal=texts("date-unknown", text=markdown.plain(text, CHOICE_LENGTH)))
            asked = replace(asked, since=days.since) if side == "since" else replace(asked, until=days.until)
        if asked.since and asked.until and asked.since >= asked.until:
            return replace(asked, refusal=texts("date-order"))
        return asked

    def _sources(self, allowed: frozenset[str] | None) -> list[str]:
        return [name for name in self._parts.desk.sources if allowed is None or name in allowed]

    async def sources(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """The sources that may be quoted here and have what was typed in their name."""
        names = self._sources(self._parts.settings(interaction).sources)
        wanted = typed.casefold().strip()
        return _choices(name for name in names if wanted in name.casefold())

    async def questions(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """What several members of this guild asked where this member reads along, see ``bot.popular``."""
        guild, member = interaction.guild, interaction.user
        if guild is None or not isinstance(member, discord.Member):
            return []
        if installed_for(interaction) is not Installation.GUILD or self._parts.client.get_guild(guild.id) is None:
            return []
        seen = {channel.id for channel in guild.channels if _reads(channel, member)}
        seen |= {thread.id for thread in guild.threads if thread.parent_id in seen and not thread.is_private()}
        try:
            async with asyncio.timeout(TYPING_SECONDS):
                rows = await self._parts.worker.run(self._parts.desk.asked_in, guild.id)
        except (TimeoutError, NewsdeskError) as error:
            log.warning("no questions are suggested: %s", error)
            return []
        return _choices(popular(rows, seen, typed, CHOICES))


def _reads(channel: discord.abc.GuildChannel, member: discord.Member) -> bool:
    allowed = channel.permissions_for(member)
    return allowed.view_channel and allowed.read_message_history


def _choices(values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """The first values as choices, with what shows nothing taken from their names; those too long are left out."""
    named = [(markdown.visible(value), value) for value in values if len(value) <= CHOICE_LENGTH]
    return [app_commands.Choice(name=name, value=value) for name, value in named if name][:CHOICES]
