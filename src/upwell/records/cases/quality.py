"""The quality report for the case team: a page, rows for a CSV, JSON. It names lines of the source, never values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources

import jinja2

from upwell.records.cases.problems import Completeness, Fired, Quality
from upwell.records.cases.rules import RULES, Rule
from upwell.records.cases.table import Served

NOT_TO_SEND = "CASE TEAM ONLY, DO NOT SEND"
PLACES_SHOWN = 10  # lines named on the page for each rule, file and column; quality.csv has them all
CLASSES = ("read", "used", "repaired", "superseded", "quarantined", "deleted")
PERSONS = ("persons_served", "adults", "children", "age_unknown", "leavers", "stayers", "veterans")


def as_json(quality: Quality, served: Served) -> dict[str, object]:
    """What `check --json` prints: format, period, files, rules, persons, households, and nothing else."""
    return {
        "format": quality.format,
        "period": [day.isoformat() for day in quality.period],
        "files": {file: {each: asdict(account)[each] for each in CLASSES} for file, account in quality.files.items()},
        "rules": quality.rules(),
        "persons": {each: int(getattr(served, each)) for each in PERSONS},
        "households": int(served.households),
    }


def rows(quality: Quality) -> Iterator[Fired]:
    """Every place where a rule fired (file, line, column, rule), streamed, in the order of the files' lines."""
    return iter(quality.located)


@dataclass(frozen=True)
class _Place:
    file: str
    column: str
    times: int
    lines: str


@dataclass(frozen=True)
class _Broken:
    rule: Rule
    times: int
    places: tuple[_Place, ...]


def page(quality: Quality, *, unanswerable: Mapping[str, str] | None = None) -> bytes:
    """The report as one self-contained HTML page.

    unanswerable: question -> one sentence why this export cannot answer it.
    """
    files: dict[str, list[Completeness]] = {}
    for each in quality.completeness:
        if quality.files.get(f"{each.file}.csv"):
            files.setdefault(f"{each.file}.csv", []).append(each)
    text = resources.files(__package__).joinpath("quality.html").read_text("utf-8")
    template = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
    html = template.render(
        quality=quality,
        classes=CLASSES,
        broken=_broken(quality),
        completeness={file: columns for file, columns in files.items() if quality.files[file].read},
        unanswerable=unanswerable or {},
        not_to_send=NOT_TO_SEND,
        places_shown=PLACES_SHOWN,
    )
    return html.encode()


def _broken(quality: Quality) -> list[_Broken]:
    """The rules that fired, the gravest and most frequent first, each with where."""
    lines: dict[tuple[str, str, str], list[int]] = {}
    for fired in quality.located.sample(PLACES_SHOWN):
        lines.setdefault((fired.rule, fired.file, fired.column), []).append(fired.line)
    order = {"error": 0, "warning": 1, "note": 2}
    found = []
    for name, times in quality.rules().items():
        places = tuple(
            _Place(file, column, each, _named(lines.get((rule, file, column), []), each))
            for (rule, file, column), each in quality.times.items()
            if rule == name
        )
        found.append(_Broken(RULES[name], times, places))
    return sorted(found, key=lambda each: (order[each.rule.severity], -each.times, each.rule.name))


def _named(lines: list[int], times: int) -> str:
    """The lines as words; line 0 is the file as a whole."""
    if not any(lines):
        return "the whole file"
    more = f" and {times - len(lines):,} more" if times > len(lines) else ""
    return ", ".join(str(line) for line in lines) + more
