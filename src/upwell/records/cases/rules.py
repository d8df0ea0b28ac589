"""Every rule the readers of cases apply, from rules.toml: its name, how serious it is, what it does, and why."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Severity = Literal["note", "warning", "error"]
Effect = Literal["flag", "repair", "supersede", "quarantine", "delete"]


@dataclass(frozen=True)
class Rule:
    """severity: note tells, warning asks for a look, error costs rows or answers. effect: what became of the row."""

    name: str
    severity: Severity
    effect: Effect
    reason: str


def _rules() -> dict[str, Rule]:
    table = tomllib.loads(resources.files(__package__).joinpath("rules.toml").read_text("utf-8"))
    return {name: Rule(name, **entry) for name, entry in table.items()}


RULES = _rules()
