"""``/follow`` and ``/following``, the button under a reply that follows its question, and the sending to Discord."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot import markdown, panels, render
from bot.client import Client, layout
from bot.commands.parts import Make, Parts, installed_for
from bot.journal import Installation
from bot.journal_follows import MOST, Follow
from bot.records import Place
from bot.render import Message, notice
from bot.telling import RefusedError, Sent, Unsure
from bot.texts import Texts
from bot.vault import Vault
from index.records import Query

log = logging.getLogger(__name__)

LOOKED_AT = 200
"""Messages of a conversation among which one is looked for."""


class DiscordSender:
    """The ``bot.telling.Sender`` of a connected client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, user: int, channel: int, message: Message, nonce: str) -> Sent:
        """See ``bot.telling.Sender``."""
        try:
            sent = await (await self._target(user, channel)).send(view=layout(message), nonce=nonce)
        except (discord.Forbidden, discord.NotFound) as error:
            raise RefusedError(str(error), subject="a follower") from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise Unsure(str(error), subject="a follower") from error
        return Sent(sent.channel.id, sent.id)

    async def find(self, user: int, channel: int, mark: str, since: datetime) -> Sent | None:
        """See ``bot.telling.Sender``."""
        wanted = f"nd:unfollow:{mark}"
        me = self._client.user
        try:
            async for message in (await self._target(user, channel)).history(limit=LOOKED_AT, after=since):
                if me is not None and message.author.id == me.id and wanted in _buttons(message):
                    return Sent(message.channel.id, message.id)
        except (discord.Forbidden, discord.NotFound) as error:
            raise RefusedError(str(error), subject="a follower") from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise Unsure(str(error), subject="a follower") from error
        return None

    async def _target(self, user: int, channel: int) -> discord.abc.Messageable:
        if not channel:
            return await self._client.create_dm(discord.Object(user))
        found = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
        if not isinstance(found, discord.abc.Messageable):
            raise RefusedError("takes no messages", subject=f"channel {channel}")
        return found


def _buttons(message: discord.Message) -> set[str]:
    rows = [part for part in message.components if isinstance(part, discord.ActionRow)]
    return {each.custom_id or "" for row in rows for each in row.children if isinstance(each, discord.Button)}


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be followed.

    Attributes:
        logged: row id of the exchange, with whose words the question goes.
        asked: when that was asked.
        known: what the answer quoted; None where it is not known yet.
    """

    question: str
    understood: str
    logged: int | None
    asked: datetime
    known: tuple[Place, ...] | None


class Following:
    """The commands and the handlers.

    Args:
        vault: seals whom to tell.
        days: how long a question is followed at most: as long as words of members are kept.
    """

    def __init__(self, parts: Parts, vault: Vault, days: int) -> None:
        self._parts = parts
        self._vault = vault
        self._days = days

    def add(self) -> None:
        """Give the client the commands and the handlers."""
        client = self._parts.client
        client.tree.add_command(self._follow())
        client.tree.add_command(self._following())
        client.newsdesk.presses |= {
            "watch": self._watch,
            "unfollow": self._unfollow,
            "following": self._turn,
            "unlist": self._unlist,
        }

    def _follow(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        @app_commands.rename(question=_words("option-question-name"), here=_words("option-here-name"))
        @app_commands.describe(question=_words("option-followed-description"), here=_words("option-here-description"))
        async def follow(
            interaction: discord.Interaction,
            question: app_commands.Range[str, 1, render.QUESTION_LIMIT],
            here: bool = False,
        ) -> None:
            asked = " ".join(question.split())
            wish = _Wish(asked, asked, None, datetime.now(UTC), None)
            await self._parts.privately(interaction, lambda texts: self._make(interaction, texts, wish, here=here))

        return self._parts.command("follow", follow)

    def _following(self) -> app_commands.Command[Any, ..., None]:
        _words = self._parts.words

        async def following(interaction: discord.Interaction) -> None:
            await self._parts.privately(interaction, lambda texts: self._listed(interaction, texts, 1))

        return self._parts.command("following", following)

    async def _watch(self, interaction: discord.Interaction[Any], ticket: str) -> None:
        """Follow the question of a reply, told by direct message: one press."""

        def making(texts: Texts) -> Make:
            async def make() -> Message:
                logged = await self._parts.worker.run(self._parts.desk.logged, ticket)
                if logged is None or logged.question is None:
                    return notice(texts("button-unknown"))
                places = tuple(each.place for each in logged.citations)
                wish = _Wish(logged.question, logged.understood or logged.question, logged.id, logged.asked, places)
                return await self._made(interaction, texts, wish, here=False)

            return make

        await self._parts.privately(interaction, making)

    def _make(self, interaction: discord.Interaction[Any], texts: Texts, wish: _Wish, *, here: bool) -> Make:
        async def make() -> Message:
            return await self._made(interaction, texts, wish, here=here)

        return make

    async def _made(self, interaction: discord.Interaction[Any], texts: Texts, wish: _Wish, *, here: bool) -> Message:
        """Follow, and say so."""
        if not markdown.visible(wish.question):
            return notice(texts("question-empty"))
        installed = installed_for(interaction) is Installation.GUILD
        if here and not (installed and _may_post(interaction)):
            return notice(texts("follow-not-here"))
        if here and (missing := _lacking(interaction, texts)):
            log.warning("channel %s cannot be told, missing: %s", interaction.channel_id, ", ".join(missing))
            return notice(texts("follow-cannot-post", permissions=", ".join(missing)))
        if wish.known is None:  # the command searches, as a question does
            said = self._parts.count_question(interaction.user.id, interaction.guild_id, texts)
            if said is not None:
                return notice(said)
        settings = self._parts.settings(interaction)
        guild = interaction.guild_id if installed else None
        now = datetime.now(UTC)
        until = min(wish.asked, now) + timedelta(days=self._days)
        language = (settings.language if here else None) or interaction.locale.value
        sealed = self._vault.seal(interaction.user.id, (interaction.channel_id or 0) if here else 0)

        def write() -> str | None:
            newsroom = self._parts.desk.newsroom()
            known = wish.known
            if known is None:
                answer = newsroom.ask(Query(wish.understood, now, sources=settings.sources), settings.threshold)
                known = tuple(each.place for each in answer.citations)
            return self._parts.desk.journal().follows.add(
                member=self._parts.key(interaction.user.id),
                sealed=sealed,
                question=wish.question,
                understood=wish.understood,
                exchange=wish.logged,
                guild=guild,
                public=here,
                locale=language,
                now=now,
                until=until,
                seen=newsroom.newest(),
                known=known,
            )

        ticket = await self._parts.worker.run(write)
        if ticket is None:
            return notice(texts("follow-most", count=MOST, command=f"`/{texts('command-following-name')}`"))
        return panels.following_made(wish.question, ticket, until, texts, here=here)

    def _listed(self, interaction: discord.Interaction[Any], texts: Texts, page: int) -> Make:
        key = self._parts.key(interaction.user.id)

        async def make() -> Message:
            follows = await self._parts.worker.run(lambda: self._parts.desk.journal().follows.of(key))
            return panels.following(follows, page, texts)

        return make

    async def _turn(self, interaction: discord.Interaction[Any], argument: str) -> None:
        number = argument.rpartition(".")[2]
        page = int(number) if number.isdecimal() else 1
        await self._parts.turn(interaction, lambda texts: self._listed(interaction, texts, page))

    async def _unlist(self, interaction: discord.Interaction[Any], ticket: str) -> None:
        """Stop one from the list, which is shown anew."""

        def making(texts: Texts) -> Make:
            async def make() -> Message:
                await self._end(interaction, ticket)
                made: Message = await self._listed(interaction, texts, 1)()  # type: ignore[assignment]
                return made

            return make

        await self._parts.turn(interaction, making)

    async def _unfollow(self, interaction: discord.Interaction[Any], argument: str) -> None:
        """Stop, from a message that told something, or from the one that said it was followed."""
        ticket = argument.partition(".")[0]

        def making(texts: Texts) -> Make:
            async def make() -> Message:
                ended = await self._end(interaction, ticket)
                return notice(texts("follow-ended") if ended else texts("follow-not-yours"))

            return make

        await self._parts.privately(interaction, making)

    async def _end(self, interaction: discord.Interaction[Any], ticket: str) -> bool:
        """End a follow, for whom it is; a channel's for those as well who keep order there. True where it has ended."""
        key, orderly = self._parts.key(interaction.user.id), _may_post(interaction)

        def end() -> bool:
            follows = self._parts.desk.journal().follows
            follow: Follow | None = follows.by_ticket(ticket)
            if follow is None:
                return True
            keeps = follow.public and follow.guild is not None and follow.guild == interaction.guild_id and orderly
            return follows.end(ticket) if follow.member == key or keeps else False

        # Not refused for a full queue: who wants no more messages is not asked to come again.
        return await self._parts.worker.keep(end)


def _may_post(interaction: discord.Interaction[Any]) -> bool:
    """Whether a member may let a channel be told: those who keep order in it."""
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def _lacking(interaction: discord.Interaction[Any], texts: Texts) -> list[str]:
    """What the bot needs to tell the channel something later and has not, in the reader's words."""
    allowed = interaction.app_permissions
    thread = isinstance(interaction.channel, discord.Thread)
    needed = (
        (allowed.view_channel, texts("permission-view")),
        (allowed.send_messages_in_threads, texts("permission-send-threads"))
        if thread
        else (allowed.send_messages, texts("permission-send")),
    )
    return [name for granted, name in needed if not granted]
