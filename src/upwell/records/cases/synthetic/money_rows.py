"""IncomeBenefits.csv: income, benefits and insurance at entry, once a year, and at exit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from upwell.records.cases.synthetic.chances import Numbers, Table
from upwell.records.cases.synthetic.lines import Cell, day, key, money, number
from upwell.records.cases.synthetic.made import County, audit
from upwell.records.cases.synthetic.means import BENEFITS, HELD, SOURCES


def money_cells(county: County, records: Table, at: slice) -> Mapping[str, Cell]:
    """Cells for a block of records: stay, day, stage (1 entry, 5 annual, 3 exit)."""
    rows = {name: values[at] for name, values in records.items()}
    stays = {name: values[rows["stay"]] for name, values in county.stays.items() if name in _USED}
    first = rows["stage"] == 1
    cells: dict[str, Cell] = {
        "IncomeBenefitsID": key("I", np.arange(at.start, at.stop)),
        **county.of_stay(rows["stay"]),
        "InformationDate": day(rows["day"]),
        "DataCollectionStage": number(rows["stage"]),
        **_income(stays, first, rows["stage"] == 5),
        **_benefits(stays, first),
    }
    return cells | audit(rows["day"])


_USED = frozenset(
    (
        "income_said",
        "income_later_said",
        "source_entry",
        "source_later",
        "dollars_entry",
        "dollars_later",
        "held_entry",
        "held_later",
        "insurance_said",
        "later_known",
        "reason",
    )
)


def _income(stays: Table, first: Numbers, annual: Numbers) -> dict[str, Cell]:
    """The annual record repeats what was so at entry: income changes when people leave."""
    as_entry = first | annual
    said = np.where(as_entry, stays["income_said"], stays["income_later_said"])
    source = np.where(as_entry, stays["source_entry"], stays["source_later"])
    dollars = np.where(as_entry, stays["dollars_entry"], stays["dollars_later"])
    no = np.where(said <= 1, 0, -1)
    cells: dict[str, Cell] = {
        "IncomeFromAnySource": number(said),
        "TotalMonthlyIncome": money(np.where(said == 0, 0, dollars)),
    }
    for index, name in enumerate(SOURCES):
        here = source == index
        cells[name] = number(np.where(here, 1, no))
        cells[name.replace("Source", "") + "Amount"] = money(np.where(here, dollars, -1))
    return cells


def _benefits(stays: Table, first: Numbers) -> dict[str, Cell]:
    held = np.where(first, stays["held_entry"], stays["held_later"])
    known = np.where(first, stays["insurance_said"] <= 1, stays["later_known"] == 1)
    unknown = np.where(stays["insurance_said"] > 1, stays["insurance_said"], 99)
    non_cash = (held & ((1 << len(BENEFITS)) - 1)) > 0
    insured = held >> len(BENEFITS) > 0
    cells: dict[str, Cell] = {
        "BenefitsFromAnySource": number(np.where(known, non_cash, unknown)),
        "InsuranceFromAnySource": number(np.where(known, insured, unknown)),
        "NoMedicaidReason": number(np.where(known & ~insured, stays["reason"], -1)),
    }
    for bit, name in enumerate(HELD):
        cells[name] = number(np.where(known, held >> bit & 1, -1))
    return cells
