"""How often the interval of R2, ROC-AUC and average precision holds what it should: python smooth_coverage.py

The middle 95 % of the score measured on random subsets of groups (engine/evaluate/interval.h), for a regressor and a tag
that stands on three of ten rows, where rows of a group are alike (correlation 0.5) or not. smooth_coverage.txt keeps the table.
"""

import numpy as np

PER_GROUP, ROUNDS, DRAWS = 4, 400, 999


def made(rng, groups, rows, correlation):
    def alike():
        shared, own = rng.normal(size=(groups, 1)), rng.normal(size=(groups, rows))
        return np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own

    truth = alike()
    return truth.ravel(), (0.8 * truth + 0.6 * alike()).ravel()


def r2(truth, said, weights):
    whole = weights.sum(1)
    mean = weights @ truth / whole
    return 1 - weights @ ((truth - said) ** 2) / (weights @ (truth * truth) - whole * mean * mean)


def ranked(truth, said, weights):
    order = np.argsort(-said)
    positive, weights = (truth > 0.5).astype(float)[order], weights[:, order]
    return positive, weights, np.cumsum(weights * positive, 1)


def roc_auc(truth, said, weights):
    positive, weights, right = ranked(truth, said, weights)
    wrong = weights * (1 - positive)
    return (wrong * right).sum(1) / (right[:, -1] * wrong.sum(1))


def average_precision(truth, said, weights):
    positive, weights, right = ranked(truth, said, weights)
    return np.nansum(weights * positive * right / np.cumsum(weights, 1), 1) / right[:, -1]


np.seterr(all="ignore")
rng = np.random.default_rng(1)
scores = {"R2": r2, "ROC-AUC": roc_auc, "PR-AUC": average_precision}
truth, said = made(rng, 100000, 1, 0)
right = {name: score(truth, said, np.ones((1, len(truth))))[0] for name, score in scores.items()}
print("groups  correlation  " + "  ".join(f"{name:>7}" for name in scores))
for groups in (8, 15, 30, 60):
    for correlation in (0, 0.5):
        held = dict.fromkeys(scores, 0)
        for _ in range(ROUNDS):
            truth, said = made(rng, groups, PER_GROUP, correlation)
            weights = rng.integers(0, 2, size=(DRAWS, groups)).astype(float)
            weights = np.repeat(weights[weights.sum(1) > 0], PER_GROUP, 1)
            for name, score in scores.items():
                found = score(truth, said, weights)
                found = np.sort(found[np.isfinite(found)])
                beyond = int(0.025 * (len(found) + 1))
                held[name] += found[beyond - 1] <= right[name] <= found[-beyond]
        print(f"{groups:6d}  {correlation:11.1f}  " + "  ".join(f"{100 * n / ROUNDS:7.1f}" for n in held.values()))
