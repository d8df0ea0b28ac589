"""When the world is unkind to `upwell protect`: killed around the ledger line, a full disk, two at once."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.factories.served import served, summed, written

from upwell.cli import output, tabled
from upwell.evidence.disclosure.history import ledger
from upwell.state import ledgers

COMMAND = (sys.executable, "-c", "from upwell.cli.main import main; main()")
PLENTY = 120  # seconds; a busy machine is slow, a hanging one is a fault
KILLS = 20 if os.environ.get("UPWELL_SLOW") == "full" else 3
WHO = ("--by", "county,age", "--count", "persons", "--source", "Hope House", "--period", "2025")


@pytest.fixture()
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "served.csv", summed(served(), "county", "age"))


@pytest.fixture()
def surroundings(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "UPWELL_HOME": str(tmp_path / "home")}


def begin(surroundings: dict[str, str], *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "protect", *map(str, words)], env=surroundings, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def releases(home: Path) -> list[str]:
    return [entry.release_id for source in ledgers.sources(home) for entry in ledger.read(ledgers.peek(home, source))]


def is_whole(target: Path) -> bool:
    listed = set(json.loads((target / output.RUN).read_text())["files"]) | {output.RUN}
    return listed == {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_killed_at_any_moment_it_leaves_the_old_or_the_new_and_heals(file, surroundings, tmp_path) -> None:
    target = tmp_path / "out"
    started = time.monotonic()
    assert begin(surroundings, file, *WHO, "-o", target).wait(PLENTY) == 0
    took = time.monotonic() - started
    for number in range(KILLS):  # one in each equal part of the time it takes
        moment = 0.2 + 0.9 * (number + random.SystemRandom().random()) / KILLS
        run = begin(surroundings, file, *WHO, "--seed", 2 + number, "-o", target)
        time.sleep(took * moment)
        run.send_signal(signal.SIGKILL)
        run.communicate()

        assert is_whole(target), f"killed at {moment:.3f} of {took:.1f} s"
        assert json.loads((target / output.RUN).read_text())["release_id"] in releases(tmp_path / "home")

    last = begin(surroundings, file, *WHO, "--seed", 99, "-o", target)
    assert last.communicate(timeout=PLENTY) and last.returncode == 0
    assert is_whole(target) and len(releases(tmp_path / "home")) == len(set(releases(tmp_path / "home")))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out", "served.csv"]


def test_a_disk_that_fills_after_the_ledger_line_leaves_a_line_and_the_same_release_later(
    upwell, home, file, tmp_path, monkeypatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(output.Stage, "put", full_disk)
        said = upwell("protect", file, *WHO, "-o", tmp_path / "out")
    assert said.code == 2 and "No space left" in said.err and not (tmp_path / "out").exists()
    known = releases(home)
    assert len(known) == 1

    again = upwell("protect", file, *WHO, "-o", tmp_path / "out")

    assert again.code == 0 and releases(home) == known
    assert json.loads((tmp_path / "out" / output.RUN).read_text())["release_id"] == known[0]


def test_a_ledger_that_cannot_be_written_releases_nothing(upwell, home, file, tmp_path, monkeypatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ledgers.durable, "write_all", full_disk)
        said = upwell("protect", file, *WHO, "-o", tmp_path / "out")

    assert said.code == 2 and not (tmp_path / "out").exists() and releases(home) == []


def test_a_ledger_that_was_tampered_with_releases_nothing(upwell, home, file, tmp_path) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "out")
    path = next((home / "sources").glob("*/ledger.jsonl"))
    path.write_bytes(path.read_bytes().replace(b'"seed":1', b'"seed":2'))

    said = upwell("protect", file, *WHO, "--seed", 5, "-o", tmp_path / "more")

    assert said.code == 2 and not (tmp_path / "more").exists() and "ledger" in said.err


def test_two_at_once_end_with_two_lines_in_one_chain(file, surroundings, tmp_path) -> None:
    begin(surroundings, file, *WHO, "--dry-run").communicate(timeout=PLENTY)
    runs = [begin(surroundings, file, *WHO, "--seed", seed, "-o", tmp_path / f"o{seed}") for seed in (1, 2)]
    told = [run.communicate(timeout=PLENTY)[1] for run in runs]

    assert [run.returncode for run in runs] == [0, 0], told
    assert len(set(releases(tmp_path / "home"))) == 2


def test_no_file_of_a_run_holds_a_witness_or_a_hidden_count(upwell, home, tmp_path) -> None:
    rows = summed(served(tracts=1), "county", "age", "race")
    for row, odd in zip(rows, range(90_001, 91_000, 7), strict=False):
        row["persons"] = str(odd)
    rows[0]["persons"] = "7"  # hidden; with its row and column, from which it would follow
    file = written(tmp_path / "s.csv", rows, "county", "age", "race", "persons")

    said = upwell("protect", file, *WHO[2:], "--by", "county,age,race", "-o", tmp_path / "out")
    assert said.code == 0, said.err

    with (tmp_path / "out/share/protected.csv").open() as opened:
        hidden = [line.split(",")[:3] for line in opened if line.rstrip().endswith("withheld")]
    truth = {(row["county"], row["age"], row["race"]): row["persons"] for row in rows}
    secret = {truth[tuple(words)] for words in hidden if tuple(words) in truth} - {"7"}
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert secret and not [each for each in secret if each.encode() in everything]
    assert tabled.LOSS in {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
