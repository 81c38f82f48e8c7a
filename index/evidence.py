"""From ranked passages to quotes: the sentence or two that answer, by offsets exact to the character."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from corpus.canonical import words_of
from corpus.lexicon import NEGATORS
from corpus.number_words import UNITS
from corpus.records import ArticleKind, StoredPassage
from corpus.words import Kind
from index import cutting
from index.cutting import Chosen, Run
from index.question import Expected, Question, terms
from index.ranking import Ranked
from index.records import Quote

PASSAGES = 8
"""Passages whose sentences may be quoted; more added nothing on the tune splits."""

SECOND = (4.0, 0.25, 0.25)
"""How far below its neighbour's score a sentence may stay and still be quoted with it, for the first quote and the
others; docs/quality.md has the table of answers caught against words shown."""

CAUSE = 6.0
"""The same for the first quote of a question for reasons: cause and effect mostly stand in two sentences."""

BAR = 4.0
"""How far below the first quote's score another may stay. Of those below, about one in a hundred held an answer that no
quote before it had; docs/quality.md has the table."""

ABOUT = 0.5
"""Scores this close count as the same, when the next quote may come from another outlet. No set here names its outlets;
on the sample 1 is as good, 0 and 2 refuse or miss more, see docs/quality.md."""

_ALIKE = 0.6
"""Share of content words in common from which two quotes say the same; .5 to .8 differ by single questions, .4 loses
answers, see docs/quality.md."""

_SAME_MATTER = 0.3
"""Share of the shorter sentence's content words in common, two at least, from which another outlet's report of the same
events speaks of what the first quote says: as `corpus.agreement.ABOUT`. Over the sample's questions .2 to .4 choose
alike; docs/quality.md has the table."""

_TELLING, _COPIED = 6, 0.8
"""Content words from which two sentences can be told to be copies, and the share of the longer's that they share then:
wire copies differ by an outlet's name or a cut clause, and two reports of one event in an outlet's own words do not
come near it."""

NEAR = 0.55
"""Cosine of the first quote's sentence and one on other events from which the second adds something to it: from here on
it does more often than not; docs/quality.md has the table."""

SHORT = 9
"""Words from which a sentence adds something by itself more often than not; where words are not set apart by spaces,
nothing is short. docs/quality.md has the figures."""

_ASKING = re.compile(
    r"\b(?:ask|asks|asked|asking|questions?|fragen?|fragt|fragte[nt]?|gefragt)\b(?! for\b)", re.IGNORECASE
)


class Evidence:
    """The sentences of a search that may be quoted, and the quotes made of them.

    A quote is the sentence that scores best, with the better one beside it where that comes close; the two may stand
    in passages that follow each other. It belongs to the passage of its best sentence. No two overlap, and none scores
    less than the best by more than `BAR`. Two of one outlet never say the same. Another outlet's report of the same
    events that speaks of what the first quote says goes before what else was found, be it that it says the same or
    otherwise.
    """

    def __init__(
        self, question: Question, ranked: Sequence[Ranked], max_words: Mapping[str, int] | None = None
    ) -> None:
        """See `quotes`."""
        self._question = question
        self._max_words = max_words or {}
        self._runs = _runs(ranked, asking=_ASKING.search(question.text) is not None)
        self._pool = [
            _Place(score, order, sentence)
            for order, run in enumerate(self._runs)
            for sentence, score in enumerate(run.scores)
            if score > -math.inf
        ]
        self._pool.sort(key=lambda each: (-each.score, each.run, each.sentence))
        self._content: dict[_Place, set[str]] = {}

    def may_answer(self, limit: int = 3) -> list[Quote]:
        """At most ``limit`` quotes, the best first, of which each may be the one that answers."""
        return self._quotes(_Told(), limit, -math.inf)

    def beneath(
        self,
        first: Quote,
        best: float,
        limit: int = 3,
        tells: Callable[[StoredPassage, str], bool] | None = None,
    ) -> list[Quote]:
        """A quote, and what adds to it: at most ``limit`` in all.

        Of other events than those the first quote tells of, only what is `NEAR` to it adds something, and so little in
        `SHORT` sentences that they are left out, but for another outlet's report.

        Args:
            first: of one of the passages that may be quoted, as `may_answer` makes them.
            best: the highest score of those that may answer.
            tells: whether a quote of a passage tells of the time that is asked about: nothing else stands beneath one
                that does.
        """
        told = _Told()
        place, chosen = self._sentences(first)
        self._tell(told, first, place, chosen)
        if tells is not None and not tells(chosen.run.owners[place.sentence].candidate.passage, first.text):
            tells = None
        return self._quotes(told, limit, best - BAR, adding=True, tells=tells)

    def _quotes(
        self,
        told: _Told,
        limit: int,
        least: float,
        *,
        adding: bool = False,
        tells: Callable[[StoredPassage, str], bool] | None = None,
    ) -> list[Quote]:
        pool = list(self._pool)
        while pool and len(told.quotes) < limit:
            second = self._second(pool, told, least)
            place = second or self._next(pool, told)
            pool.remove(place)
            run, sentence = self._runs[place.run], place.sentence
            if place.score < least or (place.run, sentence) in told.taken:
                continue
            if adding and told.lead and not self._adds(told.lead, place):
                continue
            passage = run.owners[sentence].candidate.passage
            words = min(self._max_words.get(passage.source, cutting.MAX_WORDS), cutting.MAX_WORDS, passage.max_words)
            room = SECOND[min(len(told.quotes), len(SECOND) - 1)]
            if not told.quotes and self._question.expected is Expected.REASON:
                room = CAUSE
            free = [(place.run, other) not in told.taken for other in range(len(run.spans))]
            chosen = cutting.chosen(run, sentence, free, room, words)
            length = len(run.words(run.spans[chosen.first][0], run.spans[chosen.last][1]).split())
            if adding and second is None and 1 < length < SHORT:
                continue
            quote = cutting.quote(self._question, chosen, words)
            if passage.max_chars is not None and len(quote.text) > passage.max_chars:
                continue
            if quote.context and not cutting.has_room(quote, words, passage.max_chars):
                quote = replace(quote, context="")
            if tells is not None and not tells(passage, quote.text):
                continue
            # Another outlet that says the same is worth a quote; the same words twice are not.
            same = alike if second is None else copies
            said = _said(quote.text)
            if not said.words or any(
                not said.contradicts(other) and same(said.words, other.words) for other in told.said
            ):
                continue
            least = max(least, quote.score - BAR)
            self._tell(told, quote, place, chosen)
        return told.quotes

    def _sentences(self, quote: Quote) -> tuple[_Place, Chosen]:
        """The sentences that a quote is made of, and the best of them."""
        for order, run in enumerate(self._runs):
            if run.owners[0].candidate.passage.revision != quote.revision:
                continue
            inside = [at for at, (start, end) in enumerate(run.spans) if start < quote.end and quote.start < end]
            if inside:
                best = max(inside, key=lambda at: run.scores[at])
                return _Place(run.scores[best], order, best), Chosen(run, inside[0], inside[-1], best)
        raise LookupError(f"no sentence of {quote.text!r} may be quoted")

    def _tell(self, told: _Told, quote: Quote, place: _Place, chosen: Chosen) -> None:
        passage = chosen.run.owners[place.sentence].candidate.passage
        told.quotes.append(quote)
        told.said.append(_said(quote.text))
        told.outlets.add(passage.source)
        told.stories.add(passage.story)
        told.storylines.add(passage.storyline)
        told.taken.update((place.run, other) for other in range(chosen.first, chosen.last + 1))
        told.lead = told.lead or place

    def _adds(self, lead: _Place, place: _Place) -> bool:
        """Whether a sentence adds something to the first quote's; of unknown vectors nothing can be told."""
        first, other = self._passage(lead), self._passage(place)
        if first.article == other.article or first.storyline == other.storyline:
            return True
        vectors = [self._runs[each.run].vectors[each.sentence] for each in (lead, place)]
        known = [each for each in vectors if each is not None]
        return len(known) < len(vectors) or float(known[0] @ known[1]) >= NEAR

    def _second(self, pool: Sequence[_Place], told: _Told, least: float) -> _Place | None:
        """The best sentence of an outlet not yet quoted that speaks of what the first quote says; None for none."""
        if told.lead is None:
            return None
        lead, wanted = self._passage(told.lead), self._words(told.lead)
        for each in pool:
            if each.score < least:
                break
            passage = self._passage(each)
            if passage.source in told.outlets or passage.story in told.stories or passage.storyline != lead.storyline:
                continue
            if passage.kind not in (ArticleKind.NEWS, ArticleKind.LIVE):
                continue  # opinion, satire and what is paid for are no second report
            words = self._words(each)
            shared = len(words & wanted)
            if shared >= max(2.0, _SAME_MATTER * min(len(words), len(wanted))) and not copies(words, wanted):
                return each
        return None

    def _next(self, pool: Sequence[_Place], told: _Told) -> _Place:
        """The sentence to quote next: the best one, unless an outlet not yet quoted has one of about its score.

        Of several such, one on another course of events than those quoted goes first.
        """
        another: _Place | None = None
        for each in pool:
            if not told.outlets or each.score < pool[0].score - ABOUT:
                break
            passage = self._passage(each)
            if passage.source in told.outlets or passage.story in told.stories:
                continue
            if passage.storyline not in told.storylines:
                return each
            another = another or each
        return another or pool[0]

    def _passage(self, place: _Place) -> StoredPassage:
        return self._runs[place.run].owners[place.sentence].candidate.passage

    def _words(self, place: _Place) -> set[str]:
        """The content words of a sentence."""
        found = self._content.get(place)
        if found is None:
            run = self._runs[place.run]
            found = self._content[place] = content_words(run.words(*run.spans[place.sentence]))
        return found


class _Place(NamedTuple):
    """A sentence that may be quoted: its score, the place of its run, and its own in that."""

    score: float
    run: int
    sentence: int


class _Said(NamedTuple):
    """The content words of a quote, whether it denies something, and its figures."""

    words: set[str]
    denied: bool
    figures: set[tuple[float, str]]

    def contradicts(self, other: _Said) -> bool:
        """Whether it cannot say the same: one of the two denies it, or both have figures and none in common."""
        apart = self.figures and other.figures and self.figures.isdisjoint(other.figures)
        return self.denied != other.denied or bool(apart)


@dataclass(slots=True)
class _Told:
    """What is quoted so far: of each quote its words, outlet, story, storyline and sentences."""

    quotes: list[Quote] = field(default_factory=list)
    said: list[_Said] = field(default_factory=list)
    outlets: set[str] = field(default_factory=set)
    stories: set[int] = field(default_factory=set)
    storylines: set[int] = field(default_factory=set)
    taken: set[tuple[int, int]] = field(default_factory=set)
    lead: _Place | None = None


def quotes(
    question: Question,
    ranked: Sequence[Ranked],
    *,
    limit: int = 3,
    max_words: Mapping[str, int] | None = None,
) -> list[Quote]:
    """At most ``limit`` quotes that may answer, the best first, see `Evidence`.

    Args:
        ranked: the passages that may be quoted, as `index.ranking.rank` gave them. Sentences come from the first
            `PASSAGES` of them and from those that stand beside these.
        max_words: for sources that allow less than 60 words a quote, the most words, by the source's name.
    """
    return Evidence(question, ranked, max_words).may_answer(limit)


def content_words(text: str) -> set[str]:
    """The terms of a text without stop words."""
    return set(terms(text))


def denies(text: str) -> bool:
    """Whether a text says of something that it is not so: then it does not say the same as one that says it is."""
    words = re.findall(r"[\w']+", text.casefold().replace("’", "'"))
    return any(word in NEGATORS or word.endswith("n't") for word in words)


def figures(text: str) -> list[tuple[float, str]]:
    """Amounts, each in the base of its unit where that is known; years are none."""
    found = []
    for word in words_of(text):
        year = not word.unit and 1900 <= word.value <= 2100 and word.value == int(word.value)
        if word.kind is Kind.NUMBER and not year and math.isfinite(word.value):
            unit, base = UNITS.get(word.unit, (word.unit, 1.0))
            found.append((word.value * base, unit))
    return found


def _said(text: str) -> _Said:
    return _Said(content_words(text), denies(text), set(figures(text)))


def alike(one: set[str], other: set[str]) -> bool:
    """Whether two texts, by their `content_words`, say the same in nearly the same words."""
    return len(one & other) >= _ALIKE * min(len(one), len(other))


def copies(one: set[str], other: set[str]) -> bool:
    """Whether two sentences, by their `content_words`, are one sentence that was copied."""
    longer = max(len(one), len(other))
    return len(one) >= _TELLING and len(one & other) >= _COPIED * longer


def quotable(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The passages whose sentences may be quoted: the best `PASSAGES`, then those that stand beside one of them."""
    best = ranked[:PASSAGES]
    edges = {(each.candidate.passage.revision, edge) for each in best for edge in _edges(each)}
    return [
        *best,
        *(
            each
            for each in ranked[PASSAGES:]
            if each.scores and not edges.isdisjoint((each.candidate.passage.revision, edge) for edge in _edges(each))
        ),
    ]


def _runs(ranked: Sequence[Ranked], *, asking: bool) -> list[Run]:
    """The texts that may be quoted, in the order of their best passage."""
    near = quotable(ranked)
    places = {each.hit.passage: place for place, each in enumerate(near)}
    runs: list[list[Ranked]] = []
    for each in sorted(near, key=lambda each: (each.candidate.passage.revision, each.candidate.passage.start)):
        before = runs[-1][-1].candidate.passage if runs else None
        passage = each.candidate.passage
        if before is not None and (before.revision, before.end) == (passage.revision, passage.start):
            runs[-1].append(each)
        else:
            runs.append([each])
    runs.sort(key=lambda run: min(places[each.hit.passage] for each in run))
    return [Run(run, asking=asking) for run in runs]


def _edges(ranked: Ranked) -> tuple[int, int]:
    passage = ranked.candidate.passage
    return passage.start, passage.end
