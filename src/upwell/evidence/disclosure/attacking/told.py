"""The words of an explanation: each step one sentence, with every number it uses and whom that number counts."""

from __future__ import annotations

from collections.abc import Sequence

from upwell.evidence.disclosure.attacking.explain import Explained, Step
from upwell.evidence.disclosure.attacking.outside import Outside
from upwell.evidence.disclosure.attacking.proof import Combination

MOST_TERMS = 24
"""Numbers in one sentence; a longer one proves nothing to a reader, and only its length is said."""


def sentences(explained: Explained, seen: Outside) -> tuple[str, ...]:
    """The steps that lead to a count, its own last; () when there is no proof to give."""
    return tuple(_sentence(step, seen) for step in explained.steps)


def _sentence(step: Step, seen: Outside) -> str:
    name = _begun(_name(step.cell, seen))
    if step.how == "combination":
        return f"{name} is {step.value}: {'; and '.join(_bound(each, step.value, seen) for each in step.bounds)}."
    if step.how == "share":
        ((whole, _, total),) = step.plus
        return f"{name} is {step.value}: no other whole number is {step.share} of {total} ({_name(whole, seen)})."
    sum_words = _sum(step, seen)
    if step.how == "sum":
        same = len(step.plus) == 1 and not step.minus and step.plus[0][2] == step.value
        return f"{name} is {step.value}: {'it is printed as ' if same else ''}{sum_words}."
    size = "no smaller" if step.how == "least" else "no larger"
    many = len(step.beside) + 1
    return f"{name} is {step.value}: {sum_words} is left for {many} withheld counts, and each can be {size} than it is."


def _sum(step: Step, seen: Outside) -> str:
    """ "60 (North) less 20 (North, age 15-24) and 33 (North, age 35+)"."""
    if len(step.plus) + len(step.minus) > MOST_TERMS:
        return f"a sum of {len(step.plus) + len(step.minus)} numbers"
    plus = " plus ".join(f"{value} ({_name(cell, seen)})" for cell, _, value in step.plus) or "0"
    minus = _and([f"{value} ({_name(cell, seen)})" for cell, _, value in step.minus])
    return f"{plus} less {minus}" if minus else plus


def _bound(bound: Combination, value: int, seen: Outside) -> str:
    if len(bound.terms) > MOST_TERMS:
        return f"a weighted sum of {len(bound.terms)} printed numbers leaves nothing else"
    words = " ".join(_term(*term, seen) for term in bound.terms).removeprefix("plus ")
    many = "" if bound.times == 1 else f"{bound.times} times "
    if bound.even:
        return f"{many}this count is {words}"
    side, rest = ("at most", "over") if bound.upper else ("at least", "missing")
    return f"{many}this count is {side} {words} (what is {rest} cannot be below zero), so it is {side} {value}"


def _term(cell: int, weight: int, value: int, seen: Outside) -> str:
    times = "" if abs(weight) == 1 else f"{abs(weight)} times "
    return f"{'plus' if weight > 0 else 'less'} {times}{value} ({_name(cell, seen)})"


def _name(cell: int, seen: Outside) -> str:
    """Whom a number counts, with its table where there are several."""
    if cell < 0:
        return "a group with no row of its own"
    each = seen.cells[cell]
    several = len({other.table for other in seen.cells}) > 1
    return f"{each.words} in {each.table}" if several else each.words


def _begun(name: str) -> str:
    """A name of ours at the beginning of a sentence; the tables' own words stay as they are printed."""
    ours = name.startswith(("all of ", "everybody", "a group with no row"))
    return name[0].upper() + name[1:] if ours else name


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
