"""Hierarchies of values, tract within county within region: each node above the values is a group to search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.records.cases.table import Column, Group

Codes = NDArray[np.uint8]


def by_parents(
    column: Column, parents: Mapping[str, str], *, words: Mapping[str, str] | None = None, phrase: str = "in {}"
) -> tuple[Group, ...]:
    """Groups of a column's values by a tree.

    parents: key of a value or node -> key of the node that it lies in, "" at the top; every node has a line of its own.
    words: what a reader sees of a node, its key where missing. Nodes of one value, or of all, are no groups.
    Raises EvidenceError for a value without a line, a parent without one, and a circle.
    """
    above = {key.strip(): parent.strip() for key, parent in parents.items()}
    for key, parent in above.items():
        if parent and parent not in above:
            raise EvidenceError(
                f"{parent!r}, which {key!r} lies in, has no line of its own: give it one, with nothing above it if "
                "it is the top."
            )
    held: dict[str, list[int]] = {}
    for code, value in enumerate(column.values):
        if not value.known:
            continue
        if value.key not in above:
            raise EvidenceError(f"{value.key!r} has no line that says what it lies in: give it one, empty for nothing.")
        for node in _upwards(value.key, above):
            held.setdefault(node, []).append(code)
    named = words or {}
    return _groups(column, {phrase.format(named.get(node, node)): codes for node, codes in held.items()})


def _upwards(key: str, above: Mapping[str, str]) -> list[str]:
    """The nodes that hold a value, nearest first."""
    nodes: list[str] = []
    at = above[key]
    while at:
        if at in nodes or at == key:
            raise EvidenceError(f"{at!r} lies within itself: what lies in what must not go in a circle.")
        nodes.append(at)
        at = above[at]
    return nodes


def by_columns(column: Column, codes: Codes, levels: Sequence[tuple[Column, Codes]]) -> tuple[Group, ...]:
    """Groups of a column's values by other columns of the same records, each coarser than the one before.

    codes: uint8, shape (persons,), of the column and of each level. A value whose level is unknown for some people is
    placed by the others. Raises EvidenceError where one value lies in two of a level, or the lengths differ.
    """
    found: dict[str, list[int]] = {}
    for level, own in levels:
        if len(own) != len(codes):
            raise EvidenceError(f"{level.words!r} and {column.words!r} do not tell of the same records.")
        known = np.array([value.known for value in level.values], dtype=np.bool_)
        for code, value in enumerate(column.values):
            nodes = [int(node) for node in np.unique(own[codes == code]) if known[node]]
            if not value.known or not nodes:
                continue
            if len(nodes) > 1:
                raise EvidenceError(
                    f"{value.words!r} lies in more than one of {level.words!r}: a hierarchy needs one. Correct the "
                    f"records, or search {level.words!r} as a column of its own."
                )
            found.setdefault(level.phrase.format(level.values[nodes[0]].words), []).append(code)
    return _groups(column, found)


def by_prefix(column: Column, lengths: Sequence[int], *, phrase: str = "in {}") -> tuple[Group, ...]:
    """Groups of a column whose keys are nested codes, as a tract's begins with its county's.

    lengths: characters of each level's code, as (5, 2) for county and state in a tract's eleven.
    Raises EvidenceError for a key that is not longer than the longest level.
    """
    if not lengths or min(lengths) < 1:
        raise EvidenceError("Say how many characters of the code name each level.")
    found: dict[str, list[int]] = {}
    for code, value in enumerate(column.values):
        if not value.known:
            continue
        if len(value.key) <= max(lengths):
            raise EvidenceError(f"{value.key!r} is too short a code to lie in a level of {max(lengths)} characters.")
        for length in sorted(lengths, reverse=True):
            found.setdefault(phrase.format(value.key[:length]), []).append(code)
    return _groups(column, found)


def _groups(column: Column, found: Mapping[str, Sequence[int]]) -> tuple[Group, ...]:
    """Each set of values once, by the words of the lowest node; not single ones, and not all."""
    known = sum(value.known for value in column.values)
    groups: dict[tuple[int, ...], Group] = {}
    for words, codes in found.items():
        members = tuple(sorted(codes))
        if 1 < len(members) < known:
            groups.setdefault(members, Group(words, members))
    return tuple(groups.values())
