"""Writes the reference pages that are read off the program: `.venv/bin/python -m docs.reference.generate`.

A test compares the pages with what this gives, so they cannot rot.
"""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

import click

from upwell.cli import main
from upwell.cli.lists import facts
from upwell.evidence.disclosure import protection
from upwell.records.cases.hmis.columns import RULES, Coded
from upwell.records.cases.hmis.rule import rules

HERE = Path(__file__).parent
ON = date(2026, 1, 1)  # pages name the rules as they stand on a day, and must not change with the calendar
MADE = "*Made by `.venv/bin/python -m docs.reference.generate`; change the program's own words instead of this page.*"


def pages() -> dict[str, str]:
    """File name -> content."""
    return {
        "commands.md": commands(),
        "questions.md": questions(),
        "protections.md": protections(),
        "columns.md": columns(),
        "rights.md": rights(),
        "levers.md": levers(),
    }


def commands() -> str:
    """Every command with its help, as the terminal prints it."""
    called = "In a source checkout the command is `./upwell`, as in the examples; installed as a package, `upwell`."
    parts = ["# Commands", "", MADE, "", called, ""]
    context = click.Context(main.cli, info_name="upwell", help_option_names=["-h", "--help"])
    for name in main.COMMANDS:
        command = main.cli.get_command(context, name)
        assert command is not None
        parts += _help(command, name, context)
    return "\n".join(parts)


def _help(command: click.Command, name: str, parent: click.Context) -> list[str]:
    context = click.Context(command, info_name=name.split()[-1], parent=parent, max_content_width=96, terminal_width=96)
    parts = [f"## upwell {name}", "", "```", command.get_help(context), "```", ""]
    inner = command.commands.items() if isinstance(command, click.Group) else ()
    for part, each in inner:
        parts += _help(each, f"{name} {part}", context)
    return parts


def rights() -> str:
    """Every right of the web application, and which roles hold it."""
    _ready()
    from upwell.practice.accounts.models import Role  # noqa: PLC0415 - only after the application is set up
    from upwell.practice.accounts.permissions import RIGHTS  # noqa: PLC0415

    parts = [
        "# Rights",
        "",
        MADE,
        "",
        "Which rows a holder may see (own cases, own team, own agency) is decided apart.",
        "",
    ]
    parts += ["| right | what it allows | roles |", "|---|---|---|"]
    for name, right in RIGHTS.items():
        roles = ", ".join(str(role.label).lower() for role in Role if role in right.roles)
        held = "everybody who works here" if len(right.roles) == len(Role) else roles
        parts.append(f"| `{name}` | {right.words} | {held} |")
    return "\n".join(parts) + "\n"


def levers() -> str:
    """The thirteen barrier kinds with their levers, as the application has them."""
    _ready()
    from upwell.practice.environment.coding import Barrier, levers  # noqa: PLC0415 - only after it is set up

    parts = [
        "# Barrier kinds and levers",
        "",
        MADE,
        "",
        "| kind | meaning | usual lever | first move |",
        "|---|---|---|---|",
    ]
    for kind in Barrier:
        lever = levers()[kind]
        parts.append(f"| {kind.label} (`{kind.value}`) | {lever.meaning} | {lever.lever} | {lever.first_move} |")
    return "\n".join(parts) + "\n"


def _ready() -> None:
    """Set the web application up, with a state folder that is thrown away: these pages touch no agency's."""
    from django.apps import apps  # noqa: PLC0415 - the other pages need no web framework

    if not apps.ready:
        import django  # noqa: PLC0415

        os.environ["UPWELL_HOME"] = tempfile.mkdtemp(prefix="upwell-reference-")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upwell.web.settings")
        django.setup()


def questions() -> str:
    """Every question: words, who is asked, what counts, barrier, levers, what cannot be told."""
    parts = ["# Questions", "", MADE, ""]
    for question in (rule.question for rule in rules()):
        parts += [f"## {question.name}", "", f"**{question.words}**", ""]
        parts += [f"* People: {question.people}."]
        parts += [f"* Yes: {question.happened}. No: {question.not_happened}.", f"* Asked of: {question.asked_of}"]
        parts += [f"* Barrier kind: {question.barrier}. Levers: {'; '.join(question.levers)}."]
        parts += [f"* Usual deciders: {'; '.join(question.deciders)}."]
        if question.protection == "full":
            parts += ["* Protection: full; zeros are hidden too."]
        if question.whole_export_only:
            parts += ["* Asked of the whole export only, never split."]
        if question.cannot_tell:
            parts += [f"* Cannot be told: {question.cannot_tell}"]
        parts += [""]
    return "\n".join(parts)


def protections() -> str:
    """Every protection: promise, what it hides, source."""
    how = "How to read and add them: [add a protection](../how-to/add-a-protection.md)."
    parts = ["# Protections", "", MADE, "", f"As they stand on {ON}. {protection.NOT_ADVICE} {how}", ""]
    for name in protection.names():
        rule = protection.load(name, ON)
        parts += [f"## {name}", "", rule.words, ""]
        parts += [f"* {fact}" for fact in facts(rule)]
        parts += [f"* {rule.instead}"] if rule.instead else []
        parts += [f"* Source: {rule.source}.", ""]
    return "\n".join(parts)


def column_names() -> list[str]:
    """Every column a case table of HMIS may have; a column that an export cannot fill is left out of its tables."""
    return [column.name for column in RULES] + ["period"]


def columns() -> str:
    """Every column: words, kind, values, and how it may be used."""
    parts = [
        "# Columns", "", MADE, "",
        "What is known about a person at a stay. A column that is the same for everybody, or mostly missing, is left "
        "out. Unknown is always a row of its own and is never searched.", "",
        "| column | words | kind | values |", "|---|---|---|---|",
    ]  # fmt: skip
    for column in RULES:
        values = (
            "; ".join(words for _, words, _ in column.cases)
            if isinstance(column, Coded)
            else "as the export names them"
        )
        kind = f"{column.kind}, sensitive: no table of its own" if getattr(column, "sensitive", False) else column.kind
        parts.append(f"| `{column.name}` | {column.words} | {kind} | {values}; {column.unknown} |")
    parts.append("| `period` | time | ordinal | months, quarters or half-years, by the number of people asked |")
    return "\n".join([*parts, ""])


if __name__ == "__main__":
    for file, content in pages().items():
        (HERE / file).write_text(content, encoding="utf-8")
