"""The quality report: exactly what the JSON holds, what the page says, and that no value is in either."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from factories.hmis_files import Files
from upwell.records.cases import quality
from upwell.records.cases.problems import AccountingError, Completeness, FileAccount, Fired, Listed, Quality
from upwell.records.cases.rules import RULES
from upwell.records.cases.table import Served

SERVED = Served(7, 5, 1, 1, 4, 3, 2, 6, np.arange(7), {})


def small(fired: tuple[Fired, ...] = ()) -> Quality:
    times: dict[tuple[str, str, str], int] = {}
    for each in fired:
        times[(each.rule, each.file, each.column)] = times.get((each.rule, each.file, each.column), 0) + 1
    return Quality(
        format="FY2024",
        period=(date(2023, 10, 1), date(2024, 9, 30)),
        files={"Client.csv": FileAccount(10, used=6, repaired=1, superseded=1, quarantined=1, deleted=1)},
        times=times,
        completeness=(Completeness("Client", "VeteranStatus", 5, 1, 1, 0, 0),),
        located=Listed(fired),
    )


def test_the_json_has_exactly_the_promised_keys() -> None:
    answer = quality.as_json(small((Fired("key-missing", "Client.csv", 4),)), SERVED)

    assert json.loads(json.dumps(answer)) == {
        "format": "FY2024",
        "period": ["2023-10-01", "2024-09-30"],
        "files": {
            "Client.csv": {"read": 10, "used": 6, "repaired": 1, "superseded": 1, "quarantined": 1, "deleted": 1}
        },
        "rules": {"key-missing": 1},
        "persons": {
            "persons_served": 7,
            "adults": 5,
            "children": 1,
            "age_unknown": 1,
            "leavers": 4,
            "stayers": 3,
            "veterans": 2,
        },
        "households": 6,
    }


def test_an_account_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(AccountingError):
        FileAccount(10, used=9)
    with pytest.raises(AccountingError):
        FileAccount(10, used=11, repaired=-1)


def test_notes_alone_leave_an_export_clean() -> None:
    assert small((Fired("row-deleted", "Client.csv", 3),)).clean
    assert not small((Fired("orphan", "Client.csv", 3),)).clean


def test_the_page_says_whom_it_is_for_and_why_each_rule_fired() -> None:
    fired = tuple(Fired("orphan", "Exit.csv", line) for line in range(2, 40))

    page = quality.page(small(fired), unanswerable={"jail": "Nobody was asked."}).decode()

    assert page.count("CASE TEAM ONLY, DO NOT SEND") >= 2
    assert RULES["orphan"].reason in page
    assert "2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 28 more" in page
    assert "Nobody was asked." in page


class _Outside(HTMLParser):
    """Collects what a page would fetch, and tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing() -> None:
    parser = _Outside()

    parser.feed(quality.page(small((Fired("file-missing", "Exit.csv", 0),))).decode())

    assert parser.fetched == []
    assert parser.open == []


def test_rows_come_by_file_and_line_and_name_no_value(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2", DOB="13/13/1313", VeteranStatus="77")
    files.add("Exit", ExitID="T9", EnrollmentID="Quackenbush")

    loaded = files.load(tmp_path)

    rows = list(quality.rows(loaded.quality))
    assert [(row.file, row.line, row.column, row.rule) for row in rows] == [
        ("Client.csv", 3, "DOB", "date-unreadable"),
        ("Client.csv", 3, "VeteranStatus", "code-outside-list"),
        ("Exit.csv", 3, "", "orphan"),
    ]
    text = str(rows) + quality.page(loaded.quality).decode()
    assert not any(value in text for value in ("13/13", "77", "Quackenbush", "Wilhelmina", "911223344"))


def test_completeness_tells_the_four_kinds_of_missing_apart(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    for number, answer in enumerate(("0", "1", "8", "9", "99", "")):
        files.add("HealthAndDV", HealthAndDVID=f"V{number}", DomesticViolenceSurvivor=answer)

    found = {(each.file, each.column): each for each in files.load(tmp_path).quality.completeness}

    asked = found[("HealthAndDV", "DomesticViolenceSurvivor")]
    assert (asked.answered, asked.refused_or_unknown, asked.not_collected, asked.not_asked) == (2, 2, 1, 1)
    follow_up = found[("HealthAndDV", "WhenOccurred")]
    assert (follow_up.not_asked, follow_up.not_applicable) == (1, 5)
    assert found[("HealthAndDV", "LifeValue")].not_collected == 6


def test_every_rule_says_why_in_a_sentence() -> None:
    for rule in RULES.values():
        assert rule.reason.endswith(".")
        assert rule.severity in ("note", "warning", "error")
        assert rule.effect in ("flag", "repair", "supersede", "quarantine", "delete")
