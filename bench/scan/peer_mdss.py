"""Run by the peers' interpreter: aif360's multi-dimensional subset scan.

Arguments: file, answer, starts, penalty, and the seed of its starts (else 1).
Or its scorer alone: file, answer, "judge", penalties and subsets as JSON.
"""

import json
import sys

from aif360.detectors.mdss.MDSS import MDSS  # type: ignore[import-not-found]  # the peers' environment has it
from aif360.detectors.mdss.ScoringFunctions import Bernoulli  # type: ignore[import-not-found]
from peer_reading import now, read, tell  # type: ignore[import-not-found]  # beside this script

path, to, starts, penalty, *seed = sys.argv[1:]
start = now()
people, expected, yes = read(path)
loaded = now()
scan = MDSS(Bernoulli(direction="positive"))
if starts == "judge":
    asked = json.loads(penalty)
    scores = [float(scan.score_current_subset(people, expected, yes, each, price)) for price, each in asked]
    with open(to, "w") as file:
        json.dump({"scores": scores}, file)
else:
    found, score = scan.scan(people, expected, yes, float(penalty), int(starts), seed=int(*seed or [1]))
    tell(to, found, float(score), (start, loaded, now()))
