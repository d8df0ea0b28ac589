"""`upwell attack`: what anybody can work out of published tables, ours or others', and how."""

from __future__ import annotations

from pathlib import Path

import click

from upwell.cli import attacked, broken, options
from upwell.cli.errors import DoorError
from upwell.cli.exits import FINDINGS, OK
from upwell.cli.lists import JSON_HELP
from upwell.cli.narrate import narrator
from upwell.cli.output import staged
from upwell.evidence.disclosure.attacking.unknowns import ANSWER
from upwell.records.tables.published import Layout


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@click.option("--by", multiple=True, metavar="COLUMNS", help="Columns counted by: county,age. Default: found.")
@click.option("--count", default="", metavar="COLUMN", help="Column of counts. Default: found.")
@click.option("--yes", default="", metavar="COLUMN", help="Column of how many of those counted said yes.")
@click.option(
    "--total",
    "totals",
    multiple=True,
    metavar="WORD",
    help="Word that marks totals; may be given more than once. Default: Total, All, blank and the like.",
)
@click.option("--hidden", multiple=True, metavar="MARK", help="A further mark of what is withheld.")
@click.option("--zero", multiple=True, metavar="MARK", help="A mark that stands for nobody.")
@click.option(
    "--share",
    "shares",
    multiple=True,
    metavar="COLUMN=OVER",
    help='Column of percentages, and the columns over whose total: "percent=age". "percent=counted" is of '
    'those counted (with --yes); "percent=" leaves it out. Default: found, and said.',
)
@click.option("--wide/--long", "wide", default=None, help="Header labels are values, or column names. Default: found.")
@click.option(
    "--zeros-shown/--zeros-hidden",
    "zeros_shown",
    default=None,
    help="The publisher always prints zeros, or hides them too. Default: as the marks suggest, and said.",
)
@click.option(
    "--absent",
    type=click.Choice(["zero", "withheld", "unknown"]),
    help="What a combination without a row is. Default: zero where something is marked as withheld.",
)
@click.option("--over-time", is_flag=True, help="Each file counts those of the file before it, and newcomers.")
@options.seed("Seed of all chance.")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for report.html and its like.")
@click.pass_context
def attack(
    ctx: click.Context, *, paths: tuple[Path, ...], by: tuple[str, ...], count: str, yes: str,
    totals: tuple[str, ...], hidden: tuple[str, ...], zero: tuple[str, ...], shares: tuple[str, ...],
    wide: bool | None, zeros_shown: bool | None, absent: str | None, over_time: bool, seed: int, as_json: bool,
    output: Path | None,
) -> None:  # fmt: skip
    """Work out what published tables meant to withhold, and say how.

    PATH is a release of Upwell (its folder, zip or release.json; several are attacked together), or CSV files as
    anybody publishes them: files are linked by equal names of columns and values. Marks such as *, <11, s or 1-10 are
    known. What is printed here is what anybody can work out: handle it with care.

    Ends with 0 when no withheld count follows, 1 when one does, 2 when the tables cannot be read.

    \b
    Example:  ./upwell attack report-2024.csv
              ./upwell attack by-county.csv by-age.csv --count persons -o attacked
              ./upwell attack our-brief/share our-next-brief/share
    """
    layout = Layout(
        by=tuple(name.strip() for each in by for name in each.split(",")),
        count=count,
        yes=yes,
        totals=totals,
        hidden=hidden,
        zero=zero,
        aside=tuple(name for name, over in _shares(shares) if over is None),
        shares={name: over for name, over in _shares(shares) if over is not None} or None,
        wide=wide,
    )
    with narrator() as tell:
        tell.step("Working out what was withheld")
        found = attacked.run(paths, attacked.Ask(layout, zeros_shown, absent or "", over_time, seed))
    if output is not None:
        files = broken.files(found)
        with staged(output) as stage:
            stage.put(files | broken.record(files))
            stage.finish()
    click.echo(broken.as_json(found) if as_json else broken.as_text(found))
    if output is not None and not as_json:
        click.echo(f"\nOpen first: {output / 'report.html'}")
    ctx.exit(FINDINGS if any(each.exact for each in found) else OK)


def _shares(given: tuple[str, ...]) -> list[tuple[str, tuple[str, ...] | None]]:
    """Each column of percentages with what it is of; None leaves it out."""
    told: list[tuple[str, tuple[str, ...] | None]] = []
    for each in given:
        name, sign, over = each.partition("=")
        if not sign:
            raise DoorError(f'--share needs a column and what it is of: "{name}=age", or "{name}=" to leave it out.')
        columns = tuple(part.strip() for part in over.split(",") if part.strip())
        told.append((name.strip(), (ANSWER,) if columns == ("counted",) else columns or None))
    return told
