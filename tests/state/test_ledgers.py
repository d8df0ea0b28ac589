"""Ledgers on disk: nothing that was written is lost, nothing half-written counts, two writers never mix."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from upwell.state import ledgers
from upwell.state.errors import SecondLedgerError, StateError

SOURCE = "a1b2c3"


def test_lines_come_back_in_the_order_they_were_added(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n"):
        with ledgers.held(tmp_path, SOURCE) as ledger:
            ledger.append(line)

    assert ledgers.peek(tmp_path, SOURCE) == b"one\ntwo\n"
    assert ledgers.is_whole(tmp_path, SOURCE)
    assert ledgers.sources(tmp_path) == (SOURCE,)


def test_a_ledger_whose_mark_is_gone_is_listed_and_not_taken_for_whole(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n", b"three\n"):
        with ledgers.held(tmp_path, SOURCE) as ledger:
            ledger.append(line)
    folder = tmp_path / "sources" / SOURCE

    (folder / "mark.json").unlink()
    (folder / "ledger.jsonl").write_bytes(b"one\ntwo\n")

    assert ledgers.sources(tmp_path) == (SOURCE,)
    assert not ledgers.is_whole(tmp_path, SOURCE)
    with ledgers.held(tmp_path, SOURCE) as ledger, pytest.raises(SecondLedgerError):
        ledger.lines()


def test_half_a_line_or_two_lines_are_refused(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as ledger:
        for line in (b"half", b"two\nlines\n", b""):
            with pytest.raises(StateError, match="whole lines"):
                ledger.append(line)

        assert ledger.lines() == b""


@given(cut=some.integers(min_value=0, max_value=9))
def test_a_torn_last_line_is_set_aside_and_nothing_durable_is_lost(tmp_path_factory: pytest.TempPathFactory, cut: int):
    home = tmp_path_factory.mktemp("home")
    with ledgers.held(home, SOURCE) as ledger:
        ledger.append(b"one\n")
    path = home / "sources" / SOURCE / "ledger.jsonl"
    path.write_bytes(b"one\n" + b"torn-line"[:cut])

    with ledgers.held(home, SOURCE) as ledger:
        ledger.append(b"two\n")
        assert ledger.lines() == b"one\ntwo\n"

    kept = [part.read_bytes() for part in path.parent.glob("torn-*.part")]
    assert kept == ([b"torn-line"[:cut]] if cut else [])


def test_a_whole_line_whose_mark_was_not_yet_set_counts(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as ledger:
        ledger.append(b"one\n")
    with open(tmp_path / "sources" / SOURCE / "ledger.jsonl", "ab") as file:
        file.write(b"two\n")  # as after a crash between the line and the mark

    with ledgers.held(tmp_path, SOURCE) as ledger:
        assert ledger.lines() == b"one\ntwo\n"


@pytest.mark.parametrize("damage", ["deleted", "cut", "older", "changed"])
def test_a_ledger_that_lost_lines_is_refused_until_a_second_one_is_begun(tmp_path: Path, damage: str) -> None:
    with ledgers.held(tmp_path, SOURCE) as ledger:
        ledger.append(b"one\n")
        ledger.append(b"two\n")
    path = tmp_path / "sources" / SOURCE / "ledger.jsonl"
    if damage == "deleted":
        path.unlink()
    else:
        path.write_bytes({"cut": b"one\ntw", "older": b"one\n", "changed": b"one\ntwO\n"}[damage])

    with ledgers.held(tmp_path, SOURCE) as ledger:
        with pytest.raises(SecondLedgerError, match="--new-ledger"):
            ledger.lines()
        ledger.begin_again()
        ledger.append(b"new\n")
        assert ledger.lines() == b"new\n"

    old = [kept.read_bytes() for kept in path.parent.glob("ledger.until-*.jsonl")]
    assert old == ([] if damage == "deleted" else [path.parent.joinpath("ledger.until-1.jsonl").read_bytes()])
    assert all(content.startswith(b"one\n") for content in old)


def test_a_full_disk_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    script = f"""
import resource, signal, sys
from pathlib import Path
from upwell.state import ledgers
from upwell.state.errors import StateError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with ledgers.held(Path({str(tmp_path)!r}), {SOURCE!r}) as ledger:
    ledger.append(b"one\\n")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        ledger.append(b"x" * 5000 + b"\\n")
    except StateError as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "nothing was released" in run.stdout
    assert ledgers.peek(tmp_path, SOURCE) == b"one\n"
    assert (tmp_path / "sources" / SOURCE / "ledger.jsonl").read_bytes() == b"one\n"


WRITER = """
import sys
from pathlib import Path
from upwell.state import ledgers
home, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(times):
    with ledgers.held(home, "a1b2c3") as ledger:
        seen = ledger.lines().count(b"\\n")
        ledger.append(f"{seen} {name} {number} {'x' * 300}\\n".encode())
"""


def test_two_writers_take_turns(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name, "25"]) for name in ("a", "b")]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    lines = ledgers.peek(tmp_path, SOURCE).decode().splitlines()

    assert [int(line.split()[0]) for line in lines] == list(range(50))
    assert sum(line.split()[1] == "a" for line in lines) == 25
    assert all(line.endswith("x" * 300) for line in lines)


def test_a_writer_killed_at_any_moment_leaves_whole_lines(tmp_path: Path) -> None:
    for pause in (0.05, 0.11, 0.17, 0.23):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), "a", "100000"])
        time.sleep(0.15 + pause)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()

    with ledgers.held(tmp_path, SOURCE) as ledger:
        lines = ledger.lines().decode().splitlines()

    assert lines
    assert [int(line.split()[0]) for line in lines] == list(range(len(lines)))
    assert all(line.endswith("x" * 300) for line in lines)


def test_whoever_waits_is_told_once(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", WRITER.replace("ledger.append", "import time; time.sleep(1.5); ledger.append"),
         str(tmp_path), "a", "1"]
    )  # fmt: skip
    while not (tmp_path / "sources" / SOURCE / "lock").exists():
        time.sleep(0.02)
    time.sleep(0.2)
    told: list[str] = []

    with ledgers.held(tmp_path, SOURCE, waiting=lambda: told.append("waiting")) as ledger:
        assert ledger.lines().count(b"\n") == 1

    assert told == ["waiting"]
    holder.wait()


@pytest.mark.parametrize("name", ["", "../up", "a/b", "a b", "x" * 200])
def test_a_source_cannot_name_a_folder_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(StateError, match="usable digest"), ledgers.held(tmp_path, name):
        pass


def test_a_damaged_mark_is_a_sentence(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as ledger:
        ledger.append(b"one\n")
        (tmp_path / "sources" / SOURCE / "mark.json").write_text("{")

        with pytest.raises(StateError, match="damaged"):
            ledger.lines()
