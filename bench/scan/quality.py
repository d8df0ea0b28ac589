"""How nearly the planted subset is found, and whose subset is better by aif360's own scorer."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.parts import said
from bench.peers import AbsentError
from bench.rows import Options, Row
from bench.scan import beside
from bench.scan.asked import ASKED
from bench.scan.files import Made, jaccard, made
from upwell.records.cases.synthetic.rows import Recipe

RECOVERED, TIMES, BETTER = 0.95, 4.0, 0.95
SAME = 1e-3  # nats: its scorer rounds to four digits and finds q by bisection


@dataclass
class Told:
    """ours, theirs: Jaccard of each file. better: at each penalty, of how many files ours is no worse, and of how many.

    starts: that aif360 made.
    """

    starts: int
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    better: dict[float, list[bool]] = field(default_factory=dict)
    failed: str = ""


def run(options: Options) -> list[Row]:
    """Two rows a size and one a size and penalty."""
    rows: list[Row] = []
    for size in ASKED.sizes("QUALITY_SIZES"):
        told = Told(10 if size <= ASKED.size("MOST_TEN") else 1)
        for number in range(ASKED.size("FILES")):
            file = made(Recipe(size, options.seed + 1 + number, "mixed"), options.work / "quality")
            _judge(file, told)
            file.path.unlink()
        rows += _rows(size, told)
    return rows


def _judge(file: Made, told: Told) -> None:
    found = beside.ours(file.path, "bound")
    told.ours.append(jaccard(file, found.subset))
    best = 0.0
    for penalty in map(float, ASKED.words("PENALTIES")):
        try:
            theirs = beside.peer("peer_mdss.py", file.path, str(told.starts), str(penalty))
            if theirs.failed:
                raise AbsentError(theirs.failed)
            any_set = beside.ours(file.path, "any set", penalty)
            mine, other = beside.judged(file.path, [(penalty, any_set.subset), (penalty, theirs.subset)])
        except (AbsentError, RuntimeError) as error:
            told.failed = str(error)
            continue
        told.better.setdefault(penalty, []).append(mine >= other - SAME)
        best = max(best, jaccard(file, theirs.subset))
        said(f"{file.recipe}: penalty {penalty}: ours {mine:.2f}, aif360 {other:.2f}; {theirs.cpu:.1f} CPU s")
    told.theirs.append(best)
    said(f"{file.recipe}: Jaccard {told.ours[-1]:.2f}, aif360 {best:.2f}; {file.plant}; found {found.subset}")


def _rows(size: int, told: Told) -> list[Row]:
    files, all_files = len(told.ours), ASKED.usual("FILES")
    ours, theirs = sum(told.ours) / files, sum(told.theirs) / files
    name = f"{size:,} records, {files} files: mean Jaccard"
    few = "" if all_files else "; fewer files than asked"
    rows = [Row(name, f">= {RECOVERED}", f"{ours:.3f}{few}", ours >= RECOVERED and all_files)]
    starts = f"{told.starts} start{'s' * (told.starts > 1)}, its better penalty"
    if not told.better:
        return [*rows, Row(f"{name} beside aif360", f">= {TIMES:.0f}x", told.failed, None)]
    times = ours / max(theirs, 1e-9)
    figure = f"{times:.1f}x ({ours:.2f} to {theirs:.2f}, {starts}){few}"
    rows.append(Row(f"{name} beside aif360", f">= {TIMES:.0f}x", figure, times >= TIMES and all_files))
    for penalty, better in told.better.items():
        aim = f"{size:,} records: aif360's objective, penalty {penalty:g}: ours no worse than its best of {told.starts}"
        enough = sum(better) >= BETTER * len(better) and all_files
        rows.append(Row(aim, ">= 19 of 20", f"{sum(better)} of {len(better)}{few}", enough))
    return rows
