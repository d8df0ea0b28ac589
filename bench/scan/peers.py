"""The other peers, which know no expectation and no value sets: what they cost and find, as far as they go."""

from __future__ import annotations

from bench.parts import said
from bench.peers import AbsentError
from bench.rows import Options, Row
from bench.scan import beside
from bench.scan.asked import ASKED
from bench.scan.files import jaccard, made
from upwell.records.cases.synthetic.rows import Recipe

OTHERS = {
    "pysubgroup, beam search, depth 3": "peer_subgroup.py",
    "mlxtend fpgrowth, rules that end in yes": "peer_miner.py",
}


def run(options: Options) -> list[Row]:
    """A row a peer and size, up to the size at which one does not end in time."""
    rows: list[Row] = []
    stopped: set[str] = set()
    for size in ASKED.sizes("SIZES"):
        file = made(Recipe(size, options.seed, "mixed"), options.work / "others")
        for name, script in OTHERS.items():
            if name not in stopped:
                more = (str(max(550 / size, 0.0005)),) if script == "peer_miner.py" else ()
                try:
                    ran = beside.peer(script, file.path, *more)
                except AbsentError as error:
                    ran = beside.Ran(0.0, 0, failed=str(error))
                said(f"{size:,} {name}: {ran}")
                cost = f"{ran.cpu:.1f} CPU s, {ran.peak / 2**20:,.0f} MiB"
                figure = f"{ran.failed}; {cost}" if ran.failed else f"{cost}, Jaccard {jaccard(file, ran.subset):.2f}"
                rows.append(Row(f"{size:,} records: {name}", "reported", figure, None))
                stopped |= {name} if ran.failed else set()
        file.path.unlink()
    return rows
