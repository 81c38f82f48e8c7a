"""The way into every script: the project's own Python, and its packages on the path; standard library only."""

from __future__ import annotations

import argparse
import gc
import getpass
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


def enter() -> None:
    """Make the packages importable; under another Python than the environment's own, say so and end with status 2."""
    if Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        name = Path(sys.argv[0]).name
        right = f".venv/bin/python scripts/{name}"
        print(f"{name}: run it as {right} (./scripts/start makes .venv); this is {sys.executable}", file=sys.stderr)
        sys.exit(2)
    sys.path.insert(0, str(ROOT))
    # What importing makes stays: looking through it for what does not, every 700 objects, takes a tenth of the start.
    gc.set_threshold(50_000)


def leave_on_signal() -> None:
    """End with status 0 and without a trace on SIGINT and SIGTERM, until the script handles them itself.

    For a script that runs until a signal comes: importing what it needs takes a second, in which it has begun nothing.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))


def user() -> str:
    """Who runs the script; by number where the system knows no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def typed(words: Sequence[str]) -> str:
    """What was typed as arguments, on one line; bytes that are no text as replacement characters."""
    return os.fsencode(" ".join(words)).decode(errors="replace").strip()


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors take one line, the remedy included."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with status 2."""
        self.exit(2, f"{self.prog.removesuffix('.py')}: {message}; see scripts/{self.prog} --help\n")
