"""The gate beside its aims and its peers. `run` measures all parts, or those that are named.

Sizes are set by the environment (bench/disclosure/asked.py); a smaller size is said in the table.
"""

from __future__ import annotations

import importlib
from dataclasses import replace

import click

from bench.disclosure import asked
from bench.disclosure.reliability import measure
from bench.rows import Options, Row

__all__ = ["PARTS", "measure", "run"]

PARTS = ("engine", "reliability", "sequences", "whole", "established")


def run(options: Options) -> list[Row]:
    """Every part, or those of `--part` or UPWELL_BENCH_PARTS (words with commas between)."""
    chosen = options.parts or asked.words("PARTS") or PARTS
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        raise click.UsageError(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    rows: list[Row] = []
    for part in chosen:
        click.echo(f"disclosure, {part} ...", err=True)
        rows += [replace(row, part=part) for row in importlib.import_module(f"bench.disclosure.{part}").run(options)]
    return rows
