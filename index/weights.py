"""The weights of ranking and quoting, as ``scripts/calibrate.py`` fitted them: not to be edited by hand.

Linear scores, fitted as listwise softmax regressions (ListNet's top-one likelihood, Cao et al. 2007) on the tune
splits of four question sets together. "plain" serves an index without late interaction.
"""

from __future__ import annotations

from collections.abc import Mapping

FITTED = "2026-11-24"

RANKING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "dense": 1.021,
        "sentence": 3.159,
        "lexical": 1.597,
        "coverage": 0.884,
        "context": 0.454,
        "length": -0.142,
        "late": 8.482,
        "late_sentence": 7.112,
    },
    "plain": {
        "dense": 4.993,
        "sentence": 6.014,
        "lexical": 1.753,
        "coverage": 2.171,
        "context": 1.23,
        "length": 0.211,
    },
}

QUOTING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "passage": -0.345,
        "article": 0.918,
        "cosine": 0.591,
        "coverage": 2.443,
        "context": 1.347,
        "length": -0.239,
        "late": 10.694,
        "time": 2.553,
        "number": 2.687,
        "person": 1.355,
        "place": 1.617,
    },
    "plain": {
        "passage": -0.281,
        "article": 0.892,
        "cosine": 4.603,
        "coverage": 3.722,
        "context": 1.295,
        "length": 0.162,
        "time": 2.494,
        "number": 2.866,
        "person": 1.665,
        "place": 1.803,
    },
}
