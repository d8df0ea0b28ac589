"""One CSV file of an export in memory, to be spoilt on purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from upwell.records.cases.synthetic.made import Sprinkled
from upwell.records.errors import RecordsError

Cells = list[bytes]


class Sheet:
    """Header and rows as raw cells, cut at commas. Rows that were picked once are not picked again."""

    def __init__(self, path: Path, rng: np.random.Generator) -> None:
        lines = path.read_bytes().splitlines()
        self._path, self._rng = path, rng
        self.header: Cells = lines[0].split(b",")
        self.rows: list[Cells] = [line.split(b",") for line in lines[1:]]
        self.final_line_end = True
        self._columns = {name.decode(): place for place, name in enumerate(self.header)}
        self._picked: set[int] = set()

    def at(self, column: str) -> int:
        """Place of a column, by the name it had when the file was sound."""
        return self._columns[column]

    def pick(self, fits: Callable[[Cells], bool] = lambda cells: True) -> int:
        """A row nobody has picked, that fits; raises RecordsError when the county is too small to have one."""
        free = [row for row, cells in enumerate(self.rows) if row not in self._picked and fits(cells)]
        if not free:
            raise RecordsError("The county is too small for every kind of defect; ask for 1,000 people or more.")
        row = free[int(self._rng.integers(0, len(free)))]
        self._picked.add(row)
        return row

    def add(self, cells: Cells) -> int:
        """A new last row; its number."""
        self.rows.append(cells)
        self._picked.add(len(self.rows) - 1)
        return len(self.rows) - 1

    def told(self, kind: str, row: int = -2) -> Sprinkled:
        """The defect at a row, or, without one, at the file as a whole (line 0)."""
        return Sprinkled(kind, self._path.name, row + 2)

    def save(self) -> None:
        """Write the file back."""
        text = b"\n".join(b",".join(cells) for cells in (self.header, *self.rows))
        self._path.write_bytes(text + (b"\n" if self.final_line_end else b""))


class Sheets:
    """The files of a folder, read when first asked for."""

    def __init__(self, folder: Path, rng: np.random.Generator) -> None:
        self._folder, self._rng = folder, rng
        self._read: dict[str, Sheet] = {}

    def __getitem__(self, file: str) -> Sheet:
        if file not in self._read:
            self._read[file] = Sheet(self._folder / f"{file}.csv", self._rng)
        return self._read[file]

    def save(self) -> None:
        """Write back every file that was read."""
        for sheet in self._read.values():
            sheet.save()
