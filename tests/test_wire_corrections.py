"""Corrections of ``python -m bot`` over sockets: kills between ingest and edit, threads, permissions, limits."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot_house import make_answer, make_citation, shared_catalogue
from discord_limits import COMPONENTS_V2, TEXT
from discord_server import Channel, DiscordServer, Message
from fakes import an_article, put
from test_wire import LOOK, ROOT, START, copied, running, start

from bot.correcting import Kind, Standing
from bot.journal import Exchange, Installation, Journal, Surface, member_key
from bot.journal_recipients import Recipient
from bot.records import Answer, Dispute
from bot.render import pages
from bot.vault import Vault
from corpus.store import Store
from index.records import Query

LEAD = "The ferry to Skarrow sailed again on Friday morning, nine days after the strike of its crews began."
PIER = "Some 200 people stood at the pier, and the captain let the youngest of them sound the horn."
NEW = PIER.replace("200", "300")
OTHER = "About 150 people stood at the pier of Skarrow when the ferry left, a reporter of the agency counted."
SECRET = "a secret of thirty-two characters and more"
PATCHES = r"/channels/\d+/messages/\d+"

pytestmark = pytest.mark.asyncio


class Newsroom:
    """A data folder with an article that answers quoted, and the Discord in which those answers stand."""

    def __init__(self, folder: Path, server: DiscordServer) -> None:
        self.folder, self.server = folder, server
        self.store = Store(folder / "corpus.db")
        self.journal = Journal(folder / "journal.db")
        for number in range(70):  # so that one changed article is no crowd
            put(self.store, an_article(f"{LEAD} {number}"), f"other {number}", source="The Paper")
        self.article, _ = put(self.store, an_article(LEAD, PIER), "ferry", source="The Paper")

    def dispute(self) -> Dispute:
        """Another outlet's article that says otherwise."""
        number, _ = put(self.store, an_article(OTHER), "other", source="The Wire")
        stored = self.store.article(number)
        assert stored is not None
        place = {"article": number, "revision": stored.revision, "start": 0, "end": len(OTHER)}
        other = make_citation(quote=OTHER, source="The Wire", emphasis=None, **place)
        return Dispute("number", "200", "150", other)

    def answer(self, channel: Channel | None = None, *, differing: bool = False, **known: Any) -> Message:
        """A reply that was given some time ago, in Discord and in the log."""
        channel = channel or self.server.channel
        stored = self.store.article(self.article)
        assert stored is not None
        start = len(LEAD) + 1
        cited = make_citation(
            quote=PIER, article=stored.id, revision=stored.revision, start=start, end=start + len(PIER), emphasis=None
        )
        answer: Answer = make_answer(Query("Who came?", datetime.now(UTC)), cited)
        if differing:
            answer = replace(answer, outlets=("The Harbour Post", "Radio"), disputes=(self.dispute(),))
        (shown,) = pages(answer, "Who came?", shared_catalogue().texts("en"))
        components = [{"type": TEXT, "content": block} for block in shown.blocks]
        world = self.server.world
        message = world.create_message(channel, world.bot, {"flags": COMPONENTS_V2, "components": components})
        exchange = Exchange(
            asked=datetime.now(UTC),
            surface=Surface.SLASH,
            question="Who came?",
            reply=shown.text,
            answer=answer,
            took_ms=1.0,
            installation=Installation.GUILD if channel.guild else Installation.DIRECT,
            guild=channel.guild.id if channel.guild else None,
            channel=channel.id,
            locale="en",
            reply_message=message.id,
            ticket=f"{message.id:016x}"[-16:],
        )
        self.journal.record(Exchange(**{**{f: getattr(exchange, f) for f in exchange.__slots__}, **known}))
        return message

    def change(self, text: str = NEW) -> None:
        """What an ingest does with an edited article."""
        put(self.store, an_article(LEAD, text), "ferry", source="The Paper")

    def standing(self, exchange: int = 1) -> Standing | None:
        return self.journal.corrections.standing(exchange)

    def patches(self) -> list[int]:
        """The statuses that edits of messages by the ordinary route got, in order."""
        return [each.status for each in self.server.requests if each.method == "PATCH" and "/messages/" in each.path]

    async def until(self, done: Any, what: str) -> None:
        try:
            async with asyncio.timeout(60):
                while not done():  # noqa: ASYNC110  # another process does it
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{what}: {self.standing()}, {self.patches()}") from None

    async def corrected(self, *messages: Message) -> None:
        await self.until(lambda: all("**Corrected on" in each.text for each in messages), "not corrected")

    def start(self) -> Any:
        return running(self.server, self.folder, NEWSDESK_SECRET=SECRET)

    async def started(self) -> asyncio.subprocess.Process:
        """A bot that is connected, to be killed."""
        variables = {**self.server.environment, "DISCORD_TOKEN": self.server.token, "NEWSDESK_SECRET": SECRET}
        process = await start(self.folder, variables)
        await self.server.connected(timeout=START)
        return process

    def close(self) -> None:
        self.store.close()
        self.journal.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Newsroom]]:
    rooms: list[Newsroom] = []
    yield rooms
    for room in rooms:
        room.close()


def room(opened: list[Newsroom], tmp_path: Path, server: DiscordServer) -> Newsroom:
    opened.append(Newsroom(tmp_path / "data", server))
    return opened[-1]


async def kill(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.communicate()


async def test_every_answer_is_corrected_once_wherever_it_stands(tmp_path: Path, opened: list[Newsroom]) -> None:
    """In two guilds and a direct conversation, by the ordinary route; its asker, who wished it, is told."""
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        elsewhere = server.add_channel("news", guild=server.add_guild("Elsewhere"))
        key = member_key(SECRET.encode(), server.user.id)
        given = [
            news.answer(member=key),
            news.answer(elsewhere),
            news.answer(server.direct_channel(server.user)),
        ]
        now = datetime.now(UTC)
        wish = Recipient(key, "correction", Vault(SECRET.encode()).seal(server.user.id), now + timedelta(days=1))
        news.journal.recipients.put(wish, now=now)
        async with news.start():
            news.change()
            await news.corrected(*given)
            told = await server.wait_for_message(
                server.direct_channel(server.user), timeout=60, predicate=lambda each: "was corrected" in each.text
            )
            await news.until(lambda: all((news.standing(row) or _NONE).told for row in (1, 2, 3)), "not noted")
            await asyncio.sleep(4 * LOOK)  # other looks of each
        assert given[0].text.splitlines()[3:6] == [f"> ~~{PIER}~~", "**The article now says:**", f"> {NEW}"]
        assert [len(each.versions) for each in given] == [1, 1, 1]
        assert news.patches() == [200] * 3
        assert f"> {NEW}" in told.text
        assert [each for each in server.requests if each.path.startswith("/webhooks/")] == []
        assert [each.done == each.wanted != "" for each in map(news.standing, (1, 2, 3)) if each] == [True] * 3


async def test_what_another_outlet_says_otherwise_is_corrected(tmp_path: Path, opened: list[Newsroom]) -> None:
    """Its quote and the sentence above it are struck through; then, as our quote changes, that others say the same."""
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        message = news.answer(differing=True)
        line = "**Outlets differ on a number:** The Harbour Post says “200”, The Wire says “150”:"
        assert line in message.text.splitlines()
        async with news.start():
            put(news.store, an_article(OTHER.replace("150", "190")), "other", source="The Wire")
            await news.corrected(message)
            lines = message.text.splitlines()
            at = lines.index(f"~~{line}~~")
            assert lines[at + 1 : at + 4] == [
                f"> ~~{OTHER}~~",
                "**The article now says:**",
                f"> {OTHER.replace('150', '190')}",
            ]
            assert f"> {PIER}" in lines
            assert "independent outlets say so" in message.text
            news.change()
            await news.until(lambda: f"> {NEW}" in message.text, "not corrected")
        assert f"> ~~{PIER}~~" in message.text.splitlines()
        assert "independent outlets say so" not in message.text
        assert news.patches() == [200, 200]


async def test_killed_between_ingest_and_edit_it_is_edited_once(tmp_path: Path, opened: list[Newsroom]) -> None:
    """Killed before it looked, and killed again with the edit on its way."""
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        message = news.answer()
        await kill(await news.started())
        news.change()
        server.fail_next("PATCH", PATCHES, status=503, delay=3600)
        process = await news.started()
        await news.until(lambda: any(each.method == "PATCH" for each in server.requests), "no edit")
        assert news.standing().state == "sending"  # type: ignore[union-attr]
        await kill(process)
        assert message.versions == []
        async with news.start():
            await news.corrected(message)
            await asyncio.sleep(4 * LOOK)
        assert len(message.versions) == 1
        assert [status for status in news.patches() if status == 200] == [200]


async def test_killed_between_edit_and_note_it_is_not_edited_again(tmp_path: Path, opened: list[Newsroom]) -> None:
    """The bot looks at the message first, and finds that it says so already."""
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        message = news.answer()
        news.change()
        async with news.start():
            await news.corrected(message)
            await news.until(lambda: news.standing().state == "edited", "not noted")  # type: ignore[union-attr]
        news.journal._db.execute("UPDATE amendments SET done = '', state = 'sending', due = '2026-01-01'")
        news.journal._db.conn.commit()
        async with news.start():
            await news.until(lambda: news.standing().state == "edited", "not noted")  # type: ignore[union-attr]
        assert news.patches() == [200]
        assert len(message.versions) == 1


async def test_an_archived_thread_is_opened_for_the_edit_and_closed_again(
    tmp_path: Path, opened: list[Newsroom]
) -> None:
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        thread = Channel(server.world.new_id(), "old", 11, server.guild, parent=server.channel, owner=server.bot)
        server.world.add_channel(thread)
        thread.archived = True
        message = news.answer(thread)
        async with news.start():
            news.change()
            await news.corrected(message)
            await news.until(lambda: thread.archived, "left open")
        assert news.patches() == [400, 200]


async def test_a_lost_permission_is_waited_for_and_a_limit_kept(tmp_path: Path, opened: list[Newsroom]) -> None:
    """Refused, the edit waits an hour and longer each time; granted again, it is made, a 429 later."""
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        message = news.answer()
        server.fail_next("PATCH", PATCHES, status=403, code=50013, message="Missing Permissions")
        server.fail_next("PATCH", PATCHES, status=429, retry_after=0.3)
        news.change()
        async with news.start():
            await news.until(lambda: (news.standing() or _NONE).state == "forbidden", "not refused")
            (due,) = news.journal._db.execute("SELECT due FROM amendments").fetchone()
            assert timedelta(minutes=55) < datetime.fromisoformat(due) - datetime.now(UTC) < timedelta(minutes=61)
            assert news.patches() == [403]
            news.journal._db.execute("UPDATE amendments SET due = '2026-01-01'")
            news.journal._db.conn.commit()
            await news.corrected(message)
        assert news.patches() == [403, 429, 200]


async def test_a_takedown_is_shown_at_once_and_a_revert_clears_the_banner(
    tmp_path: Path, opened: list[Newsroom]
) -> None:
    async with DiscordServer() as server:
        news = room(opened, tmp_path, server)
        message = news.answer()
        before = message.text
        async with news.start():
            news.change()
            await news.corrected(message)
            news.change(PIER)
            await news.until(lambda: message.text == before, "not taken back")
            taken = news.store.take_down("", [news.article], at=datetime.now(UTC))
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            news.journal.takedowns.remove(taken, before=at, named={"A title"})
            await news.until(lambda: "removed on request" in message.text, "not removed")
        assert PIER not in message.text
        standing = news.standing()
        assert standing is not None
        assert [each.finding.kind for each in standing.corrections] == [Kind.REMOVED]


@pytest.mark.timeout(300)
async def test_from_the_file_to_the_answer_and_from_its_edit_to_the_correction(
    demo_data_dir: Path, tmp_path: Path
) -> None:
    """The whole way: read, asked, answered; the file edited and read again; the answer corrected."""
    data, news = copied(demo_data_dir, tmp_path / "data"), tmp_path / "news"
    news.mkdir()
    number = "The bridge at Hollin Ford carries 4,100 cars a day, the county counted."

    def read(words: str) -> None:
        for at in range(70):
            (news / f"{at}.txt").write_text(
                f"Report {at}\n\nThe council of Holt met for the {at}th time, in hall {at}.\n"
            )
        (news / "bridge.txt").write_text(f"Bridge to be mended\n\n{words} It was built in 1931 of local stone.\n")
        env = {**os.environ, "NEWSDESK_DATA_DIR": str(data)}
        command = [sys.executable, "scripts/reindex.py", str(news)]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=200)

    await asyncio.to_thread(read, number)
    async with DiscordServer() as server, running(server, data) as bot:
        await server.synced("ask", "corrections")
        asked = await server.slash("ask", {"question": "How many cars does the bridge at Hollin Ford carry?"})
        answer = await asked.response(timeout=START)
        assert "4,100" in answer.text
        await asyncio.to_thread(read, number.replace("4,100", "1,400"))
        async with asyncio.timeout(120):
            while "**Corrected on" not in answer.text:  # noqa: ASYNC110  # another process does it
                await asyncio.sleep(0.1)
        assert f"> {number.replace('4,100', '1,400')}" in answer.text
        assert "4,100" in answer.text
        listed = await (await server.slash("corrections")).response(timeout=START)
        assert listed.ephemeral
        assert "1,400" in listed.text
        assert bot.process.returncode is None


class _NONE:
    state = told = ""
