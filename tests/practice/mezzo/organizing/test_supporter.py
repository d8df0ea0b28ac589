"""People opt in and leave by their own act. No client is ever among them, and nothing leads to one."""

from __future__ import annotations

import ast
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.http import Http404

from factories import bridge, organizing
from factories.five import five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.mezzo.organizing import actions, queries, rules
from upwell.practice.mezzo.organizing.models import Confirmation, Initiative, Supporter

APP = Path(queries.__file__).parent


def test_opting_in_twice_with_one_form_is_one_supporter_with_the_same_code():
    world = five()
    door, key = actions.door_open(issue=bridge.issue(world), by=world.cleo), uuid4()

    first, second = (organizing.joined(door.link, form_key=key) for _ in range(2))

    assert first == second
    assert Supporter.objects.count() == Confirmation.objects.count() == 1


def test_the_code_is_kept_nowhere_and_another_form_gets_another():
    world = five()
    door = actions.door_open(issue=bridge.issue(world), by=world.cleo)

    first, second = organizing.joined(door.link), organizing.joined(door.link)

    assert first.code != second.code
    kept = " ".join(str(value) for row in Supporter.objects.values() for value in row.values())
    assert first.code not in kept
    assert first.code.replace("-", "") not in kept


def test_leaving_erases_what_was_written_and_leaving_twice_is_leaving_once():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))
    joined = organizing.joined(initiative.link, called="Rosa", reach="555 0100", words="My own words")

    for code in (joined.code, joined.code.lower().replace("-", " ")):
        left = actions.leave(code=code)

    assert (left.called, left.reach) == ("", "")
    assert left.left_at is not None
    assert not Confirmation.objects.exists()
    assert not initiative.supporters.exists()
    assert not AuditEntry.objects.exclude(subject="").exists()


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "' or 1=1", "\u0000", "x" * 5000])
def test_a_code_that_nobody_has_leaves_everybody_in(code):
    world = five()
    door = actions.door_open(issue=bridge.issue(world), by=world.cleo)
    organizing.joined(door.link)

    with pytest.raises(NotAllowedError):
        actions.leave(code=code)

    assert Supporter.objects.filter(left_at=None).count() == 1


def test_an_organizer_can_erase_whoever_lost_the_code():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))
    supporter = organizing.joined(initiative.link).supporter

    actions.supporter_erase(supporter=supporter, by=world.cleo)

    assert not queries.supporters_of(initiative).exists()
    assert AuditEntry.objects.get(act="supporter.erase").worker == world.cleo


def test_nobody_joins_what_has_ended():
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))
    actions.initiative_end(initiative=initiative, state=Initiative.State.ENDED, words="Done.", by=world.cleo)

    with pytest.raises(ChangedMeanwhileError):
        organizing.joined(initiative.link)


def test_a_page_takes_no_more_people_a_day_than_a_hall_holds(monkeypatch):
    world = five()
    door = actions.door_open(issue=bridge.issue(world), by=world.cleo)
    monkeypatch.setattr(rules, "MOST_JOIN_A_DAY", 1)
    organizing.joined(door.link)

    with pytest.raises(NotAllowedError):
        organizing.joined(door.link)


def test_a_link_that_nothing_has_is_no_page():
    with pytest.raises(Http404):
        queries.entrance(UUID(int=0))


def test_an_issue_has_one_door():
    world = five()
    issue = bridge.issue(world)

    assert actions.door_open(issue=issue, by=world.cleo) == actions.door_open(issue=issue, by=world.cleo)


def test_from_a_supporter_no_way_leads_to_a_person_or_a_case():
    reached, todo = set(), [Supporter]
    while todo:
        model = todo.pop()
        if model in reached:
            continue
        reached.add(model)
        todo += [field.related_model for field in model._meta.get_fields() if field.is_relation and field.related_model]

    assert Supporter in reached
    assert not {model._meta.label for model in reached if model._meta.app_label in {"person", "micro"}}


def test_nothing_on_the_case_side_points_to_a_supporter():
    for label in ("person", "micro"):
        for model in apps.get_app_config(label).get_models():
            targets = {field.related_model for field in model._meta.get_fields() if field.is_relation}
            assert Supporter not in targets, model


def test_no_file_of_organizing_imports_a_person_or_a_case():
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if "practice.person" in name or "practice.micro" in name], path
