"""The weights of ranking and quoting, as ``scripts/calibrate.py`` fitted them: not to be edited by hand.

Linear scores, fitted as listwise softmax regressions (ListNet's top-one likelihood, Cao et al. 2007) on the tune
splits of four question sets together. "plain" serves an index without late interaction.
"""

from __future__ import annotations

from collections.abc import Mapping

FITTED = "2026-11-24"

RANKING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "dense": 1.063,
        "sentence": 3.094,
        "lexical": 1.316,
        "coverage": 1.524,
        "context": 0.729,
        "length": -0.213,
        "late": 9.649,
        "late_sentence": 7.511,
    },
    "plain": {
        "dense": 5.413,
        "sentence": 6.242,
        "lexical": 1.482,
        "coverage": 2.861,
        "context": 1.638,
        "length": 0.169,
    },
}

QUOTING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "passage": 0.204,
        "article": 0.0,
        "cosine": 2.006,
        "coverage": 1.68,
        "context": 2.321,
        "length": -0.385,
        "late": 12.589,
        "time": 2.328,
        "number": 2.412,
        "person": 1.432,
        "place": 1.528,
    },
    "plain": {
        "passage": 0.273,
        "article": 0.0,
        "cosine": 6.461,
        "coverage": 3.198,
        "context": 2.019,
        "length": 0.095,
        "time": 2.364,
        "number": 2.627,
        "person": 1.644,
        "place": 1.666,
    },
}
