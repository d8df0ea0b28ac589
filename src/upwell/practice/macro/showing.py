"""Figures as pages show them: shares, intervals and trends from released numbers alone, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from upwell.evidence.brief.intervals import wilson
from upwell.practice.bridge.models import MeasureResult
from upwell.practice.bridge.queries import FigureShown, RadarRow, StageStep, Thread
from upwell.practice.macro import pictures

TREND_WORDS: dict[str, str | Promise] = {
    "growing": _("Growing"),
    "level": _("Level"),
    "shrinking": _("Shrinking"),
    "cannot tell": _("We cannot tell whether it grows"),
}
VERDICT_WORDS: dict[str, str | Promise] = {
    "fell": _("It fell"),
    "rose": _("It rose"),
    "no clear change": _("No clear change"),
    "cannot tell": _("We cannot tell"),
}
GROUP_LABELS: dict[str, str | Promise] = {"inside": _("This group"), "everyone else": _("Everyone else")}
"""What the two rows of a finding's table are called on a page."""

PICTURED = 12
"""Issues that the radar's picture holds; the table holds all."""

TITLE = 34
"""Letters of a title that fit into a picture beside its number; the table holds the whole title."""


@dataclass(frozen=True)
class Sized:
    """A figure ready to show: shares and interval in whole percent, trend in words. known: a number may be shown."""

    of: FigureShown | None
    known: bool
    with_trouble: int = 0
    people: int = 0
    percent: int = 0
    low: int = 0
    high: int = 0
    expected: int | None = None
    trend: str | Promise = TREND_WORDS["cannot tell"]


@dataclass(frozen=True)
class RadarShown:
    """A row of the radar with its number ready to show."""

    row: RadarRow
    size: Sized


@dataclass(frozen=True)
class CellRow:
    """A row of a released table as it is printed: None is withheld. here: the row of the figure."""

    label: str
    persons: int | None
    yes: int | None
    percent: int | None
    here: bool


@dataclass(frozen=True)
class Evidence:
    """A figure with its picture and the released table behind it. withheld: how many rows are, in words.

    period: first and last day of the records; None where the release cannot be trusted.
    """

    shown: FigureShown
    size: Sized
    picture: SafeString
    rows: tuple[CellRow, ...]
    withheld: str
    period: tuple[date, date] | None
    made_on: date | None


@dataclass(frozen=True)
class MeasureRow:
    """One share of a measure's answer. of_group: of the group itself, not of whom it is compared with.

    percent: None is withheld.
    """

    words: str
    of_group: bool
    yes: int | None
    persons: int | None
    percent: int | None


def size_of(shown: FigureShown | None) -> Sized:
    """The number of a figure; not known where there is none, or where its release cannot be trusted."""
    if shown is None or not shown.trusted or not shown.figure.people:
        return Sized(of=shown, known=False)
    figure = shown.figure
    low, high = wilson(figure.with_trouble, figure.people)
    return Sized(
        of=shown,
        known=True,
        with_trouble=figure.with_trouble,
        people=figure.people,
        percent=_whole(shown.share),
        low=_whole(low),
        high=_whole(high),
        expected=None if figure.expected_share is None else _whole(figure.expected_share),
        trend=TREND_WORDS.get(figure.trend, TREND_WORDS["cannot tell"]),
    )


def sized(row: RadarRow) -> RadarShown:
    """A row of the radar with its number."""
    return RadarShown(row=row, size=size_of(row.shown))


def radar_picture(rows: Sequence[RadarShown], alt: str) -> SafeString:
    """The first rows of the radar as dots, largest excess on top. The table under it holds the same numbers."""
    return pictures.dots(
        [_dot(each.row.statement.title, each.size) for each in rows if each.size.known][:PICTURED],
        alt,
    )


def figure_picture(size: Sized, words: str) -> SafeString:
    """One figure as a dot, with what was expected as a dashed line."""
    if not size.known:
        return SafeString("")
    alt = gettext("{percent} percent, interval {low} to {high} percent").format(
        percent=size.percent, low=size.low, high=size.high
    )
    return pictures.dots([_dot(words, size)], alt)


def stage_picture(steps: Sequence[StageStep]) -> SafeString:
    """The line of stages; the list under it says the same."""
    at = next(number for number, step in enumerate(steps) if step.is_now)
    been = [number for number, step in enumerate(steps) if step.since and not step.is_now]
    alt = gettext("Stage {number} of {all}: {words}").format(number=at + 1, all=len(steps), words=steps[at].words)
    return pictures.stages(len(steps), at, been, alt)


def cells(shown: FigureShown) -> list[CellRow]:
    """The rows of the released table behind a figure; [] when its release cannot be trusted."""
    if shown.table is None:
        return []
    return [
        CellRow(
            label=str(GROUP_LABELS.get(row.label, row.label)) if shown.table.kind == "finding" else row.label,
            persons=row.persons,
            yes=row.yes,
            percent=_whole(row.yes / row.persons) if row.yes is not None and row.persons else None,
            here=number == shown.figure.row,
        )
        for number, row in enumerate(shown.table.rows)
    ]


def withheld_words(rows: Sequence[CellRow], marker: str) -> str:
    """How many rows of a table are withheld and what that means, in words; "" when none is."""
    hidden = sum(row.yes is None or row.persons is None for row in rows)
    if not hidden:
        return ""
    return ngettext("%(rows)d row: %(marker)s.", "%(rows)d rows: %(marker)s.", hidden) % {
        "rows": hidden,
        "marker": marker,
    }


def evidence(shown: FigureShown) -> Evidence:
    """A figure and everything that stands behind it."""
    size, rows = size_of(shown), cells(shown)
    return Evidence(
        shown=shown,
        size=size,
        picture=figure_picture(size, gettext("Of those asked")),
        rows=tuple(rows),
        withheld=withheld_words(rows, shown.marker),
        period=(_day(shown.period[0]), _day(shown.period[1])) if shown.trusted else None,
        made_on=_day(shown.made_on) if shown.trusted else None,
    )


def latest(thread: Thread) -> Sized:
    """The newest number of an issue."""
    return size_of(thread.figures[0] if thread.figures else None)


def measure_rows(result: MeasureResult) -> list[MeasureRow]:
    """The shares of a measure's answer, as far as they may be shown, each with its denominator."""
    groups = {
        "before": _("Before"),
        "after": _("After"),
        "other_before": _("Compared with: before"),
        "other_after": _("Compared with: after"),
    }
    return [
        _measure_row(str(words), not key.startswith("other"), result.figures[key])
        for key, words in groups.items()
        if key in result.figures
    ]


def measure_picture(rows: Sequence[MeasureRow], alt: str) -> SafeString:
    """The shares of a measure's answer as dots; "" where none may be shown."""
    known = [row for row in rows if row.yes is not None and row.persons]
    return pictures.dots([_measured(row) for row in known], alt)


def _measure_row(words: str, of_group: bool, cell: object) -> MeasureRow:
    yes, persons = (cell.get("yes"), cell.get("persons")) if isinstance(cell, dict) else (None, None)
    percent = _whole(yes / persons) if yes is not None and persons else None
    return MeasureRow(words, of_group, yes, persons, percent)


def _measured(row: MeasureRow) -> pictures.Dot:
    yes, persons = row.yes or 0, row.persons or 0
    low, high = wilson(yes, persons)
    words = f"{row.words}: {row.percent}\u00a0% ({yes}/{persons})"
    return pictures.Dot(words, yes / persons, low, high, role="deep" if row.of_group else "stone")


def _dot(words: str, size: Sized) -> pictures.Dot:
    expected = None if size.of is None else size.of.expected_share
    low, high = wilson(size.with_trouble, size.people)
    return pictures.Dot(
        words=f"{Truncator(words).chars(TITLE)}: {size.percent}\u00a0% ({size.with_trouble}/{size.people})",
        share=size.with_trouble / size.people,
        low=low,
        high=high,
        expected=expected,
    )


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def _whole(share: float) -> int:
    return round(100 * share)
