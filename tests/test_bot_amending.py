"""Corrections in a simulated Discord: earlier messages edited, their askers told, ``/corrections``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot_house import QUOTE, SECRET, House, labels, make_citation, open_house, shared_catalogue, words

from bot.client import Client
from bot.commands.amending import PURPOSE, Amending
from bot.commands.corrections import CorrectionList
from bot.commands.parts import Parts
from bot.correcting import Finding, Found, Kind
from bot.guilds import GuildSettings
from bot.journal import Journal, member_key
from bot.limits import Limits
from bot.vault import Vault

NOW = datetime.now(UTC)
NEW = "The ferry was cancelled because fog lay on the channel."
NOTE = "Correction: it was fog, not ice."
ALTERED = Finding(Kind.ALTERED, 20, "wording", "ice", "fog", NEW, NOTE)
LINE = "**1** The Harbour Post: [Ferry stays in port](<https://harbour.example/ferry>), <t:1769860800:D>"
BANNER = "An article quoted here has changed since: see quote 1."


class Amended(House):
    """The house with what corrects earlier answers."""

    amending: Amending

    def furnish(self) -> Client:
        client = super().furnish()
        parts = Parts(client, self.worker, self.desk, shared_catalogue(), SECRET, self.guilds, Limits())
        vault = Vault(SECRET)
        CorrectionList(parts, vault).add()
        self.amending = Amending(parts, vault, pace=0.0)
        return client

    async def write(self, work: Any) -> Any:
        """Do something with the journal that the bot has open."""
        return await self.worker.keep(lambda: work(self.desk.journal()))

    async def find(self, finding: Finding | None, *, number: int = 1, confirmed: bool = True) -> int:
        """Let a look find something about every quote of article 7 with a number."""

        def note(journal: Journal) -> int:
            given = [each for each in journal.corrections.given(7, (0, 0), 100) if each.number == number]
            found = [
                Found(each, finding, NOW, confirmed, False, "Ferry stays in port", "The Harbour Post", None)
                for each in given
            ]
            return journal.corrections.note(found, now=NOW)

        return int(await self.write(note))

    async def mend(self, hours: float = 0.0) -> int:
        """One round of edits, some hours later."""
        return await self.amending.once(datetime.now(UTC) + timedelta(seconds=1, hours=hours))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Amended]:
    async with open_house(tmp_path, Amended) as opened:
        yield opened


@pytest.fixture
def channel(house: Amended) -> Any:
    return house.env.create_guild().create_text_channel("general")


@pytest.fixture
def ann(house: Amended, channel: Any) -> Any:
    return house.env.guild.add_member(house.env.create_user("ann"))


async def ask(member: Any, channel: Any, **options: Any) -> Any:
    result = await member.slash(channel, "ask", question="Why was the ferry cancelled?", **options)
    return result.response


def shown(message: Any) -> list[str]:
    return words(message).splitlines()


async def reread(house: Amended, channel: Any, response: Any) -> Any:
    """The message as it stands in Discord now."""
    return await house.client.get_partial_messageable(channel.id).fetch_message(response.id)


async def test_an_answer_says_that_its_article_changed(house: Amended, channel: Any, ann: Any) -> None:
    """Old words struck through, new words and the note beside them, the buttons as they were; once."""
    response = await ask(ann, channel)
    before, buttons = shown(response.message), labels(response.message)
    assert await house.find(ALTERED) == 1
    assert await house.mend() == 1
    message = await reread(house, channel, response)
    lines = shown(message)
    assert lines[0].startswith("**Corrected on <t:")
    assert lines[0].endswith(BANNER)
    at = lines.index("> ~~The ferry was cancelled because **ice** blocked the channel.~~")
    assert lines[at + 1 : at + 5] == [
        "**The article now says:**",
        f"> {NEW}",
        f"-# It says about the change: {NOTE}",
        LINE,
    ]
    assert [line for line in before if line not in lines] == [
        "> The ferry was cancelled because **ice** blocked the channel."
    ]
    assert labels(message) == buttons
    edited = message.edited_at
    assert await house.find(ALTERED) == 0
    assert await house.mend() == 0
    assert (await reread(house, channel, response)).edited_at == edited


async def test_a_revert_brings_the_message_back(house: Amended, channel: Any, ann: Any) -> None:
    response = await ask(ann, channel)
    before = response.message
    shown_before = [each.content for each in before.components if hasattr(each, "content")]
    await house.find(ALTERED)
    await house.mend()
    await house.find(None)
    assert await house.mend() == 1
    after = await reread(house, channel, response)
    assert [each.content for each in after.components if hasattr(each, "content")] == shown_before


@pytest.mark.parametrize(
    ("finding", "line", "banner"),
    [
        (Finding(Kind.ALTERED, 20, "gone"), "**The article no longer says this.**", BANNER),
        (Finding(Kind.DROPPED, 20, "gone"), "**No longer on the page.** It goes on without this entry.", BANNER),
        (
            Finding(Kind.WITHDRAWN, 20, "withdrawn"),
            "**The article was withdrawn**, or another text stands in its place.",
            "An article quoted here was withdrawn since: see quote 1.",
        ),
    ],
)
async def test_what_has_no_new_words(
    house: Amended, channel: Any, ann: Any, finding: Finding, line: str, banner: str
) -> None:
    response = await ask(ann, channel)
    await house.find(finding)
    await house.mend()
    lines = shown(await reread(house, channel, response))
    assert lines[0].endswith(banner)
    assert lines[lines.index("> ~~The ferry was cancelled because **ice** blocked the channel.~~") + 1] == line


async def test_what_is_not_certain_yet_is_not_said(house: Amended, channel: Any, ann: Any) -> None:
    response = await ask(ann, channel)
    before = words(response.message)
    assert await house.find(Finding(Kind.WITHDRAWN, 20, "withdrawn"), confirmed=False) == 0
    assert await house.mend() == 0
    assert words(await reread(house, channel, response)) == before


async def test_it_is_said_in_every_guild_and_language(house: Amended, channel: Any, ann: Any) -> None:
    response = await ask(ann, channel)
    guild = house.env.create_guild()
    there = guild.create_text_channel("news")
    jana = guild.add_member(house.env.create_user("jana"))
    house.guilds.settings[guild.id] = GuildSettings(language="de")
    other = await ask(jana, there)
    await house.find(ALTERED)
    assert await house.mend() == 2
    assert shown(await reread(house, channel, response))[0].startswith("**Corrected on")
    lines = shown(await reread(house, there, other))
    assert lines[0].startswith("**Berichtigt am")
    assert "**Der Artikel sagt jetzt:**" in lines


async def test_a_long_answer_gets_a_page_more(house: Amended, channel: Any, ann: Any) -> None:
    """What does not fit beside three long quotes stands on a page of its own, which the buttons turn to."""
    long = "It was a very long day in the port of Skarrow and nobody there knew what to do with so much ice. "
    quotes = [(long * 9 + f"Number {number}.").strip() for number in (1, 2, 3)]
    house.newsroom.citations = tuple(
        make_citation(number, quote=quote, passage=quote, emphasis=None) for number, quote in enumerate(quotes, 1)
    )
    response = await ask(ann, channel)
    assert labels(response.message)[0][0] == "More context"
    finding = Finding(Kind.ALTERED, 20, "number", "", "", (long * 7).strip(), NOTE)
    for number in (1, 2, 3):
        await house.find(finding, number=number)
    await house.mend()
    message = await reread(house, channel, response)
    assert labels(message)[0] == ["(Previous)", "Next"]
    text = words(message)
    assert "see quotes 1, 2, 3." in text
    pages = [text]
    while labels(message)[0][1] == "Next":
        await ann.click(message, label="Next")
        message = await reread(house, channel, response)
        pages.append(words(message))
    assert len(pages) >= 2
    assert all(f"> ~~{quote[:60]}" in "".join(pages) for quote in quotes)
    assert "".join(pages).count("**The article now says:**") == 3
    assert all("**Corrected on" in page for page in pages)


async def test_a_deleted_message_is_left(house: Amended, channel: Any, ann: Any) -> None:
    response = await ask(ann, channel)
    await response.message.delete()
    await house.find(ALTERED)
    assert await house.mend() == 1
    assert (await house.write(lambda journal: journal.corrections.standing(1))).state == "gone"
    assert await house.mend(hours=100) == 0


async def test_a_reply_for_one_member_says_that_it_cannot_be_edited(house: Amended, channel: Any, ann: Any) -> None:
    """It stays as it is, and stands in the member's list, in nobody else's."""
    response = await ask(ann, channel, private=True)
    assert shown(response.message)[-1] == (
        "-# I cannot edit a reply like this one later. If an article in it changes, `/corrections` tells you."
    )
    await house.find(ALTERED)
    assert await house.mend() == 1
    assert (await house.write(lambda journal: journal.corrections.standing(1))).state == "private"
    listed = await ann.slash(channel, "corrections")
    assert listed.ephemeral
    lines = shown(listed.response.message)
    assert lines[0] == "**Corrected answers**, 1 in all"
    assert lines[1].startswith("**Why was the ferry cancelled?** (<t:")
    assert lines[2:5] == [f"> ~~{QUOTE}~~", "**The article now says:**", f"> {NEW}"]
    ben = house.env.guild.add_member(house.env.create_user("ben"))
    assert shown((await ben.slash(channel, "corrections")).response.message)[0].startswith("**No answer to you")


async def test_who_chose_to_be_told_is_told_once_and_can_stop(house: Amended, channel: Any, ann: Any) -> None:
    response = await ask(ann, channel)
    listed = await ann.slash(channel, "corrections")
    assert labels(listed.response.message) == [["Tell me by direct message"]]
    await ann.click(listed.response.message, label="Tell me by direct message")
    assert labels(listed.response.message) == [["Stop telling me"]]
    wishes = await house.write(lambda journal: journal.recipients.of(PURPOSE))
    assert [(each.member, Vault(SECRET).open(each.sealed)) for each in wishes] == [(member_key(SECRET, ann.id), ann.id)]
    await house.find(ALTERED)
    await house.mend()
    await house.mend(hours=30)
    direct = await house.client.create_dm(ann_user(ann))
    told = [message async for message in direct.history()]
    assert len(told) == 1
    lines = shown(told[0])
    assert lines[0] == "**An answer to you was corrected**, because its article changed:"
    address = f"https://discord.com/channels/{house.env.guild.id}/{channel.id}/{response.id}"
    assert lines[1].endswith(f"[Open the answer](<{address}>)")
    assert lines[-1] == "-# You asked me to tell you. `/corrections` stops it."
    await ann.click(listed.response.message, label="Stop telling me")
    assert await house.write(lambda journal: journal.recipients.of(PURPOSE)) == []
    await house.find(Finding(Kind.ALTERED, 21, "gone"))
    await house.mend()
    assert len([message async for message in direct.history()]) == 1


def ann_user(member: Any) -> Any:
    import discord

    return discord.Object(member.id)


async def test_who_did_not_choose_it_is_not_written_to(house: Amended, channel: Any, ann: Any) -> None:
    await ask(ann, channel)
    await house.find(ALTERED)
    await house.mend()
    direct = await house.client.create_dm(ann_user(ann))
    assert [message async for message in direct.history()] == []


async def test_a_taken_down_quote_is_replaced_by_a_notice(house: Amended, channel: Any, ann: Any) -> None:
    """The other quotes of the answer stay, by their numbers."""
    kept = make_citation(1, quote="The pier was empty.", title="Empty pier", article=8, emphasis=None)
    house.newsroom.citations = (make_citation(1), make_citation(2, quote=kept.quote, article=8, emphasis=None))
    response = await ask(ann, channel)
    house.newsroom.quoted = lambda places: [kept]  # type: ignore[method-assign,assignment]
    at = datetime.now(UTC) + timedelta(seconds=1)
    await house.write(
        lambda journal: journal.takedowns.remove([7], before=at.isoformat(timespec="milliseconds"), named=())
    )
    assert await house.mend(hours=1) == 1
    message = await reread(house, channel, response)
    lines = shown(message)
    assert lines[:2] == [
        "**Something quoted here was removed on request.** It is not shown any more.",
        "> The pier was empty.",
    ]
    assert lines[2].startswith("**2** The Harbour Post: [Empty pier]")
    assert QUOTE not in words(message)
    assert labels(message) == labels(response.message)


async def test_a_bug_met_in_one_answer_leaves_the_others(
    house: Amended, channel: Any, ann: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads of it, and it is tried again the next day."""
    first, second = await ask(ann, channel), await ask(ann, channel)
    edit = house.amending._edit

    async def broken(message: Any, *rest: Any) -> None:
        if message.id == first.id:
            raise ZeroDivisionError
        await edit(message, *rest)

    monkeypatch.setattr(house.amending, "_edit", broken)
    await house.find(ALTERED)
    assert await house.mend() == 2
    assert "answer 1 could not be corrected because of a bug" in caplog.text
    assert shown(await reread(house, channel, second))[0].startswith("**Corrected on")
    monkeypatch.setattr(house.amending, "_edit", edit)
    assert await house.mend(hours=1) == 0
    assert await house.mend(hours=25) == 1
    assert shown(await reread(house, channel, first))[0].startswith("**Corrected on")


async def test_a_restart_between_finding_and_editing_loses_nothing(house: Amended, channel: Any, ann: Any) -> None:
    response = await ask(ann, channel)
    await house.find(ALTERED)
    await house.restart()
    assert await house.mend() == 1
    assert shown(await reread(house, channel, response))[0].startswith("**Corrected on")
