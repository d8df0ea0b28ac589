"""What is said of a finding beside its size."""

from __future__ import annotations

import numpy as np
import pytest

from factories.casetables import question
from upwell.evidence.scan import describe
from upwell.records.cases.table import Asked

PERSONS = 300


def the_asked(agencies: int, worse: int | None) -> Asked:
    """Everybody expected at one in ten; one in two says yes in one agency (or in all)."""
    agency = (np.arange(PERSONS) % agencies).astype(np.int32)
    often = np.ones(PERSONS, dtype=np.bool_) if worse is None else agency == worse
    yes = np.where(often, np.arange(PERSONS) // agencies % 2 == 0, np.arange(PERSONS) // agencies % 10 == 0)
    return Asked(
        question("eviction"), np.arange(PERSONS), yes, {}, np.zeros(PERSONS, np.int16), agency,
        np.arange(PERSONS, dtype=np.int32), {},
    )  # fmt: skip


SHARE = np.full(PERSONS, 0.1)
EVERYONE = np.ones(PERSONS, dtype=np.bool_)


def test_an_excess_in_every_agency_stays_without_any():
    asked = the_asked(3, None)

    assert describe.least_without(asked, SHARE, EVERYONE) == pytest.approx((50 - 10) * 2)


def test_an_excess_of_one_agency_vanishes_without_it():
    asked = the_asked(3, worse=1)

    assert describe.least_without(asked, SHARE, EVERYONE) == pytest.approx(0.0, abs=1e-9)


def test_a_single_agency_cannot_be_left_out():
    assert describe.least_without(the_asked(1, None), SHARE, EVERYONE) is None


def test_agencies_without_a_member_change_nothing():
    asked = the_asked(3, worse=1)

    assert describe.least_without(asked, SHARE, asked.agency == 1) == pytest.approx(0.0, abs=1e-9)
