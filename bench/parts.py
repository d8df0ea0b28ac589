"""What benchmarks of several parts share: which parts are measured, how much of each, and a line of progress."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

import click

from bench.rows import Options, Row


@dataclass(frozen=True)
class Asked:
    """How much is measured: UPWELL_BENCH_<name> of the surroundings, else what the aim asks for.

    aims: by name, words with commas between; a name that is not among them has none.
    """

    aims: Mapping[str, str]

    def words(self, name: str) -> tuple[str, ...]:
        """What is asked, word by word."""
        told = os.environ.get(f"UPWELL_BENCH_{name}", self.aims.get(name, ""))
        return tuple(each for each in told.split(",") if each)

    def sizes(self, name: str) -> tuple[int, ...]:
        """The same as whole numbers."""
        return tuple(int(each) for each in self.words(name))

    def size(self, name: str) -> int:
        """The same where it is one number."""
        return self.sizes(name)[0]

    def usual(self, name: str) -> bool:
        """Whether as much is measured as the aim asks for."""
        return ",".join(self.words(name)) == self.aims[name]


def run_parts(bench: str, parts: tuple[str, ...], asked: Asked, options: Options) -> list[Row]:
    """Every part of a bench, or those of `--part` or UPWELL_BENCH_PARTS (words with commas between)."""
    chosen = options.parts or asked.words("PARTS") or parts
    unknown = sorted(set(chosen) - set(parts))
    if unknown:
        raise click.UsageError(f"No such part: {', '.join(unknown)}. There are: {', '.join(parts)}.")
    rows: list[Row] = []
    for part in chosen:
        click.echo(f"{bench}, {part} ...", err=True)
        rows += [replace(row, part=part) for row in importlib.import_module(f"bench.{bench}.{part}").run(options)]
    return rows


def said(words: str) -> None:
    """A line of progress."""
    click.echo(f"  {words}", err=True)
