"""Run a page of this folder as a notebook: its Python blocks in their order, and what each of them printed.

.venv/bin/python -m docs.tutorials.notebook find-patterns     writes the outputs and pictures of the page anew
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:```\n(?P<output>.*?)```\n)?", re.DOTALL)


@dataclass(frozen=True)
class Ran:
    """One block. printed: by the page; said: by the run just now."""

    code: str
    printed: str
    said: str


def page(name: str) -> Path:
    """The file of a page."""
    return HERE / f"{name}.md"


def run(name: str, folder: Path) -> Iterator[Ran]:
    """Run every block in one name space; files that they write land in `folder`."""
    held: dict[str, object] = {"__name__": name}
    for block in BLOCK.finditer(page(name).read_text(encoding="utf-8")):
        said = StringIO()
        with chdir(folder), redirect_stdout(said):
            exec(compile(block["code"], str(page(name)), "exec"), held)  # our own page
        yield Ran(block["code"], block["output"] or "", said.getvalue())


def write_anew(name: str) -> None:
    """Put what the blocks print, and the pictures that they draw, into this folder."""
    with TemporaryDirectory() as folder:
        said = iter([ran.said for ran in run(name, Path(folder))])
        for picture in Path(folder).glob("*.svg"):
            (HERE / picture.name).write_bytes(picture.read_bytes())

    def with_output(block: re.Match[str]) -> str:
        output = next(said)
        return f"```python\n{block['code']}```\n" + (f"```\n{output}```\n" if output else "")

    words = BLOCK.sub(with_output, page(name).read_text(encoding="utf-8"))
    page(name).write_text(words, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    write_anew(sys.argv[1])
