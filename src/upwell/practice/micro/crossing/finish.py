"""What happens once a candidate is in the ledger: everything the desk decided, in one transaction, exactly once.

The order is law: the desk's words are kept, the ledger line is durable, then the database follows. Whatever stops it in
between, the next approval or gathering finds the line in the ledger and finishes here.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from upwell.evidence.disclosure.history.ledger import LedgerEntry, entry_from
from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Agency, Role, Worker
from upwell.practice.bridge.actions import FigureFields, StatementFields, issue_open, receive
from upwell.practice.bridge.models import Crossed
from upwell.practice.environment.models import Place, Policy, System
from upwell.practice.micro.crossing import vault
from upwell.practice.micro.crossing.answer import answer_with
from upwell.practice.micro.crossing.join import join_matching
from upwell.practice.micro.models import Candidate


@dataclass(frozen=True)
class Written:
    """An issue statement as the desk wrote it, and the released figures it stands on."""

    statement: StatementFields
    figures: tuple[FigureFields, ...]


@dataclass(frozen=True)
class Decision:
    """What the desk decided: by whom, on which day, with which statements."""

    by: int
    on: date
    statements: tuple[Written, ...] = ()

    def as_text(self) -> str:
        """JSON; rows of the shared side by their keys."""
        return json.dumps(
            {"by": self.by, "on": self.on.isoformat(), "statements": [_plain(each) for each in self.statements]}
        )

    @staticmethod
    def of(text: str) -> Decision:
        """The decision that `as_text` wrote."""
        held = json.loads(text)
        return Decision(
            held["by"], date.fromisoformat(held["on"]), tuple(_written(each) for each in held["statements"])
        )


def finish_left(agency: Agency) -> int:
    """Finish what is in the ledger and not yet in the database; how many. Holds the ledger meanwhile."""
    left = Candidate.objects.filter(agency=agency).exclude(state=Candidate.State.APPROVED)
    left = left.filter(decided_by__isnull=False).exclude(state=Candidate.State.RETURNED)
    if not left.exists():
        return 0
    with vault.ledger_held(agency):
        known = {entry.release_id for entry in vault.entries_now(agency)}
        found = [candidate for candidate in left if candidate.decision and candidate.release_id in known]
        for candidate in found:
            finish(candidate)
    return len(found)


@transaction.atomic
def finish(candidate: Candidate) -> Candidate:
    """Hand the release over, open its issues, join the concerns, answer the measure. The ledger holds its line."""
    candidate.refresh_from_db(from_queryset=Candidate.objects.select_for_update())
    if candidate.state == Candidate.State.APPROVED:
        return candidate
    decision = Decision.of(candidate.decision)
    by = Worker.objects.get(pk=decision.by)
    crossed = receive(
        agency=candidate.agency,
        data=base64.b64decode(candidate.signed),
        public_key=vault.keys_of(candidate.agency).public,
        on=decision.on,
    )
    for written in decision.statements:
        issue = issue_open(crossed=crossed, statement=written.statement, figures=written.figures, on=decision.on, by=by)
        join_matching(issue, candidate.agency)
    _answer(candidate, crossed, decision.on)
    candidate.state, candidate.decided_at = Candidate.State.APPROVED, timezone.now()
    candidate.save(update_fields=["state", "decided_at"])
    audit.record(by, "candidate.approve", candidate, fields=["state"])
    return candidate


def entry_of(candidate: Candidate) -> LedgerEntry:
    """The ledger entry that was made with a candidate."""
    return entry_from(json.loads(candidate.entry))


def _answer(candidate: Candidate, crossed: Crossed, on: date) -> None:
    if candidate.measure is not None:
        answer_with(candidate.measure, crossed, on)


def _plain(written: Written) -> dict[str, object]:
    said = {name: getattr(written.statement, name) for name in written.statement.__dataclass_fields__}
    keys = {name: str(row.pk) if row else None for name in ("policy", "system", "county") for row in [said[name]]}
    return {"statement": said | keys, "figures": [asdict(each) for each in written.figures]}


def _written(held: dict[str, Any]) -> Written:  # Any: JSON, as `_plain` wrote it
    said = held["statement"]
    policy, system, county = (said[name] for name in ("policy", "system", "county"))
    rows = {
        "policy": Policy.objects.get(pk=UUID(policy)) if policy else None,
        "system": System.objects.get(pk=UUID(system)) if system else None,
        "county": Place.objects.get(pk=int(county)) if county else None,
        "written_by": Role(said["written_by"]),
    }
    return Written(StatementFields(**said | rows), tuple(FigureFields(**each) for each in held["figures"]))
