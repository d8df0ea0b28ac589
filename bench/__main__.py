"""`./upwell bench [NAME ...]`: measure, print a table, and write it down when asked."""

from __future__ import annotations

import importlib
import secrets
import tempfile
from datetime import date
from pathlib import Path

import click

from bench import machine
from bench.rows import Options, Row

HERE = Path(__file__).parent
TABLE = HERE.parent / "docs" / "reference" / "benchmarks.md"
NOT_BENCHES = {"__init__", "__main__", "rows", "spent", "machine"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHES)


@click.command()
@click.argument("benches", nargs=-1, metavar="[NAME ...]")
@click.option(
    "--people",
    default=705_000,
    show_default=True,
    help="Size of the large invented county; 705,000 people have a million enrollments.",
)
@click.option("--seed", type=int, help="Base seed of what is invented; fresh by default, and printed.")
@click.option("--counties", default=10, show_default=True, help="Counties with a hidden plant.")
@click.option("--nulls", default=20, show_default=True, help="Counties with nothing planted.")
@click.option("--write", is_flag=True, help="Write the table to docs/reference/benchmarks.md.")
def main(*, benches: tuple[str, ...], people: int, seed: int | None, counties: int, nulls: int, write: bool) -> None:
    """Measure what Upwell costs and finds, beside the aims.

    \b
    Example:  ./upwell bench
              ./upwell bench line --people 100000
              ./upwell bench plants --counties 10 --seed 20260301 --write
    """
    unknown = set(benches) - set(names())
    if unknown:
        raise click.UsageError(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names())}.")
    base = secrets.randbelow(2**31) if seed is None else seed
    measured: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory(prefix="upwell-bench-") as work:
        for name in benches or names():
            click.echo(f"{name} (seed {base}) ...", err=True)
            options = Options(people, base, Path(work), counties, nulls)
            measured[name] = [_row(row) for row in importlib.import_module(f"bench.{name}").run(options)]
            click.echo(_table({name: measured[name]}))
    if write:
        _write(measured, base)


def _row(row: Row | tuple[str, str, str, bool | None]) -> Row:
    return row if isinstance(row, Row) else Row(*row)


def _table(measured: dict[str, list[Row]]) -> str:
    lines = ["| aim | wanted | measured | met |", "|---|---|---|---|"]
    for rows in measured.values():
        for row in rows:
            met = {True: "yes", False: "**no**", None: "not measured"}[row.met]
            lines.append(f"| {row.aim} | {row.wanted} | {row.figure} | {met} |")
    return "\n".join(lines)


def _write(measured: dict[str, list[Row]], seed: int) -> None:
    head = [
        "# Benchmarks",
        "",
        "Written by `./upwell bench --write`. Processor seconds are of the command and its children.",
        "",
    ]
    about = [f"* {line}" for line in machine.words()] + [f"* {date.today()}, base seed {seed}", ""]
    parts = [part for name, rows in measured.items() for part in (f"## {name}", "", _table({name: rows}), "")]
    TABLE.write_text("\n".join([*head, *about, *parts]))
    click.echo(f"Written to {TABLE.relative_to(HERE.parent)}", err=True)


if __name__ == "__main__":
    main()
