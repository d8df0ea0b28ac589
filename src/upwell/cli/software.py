"""What made an answer: the versions that can change a number or a byte."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata

PACKAGES = (
    "cryptography", "duckdb", "highspy", "jinja2", "numba", "numpy", "scipy", "typst", "vl-convert-python"
)  # fmt: skip


def version() -> str:
    """Upwell's own version."""
    return metadata.version("upwell")


def parts() -> dict[str, str]:
    """Version of every part by name, the interpreter and the kind of machine among them."""
    found = {name: metadata.version(name) for name in PACKAGES}
    return {"upwell": version(), "python": platform.python_version(), "machine": platform.machine(), **found}


def digest() -> str:
    """One digest of `parts`: equal digests, equal bytes."""
    lines = "".join(f"{name}=={number}\n" for name, number in sorted(parts().items()))
    return hashlib.sha256(lines.encode()).hexdigest()
