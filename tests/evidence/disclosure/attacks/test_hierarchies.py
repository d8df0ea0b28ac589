"""Requests by county, by tract and by district, one after the other: whoever knows the map reads them together.

The attacker here is none of ours: one linear programme a count, over the rows of the sheet, that uses every number of
every release.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from upwell.evidence.errors import RefusedError
from upwell.library import protect_tables

SEQUENCES = (
    ("county", "county>tract"),
    ("county,age", "county>tract,age"),
    ("county>tract,age", "county,age"),
    ("tract,age", "county,age"),
    ("tract,age", "county,age", "district,age"),
    ("district>tract,age", "county>tract,age"),
)


def sheet(seed, mean=14):
    random = np.random.default_rng(seed)
    rows = [
        (f"C{c}", f"C{c}T{t}", f"D{(3 * c + t) % 2}", f"A{a}") for c in range(3) for t in range(3) for a in range(3)
    ]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("county", "tract", "district", "age"))}
    return columns | {"persons": [str(random.poisson(random.gamma(0.8, mean / 0.8))) for _ in rows]}


def released(columns, requests):
    """What is printed of each request that is not refused, beside those before it."""
    made = []
    for by in requests:
        earlier = tuple(each.entry for each in made)
        try:
            made.append(protect_tables(columns, by=by, count="persons", add_up=True, ledger=earlier))
        except RefusedError:
            continue
    return made


def ranges(columns, made):
    """Least, greatest and true count of every hidden count of 1 to 10, from all releases together."""
    truth = np.array([int(each) for each in columns["persons"]])
    shown, hidden = {}, {}
    for each in made:
        names = each.columns[:-1]
        for *values, persons in each.rows:
            counted = np.array(
                [
                    all(v in ("Total", columns[n][at]) for n, v in zip(names, values, strict=True))
                    for at in range(len(truth))
                ]
            )
            (hidden if persons is None else shown)[counted.tobytes()] = counted.astype(float), persons
    known = {"A_eq": np.array([row for row, _ in shown.values()]), "b_eq": [persons for _, persons in shown.values()]}
    for row, _ in hidden.values():
        if 0 < row @ truth < 11:
            low, high = (linprog(sign * row, **known, method="highs").fun * sign for sign in (1, -1))
            yield low, high, int(row @ truth)


@pytest.mark.parametrize("requests", SEQUENCES, ids=" then ".join)
@pytest.mark.parametrize("seed", range(3))
def test_no_small_count_follows_from_several_geographies(seed, requests):
    columns = sheet(seed)
    made = released(columns, requests)

    found = list(ranges(columns, made))

    assert made
    assert all(low - 1e-6 <= true <= high + 1e-6 for low, high, true in found)
    assert all(np.floor(high + 1e-6) - np.ceil(low - 1e-6) >= 3 for low, high, _ in found), (seed, requests)


def test_requests_in_any_order_print_the_same_total():
    columns = sheet(5)

    one, other = (released(columns, each) for each in (("county", "tract"), ("tract", "county")))

    assert {each.rows[0][-1] for each in (*one, *other)} == {sum(map(int, columns["persons"]))}


def test_columns_said_to_cross_after_they_were_told_as_nested_are_refused_where_something_is_protected():
    columns = sheet(1)
    first = protect_tables(columns, by="county>tract,age", count="persons", add_up=True)

    assert first.withheld
    with pytest.raises(RefusedError, match="same columns as before"):
        protect_tables(columns, by="county*tract,age", count="persons", add_up=True, ledger=(first.entry,))
