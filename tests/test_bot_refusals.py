"""What is read instead of an answer, in a simulated Discord: of empty lists, of sources, follows and reindexes."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from admin_house import Bureau, open_bureau, text
from bot_house import make_citation, shared_catalogue
from fakes import an_article

from bot import panels
from bot.client import layout
from bot.commands import without_folders
from bot.commands.reindex import progress
from bot.guilds import GuildSettings
from bot.reindexing import End, Run
from bot.settings import ROOT
from corpus.discover import Candidate
from corpus.passages import passages
from corpus.records import Source, SourceKind
from corpus.store import Store

NOW = datetime.now(UTC)
ENGLISH = shared_catalogue().texts("en")
POST = Source("The Harbour Post", SourceKind.FEED, "https://harbour.example/feed")


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    Store(tmp_path / "corpus.db").close()
    async with open_bureau(tmp_path) as opened:
        yield opened


def place(bureau: Bureau) -> tuple[Any, Any]:
    channel = bureau.env.create_guild().create_text_channel("general")
    return channel, bureau.env.guild.add_member(bureau.env.create_user("ann"))


def said(result: Any) -> str:
    assert result.response is not None
    return text(result.response.components)


async def test_lists_of_nothing_say_so(bureau: Bureau) -> None:
    channel, ann = place(bureau)
    assert said(await ann.slash(channel, "latest")) == ENGLISH("latest-none")
    assert said(await ann.slash(channel, "sources")) == ENGLISH("sources-list-none")
    unknown = await ann.slash(channel, "latest", topic="*tea*")
    assert said(unknown) == ENGLISH("topic-unknown", topic="\\*tea\\*")


async def test_a_list_of_a_source_that_was_taken_out_is_gone(bureau: Bureau, tmp_path: Path) -> None:
    """The admins chose other sources after the list was sent: its pages turn no more."""
    store = Store(tmp_path / "corpus.db")
    source = store.put_source(POST)
    for day in range(1, 13):
        words = " ".join(f"word{day}of{number}" for number in range(40))
        article = an_article(words, title=f"Harbour day {day}", published=f"2026-01-{day:02}")
        store.put(article, passages(article), key=f"p{day}", source=source)
    store.close()
    channel, ann = place(bureau)
    listed = await ann.slash(channel, "latest", source="The Harbour Post")
    bureau.book.put(bureau.env.guild.id, GuildSettings(sources=frozenset({"Ostrel Wire"})))
    await ann.click(listed.response.message, label="Next")
    assert said(listed) == ENGLISH("filter-gone")


async def test_only_who_follows_a_question_stops_it(bureau: Bureau) -> None:
    channel, ann = place(bureau)
    ben = bureau.env.guild.add_member(bureau.env.create_user("ben"))
    await ann.slash(channel, "follow", question="Does the ferry sail?")
    (follow,) = await bureau.worker.run(lambda: bureau.desk.journal().follows.of(bureau.parts.key(ann.id)))
    told = layout(panels.told([make_citation()], "Does the ferry sail?", f"{follow.ticket}.1", NOW, ENGLISH))
    message = await bureau.client.get_partial_messageable(channel.id).send(view=told)
    refused = await ben.click(message, label="Stop")
    assert said(refused) == ENGLISH("follow-not-yours")
    assert "**You follow one question**" in said(await ann.slash(channel, "following"))
    assert said(await ann.click(message, label="Stop")) == ENGLISH("follow-ended")
    assert said(await ann.slash(channel, "following")) == ENGLISH("following-none")


async def test_a_site_that_offers_nothing_or_is_read_already(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(fetcher: object, url: str, *, name: str = "") -> list[Candidate]:
        del fetcher, name
        return [] if "empty" in url else [Candidate(POST, ())]

    monkeypatch.setattr("bot.commands.outlets.discover", found)
    owner = bureau.owner()
    nothing = await owner.slash("source test", address="https://empty.example")
    assert said(nothing) == ENGLISH("source-nothing", url="https\\://empty.example")
    await owner.slash("source add", address="https://harbour.example")
    again = await owner.slash("source add", address="https://harbour.example")
    assert said(again) == ENGLISH("source-there", source="The Harbour Post")
    resumed = await owner.slash("source pause", source="The Harbour Post", resume=True)
    assert said(resumed) == ENGLISH("source-resumed", source="The Harbour Post")


async def test_what_is_wrong_with_the_sources_is_told_without_the_servers_folders(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    """They stand in the log."""
    user = bureau.owner()
    bureau.sources.write_text('[[source]]\nname = "The Harbour Post"\ncolour = 1\n', encoding="utf-8")
    unknown = await user.slash("source remove", source="The Harbour Post")
    bureau.sources.unlink()
    bureau.sources.mkdir()
    unread = await user.slash("source pause", source="The Harbour Post")
    line = "sources.toml:1 (The Harbour Post): unknown field 'colour'; use name"
    assert text(unknown.response.components).splitlines()[1].startswith(line)
    said = text(unread.response.components).splitlines()[1]
    assert said.startswith(r"sources.toml: cannot be read (\[Errno 21\] Is a directory: 'sources.toml')")
    assert f"sources: {bureau.sources}: cannot be read" in caplog.text


def test_an_address_is_no_folder() -> None:
    line = f"https://a.example/b/c: refused; see docs/sources.md, /setup and {ROOT}/data/index, ~/x/y.toml or (/srv/x)"
    assert without_folders(line) == (
        "https://a.example/b/c: refused; see docs/sources.md, /setup and data/index, y.toml or (x)"
    )


@pytest.mark.parametrize(
    ("end", "key"),
    [
        (End.NOTHING_READ, "reindex-nothing"),
        (End.FAILED, "reindex-failed"),
        (End.STOPPED, "reindex-stopped"),
        (End.DONE, "reindex-published"),
    ],
)
def test_every_end_of_a_reindex_is_told(end: End, key: str) -> None:
    """A failure with what the process said last, escaped."""
    run = Run("1", 5, None, NOW, end=end, said=deque(["corpus.db: *cannot* be read"]))
    message = progress(run, ENGLISH)
    assert message.blocks[0].splitlines()[1] == ENGLISH(key)
    assert message.blocks[1:] == (("-# corpus.db: \\*cannot\\* be read",) if end is End.FAILED else ())
    assert message.rows == ()
