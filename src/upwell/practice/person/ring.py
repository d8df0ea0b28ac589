"""The key ring: the keys that encrypt fields, and the key of the blind index. It lies in the state folder, beside the
agency's signing key, never in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


_held: dict[Path, tuple[tuple[int, int, int], Ring]] = {}


def ring() -> Ring:
    """The ring of this installation, made at first use and kept in memory."""
    home = Path(settings.UPWELL_HOME)
    return _held[home][1] if home in _held else ring_now()


def ring_now() -> Ring:
    """The ring as its file is at this moment; read again only when the file has changed.

    Whatever encrypts asks for this one: a server that kept a retired key would write what nobody can ever read.
    """
    home = Path(settings.UPWELL_HOME)
    if home not in _held:
        rings.load_or_make(home)
    stamp = rings.stamp(home)
    if home not in _held or _held[home][0] != stamp:
        held = rings.load(home)
        _held[home] = (stamp, Ring(held.keys, held.index))
    return _held[home][1]
