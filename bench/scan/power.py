"""How many faint troubles the ladder still sees of those that plain Monte Carlo sees, which draws all worlds always."""

from __future__ import annotations

import numpy as np

from bench.parts import said
from bench.rows import Options, Row
from bench.scan.asked import ASKED
from upwell.evidence.scan.climbing.score import code
from upwell.evidence.scan.climbing.subset import Against, Scan
from upwell.evidence.scan.surely import chance, ladder
from upwell.evidence.tables import Frame
from upwell.records.cases.synthetic.rows import ATTRIBUTES, Recipe, Rows, rows

PERSONS, PLANTED, ODDS, KEPT = 2_000, 200, 2.2, 0.9


def run(options: Options) -> list[Row]:
    """One row: the share of the files seen by plain Monte Carlo at 5 % that the ladder sees too, and the seconds."""
    files, seen, kept = ASKED.size("POWER_FILES"), 0, 0
    for number in range(files):
        recipe = Recipe(PERSONS, options.seed + 5000 + number, "sets", planted=PLANTED, odds=ODDS)
        plain, by_ladder = both(rows(recipe), ASKED.size("POWER_WORLDS"))
        seen += plain
        kept += by_ladder
    said(f"plain {seen}, ladder {kept} of {files}")
    figure = f"{kept} of {files} files, plain Monte Carlo {seen}" if seen else "plain Monte Carlo saw none"
    few = "" if ASKED.usual("POWER_FILES") and ASKED.usual("POWER_WORLDS") else "; fewer files or worlds than asked"
    name = f"power kept by the ladder, {PERSONS:,} persons, {PLANTED} planted, odds x{ODDS}"
    return [Row(name, ">= 90 %", figure + few, (kept >= KEPT * seen and not few) if seen else None)]


def both(records: Rows, worlds: int) -> tuple[bool, bool]:
    """Claimed at 5 % by plain Monte Carlo, and by the ladder."""
    from itertools import combinations  # noqa: PLC0415 - with the frame it makes

    sizes = np.array([each.values + 1 for each in ATTRIBUTES], dtype=np.int64)
    triples = np.array(list(combinations(range(len(sizes)), 3)), dtype=np.int64)
    ordered = [each.ordered for each in ATTRIBUTES]
    scan = Scan(
        Frame(records.codes, sizes, np.array(ordered), triples),
        code([each.values for each in ATTRIBUTES], ordered, searches=1), 11,
    )  # fmt: skip
    share = records.expected.astype(np.float64)
    answer = ladder.known(scan, records.yes, share, None, searches=1, seed=1)
    observed = -np.inf if answer.best is None else answer.best.score
    drawn = chance.worlds(np.random.default_rng([1, 2]), share, ladder.independent(len(share)), worlds)
    expected = np.broadcast_to(share, drawn.shape)
    found = chance.scores(scan.best_each(drawn, expected, [Against(row, share) for row in drawn]))
    above = sum(score >= observed for score in found)
    return (above + 1) / (worlds + 1) <= 0.05, answer.p <= 0.05
