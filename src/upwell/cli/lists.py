"""`upwell questions`, `protections` and `formats`: what there is to choose from, read from the files that define it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources

import click

from upwell.evidence.disclosure import protection

JSON_HELP = "Print JSON for a program instead of text for a person."


@click.command()
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def questions(as_json: bool) -> None:
    """List the questions that are put to the records, with who is asked.

    \b
    Example:  ./upwell questions
              ./upwell brief export.zip --question jail --question exit_homeless
    """
    # late: the questions' module loads numpy, and the other two lists do not need it
    from upwell.records.cases.hmis.rule import rules  # noqa: PLC0415

    listed = [
        {"name": rule.question.name, "words": rule.question.words, "asked_of": rule.question.asked_of}
        for rule in rules()
    ]
    _show(listed, as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def protections(as_json: bool) -> None:
    """List the sets of disclosure rules, with their promise and who made the rule.

    \b
    Example:  ./upwell protections
              ./upwell brief export.zip --protection cms
    """
    found = [protection.load(name, date.today()) for name in protection.names()]
    _show(
        [
            {"name": each.name, "words": each.words, "source": each.source, "threshold": each.threshold}
            for each in found
        ],
        as_json,
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def formats(as_json: bool) -> None:
    """List the formats that can be read.

    \b
    Example:  ./upwell formats
              ./upwell check export.zip
    """
    years = sorted(
        file.name.removesuffix(".toml")
        for file in (resources.files("upwell.records.cases.hmis") / "spec").iterdir()
        if file.name.endswith(".toml") and file.name.removesuffix(".toml").isdecimal()
    )
    words = "HUD HMIS CSV, a zip or a folder that holds Export.csv; which year it is, is read from the files."
    _show([{"name": f"FY{year}", "words": words} for year in years], as_json)


def _show(listed: Sequence[Mapping[str, object]], as_json: bool) -> None:
    """Print rows: the name, then every sentence on lines of its own, no wider than a page."""
    if as_json:
        click.echo(json.dumps(listed, indent=1, ensure_ascii=False))
        return
    for row in listed:
        click.echo(row["name"])
        for sentence in (str(value) for key, value in row.items() if key not in {"name", "threshold"}):
            click.echo(textwrap.fill(sentence, 92, initial_indent="    ", subsequent_indent="    "))
