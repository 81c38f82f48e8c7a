"""``/setup``: one message that says how the bot behaves in a guild, with a menu for each of its settings.

A menu carries what it sets, so it works after a restart; what is picked holds at once.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

import discord
from discord import app_commands

from bot.client import acknowledge
from bot.commands.gate import MANAGERS, Gate
from bot.commands.parts import GUILD_INSTALLED, GUILDS_ALONE, Make, Parts, Shown, saying
from bot.commands.threads import lacking
from bot.guilds import GuildSettings
from bot.journal_guilds import GuildBook
from bot.library import Library
from bot.markdown import plain, visible
from bot.render import Message
from bot.texts import Texts
from corpus.errors import NewsdeskError

log = logging.getLogger(__name__)

PICK = re.compile(r"ndp:(?P<what>[a-z]+)(?::(?P<part>\d{1,2}))?")
"""What a menu carries: the setting, and which part of a long list."""
OPTIONS = 25
"""Discord's most options in a menu, and its most values."""
PARTS = 5
"""Menus of sources; a hundred and twenty-five can be chosen among."""
NAME_LIMIT = 100
DEFAULT = "default"
THRESHOLDS = (10, 20, 30, 40, 50, 60, 70, 80, 90)
CHANNELS = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum, discord.ChannelType.voice]
NEEDED = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)


class Pick(discord.ui.DynamicItem[Any], template=PICK):
    """Any menu of ``/setup``, however old."""

    def __init__(self, item: Any, what: str, part: int) -> None:
        super().__init__(item)
        self._what = what
        self._part = part

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """See ``discord.ui.DynamicItem``."""
        del interaction
        return cls(item, match["what"], int(match["part"] or 0))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the pick on, once."""
        await interaction.client.newsdesk.press(interaction, f"pick{self._what}", str(self._part))


class Setup:
    """Shows and changes a guild's settings.

    Args:
        book: where the settings are looked up; changed with the journal.
        answers_all: whether the operator opted into the Message Content intent.
    """

    def __init__(self, parts: Parts, gate: Gate, library: Library, book: GuildBook, *, answers_all: bool) -> None:
        self._parts = parts
        self._gate = gate
        self._library = library
        self._book = book
        self._answers_all = answers_all

    def add(self) -> None:
        """Give the client the command and the handlers of its menus."""
        client = self._parts.client
        client.tree.add_command(self._command())
        client.add_dynamic_items(Pick)
        for what in ("channels", "all", "threads", "sources", "language", "threshold"):
            client.newsdesk.presses[f"pick{what}"] = self._handler(what)
        client.newsdesk.presses["setupreset"] = self._handler("reset")

    def _command(self) -> app_commands.Command[Any, ..., None]:
        """``/setup``, with its words from the catalogue."""
        _words = self._parts.words

        @app_commands.default_permissions(MANAGERS)
        async def setup(interaction: discord.Interaction) -> None:
            await self._gate.manager(interaction, lambda texts: self._shown(interaction, texts))

        return self._parts.command("setup", setup, GUILDS_ALONE, GUILD_INSTALLED)

    def _handler(self, what: str) -> Any:
        async def picked(interaction: discord.Interaction[Any], part: str) -> None:
            texts = self._parts.texts(interaction, hidden=True)
            if not self._gate.manages(interaction):
                if await acknowledge(interaction, private=True):
                    await self._parts.fill(interaction, texts, saying(texts("admin-only")))
                return
            values = [str(value) for value in _data(interaction).get("values", ())]
            offered = _offered(interaction, f"ndp:{what}:{part}")
            if await acknowledge(interaction, update=True):
                await self._parts.fill(interaction, texts, self._saved(interaction, texts, what, offered, values))

        return picked

    def _saved(
        self,
        interaction: discord.Interaction[Any],
        texts: Texts,
        what: str,
        offered: Sequence[str],
        values: Sequence[str],
    ) -> Make:
        async def make() -> Message | Shown:
            guild = interaction.guild_id
            assert guild is not None  # noqa: S101  # the gate let in a guild's admin
            names = await self._names()
            known = {mark(name): name for name in {*names, *(self._book.of(guild).sources or ())}}
            settings = changed(self._book.of(guild), what, values, offered, known)
            now = datetime.now(UTC)
            await self._parts.worker.run(lambda: self._parts.desk.journal().guilds.put(guild, settings, now=now))
            self._book.put(guild, settings)
            picked = [known.get(value, value) for value in values] if what == "sources" else values
            await self._gate.note(interaction, "setup", f"{what}: {', '.join(picked) or 'none'}")
            return Shown(self._view(interaction, settings, names, texts))

        return make

    def _shown(self, interaction: discord.Interaction[Any], texts: Texts) -> Make:
        async def make() -> Message | Shown:
            names = await self._names()
            return Shown(self._view(interaction, self._book.of(interaction.guild_id), names, texts))

        return make

    async def _names(self) -> list[str]:
        """The sources to choose among; none while there is no store."""
        try:
            return await self._parts.worker.run(self._library.choices)
        except NewsdeskError as error:
            log.warning("sources cannot be chosen: %s", error)
            return []

    def _view(
        self, interaction: discord.Interaction[Any], settings: GuildSettings, names: Sequence[str], texts: Texts
    ) -> discord.ui.LayoutView:
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.TextDisplay(f"**{texts('setup-title')}**\n{texts('setup-how')}"))
        if poor := _lacking(interaction.guild, settings):
            view.add_item(discord.ui.TextDisplay(texts("setup-lacking", channels=poor)))
        if poor := _lacking_threads(interaction.guild, settings):
            view.add_item(discord.ui.TextDisplay(texts("setup-lacking-threads", channels=poor)))
        self._channels(view, interaction.guild, settings, texts)
        self._sources(view, settings, names, texts)
        languages = []
        for code in self._parts.catalogue.languages:
            its_texts = self._parts.catalogue.texts(code)
            languages.append((code, its_texts("language-itself")))
        _add(
            view,
            texts("setup-language"),
            _menu("language", [(DEFAULT, texts("setup-language-default")), *languages], [settings.language or DEFAULT]),
        )
        percents = [(str(each), texts("setup-threshold-percent", percent=each)) for each in THRESHOLDS]
        chosen = DEFAULT if settings.threshold is None else str(round(settings.threshold * 100))
        if chosen not in {DEFAULT, *(value for value, _ in percents)}:
            percents.append((chosen, texts("setup-threshold-percent", percent=int(chosen))))
        _add(
            view,
            texts("setup-threshold"),
            _menu("threshold", [(DEFAULT, texts("setup-threshold-default")), *percents], [chosen]),
        )
        if settings != GuildSettings():
            reset: discord.ui.Button[Any] = discord.ui.Button(label=texts("setup-reset"), custom_id="nd:setupreset:")
            view.add_item(discord.ui.ActionRow(reset))
        view.stop()
        return view

    def _channels(
        self, view: discord.ui.LayoutView, guild: discord.Guild | None, settings: GuildSettings, texts: Texts
    ) -> None:
        everywhere = settings.channels is None
        where = texts("setup-channels-all") if everywhere else texts("setup-channels")
        _add(view, where, _channel_menu("channels", settings.channels or (), guild))
        _add(view, texts("setup-threads"), _channel_menu("threads", settings.threads, guild))
        if self._answers_all:
            _add(view, texts("setup-answer-all"), _channel_menu("all", settings.answer_all, guild))

    @staticmethod
    def _sources(view: discord.ui.LayoutView, settings: GuildSettings, names: Sequence[str], texts: Texts) -> None:
        """A menu for every twenty-five sources; of none chosen all are quoted."""
        chosen = settings.sources
        if chosen is None:
            text = texts("setup-sources-all")
        else:
            text = texts("setup-sources", sources=plain(", ".join(sorted(chosen)), 500))
        parts = list(_chunks(names))
        if not parts:
            view.add_item(discord.ui.TextDisplay(texts("setup-sources-none")))
            return
        if len(parts) > PARTS:
            text = f"{text}\n-# {texts('setup-sources-more', count=len(names) - PARTS * OPTIONS)}"
        view.add_item(discord.ui.TextDisplay(text))
        for number, part in enumerate(parts[:PARTS]):
            options = [(mark(name), visible(name)[:NAME_LIMIT]) for name in part]
            marked = [mark(name) for name in part if name in (chosen or ())]
            view.add_item(discord.ui.ActionRow(_menu(f"sources:{number}", options, marked, many=True)))


def mark(source: str) -> str:
    """What stands for a source in a menu: its name may be longer than Discord takes."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def changed(
    settings: GuildSettings, what: str, values: Sequence[str], offered: Sequence[str], known: Mapping[str, str]
) -> GuildSettings:
    """The settings once ``values`` were picked in a menu; pure.

    Args:
        offered: the values of the menu; sources that it did not offer stay as they were.
        known: names of sources by what stands for them in a menu.
    """
    if what == "reset":
        return GuildSettings()
    if what == "sources":
        kept = {name for name in settings.sources or () if mark(name) not in offered}
        kept |= {known[value] for value in values if value in known}
        return replace(settings, sources=frozenset(kept) or None)
    if what == "language":
        return replace(settings, language=None if values[0] == DEFAULT else values[0])
    if what == "threshold":
        return replace(settings, threshold=None if values[0] == DEFAULT else int(values[0]) / 100)
    channels = frozenset(int(value) for value in values)
    if what == "channels":
        return replace(settings, channels=channels or None)
    return replace(settings, threads=channels) if what == "threads" else replace(settings, answer_all=channels)


def _data(interaction: discord.Interaction[Any]) -> Mapping[str, Any]:
    return interaction.data or {}


def _offered(interaction: discord.Interaction[Any], custom_id: str) -> list[str]:
    """The values of the menu that was used, as it stands in the message."""
    rows = interaction.message.components if interaction.message else []
    menus = [each for row in rows if isinstance(row, discord.ActionRow) for each in row.children]
    return [
        option.value
        for menu in menus
        if isinstance(menu, discord.SelectMenu) and menu.custom_id == custom_id
        for option in menu.options
    ]


def _chunks(names: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(names), OPTIONS):
        yield names[start : start + OPTIONS]


def _add(view: discord.ui.LayoutView, text: str, menu: discord.ui.Item[Any]) -> None:
    view.add_item(discord.ui.TextDisplay(text))
    view.add_item(discord.ui.ActionRow(menu))


def _menu(
    what: str, options: Sequence[tuple[str, str]], chosen: Sequence[str], *, many: bool = False
) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=f"ndp:{what}",
        min_values=0 if many else 1,
        max_values=len(options) if many else 1,
        options=[discord.SelectOption(label=label, value=value, default=value in chosen) for value, label in options],
    )


def _channel_menu(what: str, chosen: Iterable[int], guild: discord.Guild | None) -> discord.ui.ChannelSelect[Any]:
    """A menu of channels; those that are no more are not marked in it, because Discord would refuse it."""
    there = [channel for channel in sorted(chosen) if guild is None or guild.get_channel(channel) is not None]
    return discord.ui.ChannelSelect(
        custom_id=f"ndp:{what}",
        channel_types=CHANNELS,
        min_values=0,
        max_values=OPTIONS,
        default_values=[
            discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel)
            for channel in there[:OPTIONS]
        ],
    )


def _lacking(guild: discord.Guild | None, settings: GuildSettings) -> str:
    """The chosen channels in which the bot cannot read or write, as mentions; empty where it can."""
    if guild is None or guild.me is None:
        return ""
    numbers = (settings.channels or frozenset()) | settings.threads | settings.answer_all
    chosen = [guild.get_channel(channel) for channel in sorted(numbers)]
    poor = [each for each in chosen if each is not None and not each.permissions_for(guild.me) >= NEEDED]
    return ", ".join(each.mention for each in poor)


def _lacking_threads(guild: discord.Guild | None, settings: GuildSettings) -> str:
    """The channels whose long exchanges should move to a thread and where the bot cannot open one or write in it."""
    if guild is None or guild.me is None:
        return ""
    chosen = [guild.get_channel(channel) for channel in sorted(settings.threads)]
    return ", ".join(each.mention for each in chosen if isinstance(each, discord.TextChannel) and lacking(each))
