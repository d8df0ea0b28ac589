"""Education sessions: built from an issue, answered without a name, told once and never of a few."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import bridge, organizing
from factories.five import five
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.bridge.queries import thread_for
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.mezzo.organizing import actions, education, rules
from upwell.practice.mezzo.organizing.models import EducationSession, LearningCheck

State = EducationSession.State
SHEETS = st.lists(st.integers(0, 3), max_size=60)


def a_session(state=State.PLANNED):
    world = five()
    initiative = organizing.initiative(world, bridge.issue(world))
    return world, organizing.session(world, initiative, state)


def told(rights):
    return [(right, 3) for right in rights]


@given(before=SHEETS, after=SHEETS)
def test_fewer_than_eleven_sheets_tell_nothing(before, after):
    result = rules.result(told(before), told(after))

    for phase, pile in ((result["before"], before), (result["after"], after)):
        assert (phase["people_at_least"] is None) == (len(pile) < 11)
        if phase["people_at_least"]:
            assert phase["people_at_least"] <= len(pile)
    if min(len(before), len(after)) < 11:
        assert result["change"] is None
        assert result["before"]["right_in_ten"] is result["after"]["right_in_ten"] is None


@pytest.mark.parametrize("people", range(11, 61))
def test_no_number_of_right_answers_can_be_worked_out_even_by_who_knows_how_many_came(people):
    """The attack: try every number of right answers; those that give the same page cannot be told apart."""
    pages: dict[object, list[int]] = {}
    for right in range(3 * people + 1):
        pile = [(3, 3)] * (right // 3) + [(right % 3, 3)] * (right % 3 > 0)
        pile += [(0, 3)] * (people - len(pile))
        page = rules.result(pile, told([1] * 11))["before"]
        pages.setdefault(tuple(page.items()), []).append(right)

    assert min(len(rights) for rights in pages.values()) >= 3


@pytest.mark.parametrize("people", range(11, 41))
def test_one_sheet_more_or_less_never_gives_its_answers_away(people):
    """Who knows every other sheet still finds at least two answers of the last one that give the same page."""
    for others in range(0, 3 * (people - 1) + 1, 7):
        pile = [(3, 3)] * (others // 3) + [(others % 3, 3)] * (others % 3 > 0)
        pile += [(0, 3)] * (people - 1 - len(pile))
        pages = {str(rules.result([*pile, (last, 3)], told([1] * 11))["before"]) for last in range(4)}

        assert len(pages) <= 2


def test_nothing_is_told_before_the_session_is_over_and_then_it_never_changes():
    world, session = a_session(State.BEFORE)
    organizing.sheets(session, *["ttf"] * 12)
    seen = [session.result]
    actions.session_go_on(session=session, seen=State.BEFORE, by=world.cleo)
    organizing.sheets(session, *["ttf"] * 11)
    seen.append(session.result)

    actions.session_go_on(session=session, seen=State.AFTER, by=world.cleo)

    assert seen == [None, None]
    assert session.result == {
        "before": {"people_at_least": 11, "right_in_ten": 9},
        "after": {"people_at_least": 11, "right_in_ten": 9},
        "change": 0,
    }
    with pytest.raises(ChangedMeanwhileError):
        organizing.sheets(session, "fff")
    with pytest.raises(ChangedMeanwhileError):
        actions.session_go_on(session=session, seen=State.HELD, by=world.cleo)


def test_a_change_is_told_in_tenths():
    world, session = a_session(State.BEFORE)
    organizing.sheets(session, *["f??"] * 6, *["tt?"] * 6)
    actions.session_go_on(session=session, seen=State.BEFORE, by=world.cleo)
    organizing.sheets(session, *["ttf"] * 12, *["f??"] * 4)

    actions.session_go_on(session=session, seen=State.AFTER, by=world.cleo)

    assert session.result["before"] == {"people_at_least": 11, "right_in_ten": 3}
    assert session.result["after"] == {"people_at_least": 15, "right_in_ten": 8}
    assert session.result["change"] == 5


def test_the_same_sheet_twice_is_one():
    _world, session = a_session(State.BEFORE)
    key = uuid4()

    first = actions.check_answer(session=session, told=("true", "", "false"), form_key=key)
    second = actions.check_answer(session=session, told=("false", "", ""), form_key=key)

    assert first == second
    assert (first.right, first.of, first.phase) == (2, 3, "before")
    assert LearningCheck.objects.count() == 1


def test_a_sheet_holds_no_person_and_no_time_and_the_audit_names_the_session_alone():
    _world, session = a_session(State.BEFORE)
    organizing.sheets(session, "ttf")

    entry = AuditEntry.objects.get(act="check.answer")

    assert {field.name for field in LearningCheck._meta.get_fields()} == {"session", "phase", "right", "of", "form_key"}
    assert entry.object.endswith(str(session.pk))
    assert (entry.worker, entry.subject, entry.actor) == (None, "", "visitor")


def test_a_hall_full_of_sheets_is_enough(monkeypatch):
    _world, session = a_session(State.BEFORE)
    monkeypatch.setattr(rules, "MOST_SHEETS", 2)
    organizing.sheets(session, "ttf", "ttt")

    with pytest.raises(NotAllowedError):
        organizing.sheets(session, "ttf")


def test_a_check_that_is_not_open_takes_no_sheet():
    _world, session = a_session(State.PLANNED)

    with pytest.raises(ChangedMeanwhileError):
        organizing.sheets(session, "ttf")


def test_two_organizers_who_press_at_once_go_on_one_step():
    world, session = a_session(State.PLANNED)

    for _ in range(2):
        actions.session_go_on(session=session, seen=State.PLANNED, by=world.cleo)

    assert session.state == State.BEFORE


def test_what_people_answered_to_is_not_changed_afterwards():
    world, session = a_session(State.PLANNED)
    actions.session_change(session=session, to=organizing.session_fields(title="Better"), by=world.cleo)
    actions.session_go_on(session=session, seen=State.PLANNED, by=world.cleo)

    with pytest.raises(NotAllowedError):
        actions.session_change(session=session, to=organizing.session_fields(title="Other"), by=world.cleo)

    session.refresh_from_db()
    assert session.title == "Better"


def test_a_session_sent_twice_is_one():
    world = five()
    initiative, key = organizing.initiative(world, bridge.issue(world)), uuid4()

    for _ in range(2):
        actions.session_plan(initiative=initiative, session=organizing.session_fields(), by=world.cleo, form_key=key)

    assert EducationSession.objects.count() == 1


def test_the_material_begins_from_the_issue_its_number_and_its_lever():
    world = five()
    issue = bridge.issue(world)

    begun = education.begin(thread_for(world.cleo, issue.pk), "en")

    for words in (
        issue.statement.what_happens,
        "131 of 412",
        "32 %",
        "18 %",
        "County Records Office",
        "Administrative standard, oversight",
        "changes nothing about any service",
        issue.statement.not_known,
    ):
        assert words in begun.material
    assert len(begun.statements) == 3
    assert {right for _, right in begun.statements} == {True, False}


def test_a_number_whose_release_was_changed_is_left_out_of_the_material():
    world = five()
    issue = bridge.issue(world)
    crossed = issue.figures.get().crossed
    crossed.data = bytes(crossed.data).replace(b"131", b"141", 1)
    crossed.save()

    begun = education.begin(thread_for(world.cleo, issue.pk), "en")

    assert "131" not in begun.material
    assert "of 412" not in begun.material


def test_who_can_change_it_is_an_institution_and_never_the_rule_itself():
    world = five()
    issue = bridge.issue(world, system=None)

    begun = education.begin(thread_for(world.cleo, issue.pk), "en")

    assert begun.statements[1] == (f"{world.policy.system} can change this.", True)


def test_without_an_institution_or_a_rule_the_statements_still_hold():
    world = five()
    issue = bridge.issue(world, policy=None, system=None, not_known="")

    begun = education.begin(thread_for(world.cleo, issue.pk), "en")

    assert [right for _, right in begun.statements] == [True, False, False]
