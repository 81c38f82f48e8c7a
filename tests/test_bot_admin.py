"""Administration in a simulated Discord: who is let in, what is set and kept, a reindex from its start to its end."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from admin_house import OWNER, Bureau, buttons, menu, open_bureau, text
from bot_house import SECRET, shared_catalogue, words

from bot.commands.reindex import Reindex, progress
from bot.commands.setup import changed, mark
from bot.guilds import GuildSettings
from bot.journal import member_key
from bot.progress_lines import Step
from bot.reindexing import End, Reindexing, ReindexRunningError, Run
from bot.render import Button
from corpus.discover import Candidate
from corpus.entries import pause_source, remove_source
from corpus.errors import FetchError, SourcesError
from corpus.items import Item
from corpus.records import Source, SourceKind
from corpus.sources import load_sources
from corpus.store import Store

SCRIPT = """
import json, signal, sys, time, pathlib
folder, who = pathlib.Path(sys.argv[1]), sys.argv[3]
(folder / "who").write_text(who)
say = lambda what: print(json.dumps(what), file=sys.stderr, flush=True)
say({"stage": "read", "done": 3, "total": 4})
while not (folder / "go").exists():
    time.sleep(0.02)
mode = (folder / "go").read_text()
if mode == "busy":
    who = "root by scripts/start, process 7, since noon"
    print(f"reindex: data/index: a reindex is at work ({who}); try again later", file=sys.stderr)
    sys.exit(4)
if mode == "fail":
    print(f"reindex: {folder}/corpus.db: *cannot* be read; mend it", file=sys.stderr)
    sys.exit(2)
say({"outcome": {
    "new": 2, "changed": 1, "unchanged": 5, "withdrawn": 0, "failed": 1, "passages": 40, "articles": 8,
    "published": True,
}})
"""


@pytest.fixture
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    store = Store(tmp_path / "corpus.db")
    for name in ("The Harbour Post", "Ostrel Wire", "Quiet Daily"):
        store.put_source(Source(name, SourceKind.FOLDER, ""))
    store.close()
    names = ("The Harbour Post", "Ostrel Wire")
    entries = [f'[[source]]\nname = "{name}"\nkind = "folder"\npath = "{name}"\n' for name in names]
    (tmp_path / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
    script = tmp_path / "reindex.py"
    script.write_text(SCRIPT, encoding="utf-8")
    async with open_bureau(tmp_path, reindex=(sys.executable, str(script), str(tmp_path))) as opened:
        yield opened


# -- who is let in --------------------------------------------------------------------------------------------------


async def test_discord_shows_the_commands_to_those_who_manage_the_guild(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    ben = guild.add_member(bureau.env.create_user("ben"))

    commands = {"setup", "stats", "export", "reindex", "source add", "source remove", "source pause", "source test"}
    assert commands <= set(ann.available_commands(channel))
    assert not commands & set(ben.available_commands(channel))
    assert {"ask", "latest", "sources", "article"} <= set(ben.available_commands(channel))


@pytest.mark.parametrize("command", ["setup", "stats", "export"])
async def test_the_bot_checks_again_what_discord_let_through(bureau: Bureau, command: str) -> None:
    """A guild may show a command to others; those are refused, and nothing is noted."""
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ben = guild.add_member(bureau.env.create_user("ben"))
    (known,) = [each for each in await bureau.client.tree.fetch_commands() if each.name == command]
    guild.set_command_permissions(known, {ben: True})

    result = await ben.slash(channel, command)

    assert result.ephemeral
    assert result.response is not None
    assert text(result.response.components) == "Only members who may manage this server can do this."
    assert bureau.journal().acts.of(guild.id) == []


async def test_what_owners_do_is_refused_to_a_guilds_admin(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    before = bureau.sources.read_text(encoding="utf-8")

    for command, options in (
        ("reindex", {}),
        ("source add", {"address": "https://x.example"}),
        ("source remove", {"source": "Ostrel Wire"}),
        ("source pause", {"source": "Ostrel Wire"}),
        ("source test", {"address": "https://x.example"}),
    ):
        result = await ann.slash(channel, command, **options)
        assert result.ephemeral
        assert result.response is not None
        assert text(result.response.components) == "Only my owner, or those my operator named, can do this."
    assert bureau.sources.read_text(encoding="utf-8") == before
    assert await ann.autocomplete(channel, "source remove", "source", "") == []
    assert bureau.reindexing.run is None


# -- /setup ---------------------------------------------------------------------------------------------------------


async def test_setup_is_kept_and_applied_in_its_guild_alone(bureau: Bureau) -> None:
    """Channels, sources, language and confidence hold at once, after a restart, and nowhere else."""
    guild, other = bureau.env.create_guild(), bureau.env.create_guild(name="Other")
    news, talk = guild.create_text_channel("news"), guild.create_text_channel("talk")
    theirs = other.create_text_channel("theirs")
    user = bureau.env.create_user("ann")
    ann = bureau.admin(guild, user)
    ben = other.add_member(bureau.env.create_user("ben"))
    result = await ann.slash(talk, "setup")
    assert result.ephemeral
    assert result.response is not None
    message = result.response.message

    await ann.select(message, [news], custom_id="ndp:channels")
    await bureau.restart()
    options = menu(result.response.components, "ndp:sources:0")["options"]
    assert [each["label"] for each in options] == ["Ostrel Wire", "The Harbour Post"]
    await ann.select(message, [mark("Ostrel Wire")], custom_id="ndp:sources:0")
    await ann.select(message, ["de"], custom_id="ndp:language")
    await ann.select(message, ["70"], custom_id="ndp:threshold")
    await bureau.restart()

    wanted = GuildSettings(
        channels=frozenset({news.id}), sources=frozenset({"Ostrel Wire"}), language="de", threshold=0.7
    )
    assert bureau.book.of(guild.id) == wanted
    assert bureau.book.of(other.id) == GuildSettings()
    shown = text(result.response.components)
    assert "**Channels**: I answer only in these." in shown
    assert "**Sources**: I quote only Ostrel Wire." in shown
    refused = await ann.slash(talk, "ask", question="Why was the ferry late?")
    assert refused.ephemeral
    assert refused.response is not None
    assert f"<#{news.id}>" in text(refused.response.components)
    assert bureau.newsroom.queries == []
    await ann.slash(news, "ask", question="Why was the ferry late?")
    assert bureau.newsroom.queries[0].sources == frozenset({"Ostrel Wire"})
    assert bureau.newsroom.thresholds == [0.7]
    assert words(news.last_message).startswith("-# Deine Frage: Why was the ferry late?")
    await ben.slash(theirs, "ask", question="Why was the ferry late?")
    assert bureau.newsroom.queries[1].sources is None
    assert bureau.newsroom.thresholds[1] is None
    acts = bureau.journal().acts.of(guild.id)
    assert [(act.act, act.detail) for act in acts] == [
        ("setup", "threshold: 70"),
        ("setup", "language: de"),
        ("setup", "sources: Ostrel Wire"),
        ("setup", f"channels: {news.id}"),
    ]
    assert {act.member for act in acts} == {member_key(SECRET, user.id)}
    assert all(len(act.request) == 8 for act in acts)
    assert bureau.journal().acts.of(other.id) == []

    await ann.click(message, label="Reset all of this")
    assert bureau.book.of(guild.id) == GuildSettings()
    assert "**Channels**: I answer everywhere." in text(result.response.components)
    assert buttons(result.response.components) == {}


async def test_threads_and_every_question_are_set_by_channel(bureau: Bureau) -> None:
    """The latter only where the operator opted into the intent; both are kept, and emptied again."""
    guild = bureau.env.create_guild()
    talk, quiz = guild.create_text_channel("talk"), guild.create_text_channel("quiz")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    result = await ann.slash(talk, "setup")
    assert result.response is not None
    assert "every question" not in text(result.response.components).lower()
    bureau.message_content = True
    await bureau.restart()
    result = await ann.slash(talk, "setup")
    assert result.response is not None
    message = result.response.message

    await ann.select(message, [talk, quiz], custom_id="ndp:threads")
    await ann.select(message, [quiz], custom_id="ndp:all")
    await bureau.restart()

    wanted = GuildSettings(threads=frozenset({talk.id, quiz.id}), answer_all=frozenset({quiz.id}))
    assert bureau.book.of(guild.id) == wanted
    marked = menu(result.response.components, "ndp:threads")["default_values"]
    assert {int(each["id"]) for each in marked} == {talk.id, quiz.id}
    await ann.select(message, [], custom_id="ndp:threads")
    assert bureau.book.of(guild.id) == GuildSettings(answer_all=frozenset({quiz.id}))


async def test_a_menu_is_refused_to_one_who_may_no_longer_manage(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    result = await ann.slash(channel, "setup")
    assert result.response is not None
    bureau.env.backend.get_guild(guild.id).members[ann.id].role_ids.clear()

    refused = await ann.select(result.response.message, ["de"], custom_id="ndp:language")

    assert refused.response is not None
    assert text(refused.response.components) == "Only members who may manage this server can do this."
    assert bureau.book.of(guild.id) == GuildSettings()


async def test_setup_names_channels_where_the_bot_cannot_write(bureau: Bureau) -> None:
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    silent = discord.PermissionOverwrite(send_messages=False)
    closed = guild.create_text_channel("closed", overwrites={guild.default_role: silent})
    ann = bureau.admin(guild, bureau.env.create_user("ann"))
    bureau.book.put(guild.id, GuildSettings(channels=frozenset({channel.id, closed.id})))

    result = await ann.slash(channel, "setup")

    assert result.response is not None
    assert f"In <#{closed.id}> I cannot read or write" in text(result.response.components)


async def test_set_up_names_what_threads_need(bureau: Bureau) -> None:
    """Before a long exchange comes that could not move."""
    guild = bureau.env.create_guild()
    channel, poor = guild.create_text_channel("general"), guild.create_text_channel("poor")
    mine = bureau.client.get_channel(poor.id)
    assert isinstance(mine, discord.TextChannel)
    denied = discord.Permissions(create_public_threads=True).value
    everyone = {"id": mine.guild.default_role.id, "type": 0, "allow": "0", "deny": str(denied)}
    mine._overwrites = [discord.abc._Overwrites(everyone)]  # type: ignore[arg-type]
    bureau.book.put(guild.id, GuildSettings(threads=frozenset({channel.id, poor.id})))
    ann = bureau.admin(guild, bureau.env.create_user("ann"))

    result = await ann.slash(channel, "setup")

    assert result.response is not None
    assert (
        f"In <#{poor.id}> I cannot open threads: I need Create Public Threads and Send Messages in Threads there."
        in text(result.response.components).splitlines()
    )


def test_sources_that_a_menu_did_not_offer_stay_chosen() -> None:
    known = {mark(name): name for name in "abc"}
    settings = GuildSettings(sources=frozenset("ab"))
    after = changed(settings, "sources", [mark("c")], [mark("b"), mark("c")], known)
    assert after.sources == frozenset("ac")
    assert changed(after, "sources", [], [mark("a"), mark("c")], known).sources is None


# -- /reindex -------------------------------------------------------------------------------------------------------


async def test_a_reindex_says_by_whom_and_what_it_did(bureau: Bureau) -> None:
    """While it is at work, and that it can be cancelled, is shown over the wire (test_wire_admin)."""
    guild = bureau.env.create_guild()
    channel = guild.create_text_channel("general")
    owner = bureau.admin(guild, bureau.owner())
    (bureau.folder / "go").write_text("done")

    result = await owner.slash(channel, "reindex")

    assert not result.ephemeral
    assert result.response is not None
    lines = text(result.response.components).splitlines()
    assert lines[0].startswith(f"**Reindex**, asked for by <@{OWNER}> on <t:")
    assert lines[1] == "Done: a new index is published. It has 40 passages of 8 articles."
    assert lines[2] == "-# New 2, changed 1, unchanged 5, withdrawn 0, not read 1"
    assert buttons(result.response.components) == {}
    assert (bureau.folder / "who").read_text() == "an owner by /reindex"
    assert [act.detail for act in bureau.journal().acts.of(guild.id)] == ["done", "started"]
    assert not any(str(OWNER) in str(act) for act in bureau.journal().acts.of(guild.id))


async def test_a_reindex_longer_than_its_interaction_goes_on_in_the_same_message(tmp_path: Path) -> None:
    """Discord lets a reply be edited by its interaction for fifteen minutes; then it is the bot's own message."""
    script = tmp_path / "reindex.py"
    script.write_text(SCRIPT, encoding="utf-8")
    edits = list[str]()
    clock = itertools.count(0.0, 300.0)  # five minutes at each look

    class Message:
        id = 7
        channel = SimpleNamespace(id=5)

        async def edit(self, *, view: Any) -> None:
            edits.append("by itself")
            (tmp_path / "go").write_text("done")

    class Asked:
        async def edit_original_response(self, *, view: Any) -> Message:
            edits.append("by the interaction")
            return Message()

    channel = SimpleNamespace(get_partial_message=lambda number: Message())
    client = SimpleNamespace(get_partial_messageable=lambda number: channel, newsdesk=SimpleNamespace(stopping=False))
    reindexing = Reindexing((sys.executable, str(script), str(tmp_path)))
    command = Reindex(SimpleNamespace(client=client), None, reindexing, lambda: next(clock))  # type: ignore[arg-type]
    run = await reindexing.start(1, None, "one")
    following = asyncio.create_task(reindexing.follow(run))
    await asyncio.wait_for(command._show(Asked(), run, shared_catalogue().texts("en")), 60)  # type: ignore[arg-type]
    await following
    first = edits.index("by itself")
    assert first > 0
    assert set(edits[first:]) == {"by itself"}
    assert run.end is End.DONE


def test_a_reindex_at_work_says_how_far_it_is() -> None:
    run = Run("5", OWNER, None, datetime(2026, 1, 31, tzinfo=UTC), Step("embed", 1, 3))
    english = shared_catalogue().texts("en")
    message = progress(run, english)
    title = f"**Reindex**, asked for by <@{OWNER}> <t:1769817600:R>"
    assert message.blocks == (f"{title}\nEmbedding passages: 1 of 3, 33 %",)
    assert message.rows == ((Button("Cancel", "reindexstop", "5"),),)


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("busy", "It runs elsewhere: root by scripts/start, process 7, since noon"),
        ("fail", "-# reindex: corpus.db: \\*cannot\\* be read; mend it"),
    ],
)
async def test_a_reindex_that_does_not_work_says_why(bureau: Bureau, mode: str, line: str) -> None:
    """Not where on the server its files lie: everybody in the channel reads it."""
    owner = bureau.owner()
    (bureau.folder / "go").write_text(mode)

    result = await owner.slash("reindex")

    assert text(result.response.components).splitlines()[-1] == line


async def test_one_reindex_at_a_time_and_the_next_one_after_it(tmp_path: Path) -> None:
    script = tmp_path / "reindex.py"
    script.write_text(SCRIPT, encoding="utf-8")
    reindexing = Reindexing((sys.executable, str(script), str(tmp_path)))
    run = await reindexing.start(1, None, "one")
    following = asyncio.create_task(reindexing.follow(run))
    with pytest.raises(ReindexRunningError):
        await reindexing.start(2, None, "two")
    (tmp_path / "go").write_text("done")
    await following
    assert (run.end, run.result and run.result.passages) == (End.DONE, 40)
    again = await reindexing.start(2, None, "two")
    await reindexing.follow(again)
    assert again.number != run.number


async def test_a_cancelled_reindex_ends_at_once(tmp_path: Path) -> None:
    script = tmp_path / "reindex.py"
    script.write_text(SCRIPT, encoding="utf-8")
    reindexing = Reindexing((sys.executable, str(script), str(tmp_path)))
    run = await reindexing.start(1, None, "one")
    following = asyncio.create_task(reindexing.follow(run))
    async with asyncio.timeout(60):
        while run.step is None:  # noqa: ASYNC110  # a process says it
            await asyncio.sleep(0.02)
    assert run.step == Step("read", 3, 4)
    await reindexing.stop(run, canceller=1)
    await following
    assert (run.end, run.canceller, reindexing.run) == (End.CANCELLED, 1, None)


# -- /source --------------------------------------------------------------------------------------------------------

FILE = """# What we read.

# the harbour's own paper
[[source]]
name = "The Harbour Post"  # not the old one
kind = "feed"
url = "https://harbour.example/feed"

# a wire
[[source]]
name = "Ostrel Wire"
kind = "feed"
url = "https://ostrel.example/rss"
paused = false # for now
topics = [
  "ice",
]
"""


def test_pausing_changes_one_line(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(FILE, encoding="utf-8")
    pause_source(file, "ostrel wire", paused=True)
    assert file.read_text(encoding="utf-8") == FILE.replace("paused = false # for now", "paused = true # for now")
    pause_source(file, "The Harbour Post", paused=True)
    assert [source.paused for source in load_sources(file)] == [True, True]
    entry = '[[source]]\npaused = true\nname = "The Harbour Post"  # not the old one\n'
    assert entry in file.read_text(encoding="utf-8")


def test_removing_takes_the_entry_and_its_comment_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(FILE, encoding="utf-8")
    remove_source(file, "The Harbour Post")
    assert file.read_text(encoding="utf-8") == "# What we read.\n\n# a wire\n" + FILE.split("# a wire\n")[1]
    remove_source(file, "Ostrel Wire")
    assert file.read_text(encoding="utf-8") == "# What we read.\n\n"
    with pytest.raises(SourcesError, match="has no source named 'Ostrel Wire'"):
        remove_source(file, "Ostrel Wire")


async def test_an_owner_pauses_and_removes_a_source(bureau: Bureau) -> None:
    user = bureau.owner()
    offered = await user.autocomplete("source pause", "source", "wire")
    assert [each["value"] for each in offered] == ["Ostrel Wire"]

    paused = await user.slash("source pause", source="Ostrel Wire")
    removed = await user.slash("source remove", source="The Harbour Post")
    missing = await user.slash("source remove", source="The *Moon*")

    assert text(paused.response.components).startswith("Ostrel Wire is paused")
    assert text(removed.response.components).startswith("The Harbour Post is no longer among my sources.")
    assert text(missing.response.components).startswith("I do not read a source called “The \\*Moon\\*” here.")
    (source,) = load_sources(bureau.sources)
    assert (source.name, source.paused) == ("Ostrel Wire", True)
    assert [act.act for act in bureau.journal().acts.of(None)] == ["source remove", "source pause"]


def found(fetcher: object, url: str, *, name: str = "") -> list[Candidate]:
    """Stands for `corpus.discover.discover`, which has tests of its own; its loop would not settle in simcord."""
    del fetcher
    if "none" in url:
        raise FetchError("there is no such page", subject=url)
    items = (
        Item("https://daily.example/ice", title="Ice @everyone", published="2026-01-31"),
        Item("https://other.example/x", title="Elsewhere"),
    )
    return [Candidate(Source(name or "Harbour *Daily*", SourceKind.FEED, url, hosts=("daily.example",)), items)]


async def test_an_owner_tests_a_source_and_adds_it(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test shows what would be read and keeps nothing; adding writes the entry behind what stands there."""
    monkeypatch.setattr("bot.commands.outlets.discover", found)
    before = bureau.sources.read_text(encoding="utf-8")
    user = bureau.owner()

    tested = await user.slash("source test", address="daily.example/feed")
    assert bureau.sources.read_text(encoding="utf-8") == before
    options = {"address": "https://daily.example/feed", "name": "Harbour Daily", "topics": "ice, ships"}
    added = await user.slash("source add", **options)
    again = await user.slash("source add", address="daily.example/feed")
    nothing = await user.slash("source test", address="daily.example/none")

    said = text(tested.response.components).splitlines()
    assert said[:4] == [
        "**This is what I would read.** Nothing of it is kept.",
        "**Harbour \\*Daily\\*** (feed): one article",
        "<https://daily.example/feed>",
        "- [Ice \\@everyone](<https://daily.example/ice>), <t:1769860800:D>",
    ]
    assert said[4].startswith("-# Not taken: ")
    assert text(added.response.components).startswith("**Harbour Daily is among my sources now.**")
    assert text(again.response.components).startswith("I read that already")
    assert text(nothing.response.components).startswith("That did not work:")
    assert bureau.sources.read_text(encoding="utf-8").startswith(before)
    assert load_sources(bureau.sources)[-1].topics == ("ice", "ships")
