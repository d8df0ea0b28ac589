"""The door: a code and nothing else, slow to guess, silent about why it stays shut."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.five import Five
from factories.person import portal_sign_in
from upwell.practice.person import actions, codes, door
from upwell.practice.person.models import CodeMiss, PortalAccess
from upwell.web.portal import session

DOOR = "/me/"


def opened(client: Client) -> bool:
    return client.get(reverse("portal_home")).status_code == 200


def knock(client: Client, code: str, **extra: str) -> str:
    """What the door answers, without what differs in every page."""
    page = client.post(DOOR, {"code": code}, **extra).content.decode()
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_code_has_59_bits_of_signs_that_cannot_be_mistaken() -> None:
    made = {codes.make() for _ in range(500)}

    assert len(made) == 500
    assert len(codes.ALPHABET) ** codes.LENGTH > 2**55
    assert not set("01ILOU") & set(codes.ALPHABET)
    assert all([len(group) for group in code.split("-")] == [4, 4, 4] for code in made)


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} "]
)
def test_the_code_opens_however_it_is_typed(world: Five, client: Client, typed: object) -> None:
    code = actions.portal_issue(person=world.eve, by=world.ana)

    client.post(DOOR, {"code": typed(code)})  # type: ignore[operator]

    assert opened(client)


def test_the_database_holds_no_code_and_nobody_can_compute_its_digest_without_the_ring(world: Five) -> None:
    code = actions.portal_issue(person=world.eve, by=world.ana)

    held = PortalAccess.objects.values().get(person=world.eve)

    assert not any(code in str(value) or code.replace("-", "") in str(value) for value in held.values())
    assert held["code_sha256"] == codes.digest(code) != codes.digest(code[:-1])


def test_a_wrong_a_shut_and_a_replaced_code_get_the_same_answer(world: Five, client: Client) -> None:
    replaced = actions.portal_issue(person=world.eve, by=world.ana)
    shut = actions.portal_issue(person=world.eve, by=world.ana)
    actions.portal_shut(person=world.eve, by=world.ana)

    answers = {knock(client, code) for code in (replaced, shut, codes.make(), "", "no code at all")}

    assert len(answers) == 1 and not opened(client)


def test_a_new_code_ends_the_session_of_the_old_one(world: Five, eve: Client) -> None:
    assert opened(eve)

    actions.portal_issue(person=world.eve, by=world.ana)

    assert not opened(eve)


def test_ten_wrong_codes_make_the_right_one_wait_and_only_from_there(world: Five) -> None:
    code = actions.portal_issue(person=world.eve, by=world.ana)
    guesser, at_home = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    for _ in range(door.MISSES_A_SOURCE):
        knock(guesser, codes.make())

    assert guesser.post(DOOR, {"code": code}).status_code == 429
    assert at_home.post(DOOR, {"code": code}).status_code == 302


def test_after_a_quarter_of_an_hour_the_code_works_again(world: Five, client: Client) -> None:
    code = actions.portal_issue(person=world.eve, by=world.ana)
    for _ in range(door.MISSES_A_SOURCE):
        knock(client, codes.make())
    CodeMiss.objects.update(at=timezone.now() - door.WINDOW - timedelta(seconds=1))

    client.post(DOOR, {"code": code})

    assert opened(client)


def test_guessing_from_all_over_is_slowed(world: Five, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MISSES_IN_ALL", 5)
    for number in range(5):
        knock(client, codes.make(), REMOTE_ADDR=f"192.0.2.{number}")

    assert client.post(DOOR, {"code": codes.make()}, REMOTE_ADDR="192.0.2.99").status_code == 429


def test_where_a_wrong_code_came_from_is_not_kept(world: Five, client: Client) -> None:
    knock(client, codes.make(), REMOTE_ADDR="192.0.2.77")

    assert "192.0.2.77" not in str(CodeMiss.objects.values().get())


def test_old_misses_are_forgotten(world: Five, client: Client) -> None:
    CodeMiss.objects.create(source="x", at=timezone.now() - timedelta(days=2))

    knock(client, codes.make())

    assert CodeMiss.objects.count() == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_answered_and_opens_nothing(text: str) -> None:
    CodeMiss.objects.all().delete()

    response = Client().post(DOOR, {"code": text.encode("utf-8", "ignore").decode()})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "\x00", "a" * 5000, "../../etc/passwd", "6f1c0e0a-7a3b-4c1d-8e2f-000000000001", '"\\000aaaaaaaaaa"'],
)
def test_any_cookie_is_answered_and_opens_nothing(world: Five, client: Client, cookie: str) -> None:
    client.cookies[session.COOKIE] = cookie

    assert client.get(reverse("portal_home")).headers["Location"] == DOOR


@pytest.mark.parametrize("language", ["es", "en", "xx", "", "\x00", "e" * 600, "../x"])
def test_the_door_speaks_the_language_that_is_asked_for(world: Five, client: Client, language: str) -> None:
    page = client.get(DOOR, {"language": language}).content.decode()

    assert f'<html lang="{language if language in {"es", "en"} else "en"}"' in page


def test_twenty_idle_minutes_end_the_session(world: Five, eve: Client) -> None:
    key = eve.cookies[session.COOKIE].value
    store = session.SessionStore(session_key=key)
    store["seen"] = (timezone.now() - timedelta(minutes=19)).isoformat()
    store.save()
    assert opened(eve)

    store["seen"] = (timezone.now() - timedelta(minutes=21)).isoformat()
    store.save()
    assert not opened(eve)
    assert not Session.objects.filter(session_key=key).exists()


def test_the_session_holds_the_handle_and_no_person(world: Five, eve: Client) -> None:
    held = dict(session.SessionStore(session_key=eve.cookies[session.COOKIE].value).items())

    assert str(world.eve.pk) not in str(held)
    assert held["handle"] == str(PortalAccess.objects.get(person=world.eve).handle)


def test_a_clients_session_opens_no_workers_page_and_the_reverse(world: Five, eve: Client, client: Client) -> None:
    client.force_login(world.ana)
    workers_key, clients_key = client.cookies["sessionid"].value, eve.cookies[session.COOKIE].value
    cases = reverse("person", args=[world.case.pk])

    assert eve.get(cases).status_code == 302 and "/account/login" in eve.get(cases).headers["Location"]
    eve.cookies["sessionid"] = clients_key
    assert "/account/login" in eve.get(cases).headers["Location"]
    client.cookies[session.COOKIE] = workers_key
    assert client.get(reverse("portal_home")).headers["Location"] == DOOR


def test_a_worker_and_a_client_on_one_device_keep_their_own_sessions(world: Five, client: Client) -> None:
    client.force_login(world.ana)
    portal_sign_in(client, world.eve, world.ana)

    page = client.get(reverse("portal_home")).content.decode()

    assert "Ana Alvarez" not in page and "data-lock-minutes" not in page
    assert client.get(reverse("person", args=[world.case.pk])).status_code == 200
    client.get(reverse("portal_leave"))
    assert client.get(reverse("person", args=[world.case.pk])).status_code == 200


def test_the_cookie_is_sent_to_these_pages_only_and_not_to_scripts(world: Five, eve: Client) -> None:
    cookie = eve.cookies[session.COOKIE]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (DOOR, True, "Strict")
