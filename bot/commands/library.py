"""Browsing: ``/latest``, ``/sources`` and ``/article``, and the buttons that turn their pages."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot import browse
from bot.commands.parts import Make, Parts
from bot.journal_reports import Cited
from bot.library import CHOICES, Library
from bot.markdown import plain
from bot.render import Message, notice
from bot.texts import Texts
from corpus.errors import NewsdeskError

log = logging.getLogger(__name__)

NAME_LIMIT = 100
"""Characters of a choice below an option."""
TYPING_SECONDS = 0.7
"""How long a member waits for suggestions; with the worker busy there are none, and the command works without."""

Choices = list[app_commands.Choice[str]]


class Browsing:
    """The commands with which members look at what is there.

    Args:
        library: used on the worker's thread alone.
    """

    def __init__(self, parts: Parts, library: Library) -> None:
        self._parts = parts
        self._library = library
        self._words = parts.words

    def add(self) -> None:
        """Give the client the commands and the handlers of their buttons."""
        client = self._parts.client
        for command in (self._latest(), self._sources(), self._article()):
            client.tree.add_command(command)
        client.newsdesk.presses |= {
            "latest": self._turn_latest,
            "outlets": self._turn_sources,
            "article": self._turn_article,
        }

    def _latest(self) -> app_commands.Command[Any, ..., None]:
        """``/latest``, with its words from the catalogue."""

        @app_commands.rename(
            source=self._words("option-source-name"),
            topic=self._words("option-topic-name"),
            private=self._words("option-private-name"),
        )
        @app_commands.describe(
            source=self._words("option-source-description"),
            topic=self._words("option-topic-description"),
            private=self._words("option-private-description"),
        )
        @app_commands.autocomplete(source=self.source_names, topic=self.topics)
        async def latest(
            interaction: discord.Interaction,
            source: app_commands.Range[str, 1, 100] | None = None,
            topic: app_commands.Range[str, 1, 100] | None = None,
            private: bool = False,
        ) -> None:
            await self._start(interaction, private, lambda texts: self._list(interaction, texts, source, topic))

        return self._parts.command("latest", latest)

    def _sources(self) -> app_commands.Command[Any, ..., None]:
        """``/sources``, with its words from the catalogue."""

        @app_commands.rename(private=self._words("option-private-name"))
        @app_commands.describe(private=self._words("option-private-description"))
        async def sources(interaction: discord.Interaction, private: bool = False) -> None:
            await self._start(interaction, private, lambda texts: self._outlets(interaction, texts, 1))

        return self._parts.command("sources", sources)

    def _article(self) -> app_commands.Command[Any, ..., None]:
        """``/article``, with its words from the catalogue."""

        @app_commands.rename(article=self._words("option-article-name"), private=self._words("option-private-name"))
        @app_commands.describe(
            article=self._words("option-article-description"), private=self._words("option-private-description")
        )
        @app_commands.autocomplete(article=self.titles)
        async def show(
            interaction: discord.Interaction, article: app_commands.Range[str, 1, 100], private: bool = False
        ) -> None:
            await self._start(interaction, private, lambda texts: self._open(interaction, texts, article))

        return self._parts.command("article", show)

    async def _start(self, interaction: discord.Interaction[Any], private: bool, make: Callable[[Texts], Make]) -> None:
        hidden = self._parts.hidden(interaction, private)
        texts = self._parts.texts(interaction, hidden=hidden)
        await self._parts.client.newsdesk.start(self._parts.reply(interaction, texts, make(texts), private=hidden))

    def _list(self, interaction: discord.Interaction[Any], texts: Texts, source: str | None, topic: str | None) -> Make:
        allowed = self._parts.settings(interaction).sources

        def read() -> Message:
            if source and topic:
                return notice(texts("latest-one-filter"))
            wanted = self._library.filter(allowed, source=source or "", topic=topic or "")
            if wanted is None:
                if source:
                    return notice(texts("source-unknown", source=plain(source, NAME_LIMIT)))
                return notice(texts("topic-unknown", topic=plain(topic or "", NAME_LIMIT)))
            return browse.latest(self._library.latest(wanted, 0, allowed), datetime.now(UTC), texts)

        return lambda: self._parts.worker.run(read)

    async def _turn_latest(self, interaction: discord.Interaction[Any], argument: str) -> None:
        """Another page of a list; of what the guild may see now, whatever it was when the list was sent."""
        allowed = self._parts.settings(interaction).sources
        code, _, number = argument.partition(".")

        def made(texts: Texts) -> Make:
            def read() -> Message:
                wanted = self._library.filter_of(code, allowed)
                if wanted is None:
                    return notice(texts("filter-gone"))
                return browse.latest(
                    self._library.latest(wanted, _number(number) - 1, allowed), datetime.now(UTC), texts
                )

            return lambda: self._parts.worker.run(read)

        await self._parts.turn(interaction, made)

    def _outlets(self, interaction: discord.Interaction[Any], texts: Texts, page: int) -> Make:
        allowed = self._parts.settings(interaction).sources

        def read() -> Message:
            now = datetime.now(UTC)
            return browse.outlets(self._library.outlets(allowed, now), page, now, texts)

        return lambda: self._parts.worker.run(read)

    async def _turn_sources(self, interaction: discord.Interaction[Any], argument: str) -> None:
        page = _number(argument.partition(".")[2])
        await self._parts.turn(interaction, lambda texts: self._outlets(interaction, texts, page))

    def _open(self, interaction: discord.Interaction[Any], texts: Texts, wanted: str) -> Make:
        """The article that a member means: "#12" by its id, a number by the last answer here, else by its title."""
        allowed = self._parts.settings(interaction).sources

        def read() -> Message:
            opened = None
            if match := re.fullmatch(r"\s*(#?)\s*(\d{1,12})\s*", wanted):
                number = int(match[2])
                cited = [] if match[1] else [each for each in self._cited(interaction) if each.number == number]
                if cited:
                    place = (cited[0].revision, cited[0].start, cited[0].end)
                    opened = self._library.open(cited[0].article, allowed, place)
                else:
                    opened = self._library.open(number, allowed)
            if opened is None and (found := self._library.titled(wanted.strip(), allowed, 1)):
                opened = self._library.open(found[0].id, allowed)
            if opened is None:
                return notice(texts("article-unknown"))
            return browse.article(opened, 1, datetime.now(UTC), texts)

        return lambda: self._parts.worker.run(read)

    async def _turn_article(self, interaction: discord.Interaction[Any], argument: str) -> None:
        allowed = self._parts.settings(interaction).sources
        article, _, number = argument.partition(".")

        def made(texts: Texts) -> Make:
            def read() -> Message:
                opened = self._library.open(_number(article), allowed)
                if opened is None:
                    return notice(texts("article-unknown"))
                return browse.article(opened, _number(number), datetime.now(UTC), texts)

            return lambda: self._parts.worker.run(read)

        await self._parts.turn(interaction, made)

    def _cited(self, interaction: discord.Interaction[Any]) -> list[Cited]:
        """The quotes of the last answer in a channel that this member saw; on the worker's thread."""
        if interaction.channel_id is None:
            return []
        member = self._parts.key(interaction.user.id)
        try:
            return self._parts.desk.journal().reports.last_cited(interaction.channel_id, member)
        except NewsdeskError as error:
            log.error("the last answer is not known: %s", error)
            return []

    async def source_names(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """The sources that may be seen here and have what was typed in their name."""
        allowed = self._parts.settings(interaction).sources
        return await self._suggested(lambda: _having(self._library.sources(allowed), typed))

    async def topics(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """The topics of the sources that may be seen here."""
        allowed = self._parts.settings(interaction).sources
        return await self._suggested(lambda: _having(self._library.topics(allowed), typed))

    async def titles(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """The articles quoted in the last answer here, then those with what was typed in their title."""
        allowed = self._parts.settings(interaction).sources

        def read() -> Choices:
            choices = []
            if not typed.strip() or typed.strip().isdigit():
                for cited in self._cited(interaction):
                    opened = self._library.open(cited.article, allowed)
                    if opened is not None:
                        name = browse.title_choice(opened.article.listed, NAME_LIMIT - 4)
                        choices.append(app_commands.Choice(name=f"{cited.number}: {name}", value=str(cited.number)))
            found = self._library.titled(typed.strip(), allowed)
            choices += [
                app_commands.Choice(name=browse.title_choice(each, NAME_LIMIT), value=f"#{each.id}") for each in found
            ]
            return choices[:CHOICES]

        return await self._suggested(read)

    async def _suggested(self, read: Callable[[], Choices]) -> Choices:
        try:
            async with asyncio.timeout(TYPING_SECONDS):
                return await self._parts.worker.run(read)
        except (TimeoutError, NewsdeskError) as error:
            log.warning("nothing is suggested: %s", error)
            return []


def _having(names: Iterable[str], typed: str) -> Choices:
    wanted = typed.casefold().strip()
    fitting = [name for name in names if wanted in name.casefold() and len(name) <= NAME_LIMIT]
    return [app_commands.Choice(name=name, value=name) for name in fitting[:CHOICES]]


def _number(text: str) -> int:
    """A number that a button carries; 1 for what is none."""
    return int(text) if text.isdecimal() and len(text) <= 12 else 1
