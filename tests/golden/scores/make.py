"""Numbers of scikit-learn, statsmodels and SciPy for tests/lua/metric/scores.lua: python make.py > ../scores.lua"""

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar

random = np.random.default_rng(7)
n, k = 60, 4
truth = random.choice(k, size=n, p=[0.5, 0.25, 0.15, 0.1])
logits = random.normal(size=(n, k)) + 1.2 * np.eye(k)[truth]
shares = np.round(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 3)
shares[:, 0] = np.round(1 - shares[:, 1:].sum(axis=1), 3)
predicted = shares.argmax(axis=1)
other = np.where(random.random(n) < 0.3, random.integers(0, k, n), truth)

two = random.choice(2, size=n, p=[0.7, 0.3])
p = np.clip(np.round(0.3 * two + 0.7 * random.random(n), 2), 0, 1)


def show(value):
    if isinstance(value, str):
        return '"' + value.replace("\n", "\\n") + '"'
    if hasattr(value, "__len__"):
        return "{ " + ", ".join(show(v) for v in value) + " }"
    return repr(int(value)) if isinstance(value, (int, np.integer)) else repr(float(value))


out = {
    "truth": truth + 1,
    "predicted": predicted + 1,
    "other": other + 1,
    "scores": shares,
    "two": two + 1,
    "two_scores": np.stack([np.round(1 - p, 2), p], axis=1),
}
for how in ("ovr", "ovo"):
    for average in ("macro", "weighted"):
        out[f"roc_auc_{how}_{average}"] = metrics.roc_auc_score(truth, shares, multi_class=how, average=average)
one_hot = np.eye(k)[truth]
for average in ("macro", "weighted"):
    out[f"average_precision_{average}"] = metrics.average_precision_score(one_hot, shares, average=average)
out["brier_score"] = metrics.brier_score_loss(truth, shares, labels=list(range(k)))
out["two_roc_auc"] = metrics.roc_auc_score(two, p)
out["two_average_precision"] = metrics.average_precision_score(two, p)
out["two_brier_score"] = metrics.brier_score_loss(two, p)
for weights in (None, "linear", "quadratic"):
    out[f"cohen_kappa_{str(weights).lower()}"] = metrics.cohen_kappa_score(truth, predicted, weights=weights)
out["matthews_corrcoef"] = metrics.matthews_corrcoef(truth, predicted)
out["balanced_accuracy"] = metrics.balanced_accuracy_score(truth, predicted)
out["balanced_accuracy_adjusted"] = metrics.balanced_accuracy_score(truth, predicted, adjusted=True)
names = ["blues", "jazz", "rock", "trip-hop and more"]
out["names"] = names
out["report"] = metrics.classification_report(truth, predicted, target_names=names, zero_division=0)
out["report_3"] = metrics.classification_report(truth, predicted, target_names=names, zero_division=0, digits=3)

right, right_other = predicted == truth, other == truth
counts = [[np.sum(right & right_other), np.sum(right & ~right_other)],
          [np.sum(~right & right_other), np.sum(~right & ~right_other)]]
for exact in (True, False):
    test = mcnemar(counts, exact=exact)
    out["mcnemar_exact" if exact else "mcnemar_chi2"] = [test.statistic, test.pvalue]

one = np.round(0.6 + 0.05 * random.normal(size=10), 4)
two_folds = np.round(0.57 + 0.05 * random.normal(size=10), 4)
difference = one - two_folds
t = difference.mean() / np.sqrt((1 / 10 + 1 / 9) * difference.var(ddof=1))
out["folds_a"], out["folds_b"] = one, two_folds
out["corrected_t"] = [t, 2 * stats.t.sf(abs(t), 9)]

fpr, tpr, thresholds = metrics.roc_curve(two, p, drop_intermediate=False)
out["roc_fpr"], out["roc_tpr"] = fpr, tpr
precision, recall, _ = metrics.precision_recall_curve(two, p)
out["pr_precision"], out["pr_recall"] = precision, recall
prob_true, prob_pred = calibration_curve(two, p, n_bins=5)
out["calibration_true"], out["calibration_predicted"] = prob_true, prob_pred

print(f"-- Made by golden/scores/make.py with scikit-learn {sklearn.__version__}, statsmodels {statsmodels.__version__}, "
      f"SciPy {scipy.__version__}.")
print("return {")
for name, value in out.items():
    print(f"  {name} = {show(value)},")
print("}")
