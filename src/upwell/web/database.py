"""Where the data lies: SQLite in the state folder, or PostgreSQL by DATABASE_URL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


class DatabaseUrlError(ValueError):
    """DATABASE_URL cannot be read."""


def database(environment: Mapping[str, str], home: Path) -> dict[str, Any]:
    """Django's settings of the database. Raises DatabaseUrlError for an address that is neither kind."""
    url = environment.get("DATABASE_URL", "")
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / "upwell.sqlite3"), "OPTIONS": dict(_SQLITE)}
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path, "OPTIONS": dict(_SQLITE)}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise DatabaseUrlError("DATABASE_URL must begin with postgresql:// or sqlite:///.")
    try:
        port = parts.port
    except ValueError:
        raise DatabaseUrlError("The port in DATABASE_URL is no number.") from None
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": query,
    }
