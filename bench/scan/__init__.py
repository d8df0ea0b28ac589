"""The search beside its aims and its peers. `run` measures all parts, or those that are named.

Sizes are set by the environment (bench/scan/asked.py); a smaller size is said in the table.
"""

from __future__ import annotations

from bench.parts import run_parts
from bench.rows import Options, Row
from bench.scan.asked import ASKED

PARTS = ("speed", "peers", "quality", "nulls", "power", "memory")


def run(options: Options) -> list[Row]:
    """Every part, or those of `--part` or UPWELL_BENCH_PARTS (words with commas between)."""
    return run_parts("scan", PARTS, ASKED, options)
