"""What the commands cost: help, brief and check, on a real export and on a large invented county."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from bench.rows import Options, Row
from bench.spent import UPWELL, Spent, spend

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "hmis_exports"
REAL, DEFECTS = SHARED / "fy2024_datalab_export.zip", SHARED / "importer_defect_cases_fy2024.zip"
ABSENT = "shared data not beside this checkout"

COUNT = """
import csv, io, resource, sys
from pathlib import Path
before = resource.getrusage(resource.RUSAGE_SELF)
for path in sorted(Path(sys.argv[1]).glob("*.csv")):
    with io.TextIOWrapper(path.open("rb"), encoding="utf-8-sig", newline="") as lines:
        sum(1 for _ in csv.reader(lines))
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def run(options: Options) -> list[Row]:
    """Every figure; the large county is invented once."""
    home = options.work / "state" / "home"
    home.mkdir(parents=True)
    start = min((spend([*UPWELL, "--help"], home=home) for _ in range(5)), key=lambda spent: spent.cpu)
    rows = [Row("`upwell --help`", "under 0.3 CPU s", f"{start.cpu:.2f} s", start.cpu < 0.3)]
    rows += _real(options, home)
    rows += _large(options, home)
    rows += _defects(options, home)
    return rows


def _real(options: Options, home: Path) -> list[Row]:
    aim, wanted = "`brief` on the FY2024 export, warm, PDF included", "under 6 CPU s"
    if not REAL.exists():
        return [Row(aim, wanted, ABSENT, None)]
    runs = [_brief(REAL, options.work / f"real-{number}", home, seed=number) for number in range(3)]
    if any(spent.code for spent in runs):
        return [Row(aim, wanted, _why(runs[0]), False)]
    best = min(spent.cpu for spent in runs[1:])
    return [Row(aim, wanted, f"{best:.1f} s", best < 6)]


def _large(options: Options, home: Path) -> list[Row]:
    county = options.work / "county"
    made = spend([*UPWELL, "synthetic", "--people", str(options.people), "--years", "3", "--seed", str(options.seed),
                  "-o", county], home=home)  # fmt: skip
    if made.code:
        return [Row("the large county", "invented", _why(made), False)]
    entries = sum(1 for _ in (county / "Enrollment.csv").open("rb")) - 1
    rows = sum(sum(1 for _ in path.open("rb")) - 1 for path in county.glob("*.csv"))
    size = f"{entries:,} enrollments, {rows:,} rows"
    counted = float(spend([UPWELL[0], "-c", COUNT, county], home=home).out)
    idle = spend([*UPWELL, "check", "--help"], home=home)
    checked = spend([*UPWELL, "check", county, "--json"], home=home)
    ratio = (checked.cpu - idle.cpu) / counted
    written = _brief(county, options.work / "large", home, seed=1)
    peak = written.peak / 1e9
    return [
        Row(f"`check` on {size}, start-up excluded, against Python's csv decoding and counting", "within 4x CPU",
            _why(checked) if checked.code > 1 else f"{ratio:.1f}x ({checked.cpu - idle.cpu:.0f} s to {counted:.0f} s), "
            f"peak {checked.peak / 1e9:.1f} GB", checked.code < 2 and ratio <= 4),
        Row(f"`brief` on {size}", "under 120 CPU s, under 3 GB",
            _why(written) if written.code else f"{written.cpu:.0f} s, {peak:.1f} GB",
            not written.code and written.cpu < 120 and peak < 3),
    ]  # fmt: skip


def _defects(options: Options, home: Path) -> list[Row]:
    """Each folder of the defect archive is an export of its own."""
    aim, wanted = "defect exports survived, row sums exact", "every case; at most 2 unreadable"
    if not DEFECTS.exists():
        return [Row(aim, wanted, ABSENT, None)]
    exports = _unpacked(options.work / "defects")
    runs = [spend([*UPWELL, "check", export, "--json"], home=home) for export in exports]
    crashed = sum(spent.code not in (0, 1, 2) for spent in runs)
    unreadable = sum(spent.code == 2 for spent in runs)
    inexact = sum(not _sums(spent) for spent in runs if spent.code in (0, 1))
    figure = f"{len(runs)} exports: {crashed} crashed, {unreadable} unreadable, {inexact} with a wrong sum"
    return [Row(aim, wanted, figure, not crashed and unreadable <= 2 and not inexact)]


def _unpacked(folder: Path) -> list[Path]:
    with zipfile.ZipFile(DEFECTS) as archive:
        archive.extractall(folder)
    for inner in list(folder.rglob("*.zip")):
        with zipfile.ZipFile(inner) as archive:
            archive.extractall(inner.with_suffix(""))
    return sorted({path.parent for path in folder.rglob("*") if path.suffix.lower() == ".csv"})


def _sums(spent: Spent) -> bool:
    files = json.loads(spent.out)["files"].values()
    parts = ("used", "repaired", "superseded", "quarantined", "deleted")
    return all(account["read"] == sum(account[part] for part in parts) for account in files)


def _brief(export: Path, target: Path, home: Path, *, seed: int) -> Spent:
    return spend([*UPWELL, "brief", export, "-o", target, "--seed", str(seed), "--basis", "benchmark"], home=home)


def _why(spent: Spent) -> str:
    return f"ended with {spent.code}: {spent.told.decode(errors='replace').strip()[-200:]}"
