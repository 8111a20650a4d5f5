"""What the benchmarks that fit weights share."""

from __future__ import annotations

from collections.abc import Sequence

import torch

PENALTY = 0.01


def fit_softmax(tables: Sequence[tuple[Sequence[Sequence[float]], Sequence[bool]]]) -> list[float]:
    """Return the weights under which the right candidates of each question are likeliest.

    A table holds the features of one question's candidates, (candidates, features), and
    which of them are right; a question without a right one teaches nothing and is left out.
    """
    told = [(torch.as_tensor(rows, dtype=torch.float64), torch.tensor(right)) for rows, right in tables if any(right)]
    weights = torch.zeros(told[0][0].shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200)

    def cost() -> torch.Tensor:
        optimizer.zero_grad()
        losses = [(rows @ weights).logsumexp(0) - (rows @ weights)[right].logsumexp(0) for rows, right in told]
        total = torch.stack(losses).mean() + PENALTY * weights.square().sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(cost)  # type: ignore[no-untyped-call]
    return weights.tolist()
