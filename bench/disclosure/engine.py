"""The search for a pattern at 210, 924, 2,695 and 18,690 cells, beside the exact solver where that can be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.factories.lattices import SHAPES, axes_of, demand_of, lattice

from bench.disclosure import exact, peers
from bench.disclosure.asked import ASKED
from bench.disclosure.attacked import Tally, audited
from bench.disclosure.clock import running
from bench.parts import said
from bench.rows import Options, Row
from upwell.evidence.disclosure.suppression.suppress import Demand, suppress, verify
from upwell.evidence.disclosure.system import System

TIMES_FASTER, POINTS = 10, 0.03
QUICK, CLEAN = 1.0, 20.0
LARGE_SECONDS, LARGE_SHOWN = 60.0, 0.84
SKETCH = {"XS": 0.868, "S": 0.903, "Sd": 0.874, "M": 0.834, "Md": 0.892}
"""Share of counts of 11 and more that the sketch showed of its own lattices, with clean-up: the floor."""


@dataclass(frozen=True)
class Found:
    """One pattern of one lattice. cpu: seconds of the search alone. why: where there is none."""

    cpu: float
    unproved: int
    tally: Tally
    proved: bool = True
    why: str = ""


def run(options: Options) -> list[Row]:
    """Rows of all sizes; UPWELL_BENCH_NAMES names some ("S,Md")."""
    names = ASKED.words("NAMES") or ("XS", "XSd", "S", "Sd", "M", "Md", "L", "Ld")
    rows: list[Row] = []
    for name in names:
        rows += {"X": _small, "S": _small, "M": _middle, "L": _large}[name[0]](name, options.seed)
    return rows


def _small(name: str, base: int) -> list[Row]:
    ours, theirs = _ours(name, base, "LATTICES"), _theirs(name, base)
    spent = sum(each.cpu for each in ours)
    head = _head(name, ours)
    faster = [_without(head, "10x faster than the exact solver", theirs)]
    if any(not each.why for each in theirs):
        times = sum(each.cpu for each in theirs) / spent
        figure = f"{_seconds(ours)} to {_seconds(theirs)}: {times:.0f}x{_limits(theirs)}"
        faster = [Row(f"{head}: search, CPU", "10x faster than the exact solver", figure, times >= TIMES_FASTER)]
    return [*faster, *_loss(name, ours, theirs), _safe(name, ours)]


def _middle(name: str, base: int) -> list[Row]:
    quick = _ours(name, base, "LATTICES", thorough=False)
    ours, theirs = _ours(name, base, "LATTICES"), _theirs(name, base)
    head = _head(name, ours)
    return [
        _within(f"{head}: search without clean-up, CPU", QUICK, quick),
        Row(f"{name}: counts of 11 and more shown, without clean-up", "reported", f"{_share(quick):.1%}", None),
        _within(f"{name}: search with clean-up, CPU", CLEAN, ours),
        *_loss(name, ours, theirs),
        _safe(name, [*quick, *ours]),
    ]


def _large(name: str, base: int) -> list[Row]:
    ours = _ours(name, base, "LARGE_LATTICES")
    shown = _share(ours)
    wanted = f"{LARGE_SHOWN:.0%}" if name.endswith("d") else "reported"
    met = shown >= LARGE_SHOWN if name.endswith("d") else None
    return [
        _within(f"{_head(name, ours)}: search, CPU", LARGE_SECONDS, ours),
        Row(f"{name}: counts of 11 and more shown", wanted, f"{shown:.1%}", met),
        _safe(name, ours),
    ]


def _ours(name: str, base: int, many: str, *, thorough: bool = True) -> list[Found]:
    found = []
    for at in range(ASKED.size(many)):
        system = lattice(name, base + at)
        found.append(_found(system, demand_of(system), base + at, thorough))
        words = "with" if thorough else "without"
        said(f"{name} {at}, {words} clean-up: {found[-1].cpu:.2f} s, {found[-1].tally.share_large_shown:.1%} shown")
    return found


def _found(system: System, demand: Demand, seed: int, thorough: bool) -> Found:
    with running() as clock:
        hiding = suppress(system, demand, seed=seed, thorough=thorough)
    unproved = int(hiding.unproved.sum())
    proved = bool(unproved) or verify(system, demand, hiding)
    return Found(clock.seconds, unproved, audited(system, hiding.hidden, demand.primary, seed=seed), proved)


def _theirs(name: str, base: int) -> list[Found]:
    """The exact solver on the same lattices; its patterns attacked as ours are."""
    limit, found = ASKED.size("OPT_SECONDS"), []
    for at in range(ASKED.size("LATTICES") if limit else 0):
        system = lattice(name, base + at)
        demand = demand_of(system)
        try:
            solved = exact.solve(system, demand, axes_of(SHAPES[name.removesuffix("d")]), seconds=limit)
        except peers.AbsentError as error:
            return [Found(0.0, 0, Tally(), why=str(error))]
        pattern = solved.hidden
        tally = Tally() if pattern is None else audited(system, pattern, demand.primary, seed=base + at)
        found.append(Found(solved.cpu, 0, tally, solved.proved, solved.why))
        said(f"{name} {at}, exact solver: {solved.cpu:.1f} s, {solved.why or f'{tally.share_large_shown:.1%} shown'}")
    return found or [Found(0.0, 0, Tally(), why="UPWELL_BENCH_OPT_SECONDS=0")]


def _loss(name: str, ours: Sequence[Found], theirs: Sequence[Found]) -> list[Row]:
    aim = f"{name}: counts of 11 and more shown, beside the exact solver"
    wanted = "at most 3 points fewer"
    shown, floor = _share(ours), SKETCH.get(name)
    reported = "reported" if floor is None else f"the sketch's {floor:.1%}, of other lattices"
    kept = Row(
        f"{name}: counts of 11 and more shown", reported, f"{shown:.1%}", None if floor is None else shown >= floor
    )
    solved = [each for each in theirs if not each.why]
    beside = [mine for mine, each in zip(ours, theirs, strict=False) if not each.why]
    if not solved:
        return [kept, _without(aim, wanted, theirs)]
    told = Tally()
    for each in solved:
        told.add(each.tally)
    attacked = (
        f"{told.exact} exact, {told.narrow} narrower than asked of {told.protected:,}, "
        f"asked as {exact.DOWN} down and {exact.UP} up"
    )
    less = _share(solved) - _share(beside)
    return [
        kept,
        Row(aim, wanted, f"{_share(beside):.1%} to {_share(solved):.1%}{_limits(solved)}", less <= POINTS),
        Row(f"{name}: the exact solver's patterns, attacked", "reported", attacked, None),
    ]


def _safe(name: str, ours: Sequence[Found]) -> Row:
    told = Tally()
    for each in ours:
        told.add(each.tally)
    unproved = sum(each.unproved for each in ours)
    held = all(each.proved for each in ours)
    figure = f"{told.exact} exact, {told.narrow} narrower of {told.protected:,}; {unproved} without witnesses"
    met = held and not (told.exact or told.narrow or unproved)
    return Row(f"{name}: our patterns, attacked and proved again", "0", figure, met)


def _within(aim: str, limit: float, ours: Sequence[Found]) -> Row:
    most = max(each.cpu for each in ours)
    return Row(aim, f"at most {limit:.0f} s", _seconds(ours), most <= limit)


def _without(aim: str, wanted: str, theirs: Sequence[Found]) -> Row:
    return Row(aim, wanted, f"exact solver: {theirs[0].why}", None)


def _head(name: str, ours: Sequence[Found]) -> str:
    cells = {"X": "210", "S": "924", "M": "2,695", "L": "18,690"}[name[0]]
    small = sum(each.tally.protected for each in ours) // len(ours)
    return f"{name}, {cells} cells, {small:,} small counts, width 3, {len(ours)} lattices"


def _share(found: Sequence[Found]) -> float:
    return sum(each.tally.shown for each in found) / max(1, sum(each.tally.large for each in found))


def _seconds(found: Sequence[Found]) -> str:
    solved = [each.cpu for each in found if not each.why]
    most = f" (at most {max(solved):.2f})" if len(solved) > 1 else ""
    return f"{sum(solved) / len(solved):.2f} s{most}"


def _limits(theirs: Sequence[Found]) -> str:
    stopped, failed = (sum(not each.proved and not each.why for each in theirs), sum(bool(each.why) for each in theirs))
    words = [f"{stopped} of {len(theirs)} stopped by its limit of {ASKED.size('OPT_SECONDS')} s"] if stopped else []
    words += [f"{failed} failed"] if failed else []
    return f" ({'; '.join(words)})" if words else ""
