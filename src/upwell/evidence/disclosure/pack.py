"""Checks one rule pack: a TOML text with dated numbers, each with its source. What is not sourced is not used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any  # a TOML value is a date, a number, a text or a list; every one is checked by name below

from upwell.evidence.errors import EvidenceError

NEEDED = ("threshold", "width", "sparse_share")
NUMBERS = (*NEEDED, "p_percent", "dominance", "small_population")
SWITCHES = ("full", "group_disclosure", "separate_ledger", "free_text")
TEXTS = ("words", "instead", "coarsest_place")
PLACES = ("", "county")
LEAST_SOURCE = 3
"""Letters: what is shorter names nobody."""


class PackError(EvidenceError):
    """A rule pack that cannot be used: the sentence names the file and the key."""


def standing(content: bytes, *, file: str, on: date) -> Mapping[str, Any]:
    """What a pack says on a day: fields of protection.Protection by name, `name` apart.

    file: what errors call it.
    Raises PackError for anything that is not as docs/how-to/add-a-protection.md says: an unknown key, a number without
    source or date, a threshold below 2, a width below 1, a promise that does not name the largest hidden count.
    """
    pack = _parsed(content, file)
    _check_keys(file, pack)
    dated = {what: _value_on(file, what, pack[what], on) for what in NUMBERS if what in pack}
    numbers = {what: value["value"] for what, value in dated.items()}
    _check_together(file, numbers, full=pack.get("full", False), words=pack["words"])
    for what in {"sparse_share", "p_percent"} & numbers.keys():
        numbers[what] = float(numbers[what])
    if "dominance" in numbers:
        n, k = numbers["dominance"]
        numbers["dominance"] = (n, float(k))
    plain = {what: pack[what] for what in (*SWITCHES, *TEXTS) if what in pack}
    threshold = dated["threshold"]
    return {
        "full": False,
        "group_disclosure": False,
        **plain,
        **numbers,
        "source": threshold["source"],
        "since": threshold["from"],
    }


def _parsed(content: bytes, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PackError(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{file} is no TOML: {error}.") from None


def _check_keys(file: str, pack: Mapping[str, Any]) -> None:
    """Every key is known and of its kind, and none that is needed is absent."""
    for key, value in pack.items():
        if key not in (*NUMBERS, *SWITCHES, *TEXTS):
            known = ", ".join((*TEXTS, *SWITCHES, *NUMBERS))
            raise PackError(f"{file}: there is no key {key!r}. Known are: {known}.")
        if key in SWITCHES and not isinstance(value, bool):
            raise PackError(f"{file}: {key} is true or false.")
        if key in TEXTS and not isinstance(value, str):
            raise PackError(f"{file}: {key} is a text.")
    for key in ("words", *NEEDED):
        if not pack.get(key):
            raise PackError(f"{file}: {key} is missing. Copy hmis-agency.toml and change it.")
    if pack.get("coarsest_place", "") not in PLACES:
        raise PackError(f'{file}: coarsest_place is "county", or left away.')


def _value_on(file: str, what: str, table: object, on: date) -> Mapping[str, Any]:
    """The value of a number that stands on a day, once all its values are checked."""
    if not isinstance(table, dict) or not isinstance(table.get("unit"), str) or not table["unit"]:
        raise PackError(f"{file}: {what} is a table with a unit and dated values.")
    values = table.get("values")
    if set(table) - {"unit", "values"} or not isinstance(values, list) or not values:
        raise PackError(f"{file}: {what} holds a unit and a list of values, and nothing else.")
    for number, value in enumerate(values, 1):
        _check_value(f"{file}: {what}, value {number}", what, value)
    days = [value["from"] for value in values]
    if len(set(days)) < len(days):
        raise PackError(f"{file}: {what} has two values from the same day.")
    begun = [value for value in values if value["from"] <= on]
    if not begun:
        raise PackError(f"{file}: {what} has no value for {on.isoformat()}. Choose a later day.")
    found: Mapping[str, Any] = max(begun, key=lambda value: value["from"])
    return found


def _check_value(where: str, what: str, value: object) -> None:
    """A dated number with its source, within what the gate can keep."""
    if not isinstance(value, dict):
        raise PackError(f'{where} is a table such as {{ from = 2025-01-01, value = 11, source = "..." }}.')
    if unknown := sorted(set(value) - {"from", "value", "source"}):
        raise PackError(f"{where}: there is no key {unknown[0]!r}; known are from, value and source.")
    source, day = value.get("source"), value.get("from")
    if not isinstance(source, str) or len(source.strip()) < LEAST_SOURCE:
        raise PackError(f"{where} has no source. Say who made the rule and where it stands; without, it is not used.")
    if not isinstance(day, date) or isinstance(day, datetime):
        raise PackError(f"{where} has no date. Say since when it holds: from = 2025-01-01.")
    if problem := _problem(what, value.get("value")):
        raise PackError(f"{where}: {problem}.")


def _problem(what: str, value: object) -> str:
    """What is wrong with a number, "" when nothing is."""
    right, wanted = {
        "threshold": (_is_whole(value, least=2), "a threshold is a whole number of persons, 2 or more"),
        "width": (_is_whole(value, least=1), "a width is a whole number of persons, 1 or more"),
        "sparse_share": (_is_within(value, most=1), "a share is more than 0 and at most 1"),
        "p_percent": (_is_within(value, most=100), "a percentage is more than 0 and at most 100"),
        "dominance": (_is_n_k(value), "dominance is [n, k]: of n contributors, 1 or more, at most k percent"),
        "small_population": (_is_whole(value, least=1), "a population is a whole number of persons, 1 or more"),
    }[what]
    return "" if right else wanted


def _is_whole(value: object, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_within(value: object, *, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= most


def _is_n_k(value: object) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and _is_whole(value[0], least=1) and _is_within(value[1], most=100)  # type: ignore[index]  # a pair


def _check_together(file: str, numbers: Mapping[str, Any], *, full: bool, words: str) -> None:
    """What two keys say together."""
    most = numbers["threshold"] - 1
    if full and numbers["width"] != most:
        raise PackError(f"{file}: full keeps every value from 0 to {most} possible, so its width is {most}.")
    if not re.search(rf"\b{most}\b", words):
        raise PackError(f"{file}: words is the promise that a release prints; it must name {most}, the most it hides.")
