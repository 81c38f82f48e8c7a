"""The words around a quote, as many as its source allows; pure."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int]


def paragraphs(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[str, str]:
    """The words of ``spans`` before ``text[start:end]`` and after it, a paragraph a line."""
    before = [text[first : min(last, start)].strip() for first, last in spans if first < start]
    after = [text[max(first, end) : last].strip() for first, last in spans if last > end]
    return "\n".join(filter(None, before)), "\n".join(filter(None, after))


def sentences_around(text: str, sentences: Sequence[Span], start: int, end: int, words: int) -> tuple[str, str]:
    """Whole sentences before and after ``text[start:end]``, so many that all of it together has ``words`` at most.

    They are taken in turn, the one before first, because what a quote points back to stands there.

    Args:
        sentences: offsets in reading order.
    """
    left = words - len(text[start:end].split())
    before = [span for span in sentences if span[1] <= start]
    after = [span for span in sentences if span[0] >= end]
    first, last = start, end
    turn_before = True
    while before or after:
        turn_before = bool(before) and (turn_before or not after)
        side = before if turn_before else after
        span = side[-1] if turn_before else side[0]
        cost = len(text[span[0] : span[1]].split())
        if cost > left:
            side.clear()  # what stands behind it would leave a gap
        else:
            left -= cost
            if turn_before:
                first = before.pop()[0]
            else:
                last = after.pop(0)[1]
        turn_before = not turn_before
    return text[first:start].strip(), text[end:last].strip()
