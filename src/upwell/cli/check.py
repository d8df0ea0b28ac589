"""`upwell check`: how good an export is. Writes nothing that stays."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # the answer is JSON with a form of its own

import click

from upwell.cli.exits import FINDINGS, OK
from upwell.cli.lists import JSON_HELP
from upwell.cli.narrate import narrator
from upwell.cli.record import DATES
from upwell.cli.scratch import work_folder
from upwell.records.cases import quality
from upwell.records.cases.hmis import cases, read
from upwell.records.cases.hmis.typed import DateOrder


@click.command()
@click.argument("export", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option(
    "--dates",
    type=click.Choice(DATES[1:]),
    help="How dates that are not ISO are written: month or day first. Nothing is guessed.",
)
@click.pass_context
def check(ctx: click.Context, export: Path, as_json: bool, dates: DateOrder | None) -> None:
    """Say how good an export is; write nothing.

    Ends with 0 when no rule fired, 1 when one did, 2 when the input cannot be read. Values are never shown.

    \b
    Example:  upwell check export.zip
              upwell check export.zip --json
    """
    key = secrets.token_bytes(32)  # for this run alone: nothing that is checked is kept
    with narrator() as tell, work_folder() as work:
        loaded = read.load(export, key=key, dates=dates or "iso", work=work, progress=tell.part)
        served = cases.case_table(loaded).served()
        answer = quality.as_json(loaded.quality, served)
    click.echo(json.dumps(answer, indent=1) if as_json else _words(answer))
    ctx.exit(OK if loaded.quality.clean else FINDINGS)


CLASSES = ("read", "used", "repaired", "superseded", "quarantined", "deleted")


def _words(answer: Mapping[str, Any]) -> str:
    """The same account for a person: rows by file, rules by how often they fired, persons and households."""
    start, end = answer["period"]
    lines = [f"{answer['format']}, {start} to {end}", "", f"{'File':<28}" + "".join(f"{name:>12}" for name in CLASSES)]
    for name, account in answer["files"].items():
        lines.append(f"{name:<28}" + "".join(f"{account[each]:>12}" for each in CLASSES))
    lines += ["", "Rules that fired" if answer["rules"] else "No rule fired."]
    often = sorted(answer["rules"].items(), key=lambda pair: (-pair[1], pair[0]))
    lines += [f"{times:>10}  {name}" for name, times in often]
    lines += ["", "Persons, each once (as the Annual Performance Report counts them)"]
    lines += [f"{many:>10}  {name.replace('_', ' ')}" for name, many in answer["persons"].items()]
    lines.append(f"{answer['households']:>10}  households")
    return "\n".join(lines)
