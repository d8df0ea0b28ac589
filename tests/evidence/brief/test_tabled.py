"""The page and the file of a protected table: every number is the release's, one marker, no mischief from a cell."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from tests.factories.served import served, summed
from tests.factories.tabled import TODAY, made

from upwell.evidence.brief.model import text_of
from upwell.evidence.brief.outline import claims
from upwell.evidence.brief.tabled.layout import Printed, class_of, class_words, percent
from upwell.evidence.brief.tabled.long import as_csv
from upwell.evidence.brief.tabled.make import make
from upwell.evidence.brief.tabled.outline import outline
from upwell.evidence.brief.tabled.words import catalogue
from upwell.evidence.disclosure.release import Release, Row, Table

BY = ("county", "age", "race")
PRINTED = Printed(BY, "persons", "housed", decimals=1)


@pytest.fixture(scope="module")
def release() -> Release:
    return made(summed(served(tracts=1), *BY), ",".join(BY), yes="housed").release


def test_every_count_on_the_page_is_a_cell_of_the_release(release: Release) -> None:
    document = outline(release, catalogue("en"), PRINTED, today=TODAY)
    tables = {table.id: table for table in release.tables}

    cells = [claim for claim in claims(document) if claim.kind == "count" and claim.expression.count(":") == 2]

    assert len(cells) > 30
    for claim in cells:
        table, row, column = claim.expression.split(":")
        if table in tables:
            assert int(claim.text.replace(",", "")) == getattr(tables[table].rows[int(row)], column)


def test_what_is_withheld_is_one_word_everywhere(release: Release) -> None:
    printed = list(csv.reader(io.StringIO(as_csv(release, PRINTED).decode())))

    numbers = {word for line in printed[1:] for word in line[len(BY) :] if not word.replace(".", "").isdecimal()}
    assert numbers - {""} == {"withheld"}  # nobody has no share


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_is_made_in_every_language_and_needs_nothing_from_outside(release: Release, language: str) -> None:
    files = make(release, b"signed", PRINTED, today=TODAY, language=language)

    page = files["protected.html"].decode()
    assert f'<html lang="{language}"' in page and "<script" not in page and "//" not in page.replace("://", "")
    assert files["release/release.json"] == b"signed"
    assert files == make(release, b"signed", PRINTED, today=TODAY, language=language)


def test_the_languages_have_the_same_words() -> None:
    def keys(table: dict[str, object], before: str = "") -> set[str]:
        nested = [keys(each, f"{before}{key}.") for key, each in table.items() if isinstance(each, dict)]
        return set().union({before + key for key in table}, *nested)

    english, spanish = (catalogue(language).catalogue for language in ("en", "es"))

    for part in ("tabled", "picture", "tables"):
        assert keys(english[part]) == keys(spanish[part])


def test_a_value_that_a_spreadsheet_would_run_is_made_harmless(release: Release) -> None:
    table = Table("t00", "counts", "Persons", "", "age", (Row("=1+1", 20, values=("=1+1",)),), False, columns=("age",))
    harmful = replace(release, tables=(table,))

    assert b"'=1+1,20" in as_csv(harmful, Printed(("age",), "persons"))


def test_markup_in_a_value_is_text(release: Release) -> None:
    rows = (Row("<b>x</b>", 20, values=("<b>x</b>",)),)
    table = Table("t00", "counts", "<i>Persons</i>", "", "<i>age</i>", rows, False, columns=("age",))

    page = make(replace(release, tables=(table,)), b"", Printed(("age",), "persons"), today=TODAY)["protected.html"]

    assert b"<b>x" not in page and b"<i>" not in page.replace(b"<i style", b"")


@pytest.mark.parametrize(
    ("yes", "persons", "decimals", "wanted"),
    [(1, 8, 0, "13"), (1, 8, 1, "12.5"), (1, 3, 2, "33.33"), (0, 5, 1, "0.0"), (5, 5, 0, "100"), (1, 200, 0, "1")],
)
def test_a_share_is_rounded_half_up(yes: int, persons: int, decimals: int, wanted: str) -> None:
    assert percent(Row("", persons, yes, persons - yes), decimals) == wanted


def test_nobody_has_no_share_and_a_withheld_one_is_what_the_release_prints() -> None:
    assert percent(Row("", 0, 0, 0), 1) == ""
    assert percent(Row("", None, None, None, percent="12.5"), 1) == "12.5"
    assert percent(Row("", 30, None, None), 1) == ""


def test_a_class_is_said_as_a_reader_knows_it() -> None:
    breaks = (0, 1, 11, 50)

    said = [class_words(class_of(Row("", persons), breaks) or (0, 0)) for persons in (0, 1, 10, 11, 50, 900)]

    assert said == ["0", "1-10", "1-10", "11-49", "50+", "50+"]
    assert class_of(Row("", None), breaks) is None
    assert class_of(Row("", None, between=(11, 50)), breaks) == (11, 50)


def test_two_columns_are_crossed_and_three_are_listed() -> None:
    document = outline(made().release, catalogue("en"), Printed(("county", "age"), "persons"), today=date(2026, 1, 1))

    grids = [block for section in document.sections if section.id == "tables" for block in section.blocks]
    crossed = next(grid for grid in grids if "county and age" in text_of(grid.caption))
    assert crossed.head == ("County", "Under 18", "18-24", "25-64", "65+")
    assert [text_of(line.label) for line in crossed.lines] == ["Ash", "Birch", "Cedar"]
