"""Hidden plants: invented counties whose plant is drawn from a fresh seed, and counties with nothing in them.

A plant counts as recovered when the gate released a pattern whose people and the plant's people overlap by 0.8 (Jaccard
over the persons asked). A county without a plant counts as claimed when anything at all was released as a pattern with
a p.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.rows import Options, Row
from upwell.cli import planted
from upwell.evidence import line
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.release import Release
from upwell.records.cases.hmis import read
from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.plants import Plant, random_plants
from upwell.records.cases.table import CaseTable

PEOPLE, YEARS, ENOUGH = 20_000, 3, 0.8
KEY = bytes(range(32))


@dataclass(frozen=True)
class Judged:
    """One county: its seed, its plant if any, the best overlap, how many patterns carried a p."""

    seed: int
    plant: Plant | None
    overlap: float
    claims: int


def run(options: Options) -> list[Row]:
    """Both rows; a line a county on standard error, so that a failure can be made again."""
    hidden = [_county(options.work, seed, random_plants(seed)[0]) for seed in _seeds(options, options.counties, 0)]
    nulls = [_county(options.work, seed, None) for seed in _seeds(options, options.nulls, 1)]
    found = sum(each.overlap >= ENOUGH for each in hidden)
    claimed = sum(each.claims > 0 for each in nulls)
    wanted = -(-8 * len(hidden) // 10)
    return [
        Row(f"hidden plants recovered (Jaccard {ENOUGH} or more), counties of {PEOPLE:,} people",
            f"{wanted} of {len(hidden)}", f"{found} of {len(hidden)}", found >= wanted),
        Row("counties without a plant in which something was claimed", f"at most 1 of {len(nulls)}",
            f"{claimed} of {len(nulls)}", claimed <= 1),
    ]  # fmt: skip


def _seeds(options: Options, many: int, kind: int) -> list[int]:
    return [(options.seed * 1000 + 500 * kind + number) % 2**31 for number in range(many)]


def _county(work: Path, seed: int, plant: Plant | None) -> Judged:
    folder = work / f"plants-{seed}"
    folder.mkdir()
    generate(people=PEOPLE, years=YEARS, seed=seed, plants=(plant,) if plant else (), out=folder / "export")
    reading = read.read(folder / "export", key=KEY, work=folder / "work")
    release = _release(reading.table)
    overlap = 0.0
    if plant:
        overlap = max((planted.overlap(plant, each, reading.table) for each in release.patterns), default=0.0)
    judged = Judged(seed, plant, overlap, sum(each.p is not None for each in release.patterns))
    print(f"  seed {seed}: overlap {overlap:.2f}, {judged.claims} claims; {plant}", file=sys.stderr)
    return judged


def _release(table: CaseTable) -> Release:
    today = date(2026, 1, 1)
    request = line.Request(protection=protection.load(protection.DEFAULT, today), made_on=today)
    signed, _ = line.release(table, request, (), key=KEY, ledger_head=ledger.head(b""))
    return signed.release
