"""Questions in messages: a mention, a direct message, a reply to the bot; and, with the Message Content intent, any
question in the channels whose admins asked for that. Every other message is left alone and nothing of it is kept."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from dataclasses import replace

import discord

from bot import render
from bot.chat import SmallTalk, is_question, small_talk
from bot.client import NOT_SENT, insistently, layout
from bot.commands.asking import Asked, Asking
from bot.commands.threads import opened
from bot.guilds import GuildSettings
from bot.journal import Installation, Surface
from bot.texts import Texts
from corpus.errors import NewsdeskError
from index.language import identify

log = logging.getLogger(__name__)

TYPING_SECONDS = 8.0
"""Discord shows "typing" for ten seconds after each request."""
LANGUAGES = 10_000
"""Direct conversations of which the language is remembered."""


class Messages:
    """Answers messages that speak to the bot."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._parts = asking.parts
        self._client = asking.parts.client
        self._languages: OrderedDict[int, str] = OrderedDict()

    def add(self) -> None:
        """Give the client the handler."""
        self._client.newsdesk.on_message = self.message

    async def message(self, message: discord.Message) -> None:
        """Answer a message that speaks to the bot; leave every other alone."""
        began = time.perf_counter()
        settings = self._parts.guilds.of(message.guild.id if message.guild else None)
        surface = self._surface(message, settings)
        talk = small_talk(message.content)
        if talk is SmallTalk.THANKS or (talk and surface is Surface.REPLY):
            return
        if surface is None or not self._client.newsdesk.seen.first(message.id):
            return
        if not settings.answers_in(message.channel.id, getattr(message.channel, "parent_id", None)):
            return
        guild = message.guild
        if guild:
            locale = settings.language or guild.preferred_locale.value
        else:
            locale = self._languages.get(message.channel.id, "")
        texts = self._parts.catalogue.texts(locale)
        if missing := missing_permissions(message, texts):
            await self._name_missing(message, surface, missing, texts)
            return
        asked = Asked(
            text="" if talk else plain_question(message.content),
            texts=texts,
            locale=locale,
            surface=surface,
            installation=Installation.GUILD if guild else Installation.DIRECT,
            member=message.author.id,
            channel=message.channel.id,
            guild=guild.id if guild else None,
            settings=settings,
            question_message=message.id,
            sources=settings.sources,
        )
        asked = self._asking.checked(asked)
        if asked.limited and not self._parts.limits.tell(message.author.id):
            return
        typing = asyncio.create_task(_keep_typing(message.channel))
        try:
            await self._answer(message, asked, began)
        finally:
            typing.cancel()

    async def _answer(self, message: discord.Message, asked: Asked, began: float) -> None:
        channel = message.channel.id if message.guild is None else self._own_thread(message)
        asked = await self._asking.going_on(asked, reply=_answered_message(message), channel=channel)
        if message.guild is None and asked.refusal is None:
            asked = await self._in_its_language(asked)
        thread = await opened(message, asked)
        if thread is not None:
            asked = replace(asked, channel=thread.id)

        async def deliver(reply: render.Message) -> int:
            # The nonce keeps a reply that is sent again, because its response was lost, from standing there twice.
            if thread is not None:
                return (await thread.send(view=layout(reply), suppress_embeds=True, nonce=message.id)).id
            # A question that was deleted meanwhile is answered all the same, only not as a reply to it.
            reference = message.to_reference(fail_if_not_exists=False)
            sent = await message.channel.send(
                view=layout(reply), reference=reference, suppress_embeds=True, nonce=message.id
            )
            return sent.id

        await self._asking.exchange(asked, lambda reply: insistently(lambda: deliver(reply)), began)

    def _surface(self, message: discord.Message, settings: GuildSettings) -> Surface | None:
        """Through what a message speaks to the bot; None where it does not."""
        me = self._client.user
        if me is None or message.author.bot or message.author.system or message.webhook_id is not None:
            return None
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return None
        if message.guild is None:
            return Surface.DIRECT
        if re.search(rf"<@!?{me.id}>", message.content) or message.guild.self_role in message.role_mentions:
            # Discord offers the bot's role under the same name; it hides such a message's words, so a how-to is given.
            return Surface.MENTION
        # Discord counts a reply that pings its author among the mentions, without one in the text.
        answered = message.type is discord.MessageType.reply
        if answered and any(user.id == me.id for user in message.mentions):
            return Surface.REPLY
        if not self._client.intents.message_content or message.mentions:
            return None
        return self._unaddressed(message, settings, me.id)

    def _unaddressed(self, message: discord.Message, settings: GuildSettings, me: int) -> Surface | None:
        """The same for a message that names nobody, read with the Message Content intent."""
        language = settings.language or (message.guild.preferred_locale.value if message.guild else "")
        asks = is_question(message.content, language.partition("-")[0])
        marked = plain_question(message.content).endswith("?")
        if message.reference is not None:
            said = message.reference.resolved
            ours = isinstance(said, discord.Message) and said.author.id == me
            return Surface.REPLY if ours and (asks or marked) else None
        if self._own_thread(message) is not None:
            return Surface.REPLY if asks or marked else None
        return Surface.CHANNEL if asks and message.channel.id in settings.answer_all else None

    def _own_thread(self, message: discord.Message) -> int | None:
        """The id of the thread a message stands in, if the bot opened it."""
        me, channel = self._client.user, message.channel
        return channel.id if isinstance(channel, discord.Thread) and me and channel.owner_id == me.id else None

    async def _in_its_language(self, asked: Asked) -> Asked:
        """A direct message's question, to be answered in the language it is written in.

        Discord does not say which language somebody reads who writes a message. What is too short to tell goes on in
        the language of the conversation so far.
        """
        try:
            found = await self._parts.worker.run(identify, asked.text)
        except NewsdeskError as error:
            log.warning("the language of a question is not known: %s", error)
            return asked
        before = asked.locale or (asked.previous.locale if asked.previous else None) or ""
        language = next(iter(found)) if len(found) == 1 else before
        if not self._parts.catalogue.knows(language):
            language = before
        if language and asked.channel is not None:
            self._languages[asked.channel] = language
            self._languages.move_to_end(asked.channel)
            if len(self._languages) > LANGUAGES:
                self._languages.popitem(last=False)
        return replace(asked, locale=language, texts=self._parts.catalogue.texts(language))

    async def _name_missing(self, message: discord.Message, surface: Surface, missing: list[str], texts: Texts) -> None:
        """Tell the asker, in private, what keeps the bot from answering; where they take no message, the log has it.

        Who did not speak to the bot gets no message from it.
        """
        log.warning("channel %d: cannot answer, missing: %s", message.channel.id, ", ".join(missing))
        if surface is Surface.CHANNEL or not self._parts.limits.tell(message.author.id):
            return
        said = texts("permission-missing", channel=f"<#{message.channel.id}>", permissions=", ".join(missing))
        try:
            await message.author.send(view=layout(render.notice(said)))
        except NOT_SENT as error:
            log.warning("the asker could not be told either: %s", error)


def missing_permissions(message: discord.Message, texts: Texts) -> list[str]:
    """Names of the permissions that the bot needs to answer ``message`` and has not."""
    channel, guild = message.channel, message.guild
    me = guild.me if guild else None
    if me is None or not isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
        return []
    allowed = channel.permissions_for(me)
    if isinstance(channel, discord.Thread):
        sending = (allowed.send_messages_in_threads, texts("permission-send-threads"))
    else:
        sending = (allowed.send_messages, texts("permission-send"))
    needed = (
        (allowed.view_channel, texts("permission-view")),
        sending,
        (allowed.read_message_history, texts("permission-history")),
    )
    return [name for granted, name in needed if not granted]


def plain_question(content: str) -> str:
    """The words of a message, on one line: without mentions, and custom emoji by their names."""
    words = re.sub(r"<(?:@[!&]?|#)\d+>", " ", content)
    words = re.sub(r"<a?:(\w+):\d+>", r" \1 ", words)
    return " ".join(words.split())


def _answered_message(message: discord.Message) -> int | None:
    return message.reference.message_id if message.reference else None


async def _keep_typing(channel: discord.abc.Messageable) -> None:
    """Show "typing" until cancelled; where Discord refuses, the reply comes without."""
    try:
        while True:
            await channel.typing()
            await asyncio.sleep(TYPING_SECONDS)
    except NOT_SENT as error:
        log.debug("typing could not be shown: %s", error)
