"""``/stats`` and ``/export``: a guild's log for its admins, of the channels that the one who asks can see."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.chart import Bar, draw
from bot.commands.gate import MANAGERS, Gate
from bot.commands.parts import GUILD_INSTALLED, GUILDS_ALONE, Make, Parts, Shown
from bot.export import Export, export
from bot.journal import Journal
from bot.journal_reports import Figures
from bot.markdown import plain
from bot.render import Message, notice
from bot.texts import Texts
from bot.topics import Topic, grouped

log = logging.getLogger(__name__)

T = TypeVar("T")

PERIODS = (7, 30, 90)
DEFAULT_PERIOD = 30
DAILY = 45
"""Days that a chart shows one by one; longer times by the week."""
QUESTIONS = 2000
"""Unanswered questions that are grouped, the newest."""
TOPICS = 8
EXAMPLE_LIMIT = 120
WORD_LIMIT = 40
FETCHED = 20
"""Threads asked about at Discord in one report: archived ones are not among what the bot is told at its start."""
SPARE = 64 * 1024
"""Bytes of a message beside its file."""
CHART = "stats.png"
ALT_LIMIT = 1024
FOREVER = datetime(2015, 1, 1, tzinfo=UTC)
"""Before anything was asked: Discord began that year."""


class GuildReports:
    """Reads the log on a thread of its own, so that no question waits for it.

    Args:
        open_journal: opens the journal once more, for that thread.
    """

    def __init__(self, parts: Parts, gate: Gate, open_journal: Callable[[], Journal]) -> None:
        self._parts = parts
        self._gate = gate
        self._open_journal = open_journal

    def add(self) -> None:
        """Give the client the commands."""
        self._parts.client.tree.add_command(self._stats())
        self._parts.client.tree.add_command(self._export())

    def _stats(self) -> app_commands.Command[Any, ..., None]:
        """``/stats``, with its words from the catalogue."""
        _words = self._parts.words
        names = {7: _words("period-week"), 30: _words("period-month"), 90: _words("period-quarter")}

        @app_commands.default_permissions(MANAGERS)
        @app_commands.rename(days=_words("option-days-name"))
        @app_commands.describe(days=_words("option-days-description"))
        @app_commands.choices(days=[app_commands.Choice(name=names[each], value=each) for each in PERIODS])
        async def stats(interaction: discord.Interaction, days: int = DEFAULT_PERIOD) -> None:
            await self._gate.manager(interaction, lambda texts: self._show_stats(interaction, texts, days))

        return self._parts.command("stats", stats, GUILDS_ALONE, GUILD_INSTALLED)

    def _export(self) -> app_commands.Command[Any, ..., None]:
        """``/export``, with its words from the catalogue."""
        _words = self._parts.words

        @app_commands.default_permissions(MANAGERS)
        @app_commands.rename(kind=_words("option-format-name"))
        @app_commands.describe(kind=_words("option-format-description"))
        @app_commands.choices(
            kind=[
                app_commands.Choice(name=_words("format-csv"), value="csv"),
                app_commands.Choice(name=_words("format-json"), value="json"),
            ]
        )
        async def save(interaction: discord.Interaction, kind: str = "csv") -> None:
            await self._gate.manager(interaction, lambda texts: self._show_export(interaction, texts, kind))

        return self._parts.command("export", save, GUILDS_ALONE, GUILD_INSTALLED)

    def _show_stats(self, interaction: discord.Interaction[Any], texts: Texts, days: int) -> Make:
        async def make() -> Message | Shown:
            now = datetime.now(UTC)
            first = now.date() - timedelta(days=days - 1)
            since = datetime.combine(first, datetime.min.time(), UTC)
            guild, channels = await self._seen(interaction, since)

            def read(journal: Journal) -> tuple[Figures, list[Topic]]:
                figures = journal.reports.figures(guild, channels, since)
                return figures, grouped(journal.reports.unanswered(guild, channels, since, QUESTIONS), TOPICS)

            figures, topics = await self._read(read)
            await self._gate.note(interaction, "stats", f"{days} days")
            if not figures.questions:
                return notice(texts("stats-none", days=days))
            bars = charted(figures, first, now.date())
            legend = texts("stats-answered-short"), texts("stats-unanswered-short")
            picture = await asyncio.to_thread(draw, bars, *legend)
            return _stats_view(figures, topics, bars, picture, days, texts)

        return make

    def _show_export(self, interaction: discord.Interaction[Any], texts: Texts, kind: str) -> Make:
        async def make() -> Message | Shown:
            guild, channels = await self._seen(interaction, FOREVER)
            names = {channel.id: channel.name for channel in _channels(interaction.guild)}
            limit = max(interaction.filesize_limit - SPARE, SPARE)
            name = f"newsdesk-{guild}-{datetime.now(UTC):%Y-%m-%d}"

            def read(journal: Journal) -> Export:
                rows = _named(journal.reports.rows(guild, channels, FOREVER), guild, names)
                return export(rows, kind, name, limit)

            made = await self._read(read)
            await self._gate.note(interaction, "export", f"{kind}, {made.rows} of {made.total} rows")
            if not made.total:
                return notice(texts("export-none"))
            said = texts("export-rows", rows=made.rows)
            if made.rows < made.total:
                said = texts("export-newest", rows=made.rows, total=made.total)
            view = discord.ui.LayoutView(timeout=None)
            view.add_item(discord.ui.TextDisplay(f"{said}\n-# {texts('export-what')}"))
            view.add_item(discord.ui.File(f"attachment://{made.name}"))
            view.stop()
            return Shown(view, (discord.File(io.BytesIO(made.content), made.name),))

        return make

    async def _read(self, read: Callable[[Journal], T]) -> T:
        def work() -> T:
            journal = self._open_journal()
            try:
                return read(journal)
            finally:
                journal.close()

        return await asyncio.to_thread(work)

    async def _seen(self, interaction: discord.Interaction[Any], since: datetime) -> tuple[int, set[int]]:
        """The guild, and those of its channels and threads with questions that the one who asks can read.

        What is neither among the guild's channels nor found at Discord is seen by nobody.
        """
        guild, member = interaction.guild, interaction.user
        if guild is None or not isinstance(member, discord.Member):
            return interaction.guild_id or 0, set()
        # What waits in memory is written first, so that a question asked a moment ago counts.
        await self._parts.worker.keep(lambda: self._parts.desk.journal())
        used = await self._read(lambda journal: journal.reports.channels(guild.id, since))
        seen = set()
        fetched = 0
        for number in sorted(used, reverse=True):
            channel: Any = guild.get_channel_or_thread(number)
            if channel is None and fetched < FETCHED:
                fetched += 1
                try:
                    channel = await guild.fetch_channel(number)
                except (discord.HTTPException, discord.InvalidData) as error:
                    log.debug("channel %d is left out: %s", number, error)
            if channel is not None and reads(channel, member):
                seen.add(number)
        return guild.id, seen


def reads(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> bool:
    """Whether a member can read what was said in a channel; in a private thread, only one who may manage threads."""
    place: Any = channel
    private = False
    if isinstance(channel, discord.Thread):
        private = channel.is_private()
        place = channel.parent
        if place is None:
            return False
    allowed = place.permissions_for(member)
    return bool(allowed.view_channel and allowed.read_message_history and (allowed.manage_threads or not private))


def charted(figures: Figures, first: date, last: date) -> list[Bar]:
    """A bar for each day, or for each week where there are many; those in which nothing was asked included."""
    length = 1 if (last - first).days < DAILY else 7
    bars = []
    start = first
    while start <= last:
        days = [(start + timedelta(days=each)).isoformat() for each in range(length)]
        found = [figures.days[day] for day in days if day in figures.days]
        bars.append(Bar(f"{start:%m-%d}", sum(asked for asked, _ in found), sum(done for _, done in found)))
        start += timedelta(days=length)
    return bars


def _stats_view(
    figures: Figures, topics: Sequence[Topic], bars: Sequence[Bar], picture: bytes, days: int, texts: Texts
) -> Shown:
    asked, answered = figures.questions, figures.answered
    lines = [
        f"**{texts('stats-title', days=days)}**",
        texts("stats-questions", questions=asked, answered=answered, percent=_percent(answered, asked)),
    ]
    if figures.judged:
        percent = _percent(figures.helpful, figures.judged)
        lines.append(texts("stats-helpful", judged=figures.judged, helpful=figures.helpful, percent=percent))
    else:
        lines.append(texts("stats-no-verdicts"))
    highest = max(bars, key=lambda bar: bar.asked)
    alt = texts(
        "stats-alt", first=bars[0].label, last=bars[-1].label, questions=asked, answered=answered,
        most=highest.asked, when=highest.label,
    )  # fmt: skip
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay("\n".join(lines)))
    chart = discord.MediaGalleryItem(f"attachment://{CHART}", description=alt[:ALT_LIMIT])
    view.add_item(discord.ui.MediaGallery(chart))
    if topics:
        listed = [f"**{texts('stats-topics')}**", *(_topic(each, texts) for each in topics)]
        view.add_item(discord.ui.TextDisplay("\n".join(listed)))
    view.add_item(discord.ui.TextDisplay(f"-# {texts('stats-what')}"))
    view.stop()
    return Shown(view, (discord.File(io.BytesIO(picture), CHART, description=alt[:ALT_LIMIT]),))


def _topic(topic: Topic, texts: Texts) -> str:
    count, example = len(topic.questions), plain(topic.questions[0], EXAMPLE_LIMIT)
    if not topic.words:
        return f"- {texts('stats-topic-other', count=count, example=example)}"
    words = plain(", ".join(topic.words), WORD_LIMIT)
    return f"- {texts('stats-topic', words=words, count=count, example=example)}"


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _channels(guild: discord.Guild | None) -> list[Any]:
    return [] if guild is None else [*guild.channels, *guild.threads]


def _named(rows: Iterator[dict[str, Any]], guild: int, names: dict[int, str]) -> Iterator[dict[str, Any]]:
    """The rows with the names of their channels, and with links to the replies in place of their ids."""
    for row in rows:
        channel, reply = row["channel"], row["message"]
        link = reply and f"https://discord.com/channels/{guild}/{channel}/{reply}"
        # Ids as text: spreadsheets round numbers of nineteen digits.
        yield {**row, "channel": str(channel), "channel_name": names.get(channel, ""), "message": link or ""}
