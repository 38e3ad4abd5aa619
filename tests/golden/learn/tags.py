"""scikit-learn's answers for rows with several tags and for numbers: python tags.py > ../learn_tags.lua"""

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsRegressor

rng = np.random.default_rng(3)
x = np.round(rng.normal(size=(30, 4)), 3)
tags = (x @ rng.normal(size=(4, 3)) + rng.normal(scale=0.7, size=(30, 3)) > 0.3).astype(int)
numbers = np.round(x @ rng.normal(size=(4, 2)) + rng.normal(scale=0.3, size=(30, 2)) + 5, 3)
unseen = np.round(rng.normal(size=(6, 4)), 3)


def lua(value):
    return "{ " + ", ".join(lua(v) for v in value) + " }" if isinstance(value, list) else repr(value)


classes = np.argmax(numbers, axis=1) + tags[:, 0]
several = OneVsRestClassifier(LogisticRegression(C=2, tol=1e-10, max_iter=10000)).fit(x, tags)
single = OneVsRestClassifier(LogisticRegression(C=2, tol=1e-10, max_iter=10000)).fit(x, classes)
print(f"-- Made by golden/learn/tags.py with scikit-learn {sklearn.__version__}.")
print("return {")
for name, value in {
    "x": x, "tags": tags, "numbers": numbers, "classes": classes, "unseen": unseen,
    "tag_scores": several.predict_proba(unseen),
    "class_scores": single.predict_proba(unseen),
    "ridge": Ridge(alpha=3).fit(x, numbers).predict(unseen),
    "ridge_weighted": Ridge(alpha=3).fit(x, numbers, sample_weight=np.arange(1, 31)).predict(unseen),
    "neighbours": KNeighborsRegressor(n_neighbors=4).fit(x, numbers).predict(unseen),
    "neighbours_by_distance": KNeighborsRegressor(n_neighbors=4, weights="distance").fit(x, numbers).predict(unseen),
}.items():
    print(f"  {name} = {lua(value.tolist())},")
print("}")
