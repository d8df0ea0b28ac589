"""The answer to a declared measure, read from the counts of its release that are shown and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from upwell.evidence.disclosure.release import Release
from upwell.practice.bridge.actions import measure_answer
from upwell.practice.bridge.models import Crossed, MeasureRequest, MeasureResult
from upwell.practice.bridge.released import release_of
from upwell.practice.micro.crossing.verdict import Change, Result, Share, judge

COMPARED = "who and when"
BEFORE, AFTER, OTHER_BEFORE, OTHER_AFTER = "before", "after", "compared, before", "compared, after"
"""Rows of the one table that answers a measure."""


def answer_with(request: MeasureRequest, crossed: Crossed, on: date) -> MeasureResult:
    """Answer a measure from the release that crossed for it."""
    change = change_in(release_of(crossed), with_other=bool(request.reference))
    result = judge(change, smallest=request.smallest)
    return measure_answer(
        request=request,
        crossed=crossed,
        verdict=result.verdict,
        words=result.words,
        figures=figures_of(change, result),
        on=on,
    )


def answer_without(request: MeasureRequest, words: str, on: date) -> MeasureResult:
    """Answer a measure that cannot be told: nothing crosses but these words, which hold no count."""
    return measure_answer(request=request, crossed=None, verdict="cannot tell", words=words, figures={}, on=on)


def change_in(release: Release, *, with_other: bool) -> Change:
    """The shares a release shows; withheld ones where it shows none."""
    rows = {row.label: row for table in release.tables if table.column == COMPARED for row in table.rows}

    def share(label: str) -> Share:
        row = rows.get(label)
        return Share(row.yes, row.persons) if row else Share(None, None)

    others = (share(OTHER_BEFORE), share(OTHER_AFTER)) if with_other else (None, None)
    return Change(share(BEFORE), share(AFTER), *others)


def figures_of(change: Change, result: Result) -> dict[str, object]:
    """The shown counts and the change, for the page that tells the result."""
    named: Mapping[str, Share | None] = {
        "before": change.before,
        "after": change.after,
        "other_before": change.other_before,
        "other_after": change.other_after,
    }
    found: dict[str, object] = {name: _plain(each) for name, each in named.items() if each is not None}
    if result.change is not None:
        found["change"] = {name: round(value, 4) for name, value in asdict(result.change).items()}
    return found


def _plain(share: Share) -> dict[str, float | int | None]:
    value = round(share.yes / share.persons, 4) if share.yes is not None and share.persons else None
    return {"yes": share.yes, "persons": share.persons, "share": value}
