"""The key ring: the keys that encrypt fields, and the key of the blind index. It lies in the state folder, beside the
agency's signing key, never in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from upwell.state import rings


@dataclass(frozen=True)
class Ring:
    """keys: number -> 32 bytes. index: key of the blind index, 32 bytes; it never rotates."""

    keys: Mapping[int, bytes]
    index: bytes

    @property
    def newest(self) -> tuple[int, bytes]:
        """The key that encrypts now."""
        number = max(self.keys)
        return number, self.keys[number]

    def __repr__(self) -> str:
        """Never the keys: a repr ends up in logs."""
        return f"Ring({len(self.keys)} keys)"


@cache
def ring() -> Ring:
    """The ring of this installation, made at first use."""
    held = rings.load_or_make(Path(settings.UPWELL_HOME))
    return Ring(held.keys, held.index)
