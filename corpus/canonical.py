"""Text to canonical words with offsets: what differs only in house style comes out equal.

Typography, case, diacritics, hyphens, American and British spelling, contractions, digit grouping, number words, units,
clock and date styles are taken out, so "Oct. 5" is "5 October" and "$1.2bn" is "1.2 billion dollars". Pure, standard
library only.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from corpus import lexicon


class Kind(IntEnum):
    """What a canonical word is."""

    WORD = 0
    NUMBER = 1
    ORDINAL = 2
    TIME = 3
    DATE = 4
    WEEKDAY = 5


class Word(NamedTuple):
    """One canonical word.

    Attributes:
        key: equal for words that differ in style only.
        sense: equal for words that copy editors swap: stem, then the head of its synonyms.
        stem: without endings, before synonyms.
        kind: see `Kind`.
        start, end: the characters it was read from.
        cap: 0 small, 1 a capital that the beginning of a sentence asks for, 2 a capital of its own.
        value: a number's value; minutes of the day; month * 100 + day; weekday from 0; else 0.
        unit: a currency sign or a unit's name, or empty.
        joined: whether nothing but a hyphen or nothing parts it from the word before.
    """

    key: str
    sense: str
    stem: str
    kind: Kind
    start: int
    end: int
    cap: int
    value: float = 0.0
    unit: str = ""
    joined: bool = False


class _Raw(NamedTuple):
    text: str
    low: str
    kind: str
    start: int
    end: int
    cap: int


_LETTER = "[^\\W\\d_][\u0300-\u036f\u00ad\u200b-\u200d\u2060]*"
_RAW = re.compile(
    r"(?P<plain>(?<!\w)[a-z]+(?=[ ,;!?\n]))"  # most words, and nothing else needs to be tried for them
    rf"|(?P<acronym>(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![\w]))?)"
    r"|(?P<clock>\d{1,2}:\d\d(?!\d)|\d{1,2}\.\d\d(?=\s?(?:[ap]\.?m\b|Uhr\b)))"
    r"|(?P<iso>\d{4}-\d\d-\d\d(?!\d)|\d{1,2}\.\d{1,2}\.\d{4}(?!\d))"
    r"|(?P<number>\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d,.]\d|\d)|\d+(?:[.,’']\d+)*)"
    r"|(?P<code>[^\W\d_]{1,5}-?\d+[^\W_]*)"
    rf"|(?P<word>{_LETTER}(?:{_LETTER})*(?:['’ʼ]{_LETTER}(?:{_LETTER})*)*)"
    r"|(?P<sign>[$€£¥%&½¼¾])"
    r"|(?P<to>(?<=\d)[-–−‒—/](?=\d))"
)
# What may stand right before a word that begins a sentence or a quotation.
_OPENING = re.compile(r"(?:[.!?:…][\"”’»)]?\s|[\"“„«‘]|\n|[•–—]\s)$")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060]")
_AM = {"am": 0, "pm": 720}
_SMALL = {"one": 1.0, "a": 1.0, "an": 1.0, "eine": 1.0, "einen": 1.0, "einem": 1.0, "ein": 1.0, "einer": 1.0}
_GROUPED = re.compile(r"\d{1,3}(?:[,’']\d{3})+(?:\.\d+)?")
_GERMAN_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
# Small words that may begin something longer than themselves.
_SPECIAL = frozenset(
    {*lexicon.NUMBER_WORDS, *lexicon.DECADES, *lexicon.FRACTIONS, *lexicon.ORDINALS, *_SMALL}
    | set("no any some every cannot noone someone anyone everyone".split())
)
_HEIGHTS = frozenset("high tall long deep wide down away above below from x by off in".split())
_MAY_BEFORE = frozenset(
    "in on of since from until till last next early late by and to between through mid for this".split()
)


def fold(word: str) -> str:
    """The word in lower case without diacritics, soft hyphens and invisible characters."""
    if word.isascii():
        return word.lower()
    word = _INVISIBLE.sub("", word).casefold()
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=32768)
def spelling(word: str) -> str:
    """One folded word in one spelling: British and American forms meet, and known abbreviations are written out.

    The result is for comparing only: it is not always a word ("colour" gives "color", "advise" gives "advize").
    """
    word = lexicon.ABBREVIATIONS.get(word, word)
    if len(word) > 4:
        word = re.sub(r"is(e|ed|es|ing|ation|ations|er|ers)$", r"iz\1", word)
        word = re.sub(r"ys(e|ed|es|ing)$", r"yz\1", word)
        word = re.sub(r"our(s|ed|ing|ite|ites|able|al|ful|hood|hoods|er|ers)?$", r"or\1", word)
        word = re.sub(r"([bcdfgkptv])re(s|d)?$", r"\1er\2", word)
        word = re.sub(r"ogue(s)?$", r"og\1", word)
        word = re.sub(r"([aeiouy][^aeiouy]+[aeiou])ll(ed|ing|er|ers|or|ors)$", r"\1l\2", word)
    return word


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The stem of one folded word: plural and verb endings off, irregular forms to their base."""
    if word in lexicon.IRREGULAR:
        return lexicon.IRREGULAR[word]
    if len(word) < 4 or not word.isalpha():
        return word
    base = word
    if base.endswith("ies") and len(base) > 4:
        base = base[:-3] + "y"
    elif base.endswith(("sses", "shes", "ches", "xes")):
        base = base[:-2]
    elif base.endswith("s") and not base.endswith(("ss", "us", "is")):
        base = base[:-1]
    base = lexicon.IRREGULAR.get(base, base)
    for ending in ("ing", "ed", "ly"):
        cut = base[: -len(ending)]
        if base.endswith(ending) and len(cut) > 2 and re.search("[aeiouy]", cut):
            if ending == "ed" and cut.endswith("i"):
                cut = cut[:-1] + "y"
            elif len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "lsz":
                cut = cut[:-1]
            base = cut
            break
    if len(base) > 4 and base.endswith(("e", "ll")):
        base = base[:-1]
    return base


def _by_stem(table: dict[str, str]) -> dict[str, str]:
    return {stem(spelling(word)): stem(spelling(head)) for word, head in table.items()}


_SENSES = _by_stem(lexicon.SYNONYMS)


@lru_cache(maxsize=32768)
def sense(key: str) -> str:
    """What the word says, as far as the closed list of synonyms knows."""
    base = stem(key)
    return _SENSES.get(base, base)


def is_german(text: str) -> bool:
    """Whether the text's little words are German rather than English."""
    little = re.findall(r"\b[a-zA-Zü]{2,7}\b", text[:4000])
    german = sum(word.lower() in lexicon.GERMAN_MARKS for word in little)
    return german > sum(word.lower() in lexicon.ENGLISH_MARKS for word in little)


def words_of(text: str, start: int = 0, end: int | None = None, *, german: bool = False) -> list[Word]:
    """The canonical words of ``text[start:end]`` in order, with offsets into ``text``.

    Args:
        german: read "1.000" and "3,5" as German does, and "Mai" as a month.
    """
    raw = _raw(text, start, len(text) if end is None else end)
    found: list[Word] = []
    at = 0
    while at < len(raw):
        word, at = _next(raw, at, found, german)
        found.extend(word)
    return found


def _raw(text: str, start: int, end: int) -> list[_Raw]:
    found: list[_Raw] = []
    for match in _RAW.finditer(text, start, end):
        kind = match.lastgroup or ""
        piece = match[0]
        if kind == "plain":
            found.append(_Raw(piece, piece, "word", match.start(), match.end(), 0))
            continue
        low = fold(piece).replace("’", "'").replace("ʼ", "'")
        if kind == "acronym":
            low, kind = low.replace(".", ""), "word"
        elif kind == "code":
            low, kind = low.replace("-", ""), "word"
        elif kind == "to":
            low, kind = "to", "word"
        cap = 0
        if kind == "word" and piece[0].isupper():
            titled = found and found[-1].low in lexicon.TITLES and match.start() - found[-1].end <= 2
            cap = 2 if titled or not _OPENING.search(text, max(start, match.start() - 3), match.start()) else 1
            cap = 1 if match.start() == start else cap
        found.append(_Raw(piece, low, kind, match.start(), match.end(), cap))
    return found


def _next(raw: list[_Raw], at: int, before: list[Word], german: bool) -> tuple[list[Word], int]:
    """The canonical words that begin at ``raw[at]``, and where the next ones begin."""
    one = raw[at]
    if not one.cap and one.kind == "word" and one.low not in _SPECIAL and "'" not in one.low:
        joined = at > 0 and one.start - raw[at - 1].end <= 1
        return [_make(spelling(one.low), Kind.WORD, one, one, joined=joined)], at + 1
    if one.kind == "clock":
        return _clock(raw, at, *map(int, re.split("[:.]", one.low)))
    if one.kind == "iso":
        return _calendar(one), at + 1
    if one.kind == "sign" and one.low in lexicon.CURRENCIES and at + 1 < len(raw) and raw[at + 1].kind == "number":
        return _number(raw, at + 1, german, one)
    if one.kind == "number":
        return _day_first(raw, at) or _o_clock(raw, at, german) or _number(raw, at, german, None)
    if one.kind == "word":
        return (
            _month_first(raw, at, before, german)
            or _weekday(one, at, german)
            or _ordinal(raw, at, before)
            or _o_clock(raw, at, german)
            or (_number(raw, at, german, None) if _spelled(raw, at) else None)
            or _word(raw, at, before)
        )
    if one.low == "&":
        return [_make("and", Kind.WORD, one, one)], at + 1
    value = {"½": 50.0, "¼": 25.0, "¾": 75.0}.get(one.low)
    if value is not None:
        return [_make_number(value, "%", one, one)], at + 1
    return [_make(one.low, Kind.WORD, one, one)], at + 1


def _make(
    key: str, kind: Kind, first: _Raw, last: _Raw, value: float = 0.0, unit: str = "", joined: bool = False
) -> Word:
    if kind is Kind.WORD:
        return Word(key, sense(key), stem(key), kind, first.start, last.end, first.cap, value, unit, joined)
    return Word(key, key, key, kind, first.start, last.end, 0, value, unit, joined)


def _make_number(value: float, unit: str, first: _Raw, last: _Raw) -> Word:
    size = lexicon.UNITS.get(unit)
    return _make(f"{value:.10g}{f'{size[0]}{size[1]:g}' if size else unit}", Kind.NUMBER, first, last, value, unit)


def _clock(raw: list[_Raw], at: int, hour: int, minute: int) -> tuple[list[Word], int]:
    last = at
    if at + 1 < len(raw) and raw[at + 1].low in _AM:
        hour, last = hour % 12 + _AM[raw[at + 1].low] // 60, at + 1
    elif at + 1 < len(raw) and raw[at + 1].low == "uhr":
        last = at + 1
    value = hour * 60 + minute
    return [_make(f"t{value}", Kind.TIME, raw[at], raw[last], value)], last + 1


def _o_clock(raw: list[_Raw], at: int, german: bool) -> tuple[list[Word], int] | None:
    """A full hour: "5 p.m.", "5pm", "six o'clock", "17 Uhr"."""
    if at + 1 >= len(raw) or raw[at + 1].low not in ("am", "pm", "o'clock", "uhr"):
        return None
    low, mark = raw[at].low, raw[at + 1].low
    hour = lexicon.NUMBER_WORDS.get(low) if not low.isdigit() else float(low)
    if hour is None or hour > 24 or (mark == "uhr") > german or (mark == "am" and raw[at + 1].text == "am" and german):
        return None
    if mark in _AM:
        hour = hour % 12 + _AM[mark] // 60
    # "six o'clock" leaves open which half of the day: the unit says so.
    return [
        _make(f"t{hour * 60:g}", Kind.TIME, raw[at], raw[at + 1], hour * 60, "?" if mark == "o'clock" else "")
    ], at + 2


def _calendar(one: _Raw) -> list[Word]:
    parts = [int(part) for part in re.split(r"[-.]", one.low)]
    year, month, day = parts if parts[0] > 31 else parts[::-1]
    return [
        _make(f"d{month}-{day}", Kind.DATE, one, one, month * 100 + day),
        _make_number(year, "", one, one),
    ]


def _month(one: _Raw, german: bool, *, beside_day: bool = False, before: list[Word] | None = None) -> int:
    """The month a word names, or 0; "may" and "march" need a capital and company."""
    month = lexicon.MONTHS.get(one.low, 0)
    if not month or not one.text[0].isupper():
        return 0
    if (
        one.low in ("may", "mar", "march", "mai", "sept", "dec", "jan")
        and not beside_day
        and not (german and one.low == "mai")
    ):
        return month if before and before[-1].key in _MAY_BEFORE else 0
    return month


def _day(one: _Raw) -> int:
    return (
        int(one.low)
        if one.kind == "number" and one.low.isdigit() and 1 <= int(one.low) <= 31 and len(one.low) < 3
        else 0
    )


def _day_first(raw: list[_Raw], at: int) -> tuple[list[Word], int] | None:
    """A date like "5 October", "5th of October" or "5. Mai"."""
    day = _day(raw[at])
    last = at + 1
    joins = day and last + 2 < len(raw) and raw[last].low in ("and", "to", "or", "until", "bis") and _day(raw[last + 1])
    if joins and (month := _month(raw[last + 2], False, beside_day=True)):
        # "3 to 9 June": the month of the second day is the first one's too.
        return [_make(f"d{month}-{day}", Kind.DATE, raw[at], raw[at], month * 100 + day)], at + 1
    if day and last < len(raw) and raw[last].low in ("st", "nd", "rd", "th") and raw[last].start == raw[at].end:
        last += 1
    if day and last < len(raw) and raw[last].low == "of":
        last += 1
    if day and last < len(raw) and (month := _month(raw[last], False, beside_day=True)):
        return [_make(f"d{month}-{day}", Kind.DATE, raw[at], raw[last], month * 100 + day)], last + 1
    return None


def _month_first(raw: list[_Raw], at: int, before: list[Word], german: bool) -> tuple[list[Word], int] | None:
    """A date like "October 5", or a month alone."""
    one = raw[at]
    beside = at + 1 < len(raw) and _day(raw[at + 1]) > 0 and raw[at + 1].start - one.end <= 2
    month = _month(one, german, beside_day=beside, before=before)
    if not month:
        return None
    if not beside:
        return [_make(f"d{month}", Kind.DATE, one, one, month * 100)], at + 1
    day, last = _day(raw[at + 1]), at + 1
    if last + 1 < len(raw) and raw[last + 1].low in ("st", "nd", "rd", "th") and raw[last + 1].start == raw[last].end:
        last += 1
    return [_make(f"d{month}-{day}", Kind.DATE, one, raw[last], month * 100 + day)], last + 1


def _weekday(one: _Raw, at: int, german: bool) -> tuple[list[Word], int] | None:
    if not one.text[0].isupper():
        return None
    low = one.low.removesuffix("'s")
    number = lexicon.WEEKDAYS.get(low)
    if number is None:
        number = lexicon.WEEKDAYS.get(low.removesuffix("s")) if len(low) > 5 else None
    if number is not None and (len(low) > 3 or low in ("mon", "tue", "wed", "thu", "fri")):
        return [_make(f"w{number}", Kind.WEEKDAY, one, one, number)], at + 1
    if german:
        for name, day in lexicon.WEEKDAYS.items():
            if len(name) > 6 and low.startswith(name):
                return [
                    _make(f"w{day}", Kind.WEEKDAY, one, one, day),
                    _make(low[len(name) :], Kind.WORD, one, one),
                ], at + 1
    return None


def _ordinal(raw: list[_Raw], at: int, before: list[Word]) -> tuple[list[Word], int] | None:
    value = lexicon.ORDINALS.get(raw[at].low)
    if value is None or (before and before[-1].kind is Kind.NUMBER):
        return None
    following = raw[at + 1].low if at + 1 < len(raw) else ""
    measured = following in ("of", "more", "less", "fewer", "since", "in") or [w.key for w in before[-2:]] == [
        "by",
        "a",
    ]
    if raw[at].low in lexicon.FRACTIONS and before and before[-1].key in ("a", "one") and measured:
        return [_make_number(lexicon.FRACTIONS[raw[at].low], "%", raw[at], raw[at])], at + 1
    return [_make(f"o{value}", Kind.ORDINAL, raw[at], raw[at], value)], at + 1


def _spelled(raw: list[_Raw], at: int) -> bool:
    low = raw[at].low
    if low in lexicon.NUMBER_WORDS or low in lexicon.DECADES:
        return True
    following = raw[at + 1].low if at + 1 < len(raw) else ""
    if low in lexicon.FRACTIONS and low not in lexicon.ORDINALS:
        if low == "quarter":
            by = at > 1 and raw[at - 2].low == "by"
            return following in ("of", "more", "less", "fewer") or (
                at > 0
                and raw[at - 1].low == "a"
                and (by or following == "point" or (at > 1 and raw[at - 2].low in lexicon.APPROXIMATE))
            )
        return low != "half" or following not in ("time", "back", "brother", "sister", "marathon")
    if low not in _SMALL:
        return False
    if following in lexicon.MULTIPLIERS and following not in ("b", "k"):
        return True
    unit = lexicon.UNITS.get(following)
    # "a year" and "one week" measure; "a second person" and "a day trip" hardly differ from that.
    return unit is not None and unit[0] in ("time", "length") and following not in ("second", "in", "min")


def _number(raw: list[_Raw], at: int, german: bool, sign: _Raw | None) -> tuple[list[Word], int]:
    """A number with its multipliers and its unit."""
    first = sign or raw[at]
    one = raw[at]
    at += 1
    if one.low in ("both", "beide"):
        return [_make_number(2.0, "both", first, one)], at
    if one.kind == "number":
        value = _figure(one.text, german)
        if at < len(raw) and raw[at].start == one.end and raw[at].low in ("st", "nd", "rd", "th"):
            return [_make(f"o{value:g}", Kind.ORDINAL, first, raw[at], value)], at + 1
        if at < len(raw) and raw[at].start == one.end and raw[at].low == "s":  # the 1990s, in their 30s
            return [_make(f"{value:g}s", Kind.NUMBER, first, raw[at], value, "s")], at + 1
    elif one.low in lexicon.DECADES:
        value = float(lexicon.DECADES[one.low])
        return [_make(f"{value:g}s", Kind.NUMBER, first, one, value, "s")], at
    elif one.low in lexicon.FRACTIONS and one.low not in lexicon.NUMBER_WORDS:
        return _fraction(raw, at - 1)
    else:
        value = lexicon.NUMBER_WORDS.get(one.low, _SMALL.get(one.low, 0.0))
        if (
            value >= 20
            and at < len(raw)
            and lexicon.NUMBER_WORDS.get(raw[at].low, 99) < 10
            and raw[at].start - raw[at - 1].end == 1
        ):
            value += lexicon.NUMBER_WORDS[raw[at].low]
            at += 1
    value, at = _multiplied(raw, at, value, sign is not None)
    unit, at = _unit(raw, at, value, sign)
    if unit in lexicon.UNITS and [each.low for each in raw[at : at + 3]] == ["and", "a", "half"]:
        value, at = value + 0.5, at + 3  # "an hour and a half"
    return [_make_number(value, unit, first, raw[at - 1])], at


def _fraction(raw: list[_Raw], at: int) -> tuple[list[Word], int]:
    last = at
    value = lexicon.FRACTIONS[raw[at].low]
    following = [one.low for one in raw[at + 1 : at + 3]]
    if following[:1] in (["a"], ["an"]) and len(following) > 1 and following[1] in lexicon.UNITS:
        return _halved(raw, at, at + 2, value)
    if following[:1] and following[0] in ("hour", "mile", "century", "decade", "year"):
        return _halved(raw, at, at + 1, value)
    return [_make_number(value, "%", raw[at], raw[last])], at + 1


def _halved(raw: list[_Raw], at: int, unit_at: int, percent: float) -> tuple[list[Word], int]:
    return [_make_number(percent / 100, raw[unit_at].low, raw[at], raw[unit_at])], unit_at + 1


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


def _multiplied(raw: list[_Raw], at: int, value: float, money: bool) -> tuple[float, int]:
    while at < len(raw):
        low, attached = raw[at].low, raw[at].start == raw[at - 1].end
        factor = lexicon.MULTIPLIERS.get(low)
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
                and (more := lexicon.NUMBER_WORDS.get(raw[skip].low))
                and raw[skip - 1].end + 2 > raw[skip].start
            ):
                value += more
                at = skip + 1
    return value, at


def _counts(raw: list[_Raw], at: int) -> bool:
    """Whether "19m" before this word counts things, as before a noun, rather than metres."""
    return (
        at < len(raw)
        and raw[at].kind == "word"
        and raw[at].low not in _HEIGHTS
        and raw[at].start - raw[at - 1].end == 1
    )


def _unit(raw: list[_Raw], at: int, value: float, sign: _Raw | None) -> tuple[str, int]:
    if sign is not None:
        return lexicon.CURRENCIES[sign.low], at
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
    if low in lexicon.CURRENCIES:
        return lexicon.CURRENCIES[low], at + 1
    if low == "in" and raw[at].start != raw[at - 1].end:
        return "", at
    if low in lexicon.UNITS and not (low in ("second", "foot", "mi", "ha", "min") and value == 1):
        return low, at + 1
    return "", at


def _word(raw: list[_Raw], at: int, before: list[Word]) -> tuple[list[Word], int]:
    one = raw[at]
    low = one.low
    joined = at > 0 and one.start - raw[at - 1].end <= 1 and bool(before)
    if "'" in low:
        return _contracted(one, low, joined), at + 1
    if low == "cannot":
        return [_make("can", Kind.WORD, one, one), _make("not", Kind.WORD, one, one)], at + 1
    if low in ("no", "any", "some", "every") and at + 1 < len(raw) and raw[at + 1].low == "one":
        return [
            _make(
                {"no": "nobody", "any": "anybody", "some": "somebody"}.get(low, "everybody"),
                Kind.WORD,
                one,
                raw[at + 1],
            )
        ], at + 2
    key = {"noone": "nobody", "someone": "somebody", "anyone": "anybody", "everyone": "everybody"}.get(low) or spelling(
        low
    )
    return [_make(key, Kind.WORD, one, one, joined=joined)], at + 1


def _contracted(one: _Raw, low: str, joined: bool) -> list[Word]:
    for ending, rest in lexicon.CONTRACTIONS.items():
        if low.endswith(ending):
            head = {"wo": "will", "ca": "can", "sha": "shall"}.get(low.removesuffix(ending), low.removesuffix(ending))
            return [_make(spelling(key), Kind.WORD, one, one, joined=joined) for key in (head, *rest)]
    head, _, tail = low.partition("'")
    if tail == "s" and head in lexicon.IS_CONTRACTED:
        return [_make(head, Kind.WORD, one, one, joined=joined), _make("is", Kind.WORD, one, one)]
    if tail in ("s", ""):
        return [_make(spelling(head), Kind.WORD, one, one, joined=joined)]
    return [_make(low.replace("'", ""), Kind.WORD, one, one, joined=joined)]
