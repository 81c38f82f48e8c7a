"""Where a quote's sentences stand in another version of the article, word for word or in other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import lexicon
from corpus.canonical import words_of
from corpus.sentences import sentences
from corpus.slips import same_words
from corpus.versions import Version, tidy_key
from corpus.words import Kind, Word

# How much of a sentence's weight its counterpart must repeat: anywhere in the article, and where it stands between the
# same neighbours. Below, the sentence is gone and what stands there is another one.
_REPEATED = 0.5
_REPEATED_IN_PLACE = 0.34
# A sentence may have been split in three; of a longer article, this many sentences are looked at.
_WINDOW = 3
_LIKELY = 10


_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*(?:…|\.{3}|\. \. \.)\s*[\])]|…|\.{3}|\. \. \.)\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of the quote, or the part of one that the quote holds; `at` is -1 where it is not in the text."""

    words: list[Word]
    key: str
    at: int = -1
    part: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Where a unit stands in the later text: the sentences, the words' offsets, and whether they are the same words."""

    first: int
    last: int
    span: tuple[int, int]
    same: bool


def units_of(quote: str, old: Version, start: int | None) -> list[Unit]:
    """The quote's sentences as they stand in the earlier text."""
    spans = _located(quote, old.text, start)
    units: list[Unit] = []
    for left, right in spans or ():
        for at, one in enumerate(old.sentences):
            a, b = max(left, one.start), min(right, one.end)
            if a < b:
                whole = (a, b) == (one.start, one.end)
                words = old.words(at) if whole else words_of(old.text, a, b, german=old.german)
                if words:
                    units.append(
                        Unit(words, one.key if whole else tidy_key(old.text[a:b]), at, len(words) < len(old.words(at)))
                    )
    if units or spans:
        return units
    return [
        Unit(words, tidy_key(piece[a:b]))
        for piece in (quote,)
        for a, b in sentences(piece)
        if (words := words_of(piece, a, b, german=old.german))
    ]


def standing_at(quote: str, text: str, start: int | None) -> tuple[int, int] | None:
    """Where a quote stands in its own text, words left out included; None where it does not."""
    spans = _located(quote, text, start)
    return (spans[0][0], spans[-1][1]) if spans else None


def _located(quote: str, text: str, start: int | None) -> list[tuple[int, int]]:
    """Where the quote, or its pieces between ellipses, stand in the text; empty where they do not."""
    if start is not None and quote and text.startswith(quote, start):
        return [(start, start + len(quote))]
    spans: list[tuple[int, int]] = []
    for piece in (quote,) if quote in text else tuple(filter(None, _ELLIPSIS.split(quote))):
        at = text.find(piece)
        span = (at, at + len(piece)) if at >= 0 else _loosely(piece, text)
        if span is None:
            return []
        spans.append(span)
    return spans


def _loosely(piece: str, text: str) -> tuple[int, int] | None:
    """Where the same canonical words stand in a row."""
    wanted = [w.key for w in words_of(piece)]
    there = words_of(text)
    at = _run([w.key for w in there], wanted)
    return (there[at].start, there[at + len(wanted) - 1].end) if at is not None else None


def _run(words: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Where `wanted` stands in `words` as one run."""
    if not wanted:
        return None
    for at in range(len(words) - len(wanted) + 1):
        if words[at] == wanted[0] and list(words[at : at + len(wanted)]) == list(wanted):
            return at
    return None


def standing(unit: Unit, old: Version, new: Version) -> Match | None:
    """The unit's own words in the later text, notes aside."""
    noted = unit.at >= 0 and old.sentences[unit.at].note
    source = old.sentences[unit.at].key if unit.at >= 0 else unit.key
    places = [at for at in new.keys.get(source, ()) if noted or not new.sentences[at].note]
    if places:
        at = min(places, key=lambda place: _strangers(unit.at, place, old, new))
        span = _span_in(unit, at, new)
        if span is not None:
            return Match(at, at, span, True)
    wanted = [w.key for w in unit.words]
    for at in _likely(unit, old, new, noted):
        words = new.words(at)
        if same_words(unit.words, words):
            return Match(at, at, (new.sentences[at].start, new.sentences[at].end), True)
        run = _run([w.key for w in words], wanted)
        if run is not None and (len(wanted) > 3 or unit.part):
            return Match(at, at, (words[run].start, words[run + len(wanted) - 1].end), unit.part)
    return None


def _span_in(unit: Unit, at: int, new: Version) -> tuple[int, int] | None:
    one = new.sentences[at]
    if not unit.part:
        return one.start, one.end
    words = new.words(at)
    run = _run([w.key for w in words], [w.key for w in unit.words])
    if run is None:
        return None
    end = words[run + len(unit.words) - 1].end
    # Closing marks belong to the words where the quote goes to the sentence's end.
    return words[run].start, one.end if run + len(unit.words) == len(words) else end


def _strangers(at: int, place: int, old: Version, new: Version) -> tuple[int, int]:
    """How many neighbours differ, then how far off the repetition of the same rank is: to choose among repetitions."""
    if at < 0:
        return 0, place
    differ = 0
    for step in (-1, 1):
        a = old.sentences[at + step].key if 0 <= at + step < len(old.sentences) else ""
        b = new.sentences[place + step].key if 0 <= place + step < len(new.sentences) else ""
        differ += a != b
    return differ, abs(place - (old.twin(at, new) or 0))


def _likely(unit: Unit, old: Version, new: Version, noted: bool) -> list[int]:
    """The new sentences, in order, that may hold the unit: those that share most with it, and those in its place.

    A sentence that stood in the earlier text as well stands for itself; only words that are not found in the earlier
    text at all may be in any sentence.
    """
    fresh = [
        at
        for at, one in enumerate(new.sentences)
        if (one.key not in old.keys or unit.at < 0) and (noted or not one.note)
    ]
    if len(fresh) <= _LIKELY:
        return fresh
    wanted = {word for word in unit.key.split() if len(word) > 3 or word[0].isdigit()}
    shared = {at: len(wanted.intersection(new.sentences[at].key.split())) for at in fresh}
    best = set(sorted(fresh, key=lambda at: (-shared[at], at))[:_LIKELY])
    # A merged or split sentence goes on in the one beside it.
    return [
        at
        for at in fresh
        if at in best or (shared[at] and (at - 1 in best or at + 1 in best)) or _in_place(unit, at, at, old, new)
    ]


def counterpart(unit: Unit, old: Version, new: Version) -> Match | None:
    """The new sentences that stand for the unit now, if any do."""
    likely = _likely(unit, old, new, False)
    best: tuple[float, int, int] | None = None
    weights = weights_of(unit.words)
    for first in likely:
        words: list[Word] = []
        for last in range(first, first + _WINDOW):
            if last not in likely:
                break
            words = words + new.words(last)
            repeated, alike = _overlap(weights, weights_of(words))
            score = 0.6 * repeated + 0.4 * alike
            if best is None or score > best[0] + 0.02:
                best = (score, first, last)
    if best is None:
        return None
    _, first, last = best
    words = [w for at in range(first, last + 1) for w in new.words(at)]
    there = weights_of(words)
    repeated, alike = _overlap(weights, there)
    if repeated < _REPEATED and not (repeated >= _REPEATED_IN_PLACE and _in_place(unit, first, last, old, new)):
        return None
    if repeated < 0.7 and _taken(unit, weights, there, alike, old, new):
        return None
    span = new.sentences[first].start, new.sentences[last].end
    if unit.part:
        mine = {w.sense for w in unit.words}
        shared = [w for w in words if w.sense in mine and w.key not in lexicon.STOPWORDS]
        span = (shared[0].start, max(shared[-1].end, shared[0].end)) if shared else span
    return Match(first, last, span, False)


def _taken(
    unit: Unit, weights: dict[str, float], there: dict[str, float], alike: float, old: Version, new: Version
) -> bool:
    """Whether another sentence of the earlier text became what was found, which says nothing of the unit beyond it."""
    for at, one in enumerate(old.sentences):
        if at == unit.at or one.key in new.keys:
            continue
        other = weights_of(old.words(at))
        if _overlap(other, there)[1] > alike + 0.1:
            rest = {key: weight for key, weight in there.items() if key not in other}
            own = {key: weight for key, weight in weights.items() if key not in other}
            if _overlap(own, rest)[0] < _REPEATED:
                return True
    return False


def weights_of(words: Sequence[Word]) -> dict[str, float]:
    """How much each sense counts for telling the sentence: names and figures most, little words hardly."""
    found: dict[str, float] = {}
    for word in words:
        if word.kind is not Kind.WORD:
            weight = 1.3
        elif word.key in lexicon.STOPWORDS or word.sense == "say":
            weight = 0.15
        else:
            weight = 1.6 if word.cap == 2 else 1.0
        found[word.sense] = max(weight, found.get(word.sense, 0.0))
    return found


def _overlap(old: dict[str, float], new: dict[str, float]) -> tuple[float, float]:
    """The share of the old weight that is repeated, and the shared part of both (Dice).

    A figure in another figure's place is half repeated: that a number was corrected must not hide the sentence.
    """
    shared = sum(weight for key, weight in old.items() if key in new)
    figures = min(
        sum(k[0].isdigit() for k in old.keys() - new.keys()), sum(k[0].isdigit() for k in new.keys() - old.keys())
    )
    shared += 0.65 * figures
    total = sum(old.values())
    return shared / total if total else 0.0, 2 * shared / max(1e-9, total + sum(new.values()))


def _in_place(unit: Unit, first: int, last: int, old: Version, new: Version) -> bool:
    """Whether the new sentences stand between the neighbours the unit stood between."""
    if unit.at < 0:
        return False
    before, after = unit.at - 1, unit.at + 1
    while before >= 0 and old.sentences[before].key not in new.keys:
        before -= 1
    while after < len(old.sentences) and old.sentences[after].key not in new.keys:
        after += 1
    left = new.keys[old.sentences[before].key][0] if before >= 0 else -1
    right = new.keys[old.sentences[after].key][0] if after < len(old.sentences) else len(new.sentences)
    return left < first and last < right and right - left <= after - before + 2
