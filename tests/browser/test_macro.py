"""Macro's pages in a browser: the office's page on a phone and in print, the board, the thread. Needs Chromium."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass

import pytest

from factories import bridge, macro
from factories.browsers import DESK_AND_PHONE, faults, faults_in_both_schemes, unfold
from upwell.practice.bridge.models import Issue
from upwell.practice.macro.models import AideQuestion, Project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Stand:
    """Addresses of a running server with an issue, a project and a proposal."""

    office: str
    pages: tuple[str, ...]


@pytest.fixture
def stand(live_server, world):
    proposal = macro.delivered(world)
    token = macro.token(world, proposal)
    return Stand(
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


def printed(page, **paper):
    from pypdf import PdfReader  # noqa: PLC0415 - only here

    return [plain(each.extract_text()) for each in PdfReader(io.BytesIO(page.pdf(**paper))).pages]


def plain(text):
    """Without line ends, and with letters instead of ligatures."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_the_offices_page_has_no_fault_and_does_not_scroll_sideways(enter, stand, size):
    page = enter(None, size)
    page.goto(stand.office)

    assert faults_in_both_schemes(page, "office") == []


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_an_aide_asks_and_records_without_script(enter, stand, size):
    page = enter(None, size, script=False)
    page.goto(stand.office)

    page.get_by_label("Your question").fill("How many in our district?")
    page.get_by_role("button", name="Send the question").click()
    page.get_by_label("A hearing was set").check()
    page.get_by_role("button", name="Record it").click()
    text, address = page.inner_text("main"), page.url

    assert AideQuestion.objects.count() == 1
    assert "How many in our district?" in text
    assert "The answer will stand here by" in text
    assert address == stand.office + "#tell-us"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_offices_page_prints_on_one_page(enter, stand, paper):
    page = enter(None)
    page.goto(stand.office)

    pages = printed(page, format=paper)

    assert len(pages) == 1
    assert "131 of 412" in pages[0]
    assert "office@fennhaven.example" in pages[0]
    assert "Send the question" not in pages[0]


def test_a_page_as_full_as_its_fields_allow_still_prints_on_one(enter, world):
    issue = bridge.issue(world, what_happens="People wait for weeks. " * 21, not_known="We do not know it. " * 26)
    long = {"ask": "Accept a receipt. " * 16, "why": "It costs nothing. " * 22, "cost": "No new cost. " * 23}
    longer = {"equity": "People gain. " * 23, "limits": "We do not know. " * 31}
    about = macro.delivered(world, macro.plan(world, issue), **long, **longer)
    page = enter(None)
    page.goto(f"{page.base}/o/{macro.token(world, about)}")

    pages = printed(page, format="Letter")

    assert len(pages) == 1


@pytest.mark.parametrize("size", DESK_AND_PHONE)
def test_cleos_pages_have_no_fault_and_do_not_scroll_sideways(enter, world, stand, size):
    page = enter(world.cleo, size)
    found = []

    for address in stand.pages:
        page.goto(page.base + address)
        unfold(page)
        found += faults(page)

    assert found == []


def test_on_a_phone_the_columns_of_the_board_stand_one_under_the_other(enter, world, stand):
    page = enter(world.cleo, "phone")
    page.goto(f"{page.base}/board")

    lefts = page.evaluate("[...document.querySelectorAll('.board > section')].map(e => e.getBoundingClientRect().left)")

    assert len(lefts) == 6
    assert len(set(lefts)) == 1


def test_cleo_plans_starts_and_moves_without_script(enter, world, stand):
    issue = Issue.objects.get()
    page = enter(world.cleo, "phone", script=False)

    page.goto(f"{page.base}/issue/{issue.pk}/project")
    page.get_by_label("Name of the project").fill("Open a counter")
    page.get_by_label("Goal").fill("Nobody waits longer than three weeks.")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("button", name="Start the project").click()
    page.get_by_role("button", name="Lock it and start").click()
    page.goto(f"{page.base}/issue/{issue.pk}/move")
    page.get_by_label("Where does it stand now?").select_option("decision")
    page.get_by_label("What everyone who raised it will hear").fill("The board said yes.")
    page.get_by_role("button", name="Look at it first").click()
    preview = page.inner_text("main")
    page.get_by_role("button", name="Tell everyone").click()

    issue.refresh_from_db()
    assert Project.objects.get(title="Open a counter").measure.state == "locked"
    assert "The board said yes." in preview
    assert issue.stage == "decision"


def test_the_thread_prints(enter, world, stand):
    page = enter(world.cleo)
    page.goto(page.base + stand.pages[2])

    text = " ".join(printed(page, format="A4"))

    assert "131 of 412" in text
    assert "Word that goes to everyone who raised it." in text
    assert "Move it, and tell everyone" not in text
