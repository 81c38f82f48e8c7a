"""From a chosen sentence to the quote: what joins it, how it is cut, which part is bold, what stands before it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import clauses, reading
from index.measures import asked_for
from index.pointing import points_back
from index.question import STOPWORDS, Expected, Question, tokens
from index.ranking import Ranked
from index.records import Quote

MAX_WORDS = 60

_WHY = re.compile(r"\b(?:warum|weshalb|wieso|aus welchem grund)\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|caused by|cause (?:was|is)|reasons? (?:was|is|were|are|for)|so that|"
    r"in order to|weil|wegen|aufgrund|auf Grund|Grund (?:war|ist|sei|dafür)|Ursache|um (?=[^.]* zu ))\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\b(?:after|citing|amid|since|nachdem|infolge|denn|da)\b", re.IGNORECASE)
"""What stands before reasons, and before times and circumstances as often."""
_CLAUSE = re.compile(r"[,;:—–]\s+|\s[—–-]\s|(?<!\bever)\s(?=(?:because|after|since|as|while|but|due to|citing|amid)\s)")
_BESIDE = re.compile(
    r"(?:among|including|such as|especially|notably|namely|darunter|einschließlich|insbesondere|vor allem)\b",
    re.IGNORECASE,
)
"""What opens a clause whose subject is not that of the clauses behind it."""
_MARKS = "?？!"
_CLOSING = "\"“”„»«’‘')]*_ \t\n\u00a0\u2009\u202f"

_TOLD_QUESTION = re.compile(
    r"\b(?:asks?|asked|wonders?|wondered|(?:wants?|wanted) to know|questions? (?:is|was|remains?|remained|are|were))"
    r"(?:\s[\w’'-]+){0,3}?\s(?:why|how|whether|who|whom|what|when|where|which)\b[^,;:—–]{0,300}$"
    r"|\b(?:fragte[nt]?|fragt|(?:will|wollte[nt]?) wissen|Frage (?:ist|war|bleibt)),\s"
    r"(?:warum|wieso|weshalb|wie|ob|wer|wem|wen|was|wann|wo|welche[nmrs]?)\b[^,;:—–]{0,300}$",
    re.IGNORECASE,
)
"""Ends the sentence: "Asked why, he said ..." goes on with what was answered."""

_UNNAMED = re.compile(r"\b(?:it|him|her|them)\b")
_BRIEF, _CONTEXT_WORDS = 10, 30
"""A sentence before the quote that points back itself, in so few words, comes with the one before it where both have so
many at most: no more to read on a phone than one sentence of news. Of contexts, 1 or 2 in 100 become two."""

_LIKELY = 0.5
"""From here on a sentence could well be the kind of answer that is asked for; docs/quality.md has what it is worth."""


class Run:
    """Passages of one revision that follow each other without a gap, read as one text.

    A sentence that asks answers nothing, however many of the question's words it has: unless ``asking``, its score goes
    to the sentence behind it, as far as nothing stands between, and its own is minus infinity.
    """

    __slots__ = ("owners", "scores", "spans", "start", "text", "vectors")

    def __init__(self, tiles: Sequence[Ranked], *, asking: bool = False) -> None:
        self.start = tiles[0].candidate.passage.start
        self.text = "".join(each.candidate.passage.text for each in tiles)
        self.spans = [span for each in tiles for span in each.candidate.sentences]
        self.scores = [score for each in tiles for score in each.scores]
        self.owners = [each for each in tiles for _ in each.scores]
        self.vectors = [vector for each in tiles for vector in _vectors(each)]
        if not asking:
            self._pass_on()

    def _pass_on(self) -> None:
        held, end = -math.inf, self.start
        for at, (span, score) in enumerate(zip(self.spans, self.scores, strict=False)):
            if self.words(end, span[0]).strip():  # a heading between: what is behind it is of something else
                held = -math.inf
            asks = _asks(self.words(*span))
            held, self.scores[at] = (max(held, score), -math.inf) if asks else (-math.inf, max(held, score))
            end = span[1]

    def words(self, start: int, end: int) -> str:
        """The text between two offsets into the revision."""
        return self.text[start - self.start : end - self.start]


def _asks(sentence: str) -> bool:
    """Whether a sentence ends in a question mark, marks and closing quotes behind it aside, or in a question that it
    tells of: "The lawyer asked why she had not gone to the police."."""
    words = sentence.rstrip(_CLOSING)
    if not {"?", "？"}.isdisjoint(words[len(words.rstrip(_MARKS)) :]):
        return True
    return _TOLD_QUESTION.search(words) is not None


def _vectors(ranked: Ranked) -> Sequence[NDArray[np.float32] | None]:
    known = ranked.candidate.vectors
    return [None] * len(ranked.scores) if known is None else list(known)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Sentences ``first`` to ``last`` of a run, of which ``best`` answers."""

    run: Run
    first: int
    last: int
    best: int


def chosen(run: Run, best: int, free: Sequence[bool], room: float, words: int) -> Chosen:
    """The sentence, alone or with the better of the two beside it.

    Args:
        free: for each sentence of the run whether it may join.
        room: how far below the sentence's score its neighbour's may stay.
        words: the most that both may have.
    """
    spans, scores = run.spans, run.scores
    beside = []
    for other in (best - 1, best + 1):
        if not 0 <= other < len(spans) or not free[other] or scores[other] <= scores[best] - room:
            continue
        first, last = min(best, other), max(best, other)
        # Nothing but space may lie between: a heading does not belong into a quote.
        if run.words(spans[first][1], spans[last][0]).strip():
            continue
        if len(run.words(spans[first][0], spans[last][1]).split()) <= words:
            beside.append((scores[other], first, last))
    if not beside:
        return Chosen(run, best, best, best)
    _, first, last = max(beside)
    return Chosen(run, first, last, best)


def quote(question: Question, choice: Chosen, words: int) -> Quote:
    """The quote of these sentences, ``words`` words at most."""
    run, spans = choice.run, choice.run.spans
    owner = run.owners[choice.best]
    start, end = spans[choice.first][0], spans[choice.last][1]
    if len(run.words(start, end).split()) > words:
        start, end = _shortened(question, run, start, end, words)
    text = run.words(start, end)
    emphasis = _answering(question, choice) if choice.first < choice.last else _clause(question, run, start, end)
    if emphasis is not None:
        emphasis = (emphasis[0] + clauses.dateline(run.words(*emphasis)), emphasis[1])
    context = ""
    # An answer points back to the question that it stands behind.
    asked = choice.first > 0 and run.scores[choice.first - 1] == -math.inf
    if choice.first > 0 and (asked or points_back(run.words(start, min(end, spans[choice.first][1])))):
        context = " ".join(run.words(_context_start(run, choice.first - 1), spans[choice.first - 1][1]).split())
        # "Does the pact cover the border? / The region ..." points to the heading, not only to what stands above it.
        heading = run.owners[choice.first].candidate.passage.heading
        if heading and heading in run.words(spans[choice.first - 1][1], start):
            context = f"{context}\n{heading}"
    return Quote(
        owner.hit,
        owner.candidate.passage.revision,
        start,
        end,
        text,
        run.scores[choice.best],
        emphasis,
        context,
    )


def _context_start(run: Run, before: int) -> int:
    """Where the context begins: with the sentence before, or where that says next to nothing with the one before it."""
    start, end = run.spans[before]
    said = run.words(start, end)
    if before == 0 or len(said.split()) > _BRIEF or not (points_back(said) or _UNNAMED.search(said)):
        return start
    first, last = run.spans[before - 1]
    fits = len(run.words(first, end).split()) <= _CONTEXT_WORDS
    return first if fits and not run.words(last, start).strip() else start


def has_room(quote: Quote, words: int, chars: int | None) -> bool:
    """Whether source and page, where they allow less than others, allow the sentence before as well."""
    both = f"{quote.context} {quote.text}"
    return (words == MAX_WORDS or len(both.split()) <= words) and (chars is None or len(both) <= chars)


def _clauses(run: Run, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a sentence, offsets like the sentence's own; those of few words join the one before.

    So does what follows an opening word ("Upstream, three dams were built").
    """
    text = run.words(start, end)
    parts: list[tuple[int, int]] = []
    begin = 0
    for stop, after in [*((match.start(), match.end()) for match in _CLAUSE.finditer(text)), (len(text), len(text))]:
        opens = len(parts) == 1 and len(run.words(*parts[0]).split()) == 1
        if opens or (parts and len(text[begin:stop].split()) < clauses.FEW):
            parts[-1] = (parts[-1][0], start + stop)
        else:
            parts.append((start + begin, start + stop))
        begin = after
    return parts


def _worth(question: Question, run: Run, start: int, end: int) -> tuple[int, int]:
    """The question's words in a span, and content words it adds."""
    asked = {term.stem for term in question.terms}
    text = run.words(start, end)
    content = {term for term, a, b in tokens(text) if text[a:b].lower() not in STOPWORDS}
    return len(content & asked), len(content - asked)


def _shortened(question: Question, run: Run, start: int, end: int, words: int) -> tuple[int, int]:
    """The run of clauses of a sentence too long to quote that fits and says most about the question.

    Where the kind of answer can be told, it holds the clause that could best be it. Then it begins with the sentence
    where it can, else with that clause: what stands before and is no beginning would be taken for its subject.
    """
    parts = _clauses(run, start, end)
    runs = [
        (a, b) for place, (a, _) in enumerate(parts) for _, b in parts[place:] if len(run.words(a, b).split()) <= words
    ]
    if not runs:
        bounds = [match.end() for match in re.finditer(r"\S+", run.words(start, end))]
        return start, start + bounds[words - 1]
    kinds = [_kind(question, run.words(*part)) for part in parts]
    if kinds and max(kinds) > 0:
        best = max(
            (part for part in parts if len(run.words(*part).split()) <= words),
            key=lambda part: _fitness(question, run, part),
        )
        holding = [(a, b) for a, b in runs if a <= best[0] and best[1] <= b]
        return max(holding, key=lambda part: (_worth(question, run, *part)[0], part[0] == start, part[0], part[1]))

    def worth(part: tuple[int, int]) -> tuple[float, ...]:
        asked, added = _worth(question, run, *part)
        return asked, not _BESIDE.match(run.words(*part)), added, -part[0]

    return max(runs, key=worth)


def _answering(question: Question, choice: Chosen) -> tuple[int, int]:
    """The sentence of several that carries the answer: the best, unless another alone could be of the kind asked for.

    Not for times: nearly every sentence of news has one.
    """
    best = choice.run.spans[choice.best]
    spans = choice.run.spans[choice.first : choice.last + 1]
    about = [span for span in spans if clauses.is_about(question.text, choice.run.words(*span))]
    if about:
        return best if best in about else about[0]
    if question.expected is Expected.TIME or _kind(question, choice.run.words(*best)) >= _LIKELY:
        return best
    for span in spans:
        if _kind(question, choice.run.words(*span)) == 1:
            return span
    return best


def _clause(question: Question, run: Run, start: int, end: int) -> tuple[int, int] | None:
    """The clause of a lone sentence that carries the answer; None where it has only one.

    Where a reason is asked for, one that gives reasons. Where a time, number, person or place is, one that could hold
    that, and of several the one with most of the question's words; so it is for yes or no. Else the one that says most,
    docs/quality.md has how often the answer stands in it. Where it is asked who somebody is, the one with the name.
    """
    parts = _clauses(run, start + clauses.dateline(run.words(start, end)), end)
    if len(parts) < 2:
        return None
    about = [place for place, part in enumerate(parts) if clauses.is_about(question.text, run.words(*part))]
    if not about:
        if clauses.is_yes_or_no(question.text):
            parts = parts[clauses.telling([run.words(*part) for part in parts]) :]
        return max(parts, key=lambda part: _fitness(question, run, part))
    first = last = about[0]
    while last + 1 < len(parts) and clauses.describes(run.words(*parts[last + 1])):
        last += 1
    return (parts[first][0], parts[last][1]) if last - first + 1 < len(parts) else None


def _kind(question: Question, words: str) -> float:
    """How well words could hold the kind of answer; 0 where that cannot be told."""
    if question.expected is Expected.REASON or _WHY.search(question.text):
        return 1.0 if _REASON.search(words) else 0.5 * (_MAYBE.search(words) is not None)
    return reading.kind_of_answer(question, words)


def _fitness(question: Question, run: Run, part: tuple[int, int]) -> tuple[float, ...]:
    """What a clause is chosen by."""
    words = run.words(*part)
    asked, added = _worth(question, run, *part)
    kind = _kind(question, words)
    if question.expected is Expected.NUMBER and clauses.counts_the_whole(words):
        kind = 0.0
    open_ended = question.expected in (Expected.REASON, Expected.OTHER) and asked_for(question.text) is None
    open_ended = open_ended and not clauses.is_yes_or_no(question.text)
    worth = (asked + added,) if open_ended else (asked, added)
    return not _only_tells(question, words), kind, *worth, -part[0]


def _only_tells(question: Question, words: str) -> bool:
    """Whether a clause is no answer, because it only says who told it, or when, and nobody asked for that."""
    asked = question.expected is Expected.PERSON or clauses.asks_of_telling(question.text)
    return not asked and clauses.tells(words)
