"""Late interaction: how well each word of a passage meets each token of the question, from 48 bytes a word.

The vectors of single tokens know their surroundings, because they come from one forward pass over the whole passage.
Comparing the question's tokens with a passage's words and summing the best matches finds what one vector per passage
blurs (ColBERT's MaxSim, Khattab and Zaharia 2020, arXiv 2004.12832); all-MiniLM-L6-v2 was not trained for it, and it
still ranks better than its own passage vector: docs/quality.md has the figures. Words keep one bit per dimension after
a rotation that spreads the information evenly, and the question keeps its floats (as in RaBitQ, Gao and Long 2024,
arXiv 2405.12497; the rotation is a cosine transform, so that nothing has to be stored for it).
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_PIECE = re.compile(r"\w+|[^\w\s]")


def question_spans(text: str) -> list[tuple[int, int]]:
    """The tokens of a question, by offsets: its words, and each mark by itself.

    Marks count: in this kind of model the question mark's vector sums the question up.
    """
    return [match.span() for match in _PIECE.finditer(text)]


@lru_cache(maxsize=4)
def _rotation(dimension: int) -> NDArray[np.float32]:
    """The orthonormal DCT-II matrix, shape (d, d)."""
    rows, columns = np.arange(dimension)[:, None], np.arange(dimension)[None]
    matrix = np.sqrt(2 / dimension) * np.cos(np.pi / dimension * (columns + 0.5) * rows)
    matrix[0] /= np.sqrt(2)
    rotation: NDArray[np.float32] = matrix.astype(np.float32)
    return rotation


def pack(words: NDArray[np.float32]) -> NDArray[np.uint8]:
    """One bit per dimension: shape (w, d) becomes (w, ceil(d / 8))."""
    return np.packbits(words @ _rotation(words.shape[1]).T > 0, axis=1)


def matches(tokens: NDArray[np.float32], packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How well the question's tokens meet words.

    Args:
        tokens: unit vectors of the question's `question_spans`, pooled from one forward pass over it, shape (t, d).
        packed: words of one or many passages, stacked, as `pack` gave them.

    Returns:
        Shape (t, w), about 0.8 of the cosine: the mean of the question's rotated vector over the word's signs.
    """
    dimension = tokens.shape[1]
    turned = tokens @ _rotation(dimension).T
    bits = np.unpackbits(packed, axis=1, count=dimension).astype(np.float32)
    # A bit stands for a sign, 2 * bit - 1; the doubling and the shift are cheaper on the small result.
    found = 2 * (turned @ bits.T) - turned.sum(axis=1, keepdims=True)
    return np.asarray(found * dimension**-0.5, dtype=np.float32)


def attention(tokens: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each token of a question counts, by what its vector says of it.

    Args:
        tokens: see `matches`, shape (t, d).
        weights: a direction fitted for the model, shape (d,), see ``index/calibration.toml``.

    Returns:
        Softmax of ``tokens @ weights``, times t: 1 on average; shape (t,).
    """
    told = tokens @ weights
    shares = np.exp(told - told.max(initial=-np.inf))
    return np.asarray(shares / shares.mean() if len(shares) else shares, dtype=np.float32)
