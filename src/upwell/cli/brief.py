"""`upwell brief`: from an export to a folder that can be sent, and one that cannot."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from upwell.cli import export as export_file
from upwell.cli import options, packs, record, state, straight
from upwell.cli.corrected import check_correction
from upwell.cli.errors import DoorError
from upwell.cli.narrate import Narrator, narrator, note
from upwell.cli.scratch import work_folder
from upwell.evidence.disclosure.protection import DEFAULT
from upwell.evidence.question import BASELINES
from upwell.records.cases.hmis.rule import rules
from upwell.records.cases.hmis.typed import DateOrder
from upwell.state import basis as bases

DEFAULT_FOLDER = "upwell-brief"
WITH_AGAIN = {"export", "output", "again"}


@click.command()
@export_file.argument
@options.output(DEFAULT_FOLDER, "the brief; a former output there is replaced once the new one is complete.")
@click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="NAME",
    help="Ask this question only; may be given more than once. Default: every one that can be answered.",
)
@click.option(
    "--protection",
    default=DEFAULT,
    show_default=True,
    metavar="NAME",
    help=packs.HELP,
)
@click.option(
    "--baseline",
    default=BASELINES[0],
    show_default=True,
    type=click.Choice(BASELINES),
    help="What 'expected' is compared with.",
)
@options.seed("Seed of all chance; same seed, same answer.")
@click.option(
    "--dates",
    type=click.Choice(record.DATES[1:]),
    help="How dates that are not ISO are written: month or day first. Nothing is guessed.",
)
@click.option(
    "--basis",
    metavar="TEXT",
    help="Privacy notice or agreement that permits this analysis; asked once when it is not known.",
)
@click.option(
    "--leave-out-victim-providers",
    is_flag=True,
    help="Go on without the rows of victim service providers instead of stopping.",
)
@options.new_ledger("brief")
@options.corrects("Why it is corrected. The brief prints it: name no person and no count.")
@click.option(
    "--again",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="RUN.JSON",
    help="Repeat a former run on the same export, to the byte; all other choices come from it.",
)
@click.pass_context
def brief(
    ctx: click.Context, *,
    export: Path, output: Path, questions: tuple[str, ...], protection: str, baseline: str, seed: int,
    dates: DateOrder | None, basis: str | None, leave_out_victim_providers: bool, new_ledger: str, corrects: str,
    because: str, again: Path | None,
) -> None:  # fmt: skip
    """Turn an HMIS export into a protected evidence brief.

    EXPORT is a zip or a folder of HUD HMIS CSV (FY2022, FY2024 or FY2026). What may be sent lies in share/
    afterwards, what is for the case team alone in inside/.

    \b
    Example:  ./upwell brief export.zip -o our-brief
              ./upwell brief export.zip --question jail --protection cms --basis "Privacy notice, section 4"
              ./upwell brief export.zip --again our-brief/inside/run.json -o again
    """
    former = _run_to_repeat(ctx, again)
    check_correction(corrects, because)
    rules_chosen = _check_names(questions, protection)
    home = state.home()
    keys = state.agency_keys(home)
    asked = record.Ask(
        questions=tuple(dict.fromkeys(questions)),
        protection=rules_chosen.name,
        pack=rules_chosen.text,
        baseline=baseline,
        seed=seed,
        dates=dates or "iso",
        leave_out_victim_providers=leave_out_victim_providers,
        new_ledger=new_ledger.strip(),
        corrects=corrects.strip(),
        because=because.strip(),
    )
    with narrator() as tell, work_folder() as work:
        job = straight.Job(
            export=export,
            target=output,
            ask=former.ask if former else asked,
            again=former,
            basis_for=None if former else lambda source_id: _basis(home, source_id, basis, tell),
        )
        made = straight.run(job, straight.Desk(home=home, keys=keys, work=work, tell=tell, today=date.today()))
    _tell(made, output, again=bool(former))


def _tell(made: straight.Made, output: Path, *, again: bool) -> None:
    if made.repeated and not again:
        day = made.run.former.made_on
        note(f"This was asked of these records before, on {day}. It is the same release, to the byte.")
    click.echo(f"Open first: {output / 'share' / 'brief.html'}")
    click.echo(f"For the case team alone: {output / 'inside'}")


def _check_names(questions: tuple[str, ...], protection: str) -> packs.Chosen:
    """The rules that --protection names; they and the questions are checked before the export is read.

    Raises DoorError for a name that is nowhere, EvidenceError for a pack that cannot be used.
    """
    known = [rule.question.name for rule in rules()]
    for name in questions:
        if name not in known:
            raise DoorError(f"There is no question called {name!r}. `./upwell questions` lists them.")
    chosen = packs.chosen(protection)
    chosen.on(date.today())
    return chosen


def _run_to_repeat(ctx: click.Context, path: Path | None) -> record.Run | None:
    if path is None:
        return None
    given = [
        name
        for name in ctx.params
        if name not in WITH_AGAIN and ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError("--again takes every choice from the run that it repeats; leave the others away.")
    return record.read(path)


def _basis(home: Path, source_id: str, given: str | None, tell: Narrator) -> str:
    """What permits the analysis: as given, as remembered, or as answered at a terminal; "" when nobody says."""
    if given is not None:
        answer = given.strip()
    elif known := bases.remembered(home, source_id):
        return known
    elif sys.stdin.isatty() and sys.stderr.isatty():
        tell.pause()
        answer = click.prompt(
            "Which privacy notice or agreement permits this analysis? (Enter: none known)",
            default="", show_default=False, err=True,
        ).strip()  # fmt: skip
        tell.resume()
    else:
        answer = ""
    if answer:
        bases.remember(home, source_id, answer)
    else:
        note("No privacy notice or agreement was named: the brief carries a warning page. Name one with --basis TEXT.")
    return answer
