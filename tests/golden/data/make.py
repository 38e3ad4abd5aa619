# Folds by scikit-learn's StratifiedGroupKFold and StratifiedKFold (shuffle=False) on tables made from a small congruential generator.
# Run: python make.py > folds.json
import json
import sys

import numpy
import sklearn
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold


def numbers(seed, n, below):
    state, out = seed, []
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(state // 65536 % below)
    return out


cases = []
tables = [(1, 60, 20, 3, 4), (2, 120, 30, 5, 3), (3, 90, 45, 2, 4), (7, 200, 40, 4, 4)]
for seed, rows, n_groups, n_classes, folds in tables:
    groups = numbers(seed, rows, n_groups)
    of_group = numbers(seed + 100, n_groups, n_classes)  # an album has one artist
    y = [of_group[g] for g in groups]
    if seed == 2:
        y = numbers(seed + 200, rows, n_classes)  # groups of mixed classes
    names = ["g%02d" % g for g in groups]
    fold_of = [0] * rows
    split = StratifiedGroupKFold(folds).split(numpy.zeros((rows, 1)), y, names)
    for fold, (_, valid) in enumerate(split):
        for row in valid:
            fold_of[row] = fold
    cases.append({"folds": folds, "y": y, "groups": groups, "fold_of": fold_of})
rows = []
for seed, n, n_classes, folds in [(1, 50, 3, 5), (2, 31, 2, 4), (3, 97, 6, 10)]:
    y = numbers(seed, n, n_classes)
    fold_of = [0] * n
    for fold, (_, valid) in enumerate(StratifiedKFold(folds).split(numpy.zeros((n, 1)), y)):
        for row in valid:
            fold_of[row] = fold
    rows.append({"folds": folds, "y": y, "fold_of": fold_of})
result = {"sklearn": sklearn.__version__, "numpy": numpy.__version__, "cases": cases, "rows": rows}
json.dump(result, sys.stdout, separators=(",", ":"))
print()
