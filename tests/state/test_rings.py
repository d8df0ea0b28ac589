"""The key ring on disk: made once, whole or not at all, never two writers."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from upwell.state import rings
from upwell.state.errors import StateError


def test_the_ring_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = rings.load_or_make(tmp_path)
    second = rings.load_or_make(tmp_path)

    assert first == second
    assert oct((tmp_path / rings.FILE).stat().st_mode & 0o777) == "0o600"


def test_many_first_uses_at_once_end_with_one_ring(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: rings.load_or_make(tmp_path), range(16)))

    assert all(ring == made[0] for ring in made)


def test_a_rotation_adds_a_key_and_keeps_the_others_and_the_index(tmp_path: Path) -> None:
    before = rings.load_or_make(tmp_path)

    after = rings.rotate(tmp_path)

    assert sorted(after.keys) == [1, 2]
    assert after.keys[1] == before.keys[1] and after.index == before.index


def test_rotations_at_once_lose_no_key(tmp_path: Path) -> None:
    rings.load_or_make(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: rings.rotate(tmp_path), range(8)))

    held = rings.load(tmp_path)
    assert sorted(held.keys) == list(range(1, 10))
    assert all(held.keys[number] == key for ring in seen for number, key in ring.keys.items())


def test_retiring_keeps_the_newest_key_and_numbers_go_on_from_it(tmp_path: Path) -> None:
    rings.load_or_make(tmp_path)
    newest = rings.rotate(tmp_path).keys[2]

    assert rings.retire(tmp_path).keys == {2: newest}
    assert sorted(rings.rotate(tmp_path).keys) == [2, 3]


def test_the_stamp_changes_with_the_ring_and_only_then(tmp_path: Path) -> None:
    rings.load_or_make(tmp_path)
    first = rings.stamp(tmp_path)

    assert rings.stamp(tmp_path) == first
    rings.rotate(tmp_path)
    assert rings.stamp(tmp_path) != first
    assert 0 <= rings.seconds_since_change(tmp_path, now=time.time()) < 60


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"form": "upwell ring 1", "keys": {}, "index": ""}',
        json.dumps({"form": "upwell ring 1", "keys": {"1": "00"}, "index": "00" * 32}),
        json.dumps({"form": "upwell ring 1", "keys": {"one": "00" * 32}, "index": "00" * 32}),
        json.dumps({"form": "another", "keys": {"1": "00" * 32}, "index": "00" * 32}),
    ],
)
def test_a_damaged_ring_is_named_and_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / rings.FILE
    path.write_text(content)

    with pytest.raises(StateError, match="damaged"):
        rings.load_or_make(tmp_path)

    assert path.read_text() == content


def test_a_missing_ring_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="backup"):
        rings.load(tmp_path)
    with pytest.raises(StateError, match="backup"):
        rings.stamp(tmp_path)


def test_no_key_is_in_a_repr(tmp_path: Path) -> None:
    held = rings.load_or_make(tmp_path)

    assert held.keys[1].hex() not in repr(held) and "1 keys" in repr(held)
