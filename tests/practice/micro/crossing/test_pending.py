"""The sweep tells whoever asked that macro has answered, exactly once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from factories import thread
from factories.five import Five, five
from upwell.practice.accounts import notify
from upwell.practice.accounts.models import Notice
from upwell.practice.micro.crossing import pending


@pytest.fixture
def world() -> Five:
    return five()


def told(world: Five) -> int:
    return Notice.objects.filter(worker=world.ana, kind="answer").count()


def test_an_answered_question_is_told_once(world: Five):
    made = thread.ask_made(world, answer="It is not lawful.")

    pending.sweep(timezone.now())
    notify.seen(world.ana, "today")
    pending.sweep(timezone.now())

    made.refresh_from_db()
    assert made.answer_told_at is not None
    assert told(world) == 1


def test_a_question_without_answer_tells_nobody(world: Five):
    thread.ask_made(world)

    pending.sweep(timezone.now())

    assert told(world) == 0


def test_an_answer_that_was_read_already_is_no_news(world: Five):
    made = thread.ask_made(world, answer="It is not lawful.")
    made.answer_seen_at = timezone.now()
    made.save()

    pending.sweep(timezone.now())

    assert told(world) == 0
