"""What is asked of everybody who may be counted: one question a kind of barrier, and one a policy that bears here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from upwell.practice.environment.coding import Barrier, levers
from upwell.practice.environment.models import Policy
from upwell.records.cases.table import Question

POPULATION = "people-in-contact"
PEOPLE = "people in contact with the agency who agreed to be counted"
ASKED_OF = (
    "Everybody with a case that was open in the period who agreed, and still agrees, to be counted. Each person counts "
    "once, by the first of these cases; yes means that a worker or the person named this trouble at least once in the "
    "period."
)
CANNOT_TELL = (
    "It counts troubles that were told and written down; there may be more. Whoever came lately has had less time to "
    "name one, so the last months look lower than they are."
)

_BARRIERS: dict[str, tuple[str, str, str]] = {
    Barrier.NOT_THERE: (
        "Was help that they needed not there at all?",
        "needed help that does not exist here",
        "did not name help that does not exist here",
    ),
    Barrier.TOO_LITTLE: (
        "Was there too little of the help they needed?",
        "met a waiting list, a cap or no free place",
        "did not name a waiting list, a cap or no free place",
    ),
    Barrier.NOT_ELIGIBLE: (
        "Did a rule leave them out?",
        "were left out by a rule",
        "did not name a rule that left them out",
    ),
    Barrier.MISAPPLIED: (
        "Were they refused what a rule gives them?",
        "were refused what a rule gives them",
        "did not name a refusal of what a rule gives them",
    ),
    Barrier.TOO_SLOW: (
        "Did something take longer than it should?",
        "waited longer than they should for something",
        "did not name too long a wait",
    ),
    Barrier.TOO_DEAR: (
        "Did something they needed cost too much?",
        "could not pay what something they needed costs",
        "did not name something that costs too much",
    ),
    Barrier.CANNOT_REACH: (
        "Could they not reach or use what is there?",
        "could not reach or use what is there",
        "did not name something they could not reach or use",
    ),
    Barrier.UNFAIR: ("Were they treated unfairly?", "were treated unfairly", "did not name unfair treatment"),
    Barrier.UNSAFE: (
        "Was what they were given unsafe or poor?",
        "were given something unsafe or poor",
        "did not name anything unsafe or poor",
    ),
    Barrier.BROKEN: (
        "Did they fall between systems that should work together?",
        "fell between systems that should work together",
        "did not name systems that fail to work together",
    ),
    Barrier.NOT_KNOWN: (
        "Had nobody told them of what they could have?",
        "had not been told of what they could have",
        "did not name something nobody had told them of",
    ),
    Barrier.OWN_AGENCY: (
        "Did our own agency stand in the way?",
        "found our own agency in the way",
        "did not name our own agency",
    ),
}

_DECIDERS: dict[str, tuple[str, ...]] = {
    Policy.Kind.LAW: ("the legislature",),
    Policy.Kind.RULE: ("the agency in charge of the rule",),
    Policy.Kind.BILL: ("the legislature",),
    Policy.Kind.PRACTICE: ("the institution's management",),
}


@dataclass(frozen=True)
class PolicyAsked:
    """A policy as far as a question needs it."""

    id: UUID
    title: str
    kind: str


@dataclass(frozen=True)
class Coding:
    """What makes an answer yes: a barrier, or a policy; exactly one of them is given."""

    barrier: str = ""
    policy: UUID | None = None

    @property
    def name(self) -> str:
        """The question's name, as a declared measure names it."""
        return f"policy {self.policy}" if self.policy else f"barrier {self.barrier}"


def coding_of(question: str) -> Coding | None:
    """The coding that a question's name stands for; None for a name of no question of ours."""
    kind, _, rest = question.partition(" ")
    if kind == "barrier" and rest in _BARRIERS:
        return Coding(barrier=rest)
    try:
        return Coding(policy=UUID(rest)) if kind == "policy" else None
    except ValueError:
        return None


def barrier_questions(*, full: bool) -> tuple[Question, ...]:
    """One question a barrier that counts as a need, in the order of the lever table."""
    known = levers()
    return tuple(
        _question(
            Coding(barrier=key).name,
            _BARRIERS[key],
            barrier=key,
            lever_words=tuple(known[key].lever.split(", ")),
            deciders=("whoever is in charge of it",),
            full=full,
        )
        for key in Barrier.values
        if known[key].counts
    )


def policy_questions(policies: Sequence[PolicyAsked], *, full: bool) -> tuple[Question, ...]:
    """One question a policy: was it named as what stands in the way? In the order given."""
    return tuple(
        _question(
            Coding(policy=policy.id).name,
            (
                f"Did this stand in the way: {policy.title}?",
                f"met this in their way: {policy.title}",
                f"did not name this: {policy.title}",
            ),
            barrier="",
            lever_words=(f"change of the {Policy.Kind(policy.kind).name.lower()}",),
            deciders=_DECIDERS[policy.kind],
            full=full,
        )
        for policy in policies
    )


def _question(
    name: str,
    said: tuple[str, str, str],
    *,
    barrier: str,
    lever_words: tuple[str, ...],
    deciders: tuple[str, ...],
    full: bool,
) -> Question:
    words, happened, not_happened = said
    return Question(
        name=name,
        words=words,
        people=PEOPLE,
        happened=happened,
        not_happened=not_happened,
        asked_of=ASKED_OF,
        barrier=barrier,
        levers=lever_words,
        deciders=deciders,
        population=POPULATION,
        protection="full" if full else "usual",
        cannot_tell=CANNOT_TELL,
    )
