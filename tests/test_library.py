"""The analyst's door: results say whether they are protected, and protected ones stand up to the attack."""

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from upwell import library
from upwell.evidence.errors import EvidenceError, RefusedError
from upwell.records.errors import RecordsError

COUNTS = some.integers(1, 4).flatmap(
    lambda columns: some.lists(
        some.lists(some.integers(0, 60), min_size=columns, max_size=columns), min_size=1, max_size=4
    )
)


def test_a_single_withheld_count_beside_its_total_is_worked_out() -> None:
    attacked = library.attack_tables([[None, 20, 27], [3, 30, 33], [10, 50, 60]])

    assert attacked.exact == (("row 1, column 1", 7),)
    assert "NOT PROTECTED" in repr(attacked) and "7" not in repr(attacked)


def test_four_withheld_counts_in_a_rectangle_are_not_worked_out() -> None:
    attacked = library.attack_tables([[None, None, 27], [None, None, 33], [20, 40, 60]])

    assert attacked.exact == ()
    assert "no withheld count follows" in repr(attacked)


def test_a_table_that_does_not_add_up_is_a_sentence() -> None:
    with pytest.raises(EvidenceError, match="do not add up"):
        library.attack_tables([[None, 20, 7], [3, 30, 33], [10, 50, 60]])


def test_a_count_that_follows_is_proved_in_a_sentence() -> None:
    attacked = library.attack_tables([[None, 20, 27], [3, 30, 33], [10, 50, 60]])

    assert attacked.how["row 1, column 1"] == ("row 1, column 1 is 7: 27 (all of row 1) less 20 (row 1, column 2).",)


def test_a_long_table_is_attacked_by_its_marks_and_says_how_it_was_read() -> None:
    seen = {"county": ["North", "South", "East", "Total"], "persons": ["1-10", "1-10", "40", "42"]}

    attacked = library.attack_tables(seen)

    assert attacked.exact == (("North", 1), ("South", 1))
    assert any("'1-10'" in sentence for sentence in attacked.said)
    assert library.attack_tables(seen | {"persons": ["*", "*", "40", "42"]}).exact == ()


@settings(max_examples=40, deadline=None)
@given(counts=COUNTS)
def test_what_is_shown_of_a_table_is_true_and_hides_every_small_count_for_good(counts: list[list[int]]) -> None:
    whole = np.pad(np.array(counts), ((0, 1), (0, 1)))
    whole[-1], whole[:, -1] = whole.sum(axis=0), whole.sum(axis=1)
    whole[-1, -1] = np.array(counts).sum()

    try:
        protected = library.protect_tables(counts)
    except RefusedError:
        assert whole[-1, -1] < 60  # only a table of very few people is refused
        return

    shown = {(r, c): v for r, row in enumerate(protected.rows) for c, v in enumerate(row) if v is not None}
    assert all(whole[at] == persons for at, persons in shown.items())
    assert not [persons for persons in shown.values() if 1 <= persons <= 10]
    assert library.attack_tables(protected.rows).exact == ()
    assert "in no ledger" in repr(protected)


def test_a_search_says_that_its_counts_are_not_protected() -> None:
    chance = np.random.default_rng(3)
    where = chance.choice(["north", "south", "east"], 6000)
    who = chance.choice(["alone", "family"], 6000)
    yes = chance.random(6000) < np.where((where == "north") & (who == "family"), 0.45, 0.2)

    found = library.find_patterns({"where": list(where), "who": list(who)}, list(yes), baseline="overall")

    assert repr(found).startswith("Patterns(NOT PROTECTED")
    best = found.search.findings[0]
    assert [name for name, _ in best.where] == ["where", "who"]
    assert best.persons == int(((where == "north") & (who == "family")).sum())


def test_columns_of_another_length_are_a_sentence() -> None:
    with pytest.raises(EvidenceError, match="one value a person"):
        library.find_patterns({"where": ["north"]}, [True, False])


LONG = {
    "county": [county for county in ("Ash", "Birch", "Cedar") for _ in range(4)],
    "age": ["child", "young", "adult", "old"] * 3,
    "persons": [44, 7, 120, 31, 25, 90, 66, 12, 71, 5, 48, 3],
    "housed": [20, 3, 60, 15, 12, 40, 30, 2, 33, 5, 20, 0],
}


def test_a_long_table_is_protected_with_all_its_totals() -> None:
    protected = library.protect_tables(LONG, by="county,age", count="persons")

    assert protected.columns == ("county", "age", "persons")
    assert ("Total", "Total", 522) in protected.rows
    shown = {row[:2]: row[2] for row in protected.rows if row[2] is not None}
    assert not [persons for persons in shown.values() if 1 <= int(persons) <= 10]
    assert 0 < protected.withheld < len(protected.rows)
    assert protected.to_dict()["persons"] == [row[2] for row in protected.rows]
    assert protected.csv().splitlines()[0] == "county,age,persons" and protected.csv().count("withheld") > 1
    assert "in no ledger" in repr(protected) and "522" not in repr(protected)


def test_the_attacker_works_nothing_out_of_a_long_table_protected_here() -> None:
    protected = library.protect_tables(LONG, by=["county", "age"], count="persons")

    counts = {(str(row[0]), str(row[1])): row[2] for row in protected.rows}
    ages, counties = (*dict.fromkeys(LONG["age"]), "Total"), (*dict.fromkeys(LONG["county"]), "Total")
    square = [[counts.get((county, age)) for age in ages] for county in counties]
    assert any(each is None for row in square for each in row)
    assert library.attack_tables(square).exact == ()


def test_shares_and_yes_are_columns_of_their_own() -> None:
    protected = library.protect_tables(LONG, by="county,age", count="persons", yes="housed", percent=1)

    assert protected.columns == ("county", "age", "persons", "housed", "percent housed")
    assert protected.rows[0] == ("Total", "Total", 522, 240, "46.0")


class Frame:
    """A data frame, as far as anybody needs one here."""

    def __init__(self, columns: dict[str, list[object]]) -> None:
        self.columns = list(columns)
        self._columns = columns

    def __getitem__(self, name: str) -> list[object]:
        return self._columns[name]


def test_columns_come_from_a_mapping_a_frame_or_a_relation() -> None:
    numbers = {"county": LONG["county"], "age": LONG["age"], "persons": np.array(LONG["persons"])}
    frame = Frame({name: list(values) for name, values in LONG.items() if name != "housed"})
    told = ", ".join(
        f"('{c}', '{a}', {p})" for c, a, p in zip(LONG["county"], LONG["age"], LONG["persons"], strict=True)
    )
    relation = duckdb.sql(f"select * from (values {told}) as t(county, age, persons)")

    results = [library.protect_tables(each, by="county,age").rows for each in (numbers, frame, relation)]

    assert results[0] == results[1] == results[2]


def test_records_and_trees_work_as_at_the_command_line() -> None:
    people = {
        "county": ["Ash"] * 60 + ["Birch"] * 50,
        "tract": ["a1"] * 40 + ["a2"] * 20 + ["b1"] * 47 + ["b2"] * 3,
        "housed": [True, False] * 55,
    }

    protected = library.protect_tables(people, by="county>tract", records=True, yes="housed")

    found = {row[:2]: row[2] for row in protected.rows}
    assert found["Total", "Total"] == 110 and found["Birch", "b2"] is None and found["Birch", "b1"] is None


def test_a_later_table_is_held_against_earlier_ones() -> None:
    first = library.protect_tables(LONG, by="county,age", count="persons")
    more = {**LONG, "persons": [persons + (at == 0) for at, persons in enumerate(LONG["persons"])]}

    alone = library.protect_tables(more, by="county,age", count="persons")
    beside = library.protect_tables(more, by="county,age", count="persons", ledger=[first.entry])

    assert alone.rows[0][2] == 523  # both totals together would say that one person came
    assert beside.rows[0][2] is None
    assert "beside 1 earlier" in repr(beside)


@pytest.mark.parametrize(
    ("given", "more", "wanted"),
    [
        ({"a": ["x"], "persons": [1, 2]}, {}, "columns of one length"),
        ({"a": [], "persons": []}, {}, "no rows"),
        ({"a": ["x"], "persons": [-1]}, {"count": "persons"}, "below 0"),
        ({"a": ["x"], "persons": [1.5]}, {"count": "persons"}, "not a whole number"),
        ({"a": ["x"], "persons": [None]}, {"count": "persons"}, "blank"),
        ({"a": ["x"], "persons": [5]}, {"by": "b"}, "no column 'b'"),
        ([[1, -1]], {}, "0 or more"),
        ([[1] * 256], {}, "at most 255"),
    ],
)
def test_what_is_no_table_is_a_sentence(given: object, more: dict[str, str], wanted: str) -> None:
    with pytest.raises((EvidenceError, RecordsError), match=wanted):
        library.protect_tables(given, **more)  # type: ignore[arg-type]
