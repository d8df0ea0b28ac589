"""What the search hands on: groups in which a trouble is more frequent than expected, and all that qualifies it.

These values are case-side: they hold counts nobody has protected yet. Only disclosure.protect may turn them outward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Where = tuple[tuple[str, tuple[int, ...]], ...]
"""A sub-population: (column name, value codes) for each restricted column, sorted by column name; () is everyone."""

PFrom = Literal["bound", "replicates", "bootstrap", "confirmation", "exploratory"]
"""bound: e**-score, for a known expectation and persons who answer independently; replicates: worlds drawn from a known
expectation; bootstrap: worlds to which the baseline is fitted again; confirmation: persons held back from the search;
exploratory: no p at all."""

BASELINES = ("composition", "overall", "earlier", "programme")
"""composition: main effects of what the people are like (default); overall: one rate for all;
earlier: the same stratum in the earlier half of the period; programme: each programme against itself."""


MONTHS_OF_A_SEASON = 24
"""Fewer cannot tell a season from what came once."""
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Season:
    """Whether an excess comes and goes with the year. Case-side: it is in no release.

    months: from the first to the last with anybody asked, of the last ten years. p: of the wave. peak: month of the
    year, 1..12, in which the excess is greatest; ratio: its odds over those of the opposite month; agree: of `years`
    (12 months each) those that the wave tells better. All None where it cannot be told.
    """

    told: Literal["seasonal", "not seasonal", "cannot tell"]
    months: int
    p: float | None = None
    peak: int | None = None
    ratio: float | None = None
    agree: int | None = None
    years: int | None = None

    def sentence(self) -> str:
        """The same in words, without counts of persons."""
        if self.told == "cannot tell" or self.peak is None:
            return (
                f"Fewer than {MONTHS_OF_A_SEASON} months are known: whether it is bound to the season cannot be told."
            )
        if self.told == "not seasonal":
            return "Nothing says that the excess is bound to months of the year."
        opposite = MONTH_NAMES[(self.peak + 5) % 12]
        return (
            f"The excess comes and goes with the year: it is greatest around {MONTH_NAMES[self.peak - 1]}, with odds "
            f"{self.ratio:.1f} times those around {opposite}, in {self.agree} of {self.years} years."
        )


@dataclass(frozen=True)
class Finding:
    """One sub-population in which "yes" is unexpectedly frequent. Case-side: every number is exact.

    inside: bool, shape (persons,), membership in the order of Asked.person.
    expected, excess: persons. share: yes / persons. score: nats, description length already paid.
    p: search-corrected; None where only the word "exploratory" is honest.
    excess_low, excess_high, expected: from the confirmation half scaled to all where p_from is "confirmation".
    within_programme: expected share inside when every programme is compared with itself; None cannot be told.
    leave_one_out: still above expectation without any single agency. least_without: the smallest excess then, in
    persons; both None when there is one agency.
    merged: how many of the search's sub-populations are told as this one, because they hold nearly the same persons.
    returned: (column, times) for each restricted column, when asked for: in how many of 50 searches among persons drawn
    again nearly the same values of it came back.
    onset, onset_low, onset_high: months from the period's first day; None cannot be told.
    """

    where: Where
    inside: NDArray[np.bool_]
    persons: int
    yes: int
    expected: float
    excess_low: float
    excess_high: float
    score: float
    p: float | None
    p_from: PFrom
    within_programme: float | None
    agrees: bool | None
    onset: int | None
    onset_low: int | None
    onset_high: int | None
    persists: bool | None
    leave_one_out: bool | None
    least_without: float | None = None
    merged: int = 1
    returned: tuple[tuple[str, int], ...] = ()
    agreed: int = 1
    starts: int = 1
    runner_up: float | None = None
    season: Season | None = None

    @property
    def excess(self) -> float:
        """Persons with the trouble beyond the expected number."""
        return self.yes - self.expected


@dataclass(frozen=True)
class Search:
    """All that came of searching one question, the empty result included.

    findings: those beyond chance at 5 % (and, behind them, exploratory ones that passed the same score), best first.
    subsets_log10: log10 of how many sub-populations were within reach.
    smallest, smallest_people: smallest excess share (0..1) among so many persons seen with power 0.8; None: no search.
    note: why there was no search, or "".
    """

    question: str
    persons: int
    baseline: str
    findings: tuple[Finding, ...]
    subsets_log10: float
    smallest: float | None
    smallest_people: int | None
    note: str = ""
