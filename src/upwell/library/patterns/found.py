"""What a search found, with exact counts: for the case team alone. The repr says so and shows no count."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.question import PFrom, Search, Season
from upwell.library.patterns import picture, words
from upwell.library.patterns.picture import Picture
from upwell.library.patterns.words import Restricted

NOT_PROTECTED = "NOT PROTECTED: exact counts, for the case team alone"


@dataclass(frozen=True, repr=False, eq=False)
class Pattern:
    """One group of people in which yes is more frequent than expected. Every number is exact.

    where: (attribute, its values) for each restricted attribute; group: the same in words.
    persons, yes: inside; elsewhere_persons, elsewhere_yes: of everyone else.
    expected, excess, excess_low, excess_high: persons; the interval is 95 %, dependence and fitting reckoned in.
    odds_ratio: of the odds inside to the odds expected, at least 1; inf where everybody said yes.
    p: search-corrected; None is exploratory. p_from: where p comes from (see docs/reference/library.md).
    stands: among all findings, at a false-discovery rate of 5 %, by e-values; None where they do not hold (a fitted
    expectation, people who answer alike, "any set").
    score: nats, the price of the description paid. overstated: the size was measured on those who were searched.
    onset, onset_low, onset_high: first month of the excess ("2025-03", or a number where months were numbers); None
    cannot be told. persists: above expectation in the last three months. within_programme: share expected inside when
    every programme is compared with itself; agrees: the group stands out there too. leave_one_out: still above without
    any single cluster; least_without: the smallest excess then, in persons; both None with one cluster. returned:
    (attribute, times) among 50 searches of people drawn again, when asked for.
    season: whether the excess comes and goes with the year; None where no month of the year is known.
    agreed, starts: of so many starts of the search so many ended here. runner_up: score of the best other end, mostly a
    near relative; None cannot be told. merged: of how many descriptions of nearly the same people this is the one told.
    months: (month, persons, yes) of such people, every month of the source; () where no months were given.
    """

    where: Restricted
    group: str
    happened: str
    baseline: str
    persons: int
    yes: int
    elsewhere_persons: int
    elsewhere_yes: int
    expected: float
    excess_low: float
    excess_high: float
    odds_ratio: float
    score: float
    p: float | None
    p_from: PFrom
    stands: bool | None
    overstated: bool
    onset: str | int | None
    onset_low: str | int | None
    onset_high: str | int | None
    persists: bool | None
    within_programme: float | None
    agrees: bool | None
    leave_one_out: bool | None
    least_without: float | None
    returned: tuple[tuple[str, int], ...]
    season: Season | None
    agreed: int
    starts: int
    runner_up: float | None
    merged: int
    months: tuple[tuple[str | int, int, int], ...]
    inside: NDArray[np.bool_]

    @property
    def excess(self) -> float:
        """Persons with the trouble beyond the expected number."""
        return self.yes - self.expected

    @property
    def share(self) -> float:
        """Share of yes inside, 0..1."""
        return self.yes / self.persons

    @property
    def expected_share(self) -> float:
        """Share expected inside, 0..1."""
        return self.expected / self.persons

    def sentence(self) -> str:
        """The finding in plain words: how many, who, compared with what, how sure, since when."""
        return words.of_pattern(self)

    def plot(self, over: str = "group") -> Picture:
        """The same numbers as a picture: over "group" beside everyone else, or over "months"."""
        return picture.of_pattern(self, over)

    def to_dict(self) -> dict[str, object]:
        """Every field but the membership, in types that JSON knows (inf is None)."""
        held: dict[str, object] = {
            each.name: _plain(getattr(self, each.name)) for each in fields(self) if each.name != "inside"
        }
        return held | {"share": self.share, "expected_share": self.expected_share, "excess": self.excess}

    def __repr__(self) -> str:
        """The group, and that nothing of it may be shown outside; no count."""
        return f"Pattern({NOT_PROTECTED}; {self.group})"

    def _repr_html_(self) -> str:
        return words.html(repr(self))


@dataclass(frozen=True, repr=False, eq=False)
class Patterns:
    """What a search found, best first; with exact counts.

    findings: may be empty, which is a result. persons, yes: searched. baseline: what expected means. objective: how
    groups were scored. attributes: searched. said: what was done on the way that a reader must know.
    note: why there was no search, or "". smallest, smallest_people: the smallest excess share (0..1) among so many
    people that would have been seen four times in five; None cannot be told. seed: same seed, same answer.
    search: the same as the brief's own search hands it on.
    """

    findings: tuple[Pattern, ...]
    persons: int
    yes: int
    baseline: str
    objective: str
    attributes: tuple[str, ...]
    said: tuple[str, ...]
    note: str
    smallest: float | None
    smallest_people: int | None
    seed: int
    rows_given: int
    search: Search
    _rows: NDArray[np.int64]

    def members(self, k: int = 0) -> NDArray[np.bool_]:
        """Who is in finding k; bool, shape (rows given,). Of a person's several rows, only the one that was counted."""
        held = np.zeros(self.rows_given, dtype=np.bool_)
        held[self._rows] = self.findings[k].inside
        return held

    def sentence(self) -> str:
        """What was found, in plain words; that nothing was, and what could have been seen, where it was not."""
        return words.of_patterns(self)

    def rows(self) -> list[dict[str, object]]:
        """One flat row a finding: what a data frame is made from."""
        left_out = ("where", "months", "returned")
        return [
            {"finding": at}
            | {name: value for name, value in each.to_dict().items() if name not in left_out}
            | {"season": each.season.told if each.season else None}
            for at, each in enumerate(self.findings)
        ]

    def plot(self, k: int = 0, over: str = "group") -> Picture:
        """A picture of finding k, as `Pattern.plot`."""
        return self.findings[k].plot(over)

    def to_dict(self) -> dict[str, object]:
        """Everything but who is who, in types that JSON knows; with the words that it is not protected."""
        names = ("persons", "yes", "baseline", "objective", "note", "smallest", "smallest_people", "seed", "rows_given")
        held: dict[str, object] = {"protected": False} | {name: _plain(getattr(self, name)) for name in names}
        lists = {"attributes": list(self.attributes), "said": list(self.said)}
        return held | lists | {"findings": [each.to_dict() for each in self.findings]}

    @cached_property
    def _summary(self) -> str:
        many = len(self.findings)
        return f"Patterns({NOT_PROTECTED}; {many} finding{'' if many == 1 else 's'})"

    def __repr__(self) -> str:
        """How many findings, and that nothing in it may be shown outside; no count of persons."""
        return self._summary

    def _repr_html_(self) -> str:
        return words.html(repr(self))

    def __len__(self) -> int:
        """How many findings there are."""
        return len(self.findings)


def _plain(value: object) -> object:
    if isinstance(value, Season):
        return {name: _plain(held) for name, held in asdict(value).items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
