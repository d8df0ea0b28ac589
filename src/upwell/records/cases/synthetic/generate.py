"""generate(): an invented county as a HUD HMIS CSV export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from upwell.records.cases.synthetic.chances import Chances, Table
from upwell.records.cases.synthetic.county import Places, places
from upwell.records.cases.synthetic.destinations import ends
from upwell.records.cases.synthetic.export import Export
from upwell.records.cases.synthetic.headers import headers
from upwell.records.cases.synthetic.housing import coordinated_entry, move_ins, referrals, violence
from upwell.records.cases.synthetic.lines import FIRST_DAY, Texts, hex_keys
from upwell.records.cases.synthetic.means import means
from upwell.records.cases.synthetic.people import invent
from upwell.records.cases.synthetic.plants import Plant, check_plants
from upwell.records.cases.synthetic.sink import sink
from upwell.records.cases.synthetic.stays import simulate
from upwell.records.cases.synthetic.write import Progress, write_export
from upwell.records.errors import RecordsError

LAST_DAY = date(2025, 9, 30)  # a fixed end: no clock, so the same seed gives the same bytes in any year
MOST_PEOPLE, MOST_YEARS = 2_000_000, 10


@dataclass(frozen=True)
class County:
    """An invented county, written and in memory.

    out: the folder or zip. period: first and last day. keys: PersonalID of each person (S32, shape (people,)).
    stays: one row an enrollment, int32 columns: person (index into keys), entry and exit as days since lines.FIRST_DAY
    (exit -1 open), a code for each column of vocabulary.VALUES and project, agency, place, and "yes.<question>"
    (-1 not asked, 0 no, 1 yes). events: the same for referrals, with `stay`. rows: file -> rows written.
    """

    out: Path
    version: str
    seed: int
    period: tuple[date, date]
    people: int
    plants: tuple[Plant, ...]
    places: Places
    keys: Texts
    stays: Table
    events: Table
    rows: Mapping[str, int]


def generate(
    *,
    people: int,
    years: int,
    seed: int,
    plants: tuple[Plant, ...] = (),
    out: Path,
    version: str = "FY2024",
    victim_provider: bool = False,
    progress: Progress | None = None,
) -> County:
    """Invent so many people over so many years and write their records to `out`, a folder or a name ending in .zip.

    Same arguments, same bytes. Without plants every answer depends on main effects of what the people are like and on
    nothing else (docs/reference/plants.md says where that holds only nearly).
    progress: called with (what is done now, done, of how many).
    Raises RecordsError for an impossible request or when something stands at `out`; then nothing is written.
    """
    _check(people, years, seed)
    headers(version)
    where = places(victim_provider=victim_provider)
    check_plants(plants, where)
    tell = progress or _quiet
    period = ((LAST_DAY.replace(year=LAST_DAY.year - years) - FIRST_DAY).days + 1, (LAST_DAY - FIRST_DAY).days)
    tell("inventing people", 0, 1)
    export = _invent(people=people, period=period, seed=seed, plants=plants, where=where, version=version)
    with sink(out) as place:
        rows = write_export(export, place, np.random.default_rng((seed, 5)), tell)
    first, last = (date.fromordinal(FIRST_DAY.toordinal() + day) for day in period)
    return County(
        out=out,
        version=version,
        seed=seed,
        period=(first, last),
        people=people,
        plants=plants,
        places=where,
        keys=export.keys,
        stays=export.stays,
        events=export.events,
        rows=rows,
    )


def _check(people: int, years: int, seed: int) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        raise RecordsError(f"An invented county has 1 to {MOST_PEOPLE:,} people.")
    if not 1 <= years <= MOST_YEARS:
        raise RecordsError(f"An invented county covers 1 to {MOST_YEARS} years.")
    if seed < 0:
        raise RecordsError("The seed is a whole number of 0 or more.")


def _invent(
    *, people: int, period: tuple[int, int], seed: int, plants: tuple[Plant, ...], where: Places, version: str
) -> Export:
    """One stream of random numbers a step, so that a change in one step leaves the others as they were."""
    streams = [np.random.default_rng((seed, step)) for step in range(5)]
    persons = invent(people, period=period, rng=streams[0])
    keys = hex_keys(streams[1].integers(0, 256, (people, 16), dtype=np.uint8))
    chances = Chances(people=people, plants=plants, places=where, rng=streams[2])
    rng = streams[3]
    stays = simulate(persons, places=where, period=period, chances=chances, rng=rng)
    stays |= ends(stays, last_day=period[1])
    stays |= means(stays, chances=chances, rng=rng)
    stays |= violence(stays, chances=chances, rng=rng)
    stays |= move_ins(stays, chances=chances, rng=rng, last_day=period[1])
    assessed = coordinated_entry(stays, places=where, rng=streams[4], last_day=period[1])
    stays = {name: np.concatenate([values, assessed[name]]) for name, values in stays.items()}
    events = referrals(stays, chances=chances, rng=streams[4], last_day=period[1])
    return Export(persons, keys, stays, events, where, period, version, seed)


def _quiet(what: str, done: int, of: int) -> None:
    del what, done, of
