"""`upwell demo` runs the whole line and says what it found, what was planted, and what to open first."""

import json
from pathlib import Path

from upwell.cli import output


def test_the_demo_can_be_run_again_and_leaves_the_agencys_state_alone(upwell, home, tmp_path) -> None:
    first = upwell("demo", "-o", tmp_path / "demo", "--people", 500, "--seed", 3)
    shared = {path.name: path.read_bytes() for path in (tmp_path / "demo/share").rglob("*") if path.is_file()}
    second = upwell("demo", "-o", tmp_path / "demo", "--people", 500, "--seed", 3)

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert first.out == second.out
    assert shared == {path.name: path.read_bytes() for path in (tmp_path / "demo/share").rglob("*") if path.is_file()}
    assert not home.exists()


def test_the_demo_says_what_was_planted_and_what_to_open_first(upwell, tmp_path) -> None:
    said = upwell("demo", "-o", tmp_path / "demo", "--people", 500, "--seed", 3)

    planted = json.loads((tmp_path / "demo" / output.RUN).read_text())["arguments"]["planted"]
    spoken = " ".join(said.out.split())
    assert len(planted) >= 3 and all(words in spoken for words in planted)
    assert "Nobody in it ever lived" in spoken
    assert f"Open first: {tmp_path / 'demo/share/brief.html'}" in spoken
    assert Path(tmp_path / "demo/export/Client.csv").exists()
    assert all(words.rstrip(".") in (tmp_path / "demo/share/brief.md").read_text() for words in planted)
