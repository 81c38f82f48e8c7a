"""Pages of the real replies of every command: ``.venv/bin/python scripts/render_commands.py FOLDER``.

The whole bot runs in a simulated Discord on a copy of the data folder, members and admins use it, and what it sends is
written to FOLDER as pages that look as on a phone; with ``--png`` as pictures too, for which ``chromium`` must be
there. Those in docs/ are made by it over the sample (NEWSDESK_DEMO=1). Needs the test tools, which ``./scripts/test``
installs. Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import door

door.enter()

import discord
from PIL import Image, ImageChops
from reply_page import Attached, Reader, form_page, page

from bot import render
from bot.answer import open_newsroom
from bot.client import layout, make_client
from bot.commands.admin import add_browsing_and_admin, make_library
from bot.commands.ask import Ask
from bot.commands.parts import Parts
from bot.commands.privacy import MembersRights
from bot.commands.reindex import progress
from bot.desk import Desk
from bot.journal import Exchange, Installation, Journal, Surface, member_key
from bot.journal_guilds import GuildBook
from bot.journal_verdicts import Verdict
from bot.progress_lines import Step
from bot.reindexing import Run
from bot.settings import Settings, load_settings
from bot.texts import load_catalogue
from bot.worker import Worker
from corpus.errors import NewsdeskError
from index.records import Query

OWNER = 77_000_000_000_000_001
SECRET = b"the secret of this stage"
WIDTH, TALL, SCALE = 412, 2600, 1.5
BACKGROUND = (0x1A, 0x1A, 0x1E)
COLOURS = 32
QUESTIONS = (
    "Why did the Hadrow flood barrier not work?",
    "Why did the ferry crews vote to strike?",
    "Who spotted the new comet first?",
    "how many workers is brightmoor getting rid of",
    "Who designed the flood barrier in Hadrow?",
    "what caused the granary square tram accident",
    "Who's in charge of finance in the new government?",
    "How long does the ferry crossing to Skarrow take?",
    "what does edwin crane earn a year",
    "why does the comet look green",
)


@dataclass
class Stage:
    """The bot on a copy of the data folder, and whoever uses it.

    Attributes:
        folder: where the pages go.
        names: of channels and members, by id.
        made: the pages written.
    """

    folder: Path
    env: Any
    desk: Desk
    worker: Worker
    names: dict[int, str] = field(default_factory=dict)
    made: list[Path] = field(default_factory=list)

    def keep(self, name: str, html: str) -> None:
        """Write a page."""
        path = self.folder / f"{name}.html"
        path.write_text(html, encoding="utf-8")
        self.made.append(path)

    def reader(self, language: str = "en") -> Reader:
        """Somebody who looks now."""
        return Reader(language, datetime.now(UTC), self.names)

    async def shown(self, name: str, result: Any, language: str = "en") -> Any:
        """Write the page of what a command was answered with, and return that message."""
        response = result.response
        files = [Attached(each.filename, await each.read()) for each in response.attachments]
        self.keep(name, page(response.components, self.reader(language), files))
        return response.message


@contextlib.contextmanager
def spoken(language: str) -> Iterator[None]:
    """Interactions inside the block come from members who use Discord in a language; the simulation knows only one."""
    import simcord.interactions

    made = simcord.interactions.base_payload

    def payload(*args: Any, **options: Any) -> Any:
        record, said = made(*args, **options)
        return record, {**said, "locale": language}

    with patch.object(simcord.interactions, "base_payload", payload):
        yield


@contextlib.asynccontextmanager
async def stage(settings: Settings, folder: Path) -> AsyncIterator[Stage]:
    """The bot, connected to a simulated Discord."""
    import simcord

    catalogue = load_catalogue()
    client, worker, book, library = make_client(catalogue), Worker(), GuildBook(), make_library(settings)
    desk = Desk(lambda: open_newsroom(settings), lambda: Journal(settings.journal_db))
    await worker.keep(desk.refresh)
    Ask(client, worker, desk, catalogue, SECRET, book).add()
    parts = Parts(client, worker, desk, catalogue, SECRET, book)
    add_browsing_and_admin(parts, settings, library, book)
    MembersRights(parts, settings.retention_days, "https://paper.example/privacy").add()
    env = simcord.Env(client)
    await env.start()
    try:
        yield Stage(folder, env, desk, worker)
    finally:
        await env.shutdown()
        await worker.keep(library.close)
        await worker.keep(desk.close)
        await worker.stop()


async def play(at: Stage) -> None:
    """Use every command, and keep what it is answered with."""
    guild = at.env.create_guild(name="Brennic News Club")
    channel, hall = guild.create_text_channel("news"), guild.create_text_channel("town-hall")
    role = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    ann = guild.add_member(at.env.create_user("ann"))
    admin = guild.add_member(at.env.create_user("mira"), roles=[role])
    at.names |= {channel.id: "news", hall.id: "town-hall", ann.id: "ann", admin.id: "mira", OWNER: "owner"}
    await at.worker.keep(_past, at.desk, guild.id, channel.id)
    await _asking(at, channel, ann)
    await _browsing(at, channel, ann)
    await _administration(at, channel, hall, admin)
    await _rights(at, channel, ann)


async def _asking(at: Stage, channel: Any, ann: Any) -> None:
    await at.shown("ask", await ann.slash(channel, "ask", question="Why did the flood barrier in Hadrow not work?"))
    asked = await ann.slash(channel, "ask", question="Who won the women's cup final?")
    reply = await at.shown("ask-one-article", asked)
    await at.shown("context", await ann.click(reply, label="More context"))
    if _has(asked, "More sources"):
        await at.shown("more-sources", await ann.click(reply, label="More sources"))
    noted = await ann.click(reply, label="Not helpful")
    await at.shown("verdict", noted)
    at.keep("reason", form_page((await ann.click(noted.response.message, label="Say why")).modal, at.reader()))
    form = await ann.click(reply, label="Follow up")
    at.keep("follow-up-form", form_page(form.modal, at.reader()))
    await at.shown("follow-up", await ann.submit_modal(form, {"text": "And how did she save them?"}))
    await at.shown("ask-narrowed", await ann.slash(channel, "ask", question=QUESTIONS[1], since="2025-03-01"))
    await at.shown("refused", await ann.slash(channel, "ask", question="What does Edwin Crane earn a year?"))
    await at.shown("error-date", await ann.slash(channel, "ask", question=QUESTIONS[4], since="someday"))
    with spoken("de"):
        german = await ann.slash(channel, "ask", question=QUESTIONS[5])
        await at.shown("ask-german", german, "de")
        await at.shown("refused-german", await ann.slash(channel, "ask", question=QUESTIONS[8]), "de")
    said = await ann.send(channel, "They say Brightmoor will cut 210 of its 640 jobs")
    await at.shown("check", await ann.context_menu(channel, "Check against the news", said))


async def _browsing(at: Stage, channel: Any, ann: Any) -> None:
    await at.shown("latest", await ann.slash(channel, "latest"))
    await at.shown("latest-topic", await ann.slash(channel, "latest", topic="science"))
    await at.shown("sources", await ann.slash(channel, "sources"))
    await at.shown("article", await ann.slash(channel, "article", article="Why Hadrow’s new flood barrier stayed open"))
    with spoken("de"):
        await at.shown("latest-german", await ann.slash(channel, "latest"), "de")
        await at.shown("sources-german", await ann.slash(channel, "sources"), "de")


async def _administration(at: Stage, channel: Any, hall: Any, admin: Any) -> None:
    setup = await at.shown("setup", await admin.slash(channel, "setup"))
    await admin.select(setup, [hall], custom_id="ndp:threads")
    await at.shown("setup-changed", await admin.slash(channel, "setup"))
    await at.shown("stats", await admin.slash(channel, "stats"))
    await at.shown("export", await admin.slash(channel, "export"))
    with spoken("de"):
        await at.shown("setup-german", await admin.slash(channel, "setup"), "de")
        await at.shown("stats-german", await admin.slash(channel, "stats"), "de")
    await at.shown("only-for-the-owner", await admin.slash(channel, "reindex"))
    run = Run("1", OWNER, None, datetime.now(UTC) - timedelta(minutes=2), Step("embed", 3200, 8000))
    view: Any = layout(progress(run, load_catalogue().texts("en")))
    at.keep("reindex", page(view.to_components(), at.reader()))


async def _rights(at: Stage, channel: Any, ann: Any) -> None:
    await at.shown("privacy-show", await ann.slash(channel, "privacy show"))
    await at.shown("privacy-export", await ann.slash(channel, "privacy export"))
    await at.shown("privacy-delete", await ann.slash(channel, "privacy delete"))
    with spoken("de"):
        await at.shown("privacy-german", await ann.slash(channel, "privacy show"), "de")


def _has(result: Any, label: str) -> bool:
    return label in json.dumps(result.response.components)


def _past(desk: Desk, guild: int, channel: int) -> None:
    """A month of questions in the log, answered as they would be today."""
    now = datetime.now(UTC)
    answers = [desk.ask(Query(question, now)) for question in QUESTIONS]
    texts = load_catalogue().texts("en")
    for day in range(30):
        for each in range((day * 7) % 5 + (day % 7 < 5)):
            answer = answers[(day * 3 + each) % len(answers)]
            asked = now - timedelta(days=day, minutes=7 * each)
            row = desk.journal().record(
                Exchange(
                    asked=asked,
                    surface=Surface.SLASH,
                    question=answer.query.text,
                    reply=render.reply(answer, answer.query.text, texts).text,
                    answer=dataclasses.replace(answer, query=dataclasses.replace(answer.query, now=asked)),
                    took_ms=answer.took_ms,
                    installation=Installation.GUILD,
                    guild=guild,
                    channel=channel,
                    member=member_key(SECRET, day + each),
                    locale="en-US",
                )
            )
            if answer.answered and (day + each) % 3:
                verdict = Verdict.UNHELPFUL if (day + each) % 7 == 1 else Verdict.HELPFUL
                desk.journal().verdicts.give(row, member_key(SECRET, day), verdict, "", now=asked)


def picture(path: Path) -> None:
    """A small picture beside a page."""
    made = path.with_suffix(".png")
    subprocess.run(
        [
            "chromium", "--headless", "--no-sandbox", "--hide-scrollbars", f"--force-device-scale-factor={SCALE}",
            f"--window-size={WIDTH},{TALL}", f"--screenshot={made}", path.resolve().as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    with Image.open(made) as whole:
        image = whole.convert("RGB")
    filled = ImageChops.difference(image, Image.new("RGB", image.size, BACKGROUND)).getbbox()
    bottom = min(image.height, (filled[3] if filled else 0) + round(18 * SCALE))
    image.crop((0, 0, image.width, bottom)).quantize(COLOURS).save(made, optimize=True)


async def run(settings: Settings, folder: Path) -> list[Path]:
    """Write the pages; returns them."""
    async with stage(settings, folder) as at:
        await play(at)
        return at.made


def copied(data: Path, into: Path) -> Mapping[str, Path]:
    """A copy of what the bot reads, so that nothing that happens on the stage is kept."""
    shutil.copy(data / "corpus.db", into)
    shutil.copytree(data / "index", into / "index")
    (into / "models").symlink_to(data / "models")
    return {"data_dir": into}


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(prog="render_commands.py", description="Write pages of the real reply of every command.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--png", action="store_true", help="pictures beside the pages; needs chromium")
    wanted: argparse.Namespace = parser.parse_args()
    try:
        import simcord  # noqa: F401
    except ImportError:
        print("render_commands: simcord is missing; ./scripts/test installs the test tools", file=sys.stderr)
        return 2
    try:
        data = load_settings().data_dir
        wanted.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            settings = load_settings(**copied(data, Path(temporary)), owner_ids=frozenset({OWNER}))
            made = asyncio.run(run(settings, wanted.folder))
    except (NewsdeskError, OSError) as error:
        print(f"render_commands: {error}", file=sys.stderr)
        return 2
    for path in made:
        if wanted.png:
            picture(path)
        print(path.with_suffix(".png") if wanted.png else path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
