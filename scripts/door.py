"""The way into every script: the project's own Python, and its packages on the path; standard library only."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def enter() -> None:
    """Make the packages importable; under another Python than the environment's own, say so and end with status 2."""
    if Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        name = Path(sys.argv[0]).name
        print(
            f"{name}: run it as .venv/bin/python scripts/{name} (./scripts/start makes .venv); this is {sys.executable}",
            file=sys.stderr,
        )
        sys.exit(2)
    sys.path.insert(0, str(ROOT))
