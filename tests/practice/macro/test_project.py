"""Projects: planned with a declared measure, locked at the start, answered honestly."""

from __future__ import annotations

from datetime import date

import pytest

from factories import bridge, macro
from factories.five import TODAY, five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.bridge import actions as bridge_actions
from upwell.practice.bridge.models import MeasureRequest, Reply, Stage
from upwell.practice.errors import NotAllowedError, PracticeError
from upwell.practice.macro import actions, queries
from upwell.practice.macro.models import Project


def begin(world, project):
    return actions.project_begin(project=project, by=world.cleo, words=macro.TELL, at=macro.NOW)


def test_a_project_is_planned_with_its_measure(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    answer = client.post(f"/issue/{issue.pk}/project", macro.project_form())

    project = Project.objects.get()
    measure = project.measure
    assert answer.url == f"/project/{project.pk}"
    assert (measure.question, measure.column) == ("came-from-jail-or-prison", "where help was sought")
    assert (measure.group, measure.reference) == ("Northside Shelter", "Harbor House")
    assert (measure.smallest, measure.state) == (0.05, MeasureRequest.State.DECLARED)
    assert AuditEntry.objects.filter(act="project.plan", worker=world.cleo).count() == 1


def test_the_same_plan_sent_twice_makes_one_project_and_one_measure(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)
    form = macro.project_form()

    for _ in range(2):
        client.post(f"/issue/{issue.pk}/project", form)

    assert Project.objects.count() == MeasureRequest.objects.count() == 1


def test_the_questions_offered_are_those_of_the_release_the_issues_own_first():
    world = five()

    offered = queries.questions_offered(bridge.issue(world))

    assert [each.name for each in offered] == [
        "came-from-jail-or-prison",
        "exit-to-homelessness",
        "no-income-at-exit",
    ]
    assert offered[0].words == "Did they come straight from jail or prison?"


def test_only_rows_that_are_shown_are_offered_as_groups():
    world = five()

    groups = queries.questions_offered(bridge.issue(world))[0].groups

    ages = [group.label for group in groups if group.column == "age at entry"]
    assert "25 to 34" in ages
    assert "under 18" not in ages  # withheld
    assert "age unknown" not in ages


def test_a_release_that_was_changed_offers_nothing_to_measure(client):
    world = five()
    issue = bridge.issue(world)
    crossed = issue.figures.get().crossed
    crossed.data = bytes(crossed.data).replace(b'"yes":131', b'"yes":132')
    crossed.save()
    client.force_login(world.cleo)

    page = client.get(f"/issue/{issue.pk}/project").content.decode()

    assert queries.questions_offered(issue) == []
    assert "Nothing to measure yet" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": "made-up"},
        {"group": "", "reference": "t06:0"},
        {"group": "t06:1", "reference": "t05:2"},
        {"group": "t06:1", "reference": "t06:1"},
        {"group": "t99:0"},
        {"smallest": "0"},
        {"smallest": "101"},
        {"before_to": "2027-06-01"},
        {"after_to": "2026-01-01"},
        {"due_on": "2027-06-01"},
        {"starts_on": "31/31/31"},
        {"title": "a\0b"},
        {"title": "x" * 121},
        {"form_key": "no"},
    ],
)
def test_a_measure_that_makes_no_sense_is_an_error_on_the_form(client, wrong):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    answer = client.post(f"/issue/{issue.pk}/project", macro.project_form(**wrong))

    assert answer.status_code == 200
    assert not Project.objects.exists()
    assert not MeasureRequest.objects.exists()


def test_another_question_of_the_release_can_be_measured(client):
    world = five()
    issue = bridge.issue(world)
    client.force_login(world.cleo)

    page = client.get(f"/issue/{issue.pk}/project?question=exit-to-homelessness").content.decode()

    assert "Did they leave to homelessness?</strong>" in page


def test_a_planned_project_can_be_changed_with_its_measure(client):
    world = five()
    project = macro.plan(world)
    client.force_login(world.cleo)
    opened = client.get(f"/project/{project.pk}/change").content.decode()

    client.post(f"/project/{project.pk}/change", macro.project_form(title="Another name", smallest="8", group="t06:3"))

    project.refresh_from_db()
    project.measure.refresh_from_db()
    assert '<option value="t06:1" selected>Northside Shelter' in opened
    assert project.title == "Another name"
    assert (project.measure.smallest, project.measure.group) == (0.08, "St. Brigid Family Home")
    assert MeasureRequest.objects.count() == 1


def test_starting_locks_the_measure_moves_the_issue_and_tells_everyone_once(client):
    world = five()
    project = macro.plan(world)
    client.force_login(world.cleo)

    for _ in range(2):
        client.post(f"/project/{project.pk}/begin", {"words": macro.TELL})

    project.refresh_from_db()
    assert project.state == Project.State.STARTED
    assert project.measure.state == MeasureRequest.State.LOCKED
    assert project.issue.stage == Stage.PROJECT
    assert project.issue.replies.filter(stage=Stage.PROJECT).count() == 1


def test_after_the_start_no_form_changes_the_project_or_its_measure(client):
    world = five()
    project = begin(world, macro.plan(world))
    client.force_login(world.cleo)

    answer = client.post(f"/project/{project.pk}/change", macro.project_form(title="Another", smallest="1"))

    project.refresh_from_db()
    project.measure.refresh_from_db()
    assert "This project has started" in answer.content.decode()
    assert project.title == macro.PLAN.title
    assert project.measure.smallest == 0.05


def test_after_the_start_no_action_changes_the_measure():
    world = five()
    project = begin(world, macro.plan(world))

    with pytest.raises(NotAllowedError):
        actions.project_change(project=project, by=world.cleo, plan=macro.PLAN, measure=macro.MEASURE)
    with pytest.raises(NotAllowedError):
        bridge_actions.measure_change(request=project.measure, by=world.cleo, smallest=0.5)


def test_a_page_that_was_opened_before_the_start_cannot_change_it_afterwards():
    world = five()
    stale = macro.plan(world)
    begin(world, Project.objects.get(pk=stale.pk))

    with pytest.raises(NotAllowedError):
        actions.project_change(project=stale, by=world.cleo, plan=macro.PLAN, measure=macro.MEASURE)


def test_a_project_without_measure_does_not_start():
    world = five()
    project = macro.plan(world)
    Project.objects.filter(pk=project.pk).update(measure=None)

    with pytest.raises(PracticeError, match="Declare the measure"):
        begin(world, project)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("cannot tell", "We cannot tell"),
        ("no clear change", "No clear change"),
        ("fell", "It fell"),
        ("rose", "It rose"),
    ],
)
def test_the_answer_stands_on_the_page_whatever_it_is(client, verdict, words):
    world = five()
    project = begin(world, macro.plan(world))
    bridge_actions.measure_answer(
        request=project.measure,
        crossed=None,
        verdict=verdict,
        words="Only a change of 9 points or more could have been seen.",
        figures={
            "before": {"yes": 60, "persons": 200},
            "after": {"yes": 40, "persons": 200},
            "other_before": {"yes": None, "persons": None},
            "change": {"value": -0.1, "low": -0.18, "high": -0.01},
        },
        on=TODAY,
    )
    client.force_login(world.ana)

    page = client.get(f"/project/{project.pk}").content.decode()

    assert f'<span class="number">{words}</span>' in page
    assert "Only a change of 9 points or more could have been seen." in page
    assert "withheld" in page
    assert page.count('<circle class="deep"') == 2
    assert "does not show what caused it" in page


def test_an_answer_without_any_number_is_shown_as_words_alone(client):
    world = five()
    project = begin(world, macro.plan(world))
    bridge_actions.measure_answer(
        request=project.measure,
        crossed=None,
        verdict="cannot tell",
        words="Too few people were asked.",
        figures={},
        on=TODAY,
    )
    client.force_login(world.cleo)

    page = client.get(f"/project/{project.pk}").content.decode()

    assert "We cannot tell" in page
    assert "<svg" not in page


def test_ana_reads_projects_and_cannot_keep_them(client):
    world = five()
    project = macro.plan(world)
    client.force_login(world.ana)

    assert client.get("/projects").status_code == 200
    assert client.get(f"/project/{project.pk}").status_code == 200
    for path in ("change", "begin", "proposal"):
        assert client.post(f"/project/{project.pk}/{path}").status_code == 403


def test_a_measures_answer_is_told_as_a_result():
    world = five()
    project = begin(world, macro.plan(world))

    bridge_actions.measure_answer(
        request=project.measure, crossed=None, verdict="fell", words="It fell.", figures={}, on=date(2028, 2, 1)
    )

    assert project.issue.replies.last().kind == Reply.Kind.RESULT
