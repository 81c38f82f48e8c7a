"""The message context menu: somebody's message is the question.

The reply is for the asker alone: it is about what somebody else said, and a bot should correct nobody in public. Who
wrote the message is not logged.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot import markdown, render
from bot.commands.asking import Asking
from bot.commands.messages import plain_question
from bot.commands.parts import ANYBODY, EVERYWHERE
from bot.journal import Surface


class ContextMenu:
    """Check against the news."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def add(self) -> None:
        """Give the client the command."""

        async def check(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await self._asking.parts.client.newsdesk.start(self.check(interaction, message))

        self._asking.parts.client.tree.add_command(
            app_commands.ContextMenu(
                name=self._asking.parts.words("menu-check"),
                callback=check,
                allowed_contexts=EVERYWHERE,
                allowed_installs=ANYBODY,
            )
        )

    async def check(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Answer with what the news say on ``message``; a long one counts up to where a question may end."""
        began = time.perf_counter()
        text = markdown.cut(plain_question(_said(message)), render.QUESTION_LIMIT)
        asked = self._asking.from_interaction(interaction, text, Surface.CONTEXT, private=True)
        # The message's id is kept so that deleting the message removes its text from the log.
        asked = replace(asked, question_message=message.id)
        await self._asking.answer_interaction(interaction, asked, began)


def _said(message: discord.Message) -> str:
    """The words of a message: its own, those it forwards, or else what its first card says."""
    texts = [message.content, *(each.content for each in message.message_snapshots)]
    cards = [f"{card.title or ''} {card.description or ''}" for card in message.embeds]
    bare = [text for text in texts if _ADDRESS.sub("", text).strip()]
    return next(iter([*bare, *cards, *texts]), "")


_ADDRESS = re.compile(r"<?https?://\S+")
