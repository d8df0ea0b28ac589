"""`upwell protect`: an agency's own table of counts, made safe to publish."""

from __future__ import annotations

import os
import secrets
import sys
from datetime import date
from pathlib import Path

import click

from upwell.cli import options, packs, state, tabled
from upwell.cli.corrected import check_correction
from upwell.cli.errors import DoorError
from upwell.cli.narrate import Narrator, narrator, note
from upwell.cli.period import period as period_of
from upwell.evidence.brief.lost import FEWEST_BY_SIZE
from upwell.evidence.disclosure.protection import DEFAULT
from upwell.evidence.disclosure.release import Release
from upwell.records.tables.table import Layout
from upwell.state import folder, keys, populations

DEFAULT_FOLDER = "upwell-protected"
MOST_REASONS = 8


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@options.output(DEFAULT_FOLDER, "the tables; a former output there is replaced once the new one is complete.")
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMNS",
    help='Columns to count by: county,age; "county>tract" where one lies within the other. '
    "Default: every column that is no number.",
)
@click.option(
    "--count", default="", metavar="COLUMN", help="Column of counts; found when it is the only one of numbers."
)
@click.option("--records", is_flag=True, help="Each row is one person: count them.")
@click.option(
    "--yes",
    default="",
    metavar="COLUMN",
    help="How many of those counted said yes; with --records a column of yes and no.",
)
@click.option(
    "--amount", default="", metavar="COLUMN", help="With --records: add up this column instead (whole numbers)."
)
@click.option(
    "--person", default="", metavar="COLUMN", help="With --records: whom a row belongs to, if one has several."
)
@click.option("--total", default=None, metavar="WORD", help="Word that marks totals.  [default: Total, All]")
@click.option("--add-up", is_flag=True, help="Add up rows of the same combination: nobody stands in two of them.")
@click.option(
    "--tables",
    multiple=True,
    metavar="COLUMNS",
    help='Only this table with its totals, "county*age"; may be given more than once. Default: all combinations.',
)
@click.option("--protection", default=DEFAULT, show_default=True, metavar="NAME|PATH.toml", help=packs.HELP)
@click.option(
    "--percent",
    type=click.IntRange(0, 4),
    metavar="DECIMALS",
    help="Print the share of yes to so many decimals, where that is safe.",
)
@click.option(
    "--classes",
    default="",
    metavar="BREAKS",
    help="Print the class of what is withheld where that is safe: 0,11,50,100",
)
@click.option(
    "--sensitive",
    multiple=True,
    metavar="COLUMN",
    help="Column in which it is a disclosure that all or none of a group have a value.",
)
@click.option(
    "--source",
    default="",
    metavar="NAME",
    help="Whose people are counted: the same name every time. Asked once, then remembered.",
)
@click.option(
    "--period",
    default="",
    metavar="PERIOD",
    help="What the counts are of: 2025, 2025-Q3, 2025-07 or 2025-01-01..2025-12-31.",
)
@click.option(
    "--basis", default="", metavar="TEXT", help="Privacy notice or agreement that permits the release; printed."
)
@options.seed("Seed of all chance; same seed, same answer.")
@options.corrects("Why it is corrected.")
@options.new_ledger("page")
@click.option("--dry-run", is_flag=True, help="Say what would be shown and withheld; write nothing.")
def protect(
    *, file: Path, output: Path, by: tuple[str, ...], count: str, records: bool, yes: str, amount: str, person: str,
    total: str | None, add_up: bool, tables: tuple[str, ...], protection: str, percent: int | None, classes: str,
    sensitive: tuple[str, ...], source: str, period: str, basis: str, seed: int, corrects: str, because: str,
    new_ledger: str, dry_run: bool,
) -> None:  # fmt: skip
    """Make an agency's own table of counts safe to publish.

    FILE is a CSV: one column for each thing counted by, and one of counts (or, with --records, one row a person).
    What may be published lies in share/ afterwards, what is for the case team alone in inside/.

    \b
    Example:  ./upwell protect served.csv --by county,age,race --source "Served by Hope House" --period 2025
              ./upwell protect served.csv --by "county>tract,age" --yes housed --percent 1 -o housed
              ./upwell protect people.csv --records --by county,age --protection cms --dry-run
    """
    check_correction(corrects, because)
    home = folder.where(os.environ) if dry_run else state.home()
    with narrator() as tell:
        ask = tabled.Ask(
            layout=Layout(by, count, records, yes, amount, person, total, add_up),
            source=_source(home, source.strip(), tell),
            period=period_of(_period(period.strip(), tell)),
            tables=tuple(_columns(each) for each in tables),
            protection=packs.chosen(protection),
            percent=percent,
            classes=_classes(classes),
            sensitive=tuple(name.strip() for each in sensitive for name in each.split(",")),
            seed=seed,
            basis=basis.strip(),
            new_ledger=new_ledger.strip(),
            corrects=corrects.strip(),
            because=because.strip(),
        )
        held = _keys_of_a_rehearsal(home) if dry_run else state.agency_keys(home)
        desk = tabled.Desk(home, held, tell, date.today())
        made = tabled.rehearse(file, ask, desk) if dry_run else tabled.run(file, ask, output, desk)
    _tell(made, None if dry_run else output)


def _tell(made: tabled.Made, output: Path | None) -> None:
    for sentence in made.said:
        note(sentence)
    if made.repeated:
        note("This was asked of this table before. It is the same release, to the byte.")
    _tell_loss(made.release)
    if output is None:
        click.echo("Nothing was written.")
        return
    click.echo(f"The exact figures, for you alone: {output / tabled.LOSS}")
    click.echo(f"Open first: {output / 'share' / 'protected.html'}")
    click.echo(f"The table:  {output / 'share' / 'protected.csv'}")


def _tell_loss(release: Release) -> None:
    loss = release.loss
    if loss.shown == loss.cells:
        click.echo(f"Shown: all {loss.cells:,} numbers. Nothing had to be withheld.")
    else:
        click.echo(
            f"Shown: {loss.shown:,} of {loss.cells:,} numbers, and at least {loss.share_large_shown:.0%} of those of "
            f"{release.threshold} and more."
        )
    if loss.shown < loss.cells and loss.cells >= FEWEST_BY_SIZE:
        for words, asked, shown in loss.by_size:
            click.echo(f"  {words}: {shown:,} shown, of at most {asked:,}")
    for reason in loss.coarsened[:MOST_REASONS]:
        click.echo(f"  {reason}")
    if len(loss.coarsened) > MOST_REASONS:
        click.echo(f"  ... and {len(loss.coarsened) - MOST_REASONS} more, on the page.")


def _source(home: Path, given: str, tell: Narrator) -> str:
    """Whose people: as given, the one that is remembered, or as answered at a terminal."""
    known = populations.remembered(home)
    if given:
        if known and given.casefold() not in {name.casefold() for name in known}:
            note(f"{given!r} was never named before: it has a ledger of its own. Named before: {', '.join(known)}.")
        return given
    if len(known) == 1:
        note(f"Whose people: {known[0]} (as before; --source names others).")
        return known[0]
    if known:
        raise DoorError(f"Say whose people are counted, with --source. Named before: {', '.join(known)}.")
    return _answer(tell, "Whose people are counted?", 'Say whose people are counted: --source "Served by Hope House".')


def _period(given: str, tell: Narrator) -> str:
    question = "Which period are the counts of (2025, 2025-Q3, 2025-07 ...)?"
    return given or _answer(tell, question, "Say which period the counts are of: --period 2025")


def _answer(tell: Narrator, question: str, otherwise: str) -> str:
    """What somebody answers at the terminal. Raises DoorError when nobody is there to answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise DoorError(otherwise)
    tell.pause()
    answer = str(click.prompt(question, err=True)).strip()
    tell.resume()
    return answer


def _columns(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.replace("*", ",").split(","))))


def _classes(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(",") if each.strip())
    except ValueError:
        raise DoorError("The breaks of classes are whole numbers: --classes 0,11,50,100") from None


def _keys_of_a_rehearsal(home: Path) -> keys.Keys:
    """The agency's keys; where there are none yet, some for this once, because a rehearsal writes nothing."""
    if (home / keys.FILE).exists():
        return keys.load(home)
    return keys.Keys(secrets.token_bytes(32), secrets.token_bytes(32), bytes(32), home / keys.FILE)
