"""Questions that nothing answers, made of the sets by asking them elsewhere, for `calibrate.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from question_sets import Corpus, Search, ask

from bot.evaluation import Asked
from index.embedder import Embedder

REFUSED_SETS = ("trick_questions", "near_misses", "other_years", "strangers", "left_out")
"""Sets with questions that have no answer; the last three are made here, see `made`."""
SMALL_SETS = ("one_trick", "one_why", "one_stranger", "one_left_out")
"""Questions asked of a corpus of one article, made here, see `small`: how a community begins."""

Set = tuple[Corpus, list[Asked]]
"""A set as `question_sets.load_set` gives it."""


def made(sets: Mapping[str, Set], embedder: Embedder) -> Iterator[tuple[str, Iterable[Search]]]:
    """Questions of one year to the paragraphs of the next, of one set to another's articles, and with and without what
    answers them.
    """
    corpus, asked = sets["news_paragraphs"]
    recent = frozenset(gold for each in asked if each.asked.startswith("2023") for gold in each.gold)
    yield "other_years", ask(embedder, corpus.only(recent), asked)
    trick, tricky = sets["trick_questions"]
    yield (
        "strangers",
        chain(ask(embedder, sets["why_newswire"][0], tricky[::3]), ask(embedder, trick, asked[::9])),
    )
    answered = [each for each in tricky if each.gold]
    every = frozenset(trick.articles)
    without = (search for each in answered for search in ask(embedder, trick.only(every - each.gold), [each]))
    yield "left_out", chain(without, ask(embedder, trick, answered))


def small(
    sets: Mapping[str, Set], searches: Sequence[Search], embedder: Embedder
) -> Iterator[tuple[str, Iterable[Search]]]:
    """Trick questions of their own article, or of the best found where nothing answers, and of the best but their own;
    others of their own and of a strange one.
    """
    corpus, asked = sets["trick_questions"]
    names = {passage.article: name for passage, name in zip(corpus.passages, corpus.articles, strict=True)}
    best = [list(dict.fromkeys(names[each.hit.article] for each in search.ranked("late"))) for search in searches]

    def alone(corpus: Corpus, asked: Iterable[tuple[Asked, str]]) -> Iterator[Search]:
        return (search for each, name in asked for search in ask(embedder, corpus.only(frozenset({name})), [each]))

    yield (
        "one_trick",
        alone(corpus, ((each, min(each.gold, default=found[0])) for each, found in zip(asked, best, strict=True))),
    )
    why, reasons = sets["why_newswire"]
    yield "one_why", alone(why, ((each, min(each.gold)) for each in reasons[::2] if each.gold))
    strange = sets["news_paragraphs"][1][::5]
    articles = sorted(set(corpus.articles))
    yield "one_stranger", alone(corpus, ((each, articles[n % len(articles)]) for n, each in enumerate(strange)))
    yield (
        "one_left_out",
        alone(
            corpus,
            (
                (each, next(name for name in found if name not in each.gold))
                for each, found in zip(asked, best, strict=True)
                if each.gold and not each.gold.issuperset(found)
            ),
        ),
    )
