"""Sealed: digests that may leave although what they are of may not.

A plain digest of a small table is as good as the table: whoever tries the few tables that agree with what is printed
knows the right one by its digest. So no digest of anything hidden leaves without the agency's key in it, and no line of
a ledger, whose hash is public as its head, is without something that nobody outside can know.
"""

from __future__ import annotations

import hashlib
import hmac


def sealed(key: bytes, purpose: str, content: str) -> str:
    """A digest that only the holder of the key can make, 64 hexadecimal digits; the same again for the same content.

    key: the agency's private key, 32 bytes. purpose: keeps digests of different things apart.
    """
    return hmac.new(key, f"upwell {purpose} 1\0{content}".encode(), hashlib.sha256).hexdigest()
