"""What a comparison of two wordings finds: a difference and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from corpus.words import Word

Words = Sequence[Word]
Op = tuple[str, int, int, int, int]
"""A step of an alignment, as `difflib` gives it."""


class Reason(StrEnum):
    """What about a quote changed."""

    NONE = "none"
    STYLE = "style"
    WORDING = "wording"
    PLACE = "place"
    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    TIME = "time"
    NAME = "name"
    NEGATION = "negation"
    DIRECTION = "direction"
    MODALITY = "modality"
    ATTRIBUTION = "attribution"
    ROLES = "roles"
    SUBJECT = "subject"
    GONE = "gone"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim that differs: its kind and the canonical words on either side (either may be empty)."""

    reason: Reason
    old: tuple[Word, ...] = ()
    new: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the two texts tell about a word.

    Attributes:
        small: folded words that stand somewhere in small letters: no names.
        large: folded words that stand somewhere with a capital inside a sentence.
        old, new: all folded words of the earlier and the later text, its notes left out.
        german: capitals are no sign of a name.
    """

    small: frozenset[str] = frozenset()
    large: frozenset[str] = frozenset()
    old: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    german: bool = False


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Op]:
    """How the first becomes the second, by difflib's longest matching blocks."""
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
