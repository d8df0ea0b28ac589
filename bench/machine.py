"""The machine and the versions that figures were measured with."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from upwell.cli import software


def words() -> list[str]:
    """Lines for the head of a table."""
    versions = ", ".join(f"{name} {number}" for name, number in software.parts().items() if name not in ("machine",))
    return [f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.machine()}", versions]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or "processor unknown"


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
