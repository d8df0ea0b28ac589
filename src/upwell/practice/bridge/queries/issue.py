"""Issues with everything that crossed, moved and came back: for the board, the radar and the one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from upwell.evidence.brief.promised import promise, withheld
from upwell.evidence.brief.words import LANGUAGES
from upwell.evidence.disclosure.release import Interval, Pattern, Release, Row, Table
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge import rules
from upwell.practice.bridge.models import (
    CallForEvidence,
    Figure,
    Issue,
    IssueStatement,
    MeasureRequest,
    PracticeNote,
    Reply,
    Stage,
    StageChange,
)
from upwell.practice.bridge.released import release_of
from upwell.practice.bridge.stages import GROUP_WORDS, PLAIN, group, order
from upwell.practice.environment.coding import Lever, levers
from upwell.practice.environment.models import Place
from upwell.practice.errors import PracticeError

Words = str | Promise


@dataclass(frozen=True)
class FigureShown:
    """A number and where it stands: the released table, its row, and what protected it.

    table, row: None when the release's signature does not hold any more (`trusted` False): then show no number.
    share, expected_share: 0..1. excess: persons more than expected, with its interval where the release has one.
    marker: what "withheld" means in this release. not_covered: what its promise does not cover.
    """

    figure: Figure
    trusted: bool
    release_id: str
    made_on: str = ""
    source: str = ""
    period: tuple[str, str] = ("", "")
    protection_words: str = ""
    attacked: str = ""
    table: Table | None = None
    row: Row | None = None
    excess: Interval | None = None
    marker: str = ""
    not_covered: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of the people with the trouble, 0..1."""
        return self.figure.with_trouble / self.figure.people if self.figure.people else 0.0

    @property
    def expected_share(self) -> float | None:
        """The share that composition alone would give, 0..1."""
        return self.figure.expected_share

    @property
    def more_than_expected(self) -> float | None:
        """Persons more than expected; None where nothing was expected."""
        if self.excess is not None:
            return self.excess.value
        expected = self.figure.expected_share
        return None if expected is None else self.figure.with_trouble - expected * self.figure.people


@dataclass(frozen=True)
class StageStep:
    """A stage on the line of all stages. since: the day the issue came here last, None where it never was."""

    key: str
    words: Words
    plain: Words
    is_past: bool
    is_now: bool
    since: date | None


@dataclass(frozen=True)
class MoveShown:
    """A move and how many days the issue stayed at the stage it led to (until today for the last)."""

    change: StageChange
    days: int
    is_now: bool
    is_stale: bool
    is_back: bool


@dataclass(frozen=True)
class Thread:
    """Everything the bridge knows of one issue, for one page. Levels add what points to the issue from their side."""

    issue: Issue
    statement: IssueStatement
    lever: Lever
    stages: tuple[StageStep, ...]
    days_at_stage: int
    is_stale: bool
    figures: tuple[FigureShown, ...]
    moves: tuple[MoveShown, ...]
    replies: tuple[Reply, ...]
    calls: tuple[CallForEvidence, ...]
    practice_notes: tuple[PracticeNote, ...]
    measures: tuple[MeasureRequest, ...]


@dataclass(frozen=True)
class BoardCard:
    """An issue on the board. figure: its newest number, None where none crossed yet."""

    issue: Issue
    figure: Figure | None
    place: Place | None
    days_at_stage: int
    is_stale: bool


@dataclass(frozen=True)
class BoardColumn:
    """A column of the board: its key in stages.toml, its words, its cards, the longest waiting first."""

    key: str
    words: Words
    cards: tuple[BoardCard, ...]


@dataclass(frozen=True)
class RadarRow:
    """An issue on the radar, with its newest number. rank: 1 is the largest excess."""

    rank: int
    issue: Issue
    statement: IssueStatement
    shown: FigureShown | None
    place: Place | None
    lever: Lever
    trend: str
    not_known: str


def issues_for(worker: Worker) -> QuerySet[Issue]:
    """The issues of the worker's own agency, with their statements."""
    return Issue.objects.filter(agency=worker.agency).select_related(
        "agency", "statement__policy", "statement__system", "statement__county"
    )


def issue_for(worker: Worker, issue_id: UUID) -> Issue:
    """An issue of the own agency. Raises Http404 for any other."""
    return get_object_or_404(issues_for(worker), pk=issue_id)


def board_for(worker: Worker, on: date) -> tuple[BoardColumn, ...]:
    """Every column of the board with the issues that are not closed: two queries."""
    cards: dict[str, list[BoardCard]] = {key: [] for key in GROUP_WORDS}
    open_issues = issues_for(worker).exclude(state=Issue.State.CLOSED).order_by("stage_since", "pk")
    for issue in open_issues.prefetch_related("figures"):
        figures = rules.in_order(issue.figures.all())
        cards[group(issue.stage)].append(
            BoardCard(
                issue=issue,
                figure=figures[0] if figures else None,
                place=issue.statement.county,
                days_at_stage=(on - issue.stage_since).days,
                is_stale=rules.is_stale(issue, on),
            )
        )
    return tuple(BoardColumn(key, words, tuple(cards[key])) for key, words in GROUP_WORDS.items())


def thread_for(worker: Worker, issue_id: UUID) -> Thread:
    """One issue with all that crossed, moved and came back. Raises Http404 for another agency's."""
    issue = issue_for(worker, issue_id)
    today = timezone.localdate()
    changes = tuple(issue.moves.select_related("agency"))
    return Thread(
        issue=issue,
        statement=issue.statement,
        lever=levers()[issue.statement.barrier],
        stages=_stages(issue, changes),
        days_at_stage=(today - issue.stage_since).days,
        is_stale=rules.is_stale(issue, today),
        figures=tuple(_shown(figure) for figure in rules.in_order(issue.figures.select_related("crossed"))),
        moves=_moves(issue, changes, today),
        replies=tuple(issue.replies.select_related("agency")),
        calls=tuple(issue.calls.all()),
        practice_notes=tuple(issue.practice_notes.all()),
        measures=tuple(issue.measures.select_related("result__crossed")),
    )


def radar_for(worker: Worker) -> tuple[RadarRow, ...]:
    """Open issues, the largest excess over what was expected first, then the largest number."""
    found = []
    for issue in issues_for(worker).exclude(state=Issue.State.CLOSED).prefetch_related("figures__crossed"):
        figures = rules.in_order(issue.figures.all())
        found.append((issue, _shown(figures[0]) if figures else None))
    found.sort(key=lambda pair: _weight(pair[1]), reverse=True)
    return tuple(
        RadarRow(
            rank=rank,
            issue=issue,
            statement=issue.statement,
            shown=shown,
            place=issue.statement.county,
            lever=levers()[issue.statement.barrier],
            trend=shown.figure.trend if shown else "cannot tell",
            not_known=issue.statement.not_known,
        )
        for rank, (issue, shown) in enumerate(found, start=1)
    )


def _stages(issue: Issue, changes: tuple[StageChange, ...]) -> tuple[StageStep, ...]:
    came = {change.to_stage: timezone.localdate(change.at) for change in changes}
    now = order().index(issue.stage)
    return tuple(
        StageStep(
            key=key,
            words=Stage(key).label,
            plain=PLAIN[key],
            is_past=place < now,
            is_now=place == now,
            since=issue.stage_since if place == now else came.get(key),
        )
        for place, key in enumerate(order())
    )


def _moves(issue: Issue, changes: tuple[StageChange, ...], today: date) -> tuple[MoveShown, ...]:
    days = [timezone.localdate(change.at) for change in changes] + [today]
    stays = [(after - before).days for before, after in pairwise(days)]
    last = len(changes) - 1
    return tuple(
        MoveShown(
            change=change,
            days=(today - issue.stage_since).days if place == last else stay,
            is_now=place == last,
            is_stale=place == last and rules.is_stale(issue, today),
            is_back=bool(change.from_stage) and rules.is_back(change.from_stage, change.to_stage),
        )
        for place, (change, stay) in enumerate(zip(changes, stays, strict=True))
    )


def _shown(figure: Figure) -> FigureShown:
    try:
        release = release_of(figure.crossed)
        table = rules.table_of(release, figure.table)
        rules.check_figure(release, figure.table, figure.row, figure.with_trouble, figure.people)
    except PracticeError:
        return FigureShown(figure=figure, trusted=False, release_id=figure.crossed.release_id)
    pattern, language = _pattern(release, figure), _language()
    return FigureShown(
        figure=figure,
        trusted=True,
        release_id=release.id,
        made_on=release.made_on,
        source=release.source,
        period=release.period,
        protection_words=release.protection_words,
        attacked=release.loss.attacked,
        table=table,
        row=table.rows[figure.row],
        excess=pattern.excess if pattern else None,
        marker=withheld(release, language),
        not_covered=promise(release, language).not_covered,
    )


def _language() -> str:
    """The reader's language, where a brief can be written in it."""
    spoken = (get_language() or "en").split("-")[0]
    return spoken if spoken in LANGUAGES else "en"


def _pattern(release: Release, figure: Figure) -> Pattern | None:
    """The released finding that a figure states: row 0 ("inside") of its own table."""
    if figure.row:
        return None
    return next((pattern for pattern in release.patterns if pattern.table == figure.table), None)


def _weight(shown: FigureShown | None) -> tuple[bool, float, int]:
    """Excess first, then size; an issue without a number that can be trusted comes last."""
    if shown is None or not shown.trusted:
        return (False, float("-inf"), 0)
    more = shown.more_than_expected
    return (True, more if more is not None else float("-inf"), shown.figure.with_trouble)
