"""The board, the radar and the one page: the own agency's alone, and each number back to its released table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from factories import bridge
from factories.five import TODAY, five
from upwell.practice.bridge import actions, queries
from upwell.practice.bridge.models import Crossed, Issue, Stage
from upwell.practice.bridge.stages import order
from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import PracticeError


def spoil(crossed: Crossed) -> None:
    crossed.data = bytes(crossed.data).replace(b"131", b"141", 1)
    crossed.save()


def test_another_agency_sees_no_issue_anywhere():
    world = five()
    issue = bridge.issue(world)

    assert list(queries.issues_for(world.ana)) == [issue]
    assert not queries.issues_for(world.dov).exists()
    assert not any(column.cards for column in queries.board_for(world.dov, TODAY))
    assert queries.radar_for(world.dov) == ()
    for read in (queries.issue_for, queries.thread_for):
        with pytest.raises(Http404):
            read(world.dov, issue.pk)
        with pytest.raises(Http404):
            read(world.ana, uuid4())


def test_the_board_has_every_column_ages_and_what_is_stale():
    world = five()
    fresh = bridge.issue(world)
    old = bridge.issue(world, barrier=Barrier.TOO_DEAR, on=TODAY - timedelta(days=31))
    closed = bridge.issue(world, barrier=Barrier.UNFAIR)
    actions.issue_close(issue=closed, words="Done.", agency=world.agency, role="advocate")

    columns = queries.board_for(world.ana, TODAY)

    assert [column.key for column in columns] == ["heard", "checked", "initiative", "project", "official", "changed"]
    heard = columns[0].cards
    assert [(card.issue, card.days_at_stage, card.is_stale) for card in heard] == [(old, 31, True), (fresh, 0, False)]
    assert heard[0].figure.with_trouble == 131
    assert heard[0].place == world.county


def test_the_board_asks_as_often_for_many_issues_as_for_one(django_assert_num_queries):
    world = five()
    for barrier in (Barrier.TOO_SLOW, Barrier.TOO_DEAR, Barrier.UNFAIR, Barrier.BROKEN):
        bridge.issue(world, barrier=barrier)

    with django_assert_num_queries(2):
        queries.board_for(world.ana, TODAY)


def test_every_number_of_a_thread_is_the_one_in_its_released_table():
    world = five()
    issue = bridge.issue(world)

    thread = queries.thread_for(world.ana, issue.pk)

    (shown,) = thread.figures
    assert shown.trusted
    assert shown.release_id == shown.figure.crossed.release_id
    assert (shown.row.yes, shown.row.persons) == (131, 412)
    assert queries.figure_table(shown.figure) == shown.table
    assert (shown.excess.value, shown.excess.low, shown.excess.high) == (57, 40, 74)
    assert round(shown.share, 2) == 0.32
    assert "no hidden count" in shown.attacked


def test_a_number_whose_release_was_changed_is_not_trusted_even_after_it_was_read_once():
    world = five()
    issue = bridge.issue(world)
    figure = issue.figures.get()
    assert queries.figure_table(figure).id == "t20"

    spoil(figure.crossed)

    (shown,) = queries.thread_for(world.ana, issue.pk).figures
    assert (shown.trusted, shown.table, shown.row) == (False, None, None)
    with pytest.raises(PracticeError):
        queries.figure_table(issue.figures.get())


def test_a_figure_that_was_changed_by_hand_is_not_trusted():
    world = five()
    issue = bridge.issue(world)
    figure = issue.figures.get()
    figure.with_trouble = 400
    figure.save()

    (shown,) = queries.thread_for(world.ana, issue.pk).figures

    assert not shown.trusted


def test_a_thread_tells_its_stages_moves_with_ages_and_words():
    world = five()
    on = timezone.localdate() - timedelta(days=45)
    issue = bridge.issue(world, on=on)

    thread = queries.thread_for(world.ana, issue.pk)

    assert [step.key for step in thread.stages] == list(order())
    assert [step.key for step in thread.stages if step.is_now] == [Stage.PATTERN]
    assert [step.key for step in thread.stages if step.is_past] == [Stage.CONCERN]
    (move,) = thread.moves
    assert (move.days, move.is_now, move.is_stale, move.is_back) == (45, True, True, False)
    assert thread.is_stale
    assert thread.days_at_stage == 45
    assert thread.lever.lever == "Administrative standard, oversight"
    assert len(thread.replies) == 1


def test_a_way_back_is_marked_in_a_thread():
    world = five()
    issue = bridge.issue(world)
    for stage in (Stage.PROJECT, Stage.ISSUE):
        actions.issue_move(issue=issue, to=stage, words="So.", agency=world.agency, role="advocate")

    moves = queries.thread_for(world.ana, issue.pk).moves

    assert [move.is_back for move in moves] == [False, False, True]
    assert [move.is_now for move in moves] == [False, False, True]


def test_a_thread_holds_what_hangs_on_the_issue():
    world = five()
    issue = bridge.issue(world)
    note = bridge.note(world, issue)

    thread = queries.thread_for(world.ana, issue.pk)

    assert thread.practice_notes == (note,)
    assert thread.calls == thread.measures == ()


def test_a_parked_issue_is_not_stale():
    world = five()
    issue = bridge.issue(world, on=TODAY - timedelta(days=400))
    actions.issue_park(
        issue=issue,
        review_on=timezone.localdate() + timedelta(days=9),
        words="Later.",
        agency=world.agency,
        role="advocate",
    )

    assert issue.state == Issue.State.PARKED
    assert not queries.thread_for(world.ana, issue.pk).is_stale


def test_the_radar_puts_the_largest_excess_first_and_what_cannot_be_trusted_last():
    world = five()
    crossed = bridge.crossed(world.agency, 1)

    def opened(barrier, *figures, by=crossed):
        return actions.issue_open(
            crossed=by, statement=bridge.statement(world, barrier=barrier), figures=figures, on=TODAY
        )

    finding = bridge.FINDING
    larger = actions.FigureFields(
        table="t23", row=0, words="402 of 840 people", with_trouble=402, people=840, expected_share=0.36
    )
    plain = actions.FigureFields(table="t02", row=0, words="744 of 4210 people", with_trouble=744, people=4210)
    spoiled = opened(Barrier.UNFAIR, larger, by=bridge.crossed(world.agency, 2))
    spoil(spoiled.figures.get().crossed)
    expected_order = [
        opened(Barrier.TOO_DEAR, larger),
        opened(Barrier.TOO_SLOW, finding),
        opened(Barrier.BROKEN, plain),
    ]

    rows = queries.radar_for(world.ana)

    assert [row.issue for row in rows] == [*expected_order, spoiled]
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    assert [round(row.shown.more_than_expected) for row in rows[:2]] == [100, 57]
    assert rows[2].shown.more_than_expected is None
    assert not rows[3].shown.trusted
    assert rows[0].not_known == "How long people waited who never came back."


def test_what_stands_out_comes_before_the_total_it_stands_in_and_the_newest_release_before_both():
    world = five()
    first = bridge.crossed(world.agency)
    total = replace(bridge.FINDING, words="of everybody", expected_share=None, p=None)
    issue = actions.issue_open(
        crossed=first, statement=bridge.statement(world), figures=(bridge.FINDING, total), on=TODAY
    )

    thread = queries.thread_for(world.ana, issue.pk)
    card = next(card for column in queries.board_for(world.ana, TODAY) for card in column.cards)
    row = queries.radar_for(world.ana)[0]

    assert [shown.figure.words for shown in thread.figures] == ["131 of 412 people", "of everybody"]
    assert card.figure.expected_share == row.shown.figure.expected_share == 0.18

    actions.issue_open(
        crossed=bridge.crossed(world.agency, 7), statement=bridge.statement(world), figures=(total,), on=TODAY
    )

    assert queries.thread_for(world.ana, issue.pk).figures[0].release_id != first.release_id
