"""``/corrections``: which answers to a member were corrected since, and whether they want to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot import amended, panels
from bot.commands.amending import PURPOSE
from bot.commands.parts import Make, Parts
from bot.correcting import Standing
from bot.journal_recipients import Recipient
from bot.markdown import stamp, units
from bot.render import MESSAGE_LIMIT, Button, Message, paged
from bot.texts import Texts
from bot.vault import Vault

PER_PAGE = 3
"""Answers on one page: each has some words old and new, and a note."""
WISH = timedelta(days=365)
"""How long the wish to be told lasts."""


class CorrectionList:
    """The command and its buttons.

    Args:
        vault: seals whom to tell.
    """

    def __init__(self, parts: Parts, vault: Vault) -> None:
        self._parts = parts
        self._vault = vault

    def add(self) -> None:
        """Give the client the command and the handlers."""
        client = self._parts.client
        client.tree.add_command(self._command())
        client.newsdesk.presses |= {"amends": self._turn, "tellme": self._choose}

    def _command(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        async def corrections(interaction: discord.Interaction) -> None:
            await self._parts.privately(interaction, lambda texts: self._make(interaction, texts, 1))

        return self._parts.command("corrections", corrections)

    async def _turn(self, interaction: discord.Interaction[Any], argument: str) -> None:
        number = argument.rpartition(".")[2]
        page = int(number) if number.isdecimal() and len(number) < 9 else 1
        await self._parts.turn(interaction, lambda texts: self._make(interaction, texts, page))

    async def _choose(self, interaction: discord.Interaction[Any], argument: str) -> None:
        """Note that a member wants to be told, or does not any more."""
        user, wanted = interaction.user.id, argument == "on"
        member = self._parts.key(user)

        def write() -> None:
            now = datetime.now(UTC)
            recipients = self._parts.desk.journal().recipients
            if wanted:
                recipients.put(Recipient(member, PURPOSE, self._vault.seal(user), now + WISH), now=now)
            else:
                recipients.remove(member, PURPOSE)

        def making(texts: Texts) -> Make:
            async def make() -> Message:
                await self._parts.worker.run(write)
                return await self._make(interaction, texts, 1)()  # type: ignore[return-value]

            return make

        await self._parts.turn(interaction, making)

    def _make(self, interaction: discord.Interaction[Any], texts: Texts, page: int) -> Make:
        member = self._parts.key(interaction.user.id)

        async def make() -> Message:
            return await self._parts.worker.run(self._page, member, max(page, 1), texts)

        return make

    def _page(self, member: str, page: int, texts: Texts) -> Message:
        """One page of a member's list; on the worker's thread."""
        journal = self._parts.desk.journal()
        count, found = journal.corrections.of_member(member, (page - 1) * PER_PAGE, PER_PAGE)
        wish = journal.recipients.one(member, PURPOSE)
        head = texts("corrections-title", count=count) if count else texts("corrections-none")
        foot = texts("corrections-telling", date=stamp(wish.until, "D")) if wish else texts("corrections-not-telling")
        blocks = [partial(_block, each) for each in _entries(found, texts)]
        toggle = (
            Button(texts("corrections-stop"), "tellme", "off")
            if wish
            else Button(texts("corrections-tell"), "tellme", "on")
        )
        made = paged([head], [head], blocks, [f"-# {foot}"], texts)[0] if blocks else Message((head, f"-# {foot}"))
        turning = panels.turning("amends", "list", page, -(-count // PER_PAGE), texts)
        return Message(made.blocks, (*turning, (toggle,)))


def _entries(found: Sequence[Standing], texts: Texts) -> list[str]:
    """The answers of one page; each has the room that it needs, and long ones share what the others leave."""
    left = MESSAGE_LIMIT - 600
    needs = [units(amended.entry(each, texts, left)) for each in found]
    made = [""] * len(found)
    for place, at in enumerate(sorted(range(len(found)), key=needs.__getitem__)):
        made[at] = amended.entry(found[at], texts, left // (len(found) - place))
        left -= units(made[at])
    return made


def _block(text: str, room: int) -> str:
    """A block that was made to fit already."""
    del room
    return text
