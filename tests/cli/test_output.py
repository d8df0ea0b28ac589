"""The output folder: whole or not at all, old or new, and nobody's own files are ever replaced."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from upwell.cli import output, scratch
from upwell.cli.errors import DoorError


def write(target: Path, words: bytes) -> None:
    with output.staged(target) as stage:
        stage.put({"share/brief.html": words, "share/release/t01.csv": words})
        record = {"form": output.FORM, "files": stage.names()}
        stage.put({output.RUN: json.dumps(record).encode()})
        stage.finish()


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def test_an_output_appears_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    write(tmp_path / "out", b"words")

    assert (tmp_path / "out/share/brief.html").read_bytes() == b"words"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_for_the_case_team_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    write(tmp_path / "out", b"words")

    assert (tmp_path / "out/inside").stat().st_mode & 0o077 == 0
    assert (tmp_path / "out/inside/run.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "out/share/brief.html").stat().st_mode & 0o044 == 0o044


def test_nothing_is_seen_before_it_is_finished(tmp_path: Path) -> None:
    with output.staged(tmp_path / "out") as stage:
        stage.put({"share/brief.html": b"words"})

        assert not (tmp_path / "out").exists()
        assert oct(stage.container.stat().st_mode & 0o777) == "0o700"

    assert list(tmp_path.iterdir()) == []


def test_a_former_output_is_replaced_without_a_trace_of_the_old(tmp_path: Path) -> None:
    write(tmp_path / "out", b"old")
    with output.staged(tmp_path / "out") as stage:
        stage.put({"share/other.html": b"new"})
        stage.put({output.RUN: json.dumps({"form": output.FORM, "files": stage.names()}).encode()})
        stage.finish()

    assert not (tmp_path / "out/share/brief.html").exists()
    assert (tmp_path / "out/share/other.html").read_bytes() == b"new"
    assert hidden(tmp_path) == []


def test_an_error_while_writing_leaves_the_former_output(tmp_path: Path) -> None:
    write(tmp_path / "out", b"old")

    with pytest.raises(KeyboardInterrupt), output.staged(tmp_path / "out") as stage:
        stage.put({"share/brief.html": b"new"})
        raise KeyboardInterrupt

    assert (tmp_path / "out/share/brief.html").read_bytes() == b"old"
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("name", ["notes.txt", "share/my-notes.txt", "inside/letter.odt"])
def test_a_folder_with_somebodys_own_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    write(tmp_path / "out", b"old")
    (tmp_path / "out" / name).write_text("mine")

    with pytest.raises(DoorError, match=Path(name).name):
        write(tmp_path / "out", b"new")

    assert (tmp_path / "out" / name).read_text() == "mine"
    assert (tmp_path / "out/share/brief.html").read_bytes() == b"old"


def test_a_file_put_there_while_the_run_went_on_is_kept_too(tmp_path: Path) -> None:
    write(tmp_path / "out", b"old")

    with pytest.raises(DoorError, match=r"notes\.txt"), output.staged(tmp_path / "out") as stage:
        (tmp_path / "out/notes.txt").write_text("mine")
        stage.finish()

    assert (tmp_path / "out/notes.txt").read_text() == "mine"


def test_an_empty_folder_is_free_and_a_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", b"words")
    (tmp_path / "file").write_text("mine")

    with pytest.raises(DoorError, match="is a file"):
        write(tmp_path / "file", b"words")

    assert (tmp_path / "empty/share/brief.html").exists()


def test_a_system_without_a_swap_replaces_in_two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_exchange", lambda one, other: False)
    write(tmp_path / "out", b"old")
    write(tmp_path / "out", b"new")

    assert (tmp_path / "out/share/brief.html").read_bytes() == b"new"
    assert hidden(tmp_path) == []


def test_a_run_killed_between_two_renames_is_put_right_by_the_next(tmp_path: Path) -> None:
    write(tmp_path / "out", b"old")
    left = tmp_path / ".upwell-output-dead.tmp"
    left.mkdir()
    (left / "lock").write_bytes(b"")
    (left / "target").write_text("out")
    os.rename(tmp_path / "out", left / "old")

    with output.staged(tmp_path / "other"):
        assert (tmp_path / "out/share/brief.html").read_bytes() == b"old"

    assert hidden(tmp_path) == []


WRITER = """
import json, sys
from pathlib import Path
from upwell.cli import output
target = Path(sys.argv[1])
for number in range(100000):
    words = str(number).encode() * 2000
    with output.staged(target) as stage:
        stage.put({f"share/{name}.csv": words for name in range(8)})
        stage.put({output.RUN: json.dumps({"form": output.FORM, "files": stage.names()}).encode()})
        stage.finish()
"""


@pytest.mark.parametrize("pause", [0.0, 0.013, 0.029, 0.041, 0.067, 0.083])
def test_a_run_killed_at_any_moment_leaves_one_whole_output(tmp_path: Path, pause: float) -> None:
    run = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "out")])
    while not (tmp_path / "out").exists():
        time.sleep(0.005)
    time.sleep(0.1 + pause)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()

    contents = {path.read_bytes() for path in (tmp_path / "out/share").iterdir()}
    files = len(list((tmp_path / "out/share").iterdir()))
    write(tmp_path / "out", b"next")

    assert (len(contents), files) == (1, 8)
    assert hidden(tmp_path) == []


def test_a_folder_in_use_by_another_run_is_not_swept(tmp_path: Path) -> None:
    with scratch.claimed(tmp_path, "upwell-work") as used:
        script = (
            "import sys; from pathlib import Path; from upwell.cli import scratch;"
            "scratch.sweep(Path(sys.argv[1]), 'upwell-work')"
        )
        subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)

        assert used.exists()

    assert not used.exists()


def test_only_our_own_leftovers_are_swept(tmp_path: Path) -> None:
    for name in (".upwell-work-a.tmp", ".upwell-work-b.tmp", ".other-work-c.tmp", "upwell-work-d.tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / ".upwell-work-a.tmp/lock").write_bytes(b"")
    (tmp_path / ".upwell-work-a.tmp/work").mkdir()
    (tmp_path / ".upwell-work-b.tmp/somebody.txt").write_text("no lock of ours")

    scratch.sweep(tmp_path, "upwell-work")

    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [".other-work-c.tmp", ".upwell-work-b.tmp", "upwell-work-d.tmp"]


def test_the_work_folder_is_private_and_gone_after_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(ValueError, match="boom"), scratch.work_folder() as work:
        (work / "spill").write_text("x")
        assert oct(work.stat().st_mode & 0o777) == "0o700"
        raise ValueError("boom")

    assert list(tmp_path.iterdir()) == []
