"""From ranked passages to what is quoted: which quote answers and goes first, and what stands beneath it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from corpus.records import StoredPassage
from index import current
from index.embedder import Embedder
from index.evidence import Evidence
from index.question import Question
from index.ranking import Ranked
from index.reader import joined
from index.records import Quote


@dataclass(frozen=True, slots=True)
class Timed:
    """What the time of a question means for what is read.

    Attributes:
        words: what is asked, without that time.
        within: whether a passage is of it.
        unsaid: whether it is, though a quote of it does not say so.
        told_by: whether a quote of a passage tells of it, be the passage of a later day.
        aside: stems of its own words, which what is read need not have, be they names.
    """

    words: str
    within: Callable[[StoredPassage], bool]
    unsaid: Callable[[StoredPassage, str], bool]
    told_by: Callable[[StoredPassage, str], bool]
    aside: frozenset[str] = frozenset()


DOUBTED = -1.0
"""Log odds of a quote below which the next is read as well: the first holds the answer half as often there as
elsewhere, and most questions are spared the time; docs/quality.md has the table."""

ADDED = 0.5
"""Log odds by which a title reads better for a sentence that answers, and not for one that only stands beneath it: in
ten made-up questions "Economists had expected the step" and its like add .2 at most, and what answers 1.1 at least.
What reads as an answer without its title is one all the same: the title may say it as well."""


def quoted(
    embedder: Embedder,
    words: str,
    question: Question,
    ranked: Sequence[Ranked],
    *,
    max_words: Mapping[str, int] | None = None,
    further: bool = True,
    newest: bool = False,
    timed: Timed | None = None,
) -> tuple[list[Quote], float | None]:
    """What is quoted, and the reader's log odds that the first quote answers.

    Args:
        words: what is asked, as the reader is given it.
        max_words: see `index.evidence.quotes`.
        further: where the best quote reads below `DOUBTED`, read the others in their order, until one does not: that
            one goes first.
        newest: the newest article that answers goes first, see `index.current`.
        timed: of a question about some time, what is read of articles of that time, which then go first where they
            answer about as well.

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
    passages = {each.hit.passage: each.candidate.passage for each in ranked}

    def read(asked: str, quote: Quote) -> float:
        """With title and sentence before."""
        title = passages[quote.hit.passage].title
        return reader.read(asked, joined(title, f"{quote.context} {quote.text}".strip()))

    def asked(quote: Quote) -> str:
        return timed.words if timed and timed.unsaid(passages[quote.hit.passage], quote.text) else words

    def log_odds(quote: Quote) -> float:
        return read(asked(quote), quote)

    def beneath(quote: Quote, odds: float) -> bool:
        """Whether it is what stands around it that answers, see `ADDED`; ``odds`` are its `log_odds`."""
        bare = not quote.context and not passages[quote.hit.passage].title
        if bare or odds >= log_odds(replace(quote, text="")) + ADDED:
            return False
        return reader.read(asked(quote), quote.text) < DOUBTED

    first, odds = _answering(may_answer if further else may_answer[:1], DOUBTED, log_odds, beneath)
    renewed: tuple[Quote, float] | None = None
    if newest:
        renewed = current.newest(question, ranked, first, log_odds, DOUBTED, max_words)
    elif timed is not None and not timed.told_by(passages[first.hit.passage], first.text):
        bare = partial(read, timed.words)
        renewed = current.of_the_time(question, ranked, first, bare, DOUBTED, timed.within, max_words, timed.aside)
    if renewed is not None:
        first, odds = renewed
        ranked = sorted(ranked, key=lambda each: each.hit.passage != first.hit.passage)
        found = Evidence(question, ranked, max_words)
    return found.beneath(first, may_answer[0].score, tells=timed.told_by if timed else None), odds


def _answering(
    quotes: Sequence[Quote],
    least: float,
    log_odds: Callable[[Quote], float],
    beneath: Callable[[Quote, float], bool],
) -> tuple[Quote, float]:
    """The first of the quotes that reads as well as that, with its log odds; the first of all where none does.

    Where it is the title that answers, or the sentence before, and not a later quote of its article ("Rate cut again.
    Economists had expected the step."), the article's best quote goes first.

    Args:
        beneath: whether a quote, by its log odds, only stands beneath what answers.
    """
    read: list[float] = []
    articles: dict[int, Quote] = {}
    for quote in quotes:
        read.append(log_odds(quote))
        better = articles.setdefault(quote.hit.article, quote)
        if read[-1] >= least:
            return (better if better is not quote and beneath(quote, read[-1]) else quote), read[-1]
    return quotes[0], read[0]
