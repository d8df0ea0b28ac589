"""Run by the peers' interpreter: mlxtend's fpgrowth and rules that end in yes, the best by lift. Arguments: as others.

Sets of up to three values and yes, of at least half the planted share of rows (the third argument).
"""

import sys

import pandas as pd  # type: ignore[import-not-found,import-untyped]  # the peers' environment has it
from mlxtend.frequent_patterns import fpgrowth  # type: ignore[import-not-found,import-untyped]
from peer_reading import now, read, tell  # type: ignore[import-not-found]  # beside this script

path, to, least = sys.argv[1:]
start = now()
people, _, yes = read(path)
loaded = now()
items = pd.get_dummies(people.astype("category"), prefix_sep=" ")
items["yes"] = yes == 1
sets = fpgrowth(items, min_support=float(least), use_colnames=True, max_len=4)
support = dict(zip(sets["itemsets"], sets["support"], strict=True))
lift = {each: share / support[each - {"yes"}] for each, share in support.items() if "yes" in each and len(each) > 1}
best = max(lift, key=lambda each: lift[each], default=frozenset())
ended = now()
subset = {name: [int(value)] for name, value in (item.split(" ") for item in best - {"yes"})}
tell(to, subset, lift.get(best), (start, loaded, ended))
