"""The audit cannot be changed unseen: rows are only added, and the chain names the first batch that was touched."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from factories.accounts import entry
from factories.five import Five, five
from upwell.practice.accounts import audit, sealing
from upwell.practice.accounts.models import AppendOnlyError, AuditEntry, AuditSeal


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture(autouse=True)
def _own_state_folder(settings: object, tmp_path: Path) -> Iterator[None]:
    settings.UPWELL_HOME = tmp_path
    yield


def batches(world: Five, *sizes: int) -> None:
    """Sealed batches of so many rows."""
    for size in sizes:
        for _ in range(size):
            entry(world.agency, world.ana)
        sealing.seal()


def tamper(sql: str, *values: object) -> None:
    """What somebody with the database, but without our models, could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def ids() -> list[int]:
    return list(AuditEntry.objects.order_by("id").values_list("id", flat=True))


def test_rows_are_sealed_into_a_chain(world: Five):
    batches(world, 3, 2)

    first, second = AuditSeal.objects.order_by("last_id")

    assert (first.previous, second.previous) == (sealing.START, first.sha256)
    assert (first.entries, second.entries) == (3, 2)
    assert second.first_id == first.last_id + 1
    assert sealing.verify() == sealing.Report(seals=2, entries=5, unsealed=0, anchored=2)


def test_nothing_to_seal_makes_no_seal():
    assert sealing.seal() == 0
    assert sealing.verify() == sealing.Report(seals=0, entries=0, unsealed=0)


def test_a_row_comes_to_rest_before_it_is_sealed(world: Five):
    now = timezone.now()
    entry(world.agency, at=now - timedelta(seconds=6))
    entry(world.agency, at=now - timedelta(seconds=4))

    assert sealing.seal(now=now) == 1
    assert sealing.verify().unsealed == 1


def test_a_missing_number_waits_for_the_writer_who_may_still_commit(world: Five):
    now = timezone.now()
    batches(world, 1)
    last = ids()[-1]
    entry(world.agency, id=last + 2, at=now - timedelta(minutes=1))

    early = sealing.seal(now=now)
    entry(world.agency, id=last + 1, at=now - timedelta(minutes=1))

    assert early == 0
    assert sealing.seal(now=now) == 2
    assert sealing.verify().broken == ""


def test_a_number_that_never_came_is_explained_in_the_seal(world: Five):
    batches(world, 1)
    last = ids()[-1]
    entry(world.agency, id=last + 4)

    sealing.seal()

    assert AuditSeal.objects.order_by("last_id").last().gaps == [[last + 1, last + 3]]
    assert sealing.verify().broken == ""


def test_a_huge_gap_costs_nothing(world: Five):
    batches(world, 1)
    entry(world.agency, id=ids()[-1] + 10**12)
    sealing.seal()
    tamper("UPDATE accounts_auditentry SET act = 'x' WHERE id = %s", ids()[-1])

    assert "changed" in sealing.verify().broken


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "case.close"),
        ("at", "2026-01-01 00:00:00"),
        ("worker_id", None),
        ("is_read", False),
        ("object", "micro.Case:2"),
        ("subject", "x"),
        ("fields", "x"),
        ("reason", "x"),
        ("actor", "system"),
        ("agency_id", None),
    ],
)
def test_a_changed_row_breaks_its_batch(world: Five, column: str, value: object):
    batches(world, 2, 2, 2)
    third = ids()[2]

    tamper(f"UPDATE accounts_auditentry SET {column} = %s WHERE id = %s", value, third)

    report = sealing.verify()
    assert report.seals == 1
    assert f"rows {third} to {third + 1}" in report.broken
    assert "changed" in report.broken


def test_a_deleted_row_is_named(world: Five):
    batches(world, 3, 3)

    tamper("DELETE FROM accounts_auditentry WHERE id = %s", ids()[4])

    assert f"row {ids()[3] + 1} was deleted (1 in all)" in sealing.verify().broken


def test_a_row_put_in_afterwards_is_named(world: Five):
    batches(world, 1)
    last = ids()[-1]
    entry(world.agency, id=last + 2)
    sealing.seal()

    entry(world.agency, id=last + 1)

    assert f"row {last + 1} was put in afterwards" in sealing.verify().broken


def test_two_rows_that_changed_places_are_found(world: Five):
    entry(world.agency, act="a")
    entry(world.agency, act="b")
    sealing.seal()
    first, second = ids()

    tamper("UPDATE accounts_auditentry SET act = 'b' WHERE id = %s", first)
    tamper("UPDATE accounts_auditentry SET act = 'a' WHERE id = %s", second)

    assert "changed places" in sealing.verify().broken


def test_a_deleted_seal_in_the_middle_breaks_the_next(world: Five):
    batches(world, 1, 1, 1)
    middle = AuditSeal.objects.order_by("last_id")[1]

    tamper("DELETE FROM accounts_auditseal WHERE id = %s", middle.pk)

    assert "a seal before it was deleted" in sealing.verify().broken


def test_the_last_seal_cannot_be_cut_off_unseen(world: Five):
    batches(world, 1, 1)
    last = AuditSeal.objects.order_by("last_id").last()

    tamper("DELETE FROM accounts_auditseal WHERE id = %s", last.pk)
    tamper("DELETE FROM accounts_auditentry WHERE id = %s", last.last_id)

    assert sealing.verify().broken == f"The seal of the batch that ended with row {last.last_id} was deleted."


def test_a_chain_written_anew_does_not_fit_the_state_folder(world: Five):
    batches(world, 2)
    tamper("UPDATE accounts_auditentry SET act = 'x' WHERE id = %s", ids()[0])
    one = AuditSeal.objects.get()

    tamper("UPDATE accounts_auditseal SET sha256 = %s", sealing._digest(one, AuditEntry.objects.order_by("id")))

    assert "the chain was written anew" in sealing.verify().broken


def test_a_seal_whose_digest_was_lost_in_a_crash_is_written_at_the_next_sealing(world: Five, tmp_path: Path):
    batches(world, 1)
    path = tmp_path / sealing.ANCHORS
    path.write_text(path.read_text()[:-20])

    before = sealing.verify()
    batches(world, 1)

    assert (before.broken, before.anchored) == ("", 0)
    assert (sealing.verify().broken, sealing.verify().anchored) == ("", 2)


def test_two_sealers_never_fork_the_chain(world: Five, monkeypatch: pytest.MonkeyPatch):
    entry(world.agency)
    taken = sealing._next_batch(timezone.now())
    sealing.seal()

    monkeypatch.setattr(sealing, "_next_batch", lambda now: taken)

    assert sealing.seal() == 0
    assert AuditSeal.objects.count() == 1
    assert sealing.verify().broken == ""


def test_batches_are_bounded(world: Five, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "BATCH", 2)

    batches(world, 5)

    assert [seal.entries for seal in AuditSeal.objects.order_by("last_id")] == [2, 2, 1]
    assert sealing.verify().broken == ""


def test_the_digest_does_not_depend_on_the_time_zone_it_is_read_in(world: Five, settings: object):
    batches(world, 2)

    with timezone.override("Asia/Tokyo"):
        assert sealing.verify().broken == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: AuditEntry.objects.filter(pk=row.pk).delete(),
        lambda row: AuditEntry.objects.filter(pk=row.pk).update(act="x"),
        lambda row: AuditEntry.objects.bulk_update([row], ["act"]),
        lambda row: AuditEntry.objects.update_or_create(pk=row.pk, defaults={"act": "x"}),
        lambda row: AuditSeal.objects.all().delete(),
    ],
)
def test_rows_are_added_and_never_touched(world: Five, change: object):
    row = audit.record(world.ana, "note.write", world.case)

    with pytest.raises(AppendOnlyError), transaction.atomic():
        change(row)

    assert AuditEntry.objects.get(pk=row.pk).act == "note.write"


def test_a_row_cannot_be_put_over_another(world: Five):
    row = audit.record(world.ana, "note.write", world.case)

    with pytest.raises(Exception, match=r"UNIQUE|unique|duplicate"):
        AuditEntry(pk=row.pk, at=datetime.now(tz=row.at.tzinfo), act="x").save()


def test_the_command_says_what_it_checked(world: Five, capsys: pytest.CaptureFixture[str]):
    entry(world.agency)
    call_command("audit_seal")

    call_command("audit_verify")

    assert capsys.readouterr().out.splitlines()[-1].startswith("1 rows in 1 sealed batches are as they were written")


def test_the_command_ends_with_one_when_the_chain_is_broken(world: Five, capsys: pytest.CaptureFixture[str]):
    batches(world, 1)
    tamper("UPDATE accounts_auditentry SET act = 'x'")

    with pytest.raises(SystemExit) as end:
        call_command("audit_verify")

    assert end.value.code == 1
    assert "The chain is broken." in capsys.readouterr().err
