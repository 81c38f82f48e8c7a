"""A text as the passage of an article of its own: its sentences to quote from, and the quote of some of them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.records import StoredPassage
from corpus.sentences import sentences
from index.cutting import MAX_WORDS, Chosen, Run, quote
from index.question import analyse
from index.ranking import Candidate, Ranked
from index.records import Hit, Quote


def ranked(text: str, spans: Sequence[tuple[int, int]] | None = None) -> Run:
    """A text whose sentences all score 0; one sentence unless ``spans`` says otherwise."""
    passage = StoredPassage(
        1, 1, 10, text, 0, len(text), ((0, len(text)),), "", 0, "", "Post", None, story=1, storyline=1
    )
    spans = ((0, len(text)),) if spans is None else tuple(spans)
    scores = tuple(0.0 for _ in spans)
    return Run([Ranked(Hit(1, 1, 1.0, 0.5, 1.0), Candidate(passage, 0.5, 1.0, spans, scores), scores)])


def quoted(question: str, text: str, sentence: int, last: int | None = None) -> Quote:
    """The quote of one sentence of a text, or of those up to ``last``, of which the first is the best."""
    run = ranked(text, sentences(text))
    return quote(analyse(question), Chosen(run, sentence, sentence if last is None else last, sentence), MAX_WORDS)
