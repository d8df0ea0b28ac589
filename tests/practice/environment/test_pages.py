"""The environment's pages: everybody reads, some keep, nothing is doubled."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.environment import policy, step
from factories.five import Five, five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.environment.models import Place, Policy, PolicyChange, Service, System


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture
def cleo(world: Five, client: Client) -> Client:
    client.force_login(world.cleo)
    return client


@pytest.mark.parametrize("who", ["ana", "ben", "cleo", "dov"])
def test_everybody_reads_it_whatever_the_agency(client: Client, world: Five, who: str):
    client.force_login(getattr(world, who))

    page = client.get(reverse("environment")).content.decode()

    assert "Birth certificates by post only" in page
    assert "County Records Office" in page
    assert "Certificate desk" in page
    assert client.get(reverse("policy", args=[world.policy.pk])).status_code == 200
    assert client.get(reverse("system", args=[world.office.pk])).status_code == 200


KEEPING = ["places", "place_add", "system_add", "service_add", "policy_add"]


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("dov", 403), ("ben", 403), ("cleo", 200)])
@pytest.mark.parametrize("name", KEEPING)
def test_only_some_keep_it(client: Client, world: Five, name: str, who: str, status: int):
    client.force_login(getattr(world, who))

    assert client.get(reverse(name)).status_code == status


def test_whoever_only_reads_sees_no_way_to_change(client: Client, world: Five):
    client.force_login(world.ana)

    page = client.get(reverse("policy", args=[world.policy.pk])).content.decode()

    assert "Add to the history" not in page
    assert "Correct this" not in page
    assert client.post(reverse("policy_step", args=[world.policy.pk]), {}).status_code == 403


@pytest.mark.parametrize(
    ("words", "there"),
    [("certificate", True), ("CERTIFICATE", True), ("records office", True), ("zeppelin", False), ("%", False)],
)
def test_search_finds_words_in_any_case(cleo: Client, words: str, there: bool):
    page = cleo.get(reverse("environment"), {"q": words}).content.decode()

    assert ("Birth certificates by post only" in page) == there


@pytest.mark.parametrize("words", ["\x00", "x" * 5000, "'\"<script>", "\\", "é"])
def test_any_words_can_be_searched_for(cleo: Client, words: str):
    page = cleo.get(reverse("environment"), {"q": words})

    assert page.status_code == 200
    assert b"<script>" not in page.content


def test_a_long_list_says_how_long_it_is(cleo: Client):
    for number in range(55):
        policy(f"Rule {number:02}")

    assert "The first 50 of 56" in cleo.get(reverse("environment")).content.decode()


def test_the_page_costs_few_queries(cleo: Client, world: Five, django_assert_max_num_queries: object):
    for number in range(40):
        policy(f"Rule {number:02}", system=world.office, place=world.county)

    with django_assert_max_num_queries(14):
        cleo.get(reverse("environment"))


def test_an_institution_is_added_once_and_audited_without_a_person(cleo: Client, world: Five):
    fields = {"name": "Fenn Court", "kind": "court", "place": world.county.pk}

    first = cleo.post(reverse("system_add"), fields)
    second = cleo.post(reverse("system_add"), fields)

    made = System.objects.get(name="Fenn Court")
    assert first.headers["Location"] == second.headers["Location"] == reverse("system", args=[made.pk])
    assert AuditEntry.objects.get(act="system.add").subject == ""


def test_a_place_a_service_and_a_policy_are_added_once(cleo: Client, world: Five):
    place = {"name": "Reedham", "kind": "town", "parent": world.county.pk, "code": ""}
    service = {"name": "Night desk", "system": world.office.pk, "domain": "housing", "active": "on"}
    rule = {"title": "No night intake", "kind": "practice", "state": "in_force", "domain": "housing"}

    for _ in range(2):
        cleo.post(reverse("place_add"), place)
        cleo.post(reverse("service_add"), service)
        cleo.post(reverse("policy_add"), rule)

    assert Place.objects.get(name="Reedham").county == world.county
    assert Service.objects.get(name="Night desk").active
    assert Policy.objects.get(title="No night intake").state == "in_force"


def test_what_is_there_can_be_corrected(cleo: Client, world: Five):
    cleo.post(reverse("system_change", args=[world.office.pk]), {"name": "Records", "kind": "records", "place": ""})
    cleo.post(
        reverse("service_change", args=[world.service.pk]),
        {"name": "Desk", "system": world.office.pk, "domain": "documents"},
    )
    cleo.post(
        reverse("policy_change", args=[world.policy.pk]),
        {"title": "Post only", "kind": "practice", "domain": "documents", "state": "ended"},
    )
    cleo.post(
        reverse("place_change", args=[world.town.pk]), {"name": "Fenn", "kind": "town", "parent": world.county.pk}
    )

    world.office.refresh_from_db()
    world.service.refresh_from_db()
    world.policy.refresh_from_db()
    world.town.refresh_from_db()
    assert (world.office.name, world.office.place) == ("Records", None)
    assert (world.service.name, world.service.active) == ("Desk", False)
    assert (world.policy.title, world.policy.state) == ("Post only", "in_force")
    assert world.town.name == "Fenn"
    assert AuditEntry.objects.get(act="system.change").fields == "name,place"


def test_nothing_changed_leaves_no_row_in_the_audit(cleo: Client, world: Five):
    fields = {"name": world.office.name, "kind": world.office.kind, "place": world.county.pk}

    cleo.post(reverse("system_change", args=[world.office.pk]), fields)

    assert not AuditEntry.objects.filter(act="system.change").exists()


def test_a_step_in_the_history_sets_the_state_and_is_added_once(cleo: Client, world: Five):
    today = timezone.localdate()
    fields = {"action": "ended", "on": today.isoformat(), "words": "Forms are now taken at the desk."}

    cleo.post(reverse("policy_step", args=[world.policy.pk]), fields)
    cleo.post(reverse("policy_step", args=[world.policy.pk]), fields)

    world.policy.refresh_from_db()
    assert world.policy.state == "ended"
    assert PolicyChange.objects.count() == 1
    assert AuditEntry.objects.get(act="policy.step").fields == "action,on,words"
    assert "Forms are now taken" in cleo.get(reverse("policy", args=[world.policy.pk])).content.decode()


def test_an_older_step_entered_late_does_not_bring_a_policy_back(cleo: Client, world: Five):
    today = timezone.localdate()
    step(world.policy, today - timedelta(days=10), "ended")

    cleo.post(
        reverse("policy_step", args=[world.policy.pk]),
        {"action": "in_force", "on": (today - timedelta(days=300)).isoformat()},
    )

    world.policy.refresh_from_db()
    assert world.policy.state == "ended"


def test_the_history_stands_newest_first(cleo: Client, world: Five):
    step(world.policy, timezone.localdate() - timedelta(days=9), "proposed")
    step(world.policy, timezone.localdate(), "amended")

    page = cleo.get(reverse("policy", args=[world.policy.pk]))

    assert [one.action for one in page.context["history"]] == ["amended", "proposed"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("system_add", {"name": "", "kind": "court"}),
        ("system_add", {"name": "a\x00", "kind": "court"}),
        ("system_add", {"name": "A", "kind": "castle"}),
        ("system_add", {"name": "A", "kind": "court", "place": "9" * 40}),
        ("system_add", {"name": "A" * 200, "kind": "court"}),
        ("service_add", {"name": "A", "system": "x", "domain": "food"}),
        ("service_add", {"name": "A", "system": str(uuid4()), "domain": "food"}),
        ("policy_add", {"title": "A", "kind": "law", "domain": "food", "state": "in_force", "summary": "x" * 1001}),
        ("policy_add", {"csrfmiddlewaretoken": "x"}),
        ("place_add", {"name": "A", "kind": "state", "parent": "county"}),
        ("place_add", {"name": "A", "kind": "county", "parent": "county"}),
        ("place_add", {"name": "A", "kind": "town", "parent": "town"}),
    ],
)
def test_a_bad_form_is_explained(cleo: Client, world: Five, name: str, fields: dict[str, str]):
    real = {"county": world.county.pk, "town": world.town.pk}

    page = cleo.post(reverse(name), {field: real.get(value, value) for field, value in fields.items()})

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


@pytest.mark.parametrize("on", ["", "x", "0001-01-01", "99999-01-01", "2026-02-30"])
def test_a_step_on_no_day_is_explained(cleo: Client, world: Five, on: str):
    page = cleo.post(reverse("policy_step", args=[world.policy.pk]), {"action": "amended", "on": on})

    assert 'role="alert"' in page.content.decode()
    assert PolicyChange.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["policy", "policy_change", "policy_step", "system", "system_change", "service_change"]
)
def test_what_is_not_there_is_not_found(cleo: Client, name: str):
    assert cleo.get(reverse(name, args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 40])
def test_a_place_that_is_not_there_is_not_found(cleo: Client, number: str):
    assert cleo.get(f"/environment/places/{number}/change").status_code == 404


def test_a_link_from_an_institution_fills_it_in(cleo: Client, world: Five):
    page = cleo.get(reverse("policy_add"), {"system": str(world.office.pk)}).content.decode()

    assert f'<option value="{world.office.pk}" selected' in page
    assert cleo.get(reverse("service_add"), {"system": "\x00'"}).status_code == 200
