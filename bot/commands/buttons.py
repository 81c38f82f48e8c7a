"""What the buttons of a reply do. They know the reply's ticket and nothing else, see ``bot.panels``."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import discord

from bot import amended, panels, render
from bot.client import acknowledge, form, submitted
from bot.commands.asking import Asking
from bot.commands.threads import thread_on
from bot.journal import Logged, Surface
from bot.journal_verdicts import REASON_LIMIT, Verdict
from bot.render import Message
from bot.texts import Texts

log = logging.getLogger(__name__)

Shown = Callable[[Logged, int, Texts], Awaitable[Message]]
"""Makes what a button shows, of the exchange, the number it carries and the reader's language."""


class Buttons:
    """The handlers, by act."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._parts = asking.parts

    def add(self) -> None:
        """Give the client the handlers."""
        newsdesk = self._parts.client.newsdesk
        newsdesk.presses |= {
            "page": partial(self._show, self._page, update=True, public=True),
            "context": partial(self._show, self._context),
            "around": partial(self._show, self._context, update=True),
            "sources": partial(self._show, self._sources),
            "more": partial(self._show, self._sources, update=True),
            "helpful": partial(self._judge, Verdict.HELPFUL),
            "unhelpful": partial(self._judge, Verdict.UNHELPFUL),
            "wrong": partial(self._judge, Verdict.WRONG),
            "reason": self._ask_reason,
            "because": self._take_reason,
            "follow": self._ask_follow_up,
            "goon": self._follow_up,
        }
        newsdesk.retired = self._retired

    async def _show(
        self,
        make: Shown,
        interaction: discord.Interaction[Any],
        argument: str,
        *,
        update: bool = False,
        public: bool = False,
    ) -> None:
        """Show what ``make`` returns, to the member alone or in place of the message with the button."""
        if not await acknowledge(interaction, private=True, update=update):
            return
        texts = self._parts.catalogue.texts(interaction.locale.value)
        ticket, _, number = argument.partition(".")

        async def shown() -> Message:
            logged = await self._parts.worker.run(self._parts.desk.logged, ticket)
            if logged is None:
                return render.notice(texts("button-unknown"))
            language = self._parts.catalogue.texts(logged.locale) if public else texts
            return await make(logged, int(number) if number.isdecimal() else 1, language)

        await self._parts.fill(interaction, texts, shown)

    async def _page(self, logged: Logged, number: int, texts: Texts) -> Message:
        found = await self._parts.worker.run(self._parts.desk.amended, logged.id)
        if found is not None and found[0].wanted:
            changed = amended.pages(found[0], texts, found[1], datetime.now(UTC))
            return changed[min(max(number, 1), len(changed)) - 1]
        count = len(logged.pages)
        if not 1 <= number <= count:
            return render.notice(texts("button-retired"))
        rows = panels.reply_rows(
            texts,
            logged.ticket or "",
            answered=logged.answered,
            further=bool(logged.further),
            page=number,
            count=count,
        )
        return Message(logged.pages[number - 1], rows)

    async def _context(self, logged: Logged, number: int, texts: Texts) -> Message:
        count = len(logged.citations)
        number = min(max(number, 1), count)
        if not count:
            return render.notice(texts("button-retired"))
        place = logged.citations[number - 1].place
        excerpt = await self._parts.worker.run(lambda: self._parts.desk.newsroom().context(place))
        if excerpt is not None and not self._allowed(logged, excerpt.source):
            excerpt = None
        return panels.context(excerpt, logged.ticket or "", number, count, datetime.now(UTC), texts, logged.id)

    async def _sources(self, logged: Logged, number: int, texts: Texts) -> Message:
        found = await self._parts.worker.run(lambda: self._parts.desk.newsroom().quoted(logged.further))
        citations = [citation for citation in found if self._allowed(logged, citation.source)]
        now = datetime.now(UTC)
        return panels.sources(citations, logged.question, logged.ticket or "", number, now, texts, logged.id)

    def _allowed(self, logged: Logged, source: str) -> bool:
        """Whether the guild still lets a source be quoted."""
        sources = self._parts.guilds.of(logged.guild).sources
        return sources is None or source in sources

    async def _judge(self, verdict: Verdict, interaction: discord.Interaction[Any], ticket: str) -> None:
        await self._note(interaction, ticket, verdict, "")

    async def _note(self, interaction: discord.Interaction[Any], ticket: str, verdict: Verdict, reason: str) -> None:
        """Write a member's verdict and say so."""
        if not await acknowledge(interaction, private=True):
            return
        texts = self._parts.catalogue.texts(interaction.locale.value)
        member = self._parts.key(interaction.user.id)
        now = datetime.now(UTC)

        def write() -> bool | None:
            """Whether the verdict counts; None where the exchange is not logged any more."""
            logged = self._parts.desk.logged(ticket)
            if logged is None:
                return None
            if verdict is Verdict.WRONG:
                log.warning("a quote of exchange %d was reported as wrong", logged.id)
            return self._parts.desk.journal().verdicts.give(logged.id, member, verdict, reason, now=now)

        async def noted() -> Message:
            counts = await self._parts.worker.run(write)
            if counts is None:
                return render.notice(texts("button-unknown"))
            if not counts:
                reported = verdict is Verdict.WRONG and not reason
                return render.notice(texts("verdict-closed-reported") if reported else texts("verdict-closed"))
            if reason:
                return render.notice(texts("verdict-reason"))
            said = {
                Verdict.HELPFUL: texts("verdict-helpful"),
                Verdict.UNHELPFUL: texts("verdict-unhelpful"),
                Verdict.WRONG: texts("verdict-wrong"),
            }[verdict]
            return Message((said,), panels.reason_row(texts, ticket, verdict.value))

        await self._parts.fill(interaction, texts, noted)

    async def _ask_reason(self, interaction: discord.Interaction[Any], argument: str) -> None:
        texts = self._parts.catalogue.texts(interaction.locale.value)
        label = texts("reason-label", limit=REASON_LIMIT)
        await _open(interaction, form(texts("reason-title"), "because", argument, label, REASON_LIMIT, required=True))

    async def _take_reason(self, interaction: discord.Interaction[Any], argument: str) -> None:
        ticket, _, verdict = argument.partition(".")
        if verdict not in {each.value for each in Verdict}:
            await self._retired(interaction, argument)
            return
        await self._note(interaction, ticket, Verdict(verdict), " ".join(submitted(interaction).split()))

    async def _ask_follow_up(self, interaction: discord.Interaction[Any], ticket: str) -> None:
        texts = self._parts.catalogue.texts(interaction.locale.value)
        label = texts("follow-label")
        limit = render.QUESTION_LIMIT
        await _open(interaction, form(texts("follow-title"), "goon", ticket, label, limit, required=True))

    async def _follow_up(self, interaction: discord.Interaction[Any], ticket: str) -> None:
        """Answer a question about a reply; where only the asker saw that, only the asker sees this."""
        began = time.perf_counter()
        private = interaction.message is not None and interaction.message.flags.ephemeral
        asked = self._asking.from_interaction(interaction, submitted(interaction), Surface.BUTTON, private=private)
        thread = None if asked.private else thread_on(interaction)
        await self._asking.answer_interaction(interaction, asked, began, follows=ticket, thread=thread)

    async def _retired(self, interaction: discord.Interaction[Any], argument: str) -> None:
        del argument
        if await acknowledge(interaction, private=True):
            texts = self._parts.catalogue.texts(interaction.locale.value)

            async def sorry() -> Message:
                return render.notice(texts("button-retired"))

            await self._parts.fill(interaction, texts, sorry)


async def _open(interaction: discord.Interaction[Any], modal: discord.ui.Modal) -> None:
    """Open a form; it is an acknowledgement by itself."""
    try:
        await interaction.response.send_modal(modal)
    except (discord.HTTPException, discord.InteractionResponded) as error:
        log.warning("interaction %s could not be acknowledged: %s", interaction.id, error)
