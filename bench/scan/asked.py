"""How much is measured, set by the environment: UPWELL_BENCH_FILES=5 ./upwell bench scan --part quality."""

from __future__ import annotations

from bench.parts import Asked

ASKED = Asked(
    {
        "SIZES": "10000,100000,1000000,10000000",  # speed, peers: records
        "FILES": "20",  # quality: planted files of each size
        "QUALITY_SIZES": "100000,1000000",  # quality: records
        "MOST_TEN": "1000000",  # quality, speed: records up to which aif360 makes ten starts
        "PENALTIES": "1,10",  # quality: nats a value in aif360's objective
        "PEER_SECONDS": "600",  # processor seconds that a peer may take for one file
        "NULLS": "200",  # nulls: files with nothing in them, of each kind
        "NULL_ROWS": "2000",  # nulls: persons
        "MEMORY_ROWS": "100000000",  # memory: records of the largest file
        "POWER_FILES": "100",  # power: files with a faint trouble
        "POWER_WORLDS": "199",  # power: worlds of plain Monte Carlo
    }
)
