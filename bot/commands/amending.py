"""The bot's own earlier messages, edited where a quote in them does not stand any more; and their askers told.

What is to be done stands in the journal, so that nothing is lost by a stop, and an edit is noted before it is sent:
whoever finds such a note looks at the message first, and sends nothing that it says already. Messages are edited by
the ordinary route, which has no time limit; the interaction they answered is long over.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import aiohttp
import discord

from bot import amended
from bot.client import layout
from bot.commands.parts import Parts
from bot.correcting import Kind, Standing
from bot.records import Still
from bot.render import MESSAGE_LIMIT, Message
from bot.rounds import go_round
from bot.texts import Texts
from bot.vault import Vault, VaultError
from corpus.errors import NewsdeskError

log = logging.getLogger(__name__)

T = TypeVar("T")

PURPOSE = "correction"
"""Of those who want to be told, in `bot.journal_recipients`."""
LOOK_SECONDS = 5.0
BATCH = 20
PACE_SECONDS = 0.5
"""Between two messages: far below Discord's limits, which answers need, too."""
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=1)
"""The first pause after a failure, doubled by each further one, and the longest."""
GIVE_UP = 8
"""Attempts at a message that the bot may not edit, over some days: permissions come back."""
REFUSED_PAUSE = timedelta(hours=1)

_GONE = frozenset({10003, 10004, 10008})  # unknown channel, guild, message
_FORBIDDEN = frozenset({50001, 50013, 50005, 50083, 160005})  # no access, no permission, another's, archived, locked
_ARCHIVED = 50083
_OLD_EDITS = 30046  # too many edits of messages older than an hour; Discord wants them later


@dataclass(frozen=True, slots=True)
class _Work:
    """An exchange to be mended, with the sealed address of its asker where they want to be told."""

    standing: Standing
    still: Still
    asker: bytes | None


class Amending:
    """Edits and tells until cancelled.

    Args:
        vault: opens whom to tell.
        look: seconds between two looks at the journal.
        pace: seconds between two messages.
    """

    def __init__(self, parts: Parts, vault: Vault, *, look: float = LOOK_SECONDS, pace: float = PACE_SECONDS) -> None:
        self._parts = parts
        self._vault = vault
        self._look = look
        self._pace = pace

    async def run(self) -> None:
        """Go round until cancelled, once the client is connected."""
        await self._parts.client.wait_until_ready()

        async def once() -> float:
            await self.once(datetime.now(UTC))
            return self._look

        await go_round(once, "corrections wait", self._look, log)

    async def once(self, now: datetime) -> int:
        """Do what is due; returns how many answers were looked at.

        Raises:
            NewsdeskError: the journal cannot be used; what is due stays due.
        """
        count = 0
        newsdesk = self._parts.client.newsdesk
        while due := await self._keep(lambda: self._parts.desk.journal().corrections.due(now, BATCH)):
            for exchange in due:
                if newsdesk.stopping:
                    return count
                # As a task that a graceful stop waits for: a message half mended is looked at again.
                await newsdesk.start(self._mend(exchange, now))
                count += 1
                await asyncio.sleep(self._pace)
        return count

    async def _mend(self, exchange: int, now: datetime) -> None:
        """Mend one answer; one that meets a bug must not keep the others from being mended."""
        try:
            await self._mended(exchange, now)
        except NewsdeskError:
            raise
        except Exception:
            log.exception("answer %d could not be corrected because of a bug", exchange)
            await self._keep(lambda: self._parts.desk.journal().corrections.later(exchange, "failed", now + LONGEST))

    async def _mended(self, exchange: int, now: datetime) -> None:
        work = await self._keep(lambda: self._read(exchange))
        if work is None:
            return
        standing = work.standing
        if standing.done != standing.wanted:
            state = await self._edited(work, now)
            if state is None:
                return  # tried again later
            wanted = standing.wanted
            await self._keep(lambda: self._parts.desk.journal().corrections.done(exchange, wanted, state))
            log.info("answer %d: %s, %s", exchange, "corrected" if wanted else "correction taken back", state)
        if standing.told != standing.wanted:
            wanted = standing.wanted
            if not await self._tell(work):
                pause = now + min(SHORTEST * 2 ** min(standing.tries, 20), LONGEST)
                await self._keep(lambda: self._parts.desk.journal().corrections.later(exchange, "telling", pause))
                return
            await self._keep(lambda: self._parts.desk.journal().corrections.told(exchange, wanted))

    def _read(self, exchange: int) -> _Work | None:
        """On the worker's thread."""
        found = self._parts.desk.amended(exchange)
        if found is None:
            return None
        standing, still = found
        journal = self._parts.desk.journal()
        asker = journal.recipients.one(standing.member, PURPOSE) if standing.member else None
        return _Work(standing, still, asker.sealed if asker else None)

    # -- editing ---------------------------------------------------------------------------------------------------

    async def _edited(self, work: _Work, now: datetime) -> str | None:
        """How the edit ended; None where it is tried again."""
        standing = work.standing
        if standing.message is None or standing.channel is None:
            return "private" if standing.private else "forgotten"
        texts = self._parts.catalogue.texts(standing.locale)
        wanted = amended.pages(standing, texts, work.still, now)[0]
        message = self._parts.client.get_partial_messageable(
            standing.channel, guild_id=standing.guild
        ).get_partial_message(standing.message)
        exchange = standing.exchange
        try:
            if standing.state == "sending" and await self._says(message, wanted):
                return "edited"  # the bot was stopped between the edit and the note of it
            await self._keep(lambda: self._parts.desk.journal().corrections.attempt(exchange))
            await self._edit(message, wanted, standing)
        except discord.HTTPException as error:
            return await self._failed(standing, error, now)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("answer %d could not be corrected yet: %s", exchange, error)
            pause = min(SHORTEST * 2 ** min(standing.tries, 20), LONGEST)
            await self._keep(lambda: self._parts.desk.journal().corrections.later(exchange, "sending", now + pause))
            return None
        return "edited"

    async def _says(self, message: discord.PartialMessage, wanted: Message) -> bool:
        """Whether a message says already what it should; False also where it cannot be read."""
        try:
            found = await message.fetch()
        except discord.HTTPException:
            return False
        shown = [each.content for each in found.components if isinstance(each, discord.TextDisplay)]
        return tuple(shown) == wanted.blocks

    async def _edit(self, message: discord.PartialMessage, wanted: Message, standing: Standing) -> None:
        try:
            await message.edit(view=layout(wanted))
        except discord.HTTPException as error:
            if error.code != _ARCHIVED or standing.channel is None:
                raise
            # A thread's messages cannot be edited while it is archived. It is opened for the moment, where that is
            # allowed, and closed again: nobody asked for it to come back to the top.
            thread = await self._parts.client.fetch_channel(standing.channel)
            if not isinstance(thread, discord.Thread):
                raise
            await thread.edit(archived=False)
            try:
                await message.edit(view=layout(wanted))
            finally:
                try:
                    await thread.edit(archived=True)
                except discord.HTTPException as refused:
                    log.warning("thread %d stays open: %s", standing.channel, refused)

    async def _failed(self, standing: Standing, error: discord.HTTPException, now: datetime) -> str | None:
        """What a refusal means: an end, or another time."""
        exchange = standing.exchange
        if error.code in _GONE:
            return "gone"
        state = "archived" if error.code == _ARCHIVED else "forbidden"
        if error.code in _FORBIDDEN or error.status == 403:
            if standing.tries + 1 >= GIVE_UP:
                return state
            pause = min(REFUSED_PAUSE * 2**standing.tries, LONGEST)
        elif error.code == _OLD_EDITS or error.status == 429:
            state, pause = "", REFUSED_PAUSE
        elif error.status >= 500:
            state, pause = "sending", min(SHORTEST * 2 ** min(standing.tries, 20), LONGEST)
        else:
            log.error("answer %d cannot be corrected: %s", exchange, error)
            return "refused"
        log.warning("answer %d could not be corrected yet: %s", exchange, error)
        await self._keep(lambda: self._parts.desk.journal().corrections.later(exchange, state, now + pause))
        return None

    # -- telling ---------------------------------------------------------------------------------------------------

    async def _tell(self, work: _Work) -> bool:
        """Write to the asker, who chose that; False where it is worth another try.

        Where they take no message, ``/corrections`` has it.
        """
        standing = work.standing
        removed = all(each.finding.kind is Kind.REMOVED for each in standing.corrections if each.said)
        if not standing.wanted or work.asker is None or removed:
            return True
        texts = self._parts.catalogue.texts(standing.locale)
        try:
            user = self._vault.open(work.asker)
            channel = await self._parts.client.create_dm(discord.Object(user))
            # Discord drops a second message with the same nonce, should the bot be stopped before it noted the first.
            await channel.send(view=layout(told(standing, texts)), nonce=_nonce(standing), suppress_embeds=True)
        except VaultError as error:
            log.error("the asker of answer %d cannot be told: %s", standing.exchange, error)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("the asker of answer %d could not be told: %s", standing.exchange, error)
            return isinstance(error, discord.HTTPException) and error.status < 500
        return True

    async def _keep(self, call: Callable[[], T]) -> T:
        return await self._parts.worker.keep(call)


def told(standing: Standing, texts: Texts) -> Message:
    """What the asker reads."""
    head = texts("corrections-told")
    foot = f"-# {texts('corrections-how-to-stop', command=command(texts))}"
    room = MESSAGE_LIMIT - len(head) - len(foot) - 100
    return Message((head, amended.entry(standing, texts, room), foot))


def command(texts: Texts) -> str:
    """The name of the command that lists corrections, as members type it."""
    return f"`/{texts('command-corrections-name')}`"


def _nonce(standing: Standing) -> str:
    return f"{standing.exchange}-{standing.wanted}"[:25]
