"""A finding in plain words, and how values of an attribute are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from upwell.evidence.question import Where
from upwell.evidence.scan.surely.merge import Merged
from upwell.records.cases.table import Column

if TYPE_CHECKING:
    from upwell.library.patterns.found import Pattern, Patterns

Restricted = tuple[tuple[str, tuple[str, ...]], ...]

MOST_NAMED = 6  # values of one attribute in a sentence
SMALLEST_TOLD = 1e-6
NEARLY = 2.0  # nats; as near as the months of an onset's interval

EXPECTED = {
    "composition": "would be expected of people like them",
    "overall": "would be expected at the rate of everybody",
    "earlier": "would be expected from such people earlier",
    "programme": "would be expected in the same programmes",
    "given": "was expected",
}

P_FROM = {
    "bound": "a bound that holds for every group at once",
    "replicates": "from repeating the search on answers with nothing to find",
    "bootstrap": "from repeating the search, baseline included, on answers with nothing to find",
    "confirmation": "from people held back from the search",
}


@dataclass(frozen=True)
class InWords:
    """A sub-population. where: (attribute, its values) for each restricted attribute; group: the same as one phrase."""

    where: Restricted
    group: str


def in_words(place: Where, columns: Sequence[Column]) -> InWords:
    """A sub-population by codes, in words."""
    by_name = {column.name: column for column in columns}
    where = tuple((name, tuple(by_name[name].values[at].words for at in codes)) for name, codes in place)
    return InWords(where, "; ".join(told(by_name[name], codes) for name, codes in place))


def told(column: Column, codes: tuple[int, ...]) -> str:
    """An attribute and its values: "age: 18 to 25", "place: north or south", "county: any but Alder"."""
    name = _one_line(column.words) or "(no name)"
    known = [at for at, value in enumerate(column.values) if value.known]
    for group in column.groups:
        if group.codes == tuple(codes):
            return f"{name}: {_one_line(group.words)}"
    if column.kind == "ordinal":
        return f"{name}: {_span(column, codes, known)}"
    others = [at for at in known if at not in codes]
    if len(codes) > 2 and len(others) < len(codes) and len(others) <= MOST_NAMED:
        return f"{name}: any but {_either([_word(column, at) for at in others])}"
    return f"{name}: {_either([_word(column, at) for at in codes])}"


def _span(column: Column, codes: tuple[int, ...], known: list[int]) -> str:
    first, last = _word(column, codes[0]), _word(column, codes[-1])
    if codes[0] == codes[-1]:
        return first
    if codes[0] == known[0]:
        return f"up to {last}"
    return f"from {first} on" if codes[-1] == known[-1] else f"{first} to {last}"


def _either(values: list[str]) -> str:
    if len(values) > MOST_NAMED:
        return f"one of {len(values)} values, among them {', '.join(values[:MOST_NAMED])}"
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _word(column: Column, at: int) -> str:
    return _one_line(column.values[at].words)


def _one_line(words: str) -> str:
    return " ".join(words.split())


def of_pattern(found: Pattern) -> str:
    """The finding in a few sentences."""
    sentences = [
        f"Of {found.persons:,} people ({found.group}), {found.yes:,} ({percent(found.share)}) {found.happened}; "
        f"{percent(found.expected_share)} {EXPECTED[found.baseline]}.",
        f"About {round(found.excess):,} people more than expected (95 % interval {_whole(found.excess_low)} to "
        f"{_whole(found.excess_high)}).",
        _sure(found),
        *_searched(found),
        *_views(found),
        *_since(found),
    ]
    if found.overstated:
        sentences.append("The size is probably overstated by the search.")
    return " ".join(sentences)


def of_patterns(found: Patterns) -> str:
    """The best finding and how many more there are, or that nothing stands out."""
    if found.note:
        return found.note
    if found.findings:
        first, more = found.findings[0].sentence(), len(found.findings) - 1
        return first if not more else f"{first} {more} further finding{'' if more == 1 else 's'}."
    if found.smallest is None or found.smallest_people is None:
        return "Nothing stands out beyond chance."
    return (
        f"Nothing stands out beyond chance. An excess of {found.smallest * 100:.0f} percentage points among "
        f"{found.smallest_people:,} people would have been seen, four times in five."
    )


def _sure(found: Pattern) -> str:
    if found.p is None and found.stands:
        return "Exploratory by itself; beside the others it stands at a false-discovery rate of 5 % (e-values)."
    if found.p is None:
        return "Exploratory: nothing has confirmed it yet."
    return f"Search-corrected p {p_words(found)} ({P_FROM[found.p_from]})."


def p_words(found: Pattern) -> str:
    """p to one significant digit, as a reader would print it."""
    if found.p is None:
        return "not told"
    if found.p < SMALLEST_TOLD:
        return f"below {SMALLEST_TOLD:.6f}"
    digits = max(0, -int(f"{found.p:.0e}".split("e")[1]))
    return f"{'at most ' if found.p_from == 'bound' else ''}{float(f'{found.p:.0e}'):.{digits}f}"


def _searched(found: Pattern) -> list[str]:
    """What the search itself says of how well the group is drawn, where there is something to mind."""
    said = [Merged(0, found.merged).said] if found.merged > 1 else []
    if found.runner_up is not None and found.score - found.runner_up < NEARLY:
        said.append(
            f"Another description does nearly as well (score {found.runner_up:.1f} against {found.score:.1f}; "
            f"{found.agreed} of {found.starts} starts of the search ended in this one): who is just inside or outside "
            "is not sure."
        )
    return said


def _views(found: Pattern) -> list[str]:
    views = []
    if found.within_programme is not None:
        views.append(
            f"With each programme compared only with itself, {percent(found.within_programme)} would be expected"
            + (": the group stands out in both views." if found.agrees else ": the two views disagree.")
        )
    if found.leave_one_out is False:
        views.append("It does not stand when one cluster is left out, so it may be one agency's matter.")
    elif found.least_without is not None and found.least_without < found.excess / 2:
        rest = round(found.least_without)
        views.append(f"Most of it lies in one cluster: without it, about {rest:,} people more than expected remain.")
    if found.returned:
        views.append(
            "In 50 searches among people drawn again: "
            + ", ".join(f"{_one_line(name)} returned {times} times" for name, times in found.returned)
            + "."
        )
    return views


def _since(found: Pattern) -> list[str]:
    since = []
    if found.onset is not None:
        apart = "" if found.onset_low == found.onset_high else f" (from {found.onset_low} to {found.onset_high})"
        since.append(f"The excess begins in {_month(found.onset)}{apart}.")
    if found.months and found.persists is not None:
        still = "was still there" if found.persists else "no longer stood out"
        since.append(f"It {still} in the last three months.")
    if found.season is not None and found.season.told == "seasonal":
        since.append(found.season.sentence())
    return since


def _month(month: str | int) -> str:
    return month if isinstance(month, str) else f"month {month}"


def percent(share: float) -> str:
    """A share 0..1 in whole percent, with one digit more below 10."""
    whole = share * 100
    return f"{whole:.1f} %" if 0 < whole < 9.95 else f"{whole:.0f} %"


def _whole(persons: float) -> str:
    return f"{round(persons):,}"


def html(words: str) -> str:
    """A line for a notebook: the words and nothing else."""
    return f"<p>{escape(words)}</p>"
