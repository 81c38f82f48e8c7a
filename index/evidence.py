"""From ranked passages to quotes: the sentence or two that answer, by offsets exact to the character."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from corpus.records import ArticleKind
from index import reading
from index.question import STOPWORDS, Expected, Question, terms, tokens
from index.ranking import Ranked
from index.records import Quote

MAX_WORDS = 60

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

_POINTING = re.compile(
    r"[\"“”'‘’(]*(?:(?:but|and|so|or|yet|still|then|now|instead|meanwhile|however|yesterday|later),?\s+)?(?:"
    r"(?:he|she|it|they|him|his|her|hers|their|its|this|that|these|those|such|both|the (?:two|pair|latter|"
    r"former|move|decision|incident|deal|group|company|region|country|man|woman))\b"
    # "The alliance was formed": nothing behind the noun says which.
    r"|(?-i:[Tt]he (?:[a-z-]+ )?[a-z-]+) (?:is|was|are|were|has|had|have|will|would|can|could|did|does|do)\b)",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|thanks to|after|citing|amid|since|so that|in order to)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[,;:—–]\s+|\s[—–-]\s|(?<!\bever)\s(?=(?:because|after|since|as|while|but|due to|citing|amid)\s)")
_ASKED = re.compile(r"[?？][!?]*[\"“”„»«’‘')\]*_\s]*$")
_ASKING = re.compile(
    r"\b(?:ask|asks|asked|asking|questions?|fragen?|fragt|fragte[nt]?|gefragt)\b(?! for\b)", re.IGNORECASE
)


class _Run:
    """Passages of one revision that follow each other without a gap, read as one text.

    A sentence that asks answers nothing, however many of the question's words it has: unless ``asking``, its score goes
    to the sentence behind it, as far as nothing stands between, and its own is minus infinity.
    """

    __slots__ = ("owners", "scores", "spans", "start", "text")

    def __init__(self, tiles: Sequence[Ranked], *, asking: bool = False) -> None:
        self.start = tiles[0].candidate.passage.start
        self.text = "".join(each.candidate.passage.text for each in tiles)
        self.spans = [span for each in tiles for span in each.candidate.sentences]
        self.scores = [score for each in tiles for score in each.scores]
        self.owners = [each for each in tiles for _ in each.scores]
        if not asking:
            self._pass_on()

    def _pass_on(self) -> None:
        held, end = -math.inf, self.start
        for at, (span, score) in enumerate(zip(self.spans, self.scores, strict=False)):
            if self.words(end, span[0]).strip():  # a heading between: what is behind it is of something else
                held = -math.inf
            asks = _ASKED.search(self.words(*span)) is not None
            held, self.scores[at] = (max(held, score), -math.inf) if asks else (-math.inf, max(held, score))
            end = span[1]

    def words(self, start: int, end: int) -> str:
        """The text between two offsets into the revision."""
        return self.text[start - self.start : end - self.start]


@dataclass(frozen=True, slots=True)
class _Choice:
    run: _Run
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
    """At most ``limit`` quotes, the best first, no two that overlap, none that `BAR` keeps out.

    Two of one outlet never say the same. Another outlet's report of the same events that speaks of what the first quote
    says goes before what else was found, be it that it says the same or otherwise.

    A quote is the sentence that scores best, with the better one beside it where that comes close; the two may stand
    in passages that follow each other. It belongs to the passage of its best sentence.

    Args:
        ranked: the passages that may be quoted, as `index.ranking.rank` gave them. Sentences come from the first
            `PASSAGES` of them and from those that stand beside these.
        max_words: for sources that allow less than 60 words a quote, the most words, by the source's name.
    """
    runs = _runs(ranked, asking=_ASKING.search(question.text) is not None)
    pool = [
        (score, order, sentence)
        for order, run in enumerate(runs)
        for sentence, score in enumerate(run.scores)
        if score > -math.inf
    ]
    pool.sort(key=lambda each: (-each[0], each[1], each[2]))
    found: list[Quote] = []
    said: list[set[str]] = []
    outlets: set[str] = set()
    stories: set[int] = set()
    storylines: set[int] = set()
    taken: set[tuple[int, int]] = set()
    lead: tuple[int, set[str]] | None = None
    while pool and len(found) < limit:
        second = _second(pool, runs, outlets, stories, lead, found[0].score - BAR) if lead else None
        _, order, sentence = place = second or _next(pool, runs, outlets, stories, storylines)
        pool.remove(place)
        run = runs[order]
        if found and run.scores[sentence] < found[0].score - BAR:
            continue
        if (order, sentence) in taken:
            continue
        passage = run.owners[sentence].candidate.passage
        words = min((max_words or {}).get(passage.source, MAX_WORDS), MAX_WORDS, passage.max_words)
        room = SECOND[min(len(found), len(SECOND) - 1)]
        if not found and question.expected is Expected.REASON:
            room = CAUSE
        free = [(order, other) not in taken for other in range(len(run.spans))]
        choice = _choice(run, sentence, free, room, words)
        quote = _quote(question, choice, words)
        if passage.max_chars is not None and len(quote.text) > passage.max_chars:
            continue
        if quote.context and not _has_room(quote, words, passage.max_chars):
            quote = replace(quote, context="")
        content = content_words(quote.text)
        # Another outlet that says the same is worth a quote; the same words twice are not.
        if not content or (second is None and any(alike(content, other) for other in said)):
            continue
        if second is not None and any(copies(content, other) for other in said):
            continue
        found.append(quote)
        said.append(content)
        outlets.add(passage.source)
        stories.add(passage.story)
        storylines.add(passage.storyline)
        taken.update((order, other) for other in range(choice.first, choice.last + 1))
        lead = lead or (passage.storyline, content_words(run.words(*run.spans[sentence])))
    return found


def content_words(text: str) -> set[str]:
    """The terms of a text without stop words."""
    return set(terms(text))


def alike(one: set[str], other: set[str]) -> bool:
    """Whether two texts, by their `content_words`, say the same in nearly the same words."""
    return len(one & other) >= _ALIKE * min(len(one), len(other))


def copies(one: set[str], other: set[str]) -> bool:
    """Whether two sentences, by their `content_words`, are one sentence that was copied."""
    longer = max(len(one), len(other))
    return len(one) >= _TELLING and len(one & other) >= _COPIED * longer


def _second(
    pool: Sequence[tuple[float, int, int]],
    runs: Sequence[_Run],
    outlets: Set[str],
    stories: Set[int],
    lead: tuple[int, set[str]],
    least: float,
) -> tuple[float, int, int] | None:
    """The best sentence of an outlet not yet quoted that speaks of what the first quote says; None where there is none.

    ``lead`` is the first quote's course of events, and the content words of its sentence.
    """
    storyline, wanted = lead
    for each in pool:
        score, order, sentence = each
        if score < least:
            break
        run = runs[order]
        passage = run.owners[sentence].candidate.passage
        if passage.source in outlets or passage.story in stories or passage.storyline != storyline:
            continue
        if passage.kind not in (ArticleKind.NEWS, ArticleKind.LIVE):
            continue  # opinion, satire and what is paid for are no second report
        words = content_words(run.words(*run.spans[sentence]))
        shared = len(words & wanted)
        if shared >= max(2.0, _SAME_MATTER * min(len(words), len(wanted))) and not copies(words, wanted):
            return each
    return None


def _next(
    pool: Sequence[tuple[float, int, int]],
    runs: Sequence[_Run],
    outlets: Set[str],
    stories: Set[int],
    storylines: Set[int],
) -> tuple[float, int, int]:
    """The sentence to quote next: the best one, unless an outlet not yet quoted has one of about its score.

    Of several such, one on another course of events than those quoted goes first.
    """
    another: tuple[float, int, int] | None = None
    for each in pool:
        score, order, sentence = each
        if not outlets or score < pool[0][0] - ABOUT:
            break
        passage = runs[order].owners[sentence].candidate.passage
        if passage.source in outlets or passage.story in stories:
            continue
        if passage.storyline not in storylines:
            return each
        another = another or each
    return another or pool[0]


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


def _runs(ranked: Sequence[Ranked], *, asking: bool) -> list[_Run]:
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
    return [_Run(run, asking=asking) for run in runs]


def _edges(ranked: Ranked) -> tuple[int, int]:
    passage = ranked.candidate.passage
    return passage.start, passage.end


def _choice(run: _Run, best: int, free: Sequence[bool], room: float, words: int) -> _Choice:
    """The sentence, alone or with the better of the two beside it."""
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
        return _Choice(run, best, best, best)
    _, first, last = max(beside)
    return _Choice(run, first, last, best)


def _quote(question: Question, choice: _Choice, words: int) -> Quote:
    run, spans = choice.run, choice.run.spans
    owner = run.owners[choice.best]
    start, end = spans[choice.first][0], spans[choice.last][1]
    if len(run.words(start, end).split()) > words:
        start, end = _shortened(question, run, start, end, words)
    text = run.words(start, end)
    emphasis = spans[choice.best] if choice.first < choice.last else _clause(question, run, start, end)
    context = ""
    # An answer points back to the question that it stands behind.
    asked = choice.first > 0 and run.scores[choice.first - 1] == -math.inf
    if choice.first > 0 and (asked or _POINTING.match(text)):
        context = run.words(*spans[choice.first - 1])
        # "Does the pact cover the border? / The region ..." points to the heading, not only to what stands above it.
        heading = run.owners[choice.first].candidate.passage.heading
        if heading and heading in run.words(spans[choice.first - 1][1], start):
            context = f"{context} {heading}"
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


def _has_room(quote: Quote, words: int, chars: int | None) -> bool:
    """Whether source and page, where they allow less than others, allow the sentence before as well."""
    both = f"{quote.context} {quote.text}"
    return (words == MAX_WORDS or len(both.split()) <= words) and (chars is None or len(both) <= chars)


def _clauses(run: _Run, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a sentence, offsets like the sentence's own; parts of fewer than five words join the one before.

    So a list stays whole; docs/quality.md compares it with three.
    """
    text = run.words(start, end)
    parts: list[tuple[int, int]] = []
    begin = 0
    for stop, after in [*((match.start(), match.end()) for match in _CLAUSE.finditer(text)), (len(text), len(text))]:
        if parts and len(text[begin:stop].split()) < 5:
            parts[-1] = (parts[-1][0], start + stop)
        else:
            parts.append((start + begin, start + stop))
        begin = after
    return parts


def _worth(question: Question, run: _Run, start: int, end: int) -> tuple[int, int]:
    """The question's words in a span, and content words it adds."""
    asked = {term.stem for term in question.terms}
    text = run.words(start, end)
    content = {term for term, a, b in tokens(text) if text[a:b].lower() not in STOPWORDS}
    return len(content & asked), len(content - asked)


def _shortened(question: Question, run: _Run, start: int, end: int, words: int) -> tuple[int, int]:
    """The run of clauses of a sentence too long to quote that fits and says most about the question."""
    parts = _clauses(run, start, end)
    runs = [
        (a, b) for place, (a, _) in enumerate(parts) for _, b in parts[place:] if len(run.words(a, b).split()) <= words
    ]
    if runs:
        return max(runs, key=lambda part: (*_worth(question, run, *part), -part[0]))
    bounds = [match.end() for match in re.finditer(r"\S+", run.words(start, end))]
    return start, start + bounds[words - 1]


def _clause(question: Question, run: _Run, start: int, end: int) -> tuple[int, int] | None:
    """The clause of a lone sentence that carries the answer; None where it has only one.

    Where a reason is asked for, one that gives reasons. Where a time, number, person or place is, one that could hold
    that, and of several the one with most of the question's words; else the one that says most. docs/quality.md has
    how often the answer stands in it.
    """
    parts = _clauses(run, start, end)
    if len(parts) < 2:
        return None
    reason, thing = question.expected is Expected.REASON, question.expected is Expected.OTHER

    def fitness(part: tuple[int, int]) -> tuple[float, ...]:
        words = run.words(*part)
        asked, added = _worth(question, run, *part)
        if reason or thing:
            return float(reason and _REASON.search(words) is not None), asked + added, -part[0]
        return reading.kind_of_answer(question, words), asked, added, -part[0]

    return max(parts, key=fitness)
