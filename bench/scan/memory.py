"""Peak memory of our search on a very large file."""

from __future__ import annotations

import shutil

from bench.parts import said
from bench.rows import Options, Row
from bench.scan import beside
from bench.scan.asked import ASKED
from bench.scan.files import jaccard, made
from upwell.records.cases.synthetic.rows import Recipe

MOST, ROOM = 8 * 2**30, 30
"""Bytes of memory; bytes of disk a record that the file and its parts may take."""


def run(options: Options) -> list[Row]:
    """One row."""
    size = ASKED.size("MEMORY_ROWS")
    name = f"{size:,} records: peak memory of load, search and p"
    if shutil.disk_usage(options.work).free < ROOM * size:
        return [Row(name, "<= 8 GB", "too little room on the disk for the file", None)]
    file = made(Recipe(size, options.seed, "sets", planted=size // 1000), options.work / "memory")
    ran = beside.ours(file.path, "bound")
    said(f"{name}: {ran}")
    if ran.failed:
        return [Row(name, "<= 8 GB", ran.failed, None)]
    near = jaccard(file, ran.subset)
    file.path.unlink()
    figure = f"{ran.peak / 2**30:.1f} GiB, {ran.cpu:.0f} CPU s, Jaccard {near:.2f}"
    enough = ran.peak <= MOST and ASKED.usual("MEMORY_ROWS")
    return [Row(name, "<= 8 GB", figure, enough)]
