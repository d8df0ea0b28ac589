"""Every defect that is sprinkled is noticed by the reader, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from upwell.records.cases.hmis import read
from upwell.records.cases.problems import Quality
from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.made import County
from upwell.records.errors import RecordsError

NOTICED_BY = {
    "two-heads": "household-two-heads",
    "no-head": "household-no-head",
    "blank-household": "household-blank",
    "overlapping-stays": "stays-overlap",
    "same-entry-twice": "stay-twice",
    "move-in-outside-the-stay": "move-in-outside-stay",
    "total-differs": "income-total-differs",
    "income-without-source": "income-without-source",
    "test-client": "test-client",
    "not-utf-8": "decode-fallback",
    "duplicate-key": "row-superseded",
    "restored-row": "row-superseded",
    "exit-before-entry": "exit-before-entry",
    "code-off-list": "code-outside-list",
    "datetime-for-date": "date-with-time",
    "coc-not-of-the-project": "coc-not-project",
    "birth-after-entry": "birth-after-entry",
    "over-100": "age-over-100",
    "ambiguous-date": "own-date-unreadable",
    "impossible-date": "own-date-unreadable",
    "two-digit-year": "own-date-unreadable",
    "not-a-number": "integer-unreadable",
    "deleted-row": "row-deleted",
    "orphan-row": "orphan",
    "row-too-wide": "row-too-wide",
    "row-too-short": "row-too-short",
    "column-letter-case": "column-renamed",
    "unknown-column": "column-unknown",
    "column-no-break-space": "column-renamed",
    "missing-file": "file-missing",
    "file-letter-case": "file-name-case",
}
NOTICED_IN = {
    "birth-after-entry": "Enrollment.csv",
    "over-100": "Enrollment.csv",
}  # a birth date is judged at each stay
NOT_A_RULE = {
    "no-break-space-in-code",
    "wrong-quotes",
    "future-date",
    "byte-order-mark",
    "mixed-line-ends",
    "no-final-line-end",
}
"""Read as they are meant (spaces, quotes, marks, line ends), or judged by no rule of their own: the row is used."""

AT_THE_LINE = (
    "no-head",
    "blank-household",
    "total-differs",
    "test-client",
    "orphan-row",
    "row-too-wide",
)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> County:
    return generate(people=1_200, years=3, seed=4, out=tmp_path_factory.mktemp("spoilt") / "export.zip", defects=True)


@pytest.fixture(scope="module")
def quality(spoilt: County, tmp_path_factory: pytest.TempPathFactory) -> Quality:
    return read.load(spoilt.out, key=bytes(32), work=tmp_path_factory.mktemp("work")).quality


def test_every_kind_of_defect_is_told(spoilt: County):
    kinds = [defect.kind for defect in spoilt.defects]

    assert set(kinds) == set(NOTICED_BY) | NOT_A_RULE
    assert len(kinds) == len(set(kinds))


def test_the_reader_notices_every_defect_that_is_one(spoilt: County, quality: Quality):
    fired = {(rule, file.casefold()) for rule, file, _ in quality.times}

    for defect in spoilt.defects:
        if defect.kind in NOTICED_BY:
            file = NOTICED_IN.get(defect.kind, defect.file)
            assert (NOTICED_BY[defect.kind], file.casefold()) in fired, defect


def test_the_reader_names_the_line(spoilt: County, quality: Quality):
    located = {(place.rule, place.file, place.line) for place in quality.located}

    for defect in spoilt.defects:
        if defect.kind in AT_THE_LINE:
            assert (NOTICED_BY[defect.kind], defect.file, defect.line) in located, defect


def test_few_rows_are_lost_and_every_row_is_accounted_for(spoilt: County, quality: Quality):
    lost = sum(account.quarantined for account in quality.files.values())
    rows = sum(account.read for account in quality.files.values())

    assert 5 <= lost <= 30
    assert rows > 9_000
    assert quality.files["Services.csv"].used == quality.files["Services.csv"].read == spoilt.rows["Services"]


def test_the_same_seed_spoils_the_same_rows(spoilt: County, tmp_path: Path):
    again = generate(people=1_200, years=3, seed=4, out=tmp_path / "export.zip", defects=True)

    assert again.defects == spoilt.defects
    assert again.out.read_bytes() == spoilt.out.read_bytes()


def test_a_county_too_small_for_all_defects_says_so_and_leaves_nothing(tmp_path: Path):
    with pytest.raises(RecordsError, match="too small for every kind of defect"):
        generate(people=2, years=1, seed=1, out=tmp_path / "export", defects=True)

    assert list(tmp_path.iterdir()) == []
