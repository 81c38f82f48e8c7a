"""One question from its arrival to the log, however it was asked."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from bot import logs, markdown, panels, render
from bot.client import NOT_SENT, acknowledge, insistently, layout
from bot.commands import apology
from bot.commands.parts import Parts, installed_for
from bot.commands.threads import opened
from bot.conversation import Understood, by_itself, query_of
from bot.guilds import GuildSettings
from bot.journal import Exchange, Installation, Logged, Surface, new_ticket
from bot.records import Answer
from bot.texts import Texts
from bot.worker import StoppedError
from corpus.errors import NewsdeskError
from index.records import Query

log = logging.getLogger(__name__)

RECENT = timedelta(minutes=10)
"""How long a direct conversation goes on by itself."""

Deliver = Callable[[render.Message], Awaitable[int | None]]
"""Sends a reply and returns the id of its message."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it came from.

    Attributes:
        locale: the language that the reply is written in.
        settings: the guild's; the defaults where the guild has no say.
        previous: the exchange that it goes on from.
        implied: nobody said so; it only came just before, so that a question that stands by itself follows nothing.
        refusal: what the member reads instead of an answer.
        limited: it is refused because too much was asked.
    """

    text: str
    texts: Texts
    locale: str
    surface: Surface
    installation: Installation
    member: int
    channel: int | None
    guild: int | None
    settings: GuildSettings
    private: bool = False
    question_message: int | None = None
    sources: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    previous: Logged | None = None
    implied: bool = False
    refusal: str | None = None
    limited: bool = False


class Asking:
    """Takes questions to the desk and the replies back."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def from_interaction(
        self, interaction: discord.Interaction[Any], text: str, surface: Surface, *, private: bool = False
    ) -> Asked:
        """A question that came by a command, a button or a form, refused where it cannot be answered."""
        installation = installed_for(interaction)
        hidden = private or (installation is Installation.USER and not _with_bot_alone(interaction))
        settings = self.parts.settings(interaction)
        locale = interaction.locale.value if hidden else settings.language or interaction.locale.value
        asked = Asked(
            text=" ".join(text.split()),
            texts=self.parts.catalogue.texts(locale),
            locale=locale,
            surface=surface,
            installation=installation,
            member=interaction.user.id,
            channel=interaction.channel_id,
            guild=interaction.guild_id,
            settings=settings,
            private=hidden,
            sources=settings.sources,
        )
        if settings.answers_in(interaction.channel_id, getattr(interaction.channel, "parent_id", None)):
            return asked
        return replace(asked, refusal=self._elsewhere(settings, asked.texts))

    def checked(self, asked: Asked) -> Asked:
        """The question, counted against the limits, with its refusal where there is one."""
        said = self.parts.count_question(asked.member, asked.guild, asked.texts)
        if said is not None:
            return replace(asked, refusal=said, limited=True)
        return replace(asked, refusal=asked.refusal or self._refusal(asked))

    async def going_on(
        self, asked: Asked, *, ticket: str | None = None, reply: int | None = None, channel: int | None = None
    ) -> Asked:
        """The question with the exchange that it goes on from: by the ticket or the message of that one's reply, or
        the newest of a channel, which in a direct conversation counts for ten minutes."""
        if asked.refusal is not None or (ticket is None and reply is None and channel is None):
            return asked
        try:
            look_up = self.parts.desk.previous
            previous = await self.parts.worker.run(look_up, ticket=ticket, reply=reply, channel=channel)
        except NewsdeskError as error:
            log.warning("a follow-up is answered by itself: %s", error)
            return asked
        implied = ticket is None and reply is None and asked.guild is None
        if previous is not None and implied and datetime.now(UTC) - previous.asked > RECENT:
            return asked
        return replace(asked, previous=previous, implied=implied)

    async def answer_interaction(
        self,
        interaction: discord.Interaction[Any],
        asked: Asked,
        began: float,
        *,
        follows: str | None = None,
        thread: discord.Thread | None = None,
    ) -> None:
        """Answer a question that came by an interaction; refusals are for the asker's eyes only.

        Args:
            follows: the ticket of the reply that it goes on from.
            thread: to which that reply's exchange moved; the answer goes there, and the asker is told so.
        """
        asked = self.checked(asked)
        if asked.refusal is not None:
            thread = None
        if not await acknowledge(interaction, private=asked.private or asked.refusal is not None or thread is not None):
            return
        asked = await self.going_on(asked, ticket=follows)
        if thread is not None:
            asked = replace(asked, channel=thread.id)

        async def deliver(message: render.Message) -> int:
            if thread is not None:
                said = asked.texts("thread-here", thread=thread.mention)
                sent = await insistently(
                    lambda: thread.send(view=layout(message), suppress_embeds=True, nonce=interaction.id)
                )
                await insistently(lambda: interaction.edit_original_response(view=layout(render.notice(said))))
                return sent.id
            reply = await insistently(lambda: interaction.edit_original_response(view=layout(message)))
            if not asked.private:
                await opened(reply, asked)
            return reply.id

        await self.exchange(asked, deliver, began)

    async def exchange(self, asked: Asked, deliver: Deliver, began: float) -> None:
        """Search, reply, and then the record of both.

        The reply goes out before anything is written, so that no state of the disk can hold it up.
        """
        with logs.request() as request:
            answer: Answer | None = None
            pages: tuple[render.Message, ...] = ()
            ticket, understood = new_ticket(), Understood(asked.text, "", False)
            run, desk = self.parts.worker.run, self.parts.desk
            if asked.refusal is not None:
                reply = render.notice(asked.refusal)
            else:
                try:
                    now = datetime.now(UTC)
                    async with self.parts.limits.turn(asked.member, asked.guild):
                        if asked.previous is not None:
                            understood = await run(desk.understand, asked.text, asked.previous, now)
                        understood, answer = await self._answer(asked, understood, now)
                    if asked.implied and not understood.rewritten:
                        asked = replace(asked, previous=None)
                    rewritten = understood.text if understood.rewritten else ""
                    fixed = [asked.texts("reply-fixed", command=_corrections(asked.texts))] if asked.private else []
                    pages = render.pages(answer, asked.text, asked.texts, rewritten, fixed)
                    rows = panels.reply_rows(
                        asked.texts,
                        ticket,
                        answered=answer.answered,
                        further=bool(answer.further),
                        count=len(pages),
                    )
                    reply = replace(pages[0], rows=rows)
                except Exception as error:  # the member is told, the operator finds it in the log
                    answer = None
                    reply = render.notice(apology(error, asked.texts, request))
            message: int | None = None
            try:
                message = await deliver(reply)
            except NOT_SENT as error:
                log.error("the reply could not be sent: %s", error)
            if answer is None:
                return
            took_ms = (time.perf_counter() - began) * 1000
            log.info("answered=%s confidence=%.2f took_ms=%.0f", answer.answered, answer.confidence, took_ms)
            await self._record(
                Exchange(
                    asked=answer.query.now,
                    surface=asked.surface,
                    question=asked.text,
                    reply="\n".join(page.text for page in pages),
                    answer=answer,
                    took_ms=took_ms,
                    installation=asked.installation,
                    guild=asked.guild,
                    channel=asked.channel,
                    member=self.parts.key(asked.member),
                    locale=asked.locale,
                    private=asked.private,
                    question_message=asked.question_message,
                    reply_message=message,
                    request=request,
                    ticket=ticket,
                    follows=asked.previous.id if asked.previous else None,
                    understood=understood.text if understood.rewritten else None,
                    pages=tuple(page.blocks for page in pages) if len(pages) > 1 else (),
                )
            )

    async def _answer(self, asked: Asked, understood: Understood, now: datetime) -> tuple[Understood, Answer]:
        """The answer, and what the question was understood as in the end, see ``Understood.alone``."""
        worker, ask, threshold = self.parts.worker, self.parts.desk.ask, asked.settings.threshold
        answer = await worker.run(ask, _query(asked, understood, now), threshold)
        if answer.answered or not understood.alone:
            return understood, answer
        alone = by_itself(understood, asked.text)
        other = await worker.keep(ask, _query(asked, alone, now), threshold)
        return (alone, other) if other.answered else (understood, answer)

    async def _record(self, exchange: Exchange) -> None:
        try:
            await self.parts.worker.keep(self.parts.desk.record, exchange)
        except StoppedError:
            log.error("an exchange was not logged: the bot stopped before")

    def _refusal(self, asked: Asked) -> str | None:
        """What a member reads instead of an answer, where nothing is searched."""
        if self.parts.client.newsdesk.stopping:
            return asked.texts("error-stopping")
        if not markdown.visible(asked.text):
            return self._howto(asked)
        if len(asked.text) > render.QUESTION_LIMIT:
            return asked.texts("question-long", length=len(asked.text), limit=render.QUESTION_LIMIT)
        return None

    def _howto(self, asked: Asked) -> str:
        if asked.surface not in {Surface.DIRECT, Surface.MENTION, Surface.REPLY}:
            return asked.texts("question-empty")
        if asked.guild is None:
            return asked.texts("howto-direct")
        me = self.parts.client.user
        return asked.texts("howto", mention=me.mention if me else "", command=f"`/{asked.texts('command-ask-name')}`")

    @staticmethod
    def _elsewhere(settings: GuildSettings, texts: Texts) -> str:
        if not settings.channels:
            return texts("elsewhere-nowhere")
        return texts("elsewhere", channels=", ".join(f"<#{channel}>" for channel in sorted(settings.channels)[:10]))


def _corrections(texts: Texts) -> str:
    """The command that lists corrections, as members type it."""
    return f"`/{texts('command-corrections-name')}`"


def _query(asked: Asked, understood: Understood, now: datetime) -> Query:
    return replace(query_of(understood, now), sources=asked.sources, since=asked.since, until=asked.until)


def _with_bot_alone(interaction: discord.Interaction[Any]) -> bool:
    """Whether it was asked in the direct conversation with the bot, where nobody else reads along."""
    return interaction.context.dm_channel
