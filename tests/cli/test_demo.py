"""`upwell demo` runs the whole line and says what it found, what was planted, and what to open first."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from upwell.cli import output


def test_the_demo_says_what_was_planted_and_can_be_run_again_and_leaves_the_agencys_state_alone(
    upwell, home, tmp_path
) -> None:
    first = upwell("demo", "-o", tmp_path / "demo", "--people", 500, "--seed", 3, "--no-story")

    planted = json.loads((tmp_path / "demo" / output.RUN).read_text())["arguments"]["planted"]
    spoken = " ".join(first.out.split())
    assert len(planted) >= 3 and all(words in spoken for words in planted)
    assert "Nobody in it ever lived" in spoken
    assert f"Open first: {tmp_path / 'demo/share/brief.html'}" in spoken
    assert Path(tmp_path / "demo/export/Client.csv").exists()
    assert all(words.rstrip(".") in (tmp_path / "demo/share/brief.md").read_text() for words in planted)

    shared = {path.name: path.read_bytes() for path in (tmp_path / "demo/share").rglob("*") if path.is_file()}
    second = upwell("demo", "-o", tmp_path / "demo", "--people", 500, "--seed", 3, "--no-story")

    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert first.out == second.out
    assert shared == {path.name: path.read_bytes() for path in (tmp_path / "demo/share").rglob("*") if path.is_file()}
    assert not home.exists()


COMMAND = (sys.executable, "-c", "from upwell.cli.main import main; main()", "demo")


def demo(tmp_path: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """The demo as a process of its own: it changes its surroundings for those it starts."""
    ours = ("UPWELL_", "DATABASE_", "DJANGO_")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    surroundings["UPWELL_HOME"] = str(tmp_path / "home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return subprocess.run(
        [*COMMAND, "-o", str(tmp_path / "demo"), "--people", "500", "--port", str(port), *map(str, words)],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_the_demo_ends_in_the_web_application(tmp_path) -> None:
    said = demo(tmp_path, "--seed", 3)

    assert said.returncode == 0, said.stderr
    assert "cases" in said.stdout and "concerns" in said.stdout
    assert (tmp_path / "demo-web/home/upwell.sqlite3").exists()
    assert (tmp_path / "demo-web").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "home").exists()


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path) -> None:
    (tmp_path / "demo-web").mkdir()
    (tmp_path / "demo-web/mine.txt").write_text("mine")

    said = demo(tmp_path)

    assert said.returncode != 0 and "is left alone" in said.stderr
    assert (tmp_path / "demo-web/mine.txt").read_text() == "mine"
    assert not (tmp_path / "demo").exists()
