"""How much is measured, set by the environment: UPWELL_BENCH_WHOLE=50 ./upwell bench disclosure --part whole."""

from __future__ import annotations

import os

USUAL = {
    "LATTICES": 2,  # engine: lattices of each size
    "LARGE_LATTICES": 1,  # engine: lattices of 18,690 cells
    "OPT_SECONDS": 300,  # engine: limit of the exact solver, one lattice (whole minutes)
    "SYSTEMS": 1_200,  # reliability: random linked systems
    "CELLS": 100_000,  # reliability: protected cells, at least; systems are added until there are as many
    "SEQUENCES": 200,  # sequences: sequences
    "BASELINES": 10,  # sequences: sequences that the baselines are tried on too
    "RELEASES": 12,  # sequences: releases a sequence
    "WHOLE": 5_000,  # whole: cells attacked in whole numbers
    "TABLES": 10,  # established: caseloads of each density
}


def size(name: str) -> int:
    """UPWELL_BENCH_<name>, else the usual size."""
    return int(os.environ.get(f"UPWELL_BENCH_{name}", USUAL[name]))


def words(name: str) -> tuple[str, ...]:
    """UPWELL_BENCH_<name> as words with commas between; () where it is not set."""
    return tuple(each for each in os.environ.get(f"UPWELL_BENCH_{name}", "").split(",") if each)
