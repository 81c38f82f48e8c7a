"""Names that differ, or changed places, between two wordings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from corpus import lexicon
from corpus.difference import Difference, Op, Reason, Setting, Words
from corpus.slips import one_edit, swapped
from corpus.spelling import stem
from corpus.thesaurus import entry
from corpus.words import Kind, Word


def names(words: Words, setting: Setting) -> list[list[Word]]:
    """The proper names among the words, each as its run of words; titles are no part of a name."""
    found: list[list[Word]] = []
    shouting = sum(w.cap > 0 for w in words) > 0.7 * sum(w.kind is Kind.WORD for w in words) and len(words) > 3
    for at, word in enumerate(words):
        if not _named(words, at, setting) or (shouting and word.key not in setting.large):
            continue
        if found and word.joined and at and found[-1][-1] is words[at - 1]:
            found[-1].append(word)
        else:
            found.append([word])
    return found


def _named(words: Words, at: int, setting: Setting) -> bool:
    word = words[at]
    if not word.cap or word.kind is not Kind.WORD or word.key in lexicon.TITLES:
        return False
    if word.key in lexicon.STOPWORDS and not (word.key == "us" and word.cap == 2):
        return False
    following = words[at + 1] if at + 1 < len(words) else None
    before = words[at - 1] if at else None
    if setting.german:
        paired = (following is not None and following.joined and following.cap == 2) or (
            word.joined
            and before is not None
            and before.cap > 0
            and before.kind is Kind.WORD
            and before.key not in lexicon.STOPWORDS
        )
        placed = before is not None and before.key in ("in", "nach", "aus", "zwischen", "bei") and word.joined
        return paired or placed
    if word.key in setting.small or stem(word.key) in setting.small:
        return False
    if word.cap == 2:
        return True
    if following is not None and following.joined and following.cap == 2 and following.key not in lexicon.TITLES:
        return following.key not in setting.small and following.kind is Kind.WORD
    return word.key in setting.large


_DEMONYM = re.compile(r"(?:n|an|ian|ean|ese|ish|ic|er|i|en|ch|sch|ische[rnms]?)$")


def _kin(old: str, new: str) -> bool:
    """A place and its people: "Norway" is not such a pair for the rules, "Brennic" and "Brennican" are."""
    short, long = sorted((old, new), key=len)
    return (
        len(short) > 3
        and long != short
        and long.startswith(short[:-1])
        and bool(_DEMONYM.fullmatch(long[len(short) - 1 :]) or _DEMONYM.fullmatch(long[len(short) :]))
    )


def changed_names(old: Words, new: Words, ops: list[Op], setting: Setting) -> Iterable[Difference]:
    new_names = names(new, setting)
    old_keys, new_keys = {w.key for w in old}, {w.key for w in new}
    initials = {"".join(w.key[0] for w in name) for name in new_names if len(name) > 1} | _runs(new)
    fresh = [w for name in new_names for w in name if w.key not in old_keys]
    for name in names(old, setting):
        short = "".join(w.key[0] for w in name)
        lost = [
            w
            for w in name
            if w.key not in new_keys
            and w.key not in initials
            and not (len(name) == 1 and any(_kin(w.key, n.key) for n in fresh))
        ]
        if (
            not lost
            or short in new_keys
            or "".join(w.key for w in name) in {"".join(w.key for w in n) for n in new_names}
        ):
            continue
        kept = {w.key for w in name} - {w.key for w in lost}
        rivals: list[Word] = []
        if kept:
            for other in new_names:
                if kept & {w.key for w in other}:
                    rivals += [w for w in other if w in fresh]
        else:
            rivals = _in_place(lost, fresh, old, new, ops)
        rivals = [w for w in rivals if not _initial(lost, w) and not _fixed(lost, w, setting) and not _calling(lost, w)]
        if rivals and not _full_form(name, rivals, old):
            yield Difference(Reason.NAME, tuple(name), tuple(rivals))


def _calling(lost: Sequence[Word], word: Word) -> bool:
    """Whether common words stand before a name where the sentence begins: "Grocer Pellam" and "Retailer Pellam"."""
    return word.cap == 1 and entry(word.key) is not None and all(w.cap == 1 and entry(w.key) for w in lost)


def _runs(words: Words) -> set[str]:
    """Initials of runs of up to five words with capitals, little words between left out: "Bank of England" is "be"."""
    caps = [w for w in words if w.cap and w.kind is Kind.WORD]
    return {"".join(w.key[0] for w in caps[i : i + n]) for n in (2, 3, 4, 5) for i in range(len(caps) - n + 1)}


def _initial(lost: Sequence[Word], word: Word) -> bool:
    return any((len(word.key) == 1 or len(w.key) == 1) and w.key[0] == word.key[0] for w in lost)


def _full_form(name: Sequence[Word], rivals: Sequence[Word], old: Words) -> bool:
    """An abbreviation written out: "WHO" for "World Health Organization"."""
    letters = "".join(w.key[0] for w in rivals)
    return len(name) == 1 and 2 <= len(name[0].key) <= 5 and name[0].key == letters


def _in_place(lost: Sequence[Word], fresh: Sequence[Word], old: Words, new: Words, ops: list[Op]) -> list[Word]:
    """New names that stand where the lost one stood."""
    at = old.index(lost[0])
    for tag, a, b, c, d in ops:
        if tag == "replace" and a <= at < b:
            return [w for w in new[c:d] if w in fresh]
    # The sentence was turned round: the same company on either side shows the place.
    beside = {w.sense for w in old[max(0, at - 2) : at + len(lost) + 2] if w.key not in lexicon.STOPWORDS} - {
        w.sense for w in lost
    }
    return [
        w
        for i, w in enumerate(new)
        if w in fresh and beside & {x.sense for x in new[max(0, i - 2) : i + 3] if x.key not in lexicon.STOPWORDS}
    ]


def _fixed(lost: Sequence[Word], word: Word, setting: Setting) -> bool:
    """Whether a name was only mistyped: letters swapped, or the right form stood in the earlier text all along."""
    for name in lost:
        if swapped(name.key, word.key):
            return True
        close = one_edit(name.key, word.key) or SequenceMatcher(None, name.key, word.key).ratio() >= 0.8
        if close and word.key in setting.old and name.key not in setting.new:
            return True
    return False


def exchanged(old: Words, new: Words, setting: Setting) -> Iterable[Difference]:
    """The same names or numbers in exchanged places: "A beat B" and "B beat A"."""
    for facts, reason in (
        (_name_keys(old, setting), Reason.ROLES),
        ({w.key for w in old if w.kind is Kind.NUMBER}, Reason.NUMBER),
    ):
        both = facts & {w.key for w in new}
        first = [w.key for w in old if w.key in both]
        second = [w.key for w in new if w.key in both]
        if first == second or sorted(first) != sorted(second) or len(set(first)) < 2:
            continue
        rest, other = [w.sense for w in old if w.key not in both], [w.sense for w in new if w.key not in both]
        if reason is Reason.NUMBER and _led(old, both) == _led(new, both):
            continue  # "to 412 from 380" and "from 380 to 412"
        # Turned round, the other words change places as well ("said Ann" for "Ann said"); exchanged, they stay.
        if (
            rest
            and SequenceMatcher(None, rest, other, autojunk=False).ratio() >= 0.85
            and ("by" in rest) == ("by" in other)
        ):
            yield Difference(reason, tuple(w for w in old if w.key in both), tuple(w for w in new if w.key in both))
    yield from _two_exchanged(old, new)


def _led(words: Words, keys: set[str]) -> dict[str, str]:
    """The word before each of the numbers; empty where one of them follows none that tells from what to what."""
    led = {w.key: words[at - 1].key if at else "" for at, w in enumerate(words) if w.key in keys}
    return led if set(led.values()) <= {"from", "to", "von", "auf"} else {key: f"{at}" for at, key in enumerate(led)}


def _two_exchanged(old: Words, new: Words) -> Iterable[Difference]:
    """Two content words that changed places in a sentence that is otherwise the same, lists aside."""
    apart = [at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a.sense != b.sense]
    if len(old) != len(new) or len(apart) != 2 or apart[1] - apart[0] < 2:
        return
    first, second = apart
    crossed = old[first].sense == new[second].sense and old[second].sense == new[first].sense
    listed = all(
        w.key in ("and", "or", "und", "oder", "by", "in", "at", "from", "for", "with") for w in old[first + 1 : second]
    )
    if crossed and not listed and not {old[first].key, old[second].key} & lexicon.STOPWORDS:
        yield Difference(Reason.ROLES, (old[first], old[second]), (new[first], new[second]))


def _name_keys(words: Words, setting: Setting) -> set[str]:
    return {w.key for name in names(words, setting) for w in name}
