"""Compile a function of arrays once, and keep its machine code until any such function changes. Imported late (numba).

numba looks at the file of a compiled function, not at the files of those it calls: machine code kept per file could
outlive what it was made from. It is therefore kept under a name made from the sources of all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba

MARK = b"@compile_cached"
PLACES = ("engine", "scan", "disclosure/suppression")


def compile_cached(function: Callable[..., Any]) -> Callable[..., Any]:  # Any: numba has no types
    """Compile without the interpreter's lock, and keep the machine code in the user's cache where it may be written."""
    try:
        kept: Callable[..., Any] = numba.njit(cache=True, error_model="numpy", nogil=True)(function)
    except (RuntimeError, OSError):  # nowhere to keep it: compile again next time rather than fail
        kept = numba.njit(error_model="numpy", nogil=True)(function)
    return kept


def sources_digest(evidence: Path) -> str:
    """What the compiled functions below a folder are made from, as 16 hexadecimal digits."""
    digest = sha256(numba.__version__.encode())
    for place in PLACES:
        for path in sorted((evidence / place).rglob("*.py")):
            source = path.read_bytes()
            if MARK in source:
                digest.update(f"{path.relative_to(evidence)} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:16]


def _keep() -> None:
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a user without a home: numba looks for a place of its own
        return
    numba.config.CACHE_DIR = str(cache / "upwell" / "kernels" / sources_digest(Path(__file__).parents[1]))  # type: ignore[attr-defined] # set by name


_keep()
