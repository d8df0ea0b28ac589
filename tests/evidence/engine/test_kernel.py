"""Machine code is kept until any compiled function changes, wherever it is called from."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from upwell.evidence.engine import kernel

SAID = "from upwell.evidence.engine import kernel; import numba; print(numba.config.CACHE_DIR)"


@pytest.fixture
def evidence(tmp_path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "scan").mkdir()
    (tmp_path / "engine" / "caller.py").write_text("@compile_cached\ndef a(): return b()\n")
    (tmp_path / "scan" / "called.py").write_text("@compile_cached\ndef b(): return 1\n")
    (tmp_path / "scan" / "plain.py").write_text("def c(): return 1\n")
    return tmp_path


def test_a_changed_function_that_others_call_makes_all_code_old(evidence):
    before = kernel.sources_digest(evidence)

    (evidence / "scan" / "called.py").write_text("@compile_cached\ndef b(): return 2\n")

    assert kernel.sources_digest(evidence) != before


def test_a_moved_function_makes_all_code_old(evidence):
    before = kernel.sources_digest(evidence)

    (evidence / "scan" / "called.py").rename(evidence / "scan" / "moved.py")

    assert kernel.sources_digest(evidence) != before


def test_what_is_not_compiled_may_change(evidence):
    before = kernel.sources_digest(evidence)

    (evidence / "scan" / "plain.py").write_text("def c(): return 2\n")

    assert kernel.sources_digest(evidence) == before


@pytest.mark.parametrize("named", [True, False], ids=["numba's own name", "the user's cache"])
def test_the_code_lies_where_the_user_says(tmp_path, named):
    own = {"NUMBA_CACHE_DIR": str(tmp_path / "own")} if named else {}

    place = _kept_at({"XDG_CACHE_HOME": str(tmp_path), **own})

    assert place == (
        str(tmp_path / "own") if named else str(tmp_path / "upwell" / "kernels" / place.rpartition("/")[2])
    )


def test_a_cache_that_may_not_be_written_does_not_stop_anything(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    said = _run(
        "import numpy as np\n"
        "from upwell.evidence.engine.fill import Block, fill, plan\n"
        "codes = np.zeros((3, 2500), dtype=np.uint8)\n"
        "nobody = np.zeros(2500, dtype=np.bool_)\n"
        "wanted = plan(np.array([[0, 1, 2]]), np.array([2, 2, 2]), codes)\n"
        "print(fill(wanted, Block(codes, nobody, np.zeros(2500))).persons.sum())",
        {"XDG_CACHE_HOME": str(blocked)},
    )

    assert said == "2500"


def _kept_at(environment):
    return _run(SAID, environment)


def _run(program, environment):
    known = {name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    ended = subprocess.run(
        [sys.executable, "-c", program], env={**known, **environment}, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()
