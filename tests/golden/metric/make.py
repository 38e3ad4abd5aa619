"""Numbers of scikit-learn for tests/lua/metric/metric.lua: python make.py > ../metric.lua"""

import sklearn
from sklearn import metrics

truth = ["a", "b", "c", "a", "b", "c", "a", "a", "d", "c"]
predicted = ["a", "b", "b", "a", "a", "c", "b", "a", "c", "c"]
scores = [[0.5, 0.2, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]]
classes = [1, 2, 3, 4]


def show(value):
    if isinstance(value, str):
        return repr(value)
    if hasattr(value, "__len__"):
        return "{ " + ", ".join(show(v) for v in value) + " }"
    return repr(float(value)) if not isinstance(value, int) else str(value)


print(f"-- Made by golden/metric/make.py with scikit-learn {sklearn.__version__}.")
print("return {")
print(f"  truth = {show(truth)},")
print(f"  predicted = {show(predicted)},")
print(f"  scores = {show(scores)},")
print(f"  classes = {show(classes)},")
print(f"  accuracy = {show(metrics.accuracy_score(truth, predicted))},")
print(f"  confusion = {show(metrics.confusion_matrix(truth, predicted).tolist())},")
for name, function in (
    ("precision", metrics.precision_score),
    ("recall", metrics.recall_score),
    ("f1", metrics.f1_score),
):
    for average in ("macro", "weighted", "micro", None):
        value = function(truth, predicted, average=average, zero_division=0)
        print(f"  {name}_{str(average).lower()} = {show(value)},")
for k in (1, 2, 3):
    value = metrics.top_k_accuracy_score([c - 1 for c in classes], scores, k=k, labels=[0, 1, 2, 3])
    print(f"  top_{k} = {show(value)},")
print("}")
