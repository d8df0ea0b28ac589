"""What an action refuses is said where it will be read, and other faults go on to whoever can tell them."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage

from upwell.practice.accounts.refused import said_next, said_on
from upwell.practice.errors import PracticeError


class Words(forms.Form):
    words = forms.CharField()


@pytest.fixture
def request_with_messages(rf):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


def test_a_refusal_stands_on_the_form_beside_what_was_written():
    form = Words({"words": "kept"})

    with said_on(form):
        raise PracticeError("Not before Monday.")

    assert form.non_field_errors() == ["Not before Monday."]
    assert form["words"].value() == "kept"


@pytest.mark.parametrize(
    ("how", "level"), [((), messages.ERROR), ((messages.warning,), messages.WARNING)], ids=["usual", "softer"]
)
def test_a_refusal_stands_on_the_next_page_as_loud_as_asked(request_with_messages, how, level):
    with said_next(request_with_messages, *how):
        raise PracticeError("Not before Monday.")

    assert [(each.level, str(each)) for each in messages.get_messages(request_with_messages)] == [
        (level, "Not before Monday.")
    ]


def test_nothing_is_said_where_nothing_was_refused(request_with_messages):
    form = Words({"words": "kept"})

    with said_on(form), said_next(request_with_messages):
        pass

    assert form.is_valid() and not list(messages.get_messages(request_with_messages))


def test_another_fault_is_no_refusal(request_with_messages):
    with pytest.raises(ZeroDivisionError), said_next(request_with_messages), said_on(Words({"words": "x"})):
        _ = 1 / 0
