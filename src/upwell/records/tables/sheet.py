"""A CSV file as columns of text, with the line of each row: the file's own faults end here, each in a sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upwell.records.errors import RecordsError
from upwell.records.tables.around import delimiter, table_in

FIRST = "first column"
"""What a column is called that has no name and stands first, as labels often do."""
MOST_LETTERS = 10_000
"""Letters in one cell; more is a quote that was never closed."""


class TableError(RecordsError):
    """A count table cannot be read as asked. The message names file, line and column, never a count."""


@dataclass(frozen=True)
class Sheet:
    """Columns of text, all of one length. name: what the table is called in sentences.

    lines: for each row the line of the file where it ends (the first row under the header is line 2).
    said: what was set aside or named, a sentence each.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    said: tuple[str, ...] = ()

    def place(self, row: int) -> str:
        """Where a row stands, for a sentence."""
        return f"{self.name}, line {self.lines[row]}"


def read(content: bytes, name: str) -> Sheet:
    """The sheet in the bytes of a CSV file: UTF-8, with or without its mark, parted by comma, semicolon, tab or bar.

    Raises TableError for anything that is not one rectangle of text under a header.
    """
    text = _text(content, name)
    table, said = table_in(_rows(text, name), name)
    header = _without_blank_end([each.strip() for each in table[0][1]])
    if len(table) == 1:
        raise TableError(f"{name} has a header and no rows.")
    if not header[0] and len(header) > 1:
        header = [FIRST, *header[1:]]
        said = (*said, f"{name}: the first column has no name; here it is called {FIRST!r}.")
    places = _places(header, name)
    rows = [_of_length(list(row), len(header), f"{name}, line {line}") for line, row in table[1:]]
    columns = {column: [row[at] for row in rows] for column, at in places.items()}
    return Sheet(name, columns, [line for line, _ in table[1:]], said)


def of_columns(columns: Mapping[str, Sequence[str]], name: str = "The table") -> Sheet:
    """The sheet of columns that a program holds. Raises TableError when they are not of one length."""
    long = {len(values) for values in columns.values()}
    if len(long) != 1:
        raise TableError(f"{name} needs columns of one length, at least one.")
    if long == {0}:
        raise TableError(f"{name} has a header and no rows.")
    return Sheet(name, columns, range(2, long.pop() + 2))


def _text(content: bytes, name: str) -> str:
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(f"{name} is a spreadsheet, not CSV. Open it and save it as CSV (UTF-8).")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4096]:
        raise TableError(f"{name} is not plain text in UTF-8. Save it as CSV (UTF-8).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(f"{name}, line {line}: a letter is not UTF-8. Save the file as CSV (UTF-8).") from None
    if not text.strip():
        raise TableError(f"{name} is empty.")
    return text


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the line where it ends."""
    csv.field_size_limit(max(csv.field_size_limit(), MOST_LETTERS))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True, skipinitialspace=True)
    try:
        return [(reader.line_num, row) for row in reader if any(each.strip() for each in row)]
    except csv.Error:
        raise TableError(f"{name}, line {reader.line_num}: a quote is opened or closed in the wrong place.") from None


def _without_blank_end(header: list[str]) -> list[str]:
    """A spreadsheet writes a delimiter for each column it ever had."""
    while len(header) > 1 and not header[-1]:
        header = header[:-1]
    return header


def _of_length(row: list[str], wanted: int, place: str) -> list[str]:
    if len(row) > wanted and not any(each.strip() for each in row[wanted:]):
        row = row[:wanted]
    if len(row) != wanted:
        raise TableError(
            f"{place} has {len(row)} {'cell' if len(row) == 1 else 'cells'} and the header {wanted}. A cell with a "
            "comma in it needs quotes; a title or a note in the middle of the table has to be taken out."
        )
    return [each.strip() for each in row]


def _places(header: list[str], name: str) -> dict[str, int]:
    """Column name -> its place."""
    found: dict[str, int] = {}
    for at, each in enumerate(header):
        if not each:
            raise TableError(
                f"{name}: column {at + 1} has no name in the header. If the header takes two lines, make it one, with "
                "a name for each column: Men 2023, Women 2023."
            )
        if each.casefold() in {known.casefold() for known in found}:
            raise TableError(f"{name}: two columns are called {each!r}. Give each a name of its own.")
        found[each] = at
    return found
