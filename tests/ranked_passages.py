"""Ranked passages as a search gives them, made by hand."""

from __future__ import annotations

import numpy as np

from corpus.records import ArticleKind, StoredPassage
from index.ranking import Candidate, Ranked
from index.records import Hit


def ranked(
    text: str,
    scores: list[float],
    *,
    number: int = 1,
    start: int = 0,
    source: str = "Harbour Post",
    stops: str = ". ",
    story: int = 0,
    storyline: int = 0,
    kind: ArticleKind = ArticleKind.NEWS,
    revision: int | None = None,
    article: int | None = None,
    angle: float | None = None,
) -> Ranked:
    """A ranked passage whose sentences end at ``stops``; one of an article and revision of its own where none is given.

    ``angle`` is where the vectors of its sentences point, in radians; None for unknown vectors.
    """
    spans, begin = [], 0
    for part in text.split(stops):
        end = min(begin + len(part) + len(stops.rstrip()), len(text.rstrip()))
        spans.append((start + begin, start + end))
        begin += len(part) + len(stops)
    end = start + len(text)
    passage = StoredPassage(
        number, article or number, revision or 10 * number, text, start, end, ((start, end),), "", 0, "", source, None,
        story=story or number, storyline=storyline or number, kind=kind,
    )  # fmt: skip
    vectors = (
        None if angle is None else np.tile(np.array([[np.cos(angle), np.sin(angle)]], np.float32), (len(spans), 1))
    )
    candidate = Candidate(passage, 0.5, 1.0, tuple(spans), tuple(0.5 for _ in spans), vectors=vectors)
    return Ranked(Hit(number, passage.article, 1.0, 0.5, 1.0), candidate, tuple(scores))
