"""Invented records as Parquet files, and how nearly a subset is the planted one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from upwell.records.cases.synthetic.rows import COUNTY, NAMES, Recipe, pieces, world

Subset = dict[str, list[int]]
"""Attribute -> its values allowed; an attribute that is not restricted is left out."""


@dataclass(frozen=True)
class Made:
    """path: of the Parquet file, a word an attribute ("race 03"), yes and expected. plant: what was hidden in it.

    Beside each tract stands the county it lies in, as in records of addresses: ours and the peers read both.
    """

    path: Path
    recipe: Recipe
    plant: Subset


def made(recipe: Recipe, folder: Path) -> Made:
    """Write a recipe's records, a piece at a time."""
    held, parts = world(recipe), folder / f"parts-{recipe.rows}-{recipe.seed}"
    path = folder / f"rows-{recipe.rows}-{recipe.seed}.parquet"
    parts.mkdir(parents=True)
    for number, each in enumerate(pieces(held)):
        columns = {**dict(zip(NAMES, each.codes, strict=True)), "yes": each.yes, "expected": each.expected}
        with duckdb.connect() as database:
            database.execute("CREATE TABLE piece AS SELECT * FROM columns")
            database.execute(f"COPY piece TO '{parts}/{number:05d}.parquet' (FORMAT parquet)")
        del columns
    words = ", ".join(f"'{name} ' || lpad({name}::VARCHAR, 2, '0') AS {name}" for name in NAMES)
    with duckdb.connect(config={"memory_limit": "4GB", "threads": 2}) as database:
        words += f", 'county ' || lpad((tract // {COUNTY})::VARCHAR, 2, '0') AS county"
        source = f"SELECT {words}, yes, expected FROM read_parquet('{parts}/*.parquet')"
        database.execute(f"COPY ({source}) TO '{path}' (FORMAT parquet)")
    shutil.rmtree(parts)
    return Made(path, recipe, {name: list(values) for name, values in held.plant})


def code_of(word: str) -> int:
    """The number of a value: 3 of "race 03"."""
    return int(word.rpartition(" ")[2])


def jaccard(file: Made, found: Subset) -> float:
    """Rows in both the found and the planted subset, over rows in either; 0 where nothing was found."""
    if not found:
        return 0.0
    one, other = _condition(found), _condition(file.plant)
    asked = f"SELECT count(*) FILTER ({one} AND {other}), count(*) FILTER ({one} OR {other})"
    both, either = duckdb.sql(f"{asked} FROM read_parquet('{file.path}')").fetchall()[0]
    return float(both / either) if either else 0.0


def _condition(subset: Subset) -> str:
    listed = {name: ", ".join(f"'{name} {value:02d}'" for value in values) for name, values in subset.items()}
    return "(" + " AND ".join(f"{name} IN ({values})" for name, values in listed.items()) + ")"
