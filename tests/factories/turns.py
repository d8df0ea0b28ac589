"""The order of a parallel run: what takes long begins first, shared out among the workers.

xdist deals the tests out in stretches of one length, one a worker, and later moves the ends of stretches to whoever is
idle. So the long ones stand at the beginnings of the stretches. A file stays together: its fixtures are made once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

LONGEST = {
    "tests/postgres/test_the_same_on_postgresql.py": 80,
    "tests/story/test_story.py": 50,
    "tests/cli/test_demo.py": 60,
    "tests/practice/micro/test_caseload_killed.py": 25,
    "tests/evidence/disclosure/reliability/test_reliability.py": 60,
    "tests/evidence/disclosure/suppression/test_large.py": 50,
    "tests/evidence/scan/watching/test_prospective.py": 40,
    "tests/evidence/scan/surely/test_simulations.py": 40,
    "tests/faults/test_forms_fuzzed.py": 45,
    "tests/web/test_postgres.py": 75,
    "tests/web/backup/test_backup.py": 60,
    "tests/cli/test_faults.py": 30,
    "tests/practice/test_rights.py": 40,
}
"""Seconds of a test in these files, or of the whole file where its tests share what they are tried on."""
TOGETHER = {"tests/web/test_postgres.py", "tests/web/backup/test_backup.py", "tests/practice/test_rights.py"}

Item = TypeVar("Item")


def dealt(items: Sequence[Item], workers: int, file_of: Callable[[Item], str]) -> list[Item]:
    """The items in an order in which each worker's stretch begins with its share of the long ones, longest first."""
    stretches: list[list[Item]] = [[] for _ in range(workers)]
    seconds = [0] * workers
    for weight, group in sorted(_groups(items, file_of), key=lambda each: -each[0]):
        least = seconds.index(min(seconds))
        seconds[least] += weight
        stretches[least] += group
    rest = [item for item in items if file_of(item) not in LONGEST]
    ordered, left = [], len(items)
    for at, stretch in enumerate(stretches):
        room = max(0, left // (workers - at) - len(stretch))
        ordered += stretch + rest[:room]
        rest = rest[room:]
        left = len(items) - len(ordered)
    return ordered + rest


def _groups(items: Sequence[Item], file_of: Callable[[Item], str]) -> list[tuple[int, list[Item]]]:
    """What takes long, as it is dealt: a file that stays together, or a single test; with its seconds."""
    groups: list[tuple[int, list[Item]]] = []
    for file, found in groupby((item for item in items if file_of(item) in LONGEST), key=file_of):
        together = list(found)
        shares = [together] if file in TOGETHER else [[item] for item in together]
        groups += [(LONGEST[file], share) for share in shares]
    return groups
