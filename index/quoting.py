"""From ranked passages to what is quoted: which quote answers and goes first, and what stands beneath it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from index import current
from index.embedder import Embedder
from index.evidence import Evidence
from index.question import Question
from index.ranking import Ranked
from index.reader import joined
from index.records import Quote

DOUBTED = -1.0
"""Log odds of a quote below which the next is read as well: the first holds the answer half as often there as
elsewhere, and most questions are spared the time; docs/quality.md has the table."""


def quoted(
    embedder: Embedder,
    words: str,
    question: Question,
    ranked: Sequence[Ranked],
    *,
    max_words: Mapping[str, int] | None = None,
    further: bool = True,
    newest: bool = False,
) -> tuple[list[Quote], float | None]:
    """What is quoted, and the reader's log odds that the first quote answers.

    Args:
        words: what is asked, as the reader is given it.
        max_words: see `index.evidence.quotes`.
        further: where the best quote reads below `DOUBTED`, read the others in their order, until one does not: that
            one goes first.
        newest: the newest article that answers goes first, see `index.current`.

    Returns:
        The log odds are None where the model has no reader, or nothing is quoted.
    """
    found = Evidence(question, ranked, max_words)
    may_answer = found.may_answer()
    if not may_answer:
        return [], None
    reader = embedder.reader
    if reader is None:
        return found.beneath(may_answer[0], may_answer[0].score), None
    titles = {each.hit.passage: each.candidate.passage.title for each in ranked}

    def log_odds(quote: Quote) -> float:
        """Read with title and sentence before."""
        return reader.read(words, joined(titles[quote.hit.passage], f"{quote.context} {quote.text}".strip()))

    first, odds = _answering(may_answer if further else may_answer[:1], DOUBTED, log_odds)
    if newest and (renewed := current.newest(question, ranked, first, log_odds, DOUBTED, max_words)):
        first, odds = renewed
        ranked = sorted(ranked, key=lambda each: each.hit.passage != first.hit.passage)
        found = Evidence(question, ranked, max_words)
    return found.beneath(first, may_answer[0].score), odds


def _answering(quotes: Sequence[Quote], least: float, log_odds: Callable[[Quote], float]) -> tuple[Quote, float]:
    """The first of the quotes that reads as well as that, with its log odds; the first of all where none does."""
    read = []
    for quote in quotes:
        read.append(log_odds(quote))
        if read[-1] >= least:
            return quote, read[-1]
    return quotes[0], read[0]
