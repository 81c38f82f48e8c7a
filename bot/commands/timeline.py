"""``/timeline``: how a story unfolded, its pages, and a picture of it on request."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot import markdown, render, timeline
from bot.commands.parts import Make, Parts, Shown, in_place, saying
from bot.library import Library
from bot.markdown import plain
from bot.panels import fixed_line
from bot.records import Act, Quoting, quoted_of
from bot.render import Message, notice
from bot.texts import Texts
from bot.timeline_picture import Point, draw
from index.records import Query

THRESHOLD = 0.2
"""Confidence from which an article may lead to its story: a matter is named here more often than a question is asked,
and the reply shows which story was found."""
PICTURE = "timeline.png"
ALT_LIMIT = 1024


class Unfolding:
    """The command and the handlers of its buttons.

    Args:
        library: used on the worker's thread alone.
    """

    def __init__(self, parts: Parts, library: Library) -> None:
        self._parts = parts
        self._library = library

    def add(self) -> None:
        """Give the client the command and the handlers."""
        client = self._parts.client
        client.tree.add_command(self._command())
        client.newsdesk.presses |= {"unfold": self._turn, "unfolded": self._picture}

    def _command(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        @app_commands.rename(question=_words("option-question-name"), private=_words("option-private-name"))
        @app_commands.describe(
            question=_words("option-matter-description"), private=_words("option-private-description")
        )
        async def run(
            interaction: discord.Interaction,
            question: app_commands.Range[str, 1, render.QUESTION_LIMIT],
            private: bool = False,
        ) -> None:
            hidden = self._parts.hidden(interaction, private)
            texts = self._parts.texts(interaction, hidden=hidden)
            make = self._found(interaction, texts, " ".join(question.split()), fixed=hidden)
            if said := self._parts.count_question(interaction.user.id, interaction.guild_id, texts):
                hidden, make = True, saying(said)
            await self._parts.client.newsdesk.start(self._parts.reply(interaction, texts, make, private=hidden))

        return self._parts.command("timeline", run)

    def _found(self, interaction: discord.Interaction[Any], texts: Texts, question: str, *, fixed: bool) -> Make:
        allowed = self._parts.settings(interaction).sources

        def read() -> Message:
            if not markdown.visible(question):
                return notice(texts("question-empty"))
            query = Query(question, datetime.now(UTC), sources=allowed)
            answer = self._parts.desk.newsroom().ask(query, THRESHOLD)
            code = self._library.story_of(answer.citations)
            top = f"-# {texts('reply-question', question=plain(question, 2 * render.QUESTION_LIMIT))}"
            found = self._library.timeline(code, allowed)
            return timeline.shown(found, 1, texts, top=top, question=question, fixed=fixed)

        return lambda: self._parts.worker.run(read)

    async def _turn(self, interaction: discord.Interaction[Any], argument: str) -> None:
        allowed = self._parts.settings(interaction).sources
        code, _, number = argument.rpartition(".")
        page = int(number) if number.isdecimal() else 1
        fixed = not in_place(interaction)

        def making(texts: Texts) -> Make:
            return lambda: self._parts.worker.run(
                lambda: timeline.shown(self._library.timeline(code, allowed), page, texts, fixed=fixed)
            )

        await self._parts.turn(interaction, making)

    async def _picture(self, interaction: discord.Interaction[Any], argument: str) -> None:
        """The picture of a page, for whoever pressed."""
        allowed = self._parts.settings(interaction).sources
        code, _, number = argument.rpartition(".")
        texts = self._parts.texts(interaction, hidden=True)

        async def make() -> Message | Shown:
            found = await self._parts.worker.run(lambda: self._library.timeline(code, allowed))
            if found is None:
                return notice(texts("timeline-none"))
            _, points = timeline.page_of(found, int(number) if number.isdecimal() else 1)
            lines = [
                Point(timeline.day_of(each), markdown.visible(each.quote), markdown.visible(each.source))
                for each in points
            ]
            png = await asyncio.to_thread(draw, lines)
            if png is None:
                return notice(texts("timeline-no-picture"))
            alt = " ".join(f"{each.day} {each.outlet}: {each.words}" for each in lines)
            view = discord.ui.LayoutView(timeout=None)
            view.add_item(discord.ui.TextDisplay(texts("timeline-title", title=plain(found.title, 200))))
            item = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=markdown.cut(alt, ALT_LIMIT))
            view.add_item(discord.ui.MediaGallery(item))
            view.add_item(discord.ui.TextDisplay(fixed_line(texts)))
            view.stop()
            quoting = Quoting(Act.TIMELINE, quoted_of(points), argument)
            return Shown(view, (discord.File(io.BytesIO(png), PICTURE),), quoting)

        await self._parts.client.newsdesk.start(self._parts.reply(interaction, texts, make, private=True))
