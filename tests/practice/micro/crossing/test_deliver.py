"""Word back: to whom, how often, and what the bridge never learns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import crossing
from factories.five import case, consent, five, person
from upwell.practice.accounts.models import Notice, Role
from upwell.practice.bridge.actions import issue_close, issue_move, issue_say
from upwell.practice.bridge.models import Issue, IssueStatement, Reply, Stage
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.micro.crossing import deliver as delivering
from upwell.practice.micro.crossing.deliver import deliver
from upwell.practice.micro.crossing.join import matching
from upwell.practice.micro.models import Concern, Word
from upwell.practice.person.actions import consent_revoke
from upwell.practice.person.models import Consent, ContactSent


class Stopped(BaseException):
    """The process ends here, as after kill -9."""


def an_issue(world, **more):
    fields = {
        "agency": world.agency,
        "title": "Certificates take eleven weeks",
        "what_happens": "By post only.",
        "who": "People without papers",
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "half_year": "2026-H2",
        "written_by": Role.PRIVACY_OFFICER,
        "approved_on": crossing.TODAY,
    }
    statement = IssueStatement.objects.create(**(fields | more))
    return Issue.objects.create(agency=world.agency, statement=statement, stage_since=crossing.TODAY)


def a_reply(issue, kind=Reply.Kind.NEWS):
    return issue_say(issue=issue, kind=kind, words="It lies with the county.", agency=issue.agency, role=Role.ADVOCATE)


def delivered(world, reply):
    outbox = crossing.outbox(world.agency, "deliver", str(reply.pk))
    deliver(outbox=outbox)
    return outbox


def words(to):
    return Word.objects.filter(to=to).count()


@pytest.fixture
def world():
    return five()


@pytest.fixture
def concern(world):
    consent(world.eve)
    return crossing.raised(world.case, world.ana)


def test_the_worker_hears_and_is_told_that_something_is_new(world, concern):
    delivered(world, a_reply(an_issue(world)))

    assert (words("worker"), words("person")) == (1, 0)
    assert list(Notice.objects.values_list("worker", "kind")) == [(world.ana.pk, "reply")]


def test_the_person_hears_only_when_they_agree_to_be_told(world, concern):
    consent(world.eve, Consent.Purpose.TELL)

    delivered(world, a_reply(an_issue(world)))

    assert (words("worker"), words("person")) == (1, 1)


def test_whoever_takes_that_consent_back_hears_no_more(world, concern):
    given = consent(world.eve, Consent.Purpose.TELL)
    issue = an_issue(world)
    delivered(world, a_reply(issue))
    consent_revoke(consent=given, at=timezone.now())

    delivered(world, a_reply(issue))

    assert (words("worker"), words("person")) == (2, 1)


def test_the_same_reply_delivered_twice_is_delivered_once(world, concern):
    consent(world.eve, Consent.Purpose.TELL)
    reply = a_reply(an_issue(world))

    deliver(outbox=delivered(world, reply))

    assert (words("worker"), words("person")) == (1, 1)
    assert ContactSent.objects.count() == 1


def test_a_person_with_three_concerns_gets_one_message(world, concern):
    consent(world.eve, Consent.Purpose.TELL)
    crossing.raised(world.case, world.ana)
    crossing.raised(world.case, world.ana)

    delivered(world, a_reply(an_issue(world)))

    assert words("person") == 3
    assert ContactSent.objects.count() == 1
    assert ContactSent.objects.get().why_held == "no_contact"


@pytest.mark.parametrize("step", ["_deliver_one", "_reach_people"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_stopped_between_any_two_rows_each_word_arrives_once(world, concern, step, after, monkeypatch):
    for number in range(3):
        someone = person(world.agency, "Invented", str(number))
        consent(someone)
        consent(someone, Consent.Purpose.TELL)
        crossing.raised(case(someone, world.team, world.ana), world.ana)
    reply = a_reply(an_issue(world))
    outbox = crossing.outbox(world.agency, "deliver", str(reply.pk))
    real, calls = getattr(delivering, step), []

    def stop_later(*args):
        if len(calls) >= after:
            raise Stopped
        calls.append(1)
        return real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(delivering, step, stop_later)
        if step == "_deliver_one" or after == 0:
            with pytest.raises(Stopped):
                deliver(outbox=outbox)
        else:
            deliver(outbox=outbox)
    deliver(outbox=outbox)

    assert (words("worker"), words("person")) == (4, 3)
    assert ContactSent.objects.count() == 3


def test_a_message_that_was_begun_when_it_stopped_is_not_sent_again(world, concern, monkeypatch):
    consent(world.eve, Consent.Purpose.TELL)
    reply = a_reply(an_issue(world))
    outbox = crossing.outbox(world.agency, "deliver", str(reply.pk))
    real = delivering.contact.send

    def stop_after(**given):
        real(**given)
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(delivering.contact, "send", stop_after)
        with pytest.raises(Stopped):
            deliver(outbox=outbox)
    deliver(outbox=outbox)

    assert ContactSent.objects.count() == 1


def test_whoever_wants_no_reply_gets_none_until_the_last_word(world, concern):
    Concern.objects.update(wants_reply=False)
    issue = an_issue(world)
    delivered(world, a_reply(issue))
    assert words("worker") == 0

    issue_close(issue=issue, words="It was fixed.", agency=world.agency, role=Role.ADVOCATE)
    delivered(world, Reply.objects.order_by("at").last())

    assert words("worker") == 1


@pytest.mark.parametrize("stage", [Stage.RETURN, Stage.FELT])
def test_at_the_end_of_the_thread_the_concern_is_returned(world, concern, stage):
    issue = an_issue(world)
    delivered(world, a_reply(issue))
    issue_move(issue=issue, to=stage, words="It is done.", agency=world.agency, role=Role.ADVOCATE)

    delivered(world, Reply.objects.order_by("at").last())

    concern.refresh_from_db()
    assert concern.state == Concern.State.RETURNED


def test_a_loss_is_told_too_and_ends_the_concern(world, concern):
    delivered(world, a_reply(an_issue(world), Reply.Kind.LOSS))

    concern.refresh_from_db()
    assert concern.state == Concern.State.RETURNED
    assert words("worker") == 1


def test_a_concern_raised_later_joins_and_hears_what_comes_next(world, concern):
    issue = an_issue(world)
    delivered(world, a_reply(issue))
    later = crossing.raised(world.case, world.ana)

    delivered(world, a_reply(issue))

    later.refresh_from_db()
    assert (later.issue_id, later.state) == (issue.pk, Concern.State.JOINED)
    assert Word.objects.filter(concern=later).count() == 1
    assert Word.objects.filter(concern=concern).count() == 2


def test_nothing_joins_an_issue_that_was_closed(world, concern):
    issue = an_issue(world)
    issue_close(issue=issue, words="It was fixed.", agency=world.agency, role=Role.ADVOCATE)

    delivered(world, Reply.objects.order_by("at").last())

    concern.refresh_from_db()
    assert concern.issue_id is None


def test_another_agencys_concerns_are_not_touched(world):
    consent(world.dovs_case.person)
    theirs = crossing.raised(world.dovs_case, world.dov)

    delivered(world, a_reply(an_issue(world)))
    deliver(outbox=crossing.outbox(world.other_agency, "deliver", str(Reply.objects.get().pk)))

    theirs.refresh_from_db()
    assert (theirs.state, theirs.issue_id) == (Concern.State.NEW, None)
    assert not Word.objects.exists()


@pytest.mark.parametrize(
    ("fields", "joins"),
    [
        ({}, True),
        ({"barrier": Barrier.TOO_DEAR}, False),
        ({"policy": "own"}, True),
        ({"state": Concern.State.RETURNED}, False),
    ],
)
def test_what_belongs_to_an_issue_by_barrier(world, fields, joins):
    consent(world.eve)
    given = {name: world.policy if value == "own" else value for name, value in fields.items()}
    crossing.raised(world.case, world.ana, **given)
    issue = an_issue(world)

    assert matching(issue.statement, world.agency).exists() is joins


def test_an_issue_about_a_policy_takes_only_what_names_it(world):
    consent(world.eve)
    crossing.raised(world.case, world.ana)
    named = crossing.raised(world.case, world.ana, policy=world.policy, barrier=Barrier.UNFAIR)

    issue = an_issue(world, policy=world.policy)

    assert list(matching(issue.statement, world.agency)) == [named]


def test_an_issue_of_a_county_takes_what_lies_in_it(world):
    consent(world.eve)
    inside = crossing.raised(world.case, world.ana)
    nowhere = person(world.agency, "Invented", "Elsewhere")
    consent(nowhere)
    crossing.raised(case(nowhere, world.team, world.ana), world.ana)

    issue = an_issue(world, county=world.county)

    assert list(matching(issue.statement, world.agency)) == [inside]


def test_without_consent_to_be_counted_nothing_joins(world):
    crossing.raised(world.case, world.ana)
    issue = an_issue(world)

    assert not matching(issue.statement, world.agency).exists()


def test_the_bridge_is_not_changed_by_delivering(world, concern):
    reply = a_reply(an_issue(world))
    before = list(Reply.objects.values()), list(Issue.objects.values())

    delivered(world, reply)

    assert (list(Reply.objects.values()), list(Issue.objects.values())) == before


def test_a_reply_is_delivered_the_day_after_as_well(world, concern):
    reply = a_reply(an_issue(world))
    outbox = crossing.outbox(world.agency, "deliver", str(reply.pk), crossing.TODAY + timedelta(days=1))

    deliver(outbox=outbox)

    assert words("worker") == 1
