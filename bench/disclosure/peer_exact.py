"""Run by the peers' interpreter: optimal suppression of JJ.IN in this folder. Argument: the limit as it counts it."""

import json
import sys
import time

from pytauargus._tauargus import HiTaSCtrl  # type: ignore[import-not-found]  # the peers' environment has it

begun = time.process_time()
code = HiTaSCtrl().full_jj(in_file_jj="JJ.IN", out_file="JJ.OUT", max_time=int(sys.argv[1]))
with open("told.json", "w") as told:
    json.dump({"code": code, "cpu": time.process_time() - begun}, told)
