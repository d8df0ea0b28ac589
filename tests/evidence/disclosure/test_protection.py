"""Protections are dated data with a source, and an unknown one is refused with the list of those there are."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources

import pytest

from upwell.evidence.disclosure import protection
from upwell.evidence.errors import EvidenceError

DAY = date(2026, 1, 1)


def test_the_default_comes_first_and_hides_1_to_10():
    assert protection.names()[0] == "hmis-agency"
    assert protection.load("hmis-agency", DAY).threshold == 11


@pytest.mark.parametrize(
    ("name", "threshold", "full"),
    [
        ("hmis-agency", 11, False),
        ("cms", 11, False),
        ("washington-doh", 10, False),
        ("ferpa", 10, False),
        ("full", 11, True),
        ("public-health-scotland", 10, False),
        ("victim-services", 11, True),
        ("sud", 11, True),
        ("magnitudes", 11, False),
    ],
)
def test_each_protection_has_its_threshold(name, threshold, full):
    loaded = protection.load(name, DAY)

    assert (loaded.threshold, loaded.full) == (threshold, full)


@pytest.mark.parametrize("name", protection.names())
def test_every_number_has_a_unit_a_source_and_a_date(name):
    folder = resources.files("upwell.evidence.disclosure") / "protections"
    pack = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))

    for what in ("threshold", "width", "sparse_share", "p_percent", "dominance"):
        assert pack[what]["unit"]
        for value in pack[what]["values"]:
            assert value["source"]
            assert isinstance(value["from"], date)
    assert str(protection.load(name, DAY).threshold - 1) in protection.load(name, DAY).words


@pytest.mark.parametrize("name", ["full", "victim-services", "sud"])
def test_full_protection_keeps_every_hidden_value_possible(name):
    full = protection.load(name, DAY)

    assert full.width == full.threshold - 1


def test_an_unknown_protection_is_refused_with_those_there_are():
    with pytest.raises(EvidenceError, match="hmis-agency"):
        protection.load("none", DAY)


def test_a_protection_has_no_numbers_for_a_day_before_its_rule():
    with pytest.raises(EvidenceError, match="later day"):
        protection.load("cms", date(1999, 1, 1))


def test_victim_services_stand_apart_and_name_no_place_and_nobody():
    found = protection.load("victim-services", DAY)

    assert (found.separate_ledger, found.coarsest_place, found.free_text) == (True, "county", False)
    assert [name for name in protection.names() if protection.load(name, DAY).fits_victim_services] == [found.name]


@pytest.mark.parametrize("law", ["34 USC 12291(b)(2)", "42 USC 10406(c)(5)", "28 CFR 90.4", "28 CFR 94.115"])
def test_what_is_ours_for_victim_services_is_said_to_be_ours(law):
    source = protection.load("victim-services", DAY).source

    assert law in source and "name no number" in source and source.startswith("Upwell's own number")


def test_substance_use_hides_zeros_and_groups_in_a_ledger_of_its_own():
    found = protection.load("sud", DAY)

    assert (found.full, found.group_disclosure, found.separate_ledger) == (True, True, True)
    assert "42 CFR part 2" in found.source and "no cell size" in found.source


@pytest.mark.parametrize("name", protection.names())
def test_a_sum_is_protected_against_its_largest_contributor_under_every_pack(name):
    found = protection.load(name, DAY)

    assert (found.p_percent, found.dominance) == (10.0, (1, 75.0))


def test_an_old_name_is_kept_and_says_what_to_use_instead():
    assert "victim-services" in protection.load("full", DAY).instead
    assert [name for name in protection.names() if protection.load(name, DAY).instead] == ["full"]


def test_a_changed_rule_keeps_its_old_source_for_old_days():
    before, after = (protection.load("public-health-scotland", date(year, 6, 1)) for year in (2021, 2025))

    assert before.source != after.source and before.since != after.since
    assert after.small_population and "no number" not in after.source
