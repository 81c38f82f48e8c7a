"""How well changes of quotes are classed, on a file of revision pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.changes import ChangeClass, class_of
from corpus.errors import UnreadableError
from corpus.scoring import class_figures, labelled

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
    outcomes: Counter[tuple[str, str]] = Counter()
    for subject, pair in labelled(path, _REMEDY):
        quote, before, after, true, start = _pair(pair, subject)
        outcomes[true, class_of(quote, before, after, start=start).kind] += 1
    if not outcomes:
        raise UnreadableError("holds no pairs", subject=path, remedy=_REMEDY)
    return class_figures(outcomes, ChangeClass)


def _pair(pair: Mapping[str, Any], subject: str) -> tuple[str, str, str, ChangeClass, int | None]:
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
