"""Processor seconds and peak memory of our search with its p, beside aif360 and one bare pass over the same file."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from bench.parts import said
from bench.peers import AbsentError
from bench.rows import Options, Row
from bench.scan import beside
from bench.scan.asked import ASKED
from bench.scan.beside import Ran
from bench.scan.files import Made, jaccard, made
from upwell.records.cases.synthetic.rows import Recipe

AIMS = {100_000: (10, 150.0), 1_000_000: (1, 10.0), 10_000_000: (1, 10.0)}
"""Records -> starts of aif360, and how many times its seconds must be ours."""
TABLES, WHOLE, MEMORY, LARGE = 5.0, 12.0, 0.25, 10_000_000
SEEDS = 5  # of a single start of aif360: how long one takes depends on where it begins


@dataclass(frozen=True)
class Measured:
    """All runs on one file.

    theirs: aif360 with as many starts as the aim names, penalty 1; a single start several times. Where one of its runs
    failed, that one alone.
    """

    file: Made
    bare: Ran
    tables: Ran
    ours: Ran
    theirs: list[Ran]


def run(options: Options) -> list[Row]:
    """The rows of every size. Machine code is compiled before the first is measured, as a user's second run has it."""
    rows: list[Row] = []
    warmed = made(Recipe(5_000, options.seed, "mixed"), options.work)
    for kind in ("tables", "bound"):
        beside.ours(warmed.path, kind)
    for size in ASKED.sizes("SIZES"):
        one = _measured(made(Recipe(size, options.seed, "mixed"), options.work))
        rows += _rows(one)
        one.file.path.unlink()
    return rows


def _measured(file: Made) -> Measured:
    starts = AIMS.get(file.recipe.rows, (1, 0.0))[0]
    bare, tables, ours = (beside.ours(file.path, kind) for kind in ("pass", "tables", "bound"))
    try:
        seeds = range(1, 1 + (SEEDS if starts == 1 else 1))
        theirs = [beside.peer("peer_mdss.py", file.path, str(starts), "1", str(seed)) for seed in seeds]
    except AbsentError as error:
        theirs = [Ran(0.0, 0, failed=str(error))]
    said(f"{file.recipe.rows:,}: bare {bare}, tables {tables}, ours {ours}, theirs {theirs}")
    return Measured(file, bare, tables, ours, [each for each in theirs if each.failed][:1] or theirs)


def _rows(one: Measured) -> list[Row]:
    size, ours, theirs = one.file.recipe.rows, one.ours, one.theirs
    starts, wanted = AIMS.get(size, (1, 0.0))
    found = f"{_cost(ours)}, Jaccard {jaccard(one.file, ours.subset):.2f}, p {ours.p or 1:.0e}"
    rows = [
        Row(f"{size:,} records: ours, load, search and p; apart from start-up", "reported",
            f"{ours.apart:.2f} CPU s (load {ours.load:.2f}, search and p {ours.work:.2f})", None),
    ]  # fmt: skip
    name = f"{size:,} records: aif360, {starts} start{'s' * (starts > 1)}, beside ours with p; start-up in both"
    if theirs[0].failed:
        rows.append(Row(name, _times(wanted), f"ours {found}; aif360 {theirs[0].failed}", None))
    else:
        mean, peak = fmean(each.cpu for each in theirs), max(each.peak for each in theirs)
        ratio, near = mean / ours.cpu, fmean(jaccard(one.file, each.subset) for each in theirs)
        seconds = sorted(each.cpu for each in theirs)
        often = f", mean of {len(theirs)} ({seconds[0]:.1f} to {seconds[-1]:.1f})" if len(theirs) > 1 else ""
        cost = f"{mean:.1f} CPU s{often}, {peak / 2**20:,.0f} MiB, Jaccard {near:.2f}"
        rows.append(Row(name, _times(wanted), f"{ratio:.1f}x: {cost}; ours {found}", ratio >= wanted))
    return rows + (_large(one) if size == LARGE else [])


def _times(wanted: float) -> str:
    return f">= {wanted:.0f}x" if wanted else "reported"


def _cost(ran: Ran) -> str:
    return f"{ran.cpu:.1f} CPU s, {ran.peak / 2**20:,.0f} MiB"


def _large(one: Measured) -> list[Row]:
    """What is asked of ten million only."""
    bare, tables, ours, theirs = one.bare, one.tables, one.ours, one.theirs
    fill, whole = tables.work / bare.work, ours.cpu / bare.cpu
    rows = [
        Row("10,000,000 records: all tables / one bare DuckDB pass over the file", f"<= {TABLES:.0f}x",
            f"{fill:.1f}x ({tables.work:.1f} s to {bare.work:.1f} s)", fill <= TABLES),
        Row("10,000,000 records: load, search and p / the same pass, start-up in both", f"<= {WHOLE:.0f}x",
            f"{whole:.1f}x ({ours.cpu:.1f} s to {bare.cpu:.1f} s)", whole <= WHOLE),
    ]  # fmt: skip
    memory = "10,000,000 records: peak memory / aif360's"
    if theirs[0].failed:
        return [*rows, Row(memory, f"<= {MEMORY}x", f"{_cost(ours)}; aif360 {theirs[0].failed}", None)]
    least = min(each.peak for each in theirs)
    share = ours.peak / least
    figure = f"{share:.2f}x ({ours.peak / 2**20:,.0f} MiB to {least / 2**20:,.0f} MiB)"
    return [*rows, Row(memory, f"<= {MEMORY}x", figure, share <= MEMORY)]
