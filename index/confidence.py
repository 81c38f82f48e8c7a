"""How sure: signals of one search become a calibrated probability that the first quote answers."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.question import Question
from index.ranking import Background, Ranked
from index.records import Quote, Verdict

CALIBRATION = Path(__file__).with_name("calibration.toml")

_CROWD = 12
"""Articles read from which the rivals of the best one say something; a small corpus has none to speak of."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression (Platt 1999) over `signals`, as ``scripts/calibrate.py`` fits and writes it.

    Attributes:
        model: digest of the embedding model it was fitted for.
        fitted: ISO date of the run.
        threshold: the shipped threshold on the probability.
        weights, centres: by signal; a signal that a search does not have counts as its centre.
    """

    model: str
    fitted: str
    threshold: float
    bias: float
    weights: Mapping[str, float]
    centres: Mapping[str, float]

    def probability(self, measured: Mapping[str, float]) -> float:
        """``1 / (1 + exp(-(bias + sum(weight * (signal - centre)))))``, 0 to 1."""
        logit = self.bias + sum(
            weight * (measured[name] - self.centres[name]) for name, weight in self.weights.items() if name in measured
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def load(path: Path = CALIBRATION) -> Calibration:
    """Read the calibration record."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Calibration(raw["model"], str(raw["fitted"]), raw["threshold"], raw["bias"], raw["weights"], raw["centres"])


def signals(
    question: Question, ranked: Sequence[Ranked], quotes: Sequence[Quote], background: Background
) -> dict[str, float]:
    """Named measurements of one search, none for a search without quotes; they mean the same in a corpus of any size.

    Returns:
        ``dense`` and ``sentence``: cosines of the first quote's passage, see `index.ranking.passage_measures`;
        ``rivals``: logarithm of how many articles come as close as the best one (log of the sum of exp(score - best)
        over the best read passage of each), only where enough were read to tell.
    """
    if not quotes:
        return {}
    first = next(each for each in ranked if each.hit.passage == quotes[0].hit.passage)
    measured = {name: first.hit.signals[name] for name in ("dense", "sentence")}
    best: dict[int, float] = {}
    for each in ranked:
        if each.reading is not None:
            best.setdefault(each.hit.article, each.hit.score)
    if len(best) >= _CROWD:
        scores = np.array(list(best.values()))
        measured["rivals"] = float(np.log(np.exp(scores - scores.max()).sum()))
    return measured


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
