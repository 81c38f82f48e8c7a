"""How sure: signals of one search become a calibrated probability that the first quote answers."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.records import StoredPassage
from index import evidence, late
from index.question import Question
from index.ranking import Ranked
from index.reading import CALENDAR
from index.records import Quote, Verdict

CALIBRATION = Path(__file__).with_name("calibration.toml")

_CROWD = 12
"""Stories read from which on they are rivals; with fewer the confidence has its own numbers, see `Calibration.few`.
Of 6 to 24 stories this refuses least of the sample; docs/quality.md has the figures."""

_NEARNESS = frozenset({"dense", "sentence", "rivals"})
"""Signals that say how near passages are to the question, see `Calibration.led`."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CAPITAL = re.compile(r"\b[A-Z]")


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression over `signals` (Platt 1999).

    Attributes:
        weights, centres: by signal; a signal that a search does not have counts as its centre.
    """

    bias: float
    weights: Mapping[str, float]
    centres: Mapping[str, float]

    def probability(self, measured: Mapping[str, float]) -> float:
        """``1 / (1 + exp(-(bias + sum(weight * (signal - centre)))))``, 0 to 1."""
        logit = self.bias + sum(
            weight * (measured[name] - self.centres[name]) for name, weight in self.weights.items() if name in measured
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted for one embedding model, as ``scripts/calibrate.py`` writes it.

    Attributes:
        model: digest of the embedding model it was fitted for.
        fitted: ISO date of the run.
        threshold: the shipped threshold on the probability.
        many, few: for searches that find many stories, and for those that find fewer than `_CROWD`, as in the first
            days of a community: there whatever is asked is near to something, and the reader has more to say.
        attention: the direction of `index.late.attention`, as long as the model's vectors; empty: all tokens count
            the same.
    """

    model: str
    fitted: str
    threshold: float
    many: Regression
    few: Regression
    attention: tuple[float, ...] = ()

    def counted(self, tokens: NDArray[np.float32], model: str, own: int | None = None) -> NDArray[np.float32]:
        """How much each token of a question counts, shape (t,), see `index.late.attention`; 1 for a foreign model.

        ``own`` is how many are the question's own, in front; the others, of a subject it refers to, count 1. None for
        all.
        """
        counted = np.ones(len(tokens), dtype=np.float32)
        if model == self.model and len(self.attention) == tokens.shape[1]:
            counted[:own] = late.attention(tokens[:own], np.array(self.attention, dtype=np.float32))
        return counted

    def probability(self, measured: Mapping[str, float]) -> float:
        """The probability that the first quote answers, from the `signals` of a search."""
        return self._regression(measured).probability(measured)

    def led(self, measured: Mapping[str, float]) -> dict[str, float]:
        """The signals of a search that was led to its passages by the question before, see ``Query.asked``.

        What only says how near the passages are counts as its centre: it is as high for whatever is asked next, so
        that the old topic's first sentence would answer "is he married?" too. The reader has the word.
        """
        centres = self._regression(measured).centres
        return {name: centres.get(name, value) if name in _NEARNESS else value for name, value in measured.items()}

    def _regression(self, measured: Mapping[str, float]) -> Regression:
        return self.many if "rivals" in measured else self.few


def load(path: Path = CALIBRATION) -> Calibration:
    """Read the calibration record."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    many, few = (Regression(raw[part]["bias"], raw[part]["weights"], raw[part]["centres"]) for part in ("many", "few"))
    return Calibration(raw["model"], str(raw["fitted"]), raw["threshold"], many, few, tuple(raw.get("attention", ())))


def signals(
    question: Question,
    ranked: Sequence[Ranked],
    quotes: Sequence[Quote],
    reading: float | None = None,
) -> dict[str, float]:
    """Named measurements of one search, none for a search without quotes; they mean the same in a corpus of any size.

    Args:
        reading: the reader's log odds that the first quote answers; None where there is no reader.

    Returns:
        ``dense`` and ``sentence``: cosines of the first quote's passage, see `index.ranking.passage_measures`;
        ``rivals``: logarithm of how many stories come as close as the best one (log of the sum of exp(score - best)
        over the best passage of each, copies counted once), only where many stories were read;
        ``elsewhen``: 1 where the question names a year and all that is known of the passage's time are other years, 0
        else; ``unnamed``: 1 where the question has a name that nothing read of the first quote's article has, 0 else;
        ``reading``: the reader's log odds, where there is a reader.
    """
    if not quotes:
        return {}
    first = next(each for each in ranked if each.hit.passage == quotes[0].hit.passage)
    measured = {name: first.hit.signals[name] for name in ("dense", "sentence")}
    best: dict[int, Ranked] = {}
    for each in ranked:
        best.setdefault(each.hit.article, each)
    scores = np.array([each.hit.score for each in _stories(list(best.values()))])
    if len(scores) >= _CROWD:
        measured["rivals"] = float(np.log(np.exp(scores - scores.max()).sum()))
    measured["elsewhen"] = float(_elsewhen(question, first.candidate.passage))
    measured["unnamed"] = float(_unnamed(question, [each for each in ranked if each.hit.article == first.hit.article]))
    if reading is not None:
        measured["reading"] = reading
    return measured


def _elsewhen(question: Question, passage: StoredPassage) -> bool:
    """Whether a question names years, and title, words and date of a passage speak of others alone."""
    asked = set(_YEAR.findall(question.text))
    if not asked:
        return False
    known = set(_YEAR.findall(f"{passage.title} {passage.heading} {passage.text}"))
    if passage.published:
        published = int(passage.published[:4])
        # In January a report without a year still tells of the year before.
        known |= {str(published), str(published - 1)}
    return bool(known) and asked.isdisjoint(known)


def _unnamed(question: Question, article: Sequence[Ranked]) -> bool:
    """Whether a question has a name that no passage read of an article has: as a word, in a title, or as initials."""
    missing = [
        term.stem
        for place, term in enumerate(question.terms)
        if term.name
        and term.stem not in CALENDAR
        and not any(
            each.reading is not None and (each.reading.title[place] > 0 or each.reading.overlap[:, place].any())
            for each in article
        )
    ]
    if not missing:
        return False
    initials = "".join(letter for each in article for letter in _CAPITAL.findall(each.candidate.passage.text)).lower()
    return any(name not in initials for name in missing)


def _stories(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The best passage of each story: copies of one report agree with it, and are no rivals.

    Copies are articles that the store knows as one story, and passages whose best sentences say the same.
    """
    kept: list[Ranked] = []
    stories: set[int] = set()
    said: list[set[str]] = []
    for each in ranked:
        passage = each.candidate.passage
        if passage.story and passage.story in stories:
            continue
        words = _best_sentence(each)
        if any(evidence.copies(words, other) for other in said):
            continue
        kept.append(each)
        stories.add(passage.story)
        said.append(words)
    return kept


def _best_sentence(ranked: Ranked) -> set[str]:
    """Content words of the sentence that answers best; none where nothing may be quoted."""
    if not ranked.scores:
        return set()
    start, end = ranked.candidate.sentences[int(np.argmax(ranked.scores))]
    first = ranked.candidate.passage.start
    return evidence.content_words(ranked.candidate.passage.text[start - first : end - first])


def verdict(
    measured: Mapping[str, float], calibration: Calibration, *, model: str, threshold: float | None = None
) -> Verdict:
    """The probability that the first quote answers, and whether it reaches the threshold (the shipped one by default).

    ``model`` is the digest of the model the index was built with; a foreign one marks the verdict as uncalibrated. A
    search without quotes has a confidence of 0 and is not answered at any threshold.
    """
    limit = calibration.threshold if threshold is None else threshold
    calibrated = model == calibration.model
    if not measured:
        return Verdict(0.0, False, calibrated)
    confidence = calibration.probability(measured)
    return Verdict(confidence, confidence >= limit, calibrated)
