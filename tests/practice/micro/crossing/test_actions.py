"""What the desk decides, and that nothing is lost or doubled wherever it is stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from factories import crossing
from factories.five import consent
from upwell.evidence.disclosure.history import ledger
from upwell.practice.accounts.models import AuditEntry
from upwell.practice.bridge.models import Crossed, Figure, Issue, IssueStatement, Reply
from upwell.practice.errors import ChangedMeanwhileError, PracticeError
from upwell.practice.micro.crossing import actions, finish, gather, queries, vault
from upwell.practice.micro.crossing.actions import candidate_approve, candidate_return
from upwell.practice.micro.crossing.finish import Decision, finish_left
from upwell.practice.micro.models import Candidate, Concern
from upwell.practice.person.actions import consent_revoke
from upwell.practice.person.models import Consent
from upwell.state.errors import StateError
from upwell.state.ledgers import Ledger


class Stopped(BaseException):
    """The process ends here, as after kill -9."""


def stop(*args: object, **kwargs: object) -> None:
    raise Stopped


@pytest.fixture
def crowd():
    return crossing.crowded()


def approved(crowd, candidate=None):
    candidate = candidate or crossing.gathered(crowd.five.agency)
    return candidate_approve(
        candidate=candidate, by=crowd.five.ben, statements=[crossing.written(crowd.five, candidate)]
    )


def effects(agency):
    return (
        len(vault.entries_now(agency)),
        Crossed.objects.count(),
        Issue.objects.count(),
        IssueStatement.objects.count(),
        Figure.objects.count(),
        Reply.objects.count(),
        Candidate.objects.filter(state=Candidate.State.APPROVED).count(),
    )


ONCE = (1, 1, 1, 1, 1, 1, 1)


def test_an_approved_candidate_crosses_with_its_issue(crowd):
    candidate = approved(crowd)

    assert candidate.state == Candidate.State.APPROVED
    assert effects(crowd.five.agency) == ONCE
    issue = Issue.objects.get()
    assert issue.statement.title == "Certificates take eleven weeks"
    assert issue.figures.get().crossed.release_id == candidate.release_id
    assert vault.entries_now(crowd.five.agency)[0].release_id == candidate.release_id


def test_approving_twice_is_approving_once(crowd):
    candidate = approved(crowd)

    approved(crowd, candidate)

    assert effects(crowd.five.agency) == ONCE


def test_a_release_may_cross_without_a_statement(crowd):
    candidate_approve(candidate=crossing.gathered(crowd.five.agency), by=crowd.five.ben, statements=())

    assert Crossed.objects.count() == 1
    assert not Issue.objects.exists()


def test_concerns_that_say_the_same_join_the_issue_and_others_do_not(crowd):
    approved(crowd)

    joined = Concern.objects.filter(state=Concern.State.JOINED)
    assert joined.exists()
    assert {concern.policy_id for concern in joined} == {crowd.five.policy.pk}
    assert not Concern.objects.filter(policy=crowd.five.policy).exclude(state=Concern.State.JOINED).exists()
    assert {concern.issue_id for concern in joined} == {Issue.objects.get().pk}


def test_a_concern_of_somebody_who_does_not_agree_to_be_counted_does_not_join(crowd):
    alone = crossing.raised(crowd.five.case, crowd.five.ana, policy=crowd.five.policy)

    approved(crowd)

    alone.refresh_from_db()
    assert alone.state == Concern.State.NEW
    assert alone.issue is None


def test_the_audit_knows_who_let_it_cross(crowd):
    candidate = approved(crowd)

    entry = AuditEntry.objects.get(act="candidate.approve")
    assert (entry.worker, entry.object) == (crowd.five.ben, f"micro.Candidate:{candidate.pk}")


STEPS = {
    "before the decision is kept": (actions, "_keep"),
    "before the ledger": (actions, "_enter"),
    "between ledger and database": (actions, "finish"),
    "before the release is received": (finish, "receive"),
    "before the issue is opened": (finish, "issue_open"),
    "before the concerns join": (finish, "join_matching"),
    "before the measure is answered": (finish, "_answer"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("resume", ["approve", "gather"])
@pytest.mark.django_db(transaction=True)
def test_stopped_anywhere_it_happens_exactly_once(crowd, step, resume, monkeypatch):
    candidate = crossing.gathered(crowd.five.agency)
    with monkeypatch.context() as patched:
        patched.setattr(*STEPS[step], stop)
        with pytest.raises(Stopped):
            approved(crowd, candidate)
    in_ledger = bool(vault.entries_now(crowd.five.agency))
    assert effects(crowd.five.agency)[1:] == (0, 0, 0, 0, 0, 0)

    if resume == "gather":
        gather.gather(outbox=crossing.outbox(crowd.five.agency))
        assert effects(crowd.five.agency) == (ONCE if in_ledger else (0, 0, 0, 0, 0, 0, 0))
    approved(crowd, Candidate.objects.get(pk=candidate.pk))

    assert effects(crowd.five.agency) == ONCE


@pytest.mark.django_db(transaction=True)
def test_what_the_desk_wrote_is_not_lost_when_it_is_stopped(crowd, monkeypatch):
    candidate = crossing.gathered(crowd.five.agency)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "finish", stop)
        with pytest.raises(Stopped):
            approved(crowd, candidate)

    finish_left(crowd.five.agency)

    assert Issue.objects.get().statement.title == "Certificates take eleven weeks"
    assert finish_left(crowd.five.agency) == 0


def test_a_full_disk_lets_nothing_cross(crowd, monkeypatch):
    candidate = crossing.gathered(crowd.five.agency)

    def full(self: Ledger, line: bytes) -> None:
        raise StateError("The ledger cannot be written (No space left on device); nothing was released.")

    monkeypatch.setattr(Ledger, "append", full)

    with pytest.raises(PracticeError, match="No space"):
        approved(crowd, candidate)

    candidate.refresh_from_db()
    assert candidate.state == Candidate.State.WAITING
    assert not Crossed.objects.exists()


def test_a_candidate_of_an_older_ledger_is_overtaken(crowd):
    first = crossing.gathered(crowd.five.agency)
    consent(crowd.five.eve)
    second = crossing.gathered(crowd.five.agency)
    Candidate.objects.filter(pk=first.pk).update(state=Candidate.State.WAITING)
    approved(crowd, second)

    with pytest.raises(ChangedMeanwhileError, match="Gather again"):
        approved(crowd, first)

    first.refresh_from_db()
    assert first.state == Candidate.State.STALE
    assert len(vault.entries_now(crowd.five.agency)) == 1


def test_a_candidate_that_holds_somebody_who_took_consent_back_does_not_cross(crowd):
    candidate = crossing.gathered(crowd.five.agency)
    consent_revoke(consent=Consent.objects.get(person=crowd.caseload.people[0]), at=timezone.now())

    with pytest.raises(ChangedMeanwhileError, match="took consent back"):
        approved(crowd, candidate)

    assert not vault.entries_now(crowd.five.agency)
    assert not Crossed.objects.exists()


def test_whoever_withdraws_while_it_is_being_made_stops_it_too(crowd, monkeypatch):
    make, holds = gather.make, Consent.objects.get(person=crowd.caseload.people[0])

    def slowly(*args, **more):
        done = make(*args, **more)
        consent_revoke(consent=holds, at=timezone.now())
        return done

    monkeypatch.setattr(gather, "make", slowly)
    candidate = crossing.gathered(crowd.five.agency)

    with pytest.raises(ChangedMeanwhileError, match="took consent back"):
        candidate_approve(candidate=candidate, by=crowd.five.ben, statements=())


def test_a_consent_that_ends_with_the_local_day_stops_what_was_made_that_evening(crowd):
    candidate = crossing.gathered(crowd.five.agency)
    evening = datetime(2026, 11, 20, 3, tzinfo=UTC)  # ten in the evening of the day before, where the agency works
    ends = {"given_at": evening - timedelta(days=9), "expires_on": date(2026, 11, 19)}
    Consent.objects.filter(person=crowd.caseload.people[0]).update(**ends)

    assert queries.has_withdrawn_since(candidate.agency, evening, date(2026, 11, 20))


def test_a_returned_candidate_keeps_the_reason_and_never_crosses(crowd):
    candidate = crossing.gathered(crowd.five.agency)

    candidate_return(candidate=candidate, by=crowd.five.ben, why="One town is too small.")

    candidate.refresh_from_db()
    assert (candidate.state, candidate.why_returned) == (Candidate.State.RETURNED, "One town is too small.")
    assert candidate.decided_by == crowd.five.ben
    with pytest.raises(ChangedMeanwhileError):
        approved(crowd, candidate)
    assert not vault.entries_now(crowd.five.agency)


def test_what_crossed_cannot_be_returned(crowd):
    candidate = approved(crowd)

    with pytest.raises(ChangedMeanwhileError):
        candidate_return(candidate=candidate, by=crowd.five.ben, why="Too late.")


def test_a_second_gathering_of_the_same_trouble_adds_to_the_same_issue(crowd):
    approved(crowd)
    for number in range(40):
        someone = crowd.caseload.people[number]
        someone.language = "es"
        someone.save()
    more = crossing.many(crowd.five.agency, 120, 60, 9, towns=crowd.towns)

    approved(crowd)

    assert len(more.people) == 120
    assert Issue.objects.count() == 1
    assert Figure.objects.count() == 2
    assert len(vault.entries_now(crowd.five.agency)) == 2


def test_the_chain_of_the_ledger_holds(crowd):
    approved(crowd)
    crossing.many(crowd.five.agency, 120, 60, 9, towns=crowd.towns)
    approved(crowd)

    first, second = vault.entries_now(crowd.five.agency)

    assert first.previous == ledger.BEGINNING
    assert second.previous != first.previous
    assert vault.is_whole(crowd.five.agency)


def test_a_decision_is_read_back_as_it_was_written(crowd):
    candidate = crossing.gathered(crowd.five.agency)
    decision = Decision(
        crowd.five.ben.pk, crossing.TODAY, (crossing.written(crowd.five, candidate, policy=None, county=None),)
    )

    assert Decision.of(decision.as_text()) == decision
