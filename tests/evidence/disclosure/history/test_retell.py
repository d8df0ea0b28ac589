"""Codes move from one export to the next: what was told before is found again by the names of values, or by nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories import drafts
from factories.ledgers import ENTRY
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history import past
from upwell.evidence.disclosure.history.retell import names_of, retold
from upwell.evidence.disclosure.system import build
from upwell.evidence.errors import RefusedError

from .test_past import NEXT, gate

BOTH = (0, 1)


def crowd_with(*places, name="c", persons=40):
    """So many people in each place, half of them with a yes."""
    codes = [at for at in range(len(places)) for _ in range(persons)]
    crowd = drafts.crowd(name, {"place": codes}, [at % 2 for at in range(len(codes))])
    return replace(crowd, sizes={"place": len(places)}, names={"place": places, "": ("q:no", "q:yes")})


def entry_with(*places):
    values = {"c|place": places, "c|": ("q:no", "q:yes")}
    return replace(ENTRY, values=values, crowds={"c": "digest"})


def test_a_place_is_found_by_its_name_where_its_code_has_moved():
    told = retold(
        entry_with("Ada", "Bly"), crowd_with("Aach", "Ada", "Bly"), {"x": Cell("c", (("place", (1,)),), BOTH)}
    )

    assert told.cells == {"x": Cell("c", (("place", (2,)),), BOTH)}
    assert not told.untold


def test_a_place_that_nobody_lives_in_any_more_is_left_away_beside_others():
    cell = Cell("c", (("place", (0, 1)),), BOTH, known_as="x")

    assert retold(entry_with("Ada", "Bly"), crowd_with("Bly"), {"x": cell}).cells["x"].where == (("place", (0,)),)


@pytest.mark.parametrize(
    ("crowd", "cell"),
    [
        (crowd_with("Cos"), Cell("c", (("place", (0,)),), BOTH)),
        (crowd_with("Ada"), Cell("c", (("school", (0,)),), BOTH)),
        (replace(crowd_with("Ada"), names={"place": ("Ada",), "": ("r:no", "r:yes")}), Cell("c", (), (1,))),
        (replace(crowd_with("Ada"), names={}), Cell("c", (("place", (0,)),), BOTH)),
    ],
    ids=["its place is gone", "its column is gone", "its answers are others", "names are not kept any more"],
)
def test_what_cannot_be_told_is_said_to_be_untold(crowd, cell):
    assert retold(entry_with("Ada", "Bly"), crowd, {"x": cell}).untold == ("x",)


def test_without_names_codes_are_the_names():
    crowd = replace(crowd_with("Ada", "Bly"), names={})
    told = retold(ENTRY, crowd, {"x": Cell("c", (("place", (1,)),), (1,))})

    assert told.cells == {"x": Cell("c", (("place", (1,)),), (1,))}


def test_the_ledger_keeps_the_names_of_every_column():
    assert names_of([crowd_with("Ada", "Bly")]) == {"c|": ("q:no", "q:yes"), "c|place": ("Ada", "Bly")}


def told_by(crowd, column):
    """A draft of totals and one column."""
    return [drafts.headline(crowd, (1,), "t01", "q"), drafts.by_table(crowd, column, (1,), "t02", "q")]


def two_geographies(seed):
    """People by school district and by county, which cut across each other."""
    random = np.random.default_rng(seed)
    crowd = drafts.random_crowd(random, "c", 500, {"district": 5}, 2)
    county = np.where(random.random(500) < 0.97, crowd.codes["district"] // 2, 2).astype(np.uint8)
    names = {"district": tuple("abcde"), "county": ("n", "s", "w"), "": ("q:no", "q:yes")}
    sizes = {"district": 5, "county": 3}
    return replace(crowd, codes=dict(crowd.codes) | {"county": county}, sizes=sizes, names=names)


@pytest.mark.parametrize("seed", range(5))
def test_two_geographies_of_the_same_people_give_no_small_overlap_away(seed):
    crowd = two_geographies(seed)
    _, first = gate(drafts.draft_of([crowd], told_by(crowd, "district")))

    _, second = gate(drafts.draft_of([crowd], told_by(crowd, "county")), first)

    cells = [past.cell_of(text, name) for entry in (first, second) for name, text in entry.cells.items()]
    known = dict(first.shown) | dict(second.shown)
    system = build(crowd, cells)
    shown = np.array([known.get(cell.id, -1) for cell in system.cells])
    names = tuple(cell.id for cell in system.cells)
    report = attack(Public(names, shown, system.counts, system.ties, system.sums), width=3, seed=5)
    small = {cell.id for cell, value in zip(system.cells, system.values, strict=True) if 0 < value < 11}
    assert not small & set(report.narrower_than(3))


def test_groups_of_the_same_records_that_cannot_be_told_any_more_are_refused_not_guessed():
    crowd = two_geographies(1)
    tables = [drafts.headline(crowd, (1,), "t01", "q"), drafts.by_table(crowd, "district", (1,), "t02", "q")]
    _, entry = gate(drafts.draft_of([crowd], tables))
    district = next(name for name in entry.shown if "district" in name)
    entry = replace(entry, protected=(*entry.protected, district))
    left = {name: codes for name, codes in crowd.codes.items() if name != "district"}
    without = replace(crowd, codes=left, sizes={"county": 3}, names={"county": ("n", "s", "w"), "": ("q:no", "q:yes")})

    with pytest.raises(RefusedError, match="Ask for tables with the same columns"):
        gate(drafts.draft_of([without], told_by(without, "county")), entry)


def test_a_count_of_a_group_that_is_not_known_any_more_is_held_against_every_count():
    before, now = crowd_with("Ada", "Bly", persons=52), crowd_with("Cos", "Dee", persons=50)
    _, entry = gate(drafts.draft_of([before], told_by(before, "place")))
    found = past.past_of(drafts.draft_of([now], told_by(now, "place"), meta=NEXT), [entry])
    system = build(now, [Cell("c", (("place", (0,)),), BOTH)])

    told = past.changed_by_few([(cell.id,) for cell in system.cells], system.values, found, 11)

    assert 52 in found.untold["c"]
    assert told.all()
    assert not any("place" in name for old in found.before for name in old.shown)


def test_a_release_in_moved_codes_is_held_against_the_same_places():
    before, now = crowd_with("Ada", "Bly", persons=50), crowd_with("Aach", "Ada", "Bly", persons=52)
    _, entry = gate(drafts.draft_of([before], told_by(before, "place")))

    _, after = gate(drafts.draft_of([now], told_by(now, "place"), meta=NEXT), entry)

    # 52 people in Ada now, where 50 were: one code on, and two people more
    assert not {"c|place=1|0,1", "c|place=2|0,1"} & after.shown.keys()
