"""False alarms where nothing is to be found, through the analyst's door: known and fitted expectations, dependence."""

from __future__ import annotations

from dataclasses import replace
from math import comb

from bench.parts import said
from bench.rows import Options, Row
from bench.scan.asked import ASKED
from upwell.library import find_patterns
from upwell.records.cases.synthetic.rows import ATTRIBUTES, NAMES, Recipe, Rows, rows

ORDERED = tuple(each.name for each in ATTRIBUTES if each.ordered)
ALPHA = 0.05
AIM = {200: 17}  # files -> most alarms, where the aim itself says so; of other numbers the 99 % limit
KINDS = {
    "known expectation, independent": Recipe(1, 1),
    "known expectation, 4 rows a person, by index episodes": Recipe(1, 1, repeats=4),
    "known expectation, programmes that differ (sd 0.3)": Recipe(1, 1, spread=0.3),
    "fitted baseline": Recipe(1, 1),
}


def run(options: Options) -> list[Row]:
    """A row a kind."""
    many, told = ASKED.size("NULLS"), []
    for kind, usual in KINDS.items():
        alarms = 0
        for number in range(many):
            recipe = replace(usual, persons=ASKED.size("NULL_ROWS"), seed=options.seed + 1000 + number)
            alarms += alarm(rows(recipe), recipe, fitted=kind.startswith("fitted"))
        said(f"{kind}: {alarms} of {many}")
        most = AIM.get(many, limit(many))
        aim = f"{kind}, {ASKED.size('NULL_ROWS'):,} persons: claimed at 5 %"
        few = "" if many >= 200 else "; fewer files than asked"
        told.append(Row(aim, "at most 17 of 200", f"{alarms} of {many}{few}", alarms <= most and not few))
    return told


def alarm(records: Rows, recipe: Recipe, *, fitted: bool, seed: int = 1) -> bool:
    """Whether anything is claimed at 5 % among some records, by the door a user goes through."""
    source = {name: codes for name, codes in zip(NAMES, records.codes, strict=True)}
    source |= {"said yes": records.yes}
    source |= {} if fitted else {"expected": records.expected}
    source |= {"who": records.person} if recipe.repeats > 1 else {}
    found = find_patterns(
        source,
        "said yes",
        ordered=ORDERED,
        expected=None if fitted else "expected",
        person="who" if recipe.repeats > 1 else None,
        programme="programme" if recipe.spread else None,
        findings=1,
        seed=seed,
    )
    return any(each.p is not None and each.p <= ALPHA for each in found.findings)


def limit(many: int, chance: float = ALPHA) -> int:
    """Upper 99 % limit of a binomial count."""
    below = 0.0
    for count in range(many + 1):
        below += comb(many, count) * chance**count * (1 - chance) ** (many - count)
        if below >= 0.99:
            return count
    return many
