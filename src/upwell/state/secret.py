"""The secret that signs sessions and links of the web application: one private file, made at first use."""

from __future__ import annotations

import secrets
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import StateError

FILE = "web.secret"


def secret_key(home: Path) -> str:
    """The secret, at least 50 characters. Two first uses at once end with the same one."""
    path = home / FILE
    try:
        if not path.exists():
            durable.write_once(path, secrets.token_urlsafe(64).encode())
        secret = path.read_text("ascii")
    except OSError as error:
        raise StateError(f"The file {path} cannot be used ({error.strerror}).") from error
    if len(secret) < 50:
        raise StateError(f"The file {path} is damaged. Put your backup there, or delete it: people sign in anew.")
    return secret
