"""Runs of ours and of the peers on one file: each a process of its own, with the system's account of what it cost."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers import Peers
from bench.scan.asked import ASKED
from bench.scan.files import Subset
from bench.spent import spend

HERE = Path(__file__).parent
PEERS = Peers(HERE, "bench-peers-scan", "UPWELL_BENCH_PEERS_SCAN", ("aif360", "pysubgroup", "mlxtend", "pyarrow"))


@dataclass(frozen=True)
class Ran:
    """cpu: seconds, start-up included; apart: without it. peak: bytes. failed: why there is no answer, or "".

    load, work: seconds of reading and of searching. score: as the tool itself tells it. p: where it tells one.
    """

    cpu: float
    peak: int
    apart: float = 0.0
    load: float = 0.0
    work: float = 0.0
    subset: Subset = field(default_factory=dict)
    score: float | None = None
    p: float | None = None
    failed: str = ""


def ours(path: Path, kind: str, penalty: float | None = None) -> Ran:
    """Our search ("bound", "any set"), its tables, or the bare pass."""
    more = [] if penalty is None else [str(penalty)]
    return _ran([sys.executable, "-m", "bench.scan.ours"], path, [kind, *more])


def peer(script: str, path: Path, *arguments: str) -> Ran:
    """A peer's script. Raises AbsentError."""
    return _ran([str(PEERS.python()), str(HERE / script)], path, list(arguments))


def judged(path: Path, subsets: list[tuple[float, Subset]]) -> list[float]:
    """Scores of subsets at penalties by aif360's own scorer. Raises AbsentError, RuntimeError where it fails."""
    to = path.with_suffix(".judged.json")
    command = [PEERS.python(), HERE / "peer_mdss.py", path, to, "judge", json.dumps(subsets)]
    ended = spend(command, home=_home(path))
    if ended.code:
        raise RuntimeError(f"aif360's scorer ended with {ended.code}: {ended.told[-300:]!r}")
    scores: list[float] = json.loads(to.read_text())["scores"]
    return scores


def _ran(program: list[str], path: Path, arguments: list[str]) -> Ran:
    to, limit = path.with_suffix(".told.json"), ASKED.size("PEER_SECONDS")
    to.unlink(missing_ok=True)
    limited = ["sh", "-c", f'ulimit -t {limit}; exec "$@"', "limited"]
    alone = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    surroundings = alone if program[0] == sys.executable else {"OPENBLAS_NUM_THREADS": "1"}
    spent = spend([*limited, *program, path, to, *arguments], home=_home(path), environment=surroundings)
    if spent.code or not to.exists():
        last = (spent.told.decode(errors="replace").strip().splitlines() or ["killed"])[-1]
        over = spent.cpu >= limit - 1
        return Ran(spent.cpu, spent.peak, failed=f"not within {limit} CPU s" if over else f"failed: {last[:120]}")
    told = json.loads(to.read_text())
    parts = {name: told[name] for name in ("load", "work", "score", "p", "subset") if name in told}
    return Ran(spent.cpu, spent.peak, apart=spent.cpu - told["start"], **parts)


def _home(path: Path) -> Path:
    home = path.parent / "home"
    home.mkdir(exist_ok=True)
    return home
