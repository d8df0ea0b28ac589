"""Progress in words, on standard error and only at a terminal: standard output is for the answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Narrator:
    """Says what is being done. Its ways of telling fit the callbacks of the rooms below."""

    def __init__(self, progress: Progress | None) -> None:
        """progress: the terminal's display, None where nobody watches."""
        self._progress = progress
        self._task: TaskID | None = None
        self._words = ""

    def step(self, words: str) -> None:
        """A step whose length is not known."""
        self._show(words, None, None)

    def part(self, words: str, done: int, total: int) -> None:
        """So many of so many."""
        self._show(words, done, total)

    def reading(self, file: str, done: int, total: int) -> None:
        """A file of the export, the so-manieth of so many."""
        self._show(f"Reading {file}", done, total)

    def share(self, words: str, done: float) -> None:
        """done: 0..1."""
        self._show(words, done, 1.0)

    def pause(self) -> None:
        """Take the display away, so that a question can be asked."""
        if self._progress:
            self._progress.stop()

    def resume(self) -> None:
        """Put the display back."""
        if self._progress:
            self._progress.start()

    def _show(self, words: str, done: float | None, total: float | None) -> None:
        if self._progress is None:
            return
        if self._task is None:
            self._task = self._progress.add_task(words, total=total)
        if words != self._words:
            self._progress.reset(self._task, total=total, description=words)
            self._words = words
        self._progress.update(self._task, total=total, completed=done or 0)


@contextmanager
def narrator() -> Iterator[Narrator]:
    """A narrator for one run: quiet when standard error is no terminal."""
    if not sys.stderr.isatty():
        yield Narrator(None)
        return
    # late: rich costs a fifth of a second, and nobody watches most runs
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True, width=None), transient=True) as progress:
        yield Narrator(progress)


def note(words: str) -> None:
    """A sentence beside the answer, on standard error."""
    click.echo(words, err=True)
