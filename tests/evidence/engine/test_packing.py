"""Rows of a file or a relation become codes of one byte, whatever is in them; what cannot be read is said plainly."""

from __future__ import annotations

import datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.engine import fill, opening, packing
from upwell.evidence.engine.packing import Rows, Wanted, pack
from upwell.evidence.errors import EvidenceError


@pytest.fixture
def engine():
    with duckdb.connect(":memory:") as opened:
        yield opened


def _relation(engine, columns: dict[str, tuple[str, list]]):
    """A table of columns: name -> (SQL type, values)."""
    names = {name: '"' + name.replace('"', '""') + '"' for name in columns}
    engine.execute(f"CREATE TABLE rows ({', '.join(f'{names[n]} {kind}' for n, (kind, _) in columns.items())})")
    values = list(zip(*(cells for _, cells in columns.values()), strict=True))
    if values:
        engine.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})", values)
    return engine.table("rows")


def _words(rows: Rows, name: str) -> list[str | None]:
    at = rows.attributes.index(name)
    return [(*rows.values[at], None)[code] for code in rows.codes[at]]


def _attribute(engine, kind: str, values: list, **wanted) -> Rows:
    answers = [row % 2 == 0 for row in range(len(values))]
    relation = _relation(engine, {"a": (kind, values), "yes": ("BOOLEAN", answers)})
    return pack(relation, Wanted(("a",), "yes", **wanted))


KINDS = [
    ("VARCHAR", ["b", "a", "b", None], ["b", "a", "b", None], ("a", "b")),
    ("VARCHAR", ["b", "", "a", None], ["b", None, "a", None], ("a", "b")),
    ("BOOLEAN", [True, False, None, True], ["yes", "no", None, "yes"], ("no", "yes")),
    ("TINYINT", [-3, 5, None, 5], ["-3", "5", None, "5"], ("-3", "5")),
    ("TINYINT", [-128, 100, None, 127], ["-128", "100", None, "127"], ("-128", "100", "127")),
    ("INTEGER", [10, 9, 10, None], ["10", "9", "10", None], ("9", "10")),
    ("BIGINT", [10**15, 5, None, 5], ["1000000000000000", "5", None, "5"], ("5", "1000000000000000")),
    ("DOUBLE", [2.5, float("nan"), 10.0, None], ["2.5", None, "10.0", None], ("2.5", "10.0")),
    ("DECIMAL(9,2)", ["2.50", "1.00", None, "1.00"], ["2.50", "1.00", None, "1.00"], ("1.00", "2.50")),
    (
        "DATE",
        [datetime.date(2024, 5, 1), datetime.date(2023, 1, 9), None, datetime.date(2023, 1, 9)],
        ["2024-05-01", "2023-01-09", None, "2023-01-09"],
        ("2023-01-09", "2024-05-01"),
    ),
    ("ENUM('z', 'a')", ["z", "a", None, "z"], ["z", "a", None, "z"], ("a", "z")),
]


@pytest.mark.parametrize(("kind", "values", "words", "known"), KINDS, ids=[f"{k[0]}-{i}" for i, k in enumerate(KINDS)])
def test_values_of_every_kind_become_words_in_their_own_order(engine, kind, values, words, known):
    rows = _attribute(engine, kind, values)

    assert _words(rows, "a") == words
    assert rows.values == (known,)
    assert rows.folded == ()


NASTY = [
    '"',
    "'",
    "a b",
    "select",
    "ünï",
    "line\nbreak",
    "x; DROP TABLE rows",
    "%s",
    "{}",
    "c0",
    "[a]",
    "\\",
    "YES",
    "ß",
]


@pytest.fixture(params=[1, 2, 3])
def few(request, monkeypatch):
    """As many first rows as values are taken from."""
    monkeypatch.setattr(packing, "FIRST", request.param)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("kind", "values", "words", "known"), KINDS)
def test_values_that_come_after_the_first_rows_are_found(engine, kind, values, words, known):
    rows = _attribute(engine, kind, values)

    assert _words(rows, "a") == words
    assert rows.values == (known,)


def test_too_many_values_after_the_first_rows_are_folded_as_ever(engine, monkeypatch):
    values = [f"v{row % 90 if row > 50 else row % 3:02d}" for row in range(900)]
    whole = _attribute(engine, "VARCHAR", values)
    engine.execute("DROP TABLE rows")
    monkeypatch.setattr(packing, "FIRST", 50)

    rows = _attribute(engine, "VARCHAR", values)

    assert rows.values == whole.values and rows.folded == whole.folded
    assert rows.codes.tolist() == whole.codes.tolist()


@pytest.mark.parametrize(("late", "looks"), [(None, 1), ("", 1), ("a", 1), ("z", 2)])
def test_all_rows_are_looked_at_again_only_for_a_value_that_is_new(engine, monkeypatch, late, looks):
    told: list[str] = []
    monkeypatch.setattr(packing, "FIRST", 3)
    relation = _relation(engine, {"a": ("VARCHAR", ["a", "b", "a", late]), "yes": ("BOOLEAN", [True, False] * 2)})

    pack(relation, Wanted(("a",), "yes"), lambda words, share: told.append(words))

    assert told.count("looking at the values") == looks


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_names_and_values_may_hold_any_characters(engine, name):
    values = [NASTY[0], name, NASTY[0], "plain"]
    columns = {name: ("VARCHAR", values), "answer": ("BOOLEAN", [True, False, True, True])}

    rows = pack(_relation(engine, columns), Wanted((name,), "answer"))

    assert _words(rows, name) == values


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 99) | st.none(), st.booleans()), min_size=1, max_size=60))
def test_every_row_keeps_its_own_answers(table):
    table = [(text.replace("\0", ""), number, yes) for text, number, yes in table]
    with duckdb.connect(":memory:") as engine:
        columns = {
            "text": ("VARCHAR", [row[0] for row in table]),
            "number": ("INTEGER", [row[1] for row in table]),
            "yes": ("BOOLEAN", [row[2] for row in table]),
        }

        rows = pack(_relation(engine, columns), Wanted((), "yes"))

    assert rows.yes.tolist() == [row[2] for row in table]
    if "text" in rows.attributes:
        assert _words(rows, "text") == [row[0] or None for row in table]
    if "number" in rows.attributes:
        assert _words(rows, "number") == [None if row[1] is None else str(row[1]) for row in table]


@pytest.mark.parametrize("kind", ["VARCHAR", "INTEGER", "DOUBLE"])
def test_the_rarest_of_too_many_values_share_a_code_and_that_is_said(engine, kind):
    values = [value for value in range(100) for _ in range(1 if value < 37 else 2)]

    rows = _attribute(engine, kind, values)

    assert len(rows.values[0]) == 64
    assert rows.values[0][-1] == "other"
    spelled = {word: number for number in range(100) for word in (str(number), f"{number}.0")}
    assert sorted(spelled[word] for word in rows.values[0][:-1]) == list(range(37, 100))
    assert _words(rows, "a").count("other") == 37
    assert rows.folded == ("'a' has more than 64 values: all but the 63 most frequent are told as \"other\".",)


def test_rare_values_are_folded_up_to_their_parent(engine):
    tracts = [f"t{n:03}" for n in range(90) for _ in range(3 if n < 50 else 1)]
    counties = [f"county {int(tract[1:]) % 3}" for tract in tracts]
    answers = [True] * len(tracts)
    relation = _relation(
        engine, {"tract": ("VARCHAR", tracts), "county": ("VARCHAR", counties), "yes": ("BOOLEAN", answers)}
    )

    rows = pack(relation, Wanted(("tract",), "yes", parents={"tract": "county"}))

    assert len(rows.values[0]) <= 64
    for tract, county, word in zip(tracts, counties, _words(rows, "tract"), strict=True):
        assert word in (tract, f"other in {county}")
    assert set(rows.values[0][-3:]) == {f"other in county {n}" for n in range(3)}
    assert "told by 'county'" in rows.folded[0]


def test_a_value_that_is_called_other_is_not_mixed_with_the_rest(engine):
    values = ["other", "other", *(f"v{n}" for n in range(80))]

    rows = _attribute(engine, "VARCHAR", values)

    assert rows.values[0].count("other") == 1
    assert _words(rows, "a").count("other") == 2
    assert rows.values[0][-1] == "all other"


@pytest.mark.parametrize(
    ("values", "why"),
    [(["x", "x", None], "the same in every row"), ([None, None, ""], "empty in every row")],
    ids=["constant", "empty"],
)
def test_an_attribute_that_tells_nothing_is_left_out_and_that_is_said(engine, values, why):
    columns = {
        "idle": ("VARCHAR", values),
        "b": ("INTEGER", [1, 2, 3]),
        "yes": ("BOOLEAN", [True, False, True]),
    }

    rows = pack(_relation(engine, columns), Wanted(("idle", "b"), "yes"))

    assert rows.attributes == ("b",)
    assert _words(rows, "b") == ["1", "2", "3"]
    assert rows.codes.shape == (1, 3)
    assert rows.folded[0].startswith(f"'idle' was left out: it is {why}")


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("BOOLEAN", [True, False, True]),
        ("INTEGER", [1, 0, 1]),
        ("DOUBLE", [1.0, 0.0, 1.0]),
        ("VARCHAR", ["true", "false", "1"]),
    ],
)
def test_yes_may_be_told_in_several_ways(engine, kind, answers):
    rows = pack(_relation(engine, {"a": ("INTEGER", [1, 2, 3]), "yes": (kind, answers)}), Wanted(("a",), "yes"))

    assert rows.yes.dtype == np.bool_
    assert rows.yes.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("kind", "answers"),
    [("BOOLEAN", [True, None]), ("INTEGER", [1, 2]), ("VARCHAR", ["true", "perhaps"]), ("DOUBLE", [0.0, 0.5])],
)
def test_an_answer_that_is_neither_yes_nor_no_is_refused(engine, kind, answers):
    relation = _relation(engine, {"a": ("INTEGER", [1, 2]), "yes": (kind, answers)})

    with pytest.raises(EvidenceError, match="Fewer than 11 of 2 rows of 'yes' are neither yes nor no"):
        pack(relation, Wanted(("a",), "yes"))


@pytest.mark.parametrize("wrong", [None, float("nan"), -0.1, 1.5, float("inf")])
def test_an_expectation_outside_zero_to_one_is_refused_with_the_rows(engine, wrong):
    columns = {"a": ("INTEGER", [1, 2, 3]), "yes": ("BOOLEAN", [True] * 3), "e": ("DOUBLE", [0.2, wrong, wrong])}

    with pytest.raises(EvidenceError, match="Fewer than 11 of 3 rows of 'e' are missing, below 0 or above 1"):
        pack(_relation(engine, columns), Wanted(("a",), "yes", "e"))


def test_an_expectation_in_words_is_refused(engine):
    columns = {"a": ("INTEGER", [1, 2]), "yes": ("BOOLEAN", [True] * 2), "e": ("VARCHAR", ["low", "high"])}

    with pytest.raises(EvidenceError, match="'e' holds no numbers"):
        pack(_relation(engine, columns), Wanted(("a",), "yes", "e"))


def test_who_where_and_when_come_along(engine):
    columns = {
        "a": ("INTEGER", [1, 2, 3]),
        "yes": ("BOOLEAN", [True, False, True]),
        "e": ("DOUBLE", [0.25, 0.5, 1.0]),
        "who": ("VARCHAR", ["p", "q", "p"]),
        "where": ("INTEGER", [7, 8, 7]),
        "when": ("DATE", [datetime.date(2024, 3, 9), datetime.date(2023, 12, 31), datetime.date(2024, 1, 1)]),
    }

    rows = pack(_relation(engine, columns), Wanted(("a",), "yes", "e", "who", "where", "when"))

    assert (rows.expected.dtype, rows.expected.tolist()) == (np.float32, [0.25, 0.5, 1.0])
    assert rows.person[0] == rows.person[2] != rows.person[1]
    assert (rows.cluster.dtype, rows.cluster.tolist()) == (np.int32, [7, 8, 7])
    assert (rows.month.dtype, rows.month.tolist()) == (np.int16, [3, 0, 1])


def test_without_names_every_column_without_a_role_is_an_attribute(engine):
    columns = {
        "a": ("INTEGER", [1, 2]),
        "b": ("INTEGER", [1, 2]),
        "who": ("INTEGER", [1, 2]),
        "yes": ("BOOLEAN", [True] * 2),
    }

    assert pack(_relation(engine, columns), Wanted((), "yes", person="who")).attributes == ("a", "b")


def test_a_missing_column_is_named_with_the_nearest(engine):
    relation = _relation(engine, {"county": ("INTEGER", [1]), "yes": ("BOOLEAN", [True])})

    with pytest.raises(EvidenceError, match=r"no column 'countyy'\. Did you mean 'county'"):
        pack(relation, Wanted(("countyy",), "yes"))


@pytest.mark.parametrize(("attributes", "words"), [(("a", "a"), "named twice"), (("yes",), "no attribute")])
def test_attributes_that_cannot_be_are_refused(engine, attributes, words):
    relation = _relation(engine, {"a": ("INTEGER", [1]), "yes": ("BOOLEAN", [True])})

    with pytest.raises(EvidenceError, match=words):
        pack(relation, Wanted(attributes, "yes"))


@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_or_one_leave_no_attribute(engine, rows):
    relation = _relation(
        engine, {"a": ("VARCHAR", ["x"] * rows), "n": ("INTEGER", [5] * rows), "yes": ("BOOLEAN", [True] * rows)}
    )

    packed = pack(relation, Wanted((), "yes"))

    assert (packed.attributes, packed.codes.shape, len(packed.yes)) == ((), (0, rows), rows)
    assert len(packed.folded) == 2


def _file(folder: Path, rows: int, name: str = "rows.parquet") -> Path:
    path = folder / name
    with duckdb.connect(":memory:") as engine:
        engine.execute(
            f"COPY (SELECT (i % 7)::UTINYINT AS a, 'v' || (i % 11) AS b, CASE WHEN i % 5 > 0 THEN i % 3 END AS c, "
            f"i % 4 = 0 AS yes, ((i % 10) / 10)::DOUBLE AS e FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet)"
        )
    return path


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_of_several_batches_is_read_in_order(tmp_path, kind):
    rows = 300_000
    path = kind(_file(tmp_path, rows))

    packed = pack(path, Wanted(("a", "b", "c"), "yes", "e"))

    numbers = np.arange(rows)
    assert np.array_equal(packed.codes[0], numbers % 7)
    assert np.array_equal(np.array(packed.values[1])[packed.codes[1]], np.char.add("v", (numbers % 11).astype(str)))
    assert np.array_equal(packed.codes[2], np.where(numbers % 5 > 0, numbers % 3, 3))
    assert np.array_equal(packed.yes, numbers % 4 == 0)
    assert np.array_equal(packed.expected, ((numbers % 10) / 10).astype(np.float32))


def test_a_file_and_a_relation_of_it_are_packed_alike(tmp_path, engine):
    path = _file(tmp_path, 5000)
    wanted = Wanted((), "yes", "e")

    file, relation = pack(path, wanted), pack(engine.read_parquet(str(path)), wanted)

    assert file.attributes == relation.attributes and file.values == relation.values
    assert np.array_equal(file.codes, relation.codes) and np.array_equal(file.yes, relation.yes)


def test_a_folder_of_files_is_read_whole(tmp_path):
    for month in range(3):
        _file(tmp_path, 1000, f"{month}.parquet")

    assert len(pack(tmp_path, Wanted(("a",), "yes")).yes) == 3000


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path):
    path = _file(tmp_path, 100, "rows [1]*.parquet")
    _file(tmp_path, 50, "rows 1x.parquet")

    assert len(pack(path, Wanted(("a",), "yes")).yes) == 100


def test_a_broken_file_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "rows.parquet"
    path.write_bytes(_file(tmp_path, 100, "whole.parquet").read_bytes()[:200])

    with pytest.raises(EvidenceError, match="is damaged, or no Parquet"):
        pack(path, Wanted(("a",), "yes"))


def test_a_file_broken_in_the_middle_is_told_in_a_sentence(tmp_path):
    path = _file(tmp_path, 50_000)
    held = bytearray(path.read_bytes())
    held[4 : len(held) // 2] = bytes(len(held) // 2 - 4)
    path.write_bytes(held)

    with pytest.raises(EvidenceError, match="damaged"):
        pack(path, Wanted(("a", "b"), "yes"))


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(EvidenceError, match="There is no file"):
        pack(tmp_path / "nothing.parquet", Wanted(("a",), "yes"))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("IO Error: Could not write file: No space left on device", "free some space"),
        ("IO Error: Could not write file: Disk quota exceeded", "free some space"),
        ("IO Error: Could not write file: Input/output error", "Temporary files cannot be written"),
        ("Out of Memory Error: could not allocate block", "not enough memory"),
        ("IO Error: Permission denied", "may not be read"),
        ("something else", "damaged"),
    ],
)
def test_what_the_engine_says_becomes_what_to_do(fault, words):
    with pytest.raises(EvidenceError, match=words), opening.told_plainly("rows.parquet"):
        raise duckdb.Error(fault)


def test_a_relation_that_fails_is_told_in_a_sentence(engine):
    relation = engine.sql("SELECT CASE WHEN i = 7 THEN error('x') ELSE 'a' END AS a, true AS yes FROM range(9) t(i)")

    with pytest.raises(EvidenceError, match="run it by itself"):
        pack(relation, Wanted(("a",), "yes"))


def test_progress_is_told_up_to_the_end(tmp_path):
    told = []

    pack(_file(tmp_path, 300_000), Wanted(("a",), "yes"), lambda words, share: told.append((words, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] == 1.0
    assert len(told) > 2


def test_temporary_files_are_gone_afterwards(tmp_path):
    spill = tmp_path / "spill"
    spill.mkdir()

    pack(_file(tmp_path, 100), Wanted(("a",), "yes", spill=spill))

    assert list(spill.iterdir()) == []


def test_many_rows_are_counted_as_few_are(tmp_path, monkeypatch):
    path = _file(tmp_path, 4001)
    compiled = pack(path, Wanted((), "yes"))
    monkeypatch.setattr("upwell.evidence.engine.packing.MANY", fill.MANY * 10)

    plain = pack(path, Wanted((), "yes"))

    assert np.array_equal(compiled.codes, plain.codes) and compiled.values == plain.values
