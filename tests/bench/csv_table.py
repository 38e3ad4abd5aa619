"""A csv file becomes a table in pandas, timed: what `lumir bench csv` runs beside tests/bench/csv_table.lua.

    python csv_table.py FILE [ENGINE]

ENGINE is pandas' own ('c') or 'pyarrow'. Prints the version, then one line: seconds on the clock, seconds of all cores,
the most memory in MB that reading took beside what was there before, rows, columns of numbers, and the numbers' sum.
"""

import re
import sys

import time

import pandas


def memory(name):
    status = open("/proc/self/status").read()
    return int(re.search(rf"{name}:\s+(\d+)", status).group(1)) / 1024


path, engine = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "c"
resident, wall, cpu = memory("VmRSS"), time.perf_counter(), time.process_time()
table = pandas.read_csv(path, index_col="track_id", engine=engine)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
most = memory("VmHWM") - resident
numbers = table.drop(columns="genre")
print(f"pandas {pandas.__version__}, engine {engine}")
print("read", wall, cpu, most, *numbers.shape, repr(float(numbers.to_numpy().sum())), sep="\t")
