"""Text to canonical words with offsets: what differs only in house style comes out equal.

Typography, case, diacritics, hyphens, American and British spelling, contractions, digit grouping, number words, units,
clock and date styles are taken out, so "Oct. 5" is "5 October" and "$1.2bn" is "1.2 billion dollars". Pure, standard
library only.
"""

from __future__ import annotations

import re

from corpus import lexicon, number_words
from corpus.spelling import sense, spelling, stem
from corpus.word_dates import calendar, clock, day_first, month_first, o_clock, weekday
from corpus.word_numbers import ONES, number, ordinal, spelled
from corpus.words import Kind, Raw, Word, make, make_number, raw_words

# Small words that may begin something longer than themselves.
_SPECIAL = frozenset(
    {*number_words.NUMBER_WORDS, *number_words.DECADES, *number_words.FRACTIONS, *number_words.ORDINALS, *ONES}
    | set("no any some every cannot noone someone anyone everyone".split())
)


def words_of(text: str, start: int = 0, end: int | None = None, *, german: bool = False) -> list[Word]:
    """The canonical words of ``text[start:end]`` in order, with offsets into ``text``.

    Args:
        german: read "1.000" and "3,5" as German does, and "Mai" as a month.
    """
    raw = raw_words(text, start, len(text) if end is None else end)
    found: list[Word] = []
    at = 0
    while at < len(raw):
        word, at = _next(raw, at, found, german)
        found.extend(word)
    return found if german else _phrases(found)


def _phrases(words: list[Word]) -> list[Word]:
    """The words with verbs like "call off" as one, which means what the single verb does."""
    found: list[Word] = []
    for word in words:
        verb = found[-1] if found else None
        single = verb and word.start - verb.end == 1 and lexicon.PHRASAL_VERBS.get((verb.stem, word.key))
        if verb and single:
            found[-1] = verb._replace(
                key=f"{verb.stem}_{word.key}", sense=sense(stem(single)), stem=stem(single), end=word.end
            )
        else:
            found.append(word)
    return found


def _next(raw: list[Raw], at: int, before: list[Word], german: bool) -> tuple[list[Word], int]:
    """The canonical words that begin at ``raw[at]``, and where the next ones begin."""
    one = raw[at]
    if not one.cap and one.kind == "word" and one.low not in _SPECIAL and "'" not in one.low:
        joined = at > 0 and one.start - raw[at - 1].end <= 1
        return [make(spelling(one.low), Kind.WORD, one, one, joined=joined)], at + 1
    if one.kind == "clock":
        return clock(raw, at, *map(int, re.split("[:.]", one.low)))
    if one.kind == "iso":
        return calendar(one), at + 1
    if one.kind == "sign" and one.low in number_words.CURRENCIES and at + 1 < len(raw) and raw[at + 1].kind == "number":
        return number(raw, at + 1, german, one)
    if one.kind == "number":
        return day_first(raw, at) or o_clock(raw, at, german) or number(raw, at, german, None)
    if one.kind == "word":
        return (
            month_first(raw, at, before, german)
            or weekday(one, at, german)
            or ordinal(raw, at, before)
            or o_clock(raw, at, german)
            or (number(raw, at, german, None) if spelled(raw, at) else None)
            or _word(raw, at, before)
        )
    if one.low == "&":
        return [make("and", Kind.WORD, one, one)], at + 1
    value = {"½": 50.0, "¼": 25.0, "¾": 75.0}.get(one.low)
    if value is not None:
        return [make_number(value, "%", one, one)], at + 1
    return [make(one.low, Kind.WORD, one, one)], at + 1


def _word(raw: list[Raw], at: int, before: list[Word]) -> tuple[list[Word], int]:
    one = raw[at]
    low = one.low
    joined = at > 0 and one.start - raw[at - 1].end <= 1 and bool(before)
    if "'" in low:
        return _contracted(one, low, joined), at + 1
    if low == "cannot":
        return [make("can", Kind.WORD, one, one), make("not", Kind.WORD, one, one)], at + 1
    if low in ("no", "any", "some", "every") and at + 1 < len(raw) and raw[at + 1].low == "one":
        return [
            make(
                {"no": "nobody", "any": "anybody", "some": "somebody"}.get(low, "everybody"),
                Kind.WORD,
                one,
                raw[at + 1],
            )
        ], at + 2
    key = {"noone": "nobody", "someone": "somebody", "anyone": "anybody", "everyone": "everybody"}.get(low) or spelling(
        low
    )
    return [make(key, Kind.WORD, one, one, joined=joined)], at + 1


def _contracted(one: Raw, low: str, joined: bool) -> list[Word]:
    for ending, rest in lexicon.CONTRACTIONS.items():
        if low.endswith(ending):
            head = {"wo": "will", "ca": "can", "sha": "shall"}.get(low.removesuffix(ending), low.removesuffix(ending))
            return [make(spelling(key), Kind.WORD, one, one, joined=joined) for key in (head, *rest)]
    head, _, tail = low.partition("'")
    if tail == "s" and head in lexicon.IS_CONTRACTED:
        return [make(head, Kind.WORD, one, one, joined=joined), make("is", Kind.WORD, one, one)]
    if tail in ("s", ""):
        return [make(spelling(head), Kind.WORD, one, one, joined=joined)]
    return [make(low.replace("'", ""), Kind.WORD, one, one, joined=joined)]
