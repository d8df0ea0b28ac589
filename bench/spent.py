"""What a command costs: processor seconds and peak memory of it and its children, from the system's own account."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

UPWELL = (sys.executable, "-c", "from upwell.cli.main import main; main()")


@dataclass(frozen=True)
class Spent:
    """cpu: user and system seconds. peak: bytes of resident memory of the largest process."""

    cpu: float
    peak: int
    code: int
    out: bytes
    told: bytes


def spend(command: Sequence[str | Path], *, home: Path, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a command to its end, with a state folder of its own."""
    surroundings = {**os.environ, "UPWELL_HOME": str(home), **(environment or {})}
    out, told = home.parent / "out.txt", home.parent / "err.txt"
    with out.open("wb") as to, out.open("rb") as back, told.open("wb") as beside:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=to, stderr=beside, stdin=subprocess.DEVNULL, env=surroundings
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, code, back.read(), told.read_bytes())
