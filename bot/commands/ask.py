"""Asking: the slash command, a mention, a direct message, a reply to the bot."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands

from bot import logs, render
from bot.client import Client, layout
from bot.commands import apology
from bot.desk import Desk
from bot.journal import Exchange, Installation, Surface, member_key
from bot.records import Answer
from bot.texts import Catalogue, Texts
from bot.worker import StoppedError, Worker
from index.records import Query

log = logging.getLogger(__name__)

TYPING_SECONDS = 8.0
"""Discord shows "typing" for ten seconds after each request."""

Deliver = Callable[[render.Message], Awaitable[int | None]]
"""Sends a reply and returns the id of its message."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where it came from."""

    text: str
    texts: Texts
    locale: str
    surface: Surface
    installation: Installation
    member: int
    channel: int | None
    guild: int | None
    private: bool = False
    question_message: int | None = None


class Ask:
    """Takes questions from Discord to the desk, and the replies back.

    Args:
        secret: key of the installation, under which members are logged.
    """

    def __init__(self, client: Client, worker: Worker, desk: Desk, catalogue: Catalogue, secret: bytes) -> None:
        self._client = client
        self._worker = worker
        self._desk = desk
        self._catalogue = catalogue
        self._secret = secret

    def add(self) -> None:
        """Give the client the command and the handler of messages."""
        self._client.tree.add_command(self._command())
        self._client.newsdesk.on_message = self.message

    def _command(self) -> app_commands.Command[Any, ..., None]:
        """``/ask``, with its words from the catalogue."""

        @app_commands.rename(question=self._words("option-question-name"), private=self._words("option-private-name"))
        @app_commands.describe(
            question=self._words("option-question-description"), private=self._words("option-private-description")
        )
        async def ask(
            interaction: discord.Interaction,
            question: app_commands.Range[str, 1, render.QUESTION_LIMIT],
            private: bool = False,
        ) -> None:
            await self._client.newsdesk.start(self.slash(interaction, question, private))

        return app_commands.Command(
            name=self._words("command-ask-name"),
            description=self._words("command-ask-description"),
            callback=ask,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    def _words(self, key: str) -> app_commands.locale_str:
        return app_commands.locale_str(self._catalogue.texts(None)(key), key=key)

    async def slash(self, interaction: discord.Interaction, question: str, private: bool) -> None:
        """Answer ``/ask``. Deferred before anything else, because Discord waits three seconds only."""
        began = time.perf_counter()
        installation = installed_for(interaction)
        hidden = private or (installation is Installation.USER and not _with_bot_alone(interaction))
        try:
            await interaction.response.defer(thinking=True, ephemeral=hidden)
        except discord.HTTPException as error:
            # Too late, or acknowledged already: Discord takes no reply to it any more, and tells the member itself.
            log.warning("interaction %s could not be acknowledged: %s", interaction.id, error)
            return
        locale = interaction.locale.value
        asked = Asked(
            text=" ".join(question.split()),
            texts=self._catalogue.texts(locale),
            locale=locale,
            surface=Surface.SLASH,
            installation=installation,
            member=interaction.user.id,
            channel=interaction.channel_id,
            guild=interaction.guild_id,
            private=hidden,
        )

        async def deliver(message: render.Message) -> int:
            return (await interaction.edit_original_response(view=layout(message))).id

        await self.exchange(asked, deliver, began)

    async def message(self, message: discord.Message) -> None:
        """Answer a message that speaks to the bot; leave every other alone."""
        began = time.perf_counter()
        surface = self._surface(message)
        if surface is None:
            return
        locale = message.guild.preferred_locale.value if message.guild else ""
        texts = self._catalogue.texts(locale)
        asked = Asked(
            text=plain_question(message.content),
            texts=texts,
            locale=locale,
            surface=surface,
            installation=Installation.GUILD if message.guild else Installation.DIRECT,
            member=message.author.id,
            channel=message.channel.id,
            guild=message.guild.id if message.guild else None,
            question_message=message.id,
        )

        async def deliver(reply: render.Message) -> int:
            # A question that was deleted meanwhile is answered all the same, only not as a reply to it.
            reference = message.to_reference(fail_if_not_exists=False)
            return (await message.channel.send(view=layout(reply), reference=reference)).id

        typing = asyncio.create_task(_keep_typing(message.channel))
        try:
            await self.exchange(asked, deliver, began)
        finally:
            typing.cancel()

    async def exchange(self, asked: Asked, deliver: Deliver, began: float) -> None:
        """One question from its arrival to the log: search, reply, and then the record of both.

        The reply goes out before anything is written, so that no state of the disk can hold it up.
        """
        with logs.request() as request:
            answer: Answer | None = None
            refusal = self._refusal(asked)
            if refusal:
                reply = render.notice(refusal)
            else:
                try:
                    answer = await self._worker.run(self._desk.ask, Query(asked.text, datetime.now(UTC)))
                    reply = render.reply(answer, asked.text, asked.texts)
                except Exception as error:  # the member is told, the operator finds it in the log
                    answer = None
                    reply = render.notice(apology(error, asked.texts, request))
            message: int | None = None
            try:
                message = await deliver(reply)
            except (discord.HTTPException, OSError) as error:
                log.error("the reply could not be sent: %s", error)
            took_ms = (time.perf_counter() - began) * 1000
            if answer is not None:
                log.info("answered=%s confidence=%.2f took_ms=%.0f", answer.answered, answer.confidence, took_ms)
                await self._record(asked, answer, reply, message, took_ms, request)

    async def _record(
        self, asked: Asked, answer: Answer, reply: render.Message, message: int | None, took_ms: float, request: str
    ) -> None:
        exchange = Exchange(
            asked=answer.query.now,
            surface=asked.surface,
            question=asked.text,
            reply=reply.text,
            answer=answer,
            took_ms=took_ms,
            installation=asked.installation,
            guild=asked.guild,
            channel=asked.channel,
            member=member_key(self._secret, asked.member),
            locale=asked.locale,
            private=asked.private,
            question_message=asked.question_message,
            reply_message=message,
            request=request,
        )
        try:
            await self._worker.keep(self._desk.record, exchange)
        except StoppedError:
            log.error("an exchange was not logged: the bot stopped before")

    def _refusal(self, asked: Asked) -> str | None:
        """What a member reads instead of an answer, where nothing is searched."""
        if self._client.newsdesk.stopping:
            return asked.texts("error-stopping")
        if not render.visible(asked.text):
            return self._howto(asked)
        if len(asked.text) > render.QUESTION_LIMIT:
            return asked.texts("question-long", length=len(asked.text), limit=render.QUESTION_LIMIT)
        return None

    def _howto(self, asked: Asked) -> str:
        if asked.surface is Surface.SLASH:
            return asked.texts("question-empty")
        if asked.guild is None:
            return asked.texts("howto-direct")
        me = self._client.user
        return asked.texts("howto", mention=me.mention if me else "", command=f"`/{asked.texts('command-ask-name')}`")

    def _surface(self, message: discord.Message) -> Surface | None:
        """Through what a message speaks to the bot; None where it does not."""
        me = self._client.user
        if me is None or message.author.bot or message.author.system or message.webhook_id is not None:
            return None
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return None
        if message.guild is None:
            return Surface.DIRECT
        if re.search(rf"<@!?{me.id}>", message.content):
            return Surface.MENTION
        # Discord counts a reply that pings its author among the mentions, without one in the text.
        if message.type is discord.MessageType.reply and any(user.id == me.id for user in message.mentions):
            return Surface.REPLY
        return None


def plain_question(content: str) -> str:
    """The words of a message, on one line: without mentions, and custom emoji by their names."""
    words = re.sub(r"<(?:@[!&]?|#)\d+>", " ", content)
    words = re.sub(r"<a?:(\w+):\d+>", r" \1 ", words)
    return " ".join(words.split())


def installed_for(interaction: discord.Interaction) -> Installation:
    """Through which installation an interaction came: the guild's where both are there."""
    if interaction.guild_id is not None and interaction.is_guild_integration():
        return Installation.GUILD
    if interaction.is_user_integration():
        return Installation.USER
    return Installation.GUILD if interaction.guild_id is not None else Installation.DIRECT


def _with_bot_alone(interaction: discord.Interaction) -> bool:
    """Whether it was asked in the direct conversation with the bot, where nobody else reads along."""
    return interaction.context.dm_channel


async def _keep_typing(channel: discord.abc.Messageable) -> None:
    """Show "typing" until cancelled; where Discord refuses, the reply comes without."""
    try:
        while True:
            await channel.typing()
            await asyncio.sleep(TYPING_SECONDS)
    except (discord.HTTPException, OSError) as error:
        log.debug("typing could not be shown: %s", error)
