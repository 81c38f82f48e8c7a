"""``python -m bot --check``: whether the bot can run as it is set up, and what to do where it cannot."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import aiohttp
import discord
from rich.console import Console
from rich.markup import escape

from bot.guilds import GuildSettings
from bot.journal import Journal, JournalError
from bot.settings import Settings
from bot.terminal import plain
from corpus.errors import NewsdeskError
from corpus.sources import load_sources
from corpus.status import Health, apart, statuses
from corpus.store import Store
from index.published import current_version, open_current

NEEDED = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
}
"""What the bot needs wherever it answers, by discord.py's names and Discord's own."""
INVITED = discord.Permissions(**dict.fromkeys(NEEDED, True), create_public_threads=True)
"""What the invite link asks for: the same, and opening threads for long exchanges."""
THREADS = {"create_public_threads": "Create Public Threads"}
"""What it needs besides where the admins let long exchanges move to a thread."""
GUILDS = 50
"""Guilds looked into; each takes four requests."""
NAMED = 5
FREE_BYTES = 1 << 30


class State(IntEnum):
    """How a check came out; the worst of them is the exit status."""

    FINE = 0
    MEND = 1
    """The bot runs, but something does not work."""
    WRONG = 2
    """The bot cannot run or cannot answer."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, how it is, and what to do."""

    state: State
    what: str
    found: str
    remedy: str = ""


WORDS = {State.FINE: ("ok", "green"), State.MEND: ("mend", "yellow"), State.WRONG: ("wrong", "red")}
"""How a check is called and coloured; the word alone says it."""


async def show(settings: Settings, token: str | None) -> int:
    """Print the checks, each on a line as it comes out, and return the exit status."""
    console = Console(highlight=False, soft_wrap=True)
    worst = State.FINE
    async for check in checks(settings, token):
        worst = max(worst, check.state)
        word, colour = WORDS[check.state]
        said = f"{check.found}; {check.remedy}" if check.remedy else check.found
        console.print(f"[{colour}]{word:<5}[/] {escape(f'{plain(check.what)}: {plain(said)}')}")
    return int(worst)


async def checks(settings: Settings, token: str | None) -> AsyncIterator[Check]:
    """Look at everything, the data folder first; Discord's addresses are applied already."""
    for check in (*_disk(settings), *_index(settings), *_sources(settings)):
        yield check
    guilds, journal = _journal(settings)
    yield journal
    if token is None:
        yield Check(State.WRONG, "token", "DISCORD_TOKEN is not set", "put the bot's token into .env")
        return
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        async with client:
            await client.login(token)
            assert client.user is not None  # noqa: S101  # login sets it
            yield Check(State.FINE, "token", f"belongs to {client.user} ({client.user.id})")
            application = await client.application_info()
            yield _content(application.flags, settings)
            async for check in _guilds(client, guilds):
                yield check
            yield _invite(application.id)
    except discord.LoginFailure:
        yield Check(State.WRONG, "token", "Discord does not accept it", "copy it again from the developer portal")
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        yield Check(State.WRONG, "Discord", f"cannot be reached: {error}", "check the network, or DISCORD_API_BASE")


def _disk(settings: Settings) -> Iterator[Check]:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        yield Check(State.MEND, "disk", f"{free >> 20} MB are free for {settings.data_dir}", "make room")
    else:
        yield Check(State.FINE, "disk", f"{free >> 30} GB are free for {settings.data_dir}")
    if not os.access(folder, os.W_OK, effective_ids=True):
        found = f"this user may not write to {folder}, so nothing can be read, logged or remembered"
        yield Check(State.MEND, "disk", found, "check who owns it, and whether the disk was made read-only")


def _index(settings: Settings) -> Iterator[Check]:
    """The published index, and whether anything in it may be quoted in Discord."""
    try:
        if current_version(settings.index_dir) is None:
            yield Check(State.WRONG, "index", f"there is none in {settings.index_dir}", "run scripts/reindex.py")
            return
        manifest = open_current(settings.index_dir).manifest
        store = Store(settings.corpus_db, readonly=True)
        try:
            samples = {name for name, source in store.sources().items() if source["sample"]}
        finally:
            store.close()
    except NewsdeskError as error:
        yield _failed("index", error, "run scripts/reindex.py")
        return
    made = apart(datetime.fromisoformat(manifest.created), datetime.now(UTC))
    found = f"{manifest.version}, made {made}: {manifest.passages} passages of {manifest.articles} articles"
    if not set(manifest.sources) - samples and not settings.demo:
        yield Check(
            State.WRONG,
            "index",
            f"{found}; all of them the made-up sample, which never answers in Discord",
            "add sources (docs/sources.md), or set NEWSDESK_DEMO=1",
        )
        return
    yield Check(State.FINE, "index", found)


def _sources(settings: Settings) -> Iterator[Check]:
    if not settings.sources.exists():
        yield Check(State.MEND, "sources", f"there is no {settings.sources}", "add one: scripts/sources.py add ADDRESS")
        return
    try:
        sources = load_sources(settings.sources)
        store = Store(settings.corpus_db, readonly=True)
        try:
            found = statuses(store, sources, datetime.now(UTC))
        finally:
            store.close()
    except NewsdeskError as error:
        yield _failed("sources", error, "see docs/sources.md")
        return
    poor = [each for each in found if each.health in {Health.FAILING, Health.UNREAD}]
    if poor:
        names = ", ".join(f"{each.name}: {each.why or each.health}" for each in poor[:NAMED])
        more = f" and {len(poor) - NAMED} more" if len(poor) > NAMED else ""
        said = f"{len(poor)} of {len(sources)} are not read ({names}{more})"
        yield Check(State.MEND, "sources", said, "see scripts/reindex.py --status")
    else:
        yield Check(State.FINE, "sources", f"{len(sources)} in {settings.sources}")
    if not settings.watch:
        yield Check(State.FINE, "sources", "read by somebody else, because of NEWSDESK_WATCH=0")


def _journal(settings: Settings) -> tuple[dict[int, GuildSettings], Check]:
    """What the guilds' admins decided, for the checks of guilds; nothing is made where there is no log yet."""
    if not settings.journal_db.exists():
        return {}, Check(State.FINE, "log", f"begins with the first question, in {settings.journal_db}")
    try:
        journal = Journal(settings.journal_db)
        try:
            return journal.guilds.all(), Check(State.FINE, "log", f"{settings.journal_db}")
        finally:
            journal.close()
    except JournalError as error:
        return {}, _failed("log", error, "")


def _content(flags: discord.ApplicationFlags, settings: Settings) -> Check:
    """Whether Discord lets the bot have the intent that the operator wants."""
    if not settings.message_content:
        return Check(State.FINE, "intents", "none that is privileged is asked for")
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Check(State.FINE, "intents", "Message Content is switched on")
    return Check(
        State.WRONG,
        "intents",
        "NEWSDESK_MESSAGE_CONTENT=1, but Message Content is switched off, so Discord refuses the connection",
        "switch it on in the developer portal (Bot > Privileged Gateway Intents), or set it to 0",
    )


async def _guilds(client: discord.Client, settings: dict[int, GuildSettings]) -> AsyncIterator[Check]:
    """A line for each guild: where the bot lacks what."""
    count = 0
    async for known in client.fetch_guilds(limit=None, with_counts=False):
        count += 1
        if count <= GUILDS:
            guild = await client.fetch_guild(known.id, with_counts=False)
            yield await _guild(client, guild, settings.get(guild.id, GuildSettings()))
    if not count:
        yield Check(State.MEND, "servers", "the bot is in none", "open the invite link below")
    elif count > GUILDS:
        yield Check(State.FINE, "servers", f"{count - GUILDS} more were not looked into")


async def _guild(client: discord.Client, guild: discord.Guild, settings: GuildSettings) -> Check:
    what = f"server {guild.name}"
    assert client.user is not None  # noqa: S101  # login set it
    me = await guild.fetch_member(client.user.id)
    lacking = [name for key, name in NEEDED.items() if not getattr(me.guild_permissions, key)]
    if lacking:
        remedy = "open the invite link below for this server again, or change the bot's role"
        return Check(State.MEND, what, f"lacks {', '.join(lacking)}", remedy)
    chosen = [each for each in await guild.fetch_channels() if _answers_in(each, settings)]
    poor = []
    for channel in chosen:
        allowed = channel.permissions_for(me)
        # A channel that the bot cannot see is kept from it on purpose, unless an admin chose it.
        if allowed.view_channel or settings.channels is not None:
            needed = NEEDED | (THREADS if channel.id in settings.threads else {})
            missing = [name for key, name in needed.items() if not getattr(allowed, key)]
            if missing:
                poor.append(f"#{channel.name} ({', '.join(missing)})")
    if poor:
        more = f" and {len(poor) - NAMED} more channels" if len(poor) > NAMED else ""
        return Check(State.MEND, what, f"lacks in {', '.join(poor[:NAMED])}{more}", "change their permissions")
    if not chosen:
        return Check(State.MEND, what, "there is no channel to answer in", "choose some in /setup")
    return Check(State.FINE, what, f"can answer in {len(chosen)} channel{'s' if len(chosen) != 1 else ''}")


def _answers_in(channel: discord.abc.GuildChannel, settings: GuildSettings) -> bool:
    """Whether questions are answered in a channel; voice channels and forums count where an admin chose them."""
    if settings.channels is None:
        return isinstance(channel, discord.TextChannel)
    return channel.id in settings.channels


def _failed(what: str, error: NewsdeskError, remedy: str) -> Check:
    return Check(State.WRONG, what, f"{error.subject}: {error.message}", error.remedy or remedy)


def _invite(application: int) -> Check:
    link = discord.utils.oauth_url(application, permissions=INVITED, scopes=("bot", "applications.commands"))
    return Check(State.FINE, "invite", link)
