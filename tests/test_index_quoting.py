"""index.quoting: which quote goes first, by how the reader takes title, sentence and time."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from corpus.records import StoredPassage
from index.question import analyse
from index.quoting import Timed, quoted
from index.ranking import Candidate, Ranked
from index.records import Hit

CUT = "The central bank of Vessen lowered its main rate by a quarter point on Wednesday."
EXPECTED = "Economists had expected the step."


def article(number: int, title: str, *sentences: str, published: str = "2026-11-11", scores: Any = ()) -> Ranked:
    """One passage of a few sentences, the first the best."""
    text = " ".join(sentences)
    starts = [text.index(each) for each in sentences]
    spans = tuple((start, start + len(each)) for start, each in zip(starts, sentences, strict=True))
    passage = StoredPassage(number, number, number, text, 0, len(text), spans, "", 0, title, "Post", published)
    best = tuple(scores) or tuple(10.0 - number - 5 * place for place in range(len(spans)))
    candidate = Candidate(passage, 0.5, 1.0, spans, tuple(0.5 for _ in spans))
    return Ranked(Hit(number, number, best[0], 0.5, 1.0), candidate, best)


def first(
    question: str, *ranked: Ranked, reads: Mapping[tuple[str, str], float], timed: Timed | None = None
) -> tuple[str, float | None]:
    """The first quote and its log odds, by a reader that knows some texts ("=" before them) and endings of texts."""

    def read(asked: str, text: str) -> float:
        if (exactly := reads.get((asked, f"={text}"))) is not None:
            return exactly
        told = [odds for (words, end), odds in reads.items() if words == asked and text.rstrip().endswith(end)]
        return told[0] if told else -5.0

    embedder: Any = SimpleNamespace(reader=SimpleNamespace(read=read))
    quotes, odds = quoted(embedder, question, analyse(question), ranked, timed=timed)
    return quotes[0].text, odds


def test_what_stands_beneath_a_title_that_answers_does_not_go_first() -> None:
    """The article answers, and its best sentence is quoted; a sentence that adds to the title goes first."""
    asked, calm = "did the central bank cut rates?", "Trade in the port was calm."
    told = article(1, "Central bank lowers its rate", CUT, calm, EXPECTED, scores=(9.0, 1.0, 6.0))
    beneath = {(asked, CUT): -1.1, (asked, EXPECTED): 1.5, (asked, calm): 1.4, (asked, "lowers its rate."): 1.4}
    beneath |= {(asked, f"={EXPECTED}"): -2.0}
    assert first(asked, told, reads=beneath) == (CUT, 1.5)
    assert first(asked, told, reads=beneath | {(asked, f"={EXPECTED}"): -0.9}) == (EXPECTED, 1.5)
    adds = beneath | {(asked, calm): 0.9, (asked, "lowers its rate."): 0.9}
    assert first(asked, told, reads=adds) == (EXPECTED, 1.5)
    alone = article(1, "", CUT, calm, EXPECTED, scores=(9.0, 1.0, 6.0))
    assert first(asked, alone, reads=beneath | {(asked, ""): 9.0, (asked, f"={EXPECTED}"): 1.5}) == (EXPECTED, 1.5)


def timed(words: str, *days: str) -> Timed:
    """The time of a question, by the days that are of it."""

    def within(passage: StoredPassage) -> bool:
        return passage.published in days

    def unsaid(passage: StoredPassage, quote: str) -> bool:
        return within(passage) and "August" not in quote

    def told_by(passage: StoredPassage, quote: str) -> bool:
        return within(passage) or "August" in quote

    return Timed(words, within, unsaid, told_by)


ASKED, BARE = "who resigned in August?", "who resigned?"
SOLLAS = "Henrik Sollas resigned as mayor of Marrow on Tuesday after an audit of his office."
REUEL = "Economy minister Tomas Reuel resigned on Thursday."
THEN = article(2, "", SOLLAS, published="2026-08-04")
LATER = article(1, "", REUEL, published="2026-11-26")


def test_of_an_article_of_its_time_the_question_is_asked_without_it() -> None:
    """The article does not name its own month, and seems to be of another."""
    reads = {(ASKED, SOLLAS): -2.1, (BARE, SOLLAS): 2.0}
    assert first(ASKED, THEN, reads=reads, timed=timed(BARE, "2026-08-04")) == (SOLLAS, 2.0)
    assert first(ASKED, THEN, reads=reads, timed=timed(BARE)) == (SOLLAS, -2.1)
    assert first(ASKED, THEN, reads=reads) == (SOLLAS, -2.1)


def test_an_article_of_the_time_goes_before_a_later_one() -> None:
    """Where it reads as an answer or about as well, and the later one does not tell of that time."""
    reads = {(ASKED, REUEL): 0.1, (BARE, REUEL): 2.0, (BARE, SOLLAS): 0.0}
    there = timed(BARE, "2026-08-04")
    assert first(ASKED, LATER, THEN, reads=reads, timed=there) == (SOLLAS, 0.0)
    assert first(ASKED, LATER, THEN, reads=reads | {(BARE, SOLLAS): -0.1}, timed=there) == (REUEL, 0.1)
    doubted = {(ASKED, REUEL): 0.1, (BARE, REUEL): -0.4, (BARE, SOLLAS): -0.9}
    assert first(ASKED, LATER, THEN, reads=doubted, timed=there) == (SOLLAS, -0.9)
    looking_back = "Ada Renn, who resigned in August, wrote a book about it."
    told = article(1, "", looking_back, published="2026-11-26")
    told_reads = {(ASKED, looking_back): 1.0, (BARE, looking_back): 1.0, (BARE, SOLLAS): 1.5}
    assert first(ASKED, told, THEN, reads=told_reads, timed=there) == (looking_back, 1.0)


def test_what_shares_no_word_has_to_read_as_an_answer_to_go_before() -> None:
    """Of two sentences that hardly answer, one on something else of the right time is no better."""
    fair = "Henrik Sollas opened the August fair of Marrow on Tuesday after a night of rain."
    then, there = article(2, "", fair, published="2026-08-04"), timed(BARE, "2026-08-04")
    reads = {(ASKED, REUEL): 0.1, (BARE, REUEL): -0.9, (BARE, fair): -0.9}
    assert first(ASKED, LATER, then, reads=reads, timed=there) == (REUEL, 0.1)
    assert first(ASKED, LATER, then, reads=reads | {(BARE, fair): 0.0}, timed=there) == (fair, 0.0)
