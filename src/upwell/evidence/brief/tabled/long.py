"""The protected table as one CSV, in the layout of the table it was made from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from upwell.evidence.brief.package import FORMULA_SIGNS, WITHHELD
from upwell.evidence.brief.tabled.layout import Printed, class_of, class_words, percent
from upwell.evidence.disclosure.release import Release, Row, Table

BETWEEN = "between"
PERCENT = "percent"


def header(printed: Printed) -> tuple[str, ...]:
    """The names of the columns."""
    yes = (printed.yes,) if printed.yes else ()
    rate = (f"{PERCENT} {printed.yes}",) if printed.decimals is not None else ()
    classes = (f"{printed.count} {BETWEEN}",) if printed.classes else ()
    return (*printed.columns, printed.count, *yes, *rate, *classes)


def lines(release: Release, printed: Printed) -> Iterator[tuple[str, ...]]:
    """Every row of every table, totals marked by their word, withheld numbers by the one marker."""
    for table in release.tables:
        for row in table.rows:
            yield (*_words(table, row, printed), *_numbers(row, printed))


def as_csv(release: Release, printed: Printed) -> bytes:
    """The whole file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in header(printed)])
    writer.writerows([_harmless(word) for word in line] for line in lines(release, printed))
    return text.getvalue().encode()


def _words(table: Table, row: Row, printed: Printed) -> tuple[str, ...]:
    told = dict(zip(table.columns, row.values, strict=True))
    return tuple(told.get(name) or printed.total for name in printed.columns)


def _numbers(row: Row, printed: Printed) -> tuple[str, ...]:
    counts = [row.persons, row.yes] if printed.yes else [row.persons]
    found = [WITHHELD if each is None else str(each) for each in counts]
    if printed.decimals is not None:
        nobody = row.persons == 0
        found.append(percent(row, printed.decimals) or ("" if nobody else WITHHELD))
    if printed.classes:
        between = class_of(row, printed.classes)
        found.append(class_words(between) if between else WITHHELD)
    return tuple(found)


def _harmless(word: str) -> str:
    """A word that no spreadsheet takes for a formula."""
    return f"'{word}" if word.startswith(FORMULA_SIGNS) else word
