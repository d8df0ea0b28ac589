"""A published table as a picture: what was printed, what was withheld, what follows from the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from upwell.evidence.disclosure.attacking.examine import Examined, Finding

MOST_PICTURED = 1_200
"""Counts of one table that are drawn."""

LETTER, WIDEST = 8, 260
"""Pixels of a letter, about, and of the widest column of labels."""

NAMED = "The table as printed, with what was worked out of it; the list above says the same in words"


def pictures(of: Examined) -> Iterator[str]:
    """One drawing a table: rows by columns, shown grey, withheld white, worked out red with its count."""
    for table in dict.fromkeys(cell.table for cell in of.seen.cells):
        at = [number for number, cell in enumerate(of.seen.cells) if cell.table == table and cell.place]
        if 0 < len(at) <= MOST_PICTURED:
            yield _picture(of, table, at)


def _picture(of: Examined, table: str, cells: Sequence[int]) -> str:
    known = {id(finding.cell): finding for finding in of.findings}
    seen = [of.seen.cells[at] for at in cells]
    down = list(dict.fromkeys(_down(cell.values, cell.answer) for cell in seen))
    across = list(dict.fromkeys(cell.values[-1] if cell.values else None for cell in seen))
    longest = max(len(" / ".join(name)) for name in down)
    left, wide, high = min(WIDEST, LETTER * longest + 12), 84, 24
    drawn = [
        f'<text x="{left + x * wide + wide // 2}" y="16" text-anchor="middle">'
        f"{escape(_short(_label(name), wide))}</text>"
        for x, name in enumerate(across)
    ]
    drawn += [
        f'<text x="4" y="{y * high + 40}">{escape(_short(" / ".join(name), left - 12))}</text>'
        for y, name in enumerate(down)
    ]
    for at, cell in zip(cells, seen, strict=True):
        x = left + across.index(cell.values[-1] if cell.values else None) * wide
        y = down.index(_down(cell.values, cell.answer)) * high + 24
        words, kind = _drawn(int(of.seen.public.shown[at]), known.get(id(cell)), cell.mark)
        drawn.append(
            f'<g class="{kind}"><rect x="{x}" y="{y}" width="{wide - 3}" height="{high - 3}"/>'
            f'<text x="{x + wide // 2}" y="{y + 15}" text-anchor="middle">{escape(words)}</text></g>'
        )
    size = f'width="{left + len(across) * wide}" height="{len(down) * high + 30}"'
    return (
        f'<figure tabindex="0"><figcaption>{escape(table)}</figcaption><svg {size} role="img" aria-label="{NAMED}">'
        f"{''.join(drawn)}</svg></figure>"
    )


def _short(words: str, wide: int) -> str:
    """As many letters as there is room for; wide: pixels."""
    most = max(wide // LETTER, 2)
    return words if len(words) <= most else words[: most - 1] + "…"


def _down(values: tuple[str | None, ...], answer: str) -> tuple[str, ...]:
    return tuple(_label(each) for each in values[:-1]) + ((answer,) if answer else ())


def _label(value: str | None) -> str:
    return "all" if value is None else value


def _drawn(shown: int, finding: Finding | None, mark: str) -> tuple[str, str]:
    if shown >= 0 or finding is None:
        return (f"{shown:,}" if shown >= 0 else mark), "shown"
    if finding.exact:
        return str(finding.low), "out"
    return mark or "withheld", "withheld"
