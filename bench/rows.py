"""One measured figure beside its aim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """people: size of the large invented county. seed: base seed of what is invented. work: folder for files.

    parts: of a benchmark that has some, those to measure; () all.
    """

    people: int
    seed: int
    work: Path
    counties: int
    nulls: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """aim and figure as printed; met: None where it could not be measured, with `figure` saying why.

    part: which part of its benchmark; each has a table of its own.
    """

    aim: str
    wanted: str
    figure: str
    met: bool | None
    part: str = ""
