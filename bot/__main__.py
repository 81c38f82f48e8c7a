"""``python -m bot``: builds everything once and passes it down.

Exit status: 0 stopped by a signal, 1 Discord cannot be reached, 2 a setting or the token is wrong.

``python -m bot --check`` looks whether the bot can run, see ``bot.check``. Exit status: 0 all is fine, 1 something
should be mended, 2 it cannot run or cannot answer.
"""

from __future__ import annotations

import gc

# Before the others, as in scripts/door.py: a tenth of the start is looking for garbage among what importing makes.
gc.set_threshold(50_000)

import asyncio
import logging
import signal
import sys
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot import logs
from bot.client import Client, apply_addresses, make_client
from bot.commands.admin import add_browsing_and_admin, make_library
from bot.commands.amending import Amending
from bot.commands.ask import Ask
from bot.commands.corrections import CorrectionList
from bot.commands.follow import DiscordSender, Following
from bot.commands.pace import Pace
from bot.commands.parts import Parts
from bot.commands.privacy import MembersRights
from bot.desk import Desk, Newsroom
from bot.health import Health
from bot.journal import Journal, JournalError, JournalVersionError
from bot.journal_guilds import GuildBook
from bot.limits import Limits
from bot.lookout import Lookout
from bot.rounds import go_round
from bot.settings import Settings, installation_secret, load_settings
from bot.spool import Spool
from bot.telling import Telling
from bot.texts import load_catalogue
from bot.upkeep import Upkeep
from bot.vault import Vault
from bot.watching import Watching
from bot.worker import Worker
from corpus.errors import NewsdeskError

log = logging.getLogger("bot")

DRAIN_SECONDS = 20.0
"""How long a stop waits for answers in flight; service managers kill after 30 or 90."""


def main() -> int:
    """Run the bot until a signal stops it; the exit status."""
    arguments = sys.argv[1:]
    if arguments and arguments != ["--check"]:
        return _complain(f"bot: {' '.join(arguments)} is not understood; there is only --check", 2)
    try:
        settings = load_settings()
        if arguments:
            return _check(settings)
        if settings.discord_token is None:
            raise NewsdeskError("is not set", subject="DISCORD_TOKEN", remedy="put the bot's token into .env")
        with logs.written(settings.log_level, settings.log_format):
            return asyncio.run(serve(settings, settings.discord_token.get_secret_value()))
    except NewsdeskError as error:
        return _complain(str(error), 2)
    except discord.LoginFailure:
        return _complain("DISCORD_TOKEN: Discord does not accept it; copy it again from the developer portal", 2)
    except discord.PrivilegedIntentsRequired:
        remedy = "switch it on in the developer portal (Bot > Privileged Gateway Intents), or set it to 0"
        return _complain(f"NEWSDESK_MESSAGE_CONTENT: Discord does not grant the Message Content intent; {remedy}", 2)
    except (discord.HTTPException, discord.ConnectionClosed, aiohttp.ClientError, OSError) as error:
        return _complain(f"Discord cannot be reached: {error}; check the network, or DISCORD_API_BASE", 1)


def _check(settings: Settings) -> int:
    """Print what works and what does not; the exit status."""
    from bot.check import show

    apply_addresses(settings.discord_api_base, settings.discord_gateway)
    return asyncio.run(show(settings, settings.discord_token.get_secret_value() if settings.discord_token else None))


async def serve(settings: Settings, token: str) -> int:
    """Connect and answer until SIGTERM or SIGINT, then finish what is in flight."""
    apply_addresses(settings.discord_api_base, settings.discord_gateway)
    worker = Worker()
    spool = Spool(settings.journal_db.parent)
    desk = Desk(lambda: _open_newsroom(settings), lambda: Journal(settings.journal_db), spool=spool)
    book, library = GuildBook(), make_library(settings)
    try:
        await worker.run(_check_journal, settings)
        catalogue = load_catalogue()
        client = make_client(catalogue, settings.shards, message_content=settings.message_content)
        secret = installation_secret(settings)
        await _read_guilds(worker, desk, book)
        parts = Parts(client, worker, desk, catalogue, secret, book, Limits())
        Pace(parts).add()
        Ask(parts).add()
        add_browsing_and_admin(parts, settings, library, book)
        MembersRights(parts, settings.retention_days, settings.privacy_url).add()
        vault = Vault(secret)
        CorrectionList(parts, vault).add()
        Following(parts, vault, settings.retention_days).add()
        gap, look = timedelta(hours=settings.follow_hours), settings.look_seconds
        telling = Telling(worker, desk, catalogue, book, vault, DiscordSender(client), gap, 4 * look)
        amending, lookout = Amending(parts, vault, look=look), Lookout(settings, seconds=look)
        upkeep = Upkeep(worker, desk, book, settings.retention_days, lambda: _joined(client))
        watching = Watching(settings.sources) if settings.watch else None
        async with client, Health(parts, settings).serving():
            beside = [
                lookout.run(),
                amending.run(),
                upkeep.run(),
                _compare_guilds(client, upkeep),
                _tell(client, telling),
            ]
            beside += [watching.run()] if watching is not None else []
            await _run(client, token, [*beside, _keep_refreshing(worker, desk, book, look)])
    finally:
        await worker.keep(library.close)
        await worker.keep(desk.close)
        await worker.stop()
    return 0


async def _run(client: Client, token: str, work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Hold the connection until it ends or a signal comes, with all that goes on beside it."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    beside = [asyncio.create_task(each) for each in work]
    connection = asyncio.create_task(client.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            log.info("stopping")
            await client.newsdesk.drain(DRAIN_SECONDS)
            await client.close()
        await connection
    finally:
        for task in (*beside, stopping):
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)  # the process that reads the sources ends with them


async def _tell(client: Client, telling: Telling) -> None:
    await client.wait_until_ready()
    await telling.run()


async def _compare_guilds(client: Client, upkeep: Upkeep) -> None:
    await client.wait_until_ready()
    await upkeep.compare_guilds()


def _joined(client: Client) -> list[int] | None:
    return [guild.id for guild in client.guilds] if client.is_ready() else None


async def _read_guilds(worker: Worker, desk: Desk, book: GuildBook, told: str = "") -> str:
    """Read what the guilds' admins decided; until the journal can be read, the defaults hold.

    Returns:
        Why it cannot be read, logged unless it was ``told``; empty where it was read.
    """
    try:
        book.take(await worker.keep(lambda: desk.journal().guilds.all()))
    except JournalError as error:
        if str(error) != told:
            log.error("the guilds' settings are not known yet: %s", error)
        return str(error)
    return ""


async def _keep_refreshing(worker: Worker, desk: Desk, book: GuildBook, seconds: float) -> None:
    """Open the newsroom beside the connection, and then look for a new index again and again."""

    told = ""

    async def once() -> float:
        nonlocal told
        await worker.keep(desk.refresh)
        if not book.known:
            told = await _read_guilds(worker, desk, book, told)
        return seconds

    await go_round(once, "looking for a new index failed", seconds, log)


def _open_newsroom(settings: Settings) -> Newsroom:
    from bot.answer import open_newsroom  # loads torch, which takes seconds: on the worker, while Discord connects

    return open_newsroom(settings, behind=True)


def _check_journal(settings: Settings) -> None:
    """Refuse to start beside a journal of a later version; one that is locked, or a full disk, only delays the log."""
    try:
        Journal(settings.journal_db).close()
    except JournalVersionError:
        raise
    except JournalError as error:
        log.error("questions are answered and kept in memory until the log works: %s", error)


def _complain(line: str, status: int) -> int:
    print(line, file=sys.stderr)  # noqa: T201  # the operator's terminal, also where logging is not set up
    return status


if __name__ == "__main__":
    sys.exit(main())
