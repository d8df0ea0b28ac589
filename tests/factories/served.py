"""An invented agency's own table: persons served, by county > tract, age and race, some of them housed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

COUNTIES = ("Ash", "Birch", "Cedar")
AGES = ("Under 18", "18-24", "25-64", "65+")
RACES = ("Black", "White", "Other")

Rows = list[dict[str, str]]


def served(seed: int = 3, *, tracts: int = 3, mean: float = 36.0) -> Rows:
    """Every combination with its count, zeros included; skewed, so that many are small."""
    random = np.random.default_rng(seed)
    rows = []
    for county in COUNTIES:
        for tract in range(1, tracts + 1):
            for age in AGES:
                for race in RACES:
                    persons = int(random.gamma(0.6, mean / 0.6))
                    housed = int(random.binomial(persons, 0.3))
                    words = {"county": county, "tract": f"{county[0]}{tract}", "age": age, "race": race}
                    rows.append(words | {"persons": str(persons), "housed": str(housed)})
    return rows


def written(path: Path, rows: Rows, *columns: str) -> Path:
    """The rows as CSV, some of the columns or all."""
    names = columns or tuple(rows[0])
    lines = [",".join(names), *(",".join(row[name] for name in names) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def summed(rows: Rows, *columns: str) -> Rows:
    """The rows added up over every other column."""
    found: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        key = tuple(row[name] for name in columns)
        persons, housed = found.get(key, [0, 0])
        found[key] = [persons + int(row["persons"]), housed + int(row["housed"])]
    return [
        dict(zip(columns, key, strict=True)) | {"persons": str(persons), "housed": str(housed)}
        for key, (persons, housed) in found.items()
    ]
