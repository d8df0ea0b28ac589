"""One small invented export, and a state folder of its own, for the tests of the door."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from upwell.cli import main
from upwell.records.cases.synthetic.generate import generate


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Upwell = Callable[..., Said]


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented export of 400 people over two years; read, never changed."""
    out = tmp_path_factory.mktemp("county") / "export"
    generate(people=400, years=2, seed=11, plants=(), out=out)
    return out


@pytest.fixture()
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of this test; nothing remembers anything yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("UPWELL_HOME", str(folder))
    monkeypatch.delenv("UPWELL_DEBUG", raising=False)
    return folder


@pytest.fixture()
def upwell(home: Path, capsys: pytest.CaptureFixture[str]) -> Upwell:
    """Run a command in this process, as the terminal would."""

    def run(*words: object) -> Said:
        code = main.run([str(word) for word in words])
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run
