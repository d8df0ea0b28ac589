"""The analyst's door: find patterns in any yes/no about people, protect a table of counts, attack a printed one.

Each result says in its repr whether it is protected. Protected here means: safe by itself. What is published again and
again, or beside other figures of the same people, needs the ledger, which `upwell brief` and `upwell protect` keep
(here: the entries of earlier results, given as `ledger`).

>>> print(attack_tables([[None, 20, 27], [3, None, 33], [10, 50, 60]]).exact[0])
('row 1, column 1', 7)
"""

from __future__ import annotations

from upwell.library.attacking import Attacked, attack_tables
from upwell.library.clustering import find_clusters
from upwell.library.patterns import Pattern, Patterns, Picture, find_patterns
from upwell.library.protecting import Wish, protect_tables
from upwell.library.result import Protected
from upwell.library.table import Table
from upwell.library.watching import find_new
from upwell.records.tables.published import Layout

__all__ = [
    "Attacked", "Layout", "Pattern", "Patterns", "Picture", "Protected", "Table", "Wish", "attack_tables",
    "find_clusters", "find_new", "find_patterns", "protect_tables",
]  # fmt: skip
