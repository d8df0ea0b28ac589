"""Peers in an environment of their own: they are measured, never imported and never a dependency.

The environment variable that a bench names may hold an environment that has them; else one is made under the user's
cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class AbsentError(Exception):
    """The peers could not be installed; the words say why."""


@dataclass(frozen=True)
class Peers:
    """here: folder with the peers' scripts and peers.txt, their pinned versions. home: name of the environment.

    variable: of the surroundings, an environment to use instead. modules: that it must hold.
    """

    here: Path
    home: str
    variable: str
    modules: tuple[str, ...]

    def python(self) -> Path:
        """The interpreter that has the peers. Raises AbsentError."""
        named = os.environ.get(self.variable)
        home = Path(named) if named else _cache() / "upwell" / self.home
        found = home / "bin" / "python"
        if not self._has_them(found):
            if named:
                raise AbsentError(f"{self.variable}={named} lacks the packages of {self._list.name}")
            self._install(home, found)
        return found

    def versions(self) -> str:
        """The peers with their versions, as they are pinned."""
        return ", ".join(line.replace("==", " ") for line in self._list.read_text().split())

    def ask(self, script: str, *arguments: str, files: Mapping[str, str], seconds: int) -> dict[str, str]:
        """Run a script of the folder with the peers in a private folder; the files it leaves, its folder deleted.

        files: name -> text, put there before. seconds: of the wall clock, after which it is ended.
        """
        with tempfile.TemporaryDirectory(prefix="upwell-peer-") as place:  # mode 0700: the files hold every true count
            work = Path(place)
            for name, text in files.items():
                (work / name).write_text(text)
            command = [str(self.python()), str(self.here / script), *arguments]
            try:
                ended = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=seconds, check=False)
            except subprocess.TimeoutExpired:
                return {"failed": f"did not end within {seconds} s"}
            if ended.returncode:
                return {"failed": f"ended with {ended.returncode}: {ended.stderr.strip().splitlines()[-1:]}"}
            return {path.name: path.read_text(errors="replace") for path in work.iterdir() if path.is_file()}

    @property
    def _list(self) -> Path:
        return self.here / "peers.txt"

    def _has_them(self, found: Path) -> bool:
        check = f"import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in {list(self.modules)}))"
        return found.exists() and subprocess.run([found, "-c", check], check=False).returncode == 0

    def _install(self, home: Path, found: Path) -> None:
        steps = (
            [sys.executable, "-m", "venv", str(home)],
            [str(found), "-m", "pip", "install", "--quiet", "--requirement", str(self._list)],
        )
        for step in steps:
            ended = subprocess.run(step, capture_output=True, text=True, check=False)
            if ended.returncode:
                told = (ended.stderr.strip().splitlines() or ["?"])[-1]
                raise AbsentError(f"the peers could not be installed: {told}")


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
