"""Signing in: by e-mail, with a second step, limited, and telling nobody which address is known."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from factories.five import PASSWORD, Five, five
from upwell.practice.accounts.models import AuditEntry

NEW = "seven-quiet-lanterns"


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> Iterator[None]:
    cache.clear()
    yield


def sign_in(browser: Client, email: str = "ana@example.org", password: str = PASSWORD) -> object:
    return browser.post(reverse("account_login"), {"login": email, "password": password})


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(browser: Client) -> str:
    """The second step, set up through its pages; its secret."""
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = browser.get(reverse("mfa_activate_totp"))
    secret = re.search(r"<code>(\w+)</code>", page.content.decode()).group(1)
    browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


def words(page: object) -> str:
    text = re.sub(r'<input type="hidden"[^>]*>|value="[^"]*"', "", page.content.decode())
    return re.sub(r"\s+", " ", text)


def test_a_worker_signs_in_by_e_mail_in_any_case(client: Client, world: Five):
    answer = sign_in(client, "ANA@example.org")

    assert answer.headers["Location"] == reverse("home")
    assert AuditEntry.objects.get(act="account.sign_in").worker == world.ana


def test_a_wrong_password_an_unknown_address_and_a_shut_account_look_the_same(client: Client, world: Five):
    world.cleo.is_active = False
    world.cleo.save()

    wrong = sign_in(client, password="not-this-one-at-all")
    unknown = sign_in(client, "nobody@example.org")
    shut = sign_in(client, "cleo@example.org")

    assert words(wrong) == words(unknown)
    assert shut.status_code in {200, 302}
    assert "The e-mail address or the password is not right." in words(wrong)
    if shut.status_code == 200:
        assert words(shut) == words(wrong)


def test_a_shut_account_with_a_wrong_password_tells_nothing(client: Client, world: Five):
    world.cleo.is_active = False
    world.cleo.save()

    assert words(sign_in(client, "cleo@example.org", "wrong-password")) == words(sign_in(client, "x@example.org"))


def test_after_five_misses_even_the_right_password_waits_and_the_page_says_so(client: Client, world: Five):
    for _ in range(5):
        sign_in(client, password="not-this-one-at-all")

    page = sign_in(client)

    assert "Too many tries. For safety, wait five minutes" in words(page)
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_is_limited_in_the_same_way(client: Client):
    for _ in range(5):
        sign_in(client, "nobody@example.org")

    assert "Too many tries" in words(sign_in(client, "nobody@example.org"))


def test_too_many_requests_from_one_place_get_a_page_in_plain_words(client: Client):
    for number in range(31):
        page = sign_in(client, f"n{number}@example.org")

    assert page.status_code == 429
    assert "wait a few minutes" in words(page)


@pytest.mark.parametrize("bad", [{"login": "\x00"}, {"login": "x" * 5000}, {"password": "\x00" * 10}, {}])
def test_bad_input_is_no_fault_of_the_server(client: Client, bad: dict[str, str]):
    assert client.post(reverse("account_login"), bad).status_code == 200


def test_pages_that_are_not_needed_are_not_routed(client: Client, world: Five):
    client.force_login(world.ana)

    for path in ("signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "login/code/", ""):
        assert client.get(f"/account/{path}").status_code == (200 if path == "" else 404), path


def test_the_second_step_is_set_up_and_then_asked_for(client: Client, world: Five):
    sign_in(client)
    secret = set_up(client)
    client.post(reverse("account_logout"))

    half = sign_in(client)
    locked_out = client.get(reverse("rights")).status_code
    page = client.get(half.headers["Location"])
    cache.clear()  # the code was used a moment ago, and works once
    whole = client.post(reverse("mfa_authenticate"), {"code": code(secret)})

    assert half.headers["Location"] == reverse("mfa_authenticate")
    assert locked_out == 302
    assert "The second step" in words(page)
    assert whole.headers["Location"] == reverse("home")
    assert client.get(reverse("rights")).status_code == 200


def test_a_recovery_code_opens_once(client: Client, world: Five):
    sign_in(client)
    set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    first = re.search(r"<code>([\w-]+)</code>", page).group(1)
    client.post(reverse("account_logout"))
    sign_in(client)
    opened = client.post(reverse("mfa_authenticate"), {"code": first})
    client.post(reverse("account_logout"))
    sign_in(client)

    again = client.post(reverse("mfa_authenticate"), {"code": first})

    assert opened.headers["Location"] == reverse("home")
    assert again.status_code == 200
    assert "not the right code" in words(again)


def test_the_secret_of_the_second_step_lies_encrypted(client: Client, world: Five):
    sign_in(client)

    secret = set_up(client)

    kept = Authenticator.objects.get(user=world.ana, type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ],
)
def test_every_page_of_signing_in_has_our_look(client: Client, world: Five, name: str):
    sign_in(client)
    set_up(client)
    browser = Client() if name == "account_login" else client

    page = browser.get(reverse(name))

    assert page.status_code == 200
    text = page.content.decode()
    assert "upwell.css" in text
    assert '<main id="main"' in text
    assert " style=" not in text
    assert "<script>" not in text
    assert len(re.findall("<h1", text)) == 1


def test_the_codes_can_be_taken_along_as_a_file(client: Client, world: Five):
    sign_in(client)
    set_up(client)

    assert client.get(reverse("mfa_download_recovery_codes")).headers["Content-Type"].startswith("text/plain")


def test_the_second_step_can_be_turned_off_again(client: Client, world: Five):
    sign_in(client)
    set_up(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=world.ana, type=Authenticator.Type.TOTP).exists()


def test_where_the_agency_asks_for_it_nothing_opens_before_the_second_step_is_set_up(client: Client, world: Five):
    world.agency.needs_second_factor = True
    world.agency.save()
    sign_in(client)

    before = client.get(reverse("rights"))
    sent = client.post(reverse("own_account"), {"name": "X", "language": "es"})
    set_up(client)

    assert before.headers["Location"] == reverse("mfa_activate_totp")
    assert sent.headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("rights")).status_code == 200


def test_where_the_agency_asks_for_it_another_agency_is_left_alone(client: Client, world: Five):
    world.agency.needs_second_factor = True
    world.agency.save()
    client.force_login(world.dov)

    assert client.get(reverse("rights")).status_code == 200


def test_the_password_changes_and_old_sessions_end(client: Client, world: Five):
    other = Client()
    other.force_login(world.ana)
    sign_in(client)

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    world.ana.refresh_from_db()
    assert world.ana.check_password(NEW)
    assert other.get(reverse("rights")).status_code == 302


@pytest.mark.parametrize(
    "bad", [{"oldpassword": "x"}, {"password1": "short", "password2": "short"}, {"password2": "another-one-entirely"}]
)
def test_a_bad_new_password_is_explained(client: Client, world: Five, bad: dict[str, str]):
    sign_in(client)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    page = client.post(reverse("account_change_password"), fields | bad)

    assert 'role="alert"' in page.content.decode()


def test_after_a_while_safety_asks_for_the_password_again(client: Client, world: Five):
    sign_in(client)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()

    asked = client.get(reverse("mfa_activate_totp"))

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_activate_totp")


def test_signing_out_needs_a_tap(client: Client, world: Five):
    client.force_login(world.ana)

    client.get(reverse("account_logout"))

    assert client.get(reverse("rights")).status_code == 200
