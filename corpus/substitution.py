"""A noun or adjective that another one took the place of, in a sentence that otherwise stayed: another thing is meant.

Copy editors swap verbs and little words freely, and nouns for their synonyms, or for what the article called the same
thing elsewhere. What is left of swapped nouns and adjectives after that is mostly correction.
"""

from __future__ import annotations

from collections.abc import Iterable

from corpus import lexicon
from corpus.difference import Difference, Op, Reason, Setting, Words
from corpus.thesaurus import Entry, alike, entry
from corpus.words import Kind, Word

STAYED = 0.7
"""The share of the old content words that the new sentence must repeat."""
_STEM = 4  # letters from which words that begin alike are taken for kin


def swapped_things(old: Words, new: Words, ops: list[Op], setting: Setting) -> Iterable[Difference]:
    """Content words in exactly the place of others that cannot stand for them."""
    if setting.german:
        return
    content = [w for w in old if _is_content(w)]
    here, there = {w.sense for w in old}, {w.sense for w in new}
    if len(content) < 3 or sum(w.sense in there for w in content) < STAYED * len(content):
        return
    for tag, a, b, c, d in ops:
        if tag != "replace" or b - a > 3 or d - c > 3:
            continue
        gone = [w for w in old[a:b] if _is_content(w)]
        come = [w for w in new[c:d] if _is_content(w)]
        if len(gone) != 1 or len(come) != 1 or gone[0].sense in there or come[0].sense in here:
            continue
        if (
            _body(old, a, gone[0], come[0])
            or spoken(old, a)
            or come[0].key in setting.old
            or come[0].stem in setting.old
        ):
            continue  # who speaks has rules of its own; and the article may have called it so all along
        one, other = entry(gone[0].key), entry(come[0].key)
        if one and other and one.kind == other.kind and _strangers(gone[0], one, come[0], other):
            yield Difference(Reason.SUBJECT, (gone[0],), (come[0],))


def _is_content(word: Word) -> bool:
    return word.kind is Kind.WORD and word.key not in lexicon.STOPWORDS and word.key not in lexicon.NEGATORS


def _strangers(old: Word, first: Entry, new: Word, second: Entry) -> bool:
    kin = old.key[:_STEM] == new.key[:_STEM] or old.key in new.key or new.key in old.key
    # "built" and "made" are verbs first, and what verbs say is told by contrasts alone.
    verbs = any(lexicon.IRREGULAR.get(w.key, w.key) != w.key for w in (old, new))
    actors = lexicon.ACTORS.get(old.stem), lexicon.ACTORS.get(new.stem)
    return not kin and not verbs and not (actors[0] and actors[0] == actors[1]) and not alike(first, second)


def _body(words: Words, at: int, old: Word, new: Word) -> bool:
    """Whether a body is called by another word for what it is: "the fire brigade" and "the fire service"."""
    return at > 0 and words[at - 1].kind is Kind.WORD and {old.stem, new.stem} <= lexicon.BODIES


def spoken(words: Words, at: int) -> bool:
    """Whether a verb of saying stands close by."""
    return any(w.stem in lexicon.SAYING or w.sense == "say" for w in words[max(0, at - 2) : at + 4])
