"""Protections: what may be shown, by whose rule, since when. The numbers lie in protections/*.toml, with source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from upwell.evidence.errors import EvidenceError

DEFAULT = "hmis-agency"


@dataclass(frozen=True)
class Protection:
    """The rules one release is made under.

    threshold: persons; counts from 1 to threshold - 1 are never shown. width: persons; the smallest distance between
    the least and the greatest value that a hidden small count may have, given everything shown.
    full: zeros are hidden too, and every value from 0 to threshold - 1 must stay possible.
    group_disclosure: nobody or everybody (0 % or 100 %) is hidden in every column, not only in sensitive ones.
    sparse_share: 0..1; a table with a larger share of its non-zero cells below the threshold is made coarser.
    p_percent: amounts: a sum is protected when the second largest contributor can estimate the largest to within this
    percent (None: no such rule). dominance: (n, k): a sum is protected when its n largest contributors make up more
    than k percent (None: no such rule). separate_ledger: its releases stand in a ledger of their own.
    coarsest_place: "county" or "" ; no place finer than it is ever asked for. free_text: whether names of agencies and
    projects, and other words out of the records, may be printed.
    words: the promise in one sentence, for the reader. source: who says so, for the reader.
    """

    name: str
    threshold: int
    width: int
    full: bool
    group_disclosure: bool
    sparse_share: float
    words: str
    source: str
    p_percent: float | None = None
    dominance: tuple[int, float] | None = None
    separate_ledger: bool = False
    coarsest_place: str = ""
    free_text: bool = True


def names() -> tuple[str, ...]:
    """Every protection that `load` knows, the default first."""
    found = (entry.name.removesuffix(".toml") for entry in _folder().iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(found, key=lambda name: (name != DEFAULT, name)))


def load(name: str, on: date) -> Protection:
    """The protection `name` as it stood on a day.

    Raises EvidenceError for a name that `names` does not hold, or a day before the rule existed.
    """
    if name not in names():
        raise EvidenceError(f"There is no protection called {name!r}. Choose one of: {', '.join(names())}.")
    pack = tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8"))
    threshold = _valid(name, "threshold", pack["threshold"]["values"], on)
    return Protection(
        name=name,
        threshold=int(threshold["value"]),
        width=int(_valid(name, "width", pack["width"]["values"], on)["value"]),
        full=bool(pack.get("full", False)),
        group_disclosure=bool(pack.get("group_disclosure", False)),
        sparse_share=float(_valid(name, "sparse_share", pack["sparse_share"]["values"], on)["value"]),
        words=str(pack["words"]),
        source=str(threshold["source"]),
    )


# Any: a TOML value is a date, a number or a text; each is converted by name above.
def _valid(name: str, what: str, values: Iterable[Mapping[str, Any]], on: date) -> Mapping[str, Any]:
    begun = [value for value in values if value["from"] <= on]
    if not begun:
        raise EvidenceError(f"The protection {name!r} has no {what} for {on.isoformat()}. Choose a later day.")
    return max(begun, key=lambda value: value["from"])


def _folder() -> resources.abc.Traversable:
    return resources.files(__package__) / "protections"
