"""What comes back to a worker: words, answers, practice notes that may touch own cases, consents just changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise

from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.models import Ask, Reply, Stage
from upwell.practice.bridge.stages import PLAIN, order
from upwell.practice.micro.models import AskMade, Assignment, Case, Concern, NoteMatch, TeamWord, Word
from upwell.practice.micro.queries.case import cases_for
from upwell.practice.micro.queries.concern import own_concerns
from upwell.practice.person.models import Consent

DAYS_OF_CONSENTS = 7
"""Days for which a consent that a person gave or took back stands on Today."""
MOST_ON_TODAY = 20
"""Of each kind, what Today shows at most; the pages behind it hold the rest."""
MOST_LOOKED_THROUGH = 10 * MOST_ON_TODAY
"""Words read for Today: one reply brings a word for each own concern that it answers, and is said once."""


@dataclass(frozen=True)
class TodayThread:
    """What came back since the worker looked last."""

    words: Sequence[Word] = ()
    team_words: Sequence[TeamWord] = ()
    answers: Sequence[AskMade] = ()
    returned: Sequence[AskMade] = ()
    matches: Sequence[NoteMatch] = ()
    consents: Sequence[Consent] = ()

    def __bool__(self) -> bool:
        """Whether anything came."""
        return any((self.words, self.team_words, self.answers, self.returned, self.matches, self.consents))


@dataclass(frozen=True)
class Step:
    """A stage on the line of all stages. place: its number on the line, from 0."""

    key: str
    words: str | Promise
    plain: str | Promise
    place: int
    is_past: bool
    is_now: bool


@dataclass(frozen=True)
class Card:
    """What became of one concern. new: words that the worker had not seen before this page."""

    concern: Concern
    stage: str | Promise
    steps: tuple[Step, ...]
    word: Word | None = None
    team_word: TeamWord | None = None
    is_lost: bool = False
    what_next: str = ""
    new: tuple[Word | TeamWord, ...] = field(default=())


@dataclass(frozen=True)
class Sums:
    """Of oneself alone: concerns raised, those part of an issue, answered in the case, decided; words that came."""

    raised: int
    joined: int
    answered: int
    decided: int
    words: int


def today_thread(worker: Worker) -> TodayThread:
    """What a worker's Today shows of the thread. Six queries."""
    since = timezone.now() - timedelta(days=DAYS_OF_CONSENTS)
    own = own_open_cases(worker).values("person_id")
    consents = (
        Consent.objects.filter(person__in=own, how="page")
        .filter(Q(given_at__gte=since) | Q(ended_at__gte=since))
        .exclude(state=Consent.State.OFFERED)
        .prefetch_related(Prefetch("person__cases", own_open_cases(worker), to_attr="own_cases"))
        .select_related("person")
    )
    return TodayThread(
        words=_once_a_reply(unseen_words(worker)[:MOST_LOOKED_THROUGH])[:MOST_ON_TODAY],
        team_words=list(unseen_team_words(worker)[:MOST_ON_TODAY]),
        answers=list(unseen_answers(worker)[:MOST_ON_TODAY]),
        returned=list(unseen_returns(worker)[:MOST_ON_TODAY]),
        matches=list(matches_for(worker).filter(looked_at=None)[:MOST_ON_TODAY]),
        consents=list(consents[:MOST_ON_TODAY]),
    )


def _once_a_reply(words: Iterable[Word]) -> list[Word]:
    first: dict[UUID, Word] = {}
    for word in words:
        first.setdefault(word.reply_id, word)
    return list(first.values())


def own_open_cases(worker: Worker) -> QuerySet[Case]:
    """Cases that a worker is assigned to now and that are not closed: narrower than what they may open."""
    today = timezone.localdate()
    assigned = Assignment.objects.filter(Q(until=None) | Q(until__gte=today), worker=worker, since__lte=today)
    return Case.objects.filter(pk__in=assigned.values("case_id"), agency=worker.agency_id).exclude(
        state=Case.State.CLOSED
    )


def words_for(worker: Worker) -> QuerySet[Word]:
    """Words that came back for a worker's own concerns, newest first."""
    return Word.objects.filter(to=Word.To.WORKER, concern__by=worker, concern__case__agency=worker.agency_id)


def unseen_words(worker: Worker) -> QuerySet[Word]:
    """Those not read yet."""
    return (
        words_for(worker)
        .filter(seen_at=None)
        .select_related("reply", "concern__issue__statement", "concern__policy", "concern__system")
        .defer("concern__problem", "concern__impact")
    )


def word_for(worker: Worker, word_id: int) -> Word:
    """One word for a worker. Raises Http404 for anybody else's."""
    found = words_for(worker).select_related("concern__case__agency").filter(pk=word_id).first()
    if found is None:
        raise Http404
    return found


def unseen_team_words(worker: Worker) -> QuerySet[TeamWord]:
    """What the own team said to a worker's concerns and was not read yet."""
    return (
        TeamWord.objects.filter(concern__by=worker, concern__case__agency=worker.agency_id, seen_at=None)
        .exclude(by=worker)
        .select_related("concern__case", "concern__policy", "concern__system")
        .defer("concern__problem", "concern__impact")
    )


def asks_for(worker: Worker) -> QuerySet[AskMade]:
    """Questions from cases that a worker may open, or that were their own, newest first."""
    seen = Q(case__in=cases_for(worker)) | Q(by=worker, case__agency=worker.agency_id)
    return (
        AskMade.objects.filter(seen)
        .select_related("ask__policy", "ask__system", "ask__answer", "case__person")
        .order_by("-at")
    )


def ask_made_for(worker: Worker, ask_made_id: int) -> AskMade:
    """One question. Raises Http404 for any other."""
    found = asks_for(worker).filter(pk=ask_made_id).first()
    if found is None:
        raise Http404
    return found


def unseen_answers(worker: Worker) -> QuerySet[AskMade]:
    """Own questions that were answered and not looked at since."""
    answered = Q(ask__state=Ask.State.ANSWERED, answer_seen_at=None)
    return (
        AskMade.objects.filter(answered, by=worker, case__agency=worker.agency_id)
        .select_related("ask__answer", "ask__policy", "ask__system", "case__person")
        .order_by("-at")
    )


def unseen_returns(worker: Worker) -> QuerySet[AskMade]:
    """Own questions whose words the desk kept inside, and that were not looked at since."""
    return (
        AskMade.objects.filter(by=worker, case__agency=worker.agency_id)
        .filter(words_state=AskMade.State.RETURNED, return_seen_at=None)
        .select_related("ask__policy")
        .order_by("-at")
    )


def days_to_answer(made: AskMade) -> int | None:
    """Days from a question to its answer; None while it waits."""
    answer = getattr(made.ask, "answer", None)
    return None if answer is None else (timezone.localdate(answer.answered_at) - made.ask.asked_on).days


def matches_for(worker: Worker) -> QuerySet[NoteMatch]:
    """Practice notes that may touch own open cases, the newest first."""
    return (
        NoteMatch.objects.filter(case__in=own_open_cases(worker))
        .select_related("practice_note__policy", "practice_note__system", "case__person")
        .order_by("-practice_note__effective_on", "practice_note_id", "-found_at", "pk")
    )


def match_for(worker: Worker, match_id: int) -> NoteMatch:
    """One match of an own case. Raises Http404 for any other."""
    found = matches_for(worker).filter(pk=match_id).first()
    if found is None:
        raise Http404
    return found


def line_of(stage: str) -> tuple[Step, ...]:
    """All stages in order, with the one that is reached."""
    now = order().index(stage)
    return tuple(
        Step(key, Stage(key).label, PLAIN[key], place, place < now, place == now) for place, key in enumerate(order())
    )


def stage_of(concern: Concern) -> str:
    """How far a concern has come: the stage of its issue, else that it was heard."""
    return concern.issue.stage if concern.issue else Stage.CONCERN.value


def sums_for(worker: Worker) -> Sums:
    """Of oneself alone. Two queries."""
    decided = Stage.DECISION, Stage.IMPLEMENTATION, Stage.RETURN, Stage.FELT
    sums = (
        own_concerns(worker)
        .order_by()
        .aggregate(
            raised=Count("pk", distinct=True),
            joined=Count("pk", filter=Q(issue__isnull=False), distinct=True),
            answered=Count("pk", filter=Q(team_words__kind=TeamWord.Kind.ANSWER), distinct=True),
            decided=Count("pk", filter=Q(issue__stage__in=decided), distinct=True),
        )
    )
    return Sums(**sums, words=words_for(worker).count())


def may_open(worker: Worker, case_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these cases the worker may open still: somebody else may have some of them now."""
    return frozenset(cases_for(worker).filter(pk__in=case_ids).values_list("pk", flat=True))


def with_words(concerns: QuerySet[Concern]) -> QuerySet[Concern]:
    """Concerns with the words to their worker and those of the team fetched along, oldest first."""
    words = Word.objects.filter(to=Word.To.WORKER).select_related("reply").order_by("delivered_at", "pk")
    return concerns.prefetch_related(Prefetch("words_back", words, to_attr="worker_words"), "team_words")


def card(concern: Concern) -> Card:
    """What became of a concern that was fetched `with_words`."""
    words: list[Word] = concern.worker_words  # type: ignore[attr-defined]  # fetched along by with_words
    said = list(concern.team_words.all())
    word = words[-1] if words else None
    stage = stage_of(concern)
    next_step = word.reply.what_next if word else ""
    return Card(
        concern=concern,
        stage=PLAIN[stage],
        steps=line_of(stage),
        word=word,
        team_word=said[-1] if said else None,
        is_lost=word is not None and word.reply.kind == Reply.Kind.LOSS,
        what_next=next_step or (concern.issue.next_step if concern.issue else ""),
        new=(*(each for each in words if each.seen_at is None), *(each for each in said if each.seen_at is None)),
    )


def asks_of(case: Case) -> QuerySet[AskMade]:
    """Questions that were asked from a case, newest first; for the case page and its list of asks."""
    return case.asks.select_related("ask__policy", "ask__system", "ask__answer").order_by("-at")
