"""How well it is told where two outlets agree and where they differ, on a file of pairs of sentences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from corpus.agreement import Relation, compare
from corpus.errors import UnreadableError
from corpus.scoring import class_figures, labelled

_REMEDY = "give JSON lines with one, other and class (agrees, differs or open)"


def score_claims(path: Path) -> dict[str, float | None]:
    """Precision and recall of `compare` for agreeing and differing, as fractions, and the number of pairs.

    Args:
        path: JSON lines with ``one`` and ``other``, sentences of two outlets, and ``class``; ``context`` may hold the
            texts that they stand in. Other members are passed over, empty lines too.

    Returns:
        ``{class}_precision`` and ``{class}_recall`` for each class, None where nothing was found or is to be found,
        and ``pairs``.

    Raises:
        UnreadableError: the file cannot be read, or one of its lines is not such a pair; the subject names the line.
    """
    outcomes: Counter[tuple[str, str]] = Counter()
    for subject, pair in labelled(path, _REMEDY):
        try:
            true = Relation(pair["class"])
            found = compare(pair["one"], pair["other"], context=pair.get("context", "")).relation
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableError(f"is not such a pair ({error})", subject=subject, remedy=_REMEDY) from error
        outcomes[true, found] += 1
    if not outcomes:
        raise UnreadableError("holds no pairs", subject=path, remedy=_REMEDY)
    return class_figures(outcomes, Relation)
