"""``python -m bot --check`` against a Discord on loopback: what it finds, what it says to do, and its exit status."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest
from discord_server import DiscordServer
from discord_things import bits
from test_wire import ROOT

from bot.check import INVITED, Check, State, checks
from bot.client import apply_addresses
from bot.guilds import GuildSettings
from bot.journal import Journal
from bot.settings import Settings, load_settings

NOW = datetime(2026, 3, 3, tzinfo=UTC)


async def found(server: DiscordServer, settings: Settings, token: str | None = None) -> list[Check]:
    """The checks; Discord's addresses are put back by ``_addresses``."""
    apply_addresses(server.api, None)
    return [check async for check in checks(settings, server.token if token is None else token or None)]


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)


@pytest.fixture
def settings(demo_data_dir: Path, tmp_path: Path) -> Settings:
    """A demonstration: the sample's index, a log of its own."""
    for name in ("corpus.db", "index"):
        (tmp_path / name).symlink_to(demo_data_dir / name)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[[source]]\nname = "Post"\nkind = "folder"\npath = "{tmp_path}"\npaused = true\n')
    return load_settings(None, data_dir=tmp_path, sources=sources, demo=True, discord_token="loopback-token")


def of(checks: list[Check], what: str) -> Check:
    (one,) = [each for each in checks if each.what == what]
    return one


async def test_a_bot_that_is_set_up_is_fine(settings: Settings) -> None:
    """And the link invites it with every permission it needs, and no other."""
    async with DiscordServer() as server:
        checked = await found(server, settings)
        assert [each for each in checked if each.state is not State.FINE] == []
        assert [each.what for each in checked] == [
            "disk", "index", "sources", "log", "token", "intents", "server Newsroom", "invite",
        ]  # fmt: skip
        assert "of 44 articles" in of(checked, "index").found
        assert of(checked, "token").found.endswith(f"({server.bot.id})")
        assert of(checked, "server Newsroom").found == "can answer in 1 channel"
        assert of(checked, "invite").found == (
            f"https://discord.com/oauth2/authorize?client_id={server.world.application_id}"
            f"&scope=bot+applications.commands&permissions={INVITED.value}"
        )
        assert server.unexpected == []
    assert {name for name, granted in INVITED if granted} == {
        "view_channel", "read_messages", "send_messages", "send_messages_in_threads", "create_public_threads",
        "read_message_history", "attach_files",
    } & {name for name, _ in INVITED}  # fmt: skip


async def test_a_token_that_does_not_work_is_wrong(settings: Settings) -> None:
    async with DiscordServer() as server:
        rejected = (await found(server, settings, "other"))[-1]
        missing = (await found(server, settings, ""))[-1]
    assert (rejected.state, rejected.what, rejected.found) == (State.WRONG, "token", "Discord does not accept it")
    assert (missing.state, missing.found) == (State.WRONG, "DISCORD_TOKEN is not set")


async def test_discord_out_of_reach_is_wrong(settings: Settings) -> None:
    async with DiscordServer() as server:
        pass
    last = (await found(server, settings))[-1]
    assert (last.state, last.what) == (State.WRONG, "Discord")
    assert last.found.startswith("cannot be reached: ")


@pytest.mark.parametrize(
    ("flags", "state"), [(0, State.WRONG), (1 << 18, State.FINE), (1 << 19, State.FINE)], ids=["off", "on", "limited"]
)
async def test_the_intent_that_the_operator_opted_into_is_verified(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, flags: int, state: State
) -> None:
    """Discord would refuse the connection otherwise."""
    async with DiscordServer() as server:
        shown = server.world.application_json() | {"flags": flags}
        monkeypatch.setattr(server.world, "application_json", lambda: shown)
        opted = settings.model_copy(update={"message_content": True})
        assert of(await found(server, opted), "intents").state is state
        assert of(await found(server, settings), "intents").state is State.FINE


async def test_permissions_that_the_bot_lacks_are_named(settings: Settings) -> None:
    """In the whole server, in a channel it sees, and in one that an admin chose though the bot cannot see it."""
    async with DiscordServer() as server:
        server.guild.roles[0].permissions &= ~bits("attach_files", "send_messages_in_threads")
        lacking = of(await found(server, settings), "server Newsroom")
        assert (lacking.state, lacking.found) == (State.MEND, "lacks Send Messages in Threads, Attach Files")
        server.guild.roles[0].permissions |= bits("attach_files", "send_messages_in_threads")
        server.add_channel("quiet", denied_to_bot=["send_messages"])
        hidden = server.add_channel("hidden", denied_to_bot=["view_channel"])
        lacking = of(await found(server, settings), "server Newsroom")
        assert (lacking.state, lacking.found) == (State.MEND, "lacks in #quiet (Send Messages, Attach Files)")
        journal = Journal(settings.journal_db)
        journal.guilds.put(server.guild.id, GuildSettings(channels=frozenset({hidden.id})), now=NOW)
        journal.close()
        lacking = of(await found(server, settings), "server Newsroom")
        assert lacking.found.startswith("lacks in #hidden (View Channels")
        here = frozenset({server.channel.id})
        journal = Journal(settings.journal_db)
        journal.guilds.put(server.guild.id, GuildSettings(channels=here, threads=here), now=NOW)
        journal.close()
        server.guild.roles[0].permissions &= ~bits("create_public_threads")
        lacking = of(await found(server, settings), "server Newsroom")
        assert (lacking.state, lacking.found) == (State.MEND, "lacks in #general (Create Public Threads)")


async def test_no_index_and_a_sample_that_never_answers_are_wrong(settings: Settings, tmp_path: Path) -> None:
    async with DiscordServer() as server:
        bare = load_settings(None, data_dir=tmp_path / "none", sources=tmp_path / "none.toml")
        checked = await found(server, bare)
        sample = of(await found(server, settings.model_copy(update={"demo": False})), "index")
    assert (of(checked, "index").state, of(checked, "index").remedy) == (State.WRONG, "run scripts/reindex.py")
    assert (of(checked, "sources").state, of(checked, "sources").what) == (State.MEND, "sources")
    assert not (tmp_path / "none").exists()
    assert sample.state is State.WRONG
    assert sample.remedy == "add sources (docs/sources.md), or set NEWSDESK_DEMO=1"


async def test_sources_that_are_not_read_are_named(settings: Settings) -> None:
    settings.sources.write_text(settings.sources.read_text().replace("paused = true", ""))
    async with DiscordServer() as server:
        poor = of(await found(server, settings), "sources")
        settings.sources.write_text("[[source]]\nname = 7\n")
        wrong = of(await found(server, settings), "sources")
    assert (poor.state, poor.found) == (State.MEND, "1 of 1 are not read (Post: never read)")
    assert wrong.state is State.WRONG


async def test_it_is_a_command_with_an_exit_status_and_a_word_for_each_line(settings: Settings) -> None:
    """0 all is fine; 2 it cannot answer; and what is not understood is said in one line."""
    variables = {
        "NEWSDESK_DATA_DIR": str(settings.data_dir), "NEWSDESK_SOURCES": str(settings.sources), "NEWSDESK_DEMO": "1",
    }  # fmt: skip

    async def run(server: DiscordServer, *arguments: str, **more: str) -> tuple[int | None, list[str]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=ROOT,
            env={**os.environ, **variables, **server.environment, "DISCORD_TOKEN": server.token, **more},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode, said.decode().splitlines()

    async with DiscordServer() as server:
        status, lines = await run(server, "--check")
        assert status == 0, lines
        assert [line.split()[0] for line in lines] == ["ok"] * 8
        assert not server.gateway.identified
        status, lines = await run(server, "--check", DISCORD_TOKEN="wrong")
        assert status == 2
        last = "wrong token: Discord does not accept it; copy it again from the developer portal"
        assert lines[-1] == last
        status, lines = await run(server, "--chekc")
        assert (status, lines) == (2, ["bot: --chekc is not understood; there is only --check"])
