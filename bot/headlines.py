"""Questions for the news and nothing else, "what's new?", "what happened today?": which articles they ask for.

They name no subject that a search could find. The newest articles of the time asked about open in their own words what
they tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.records import Place
from corpus.records import StoredPassage
from index.clauses import dateline
from index.published import UNDATED, Published
from index.rows import sentence_spans
from index.when import SLACK, When, of_its_time, without

MOST = 3
"""Articles that a reply quotes: as many as of any question."""
BRIEF = 9
"""Words up to which an opening sentence comes with the one behind it: "It is over." tells nobody what is."""
_LOOKED_AT = 60
"""Newest articles among which those of different events are chosen."""


def wanted(text: str, when: When) -> str | None:
    """Whether a question asks for the news and nothing else: the outlet that it names, in the member's letters, empty
    where it names none; None for every other question."""
    if when.events or when.unresolved:
        return None
    plain = without(text, when.words)
    match = _NEWS.fullmatch(plain) or _NACHRICHTEN.fullmatch(plain)
    return None if match is None else (match["source"] or "").strip()


def source_named(words: str, names: Collection[str]) -> str | None:
    """The source of that name, the article before it and capital letters aside; None where there is none."""
    plain = _ARTICLE.sub("", words).casefold()
    return next((name for name in names if _ARTICLE.sub("", name).casefold() == plain), None)


def newest(
    published: Published,
    mask: NDArray[np.bool_] | None,
    when: When,
    now: datetime,
    passages_of: Callable[[int], list[StoredPassage]],
) -> list[Place]:
    """Where the newest articles of the time asked about open, one for each course of events, the newest first.

    What is dated later than the moment of asking is left out, and so is what has no date.

    Args:
        mask: rows of the index that the question's filters let through; None for all.
        passages_of: an article's quotable passages, in reading order.
    """
    known = (published.published != UNDATED) & (published.published <= int((now + SLACK).timestamp()))
    rows = np.flatnonzero(known if mask is None else known & mask)
    articles, firsts = np.unique(published.articles[rows], return_index=True)
    moments = published.published[rows[firsts]]
    order = np.lexsort((-articles, -moments)).tolist()
    dated = [(int(articles[at]), datetime.fromtimestamp(int(moments[at]), now.tzinfo or UTC)) for at in order]
    if (about := when.about) is not None:
        # The zone of neither is known, but where something is of that time by the asker's clock, that is what is meant.
        inside = [(article, date) for article, date in dated if about.contains(date)]
        dated = inside or [(article, date) for article, date in dated if of_its_time(date, when)]
    found: list[Place] = []
    told: set[int] = set()
    for article, _ in dated[:_LOOKED_AT]:
        passages = passages_of(article)
        place = _opening(passages)
        if place is not None and passages[0].storyline not in told:
            told.add(passages[0].storyline)
            found.append(place)
        if len(found) == MOST:
            break
    return found


def _opening(passages: list[StoredPassage]) -> Place | None:
    """The first sentence of an article that its source lets us quote, with the next where it is `BRIEF`."""
    for passage in passages:
        spans = sentence_spans(passage)
        both = [(start, end) for (start, _), (_, end) in pairwise(spans)]
        for at, (start, end) in enumerate(spans):
            brief = len(passage.text[start:end].split()) <= BRIEF
            for begin, stop in [both[at], (start, end)] if brief and at < len(both) else [(start, end)]:
                begin += dateline(passage.text[begin:stop])
                words = passage.text[begin:stop]
                if len(words.split()) <= passage.max_words and len(words) <= (passage.max_chars or len(words)):
                    return Place(
                        passage.article, passage.revision, passage.id, passage.start + begin, passage.start + stop
                    )
    return None


_ARTICLE = re.compile(r"^(?:the|der|die|das|dem|den)\s+", re.IGNORECASE)
_FROM = r"(?:\s+(?:from|in|by)\s+(?P<source>(?:the\s+)?[^\s?!.,;]+(?:\s+[^\s?!.,;]+){0,4}))?"
_KIND = r"(?:(?:latest|newest|top|recent|new|current|breaking|main|big)\s+)*"
_NEWS = re.compile(
    r"\W*(?:(?:so|and|ok|okay|hey|hi|please)\W+)*(?:"
    r"(?:what(?:['’]?s|\s+is|\s+are|\s+was|\s+were)\s+|any\s+|give\s+me\s+|show\s+me\s+|tell\s+me\s+|read\s+me\s+|got\s+(?:any\s+)?|"
    r"(?:are|is)\s+there\s+any\s+)?(?:the\s+|some\s+|all\s+)?"
    rf"(?:{_KIND}(?:news|headlines?|stories|top\s+stor(?:y|ies)|updates?)|latest|newest)(?:\s+(?:update|articles?))?"
    r"|what(?:['’]?s|\s+is|\s+was)\s+(?:new|going\s+on|happening|up|in\s+the\s+news|the\s+news)"
    r"|what\s+(?:has\s+|have\s+|'s\s+)?(?:happened|been\s+happening|did\s+i\s+miss|have\s+i\s+missed)(?:\s+in\s+the\s+(?:world|news))?"
    r"|anything\s+(?:new|happen(?:ing|ed)?)|catch\s+me\s+up"
    rf"){_FROM}(?:\s+(?:right\s+now|now|lately|recently|so\s+far|please))?\s*(?:(?:on|in|from|of|for|since)\s*)?\W*",
    re.IGNORECASE,
)
_NACHRICHTEN = re.compile(
    r"\W*(?:(?:so|und|ok|okay|hey|hallo|bitte)\W+)*(?:"
    r"(?:(?:was\s+(?:sind|gibt['’]?s|gibt\s+es)|gibt['’]?s|gibt\s+es|zeig\s+mir|gib\s+mir)\s+)?(?:denn\s+)?(?:(?:die|das|etwas|was|irgendwas)\s+)*"
    r"(?:neues|(?:neueste[ns]?|aktuelle[ns]?|letzten?|wichtigste[ns]?)?\s*(?:nachrichten|neuigkeiten|meldungen|schlagzeilen)|das\s+neueste|aktuelles)"
    r"|was\s+(?:ist|war)\s+(?:denn\s+)?(?:los|neu|passiert|geschehen)|was\s+(?:geschah|passierte)|habe?\s+ich\s+was\s+verpasst|was\s+habe?\s+ich\s+verpasst"
    r")(?:\s+(?:aus|von|vom|bei)\s+(?P<source>(?:der|dem|den)?\s*[^\s?!.,;]+(?:\s+[^\s?!.,;]+){0,4}))?\s*(?:(?:am|im|von|vom|in|seit)\s*)?\W*",
    re.IGNORECASE,
)
