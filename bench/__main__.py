"""`./upwell bench [NAME ...]`: measure, print a table, and write it down when asked."""

from __future__ import annotations

import importlib
import re
import secrets
import tempfile
from datetime import date
from pathlib import Path

import click

from bench import machine
from bench.rows import Options, Row

HERE = Path(__file__).parent
TABLE = HERE.parent / "docs" / "reference" / "benchmarks.md"
NOT_BENCHES = {"__init__", "__main__", "rows", "spent", "machine", "site", "peers", "parts"}


def names() -> list[str]:
    """The benchmarks there are: modules, and packages with a `run`."""
    found = {path.stem for path in HERE.glob("*.py")} | {path.parent.name for path in HERE.glob("*/__init__.py")}
    return sorted(found - NOT_BENCHES)


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
@click.option("--part", "parts", multiple=True, help="Part of a benchmark that has some (disclosure); may be repeated.")
@click.option("--write", is_flag=True, help="Write what was measured into docs/reference/benchmarks.md.")
def main(
    *,
    benches: tuple[str, ...],
    people: int,
    seed: int | None,
    counties: int,
    nulls: int,
    parts: tuple[str, ...],
    write: bool,
) -> None:
    """Measure what Upwell costs and finds, beside the aims.

    \b
    Example:  ./upwell bench
              ./upwell bench line --people 100000
              ./upwell bench plants --counties 10 --seed 20260301 --write
              ./upwell bench disclosure --part engine --part whole
    """
    unknown = set(benches) - set(names())
    if unknown:
        raise click.UsageError(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names())}.")
    base = secrets.randbelow(2**31) if seed is None else seed
    measured: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory(prefix="upwell-bench-") as work:
        for name in benches or names():
            click.echo(f"{name} (seed {base}) ...", err=True)
            options = Options(people, base, Path(work), counties, nulls, parts)
            for row in map(_row, importlib.import_module(f"bench.{name}").run(options)):
                measured.setdefault(f"{name}: {row.part}" if row.part else name, []).append(row)
    for title, rows in measured.items():
        click.echo(f"## {title}\n\n{_table(rows)}\n")
    if write:
        _write(measured, base)


def _row(row: Row | tuple[str, str, str, bool | None]) -> Row:
    return row if isinstance(row, Row) else Row(*row)


def _table(rows: list[Row]) -> str:
    lines = ["| aim | wanted | measured | met |", "|---|---|---|---|"]
    for row in rows:
        met = "" if row.wanted == "reported" else {True: "yes", False: "**no**", None: "not measured"}[row.met]
        lines.append(f"| {row.aim} | {row.wanted} | {row.figure} | {met} |")
    return "\n".join(lines)


def _write(measured: dict[str, list[Row]], seed: int) -> None:
    """Put each section that was measured in the place of the one before it; the others stay as they are."""
    text = TABLE.read_text()
    about = [*machine.words(), f"{date.today()}, base seed {seed}"]
    for title, rows in measured.items():
        text = with_section(text, title, "\n".join([*(f"* {line}" for line in about), "", _table(rows)]))
    TABLE.write_text(text)
    click.echo(f"Written to {TABLE.relative_to(HERE.parent)}", err=True)


def with_section(text: str, title: str, body: str) -> str:
    """A page with one section written anew: in its old place, or after the last one of the same benchmark."""
    head, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    titles = [section.partition("\n")[0].removeprefix("## ") for section in sections]
    whole = f"## {title}\n\n{body}\n"
    if title in titles:
        sections[titles.index(title)] = whole
    else:
        family = [at for at, each in enumerate(titles, 1) if each.partition(":")[0] == title.partition(":")[0]]
        sections.insert(max(family, default=len(sections)), whole)
    return "\n".join(part.rstrip("\n") + "\n" for part in (head, *sections))


if __name__ == "__main__":
    main()
