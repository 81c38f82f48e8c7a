"""Articles of the time that is asked about, now or then, before others that put it more in the question's words.

Also what an event came to: its dead, hurt and missing are counted again as the story goes on, and the first report is
the one that has the question's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from corpus.records import StoredPassage, instant
from index.evidence import Evidence, figures
from index.holders import names_somebody
from index.question import Expected, Question, tokens
from index.ranking import Ranked
from index.reading import CALENDAR
from index.records import Quote
from index.when import FADING

ALIKE = 0.5
"""Log odds by which the newest of several may read worse than the best; docs/quality.md has the table, "Time"."""

ARTICLES = 2
"""Such articles that are read at most, those with the best sentences: each takes as long as the first quote."""

JUMP = 5.0
"""How many times the old figure a new one may be, or a part of it: prices and populations do not jump farther, and
what does is a figure of something else."""

_AMOUNT = re.compile(
    r"\b(?:costs?|prices?|rates?|wages?|salary|fees?|tax|levy|fare|record|population|"
    r"how\s+(?:much|many|high|big|large|long|far|old|tall)|wie\s*(?:viele?|hoch|groß|lange?|weit|alt)|kostet|preis|lohn)\b",
    re.IGNORECASE,
)
"""Asked for what a figure answers."""

_HOW_MANY = re.compile(
    r"\bhow\s+many\b|\b(?:death\s+)?toll\b|\bnumber\s+of\b|\bwie\s*viele\b|\bzahl\s+der\b", re.IGNORECASE
)
_TOLLS = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"die[ds]?|dying|dead|deaths?|kill(?:s|ed)?|toll|lives|fatalities|victims|tot|toten?|todesopfern?|starben|"
        r"gestorben|getötet|umgekommen|ums\sleben",
        r"hurt|injur(?:ed|ies)|wounded|verletzte?n?",
        r"missing|unaccounted|vermisst(?:en?)?",
    )
)


def toll(question: str) -> re.Pattern[str] | None:
    """What words tell the count that a question asks for, where it is one of people an event befell; else None."""
    if _HOW_MANY.search(question) is None:
        return None
    return next((words for words in _TOLLS if words.search(question)), None)


def newest(
    question: Question,
    ranked: Sequence[Ranked],
    first: Quote,
    log_odds: Callable[[Quote], float],
    least: float,
    max_words: Mapping[str, int] | None = None,
) -> tuple[Quote, float] | None:
    """The quote of the newest article that answers, published after that of the first quote; None where none does.

    Only of articles that have all the question's names, because what the reader says of a sentence about another town
    is worth little; a person has to be named where one is asked for, and a figure like the first quote's where that has
    one and an amount is asked for. For a `toll` only articles of a later day on the same course of events, with a
    figure that is no lower unless it is of the missing. Somebody who was told of within `FADING` before holds on,
    unless the newer article reads about as well: few offices change hands in a month, and another person is named
    every week.

    Args:
        log_odds: how a quote reads as an answer.
        least: the log odds from which one is taken to answer.

    Returns:
        The quote and its log odds.
    """
    passages = {each.hit.passage: each.candidate.passage for each in ranked}
    before = instant(passages[first.hit.passage].published)
    if before is None:
        return None
    of_toll, storyline = toll(question.text) is not None, passages[first.hit.passage].storyline

    def later(passage: StoredPassage) -> bool:
        published = instant(passage.published)
        if published is None or published <= before:
            return False
        # On one day outlets differ, on the next there is news.
        return not of_toll or (passage.storyline == storyline and published.date() > before.date())

    def when(quote: Quote) -> datetime:
        return instant(passages[quote.hit.passage].published) or before

    read = _read(question, ranked, first, log_odds, later, max_words, rising=True)
    if question.expected is Expected.PERSON and any(when(quote) - before < FADING for quote, _ in read):
        lasting = log_odds(first) - ALIKE
        read = [each for each in read if each[1] >= lasting or when(each[0]) - before >= FADING]
    least = max([least, *(odds - ALIKE for _, odds in read)])
    return max(
        (each for each in read if each[1] >= least),
        key=lambda each: (when(each[0]), each[1]),
        default=None,
    )


def of_the_time(
    question: Question,
    ranked: Sequence[Ranked],
    first: Quote,
    log_odds: Callable[[Quote], float],
    least: float,
    within: Callable[[StoredPassage], bool],
    max_words: Mapping[str, int] | None = None,
    aside: frozenset[str] = frozenset(),
) -> tuple[Quote, float] | None:
    """The quote of an article of the time asked about that reads as an answer, or about as well as the first quote,
    which is not of that time; None where none does.

    A later article on another event of the same kind often has more of the question's words. What is asked of an
    article is as in `newest`; what hardly reads as an answer has to share a word with the question besides.

    Args:
        log_odds: how a quote reads as an answer to the question without its time.
        within: whether a passage is of that time.
        aside: stems of the time's own words, whose names an article need not have.
    """
    read = _read(question, ranked, first, log_odds, within, max_words, aside=aside)
    if not read:
        return None
    least = max(least, min(log_odds(first) - ALIKE, 0.0))
    asked = {term.stem for term in question.terms} - CALENDAR
    return next(
        (
            (quote, odds)
            for quote, odds in read
            if odds >= least and (odds >= 0 or any(term in asked for term, _, _ in tokens(quote.text)))
        ),
        None,
    )


def _read(
    question: Question,
    ranked: Sequence[Ranked],
    first: Quote,
    log_odds: Callable[[Quote], float],
    wanted: Callable[[StoredPassage], bool],
    max_words: Mapping[str, int] | None,
    *,
    rising: bool = False,
    aside: frozenset[str] = frozenset(),
) -> list[tuple[Quote, float]]:
    """The best quotes of articles that are wanted and may go before the first quote, with their log odds.

    ``rising``: they are on the events of the first, so that a toll is no lower.
    """
    names = _names(question, ranked) - aside
    articles: dict[int, list[Ranked]] = {}
    for each in ranked:
        if wanted(each.candidate.passage):
            articles.setdefault(each.hit.article, []).append(each)
    quotes = [
        quote
        for own in articles.values()
        if names <= _terms(own)
        for quote in Evidence(question, own, max_words).may_answer(1)
        if _could_renew(question, first.text, quote.text, own[0].candidate.passage.source, rising=rising)
    ]
    return [(quote, log_odds(quote)) for quote in sorted(quotes, key=lambda quote: -quote.score)[:ARTICLES]]


def _could_renew(question: Question, old: str, new: str, source: str, *, rising: bool) -> bool:
    if told := toll(question.text):
        falls = not rising or told is _TOLLS[-1]  # who is missing may be found
        least = 0.0 if falls else min((value for value, _ in figures(old)), default=0.0)
        return told.search(new) is not None and any(value >= least for value, _ in figures(new))
    if question.expected is Expected.PERSON:
        return names_somebody(question, new, source)
    if question.expected is not Expected.NUMBER and not _AMOUNT.search(question.text):
        return True
    before = figures(old)
    return not before or any(
        unit == other and value and 1 / JUMP <= count / value <= JUMP
        for value, unit in before
        for count, other in figures(new)
    )


def _terms(article: Sequence[Ranked]) -> set[str]:
    texts = (f"{each.candidate.passage.title}\n{each.candidate.passage.text}" for each in article)
    return {term for text in texts for term, _, _ in tokens(text)}


def _names(question: Question, ranked: Sequence[Ranked]) -> set[str]:
    """The question's names: those that it writes with a capital letter, and those that articles do; no time."""
    wanted = {term.stem for term in question.terms}
    capital: set[str] = set()
    small: set[str] = set()
    for each in ranked:
        text, first = each.candidate.passage.text, each.candidate.passage.start
        begins = {start - first for start, _ in each.candidate.sentences}
        for term, start, _ in tokens(text):
            if term in wanted and text[start].isalpha():
                if not text[start].isupper():
                    small.add(term)
                elif start not in begins:
                    capital.add(term)
    return ({term.stem for term in question.terms if term.name} | (capital - small)) - CALENDAR
