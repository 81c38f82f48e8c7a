"""What a canonical word is, and the raw words of a text that they are made from; see `corpus.canonical`."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from corpus import lexicon, number_words
from corpus.spelling import fold, sense, stem

_LETTER = "[^\\W\\d_][\u0300-\u036f\u00ad\u200b-\u200d\u2060]*"
_RAW = re.compile(
    r"(?P<plain>(?<!\w)[a-z]+(?=[ ,;!?\n]))"  # most words, and nothing else needs to be tried for them
    rf"|(?P<acronym>(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![\w]))?)"
    r"|(?P<clock>\d{1,2}:\d\d(?!\d)|\d{1,2}\.\d\d(?=\s?(?:[ap]\.?m\b|Uhr\b)))"
    r"|(?P<iso>\d{4}-\d\d-\d\d(?!\d)|\d{1,2}(?P<mark>[./])\d{1,2}(?P=mark)\d{4}(?!\d))"
    r"|(?P<number>\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\d,.]\d|\d)|\d+(?:[.,’']\d+)*)"
    r"|(?P<code>[^\W\d_]{1,5}-?\d+[^\W_]*)"
    rf"|(?P<word>{_LETTER}(?:{_LETTER})*(?:['’ʼ]{_LETTER}(?:{_LETTER})*)*)"
    r"|(?P<sign>[$€£¥%&½¼¾])"
    r"|(?P<to>(?<=\d)[-–−‒—/](?=\d))"
)
# What may stand right before a word that begins a sentence or a quotation.
_OPENING = re.compile(r"(?:[.!?:…][\"”’»)]?\s|[\"“„«‘]|\n|[•–—]\s)$")


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


DIGITS = 40
"""Characters of a number that is read as one; what is longer counts nothing, and Python reads no 4,301 digits."""


class Raw(NamedTuple):
    """A word, number or sign as it stands in the text.

    Attributes:
        low: folded; an acronym without its full stops.
        kind: "word", "number", "clock", "iso" (a date in figures) or "sign".
        start, end: its characters.
        cap: see `Word`.
    """

    text: str
    low: str
    kind: str
    start: int
    end: int
    cap: int


def raw_words(text: str, start: int, end: int) -> list[Raw]:
    """The words, numbers and signs of ``text[start:end]`` in order."""
    found: list[Raw] = []
    for match in _RAW.finditer(text, start, end):
        kind = match.lastgroup or ""
        piece = match[0]
        if kind == "plain":
            found.append(Raw(piece, piece, "word", match.start(), match.end(), 0))
            continue
        low = fold(piece).replace("’", "'").replace("ʼ", "'")
        if kind == "acronym":
            low, kind = low.replace(".", ""), "word"
        elif kind == "code":
            low, kind = low.replace("-", ""), "word"
        elif kind == "to":
            low, kind = "to", "word"
        elif kind == "number" and len(piece) > DIGITS:
            kind = "word"
        cap = 0
        if kind == "word" and piece[0].isupper():
            titled = found and found[-1].low in lexicon.TITLES and match.start() - found[-1].end <= 2
            cap = 2 if titled or not _OPENING.search(text, max(start, match.start() - 3), match.start()) else 1
            cap = 1 if match.start() == start else cap
        found.append(Raw(piece, low, kind, match.start(), match.end(), cap))
    return found


def make(key: str, kind: Kind, first: Raw, last: Raw, value: float = 0.0, unit: str = "", joined: bool = False) -> Word:
    """The canonical word that is read from all between two raw ones, both included."""
    if kind is Kind.WORD:
        return Word(key, sense(key), stem(key), kind, first.start, last.end, first.cap, value, unit, joined)
    return Word(key, key, key, kind, first.start, last.end, 0, value, unit, joined)


def make_number(value: float, unit: str, first: Raw, last: Raw) -> Word:
    """The canonical word of a number: its key holds the size of its unit, so that "1 km" is "1,000 metres"."""
    size = number_words.UNITS.get(unit)
    return make(f"{value:.10g}{f'{size[0]}{size[1]:g}' if size else unit}", Kind.NUMBER, first, last, value, unit)
