"""The invented county: its towns, agencies and projects, from county.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Town:
    name: str
    zip: str


@dataclass(frozen=True)
class Project:
    """share: its part of the stays in projects of the same type, any positive number. housing, funder: HUD's codes."""

    name: str
    agency: int
    town: str
    type: int
    share: float
    funder: int
    housing: int = -1


@dataclass(frozen=True)
class Places:
    """Where help is sought. agencies: names; the one of a victim service provider, if any, is the last."""

    name: str
    coc: str
    towns: tuple[Town, ...]
    agencies: tuple[str, ...]
    projects: tuple[Project, ...]
    victim_provider: bool

    @property
    def types(self) -> NDArray[np.int32]:
        """HUD project type of each project, in order."""
        return np.array([project.type for project in self.projects], np.int32)

    @property
    def town_of(self) -> NDArray[np.int32]:
        """Index of the town of each project."""
        names = [town.name for town in self.towns]
        return np.array([names.index(project.town) for project in self.projects], np.int32)

    @property
    def agency_of(self) -> NDArray[np.int32]:
        """Index of the agency of each project."""
        return np.array([project.agency for project in self.projects], np.int32)


def places(*, victim_provider: bool = False) -> Places:
    """The county of county.toml, with the victim service provider's shelter only when asked for."""
    stated = tomllib.loads(files(__package__).joinpath("county.toml").read_text("utf-8"))
    projects = list(stated["projects"])
    agencies = list(stated["agencies"])
    if victim_provider:
        projects.append(stated["victim_provider"]["project"])
        agencies.append(stated["victim_provider"]["agency"])
    return Places(
        name=stated["name"],
        coc=stated["coc"],
        towns=tuple(Town(**town) for town in stated["towns"]),
        agencies=tuple(agencies),
        projects=tuple(Project(**project) for project in projects),
        victim_provider=victim_provider,
    )
