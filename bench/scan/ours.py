"""Run as a process of its own: our search of a Parquet file, or one bare pass of DuckDB over it.

Arguments: file, where the answer goes, what to do: "bound" (description length and p), "tables" (load and fill alone),
"pass" (bare pass), or "any set" with the penalty behind it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

START = time.process_time()


def searched(path: str, penalty: float | None) -> dict[str, object]:
    """What was found, with processor seconds of each part."""
    import numpy as np  # noqa: PLC0415 - its start-up is counted

    from upwell.evidence.scan.climbing.score import any_set, code, exact_score  # noqa: PLC0415 - the same
    from upwell.evidence.scan.climbing.subset import Scan  # noqa: PLC0415 - the same
    from upwell.evidence.scan.surely import ladder  # noqa: PLC0415 - the same

    begun = time.process_time()
    rows, people = _loaded(path)
    loaded = time.process_time()
    values, ordered = [int(size) - 1 for size in people.sizes], [bool(each) for each in people.ordered]
    if penalty is None:
        scan = Scan(people, code(values, ordered, searches=1), 11)
        found = ladder.known(scan, rows.yes, rows.expected, None, searches=1, seed=1)
        best, p = found.best, found.p
    else:
        scan = Scan(people, any_set(values, [False] * len(values), per_value=penalty), 1)
        best, p = scan.best(rows.yes, rows.expected), None
        if best is not None and best.score < exact_score(rows.yes, rows.expected.astype(np.float64))[0]:
            best = None  # no restriction is worth its price: that is no finding of ours, and aif360 answers "everybody"
    ended = time.process_time()
    subset = {} if best is None else _subset(rows, best.allowed)
    score = None if best is None else float(np.float64(best.score))
    return {"subset": subset, "score": score, "p": p, "start": begun, "load": loaded - begun, "work": ended - loaded}


def tables(path: str) -> dict[str, object]:
    """Processor seconds of filling all tables from loaded rows, machine code already read."""
    import numpy as np  # noqa: PLC0415 - its start-up is counted

    from upwell.evidence.tables import outcome_tables  # noqa: PLC0415 - the same

    begun = time.process_time()
    rows, people = _loaded(path)
    loaded = time.process_time()
    outcome_tables(people, np.asarray(rows.yes), rows.expected)
    return {"start": begun, "load": loaded - begun, "work": time.process_time() - loaded}


def bare(path: str) -> dict[str, object]:
    """One pass that reads every column once."""
    import duckdb  # noqa: PLC0415 - its start-up is counted

    begun = time.process_time()
    with duckdb.connect(config={"threads": 2}) as database:
        named = database.execute(f"SELECT * FROM read_parquet('{path}') LIMIT 0").description or []
        texts = [each[0] for each in named if each[0] not in ("yes", "expected")]
        sums = ", ".join([*(f"sum(strlen({name}))" for name in texts), "sum(yes::INT)", "sum(expected)"])
        database.execute(f"SELECT {sums} FROM read_parquet('{path}')").fetchall()
    return {"start": begun, "load": 0.0, "work": time.process_time() - begun}


def _loaded(path):  # type: ignore[no-untyped-def]  # of Rows and Frame, which are imported late
    from itertools import combinations  # noqa: PLC0415 - its start-up is counted

    import numpy as np  # noqa: PLC0415 - the same

    from upwell.evidence.engine.packing import Wanted, pack  # noqa: PLC0415 - the same
    from upwell.evidence.tables import Frame  # noqa: PLC0415 - the same
    from upwell.records.cases.synthetic.rows import ATTRIBUTES  # noqa: PLC0415 - the same

    rows = pack(path, Wanted((), yes="yes", expected="expected"))
    ordered = {each.name for each in ATTRIBUTES if each.ordered}
    sizes = np.array([len(values) + 1 for values in rows.values], dtype=np.int64)
    triples = np.array(list(combinations(range(len(sizes)), 3)), dtype=np.int64)
    return rows, Frame(rows.codes, sizes, np.array([name in ordered for name in rows.attributes]), triples)


def _subset(rows, allowed):  # type: ignore[no-untyped-def]  # of Rows, which is imported late
    from bench.scan.files import code_of  # noqa: PLC0415 - needed after the measured part

    restricted = [
        (name, values, allowed[j]) for j, (name, values) in enumerate(zip(rows.attributes, rows.values, strict=True))
    ]
    return {
        name: [code_of(value) for at, value in enumerate(values) if mask[at]]
        for name, values, mask in restricted
        if not mask[: len(values)].all()
    }


def main(path: str, to: str, kind: str, penalty: str = "") -> None:
    """Do it and write it down."""
    works = {"tables": tables, "pass": bare}
    told = works[kind](path) if kind in works else searched(path, float(penalty) if kind == "any set" else None)
    Path(to).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
