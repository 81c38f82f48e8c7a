"""From ranked passages to quotes: the sentence or two that answer, by offsets exact to the character."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.question import Question
from index.ranking import Ranked
from index.records import Quote

MAX_WORDS = 60


def quotes(
    question: Question,
    ranked: Sequence[Ranked],
    *,
    limit: int = 3,
    max_words: Mapping[str, int] | None = None,
) -> list[Quote]:
    """At most ``limit`` quotes, best first, no two near-copies of each other.

    Args:
        ranked: the passages that may be quoted, as `index.ranking.rank` gave them (copies of a story already folded).
        max_words: for sources that allow less than 60 words a quote, the most words, by the source's name.
    """
    found: list[Quote] = []
    for each in ranked[: 4 * limit]:
        if not each.scores or len(found) == limit:
            continue
        best = max(range(len(each.scores)), key=each.scores.__getitem__)
        start, end = each.candidate.sentences[best]
        passage = each.candidate.passage
        words = passage.text[start - passage.start : end - passage.start]
        if len(words.split()) <= (max_words or {}).get(passage.source, MAX_WORDS):
            found.append(Quote(each.hit, passage.revision, start, end, words, each.scores[best]))
    return found
