"""The agency's two keys: one signs releases, one turns a client's id into something nobody can turn back.

Both lie in one file, so that a backup is one file and a restore is putting it back.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import StateError

FILE = "key.json"
_FORM = "upwell key 1"


@dataclass(frozen=True)
class Keys:
    """signing: Ed25519 private key, 32 bytes. pseudonym: key of the keyed hash over client ids, 32 bytes.

    public: what others check a signature with, 32 bytes. made: True when this run made them.
    """

    signing: bytes
    pseudonym: bytes
    public: bytes
    path: Path
    made: bool = False

    def __repr__(self) -> str:
        """Never the secret halves: a repr ends up in logs."""
        return f"Keys(public={self.public.hex()})"


def load(home: Path) -> Keys:
    """The keys that are there. Raises StateError when there are none, or when the file is damaged."""
    path = home / FILE
    try:
        held = json.loads(path.read_bytes())
        form, signing, pseudonym = held["form"], bytes.fromhex(held["signing"]), bytes.fromhex(held["pseudonym"])
    except FileNotFoundError:
        raise StateError(f"There is no key in {home} yet; `./upwell brief` or `./upwell key show` makes one.") from None
    except (ValueError, KeyError, TypeError):
        raise StateError(f"The key file {path} is damaged. Put your backup in its place.") from None
    except OSError as error:
        raise StateError(f"The key file {path} cannot be read ({error.strerror}).") from error
    public = _public(signing) if len(signing) == 32 else b""
    if form != _FORM or len(pseudonym) != 32 or public.hex() != held.get("public"):
        raise StateError(f"The key file {path} is damaged. Put your backup in its place.")
    return Keys(signing, pseudonym, public, path)


def load_or_make(home: Path) -> Keys:
    """The agency's keys, made at first use. Two first uses at once end with the same keys."""
    path = home / FILE
    if path.exists():
        return load(home)
    return put(home, signing=secrets.token_bytes(32), pseudonym=secrets.token_bytes(32))


def put(home: Path, *, signing: bytes, pseudonym: bytes) -> Keys:
    """The keys of a folder that has none yet; another writer's, when that one came first."""
    held = {
        "about": "Secret keys of this agency's Upwell. Keep a copy in a safe place; never send it.",
        "form": _FORM,
        "public": _public(signing).hex(),
        "signing": signing.hex(),
        "pseudonym": pseudonym.hex(),
    }
    made = durable.write_once(home / FILE, (json.dumps(held, indent=1) + "\n").encode())
    kept = load(home)
    return Keys(kept.signing, kept.pseudonym, kept.public, kept.path, made=made)


def backup(home: Path, target: Path) -> None:
    """Copy the keys to a file that is not there yet, readable by its owner alone. Raises StateError."""
    load(home)  # a damaged file is not worth a copy
    try:
        durable.write_file(target, (home / FILE).read_bytes(), mode=0o600)
    except FileExistsError:
        raise StateError(f"{target} is there already; a backup never replaces a file. Name another.") from None
    except OSError as error:
        raise StateError(f"{target} cannot be written ({error.strerror}). Name another place.") from error


def _public(signing: bytes) -> bytes:
    # late: most commands need no signature, and loading the library takes a while
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    return Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()
