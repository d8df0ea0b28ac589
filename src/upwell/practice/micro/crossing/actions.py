"""What the desk does: let a candidate cross, return it, read an ask's words, ask for a gathering now."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.evidence.disclosure.history import ledger
from upwell.evidence.errors import LedgerError
from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge import actions as bridge
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError, PracticeError
from upwell.practice.micro.crossing import pending, queries, vault
from upwell.practice.micro.crossing.finish import Decision, Written, entry_of, finish
from upwell.practice.micro.crossing.gather import today_of
from upwell.practice.micro.crossing.table import source_id
from upwell.practice.micro.models import AskMade, Candidate, Outbox
from upwell.state.errors import StateError
from upwell.state.ledgers import Ledger

BY_HAND = "by hand"


def candidate_approve(*, candidate: Candidate, by: Worker, statements: Sequence[Written]) -> Candidate:
    """Let a candidate cross with these statements. Approved twice is approved once.

    Not one transaction, on purpose: what the desk wrote is kept, then the ledger's line is durable, then everything
    else follows in one transaction (see finish). Raises ChangedMeanwhileError when the candidate was overtaken.
    """
    with vault.ledger_held(candidate.agency) as held:
        candidate.refresh_from_db()
        if candidate.state == Candidate.State.APPROVED:
            return candidate
        if not _is_in(held, candidate):
            _check_fresh(candidate, held)
            _keep(candidate, Decision(by.pk, today_of(candidate.agency), tuple(statements)), by)
            _enter(held, candidate)
        return finish(candidate)


def candidate_return(*, candidate: Candidate, by: Worker, why: str) -> Candidate:
    """Send a candidate back with the reason; nothing crosses. Returned twice is returned once."""
    with vault.ledger_held(candidate.agency) as held, transaction.atomic():  # in the order of an approval
        candidate.refresh_from_db(from_queryset=Candidate.objects.select_for_update())
        if candidate.state == Candidate.State.RETURNED:
            return candidate
        if candidate.state != Candidate.State.WAITING or _is_in(held, candidate):
            raise ChangedMeanwhileError(_("This was decided already. Look at the desk again."))
        candidate.state, candidate.why_returned = Candidate.State.RETURNED, why
        candidate.decided_by, candidate.decided_at = by, timezone.now()
        candidate.save(update_fields=["state", "why_returned", "decided_by", "decided_at"])
        audit.record(by, "candidate.return", candidate, fields=["state", "why_returned"])
        return candidate


@transaction.atomic
def gather_now(*, by: Worker) -> Outbox:
    """Ask for a gathering now instead of tonight."""
    outbox = pending.again(kind="gather", agency=_agency(by), target=BY_HAND, on=today_of(_agency(by)))
    audit.record(by, "gather.ask", outbox)
    return outbox


@transaction.atomic
def measure_now(*, request: MeasureRequest, by: Worker) -> Outbox:
    """Ask for a locked measure to be computed now. Refused as long as its time is not over."""
    if request.state != MeasureRequest.State.LOCKED:
        raise NotAllowedError(_("Only a measure that is locked and not answered can be computed."))
    if request.after_to >= today_of(_agency(by)):
        raise NotAllowedError(_("The time after is not over yet; it would be measured too early."))
    outbox = pending.again(kind="measure", agency=_agency(by), target=str(request.pk), on=today_of(_agency(by)))
    audit.record(by, "measure.ask", outbox)
    return outbox


@transaction.atomic
def ask_release(*, made: AskMade, by: Worker, words: str) -> AskMade:
    """Let the words of an ask cross, as the desk has read and perhaps shortened them."""
    if _is_decided(made, AskMade.State.RELEASED):
        return made
    bridge.ask_words(ask=made.ask, words=words)
    made.words_state = AskMade.State.RELEASED
    made.save(update_fields=["words_state"])
    audit.record(by, "ask.release", made, subject=made.case.person_id, fields=["words_state"])
    return made


@transaction.atomic
def ask_return(*, made: AskMade, by: Worker, why: str) -> AskMade:
    """Keep the words of an ask inside, and say why to whoever wrote them. The ask itself stays asked, in its fields."""
    if _is_decided(made, AskMade.State.RETURNED):
        return made
    made.words_state, made.why_returned = AskMade.State.RETURNED, why
    made.save(update_fields=["words_state", "why_returned"])
    audit.record(by, "ask.return", made, subject=made.case.person_id, fields=["words_state", "why_returned"])
    notify.tell(made.by, "answer")
    return made


def _is_in(held: Ledger, candidate: Candidate) -> bool:
    """Whether the ledger lists this release already: then it is out, whatever the database says.

    Raises PracticeError, a sentence, when the ledger was changed, cut short or is another's: nothing crosses then.
    """
    try:
        entries = ledger.verify(held.lines(), source_id=source_id(candidate.agency))
    except (StateError, LedgerError) as error:
        raise PracticeError(str(error)) from error
    return any(entry.release_id == candidate.release_id for entry in entries)


def _check_fresh(candidate: Candidate, held: Ledger) -> None:
    """Only what waits, was made for this very ledger, and holds nobody who has taken consent back since."""
    if candidate.state != Candidate.State.WAITING:
        raise ChangedMeanwhileError(_("This was decided or overtaken. Look at the desk again."))
    if entry_of(candidate).protection != candidate.agency.protection:
        Candidate.objects.filter(pk=candidate.pk).update(state=Candidate.State.STALE)
        raise ChangedMeanwhileError(
            _("The agency's rules of protection are others by now. Gather again; nothing has crossed.")
        )
    moved = ledger.head(held.lines()) != candidate.ledger_head
    if moved or queries.has_withdrawn_since(candidate.agency, candidate.made_at, today_of(candidate.agency)):
        Candidate.objects.filter(pk=candidate.pk).update(state=Candidate.State.STALE)
        raise ChangedMeanwhileError(
            _("Another release went out meanwhile, or somebody took consent back. Gather again; nothing has crossed.")
        )


def _keep(candidate: Candidate, decision: Decision, by: Worker) -> None:
    candidate.decision, candidate.decided_by = decision.as_text(), by
    candidate.save(update_fields=["decision", "decided_by"])


def _enter(held: Ledger, candidate: Candidate) -> None:
    """The ledger's line, durable when this returns."""
    try:
        held.append(ledger.append(held.lines(), entry_of(candidate)))
    except (StateError, LedgerError) as error:
        raise PracticeError(str(error)) from error


def _is_decided(made: AskMade, so: str) -> bool:
    """Whether the words of an ask were decided on so before; its row is held for the transaction.

    Raises ChangedMeanwhileError where they were decided on otherwise.
    """
    made.refresh_from_db(from_queryset=AskMade.objects.select_for_update())
    if made.words_state == so:
        return True
    if made.words_state != AskMade.State.WAITING:
        raise ChangedMeanwhileError(_("These words were decided on already. Look at the desk again."))
    return False


def _agency(by: Worker) -> Agency:
    if by.agency is None:
        raise NotAllowedError(_("Only somebody of an agency can do this."))
    return by.agency
