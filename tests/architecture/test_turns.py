"""The order of a parallel run loses no test, and lets what takes long begin first."""

from itertools import pairwise
from pathlib import Path

import pytest

from factories.turns import LONGEST, TOGETHER, dealt

ROOT = Path(__file__).resolve().parents[2]
MANY = [f"tests/{room}.py::{at}" for room in "abcdef" for at in range(20)]
LONG = [f"{file}::{at}" for file in LONGEST for at in range(3)]


def file_of(item: str) -> str:
    return item.split("::")[0]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 60, 500])
def test_every_test_has_its_turn_once(workers: int) -> None:
    assert sorted(dealt([*MANY, *LONG], workers, file_of)) == sorted([*MANY, *LONG])


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_every_workers_stretch_begins_with_what_takes_long_and_ends_with_what_does_not(workers: int) -> None:
    ordered = dealt([*MANY, *LONG], workers, file_of)
    borders = [0]
    for at in range(workers):  # as xdist deals: of what is left, so much to each who has none yet
        borders.append(borders[-1] + (len(ordered) - borders[-1]) // (workers - at))

    stretches = [ordered[begin:end] for begin, end in pairwise(borders)]

    for stretch in stretches:
        seconds = [LONGEST.get(file_of(item), 0) for item in stretch]
        assert seconds[0] > 0 == seconds[-1]
        assert seconds == sorted(seconds, reverse=True)
    assert sum(file_of(item) in LONGEST for stretch in stretches for item in stretch) == len(LONG)


def test_what_is_short_keeps_its_order_and_what_shares_stays_together() -> None:
    ordered = dealt([*MANY, *LONG], 3, file_of)

    assert [item for item in ordered if file_of(item) not in LONGEST] == MANY
    for file in TOGETHER:
        places = [at for at, item in enumerate(ordered) if file_of(item) == file]
        assert places == list(range(places[0], places[0] + len(places)))


def test_the_files_that_take_long_are_there() -> None:
    assert [file for file in LONGEST if not (ROOT / file).is_file()] == []
    assert set(LONGEST) >= TOGETHER
