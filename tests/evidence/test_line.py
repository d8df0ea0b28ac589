"""The straight line on hand-made cases: what one request tells must fit what another told of the same people."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories.casetables import Cases, cases
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import BEGINNING, LedgerEntry
from upwell.evidence.disclosure.protect import Signed
from upwell.evidence.disclosure.protection import load
from upwell.evidence.disclosure.release import read
from upwell.evidence.line import Aside, Request, brief, release
from upwell.evidence.question import Search
from upwell.records.cases.table import Asked

KEY = bytes(range(32))
DAY = date(2024, 1, 2)


def made(
    table: Cases,
    *earlier: LedgerEntry,
    questions: tuple[str, ...] = (),
    seed: int = 1,
    aside: Aside = lambda question, search: None,
) -> tuple[Signed, LedgerEntry]:
    request = Request(protection=load("hmis-agency", DAY), made_on=DAY, seed=seed, questions=questions)
    return release(table, request, earlier, key=KEY, ledger_head=BEGINNING, aside=aside)


def test_the_same_request_on_the_same_cases_gives_the_same_bytes():
    table = cases(persons=900, planted=0.3)

    first, again = made(table)[0], made(table)[0]

    assert first.data == again.data
    assert brief(first, today=DAY) == brief(again, today=DAY)


def test_a_planted_group_is_found_and_said_with_its_counts():
    table = cases(persons=4000, planted=0.25)

    released = made(table)[0].release

    best = released.patterns[0]
    assert best.question == "jail"
    assert dict(best.where) == {"sex": ("men",), "town": ("North",)}
    codes, yes = table.asked("jail").codes, table.asked("jail").yes
    inside = (codes["sex"] == 1) & (codes["place"] == 0)
    shown = next(each for each in released.tables if each.id == best.table).rows[0]
    assert (shown.persons, shown.yes) == (int(inside.sum()), int(yes[inside].sum()))


def test_a_release_can_be_read_with_the_public_key_it_was_signed_for():
    signed, _ = made(cases(persons=600))

    public = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
    from_bytes = read(signed.data, public)

    assert from_bytes == signed.release


@dataclass(frozen=True)
class Winters(Cases):
    """Cases of three years in which men in the North come from jail in winters only."""

    def asked(self, name: str) -> Asked:
        asked = super().asked(name)
        month = np.random.default_rng(5).integers(0, 36, asked.persons).astype(np.int16)
        raised = (asked.codes["sex"] == 1) & (asked.codes["place"] == 0) & (month % 12 < 4)
        more = np.random.default_rng(6).random(asked.persons) < 0.6 * raised * (name == "jail")
        return replace(asked, month=month, yes=asked.yes | more)


def test_what_the_search_saw_of_seasons_stays_beside_the_release():
    table = cases(persons=4000)
    winters = Winters(**{each.name: getattr(table, each.name) for each in fields(table)})
    seen: dict[str, Search] = {}

    signed, _ = made(winters, questions=("jail",), aside=seen.__setitem__)

    season = seen["jail"].findings[0].season
    assert season is not None and season.told == "seasonal"
    files = brief(signed, today=DAY)
    assert not [name for name, held in files.items() if b"comes and goes" in held or b"season" in held.lower()]
    assert b"season" not in signed.data and b"runner" not in signed.data


def test_asking_one_question_tells_its_crowd_in_the_classes_of_all():
    table = cases(persons=900)

    _, whole = made(table)
    _, part = made(table, questions=("foster",))

    assert part.crowds["entries"] == whole.crowds["entries"]
    assert {name for name in part.cells if name.startswith("entries") and "jail" in name} == set()


def test_a_second_request_on_one_snapshot_shows_the_first_ones_counts_again():
    table = cases(persons=900)
    first, entry = made(table, questions=("jail",))

    second, after = made(table, entry, questions=("jail", "foster"))

    shown = {name: persons for name, persons in after.shown.items() if name in entry.shown}
    assert shown == {name: entry.shown[name] for name in shown}
    assert not set(entry.hidden) & set(after.shown)
    assert second.release.earlier_looks == 1
    assert first.release.earlier_looks == 0


def test_a_question_that_does_not_exist_is_named():
    with pytest.raises(KeyError, match="parking"):
        made(cases(persons=300), questions=("parking",))


def test_a_ledger_of_two_releases_can_be_verified():
    table = cases(persons=900)
    _, entry = made(table, questions=("jail",))
    lines = ledger.append(b"", entry)

    ledger.verify(lines)

    assert ledger.read(lines)[0].release_id == entry.release_id


def test_nothing_that_follows_from_a_hidden_rate_is_told():
    table = cases(persons=500, share=0.012)

    released = made(table, questions=("jail",))[0].release

    headline = next(each for each in released.tables if each.kind == "headline").rows[0]
    assert headline.yes is None
    assert released.searched[0].smallest is None
    assert released.searched[0].note == ""
