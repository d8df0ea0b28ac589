"""A Release: the only thing that leaves the case side. Signed bytes that anyone can check, and nobody can invert.

This module is a leaf: it imports nothing of ours. The shared side reads Releases with it and cannot make one.
"""

from __future__ import annotations

import hashlib
import json
import types
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Count = int | None
"""Persons, each once; None is "withheld": 0 to 10, or hidden to protect another."""

TableKind = Literal[
    "served", "coverage", "headline", "by", "series", "finding", "finding_series", "finding_place", "counts"
]


@dataclass(frozen=True)
class Row:
    """One line of a table. For tables of a question, persons = yes + no. For "served" and "coverage" yes, no are None
    and `split` is False on the table."""

    label: str  # words
    persons: Count
    yes: Count = None
    no: Count = None
    known: bool = True  # False: the row of an unknown answer
    month: int | None = None  # series: months from the first day of the period where this step begins
    values: tuple[str, ...] = ()  # "counts": the value of each column, "" is the total
    percent: str = ""  # the share yes / persons as printed where a count behind it is withheld, "12.5"
    between: tuple[int, int] | None = None  # class of withheld persons: first <= persons < second; -1: or more


@dataclass(frozen=True)
class Table:
    """Counts of persons. id: stable within the release ("t07"), also its CSV's name.

    kind: counts (an agency's own table, one row a combination of values) |
    served | coverage | headline (one row, everybody asked) | by (one row a value of one column) |
    series (one row a time step) | finding (two rows: "inside", "everyone else") | finding_series | finding_place.
    column: words of what the rows are ("age at entry"); "" for headline and finding.
    """

    id: str
    kind: TableKind
    title: str
    question: str  # question name, "" for served
    column: str
    rows: tuple[Row, ...]
    split: bool = True  # has yes and no
    warning: str = ""
    steps: str = ""  # series: "month" | "quarter" | "half-year" | "two periods"
    columns: tuple[str, ...] = ()  # "counts": words of each column
    unit: str = "persons"  # "counts": what is added up, "persons" or an amount ("nights", "dollars")


@dataclass(frozen=True)
class QuestionText:
    """The words of a question, as released (see records.cases.table.Question)."""

    name: str
    words: str
    people: str
    happened: str
    not_happened: str
    asked_of: str
    barrier: str
    levers: tuple[str, ...]
    deciders: tuple[str, ...]
    cannot_tell: str = ""
    dated: str = "entry"


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Pattern:
    """A finding that was released. Every number is rounded, and stands only because all cells behind it may be shown.

    where: (column words, value words of that column...) for each restricted column, in plain order.
    group: the same as words that follow "people" ("in emergency shelter in Marlow Bend since April 2024").
    always: no onset can be told, because the excess may have been there from the start of the records.
    when: the part of it that is about time ("since April 2024"), "" when the group is not bound to a time.
    table: id of its "finding" table (row 0 inside, row 1 everyone else). series, place: ids or "".
    expected_share: share expected inside under `baseline`, whole percent as 0..1.
    expected: persons expected inside. excess: persons more than expected, with interval. ratio: share / expected share.
    p: search-corrected, one significant digit, or None when the word is "exploratory".
    p_from: "bootstrap" (baseline refitted in every replicate) | "confirmation" (held-back half) | "exploratory";
    with an expectation that was given, not fitted: "bound" (holds for all groups at once) | "replicates".
    overstated: True below 10**5 persons: the size is probably overstated by the search.
    within_programme: expected share when each programme is compared with itself only; None when it cannot be told.
    agrees: the within-programme view says the same. onset: words of the first period of the excess and its interval of
    periods, "" when it cannot be told. onset_month, onset_low_month, onset_high_month: the same as months from the
    period's first day, for the chart; -1 unknown.
    persists: still above expectation in the last three months; None cannot be told.
    leave_one_out: True when it stays without any single agency; None when there is one agency.
    """

    question: str
    rank: int
    where: tuple[tuple[str, tuple[str, ...]], ...]
    table: str
    series: str
    place: str
    baseline: str
    expected_share: float
    expected: int
    excess: Interval
    ratio: float
    p: float | None
    p_from: Literal["bound", "replicates", "bootstrap", "confirmation", "exploratory"]
    overstated: bool
    within_programme: float | None
    agrees: bool | None
    onset: str = ""
    onset_low: str = ""
    onset_high: str = ""
    onset_month: int = -1
    persists: bool | None = None
    leave_one_out: bool | None = None
    onset_low_month: int = -1
    onset_high_month: int = -1
    group: str = ""
    when: str = ""
    always: bool = False


@dataclass(frozen=True)
class Gap:
    """A difference between two groups in one "by" table, from shown cells alone.

    group, reference: row numbers in `table`. why: why that reference ("the largest group").
    q: false-discovery-controlled p (Benjamini-Hochberg) over all gaps of the release.
    """

    table: str
    group: int
    reference: int
    why: str
    ratio: Interval
    difference: Interval
    q: float
    holds: bool  # q <= 0.05


@dataclass(frozen=True)
class Searched:
    """How much was looked at, per question: so that nobody wonders what was tried.

    smallest: smallest excess share (0..1) among `smallest_people` persons that the search could have seen with power
    0.8, None when the question had too few answers to search at all.
    """

    question: str
    persons: Count
    subsets: float  # how many sub-populations the code can describe, order of magnitude (log10)
    smallest: float | None
    smallest_people: int | None
    note: str = ""


@dataclass(frozen=True)
class Loss:
    """What protection cost: how many of the cells asked for are shown, and the share of those large enough to be.

    Cells of tables that were left out or made coarser count as not shown. Whatever depends on hidden counts is a bound
    (see disclosure.cost): exact, it would tell how many of them are small.
    """

    cells: int
    shown: int
    share_large_shown: float  # 0..1, at least, of counts of the threshold and more
    attacked: str  # one sentence: what the attacker tried and that it failed
    coarsened: tuple[str, ...] = ()  # sentences: what was left out or made coarser to be safe
    by_size: tuple[tuple[str, int, int], ...] = ()  # words of a size ("11 to 49"), cells asked for at most, cells shown
    small_share: float = 0.0  # of older releases; not told any more: even to a quarter it gave small counts away


@dataclass(frozen=True)
class Release:
    """Everything a brief may say. See DESIGN: nothing that was hidden can be worked out from it by arithmetic."""

    version: str  # of this form, "1"
    software: str  # "upwell 0.1.0"
    id: str  # short digest of the content
    source: str
    source_id: str
    snapshot: str  # seal of the records counted (disclosure.sealed): releases of the same ones have the same
    period: tuple[str, str]  # ISO dates
    made_on: str  # ISO date
    basis: str  # privacy notice or agreement that permits the analysis; "" = none named
    place_words: str
    protection: str  # name of the rule pack
    protection_words: str  # its promise in one sentence
    protection_source: str
    threshold: int  # counts from 1 to threshold - 1 are never shown
    baseline: str
    seed: int
    ledger_head: str  # hash of the ledger's last entry before this release
    earlier_looks: int  # earlier entries in the ledger for the same snapshot
    new_ledger: str  # reason, when a second ledger was begun for this source
    questions: tuple[QuestionText, ...]
    unanswerable: tuple[tuple[str, str], ...]  # question words, why
    tables: tuple[Table, ...]
    patterns: tuple[Pattern, ...]
    gaps: tuple[Gap, ...]
    searched: tuple[Searched, ...]
    loss: Loss
    notes: tuple[str, ...] = ()  # sentences that every reader must see
    planted: tuple[str, ...] = field(default=())  # invented county: what was planted, said to be planted
    width: int = 0  # persons; a protected count may be one of at least width + 1 values; 0: an older release, not said


class SignatureError(Exception):
    """Bytes are no release, or were changed after they were signed."""


def settled(release: Release) -> Release:
    """The release as its own bytes would give it back: numbers rounded, and `id` the digest of everything else."""
    plain = replace(_made(Release, json.loads(_canonical(_plain(release)))), id="")
    return replace(plain, id=hashlib.sha256(_canonical(_plain(plain))).hexdigest()[:16])


def write(release: Release, key: bytes) -> bytes:
    """Canonical JSON of a settled release with its Ed25519 signature and the public key, in hexadecimal.

    key: the agency's private key, 32 bytes. Same release, same key: same bytes.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - slow to import

    private = Ed25519PrivateKey.from_private_bytes(key)
    content = _plain(release)
    return _canonical(
        {
            "release": content,
            "public_key": private.public_key().public_bytes_raw().hex(),
            "signature": private.sign(_canonical(content)).hex(),
        }
    )


def read(data: bytes, public_key: bytes) -> Release:
    """The release in `data`, when the holder of `public_key` (32 bytes) signed exactly these bytes.

    Raises SignatureError otherwise.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - slow to import

    try:
        whole = json.loads(data)
        content, signature = whole["release"], bytes.fromhex(whole["signature"])
        exact = _canonical(whole) == data and whole["public_key"] == public_key.hex()
    except (ValueError, KeyError, TypeError) as error:
        raise SignatureError("This file is not a signed release. Ask the agency for the file it signed.") from error
    if not exact:
        raise SignatureError("This release was changed, or signed with another key. Ask the agency for its public key.")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, _canonical(content))
    except InvalidSignature as error:
        raise SignatureError(
            "This release was changed after it was signed. Ask the agency for the original."
        ) from error
    return _made(Release, content)


_T = TypeVar("_T")


# Any: JSON values on their way in and out; `_made` gives each its declared type again.
def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.6g}")  # more digits would say nothing, and could differ between machines
    return value


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def _made(kind: type[_T], value: Any) -> _T:
    hints = get_type_hints(kind)
    return kind(**{name: _typed(hints[name], each) for name, each in value.items()})


def _typed(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if value is not None and origin in (Union, types.UnionType):
        kind = next(each for each in inner if each is not type(None))
        return _typed(kind, value)
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_typed(each, part) for each, part in zip(kinds, value, strict=True))
    if is_dataclass(kind) and isinstance(kind, type):
        return _made(kind, value)
    return float(value) if kind is float else value
