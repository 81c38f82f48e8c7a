"""Whether sentences of two outlets say the same of one matter, or differ on a number, a date or a name; pure.

Unlike two versions of one article (`corpus.claims`), two outlets choose their own words and their own facts. So little
is claimed: that they differ only where both state a value of the same kind for the same thing, and that they agree only
where every figure, date and name of the first sentence stands in the second and nothing in it says otherwise. All else
is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from corpus import lexicon, number_words
from corpus.amounts import same_quantity
from corpus.canonical import words_of
from corpus.claims import differences
from corpus.counterparts import weights_of
from corpus.difference import Reason, Setting
from corpus.naming import names
from corpus.polarity import actor_of
from corpus.slips import one_edit
from corpus.spelling import is_german, sense
from corpus.thesaurus import alike, entry
from corpus.words import Kind, Word

REPEATED = 0.6
"""Share of the first sentence's weight that another has to repeat to say the same."""
ABOUT = 0.3
"""The same for saying something of the same matter, of the lighter sentence's weight, figures left out."""
NEARLY = 0.7
"""The same for a date or a name in another's place."""
ROUNDED = 0.05
"""Two figures this near may be one that was rounded."""
REACH = 4
"""Words around a figure that say what it counts."""

_PEOPLE = frozenset(map(sense, "people person menschen leute personen".split()))
_COINS = frozenset(
    map(
        sense,
        "crown krone kroner krona kronor franc franken peso rupee rouble ruble zloty yuan rand lira forint".split(),
    )
)
"""Which `corpus.number_words` reads as words, not as units."""
_EMPTY = frozenset(map(sense, "about around nearly almost least total say report official police".split())).union(
    _PEOPLE, _COINS
)
_PERIODS = frozenset("hour day week month quarter year decade stunde tag woche monat jahr".split())
_STRICT = frozenset("more less over under fewer least most than uber mehr weniger mindestens hochstens".split())
_BOUND = frozenset(
    "about around approximately nearly almost least over than up most roughly some estimated circa more fewer less "
    "rund etwa knapp mindestens uber mehr weniger ungefahr fast bis".split()
)
_PLACED = frozenset("in at near from of outside to on by bei aus nach von".split())
_OF_THOSE = [["of", "them"], ["of", "whom"], ["of", "these"], ["of", "those"], ["von", "ihnen"]]
_NOT = frozenset("not no never nobody none without nicht kein keine keinen nie niemand ohne".split())
_TOLD = sense("say")


class Relation(StrEnum):
    """How two sentences stand to each other."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OPEN = "open"
    """Not enough can be told: they may speak of different things, or say the same in words that are not known here."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the comparison of two sentences came to.

    Attributes:
        on: number, date, time or name where they differ; else none.
        one, other: the differing words as printed; empty unless they differ.
    """

    relation: Relation
    on: Reason = Reason.NONE
    one: str = ""
    other: str = ""


_OPEN = Comparison(Relation.OPEN)


def compare(one: str, other: str, *, context: str = "") -> Comparison:
    """How the sentence of one outlet stands to that of another.

    Args:
        context: the texts that they stand in, which tell what is a name.
    """
    german = is_german(f"{one} {other}")
    first, second = words_of(one, german=german), words_of(other, german=german)
    if not first or not second or _denied(first) != _denied(second):
        return _OPEN
    setting = _setting(f"{one}\n{other}\n{context}", german)
    shared = _shared(first, second)
    if shared < ABOUT or _elsewhere(first, second, setting):
        return _OPEN
    found = _number(first, second) or (shared >= NEARLY and _day(first, second)) or _name(first, second, setting)
    owned = _anothers(one, first, second) or _anothers(other, second, first)
    if found and not owned and not _other_matter(first, second, setting):
        reason, left, right = found
        return Comparison(Relation.DIFFERS, reason, _printed(one, left), _printed(other, right))
    return Comparison(Relation.AGREES) if _agree(first, second, setting) else _OPEN


_MATTERS = frozenset({Reason.DIRECTION, Reason.SUBJECT, Reason.NEGATION, Reason.MODALITY, Reason.ROLES})
"""What differs between sentences that speak of different things: began and ended, sales and profit, will and may."""


def _other_matter(first: Sequence[Word], second: Sequence[Word], setting: Setting) -> bool:
    """Whether more differs than a figure, a date or a name, so that both may be right."""
    if any(each.reason in _MATTERS for each in differences(list(first), list(second), (), setting)):
        return True
    if _forecast(first, second) or _forecast(second, first):
        return True
    one, other = _begins(first), _begins(second)
    if one is None or other is None or one.sense in _all(second) or other.sense in _all(first):
        return False
    kinds = entry(one.key), entry(other.key)
    return bool(kinds[0] and kinds[1] and not alike(kinds[0], kinds[1])) and not (actor_of(one) or actor_of(other))


def _anothers(text: str, words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether a sentence speaks of somebody's own, and the other of somebody: "the mayor's rival" and "the mayor"."""
    there = _all(others)
    pairs = ((a, b) for a, b in pairwise(words) if text[a.start : a.end].endswith(("'s", "’s", "s'", "s’")))
    return any(a.sense in there and b.kind is Kind.WORD and b.sense not in there for a, b in pairs)


def _past(words: Sequence[Word]) -> set[str]:
    """The stems of verbs that tell what was."""
    return {w.stem for w in words if w.key.endswith("ed") or lexicon.IRREGULAR.get(w.key, w.key) != w.key}


def _present(words: Sequence[Word]) -> set[str]:
    return {w.stem for w in words if w.key.endswith("s") and not w.cap and w.key not in lexicon.IRREGULAR}


def _forecast(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Whether what is, or will be, in one sentence has been in the other: "will fall to 3" and "fell to 4"."""
    if _planned(words) and not _planned(others):
        return True
    if (_past(words) & _present(others)) - {_TOLD}:
        return True  # "employed 900" and "employs 400"
    if any(w.key == "will" for w in others):
        return False
    will = {deed.stem for at, w in enumerate(words) if w.key == "will" for deed in words[at + 1 : at + 3]} - {"be"}
    return bool(will & _past(others))


def _planned(words: Sequence[Word]) -> bool:
    """Whether something was only to be: "was to cost 60 million"."""
    return any(a.key in ("was", "were") and b.key == "to" for a, b in pairwise(words))


def _begins(words: Sequence[Word]) -> Word | None:
    """The thing that a sentence begins with; None where it begins with a figure."""
    word = next((w for w in words if w.kind is not Kind.WORD or w.key not in lexicon.STOPWORDS), None)
    return word if word is not None and word.kind is Kind.WORD and word.cap < 2 else None


def _denied(words: Sequence[Word]) -> bool:
    return any(word.key in _NOT for word in words)


def _setting(text: str, german: bool) -> Setting:
    """What the texts tell of names: which words stand in small letters somewhere, which with a capital of their own."""
    words = words_of(text, german=german)
    plain = [word for word in words if word.kind is Kind.WORD]
    return Setting(
        small=frozenset(word.key for word in plain if not word.cap),
        large=frozenset(word.key for word in plain if word.cap == 2),
        german=german,
    )


def _weights(words: Sequence[Word]) -> dict[str, float]:
    return weights_of([word for word in words if word.kind is Kind.WORD])


def _shared(first: Sequence[Word], second: Sequence[Word]) -> float:
    """Share of the lighter sentence's weight that both have, figures and dates left out."""
    one, other = _weights(first), _weights(second)
    common = sum(weight for key, weight in one.items() if key in other and weight > 0.5)
    count = sum(1 for key, weight in one.items() if key in other and weight > 0.5)
    return common / max(1e-9, min(sum(one.values()), sum(other.values()))) if count >= 2 else 0.0


def _elsewhere(first: Sequence[Word], second: Sequence[Word], setting: Setting) -> bool:
    """Whether each names a place or a time that the other does not: then they may speak of different things."""
    years = [
        {word.value for word in words if word.kind is Kind.NUMBER and not word.unit and 1900 <= word.value < 2100}
        for words in (first, second)
    ]
    if years[0] and years[1] and not years[0] & years[1]:
        return True
    placed = []
    for words in (first, second):
        keys = {word.key for word in words}
        found = set()
        for name in names(words, setting):
            at = words.index(name[0])
            if at and words[at - 1].key in _PLACED:
                found.add(frozenset(word.key for word in name))
        placed.append((found, keys))
    lone = [{name for name in placed[each][0] if not name & placed[1 - each][1]} for each in (0, 1)]
    return bool(lone[0] and lone[1])


def _number(first: Sequence[Word], second: Sequence[Word]) -> tuple[Reason, Word, Word] | None:
    """Two figures for the same thing: alone of their kind, and counted by the same words."""
    if _moments(first) and _moments(second) and not _moments(first) & _moments(second):
        return None  # Monday's count and Tuesday's
    ours = [w for w in first if w.kind is Kind.NUMBER and not _is_year(w)]
    theirs = [w for w in second if w.kind is Kind.NUMBER and not _is_year(w)]
    parts = [[w for w in ours if _is_part(first, w)], [w for w in theirs if _is_part(second, w)]]
    if not all(parts):  # what one of them alone breaks down further
        ours, theirs = [w for w in ours if w not in parts[0]], [w for w in theirs if w not in parts[1]]
    alone = [w for w in ours if not any(same_quantity(w, other) for other in theirs)]
    left = [w for w in theirs if not any(same_quantity(w, other) for other in ours)]
    met = [(a, b) for a in alone for b in left if _same_slot(first, a, second, b)]
    if len(met) != 1:
        return None
    one, other = met[0]
    if {w.value for w in first if _is_year(w)} != {w.value for w in second if _is_year(w)}:
        return None  # one of them tells of a year
    ranks = [{w.key for w in words if w.kind is Kind.ORDINAL} for words in (first, second)]
    if ranks[0] and ranks[1] and not ranks[0] & ranks[1]:
        return None  # the first half and the second
    if any(sum(w.unit == number.unit for w in figures) > 1 for number, figures in ((one, alone), (other, left))):
        return None  # several of a kind: which of them is meant cannot be told
    near = abs(one.value - other.value) <= ROUNDED * max(abs(one.value), abs(other.value))
    if near or _bounded(first, one) or _bounded(second, other):
        return None
    return Reason.NUMBER, one, other


def _is_year(word: Word) -> bool:
    return word.kind is Kind.NUMBER and not word.unit and 1900 <= word.value < 2100 and word.value == int(word.value)


def _is_part(words: Sequence[Word], number: Word) -> bool:
    """Whether a figure counts some of another one: "seventeen people, three of them seriously"."""
    at = words.index(number)
    return [word.key for word in words[at + 1 : at + 3]] in _OF_THOSE


def _same_slot(first: Sequence[Word], one: Word, second: Sequence[Word], other: Word) -> bool:
    """Whether two figures measure the same thing in the same unit."""
    left, right = (
        number_words.UNITS.get(one.unit, (one.unit, 0.0)),
        number_words.UNITS.get(other.unit, (other.unit, 0.0)),
    )
    if left[0] != right[0] or "s" in (one.unit, other.unit) or "both" in (one.unit, other.unit):
        return False
    ours, theirs = _counted(first, one), _counted(second, other)
    if not one.unit:
        heads = [_head(words, number) for words, number in ((first, one), (second, other))]
        if None not in heads and heads[0] != heads[1] and not set(heads) <= _PEOPLE | ours & theirs:
            return False
    if _period(first, one) != _period(second, other) or (ours - _all(second) and theirs - _all(first)):
        return False  # each counts something that the other does not speak of
    return bool(ours & theirs)


def _all(words: Sequence[Word]) -> set[str]:
    return {word.sense for word in words}


def _period(words: Sequence[Word], number: Word) -> set[str]:
    """The time that a figure is for: "9 million a year"."""
    at = words.index(number)
    near = words[at + 1 : at + 4]
    return {word.stem for word in near if word.stem in _PERIODS} | {
        word.unit.rstrip("s") for word in near if word.kind is Kind.NUMBER and word.unit.rstrip("s") in _PERIODS
    }


def _counted(words: Sequence[Word], number: Word) -> set[str]:
    """What the words around a figure, up to the next one, say of what it counts."""
    at = words.index(number)
    found = set()
    for step in (1, -1):
        reach = REACH if step == 1 else REACH - 1
        place = at + step
        while 0 <= place < len(words) and reach and words[place].kind is not Kind.NUMBER:
            word = words[place]
            gap = word.start - words[place - 1].end if step == 1 else words[place + 1].start - word.end
            if gap > 1:
                break  # a comma or the like
            if word.kind is Kind.WORD and word.key not in lexicon.STOPWORDS and word.sense not in _EMPTY:
                found.add(word.sense)
            reach -= 1
            place += step
    return found


def _head(words: Sequence[Word], number: Word) -> str | None:
    """The word that directly follows a figure, where that says something."""
    at = words.index(number) + 1
    if at >= len(words) or words[at].kind is not Kind.WORD or words[at].key in lexicon.STOPWORDS:
        return None
    return words[at].sense


def _bounded(words: Sequence[Word], number: Word) -> bool:
    at = words.index(number)
    return any(word.key in _BOUND for word in words[max(0, at - 2) : at])


def _moments(words: Sequence[Word]) -> set[str]:
    """The dates and weekdays of what is told, not of its telling."""
    return {
        word.key
        for at, word in enumerate(words)
        if word.kind in (Kind.DATE, Kind.WEEKDAY)
        and not any(near.sense == _TOLD for near in words[max(0, at - 3) : at + 3])
    }


def _day(first: Sequence[Word], second: Sequence[Word]) -> tuple[Reason, Word, Word] | None:
    """Two dates, weekdays or times for the same event, the only one of its kind on each side."""
    for kind, reason in ((Kind.DATE, Reason.DATE), (Kind.WEEKDAY, Reason.DATE), (Kind.TIME, Reason.TIME)):
        told = [[word for word in words if word.kind is kind] for words in (first, second)]
        if len(told[0]) != 1 or len(told[1]) != 1:
            continue
        one, other = told[0][0], told[1][0]
        if kind is not Kind.TIME and not ({one.key} <= _moments(first) and {other.key} <= _moments(second)):
            continue
        if kind is Kind.DATE and 0 in (one.value % 100, other.value % 100) and one.value // 100 == other.value // 100:
            continue  # the month alone
        if kind is Kind.TIME and (one.value % 720 == other.value % 720 or abs(one.value - other.value) < 30):
            continue
        if one.key != other.key and not _more_figures(first, second):
            return reason, one, other
    return None


def _more_figures(first: Sequence[Word], second: Sequence[Word]) -> bool:
    """Whether figures differ as well, which makes it likelier that another event is meant."""
    ours, theirs = ([w for w in words if w.kind is Kind.NUMBER] for words in (first, second))
    return bool(ours and theirs) and not any(same_quantity(a, b) for a in ours for b in theirs)


def _name(
    first: Sequence[Word], second: Sequence[Word], setting: Setting
) -> tuple[Reason, list[Word], list[Word]] | None:
    """Two names for the same person or thing: the only ones that the other sentence lacks, and nothing else differs."""
    ours, theirs = names(first, setting), names(second, setting)
    there, here = {w.key for w in second}, {w.key for w in first}
    lost = [name for name in ours if not any(w.key in there for w in name)]
    come = [name for name in theirs if not any(w.key in here for w in name)]
    if len(lost) != 1 or len(come) != 1 or _more_figures(first, second):
        return None
    if len(lost[0]) != len(come[0]) or any(one_edit(a.key, b.key) for a in lost[0] for b in come[0]):
        return None  # a short form, or another spelling
    rest = [[w for w in words if w not in name] for words, name in ((first, lost[0]), (second, come[0]))]
    said = [{w.sense for w in words if w.key not in lexicon.STOPWORDS} - _EMPTY for words in rest]
    if _shared(*rest) < NEARLY or (said[0] - said[1] and said[1] - said[0]):
        return None
    sides = [
        {w.sense for w in words[max(0, words.index(name[0]) - 3) : words.index(name[-1]) + 5]} & said[0] & said[1]
        for words, name in ((first, lost[0]), (second, come[0]))
    ]
    return (Reason.NAME, lost[0], come[0]) if sides[0] & sides[1] else None


def _agree(first: Sequence[Word], second: Sequence[Word], setting: Setting) -> bool:
    """Whether the second says what the first does: its figures, dates and names among it, and nothing against it."""
    weights, there = weights_of(first), {word.sense for word in second}
    total = sum(weights.values())
    if sum(weight for key, weight in weights.items() if key in there) < REPEATED * total:
        return False
    figures = [word for word in first if word.kind is Kind.NUMBER]
    there_too = [word for word in second if word.kind is Kind.NUMBER]
    for word in figures:
        twins = [twin for twin in there_too if same_quantity(word, twin)]
        if not any(_strictly(first, word) == _strictly(second, twin) for twin in twins):
            return False
    keys = {word.key for word in second}
    if any(word.key not in keys for word in first if word.kind in (Kind.DATE, Kind.ORDINAL)):
        return False
    if any(not any(word.key in keys for word in name) for name in names(first, setting)):
        return False
    return not differences(list(first), list(second), (), setting)


def _strictly(words: Sequence[Word], number: Word) -> bool:
    """Whether a figure is only a bound of what is meant."""
    at = words.index(number)
    return any(word.key in _STRICT for word in words[max(0, at - 2) : at])


def _printed(text: str, words: Word | Sequence[Word]) -> str:
    if isinstance(words, Word):
        return text[words.start : words.end]
    return text[words[0].start : words[-1].end]
