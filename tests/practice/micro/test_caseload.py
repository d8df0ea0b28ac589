"""Bringing a caseload in: previewed, whole or not at all, nobody doubled, taken back to the row."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from factories.caseload import applied, done, export, previewed, undone, upload
from factories.five import Five, five
from factories.hmis_files import Files
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.errors import ChangedMeanwhileError, PracticeError
from upwell.practice.micro.actions import caseload as actions
from upwell.practice.micro.caseload import bring, files, jobs
from upwell.practice.micro.models import Assignment, Case, CaseloadImport, CaseloadRow, Note
from upwell.practice.person.index import tokens
from upwell.practice.person.models import Household, HouseholdMember, NameToken, Person

State = CaseloadImport.State


@pytest.fixture()
def world() -> Five:
    return five()


def snapshot() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that an import writes, but for what is encrypted anew each time."""
    tables = (Person, NameToken, Household, HouseholdMember, Case, Assignment)
    return {table.__name__: sorted(map(str, table.objects.values_list("pk", flat=True))) for table in tables}  # type: ignore[misc]


def incoming() -> list[Path]:
    return list((Path(settings.UPWELL_HOME) / "incoming").iterdir())


def rows_of(batch: CaseloadImport) -> list[Person]:
    return list(Person.objects.filter(cases__came_with=batch).order_by("created", "pk"))


def note(on: Case, world: Five) -> Note:
    return Note.objects.create(
        case=on, by=world.ana, on=date(2026, 11, 20), text="Met.", form_key=uuid4(), signed_at=timezone.now()
    )


def test_a_preview_counts_and_changes_nothing(world: Five) -> None:
    before = snapshot()

    batch = previewed(world.ben, export(3))

    assert batch.state == State.PREVIEWED and snapshot() == before
    assert (batch.counts["people_new"], batch.counts["cases_new"], batch.counts["people_here"]) == (3, 3, 0)
    assert batch.counts["programmes"] == [["Shelter", 3]]


def test_a_preview_and_its_row_hold_nobodys_values(world: Five) -> None:
    batch = previewed(world.ben, export(3))

    told = json.dumps([batch.counts, batch.why, batch.snapshot])

    assert "First0" not in told and "P0000" not in told
    sealed = (Path(settings.UPWELL_HOME) / "incoming" / f"{batch.pk}.sealed").read_bytes()
    assert b"First00000" not in sealed and b"911223344" not in sealed


def test_the_upload_is_gone_as_soon_as_it_was_read(world: Five) -> None:
    batch = previewed(world.ben, export(2))

    assert [path.name for path in incoming() if str(batch.pk) in path.name] == [f"{batch.pk}.sealed"]

    actions.caseload_drop(batch=batch, by=world.ben)
    files.forget(batch.pk)  # what on_commit does outside a test's transaction
    assert [path for path in incoming() if str(batch.pk) in path.name] == []


def test_brought_in_everybody_has_a_case_a_place_names_and_a_way_to_be_found(world: Five) -> None:
    batch = applied(world.ben, world.team, export(3))

    people = rows_of(batch)
    assert batch.state == State.APPLIED and len(people) == 3
    assert {person.called for person in people} == {f"First0000{n} Last0000{n}" for n in range(3)}
    assert {person.birth_date for person in people} == {"1980-05-06"}
    case = batch.cases.get(person=people[0])
    assert (case.team, case.programme, case.place, case.state) == (
        world.team,
        "Shelter",
        world.town,
        Case.State.ENGAGED,
    )
    assert str(case.opened_on) == "2024-01-15" and case.assignments.count() == 0
    held = set(NameToken.objects.filter(person=people[0]).values_list("token", flat=True))
    assert held == tokens(world.agency.pk, people[0].first_name, people[0].last_name)
    assert not [path for path in incoming() if str(batch.pk) in path.name]


def test_names_are_encrypted_in_the_database(world: Five) -> None:
    applied(world.ben, world.team, export(1))

    with connection.cursor() as cursor:
        cursor.execute("SELECT first_name, last_name, birth_date FROM person_person")
        stored = b"".join(bytes(cell) for row in cursor.fetchall() for cell in row)

    assert b"First" not in stored and b"1980" not in stored


def test_who_lives_together_by_the_export_is_one_household(world: Five) -> None:
    applied(world.ben, world.team, export(4))

    (home,) = Household.objects.all()
    assert sorted(home.members.values_list("person__cases__programme", flat=True)) == ["Shelter", "Shelter"]
    assert {member.relation for member in home.members.all()} == {"head", "child"}


def test_a_programmes_cases_go_to_the_chosen_worker(world: Five) -> None:
    batch = applied(world.ben, world.team, export(2), workers={"Shelter": world.ana})

    held = Assignment.objects.filter(case__came_with=batch, worker=world.ana, until=None)
    assert held.count() == 2


def test_a_town_that_is_not_known_becomes_a_place(world: Five) -> None:
    brought = export(1)
    brought.rows["ProjectCoC"][0]["City"] = "Marlow Bend"

    batch = applied(world.ben, world.team, brought)

    case = batch.cases.get()
    assert case.place is not None and (case.place.name, case.place.kind) == ("Marlow Bend", "town")


def test_one_audit_row_a_batch_without_values(world: Five) -> None:
    applied(world.ben, world.team, export(3))

    (entry,) = AuditEntry.objects.filter(act="caseload.apply")
    assert entry.worker == world.ben and entry.subject == "" and entry.fields == "cases,people"


def test_the_same_export_twice_doubles_nobody(world: Five) -> None:
    applied(world.ben, world.team, export(3))
    before = snapshot()

    again = applied(world.ben, world.team, export(3))

    assert snapshot() == before
    assert (again.counts["people"], again.counts["cases"], again.counts["updated"]) == (0, 0, 0)


def test_two_previews_of_the_same_export_brought_in_both_double_nobody(world: Five) -> None:
    first, second = previewed(world.ben, export(3)), previewed(world.ben, export(3))

    for batch in (first, second):
        done(actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={}))

    assert Person.objects.exclude(source_sha="").count() == 3 and Case.objects.exclude(source_sha="").count() == 3


def test_a_newer_export_updates_names_and_brings_the_new(world: Five) -> None:
    applied(world.ben, world.team, export(2))
    newer = export(3)
    newer.rows["Client"][0]["LastName"] = "Renamed"

    batch = applied(world.ben, world.team, newer)

    assert (batch.counts["people"], batch.counts["updated"]) == (1, 1)
    (renamed,) = [person for person in Person.objects.all() if person.last_name == "Renamed"]
    held = set(renamed.name_tokens.values_list("token", flat=True))
    assert held == tokens(world.agency.pk, "First00000", "Renamed")


def test_what_somebody_changed_here_is_never_written_over(world: Five) -> None:
    applied(world.ben, world.team, export(1))
    person = Person.objects.exclude(source_sha="").get()
    person.last_name = "Chosen"
    person.save(update_fields=["last_name"])
    newer = export(1, LastName="Exported")

    batch = applied(world.ben, world.team, newer)

    person.refresh_from_db()
    assert person.last_name == "Chosen" and batch.counts["kept_as_changed_here"] == 1


def test_the_same_person_of_another_agency_is_another_person(world: Five) -> None:
    world.dov.roles_held.create(role="supervisor")
    applied(world.ben, world.team, export(1))

    other = applied(world.dov, world.dov.team, export(1))  # type: ignore[arg-type]

    assert other.counts["people"] == 1
    assert Person.objects.exclude(source_sha="").values("source_sha").distinct().count() == 2


def test_taken_back_everything_is_as_before(world: Five) -> None:
    before = snapshot()
    batch = applied(world.ben, world.team, export(5), workers={"Shelter": world.ana})
    assert snapshot() != before

    batch = undone(world.ben, batch)

    assert batch.state == State.UNDONE and snapshot() == before
    assert batch.counts["undone"] == {"cases": 5, "people": 5, "reverted": 0, "kept": 0}
    assert AuditEntry.objects.filter(act="caseload.undo").count() == 1


def test_what_somebody_worked_on_stays_and_the_rest_goes(world: Five) -> None:
    batch = applied(world.ben, world.team, export(4))
    worked = batch.cases.order_by("pk")[0]
    planned = batch.cases.order_by("pk")[1]
    note(worked, world)
    planned.next_contact_on = date(2026, 12, 1)
    planned.save(update_fields=["next_contact_on"])

    batch = undone(world.ben, batch)

    assert set(batch.cases.values_list("pk", flat=True)) == {worked.pk, planned.pk}
    assert batch.counts["undone"]["kept"] == 2 and Person.objects.exclude(source_sha="").count() == 2
    assert Note.objects.filter(case=worked).exists()


@pytest.mark.parametrize("what", ["consents", "contacts", "pronouns"])
def test_a_person_whose_file_was_kept_up_stays(world: Five, what: str) -> None:
    batch = applied(world.ben, world.team, export(2))
    person = rows_of(batch)[0]
    if what == "consents":
        person.consents.create(purpose="count", offered_at=timezone.now())
    elif what == "contacts":
        person.contacts.create(channel="phone")
    else:
        person.pronouns = "they/them"
        person.save(update_fields=["pronouns"])

    batch = undone(world.ben, batch)

    assert list(Person.objects.exclude(source_sha="")) == [person] and batch.cases.get().person == person


def test_taking_back_an_update_puts_the_old_name_back(world: Five) -> None:
    applied(world.ben, world.team, export(1))
    batch = applied(world.ben, world.team, export(1, LastName="Renamed"))

    undone(world.ben, batch)

    person = Person.objects.exclude(source_sha="").get()
    assert person.last_name == "Last00000"
    assert set(person.name_tokens.values_list("token", flat=True)) == tokens(world.agency.pk, "First00000", "Last00000")


def test_after_taking_back_the_same_export_can_come_again(world: Five) -> None:
    undone(world.ben, applied(world.ben, world.team, export(3)))

    again = applied(world.ben, world.team, export(3))

    assert (again.counts["people"], again.counts["cases"]) == (3, 3)


def test_a_case_that_another_import_added_to_keeps_its_person(world: Five) -> None:
    first = applied(world.ben, world.team, export(1))
    more = export(1).add("Project", ProjectID="J2", ProjectName="Re-housing")
    more.add("Enrollment", EnrollmentID="E-new", PersonalID="P00000", ProjectID="J2")
    applied(world.ben, world.team, more)

    undone(world.ben, first)

    assert Person.objects.exclude(source_sha="").get().cases.get().programme == "Re-housing"


def test_a_job_that_is_done_twice_does_it_once(world: Five) -> None:
    batch = previewed(world.ben, export(2))
    actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={})

    for _ in range(2):
        jobs.step.call(str(batch.pk))

    assert Case.objects.filter(came_with=batch).count() == 2


def test_a_fault_in_the_middle_leaves_nothing_half(world: Five, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = previewed(world.ben, export(3))
    before = snapshot()
    actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={})

    def fails(*_: object) -> None:
        raise RuntimeError("First00000")

    monkeypatch.setattr(bring, "_households", fails)
    with pytest.raises(RuntimeError):
        jobs.step.call(str(batch.pk))

    batch.refresh_from_db()
    assert snapshot() == before and batch.state == State.PREVIEWED
    assert "Nothing was changed" in batch.why and "First" not in batch.why
    monkeypatch.undo()
    assert done(actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={})).state == State.APPLIED


def test_an_import_that_has_moved_on_is_not_begun_again(world: Five) -> None:
    batch = applied(world.ben, world.team, export(1))

    with pytest.raises(ChangedMeanwhileError):
        actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={})
    with pytest.raises(ChangedMeanwhileError):
        actions.caseload_drop(batch=batch, by=world.ben)


def test_what_was_read_is_forgotten_after_a_day(world: Five) -> None:
    batch = previewed(world.ben, export(1))
    later = timezone.now().timestamp() + files.KEPT_SECONDS + 60

    files.tidy(now=later)
    batch = done(actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={}))

    assert batch.state == State.PREVIEWED and "kept for a day" in batch.why and incoming() == []


def test_victims_rows_are_refused_with_their_number(world: Five) -> None:
    brought = export(2)
    brought.rows["Organization"][0]["VictimServiceProvider"] = "1"

    batch = applied(world.ben, world.team, brought)

    assert batch.counts["people"] == 0 and batch.counts["victim_provider_rows"] >= 4


@pytest.mark.parametrize(
    ("name", "content"), [("export.zip", b"not a zip"), ("letter.docx", b"PK\x03\x04 broken"), ("x.csv", b"a,b\n1,2\n")]
)
def test_what_is_no_export_is_refused_in_words_and_kept_nowhere(world: Five, name: str, content: bytes) -> None:
    before = {path.name for path in incoming()}
    try:
        batch = done(actions.caseload_begin(by=world.ben, uploads=[SimpleUploadedFile(name, content)]))
        assert batch.state == State.REFUSED and batch.why
    except PracticeError as error:
        assert "HUD CSV export" in str(error)

    assert {path.name for path in incoming()} == before


def test_a_zip_that_is_a_trap_is_refused(world: Five, settings: object) -> None:
    settings.UPWELL_UPLOAD_BYTES = 1000  # type: ignore[attr-defined]

    with pytest.raises(PracticeError, match="unpacks to more"):
        actions.caseload_begin(by=world.ben, uploads=[upload(export(200))])


@pytest.mark.parametrize("name", ["../../ring.json", "/etc/passwd", "Client.csv\0.zip"])
def test_an_upload_never_leaves_its_folder(world: Five, name: str) -> None:
    ring = (Path(settings.UPWELL_HOME) / "ring.json").read_bytes()
    with pytest.raises(PracticeError):
        actions.caseload_begin(by=world.ben, uploads=[SimpleUploadedFile(name or "x", b"x")])

    assert (Path(settings.UPWELL_HOME) / "ring.json").read_bytes() == ring


def test_several_csv_files_are_an_export(world: Five) -> None:
    each = [SimpleUploadedFile(name, content) for name, content in export(2).bytes().items()]

    batch = done(actions.caseload_begin(by=world.ben, uploads=each))

    assert batch.state == State.PREVIEWED and batch.counts["people_new"] == 2


def test_a_row_remembers_what_the_export_said_without_saying_it(world: Five) -> None:
    applied(world.ben, world.team, export(1))

    row = CaseloadRow.objects.get()
    assert row.made and len(row.came_sha) == 64 and row.before == ""
    assert UUID(str(row.person_id))


def test_files_of_nobody_are_no_error(world: Five) -> None:
    empty = Files()
    empty.add("Export")

    batch = applied(world.ben, world.team, empty)

    assert batch.counts["people"] == 0 and batch.state == State.APPLIED


@pytest.mark.django_db(transaction=True)  # the worker closes connections between its steps
def test_the_worker_command_does_an_import_from_upload_to_case(world: Five) -> None:
    batch = actions.caseload_begin(by=world.ben, uploads=[upload(export(1))])
    jobs.step.enqueue(str(batch.pk))  # as on_commit does outside a test's transaction

    call_command("work", once=True)

    batch.refresh_from_db()
    assert batch.state == State.PREVIEWED
