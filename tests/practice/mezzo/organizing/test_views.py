"""Pages of organizing: whose they are, what they do, and what they bear."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import bridge, organizing
from factories.five import five
from upwell.practice.accounts.models import Role
from upwell.practice.bridge.models import Stage
from upwell.practice.mezzo.organizing import actions
from upwell.practice.mezzo.organizing.models import (
    Confirmation,
    EducationSession,
    Initiative,
    LearningCheck,
    Meeting,
    Supporter,
)

BAD = ["", "\u0000", "x" * 100_000, "<script>", "-1", "10" * 400, "0001-01-01T00:00", "9999-12-31T23:59"]


@pytest.fixture
def world():
    return five()


@pytest.fixture
def issue(world):
    return bridge.issue(world)


@pytest.fixture
def initiative(world, issue):
    return organizing.initiative(world, issue)


@pytest.fixture
def pages(world, issue, initiative):
    """Every page that a worker opens, GET and POST alike."""
    meeting = organizing.meeting(world, initiative, -1)
    session = organizing.session(world, initiative)
    return {
        "issue_confirm": [issue.pk],
        "initiative_start": [issue.pk],
        "initiative": [initiative.pk],
        "initiative_end": [initiative.pk],
        "meeting_add": [initiative.pk],
        "session_plan": [initiative.pk],
        "meeting": [meeting.pk],
        "session": [session.pk],
        "session_change": [session.pk],
    }


@pytest.fixture
def buttons(world, issue, initiative):
    """Every address that is only pressed."""
    meeting, session = organizing.meeting(world, initiative), organizing.session(world, initiative)
    supporter = organizing.joined(initiative.link).supporter
    return {
        "door_open": [issue.pk],
        "meeting_publish": [meeting.pk],
        "session_go_on": [session.pk],
        "supporter_erase": [initiative.pk, supporter.pk],
    }


def test_whoever_organizes_sees_every_page(client, world, pages):
    client.force_login(world.cleo)

    for name, args in {**pages, "initiatives": []}.items():
        assert client.get(reverse(name, args=args)).status_code == 200, name


def test_another_agency_finds_none_of_it(client, world, pages, buttons):
    world.dov.roles_held.create(role=Role.ORGANIZER)
    client.force_login(world.dov)

    for name, args in pages.items():
        assert client.get(reverse(name, args=args)).status_code == 404, name
        assert client.post(reverse(name, args=args)).status_code == 404, name
    for name, args in buttons.items():
        assert client.post(reverse(name, args=args)).status_code == 404, name
    assert b"Certificates in a week" not in client.get(reverse("initiatives")).content
    assert Supporter.objects.filter(left_at=None).count() == 1


def test_a_case_worker_has_no_right_to_organize(client, world, pages, buttons):
    client.force_login(world.ana)

    for name, args in {**pages, **buttons, "initiatives": []}.items():
        assert client.get(reverse(name, args=args)).status_code == 403, name


def test_a_stranger_is_sent_to_sign_in(client, pages, buttons):
    for name, args in {**pages, **buttons, "initiatives": []}.items():
        response = client.get(reverse(name, args=args))

        assert response.status_code == 302, name
        assert response["Location"].startswith(reverse("account_login"))


def test_buttons_are_pressed_and_not_visited(client, world, buttons):
    client.force_login(world.cleo)

    for name, args in buttons.items():
        assert client.get(reverse(name, args=args)).status_code == 405, name


@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_sent_no_page_breaks(client, world, pages, bad):
    client.force_login(world.cleo)
    names = [
        "title",
        "goal",
        "owner",
        "at",
        "where",
        "access",
        "agenda",
        "words",
        "form_key",
        "decisions",
        "dissent",
        "came",
        "state",
        "language",
        "on",
        "objectives",
        "material",
        "words_1",
        "right_1",
        "words_2",
        "right_2",
        "words_3",
        "right_3",
    ]

    for name, args in pages.items():
        response = client.post(reverse(name, args=args), dict.fromkeys(names, bad))

        assert response.status_code in {200, 302}, name


def test_numbers_and_states_that_cannot_be_are_no_page_and_no_fault(client, world, initiative):
    client.force_login(world.cleo)
    session = organizing.session(world, initiative)

    assert client.get(f"/meetings/{10**30}").status_code == 404
    assert client.get(reverse("initiative", args=[UUID(int=5)])).status_code == 404
    assert client.post(reverse("session_go_on", args=[session.pk]), {"seen": "\u0000"}).status_code == 302
    assert client.get(reverse("session_plan", args=[initiative.pk]), {"language": "\u0000xx"}).status_code == 200


def test_from_pattern_to_a_published_meeting_in_three_posts(client, world, issue):
    client.force_login(world.cleo)
    client.post(reverse("door_open", args=[issue.pk]))
    for _ in range(2):
        organizing.joined(issue.door.link)

    confirmed = client.post(reverse("issue_confirm", args=[issue.pk]), {"words": "They say so."})
    started = client.post(
        confirmed["Location"],
        {
            "form_key": uuid4(),
            "title": "Certificates in a week",
            "goal": "Nobody loses a lease.",
            "owner": world.cleo.pk,
            "at": (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
            "where": "Library",
            "words": "We meet.",
        },
    )

    issue.refresh_from_db()
    initiative = Initiative.objects.get()
    assert issue.stage == Stage.INITIATIVE
    assert started["Location"] == reverse("initiative", args=[initiative.pk])
    assert b"Library" in client.get(reverse("join", args=[initiative.link])).content


def test_a_meeting_has_a_day_and_a_place(client, world, issue):
    client.force_login(world.cleo)
    said = {"form_key": uuid4(), "title": "T", "goal": "G", "owner": world.cleo.pk, "words": "W"}

    for half in ({"where": "Library"}, {"at": "2026-12-01T10:00"}):
        response = client.post(reverse("initiative_start", args=[issue.pk]), said | half)

        assert response.status_code == 200
    assert not Initiative.objects.exists()


def test_nobody_of_another_agency_can_be_made_to_lead(client, world, issue):
    client.force_login(world.cleo)
    said = {"form_key": uuid4(), "title": "T", "goal": "G", "words": "W"}

    for other in (world.dov, world.ana):
        assert client.post(reverse("initiative_start", args=[issue.pk]), said | {"owner": other.pk}).status_code == 200
    assert not Initiative.objects.exists()


def test_meetings_are_planned_published_and_minuted_on_pages(client, world, initiative):
    client.force_login(world.cleo)
    said = {"form_key": uuid4(), "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "where": "Library"}
    for _ in range(2):
        client.post(reverse("meeting_add", args=[initiative.pk]), said)
    meeting = Meeting.objects.get()

    client.post(reverse("meeting_publish", args=[meeting.pk]))
    client.post(reverse("meeting", args=[meeting.pk]), {"decisions": "We ask.", "dissent": "Wait.", "came": "14"})

    meeting.refresh_from_db()
    assert meeting.published_at is not None
    assert (meeting.decisions, meeting.dissent, meeting.came) == ("We ask.", "Wait.", 14)


def test_an_initiative_is_ended_on_its_page_and_its_public_page_says_so(client, world, initiative):
    client.force_login(world.cleo)

    client.post(reverse("initiative_end", args=[initiative.pk]), {"state": "withdrawn", "words": "They said stop."})

    client.logout()
    response = client.get(reverse("join", args=[initiative.link]))
    assert response.status_code == 410
    assert b"has ended" in response.content


def test_a_session_is_planned_from_the_issue_in_two_languages(client, world, initiative):
    client.force_login(world.cleo)
    address = reverse("session_plan", args=[initiative.pk])
    page = client.get(address, {"language": "es"})
    begins = {name: field.value() for name, field in ((each.name, each) for each in page.context["form"])}

    planned = client.post(address, begins)

    session = EducationSession.objects.get()
    assert session.language == "es"
    assert planned["Location"] == reverse("session", args=[session.pk])
    assert len(session.questions) == 3


def test_the_page_of_an_open_session_tells_no_number_of_sheets_or_right_answers(client, world, initiative):
    client.force_login(world.cleo)
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    address = reverse("session", args=[session.pk])
    before = client.get(address).content.split(b"<main")[1]
    organizing.sheets(session, *["ttf"] * 13)

    after = client.get(address).content.split(b"<main")[1]

    plain = [page.replace(token, b"") for page, token in ((before, _token(before)), (after, _token(after)))]
    assert plain[0] == plain[1]


def test_the_result_is_shown_withheld_when_few_answered(client, world, initiative):
    client.force_login(world.cleo)
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    organizing.sheets(session, *["ttf"] * 12)
    client.post(reverse("session_go_on", args=[session.pk]), {"seen": "before"})
    organizing.sheets(session, *["ttf"] * 10)
    client.post(reverse("session_go_on", args=[session.pk]), {"seen": "after"})

    page = client.get(reverse("session", args=[session.pk])).content.decode()

    assert "withheld: fewer than 11 people answered" in page
    assert "11 or more" in page
    assert "in 10" not in page


# The public pages.


def test_joining_shows_the_code_once_and_leaving_erases(client, initiative):
    key = uuid4()
    said = {"form_key": key, "called": "Rosa", "reach": "555 0100", "lives_with_it": "on", "says": "no", "words": "No."}

    pages = [client.post(reverse("join", args=[initiative.link]), said) for _ in range(2)]
    code = pages[0].context["code"]

    assert Supporter.objects.count() == 1
    assert pages[1].context["code"] == code
    assert Confirmation.objects.get().says == "no"
    assert code.encode() not in client.get(reverse("join", args=[initiative.link])).content
    assert client.get(reverse("leave"), {"code": code}).status_code == 200
    assert client.post(reverse("leave"), {"code": code}).status_code == 200
    assert Supporter.objects.get().left_at is not None


def test_visiting_the_leave_page_with_a_code_erases_nothing(client, initiative):
    joined = organizing.joined(initiative.link)

    client.get(reverse("leave"), {"code": joined.code})

    assert Supporter.objects.get().left_at is None


def test_the_page_to_join_is_the_same_for_a_client_a_worker_and_a_stranger(client, world, initiative):
    def form_of(page):
        return [(each.name, each.value()) for each in page.context["form"] if each.name != "form_key"]

    address = reverse("join", args=[initiative.link])
    stranger = form_of(client.get(address))
    session = client.session
    session["portal_handle"] = "whatever a client's session holds"
    session.save()
    as_client = form_of(client.get(address))
    client.force_login(world.ana)
    as_worker = form_of(client.get(address))

    assert stranger == as_client == as_worker
    assert not any(value for _name, value in stranger)


def test_the_page_to_join_never_asks_whether_somebody_is_a_client(client, initiative):
    page = client.get(reverse("join", args=[initiative.link]))

    assert set(page.context["form"].fields) == {"form_key", "says", "words", "lives_with_it", "called", "reach"}
    assert "We do not ask whether you get help" in page.content.decode()


@pytest.mark.parametrize("bad", BAD)
def test_whatever_a_visitor_sends_no_page_breaks(client, world, initiative, bad):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    names = [
        "form_key",
        "called",
        "reach",
        "language",
        "lives_with_it",
        "says",
        "words",
        "code",
        "said_0",
        "said_1",
        "said_2",
    ]

    for address in (
        reverse("join", args=[initiative.link]),
        reverse("leave"),
        reverse("learning_check", args=[session.link]),
    ):
        assert client.post(address, dict.fromkeys(names, bad)).status_code == 200
        assert client.get(address, {"language": bad, "code": bad}).status_code == 200


def test_a_link_that_nothing_has_is_not_found(client):
    for name in ("join", "join_sheet", "join_picture", "learning_check", "check_picture"):
        assert client.get(reverse(name, args=[UUID(int=7)])).status_code == 404, name


def test_pages_speak_the_visitors_language(client, world, initiative):
    asked = client.get(reverse("join", args=[initiative.link]), {"language": "es"})
    preferred = client.get(reverse("join", args=[initiative.link]), headers={"accept-language": "es"})
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    check = client.get(reverse("learning_check", args=[session.link]))

    for page in (asked, preferred, check):
        assert b'<html lang="es"' in page.content


def test_a_check_is_answered_with_one_tap_a_statement_and_no_name(client, world, initiative):
    session = organizing.session(world, initiative, EducationSession.State.BEFORE)
    address, key = reverse("learning_check", args=[session.link]), uuid4()

    for _ in range(2):
        page = client.post(address, {"form_key": key, "said_0": "true", "said_1": "unsure", "said_2": "false"})
        assert page.status_code == 200

    assert [(sheet.right, sheet.of) for sheet in LearningCheck.objects.all()] == [(2, 3)]


def test_a_check_says_when_it_is_not_open_and_takes_nothing(client, world, initiative):
    session = organizing.session(world, initiative)
    address = reverse("learning_check", args=[session.link])

    assert "form_key" not in client.get(address).content.decode()
    client.post(address, {"form_key": uuid4(), "said_0": "true", "said_1": "true", "said_2": "true"})

    assert not LearningCheck.objects.exists()


def test_addresses_are_drawn_as_pictures_and_a_sheet_to_hang_up(client, world, initiative):
    door = actions.door_open(issue=initiative.issue, by=world.cleo)
    session = organizing.session(world, initiative)

    for name, link in (
        ("join_picture", initiative.link),
        ("join_picture", door.link),
        ("check_picture", session.link),
    ):
        picture = client.get(reverse(name, args=[link]))
        assert picture["Content-Type"] == "image/svg+xml"
        assert b"<svg" in picture.content
        assert b"style" not in picture.content
        assert b'fill="white"' in picture.content  # readable on a dark page
    sheet = client.get(reverse("join_sheet", args=[initiative.link]))
    assert f"http://testserver{reverse('join', args=[initiative.link])}" in sheet.content.decode()


def _token(page: bytes) -> bytes:
    return page.split(b'name="csrfmiddlewaretoken" value="')[1].split(b'"')[0]
