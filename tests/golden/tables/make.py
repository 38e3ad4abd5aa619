"""A table's columns as pandas describes them, for tests/lua/data/tables.lua: python make.py > ../tables.lua"""

import io
import math

import pandas

CSV = """name,genre,tempo,loudness,key
one,Rock,120.5,-6.25,C
two,Folk,NA,-3.5,D
three,Rock,98,,C
four,"Hip-Hop, old",131.25,-9,A
five,Folk,101.75,-4.125,
six,Rock,88.5,-7,D
"""


def show(value):
    if isinstance(value, str):
        return '"' + value.replace("\n", "\\n").replace('"', '\\"') + '"'
    return "0 / 0" if math.isnan(value) else repr(float(value))


table = pandas.read_csv(io.StringIO(CSV))
print(f"-- Made by golden/tables/make.py with pandas {pandas.__version__}.")
print("return {")
print(f"  csv = {show(CSV)},")
print("  described = {")
for name in ("tempo", "loudness"):
    described = table[name].describe()
    words = {"mean": "mean", "std": "std", "min": "min", "25%": "q25", "50%": "q50", "75%": "q75", "max": "max"}
    cells = [f"count = {int(described['count'])}", f"missing = {int(table[name].isna().sum())}"]
    cells += [f"{ours} = {show(described[theirs])}" for theirs, ours in words.items()]
    print(f"    {name} = {{ {', '.join(cells)} }},")
print("  },")
dummies = pandas.get_dummies(table["key"], prefix="key")
print("  onehot = { " + ", ".join(show(c) for c in dummies.columns) + " },")
print("  onehot_rows = { " + ", ".join("{ " + ", ".join(str(int(v)) for v in row) + " }" for row in dummies.values) + " },")
print("}")
