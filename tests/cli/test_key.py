"""`upwell key` shows the public half and never the secret one."""

from pathlib import Path

import pytest

from upwell.cli import main
from upwell.state import keys


def test_the_first_show_makes_a_key_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UPWELL_HOME", str(tmp_path / "home"))

    assert main.run(["key", "show"]) == 0
    first = capsys.readouterr()
    assert main.run(["key", "show"]) == 0
    second = capsys.readouterr()

    held = keys.load(tmp_path / "home")
    assert held.public.hex() in first.out and first.out == second.out
    assert "Made this agency's key" in first.err and second.err == ""
    assert held.signing.hex() not in first.out + first.err


def test_a_backup_is_refused_where_a_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UPWELL_HOME", str(tmp_path / "home"))

    assert main.run(["key", "backup", str(tmp_path / "copy")]) == 0
    assert main.run(["key", "backup", str(tmp_path / "copy")]) == 2

    assert "never replaces a file" in capsys.readouterr().err
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "home" / keys.FILE).read_bytes()
