"""Encrypted fields: bound to their place, unreadable when changed, and carried to a new key while people work."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.five import five, person
from upwell.practice.person import rotation
from upwell.practice.person.fields import UnreadableFieldError, key_number, seal, unseal
from upwell.practice.person.models import Person
from upwell.practice.person.ring import ring, ring_now
from upwell.state import rings

PLACE = "person_person.first_name"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> Iterator[Path]:
    """A ring of this test's own."""
    settings.UPWELL_HOME = tmp_path  # type: ignore[attr-defined]
    yield tmp_path


def stored(name: str = "first_name") -> list[bytes]:
    column = next(each for each in rotation.columns_of([Person]) if each.name == name)
    return [data for batch in rotation._batches(column) for _, data in batch]


def grow_old(home: Path) -> None:
    long_ago = time.time() - 3600
    os.utime(home / rings.FILE, (long_ago, long_ago))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_any_text_comes_back_and_two_sealings_of_it_differ(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()

    first, second = seal(text, PLACE), seal(text, PLACE)

    assert unseal(first, PLACE) == unseal(second, PLACE) == text
    assert first != second


def test_a_text_moved_to_another_column_or_table_cannot_be_read() -> None:
    sealed = seal("Evelina", PLACE)

    for place in ("person_person.last_name", "micro_note.text"):
        with pytest.raises(UnreadableFieldError, match="changed outside"):
            unseal(sealed, place)


def test_a_changed_bit_anywhere_is_noticed() -> None:
    sealed = seal("Evelina", PLACE)

    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(UnreadableFieldError):
            unseal(changed, PLACE)


@pytest.mark.parametrize("data", [b"\x01", b"\x01\x00\x00\x00\x01", b"\x01\x00\x00\x00\x01short", b"plain text here"])
def test_bytes_that_are_no_sealed_text_are_refused_with_a_sentence(data: bytes) -> None:
    ring_now()

    with pytest.raises(UnreadableFieldError):
        unseal(data, PLACE)


def test_a_missing_key_is_named_and_the_text_is_not(home: Path) -> None:
    sealed = seal("Evelina", PLACE)
    rings.rotate(home)
    rings.retire(home)
    ring_now()

    with pytest.raises(UnreadableFieldError, match="not in the key ring") as caught:
        unseal(sealed, PLACE)

    assert "Evelina" not in str(caught.value)


def test_a_running_server_reads_what_another_process_wrote_under_a_newer_key(home: Path) -> None:
    ring_now()
    rings.rotate(home)
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'upwell.web.settings'; import django; django.setup();"
        "from upwell.practice.person.fields import seal; sys.stdout.write(seal('Eve', sys.argv[1]).hex())"
    )
    environment = {**os.environ, "UPWELL_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", script, PLACE], env=environment, capture_output=True, check=True)
    sealed = bytes.fromhex(done.stdout.decode())

    assert key_number(sealed) == 2 and 2 not in ring().keys
    assert unseal(sealed, PLACE) == "Eve"


def test_a_running_server_writes_under_the_newest_key_at_once(home: Path) -> None:
    assert key_number(seal("Eve", PLACE)) == 1

    rings.rotate(home)

    assert key_number(seal("Eve", PLACE)) == 2


def test_rotation_writes_every_field_anew_and_changes_no_text(home: Path) -> None:
    world = five()
    before = stored()

    call_command("keys_rotate")

    world.eve.refresh_from_db()
    assert (world.eve.first_name, world.eve.last_name, world.eve.preferred_name) == ("Evelina", "Ostrowska", "Eve")
    assert {key_number(data) for data in before} == {1}
    assert {key_number(data) for data in stored()} == {2}
    assert not any(map(rotation.fields_under_older_keys, rotation.columns_of(apps.get_models())))


def test_a_rotation_that_was_cut_short_goes_on_under_the_same_key(home: Path) -> None:
    world = five()
    for number in range(30):
        person(world.agency, f"First{number}", "Last")
    rings.rotate(home)
    column = rotation.columns_of([Person])[0]
    rotation.reseal(column)  # one column done, then the process was killed

    call_command("keys_rotate")

    assert sorted(ring_now().keys) == [1, 2]
    assert {key_number(data) for data in stored("last_name")} == {2}


def test_a_text_that_changes_during_the_rotation_is_kept(home: Path) -> None:
    world = five()
    data = next(data for data in stored("preferred_name") if unseal(data, "person_person.preferred_name") == "Eve")
    rings.rotate(home)
    column = next(each for each in rotation.columns_of([Person]) if each.name == "preferred_name")
    world.eve.preferred_name = "Evi"
    world.eve.save()

    written = rotation._reseal_one(column, world.eve.pk, data)

    world.eve.refresh_from_db()
    assert (written, world.eve.preferred_name) == (0, "Evi")


def test_an_old_key_is_not_dropped_while_a_field_needs_it(home: Path) -> None:
    five()
    rings.rotate(home)
    grow_old(home)

    with pytest.raises(CommandError, match="still under an older key"):
        call_command("keys_rotate", retire=True)

    assert sorted(rings.load(home).keys) == [1, 2]


def test_an_old_key_is_not_dropped_while_something_may_still_write_with_it(home: Path) -> None:
    five()
    call_command("keys_rotate")

    with pytest.raises(CommandError, match="ten minutes"):
        call_command("keys_rotate", retire=True)


def test_after_rotation_and_a_while_the_old_key_goes_and_everything_is_readable(home: Path) -> None:
    world = five()
    call_command("keys_rotate")
    grow_old(home)

    call_command("keys_rotate", retire=True)

    world.eve.refresh_from_db()
    assert sorted(ring_now().keys) == [2]
    assert world.eve.last_name == "Ostrowska"


def test_a_field_that_nobody_can_read_stops_the_rotation_with_a_sentence(home: Path) -> None:
    world = five()
    Person.objects.filter(pk=world.eve.pk).update(first_name=seal("Evelina", "another.place"))

    with pytest.raises(CommandError, match="changed outside Upwell") as caught:
        call_command("keys_rotate")

    assert "Evelina" not in str(caught.value)
