"""Pages of the real replies of every command: ``.venv/bin/python scripts/render_commands.py FOLDER``.

The whole bot runs in a simulated Discord on a copy of the data folder, and members, admins and its owner use it (what
they do is in ``scenes.py``); what takes its time plays over sockets (``scenes_of_change.py``). What the bot sends is
written to FOLDER as pages that look as on a phone; with ``--png`` as pictures too, for which ``chromium`` must be
there. Those in docs/ are made by it over the sample (NEWSDESK_DEMO=1).
Needs the test tools, which ``./scripts/test`` installs. Exit status: 0 done, 2 a usage or set-up error.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import door

door.enter()

from PIL import Image, ImageChops

from bot.journal import Journal, JournalError
from bot.settings import Settings, load_settings
from corpus.errors import NewsdeskError

WIDTH, TALL, SCALE = 412, 2600, 1.5
BACKGROUND = (0x1A, 0x1A, 0x1E)
COLOURS = 32


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


async def run(settings: Settings, empty: Settings, unread: Path, folder: Path) -> list[Path]:
    """Write the pages; returns them.

    Args:
        empty: the settings of a data folder in which nothing is.
        unread: another such folder.
    """
    from scenes import a_site, play, trouble
    from scenes_of_change import unfold
    from site_server import a_fetcher
    from stage import stage

    def full() -> NoReturn:
        raise JournalError("database or disk is full", subject="journal.db")

    site = a_site()
    try:
        async with stage(settings, folder, lambda: a_fetcher("mercury.example", "empty.example")) as at:
            await play(at, site)
            made = at.made
    finally:
        site.close()
    made += await unfold(unread, (settings.data_dir / "models").resolve(), folder)
    async with stage(empty, folder, open_journal=lambda: Journal(empty.journal_db)) as at:
        await trouble(at, "no-index", "ask", "latest", "sources", "timeline", "follow", "setup")
        made += at.made
    async with stage(settings, folder, open_journal=full) as at:
        await trouble(at, "disk-full", "privacy show", "stats", "follow", "ask")
        made += at.made
    async with stage(settings, folder, capacity=0) as at:
        await trouble(at, "busy", "ask")
        made += at.made
    return made


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(prog="render_commands.py", description="Write pages of the real reply of every command.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--png", action="store_true", help="pictures beside the pages; needs chromium")
    wanted: argparse.Namespace = parser.parse_args()
    try:
        import simcord  # noqa: F401
        from stage import OWNER, copied
    except ImportError:
        print("render_commands: simcord is missing; ./scripts/test installs the test tools", file=sys.stderr)
        return 2
    try:
        given = load_settings()
        wanted.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            full, nothing, unread = (Path(temporary) / name for name in ("full", "nothing", "unread"))
            for each in (full, nothing, unread):
                each.mkdir()
            owners = frozenset({OWNER})
            (nothing / "models").symlink_to(given.data_dir / "models")
            settings = load_settings(**copied(given, full), owner_ids=owners)
            empty = load_settings(data_dir=nothing, sources=nothing / "sources.toml", owner_ids=owners)
            made = asyncio.run(run(settings, empty, unread, wanted.folder))
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
