"""Numbers with their multipliers and units among the words of a text, as canonical words; see `corpus.canonical`."""

from __future__ import annotations

import re

from corpus import number_words
from corpus.words import Kind, Raw, Word, make, make_number

ONES = {"one": 1.0, "a": 1.0, "an": 1.0, "eine": 1.0, "einen": 1.0, "einem": 1.0, "ein": 1.0, "einer": 1.0}
_GROUPED = re.compile(r"\d{1,3}(?:[,’']\d{3})+(?:\.\d+)?")
_GERMAN_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_HEIGHTS = frozenset("high tall long deep wide down away above below from x by off in".split())


def ordinal(raw: list[Raw], at: int, before: list[Word]) -> tuple[list[Word], int] | None:
    """An ordinal at ``raw[at]``, or the fraction that it is after "a" or "one"; None where it is neither."""
    value = number_words.ORDINALS.get(raw[at].low)
    if value is None or (before and before[-1].kind is Kind.NUMBER):
        return None
    following = raw[at + 1].low if at + 1 < len(raw) else ""
    measured = following in ("of", "more", "less", "fewer", "since", "in") or [w.key for w in before[-2:]] == [
        "by",
        "a",
    ]
    if raw[at].low in number_words.FRACTIONS and before and before[-1].key in ("a", "one") and measured:
        return [make_number(number_words.FRACTIONS[raw[at].low], "%", raw[at], raw[at])], at + 1
    return [make(f"o{value}", Kind.ORDINAL, raw[at], raw[at], value)], at + 1


def spelled(raw: list[Raw], at: int) -> bool:
    """Whether a number in words begins at ``raw[at]``."""
    low = raw[at].low
    if low in number_words.NUMBER_WORDS or low in number_words.DECADES:
        return True
    following = raw[at + 1].low if at + 1 < len(raw) else ""
    if low in number_words.FRACTIONS and low not in number_words.ORDINALS:
        if low == "quarter":
            by = at > 1 and raw[at - 2].low == "by"
            return following in ("of", "more", "less", "fewer") or (
                at > 0
                and raw[at - 1].low == "a"
                and (by or following == "point" or (at > 1 and raw[at - 2].low in number_words.APPROXIMATE))
            )
        return low != "half" or following not in ("time", "back", "brother", "sister", "marathon")
    if low not in ONES:
        return False
    if following in number_words.MULTIPLIERS and following not in ("b", "k"):
        return True
    unit = number_words.UNITS.get(following)
    # "a year" and "one week" measure; "a second person" and "a day trip" hardly differ from that.
    return unit is not None and unit[0] in ("time", "length") and following not in ("second", "in", "min")


def number(raw: list[Raw], at: int, german: bool, sign: Raw | None) -> tuple[list[Word], int]:
    """A number with its multipliers and its unit."""
    first = sign or raw[at]
    one = raw[at]
    at += 1
    if one.low in ("both", "beide"):
        return [make_number(2.0, "both", first, one)], at
    if one.kind == "number":
        value = _figure(one.text, german)
        if at < len(raw) and raw[at].start == one.end and raw[at].low in ("st", "nd", "rd", "th"):
            return [make(f"o{value:g}", Kind.ORDINAL, first, raw[at], value)], at + 1
        if at < len(raw) and raw[at].start == one.end and raw[at].low == "s":  # the 1990s, in their 30s
            return [make(f"{value:g}s", Kind.NUMBER, first, raw[at], value, "s")], at + 1
    elif one.low in number_words.DECADES:
        value = float(number_words.DECADES[one.low])
        return [make(f"{value:g}s", Kind.NUMBER, first, one, value, "s")], at
    elif one.low in number_words.FRACTIONS and one.low not in number_words.NUMBER_WORDS:
        return _fraction(raw, at - 1)
    else:
        value = number_words.NUMBER_WORDS.get(one.low, ONES.get(one.low, 0.0))
        if (
            value >= 20
            and at < len(raw)
            and number_words.NUMBER_WORDS.get(raw[at].low, 99) < 10
            and raw[at].start - raw[at - 1].end == 1
        ):
            value += number_words.NUMBER_WORDS[raw[at].low]
            at += 1
    value, at = _multiplied(raw, at, value, sign is not None)
    unit, at = _unit(raw, at, value, sign)
    if unit in number_words.UNITS and [each.low for each in raw[at : at + 3]] == ["and", "a", "half"]:
        value, at = value + 0.5, at + 3  # "an hour and a half"
    return [make_number(value, unit, first, raw[at - 1])], at


def _fraction(raw: list[Raw], at: int) -> tuple[list[Word], int]:
    last = at
    value = number_words.FRACTIONS[raw[at].low]
    following = [one.low for one in raw[at + 1 : at + 3]]
    if following[:1] in (["a"], ["an"]) and len(following) > 1 and following[1] in number_words.UNITS:
        return _halved(raw, at, at + 2, value)
    if following[:1] and following[0] in ("hour", "mile", "century", "decade", "year"):
        return _halved(raw, at, at + 1, value)
    if following[:1] in (["a"], ["an"]) and raw[at + 2 : at + 3]:
        unit, after = _unit(raw, at + 2, 1.0, None)
        if unit == "percentagepoint":
            return [make_number(value / 100, unit, raw[at], raw[after - 1])], after
    return [make_number(value, "%", raw[at], raw[last])], at + 1


def _halved(raw: list[Raw], at: int, unit_at: int, percent: float) -> tuple[list[Word], int]:
    return [make_number(percent / 100, raw[unit_at].low, raw[at], raw[unit_at])], unit_at + 1


def _figure(text: str, german: bool) -> float:
    plain = re.sub(r"[\s\u00a0\u202f\u2009]", "", text)
    if _GROUPED.fullmatch(plain) and not (german and re.fullmatch(r"\d+,\d+", plain)):
        plain = re.sub("[,’']", "", plain)
    elif _GERMAN_GROUPED.fullmatch(plain) and (german or plain.count(".") > 1 or "," in plain):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", ".").replace("’", ".").replace("'", ".")
    try:
        return float(plain)
    except ValueError:
        return float(re.sub(r"\D", "", plain))


def _multiplied(raw: list[Raw], at: int, value: float, money: bool) -> tuple[float, int]:
    while at < len(raw):
        low, attached = raw[at].low, raw[at].start == raw[at - 1].end
        factor = number_words.MULTIPLIERS.get(low)
        if low in ("k", "b") and not attached:
            factor = None
        if low == "m" and (money or (attached and _counts(raw, at + 1))):
            factor = 1e6
        if factor is None:
            break
        value *= factor
        at += 1
        if factor in (100.0, 1000.0) and at < len(raw):  # "two hundred and six", "three thousand two hundred"
            skip = at + (raw[at].low == "and")
            if (
                skip < len(raw)
                and (more := number_words.NUMBER_WORDS.get(raw[skip].low))
                and raw[skip - 1].end + 2 > raw[skip].start
            ):
                value += more
                at = skip + 1
    return value, at


def _counts(raw: list[Raw], at: int) -> bool:
    """Whether "19m" before this word counts things, as before a noun, rather than metres."""
    return (
        at < len(raw)
        and raw[at].kind == "word"
        and raw[at].low not in _HEIGHTS
        and raw[at].start - raw[at - 1].end == 1
    )


def _unit(raw: list[Raw], at: int, value: float, sign: Raw | None) -> tuple[str, int]:
    if sign is not None:
        return number_words.CURRENCIES[sign.low], at
    if at >= len(raw) or raw[at].start - raw[at - 1].end > 1:
        return "", at
    low = raw[at].low
    following = raw[at + 1].low if at + 1 < len(raw) else ""
    if low == "per" and following == "cent":
        low, at = "percent", at + 1
    if low in ("percent", "percentage") and (raw[at + 1].low if at + 1 < len(raw) else "").startswith("point"):
        return "percentagepoint", at + 2
    if low == "nautical":
        return "nauticalmile", at + 2 if following.startswith("mile") else at + 1
    if low in ("km", "kilometers", "kilometres") and following in ("h", "hr"):
        return "kmh", at + 2
    if (
        low in ("km", "kilometers", "kilometres", "miles")
        and following in ("an", "per")
        and at + 2 < len(raw)
        and raw[at + 2].low == "hour"
    ):
        return ("mph" if low == "miles" else "kmh"), at + 3
    if low == "m":
        return "m", at + 1
    if low in number_words.CURRENCIES:
        return number_words.CURRENCIES[low], at + 1
    if low == "in" and raw[at].start != raw[at - 1].end:
        return "", at
    if low in number_words.UNITS and not (low in ("second", "foot", "mi", "ha", "min") and value == 1):
        return low, at + 1
    return "", at
