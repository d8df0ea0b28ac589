"""`upwell questions`, `protections` and `formats`: what there is to choose from, read from the files that define it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from importlib import resources

import click

from upwell.cli import packs
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.errors import EvidenceError

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
@click.argument("name", required=False)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="As they stood on a day, such as 2024-07-01."
)
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def protections(name: str | None, on: datetime | None, as_json: bool) -> None:
    """List the sets of disclosure rules: what each hides, since when, and who says so.

    NAME is one of them, or the path of your own (PATH.toml), which is checked.

    \b
    Example:  ./upwell protections
              ./upwell protections washington-doh --on 2024-07-01
              ./upwell protections our-county.toml
              ./upwell brief export.zip --protection cms
    """
    day = on.date() if on else date.today()
    asked = [packs.chosen(name)] if name else [packs.Chosen(each) for each in protection.names()]
    found = [_standing(each, day, alone=bool(name)) for each in asked]
    if as_json:
        _show([_plain(each) for each in found if each], as_json)
        return
    for choice, each in zip(asked, found, strict=True):
        sentences = _told(each) if each else [f"No numbers for {day.isoformat()}: the rule is younger."]
        _show(
            [{"name": each.name if each else choice.name, **{str(at): said for at, said in enumerate(sentences)}}],
            False,
        )
    click.echo(textwrap.fill(protection.NOT_ADVICE, 92, initial_indent="    ", subsequent_indent="    "))


def _standing(choice: packs.Chosen, day: date, *, alone: bool) -> Protection | None:
    """A protection on a day; in a list of all None stands for one that did not exist yet."""
    try:
        return choice.on(day)
    except EvidenceError:
        if alone:
            raise
        return None


def _plain(rule: Protection) -> dict[str, object]:
    """A protection for a program."""
    return {**asdict(rule), "since": rule.since.isoformat() if rule.since else None, "sentences": _told(rule)}


def _told(rule: Protection) -> list[str]:
    """A protection in sentences, the promise first."""
    return [rule.words, *facts(rule), f"Source: {rule.source}.", *([rule.instead] if rule.instead else [])]


def facts(rule: Protection) -> list[str]:
    """What a protection hides, beside its promise: also for the page of reference."""
    most = rule.threshold - 1
    since = f" Since {rule.since.isoformat()}." if rule.since else ""
    found = [
        f"Threshold {rule.threshold}: counts from {0 if rule.full else 1} to {most} are never shown.{since}",
        f"Every value from 0 to {most} stays possible for a hidden count of that size."
        if rule.full
        else f"Width {rule.width}: a hidden small count may be one of at least {rule.width + 1} values.",
        "Zeros are hidden too." if rule.full else "Zeros are shown where that gives nothing away.",
        "Group disclosure: nobody and everybody (0 % and 100 %) are hidden in every column."
        if rule.group_disclosure
        else "Group disclosure: nobody and everybody are hidden in sensitive columns.",
    ]
    if rule.p_percent and rule.dominance:
        n, k = rule.dominance
        largest = "the largest contributor makes" if n == 1 else f"the {n} largest contributors make"
        found.append(
            f"Sums of amounts: hidden where {largest} up more than {k:g} % of it, or where the second largest could "
            f"reckon the largest within {rule.p_percent:g} %."
        )
    if rule.separate_ledger:
        found.append("Its releases stand in a ledger of their own.")
    if rule.coarsest_place:
        found.append(f"No place finer than a {rule.coarsest_place}.")
    if not rule.free_text:
        found.append("No names of providers, programmes or places, and no other words out of the records.")
    if rule.small_population:
        found.append(f"Tables of fewer than {rule.small_population:,} persons are named in the assessment record.")
    return found


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
