"""What could fool a search of some people, said; and what says the answer itself, left out."""

from __future__ import annotations

from dataclasses import replace

from upwell.evidence.scan import traps
from upwell.library.patterns.people import People


def trusted(held: People) -> People:
    """The people with columns that say the answer left out of the search, and all that could fool it said."""
    calendar = held.calendar
    cautions = traps.cautions(held.asked, [column for column in held.columns if column.searched])
    said = [
        traps.sentence(each, held.columns, lambda month: str(calendar and calendar.told(month))) for each in cautions
    ]
    kept = traps.trusted(held.columns, cautions)
    names = {column.name for column in kept}
    telling = tuple(replace(column, searched=False) for column in held.columns if column.name not in names)
    return replace(held, columns=kept, left_out=(*held.left_out, *telling), told=(*held.told, *said))
