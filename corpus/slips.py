"""Whether two wordings are the same words but for house style and slips of the pen."""

from __future__ import annotations

from corpus import lexicon, synonyms
from corpus.difference import Words, aligned
from corpus.spelling import stem
from corpus.words import Kind, Word


def same_words(old: Words, new: Words) -> bool:
    """Whether the two are the same words but for house style, hyphens and slips of the pen."""
    if [w.key for w in old] == [w.key for w in new]:
        return True
    if abs(len(old) - len(new)) > max(3, len(old) // 5):
        return False
    for tag, a, b, c, d in aligned([w.key for w in old], [w.key for w in new]):
        if tag != "equal" and not _same_block(old[a:b], new[c:d]):
            return False
    return True


def _same_block(old: Words, new: Words) -> bool:
    if "".join(w.key for w in old) == "".join(w.key for w in new):
        return True
    return len(old) == len(new) and all(a.key == b.key or _slip(a, b) for a, b in zip(old, new, strict=True))


def _slip(old: Word, new: Word) -> bool:
    """Whether one is a mistyped form of the other: a single edit inside a small word that is no other known word."""
    if old.kind is not Kind.WORD or new.kind is not Kind.WORD or max(old.cap, new.cap) > 1:
        return False
    words = (old, new)
    if any(len(w.key) < 3 or w.stem in synonyms.CONTRASTS or w.key in lexicon.NEGATORS for w in words):
        return False
    if any(w.key in lexicon.STOPWORDS and len(w.key) > 3 for w in words) and old.stem == new.stem:
        return False
    if old.stem == new.stem or old.key[0] != new.key[0] or stem(old.key) in lexicon.POSSIBLE:
        return False
    return (
        one_edit(old.key, new.key)
        and not _ending_only(old.key, new.key)
        and (len(old.key) > 4 or swapped(old.key, new.key))
    )


def _ending_only(old: str, new: str) -> bool:
    return old[:-1] == new[:-1] or old == new[:-1] or old[:-1] == new


def swapped(old: str, new: str) -> bool:
    return (
        len(old) == len(new) and sorted(old) == sorted(new) and sum(a != b for a, b in zip(old, new, strict=True)) == 2
    )


def one_edit(old: str, new: str) -> bool:
    """Whether one letter put in, left out, changed, or two neighbours swapped make one of the other."""
    if old == new:
        return True
    if abs(len(old) - len(new)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return (
        old[at + 1 :] == new[at + 1 :]
        or old[at:] == new[at + 1 :]
        or old[at + 1 :] == new[at:]
        or (old[at : at + 2] == new[at : at + 2][::-1] and old[at + 2 :] == new[at + 2 :])
    )
