"""One thread on one page: every number traces to its table, and every move is told once."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from factories import bridge, macro
from factories.five import five
from factories.pages import without_keys
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.bridge.models import Issue, Reply, Stage
from upwell.practice.errors import ChangedMeanwhileError
from upwell.practice.macro import actions


def move(**more):
    return {"to": "issue", "words": macro.TELL, "seen": "pattern", "step": "tell"} | more


def test_the_thread_shows_the_number_its_table_and_its_signature(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    page = client.get(f"/issue/{issue.pk}").content.decode()

    assert "131 of 412" in page
    assert "32 %, 95 % interval 27 to 36 %" in page
    assert "18 % for people like them" in page
    assert "p 0.004, corrected for everything that was searched" in page
    assert "about 57 people, interval 40 to 74" in page
    assert "The group and everyone else" in page  # the released table
    assert "holds</span>" in page
    assert "How long people waited who never came back." in page
    assert "Stage 2 of 11: Pattern" in page


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        ("pattern", "issue_confirm"),
        ("issue", "initiative_start"),
        ("initiative", "project_start"),
        ("project", "issue_move"),
    ],
)
def test_the_one_main_action_is_the_next_step_of_the_stage(client, stage, act):
    world = five()
    issue = bridge.issue(world)
    issue.stage = stage
    issue.save()
    client.force_login(world.cleo)

    page = client.get(f"/issue/{issue.pk}").content.decode()

    assert re.findall(r'<a role="button" href="([^"]+)"', page) == [reverse(act, args=[issue.pk])]


def test_withheld_cells_are_printed_as_words(client):
    world = five()
    issue = bridge.issue(world)
    figure = issue.figures.get()
    figure.table, figure.row, figure.with_trouble, figure.people, figure.expected_share = "t05", 2, 0, 0, None
    from upwell.practice.bridge.released import release_of  # noqa: PLC0415 - only here

    table = next(each for each in release_of(figure.crossed).tables if each.id == "t05")
    figure.with_trouble, figure.people = table.rows[2].yes, table.rows[2].persons
    figure.save()
    client.force_login(world.cleo)

    page = client.get(f"/issue/{issue.pk}").content.decode()

    assert '<td class="num">withheld</td>' in page
    assert "2 rows: withheld (0 to 10, or hidden to protect another)." in page
    assert "take herself out of it" in page


def test_a_number_whose_release_was_changed_is_not_shown(client):
    world = five()
    issue = bridge.issue(world)
    crossed = issue.figures.get().crossed
    crossed.data = bytes(crossed.data)[:-9]
    crossed.save()
    client.force_login(world.cleo)

    page = client.get(f"/issue/{issue.pk}").content.decode()

    assert "Signature does not hold" in page
    assert '<span class="number">' not in page


def test_a_move_is_looked_at_before_it_is_told(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    page = client.post(f"/issue/{issue.pk}/move", move(step="look", is_loss="on")).content.decode()

    issue.refresh_from_db()
    assert "This is what they will read" in page
    assert macro.TELL in page
    assert "It was not won" in page
    assert issue.stage == Stage.PATTERN


def test_words_can_be_changed_after_they_were_looked_at(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    page = client.post(f"/issue/{issue.pk}/move", move(step="change")).content.decode()

    assert f"{macro.TELL}</textarea>" in page
    assert Reply.objects.filter(words=macro.TELL).count() == 0


def test_a_move_is_told_once_however_often_it_is_sent(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    for _ in range(3):
        client.post(f"/issue/{issue.pk}/move", move())

    issue.refresh_from_db()
    assert issue.stage == Stage.ISSUE
    assert issue.replies.filter(words=macro.TELL).count() == 1
    assert AuditEntry.objects.filter(act="issue.tell", worker=world.cleo).count() == 1


def test_word_goes_back_without_a_move(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    for _ in range(2):
        client.post(f"/issue/{issue.pk}/move", move(to="pattern"))

    issue.refresh_from_db()
    assert issue.stage == Stage.PATTERN
    assert [reply.kind for reply in issue.replies.filter(words=macro.TELL)] == [Reply.Kind.NEWS]


def test_a_loss_is_told_as_a_loss(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    client.post(f"/issue/{issue.pk}/move", move(is_loss="on"))

    assert issue.replies.last().kind == Reply.Kind.LOSS


def test_whoever_saw_an_older_stage_is_asked_to_look_again(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)
    client.post(f"/issue/{issue.pk}/move", move())

    answer = client.post(f"/issue/{issue.pk}/move", move(to="project", words="Something else."))

    assert "Somebody moved this issue" in answer.content.decode()
    with pytest.raises(ChangedMeanwhileError):
        actions.issue_tell(issue=issue, by=world.cleo, seen="pattern", to=Stage.PROJECT, words="Again.")


def test_a_step_back_is_no_fault_and_stands_in_the_thread(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)
    client.post(f"/issue/{issue.pk}/move", move())

    client.post(f"/issue/{issue.pk}/move", move(to="pattern", seen="issue", words="We were wrong."))

    page = client.get(f"/issue/{issue.pk}").content.decode()
    assert "a step back" in page
    assert "We were wrong." in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": "   "},
        {"words": "x" * 501},
        {"words": "a\0b"},
        {"to": "nowhere"},
        {"to": "concern"},
        {"seen": ""},
        {"what_next": "x" * 201},
    ],
)
def test_a_move_without_words_or_to_nowhere_is_an_error_on_the_form(client, wrong):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    answer = client.post(f"/issue/{issue.pk}/move", move(**wrong))

    issue.refresh_from_db()
    assert answer.status_code == 200
    assert issue.stage == Stage.PATTERN


def test_an_issue_rests_until_a_day_and_everyone_is_told_once(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    for _ in range(2):
        client.post(f"/issue/{issue.pk}/park", {"review_on": "2099-01-01", "words": macro.TELL})

    issue.refresh_from_db()
    assert (issue.state, str(issue.review_on)) == (Issue.State.PARKED, "2099-01-01")
    assert issue.replies.filter(words=macro.TELL).count() == 1


def test_an_issue_does_not_rest_until_a_day_gone_by(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    answer = client.post(f"/issue/{issue.pk}/park", {"review_on": "2020-01-01", "words": macro.TELL})

    issue.refresh_from_db()
    assert answer.status_code == 200
    assert issue.state == Issue.State.OPEN


def test_from_a_decision_back_to_the_count_takes_two_clicks(client):
    world = five()
    proposal = macro.delivered(world)
    made = actions.DecisionFields("adopted", macro.NOW.date(), "Minutes", "")
    actions.proposal_decide(proposal=proposal, by=world.cleo, made=made, words=macro.TELL)
    client.force_login(world.cleo)

    first = client.get(f"/proposal/{proposal.pk}").content.decode()
    second = client.get(f"/issue/{proposal.project.issue_id}").content.decode()

    assert f'href="/issue/{proposal.project.issue_id}"' in first
    assert "Adopted" in second
    assert "131 of 412" in second


def test_ana_sees_the_thread_and_cannot_move_it(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.ana)

    page = client.get(f"/issue/{issue.pk}")

    assert page.status_code == 200
    assert f"/issue/{issue.pk}/move" not in page.content.decode()
    assert client.post(f"/issue/{issue.pk}/move", move()).status_code == 403
    assert client.post(f"/issue/{issue.pk}/park").status_code == 403
    assert client.get(f"/issue/{issue.pk}/project").status_code == 403


def test_dovs_agency_sees_nothing_of_it(client):
    world = five()
    proposal = macro.delivered(world)
    project, issue = proposal.project, proposal.project.issue
    from factories.five import worker  # noqa: PLC0415 - only here
    from upwell.practice.accounts.models import Role  # noqa: PLC0415

    dana = worker("Dana Doe", world.other_agency, None, Role.ADVOCATE, Role.ORGANIZER)

    for who in (world.dov, dana):
        client.force_login(who)
        for address in ("/board", "/radar", "/projects"):
            page = without_keys(client.get(address))
            assert "131" not in page
            assert "certificate" not in page.lower()
        assert client.get(f"/issue/{issue.pk}").status_code == 404
        assert client.get(f"/project/{project.pk}").status_code == 404
    link = macro.link(world, proposal)
    asked = actions.aide_ask(link=link, words="How many?", form_key=uuid4(), now=link.made_at)
    for address in (
        f"/issue/{issue.pk}/move",
        f"/issue/{issue.pk}/park",
        f"/issue/{issue.pk}/project",
        f"/project/{project.pk}/change",
        f"/project/{project.pk}/begin",
        f"/project/{project.pk}/proposal",
        f"/proposal/{proposal.pk}",
        f"/proposal/{proposal.pk}/decision",
        f"/proposal/{proposal.pk}/link",
        f"/proposal/link/{link.pk}/take-back",
        f"/proposal/question/{asked.pk}",
    ):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address


@pytest.mark.parametrize(
    "address", ["/board", "/radar", "/projects", "/lobbying", "/issue/6f1c0e0a-7a3b-4c1d-8e2f-000000000001"]
)
def test_a_stranger_is_sent_to_sign_in(client, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert "login" in answer.url


@pytest.mark.parametrize("number", [0, 10**18, 10**40])
def test_numbers_of_nothing_are_not_found(client, number):
    world = five()
    client.force_login(world.cleo)

    assert client.get(f"/proposal/question/{number}").status_code == 404
    assert client.get(f"/proposal/act/{number}").status_code == 404
