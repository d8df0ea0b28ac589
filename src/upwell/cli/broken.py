"""How `upwell attack` says what it found: in the terminal, as a page, as Markdown, as CSV, as JSON."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any  # the answer is JSON with a form of its own

import jinja2

from upwell.cli.output import FORM, RUN
from upwell.cli.pictured import pictures
from upwell.evidence.disclosure.attacking.examine import Examined, Finding

CARE = (
    "What follows is what anybody can work out from the published tables with a pencil or a solver. It may be "
    "somebody's private matter all the same: show it to those who publish the tables, and to nobody else."
)
WIDTH = 100
MOST_SHOWN = 25
"""Counts that the terminal explains; the report holds all."""

ROWS = (
    ("withheld", "withheld counts"),
    ("exact", "follow exactly"),
    ("near", "can be told to two or three values"),
    ("narrowed", "can be narrowed, less closely"),
    ("safe", "stay open"),
)


def as_text(found: Sequence[Examined]) -> str:
    """The account for a terminal."""
    total = totals(found)
    lines = [line for each in found for sentence in each.said for line in _wrapped(sentence)]
    lines += [""] * bool(lines) + [f"{total[key]:>8,}  {words}" for key, words in ROWS]
    if not total["withheld"]:
        return "\n".join([*lines, "", "Nothing is withheld in these tables, so there is nothing to work out."])
    exact = [finding for each in found for finding in each.exact]
    if exact:
        lines += ["", *_wrapped(CARE), ""]
    told: set[str] = set()
    for finding in exact[:MOST_SHOWN]:
        lines += [line for sentence in _told(finding) if sentence not in told for line in _wrapped(sentence)]
        told.update(_told(finding))
    if len(exact) > MOST_SHOWN:
        lines += [f"... and {len(exact) - MOST_SHOWN:,} more: -o FOLDER writes them all."]
    near = [finding for each in found for finding in each.near]
    lines += ["", "Nearly known:"] * bool(near)
    lines += [f"  {each.cell.words}: {_range(each)}" for each in near[:MOST_SHOWN]]
    return "\n".join([*lines, "", *_effort(found)])


def _told(finding: Finding) -> list[str]:
    *before, last = finding.how or (f"{finding.cell.words} is {finding.low}: {_no_proof(finding)}.",)
    return [*before, last]


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, WIDTH, subsequent_indent="  ")


def _no_proof(finding: Finding) -> str:
    if finding.whole:
        return "no other whole number fits; a search through all of them shows it, and is too long to print"
    return "linear programming leaves it no other value; a proof short enough to print was not found"


def _range(finding: Finding) -> str:
    values = [str(each) for each in range(finding.low, finding.high + 1)]
    return " or ".join([", ".join(values[:-1]), values[-1]])


def _effort(found: Sequence[Examined]) -> list[str]:
    programmes = sum(each.effort.programmes for each in found)
    alone = sum(each.effort.alone for each in found)
    left = sum(each.effort.left for each in found)
    words = [
        f"Attacked with arithmetic, {programmes:,} linear programmes for many counts at once, and {alone:,} for single "
        "counts."
    ]
    if left:
        words.append(f"{left:,} more counts would have needed one of their own: the tables are too large for that.")
    return words


def totals(found: Sequence[Examined]) -> dict[str, int]:
    """How many counts are withheld, and how they fared; keys as ROWS."""
    return {
        "withheld": sum(len(each.findings) for each in found),
        "exact": sum(len(each.exact) for each in found),
        "near": sum(len(each.near) for each in found),
        "narrowed": sum(len(each.narrowed) for each in found),
        "safe": sum(each.safe for each in found),
    }


def as_json(found: Sequence[Examined]) -> str:
    """The same for a program."""
    answer: dict[str, Any] = {
        **totals(found),
        "said": [sentence for each in found for sentence in each.said],
        "counts": [_row(finding, each) for each in found for finding in each.findings],
        "effort": {name: sum(getattr(each.effort, name) for each in found) for name in ("programmes", "alone", "left")},
    }
    return json.dumps(answer, indent=1, ensure_ascii=False)


def _row(finding: Finding, of: Examined) -> dict[str, Any]:
    verdict = of.verdict(finding)
    return {
        "table": finding.cell.table,
        "place": finding.cell.place,
        "counts": finding.cell.words,
        "mark": finding.cell.mark,
        "verdict": verdict,
        "least": None if verdict == "open" else finding.low,
        "greatest": None if verdict == "open" else finding.high,
        "how": list(finding.how),
    }


def files(found: Sequence[Examined]) -> dict[str, bytes]:
    """The report: a page, the same as Markdown, and every withheld count as CSV."""
    return {
        "report.html": _page(found).encode(),
        "report.md": _markdown(found).encode(),
        "explained.csv": _table(found).encode(),
    }


def record(written: Mapping[str, bytes]) -> dict[str, bytes]:
    """What tells this folder from somebody's own, so that a later report may replace it."""
    return {RUN: json.dumps({"form": FORM, "files": sorted(written)}).encode()}


def _table(found: Sequence[Examined]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["table", "place", "counts", "mark", "verdict", "least", "greatest", "how"])
    for each in found:
        for finding in each.findings:
            row = _row(finding, each)
            writer.writerow([" ".join(cell) if isinstance(cell, list) else cell for cell in row.values()])
    return file.getvalue()


def _markdown(found: Sequence[Examined]) -> str:
    total = totals(found)
    lines = ["# What can be worked out of these tables", "", CARE, "", "| counts | |", "|---:|---|"]
    lines += [f"| {total[key]:,} | {words} |" for key, words in ROWS]
    for each in found:
        for finding in each.exact:
            lines += ["", *_told(finding)]
        lines += [f"\n{finding.cell.words}: {_range(finding)}" for finding in each.near]
        lines += ["", *(f"* {sentence}" for sentence in each.said)]
    return "\n".join([*lines, "", *_effort(found), ""])


def _page(found: Sequence[Examined]) -> str:
    template = resources.files(__package__).joinpath("attacked.html").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    total = totals(found)
    return environment.from_string(template).render(
        care=CARE,
        rows=[(total[key], words) for key, words in ROWS],
        exact=[_told(finding) for each in found for finding in each.exact],
        near=[(finding.cell.words, _range(finding)) for each in found for finding in each.near],
        said=[sentence for each in found for sentence in each.said],
        effort=_effort(found),
        pictures=[picture for each in found for picture in pictures(each)],
    )
