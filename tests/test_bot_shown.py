"""Quotes given beside answers: further sources, the words around a quote, timelines, what was told of a question.

What Discord lets the bot edit is corrected where it stands; the rest stays in ``/corrections``, and says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from admin_house import Bureau, open_bureau
from bot_house import QUOTE, SECRET, House, labels, make_citation, open_house, shared_catalogue, words
from test_bot_following import arrive, followed
from test_bot_timeline import bridge

from bot.client import Client
from bot.commands.amending import Amending
from bot.commands.corrections import CorrectionList
from bot.commands.follow import DiscordSender
from bot.correcting import Finding, Found, Kind
from bot.journal import Installation, Journal, entry_of, member_key
from bot.journal import Shown as Logged
from bot.records import Act, Excerpt, Place, Quoted, Quoting
from bot.telling import Telling
from bot.vault import Vault
from corpus.store import Store

NEW = "The ferry sails again on Monday."
ALTERED = Finding(Kind.ALTERED, 20, "date", "today", "Monday", NEW)
FIXED = "-# I cannot edit a reply like this one later. If an article in it changes, `/corrections` tells you."


class Shown(House):
    """The house with what corrects."""

    amending: Amending

    def furnish(self) -> Client:
        client = super().furnish()
        parts = self.parts
        CorrectionList(parts, Vault(SECRET)).add()
        self.amending = Amending(parts, Vault(SECRET), pace=0.0)
        return client


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Shown]:
    async with open_house(tmp_path, Shown) as opened:
        yield opened


def alter(journal: Journal, article: int, finding: Finding | None = ALTERED) -> int:
    """Let a look find something about every quote of an article."""
    now = datetime.now(UTC)
    given = journal.corrections.given(article, (0, 0), 100)
    found = [Found(each, finding, now, True, False, "Ferry stays in port", "The Harbour Post", None) for each in given]
    return journal.corrections.note(found, now=now)


async def corrected(house: Any, article: int, finding: Finding | None = ALTERED) -> int:
    """Let an article change, and have everything edited that says so; how many messages that concerns."""
    count = await house.worker.keep(lambda: alter(house.desk.journal(), article, finding))
    await house.amending.once(datetime.now(UTC) + timedelta(seconds=1))
    return int(count)


async def test_further_sources_and_surroundings_stay_in_the_list(house: Shown) -> None:
    """They say that they cannot be edited; pressed twice they are listed once; for nobody but who pressed."""
    house.newsroom.further = [make_citation(quote="The ferry sails again today.", article=70, emphasis=None)]
    around = Quoted(1, "Snow fell. ", Place(71, 8, 9, 0, 11)), Quoted(2, QUOTE, Place(71, 8, 9, 11, 67))
    house.newsroom.excerpts[0] = Excerpt("Snow fell.", QUOTE, "", "Snow", "The Post", None, None, True, quoted=around)
    channel = house.env.create_guild().create_text_channel("general")
    ann = house.env.guild.add_member(house.env.create_user("ann"))
    ben = house.env.guild.add_member(house.env.create_user("ben"))
    asked = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
    for _ in range(2):
        sources = await ben.click(asked.response.message, label="More sources")
        context = await ben.click(asked.response.message, label="More context")
    assert words(sources.response.message).splitlines()[-1] == FIXED
    assert words(context.response.message).splitlines()[-1] == FIXED
    assert await corrected(house, 70) == 1
    assert await corrected(house, 71) == 1
    lines = words((await ben.slash(channel, "corrections")).response.message).splitlines()
    assert lines[0] == "**Corrected answers**, 2 in all"
    assert sum(line.startswith("**Why was the ferry cancelled?**") for line in lines) == 2
    assert "> ~~The ferry sails again today.~~" in lines
    assert "> ~~Snow fell.~~" in lines
    own = words((await ann.slash(channel, "corrections")).response.message)
    assert own.startswith("**No answer to you had to be corrected.**")


async def test_they_are_no_questions(house: Shown) -> None:
    """Neither figures nor follow-ups nor the list of what is often asked know of them."""
    house.newsroom.further = [make_citation(quote="The ferry sails again today.", article=70, emphasis=None)]
    channel = house.env.create_guild().create_text_channel("general")
    ann = house.env.guild.add_member(house.env.create_user("ann"))
    asked = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
    await ann.click(asked.response.message, label="More sources")
    since = datetime.now(UTC) - timedelta(hours=1)

    def counted() -> tuple[int, int, int, int]:
        journal = house.desk.journal()
        kept = journal.privacy.kept(member_key(SECRET, ann.id))
        figures = journal.reports.figures(house.env.guild.id, [channel.id], since)
        return figures.questions, len(journal.recent(10)), kept.questions, kept.rows["shown"]

    assert await house.worker.keep(counted) == (1, 1, 1, 1)
    cited = await house.worker.keep(
        lambda: house.desk.journal().reports.last_cited(channel.id, member_key(SECRET, ann.id))
    )
    assert [each.article for each in cited] == [7]
    await house.worker.keep(
        lambda: house.desk.journal().privacy.delete(member_key(SECRET, ann.id), now=datetime.now(UTC))
    )
    assert (await house.worker.keep(lambda: house.desk.journal().privacy.kept(member_key(SECRET, ann.id)))).nothing


@pytest.mark.parametrize("public", [False, True])
async def test_what_was_told_of_a_question_is_corrected_where_it_stands(house: Shown, public: bool) -> None:
    """Once, with its button; when the article says again what was told, it becomes what it was."""
    ben = house.env.create_user("ben")
    guild = house.env.create_guild()
    channel = guild.create_text_channel("general")
    where = {"guild": guild.id, "channel": channel.id} if public else {}
    await followed(house, ben.id, **where, now=datetime.now(UTC))
    arrive(house, Place(71, 81, 101, 0, 20), newest=101)
    sender = DiscordSender(house.client)
    telling = Telling(
        house.worker, house.desk, shared_catalogue(), house.guilds, Vault(SECRET), sender, timedelta(hours=6)
    )
    assert await telling.once(datetime.now(UTC)) == 1
    place = channel if public else await house.client.create_dm(discord.Object(ben.id))
    (before,) = [message async for message in house.client.get_partial_messageable(place.id).history()]
    assert await corrected(house, 71) == 1
    (after,) = [message async for message in house.client.get_partial_messageable(place.id).history()]
    lines = words(after).splitlines()
    assert lines[0].startswith("**Corrected on <t:")
    assert lines[1] == "**New on what you follow:** Does the ferry sail?"
    at = lines.index("> ~~News of article 71.~~")
    assert lines[at + 1 : at + 3] == ["**The article now says:**", f"> {NEW}"]
    assert labels(after) == labels(before) == [["Stop"]]
    assert await corrected(house, 71) == 0
    assert await corrected(house, 71, None) == 1
    (again,) = [message async for message in house.client.get_partial_messageable(place.id).history()]
    assert words(again) == words(before)


async def test_what_changed_before_the_message_arrived_is_corrected_too(house: Shown) -> None:
    """What is told is logged before it is sent: a change in between waits for the message."""
    await followed(house, 5, now=datetime.now(UTC))
    journal = await house.worker.keep(house.desk.journal)
    arrive(house, Place(71, 81, 101, 0, 20), newest=101)

    class Slow:
        async def send(self, *_: Any) -> Any:
            await corrected(house, 71)
            return await DiscordSender(house.client).send(house.env.create_user("ben").id, 0, _[2], _[3])

    telling = Telling(
        house.worker,
        house.desk,
        shared_catalogue(),
        house.guilds,
        Vault(SECRET),
        Slow(),
        timedelta(hours=6),  # type: ignore[arg-type]
    )
    assert await telling.once(datetime.now(UTC)) == 1
    assert await house.amending.once(datetime.now(UTC) + timedelta(minutes=1)) == 1
    standing = await house.worker.keep(lambda: journal.corrections.standing(1))
    assert (standing.state, standing.question) == ("edited", "Does the ferry sail?")


async def test_the_followed_words_are_kept_in_one_place(house: Shown) -> None:
    """So that ending a follow, or forgetting its question, forgets them in what was told as well."""
    ticket = await followed(house, 5, now=datetime.now(UTC))
    arrive(house, Place(71, 81, 101, 0, 20), newest=101)
    telling = Telling(
        house.worker, house.desk, shared_catalogue(), house.guilds, Vault(SECRET),
        DiscordSender(house.client), timedelta(hours=6),
    )  # fmt: skip
    house.env.create_user("ann")
    await house.worker.keep(lambda: house.desk.journal().follows.end(ticket))
    assert await telling.once(datetime.now(UTC)) == 0
    rows = await house.worker.keep(
        lambda: house.desk.journal()._db.execute("SELECT question, reply FROM exchanges").fetchall()
    )
    assert rows == []


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    store = Store(tmp_path / "corpus.db")
    bridge(store)
    store.close()
    async with open_bureau(tmp_path) as opened:
        yield opened


async def test_a_timeline_is_corrected_where_it_stands(bureau: Bureau) -> None:
    """The point struck through below its day, the picture still to be had; one for the asker alone says it is fixed."""
    channel = bureau.env.create_guild().create_text_channel("general")
    ann = bureau.env.guild.add_member(bureau.env.create_user("ann"))
    title = "Old Mill Bridge closed after crack is found"
    bureau.newsroom.citations = (make_citation(article=1, title=title),)
    parts = bureau.parts
    amending = Amending(parts, Vault(SECRET), pace=0.0)
    result = await ann.slash(channel, "timeline", question="the bridge of Pell")
    private = await ann.slash(channel, "timeline", question="the bridge of Pell", private=True)
    before = words(result.response.message).splitlines()
    drawn = await ann.click(result.response.message, label="As a picture")
    assert words(private.response.message).splitlines()[-1] == FIXED
    assert words(drawn.response.message).splitlines()[-1] == FIXED
    assert FIXED not in before
    at = next(number for number, line in enumerate(before) if line.startswith("**2** "))
    article = await bureau.worker.keep(
        lambda: bureau.desk.journal()._db.execute("SELECT article FROM citations WHERE number = 2").fetchone()[0]
    )
    assert await bureau.worker.keep(lambda: alter(bureau.desk.journal(), article)) == 3
    await amending.once(datetime.now(UTC) + timedelta(seconds=1))
    message = await bureau.client.get_partial_messageable(channel.id).fetch_message(result.response.id)
    lines = words(message).splitlines()
    assert lines[0].endswith("An article quoted here has changed since: see quote 2.")
    assert lines[1:at] == before[: at - 1]
    assert lines[at : at + 4] == [
        f"> ~~{before[at - 1].removeprefix('> ')}~~", "**The article now says:**", f"> {NEW}", before[at],
    ]  # fmt: skip
    assert lines[at + 4 :] == before[at + 1 :]
    assert labels(message) == [["As a picture"]]
    states = await bureau.worker.keep(
        lambda: bureau.desk.journal()._db.execute("SELECT state FROM amendments ORDER BY exchange").fetchall()
    )
    assert states == [("edited",), ("private",), ("private",)]


def test_of_a_page_that_was_turned_only_what_it_shows_is_edited(tmp_path: Path) -> None:
    """The quotes of the page before are still followed; they stay in the member's list."""
    journal = Journal(tmp_path / "journal.db")
    first = Logged(
        Quoting(Act.TIMELINE, (Quoted(1, "One.", Place(1, 1, 1, 0, 4)),), "1.1.2", "the bridge", reply="> One."),
        datetime.now(UTC), "ann", "en", Installation.GUILD, 1, 2, 3, False, "a" * 16,
    )  # fmt: skip
    second = replace(
        first, quoting=Quoting(Act.TIMELINE, (Quoted(6, "Six.", Place(6, 6, 6, 0, 4)),), "1.2.2"), ticket="b" * 16
    )
    for each in (first, second):
        journal.write(entry_of(each))
    for article in (1, 6):
        alter(journal, article)
    left, shown = journal.corrections.standing(1), journal.corrections.standing(2)
    assert left is not None
    assert shown is not None
    assert (left.message, left.private, shown.message, shown.question) == (None, True, 3, "the bridge")
    assert journal.corrections.of_member("ann", 0, 9)[0] == 2
    journal.close()
