"""Find patterns in any yes/no about people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

import numpy as np

from upwell.evidence.question import Finding, Search
from upwell.evidence.scan.find import find
from upwell.library.given import Source
from upwell.library.patterns import known, large, words
from upwell.library.patterns.found import Pattern, Patterns
from upwell.library.patterns.known import Known
from upwell.library.patterns.options import (
    Groups,
    Objective,
    Options,
    Ordered,
    Progress,
    Role,
    check,
    names_from,
    ordered_of,
)  # fmt: skip
from upwell.library.patterns.people import People, people
from upwell.library.patterns.trust import trusted

SAID_AFTER = 0.05  # share of the work; before it, no time can be foretold


def find_patterns(
    source: Source,
    yes: Role,
    *,
    attributes: Sequence[str] | str | None = None,
    ordered: Ordered = (),
    groups: Groups | None = None,
    expected: Role = None,
    baseline: str = "composition",
    person: Role = None,
    household: Role = None,
    cluster: Role = None,
    programme: Role = None,
    month: Role = None,
    objective: Objective = "description",
    penalty: float = 1.0,
    findings: int = 5,
    least: int = 11,
    seed: int = 1,
    stability: bool = False,
    happened: str = "",
    weights: None = None,
    progress: Progress | None = None,
) -> Patterns:
    """Groups of people in which "yes" is more frequent than expected, best first; an empty result is a result.

    source: one row a person: a mapping of names to values, a structured array, a data frame, a DuckDB relation, the
    path of a Parquet file. yes, expected, person, household, cluster, programme, month: each the name of a column, or
    one value a row. expected: the share of yes known beforehand for each, 0..1; else a baseline is fitted:
    "composition" (main effects of all attributes but programme, cluster, month and grouped ones), "overall" (everybody
    alike), "programme" (each with itself), "earlier" (the earlier half of the months).
    attributes: names of what may restrict a group; None: every column not used otherwise, programme and cluster too.
    ordered: names of attributes in the order of their numbers, or name -> values in order. groups: name -> {words:
    values that may be told of as one} for hierarchies and neighbourhoods.
    person: of several rows of a person the first in time is kept (by month, else as given). household, cluster: who
    answers alike.
    objective: "description" pays for the length of the description; "any set" pays `penalty` nats for each value named.
    findings: at most so many. least: fewest persons with, and without, the trouble. seed: same seed, same answer.
    stability: also search 50 times among people drawn again. happened: what yes is, as words that follow people.
    weights: never taken; a sentence says what to do. progress: called with words and a share 0..1.
    Raises EvidenceError, with what to do next, for what cannot be searched.

    >>> find_patterns({"place": ["north", "south"]}, [True, False])
    Patterns(NOT PROTECTED: exact counts, for the case team alone; 0 findings)
    """
    options = Options(
        yes, None if attributes is None else names_from(attributes), ordered_of(ordered), groups or {}, expected,
        baseline, person, household, cluster, programme, month, objective, penalty, findings, least, seed, stability,
        happened or (f"have “{yes}”" if isinstance(yes, str) else "said yes"),
    )  # fmt: skip
    check(options, weights)
    told = _timed(progress)
    held = large.packed(source, options, told) or people(source, options)
    return _found(trusted(held), options, told)


def _found(held: People, options: Options, told: Progress) -> Patterns:
    came = _fitted(held, options, told) if held.expected is None else known.search(held, held.expected, options, told)
    search, asked = came.search, held.asked
    stands = (*came.stands, *(None for _ in search.findings))
    return Patterns(
        findings=tuple(
            _pattern(each, held, search, options, stand)
            for each, stand in zip(search.findings[: options.findings], stands, strict=False)
        ),
        persons=asked.persons,
        yes=int(asked.yes.sum()),
        baseline=search.baseline,
        objective=options.objective,
        attributes=tuple(column.name for column in held.columns if column.searched),
        said=held.told,
        note=search.note,
        smallest=search.smallest,
        smallest_people=search.smallest_people,
        seed=options.seed,
        rows_given=held.rows_given,
        search=search,
        _rows=held.rows,
    )


def _fitted(held: People, options: Options, told: Progress) -> Known:
    return Known(
        find(
            held.asked,
            held.columns,
            baseline=options.baseline,
            seed=options.seed,
            searches=1,
            progress=told,
            least=options.least,
            stability=options.stability,
            begins=held.calendar.begins if held.calendar else None,
        )
    )


def _pattern(found: Finding, held: People, search: Search, options: Options, stands: bool | None) -> Pattern:
    place, asked = words.in_words(found.where, held.columns), held.asked
    return Pattern(
        where=place.where,
        group=place.group,
        happened=options.happened,
        baseline=search.baseline,
        persons=found.persons,
        yes=found.yes,
        elsewhere_persons=asked.persons - found.persons,
        elsewhere_yes=int(asked.yes.sum()) - found.yes,
        expected=found.expected,
        excess_low=found.excess_low,
        excess_high=found.excess_high,
        odds_ratio=_odds_ratio(found),
        score=found.score,
        p=found.p,
        p_from=found.p_from,
        stands=stands,
        overstated=found.p_from != "confirmation",
        onset=_month(found.onset, held),
        onset_low=_month(found.onset_low, held),
        onset_high=_month(found.onset_high, held),
        persists=found.persists if held.calendar else None,
        within_programme=found.within_programme,
        agrees=found.agrees,
        leave_one_out=found.leave_one_out,
        least_without=found.least_without,
        returned=found.returned,
        season=found.season,
        agreed=found.agreed,
        starts=found.starts,
        runner_up=found.runner_up,
        merged=found.merged,
        months=_months(found, held),
        inside=found.inside,
    )


def _odds_ratio(found: Finding) -> float:
    no, expected_no = found.persons - found.yes, found.persons - found.expected
    return found.yes * expected_no / (no * found.expected) if no else float("inf")


def _month(month: int | None, held: People) -> str | int | None:
    return None if month is None or held.calendar is None else held.calendar.told(month)


def _months(found: Finding, held: People) -> tuple[tuple[str | int, int, int], ...]:
    if held.calendar is None:
        return ()
    month, many = held.asked.month, int(held.asked.month.max()) + 1
    persons = np.bincount(month[found.inside], minlength=many)
    yes = np.bincount(month[found.inside & held.asked.yes], minlength=many)
    return tuple((held.calendar.told(at), int(persons[at]), int(yes[at])) for at in range(many))


def _timed(progress: Progress | None, clock: Callable[[], float] = monotonic) -> Progress:
    """Progress with the time that is left, reckoned from the time that has passed."""
    if progress is None:
        return lambda words, share: None
    begun = clock()

    def told(doing: str, share: float) -> None:
        left = (clock() - begun) * (1 - share) / share if share > SAID_AFTER else 0.0
        progress(f"{doing}, about {left:.0f} seconds left" if left >= 1 else doing, share)

    return told
