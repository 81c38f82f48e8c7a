"""The bot in a simulated Discord, for tests: the real client, worker, desk and journal around a fake newsroom."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, overload
from unittest.mock import patch

import discord
import simcord
import simcord.interactions

from bot.client import Client, make_client
from bot.commands.ask import Ask
from bot.commands.pace import Pace
from bot.commands.parts import Parts
from bot.desk import Desk
from bot.guilds import GuildSettings
from bot.journal import Journal
from bot.limits import Limits
from bot.records import Answer, Citation, Excerpt, Match, Nearest, Place
from bot.texts import Catalogue, load_catalogue
from bot.worker import Worker
from index.records import Query

QUOTE = "The ferry was cancelled because ice blocked the channel."
SECRET = b"the secret of this installation"
FURTHER = Place(70, 80, 90, 0, 20)
SETTLE_SECONDS = 30.0
"""How long the bot may take for what it is asked, on a machine that does much else."""


@functools.cache
def shared_catalogue() -> Catalogue:
    """The sentences of every language, read once for all tests of a process: that takes a tenth of a second."""
    return load_catalogue()


def make_citation(number: int = 1, **changed: object) -> Citation:
    """A quote from article 7 on the ferry, its emphasis on "ice"."""
    citation = Citation(
        number=number,
        quote=QUOTE,
        passage=QUOTE,
        title="Ferry stays in port",
        source="The Harbour Post",
        url="https://harbour.example/ferry",
        published="2026-01-31",
        article=7,
        revision=8,
        passage_id=9,
        start=0,
        end=len(QUOTE),
        score=1.5,
        emphasis=(32, 35),
    )
    return dataclasses.replace(citation, **changed)  # type: ignore[arg-type]


def make_answer(query: Query, *citations: Citation) -> Answer:
    """An answer of one quote unless others are given, and of one further hit."""
    return Answer(
        query=query,
        answered=True,
        confidence=0.9,
        match=Match.STRONG,
        citations=citations or (make_citation(),),
        nearest=None,
        articles=42,
        oldest=datetime(2024, 5, 1, tzinfo=UTC),
        took_ms=12.0,
        stages={"search": 4.0},
        model="mini",
        index_version="v1",
        further=(FURTHER,),
    )


@dataclass
class FakeNewsroom:
    """Answers everything with the ferry, or raises what it is given.

    Attributes:
        unknown: questions that nothing answers.
        citations: what it quotes; the ferry where there are none.
        excerpts: the words around a quote, by where it starts.
        passages: the highest row id of a passage.
        fresh: where there is news, for every question.
        looked: for which questions it was looked for, after which passage, and what was known.
        queries, thresholds: what it was asked, in order.
    """

    error: Exception | None = None
    answered: bool = True
    unknown: frozenset[str] = frozenset()
    citations: tuple[Citation, ...] = ()
    excerpts: dict[int, Excerpt] = field(default_factory=dict)
    further: list[Citation] = field(default_factory=list)
    passages: int = 100
    fresh: list[Place] = field(default_factory=list)
    looked: list[tuple[str, int, list[Place]]] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)
    thresholds: list[float | None] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        return [query.text for query in self.queries]

    def ask(self, query: Query, threshold: float | None = None) -> Answer:
        self.queries.append(query)
        self.thresholds.append(threshold)
        if self.error:
            raise self.error
        answer = make_answer(query, *self.citations)
        if self.answered and query.text not in self.unknown:
            return answer
        nearest = Nearest(7, "Ferry stays in port", "The Harbour Post", None, None)
        return dataclasses.replace(answer, answered=False, match=Match.NONE, citations=(), nearest=nearest, further=())

    def sources(self) -> tuple[str, ...]:
        return ("Ostrel Wire", "The Harbour Post", "Tolm Valley Post")

    def context(self, place: Place) -> Excerpt | None:
        return self.excerpts.get(place.start)

    def quoted(self, places: Iterable[Place]) -> list[Citation]:
        return self.further if list(places) == [FURTHER] else []

    def newest(self) -> int:
        return self.passages

    def news(
        self, query: Query, after: int, known: Sequence[Place], made: datetime, threshold: float | None = None
    ) -> list[Place]:
        self.looked.append((query.text, after, list(known)))
        return [place for place in self.fresh if place not in known]

    def refresh(self) -> bool:
        return False

    def close(self) -> None:
        pass


@dataclass
class FakeGuilds:
    """Settings by guild id."""

    settings: dict[int, GuildSettings] = field(default_factory=dict)

    def of(self, guild: int | None) -> GuildSettings:
        return self.settings.get(guild or 0, GuildSettings())


@dataclass
class House:
    """The bot under test and everything around it.

    Attributes:
        now: the seconds that the limits count by.
    """

    env: simcord.Env
    client: Client
    newsroom: FakeNewsroom
    journal: Path
    worker: Worker
    desk: Desk
    guilds: FakeGuilds
    now: float = 0.0
    message_content: bool = False
    parts: Parts = None  # type: ignore[assignment]  # furnish makes it

    async def rows(self) -> list[dict[str, object]]:
        """The log, newest first, each row once it is written."""
        await self.worker.keep(lambda: None)
        journal = Journal(self.journal)
        try:
            return journal.recent(50)
        finally:
            journal.close()

    async def restart(self) -> None:
        """A new process of the bot on the same data folder: nothing in memory is left."""
        await self.worker.keep(self.desk.close)
        await self.worker.stop()
        self.worker = Worker()
        self.desk = Desk(lambda: self.newsroom, lambda: Journal(self.journal))
        self.client = self.furnish()
        await self.worker.keep(self.desk.refresh)
        await self.env.restart_bot(self.client)

    def furnish(self) -> Client:
        """A client with the commands."""
        catalogue = shared_catalogue()
        client = make_client(catalogue, message_content=self.message_content)
        limits = Limits(clock=lambda: self.now)
        self.parts = Parts(client, self.worker, self.desk, catalogue, SECRET, self.guilds, limits)
        Pace(self.parts).add()
        Ask(self.parts).add()
        return client


@contextmanager
def interactions_with(**changed: object) -> Iterator[None]:
    """Change what Discord says of the interactions inside the block: locale, installation, permissions of the bot.

    The simulation always says American English, and nothing of installations.
    """
    made = simcord.interactions.base_payload

    def payload(*args: Any, **options: Any) -> Any:
        record, said = made(*args, **options)
        return record, {**said, **changed}

    with patch.object(simcord.interactions, "base_payload", payload):
        yield


HouseT = TypeVar("HouseT", bound=House)


@overload
def open_house(folder: Path, *, message_content: bool = False) -> AbstractAsyncContextManager[House]: ...


@overload
def open_house(
    folder: Path, kind: type[HouseT], *, message_content: bool = False
) -> AbstractAsyncContextManager[HouseT]: ...


@asynccontextmanager
async def open_house(folder: Path, kind: type[House] = House, *, message_content: bool = False) -> AsyncIterator[House]:
    """The bot, connected, with what its kind furnishes; ``message_content`` as the operator may opt in."""
    newsroom = FakeNewsroom()
    worker = Worker()
    desk = Desk(lambda: newsroom, lambda: Journal(folder / "journal.db"))
    house = kind(
        None,  # type: ignore[arg-type]  # the simulation needs the client first
        None,  # type: ignore[arg-type]
        newsroom,
        folder / "journal.db",
        worker,
        desk,
        FakeGuilds(),
        message_content=message_content,
    )
    house.client = house.furnish()
    # Not simcord.run(): a fixture is entered and left in different contexts.
    house.env = simcord.Env(house.client, settle_timeout=SETTLE_SECONDS)
    await worker.keep(desk.refresh)
    await house.env.start()
    try:
        yield house
    finally:
        await house.env.shutdown()
        await house.worker.keep(house.desk.close)
        await house.worker.stop()


def words(message: discord.Message | None) -> str:
    """Everything a message says, top to bottom; not the buttons."""
    assert message is not None
    shown = [part.content for part in message.components if isinstance(part, discord.TextDisplay)]
    return "\n".join([message.content, *shown]).strip()


def labels(message: discord.Message | None) -> list[list[str]]:
    """What the buttons of a message say, by row; one that cannot be pressed in brackets."""
    assert message is not None
    return [
        [
            f"({each.label})" if each.disabled else str(each.label)
            for each in row.children
            if isinstance(each, discord.Button)
        ]
        for row in message.components
        if isinstance(row, discord.ActionRow)
    ]
