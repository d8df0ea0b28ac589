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
    ],
)
def test_each_protection_has_its_threshold(name, threshold, full):
    loaded = protection.load(name, DAY)

    assert (loaded.threshold, loaded.full) == (threshold, full)


@pytest.mark.parametrize("name", protection.names())
def test_every_number_has_a_unit_a_source_and_a_date(name):
    folder = resources.files("upwell.evidence.disclosure") / "protections"
    pack = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))

    for what in ("threshold", "width", "sparse_share"):
        assert pack[what]["unit"]
        for value in pack[what]["values"]:
            assert value["source"]
            assert isinstance(value["from"], date)
    assert str(protection.load(name, DAY).threshold - 1) in protection.load(name, DAY).words


def test_full_protection_keeps_every_hidden_value_possible():
    full = protection.load("full", DAY)

    assert full.width == full.threshold - 1


def test_an_unknown_protection_is_refused_with_those_there_are():
    with pytest.raises(EvidenceError, match="hmis-agency"):
        protection.load("none", DAY)


def test_a_protection_has_no_numbers_for_a_day_before_its_rule():
    with pytest.raises(EvidenceError, match="later day"):
        protection.load("cms", date(1999, 1, 1))
