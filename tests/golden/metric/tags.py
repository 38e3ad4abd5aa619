"""Numbers of scikit-learn for metrics of several tags a row and of numbers.

    python tags.py > ../metric_tags.lua              a few cases, for tests/lua/metric/tags.lua
    python tags.py --agree build/lumir               many cases, compared with what the program says: the worst difference

Scores come in steps of 0.1 in every second case, so that many are equal, and some tags stand on no row. scikit-learn answers
NaN or 0 for these and warns; here they are left out of means over tags, which is what it gives for the other columns.
"""

import json
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import scipy
import sklearn
from scipy.stats import pearsonr
from sklearn import metrics

warnings.simplefilter("ignore")


def best_threshold(truth, scores):
    if truth.sum() == 0:
        return 0.5
    precision, recall, thresholds = metrics.precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    best = max(f1[:-1])
    return max(t for t, f in zip(thresholds, f1) if f >= best - 1e-12)


def tag_case(rng, number):
    rows, tags = int(rng.integers(8, 40)), int(rng.integers(3, 7))
    truth = (rng.random((rows, tags)) < rng.uniform(0.1, 0.6, tags)).astype(int)
    if number % 3 == 0:
        truth[:, int(rng.integers(2, tags))] = 0
    truth[0, 0], truth[1, 0] = 1, 0
    scores = np.clip(rng.random((rows, tags)) + 0.25 * truth, 0, 1)
    scores = np.round(scores, 1 if number % 2 else 4)
    taken = (scores >= 0.6).astype(int)
    for j in range(2):  # scikit-learn takes a single column for classes 0 and 1
        truth[j, :2], truth[j + 2, :2] = 1, 0
    there = truth.sum(0) > 0
    both = there & (truth.sum(0) < rows)
    case = {"truth": truth.tolist(), "scores": scores.tolist(), "taken": taken.tolist(), "expected": {}}
    expected = case["expected"]
    for average in ("macro", "weighted", "micro"):
        some, ranked = (slice(None), slice(None)) if average == "micro" else (there, both)
        expected[f"roc_auc_{average}"] = metrics.roc_auc_score(truth[:, ranked], scores[:, ranked], average=average)
        expected[f"average_precision_{average}"] = metrics.average_precision_score(
            truth[:, some], scores[:, some], average=average)
        for name, score in (("f1", metrics.f1_score), ("precision", metrics.precision_score),
                            ("recall", metrics.recall_score)):
            expected[f"{name}_{average}"] = score(truth[:, some], taken[:, some], average=average, zero_division=0)
    expected["accuracy"] = metrics.accuracy_score(truth, taken)
    expected["hamming_loss"] = metrics.hamming_loss(truth, taken)
    case["thresholds"] = [best_threshold(truth[:, j], scores[:, j]) for j in range(tags)]
    return case


def number_case(rng, number):
    rows, outputs = int(rng.integers(5, 40)), 1 if number % 2 else int(rng.integers(2, 4))
    truth = np.round(rng.normal(100, 20, (rows, outputs)), 3)
    predicted = np.round(truth + rng.normal(3, 15, truth.shape), 3)
    if number % 5 == 0:
        truth[:, 0] = 7.5
    expected = {
        "r2": metrics.r2_score(truth, predicted),
        "explained_variance": metrics.explained_variance_score(truth, predicted),
        "mean_absolute_error": metrics.mean_absolute_error(truth, predicted),
        "mean_squared_error": metrics.mean_squared_error(truth, predicted),
        "root_mean_squared_error": metrics.root_mean_squared_error(truth, predicted),
    }
    if number % 5:
        expected["pearson"] = float(np.mean([pearsonr(truth[:, j], predicted[:, j])[0] for j in range(outputs)]))
    return {"truth": truth.tolist(), "predicted": predicted.tolist(), "expected": expected}


def lua(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {lua(v)}" for name, v in value.items()) + " }"
    if isinstance(value, list):
        return "{ " + ", ".join(lua(v) for v in value) + " }"
    return repr(float(value)) if not isinstance(value, int) else str(value)


ASK = """
local lumir = require 'lumir'
local metric, learn = lumir.metric, lumir.learn
local core = require('lumir.native').core
local cases = core.from_json(core.read_file 'cases.json', 'cases')
local worst, count = {}, {}
local function note(name, ours, theirs)
  local off = math.abs(ours - theirs)
  if off ~= off then off = math.huge end
  worst[name], count[name] = math.max(worst[name] or 0, off), (count[name] or 0) + 1
end
for _, case in ipairs(cases) do
  for name, theirs in pairs(case.expected) do
    local own, average = name:match '^(.*)_(m[ai]cro)$'
    if not own then own, average = name:match '^(.*)_(weighted)$' end
    local answers = case.predicted or (name:find 'roc' or name:find 'average_p') and case.scores or case.taken
    local ask = metric[own or name]
    note(name, ask(case.truth, answers, average and { average = average } or {}), theirs)
  end
end
local names = {}
for name in pairs(worst) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do print(('%-26s %5d cases   worst %.1e'):format(name, count[name], worst[name])) end
"""


def agree(program, count=400):
    rng = np.random.default_rng(7)
    cases = [tag_case(rng, i) for i in range(count)] + [number_case(rng, i) for i in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/cases.json", "w").write(json.dumps(cases))
        open(f"{folder}/ask.lua", "w").write(ASK)
        print(f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}")
        print(subprocess.run([program, f"{folder}/ask.lua"], capture_output=True, text=True,
                             check=True, cwd=folder).stdout, end="")


if len(sys.argv) == 3:
    agree(sys.argv[2])
else:
    rng = np.random.default_rng(5)
    print(f"-- Made by golden/metric/tags.py with scikit-learn {sklearn.__version__} and SciPy {scipy.__version__}.")
    print("return {")
    print("  tags = {")
    for i in range(8):
        print(f"    {lua(tag_case(rng, i))},")
    print("  },")
    print("  numbers = {")
    for i in range(6):
        print(f"    {lua(number_case(rng, i))},")
    print("  },")
    print("}")
