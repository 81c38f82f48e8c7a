"""From ranked passages to quotes: the sentence or two that answer, by offsets exact to the character."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.question import STOPWORDS, Expected, Question, tokens
from index.ranking import Ranked
from index.records import Quote

MAX_WORDS = 60

PASSAGES = 8
"""Passages whose sentences may be quoted; more added nothing on the tune splits."""

SECOND = (3.0, 1.5, 1.5)
"""How far below its neighbour's score a sentence may stay and still be quoted with it, for the first quote and the
others; docs/quality.md has the table of answers caught against words shown."""

_ALIKE = 0.6
"""Share of content words in common from which two quotes say the same."""

_POINTING = re.compile(
    r"[\"“”'‘’(]*(?:he|she|it|they|him|his|her|hers|their|its|this|that|these|those|such|both|the (?:two|pair|latter|"
    r"former|move|decision|incident|deal|group|company|region|country|man|woman))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:—–]\s+|\s[—–-]\s|\s(?=(?:because|after|since|as|while|but|due to|citing|amid)\s)")


@dataclass(frozen=True, slots=True)
class _Choice:
    ranked: Ranked
    first: int
    last: int
    best: int


def quotes(
    question: Question,
    ranked: Sequence[Ranked],
    *,
    limit: int = 3,
    max_words: Mapping[str, int] | None = None,
) -> list[Quote]:
    """At most ``limit`` quotes, best first, no two that overlap or say the same.

    A quote is the sentence that scores best, with the better one beside it where that comes close.

    Args:
        ranked: the passages that may be quoted, as `index.ranking.rank` gave them (copies of a story already folded).
        max_words: for sources that allow less than 60 words a quote, the most words, by the source's name.
    """
    pool = [
        (score, place, sentence)
        for place, each in enumerate(ranked[:PASSAGES])
        for sentence, score in enumerate(each.scores)
    ]
    found: list[Quote] = []
    taken: set[tuple[int, int]] = set()
    said: list[set[str]] = []
    for _, place, sentence in sorted(pool, key=lambda each: (-each[0], each[1], each[2])):
        if len(found) == limit:
            break
        if (place, sentence) in taken:
            continue
        each = ranked[place]
        passage = each.candidate.passage
        words = min((max_words or {}).get(passage.source, MAX_WORDS), MAX_WORDS, passage.max_words)
        room = SECOND[min(len(found), len(SECOND) - 1)]
        free = [(place, other) not in taken for other in range(len(each.scores))]
        choice = _choice(each, sentence, free, room, words)
        quote = _quote(question, choice, words)
        if passage.max_chars is not None and len(quote.text) + len(quote.context) > passage.max_chars:
            continue
        content = {term for term, start, end in tokens(quote.text) if quote.text[start:end].lower() not in STOPWORDS}
        if not content or any(len(content & other) >= _ALIKE * min(len(content), len(other)) for other in said):
            continue
        found.append(quote)
        said.append(content)
        taken.update((place, other) for other in range(choice.first, choice.last + 1))
    return found


def _text(ranked: Ranked, start: int, end: int) -> str:
    passage = ranked.candidate.passage
    return passage.text[start - passage.start : end - passage.start]


def _choice(ranked: Ranked, best: int, free: Sequence[bool], room: float, words: int) -> _Choice:
    """The sentence, alone or with the better of the two beside it."""
    spans, scores = ranked.candidate.sentences, ranked.scores
    beside = []
    for other in (best - 1, best + 1):
        if not 0 <= other < len(spans) or not free[other] or scores[other] <= scores[best] - room:
            continue
        first, last = min(best, other), max(best, other)
        # Nothing but space may lie between: a heading does not belong into a quote.
        if _text(ranked, spans[first][1], spans[last][0]).strip():
            continue
        if len(_text(ranked, spans[first][0], spans[last][1]).split()) <= words:
            beside.append((scores[other], first, last))
    if not beside:
        return _Choice(ranked, best, best, best)
    _, first, last = max(beside)
    return _Choice(ranked, first, last, best)


def _quote(question: Question, choice: _Choice, words: int) -> Quote:
    ranked, spans = choice.ranked, choice.ranked.candidate.sentences
    start, end = spans[choice.first][0], spans[choice.last][1]
    if len(_text(ranked, start, end).split()) > words:
        start, end = _shortened(question, ranked, start, end, words)
    text = _text(ranked, start, end)
    emphasis = spans[choice.best] if choice.first < choice.last else _clause(question, ranked, start, end)
    context = ""
    if choice.first > 0 and _POINTING.match(text):
        context = _text(ranked, *spans[choice.first - 1])
    return Quote(
        ranked.hit,
        ranked.candidate.passage.revision,
        start,
        end,
        text,
        ranked.scores[choice.best],
        emphasis,
        context,
    )


def _clauses(ranked: Ranked, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a sentence, offsets like the sentence's own; parts of fewer than three words join the one before."""
    text = _text(ranked, start, end)
    parts: list[tuple[int, int]] = []
    begin = 0
    for stop, after in [*((match.start(), match.end()) for match in _CLAUSE.finditer(text)), (len(text), len(text))]:
        if parts and len(text[begin:stop].split()) < 3:
            parts[-1] = (parts[-1][0], start + stop)
        else:
            parts.append((start + begin, start + stop))
        begin = after
    return parts


def _worth(question: Question, ranked: Ranked, start: int, end: int) -> tuple[int, int]:
    """The question's words in a span, and content words it adds."""
    asked = {term.stem for term in question.terms}
    text = _text(ranked, start, end)
    content = {term for term, a, b in tokens(text) if text[a:b].lower() not in STOPWORDS}
    return len(content & asked), len(content - asked)


def _shortened(question: Question, ranked: Ranked, start: int, end: int, words: int) -> tuple[int, int]:
    """The run of clauses of a sentence too long to quote that fits and says most about the question."""
    parts = _clauses(ranked, start, end)
    runs = [
        (a, b)
        for place, (a, _) in enumerate(parts)
        for _, b in parts[place:]
        if len(_text(ranked, a, b).split()) <= words
    ]
    if runs:
        return max(runs, key=lambda run: (*_worth(question, ranked, *run), -run[0]))
    bounds = [match.end() for match in re.finditer(r"\S+", _text(ranked, start, end))]
    return start, start + bounds[words - 1]


def _clause(question: Question, ranked: Ranked, start: int, end: int) -> tuple[int, int] | None:
    """The clause of a lone sentence that carries the answer: the one that adds most; None where it has only one."""
    parts = _clauses(ranked, start, end)
    if len(parts) < 2:
        return None
    cue = r"\b(?:because|due to|after|citing|amid|since|over|to)\b" if question.expected is Expected.REASON else r"$^"
    return max(
        parts,
        key=lambda part: (
            bool(re.search(cue, _text(ranked, *part))),
            _worth(question, ranked, *part)[1],
            -part[0],
        ),
    )
