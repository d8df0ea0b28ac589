from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import releases
from upwell.evidence.brief.charts import _ticks, draw, spec
from upwell.evidence.brief.make import figures
from upwell.evidence.brief.model import text_of
from upwell.evidence.brief.outline import outline
from upwell.evidence.brief.words import catalogue


def pictured(release):
    return figures(outline(release, catalogue("en"), today=date(2025, 2, 3)))


def kind(release, name):
    return next(figure for figure in pictured(release) if figure.kind == name)


def domains(found):
    """Every scale's domain in a specification."""
    if isinstance(found, dict):
        own = [found["scale"]["domain"]] if isinstance(found.get("scale"), dict) and "domain" in found["scale"] else []
        return own + [domain for value in found.values() for domain in domains(value)]
    return [domain for value in found for domain in domains(value)] if isinstance(found, list) else []


@given(st.floats(0.0001, 1))
def test_an_axis_begins_at_zero_and_ends_just_beyond_the_largest_share(top):
    ticks = _ticks(top)

    assert ticks[0] == 0
    assert ticks[-1] >= top * (1 - 1e-6)
    assert len(ticks) <= 7
    assert ticks == sorted(ticks)


def test_shares_are_drawn_from_zero():
    for figure in pictured(releases.rich()):
        if figure.kind in ("bars", "dots"):
            shares = [domain for domain in domains(spec(figure)) if max(domain) <= 1]
            assert shares
            assert all(domain[0] == 0 for domain in shares)


def test_the_finding_is_deep_and_the_comparison_stone():
    rows = spec(kind(releases.rich(), "bars"))["layer"][0]["data"]["values"]

    assert [row["colour"] for row in rows] == ["#0b4f6c", "#5a6670"]


def test_places_are_sorted_by_share():
    values = [point.value for point in kind(releases.rich(), "dots").points]

    assert values == sorted(values, reverse=True)


def test_onset_is_marked_and_its_interval_shaded():
    layers = spec(kind(releases.rich(), "line"))["layer"]

    shaded = next(layer for layer in layers if layer["mark"]["type"] == "rect")

    assert shaded["data"]["values"][0] | {"text": ""} == {"at": 18, "low": 12, "high": 24, "text": ""}


def test_no_onset_no_mark():
    rich = releases.rich()
    plain = replace(rich, patterns=(replace(rich.patterns[0], onset="", onset_month=-1), *rich.patterns[1:]))

    assert not [layer for layer in spec(kind(plain, "line"))["layer"] if layer["mark"]["type"] == "rect"]


def test_a_line_is_broken_where_a_step_is_withheld():
    parts = [point.part for point in kind(releases.withheld(), "line").points]

    assert len(set(parts)) == len(parts)


def test_two_periods_are_bars():
    rich = releases.rich()
    tables = tuple(
        replace(table, rows=table.rows[:2], steps="two periods") if table.kind == "series" else table
        for table in rich.tables
    )

    drawn = [figure for figure in pictured(replace(rich, tables=tables)) if figure.ids == ("t04",)]

    assert [figure.kind for figure in drawn] == ["bars"]


def test_every_figure_has_words_for_those_who_hear_it():
    for figure in pictured(releases.rich()):
        alt = text_of(figure.alt)
        assert all(text_of(point.text) in alt for point in figure.points)


@pytest.mark.parametrize("name", ["rich", "withheld"])
def test_pictures_are_sound_svg_with_ids_of_their_own(name):
    drawn = draw(pictured(getattr(releases, name)()))

    ids = [each.get("id") for svg in drawn.values() for each in ElementTree.fromstring(svg).iter() if each.get("id")]

    assert drawn
    assert len(ids) == len(set(ids))
