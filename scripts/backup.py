"""Copy what cannot be made again, while the bot runs: ``./scripts/backup [FOLDER] [--index]``.

Without a folder: ``backups/<date and time>`` in the data folder. Exit status: 0 done, 2 usage or set-up.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import door

door.enter()

from bot.backup import back_up
from bot.settings import load_settings
from corpus.errors import NewsdeskError

DONE, SETUP = 0, 2


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = door.Parser(description="Copy what cannot be made again, while the bot runs.")
    parser.add_argument("folder", nargs="?", type=Path, help="a folder to make (default: a dated one among the data)")
    parser.add_argument("--index", action="store_true", help="copy the index, too; it can be built again without")
    wanted = parser.parse_args()
    try:
        settings = load_settings()
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        folder = wanted.folder or settings.data_dir / "backups" / name
        made = back_up(settings, folder.expanduser().absolute(), index=wanted.index)
    except NewsdeskError as error:
        print(f"backup: {error}", file=sys.stderr)
        return SETUP
    print(made)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
