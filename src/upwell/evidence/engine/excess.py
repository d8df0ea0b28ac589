"""The compiled score of "more often than expected", for all that counts and climbs. Imported late (numba)."""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from math import log

from upwell.evidence.engine.kernel import compile_cached


@compile_cached
def score_of(yes, expected, persons):
    """Binomial log likelihood ratio in nats; 0 where it is not more often. Compiled twin of `score.excess_score`."""
    if yes <= expected or expected <= 0.0 or persons <= expected:
        return 0.0
    no = persons - yes
    score = yes * log(yes / expected)
    if no > 0.0:
        score += no * log(no / (persons - expected))
    return score
