"""The screen lock: it comes by itself, and nothing that was written is lost."""

import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from factories.accounts import idle
from factories.five import PASSWORD, Five, five
from upwell.practice.accounts import lock


@pytest.fixture
def world() -> Five:
    return five()


@pytest.fixture
def browser(world: Five, client: Client) -> Client:
    client.force_login(world.ana)
    client.get(reverse("rights"))
    return client


def test_an_idle_screen_asks_for_the_password_and_leads_back(browser: Client):
    idle(browser, minutes=16)

    asked = browser.get(reverse("own_account") + "?a=1")
    page = browser.get(asked.headers["Location"])
    opened = browser.post(reverse("lock"), {lock.PASSWORD: PASSWORD, "lock-next": page.context["kept"][0][1]})

    assert asked.status_code == 302
    assert opened.headers["Location"] == reverse("own_account") + "?a=1"
    assert browser.get(reverse("own_account")).status_code == 200


def test_somebody_at_work_is_not_asked(browser: Client):
    idle(browser, minutes=14)

    assert browser.get(reverse("rights")).status_code == 200
    idle(browser, minutes=14)
    assert browser.get(reverse("rights")).status_code == 200


def test_a_page_that_saves_by_itself_is_no_sign_of_a_person(browser: Client):
    idle(browser, minutes=14)
    before = browser.session[lock.SEEN]

    browser.get(reverse("rights"), headers={lock.BACKGROUND: "1"})

    assert browser.session[lock.SEEN] == before


def test_a_background_request_behind_the_lock_learns_that_it_is_locked(browser: Client):
    idle(browser, minutes=16)

    assert browser.get(reverse("rights"), headers={lock.BACKGROUND: "1"}).status_code == 423


def test_a_form_sent_to_a_locked_screen_comes_back_with_everything_in_it(browser: Client, world: Five):
    idle(browser, minutes=16)

    answer = browser.post(reverse("own_account"), {"name": 'Ana "<b>\nA.', "language": "es"})

    assert answer.status_code == 423
    assert answer.context["kept"] == [("name", 'Ana "<b>\nA.'), ("language", "es")]
    assert "Ana &quot;&lt;b&gt;\nA." in answer.content.decode()
    world.ana.refresh_from_db()
    assert world.ana.name == "Ana Alvarez"


def test_with_the_right_password_the_form_arrives_where_it_was_meant_for(browser: Client, world: Five):
    idle(browser, minutes=16)

    answer = browser.post(reverse("own_account"), {"name": "Ana A.", "language": "es", lock.PASSWORD: PASSWORD})

    assert answer.status_code == 302
    world.ana.refresh_from_db()
    assert (world.ana.name, world.ana.language) == ("Ana A.", "es")


def test_a_wrong_password_keeps_the_form_on_the_page(browser: Client):
    idle(browser, minutes=16)

    answer = browser.post(reverse("own_account"), {"name": "Ana A.", lock.PASSWORD: "wrong"})

    assert answer.status_code == 423
    assert answer.context["kept"] == [("name", "Ana A.")]
    assert "This is not your password" in answer.content.decode()


def test_guessing_is_limited_and_still_loses_nothing(browser: Client):
    idle(browser, minutes=16)
    for _ in range(10):
        browser.post(reverse("own_account"), {"name": "Ana A.", lock.PASSWORD: "wrong"})

    answer = browser.post(reverse("own_account"), {"name": "Ana A.", lock.PASSWORD: PASSWORD})

    assert answer.status_code == 423
    assert "Too many tries" in answer.content.decode()
    assert answer.context["kept"] == [("name", "Ana A.")]


def test_the_view_never_sees_the_password_of_the_lock(browser: Client, rf: RequestFactory, world: Five):
    request = rf.post("/x", {"words": "kept", lock.PASSWORD: PASSWORD})
    request.user = world.ana
    request.session = {lock.LOCKED: True}
    request.resolver_match = None

    answer = lock._guard(request, lambda _: HttpResponse(), (), {})

    assert answer is None
    assert dict(request.POST.lists()) == {"words": ["kept"]}


def test_nothing_of_the_form_is_kept_in_the_session(browser: Client):
    idle(browser, minutes=16)

    browser.post(reverse("own_account"), {"name": "Nobody knows this"})

    assert "Nobody knows this" not in str(dict(browser.session))


def test_a_view_that_keeps_what_is_written_is_let_through(world: Five, rf: RequestFactory):
    @lock.keeps_while_locked
    def save(request: HttpRequest) -> HttpResponse:
        return HttpResponse("saved")

    request = rf.post("/save", {"text": "a"})
    request.user = world.ana
    request.session = {lock.LOCKED: True}
    request.resolver_match = None

    assert lock._guard(request, save, (), {}) is None
    assert request.session == {lock.LOCKED: True}


def test_lock_now_locks_at_once(browser: Client):
    page = browser.get(reverse("lock"), headers={"Referer": "http://testserver/account/rights"})

    assert page.status_code == 200
    assert page.context["kept"] == [("lock-next", "http://testserver/account/rights")]
    assert browser.get(reverse("rights")).status_code == 302
    assert b"data-lock-minutes" not in page.content
    assert b"<nav" not in page.content


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "\x00", ""])
def test_the_way_back_never_leads_elsewhere(browser: Client, elsewhere: str):
    browser.get(reverse("lock"))

    answer = browser.post(reverse("lock"), {lock.PASSWORD: PASSWORD, "lock-next": elsewhere})

    assert answer.headers["Location"] == reverse("home")


def test_whoever_is_not_the_worker_can_sign_out(browser: Client):
    browser.get(reverse("lock"))

    answer = browser.post(reverse("account_logout"))

    assert answer.status_code == 302
    assert "_auth_user_id" not in browser.session


def test_pages_open_to_everybody_are_not_locked(browser: Client):
    browser.get(reverse("lock"))

    assert browser.get(reverse("health_live")).status_code == 200


def test_a_fragment_leads_the_whole_page_to_the_lock(browser: Client):
    idle(browser, minutes=16)

    answer = browser.get(
        reverse("rights"), headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/account/"}
    )

    assert answer.headers["HX-Redirect"].startswith(reverse("lock") + "?next=http")


def test_a_fragment_that_was_sent_gets_the_lock_page_in_place_of_the_page(browser: Client):
    idle(browser, minutes=16)

    answer = browser.post(reverse("own_account"), {"name": "A"}, headers={"HX-Request": "true"})

    assert (answer.headers["HX-Retarget"], answer.status_code) == ("body", 423)


def test_zero_minutes_is_never(browser: Client, world: Five):
    world.agency.lock_minutes = 0
    world.agency.save()
    idle(browser, minutes=600)

    assert browser.get(reverse("rights")).status_code == 200


def test_signing_in_again_opens_the_screen(client: Client, world: Five):
    client.force_login(world.ana)
    client.get(reverse("lock"))
    client.post(reverse("account_logout"))

    client.post(reverse("account_login"), {"login": "ana@example.org", "password": PASSWORD})

    assert client.get(reverse("rights")).status_code == 200
    assert time.time() - client.session[lock.SEEN] < 60


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> Iterator[None]:

    cache.clear()
    yield


def test_somebody_without_a_password_is_not_locked_out(world: Five, browser: Client):
    world.ana.set_unusable_password()
    world.ana.save()
    browser.force_login(world.ana)
    idle(browser, minutes=16)

    page = browser.get(reverse("own_account"))

    assert page.status_code == 200
    assert reverse("lock") not in page.content.decode()
    assert reverse("account_change_password") not in page.content.decode()
    assert browser.get(reverse("account_change_password")).status_code == 404
