"""A declared measure: who stands in which time, what is asked of the gate, what is answered."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from factories import crossing
from factories.five import case, consent, five, person
from practice.micro.crossing.test_deliver import an_issue
from upwell.practice.bridge.models import MeasureRequest, MeasureResult
from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.crossing import gather, vault
from upwell.practice.micro.crossing.actions import candidate_approve, measure_now
from upwell.practice.micro.crossing.measure import measure, measure_table
from upwell.practice.micro.crossing.measured import TOO_FEW, CannotTellError, windows
from upwell.practice.micro.models import Candidate
from upwell.practice.person.actions import consent_revoke
from upwell.practice.person.models import Consent

BEFORE = (date(2025, 1, 1), date(2025, 12, 31))
AFTER = (date(2026, 1, 1), date(2026, 10, 31))
SLOW = f"barrier {Barrier.TOO_SLOW}"


@pytest.fixture
def world():
    return five()


def declared(world, **more):
    fields = {
        "agency": world.agency,
        "issue": an_issue(world),
        "question": SLOW,
        "question_words": "Waited too long",
        "before_from": BEFORE[0],
        "before_to": BEFORE[1],
        "after_from": AFTER[0],
        "after_to": AFTER[1],
        "state": MeasureRequest.State.LOCKED,
    }
    return MeasureRequest.objects.create(**(fields | more))


def people(world, number, *, opened, closed=None, slow=(), place=None):
    """So many people with one case each; the first len(slow) of them have a concern on that day."""
    for at in range(number):
        someone = person(world.agency, "Invented", f"Person{at}")
        consent(someone)
        more = {"opened_on": opened, "closed_on": closed, "place": place or world.town}
        theirs = case(someone, world.team, **more)
        if at < len(slow):
            crossing.raised(theirs, world.ana, slow[at])


def run(world, request):
    return measure(outbox=crossing.outbox(world.agency, "measure", str(request.pk)))


def test_both_times_are_equally_long(world):
    before, after = windows(declared(world))

    assert before[1] - before[0] == after[1] - after[0]
    assert (before[1], after[0]) == (BEFORE[1], AFTER[0])


def test_people_stand_in_the_time_in_which_their_case_was_open(world):
    people(world, 20, opened=date(2025, 3, 1), closed=date(2025, 12, 1), slow=[date(2025, 6, 1)] * 8)
    people(world, 30, opened=date(2026, 2, 1), slow=[date(2026, 3, 1)] * 3)

    table = measure_table(declared(world), world.agency, today=crossing.TODAY)

    rows = table.codes["compared"]
    assert np.bincount(rows).tolist() == [20, 30]
    assert np.bincount(rows, weights=table.yes[SLOW]).tolist() == [8, 3]


def test_whoever_stands_in_both_times_counts_in_one_by_chance_alone(world):
    people(world, 200, opened=date(2025, 1, 5), slow=[date(2025, 6, 1)] * 100)
    request = declared(world)

    table = measure_table(request, world.agency, today=crossing.TODAY)

    assert table.persons == 200
    assert 70 < int((table.codes["compared"] == 0).sum()) < 130
    again = measure_table(request, world.agency, today=crossing.TODAY)
    assert again.snapshot == table.snapshot


def test_a_concern_of_the_other_time_is_no_answer(world):
    people(world, 20, opened=date(2026, 2, 1), slow=[date(2025, 6, 1)] * 20)

    assert not measure_table(declared(world), world.agency, today=crossing.TODAY).yes[SLOW].any()


def test_groups_are_told_by_the_words_of_a_column(world):
    other = crossing.towns(world, "Oxley")[1]
    for place, number in ((world.town, 25), (other, 15)):
        people(world, number, opened=date(2025, 3, 1), closed=date(2025, 12, 1), place=place)
        people(world, number + 1, opened=date(2026, 3, 1), place=place)

    request = declared(world, column="place", group="oxley", reference="Fennhaven")

    rows = measure_table(request, world.agency, today=crossing.TODAY).codes["compared"]
    assert np.bincount(rows).tolist() == [15, 16, 25, 26]


@pytest.mark.parametrize(
    "fields",
    [
        {"column": "place", "group": "Nowhere"},
        {"column": "shoe size", "group": "42"},
        {"column": "place", "group": "Fennhaven", "reference": "Nowhere"},
        {"question": "barrier declined"},
        {"question": "policy 00000000-0000-4000-8000-000000000000"},
        {"question": "anything"},
    ],
)
def test_what_the_records_do_not_know_cannot_be_told(world, fields):
    people(world, 20, opened=date(2026, 2, 1))

    with pytest.raises(CannotTellError):
        measure_table(declared(world, **fields), world.agency, today=crossing.TODAY)


def test_without_consent_nobody_is_measured(world):
    case(person(world.agency, "Invented", "Alone"), world.team, opened_on=date(2026, 2, 1))

    with pytest.raises(CannotTellError):
        measure_table(declared(world), world.agency, today=crossing.TODAY)


def test_too_few_people_are_answered_at_once_without_a_number(world):
    request = declared(world)

    assert run(world, request) is None

    result = MeasureResult.objects.get()
    assert (result.verdict, result.crossed, result.figures) == ("cannot tell", None, {})
    assert vault.entries_now(world.agency) == ()


def a_fall(world):
    people(world, 150, opened=date(2025, 3, 1), closed=date(2025, 12, 1), slow=[date(2025, 6, 1)] * 90)
    people(world, 150, opened=date(2026, 2, 1), slow=[date(2026, 3, 1)] * 30)


def test_a_measure_waits_at_the_desk_and_is_answered_when_it_crosses(world):
    a_fall(world)
    request = declared(world)

    candidate = run(world, request)
    assert candidate.kind == Candidate.Kind.MEASURE
    assert not MeasureResult.objects.exists()
    candidate_approve(candidate=candidate, by=world.ben, statements=())

    result = MeasureResult.objects.get()
    assert result.verdict == "fell"
    assert result.figures["before"] == {"yes": 90, "persons": 150, "share": 0.6}
    assert result.figures["after"] == {"yes": 30, "persons": 150, "share": 0.2}
    assert result.figures["change"]["value"] == -0.4
    assert result.crossed.release_id == candidate.release_id
    request.refresh_from_db()
    assert request.state == MeasureRequest.State.ANSWERED


def test_a_small_count_stays_hidden_and_the_answer_cannot_tell(world):
    people(world, 60, opened=date(2025, 3, 1), closed=date(2025, 12, 1), slow=[date(2025, 6, 1)] * 30)
    people(world, 60, opened=date(2026, 2, 1), slow=[date(2026, 3, 1)] * 2)
    request = declared(world)

    candidate = run(world, request)
    if candidate is not None:
        candidate_approve(candidate=candidate, by=world.ben, statements=())

    result = MeasureResult.objects.get()
    assert result.verdict == "cannot tell"
    assert result.figures.get("after", {"yes": None})["yes"] is None


def test_a_measure_is_computed_once(world):
    a_fall(world)
    request = declared(world)

    first, second = (
        run(world, request),
        measure(outbox=crossing.outbox(world.agency, "measure", str(request.pk), crossing.TODAY + timedelta(days=1))),
    )

    assert first == second
    assert Candidate.objects.count() == 1


def test_a_measure_that_is_not_locked_is_not_computed(world):
    a_fall(world)

    assert run(world, declared(world, state=MeasureRequest.State.DECLARED)) is None
    assert not Candidate.objects.exists()


def test_another_agencys_measure_is_not_computed(world):
    request = declared(world)

    assert measure(outbox=crossing.outbox(world.other_agency, "measure", str(request.pk))) is None
    assert not MeasureResult.objects.exists()


def test_a_measure_is_not_computed_before_its_time_is_over(world):
    request = declared(world, after_to=crossing.TODAY + timedelta(days=4000))

    with pytest.raises(NotAllowedError, match="not over yet"):
        measure_now(request=request, by=world.ben)


def test_a_count_that_lies_close_to_one_that_was_released_is_not_told(world):
    a_fall(world)
    everybody = crossing.gathered(world.agency)
    candidate_approve(candidate=everybody, by=world.ben, statements=())
    people(world, 3, opened=date(2026, 2, 1))

    run(world, declared(world))

    assert MeasureResult.objects.get().words == TOO_FEW


A_DAY_MORE = {"before_from": date(2025, 1, 1), "before_to": date(2025, 6, 30), "after_from": date(2025, 7, 5)}


def two_apart_by(world, number):
    """The answers to two measures, the second of which is a day longer and holds so many people more."""
    people(world, 60, opened=date(2025, 3, 1), closed=date(2025, 6, 1), slow=[date(2025, 4, 1)] * 30)
    people(world, 60, opened=date(2025, 8, 1), closed=date(2025, 9, 1), slow=[date(2025, 8, 5)] * 30)
    people(world, number, opened=date(2025, 12, 31), closed=date(2025, 12, 31), slow=[date(2025, 12, 31)])
    results = []
    for until in (date(2025, 12, 30), date(2025, 12, 31)):
        request = declared(world, after_to=until, **A_DAY_MORE)
        if candidate := run(world, request):
            candidate_approve(candidate=candidate, by=world.ben, statements=())
        results.append(MeasureResult.objects.get(request=request))
    return results


def test_a_measure_that_is_a_few_people_longer_than_another_is_not_told(world):
    first, second = two_apart_by(world, 1)

    assert first.figures["after"]["persons"] == 60
    assert (second.words, second.figures) == (TOO_FEW, {})


def test_a_measure_of_many_more_people_than_another_is_told(world):
    first, second = two_apart_by(world, 25)

    assert first.figures["after"]["persons"] == 60
    assert second.figures["after"]["persons"] == 85


def test_a_gathering_of_a_few_people_more_than_a_measure_waits(world):
    a_fall(world)
    candidate_approve(candidate=run(world, declared(world)), by=world.ben, statements=())
    people(world, 1, opened=date(2026, 2, 1), slow=[date(2026, 3, 1)])
    night = crossing.outbox(world.agency)

    assert gather.gather(outbox=night) is None

    assert night.said == gather.TOO_CLOSE


def test_a_gathering_of_other_people_than_a_measure_does_not_wait(world):
    a_fall(world)
    candidate_approve(candidate=run(world, declared(world)), by=world.ben, statements=())
    people(world, 30, opened=date(2025, 12, 10), closed=date(2025, 12, 20))
    people(world, 30, opened=date(2024, 11, 5), closed=date(2024, 12, 1))

    assert crossing.gathered(world.agency)


def test_whoever_withdrew_after_a_measure_is_not_told_by_asking_the_same_again(world):
    a_fall(world)
    candidate_approve(candidate=run(world, declared(world)), by=world.ben, statements=())
    consent_revoke(consent=Consent.objects.order_by("pk").first(), at=timezone.now())
    again = declared(world)

    assert run(world, again) is None

    assert MeasureResult.objects.get(request=again).words == TOO_FEW


def test_one_sentence_whether_a_group_holds_nobody_or_a_few(world):
    other = crossing.towns(world, "Oxley")[1]
    people(world, 30, opened=date(2025, 3, 1), closed=date(2025, 12, 1))
    nobody = declared(world, column="place", group="Oxley")
    run(world, nobody)
    people(world, 2, opened=date(2025, 3, 1), place=other)
    few = declared(world, column="place", group="Oxley")

    run(world, few)

    assert MeasureResult.objects.get(request=nobody).words == MeasureResult.objects.get(request=few).words


def test_a_broken_ledger_answers_no_measure_and_the_desk_reads_why(world):
    request = declared(world)
    outbox = crossing.outbox(world.agency, "measure", str(request.pk))
    with vault.ledger_held(world.agency) as held:
        held.append(b"no line of a ledger\n")

    made = measure(outbox=outbox)

    request.refresh_from_db()
    assert made is None
    assert "cannot be read" in outbox.said
    assert request.state == MeasureRequest.State.LOCKED
    assert not MeasureResult.objects.exists()
