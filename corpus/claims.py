"""Whether two wordings of a sentence claim the same: which numbers, names, dates, negations and the like differ.

Works on canonical words (`corpus.canonical`), so house style is out of the way; what remains different is looked at by
kind. A word in place of another counts as a change of substance only where a closed list says that the two exclude
each other, or where a thesaurus knows both as nouns or adjectives that cannot stand for each other; unknown words pass
as rewording, since copy editors swap far more words than correctors do. Pure.
"""

from __future__ import annotations

from corpus.amounts import dates, numbers
from corpus.difference import Difference, Setting, Words, aligned
from corpus.localized import changed_in_place
from corpus.naming import changed_names, exchanged
from corpus.polarity import actors, contrasts, modality, negations, replaced, speakers
from corpus.substitution import swapped_things


def differences(old: Words, new: Words, near: Words = (), setting: Setting | None = None) -> list[Difference]:
    """What ``new`` claims otherwise than ``old``; empty for the same claims in other words.

    Args:
        old, new: the words of the two wordings.
        near: words that came in beside the new wording: a fact that moved there is not lost.
        setting: what the two texts tell about names; nothing where None.
    """
    setting = setting or Setting()
    ops = aligned([w.sense for w in old], [w.sense for w in new])
    found = [
        *numbers(old, new, near, ops),
        *dates(old, new, near),
        *changed_names(old, new, ops, setting),
        *exchanged(old, new, setting),
        *contrasts(old, new, ops),
        *replaced(old, new, ops),
        *negations(old, new, ops),
        *modality(old, new, ops),
        *speakers(old, new),
        *actors(old, new, ops),
        *swapped_things(old, new, ops, setting),
        *changed_in_place(old, new, ops, setting),
    ]
    return list(dict.fromkeys(found))
