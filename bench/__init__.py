"""Benchmarks, run by hand from a source checkout. They invent people with the factories of the tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))  # factories name each other as the tests do
