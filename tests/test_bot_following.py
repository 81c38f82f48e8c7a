"""Following a question: told once, only what is new, at most so often, and stopped with one press."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot_house import QUOTE, SECRET, House, make_citation, open_house, shared_catalogue, words

from bot.commands.follow import DiscordSender, Following
from bot.commands.parts import Parts
from bot.journal import Journal, member_key
from bot.journal_follows import MOST, Follows
from bot.limits import Limits
from bot.news import same
from bot.records import Place
from bot.render import Message
from bot.telling import RefusedError, Sent, Telling, Unsure
from bot.vault import Vault

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GAP = timedelta(hours=6)
VAULT = Vault(SECRET)
FIRST, SECOND = Place(71, 81, 101, 0, 20), Place(72, 82, 102, 5, 30)


@dataclass
class FakeSender:
    """Keeps what was sent, or fails as it is told.

    Attributes:
        error: raised instead of sending.
        lost: raised after it was sent, as where the connection breaks.
    """

    sent: list[tuple[int, int, Message, str]] = field(default_factory=list)
    error: Exception | None = None
    lost: Exception | None = None
    unreadable: Exception | None = None

    async def send(self, user: int, channel: int, message: Message, nonce: str) -> Sent:
        if self.error:
            raise self.error
        if nonce not in [each[3] for each in self.sent]:
            self.sent.append((user, channel, message, nonce))
        if self.lost:
            raise self.lost
        return Sent(channel or 800, 900 + len(self.sent))

    async def find(self, user: int, channel: int, mark: str, since: datetime) -> Sent | None:
        if self.unreadable:
            raise self.unreadable
        marks = [message.rows[0][0].argument for _, _, message, _ in self.sent]
        return Sent(800, 900 + marks.index(mark) + 1) if mark in marks else None


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        opened.newsroom.further = [make_citation(), make_citation(quote="The ferry sails again.", article=71)]
        yield opened


def telling(house: House, sender: Any) -> Telling:
    """A new process of the bot, as far as telling goes."""
    return Telling(house.worker, house.desk, shared_catalogue(), house.guilds, VAULT, sender, GAP)


async def followed(
    house: House, user: int = 5, *, guild: int | None = None, channel: int = 0, now: datetime = NOW
) -> str:
    """Follow the ferry for 30 days; returns the ticket."""

    def add() -> str | None:
        return house.desk.journal().follows.add(
            member=member_key(SECRET, user), sealed=VAULT.seal(user, channel), question="Does the ferry sail?",
            understood="Does the ferry sail?", exchange=None, guild=guild, public=bool(channel), locale="en", now=now,
            until=now + timedelta(days=30), seen=100, known=[Place(7, 8, 9, 0, 56)],
        )  # fmt: skip

    ticket = await house.worker.run(add)
    assert ticket is not None
    return ticket


def arrive(house: House, *places: Place, newest: int) -> None:
    """New articles that answer, in a new index; the newsroom quotes each by its place."""
    house.newsroom.fresh = list(places)
    house.newsroom.passages = newest
    house.newsroom.quoted = lambda given: [  # type: ignore[method-assign]
        make_citation(number, quote=f"News of article {place.article}.", article=place.article)
        for number, place in enumerate(given, 1)
    ]


async def test_what_is_new_is_told_once(house: House) -> None:
    """Nothing while nothing came; then the quote with its source; then nothing more."""
    sender = FakeSender()
    ticket = await followed(house)
    tell = telling(house, sender)
    assert await tell.once(NOW) == 0
    assert house.newsroom.looked == []  # nothing came, so nothing was searched
    arrive(house, FIRST, newest=101)
    assert await tell.once(NOW) == 1
    assert await tell.once(NOW + timedelta(days=1)) == 0
    assert house.newsroom.looked == [("Does the ferry sail?", 100, [Place(7, 8, 9, 0, 56)])]
    ((user, channel, message, nonce),) = sender.sent
    assert (user, channel, len(nonce)) == (5, 0, 24)
    assert message.text.startswith("**New on what you follow:** Does the ferry sail?\n> News of article 71.\n")
    assert [[each.act, each.argument] for each in message.rows[0]] == [["unfollow", f"{ticket}.1"]]


async def test_what_comes_within_six_hours_is_gathered(house: House) -> None:
    sender = FakeSender()
    await followed(house)
    tell = telling(house, sender)
    arrive(house, FIRST, newest=101)
    await tell.once(NOW)
    arrive(house, SECOND, newest=102)
    assert await tell.once(NOW + timedelta(hours=1)) == 0
    third = dataclasses.replace(SECOND, article=73, passage=103)
    arrive(house, SECOND, third, newest=103)
    assert await tell.once(NOW + timedelta(hours=5, minutes=59)) == 0
    assert await tell.once(NOW + timedelta(hours=6)) == 1
    assert [line for line in sender.sent[1][2].text.split("\n") if line.startswith("> ")] == [
        "> News of article 72.", "> News of article 73.",
    ]  # fmt: skip


async def test_a_message_cut_short_after_it_was_sent_is_not_sent_again(house: House) -> None:
    """Killed between Discord's taking it and the journal's word: the next process finds it in the conversation."""
    sender = FakeSender(lost=Unsure("cut off"))
    await followed(house)
    arrive(house, FIRST, newest=101)
    assert await telling(house, sender).once(NOW) == 0
    sender.lost = None
    assert await telling(house, sender).once(NOW + timedelta(minutes=10)) == 0
    assert await telling(house, sender).once(NOW + timedelta(days=1)) == 0
    assert len(sender.sent) == 1


async def test_a_message_cut_short_before_it_was_sent_is_sent_once(house: House) -> None:
    """Killed between the mark and the sending: the next process does not find it, and sends it."""
    sender = FakeSender()
    await followed(house)
    arrive(house, FIRST, newest=101)
    places = [FIRST]
    await house.worker.run(lambda: house.desk.journal().follows.found(1, places, seen=101))
    await house.worker.run(lambda: house.desk.journal().follows.claim(NOW, GAP))
    assert await telling(house, sender).once(NOW + timedelta(minutes=10)) == 1
    assert await telling(house, sender).once(NOW + timedelta(minutes=20)) == 0
    assert len(sender.sent) == 1


async def test_where_it_cannot_be_looked_for_it_is_given_up(house: House) -> None:
    """At most once comes before at least once."""
    sender = FakeSender(lost=Unsure("cut off"))
    await followed(house)
    arrive(house, FIRST, newest=101)
    await telling(house, sender).once(NOW)
    sender.lost, sender.unreadable = None, RefusedError("no history")
    assert await telling(house, sender).once(NOW + timedelta(minutes=10)) == 0
    sender.unreadable = None
    assert await telling(house, sender).once(NOW + timedelta(minutes=20)) == 0
    assert len(sender.sent) == 1


async def test_closed_messages_end_it(house: House) -> None:
    """A member who takes no direct messages is not tried again, and finds it in the list."""
    sender = FakeSender(error=RefusedError("Cannot send messages to this user"))
    ticket = await followed(house)
    arrive(house, FIRST, newest=101)
    await telling(house, sender).once(NOW)
    sender.error = None
    arrive(house, SECOND, newest=102)
    assert await telling(house, sender).once(NOW + timedelta(days=1)) == 0
    follow = await house.worker.run(lambda: house.desk.journal().follows.by_ticket(ticket))
    assert follow is not None
    assert follow.unreachable


async def test_what_may_not_be_quoted_any_more_is_not_told(house: House) -> None:
    """And the next news does not wait for six hours because of it."""
    sender = FakeSender()
    await followed(house)
    arrive(house, FIRST, newest=101)
    house.newsroom.quoted = lambda given: []  # type: ignore[method-assign]
    assert await telling(house, sender).once(NOW) == 0
    arrive(house, SECOND, newest=102)
    assert await telling(house, sender).once(NOW + timedelta(minutes=1)) == 1


async def test_it_ends_by_time_by_deletion_and_with_the_guild(house: House) -> None:
    sender = FakeSender()
    await followed(house, 5)
    await followed(house, 6)
    await followed(house, 7, guild=40, channel=41)
    journal = house.desk.journal

    def leave() -> None:
        journal().departures.left(40, now=NOW)
        journal().privacy.delete(member_key(SECRET, 5), now=NOW + timedelta(minutes=1))

    await house.worker.run(leave)
    arrive(house, FIRST, newest=101)
    assert await telling(house, sender).once(NOW + timedelta(hours=1)) == 1
    assert [each[0] for each in sender.sent] == [6]
    assert await house.worker.run(lambda: journal().follows.forget_before(NOW + timedelta(days=31))) == 2
    rows = await house.worker.run(
        lambda: (
            journal()
            ._db.execute("SELECT (SELECT count(*) FROM follow_places), (SELECT count(*) FROM follows)")
            .fetchone()
        )
    )
    assert rows == (0, 0)


async def test_a_channel_is_told_in_its_own_place(house: House) -> None:
    sender = FakeSender()
    await followed(house, 5, guild=40, channel=41)
    arrive(house, FIRST, newest=101)
    await telling(house, sender).once(NOW)
    assert sender.sent[0][:2] == (5, 41)


def test_a_member_follows_so_many_and_one_question_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    follows: Follows = journal.follows
    common: dict[str, Any] = {
        "member": "m", "sealed": b"x", "exchange": None, "guild": None, "public": False, "locale": "en", "now": NOW,
        "until": NOW + timedelta(days=1), "seen": 0, "known": (),
    }  # fmt: skip
    for number in [*range(MOST), 0]:
        assert follows.add(question=f"Q{number}?", understood=f"Q{number}?", **common) is not None
    assert follows.add(question="One more?", understood="One more?", **common) is None
    assert len(follows.of("m")) == MOST
    journal.close()


@pytest.mark.parametrize(
    ("known", "other", "expected"),
    [
        (QUOTE, "Because ice blocked the channel, the ferry was cancelled.", True),
        ("Fourteen people were hurt in the crash.", "Seventeen people were hurt in the crash.", False),
        ("Fourteen people were hurt in the crash.", "The driver of the tram was arrested.", False),
    ],
)
def test_another_copy_of_the_same_fact_is_no_news(known: str, other: str, *, expected: bool) -> None:
    assert same(known, other) is expected


async def test_one_press_follows_and_one_press_stops(house: House) -> None:
    """The button of an answer follows its question; the list has it, and stops it."""
    parts = Parts(house.client, house.worker, house.desk, shared_catalogue(), SECRET, house.guilds, Limits())
    Following(parts, VAULT, 30).add()
    channel = house.env.create_guild().create_text_channel("general")
    ann = house.env.guild.add_member(house.env.create_user("ann"))
    asked = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
    pressed = await ann.click(asked.response.message, label="Tell me when this changes")
    assert "I tell you by direct message" in words(pressed.response.message)
    rows = await house.worker.run(lambda: house.desk.journal().follows.of(member_key(SECRET, ann.id)))
    assert [(each.question, each.public) for each in rows] == [("Why was the ferry cancelled?", False)]
    assert VAULT.open_both(rows[0].sealed) == (ann.id, 0)
    known = await house.worker.run(lambda: house.desk.journal().follows.places(rows[0].id))
    assert known == [Place(7, 8, 9, 0, len(QUOTE))]
    stopped = await ann.click(pressed.response.message, label="Stop")
    assert words(stopped.response.message) == "Stopped. I tell nothing more about this."
    assert await house.worker.run(lambda: house.desk.journal().follows.of(member_key(SECRET, ann.id))) == []


async def test_the_message_arrives_and_its_button_is_found(house: House) -> None:
    """Through discord.py: a direct message with the stop button, found again by it."""
    user = house.env.create_user("ben")
    ticket = await followed(house, user.id)
    arrive(house, FIRST, newest=101)
    sender = DiscordSender(house.client)
    assert await telling(house, sender).once(NOW) == 1
    found = await sender.find(user.id, 0, f"{ticket}.1", datetime(2020, 1, 1, tzinfo=UTC))
    assert found is not None
    assert await sender.find(user.id, 0, f"{ticket}.2", datetime(2020, 1, 1, tzinfo=UTC)) is None
    await asyncio.sleep(0)
