"""For the peers' interpreter: a Parquet file as whole numbers, which suit the peers best; and what is told back."""

import json
import time

import numpy as np
import pandas as pd  # type: ignore[import-not-found,import-untyped]  # the peers' environment has it
import pyarrow.parquet as parquet  # type: ignore[import-not-found,import-untyped]


def read(path):
    """Attributes as int8, expectations, answers."""
    names = [each for each in parquet.read_schema(path).names if each not in ("yes", "expected")]
    table = parquet.read_table(path, read_dictionary=names).unify_dictionaries()
    coded = {}
    for name in names:
        column = table[name].combine_chunks()
        numbers = np.array([int(word.rpartition(" ")[2]) for word in column.dictionary.to_pylist()], dtype=np.int8)
        coded[name] = numbers[column.indices.to_numpy(zero_copy_only=False)]
    expected = pd.Series(table["expected"].to_numpy().astype(np.float64), name="expected")
    return pd.DataFrame(coded), expected, pd.Series(table["yes"].to_numpy().astype(np.int8), name="yes")


def tell(to, subset, score, marks):
    """marks: processor seconds at the end of start-up, reading and searching."""
    start, loaded, ended = marks
    plain = {name: sorted(int(value) for value in values) for name, values in subset.items()}
    told = {"subset": plain, "score": score, "start": start, "load": loaded - start, "work": ended - loaded}
    with open(to, "w") as file:
        json.dump(told, file)


def now():
    """Processor seconds so far."""
    return time.process_time()
