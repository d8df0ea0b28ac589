"""The search beside its aims and its peers. `run` measures all parts, or those that are named.

Sizes are set by the environment (bench/scan/asked.py); a smaller size is said in the table.
"""

from __future__ import annotations

import importlib
from dataclasses import replace

import click

from bench.rows import Options, Row
from bench.scan import asked

PARTS = ("speed", "peers", "quality", "nulls", "power", "memory")


def run(options: Options) -> list[Row]:
    """Every part, or those of `--part` or UPWELL_BENCH_PARTS (words with commas between)."""
    chosen = options.parts or asked.words("PARTS") or PARTS
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        raise click.UsageError(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    rows: list[Row] = []
    for part in chosen:
        click.echo(f"scan, {part} ...", err=True)
        rows += [replace(row, part=part) for row in importlib.import_module(f"bench.scan.{part}").run(options)]
    return rows


def said(words: str) -> None:
    """A line of progress."""
    click.echo(f"  {words}", err=True)
