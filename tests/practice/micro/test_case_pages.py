"""The pages of the caseload: list, search by name, one case, start, move, close."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import micro
from factories.five import TODAY, case, concern, five, person, worker
from upwell.practice.accounts.models import AuditEntry, Role
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.actions.case import case_close, case_move
from upwell.practice.micro.models import Case
from upwell.practice.person.actions.people import person_add
from upwell.practice.person.models import Consent, Person

START = {"first_name": "Mara", "last_name": "Lindqvist", "language": "en"}
CLOSE = {"reason": "done", "account": "I have my keys.", "stay_informed": "yes"}


def known(world, first, last, team=None, by=None):
    """A case whose person can be found by name."""
    of = person_add(agency=world.agency, by=world.ana, first_name=first, last_name=last)
    return case(of, team or world.team, by)


def page(client, name, *args, **data):
    return client.get(reverse(name, args=args), data).content.decode()


def test_the_list_shows_own_open_cases_the_next_contact_first(client):
    world = five()
    soon = case(person(world.agency, "Soon", "First"), world.team, world.ana, next_contact_on=timezone.localdate())
    case(person(world.agency, "Gone", "Long"), world.team, world.ana, state=Case.State.CLOSED)
    client.force_login(world.ana)

    shown = page(client, "cases")

    assert shown.index("Soon First") < shown.index("Eve Ostrowska")
    assert str(soon.pk) in shown
    assert "Gone Long" not in shown
    assert "2 cases" in shown


def test_the_list_can_show_the_closed_ones(client):
    world = five()
    case(person(world.agency, "Gone", "Long"), world.team, world.ana, state=Case.State.CLOSED)
    client.force_login(world.ana)

    assert "Gone Long" in page(client, "cases", state="closed")


def test_a_supervisor_may_see_the_teams_list_and_a_case_worker_only_the_own(client):
    world = five()
    case(person(world.agency, "Team", "Only"), world.team)

    client.force_login(world.ben)
    bens = page(client, "cases", whose="team")
    client.force_login(world.ana)
    anas = page(client, "cases", whose="team")

    assert "Team Only" in bens
    assert "Team Only" not in anas


def test_the_list_is_paged_by_fifty_without_a_query_a_row(client, django_assert_max_num_queries):
    world = five()
    for number in range(55):
        case(person(world.agency, f"Person{number}", "X"), world.team, world.ana)
    client.force_login(world.ana)

    with django_assert_max_num_queries(11):
        shown = page(client, "cases")

    assert shown.count("No contact planned") == 50
    assert "Page 1 of 2" in shown


@pytest.mark.parametrize("junk", ["", "x", "-3", "99999999999999999999", "\x00", "closed' or 1=1"])
def test_no_filter_or_page_number_breaks_the_list(client, junk):
    world = five()
    client.force_login(world.ana)

    answer = client.get(reverse("cases"), {"state": junk, "whose": junk, "page": junk})

    assert answer.status_code == 200


def test_ana_finds_her_own_by_name_and_opens_it(client):
    world = five()
    found = known(world, "Ludmila", "Varga", by=world.ana)
    client.force_login(world.ana)

    answer = client.post(reverse("case_search"), {"words": "varg"}).content.decode()

    assert "Ludmila Varga" in answer
    assert reverse("case", args=[found.pk]) in answer


def test_anothers_case_shows_whom_to_ask_and_no_name(client):
    world = five()
    finn = worker("Finn Frost", world.agency, world.team, Role.CASE_WORKER)
    found = known(world, "Ludmila", "Varga", by=world.ana)
    client.force_login(finn)

    answer = client.post(reverse("case_search"), {"words": "varg"}).content.decode()

    assert "Northside" in answer
    assert "Ana Alvarez" in answer
    assert reverse("glass_break", args=[found.pk]) in answer
    assert "Ludmila" not in answer
    assert reverse("case", args=[found.pk]) + '"' not in answer


def test_dov_finds_nobody_of_the_other_agency(client):
    world = five()
    known(world, "Ludmila", "Varga", by=world.ana)
    client.force_login(world.dov)

    answer = client.post(reverse("case_search"), {"words": "varga"}).content.decode()

    assert "Nobody is found by this name" in answer


def test_a_restricted_person_is_not_found(client):
    world = five()
    hidden = known(world, "Ludmila", "Varga")
    hidden.person.state = Person.State.RESTRICTED
    hidden.person.save()
    client.force_login(world.ben)

    answer = client.post(reverse("case_search"), {"words": "varga"}).content.decode()

    assert "Nobody is found by this name" in answer


def test_a_search_is_audited_without_its_words(client):
    world = five()
    client.force_login(world.ana)

    client.post(reverse("case_search"), {"words": "Quillfeather"})

    kept = AuditEntry.objects.get(act="case.search")
    assert kept.is_read
    assert "uill" not in "".join(map(str, vars(kept).values()))


@pytest.mark.parametrize("junk", ["", " ", "x" * 500, "\x00", "%_'\"", "a b c d e f g h i j", "\U0001f600"])
def test_no_words_break_the_search(client, junk):
    world = five()
    client.force_login(world.ana)

    assert client.post(reverse("case_search"), {"words": junk}).status_code == 200


def test_the_case_page_holds_the_facts_and_everything_written(client):
    world = five()
    micro.note(world.case, world.ana, text="We sat in the kitchen.")
    micro.entry(world.case, world.ana)
    micro.goal(world.case, world.ana)
    micro.referral(world.case, world.ana, world.service)
    concern(world.case, world.ana)
    client.force_login(world.ana)

    shown = page(client, "case", world.case.pk)

    for words in ("Eve Ostrowska", "she/her", "Rapid re-housing", "Fennhaven", "Northside", "Ana Alvarez"):
        assert words in shown
    for words in ("We sat in the kitchen.", "I wait and wait.", "Her sister helps.", "A home of our own"):
        assert words in shown
    assert "Certificate desk" in shown
    assert "What became of it" in shown


def test_the_timeline_is_newest_first_and_paged(client):
    world = five()
    for number in range(30):
        micro.note(world.case, world.ana, text=f"Meeting number {number}.", on=TODAY - timedelta(days=number))
    client.force_login(world.ana)

    first, second = page(client, "case", world.case.pk), page(client, "case", world.case.pk, page=2)

    assert first.index("Meeting number 0.") < first.index("Meeting number 1.")
    assert "Meeting number 29." in second
    assert "Meeting number 29." not in first


def test_a_long_case_costs_no_more_queries_than_a_short_one(client, django_assert_max_num_queries):
    world = five()
    for _ in range(20):
        micro.note(world.case, world.ana)
        micro.entry(world.case, world.ana)
    client.force_login(world.ana)

    with django_assert_max_num_queries(22):
        page(client, "case", world.case.pk)


def test_opening_a_case_is_kept_for_the_person_to_see(client):
    world = five()
    client.force_login(world.ana)

    page(client, "case", world.case.pk)

    looked = AuditEntry.objects.get(act="case.open")
    assert (looked.worker, looked.subject, looked.is_read) == (world.ana, str(world.eve.pk), True)


OF_A_CASE = (
    "case",
    "case_close",
    "note_write",
    "entry_write",
    "goal_set",
    "referral_make",
    "glass_break",
)


@pytest.mark.parametrize("name", OF_A_CASE)
def test_dov_gets_404_a_macro_worker_403_and_a_stranger_the_sign_in(client, name):
    world = five()
    address = reverse(name, args=[world.case.pk])

    stranger = client.get(address)
    client.force_login(world.dov)
    dov = client.get(address)
    client.force_login(world.cleo)
    cleo = client.get(address)

    assert (stranger.status_code, dov.status_code, cleo.status_code) == (302, 404, 403)


@pytest.mark.parametrize("name", ["case_move", "contact_plan", "draft_save"])
def test_dov_changes_nothing_of_anothers_case(client, name):
    world = five()
    client.force_login(world.dov)

    assert client.post(reverse(name, args=[world.case.pk]), {"to": "closed"}).status_code == 404


def test_nobodys_name_stands_in_a_title_or_an_address(client):
    world = five()
    client.force_login(world.ana)

    for name in OF_A_CASE[:-1]:
        shown = page(client, name, world.case.pk)
        title = shown.split("<title>")[1].split("</title>")[0]
        assert "Eve" not in title
        assert "Ostrowska" not in title


def test_a_case_is_started_with_its_person_once(client):
    world = five()
    client.force_login(world.ana)
    form = START | {"form_key": str(uuid4()), "next_contact_on": str(timezone.localdate())}

    first = client.post(reverse("case_start"), form)
    second = client.post(reverse("case_start"), form)

    assert first.url == second.url
    begun = Case.objects.get(pk=first.url.rsplit("/", 1)[1])
    assert begun.person.called == "Mara Lindqvist"
    assert [each.worker for each in begun.assignments.all()] == [world.ana]
    assert AuditEntry.objects.filter(act="case.start", subject=str(begun.person_id)).count() == 1
    assert "Mara Lindqvist" in client.post(reverse("case_search"), {"words": "lindq"}).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": ""},
        {"first_name": "x" * 81},
        {"first_name": "\x00"},
        {"language": "xx"},
        {"place": "99999999999999999999999"},
        {"next_contact_on": "1999-01-01"},
        {"next_contact_on": "9999-12-31"},
        {"next_contact_on": "soon"},
        {"form_key": "no key"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_started(client, wrong):
    world = five()
    client.force_login(world.ana)

    answer = client.post(reverse("case_start"), START | wrong)

    assert answer.status_code == 200
    assert Case.objects.count() == 2


def test_a_worker_without_a_team_is_told_what_to_do(client):
    world = five()
    lone = worker("Lone Lark", world.agency, None, Role.CASE_WORKER)
    client.force_login(lone)

    assert "You belong to no team yet" in client.post(reverse("case_start"), START).content.decode()


def test_a_case_moves_one_step_of_the_cycle(client):
    world = five()
    client.force_login(world.ana)

    client.post(reverse("case_move", args=[world.case.pk]), {"to": "intake"})
    refused = client.post(reverse("case_move", args=[world.case.pk]), {"to": "review"}, follow=True)

    world.case.refresh_from_db()
    assert world.case.state == Case.State.INTAKE
    assert "cannot go there" in refused.content.decode()


@pytest.mark.parametrize("to", ["", "closed", "nonsense", "\x00", "x" * 5000])
def test_no_odd_move_breaks_or_moves_anything(client, to):
    world = five()
    client.force_login(world.ana)

    client.post(reverse("case_move", args=[world.case.pk]), {"to": to})

    world.case.refresh_from_db()
    assert world.case.state == Case.State.ENGAGED


@settings(max_examples=200)
@given(path=st.lists(st.sampled_from(Case.State.values), max_size=12))
def test_the_cycle_never_loses_a_case(path):
    state = Case.State.INQUIRY.value
    for to in path:
        try:
            rules.check_case_may_move(state, to)
        except NotAllowedError:
            continue
        state = to

    assert rules.MOVES[state]
    assert state == Case.State.CLOSED or Case.State.CLOSED in rules.MOVES[state]


def test_closing_asks_for_the_reason_the_account_and_the_offer(client):
    world = five()
    client.force_login(world.ana)

    missing = client.post(reverse("case_close", args=[world.case.pk]), {"reason": "done"})
    done = client.post(reverse("case_close", args=[world.case.pk]), CLOSE)

    world.case.refresh_from_db()
    assert missing.content.decode().count("This field is required") >= 2
    assert done.status_code == 302
    assert (world.case.state, world.case.closing_account) == (Case.State.CLOSED, "I have my keys.")
    assert world.case.closed_on == timezone.localdate()


def test_who_wants_to_hear_on_is_offered_the_consent_for_it():
    world = five()

    case_close(case=world.case, by=world.ana, on=TODAY, **CLOSE)

    offered = Consent.objects.get(person=world.eve)
    assert (offered.purpose, offered.state) == (Consent.Purpose.TELL, Consent.State.OFFERED)


def test_a_case_cannot_be_closed_by_the_mere_move():
    world = five()

    with pytest.raises(NotAllowedError):
        case_move(case=world.case, to=Case.State.CLOSED, by=world.ana)


def test_a_closed_case_can_be_opened_again(client):
    world = five()
    case_close(case=world.case, by=world.ana, on=TODAY, **CLOSE)
    client.force_login(world.ana)

    client.post(reverse("case_move", args=[world.case.pk]), {"to": "engaged"})

    world.case.refresh_from_db()
    assert (world.case.state, world.case.closed_on) == (Case.State.ENGAGED, None)


@pytest.mark.parametrize(("day", "kept"), [(0, True), (14, True), (-1, False), (9999, False)])
def test_the_next_contact_is_a_day_to_come(client, day, kept):
    world = five()
    client.force_login(world.ana)
    on = timezone.localdate() + timedelta(days=day)

    client.post(reverse("contact_plan", args=[world.case.pk]), {"next_contact_on": str(on)})

    world.case.refresh_from_db()
    assert (world.case.next_contact_on == on) is kept
