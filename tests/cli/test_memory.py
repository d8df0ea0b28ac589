"""When the ledger and the former outputs contradict each other, no release is made without a reason."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factories.ledgers import ENTRY
from upwell.cli import output
from upwell.cli.errors import DoorError
from upwell.cli.memory import Memory
from upwell.cli.record import Ask, Run, read
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.state import ledgers
from upwell.state.errors import SecondLedgerError
from upwell.state.requests import Former

SOURCE, REQUEST = "a1b2", "0" * 64
TODAY = date(2026, 3, 1)


def entry(name: str, previous: str, new_ledger: str = "") -> LedgerEntry:
    """A line by its name and its place in the chain."""
    return replace(ENTRY, release_id=name, source_id=SOURCE, new_ledger=new_ledger, previous=previous)


def release(memory: Memory, name: str, new_ledger: str = "") -> Former:
    lines = memory.lines(new_ledger)
    former = Former(name, ledger.head(lines), TODAY)
    memory.enter(REQUEST, former, ledger.append(lines, entry(name, ledger.head(lines), new_ledger)))
    return former


def remembering(home: Path, held: ledgers.Ledger, target: Path) -> Memory:
    return Memory(held, home, SOURCE, target)


def output_of(target: Path, former: Former, source: str = SOURCE) -> None:
    (target / "inside").mkdir(parents=True)
    (target / output.RUN).write_bytes(Run(Ask(), "snap", source, former).as_bytes([]))


def test_the_lines_before_a_former_release_are_those_it_was_made_with(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as held:
        memory = remembering(tmp_path, held, tmp_path / "out")
        first, second = release(memory, "r1"), release(memory, "r2")

        assert memory.before(first) == b""
        assert ledger.read(memory.before(second) or b"")[0].release_id == "r1"
        assert memory.former(REQUEST) == second


def test_a_request_whose_line_never_came_is_no_answer(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as held:
        memory = remembering(tmp_path, held, tmp_path / "out")
        release(memory, "r1")
        lost = Former("r2", ledger.head(memory.lines("")), TODAY)

        assert memory.before(lost) is None


def test_an_output_of_another_ledger_stops_the_run_until_a_reason_is_given(tmp_path: Path) -> None:
    output_of(tmp_path / "out", Former("gone", "f" * 64, TODAY))

    with ledgers.held(tmp_path, SOURCE) as held:
        memory = remembering(tmp_path, held, tmp_path / "out")
        with pytest.raises(SecondLedgerError, match="--new-ledger REASON"):
            memory.lines("")
        release(memory, "r1", "the disk failed")

        assert [each.new_ledger for each in ledger.read(memory.lines(""))] == ["the disk failed"]


def test_an_output_of_another_source_says_nothing_of_this_ledger(tmp_path: Path) -> None:
    output_of(tmp_path / "out", Former("gone", "f" * 64, TODAY), source="other")

    with ledgers.held(tmp_path, SOURCE) as held:
        assert remembering(tmp_path, held, tmp_path / "out").lines("") == b""


def test_a_lost_ledger_is_begun_anew_with_a_reason_only(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as held:
        memory = remembering(tmp_path, held, tmp_path / "out")
        release(memory, "r1")
        held.path.unlink()

        with pytest.raises(SecondLedgerError):
            memory.lines("")
        assert memory.before(Former("r1", ledger.BEGINNING, TODAY)) is None
        assert memory.lines("the file was deleted") == b""


def test_a_whole_ledger_is_not_replaced_even_with_a_reason(tmp_path: Path) -> None:
    with ledgers.held(tmp_path, SOURCE) as held:
        memory = remembering(tmp_path, held, tmp_path / "out")
        release(memory, "r1")

        with pytest.raises(DoorError, match="whole"):
            memory.lines("I would rather not remember")


def test_a_run_record_comes_back_as_it_was(tmp_path: Path) -> None:
    ask = Ask(questions=("jail",), seed=7, dates="mdy", basis="Notice ñ", planted=("a", "b"))
    run = Run(ask, "snap", SOURCE, Former("r1", "e" * 64, TODAY))
    (tmp_path / "run.json").write_bytes(run.as_bytes(["share/brief.html"]))

    assert read(tmp_path / "run.json") == run
    held = json.loads((tmp_path / "run.json").read_bytes())
    assert held["about"].startswith("CASE TEAM ONLY, DO NOT SEND") and held["files"] == ["share/brief.html"]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"form": "other"}'])
def test_what_is_no_run_record_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)

    with pytest.raises(DoorError, match="no run record"):
        read(tmp_path / "run.json")


def test_requests_differ_by_everything_that_decides_the_answer() -> None:
    asks = [
        Ask(), Ask(questions=("jail",)), Ask(protection="cms"), Ask(baseline="overall"), Ask(seed=2), Ask(dates="dmy"),
        Ask(basis="x"), Ask(leave_out_victim_providers=True), Ask(new_ledger="x"), Ask(planted=("x",)),
    ]  # fmt: skip

    digests = {ask.digest(snapshot) for ask in asks for snapshot in ("a", "b")}

    assert len(digests) == 2 * len(asks)
