"""Tells those who follow a question what is new: looked for as articles come in, gathered, each message sent once.

Discord cannot be asked to take a message exactly once. A message is therefore marked in the journal, on the disk,
before it is sent, and what it tells is then in no other. It is sent under a nonce, by which Discord returns the first
message to a second attempt for some minutes. Where the process was killed in between, the next one looks in the
conversation for the message, which its own button tells: found, it was sent; not found, it is sent; where the
conversation cannot be read, it is given up. So a message comes at most once, and is lost only in that last case.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot import panels
from bot.desk import Desk
from bot.guilds import Guilds
from bot.journal import Installation, Shown, entry_of, new_ticket
from bot.journal_follows import Claimed, Follow
from bot.render import Message
from bot.rounds import go_round
from bot.texts import Catalogue
from bot.vault import Vault, VaultError
from bot.worker import Worker
from corpus.errors import NewsdeskError
from index.records import Query

log = logging.getLogger(__name__)

PAUSE_SECONDS = 20.0
AGAIN = timedelta(minutes=1)
"""How long a message whose sending failed is left before it is looked for."""


class RefusedError(NewsdeskError):
    """A member or a channel takes no message of the bot: closed, gone, or not permitted."""


class Unsure(NewsdeskError):
    """It is not known whether a message arrived."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands: Discord's ids of its channel, which a direct conversation has as well, and its own."""

    channel: int
    message: int


class Sender(Protocol):
    """Sends messages; ``bot.commands.follow`` has the one of Discord."""

    async def send(self, user: int, channel: int, message: Message, nonce: str) -> Sent:
        """Send to a channel, or where that is 0 to a user; where the message stands.

        Raises:
            RefusedError, Unsure: see there.
        """
        ...

    async def find(self, user: int, channel: int, mark: str, since: datetime) -> Sent | None:
        """Where the bot's own message with a button that carries ``mark`` stands, None where there is none.

        Raises:
            RefusedError: the conversation cannot be read.
            Unsure: Discord did not answer.
        """
        ...


class Telling:
    """Looks for news of followed questions, and tells them.

    Args:
        gap: how long a question is told nothing after a message; what comes meanwhile is gathered.
    """

    def __init__(
        self,
        worker: Worker,
        desk: Desk,
        catalogue: Catalogue,
        guilds: Guilds,
        vault: Vault,
        sender: Sender,
        gap: timedelta,
        pause: float = PAUSE_SECONDS,
    ) -> None:
        self._worker = worker
        self._desk = desk
        self._catalogue = catalogue
        self._guilds = guilds
        self._vault = vault
        self._sender = sender
        self._gap = gap
        self._pause = pause
        self._started = False

    async def run(self) -> None:
        """Go on until cancelled."""

        async def once() -> float:
            await self.once(datetime.now(UTC))
            return self._pause

        await go_round(once, "those who follow questions are not told yet", self._pause, log)

    async def once(self, now: datetime) -> int:
        """Settle what was cut short, look for news, tell what is due; returns how many messages were sent."""
        sent = 0
        if not self._desk.ready:  # the index is still being opened, or there is none; that is said elsewhere
            return 0
        for unsure in await self._worker.keep(lambda: self._desk.journal().follows.unsure()):
            if now - unsure.claimed >= AGAIN or not self._started:
                sent += await self._recover(unsure)
        self._started = True
        while await self._worker.keep(self._look, now):
            pass  # one question a call, so that no member's waits for long
        while (claimed := await self._worker.keep(self._claim, now)) is not None:
            sent += await self._tell(claimed)
        return sent

    def _look(self, now: datetime) -> bool:
        """Look for news of one question; False where all are looked after. On the worker's thread."""
        newsroom, follows = self._desk.newsroom(), self._desk.journal().follows
        newest = newsroom.newest()
        follows.start_over(newest)
        follow = follows.behind(newest, now)
        if follow is None:
            return False
        settings = self._guilds.of(follow.guild)
        query = Query(follow.understood, now, sources=settings.sources)
        known, seen = follows.places(follow.id), follows.seen(follow.id)
        places = newsroom.news(query, seen, known, follow.made, settings.threshold)
        follows.found(follow.id, places, seen=newest)
        return True

    def _claim(self, now: datetime) -> Claimed | None:
        return self._desk.journal().follows.claim(now, self._gap)

    async def _recover(self, claimed: Claimed) -> int:
        """Find out whether a message was sent, and send it where it was not; how many were sent."""
        try:
            user, channel = self._target(claimed.follow)
            found = await self._sender.find(user, channel, mark(claimed), claimed.claimed - timedelta(minutes=5))
        except Unsure as error:
            log.warning("a message is looked for again: %s", error)
            return 0
        except (RefusedError, VaultError) as error:
            log.warning("a message may not have arrived, and is given up: %s", error)
            await self._settle(claimed, "lost")
            return 0
        if found is None:
            return await self._tell(claimed)
        await self._arrived(claimed, found)
        return 0

    async def _tell(self, claimed: Claimed) -> int:
        message = await self._worker.keep(self._message, claimed)
        if message is None:  # nothing of it may be quoted any more
            await self._settle(claimed, "empty")
            return 0
        try:
            user, channel = self._target(claimed.follow)
            sent = await self._sender.send(user, channel, message, claimed.nonce)
        except Unsure as error:
            log.warning("a message may not have arrived, and will be looked for: %s", error)
            return 0
        except (RefusedError, VaultError) as error:
            log.info("a question is followed no more, it cannot be told: %s", error)
            await self._settle(claimed, "refused")
            return 0
        await self._arrived(claimed, sent)
        return 1

    async def _arrived(self, claimed: Claimed, sent: Sent) -> None:
        """Note where a message stands, so that it can be corrected."""
        now = datetime.now(UTC)
        await self._worker.keep(
            lambda: self._desk.journal().shown.told(claimed.id, sent.channel, sent.message, now=now)
        )
        await self._settle(claimed, "sent", sent.message)

    async def _settle(self, claimed: Claimed, state: str, sent: int | None = None) -> None:
        await self._worker.keep(lambda: self._desk.journal().follows.settle(claimed.id, state, sent))

    def _target(self, follow: Follow) -> tuple[int, int]:
        user, channel = self._vault.open_both(follow.sealed)
        return user, channel if follow.public else 0

    def _message(self, claimed: Claimed) -> Message | None:
        """What is told, and logged before it is sent; None where nothing of it may be. On the worker's thread."""
        follow = claimed.follow
        allowed = self._guilds.of(follow.guild).sources
        found = self._desk.newsroom().quoted(claimed.places)
        citations = [each for each in found if allowed is None or each.source in allowed]
        if not citations:
            return None
        texts = self._catalogue.texts(follow.locale)
        now = datetime.now(UTC)
        message = panels.told(citations, follow.question, mark(claimed), now, texts)
        assert message.quoting is not None  # noqa: S101  # what is told quotes
        shown = Shown(
            quoting=message.quoting,
            asked=now,
            member=follow.member,
            locale=follow.locale,
            installation=Installation.GUILD if follow.public else Installation.DIRECT,
            guild=follow.guild if follow.public else None,
            channel=None,
            message=None,
            private=False,
            ticket=new_ticket(),
        )
        self._desk.journal().shown.tell(claimed.id, entry_of(shown))
        return message


def mark(claimed: Claimed) -> str:
    """What the button of a message carries, and no other message's does."""
    return f"{claimed.follow.ticket}.{claimed.id}"
