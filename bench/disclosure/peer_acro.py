"""Run by the peers' interpreter: two-way tables of people.csv with totals, suppression on, as ACRO prints them.

asked.json: pairs of columns. printed.json: one table a pair, row -> column -> count or null; "All" is the total.
"""

import json
import time

import pandas as pd  # type: ignore[import-not-found,import-untyped]  # the peers' environment has it
from acro import ACRO  # type: ignore[import-not-found]

people = pd.read_csv("people.csv", dtype=str)
begun = time.process_time()
with open("acro.yaml", "w") as settings:
    pass
session = ACRO(config="default", suppress=True)
session.sdc_checks.risk_appetite["safe_threshold"] = 11
printed = []
with open("asked.json") as asked:
    for row, column in json.load(asked):
        table = session.crosstab(people[row], people[column], margins=True)
        printed.append(json.loads(table.to_json(orient="index")))
with open("printed.json", "w") as told:
    json.dump({"tables": printed, "cpu": time.process_time() - begun}, told)
