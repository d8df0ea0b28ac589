"""Macro's pages in a browser: the office's page on a phone and in print, the board, the thread. Needs Chromium."""

from __future__ import annotations

import io
import os
import shutil
import unicodedata
from dataclasses import dataclass

import pytest

from factories import bridge, macro
from factories.five import PASSWORD, five
from upwell.practice.bridge.models import Issue
from upwell.practice.macro.models import AideQuestion, Project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
OPEN_ALL = "document.querySelectorAll('main details').forEach(each => each.open = true)"


@dataclass(frozen=True)
class Stand:
    """Addresses of a running server with an issue, a project and a proposal."""

    host: str
    office: str
    pages: tuple[str, ...]


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium: install the package chromium.")
        pytest.skip("Chromium is not installed; macro's pages were not looked at in a browser.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver runs a loop beside the test's own database calls
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser to drive

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def stand(live_server):
    world = five()
    proposal = macro.delivered(world)
    token = macro.token(world, proposal)
    return Stand(
        live_server.url,
        f"{live_server.url}/o/{token}",
        (
            "/board",
            "/radar",
            f"/issue/{proposal.project.issue_id}",
            f"/issue/{proposal.project.issue_id}/move",
            f"/issue/{proposal.project.issue_id}/project",
            "/projects",
            f"/project/{proposal.project_id}",
            f"/project/{proposal.project_id}/proposal",
            f"/proposal/{proposal.pk}",
            f"/proposal/{proposal.pk}/decision",
            "/lobbying?spent=800000",
        ),
    )


def sign_in(page, stand, email="cleo@example.org"):
    page.goto(f"{stand.host}/account/login/")
    page.fill("input[type=email], input[name=login]", email)
    page.fill("input[type=password]", PASSWORD)
    page.click("main button[type=submit], main form button")
    page.wait_for_url(lambda url: "login" not in url)


def faults(page):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - as above

    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""


def printed(page, **paper):
    from pypdf import PdfReader  # noqa: PLC0415 - only here

    return [plain(each.extract_text()) for each in PdfReader(io.BytesIO(page.pdf(**paper))).pages]


def plain(text):
    """Without line ends, and with letters instead of ligatures."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_offices_page_has_no_fault_and_does_not_scroll_sideways(chromium, stand, width, scheme):
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    page.goto(stand.office)

    said, wide = faults(page), page.evaluate("document.documentElement.scrollWidth")

    context.close()
    assert not said, said
    assert wide <= width


@pytest.mark.parametrize("width", [360, 1280])
def test_an_aide_asks_and_records_without_script(chromium, stand, width):
    context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(stand.office)

    page.get_by_label("Your question").fill("How many in our district?")
    page.get_by_role("button", name="Send the question").click()
    page.get_by_label("A hearing was set").check()
    page.get_by_role("button", name="Record it").click()
    text, address = page.inner_text("main"), page.url

    context.close()
    assert AideQuestion.objects.count() == 1
    assert "How many in our district?" in text
    assert "The answer will stand here by" in text
    assert address == stand.office


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_offices_page_prints_on_one_page(chromium, stand, paper):
    page = chromium.new_page()
    page.goto(stand.office)

    pages = printed(page, format=paper)

    page.close()
    assert len(pages) == 1
    assert "131 of 412" in pages[0]
    assert "office@fennhaven.example" in pages[0]
    assert "Send the question" not in pages[0]


def test_a_page_as_full_as_its_fields_allow_still_prints_on_one(chromium, live_server):
    world = five()
    issue = bridge.issue(world, what_happens="People wait for weeks. " * 21, not_known="We do not know it. " * 26)
    long = {"ask": "Accept a receipt. " * 16, "why": "It costs nothing. " * 22, "cost": "No new cost. " * 23}
    longer = {"equity": "People gain. " * 23, "limits": "We do not know. " * 31}
    about = macro.delivered(world, macro.plan(world, issue), **long, **longer)
    page = chromium.new_page()
    page.goto(f"{live_server.url}/o/{macro.token(world, about)}")

    pages = printed(page, format="Letter")

    page.close()
    assert len(pages) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_cleos_pages_have_no_fault_and_do_not_scroll_sideways(chromium, stand, width):
    context = chromium.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, stand)
    said = {}

    for address in stand.pages:
        page.goto(stand.host + address)
        page.evaluate(OPEN_ALL)
        wide = page.evaluate("document.documentElement.scrollWidth")
        said[address] = faults(page) + (f"{wide} px wide" if wide > width else "")

    context.close()
    assert not any(said.values()), said


def test_on_a_phone_the_columns_of_the_board_stand_one_under_the_other(chromium, stand):
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_in(page, stand)
    page.goto(f"{stand.host}/board")

    lefts = page.evaluate("[...document.querySelectorAll('.board > section')].map(e => e.getBoundingClientRect().left)")

    context.close()
    assert len(lefts) == 6
    assert len(set(lefts)) == 1


def test_cleo_plans_starts_and_moves_without_script(chromium, stand):
    issue = Issue.objects.get()
    context = chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, stand)

    page.goto(f"{stand.host}/issue/{issue.pk}/project")
    page.get_by_label("Name of the project").fill("Open a counter")
    page.get_by_label("Goal").fill("Nobody waits longer than three weeks.")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("button", name="Start the project").click()
    page.get_by_role("button", name="Lock it and start").click()
    page.goto(f"{stand.host}/issue/{issue.pk}/move")
    page.get_by_label("Where does it stand now?").select_option("decision")
    page.get_by_label("What everyone who raised it will hear").fill("The board said yes.")
    page.get_by_role("button", name="Look at it first").click()
    preview = page.inner_text("main")
    page.get_by_role("button", name="Tell everyone").click()

    context.close()
    issue.refresh_from_db()
    assert Project.objects.get(title="Open a counter").measure.state == "locked"
    assert "The board said yes." in preview
    assert issue.stage == "decision"


def test_the_thread_prints(chromium, stand):
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, stand)
    page.goto(stand.host + stand.pages[2])

    text = " ".join(printed(page, format="A4"))

    context.close()
    assert "131 of 412" in text
    assert "Word that goes to everyone who raised it." in text
    assert "Move it, and tell everyone" not in text
