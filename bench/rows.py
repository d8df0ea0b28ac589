"""One measured figure beside its aim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """people: size of the large invented county. seed: base seed of what is invented. work: folder for files."""

    people: int
    seed: int
    work: Path
    counties: int
    nulls: int
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """aim and figure as printed; met: None where it could not be measured, with `figure` saying why."""

    aim: str
    wanted: str
    figure: str
    met: bool | None
