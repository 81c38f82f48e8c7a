"""Measurements of classes: a file of labelled pairs as it is read, and precision and recall of each class."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableError


def labelled(path: Path, remedy: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file of JSON lines, each with what an error calls its line; empty lines are passed over.

    Raises:
        UnreadableError: the file cannot be read, or one of its lines is no JSON object; the subject names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot be read ({error})", subject=path, remedy=remedy) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        subject = f"{path}, line {number}"
        try:
            pair = json.loads(line)
        except ValueError as error:
            raise UnreadableError(f"is not JSON ({error})", subject=subject, remedy=remedy) from error
        if not isinstance(pair, dict):
            raise UnreadableError("is not a JSON object", subject=subject, remedy=remedy)
        yield subject, pair


def class_figures(outcomes: Counter[tuple[str, str]], kinds: Iterable[str]) -> dict[str, float | None]:
    """``{class}_precision`` and ``{class}_recall`` for each class, as fractions, and the number of ``pairs``.

    Args:
        outcomes: how often each class, named first, was taken for which.

    Returns:
        The figures, None where nothing was found or is to be found.
    """
    figures: dict[str, float | None] = {}
    for kind in kinds:
        right = outcomes[kind, kind]
        found = sum(count for (_, told), count in outcomes.items() if told == kind)
        wanted = sum(count for (true, _), count in outcomes.items() if true == kind)
        figures[f"{kind}_precision"] = right / found if found else None
        figures[f"{kind}_recall"] = right / wanted if wanted else None
    return figures | {"pairs": outcomes.total()}
