"""Who was served in the period, by the Annual Performance Report's questions 5a and 8a, over the whole export.

Each person counts by the last stay with a day in the period: age on the later of that stay's entry and the period's
first day. A leaver has no stay open at the period's end; an exit after the end leaves the stay open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from upwell.records.cases.table import Served

LAST_STAYS = """
SELECT person, arg_max(episode, latest) AS episode, arg_max(coalesce(age_in_period, -1), latest) AS age,
       arg_max(coalesce(veteran, 99), latest) AS veteran, arg_max(coalesce(relationship, 99), latest) AS relationship,
       bool_and(ended) AS ended
FROM (SELECT *, (entry - DATE '1800-01-01')::BIGINT * 4294967296 + episode AS latest,
             coalesce(exit <= $until, false) AS ended
      FROM episode WHERE entry <= $until AND coalesce(exit >= $since, true))
GROUP BY person ORDER BY person
"""


def served(engine: DuckDBPyConnection, period: tuple[date, date], codes: Mapping[str, NDArray[np.uint8]]) -> Served:
    """Persons and households served, and each person's codes at the last stay. codes: one a stay, in episode order."""
    found = engine.execute(LAST_STAYS, {"since": period[0], "until": period[1]}).fetchnumpy()
    last = {name: np.ma.getdata(values) for name, values in found.items()}
    adult, child = last["age"] >= 18, (last["age"] >= 0) & (last["age"] < 18)
    left = last["ended"].astype(np.bool_)
    return Served(
        persons_served=len(left),
        adults=int(adult.sum()),
        children=int(child.sum()),
        age_unknown=int((~adult & ~child).sum()),
        leavers=int(left.sum()),
        stayers=int((~left).sum()),
        veterans=int((adult & (last["veteran"] == 1)).sum()),
        households=int((last["relationship"] == 1).sum()),
        person=last["person"].astype(np.int64),
        codes={name: values[last["episode"]] for name, values in codes.items()},
    )
