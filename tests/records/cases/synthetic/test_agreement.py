"""The generator's own account of index stays is the CaseTable's, question by question and column by column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from upwell.records.cases.hmis import read
from upwell.records.cases.hmis.cases import case_table
from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.planting import values_of
from upwell.records.cases.synthetic.truth import index_stays
from upwell.records.cases.synthetic.vocabulary import QUESTIONS


@pytest.mark.parametrize("version", ["FY2024", "FY2026"])
def test_index_stays_answers_and_columns_agree_with_the_case_table(version: str, tmp_path: Path):
    county = generate(people=4_000, years=3, seed=9, out=tmp_path / "export", version=version)
    table = case_table(read.load(county.out, key=bytes(32), work=tmp_path / "work"))
    columns = {column.name: column for column in table.columns}
    values = values_of(county.places)

    compared = set()
    for question in QUESTIONS:
        asked, index = table.asked(question), index_stays(county, question)
        assert (asked.persons, int(asked.yes.sum())) == (len(index["yes"]), int(index["yes"].sum())), question
        for name in set(asked.codes) & set(values):
            keys = [value.key for value in columns[name].values]
            theirs = {key: int((asked.codes[name] == code).sum()) for code, key in enumerate(keys)}
            ours = {key: int((index[name] == code).sum()) for code, key in enumerate(values[name])}
            told = {key for key in theirs.keys() | ours.keys() if theirs.get(key, 0) != ours.get(key, 0)}
            assert not told, (question, name, told)
            compared.add(name)
    assert compared >= {"place", "project", "agency", "project_type", "age", "race", "household_type", "veteran"}
    assert np.isin(("gender" if version == "FY2024" else "sex",), tuple(compared)).all()
