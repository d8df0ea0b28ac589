"""A release is signed bytes: any change is noticed, and what is read is what was written."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories import releases
from upwell.evidence.disclosure import release

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def public(key):
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


@pytest.fixture
def one():
    return release.settled(releases.rich())


def test_what_is_read_is_what_was_written(one):
    assert release.read(release.write(one, KEY), public(KEY)) == one


def test_the_id_is_a_digest_of_everything_else(one):
    other = release.settled(replace(one, source="Another agency"))

    assert one.id != other.id
    assert release.settled(one).id == one.id
    assert len(one.id) == 16


def test_the_same_release_and_key_give_the_same_bytes(one):
    assert release.write(one, KEY) == release.write(one, KEY)


def test_a_changed_number_is_noticed(one):
    data = release.write(one, KEY)
    whole = json.loads(data)
    whole["release"]["threshold"] = 5
    changed = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    with pytest.raises(release.SignatureError, match="changed after it was signed"):
        release.read(changed, public(KEY))


def test_a_changed_byte_that_means_the_same_is_noticed(one):
    with pytest.raises(release.SignatureError, match="changed"):
        release.read(release.write(one, KEY) + b"\n", public(KEY))


def test_another_agencys_release_is_not_taken_for_ours(one):
    with pytest.raises(release.SignatureError, match="another key"):
        release.read(release.write(one, OTHER), public(KEY))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"no json", b'{"release": {}, "signature": "xy"}'])
def test_what_is_no_release_is_said_to_be_none(data):
    with pytest.raises(release.SignatureError, match="not a signed release"):
        release.read(data, public(KEY))


def test_the_module_imports_nothing_of_ours():
    tree = ast.parse(Path(release.__file__).read_text(encoding="utf-8"))
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]

    assert not [name for name in names if name.startswith("upwell")]
