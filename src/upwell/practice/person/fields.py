"""Text that lies encrypted in the database: AES-256-GCM, bound to its table and column, under a ring of keys.

The newest key of the ring encrypts; every key of the ring decrypts, so keys can be rotated while people work.
Form on disk: one byte form (1), four bytes key number, 12 bytes nonce, ciphertext with tag.
"""

from __future__ import annotations

import secrets
import struct
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from upwell.practice.person.ring import ring, ring_now

_FORM = 1
_HEAD = struct.Struct(">BI")


class UnreadableFieldError(Exception):
    """A value was written with a key that the ring does not hold, or was changed. Nothing of it is in this message."""


class EncryptedTextField(models.Field):  # type: ignore[type-arg]  # generic only for the type checker
    """Text, encrypted at rest. It cannot be searched or ordered by the database; names have a blind index instead.

    limit: most characters a form may accept; None is no limit.
    """

    empty_strings_allowed = True

    def __init__(self, *args: Any, limit: int | None = None, **kwargs: Any) -> None:  # Any: Django's own signature
        self.limit = limit
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        """Stored as bytes."""
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The bytes to store."""
        sealed = value if isinstance(value, bytes) else seal(str(value or ""), self._place())
        return connection.Database.Binary(sealed)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        """The text again."""
        return "" if value is None else unseal(bytes(value), self._place())

    def value_to_string(self, obj: models.Model) -> str:
        """For serializers: never the text."""
        return ""

    def formfield(self, **kwargs: Any) -> Any:
        """A text box of the right size."""
        from django import forms  # noqa: PLC0415 - models must not load forms at start

        widget = forms.Textarea if not self.limit or self.limit > 200 else forms.TextInput
        return forms.CharField(
            label=kwargs.get("label", self.verbose_name),
            required=not self.blank,
            max_length=self.limit,
            widget=widget,
            help_text=self.help_text,
        )

    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


def seal(text: str, place: str) -> bytes:
    """Encrypt a text for one column. place: "table.column"; the same bytes are unreadable in any other."""
    number, key = ring_now().newest
    nonce = secrets.token_bytes(12)
    return _HEAD.pack(_FORM, number) + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())


def unseal(data: bytes, place: str) -> str:
    """The text of sealed bytes. Raises UnreadableFieldError when key or place do not fit, or a bit was changed."""
    if not data:
        return ""
    form, number = _head(data)
    key = ring().keys.get(number) or ring_now().keys.get(number)
    if form != _FORM or key is None:
        raise UnreadableFieldError("This field was written with a key that is not in the key ring. Restore the ring.")
    head, start = _HEAD.size, _HEAD.size + 12
    try:
        return AESGCM(key).decrypt(data[head:start], data[start:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
        raise UnreadableFieldError("This field was changed outside Upwell, or its key is wrong.") from error


def key_number(data: bytes) -> int:
    """The number of the key that sealed these bytes; 0 for an empty field. Raises UnreadableFieldError."""
    return _head(data)[1] if data else 0


def _head(data: bytes) -> tuple[int, int]:
    try:
        form, number = _HEAD.unpack_from(data)
    except struct.error as error:
        raise UnreadableFieldError("This field was changed outside Upwell, or its key is wrong.") from error
    return form, number
