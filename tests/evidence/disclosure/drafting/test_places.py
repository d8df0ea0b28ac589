"""Columns that a protection lets nobody count by."""

from dataclasses import replace

import pytest
from tests.factories.tabled import TODAY

from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.drafting.places import check_places
from upwell.evidence.errors import EvidenceError

USUAL = protection.load("hmis-agency", TODAY)
STRICT = replace(USUAL, coarsest_place="county", free_text=False)


@pytest.mark.parametrize(
    "column", ["tract", "Zip code", "ZIP", "censusTract", "home_address", "School district", "City"]
)
def test_a_place_finer_than_a_county_may_not_be_told(column: str) -> None:
    with pytest.raises(EvidenceError, match="no place finer than a county"):
        check_places(["county", column], STRICT)


@pytest.mark.parametrize("column", ["Agency", "project_name", "ShelterID"])
def test_who_helps_may_not_be_named(column: str) -> None:
    with pytest.raises(EvidenceError, match="nobody who helps may be named"):
        check_places([column], STRICT)


def test_other_columns_may_be_told_and_the_usual_protection_minds_nothing() -> None:
    check_places(["county", "age", "ethnicity", "race"], STRICT)
    check_places(["tract", "agency"], USUAL)
