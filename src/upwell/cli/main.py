"""`upwell`: the list of commands, each loaded only when it is asked for, and the door where errors become sentences."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

import click

from upwell.cli.errors import DoorError
from upwell.cli.exits import BUG, CANNOT, INTERRUPTED, OK, TERMINATED
from upwell.evidence.errors import EvidenceError
from upwell.records.errors import RecordsError
from upwell.state.errors import StateError

# Our matrices are small and many: a second thread of the linear algebra spins and triples the work. Before numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "demo": ("upwell.cli.demo", "Invent a county, run the whole line on it, and live the story in a browser."),
    "brief": ("upwell.cli.brief", "Turn an HMIS export into a protected evidence brief."),
    "protect": ("upwell.cli.protect", "Make an agency's own table of counts safe to publish."),
    "check": ("upwell.cli.check", "Say how good an export is; write nothing."),
    "attack": ("upwell.cli.attack", "Work out what published tables meant to withhold, and say how."),
    "serve": ("upwell.cli.serve", "Start the web application on this machine."),
    "backup": ("upwell.cli.backup", "Copy everything into one file that only a passphrase opens."),
    "restore": ("upwell.cli.backup", "Put a backup back, into a new state folder."),
    "audit": ("upwell.cli.audit", "Check the record of who did and looked at what."),
    "questions": ("upwell.cli.lists", "List the questions that are put to the records."),
    "protections": ("upwell.cli.lists", "List the sets of disclosure rules."),
    "formats": ("upwell.cli.lists", "List the formats that can be read."),
    "key": ("upwell.cli.key", "Show or back up the agency's key."),
    "ledger": ("upwell.cli.ledger", "Show or verify what has been released before."),
    "synthetic": ("upwell.cli.synthetic", "Write an invented county as HMIS CSV."),
    "test": ("upwell.cli.develop", "Run the tests (from a source checkout)."),
    "bench": ("upwell.cli.develop", "Run the benchmarks (from a source checkout)."),
    "lint": ("upwell.cli.develop", "Check style, types and import contracts (from a source checkout)."),
}
"""Command name -> its module, which holds a click command of that name, and its line in the list."""


ADVICE = {
    errno.EACCES: "Ask whoever keeps it for the right, or use a copy or a folder of your own.",
    errno.EROFS: "This disk is read-only: name a folder on another one.",
    errno.ENOSPC: "Free some space, or let TMPDIR name a folder on a roomier disk.",
}
"""What to do when the system refuses, by the number of its error."""


class LazyGroup(click.Group):
    """A group that reads a command's module only when that command is called: `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded now; None for a name that is not ours."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list, from the table above and not from the modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `./upwell demo`. Each command explains itself: `./upwell brief --help`.",
)
@click.version_option(package_name="upwell", message="upwell %(version)s")
def cli() -> None:
    """Upwell: from case to cause, and back.

    Reads the records an agency already holds, finds the troubles that many cases share, protects the people
    behind them, and writes a brief that can stand in front of a legislator. Everything stays on this machine.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives its exit code. Errors become one or two sentences on standard error."""
    came = _listen()
    try:
        code = cli.main(args=None if arguments is None else list(arguments), prog_name="upwell", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _say(*_stopped(came))
    except Exception as error:  # noqa: BLE001 - this is the door: nobody above could say it in words
        return _say(*(_stopped(came) if came else _told(error)))
    return code if isinstance(code, int) else OK


def _listen() -> list[int]:
    """Stop signals from now on, as they come; each ends what is being done.

    A library in the middle of its work may turn the interruption into an error of its own, so the signals are noted.
    """
    came: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return came


def _stopped(came: list[int]) -> tuple[str, int]:
    if signal.SIGTERM in came:
        return "Asked to stop; nothing was left half-written.", TERMINATED
    return "Stopped; nothing was left half-written.", INTERRUPTED


def _say(words: str, code: int) -> int:
    click.echo(words, err=True)
    return code


def _told(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code that goes with it."""
    if isinstance(error, DoorError | RecordsError | EvidenceError | StateError):
        return str(error), CANNOT
    return (_disk(error), CANNOT) if isinstance(error, OSError) else (_bug(error), BUG)


def _disk(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    advice = f" {ADVICE[error.errno]}" if error.errno in ADVICE else ""
    return f"{error.strerror or 'The system refused'}{where}. Nothing was left half-written.{advice}"


def _bug(error: Exception) -> str:
    """Class and place only: a message may hold a value of somebody's record."""
    if os.environ.get("UPWELL_DEBUG"):
        return "".join(traceback.format_exception(error))
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = "/".join(last.filename.split(os.sep)[-3:])
    return (
        f"Something went wrong that should not ({type(error).__name__} at {place}:{last.lineno}). Nothing was left "
        "half-written. Please report this line; it holds nothing of your records."
    )
