"""Questions, answers, calls, practice notes and measures: sent once, kept as sent, and nobody's in particular."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from factories import bridge
from factories.five import TODAY, five
from upwell.practice.accounts.models import AuditEntry, Notice, Role, Worker
from upwell.practice.bridge import actions, queries, rules
from upwell.practice.bridge.models import (
    Answer,
    Ask,
    CallForEvidence,
    MeasureRequest,
    MeasureResult,
    PracticeNote,
    Reply,
    Stage,
)
from upwell.practice.bridge.stages import order
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError, PracticeError

MEASURE = {
    "question": "barrier too-slow",
    "question_words": "Did something take longer than it should?",
    "before_from": date(2025, 1, 1),
    "before_to": date(2025, 12, 31),
    "after_from": date(2026, 1, 1),
    "after_to": date(2026, 12, 31),
    "smallest": 0.05,
}
STAGES = st.sampled_from(list(order()))


def a_call(world, **more):
    fields = {
        "issue": None,
        "by": world.cleo,
        "question": "Who was told to come back?",
        "why": "We want to know how often.",
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "policy": world.policy,
        "system": None,
        "returned": "What was found, by June.",
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=30),
    }
    return actions.call_open(**(fields | more))


def test_a_question_tells_whoever_can_answer_and_nobody_else():
    world = five()

    bridge.ask(world)

    assert set(Notice.objects.values_list("worker", "kind")) == {(world.cleo.pk, "ask")}


def test_a_question_crosses_without_words_until_the_desk_adds_them():
    world = five()
    ask = bridge.ask(world)
    assert ask.words == ""

    actions.ask_words(ask=ask, words=" Is it lawful? " + "x" * 400)

    ask.refresh_from_db()
    assert ask.words.startswith("Is it lawful?")
    assert len(ask.words) == 300


def test_a_question_is_taken_answered_once_and_the_same_answer_twice_is_one():
    world = five()
    ask = bridge.ask(world)

    for _ in range(2):
        actions.ask_take(ask=ask, by=world.cleo)
    first = actions.ask_answer(ask=ask, words="No: ten days are the limit.", source="7 CFR 1", by=world.cleo)
    second = actions.ask_answer(ask=ask, words="No: ten days are the limit.", source="7 CFR 1", by=world.cleo)

    assert first == second
    assert (ask.state, first.role, first.agency) == (Ask.State.ANSWERED, Role.ADVOCATE, world.agency)
    with pytest.raises(ChangedMeanwhileError):
        actions.ask_answer(ask=ask, words="Another.", source="", by=world.cleo)
    with pytest.raises(ChangedMeanwhileError):
        actions.ask_take(ask=ask, by=world.cleo)
    assert Answer.objects.get().words == "No: ten days are the limit."


def test_an_answer_says_something():
    world = five()

    with pytest.raises(PracticeError):
        actions.ask_answer(ask=bridge.ask(world), words=" ", source="", by=world.cleo)


def test_answers_are_found_by_words_coding_and_policy_in_the_own_agency_alone():
    world = five()
    ask, other = bridge.ask(world), bridge.ask(world, barrier=Barrier.TOO_DEAR, policy=None)
    theirs = bridge.ask(world, world.other_agency)
    for each in (ask, other, theirs):
        actions.ask_answer(ask=each, words="Ten days are the limit.", source="", by=world.cleo)

    def found(**by):
        return {answer.ask for answer in queries.answers_for(world.ana, **by)}

    assert found() == {ask, other}
    assert found(words="ten LIMIT") == {ask, other}
    assert found(words="certificates post") == {ask}
    assert found(words="ten unicorn") == set()
    assert found(words="\0 ten") == {ask, other}
    assert found(barrier=Barrier.TOO_DEAR) == {other}
    assert found(domain=Domain.FOOD) == set()
    assert found(policy=world.policy) == {ask}
    assert {answer.ask for answer in queries.answers_for(world.dov)} == {theirs}


def test_questions_that_wait_show_their_age_and_the_most_urgent_first():
    world = five()
    old = bridge.ask(world, on=TODAY - timedelta(days=9))
    urgent = bridge.ask(world, needed_by=TODAY - timedelta(days=1))
    actions.ask_answer(ask=bridge.ask(world), words="Answered.", source="", by=world.cleo)
    bridge.ask(world, world.other_agency)

    waiting = queries.asks_waiting(world.cleo, TODAY)

    assert [(each.ask, each.days, each.is_late) for each in waiting] == [(urgent, 0, True), (old, 9, False)]


def test_a_call_is_open_between_its_days_and_sent_twice_is_one():
    world = five()

    call, again = a_call(world), a_call(world)

    assert call == again
    for day, is_open in ((-1, False), (0, True), (30, True), (31, False)):
        on = TODAY + timedelta(days=day)
        assert queries.calls_open_for(world.agency, on).exists() == is_open
        assert queries.calls_not_open_for(world.agency, on).exists() != is_open
    assert not queries.calls_open_for(world.other_agency, TODAY).exists()


def test_a_call_closes_after_it_opens():
    world = five()

    with pytest.raises(PracticeError):
        a_call(world, closes_on=TODAY)

    assert not CallForEvidence.objects.exists()


def test_a_practice_note_is_changed_as_a_draft_and_stays_once_it_was_sent():
    world = five()
    note = bridge.note(world)
    actions.practice_note_change(note=note, by=world.cleo, to=bridge.note_fields(world, title="Better"))

    for _ in range(2):
        actions.practice_note_send(note=note, by=world.cleo)

    assert (note.title, note.state) == ("Better", PracticeNote.State.SENT)
    assert note.sent_at <= timezone.now()
    assert AuditEntry.objects.filter(act="practice_note.send").count() == 1
    with pytest.raises(NotAllowedError):
        actions.practice_note_change(note=note, by=world.cleo, to=bridge.note_fields(world))


def test_a_draft_sent_twice_is_one_and_is_read_by_nobody_else():
    world = five()

    first = bridge.note(world)
    second = bridge.note(world, what_to_do="Do it otherwise.")

    assert first == second
    assert PracticeNote.objects.get().what_to_do == "Do it otherwise."
    assert not queries.practice_notes_for(world.ana).exists()


def test_the_finder_is_told_in_words():
    world = five()

    words = [str(each) for each in queries.finder_words(bridge.note(world))]

    assert words == ["Birth certificates by post only", "County Records Office", "Documents", "Too slow"]


def test_a_measure_is_changed_until_it_is_locked_and_never_after():
    world = five()
    request = actions.measure_declare(issue=bridge.issue(world), by=world.cleo, **MEASURE)
    actions.measure_change(request=request, by=world.cleo, smallest=0.1)
    locked_at = timezone.now()

    actions.measure_lock(request=request, at=locked_at)
    actions.measure_lock(request=request, at=locked_at + timedelta(days=1))

    for change in ({"smallest": 0.01}, {"after_to": date(2027, 1, 1)}, {"question": "barrier too-dear"}):
        with pytest.raises(NotAllowedError):
            actions.measure_change(request=request, by=world.cleo, **change)
    stored = MeasureRequest.objects.get()
    assert (stored.smallest, stored.state, stored.locked_at) == (0.1, MeasureRequest.State.LOCKED, locked_at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"before_to": date(2024, 1, 1)},
        {"after_from": date(2025, 6, 1)},
        {"after_to": date(2025, 12, 31)},
        {"smallest": 0.0},
        {"smallest": 1.5},
        {"smallest": float("nan")},
        {"group": "Fennhaven", "reference": "Fennhaven"},
    ],
)
def test_a_measure_that_measures_nothing_is_refused(wrong):
    world = five()

    with pytest.raises(PracticeError):
        actions.measure_declare(issue=bridge.issue(world), by=world.cleo, **(MEASURE | wrong))

    assert not MeasureRequest.objects.exists()


def test_a_measure_is_answered_once_after_it_was_locked_and_everyone_hears():
    world = five()
    issue = bridge.issue(world)
    request = actions.measure_declare(issue=issue, by=world.cleo, **MEASURE)
    said = {"crossed": None, "verdict": "cannot tell", "words": "Too few to tell.", "figures": {}, "on": TODAY}

    with pytest.raises(NotAllowedError):
        actions.measure_answer(request=request, **said)
    actions.measure_lock(request=request, at=timezone.now())
    first = actions.measure_answer(request=request, **said)
    second = actions.measure_answer(request=request, **(said | {"verdict": "fell"}))

    assert first == second
    assert MeasureResult.objects.get().verdict == "cannot tell"
    assert [(reply.kind, reply.words) for reply in issue.replies.filter(kind=Reply.Kind.RESULT)] == [
        (Reply.Kind.RESULT, "Too few to tell.")
    ]


@given(before=STAGES, after=STAGES)
def test_every_way_back_is_usual_and_every_leap_forward_is_not(before, after):
    step = order().index(after) - order().index(before)

    assert rules.is_back(before, after) == (step < 0)
    if step <= 1:
        assert rules.is_usual(before, after)
    elif (before, after) not in rules.SHORTCUTS:
        assert not rules.is_usual(before, after)


def test_an_internal_fix_needs_no_officials():
    assert rules.is_usual(Stage.PROJECT, Stage.IMPLEMENTATION)
    assert not rules.is_usual(Stage.PATTERN, Stage.DECISION)


@pytest.mark.parametrize(
    ("roles", "voice"),
    [
        ({Role.ORGANIZER, Role.ADVOCATE}, Role.ADVOCATE),
        ({Role.ORGANIZER, Role.CASE_WORKER}, Role.ORGANIZER),
        ({Role.SUPERVISOR, Role.PRIVACY_OFFICER}, Role.PRIVACY_OFFICER),
        ({Role.CASE_WORKER}, Role.CASE_WORKER),
    ],
)
def test_a_worker_speaks_in_the_most_specific_role(roles, voice):
    assert rules.role_for(frozenset(roles)) == voice


def test_no_row_of_the_bridge_names_a_worker():
    world = five()
    issue = bridge.issue(world)
    actions.issue_move(
        issue=issue, to=Stage.ISSUE, words="Yes.", agency=world.agency, role=Role.ORGANIZER, by=world.cleo
    )
    ask = bridge.ask(world)
    actions.ask_take(ask=ask, by=world.cleo)
    actions.ask_answer(ask=ask, words="Ten days.", source="", by=world.cleo)
    a_call(world, issue=issue)
    actions.practice_note_send(note=bridge.note(world, issue), by=world.cleo)
    request = actions.measure_declare(issue=issue, by=world.cleo, **MEASURE)
    actions.measure_lock(request=request, at=timezone.now(), by=world.cleo)

    for model in apps.get_app_config("bridge").get_models():
        related = {field.related_model for field in model._meta.get_fields() if field.is_relation}
        assert Worker not in related, model
        assert model.objects.exists() or model in {MeasureResult} or "Testimony" in model.__name__, model
        dump = " ".join(str(value) for row in model.objects.values() for value in row.values())
        for worker in (world.ana, world.ben, world.cleo, world.dov):
            assert worker.name not in dump
            assert worker.email not in dump
            assert worker.username not in dump


def test_statement_fields_are_the_statements_own():
    world = five()
    issue = bridge.issue(world)

    written = issue.statement

    assert replace(bridge.statement(world)).title == written.title
    assert (written.county, written.half_year, written.domain) == (world.county, "2026-H1", Domain.DOCUMENTS)
