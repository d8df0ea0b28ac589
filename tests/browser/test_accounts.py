"""Accounts and the environment in a browser: no fault that axe finds, and a locked screen that loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from factories.accounts import administrator, entry, idle
from factories.browsers import DESK_AND_PHONE, faults, faults_in_both_schemes
from factories.five import PASSWORD, Five
from upwell.practice.accounts.models import Role, RoleHeld, Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Any]
PAGES = (
    "/account/",
    "/account/rights",
    "/account/workers/",
    "/account/workers/invite",
    "/account/audit",
    "/account/2fa/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/logout/",
    "/environment/",
    "/environment/places",
    "/environment/policies/add",
)


def boss(world: Five) -> Worker:
    """Somebody who may open every page of accounts and the environment."""
    made = administrator(world.agency, world.team)
    for role in (Role.PRIVACY_OFFICER, Role.ADVOCATE):
        RoleHeld.objects.create(worker=made, role=role)
    return made


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_no_page_has_a_fault(enter: Enter, world: Five, size: str) -> None:
    page = enter(boss(world), size)
    entry(world.agency, world.ana, subject=str(world.eve.pk))
    found: list[str] = []

    more = (f"/environment/policies/{world.policy.pk}", f"/environment/systems/{world.office.pk}")
    for path in (*PAGES, *more, f"/account/workers/{world.ana.pk}", "/account/lock"):
        page.goto(page.base + path)
        found += faults_in_both_schemes(page, path)

    assert found == []


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_the_doors_have_no_fault_for_a_stranger(enter: Enter, world: Five, size: str) -> None:
    page = enter(None, size)
    found: list[str] = []

    for path in ("/account/login/", "/account/invitation/never", "/account/inactive/"):
        page.goto(page.base + path)
        found += faults(page)

    assert found == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_worker_comes_in_with_her_password(enter: Enter, world: Five, script: bool) -> None:
    page = enter(None, "phone", script=script)
    page.goto(f"{page.base}/account/login/")

    page.fill("input[type=email], input[name=login]", world.cleo.email)
    page.fill("input[type=password]", PASSWORD)
    page.click("main button[type=submit], main form button")

    page.wait_for_url(lambda url: "login" not in url)
    assert page.goto(f"{page.base}/board").status == 200


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_was_written_behind_the_lock_arrives(enter: Enter, world: Five, script: bool) -> None:
    page = enter(world.ana, "phone", script=script)
    page.goto(f"{page.base}/account/")
    page.fill("[name=name]", 'Ana "A" <Alvarez>')
    idle(page.twin, minutes=16)

    page.click("main form button")
    page.fill("#lock-password", "not the one")
    page.click("text=Go on and send")
    page.fill("#lock-password", PASSWORD)
    page.click("text=Go on and send")

    assert page.input_value("[name=name]") == 'Ana "A" <Alvarez>'
    world.ana.refresh_from_db()
    assert world.ana.name == 'Ana "A" <Alvarez>'


def test_lock_now_and_back_by_keyboard_alone(enter: Enter, world: Five) -> None:
    page = enter(world.ana)
    page.goto(f"{page.base}/account/rights")

    page.focus("details.who summary")
    page.keyboard.press("Enter")
    page.focus("text=Lock now")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/lock*")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/account/rights")
