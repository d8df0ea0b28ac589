"""Accounts and the environment in a browser: no fault that axe finds, and a locked screen that loses nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from factories.accounts import administrator, entry, idle
from factories.five import PASSWORD, Five, five
from upwell.practice.accounts.models import Role, RoleHeld, Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
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


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium: install the package chromium.")
        pytest.skip("Chromium is not installed; the pages of accounts were not looked at in a browser.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver runs a loop beside the test's own database calls
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser to drive

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def world() -> Five:
    cache.clear()
    return five()


def boss(world: Five) -> Worker:
    """Somebody who may open every page of accounts and the environment."""
    made = administrator(world.agency, world.team)
    for role in (Role.PRIVACY_OFFICER, Role.ADVOCATE):
        RoleHeld.objects.create(worker=made, role=role)
    return made


def signed_in(context: Any, host: str, worker: Worker) -> Client:
    """Put a worker's session into the browser; its twin in the test client."""
    client = Client()
    client.force_login(worker)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": host}])
    return client


def faults(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where there is a browser to drive

    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:120]}" for each in found] + (
        [f"{page.url}: {wide} px too wide"] if wide > 0 else []
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_a_fault(chromium: Any, live_server: Any, world: Five, size: str, scheme: str) -> None:
    context = chromium.new_context(viewport=SIZES[size], color_scheme=scheme)
    signed_in(context, live_server.url, boss(world))
    entry(world.agency, world.ana, subject=str(world.eve.pk))
    page = context.new_page()
    found: list[str] = []

    more = (f"/environment/policies/{world.policy.pk}", f"/environment/systems/{world.office.pk}")
    for path in (*PAGES, *more, f"/account/workers/{world.ana.pk}", "/account/lock"):
        page.goto(live_server.url + path)
        found += faults(page)
        if folder := os.environ.get("UPWELL_SHOTS"):
            page.screenshot(
                path=f"{folder}/{path.strip('/').replace('/', '-')[:40]}-{size}-{scheme}.png", full_page=True
            )

    assert found == []
    context.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_doors_have_no_fault_for_a_stranger(chromium: Any, live_server: Any, world: Five, size: str) -> None:
    context = chromium.new_context(viewport=SIZES[size])
    page = context.new_page()
    found: list[str] = []

    for path in ("/account/login/", "/account/invitation/never", "/account/inactive/"):
        page.goto(live_server.url + path)
        found += faults(page)

    assert found == []
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_was_written_behind_the_lock_arrives(chromium: Any, live_server: Any, world: Five, script: bool) -> None:
    context = chromium.new_context(viewport=SIZES["phone"], java_script_enabled=script)
    twin = signed_in(context, live_server.url, world.ana)
    page = context.new_page()
    page.goto(f"{live_server.url}/account/")
    page.fill("[name=name]", 'Ana "A" <Alvarez>')
    idle(twin, minutes=16)

    page.click("main form button")
    page.fill("#lock-password", "not the one")
    page.click("text=Go on and send")
    page.fill("#lock-password", PASSWORD)
    page.click("text=Go on and send")

    assert page.input_value("[name=name]") == 'Ana "A" <Alvarez>'
    world.ana.refresh_from_db()
    assert world.ana.name == 'Ana "A" <Alvarez>'
    context.close()


def test_lock_now_and_back_by_keyboard_alone(chromium: Any, live_server: Any, world: Five) -> None:
    context = chromium.new_context(viewport=SIZES["desktop"])
    signed_in(context, live_server.url, world.ana)
    page = context.new_page()
    page.goto(f"{live_server.url}/account/rights")

    page.focus("details.who summary")
    page.keyboard.press("Enter")
    page.focus("text=Lock now")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/lock*")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/account/rights")
    context.close()
