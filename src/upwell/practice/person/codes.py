"""Codes on paper: twelve signs that cannot be mistaken for one another, in groups of four. About 59 bits."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from upwell.practice.person.ring import ring

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12


def make() -> str:
    """A fresh code, as it is printed: "7KQM-2XHB-94RT"."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))


def digest(code: str) -> str:
    """What the database keeps of a code, 64 hex digits: keyed, because short secrets can be guessed from a bare hash.

    Case, blanks and dashes make no difference. Any text has a digest; one that is no code has one that nobody has.
    """
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return hmac.new(ring().index, b"portal code " + signs.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def source(address: str) -> str:
    """What is kept of where a wrong code came from: a keyed digest, enough to count and not to tell."""
    return hmac.new(ring().index, b"portal source " + address.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[
        :24
    ]
