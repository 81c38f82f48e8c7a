"""What ``scripts/calibrate.py`` fits with: linear scores and token weights that put the right rows of lists on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def listwise(items: Sequence[tuple[Floats, NDArray[np.bool_], float]], penalty: float) -> Floats:
    """Weights of a linear score that put the right rows of each list on top.

    Args:
        items: measures (rows, m), which rows are right, and the list's share in the loss.
        penalty: L2, on weights of standardised measures.
    """
    import torch

    scale = np.concatenate([rows for rows, _, _ in items]).std(axis=0) + 1e-6
    longest = max(len(right) for _, right, _ in items)
    table = torch.zeros(len(items), longest, len(scale), dtype=torch.float64)
    hidden = torch.full((len(items), longest), -1e9, dtype=torch.float64)
    wrong = torch.full((len(items), longest), -1e9, dtype=torch.float64)
    share = torch.tensor([each for _, _, each in items], dtype=torch.float64)
    share /= share.sum()
    for place, (rows, right, _) in enumerate(items):
        table[place, : len(right)] = torch.as_tensor(rows / scale)
        hidden[place, : len(right)] = 0
        wrong[place, : len(right)][torch.as_tensor(right)] = 0
    weights = torch.zeros(len(scale), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Any:
        optimizer.zero_grad()
        scores = table @ weights
        missed = torch.logsumexp(scores + hidden, 1) - torch.logsumexp(scores + wrong, 1)
        value = (share * missed).sum() + penalty * (weights**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    fitted: Floats = weights.detach().numpy() / scale
    return fitted


def attention(
    items: Sequence[tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]],
    penalty: float,
    steps: int = 80,
) -> NDArray[np.float32]:
    """The direction of `index.late.attention`, fitted with a score of late interaction and cosine alone.

    Args:
        items: for each question its tokens' vectors (t, d), their best match in each passage (passages, t), the
            passages' cosines, and which are right. Every question counts the same.
        penalty: L2, on the direction.
    """
    import torch

    dimension = items[0][0].shape[1]
    longest, most = max(len(each[0]) for each in items), max(len(each[2]) for each in items)
    tokens = torch.zeros(len(items), longest, dimension)
    absent = torch.full((len(items), longest), -1e9)
    best = torch.zeros(len(items), most, longest)
    cosines = torch.zeros(len(items), most)
    hidden, wrong = torch.full((len(items), most), -1e9), torch.full((len(items), most), -1e9)
    for place, (vectors, matched, dense, right) in enumerate(items):
        tokens[place, : len(vectors)], absent[place, : len(vectors)] = torch.as_tensor(vectors), 0
        best[place, : len(dense), : len(vectors)] = torch.as_tensor(matched)
        cosines[place, : len(dense)], hidden[place, : len(dense)] = torch.as_tensor(dense), 0
        wrong[place, : len(right)][torch.as_tensor(right)] = 0
    direction = torch.zeros(dimension, requires_grad=True)
    scale = torch.full((2,), 10.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([direction, scale], max_iter=steps, line_search_fn="strong_wolfe")

    def loss() -> Any:
        optimizer.zero_grad()
        counted = torch.softmax(tokens @ direction + absent, 1)
        scores = scale[0] * (best @ counted[:, :, None])[:, :, 0] + scale[1] * cosines
        missed = torch.logsumexp(scores + hidden, 1) - torch.logsumexp(scores + wrong, 1)
        value = missed.mean() + penalty * (direction**2).sum()
        value.backward()
        return value

    optimizer.step(loss)
    found: NDArray[np.float32] = direction.detach().numpy().round(3)
    return found
