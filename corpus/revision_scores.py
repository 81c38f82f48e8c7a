"""How well changes of quotes are classed, on a file of revision pairs."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from corpus.changes import ChangeClass, class_of
from corpus.errors import UnreadableError

_REMEDY = "give JSON lines with quote, before, after and class"


def score_revisions(path: Path) -> dict[str, float | None]:
    """Precision and recall of `class_of` per class, as fractions, and the number of pairs.

    Args:
        path: JSON lines with ``quote``, ``before`` and ``after`` (the article's two texts) and ``class``; an integer
            ``start`` says where the quote stands in ``before``. Other members are passed over, empty lines too.

    Returns:
        ``{class}_precision`` and ``{class}_recall`` for each class, None where nothing was found or is to be found,
        and ``pairs``.

    Raises:
        UnreadableError: the file cannot be read, or one of its lines is not such a pair; the subject names the line.
    """
    outcomes: Counter[tuple[ChangeClass, ChangeClass]] = Counter()
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot be read ({error})", subject=path, remedy=_REMEDY) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            quote, before, after, true, start = _pair(line, f"{path}, line {number}")
            outcomes[true, class_of(quote, before, after, start=start).kind] += 1
    if not outcomes:
        raise UnreadableError("holds no pairs", subject=path, remedy=_REMEDY)
    figures: dict[str, float | None] = {}
    for kind in ChangeClass:
        right = outcomes[kind, kind]
        found = sum(outcomes[true, kind] for true in ChangeClass)
        wanted = sum(outcomes[kind, got] for got in ChangeClass)
        figures[f"{kind}_precision"] = right / found if found else None
        figures[f"{kind}_recall"] = right / wanted if wanted else None
    return figures | {"pairs": outcomes.total()}


def _pair(line: str, subject: str) -> tuple[str, str, str, ChangeClass, int | None]:
    try:
        pair = json.loads(line)
    except ValueError as error:
        raise UnreadableError(f"is not JSON ({error})", subject=subject, remedy=_REMEDY) from error
    if not isinstance(pair, dict):
        raise UnreadableError("is not a JSON object", subject=subject, remedy=_REMEDY)
    texts = []
    for name in ("quote", "before", "after"):
        text = pair.get(name)
        if not isinstance(text, str):
            raise UnreadableError(f"has no text under {name!r}", subject=subject, remedy=_REMEDY)
        texts.append(text)
    try:
        kind = ChangeClass(str(pair.get("class")))
    except ValueError as error:
        raise UnreadableError(
            f"has the class {pair.get('class')!r}", subject=subject, remedy=f"use one of {', '.join(ChangeClass)}"
        ) from error
    start = pair.get("start")
    return texts[0], texts[1], texts[2], kind, start if type(start) is int else None
