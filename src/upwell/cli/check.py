"""`upwell check`: how good an export is. Writes nothing that stays."""

from __future__ import annotations

import json
import secrets
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any  # the answer is JSON with a form of its own

import click

from upwell.cli import export as export_file
from upwell.cli.exits import FINDINGS, OK
from upwell.cli.lists import JSON_HELP
from upwell.cli.narrate import narrator
from upwell.cli.record import DATES
from upwell.cli.scratch import work_folder
from upwell.records.cases import quality
from upwell.records.cases.hmis import cases, read
from upwell.records.cases.hmis.typed import DateOrder
from upwell.records.cases.problems import Fired, Quality
from upwell.records.cases.rules import RULES


@click.command()
@export_file.argument
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option(
    "--dates",
    type=click.Choice(DATES[1:]),
    help="How dates that are not ISO are written: month or day first. Nothing is guessed.",
)
@click.pass_context
def check(ctx: click.Context, export: Path, as_json: bool, dates: DateOrder | None) -> None:
    """Say how good an export is; write nothing.

    Ends with 0 when nothing worse than a note was found, 1 when something was, 2 when the input cannot be read.
    Lines of the files are named, values never are.

    \b
    Example:  ./upwell check export.zip
              ./upwell check export.zip --json
    """
    key = secrets.token_bytes(32)  # for this run alone: nothing that is checked is kept
    with narrator() as tell, work_folder() as work:
        loaded = read.load(
            export, key=key, dates=dates or "iso", work=work, keep_own_victim_services=True, progress=tell.reading
        )
        served = cases.served_in(loaded)
        answer = quality.as_json(loaded.quality, served)
        click.echo(json.dumps(answer, indent=1) if as_json else _words(answer, loaded.quality))
    ctx.exit(OK if loaded.quality.clean else FINDINGS)


PLACES = 3
INDENT = " " * 12
CLASSES = ("read", "used", "repaired", "superseded", "quarantined", "deleted")


def _words(answer: Mapping[str, Any], account: Quality) -> str:
    """The same account for a person: rows by file, rules with the first places they fired at, persons, households."""
    start, end = answer["period"]
    lines = [f"{answer['format']}, {start} to {end}", "", f"{'File':<28}" + "".join(f"{name:>12}" for name in CLASSES)]
    for name, rows in answer["files"].items():
        lines.append(f"{name:<28}" + "".join(f"{rows[each]:>12}" for each in CLASSES))
    lines += ["", *_fired(answer["rules"], account)]
    lines += ["", "Persons, each once (as the Annual Performance Report counts them)"]
    lines += [f"{many:>10}  {name.replace('_', ' ')}" for name, many in answer["persons"].items()]
    lines.append(f"{answer['households']:>10}  households")
    return "\n".join(lines)


def _fired(rules: Mapping[str, int], account: Quality) -> list[str]:
    """Every rule that fired, most often first: how often, why it matters, and where it did first."""
    if not rules:
        return ["No rule fired."]
    places = _places(account.located.sample(PLACES))
    lines = ["Rules that fired, and where first (`./upwell brief` names every place in inside/quality.csv)"]
    for name, times in sorted(rules.items(), key=lambda pair: (-pair[1], pair[0])):
        lines.append(f"{times:>10}  {name} ({RULES[name].severity})")
        for sentence in (RULES[name].reason, *places.get(name, [])[:PLACES]):
            lines += textwrap.wrap(sentence, 96, initial_indent=INDENT, subsequent_indent=INDENT)
    return lines


def _places(sample: Iterable[Fired]) -> dict[str, list[str]]:
    """Rule -> file, column and first lines as words, as far as they are known; line 0 is the file as a whole."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for each in sample:
        found.setdefault((each.rule, each.file, each.column), []).append(str(each.line) if each.line else "")
    words: dict[str, list[str]] = {}
    for (rule, file, column), numbers in found.items():
        named = ", ".join(filter(None, numbers))
        where = f": line{'s' * (len(numbers) > 1)} {named}" if named else ""
        words.setdefault(rule, []).append(f"{file} {column}".strip() + where)
    return words
