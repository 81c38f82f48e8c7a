"""``/reindex``: one message that says how far it is, who asked for it and when, with a button that cancels it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot import logs
from bot.client import NOT_SENT, acknowledge, layout
from bot.commands import apology, without_folders
from bot.commands.gate import MANAGERS, Gate
from bot.commands.parts import GUILD_INSTALLED, GUILDS_AND_DIRECT, Parts, saying
from bot.markdown import plain, stamp
from bot.reindexing import End, Reindexing, ReindexRunningError, Run
from bot.render import Button, Message, notice
from bot.texts import Texts

log = logging.getLogger(__name__)

EDIT_SECONDS = 3.0
"""Least time between two edits; Discord takes five in five seconds in a channel, and others write there too."""
LOOK_SECONDS = 0.25
"""How often it is looked whether something changed, or the bot itself is to stop."""
TOKEN_SECONDS = 14 * 60
"""How long Discord lets a reply be edited by its interaction, less a minute."""
WHO = "an owner by /reindex"
SAID_LIMIT = 300


class Reindex:
    """Starts a reindex for an owner and follows it.

    Args:
        clock: seconds that only grow.
    """

    def __init__(
        self, parts: Parts, gate: Gate, reindexing: Reindexing, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._parts = parts
        self._gate = gate
        self._reindexing = reindexing
        self._clock = clock

    def add(self) -> None:
        """Give the client the command and the handler of its button."""
        self._parts.client.tree.add_command(self._command())
        self._parts.client.newsdesk.presses["reindexstop"] = self._cancel

    def _command(self) -> app_commands.Command[Any, ..., None]:
        """``/reindex``, with its words from the catalogue."""
        _words = self._parts.words

        @app_commands.default_permissions(MANAGERS)
        async def reindex(interaction: discord.Interaction) -> None:
            await self._parts.client.newsdesk.start(self._start(interaction))

        return self._parts.command("reindex", reindex, GUILDS_AND_DIRECT, GUILD_INSTALLED)

    async def _start(self, interaction: discord.Interaction[Any]) -> None:
        owner = self._gate.owns(interaction)
        texts = self._parts.texts(interaction, hidden=not owner)
        if not await acknowledge(interaction, private=not owner):
            return
        if not owner:
            await self._parts.fill(interaction, texts, saying(texts("owner-only")))
            return
        with logs.request() as request:
            try:
                run = await self._reindexing.start(interaction.user.id, interaction.guild_id, WHO)
            except ReindexRunningError as error:
                await self._edit(interaction, None, _busy(error.run, interaction.guild_id, texts))
                return
            except OSError as error:
                await self._edit(interaction, None, notice(apology(error, texts, request)))
                return
            following = asyncio.create_task(self._reindexing.follow(run))
            await self._gate.note(interaction, "reindex", "started")
            try:
                await self._show(interaction, run, texts)
            finally:
                await following
            log.info("reindex ended: %s %s", run.end, " ".join(run.said))
            await self._gate.note(interaction, "reindex", run.end.value if run.end else "")

    async def _show(self, interaction: discord.Interaction[Any], run: Run, texts: Texts) -> None:
        """Edit the one message until the run has ended, no more often than Discord likes."""
        began = self._clock()
        message: discord.PartialMessage | None = None
        while True:
            ended = run.end is not None
            by_itself = message if self._clock() - began > TOKEN_SECONDS else None
            message = await self._edit(interaction, by_itself, progress(run, texts)) or message
            if ended:
                return
            await self._change(run)

    async def _change(self, run: Run) -> None:
        """Wait for a change and for the pause between two edits; the end of the run, or of the bot, cuts it short."""
        until = self._clock() + EDIT_SECONDS
        while run.end is None and not (run.changed and self._clock() >= until):
            if self._parts.client.newsdesk.stopping:
                await self._reindexing.stop(run, End.STOPPED)
            await asyncio.sleep(LOOK_SECONDS)
        run.changed = False

    async def _edit(
        self, interaction: discord.Interaction[Any], message: discord.PartialMessage | None, made: Message
    ) -> discord.PartialMessage | None:
        """Show ``made``, by the interaction or, once that has expired, as the bot's own message."""
        try:
            if message is not None:
                await message.edit(view=layout(made))
                return message
            sent = await interaction.edit_original_response(view=layout(made))
            channel = self._parts.client.get_partial_messageable(sent.channel.id)
            return channel.get_partial_message(sent.id)
        except NOT_SENT as error:
            log.warning("how far the reindex is could not be shown: %s", error)
            return None

    async def _cancel(self, interaction: discord.Interaction[Any], number: str) -> None:
        texts = self._parts.texts(interaction, hidden=True)
        if not self._gate.owns(interaction):
            if await acknowledge(interaction, private=True):
                await self._parts.fill(interaction, texts, saying(texts("owner-only")))
            return
        run = self._reindexing.run
        if run is None or run.number != number:
            if await acknowledge(interaction, private=True):
                await self._parts.fill(interaction, texts, saying(texts("reindex-over")))
            return
        if await acknowledge(interaction, update=True):  # the message says the rest
            await self._gate.note(interaction, "reindex", "cancelled")
            await self._reindexing.stop(run, canceller=interaction.user.id)


def progress(run: Run, texts: Texts) -> Message:
    """How far a run is, or how it ended."""
    head = texts("reindex-title", member=f"<@{run.member}>", since=stamp(run.since, "R"))
    if run.end is None:
        button = Button(texts("button-cancel"), "reindexstop", run.number)
        return Message((f"{head}\n{_stage(run, texts)}",), ((button,),))
    head = texts("reindex-title-ended", member=f"<@{run.member}>", since=stamp(run.since, "f"))
    said = plain(without_folders(" ".join(run.said)), SAID_LIMIT)
    blocks = [f"{head}\n{_ending(run, texts)}"]
    if run.end is End.BUSY:
        blocks.append(texts("reindex-busy-process", holder=plain(run.holder, SAID_LIMIT)))
    elif said and run.end is End.FAILED:
        blocks.append(f"-# {said}")
    return Message(tuple(blocks))


def _stage(run: Run, texts: Texts) -> str:
    if run.step is None:
        return texts("reindex-starting")
    names = {
        "read": texts("reindex-stage-read"),
        "fetch": texts("reindex-stage-fetch"),
        "prepare the model": texts("reindex-stage-prepare"),
        "embed": texts("reindex-stage-embed"),
        "keywords": texts("reindex-stage-keywords"),
        "publish": texts("reindex-stage-publish"),
    }
    stage = names.get(run.step.stage, texts("reindex-stage-other"))
    if not run.step.total:
        return texts("reindex-step-open", stage=stage)
    percent = 100 * run.step.done // run.step.total
    return texts("reindex-step", stage=stage, done=run.step.done, total=run.step.total, percent=percent)


def _ending(run: Run, texts: Texts) -> str:
    if run.end is End.DONE and run.result is not None:
        made = run.result
        counts = texts(
            "reindex-counts",
            new=made.new,
            changed=made.changed,
            unchanged=made.unchanged,
            withdrawn=made.withdrawn,
            failed=made.failed,
        )
        state = texts("reindex-published") if made.published else texts("reindex-unchanged")
        whole = texts("reindex-index", articles=made.articles, passages=made.passages)
        seconds = int((datetime.now(UTC) - run.since).total_seconds())
        return f"{state} {whole}\n-# {counts}\n-# {texts('reindex-took', minutes=seconds // 60, seconds=seconds % 60)}"
    return {
        End.DONE: texts("reindex-published"),
        End.NOTHING_READ: texts("reindex-nothing"),
        End.BUSY: texts("reindex-busy"),
        End.FAILED: texts("reindex-failed"),
        End.CANCELLED: texts("reindex-cancelled", member=f"<@{run.canceller}>"),
        End.STOPPED: texts("reindex-stopped"),
    }[run.end or End.FAILED]


def _busy(run: Run, guild: int | None, texts: Texts) -> Message:
    """What a second owner reads, or the same one in another guild."""
    step = _stage(run, texts)
    where = texts("reindex-here") if run.guild == guild else texts("reindex-elsewhere")
    title = texts("reindex-title", member=f"<@{run.member}>", since=stamp(run.since, "R"))
    return Message((f"{texts('reindex-busy')}\n{title}\n{where} {step}",))
