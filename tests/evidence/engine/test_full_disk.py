"""A full disk while a large file is packed: said in a sentence, and nothing is left behind. The fault is a real one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from upwell.evidence.engine import opening
from upwell.evidence.engine.packing import Wanted, pack
from upwell.evidence.errors import EvidenceError

ROWS, MEMORY = 400_000, "80MB"  # as many different texts do not fit in so much memory
WANTED = Wanted(("text",), "yes")

NO_FILE_MAY_GROW = """
import resource, sys
from pathlib import Path
from upwell.evidence.engine import opening
from upwell.evidence.engine.packing import Wanted, pack
from upwell.evidence.errors import EvidenceError

opening.MEMORY_LIMIT = sys.argv[3]
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
try:
    pack(sys.argv[1], Wanted(("text",), "yes", spill=Path(sys.argv[2])))
except EvidenceError as said:
    print(type(said.__cause__).__name__, said)
"""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose texts all differ: to count them, they are spilled."""
    path = tmp_path_factory.mktemp("texts") / "rows.parquet"
    with duckdb.connect(":memory:") as engine:
        engine.execute(
            f"COPY (SELECT md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS text, i % 3 = 0 AS yes FROM range({ROWS}) t(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    return path


def test_where_there_is_room_the_same_rows_are_packed_and_the_room_is_given_back(texts, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MEMORY_LIMIT", MEMORY)

    rows = pack(texts, Wanted(("text",), "yes", spill=tmp_path))

    assert len(rows.yes) == ROWS
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_may_not_grow_is_said_to_be_a_full_disk_and_nothing_is_left(texts, tmp_path):
    around = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}

    ended = subprocess.run(
        [sys.executable, "-c", NO_FILE_MAY_GROW, str(texts), str(tmp_path), MEMORY],
        env=around, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip

    assert ended.stdout.strip() == f"IOException {opening.FULL}"
    assert list(tmp_path.iterdir()) == []


def test_a_relation_whose_temporary_files_have_no_more_room_is_told_so(texts, tmp_path):
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": MEMORY}) as engine:
        engine.execute(f"SET temp_directory = '{tmp_path}'; SET max_temp_directory_size = '1MB'")

        with pytest.raises(EvidenceError) as said:
            pack(engine.read_parquet(str(texts)), WANTED)

    assert str(said.value) == opening.FULL
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_for_temporary_files_that_is_not_there_is_a_sentence(texts, tmp_path):
    with pytest.raises(EvidenceError) as said:
        pack(texts, Wanted(("text",), "yes", spill=tmp_path / "nowhere"))

    assert str(said.value) == opening.UNWRITABLE
