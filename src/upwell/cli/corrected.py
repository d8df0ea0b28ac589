"""A correction on the command line: which release, and why, never the one without the other."""

from __future__ import annotations

from upwell.cli.errors import DoorError


def check_correction(corrects: str, because: str) -> None:
    """Raises DoorError when only one of the two is given."""
    if bool(corrects.strip()) != bool(because.strip()):
        raise DoorError("A correction names the release and why: --corrects RELEASE --because WORDS")
