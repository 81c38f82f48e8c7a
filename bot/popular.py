"""Which questions are asked often enough to be offered to others; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable

MEMBERS = 3
"""Different members who must have asked a question before it is shown to others: nobody can tell who asked."""


def popular(rows: Iterable[tuple[str, int, str]], visible: Container[int], typed: str, limit: int) -> list[str]:
    """The questions that at least ``MEMBERS`` members asked in channels that the viewer sees, most asked first.

    Args:
        rows: question, channel and member's key, the newest first.
        visible: ids of the channels the viewer sees.
        typed: what the viewer typed so far; each of its words begins a word of the question.

    Returns:
        At most ``limit``, each as it was last written.
    """
    asked: dict[str, set[str]] = {}
    written: dict[str, str] = {}
    for question, channel, member in rows:
        if channel not in visible:
            continue
        key = " ".join(re.findall(r"\w+", question.casefold()))
        asked.setdefault(key, set()).add(member)
        written.setdefault(key, question)
    counts = Counter({key: len(members) for key, members in asked.items() if key and len(members) >= MEMBERS})
    begun = re.findall(r"\w+", typed.casefold())
    matching = [key for key, _ in counts.most_common() if _matches(key.split(), begun)]
    return [written[key] for key in matching[:limit]]


def _matches(words: list[str], begun: list[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in begun)
