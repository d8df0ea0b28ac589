"""Run by the peers' interpreter: pysubgroup's beam search, depth 3. Arguments: file, answer."""

import sys

import pysubgroup as ps  # type: ignore[import-not-found,import-untyped]  # the peers' environment has it
from peer_reading import now, read, tell  # type: ignore[import-not-found]  # beside this script

path, to = sys.argv[1:]
start = now()
people, _, yes = read(path)
people = people.astype(str)  # values, not numbers with an order
people["yes"] = yes == 1
loaded = now()
space = ps.create_selectors(people, ignore=["yes"])
task = ps.SubgroupDiscoveryTask(
    people, ps.BinaryTarget("yes", True), space, result_set_size=1, depth=3, qf=ps.WRAccQF()
)
found = ps.BeamSearch().execute(task).to_dataframe()
ended = now()
subset = {each.attribute_name: [int(each.attribute_value)] for each in found["subgroup"][0].selectors}
tell(to, subset, float(found["quality"][0]), (start, loaded, ended))
