"""How sure: signals of one search become a calibrated probability that the first quote answers."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.question import Question
from index.ranking import Background, Ranked
from index.records import Quote, Verdict

CALIBRATION = Path(__file__).with_name("calibration.toml")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers, as ``scripts/calibrate.py`` writes them.

    Attributes:
        model: SHA-256 of the embedding model they were fitted for.
        fitted: ISO date of the run.
        bias, weights: of the logistic regression over `signals`.
        threshold: the shipped threshold on the probability.
    """

    model: str
    fitted: str
    bias: float
    weights: Mapping[str, float]
    threshold: float


def load(path: Path = CALIBRATION) -> Calibration:
    """Read the calibration record."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Calibration(raw["model"], str(raw["fitted"]), raw["bias"], raw["weights"], raw["threshold"])


def signals(
    question: Question, ranked: Sequence[Ranked], quotes: Sequence[Quote], background: Background
) -> dict[str, float]:
    """Named measurements of one search; comparable across searches and corpora of any size."""
    if not ranked or not quotes:
        return {"dense": 0.0, "sentence": 0.0}
    return {"dense": ranked[0].hit.dense, "sentence": ranked[0].hit.signals["sentence"]}


def verdict(
    measured: Mapping[str, float], calibration: Calibration, *, model: str, threshold: float | None = None
) -> Verdict:
    """The probability that the first quote answers, and whether it reaches the threshold (the shipped one by default).

    ``model`` is the digest of the model the index was built with; a foreign one marks the verdict as uncalibrated.
    """
    logit = calibration.bias + sum(weight * measured.get(name, 0.0) for name, weight in calibration.weights.items())
    confidence = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
    limit = calibration.threshold if threshold is None else threshold
    return Verdict(confidence, confidence >= limit, model == calibration.model)
