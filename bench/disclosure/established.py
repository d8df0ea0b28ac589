"""Seven linked two-way tables of one caseload: small counts hidden and nothing else, ACRO, and ours, all attacked.

Protected are the small counts (1 to 10) of the tables and their totals. The attacker of each knows what its marks
promise: with small counts alone hidden, 1 to 10; with ACRO (threshold 11, zeros hidden too), 0 to 10 in its tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from tests.factories.lattices import SHAPES, caseload, demand_of

from bench.disclosure import peers
from bench.disclosure.asked import ASKED
from bench.disclosure.attacked import LARGE, OTHER_SEED, Mask, Tally, public_of, tallied
from bench.disclosure.clock import running
from bench.parts import said
from bench.rows import Options, Row
from upwell.evidence.disclosure.attacking.attack import attack
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppression.suppress import suppress
from upwell.evidence.disclosure.system import System

PAIRS = (
    ("tract", "age"), ("tract", "race"), ("tract", "time"), ("age", "race"), ("age", "time"), ("race", "time"),
    ("county", "age"),
)  # fmt: skip
SECONDS = 600


@dataclass(frozen=True)
class Linked:
    """Seven tables. system: every cell once, totals included. codes: column -> value of each leaf. leaves: persons."""

    system: System
    codes: Mapping[str, NDArray[np.int64]]
    leaves: NDArray[np.int64]


@dataclass(frozen=True)
class Printed:
    """hidden: of each cell. floor, ceiling: what the attacker knows of hidden ones; -1 no ceiling. cpu: seconds."""

    hidden: Mask
    floor: NDArray[np.int64]
    ceiling: NDArray[np.int64]
    cpu: float
    totals: tuple[int, ...] = ()


def run(options: Options) -> list[Row]:
    """Sparse and dense caseloads, one row a way of protecting."""
    ways: list[tuple[str, Callable[[Linked], Printed]]] = [
        ("1 to 10 hidden and nothing else", threshold_only),
        ("ACRO, suppression on, threshold 11", acro),
        ("ours", ours),
    ]
    rows = []
    for name, (words, way) in product(("S", "Sd"), ways):
        try:
            rows.append(_row(name, words, way, options.seed))
        except (peers.AbsentError, PeerFailedError) as error:
            rows.append(Row(f"seven linked tables, {name}, {words}: told", "reported", str(error), None))
        said(f"{rows[-1].aim}: {rows[-1].figure}")
    return rows


class PeerFailedError(Exception):
    """A peer ended without its tables; the words say how."""


def _row(name: str, words: str, way: Callable[[Linked], Printed], base: int) -> Row:
    told, cpu, totals = Tally(), 0.0, ()
    many = ASKED.size("TABLES")
    for at in range(many):
        linked = seven(name, base + at)
        printed = way(linked)
        told.add(broken(linked.system, printed, base + at))
        cpu, totals = cpu + printed.cpu, printed.totals or totals
    share = told.exact / max(1, told.protected)
    figure = (
        f"{told.exact} ({share:.0%}) exactly, {told.near - told.exact} more to at most three values, of "
        f"{told.protected:,}; {told.share_large_shown:.0%} of counts of 11 and more shown; {cpu / many:.1f} s"
    )
    if totals:
        figure += f"; its grand totals: {', '.join(f'{each:,}' for each in totals)}"
    aim = f"seven linked tables, {name}, {many} caseloads, {words}: told"
    return Row(aim, "0" if words == "ours" else "reported", figure, told.exact == 0 if words == "ours" else None)


def seven(name: str, seed: int) -> Linked:
    """The tables of a caseload of a lattice's size."""
    shape = SHAPES[name.removesuffix("d")]
    sizes = {"tract": shape.tracts, "age": shape.ages, "race": shape.races, "time": shape.times}
    people = shape.people * (10 if name.endswith("d") else 1)
    leaves = caseload(np.random.default_rng(seed), list(sizes.values()), people)
    places = np.indices(list(sizes.values())).reshape(len(sizes), -1)
    codes = dict(zip(sizes, places, strict=True))
    codes["county"] = codes["tract"] // (shape.tracts // shape.counties)
    cells: dict[Cell, Mask] = {}
    for pair in PAIRS:
        for values in product(*([None, *range(int(codes[column].max()) + 1)] for column in pair)):
            told = [(c, v) for c, v in zip(pair, values, strict=True) if v is not None]
            inside = np.logical_and.reduce([np.ones(len(leaves), dtype=bool), *(codes[c] == v for c, v in told)])
            cells[Cell("seven", tuple(sorted((c, (int(v),)) for c, v in told)), (0,))] = inside
    counts = sparse.csr_matrix(np.array(list(cells.values())).astype(np.int64))
    ties = sparse.csr_matrix((0, len(leaves)), dtype=np.int64)
    system = System("seven", tuple(cells), counts @ leaves, leaves, counts, ties, np.zeros(0, dtype=np.int64))
    return Linked(system, codes, leaves)


def broken(system: System, printed: Printed, seed: int) -> Tally:
    """The attack with what the marks promise."""
    public = public_of(system, printed.hidden)
    report = attack(public, width=3, seed=seed + OTHER_SEED, floor=printed.floor, ceiling=printed.ceiling)
    small = (system.values > 0) & (system.values < LARGE)
    told = tallied(report, small[printed.hidden], 3)
    large = system.values >= LARGE
    told.large, told.shown = int(large.sum()), int((large & ~printed.hidden).sum())
    return told


def threshold_only(linked: Linked) -> Printed:
    """Counts of 1 to 10 hidden; zeros and totals shown."""
    values = linked.system.values
    ones = np.ones_like(values)
    return Printed((values > 0) & (values < LARGE), ones, 10 * ones, 0.0)


def ours(linked: Linked) -> Printed:
    """Our search, width 3; nothing is promised of what is hidden."""
    with running() as clock:
        hiding = suppress(linked.system, demand_of(linked.system), seed=1)
    values = linked.system.values
    return Printed(hiding.hidden, np.zeros_like(values), np.full_like(values, -1), clock.seconds)


def acro(linked: Linked) -> Printed:
    """What ACRO prints. Its totals are sums of what it prints, so they are no cells; counts it prints are true."""
    files = {"people.csv": _people(linked), "asked.json": json.dumps(PAIRS)}
    left = peers.ask("peer_acro.py", files=files, seconds=SECONDS)
    if "failed" in left:
        raise PeerFailedError(left["failed"])
    told = json.loads(left["printed.json"])
    shown = {cell for pair, table in zip(PAIRS, told["tables"], strict=True) for cell in _shown(pair, table)}
    cells = linked.system.cells
    hidden = np.array([cell not in shown for cell in cells])
    inner = np.array([len(cell.where) == 2 for cell in cells])
    totals = tuple(int(table["All"]["All"]) for table in told["tables"])
    return Printed(hidden, np.zeros(len(cells), dtype=np.int64), np.where(inner, 10, -1), told["cpu"], totals)


def _shown(pair: Sequence[str], table: Mapping[str, Mapping[str, float | None]]) -> list[Cell]:
    return [
        Cell("seven", tuple(sorted(((pair[0], (int(row),)), (pair[1], (int(column),))))), (0,))
        for row, columns in table.items()
        for column, count in columns.items()
        if "All" not in (row, column) and count is not None
    ]


def _people(linked: Linked) -> str:
    names = list(linked.codes)
    kinds = np.repeat(np.stack(list(linked.codes.values()), axis=1), linked.leaves, axis=0)
    return "\n".join([",".join(names), *(",".join(map(str, each)) for each in kinds.tolist())]) + "\n"
