"""Published tables, ours or others': what was printed, what was withheld and by which mark. They hold no secret.

Long form: one column a dimension and one of counts, totals as a named value. Wide form: labels in the first column and
in the header. What had to be guessed is said in a sentence each, with the option that says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from upwell.records.tables.marks import DASHES, Printed, percent, printed
from upwell.records.tables.sheet import Sheet, TableError, read

TOTALS = frozenset(
    ["total", "totals", "all", "overall", "sum", "grand total", "subtotal", "everyone", "everybody", "totales", "todos",
     "todas", "ambos", "suma", ""]
)  # fmt: skip

_TOTAL = re.compile(r"(?:all (?!other)|total\b|grand total\b|tod[oa]s (?:los|las)\b|ambos ).*|.*\btotal", re.IGNORECASE)
_COUNTS = re.compile(
    r"(?:n|no\.?|count|counts|number|total|persons?|people|clients?|served|cases|value|students|patients)"
    r"(?:[ _].*)?|.*[ _](?:count|persons|people|clients|number)",
    re.IGNORECASE,
)
_SHARES = re.compile(r".*(?:%|percent|pct|share|rate).*", re.IGNORECASE)
_CODES = re.compile(r".*(?:year|month|quarter|week|age|zip|code|fips|tract|district|grade|id)\b.*", re.IGNORECASE)
_BOTH = re.compile(r"\S.*\(\s*[\d.,]+\s*%\s*\)")
"""A count and its share in one cell: "31 (69%)"."""
_MOSTLY = 0.5
_FEWEST = 2
"""Labels beside which another may be their total."""
_LIST_ENDS = 6

Values = tuple[str | None, ...]
"""One value a column; None is the total."""


@dataclass(frozen=True)
class Layout:
    """How somebody says that a published sheet is to be read; what is left out is found, and said.

    by: columns counted by. count: the column of counts. yes: column of how many of those counted said yes.
    totals: words that mark totals. hidden: further marks of what is withheld. zero: marks that stand for nobody.
    shares: column of percentages -> the columns whose totals it is of, () to find them. aside: columns not to be read.
    wide: header labels are values.
    """

    by: tuple[str, ...] = ()
    count: str = ""
    yes: str = ""
    totals: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    shares: Mapping[str, tuple[str, ...]] | None = None
    aside: tuple[str, ...] = ()
    wide: bool | None = None


@dataclass(frozen=True)
class Line:
    """One count as printed. values: one a column of its table. place: file and line, for a sentence.

    answer: "yes" or "no" where it counts only those who said so; "" counts everybody. shares: columns of percentages,
    each with its digits (as one whole number) and how many of them are decimals.
    """

    values: Values
    printed: Printed
    place: str
    answer: str = ""
    shares: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Published:
    """One printed table. columns: what it is counted by. shares: as Layout. said: what was taken for granted."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    shares: tuple[tuple[str, tuple[str, ...]], ...] = ()
    said: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """Marks that stand in the table, each once, in the order they come."""
        return tuple(dict.fromkeys(line.printed.mark for line in self.lines if line.printed.persons < 0))


def published(content: bytes, name: str, layout: Layout) -> Published:
    """The table in a CSV file. Raises TableError, a sentence with the line and what to say on the command line."""
    return published_sheet(read(content, name), layout)


def published_sheet(sheet: Sheet, layout: Layout) -> Published:
    """The table in a sheet; see `published`."""
    _check_names(sheet, (*layout.by, layout.count, layout.yes, *layout.aside, *(layout.shares or {})))
    check_one_each(sheet)
    check_one_block(sheet)
    wide = _is_wide(sheet, layout) if layout.wide is None else layout.wide
    found = _wide(sheet, layout) if wide else _long(sheet, layout)
    return _checked(replace(found, said=(*sheet.said, *found.said)))


def _check_names(sheet: Sheet, names: Iterable[str]) -> None:
    for name in filter(None, names):
        if name not in sheet.columns:
            raise TableError(f"{sheet.name} has no column {name!r}. Its columns: {', '.join(sheet.columns)}.")


def _is_counts(words: Sequence[str], layout: Layout) -> bool:
    """Whether a column holds counts: every cell a count or a mark, and a count at least once."""
    found = [_printed(text, layout) for text in words]
    return None not in found and any(each.persons >= 0 for each in found if each)


def _is_shares(sheet: Sheet, name: str) -> bool:
    words = [text for text in sheet.columns[name] if percent(text)]
    named = bool(_SHARES.fullmatch(name)) and len(words) > 0
    return named or any(text.rstrip().endswith("%") for text in words)


def _printed(text: str, layout: Layout) -> Printed | None:
    return Printed(0) if text.strip() in layout.zero else printed(text, layout.hidden)


def _is_total(text: str, layout: Layout) -> bool:
    if layout.totals:
        return text.strip() in layout.totals
    return text.strip().casefold() in TOTALS or bool(_TOTAL.fullmatch(text.strip()))


def _is_wide(sheet: Sheet, layout: Layout) -> bool:
    if layout.by or layout.count or layout.yes or layout.shares:
        return False
    names = list(sheet.columns)
    counts = [name for name in names[1:] if _is_counts(sheet.columns[name], layout) and not _is_shares(sheet, name)]
    return len(counts) >= 2 and len(counts) == len(names) - 1


def _long(sheet: Sheet, layout: Layout) -> Published:
    free = [name for name in sheet.columns if name not in (*layout.aside, *layout.by, layout.count, layout.yes)]
    shares = tuple(layout.shares or [name for name in free if _is_shares(sheet, name)])
    said: list[str] = []
    count = layout.count or _count_column(sheet, layout, shares, said)
    by = layout.by or _by(sheet, layout, {count, layout.yes, *shares, *layout.aside}, said)
    sheet = _filled_down(sheet, by, layout, said)
    lines = []
    for row in range(len(sheet.lines)):
        values = tuple(None if _is_total(sheet.columns[name][row], layout) else sheet.columns[name][row] for name in by)
        of = tuple((name, *found) for name in shares if (found := percent(sheet.columns[name][row])))
        lines.append(Line(values, _read(sheet, count, row, layout), sheet.place(row), "", () if layout.yes else of))
        if layout.yes:
            lines.append(Line(values, _read(sheet, layout.yes, row, layout), sheet.place(row), "yes", of))
    asked = layout.shares or {}
    over = tuple((name, asked.get(name, ())) for name in shares)
    return _with_totals(Published(sheet.name, by, tuple(lines), over, tuple(said)))


def _filled_down(sheet: Sheet, by: Sequence[str], layout: Layout, said: list[str]) -> Sheet:
    """Blank labels under a merged cell say what the cell above them says, where the totals have a word of their own."""
    if "" in layout.totals:
        return sheet
    columns = dict(sheet.columns)
    for name in by:
        words = columns[name]
        if not words[0] or "" not in words or not any(word and _is_total(word, layout) for word in words):
            continue
        full: list[str] = []
        for word in words:
            full.append(word or full[-1])
        columns[name] = full
        said.append(
            f'{sheet.name}: a blank in {name!r} is read as the value above it (--total "" reads it as a total).'
        )
    return replace(sheet, columns=columns)


def _with_totals(table: Published) -> Published:
    """The same, with the first or last label of a column read as its total, where it adds up and no word says so."""
    for axis in range(len(table.columns)):
        if any(line.values[axis] is None for line in table.lines):
            continue
        labels = list(dict.fromkeys(line.values[axis] for line in table.lines))
        label = next(
            (each for each in (labels[-1], labels[0]) if len(labels) > _FEWEST and _adds_up(table, axis, each)), None
        )
        if label is not None:
            words = f"{table.name}: {label!r} is the total of the others (--total names another word)."
            table = replace(_as_total(table, axis, label), said=(*table.said, words))
    return table


def _count_column(sheet: Sheet, layout: Layout, shares: Sequence[str], said: list[str]) -> str:
    taken = {*layout.by, *shares, *layout.aside, layout.yes}
    others = [name for name in sheet.columns if name not in taken]
    found = [name for name in others if _is_counts(sheet.columns[name], layout)]
    likely = [name for name in found if not _CODES.fullmatch(name)] or found
    named = [name for name in likely if _COUNTS.fullmatch(name)]
    for choice in (likely, named):
        if len(choice) == 1:
            said.append(f"{sheet.name}: the counts are in the column {choice[0]!r} (--count names another).")
            return choice[0]
    if found:
        raise TableError(f"{sheet.name}: {_listed(likely)} could hold the counts. Say which: --count {likely[0]!r}.")
    raise _no_counts(sheet, layout, others)


def _no_counts(sheet: Sheet, layout: Layout, columns: Sequence[str]) -> TableError:
    """Why no column could be read: the most count-like column and its first strange cell."""
    reads = {name: [_printed(text, layout) for text in sheet.columns[name]] for name in columns}
    shares = {name: sum(e is not None and e.persons >= 0 for e in found) for name, found in reads.items()}
    best = max(shares, key=lambda name: shares[name], default="")
    if not best or not shares[best]:
        return TableError(f"{sheet.name}: no column holds counts. Name it with --count.")
    return _strange(sheet, best, reads[best].index(None))


def _strange(sheet: Sheet, column: str, row: int) -> TableError:
    text = sheet.columns[column][row]
    return TableError(
        f"{sheet.place(row)}, column {column!r}: {text!r} is neither a count nor a mark of something withheld that is "
        f"known here. If it marks what is withheld, say --hidden {text!r}; if it stands for nobody, --zero {text!r}."
    )


def _by(sheet: Sheet, layout: Layout, taken: set[str], said: list[str]) -> tuple[str, ...]:
    free = [name for name in sheet.columns if name not in taken]
    by = tuple(name for name in free if not _is_counts(sheet.columns[name], layout) or _CODES.fullmatch(name))
    if not by:
        raise TableError(f"{sheet.name}: no column says what is counted. Name them: --by county,age.")
    _check_labels(sheet, by, layout)
    if len(by) < len(free):
        left = _listed([name for name in free if name not in by])
        said.append(f"{sheet.name}: {left} left aside; --by or --yes bring it in.")
    said.append(f"{sheet.name}: counted by {_listed(by)} (--by names others).")
    return by


def _check_labels(sheet: Sheet, by: Sequence[str], layout: Layout) -> None:
    """Raises TableError where a column of labels looks like one of counts with a strange cell among them."""
    for name in by:
        reads = [_printed(text, layout) for text in sheet.columns[name]]
        numbers = sum(each is not None and each.persons >= 0 for each in reads)
        coded = _CODES.fullmatch(name) and not name.isdecimal()
        if None in reads and not coded and numbers > _MOSTLY * len(reads):
            told = _strange(sheet, name, reads.index(None))
            raise TableError(f"{told} If {name!r} is what is counted by, name the columns with --by.")


def check_one_each(sheet: Sheet) -> None:
    """Raises TableError where a count and its share stand in one cell."""
    for name, words in sheet.columns.items():
        row = next((at for at, text in enumerate(words) if _BOTH.fullmatch(text) and text[0] in "0123456789*<"), None)
        if row is not None:
            raise TableError(
                f"{sheet.place(row)}, column {name!r}: a count and its share stand in one cell, {words[row]!r}. Put "
                "the shares into a column of their own, named with a %; leaving them out makes the attack weaker."
            )


def check_one_block(sheet: Sheet) -> None:
    """Raises TableError where headings part a table into blocks, each of which counts the same people another way."""
    first, *others = sheet.columns.values()
    bare = [row for row, label in enumerate(first) if label and not any(words[row] for words in others)]
    reads = (printed(text) for words in others for text in words if text)
    full = any(each is not None and each.persons < 0 for each in reads)
    if full and len(bare) > 1 and bare[-1] < len(first) - 1:
        named = _listed([first[row] for row in bare])
        raise TableError(
            f"{sheet.name}: {named} stand alone in their lines, as headings of blocks do. Make each block a file of "
            "its own, with the line of totals, and attack them together: ./upwell attack age.csv race.csv"
        )


def _read(sheet: Sheet, column: str, row: int, layout: Layout) -> Printed:
    found = _printed(sheet.columns[column][row], layout)
    if found is None:
        raise _strange(sheet, column, row)
    return found


def _wide(sheet: Sheet, layout: Layout) -> Published:
    first, *names = sheet.columns
    said = [f"{sheet.name}: read as rows by columns, {first!r} down the side (--count and --by read it as a list)."]
    lines = []
    for row, label in enumerate(sheet.columns[first]):
        for name in names:
            values = tuple(None if _is_total(each, layout) else each for each in (label, name))
            lines.append(Line(values, _read(sheet, name, row, layout), sheet.place(row)))
    return _with_totals(Published(sheet.name, (first, "column"), tuple(lines), (), tuple(said)))


def _adds_up(table: Published, axis: int, label: str | None) -> bool:
    """Whether a label's counts are the sums of all others wherever all are printed, at least once."""
    others: dict[tuple[Values, str], list[int]] = {}
    totals: dict[tuple[Values, str], int] = {}
    for line in table.lines:
        across = (line.values[:axis] + line.values[axis + 1 :], line.answer)
        if line.values[axis] == label:
            totals[across] = line.printed.persons
        else:
            others.setdefault(across, []).append(line.printed.persons)
    whole = [key for key, each in others.items() if len(each) > 1 and min(each) >= 0 and totals.get(key, -1) >= 0]
    return bool(whole) and all(sum(others[key]) == totals[key] for key in whole)


def _as_total(table: Published, axis: int, label: str | None) -> Published:
    def told(values: Values) -> Values:
        return tuple(None if at == axis and each == label else each for at, each in enumerate(values))

    return replace(table, lines=tuple(replace(line, values=told(line.values)) for line in table.lines))


def _checked(table: Published) -> Published:
    """Every combination once. Raises TableError where two lines say different things of the same people."""
    seen: dict[tuple[Values, str], Line] = {}
    for line in table.lines:
        before = seen.setdefault((line.values, line.answer), line)
        if before is not line and before.printed != line.printed:
            raise TableError(
                f"{line.place}: the same combination as {before.place.rpartition(', ')[2]}, with another count. If a "
                "column tells them apart, name it with --by; if it marks totals, say --total WORD."
            )
    marks = [mark for mark in table.marks if mark]
    if len(marks) > 1 and (dash := next((mark for mark in marks if mark in DASHES), "")):
        raise TableError(
            f"{table.name}: {dash!r} and {next(m for m in marks if m != dash)!r} both stand in the counts. Say what "
            f"the dash means: --hidden={dash} where something is withheld, --zero={dash} where nobody is counted."
        )
    return replace(table, lines=tuple(seen.values()), said=(*table.said, *_marks_said(table)))


def _marks_said(table: Published) -> Iterable[str]:
    for mark in table.marks:
        example = next(line.printed for line in table.lines if line.printed.mark == mark and line.printed.persons < 0)
        words = repr(mark) if mark else "a blank cell"
        known = f", {example.least} to {example.most}" if example.most >= 0 else ""
        yield f"{table.name}: {words} marks what is withheld{known}."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LIST_ENDS} more" if len(names) > _LIST_ENDS else ""
    return ", ".join(repr(name) for name in names[:_LIST_ENDS]) + more
