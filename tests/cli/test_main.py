"""The door: every command is listed and explains itself, errors are sentences, starting is quick."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest

from upwell.cli import main
from upwell.cli.errors import DoorError
from upwell.evidence.errors import RefusedError
from upwell.records.errors import UnreadableError
from upwell.state.errors import StateError

ROOT = Path(__file__).resolve().parents[2]


def walk(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    found = [(name, command)]
    if isinstance(command, click.Group) and not isinstance(command, main.LazyGroup):
        for part, inner in command.commands.items():
            found += walk(inner, f"{name} {part}")
    return found


def every_command() -> list[tuple[str, click.Command]]:
    context = click.Context(main.cli)
    found = []
    for name in main.COMMANDS:
        command = main.cli.get_command(context, name)
        assert command is not None
        found += walk(command, name)
    return found


def test_every_command_explains_itself_with_an_example() -> None:
    without = [name for name, command in every_command() if f"upwell {name}" not in (command.help or "")]

    assert without == []


def test_every_option_says_what_it_does() -> None:
    silent = [
        f"{name} {option.opts[0]}"
        for name, command in every_command()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]

    assert silent == []


def test_the_list_of_commands_holds_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    code = main.run(["--help"])

    listed = capsys.readouterr().out
    assert code == 0
    assert all(f"\n  {name} " in listed for name in main.COMMANDS)


def test_an_unknown_command_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["breif"]) == 2

    told = capsys.readouterr()
    assert "breif" in told.err and told.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DoorError("Say this."), 2),
        (StateError("Say this."), 2),
        (UnreadableError("Say this."), 2),
        (RefusedError("Say this."), 2),
        (OSError(28, "Say this."), 2),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (ValueError("Jane Roe, 1970-01-01"), 3),
    ],
)
def test_an_error_is_a_sentence_without_a_traceback(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.delenv("UPWELL_DEBUG", raising=False)
    monkeypatch.setattr(main.cli, "main", fails)

    assert main.run([]) == code

    told = capsys.readouterr()
    assert told.out == "" and told.err.strip()
    assert "Traceback" not in told.err and "Jane Roe" not in told.err
    assert ("Say this." in told.err) == (code == 2)


def test_a_full_disk_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere")

    monkeypatch.setattr(main.cli, "main", fails)

    assert main.run([]) == 2
    assert "Free some space" in capsys.readouterr().err


def test_help_takes_less_than_three_tenths_of_a_processor_second() -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "from upwell.cli.main import main; main(['--help'])"], check=True,
                       stdout=subprocess.DEVNULL, cwd=ROOT, env=os.environ)  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    assert min(spent) < 0.3


def test_the_list_loads_no_slow_library() -> None:
    script = (
        "import sys; from upwell.cli import main; main.run(['--help']);"
        "slow = ('numpy', 'duckdb', 'scipy', 'rich', 'numba', 'jinja2', 'cryptography');"
        "print([name for name in slow if name in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stderr

    assert told.strip() == "[]"
