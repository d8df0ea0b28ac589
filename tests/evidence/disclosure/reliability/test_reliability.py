"""The reliability run at a reduced, honest size: fresh systems each time, their seed printed when one breaks.

UPWELL_RELIABILITY_SEED=<seed> runs the same systems again; UPWELL_SLOW=full runs all of `./upwell bench disclosure`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from itertools import islice

import pytest
from bench.disclosure import reliability, sequences, whole
from bench.disclosure.attacked import Tally

from factories.sequences import with_ledger

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("UPWELL_RELIABILITY_SEED") or secrets.randbelow(2**31))
FULL = os.environ.get("UPWELL_SLOW") == "full"
SYSTEMS, SEQUENCES, WHOLE = (1_200, 200, 5_000) if FULL else (30, 1, 60)
LARGEST = 3_000 if FULL else 800
"""Cells; larger lattices are for the whole run."""

AGAIN = f"run again with UPWELL_RELIABILITY_SEED={SEED}"


def systems() -> Iterator[tuple[reliability.Kind, Tally]]:
    return islice(reliability.systems(SEED, largest=LARGEST), SYSTEMS)


def test_no_protected_count_of_random_linked_systems_is_told_more_closely_than_asked():
    told = Tally()
    for _, tally in systems():
        told.add(tally)

    assert told.failures == [], AGAIN
    assert told.exact == 0, AGAIN
    assert told.narrow == 0, AGAIN
    assert told.protected > 0, AGAIN
    assert told.refused <= max(2, 0.05 * SYSTEMS), f"{told.given_up}; {AGAIN}"
    assert told.share_large_shown >= 0.5, AGAIN


def test_a_year_of_releases_held_together_tells_no_count_and_no_change():
    year = sequences.year(with_ledger, SEED, SEQUENCES, 12 if FULL else 6)

    assert year.protected > 0, AGAIN
    assert year.broken == [], AGAIN


def test_attacks_in_whole_numbers_find_no_protected_count():
    told, broken = whole.attacked(SEED, WHOLE, largest=LARGEST)

    assert len(told) >= WHOLE, AGAIN
    assert broken == [], AGAIN
