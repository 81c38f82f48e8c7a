"""Questions grouped by what they are about, by the words they share; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.question import STOPWORDS, stem

LEAST = 2
"""Questions that make a group."""
CLOSE = 0.6
"""Share of a group's questions that have a second word, for it to name the group too."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_GERMAN = frozenset(
    "aber alle als also auch auf aus bei bin bis bist bitte da das dass dein dem den denn der des dich die dies diese"
    " dieser dieses dir doch du durch ein eine einem einen einer eines er es etwas für gab gegen geht gibt hat hatte"
    " haben habe hier ich ihm ihn ihr im in ist ja jetzt kam kann kein keine kommt man mehr mein mit muss nach nicht"
    " noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so soll über um und uns unter viel viele vom"
    " von vor wann war waren warum was weil welche welcher welches wem wen wenn wer werden weshalb wie wieder wieso"
    " wieviel wird wo woher wohin wurde wurden zu zum zur zwischen".split()
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions about one thing.

    Attributes:
        words: what they share, one or two words as the first question writes them; empty for all the others.
        questions: as they were given.
    """

    words: tuple[str, ...]
    questions: tuple[str, ...]


def grouped(questions: Sequence[str], most: int) -> list[Topic]:
    """At most ``most`` groups, the largest first, and then those that share a word with no other.

    The word in the most questions makes the first group, the word in the most of the rest the next, and so on; of words
    in as many the longer one, which says more.
    """
    rest = [(question, _terms(question)) for question in questions]
    topics: list[Topic] = []
    while rest and len(topics) < most:
        counts = Counter(term for _, terms in rest for term in terms)
        if not counts:
            break
        word = min(counts, key=lambda term: (-counts[term], -len(term), term))
        if counts[word] < LEAST:
            break
        inside = [(question, terms) for question, terms in rest if word in terms]
        beside = Counter(term for _, terms in inside for term in terms if term != word)
        second = [term for term, count in beside.items() if count >= max(LEAST, CLOSE * len(inside))]
        names = [word, *sorted(second, key=lambda term: (-beside[term], -len(term), term))[:1]]
        words = sorted((_first(name, inside) for name in names), key=lambda each: each[0])
        topics.append(Topic(tuple(each for _, each in words), tuple(question for question, _ in inside)))
        rest = [each for each in rest if word not in each[1]]
    if rest:
        topics.append(Topic((), tuple(question for question, _ in rest)))
    return topics


def _terms(question: str) -> dict[str, str]:
    """The telling words of a question, by stem, as written."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(question):
        word = match[0]
        small = word.casefold().replace("’", "'").removesuffix("'s")
        if len(small) > 2 and small not in STOPWORDS and small not in _GERMAN and not small.isdigit():
            found.setdefault(stem(small), word)
    return found


def _first(term: str, inside: Sequence[tuple[str, dict[str, str]]]) -> tuple[int, str]:
    """Where the first question of the group has a word, and how it writes it."""
    question, terms = next(each for each in inside if term in each[1])
    return question.find(terms[term]), terms[term]
