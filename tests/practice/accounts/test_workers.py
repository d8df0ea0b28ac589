"""Workers: invited once, trusted with roles, switched off at once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import administrator
from factories.five import Five, five
from upwell.practice.accounts import actions, rules
from upwell.practice.accounts.models import AuditEntry, Invitation, Role, Worker
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.errors import NotAllowedError

NEW = "seven-quiet-lanterns"


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture
def fay(world: Five) -> Worker:
    return administrator(world.agency)


@pytest.fixture
def desk(fay: Worker, client: Client) -> Client:
    client.force_login(fay)
    return client


def invite(desk: Client, world: Five, **more: object) -> str:
    """The path of the link that the page shows."""
    fields = {"name": "Gus Green", "email": "gus@example.org", "roles": ["case_worker"], "team": world.team.pk}
    page = desk.post(reverse("worker_invite"), fields | more)
    return re.search(r'value="http://testserver([^"]+)"', page.content.decode()).group(1)


def accept(path: str, **more: object) -> object:
    return Client().post(path, {"name": "Gus Green", "password": NEW, "again": NEW} | more)


def test_an_invited_worker_chooses_a_password_and_signs_in(desk: Client, world: Five):
    path = invite(desk, world)
    accept(path)
    gus = Client()

    signed_in = gus.post(reverse("account_login"), {"login": "gus@example.org", "password": NEW})

    assert signed_in.headers["Location"] == reverse("home")
    made = Worker.objects.get(email="gus@example.org")
    assert (made.agency, made.team, made.roles) == (world.agency, world.team, {"case_worker"})
    assert gus.get(reverse("rights")).status_code == 200


def test_the_link_is_kept_as_a_digest_only(desk: Client, world: Five):
    token = invite(desk, world).rsplit("/", 1)[1]

    kept = Invitation.objects.values().get()

    assert token not in str(kept)


def test_the_link_is_mailed_where_mail_is_set_up(desk: Client, world: Five):
    path = invite(desk, world)

    assert path in mail.outbox[0].body
    assert mail.outbox[0].to == ["gus@example.org"]


def test_without_mail_the_page_says_to_hand_the_link_over(desk: Client, world: Five, settings: object):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    page = desk.post(reverse("worker_invite"), {"name": "G", "email": "g@example.org", "roles": ["case_worker"]})

    assert "hand it over yourself" in page.content.decode()


def test_mail_that_does_not_go_out_still_leaves_the_link_on_the_page(desk: Client, world: Five, settings: object):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    page = desk.post(reverse("worker_invite"), {"name": "G", "email": "g@example.org", "roles": ["case_worker"]})

    assert "hand it over yourself" in page.content.decode()


def test_a_link_works_once(desk: Client, world: Five):
    path = invite(desk, world)
    accept(path)

    again = accept(path, name="Mallory")
    page = Client().get(path)

    assert (again.status_code, page.status_code) == (410, 410)
    assert "no longer works" in page.content.decode()
    assert Worker.objects.get(email="gus@example.org").name == "Gus Green"


def test_a_link_expires_after_seven_days(desk: Client, world: Five):
    path = invite(desk, world)
    Invitation.objects.update(expires=timezone.now())

    assert accept(path).status_code == 410
    assert timedelta(days=7) == rules.INVITATION_HOLDS


@pytest.mark.parametrize("token", ["x", "%00", "a" * 3000, "ü"])
def test_a_link_that_was_never_ours_says_the_same(token: str):
    assert Client().get(f"/account/invitation/{token}").status_code == 410


def test_a_newer_invitation_shuts_the_older(desk: Client, world: Five):
    older = invite(desk, world)

    newer = invite(desk, world)

    assert (accept(older).status_code, accept(newer).status_code) == (410, 302)


def test_an_invitation_can_be_taken_back(desk: Client, world: Five):
    path = invite(desk, world)

    desk.post(reverse("invitation_take_back", args=[Invitation.objects.get().pk]))

    assert accept(path).status_code == 410


def test_another_agencys_invitation_cannot_be_taken_back(desk: Client, world: Five):
    other = administrator(world.other_agency, name="Hal Hill")
    made = actions.worker_invite(by=other, name="I", email="i@example.org", roles=["case_worker"], team=None)

    answer = desk.post(reverse("invitation_take_back", args=[made.invitation.pk]))

    assert answer.status_code == 404
    assert accept(f"/account/invitation/{made.token}").status_code == 302


def test_an_address_of_another_agency_is_not_told(desk: Client, world: Five):
    path = invite(desk, world, email="dov@example.org")

    answer = accept(path)

    assert answer.status_code == 410
    assert Worker.objects.get(email="dov@example.org").agency == world.other_agency


def test_an_address_of_a_colleague_is_refused_with_a_sentence(desk: Client, world: Five):
    fields = {"name": "A", "email": "ANA@example.org", "roles": ["case_worker"]}

    assert "works here already" in desk.post(reverse("worker_invite"), fields).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"password": "short", "again": "short"},
        {"again": "another-long-password"},
        {"password": "gus@example.org", "again": "gus@example.org"},
        {"name": ""},
        {"name": "x" * 200},
        {"password": "", "again": ""},
        {"name": "a\x00b"},
    ],
)
def test_a_bad_choice_is_explained_and_the_link_stays_open(desk: Client, world: Five, bad: dict[str, str]):
    path = invite(desk, world)

    refused = accept(path, **bad)

    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    assert accept(path).status_code == 302


@pytest.mark.parametrize(
    "bad",
    [
        {"email": "x"},
        {"email": "a" * 300 + "@example.org"},
        {"roles": ["king"]},
        {"roles": []},
        {"team": "9" * 30},
        {"team": "x"},
        {"name": "\x00"},
    ],
)
def test_a_bad_invitation_is_explained(desk: Client, world: Five, bad: dict[str, object]):
    fields = {"name": "G", "email": "g@example.org", "roles": ["case_worker"]}

    page = desk.post(reverse("worker_invite"), fields | bad)

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert Invitation.objects.count() == 0


def test_a_team_of_another_agency_cannot_be_chosen(desk: Client, world: Five):
    page = desk.post(reverse("worker", args=[world.ana.pk]), {"roles": ["case_worker"], "team": world.dov.team.pk})

    assert page.status_code == 200
    world.ana.refresh_from_db()
    assert world.ana.team == world.team


def test_roles_and_team_change(desk: Client, world: Five):
    desk.post(reverse("worker", args=[world.ana.pk]), {"roles": ["supervisor", "advocate"], "team": ""})

    ana = Worker.objects.get(pk=world.ana.pk)
    assert (ana.roles, ana.team) == ({"supervisor", "advocate"}, None)
    row = AuditEntry.objects.get(act="worker.change")
    assert (row.object, row.fields) == (f"accounts.Worker:{ana.pk}", "roles,team")


def test_switched_off_every_session_ends_and_stays_ended(desk: Client, world: Five):
    ana = Client()
    ana.force_login(world.ana)

    desk.post(reverse("worker_switch", args=[world.ana.pk]), {"on": "0"})
    off = ana.get(reverse("rights"))
    desk.post(reverse("worker_switch", args=[world.ana.pk]), {"on": "1"})

    assert off.status_code == 302
    assert ana.get(reverse("rights")).status_code == 302
    assert list(AuditEntry.objects.filter(act__startswith="worker.switch").values_list("act", flat=True)) == [
        "worker.switch_off",
        "worker.switch_on",
    ]


def test_switching_one_off_leaves_the_others_signed_in(desk: Client, world: Five):
    ben = Client()
    ben.force_login(world.ben)

    desk.post(reverse("worker_switch", args=[world.ana.pk]), {"on": "0"})

    assert ben.get(reverse("rights")).status_code == 200


def test_the_last_administrator_stays(desk: Client, fay: Worker):
    desk.post(reverse("worker_switch", args=[fay.pk]), {"on": "0"})
    page = desk.post(reverse("worker", args=[fay.pk]), {"roles": ["advocate"]})

    fay.refresh_from_db()
    assert fay.is_active
    assert "Somebody must manage workers" in page.content.decode()
    assert Worker.objects.get(pk=fay.pk).roles == {"administrator"}


def test_one_of_two_administrators_may_leave(desk: Client, world: Five, fay: Worker):
    administrator(world.agency, name="Hal Hill")

    desk.post(reverse("worker_switch", args=[fay.pk]), {"on": "0"})

    fay.refresh_from_db()
    assert not fay.is_active


def test_an_administrator_elsewhere_or_switched_off_does_not_count(world: Five, fay: Worker):
    administrator(world.other_agency, name="Hal Hill")
    off = administrator(world.agency, name="Ida Iron")
    off.is_active = False
    off.save()

    with pytest.raises(NotAllowedError):
        actions.worker_switch(worker=fay, by=fay, on=False)


def test_a_new_link_sets_a_new_password_and_keeps_the_roles(desk: Client, world: Five):
    page = desk.post(reverse("worker_new_link", args=[world.ana.pk]))
    path = re.search(r'value="http://testserver([^"]+)"', page.content.decode()).group(1)

    accept(path, name="Ana Alvarez")

    ana = Worker.objects.get(pk=world.ana.pk)
    assert ana.check_password(NEW)
    assert ana.roles == {"case_worker"}


def test_a_new_link_ends_the_sessions_of_the_old_password(desk: Client, world: Five):
    old = Client()
    old.force_login(world.ana)
    made = actions.worker_new_link(worker=world.ana, by=administrator(world.agency, name="Hal Hill"))

    accept(f"/account/invitation/{made.token}")

    assert old.get(reverse("rights")).status_code == 302


def test_a_link_of_somebody_switched_off_meanwhile_does_not_work(desk: Client, world: Five, fay: Worker):
    made = actions.worker_new_link(worker=world.ana, by=fay)
    actions.worker_switch(worker=world.ana, by=fay, on=False)

    assert accept(f"/account/invitation/{made.token}").status_code == 410


@pytest.mark.parametrize("name", ["worker", "worker_switch", "worker_new_link"])
def test_a_worker_of_another_agency_is_not_there(desk: Client, world: Five, name: str):
    assert desk.post(reverse(name, args=[world.dov.pk]), {"on": "0"}).status_code == 404
    world.dov.refresh_from_db()
    assert world.dov.is_active


@pytest.mark.parametrize("who", ["ana", "ben", "cleo"])
def test_only_an_administrator_manages_workers(client: Client, world: Five, who: str):
    client.force_login(getattr(world, who))

    assert client.get(reverse("workers")).status_code == 403
    assert client.post(reverse("worker_invite"), {}).status_code == 403
    assert client.post(reverse("worker_switch", args=[world.ana.pk])).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: Client):
    assert client.get(reverse("workers")).headers["Location"].startswith(reverse("account_login"))


def test_the_list_shows_the_own_agency_in_few_queries(desk: Client, world: Five, django_assert_max_num_queries: object):
    invite(desk, world)

    with django_assert_max_num_queries(12):
        page = desk.get(reverse("workers")).content.decode()

    assert "Ana Alvarez" in page
    assert "Case worker" in page
    assert "gus@example.org" in page
    assert "Dov" not in page


def test_the_own_account_changes_name_and_language(client: Client, world: Five):
    client.force_login(world.ana)

    client.post(reverse("own_account"), {"name": "Ana A.", "language": "es"})
    page = client.get(reverse("own_account")).content.decode()

    assert '<html lang="es"' in page
    assert AuditEntry.objects.get(act="own.account").fields == "language,name"


@pytest.mark.parametrize("bad", [{"name": ""}, {"name": "\x00"}, {"language": "xx"}, {"name": "x" * 121}])
def test_a_bad_account_is_explained(client: Client, world: Five, bad: dict[str, str]):
    client.force_login(world.ana)

    page = client.post(reverse("own_account"), {"name": "Ana", "language": "en"} | bad)

    assert 'role="alert"' in page.content.decode()


def test_every_right_stands_on_one_page(client: Client, world: Five):
    client.force_login(world.ana)

    page = client.get(reverse("rights")).content.decode()

    assert page.count('<th scope="row">') == len(RIGHTS)
    assert all(str(role.label) in page for role in Role)
    assert "You are: Case worker." in page
