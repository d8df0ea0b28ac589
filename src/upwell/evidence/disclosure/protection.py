"""Protections: what may be shown, by whose rule, since when. The numbers lie in protections/*.toml, with source."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from importlib import resources

from upwell.evidence.disclosure.pack import PackError, standing
from upwell.evidence.errors import EvidenceError

DEFAULT = "hmis-agency"
NOT_ADVICE = "Nothing here is legal advice: have counsel confirm a rule before you call a release compliant with it."
OWN_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}\.toml")


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
    words: the promise in one sentence, for the reader. source: who says so, for the reader. since: the first day on
    which this threshold held. small_population: persons; a table of fewer asks for an assessment (None: no such rule).
    instead: what to use in its place, "" where it is kept for more than old releases.
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
    since: date | None = None
    small_population: int | None = None
    instead: str = ""

    @property
    def fits_victim_services(self) -> bool:
        """Whether the records of a victim service provider may be counted under it, by themselves."""
        return self.full and self.separate_ledger and self.coarsest_place == "county" and not self.free_text


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
    file = f"{name}.toml"
    return Protection(name=name, **standing((_folder() / file).read_bytes(), file=file, on=on))


def own(content: bytes, *, file: str, on: date) -> Protection:
    """An agency's own rule pack, called as its file; the source that every release prints holds the pack's digest.

    Raises PackError, naming file and key, for a pack that is not whole, and for the name of one that Upwell brings.
    """
    name = file.removesuffix(".toml")
    if not OWN_NAME.fullmatch(file):
        raise PackError(f"{file}: a rule pack is called as its file; use small letters, digits, hyphens and .toml.")
    if name in names():
        raise PackError(f"{file}: {name!r} is a pack that Upwell brings. Give your own another name.")
    found = dict(standing(content, file=file, on=on))
    digest = hashlib.sha256(content).hexdigest()[:16]
    found["source"] = f"{found['source']}; the agency's own rule pack {file}, SHA-256 {digest}"
    return Protection(name=name, **found)


def _folder() -> resources.abc.Traversable:
    return resources.files(__package__) / "protections"
