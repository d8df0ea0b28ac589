"""What a consent may become, and how long it holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.practice.person import rules
from upwell.practice.person.models import Consent

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
State, Purpose = Consent.State, Consent.Purpose


def test_only_the_moves_of_the_table_are_allowed() -> None:
    allowed = {
        (State.OFFERED, State.GIVEN),
        (State.OFFERED, State.DECLINED),
        (State.GIVEN, State.REVOKED),
        (State.GIVEN, State.EXPIRED),
    }

    for now in State:
        for to in State:
            if (now, to) in allowed:
                rules.check_move(now, to)
            else:
                with pytest.raises(rules.ConsentError):
                    rules.check_move(now, to)


@pytest.mark.parametrize("purpose", [Purpose.COUNT, Purpose.TELL, Purpose.SERVICE])
def test_being_counted_and_being_told_hold_until_they_are_taken_back(purpose: str) -> None:
    span = rules.span(purpose, date(2026, 11, 22))

    assert (span.usable_from, span.expires_on) == (date(2026, 11, 22), None)


@given(given_on=DAYS, months=st.none() | st.integers(1, 600))
@pytest.mark.parametrize("purpose", [Purpose.STORY, Purpose.APPEAR])
def test_a_story_ends_within_a_year_and_waits_at_first(purpose: str, given_on: date, months: int | None) -> None:
    span = rules.span(purpose, given_on, months)

    assert span.expires_on is not None and span.expires_on <= given_on + timedelta(days=366)
    assert span.usable_from == given_on + timedelta(days=3)


@given(start=DAYS, months=st.integers(1, 40))
def test_months_later_is_the_same_day_or_the_last_of_the_month(start: date, months: int) -> None:
    later = rules.months_later(start, months)

    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day == start.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize("purpose", [Purpose.SHARE, Purpose.STORY, Purpose.APPEAR, Purpose.RESEARCH])
def test_what_goes_to_somebody_names_them(purpose: str) -> None:
    rules.check_offer(purpose, "Certificate desk")

    with pytest.raises(rules.ConsentError, match="who will receive"):
        rules.check_offer(purpose, "  ")
