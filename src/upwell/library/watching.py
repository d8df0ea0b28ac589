"""What is new this month: a watch over the same columns, month after month, that tells of every trouble once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.surely import chance
from upwell.evidence.scan.watching import prospective
from upwell.evidence.scan.watching.memory import Memory
from upwell.evidence.scan.watching.watch import Alarm, Present, Usual, Watch
from upwell.library.given import Source
from upwell.library.patterns import words
from upwell.library.patterns.answers import months_of
from upwell.library.patterns.options import Groups, Options, Ordered, Progress, Role, check, names_from, ordered_of
from upwell.library.patterns.people import Calendar, People, people
from upwell.library.patterns.trust import trusted
from upwell.records.cases.table import Column

Month = str | int
MOST_LOOKS = 366  # a year: one a day


@dataclass(frozen=True, repr=False)
class New:
    """A trouble that is new, or a known one that is clearly worse ("worse"). Exact numbers, for the case team alone.

    issue: its number in the memory. where: attribute -> values. first, last: months, as the source writes them.
    expected: persons, what was known taken into account. odds_ratio: beyond that. p: corrected for everything this look
    searched. years: chance alone gives such an alarm once in so many years.
    """

    kind: str
    issue: int
    where: Mapping[str, tuple[str, ...]]
    group: str
    first: Month
    last: Month
    persons: int
    yes: int
    expected: float
    odds_ratio: float
    p: float
    years: float

    def sentence(self) -> str:
        """The alarm in plain words, with its counts: not for outside."""
        since = f"in {self.last}" if self.first == self.last else f"from {self.first} to {self.last}"
        begun = "New" if self.kind == "new" else "Clearly worse than when it was told of"
        often = f"{self.years:,.0f} years" if self.years >= 1.5 else "year or so"
        return (
            f"{begun} {since} ({self.group}): {self.yes:,} of {self.persons:,} people, {self.expected:,.0f} expected. "
            f"By chance alone, such an alarm comes once in {often}."
        )

    def to_dict(self) -> dict[str, object]:
        """The alarm as standard values."""
        return {
            "kind": self.kind,
            "issue": self.issue,
            "where": {name: list(values) for name, values in self.where.items()},
            "first": self.first,
            "last": self.last,
            "persons": self.persons,
            "yes": self.yes,
            "expected": self.expected,
            "odds_ratio": self.odds_ratio,
            "p": self.p,
            "years": self.years,
        }

    def __repr__(self) -> str:
        """That it may not be shown outside; no count."""
        return f"New(NOT PROTECTED: exact counts, for the case team alone; {self.kind} up to {self.last})"


@dataclass(frozen=True, repr=False)
class News:
    """What one look came upon. memory: give it to the next look (`memory.to_dict()` may be kept as JSON).

    p: of the best of what is beyond the known. alpha: chance of a false alarm in this look. wider: issues already known
    that showed another side. ended: how many were forgotten, because they are over. said: what was done on the way.
    """

    alarms: tuple[New, ...]
    memory: Memory
    month: Month
    p: float
    alpha: float
    wider: tuple[int, ...] = ()
    ended: int = 0
    said: tuple[str, ...] = ()
    note: str = ""
    look: prospective.Look | None = field(default=None, compare=False)

    def sentence(self) -> str:
        """What is new in plain words, with its counts: not for outside."""
        if self.alarms:
            return " ".join(alarm.sentence() for alarm in self.alarms)
        return self.note or f"Nothing new up to {self.month} that chance does not explain."

    def to_dict(self) -> dict[str, object]:
        """All of it as standard values, the memory included."""
        return {
            "month": self.month,
            "alarms": [alarm.to_dict() for alarm in self.alarms],
            "p": self.p,
            "alpha": self.alpha,
            "wider": list(self.wider),
            "ended": self.ended,
            "said": list(self.said),
            "note": self.note,
            "memory": self.memory.to_dict(),
        }

    def __repr__(self) -> str:
        """How many alarms, and that nothing in it may be shown outside."""
        return (
            f"News(NOT PROTECTED: exact counts, for the case team alone; {len(self.alarms)} alarms up to {self.month})"
        )


def find_new(
    source: Source,
    yes: Role,
    *,
    month: Role,
    known: Memory | Mapping[str, object] | None = None,
    now: Month | None = None,
    attributes: Sequence[str] | str | None = None,
    ordered: Ordered = (),
    groups: Groups | None = None,
    expected: Role = None,
    person: Role = None,
    household: Role = None,
    cluster: Role = None,
    alarms_a_year: float = 1.0,
    looks_a_year: int = 12,
    windows: Sequence[int] = (1, 2, 3, 6),
    least: int = 11,
    seed: int = 1,
    progress: Progress | None = None,
) -> News:
    """What is new in the months up to now: groups in which "yes" has become more frequent, beyond what is known.

    source, yes, month, attributes, ordered, groups, person, household, cluster: as in `find_patterns`; all months,
    the earlier ones too. expected: the share of yes known beforehand for each; else it is learned from the months
    before all windows, by main effects of every attribute. known: the memory of the last look, or its to_dict(); None:
    nothing is known. now: the month looked at; None: the last. windows: how many months back each search goes.
    alarms_a_year: false alarms that are accepted; looks_a_year: how often this is run.
    A column that the memory knows and that cannot be searched this time (one value, mostly unknown, says the answer) is
    no other column: what is known of it is kept, and it is said. Raises EvidenceError, with what to do, for a memory of
    other columns and for what cannot be searched.
    """
    watch = _watch(alarms_a_year, looks_a_year, windows, least)
    options = Options(
        yes=yes, attributes=None if attributes is None else names_from(attributes), ordered=ordered_of(ordered),
        groups=groups or {}, expected=expected, baseline="composition", person=person, household=household,
        cluster=cluster, programme=None, month=month, objective="description", penalty=1.0, findings=1, least=least,
        seed=seed, stability=False, happened="",
    )  # fmt: skip
    check(options, None)
    held = trusted(people(source, options))
    if held.calendar is None or not held.asked.persons:
        raise EvidenceError("Nobody is left whose month is known: a watch needs month=, for every row.")
    present = Present(_number(now, held), held.calendar.first)
    memory = _memory(known, held)
    usual = _usual(held, memory, watch, present)
    came = prospective.look(
        held.asked, _here(held), usual, memory, watch,
        present=present, seed=seed, left_out=held.offered, progress=progress,
    )  # fmt: skip
    return _news(came, replace(held, told=(*held.told, *_kept_unseen(memory, held))), held.calendar, present)


def _watch(alarms: float, looks: int, windows: Sequence[int], least: int) -> Watch:
    if not 1 <= looks <= MOST_LOOKS:
        raise EvidenceError(f"`looks_a_year` is how often this is run: 1 to {MOST_LOOKS}.")
    if not 0 < alarms <= looks / 2:
        raise EvidenceError("`alarms_a_year` is more than 0, and at most half of the looks of a year.")
    if not windows or min(windows) < 1 or any(int(each) != each for each in windows):
        raise EvidenceError("`windows` are whole numbers of months back from now, each 1 or more.")
    return Watch(alarms, looks, tuple(sorted({int(each) for each in windows})), least)


def _number(now: Month | None, held: People) -> int:
    """The month looked at on the calendar of the memory."""
    first = held.calendar.first if held.calendar else 0
    last = first + int(held.asked.month.max())
    if now is None:
        return last
    told = months_of(np.array([now], dtype=object))
    number = told.start + int(told.number[0])
    if not first <= number <= last:
        raise EvidenceError("`now` is none of the months of these records, or is written in another way.")
    return number


def _memory(known: Memory | Mapping[str, object] | None, held: People) -> Memory:
    if known is None:
        return Memory(held.offered)
    memory = known if isinstance(known, Memory) else Memory.from_dict(known)
    memory.check(_here(held), held.offered)
    return memory


def _here(held: People) -> tuple[Column, ...]:
    """All columns of which something is known this time, those that are not searched too."""
    return (*held.columns, *held.left_out)


def _kept_unseen(memory: Memory, held: People) -> list[str]:
    """That what is known of columns that are not searched this time is kept."""
    known = sorted({name for issue in memory.issues for part in issue.parts for name, _ in part.where})
    searched = {column.name for column in held.columns if column.searched}
    return [
        f"A known issue rests on {name!r}, which is not searched this time: what is known of it is kept."
        for name in known
        if name not in searched
    ]


def _usual(held: People, memory: Memory, watch: Watch, present: Present) -> Usual:
    asked = held.asked
    if held.expected is None:
        usual = prospective.usual(asked, _here(held), memory, watch, present)
    else:
        usual = Usual(held.expected)
    lately = asked.month.astype(np.int64) + present.origin > present.now - max(watch.windows)
    linked = chance.estimated(chance.Units(asked.household, asked.agency), asked.yes, usual.share, lately)
    return Usual(usual.share, usual.fit, linked if linked.together or linked.spread else None)


def _news(came: prospective.Look, held: People, calendar: Calendar, present: Present) -> News:
    return News(
        alarms=tuple(_alarm(alarm, held, calendar) for alarm in came.alarms),
        memory=came.memory,
        month=calendar.told(present.now - calendar.first),
        p=came.p,
        alpha=came.alpha,
        wider=came.wider,
        ended=came.ended,
        said=held.told,
        note=came.note,
        look=came,
    )


def _alarm(alarm: Alarm, held: People, calendar: Calendar) -> New:
    place = words.in_words(alarm.where, _here(held))
    return New(
        kind=alarm.kind,
        issue=alarm.issue,
        where=dict(place.where),
        group=place.group,
        first=calendar.told(alarm.first - calendar.first),
        last=calendar.told(alarm.last - calendar.first),
        persons=alarm.persons,
        yes=alarm.yes,
        expected=alarm.expected,
        odds_ratio=alarm.odds,
        p=alarm.p,
        years=alarm.years,
    )
