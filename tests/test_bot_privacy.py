"""Members' rights in a simulated Discord: what they see of what is kept, take along, and have deleted."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bot_house import QUOTE, SECRET, House, labels, make_citation, open_house, shared_catalogue, words

from bot.client import Client
from bot.commands.parts import Parts
from bot.commands.privacy import MembersRights, _file
from bot.journal import JournalError, member_key
from bot.journal_acts import Act
from bot.journal_recipients import Recipient
from bot.limits import Limits
from bot.vault import Vault

CANARY = "zyzzyva"
URL = "https://paper.example/privacy"
NOTHING = "What I keep about you\nNothing: no question, no verdict, no setting."


class Rights(House):
    """The house with ``/privacy``."""

    rights: MembersRights

    def furnish(self) -> Client:
        client = super().furnish()
        parts = Parts(client, self.worker, self.desk, shared_catalogue(), SECRET, self.guilds, Limits())
        self.rights = MembersRights(parts, 30, URL)
        self.rights.add()
        return client

    async def write(self, work: Any) -> Any:
        """Do something with the journal that the bot has open."""
        return await self.worker.keep(lambda: work(self.desk.journal()))

    def files(self) -> bytes:
        """Every byte of the data folder."""
        return b"".join(each.read_bytes() for each in sorted(self.journal.parent.iterdir()) if each.is_file())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Rights]:
    async with open_house(tmp_path, Rights) as opened:
        yield opened


@pytest.fixture
def channel(house: Rights) -> Any:
    return house.env.create_guild().create_text_channel("general")


@pytest.fixture
def ann(house: Rights, channel: Any) -> Any:
    return house.env.guild.add_member(house.env.create_user("ann"))


@pytest.fixture
def ben(house: Rights, channel: Any) -> Any:
    return house.env.guild.add_member(house.env.create_user("ben"))


def key(member: Any) -> str:
    return member_key(SECRET, member.id)


def shown(result: Any) -> str:
    assert result.ephemeral
    assert result.response is not None
    return words(result.response.message).replace("**", "")


async def delete(member: Any, channel: Any) -> str:
    """Ask for the deletion and confirm it; what is read then."""
    asked = await member.slash(channel, "privacy delete")
    assert labels(asked.response.message) == [["Delete everything"]]
    await member.click(asked.response.message, label="Delete everything")
    return words(asked.response.message)


async def test_who_asked_nothing_reads_that_nothing_is_kept(house: Rights, channel: Any, ann: Any) -> None:
    said = shown(await ann.slash(channel, "privacy show"))
    assert said.startswith(NOTHING)
    assert said.endswith(f"My operator’s privacy text: <{URL}>")


async def test_a_member_sees_how_much_is_kept_and_for_how_long(house: Rights, channel: Any, ann: Any) -> None:
    result = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
    await ann.slash(channel, "ask", question="Since when?", private=True)
    noted = await ann.click(result.response.message, label="Not helpful")
    form = await ann.click(noted.response.message, label="Say why")
    await ann.submit_modal(form, {"text": "Another ferry."})
    now = datetime.now(UTC)
    await house.write(lambda journal: journal.acts.add(Act(now, house.env.guild.id, key(ann), "setup")))
    told = Recipient(key(ann), "correction", Vault(SECRET).seal(ann.id), now)
    await house.write(lambda journal: journal.recipients.put(told, now=now))

    lines = shown(await ann.slash(channel, "privacy show")).splitlines()

    oldest = min(datetime.fromisoformat(str(row["asked"])) for row in await house.rows())
    assert lines[:5] == [
        "What I keep about you",
        f"- 2 questions with their answers, the oldest from <t:{int(oldest.timestamp())}:D>",
        "- One verdict on an answer, one with a reason in your words",
        "- One note of what you did as an admin or owner",
        "- One wish to be told something later",
    ]
    assert "after 30 days" in lines[5]


async def test_a_member_takes_along_all_that_is_kept_and_nothing_of_others(
    house: Rights, channel: Any, ann: Any, ben: Any
) -> None:
    result = await ann.slash(channel, "ask", question="Why was the ferry cancelled?")
    await ben.slash(channel, "ask", question="Who won?")
    await ann.click(result.response.message, label="Helpful")

    before = datetime.now(UTC)
    exported = await ann.slash(channel, "privacy export")
    days = {f"{moment:%Y-%m-%d}" for moment in (before, datetime.now(UTC))}  # two at midnight

    assert exported.ephemeral
    (file,) = exported.response.attachments
    assert file.filename in {f"newsdesk-privacy-{day}.json" for day in days}
    content = json.loads(await file.read())
    assert (content["key"], content["retention_days"]) == (key(ann), 30)
    (question,) = content["questions"]
    assert question["question"] == "Why was the ferry cancelled?"
    assert (question["guild"], question["channel"]) == (str(house.env.guild.id), str(channel.id))
    assert (question["quotes"], question["answered"]) == ([QUOTE], True)
    assert question["reply_message"] == str(result.response.id)
    assert [each["verdict"] for each in content["verdicts"]] == ["helpful"]
    assert (content["acts"], content["notices"]) == ([], [])


def test_an_export_too_long_for_a_message_is_compressed() -> None:
    name, content = _file({"questions": ["why?" * 10_000]}, "a.json", 10_000)
    assert (name, content[:2]) == ("a.json.gz", b"\x1f\x8b")
    assert len(content) < 10_000


async def test_nothing_of_a_member_is_left_in_the_files(house: Rights, channel: Any, ann: Any, ben: Any) -> None:
    """Words, key, ids, and what another's follow-up repeats of them; the quote and the figures stay for the day."""
    house.newsroom.further = [make_citation()]
    first = await ann.slash(channel, "ask", question=f"Why was the {CANARY} cancelled?")
    await ann.slash(channel, "ask", question=f"And the other {CANARY}?", private=True)
    await ben.send(channel, f"<@{house.client.user.id}> and since when?", reply_to=first.response.message)  # type: ignore[union-attr]
    noted = await ann.click(first.response.message, label="Not helpful")
    form = await ann.click(noted.response.message, label="Say why")
    await ann.submit_modal(form, {"text": f"Another {CANARY}."})
    now = datetime.now(UTC)
    await house.write(lambda journal: journal.acts.add(Act(now, house.env.guild.id, key(ann), "setup")))
    told = Recipient(key(ann), "correction", Vault(SECRET).seal(ann.id), now)
    await house.write(lambda journal: journal.recipients.put(told, now=now))
    echo = (await house.rows())[0]
    assert CANARY in f"{echo['understood']}"
    assert CANARY.encode() in house.files()
    assert key(ann).encode() in house.files()

    said = await delete(ann, channel)

    assert said.startswith("Done. Everything about you is deleted, also in the statistics")
    left = house.files()
    assert CANARY.encode() not in left
    assert key(ann).encode() not in left
    assert str(first.response.id).encode() not in left
    assert key(ben).encode() in left
    others, private, public = await house.rows()
    assert (others["member"], others["question"], others["understood"]) == (key(ben), "and since when?", None)
    assert str(others["reply"]).splitlines()[0] == "-# You asked: and since when?"
    gone = ("member", "question", "reply", "ticket", "locale", "follows", "question_message", "reply_message")
    assert [public[name] for name in gone] == [None] * len(gone)
    assert public["asked"] == f"{now:%Y-%m-%d}T00:00:00.000+00:00"
    assert (public["guild"], public["channel"], private["channel"]) == (house.env.guild.id, channel.id, None)
    assert (public["answered"], public["confidence"]) == (1, 0.9)
    assert [each["quote"] for each in public["citations"]] == [QUOTE]  # type: ignore[attr-defined]
    assert await house.write(lambda journal: journal.verdicts.of(1)) == {}
    (act,) = await house.write(lambda journal: journal.acts.of(house.env.guild.id))
    assert (act.member, act.act) == (None, "setup")
    assert await house.write(lambda journal: journal.recipients.of("correction")) == []
    assert shown(await ann.slash(channel, "privacy show")).startswith(NOTHING)


async def test_it_works_in_direct_messages_and_leaves_no_channel_there(house: Rights) -> None:
    """The channel of a direct conversation leads to its member."""
    user = house.env.create_user("cleo")
    await user.send_dm(f"Why was the {CANARY} cancelled?")
    asked = await user.slash("privacy delete")

    await user.click(asked.response.message, label="Delete everything")

    assert (await house.rows())[0]["channel"] is None
    assert CANARY.encode() not in house.files()
    assert str(user.dm_channel.id).encode() not in house.files()


async def test_only_a_confirmed_deletion_deletes(house: Rights, channel: Any, ann: Any, ben: Any) -> None:
    await ann.slash(channel, "ask", question="Why?")
    await ann.slash(channel, "privacy delete")
    await delete(ben, channel)
    assert [row["question"] for row in await house.rows()] == ["Why?"]


async def test_a_deletion_that_cannot_be_written_is_told(
    house: Rights, channel: Any, ann: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing claims that it was done."""
    await ann.slash(channel, "ask", question="Why?")
    asked = await ann.slash(channel, "privacy delete")

    def full() -> Any:
        raise JournalError("database or disk is full", subject="journal.db")

    monkeypatch.setattr(house.desk, "privacy", full)
    await ann.click(asked.response.message, label="Delete everything")
    assert words(asked.response.message) == shared_catalogue().texts("en")("error-disk")


async def test_a_deleted_message_takes_its_words_out_of_the_log(house: Rights, channel: Any, ann: Any) -> None:
    """The answer and its figures stay, and its buttons work."""
    asked = await ann.send(channel, f"<@{house.client.user.id}> why was the {CANARY} cancelled?")  # type: ignore[union-attr]
    reply = channel.last_message
    assert CANARY.encode() in house.files()

    await ann.delete(asked)
    await house.worker.keep(lambda: None)

    assert CANARY.encode() not in house.files()
    (row,) = await house.rows()
    assert (row["question"], row["member"], row["reply_message"]) == (None, key(ann), reply.id)
    assert str(row["reply"]).startswith("**Strong match**")
    noted = await ann.click(reply, label="Helpful")
    assert shown(noted).startswith("Noted: helpful.")


async def test_a_message_deleted_while_it_is_answered_is_logged_without_its_words(
    house: Rights, channel: Any, ann: Any
) -> None:
    """The event comes before the row is written."""
    ask = house.newsroom.ask

    def meanwhile(query: Any, threshold: float | None = None) -> Any:
        number = channel.last_message.id
        coming = house.rights.on_raw_bulk_message_delete(SimpleNamespace(message_ids={number}))  # type: ignore[arg-type]
        asyncio.run_coroutine_threadsafe(coming, loop)
        return ask(query, threshold)

    loop = asyncio.get_running_loop()
    house.newsroom.ask = meanwhile  # type: ignore[method-assign]
    await ann.send(channel, f"<@{house.client.user.id}> why the {CANARY}?")  # type: ignore[union-attr]
    assert [row["question"] for row in await house.rows()] == [None]
    assert CANARY.encode() not in house.files()


async def test_a_deleted_channel_takes_the_words_of_its_questions_along(house: Rights, channel: Any, ann: Any) -> None:
    other = house.env.guild.create_text_channel("other")
    await ann.slash(channel, "ask", question="Why?")
    await ann.slash(other, "ask", question="Since when?")
    await house.rights.on_guild_channel_delete(SimpleNamespace(id=other.id))  # type: ignore[arg-type]
    assert [row["question"] for row in await house.rows()] == [None, "Why?"]
    # A thread's id stands where a channel's does.
    await house.rights.on_raw_thread_delete(SimpleNamespace(thread_id=channel.id))  # type: ignore[arg-type]
    assert [row["question"] for row in await house.rows()] == [None, None]


async def test_a_guild_that_the_bot_leaves_is_noted_until_it_joins_again(house: Rights, channel: Any) -> None:
    """The retention time of its settings runs meanwhile, see test_bot_retention."""
    guild = house.client.get_guild(house.env.guild.id)
    assert guild is not None
    later = datetime.now(UTC) + timedelta(days=1)
    for events, gone in ((["guild_remove"], [guild.id]), (["guild_remove", "guild_join"], [])):
        for event in events:
            house.client.dispatch(event, guild)
            await asyncio.sleep(0)
            await house.worker.keep(lambda: None)
        assert await house.worker.keep(lambda: house.desk.journal().departures.forget_before(later)) == gone


async def test_the_file_of_deletions_holds_no_key(house: Rights, channel: Any, ann: Any) -> None:
    await ann.slash(channel, "ask", question="Why?")
    await delete(ann, channel)
    (line,) = (house.journal.parent / "deletions.jsonl").read_text().splitlines()
    assert json.loads(line)["member"] == hashlib.sha256(f"deleted:{key(ann)}".encode()).hexdigest()
