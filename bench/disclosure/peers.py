"""The peers of the gate's bench; UPWELL_BENCH_PEERS may name an environment that has them."""

from __future__ import annotations

from pathlib import Path

from bench.peers import AbsentError, Peers

__all__ = ["AbsentError", "ask", "python", "versions"]

PEERS = Peers(Path(__file__).parent, "bench-peers", "UPWELL_BENCH_PEERS", ("pytauargus", "acro"))
ask, python, versions = PEERS.ask, PEERS.python, PEERS.versions
