"""Numbers, quantities, dates and times that differ between two wordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from corpus import number_words
from corpus.difference import Difference, Op, Reason, Words
from corpus.words import Kind, Word

_CODE = re.compile(r"[a-z]\d")
ROUNDED = 0.05
"""How far a rounded number may be from the exact one, as a share of it."""


def same_quantity(old: Word, new: Word) -> bool:
    """Whether two numbers say the same amount: equal, or one converted into the other's unit and rounded."""
    if old.key == new.key:
        return True
    left, right = number_words.UNITS.get(old.unit), number_words.UNITS.get(new.unit)
    if left and right:
        if left[0] != right[0]:
            return False
        a, b = old.value * left[1], new.value * right[1]
        slack = 1e-9 if left[1] == right[1] else 0.04
        return abs(a - b) <= slack * max(abs(a), abs(b))
    if old.unit and new.unit:
        return False
    # "offered 5 percent" and "offered 5": a unit that one side leaves to the reader.
    return abs(old.value - new.value) <= 1e-9 * max(1.0, abs(old.value)) and "s" not in (old.unit, new.unit)


def numbers(old: Words, new: Words, near: Words, ops: list[Op]) -> Iterable[Difference]:
    olds = [w for w in old if w.kind is Kind.NUMBER]
    news = [w for w in new if w.kind is Kind.NUMBER]
    lost, come = _unpaired(olds, news, same_quantity)
    lost, come = _unpaired(lost, come, lambda a, b: _rounded(a, b, old, new))
    come_for = dict(_in_place(old, new, ops))
    for number in lost:
        if any(_leads(number, step, result) for step in _steps(new) for result in olds if result not in lost):
            continue
        rival = come_for.get(number) or _rival(number, come, old, new, ops)
        weak = (
            number.value == 1
            or number.unit == "both"
            or (number.unit in ("%", "s") and number.value in number_words.FRACTIONS.values())
        )
        if rival is not None:
            reason = (
                Reason.UNIT if abs(number.value - rival.value) < 1e-9 and number.unit != rival.unit else Reason.NUMBER
            )
            yield Difference(reason, (number,), (rival,))
        elif (
            not weak
            and not _aside(old, old.index(number), ops)
            and not any(w.kind is Kind.NUMBER and same_quantity(number, w) for w in near)
        ):
            yield Difference(Reason.NUMBER, (number,))
    yield from _codes(old, new)
    yield from _replaced(old, new, come)
    ordinals, others = _unpaired(
        [w for w in old if w.kind is Kind.ORDINAL],
        [w for w in new if w.kind is Kind.ORDINAL],
        lambda a, b: a.key == b.key,
    )
    if ordinals and others:
        yield Difference(Reason.NUMBER, (ordinals[0],), (others[0],))
    elif not ordinals:
        # "the largest" became "the second-largest".
        for word in others:
            at = new.index(word) + 1
            if at < len(new) and new[at].key.endswith("est") and new[at].sense in {w.sense for w in old}:
                yield Difference(Reason.NUMBER, (), (word, new[at]))
    yield from _bounds(old, new)
    every = [w for w in old if w.key in ("all", "every")]
    if every and not any(w.key in ("all", "every") for w in new):
        # "all 14" became "12 of the 14".
        yield from (Difference(Reason.NUMBER, (every[0],), (w,)) for w in come if _part(new, w))


def _codes(old: Words, new: Words) -> Iterable[Difference]:
    """Roads, batches, flights and the like that have other figures: "the A19" and "the A91"."""
    mine, theirs = ([w for w in words if w.kind is Kind.WORD and _CODE.search(w.key)] for words in (old, new))
    lost, come = _unpaired(mine, theirs, lambda a, b: a.key == b.key)
    if lost and come:
        yield Difference(Reason.NUMBER, (lost[0],), (come[0],))


def _replaced(old: Words, new: Words, come: list[Word]) -> Iterable[Difference]:
    """Figures that are told as what they were before: "4.50" and "5.40, up from 4.50"."""
    for number in (w for w in old if w.kind is Kind.NUMBER and not _former(old, w)):
        twins = [w for w in new if w.kind is Kind.NUMBER and same_quantity(number, w)]
        instead = next((w for w in come if _comparable(number, w) and not _former(new, w)), None)
        if twins and instead is not None and all(_former(new, w) for w in twins):
            yield Difference(Reason.NUMBER, (number,), (instead,))


def _former(words: Words, number: Word) -> bool:
    at = words.index(number)
    before = [w.key for w in words[max(0, at - 2) : at]]
    return before[-1:] == ["from"] or before in (["instead", "of"], ["rather", "than"], ["and", "not"])


def _rounded(old: Word, new: Word, before: Words, after: Words) -> bool:
    """Whether one number rounds the other and says so: "nearly 600,000" for 597,000, "more than 9,000" for 9,214."""
    if old.unit != new.unit or not old.value or not new.value:
        return False
    for rough, exact, words in ((new, old, after), (old, new, before)):
        side = dict(_bounded(words, every=True)).get(rough)
        if side is None or len(f"{rough.value:g}".strip("0.")) >= len(f"{exact.value:g}".strip("0.")):
            continue
        off = (exact.value - rough.value) / exact.value
        if (side >= 0 and 0 <= off <= ROUNDED) or (side <= 0 and -ROUNDED <= off <= 0):
            return True
    return False


def _in_place(old: Words, new: Words, ops: list[Op]) -> Iterable[tuple[Word, Word]]:
    """Figures alone in the place of others, also where the same figure stands elsewhere: "scored twice ... 3-1"."""
    for tag, a, b, c, d in ops:
        if tag == "replace" and b - a == d - c == 1 and old[a].kind is new[c].kind is Kind.NUMBER:
            yield old[a], new[c]


def _steps(words: Words) -> list[Word]:
    """The numbers that tell by how much something changed."""
    return [b for a, b in pairwise(words) if a.key == "by" and b.kind is Kind.NUMBER]


def _leads(number: Word, step: Word, result: Word) -> bool:
    """Whether a figure is told by how far it is from another: "from 4.25 to 4.75" and "by half a point to 4.75"."""
    if step.unit not in ("percentagepoint", number.unit) or number.unit not in ("", result.unit):
        return False
    return step.value > 0 and abs(abs(result.value - number.value) - step.value) <= 1e-9 * abs(result.value)


def _part(words: Words, number: Word) -> bool:
    """Whether a number counts some out of more: "12 of"."""
    at = words.index(number)
    return at + 1 < len(words) and words[at + 1].key == "of"


def _rival(number: Word, come: list[Word], old: Words, new: Words, ops: list[Op]) -> Word | None:
    """The new number that stands in this one's place, if any."""
    if not come:
        return None
    at = old.index(number)
    for tag, a, b, c, d in ops:
        if tag == "replace" and a <= at < b:
            for word in new[c:d]:
                # "One person" may come to be "a 58-year-old woman".
                if word in come and not (number.value == 1 and word.unit.startswith("year")):
                    return word
    if number.value == 1 or number.unit == "both":
        return None
    neighbours = {w.sense for w in old[max(0, at - 2) : at + 3]} - {number.sense}
    alike = [w for w in come if _comparable(number, w)]
    return max(
        alike,
        key=lambda w: len(neighbours & {x.sense for x in new[max(0, new.index(w) - 2) : new.index(w) + 3]}),
        default=None,
    )


def _comparable(old: Word, new: Word) -> bool:
    left, right = number_words.UNITS.get(old.unit, (old.unit, 0.0)), number_words.UNITS.get(new.unit, (new.unit, 0.0))
    return left[0] == right[0] or not left[0] or not right[0]


def _unpaired(old: list[Word], new: list[Word], same: Callable[[Word, Word], bool]) -> tuple[list[Word], list[Word]]:
    """The words of either side that have no partner on the other; a partner serves again, as a repeated fact does."""
    return [a for a in old if not any(same(a, b) for b in new)], [b for b in new if not any(same(a, b) for a in old)]


def _aside(words: Words, at: int, ops: list[Op]) -> bool:
    """Whether a number is an age or part of another aside between commas, which a shorter version leaves out."""
    first, last = next(((a, b) for tag, a, b, _, _ in ops if tag == "delete" and a <= at < b), (at, at + 1))
    before = words[first].start - words[first - 1].end if first else 0
    after = words[last].start - words[last - 1].end if last < len(words) else 0
    return before >= 2 and after >= 2


def _bounds(old: Words, new: Words) -> Iterable[Difference]:
    """Nearly 30 is not more than 30: bounds of the same number on opposite sides."""
    bounds = dict(_bounded(new))
    for number, side in _bounded(old):
        for other, other_side in bounds.items():
            if side * other_side < 0 and same_quantity(number, other):
                yield Difference(Reason.DIRECTION, (number,), (other,))


def _bounded(words: Words, *, every: bool = False) -> Iterable[tuple[Word, int]]:
    """The numbers given as a bound, and on which side; with ``every`` those that are about right, too, as 0."""
    for at, word in enumerate(words):
        if word.kind is not Kind.NUMBER:
            continue
        before = [w.key for w in words[max(0, at - 2) : at]]
        if before == ["more", "than"] or before == ["at", "least"]:
            yield word, 1
        elif before in (["less", "than"], ["fewer", "than"], ["up", "to"], ["at", "most"]):
            yield word, -1
        elif before and (side := number_words.APPROXIMATE.get(before[-1])) is not None and (side or every):
            yield word, side


_DAYS = (Kind.DATE, Kind.WEEKDAY, Kind.TIME)


def _until(words: Words) -> Word | None:
    """What comes after the first "until"."""
    at = next((at for at, w in enumerate(words[:-1]) if w.key in ("until", "bis")), None)
    return None if at is None else words[at + 1]


def _same_day(old: Word, new: Word) -> bool:
    """Equal dates, or one that names the month alone, or one of figures that may be read so."""
    if old.key == new.key or (old.value // 100 == new.value // 100 and 0 in (old.value % 100, new.value % 100)):
        return True
    return (old.unit == "?") != (new.unit == "?") and old.value == new.value % 100 * 100 + new.value // 100


def _same_time(old: Word, new: Word) -> bool:
    if "?" in (old.unit, new.unit):
        return old.value % 720 == new.value % 720
    return old.value == new.value


def dates(old: Words, new: Words, near: Words) -> Iterable[Difference]:
    # "until Monday" became "until further notice".
    ends, later = _until(old), _until(new)
    dated = any(w.kind in (*_DAYS, Kind.NUMBER) for w in new)
    if ends is not None and later is not None and ends.kind in _DAYS and later.kind is Kind.WORD and not dated:
        yield Difference(Reason.DATE, (ends,), (later,))
    for kind, same, reason in (
        (Kind.DATE, _same_day, Reason.DATE),
        (Kind.WEEKDAY, lambda a, b: a.key == b.key, Reason.DATE),
        (Kind.TIME, _same_time, Reason.TIME),
    ):
        lost, come = _unpaired([w for w in old if w.kind is kind], [w for w in new if w.kind is kind], same)
        if lost and come:
            yield Difference(reason, (lost[0],), (come[0],))
