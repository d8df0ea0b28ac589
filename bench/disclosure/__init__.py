"""The gate beside its aims and its peers. `run` measures all parts, or those that are named.

Sizes are set by the environment (bench/disclosure/asked.py); a smaller size is said in the table.
"""

from __future__ import annotations

from bench.disclosure.asked import ASKED
from bench.disclosure.reliability import measure
from bench.parts import run_parts
from bench.rows import Options, Row

__all__ = ["PARTS", "measure", "run"]

PARTS = ("engine", "reliability", "sequences", "whole", "established")


def run(options: Options) -> list[Row]:
    """Every part, or those of `--part` or UPWELL_BENCH_PARTS (words with commas between)."""
    return run_parts("disclosure", PARTS, ASKED, options)
