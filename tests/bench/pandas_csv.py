"""How fast a large csv file becomes a table, beside pandas: A B A B, time on the clock, time of all cores, peak memory.

    python pandas_csv.py LUMIR [--rows=100000] [--columns=518] [--turns=3] [--file=/tmp/large.csv]
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

PANDAS = "import pandas, sys; table = pandas.read_csv(sys.argv[1], index_col=0); print(table.shape)"
LUMIR = "local data = require('lumir').data\nlocal t = data.csv('{path}', {{ id = 'track_id', label = 'genre' }})\nprint(t)\n"
EMPTY = "local data = require('lumir').data\nprint(data)\n"


def make(path, rows, columns):
    import numpy as np

    random = np.random.default_rng(1)
    names = ["track_id", "genre"] + [f"column_{i:03}" for i in range(columns)]
    with open(path, "w") as file:
        file.write(",".join(names) + "\n")
        for row in range(rows):
            numbers = random.normal(size=columns) * 10.0 ** (np.arange(columns) % 5 - 1)
            file.write(f"{row},genre {row % 16}," + ",".join(map(repr, numbers.tolist())) + "\n")


def run(command):
    """Seconds on the clock, seconds of all cores, peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


parser = argparse.ArgumentParser()
parser.add_argument("lumir")
parser.add_argument("--rows", type=int, default=100000)
parser.add_argument("--columns", type=int, default=518)
parser.add_argument("--turns", type=int, default=3)
parser.add_argument("--file", default=os.path.join(tempfile.gettempdir(), "large.csv"))
options = parser.parse_args()
if not os.path.exists(options.file):
    make(options.file, options.rows, options.columns)
print(f"{options.file}: {os.path.getsize(options.file) / 1e6:.0f} MB; the table takes "
      f"{options.rows * options.columns * 8 / 2**20:.0f} MB")
with tempfile.TemporaryDirectory() as folder:
    recipe, empty = os.path.join(folder, "read.lua"), os.path.join(folder, "empty.lua")
    open(recipe, "w").write(LUMIR.format(path=options.file))
    open(empty, "w").write(EMPTY)
    base = min(run([options.lumir, empty])[2] for _ in range(2))
    print(f"lumir that reads nothing: {base:.0f} MB")
    for _ in range(options.turns):
        for name, command in (("lumir", [options.lumir, recipe]), ("pandas", [sys.executable, "-c", PANDAS, options.file])):
            wall, cpu, memory = run(command)
            print(f"{name:7} {wall:6.2f} s   {cpu:6.2f} s of cores   {memory:6.0f} MB")
