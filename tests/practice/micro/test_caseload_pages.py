"""The pages of bringing a caseload in: who may, what they show at each state, and what bad input does."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from factories.caseload import applied, done, export, previewed, undone, upload
from factories.five import Five, five
from upwell.practice.accounts.models import Role
from upwell.practice.micro.actions import caseload as actions
from upwell.practice.micro.models import CaseloadImport


@pytest.fixture()
def world() -> Five:
    return five()


@pytest.fixture()
def ben(client: Client, world: Five) -> Client:
    client.force_login(world.ben)
    return client


def address(batch: CaseloadImport, name: str = "caseload_import") -> str:
    return reverse(name, args=[batch.pk])


def test_an_upload_leads_to_its_own_page_and_back_to_a_preview(ben: Client, world: Five) -> None:
    answer = ben.post(reverse("caseload"), {"export": upload(export(3))})

    batch = CaseloadImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, address(batch))
    assert "being read" in ben.get(address(batch)).content.decode()
    done(batch)
    shown = ben.get(address(batch)).content.decode()
    assert "Nothing has come in yet" in shown and "Shelter" in shown and "First0" not in shown


def test_a_page_in_progress_renews_itself_with_and_without_script(ben: Client, world: Five) -> None:
    batch = actions.caseload_begin(by=world.ben, uploads=[upload(export(1))])

    page = ben.get(address(batch)).content.decode()
    part = ben.get(address(batch), headers={"HX-Request": "true"}).content.decode()
    done(batch)
    after = ben.get(address(batch), headers={"HX-Request": "true"})

    assert '<noscript><meta http-equiv="refresh"' in page and "X-Upwell-Background" in page
    assert part.startswith("<div hx-get") and after["HX-Refresh"] == "true"


def test_bringing_in_and_taking_back_by_hand(ben: Client, world: Five) -> None:
    batch = previewed(world.ben, export(2))

    ben.post(address(batch, "caseload_apply"), {"team": world.team.pk, "worker_0": world.ana.pk})
    done(batch)
    shown = ben.get(address(batch)).content.decode()
    assert "2 new people came in" in shown and "Take it all back" in shown
    assert world.ana.name in ben.get(reverse("caseload")).content.decode() or "Brought in" in shown

    ben.post(address(batch, "caseload_undo"))
    done(batch)
    assert "2 cases were taken back" in ben.get(address(batch)).content.decode()


def test_after_some_work_the_page_offers_the_rest(ben: Client, world: Five) -> None:
    batch = applied(world.ben, world.team, export(3))
    case = batch.cases.order_by("pk")[0]
    case.state = "intake"
    case.save(update_fields=["state"])

    shown = ben.get(address(batch)).content.decode()

    assert (
        "worked on 1 of these cases" in shown and "Take the rest back" in shown and "2 cases were not touched" in shown
    )


def test_reasons_are_told_with_file_and_line(ben: Client, world: Five) -> None:
    files = export(2).add("Enrollment", EnrollmentID="E-lost", PersonalID="nobody")
    batch = previewed(world.ben, files)

    shown = ben.get(address(batch)).content.decode()

    assert (
        "Enrollment.csv" in shown
        and "line 4" in shown
        and "nobody" not in shown.lower().replace("nobody yet", "").replace("nobody should", "")
    )


def test_a_victim_providers_rows_are_told_with_the_reason(ben: Client, world: Five) -> None:
    files = export(2)
    files.rows["Organization"][0]["VictimServiceProvider"] = "1"

    assert "victim service provider" in ben.get(address(previewed(world.ben, files))).content.decode()


def test_a_form_sent_twice_brings_in_once(ben: Client, world: Five) -> None:
    batch = previewed(world.ben, export(2))

    for _ in range(2):
        answer = ben.post(address(batch, "caseload_apply"), {"team": world.team.pk})
        assert answer.status_code == 302
    done(batch)

    assert batch.cases.count() == 2


def test_another_agencys_team_or_worker_is_no_choice(ben: Client, world: Five) -> None:
    batch = previewed(world.ben, export(1))
    team = world.dov.team

    for fields in ({"team": team.pk}, {"team": world.team.pk, "worker_0": world.dov.pk}):  # type: ignore[union-attr]
        assert ben.post(address(batch, "caseload_apply"), fields).status_code == 200

    batch.refresh_from_db()
    assert batch.state == CaseloadImport.State.PREVIEWED


@pytest.mark.parametrize("name", ["caseload_import", "caseload_apply", "caseload_undo", "caseload_drop"])
def test_another_agencys_import_is_not_there(client: Client, world: Five, name: str) -> None:
    batch = applied(world.ben, world.team, export(1))
    world.dov.roles_held.create(role=Role.SUPERVISOR)
    client.force_login(world.dov)

    answer = client.get(address(batch)) if name == "caseload_import" else client.post(address(batch, name))

    assert answer.status_code == 404
    batch.refresh_from_db()
    assert batch.state == CaseloadImport.State.APPLIED


def test_who_does_not_hold_the_right_is_refused_and_a_stranger_signs_in(client: Client, world: Five) -> None:
    batch = previewed(world.ben, export(1))

    for name in ("caseload_apply", "caseload_undo", "caseload_drop"):
        stranger = Client().post(address(batch, name))
        assert (stranger.status_code, "login" in stranger["Location"]) == (302, True)
    for worker in (world.ana, world.cleo, world.dov):
        client.force_login(worker)
        assert client.get(reverse("caseload")).status_code == 403
        assert client.post(address(batch, "caseload_apply"), {"team": world.team.pk}).status_code == 403


def test_files_sent_anywhere_else_are_not_kept(client: Client, ben: Client, world: Five) -> None:
    sent = {"export": SimpleUploadedFile("x.zip", b"x" * 100_000)}

    for who, where in ((client, reverse("caseload")), (ben, reverse("home"))):
        who.post(where, sent)

    stranger = Client().post(reverse("caseload"), {"export": SimpleUploadedFile("x.zip", b"x")})
    assert stranger.status_code == 302 and not stranger.wsgi_request.FILES
    assert CaseloadImport.objects.filter(state="previewed").count() == 0


def test_a_file_that_is_too_large_is_a_sentence(ben: Client, world: Five, settings: object) -> None:
    settings.UPWELL_UPLOAD_BYTES = 50_000  # type: ignore[attr-defined]

    answer = ben.post(reverse("caseload"), {"export": SimpleUploadedFile("x.zip", b"x" * 3_000_000)})

    assert answer.status_code == 200 and not CaseloadImport.objects.exists()
    assert "Choose the file" in answer.content.decode() or "megabytes" in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n\x00", b"\xff" * 500])
@pytest.mark.parametrize("name", ["export.zip", "Client.csv", "\u202ecsv.exe", "a" * 200 + ".zip"])
def test_no_file_brings_the_page_down(ben: Client, world: Five, content: bytes, name: str) -> None:
    answer = ben.post(reverse("caseload"), {"export": SimpleUploadedFile(name, content)})

    assert answer.status_code in {200, 302}
    for batch in CaseloadImport.objects.all():
        assert done(batch).state == "refused" and ben.get(address(batch)).status_code == 200


@pytest.mark.parametrize("team", ["", "x", "-1", "9" * 40, "\0"])
def test_no_choice_brings_the_page_down(ben: Client, world: Five, team: str) -> None:
    batch = previewed(world.ben, export(1))

    assert ben.post(address(batch, "caseload_apply"), {"team": team, "worker_0": "9" * 30}).status_code == 200
    assert ben.get(reverse("caseload"), {"page": "x" * 50}).status_code == 200
    assert ben.get(reverse("caseload_import", args=[uuid4()])).status_code == 404


def test_every_state_has_a_page(ben: Client, world: Five) -> None:
    dropped = actions.caseload_drop(batch=previewed(world.ben, export(1)), by=world.ben)
    for batch in (dropped, undone(world.ben, applied(world.ben, world.team, export(1)))):
        assert ben.get(address(batch)).status_code == 200
    assert ben.get(reverse("caseload")).content.decode().count("tag") >= 2
