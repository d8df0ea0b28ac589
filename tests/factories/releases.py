"""Releases as the gate would hand them over, invented: one rich, one where nothing stands out, one with much withheld.

Every table adds up: the parts of a whole are whole numbers of persons that sum to it. `signed` gives bytes for the
package, signed with a key that everybody knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, sqrt

from upwell.evidence.disclosure.release import (
    Gap,
    Interval,
    Loss,
    Pattern,
    QuestionText,
    Release,
    Row,
    Searched,
    Table,
    settled,
    write,
)

KEY = bytes(range(32))
"""A private key that everybody knows: it signs nothing but these."""

PRISON = QuestionText(
    name="came-from-jail-or-prison",
    words="Did they come straight from jail or prison?",
    people="people who entered shelter or street outreach",
    happened="came straight from jail or prison",
    not_happened="came from elsewhere",
    asked_of="People with a first entry to shelter or street outreach in the period who said where they came from.",
    barrier="broken-between-systems",
    levers=("interagency agreement", "discharge planning rule", "budget for re-entry beds"),
    deciders=("county board", "state corrections department"),
    cannot_tell="The records do not say how long people had been in jail or prison, or for what.",
)
HOMELESS = QuestionText(
    name="exit-to-homelessness",
    words="Did they leave to homelessness?",
    people="adults who left a project",
    happened="left to a place not meant for living in, or to a shelter",
    not_happened="left to somewhere else",
    asked_of="Adults whose last stay ended in the period and whose destination is known.",
    barrier="too-little",
    levers=("budget advocacy", "capacity standard"),
    deciders=("city council", "continuum of care board"),
    dated="exit",
)
NO_INCOME = QuestionText(
    name="no-income-at-exit",
    words="Did they leave without any income?",
    people="adults who left a project",
    happened="had no income from any source when they left",
    not_happened="had some income when they left",
    asked_of="Adults whose last stay ended in the period and who answered the income question at exit.",
    barrier="not-eligible-by-rule",
    levers=("regulation or waiver", "statute"),
    deciders=("state benefits agency", "legislature"),
    cannot_tell="Income that was not told to a worker is not in the records.",
    dated="exit",
)
QUESTIONS = (PRISON, HOMELESS, NO_INCOME)

AGES = ("under 18", "18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 or older", "age unknown")
PLACES = ("Harbor House", "Northside Shelter", "Riverside Outreach", "St. Brigid Family Home", "Valley Night Shelter")
QUARTERS = tuple(
    f"{months} {year}"
    for year in (2022, 2023, 2024)
    for months in ("January to March", "April to June", "July to September", "October to December")
)
HALVES = tuple(f"{months} {year}" for year in (2022, 2023, 2024) for months in ("January to June", "July to December"))


def _spread(whole: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that sum to `whole`, in proportion to the weights as nearly as may be."""
    total, parts, so_far = sum(weights), [], 0.0
    for weight in weights:
        so_far += whole * weight / total
        parts.append(round(so_far) - sum(parts))
    return parts


def _rows(labels: Sequence[str], yes: Sequence[int], no: Sequence[int], step: int = 0) -> tuple[Row, ...]:
    return tuple(
        Row(
            label,
            with_ + without,
            with_,
            without,
            known="unknown" not in label,
            month=position * step if step else None,
        )
        for position, (label, with_, without) in enumerate(zip(labels, yes, no, strict=True))
    )


def _hide(table: Table, *labels: str) -> Table:
    rows = tuple(replace(row, persons=None, yes=None, no=None) if row.label in labels else row for row in table.rows)
    return replace(table, rows=rows)


def _question_tables(question: QuestionText, first_id: int, yes: int, no: int, lean: float) -> tuple[Table, ...]:
    """Headline, coverage, series, by age and by place of one question, numbered from first_id. lean: 0 is even."""
    name, rising = question.name, [1 + lean * step / 11 for step in range(12)]
    age, place = (1, 2, 6, 5, 4, 3, 1, 1), (3, 4, 2, 2, 3)
    leaning_age = [weight * (1 + lean * (position == 2)) for position, weight in enumerate(age)]
    leaning_place = [weight * (1 + lean * (position == 1)) for position, weight in enumerate(place)]
    left_out = (("refused or unknown", yes // 8 + 40), ("not collected", yes // 5 + 60), ("window not over", 22))

    def made(offset: int, kind: str, title: str, column: str, rows: tuple[Row, ...], **more: object) -> Table:
        return Table(f"t{first_id + offset:02d}", kind, title, name, column, rows, **more)  # type: ignore[arg-type]

    return (
        made(0, "headline", "Everybody asked", "", _rows(("everybody asked",), [yes], [no])),
        made(
            1,
            "coverage",
            "Who was asked",
            "reason",
            (
                Row("Asked, and answered", yes + no),
                *(Row(reason, persons, known=False) for reason, persons in left_out),
            ),
            split=False,
        ),
        made(
            2,
            "series",
            "Over time",
            "quarter",
            _rows(QUARTERS, _spread(yes, rising), _spread(no, [1] * 12), 3),
            steps="quarter",
        ),
        made(3, "by", "By age at entry", "age at entry", _rows(AGES, _spread(yes, leaning_age), _spread(no, age))),
        made(
            4,
            "by",
            "By where help was sought",
            "where help was sought",
            _rows(PLACES, _spread(yes, leaning_place), _spread(no, place)),
            warning="Projects differ in whom they take in, so these shares are not a comparison of their work.",
        ),
    )


def _finding_tables(
    question: QuestionText, first_id: int, inside: tuple[int, int], other: tuple[int, int]
) -> tuple[Table, ...]:
    name, rising = question.name, [2, 2, 2, 3, 4.4, 5]
    halves = _rows(HALVES, _spread(inside[0], rising), _spread(inside[1], [1] * 6), 6)
    places = _rows(PLACES[1:4], _spread(inside[0], (5, 3, 2)), _spread(inside[1], (4, 4, 3)))
    return (
        Table(
            f"t{first_id}",
            "finding",
            "The group and everyone else",
            name,
            "",
            _rows(("inside", "everyone else"), (inside[0], other[0]), (inside[1], other[1])),
        ),
        Table(
            f"t{first_id + 1}", "finding_series", "The group over time", name, "half-year", halves, steps="half-year"
        ),
        Table(
            f"t{first_id + 2}",
            "finding_place",
            "The group by where help was sought",
            name,
            "where help was sought",
            places,
        ),
    )


def _pattern(question: QuestionText, rank: int, first_id: int, **more: object) -> Pattern:
    usual: dict[str, object] = {
        "question": question.name,
        "rank": rank,
        "table": f"t{first_id}",
        "series": f"t{first_id + 1}",
        "place": f"t{first_id + 2}",
        "baseline": "composition",
        "where": (("age at entry", ("25 to 34",)), ("where help was sought", PLACES[1:4])),
        "expected_share": 0.18,
        "expected": 74,
        "excess": Interval(57, 40, 74),
        "ratio": 1.77,
        "p": 0.004,
        "p_from": "bootstrap",
        "overstated": True,
        "within_programme": 0.19,
        "agrees": True,
        "onset": "July to December 2023",
        "onset_low": "January to June 2023",
        "onset_high": "January to June 2024",
        "onset_month": 18,
        "onset_low_month": 12,
        "onset_high_month": 24,
        "persists": True,
        "leave_one_out": True,
        "group": "aged 25 to 34 at Northside Shelter, Riverside Outreach or St. Brigid Family Home",
    }
    return Pattern(**(usual | more))  # type: ignore[arg-type]


def _gaps(tables: Mapping[str, Table]) -> tuple[Gap, ...]:
    """Differences worked out from the rows they name, with the usual normal intervals."""
    return (
        _gap(tables["t05"], 2, 3, "the next group in age", 0.002),
        _gap(tables["t05"], 4, 3, "the next group in age", 0.84),
        _gap(tables["t11"], 1, 0, "the largest place", 0.006),
    )


def _gap(table: Table, group: int, reference: int, why: str, q: float) -> Gap:
    (yes, people), (other_yes, others) = (
        (row.yes or 0, row.persons or 0) for row in (table.rows[group], table.rows[reference])
    )
    share, other = yes / people, other_yes / others
    spread = 1.96 * sqrt(1 / yes - 1 / people + 1 / other_yes - 1 / others)
    reach = 1.96 * sqrt(share * (1 - share) / people + other * (1 - other) / others)
    ratio, difference = share / other, share - other
    return Gap(
        table.id,
        group,
        reference,
        why,
        Interval(ratio, ratio * exp(-spread), ratio * exp(spread)),
        Interval(difference, difference - reach, difference + reach),
        q,
        q <= 0.05,
    )


def rich() -> Release:
    """Three patterns: one firm, one confirmed on held-back persons where the two views disagree, one exploratory."""
    served = Table(
        "t01",
        "served",
        "Who was served",
        "",
        "",
        split=False,
        rows=(
            Row("persons served", 6_214),
            Row("adults", 4_905),
            Row("children", 1_231),
            Row("age unknown", 78, known=False),
            Row("people who left", 4_020),
            Row("people who stayed", 2_194),
            Row("veterans", 402),
            Row("households", 4_377),
        ),
    )
    prison = _question_tables(PRISON, 2, 744, 3_466, 0.5)
    prison = (*prison[:3], _hide(prison[3], "under 18", "age unknown"), prison[4])
    tables = (
        served,
        *prison,
        *_question_tables(HOMELESS, 7, 1_210, 2_310, 0.3),
        *_question_tables(NO_INCOME, 12, 903, 2_104, 0.1),
        *_finding_tables(PRISON, 20, (131, 281), (613, 3_185)),
        *_finding_tables(HOMELESS, 23, (402, 438), (808, 1_872)),
        *_finding_tables(NO_INCOME, 26, (118, 152), (785, 1_952)),
    )
    return settled(
        Release(
            version="1",
            software="upwell 0.1.0",
            id="a1b2c3d4e5f6",
            source="Invented County continuum of care",
            source_id="5f2c9ab1",
            snapshot="9e107d9d372bb6826bd81d3542a419d6",
            period=("2022-01-01", "2024-12-31"),
            made_on="2025-02-03",
            basis="Data sharing agreement of 4 May 2021, section 3",
            place_words="where help was sought",
            protection="upwell",
            protection_words="Counts from 1 to 10 are never shown, and no shown number lets one be worked out exactly "
            "or within one person.",
            protection_source="Upwell rule pack of 1 January 2025",
            threshold=11,
            width=3,
            baseline="composition",
            seed=20250101,
            ledger_head="7d793037a0760186574b0282f2f435e7",
            earlier_looks=2,
            new_ledger="",
            questions=QUESTIONS,
            unanswerable=(
                ("Did they come from foster care?", "The export leaves the field empty for every project."),
                ("Was help with benefits refused?", "This export has no field for it."),
            ),
            tables=tables,
            patterns=(
                _pattern(PRISON, 1, 20),
                _pattern(
                    HOMELESS,
                    2,
                    23,
                    where=(("household", ("on their own",)), ("half-year", ("since July 2023",))),
                    group="on their own since July 2023",
                    when="since July 2023",
                    expected_share=0.36,
                    expected=302,
                    excess=Interval(100, 71, 129),
                    ratio=1.33,
                    p=0.01,
                    p_from="confirmation",
                    overstated=False,
                    within_programme=0.47,
                    agrees=False,
                    onset="",
                    onset_low="",
                    onset_high="",
                    onset_month=-1,
                    onset_low_month=-1,
                    onset_high_month=-1,
                    persists=None,
                    leave_one_out=False,
                    place="",
                ),
                _pattern(
                    NO_INCOME,
                    3,
                    26,
                    where=(("veteran", ("no",)),),
                    group="who are not veterans",
                    expected_share=0.32,
                    expected=86,
                    excess=Interval(32, 15, 49),
                    ratio=1.37,
                    p=None,
                    p_from="exploratory",
                    within_programme=None,
                    agrees=None,
                    series="",
                    persists=False,
                    leave_one_out=None,
                ),
            ),
            gaps=_gaps({table.id: table for table in tables}),
            searched=(
                Searched("came-from-jail-or-prison", 4_210, 7.4, 0.09, 400),
                Searched("exit-to-homelessness", 3_520, 7.4, 0.11, 350),
                Searched("no-income-at-exit", 3_007, 7.2, 0.12, 300),
            ),
            loss=Loss(
                cells=262,
                shown=256,
                share_large_shown=0.95,
                attacked="An attacker with linear programming and every number of this release and of two earlier "
                "ones found no hidden count.",
                coarsened=(
                    f"{PRISON.words}, by race and ethnicity: left out, because most of its counts are small.",
                    f"{HOMELESS.words}, by race and ethnicity: left out, because most of its counts are small.",
                    f"{HOMELESS.words}, by household: left out, because most of its counts are small.",
                    f"{NO_INCOME.words}, over time: made coarser, because most of its counts are small.",
                    "Finding 2 is shown without its places, which were too few to be safe.",
                ),
                by_size=(("11 to 49", 48, 41), ("50 to 199", 84, 80), ("200 and more", 137, 131)),
                small_share=0.25,
            ),
            notes=("This is an invented county. None of these people exist.",),
            planted=("People aged 25 to 34 at three places came from jail or prison more often from October 2023 on.",),
        )
    )


def empty() -> Release:
    """Nothing stands out beyond chance: no pattern, no gap that holds."""
    full = rich()
    tables = tuple(table for table in full.tables if not table.kind.startswith("finding"))
    return settled(
        replace(
            full,
            patterns=(),
            planted=(),
            notes=(),
            tables=tables,
            gaps=tuple(replace(gap, holds=False, q=0.4) for gap in full.gaps),
        )
    )


def withheld() -> Release:
    """Small and much withheld, with no basis named, a second ledger and a question too small to search."""
    full = rich()
    keep = ("t01", "t02", "t03", "t04", "t05", "t07", "t08")
    tables = tuple(
        _hide(table, *(row.label for position, row in enumerate(table.rows) if position % 2))
        if table.kind in ("by", "series")
        else table
        for table in full.tables
        if table.id in keep
    )
    tables = tuple(_hide(table, "everybody asked") if table.id == "t07" else table for table in tables)
    return settled(
        replace(
            full,
            basis="",
            tables=tables,
            patterns=(),
            gaps=(),
            planted=(),
            notes=(),
            questions=(PRISON, HOMELESS),
            new_ledger="the first ledger was lost in a fire",
            searched=(
                Searched("came-from-jail-or-prison", 4_210, 7.4, 0.09, 400),
                Searched("exit-to-homelessness", None, 0.0, None, None, "too few answers to search"),
            ),
            loss=Loss(
                cells=120,
                shown=61,
                share_large_shown=0.7,
                attacked=full.loss.attacked,
                by_size=(("11 to 49", 30, 12), ("50 to 199", 40, 26), ("200 and more", 28, 23)),
                small_share=0.25,
            ),
        )
    )


def signed(release: Release) -> bytes:
    """The release as signed bytes, with the well-known key."""
    return write(release, KEY)
