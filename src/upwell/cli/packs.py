"""`--protection NAME` or `--protection PATH.toml`: a rule pack that Upwell brings, or the agency's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from upwell.cli.errors import DoorError
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.protection import Protection

LARGEST = 100_000
"""Bytes: a rule pack is a page, and what is larger is another file by mistake."""
HELP = "Set of disclosure rules, by name (`./upwell protections` lists them) or the path of your own, PATH.toml."


@dataclass(frozen=True)
class Chosen:
    """A protection as it was asked for. name: of a pack that Upwell brings, or the file name of the agency's own.

    text: the whole of the agency's own pack, so that a run can be repeated without the file; "" for one of Upwell's.
    """

    name: str
    text: str = ""

    def on(self, day: date) -> Protection:
        """The protection as it stands on a day. Raises EvidenceError, naming file and key, when it cannot be used."""
        if self.text:
            return protection.own(self.text.encode(), file=self.name, on=day)
        return protection.load(self.name, day)


def chosen(asked: str) -> Chosen:
    """What --protection names. Raises DoorError for a name that is nowhere and a file that cannot be read."""
    if not asked.endswith(".toml"):
        if asked not in protection.names():
            raise DoorError(f"There is no protection called {asked!r}. `./upwell protections` lists them.")
        return Chosen(asked)
    path = Path(asked)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DoorError(f"The rule pack {path} cannot be read ({error.strerror}).") from error
    if len(content) > LARGEST:
        raise DoorError(f"{path} is too large for a rule pack, which is about a page.")
    try:
        return Chosen(path.name, content.decode())
    except UnicodeDecodeError:
        raise DoorError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
