"""Which columns a protection does not let anybody count by: places finer than a county, and names of helpers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.errors import EvidenceError

_FINE = (
    "tract", "block", "zip", "postal", "postcode", "address", "street", "city", "town", "village", "neighborhood",
    "neighbourhood", "ward", "precinct", "school", "site", "latitude", "longitude", "census",
)  # fmt: skip
_HELPERS = ("agency", "project", "program", "programme", "provider", "shelter", "organization", "organisation")
_WORDS = re.compile(r"[a-z]+")


def check_places(columns: Iterable[str], protection: Protection) -> None:
    """Raises EvidenceError for a column that the protection lets nobody count by, as far as its name tells."""
    for column in columns:
        words = _WORDS.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column).casefold())
        if protection.coarsest_place and any(word in _FINE for word in words):
            raise EvidenceError(
                f"Under {protection.name} no place finer than a {protection.coarsest_place} may be told: "
                f"leave out {column!r}."
            )
        if not protection.free_text and any(word in _HELPERS for word in words):
            raise EvidenceError(f"Under {protection.name} nobody who helps may be named: leave out {column!r}.")
