"""What happens when the world is unkind: killed, stopped, full disk, read-only folder, two at once."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from upwell.cli import output
from upwell.evidence.disclosure.history import ledger
from upwell.records.cases.synthetic.generate import generate
from upwell.state import ledgers

COMMAND = (sys.executable, "-c", "from upwell.cli.main import main; main()")
PLENTY = 120  # seconds; a busy machine is slow, a hanging one is a fault
KILLS = 20 if os.environ.get("UPWELL_SLOW") == "full" else 4


@pytest.fixture()
def surroundings(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "tmp").mkdir()
    return {**os.environ, "UPWELL_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp")}


def begin(surroundings: dict[str, str], *words: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*before, *COMMAND, *map(str, words)], env=surroundings, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def brief(county: Path, target: Path, *more: object) -> tuple[object, ...]:
    return ("brief", county, "-o", target, "--question", "exit_homeless", "--basis", "x", *more)


def is_whole(target: Path) -> bool:
    """Every file that the run record lists is there, and no other."""
    listed = set(json.loads((target / output.RUN).read_text())["files"]) | {output.RUN}
    return listed == {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}


def releases(home: Path) -> list[str]:
    return [entry.release_id for source in ledgers.sources(home) for entry in ledger.read(ledgers.peek(home, source))]


def needs_root() -> None:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("mounting a small or read-only disk needs root and unshare")
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount")


def test_a_brief_killed_at_any_moment_leaves_the_old_or_the_new_and_heals(
    county: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "out"
    first = begin(surroundings, *brief(county, target))
    started = time.monotonic()
    first.wait(PLENTY)
    took = time.monotonic() - started
    for number in range(KILLS):  # one in each equal part of the time it takes
        moment = 0.1 + (number + random.SystemRandom().random()) / KILLS
        run = begin(surroundings, *brief(county, target, "--seed", 2 + number))
        time.sleep(took * moment)
        run.send_signal(signal.SIGKILL)
        run.communicate()

        assert is_whole(target), f"killed at {moment:.3f} of {took:.1f} s"
        known = releases(tmp_path / "home")
        assert json.loads((target / output.RUN).read_text())["release_id"] in known, f"killed at {moment:.3f}"

    last = begin(surroundings, *brief(county, target, "--seed", 99))
    assert last.communicate(timeout=PLENTY)[1] == "" and last.returncode == 0
    assert is_whole(target) and len(releases(tmp_path / "home")) == len(set(releases(tmp_path / "home")))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out", "tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_brief_says_so_in_one_sentence_and_tidies_up(
    county: Path, surroundings: dict[str, str], tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    run = begin(surroundings, *brief(county, tmp_path / "out"))
    while not list((tmp_path / "tmp").glob(".upwell-work-*")):
        assert run.poll() is None
        time.sleep(0.02)
    time.sleep(0.3)
    run.send_signal(sent)
    out, err = run.communicate(timeout=PLENTY)

    assert (run.returncode, out) == (code, "")
    said = [line for line in err.splitlines() if line and "Made this agency's key" not in line]
    assert len(said) == 1 and said[0].endswith("nothing was left half-written.")
    assert not (tmp_path / "out").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) in (["home", "tmp"], ["tmp"])
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_full_disk_leaves_the_former_brief_whole(county: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    needs_root()
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=3m tmpfs "$0"; mkdir "$0/out" "$0/out/inside"; '
        'printf \'{"form": "upwell run 1", "files": ["old.txt"]}\' > "$0/out/inside/run.json"; '
        'echo old > "$0/out/old.txt"; head -c 2900000 /dev/zero > "$0/ballast"; '
        '"$@"; code=$?; find "$0" -type f | sort; cat "$0/out/old.txt"; exit $code'
    )
    run = begin(surroundings, *brief(county, disk / "out"), before=("unshare", "-m", "sh", "-c", script, str(disk)))
    out, err = run.communicate(timeout=PLENTY)

    assert run.returncode == 2 and "No space left on device" in err and "untouched" in err
    assert out.splitlines() == [str(disk / name) for name in ("ballast", "out/inside/run.json", "out/old.txt")] + [
        "old"
    ]
    assert len(releases(tmp_path / "home")) == 1  # entered before any file was written


@pytest.mark.parametrize("what", ["output", "home"])
def test_a_read_only_folder_is_a_sentence(
    county: Path, surroundings: dict[str, str], tmp_path: Path, what: str
) -> None:
    needs_root()
    fixed = tmp_path / ("place" if what == "output" else "home")
    fixed.mkdir()
    script = 'mount --bind "$0" "$0"; mount -o remount,ro,bind "$0"; exec "$@"'
    run = begin(
        surroundings,
        *brief(county, tmp_path / "place" / "out"),
        before=("unshare", "-m", "sh", "-c", script, str(fixed)),
    )
    out, err = run.communicate(timeout=PLENTY)

    assert run.returncode == 2 and out == "" and "Read-only file system" in err and "Traceback" not in err
    assert releases(tmp_path / "home") == []


def test_a_file_that_may_not_be_read_is_a_sentence(county: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    export = shutil.copytree(county, tmp_path / "export")
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root reads everything, and setpriv is not here to take that away")
        rights = "-dac_override,-dac_read_search"
        before = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}")
    export.chmod(0o000)
    try:
        run = begin(surroundings, "check", export, before=before)
        out, err = run.communicate(timeout=PLENTY)
    finally:
        export.chmod(0o755)

    assert run.returncode == 2 and out == "" and "Traceback" not in err
    assert 1 <= len(err.strip().splitlines()) <= 6


def test_two_briefs_at_once_end_with_two_lines_in_one_chain(surroundings: dict[str, str], tmp_path: Path) -> None:
    generate(people=300, years=2, seed=5, out=tmp_path / "export")
    runs = [
        begin(surroundings, *brief(tmp_path / "export", tmp_path / f"out-{seed}", "--seed", seed)) for seed in (1, 2)
    ]
    told = [run.communicate(timeout=PLENTY)[1] for run in runs]

    assert [run.returncode for run in runs] == [0, 0], told
    assert all(is_whole(tmp_path / f"out-{seed}") for seed in (1, 2))
    recorded = {json.loads((tmp_path / f"out-{seed}" / output.RUN).read_text())["release_id"] for seed in (1, 2)}
    assert set(releases(tmp_path / "home")) == recorded and len(recorded) == 2
