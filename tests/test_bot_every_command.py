"""Every command in a simulated Discord: before and after a restart, and in every trouble that can come."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from admin_house import Bureau, open_bureau, text
from bot_house import interactions_with, shared_catalogue
from fakes import an_article

from bot.journal import Journal, JournalError
from corpus.discover import Candidate
from corpus.passages import passages
from corpus.records import Source, SourceKind
from corpus.store import Store

ENGLISH = shared_catalogue().texts("en")
MEMBERS = (
    "ask",
    "latest",
    "sources",
    "article",
    "privacy show",
    "privacy export",
    "privacy delete",
    "timeline",
    "follow",
    "following",
    "corrections",
)
ADMINS = ("setup", "stats", "export")
OPTIONS: dict[str, dict[str, str]] = {
    "ask": {"question": "Why was the ferry cancelled?"},
    "article": {"article": "Harbour"},
    "timeline": {"question": "The ferry"},
    "follow": {"question": "Does the ferry sail?"},
}
SAID = {
    "ask": "-# You asked: Why was the ferry cancelled?",
    "latest": "**Newest articles**, 1 in all",
    "sources": "**One source** with one article",
    "article": "**Harbour day**",
    "privacy show": "**What I keep about you**",
    "privacy export": "All that I keep about you",
    "privacy delete": "**Delete all that I keep about you?**",
    "timeline": "-# You asked: The ferry",
    "follow": "**Does the ferry sail?**",
    "following": "You follow no question.",
    "corrections": "**No answer to you had to be corrected.**",
    "setup": "**How I behave in this server**",
    "stats": "**Questions of the last 30 days**",
    "export": "One row, the newest first.",
}
"""How each answer begins when all is well."""


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    store = Store(tmp_path / "corpus.db")
    source = store.put_source(Source("The Harbour Post", SourceKind.FOLDER, "", full_text=True))
    article = an_article("The ferry sails again.", title="Harbour day", published="2026-01-03")
    store.put(article, passages(article), key="p1", source=source)
    store.close()
    async with open_bureau(tmp_path) as opened:
        yield opened


@pytest.fixture
def place(bureau: Bureau) -> tuple[Any, Any, Any]:
    """A channel in which one question was asked, an admin and a plain member."""
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    bureau.log(guild.id, channel.id, "Why was the ferry cancelled?")
    return (
        channel,
        bureau.admin(guild, bureau.env.create_user("mira")),
        guild.add_member(bureau.env.create_user("ann")),
    )


async def said(member: Any, channel: Any, command: str) -> str:
    result = await member.slash(channel, command, **OPTIONS.get(command, {}))
    assert result.response is not None
    return text(result.response.components)


@pytest.mark.parametrize("command", [*MEMBERS, *ADMINS])
async def test_every_command_works_before_and_after_a_restart(bureau: Bureau, place: Any, command: str) -> None:
    channel, admin, _ = place
    assert (await said(admin, channel, command)).startswith(SAID[command])
    await bureau.restart()
    assert (await said(admin, channel, command)).startswith(SAID[command])


async def test_what_owners_do_and_the_menu_work_before_and_after_a_restart(
    bureau: Bureau, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.outlets.discover", lambda fetcher, url, name: [Candidate(_post(url, name), ())])
    channel, _, ann = place
    owner = bureau.admin(bureau.env.guild, bureau.owner())
    message = await ann.send(channel, "They say the ferry was cancelled")
    for address in ("https://one.example", "https://two.example"):
        options = {"address": address, "name": address}
        done = [
            await owner.slash(channel, "source test", address=address),
            await owner.slash(channel, "source add", **options),
            await owner.slash(channel, "source pause", source=address),
            await owner.slash(channel, "source remove", source=address),
            await owner.slash(channel, "reindex"),
            await ann.context_menu(channel, "Check against the news", message),
        ]
        assert [text(each.response.components).partition(" ")[2][:20] for each in done if each.response] == [
            "is what I would read", "is among my sources ", "is paused: nothing n", "is no longer among m",
            "asked for by <@77000", "You asked: They say ",
        ]  # fmt: skip
        await bureau.restart()


def _post(url: str, name: str) -> Source:
    return Source(name or "The Post", SourceKind.FEED, url)


@pytest.mark.parametrize("command", [*MEMBERS, *ADMINS])
async def test_while_the_bot_stops_every_command_asks_to_wait(bureau: Bureau, place: Any, command: str) -> None:
    channel, admin, _ = place
    bureau.client.newsdesk.stopping = True
    assert await said(admin, channel, command) == ENGLISH("error-stopping")


@pytest.mark.parametrize("command", MEMBERS)
async def test_with_a_full_queue_every_command_asks_to_come_again(
    bureau: Bureau, place: Any, command: str, caplog: pytest.LogCaptureFixture
) -> None:
    channel, _, member = place
    bureau.worker._capacity = 0
    assert await said(member, channel, command) == ENGLISH("error-busy")
    assert "too many questions are waiting" in caplog.text


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (JournalError("database is locked", subject="journal.db"), "error-log"),
        (JournalError("database or disk is full", subject="journal.db"), "error-disk"),
        (OSError(errno.ENOSPC, "No space left on device"), "error-disk"),
    ],
)
@pytest.mark.parametrize("command", ["privacy show", "privacy export", "privacy delete", "stats", "export"])
async def test_without_the_log_what_needs_it_says_so(
    bureau: Bureau, place: Any, command: str, error: Exception, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    channel, admin, _ = place

    def refuse() -> Journal:
        raise error

    bureau.desk._journal, bureau.desk._open_journal = None, refuse
    assert await said(admin, channel, command) == ENGLISH(key)
    assert str(error) in caplog.text


async def test_a_channel_is_followed_only_where_it_could_be_told(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    """What the bot lacks is named when it is asked, not weeks later when there is news."""
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    role = guild.create_role("keepers", permissions=discord.Permissions(manage_messages=True))
    keeper = guild.add_member(bureau.env.create_user("kim"), roles=[role])
    without = discord.Permissions.all()
    without.send_messages = False
    with interactions_with(app_permissions=str(without.value)):
        refused = await keeper.slash(channel, "follow", question="Does the ferry sail?", here=True)
        alone = await keeper.slash(channel, "follow", question="Does the ferry sail?")
    assert refused.response is not None
    assert alone.response is not None
    assert text(refused.response.components) == ENGLISH("follow-cannot-post", permissions="Send Messages")
    assert "cannot be told, missing: Send Messages" in caplog.text
    assert "I tell you by direct message" in text(alone.response.components)
