"""What is asked of a search beside its source, and what may be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import BASELINES

Progress = Callable[[str, float], None]
Role = str | Sequence[object] | None
"""A column's name, or one value a row."""
Ordered = Sequence[str] | Mapping[str, Sequence[object]]
Groups = Mapping[str, Mapping[str, Sequence[object]]]
Objective = Literal["description", "any set"]

MOST_FINDINGS = 5


@dataclass(frozen=True)
class Options:
    """As the keywords of `find_patterns` of the same names."""

    yes: Role
    attributes: tuple[str, ...] | None
    ordered: Mapping[str, Sequence[object]]
    groups: Groups
    expected: Role
    baseline: str
    person: Role
    household: Role
    cluster: Role
    programme: Role
    month: Role
    objective: Objective
    penalty: float
    findings: int
    least: int
    seed: int
    stability: bool
    happened: str


def ordered_of(ordered: Ordered) -> dict[str, Sequence[object]]:
    """Name -> values in order, () for the usual order of numbers."""
    if isinstance(ordered, Mapping):
        return {str(name): values for name, values in ordered.items()}
    return {name: () for name in names_from(ordered)}


def names_from(names: Sequence[str] | str) -> tuple[str, ...]:
    """One name or several."""
    return (names,) if isinstance(names, str) else tuple(str(name) for name in names)


def check(asked: Options, weights: object) -> None:
    """Raises EvidenceError, with what to do, for what cannot be asked."""
    if weights is not None:
        raise EvidenceError(
            "Weights are not taken: every row is one person, counted once. Give one row a person; where people were "
            "sampled unevenly, give what was expected of each as `expected`."
        )
    if asked.baseline not in BASELINES:
        raise EvidenceError(f"There is no baseline {asked.baseline!r}. Choose one of: {', '.join(BASELINES)}.")
    needed = {"programme": asked.programme, "earlier": asked.month}.get(asked.baseline, "")
    if needed is None and asked.expected is None:
        name = "programme" if asked.baseline == "programme" else "month"
        raise EvidenceError(f"The baseline {asked.baseline!r} needs {name}=: a column or one value a row.")
    _check_objective(asked)
    _check_numbers(asked)
    for name, nodes in asked.groups.items():
        if not isinstance(nodes, Mapping):
            raise EvidenceError(
                f"The groups of {name!r} are a mapping of words to values: {{'in North': ['n1', 'n2']}}."
            )
        if name in asked.ordered:
            raise EvidenceError(f"{name!r} is either ordered or grouped, not both.")


def _check_objective(asked: Options) -> None:
    if asked.objective not in ("description", "any set"):
        raise EvidenceError("The objective is 'description' or 'any set'.")
    if asked.objective == "any set" and asked.expected is None:
        raise EvidenceError("The objective 'any set' needs `expected`: what was expected of each person, known before.")
    if not 0 < asked.penalty < float("inf"):
        raise EvidenceError("The penalty is a number of nats a value, more than 0.")


def _check_numbers(asked: Options) -> None:
    if asked.least < 1:
        raise EvidenceError("`least` is the fewest persons with, and without, the trouble in a finding: 1 or more.")
    if not 1 <= asked.findings <= MOST_FINDINGS:
        raise EvidenceError(f"`findings` is how many are looked for: 1 to {MOST_FINDINGS}.")
