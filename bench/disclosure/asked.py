"""How much is measured, set by the environment: UPWELL_BENCH_WHOLE=50 ./upwell bench disclosure --part whole."""

from __future__ import annotations

from bench.parts import Asked

ASKED = Asked(
    {
        "LATTICES": "2",  # engine: lattices of each size
        "LARGE_LATTICES": "1",  # engine: lattices of 18,690 cells
        "OPT_SECONDS": "300",  # engine: limit of the exact solver, one lattice (whole minutes)
        "SYSTEMS": "1200",  # reliability: random linked systems
        "CELLS": "100000",  # reliability: protected cells, at least; systems are added until there are as many
        "SEQUENCES": "200",  # sequences: sequences
        "BASELINES": "10",  # sequences: sequences that the baselines are tried on too
        "RELEASES": "12",  # sequences: releases a sequence
        "WHOLE": "5000",  # whole: cells attacked in whole numbers
        "TABLES": "10",  # established: caseloads of each density
    }
)
