"""A correction changes the wrong words and leaves the sentence alone; an editor who rewrites goes over all of it.

So where a sentence stayed but for words in one place, and what stands there now cannot be said for what stood there,
something else is claimed, whatever it is: no list has to know that "vetoed" is not "signed".
"""

from __future__ import annotations

from collections.abc import Iterable

from corpus import lexicon
from corpus.difference import Difference, Op, Reason, Setting, Words
from corpus.kinship import kin, known
from corpus.polarity import actor_of
from corpus.substitution import spoken
from corpus.words import Kind, Word

STAYED = 0.6
"""The share of the longer sentence that must stand in both."""
LONGEST = 6
"""Words in one place, of either side; more are a rewritten clause."""
_PARTICLES = frozenset("off out up down over on away back".split())
_STEM = 5  # letters from which words that begin alike are taken for kin


def changed_in_place(old: Words, new: Words, ops: list[Op], setting: Setting) -> Iterable[Difference]:
    """The words in the one place where the sentences differ, where neither can stand for the other."""
    # "to ban cars from" and "to allow cars into": little words follow what changed.
    changed = [op for op in ops if op[0] != "equal" and any(map(_tells, (*old[op[1] : op[2]], *new[op[3] : op[4]])))]
    stayed = sum(b - a for tag, a, b, _, _ in ops if tag == "equal")
    if setting.german or len(changed) != 1 or stayed < STAYED * max(len(old), len(new)):
        return
    _, a, b, c, d = changed[0]
    was, now = old[a:b], new[c:d]
    if max(len(was), len(now)) > LONGEST:
        return
    if limiter := _limiter(was, now, new[d : d + 1]):
        yield Difference(Reason.MODALITY, *limiter)
        return
    before, after = {w.sense for w in old}, {w.sense for w in new}
    gone = [w for w in was if _tells(w) and w.cap < 2 and w.sense not in after]
    come = [w for w in now if _tells(w) and w.cap < 2 and w.sense not in before]
    if any(map(_figure, (*was, *now))) or (any(w.cap == 2 for w in was) and any(w.cap == 2 for w in now)):
        return  # rules of their own tell about figures and names
    denied = [w for words in (was, now) for w in words if w.key in lexicon.NEGATORS]
    if denied:
        empty = all(map(_light, come)) or all(map(_light, gone))
        if gone and come and (empty or _kin(was, now)):
            yield Difference(Reason.NEGATION, tuple(gone), tuple(come))
        return  # "voluntary" and "not obligatory" may say the same
    if not gone or not come or any(map(_negative, (*gone, *come))) or _same_speaker(old, a, gone, come):
        return
    if any(_light(w) and not _phrasal(w, side) for side in (was, now) for w in side) and min(len(gone), len(come)) == 1:
        return  # "fell ill" and "became ill", "get their money back" and "be refunded": the verb itself says little
    if all(w.key in setting.old for w in come):
        return  # the article may have called it so all along
    if not _related(was, gone, now, come):
        yield Difference(Reason.WORDING, tuple(gone), tuple(come))


def _limiter(old: Words, new: Words, following: Words) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """The words of one side, where they make less of a deed that the other side tells: "almost", "tried to"."""
    if any(map(_figure, (*old, *new, *following))):
        return None  # "almost 40" is another matter
    if any(w.stem in lexicon.LIMITERS for w in old) and not any(map(_tells, new)):
        return tuple(old), ()
    if any(w.stem in lexicon.LIMITERS for w in new) and not any(map(_tells, old)):
        return (), tuple(new)
    return None


def _tells(word: Word) -> bool:
    return word.kind is Kind.WORD and word.key not in lexicon.STOPWORDS and word.key not in lexicon.NEGATORS


def _figure(word: Word) -> bool:
    return word.kind is not Kind.WORD


def _light(word: Word) -> bool:
    return word.stem in lexicon.LIGHT


def _phrasal(word: Word, words: Words) -> bool:
    """Whether a light verb is one with what follows it: "take off"."""
    at = words.index(word)
    following = words[at + 1].key if at + 1 < len(words) else ""
    return following in _PARTICLES and known(f"{word.stem}_{following}")


def _negative(word: Word) -> bool:
    prefix = next((each for each in ("un", "non", "dis") if word.key.startswith(each)), "")
    return word.key in lexicon.TITLES or (bool(prefix) and known(word.key.removeprefix(prefix)))


def _same_speaker(old: Words, at: int, gone: Words, come: Words) -> bool:
    """Whether a body speaks by whoever speaks for it: "the county said" and "officials said"."""
    officials = any(w.stem in lexicon.SPEAKERS for w in (*gone, *come))
    return any(w.stem in lexicon.SAYING for w in (*gone, *come)) or (officials and spoken(old, at))


def _kin(old: Words, new: Words) -> bool:
    return kin([w.key for w in old], [w.key for w in new])


def _related(old: Words, gone: Words, new: Words, come: Words) -> bool:
    if any((kind := actor_of(a)) is not None and kind == actor_of(b) for a in gone for b in come):
        return True  # "the jury" and "the judges"
    if any(a.key[:_STEM] == b.key[:_STEM] or a.key in b.key or b.key in a.key for a in gone for b in come):
        return True
    return _kin(old, new)
