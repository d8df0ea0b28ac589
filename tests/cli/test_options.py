"""Options that several commands share are read alike by each, and refuse alike."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from upwell.cli import options


@click.command()
@options.output("here", "the page.")
@options.seed("Same seed, same page.")
@options.new_ledger("page")
@options.corrects("Why it is corrected.")
def page(output: Path, seed: int, new_ledger: str, corrects: str, because: str) -> None:
    """Says what it was told."""
    click.echo(repr((str(output), seed, new_ledger, corrects, because)))


def run(*words: str):
    return CliRunner().invoke(page, words)


def test_what_is_not_said_is_the_usual():
    assert run().output.strip() == repr(("here", 1, "", "", ""))


def test_what_is_said_arrives():
    words = ("-o", "there", "--seed", "7", "--new-ledger", "fire", "--corrects", "r1", "--because", "twice")

    assert run(*words).output.strip() == repr(("there", 7, "fire", "r1", "twice"))


@pytest.mark.parametrize("seed", ["-1", str(2**31), "one"])
def test_a_seed_that_is_no_seed_is_refused(seed):
    assert run("--seed", seed).exit_code == 2


def test_the_help_says_who_prints_the_reason_and_names_the_release_before_the_reason():
    words = " ".join(run("--help").output.split())

    assert "Folder for the page." in words and "the page prints the reason" in words
    assert words.index("--corrects RELEASE") < words.index("--because WORDS Why it is corrected.")
