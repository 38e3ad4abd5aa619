# Folds by scikit-learn's StratifiedGroupKFold and StratifiedKFold (shuffle=False) on tables made from a small congruential generator.
# Run: python make.py > folds.json
import json
import sys
import warnings

import numpy
import sklearn
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold


def numbers(seed, n, below):
    state, out = seed, []
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(state // 65536 % below)
    return out


def fold_of_rows(folds, y, names):
    fold_of = [0] * len(y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes with fewer rows than folds
        split = list(StratifiedGroupKFold(folds).split(numpy.zeros((len(y), 1)), y, names))
    for fold, (_, valid) in enumerate(split):
        for row in valid:
            fold_of[row] = int(fold)
    return fold_of


cases = []
tables = [(4, 90, 30, 3, 3), (1, 60, 20, 3, 4), (2, 120, 30, 5, 3), (3, 90, 45, 2, 4), (7, 200, 40, 4, 4)]
for seed, rows, n_groups, n_classes, folds in tables:
    groups = numbers(seed, rows, n_groups)
    of_group = numbers(seed + 100, n_groups, n_classes)  # an album has one artist
    y = [of_group[g] for g in groups]
    if seed == 2:
        y = numbers(seed + 200, rows, n_classes)  # groups of mixed classes
    names = ["g%02d" % g for g in groups]
    cases.append({"folds": folds, "y": y, "groups": groups, "fold_of": fold_of_rows(folds, y, names)})
# albums of nearly one size, of artists with two albums and more: equal in truth, decided by how sums are rounded
for seed in range(20, 32):
    n_groups, n_classes, folds = 12 + seed % 5 * 6, 2 + seed % 4 * 3, 2 + seed % 5
    sizes = [9 + size for size in numbers(seed, n_groups, 4)]
    of_group = [c % n_classes for c in range(2 * n_classes)] + numbers(seed + 1, n_groups, n_classes)
    groups = [group for group in range(n_groups) for _ in range(sizes[group])]
    y = [of_group[group] for group in groups]
    classes = sorted(set(y))
    kept = [row for row in range(len(y)) if len({groups[i] for i in range(len(y)) if y[i] == y[row]}) > 1]
    groups, y = [groups[row] for row in kept], [classes.index(y[row]) for row in kept]
    names = ["g%02d" % g for g in groups]
    cases.append({"folds": folds, "y": y, "groups": groups, "fold_of": fold_of_rows(folds, y, names)})
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
