"""A stream that only the passphrase opens: scrypt and AES-256-GCM, in chunks whose order and end are authenticated.

Form: a line "UPWELL BACKUP 1", a line of JSON (the head), then chunks. A chunk is four bytes (its length; the top bit
says that it is the last) and its ciphertext. Its nonce is its number and whether it is the last; the two lines are
bound to each chunk. So nothing can be changed, moved, left out or cut off unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import secrets
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from upwell.web.backup.errors import BackupError

CHUNK = 1 << 20
LOG2_N = 17
"""scrypt's cost: 2**17 rounds of 8 blocks, 128 MB for a moment; each guess costs a thief the same."""
_DEAREST = 20
_MAGIC = b"UPWELL BACKUP 1\n"
_LENGTH, _NONCE = struct.Struct(">I"), struct.Struct(">Q3xB")
_LAST, _TAG, _LONGEST_HEAD = 1 << 31, 16, 1000

NOT_ONE = "This is no backup of Upwell, or its beginning is damaged. Name the file that `upwell backup` wrote."
WRONG = "The passphrase is wrong, or the beginning of the file was changed. Nothing was written."
SHORT = "The file ends too early: it was cut off or not copied whole. Nothing was written."
CHANGED = "The file was changed or damaged after it was written. Nothing was written; use another copy."


@dataclass(frozen=True)
class _Secret:
    cipher: AESGCM
    check: bytes


class Sealer:
    """Write here; sealed chunks go to `out`. Only finish() makes the stream whole."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = secrets.token_bytes(16)
        secret = _secret(passphrase, salt, LOG2_N)
        head = {"kdf": "scrypt", "log2n": LOG2_N, "salt": salt.hex(), "check": secret.check.hex(), "chunk": CHUNK}
        self._head = _MAGIC + json.dumps(head, sort_keys=True).encode() + b"\n"
        self._out, self._cipher = out, secret.cipher
        self._waiting, self._number, self._taken = bytearray(), 0, 0
        out.write(self._head)

    def tell(self) -> int:
        """How many bytes were taken."""
        return self._taken

    def write(self, data: bytes) -> int:
        """Take bytes; whole chunks go out, the rest waits."""
        self._waiting += data
        self._taken += len(data)
        while len(self._waiting) > CHUNK:  # never the last one: it is sealed as such by finish()
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal the last chunk. Without it the file does not open."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_NONCE.pack(self._number, last), plain, self._head)
        self._out.write(_LENGTH.pack(len(sealed) | (_LAST if last else 0)) + sealed)
        self._number += 1


class Opener(io.RawIOBase):
    """Read plain bytes of a sealed stream. Raises BackupError, a sentence, as soon as something does not fit."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        head = source.readline(_LONGEST_HEAD) + source.readline(_LONGEST_HEAD)
        salt, check, log2n, self._longest = _parsed(head)
        secret = _secret(passphrase, salt, log2n)
        if not hmac.compare_digest(secret.check, check):
            raise BackupError(WRONG)
        self._head, self._source, self._cipher = head, source, secret.cipher
        self._plain, self._number, self._ended = memoryview(b""), 0, False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # Any: what the standard library calls a writable buffer
        """Fill the buffer; 0 only after the authenticated end."""
        while not self._plain and not self._ended:
            self._plain = memoryview(self._next())
        view = memoryview(buffer).cast("B")
        taken = min(len(view), len(self._plain))
        view[:taken] = self._plain[:taken]
        self._plain = self._plain[taken:]
        return taken

    def _next(self) -> bytes:
        length = self._source.read(_LENGTH.size)
        if len(length) < _LENGTH.size:
            raise BackupError(SHORT)
        (marked,) = _LENGTH.unpack(length)
        last, size = bool(marked & _LAST), marked & ~_LAST
        if not _TAG <= size <= self._longest + _TAG:
            raise BackupError(CHANGED)
        sealed = self._source.read(size)
        if len(sealed) < size:
            raise BackupError(SHORT)
        try:
            plain = self._cipher.decrypt(_NONCE.pack(self._number, last), sealed, self._head)
        except InvalidTag:
            raise BackupError(CHANGED) from None
        self._number += 1
        self._ended = last
        if last and self._source.read(1):
            raise BackupError(CHANGED)
        return plain


def _secret(passphrase: str, salt: bytes, log2n: int) -> _Secret:
    """The cipher, and what tells a wrong passphrase from a damaged file without helping to guess it."""
    size = 2 << 20 | 128 * 8 << log2n
    made = hashlib.scrypt(passphrase.encode(), salt=salt, n=1 << log2n, r=8, p=1, maxmem=size + (1 << 20), dklen=64)
    return _Secret(AESGCM(made[:32]), hashlib.sha256(b"upwell backup check" + made[32:]).digest()[:16])


def _parsed(head: bytes) -> tuple[bytes, bytes, int, int]:
    """Salt, check, scrypt's cost and the length of chunks. Raises BackupError."""
    if not head.startswith(_MAGIC):
        raise BackupError(NOT_ONE)
    try:
        said = json.loads(head[len(_MAGIC) :])
        salt, check = bytes.fromhex(said["salt"]), bytes.fromhex(said["check"])
        log2n, longest = int(said["log2n"]), int(said["chunk"])
    except (ValueError, KeyError, TypeError):
        raise BackupError(NOT_ONE) from None
    if not 1 <= log2n <= _DEAREST or not 1 <= longest <= 64 * CHUNK or len(salt) != 16:
        raise BackupError(NOT_ONE)
    return salt, check, log2n, longest
