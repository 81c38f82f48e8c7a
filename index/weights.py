"""The weights of ranking and quoting, as ``scripts/calibrate.py`` fitted them: not to be edited by hand.

Linear scores, fitted as listwise softmax regressions (ListNet's top-one likelihood, Cao et al. 2007) on the tune
splits of four question sets together. "plain" serves an index without late interaction.
"""

from __future__ import annotations

from collections.abc import Mapping

FITTED = "2026-11-24"

RANKING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "dense": 0.71, "sentence": 4.14, "lexical": 0.36, "coverage": 3.51, "context": 1.48, "length": -0.31,
        "late": 11.53, "late_sentence": 9.40,
    },
    "plain": {
        "dense": 5.31, "sentence": 8.38, "lexical": 0.65, "coverage": 5.18, "context": 2.35, "length": 0.07,
    },
}  # fmt: skip

QUOTING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "passage": 0.41, "cosine": 1.61, "coverage": 1.08, "context": 2.48, "length": -0.24, "late": 10.84,
        "time": 2.21, "number": 2.61, "person": 0.83, "place": 1.09,
    },
    "plain": {
        "passage": 0.43, "cosine": 5.51, "coverage": 2.57, "context": 2.42, "length": 0.15,
        "time": 2.32, "number": 2.83, "person": 1.26, "place": 1.26,
    },
}  # fmt: skip
