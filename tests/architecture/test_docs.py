"""The documents cannot rot: what the program has, they name."""

import re
from pathlib import Path

import click
import pytest
from docs.reference import generate

from upwell.cli import exits, main
from upwell.evidence.disclosure import protection
from upwell.practice.accounts.permissions import RIGHTS
from upwell.records.cases.hmis.rule import rules

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WORDS = {path: path.read_text() for path in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]}
BARRIERS = 13


@pytest.mark.parametrize("page", sorted(generate.pages()))
def test_a_page_that_is_read_off_the_program_is_up_to_date(page: str) -> None:
    words = (DOCS / "reference" / page).read_text()

    assert words == generate.pages()[page], "run .venv/bin/python -m docs.reference.generate"


def test_every_question_protection_and_command_has_a_heading() -> None:
    headings = {line[3:] for text in WORDS.values() for line in text.splitlines() if line.startswith("## ")}
    wanted = {rule.question.name for rule in rules()} | set(protection.names()) | {f"upwell {n}" for n in main.COMMANDS}

    assert sorted(wanted - headings) == []


def test_every_option_of_a_brief_is_in_the_reference() -> None:
    command = main.cli.get_command(click.Context(main.cli), "brief")
    assert command is not None
    text = WORDS[DOCS / "reference" / "commands.md"]

    options = [name for option in command.params for name in option.opts if name.startswith("--")]

    assert len(options) > 8 and [name for name in options if name not in text] == []


def test_every_right_has_its_row() -> None:
    text = WORDS[DOCS / "reference" / "rights.md"]

    assert [name for name in RIGHTS if f"| `{name}` |" not in text] == []


def test_every_column_has_its_row() -> None:
    text = WORDS[DOCS / "reference" / "columns.md"]

    assert [name for name in generate.column_names() if f"| `{name}` |" not in text] == []


def test_the_glossary_has_the_thirteen_barrier_kinds_and_questions_use_no_other() -> None:
    table = (DOCS / "glossary.md").read_text().split("## The thirteen barrier kinds")[1]
    kinds = set(re.findall(r"^\| ([a-z-]+) \|", table, re.MULTILINE)) - {"key"}

    assert len(kinds) == BARRIERS
    assert {rule.question.barrier for rule in rules()} <= kinds


def test_every_link_inside_the_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path, text in WORDS.items()
        for link in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
        if not (path.parent / link).exists()
    ]

    assert broken == []


def test_every_decision_is_listed() -> None:
    records = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    listed = set(re.findall(r"\((0\d{3}-[\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text()))

    assert records == listed


def test_every_exit_code_is_explained() -> None:

    text = (DOCS / "reference" / "exit-codes.md").read_text()
    codes = [value for name, value in vars(exits).items() if name.isupper()]

    assert codes and [code for code in codes if f"| {code} |" not in text] == []


def test_the_readme_names_the_two_commands_and_shows_a_brief() -> None:
    text = (ROOT / "README.md").read_text()

    assert "./upwell demo" in text and "./upwell test" in text
    assert re.search(r"!\[[^\]]+\]\([^)]+\.png\)", text)
