"""generate(): an invented county as a HUD HMIS CSV export."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from upwell.records.cases.synthetic.chances import Chances
from upwell.records.cases.synthetic.county import places
from upwell.records.cases.synthetic.defects import sprinkle
from upwell.records.cases.synthetic.destinations import ends
from upwell.records.cases.synthetic.headers import headers
from upwell.records.cases.synthetic.housing import coordinated_entry, move_ins, referrals, violence
from upwell.records.cases.synthetic.lines import FIRST_DAY, hex_keys
from upwell.records.cases.synthetic.made import County
from upwell.records.cases.synthetic.means import means
from upwell.records.cases.synthetic.people import invent
from upwell.records.cases.synthetic.plant import Plant
from upwell.records.cases.synthetic.planting import check_plants
from upwell.records.cases.synthetic.sink import Folder, copy_in, sink
from upwell.records.cases.synthetic.stays import simulate
from upwell.records.cases.synthetic.truth import write_truth
from upwell.records.cases.synthetic.write import Progress, write_export
from upwell.records.errors import RecordsError

LAST_DAY = date(2025, 9, 30)  # a fixed end: no clock, so the same seed gives the same bytes in any year
MOST_PEOPLE, MOST_YEARS = 2_000_000, 10


def generate(
    *,
    people: int,
    years: int,
    seed: int,
    plants: tuple[Plant, ...] = (),
    out: Path,
    defects: bool = False,
    version: str = "FY2024",
    victim_provider: bool = False,
    progress: Progress | None = None,
) -> County:
    """Invent so many people over so many years and write their records to `out`, a folder or a name ending in .zip.

    Same arguments, same bytes. Without plants every answer depends on main effects of what the people are like and on
    nothing else (docs/reference/plants.md says where that holds only nearly).
    NAME.planted.json, beside `out`, says what was planted. defects: sprinkle every kind of defect that real exports
    have; County.defects lists them.
    progress: called with (what is done now, done, of how many).
    Raises RecordsError for an impossible request or when something stands at `out`; then nothing is written.
    """
    tell = progress or _quiet
    tell("inventing people", 0, 1)
    county = in_memory(
        people=people, years=years, seed=seed, plants=plants, version=version, victim_provider=victim_provider
    )
    rng = np.random.default_rng((seed, 5))
    with sink(out) as place:
        if defects:
            with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as sound:
                rows = write_export(county, Folder(Path(sound)), rng, tell)
                county = replace(county, defects=sprinkle(Path(sound), seed))
                copy_in(Path(sound), place)
        else:
            rows = write_export(county, place, rng, tell)
    county = replace(county, out=out, rows=rows)
    write_truth(county)
    return county


def in_memory(
    *,
    people: int,
    years: int,
    seed: int,
    plants: tuple[Plant, ...] = (),
    version: str = "FY2024",
    victim_provider: bool = False,
) -> County:
    """The same county without its files. Each step has its own random numbers: a change in one leaves the others."""
    _check(people, years, seed)
    headers(version)
    where = places(victim_provider=victim_provider)
    check_plants(plants, where)
    last = (LAST_DAY - FIRST_DAY).days
    period = ((LAST_DAY.replace(year=LAST_DAY.year - years) - FIRST_DAY).days + 1, last)
    streams = [np.random.default_rng((seed, step)) for step in range(5)]
    persons = invent(people, period=period, rng=streams[0])
    keys = hex_keys(streams[1].integers(0, 256, (people, 16), dtype=np.uint8))
    chances = Chances(people=people, plants=plants, places=where, rng=streams[2])
    stays = simulate(persons, places=where, period=period, chances=chances, rng=streams[3])
    for step in (ends, means, violence, move_ins):
        stays |= step(stays, chances=chances, rng=streams[3], last_day=last)
    assessed = coordinated_entry(stays, places=where, rng=streams[4], last_day=last)
    stays = {name: np.concatenate([values, assessed[name]]) for name, values in stays.items()}
    events = referrals(stays, chances=chances, rng=streams[4], last_day=last)
    return County(persons, keys, stays, events, where, period, version, seed, plants)


def _check(people: int, years: int, seed: int) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        raise RecordsError(f"An invented county has 1 to {MOST_PEOPLE:,} people.")
    if not 1 <= years <= MOST_YEARS:
        raise RecordsError(f"An invented county covers 1 to {MOST_YEARS} years.")
    if seed < 0:
        raise RecordsError("The seed is a whole number of 0 or more.")


def _quiet(what: str, done: int, of: int) -> None:
    del what, done, of
