"""The agency's keys: made once, never shown, never replaced."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from upwell.state import folder, keys
from upwell.state.errors import StateError


def test_the_first_use_makes_keys_and_says_so_and_the_second_does_not(tmp_path: Path) -> None:
    first = keys.load_or_make(tmp_path)
    second = keys.load_or_make(tmp_path)

    assert first.made and not second.made
    assert (first.signing, first.pseudonym, first.public) == (second.signing, second.pseudonym, second.public)


def test_the_public_key_belongs_to_the_signing_key(tmp_path: Path) -> None:
    held = keys.load_or_make(tmp_path)

    signature = Ed25519PrivateKey.from_private_bytes(held.signing).sign(b"words")

    Ed25519PrivateKey.from_private_bytes(held.signing).public_key().verify(signature, b"words")
    assert held.public == Ed25519PrivateKey.from_private_bytes(held.signing).public_key().public_bytes_raw()


def test_only_the_owner_may_read_the_keys_and_their_backup(tmp_path: Path) -> None:
    home = folder.ready(tmp_path / "home")
    keys.load_or_make(home)
    keys.backup(home, tmp_path / "copy.json")

    modes = [oct(path.stat().st_mode & 0o777) for path in (home, home / keys.FILE, tmp_path / "copy.json")]

    assert modes == ["0o700", "0o600", "0o600"]


def test_a_backup_restores_the_same_keys(tmp_path: Path) -> None:
    held = keys.load_or_make(tmp_path)
    keys.backup(tmp_path, tmp_path / "copy.json")
    (tmp_path / keys.FILE).unlink()

    os.rename(tmp_path / "copy.json", tmp_path / keys.FILE)

    assert keys.load(tmp_path) == held.__class__(held.signing, held.pseudonym, held.public, held.path)


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path)
    target = tmp_path / "precious.txt"
    target.write_text("mine")

    with pytest.raises(StateError, match="never replaces"):
        keys.backup(tmp_path, target)

    assert target.read_text() == "mine"


def test_many_first_uses_at_once_end_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys.load_or_make(tmp_path), range(24)))

    assert len({held.signing for held in made}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [keys.FILE]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"form": "upwell key 1"}'])
def test_a_damaged_key_file_is_a_sentence_and_stays_as_it_is(tmp_path: Path, damage: str) -> None:
    (tmp_path / keys.FILE).write_text(damage)

    with pytest.raises(StateError, match="backup in its place"):
        keys.load_or_make(tmp_path)

    assert (tmp_path / keys.FILE).read_text() == damage


def test_a_key_file_with_one_changed_digit_is_damaged(tmp_path: Path) -> None:
    held = keys.load_or_make(tmp_path)
    changed = json.loads((tmp_path / keys.FILE).read_text())
    changed["signing"] = ("0" if held.signing.hex()[0] != "0" else "1") + held.signing.hex()[1:]
    (tmp_path / keys.FILE).write_text(json.dumps(changed))

    with pytest.raises(StateError, match="damaged"):
        keys.load(tmp_path)


def test_a_repr_of_the_keys_holds_no_secret(tmp_path: Path) -> None:
    held = keys.load_or_make(tmp_path)

    assert held.signing.hex() not in repr(held)
    assert repr(held.signing) not in repr(held)
    assert held.pseudonym.hex() not in repr(held)


def test_the_state_folder_is_named_by_the_environment() -> None:
    assert folder.where({"UPWELL_HOME": "/a/b"}) == Path("/a/b")
    assert folder.where({"XDG_DATA_HOME": "/data"}) == Path("/data/upwell")
    assert folder.where({}) == Path.home() / ".local" / "share" / "upwell"


def test_a_state_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StateError, match="UPWELL_HOME"):
        folder.ready(tmp_path / "file")
