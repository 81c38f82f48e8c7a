"""The weights of ranking and quoting, as ``scripts/calibrate.py`` fitted them: not to be edited by hand.

Linear scores, fitted as listwise softmax regressions (ListNet's top-one likelihood, Cao et al. 2007) on the tune
splits of four question sets together. "plain" serves an index without late interaction.
"""

from __future__ import annotations

from collections.abc import Mapping

FITTED = "2026-11-25"

RANKING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "dense": 0.473,
        "sentence": 2.452,
        "lexical": 1.456,
        "coverage": 0.152,
        "context": -0.449,
        "length": -0.177,
        "late": 11.956,
        "late_sentence": 7.614,
    },
    "plain": {
        "dense": 5.021,
        "sentence": 6.028,
        "lexical": 1.736,
        "coverage": 2.159,
        "context": 1.217,
        "length": 0.215,
    },
}

QUOTING: Mapping[str, Mapping[str, float]] = {
    "late": {
        "passage": -0.309,
        "article": 0.972,
        "cosine": 0.102,
        "coverage": 1.903,
        "context": 0.948,
        "length": -0.23,
        "late": 10.956,
        "time": 2.657,
        "number": 2.748,
        "person": 1.373,
        "place": 1.604,
    },
    "plain": {
        "passage": -0.282,
        "article": 0.892,
        "cosine": 4.59,
        "coverage": 3.724,
        "context": 1.303,
        "length": 0.167,
        "time": 2.494,
        "number": 2.865,
        "person": 1.666,
        "place": 1.785,
    },
}
