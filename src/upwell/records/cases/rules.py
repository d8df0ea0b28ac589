"""Every rule the readers of cases apply, on one page: its name, how serious it is, what it does, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "warning", "error"]
Effect = Literal["flag", "repair", "supersede", "quarantine", "delete"]


@dataclass(frozen=True)
class Rule:
    """severity: note tells, warning asks for a look, error costs rows or answers. effect: what became of the row."""

    name: str
    severity: Severity
    effect: Effect
    reason: str


_ALL = (
    # The file as a whole.
    Rule("file-missing", "warning", "flag", "The export lacks this file, so questions that need it cannot be answered."),
    Rule("file-unknown", "note", "flag", "The standard has no file of this name, so it was not opened."),
    Rule("file-name-case", "note", "flag", "The file's name is written in other letter case than the standard's."),
    Rule("file-twice", "warning", "flag", "Two files have the same name but for letter case; the one written as the standard has it was read."),
    Rule("file-unreadable", "error", "flag", "The file is damaged inside the zip and could not be unpacked."),
    Rule("file-empty", "note", "flag", "The file has not even a header."),
    Rule("header-missing", "error", "flag", "The first line names no column the standard knows, so no row of the file can be understood."),
    Rule("decode-fallback", "warning", "flag", "The file is not UTF-8; it was read as Windows-1252."),
    Rule("column-unknown", "note", "flag", "The standard has no column of this name, so it was left out."),
    Rule("column-missing", "warning", "flag", "The version of this export has the column but the file does not."),
    Rule("column-renamed", "note", "flag", "The column has an older, newer or differently written name and was read under its own."),
    Rule("column-other-version", "note", "flag", "The column belongs to another version of the standard than the export names."),
    Rule("column-twice", "warning", "flag", "The column stands in the header twice; the first was read."),
    Rule("export-rows", "warning", "flag", "Export.csv should have one row; the widest period of its rows was taken."),
    Rule("period-unknown", "error", "flag", "The export does not say its period; first and last date in the records stand in."),
    Rule("version-unknown", "warning", "flag", "The export does not name its version; the columns present decided."),
    Rule("identity-hash", "note", "flag", "Names or numbers do not look as HashStatus says, or are the same for many; they are never matched on."),
    # The row.
    Rule("row-too-wide", "error", "quarantine", "The row has more cells than the header, so no cell can be trusted to be in its column."),
    Rule("row-too-short", "error", "quarantine", "The row has fewer cells than the header, so no cell can be trusted to be in its column."),
    Rule("row-unquoted", "warning", "repair", "A quotation mark without its partner had swallowed following lines; each line was read by itself."),
    Rule("row-superseded", "warning", "supersede", "A later update of the same key is in the file; the latest one decides."),
    Rule("row-deleted", "note", "delete", "The source marked the row as deleted."),
    Rule("key-missing", "error", "quarantine", "The row has no key, so it cannot be told from others."),
    Rule("orphan", "error", "quarantine", "The row belongs to a parent that is not in the export."),
    Rule("parent-deleted", "note", "quarantine", "The row belongs to a parent that its source marked as deleted."),
    Rule("parent-quarantined", "warning", "quarantine", "The row belongs to a parent that was set aside."),
    Rule("victim-service-provider", "error", "quarantine", "Records of victim service providers may not be analysed with others; see the federal confidentiality rules."),
    Rule("person-differs", "warning", "flag", "The row names another person than its enrollment does; the enrollment's was taken."),
    Rule("own-date-missing", "error", "quarantine", "Without its date the row cannot be placed in time."),
    Rule("own-date-unreadable", "error", "quarantine", "The row's date is not in a readable or declared order; it was not guessed."),
    Rule("deletion-unreadable", "error", "quarantine", "DateDeleted cannot be read, so whether the row stands cannot be told."),
    # The cell.
    Rule("stray-characters", "note", "repair", "Blanks, no-break spaces or invisible characters around a value were removed."),
    Rule("integer-unreadable", "warning", "repair", "The value should be a whole number and is not; it counts as not asked."),
    Rule("money-unreadable", "warning", "repair", "The value should be an amount and is not; it counts as not asked."),
    Rule("money-marks", "note", "repair", "Currency signs or thousands separators in an amount were removed."),
    Rule("money-negative", "warning", "flag", "The amount is below zero where that cannot be."),
    Rule("date-unreadable", "warning", "repair", "The date is not in a readable or declared order; it was left blank, not guessed. If the source writes day or month first, say so with --dates."),
    Rule("date-other-order", "note", "repair", "The date was read in the order declared for this source."),
    Rule("date-two-digit-year", "note", "repair", "The date has a two-digit year and was read as 20xx, in the order declared for this source."),
    Rule("date-with-time", "note", "repair", "A time of day stood where only a date belongs and was dropped."),
    Rule("time-without-clock", "note", "repair", "A date stood where date and time belong and was read as midnight."),
    Rule("code-outside-list", "warning", "flag", "The code is not in the column's list for this version; the value counts as unknown."),
    Rule("code-not-here", "warning", "flag", "The code is in the list but not allowed in this column; it was kept."),
    Rule("answer-missing", "warning", "flag", "The column may not be blank in this version."),
    Rule("answer-unasked", "note", "flag", "The column is filled although the answer it depends on says it does not apply."),
    # The stay and the person.
    Rule("exit-before-entry", "warning", "flag", "The stay ends before it begins; it is left out of durations."),
    Rule("exit-twice", "warning", "flag", "The enrollment has more than one exit; the latest date was kept for durations."),
    Rule("move-in-outside-stay", "warning", "flag", "The move-in date lies outside the stay; the stay is left out of durations."),
    Rule("birth-after-entry", "warning", "flag", "The birth date is after the entry; the age is unknown."),
    Rule("age-over-100", "warning", "flag", "The age at entry is over 100; check the birth date."),
    Rule("date-in-future", "warning", "flag", "The date is after the export was made; the stay is left out of durations."),
    Rule("date-before-1900", "warning", "flag", "The date is before 1900; it is left out of durations."),
    Rule("stays-overlap", "warning", "flag", "The person is in two lodging projects in the same night."),
    Rule("stay-twice", "warning", "flag", "Same person, project and entry date as another enrollment."),
    Rule("household-blank", "warning", "flag", "The enrollment has no household; the person counts as a household of one."),
    Rule("household-no-head", "warning", "flag", "Nobody in the household is marked as its head."),
    Rule("household-two-heads", "warning", "flag", "More than one person in the household is marked as its head."),
    Rule("coc-blank", "note", "flag", "The enrollment names no Continuum of Care; its place comes from the project, if that has only one."),
    Rule("coc-not-project", "warning", "flag", "The enrollment's Continuum of Care is not among its project's."),
    Rule("tracking-method-unknown", "warning", "flag", "An emergency shelter does not say how it counts nights; it was left as it was."),
    Rule("income-total-differs", "warning", "flag", "Total monthly income differs from the sum of its parts; neither was changed."),
    Rule("income-without-source", "warning", "flag", "Income is answered yes and no source is marked."),
    Rule("benefits-without-source", "warning", "flag", "Benefits are answered yes and none is marked."),
    Rule("insurance-without-source", "warning", "flag", "Insurance is answered yes and none is marked."),
    Rule("test-client", "warning", "flag", "The record looks like a test client."),
    # The column as a whole.
    Rule("column-constant", "warning", "flag", "The column has one and the same answer throughout, so it carries no information."),
    Rule("column-evenly-spread", "warning", "flag", "The answers are evenly spread over the codes, as random codes are."),
)

RULES = {rule.name: rule for rule in _ALL}
