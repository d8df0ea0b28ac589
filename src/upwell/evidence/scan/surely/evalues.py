"""E-values: evidence that may be averaged, added up over searches, and compared with each other however they overlap.

For one sub-population and a known expectation, the likelihood ratio of "odds q times as high" has expectation at most
1 whenever nobody inside is likelier to say yes than expected; so has an average over several q chosen beforehand. The
maximum over q, which the score is, has not. Sources: Vovk & Wang 2021; Wang & Ramdas 2022 (e-BH).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

RATIOS = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0)
WEIGHTS = (1 / 8,) * 8
"""Odds ratios averaged over, and their shares, chosen before any answer is seen."""


def log_e(
    yes: Bools, expected: Floats, *, ratios: Sequence[float] = RATIOS, weights: Sequence[float] = WEIGHTS
) -> float:
    """Log of the e-value, in nats, of "nobody here is likelier to say yes than expected"; 0 for nobody.

    yes, expected: of the persons inside, shape (persons,); expected strictly inside 0..1, and known: where it was
    fitted to the same answers, or where persons answer together, this is no e-value. ratios: 1 or more. weights: at
    least 0 each, sum 1.
    """
    if not len(yes):
        return 0.0
    events = float(np.count_nonzero(yes))
    gains = [
        events * log(q) - float(np.log1p((q - 1) * expected).sum(dtype=np.float64)) + log(w)
        for q, w in _mixed(ratios, weights)
    ]
    return float(np.logaddexp.reduce(gains))


def _mixed(ratios: Sequence[float], weights: Sequence[float]) -> list[tuple[float, float]]:
    if min(ratios) < 1 or min(weights) < 0 or sum(weights) > 1 + 1e-9:
        raise ValueError("Odds ratios of an e-value are at least 1, their weights at least 0 with sum 1.")
    return [(q, w) for q, w in zip(ratios, weights, strict=True) if w > 0]


def p_of(log_value: float) -> float:
    """The p that an e-value stands for (Markov): at most 1."""
    return float(np.exp(-max(log_value, 0.0)))


def e_bh(log_values: Sequence[float], *, alpha: float, hypotheses: float = 1.0) -> tuple[bool, ...]:
    """Which hypotheses are rejected so that the expected share of false ones among them is at most alpha.

    The largest R such that R e-values reach hypotheses / (alpha R); they may depend on each other in any way.
    log_values: nats. hypotheses: how many there were; 1 where each value is already multiplied by a weight of its own
    and the weights of all hypotheses that could have been asked sum to at most 1, as e**-(description length) does.
    """
    order = np.argsort(-np.array(log_values, dtype=np.float64), kind="stable")
    line = log(hypotheses / alpha)
    rejected = max((r for r, i in enumerate(order, start=1) if log_values[i] + log(r) >= line), default=0)
    chosen = {int(i) for i in order[:rejected]}
    return tuple(i in chosen for i in range(len(log_values)))


def beyond_the_earlier(
    insides: Sequence[Bools], lengths: Sequence[float], yes: Bools, expected: Floats
) -> tuple[float, ...]:
    """Log e-values, in nats and paid for, of sub-populations in turn, each without the persons of those before it.

    insides: bool, shape (persons,) each. lengths: nats of describing each, such that e**-length sums to at most 1 over
    all that could be described. Paying for the earlier ones that are left out as well, and log 2 for saying how many
    those are, keeps that sum at most 1 over all "this, without those".
    """
    values: list[float] = []
    for i, inside in enumerate(insides):
        left_out = [j for j in range(i) if (insides[j] & inside).any()]
        own = inside.copy()
        for j in left_out:
            own &= ~insides[j]
        price = lengths[i] + sum(lengths[j] for j in left_out) + (1 + len(left_out)) * log(2)
        values.append(log_e(yes[own], expected[own]) - price)
    return tuple(values)
