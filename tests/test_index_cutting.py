"""A sentence cut where another clause's subject would be misread, and what stands before a brief sentence."""

from __future__ import annotations

import pytest

from corpus.records import StoredPassage
from corpus.sentences import sentences
from index.cutting import MAX_WORDS, Chosen, Run, quote
from index.question import analyse
from index.ranking import Candidate, Ranked
from index.records import Hit, Quote

LONG = (
    "The commission, which had met for the first time after the collapse of the bridge in which eleven people died "
    "and which had heard 212 witnesses over fourteen months in three towns, among them the engineers who had warned of "
    "rust and the mayor who had not read their letters, found that the collapse was caused by a bolt of the wrong "
    "steel that a supplier had delivered without papers, and that nobody had felt responsible."
)


def quoted(question: str, text: str, sentence: int) -> Quote:
    """The quote of one sentence of a text."""
    passage = StoredPassage(
        1, 1, 10, text, 0, len(text), ((0, len(text)),), "", 0, "", "Post", None, story=1, storyline=1
    )
    spans = tuple(sentences(text))
    scores = tuple(0.0 for _ in spans)
    run = Run([Ranked(Hit(1, 1, 1.0, 0.5, 1.0), Candidate(passage, 0.5, 1.0, spans, scores), scores)])
    return quote(analyse(question), Chosen(run, sentence, sentence, sentence), MAX_WORDS)


def test_no_list_of_another_clause_opens_a_cut_quote() -> None:
    """ "Among them the engineers ... found that": it was the commission that found it."""
    found = quoted("What did the mayor not read?", LONG, 0)
    assert found.text.startswith("The commission, which")
    assert found.text.endswith("and the mayor who had not read their letters")
    assert (found.start, found.end) == (0, LONG.index(", found that"))


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("The boat sank. Olt had seen it. Then it rained.", "The boat sank. Olt had seen it."),
        ("The boat sank. Olt had seen the wreck. Then it rained.", "Olt had seen the wreck."),
        (f"The boat sank{' and sank' * 17}. Olt had seen it. Then it rained.", "Olt had seen it."),
        ("The boat sank.\nOlt had seen it. Then it rained.", "The boat sank.\nOlt had seen it."),
    ],
)
def test_a_brief_sentence_with_a_pronoun_comes_with_the_one_before(text: str, context: str) -> None:
    """Where both are short, and not where it says who or what is meant."""
    assert quoted("What about the rain?", text, 2).context == context
