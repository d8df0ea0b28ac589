"""The peers in an environment of their own: they are measured, never imported and never a dependency.

UPWELL_BENCH_PEERS may name an environment that has them; else one is made under the user's cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
LIST = HERE / "peers.txt"


class AbsentError(Exception):
    """The peers could not be installed; the words say why."""


def python() -> Path:
    """The interpreter that has the peers. Raises AbsentError."""
    named = os.environ.get("UPWELL_BENCH_PEERS")
    home = Path(named) if named else _cache() / "upwell" / "bench-peers"
    found = home / "bin" / "python"
    if not _has_them(found):
        if named:
            raise AbsentError(f"UPWELL_BENCH_PEERS={named} lacks the packages of {LIST.name}")
        _install(home, found)
    return found


def versions() -> str:
    """The peers with their versions, as they are pinned."""
    return ", ".join(line.replace("==", " ") for line in LIST.read_text().split())


def ask(script: str, *arguments: str, files: Mapping[str, str], seconds: int) -> dict[str, str]:
    """Run a script of this folder with the peers in a private folder; the files it leaves, its folder deleted.

    files: name -> text, put there before. seconds: of the wall clock, after which it is ended.
    """
    with tempfile.TemporaryDirectory(prefix="upwell-peer-") as place:  # mode 0700: the files hold every true count
        work = Path(place)
        for name, text in files.items():
            (work / name).write_text(text)
        command = [str(python()), str(HERE / script), *arguments]
        try:
            ended = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return {"failed": f"did not end within {seconds} s"}
        if ended.returncode:
            return {"failed": f"ended with {ended.returncode}: {ended.stderr.strip().splitlines()[-1:]}"}
        return {path.name: path.read_text(errors="replace") for path in work.iterdir() if path.is_file()}


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _has_them(found: Path) -> bool:
    names = [line.partition("==")[0] for line in LIST.read_text().split()]
    check = f"import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in {names}))"
    return found.exists() and subprocess.run([found, "-c", check], check=False).returncode == 0


def _install(home: Path, found: Path) -> None:
    steps = (
        [sys.executable, "-m", "venv", str(home)],
        [str(found), "-m", "pip", "install", "--quiet", "--requirement", str(LIST)],
    )
    for step in steps:
        ended = subprocess.run(step, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise AbsentError(f"the peers could not be installed: {(ended.stderr.strip().splitlines() or ['?'])[-1]}")
