"""What scikit-learn's regressors foretell of rows that the engine's tests make too; writes regressors.json.

usage: regressors.py

Rows 1, 3, 5 ... teach, 2, 4, 6 ... are asked.
"""
import json
import pathlib
import sys

import numpy
import sklearn
from sklearn.ensemble import RandomForestRegressor

from blobs import blobs

SEEDS = 20


def numbers_of(x):
    """The same as tests/engine/learn/test_regressors.cpp has it."""
    return 2 * x[:, 0] - x[:, 1] * x[:, 2] + numpy.where(x[:, 3] > 0, 5, 0) + 1000


x, _ = blobs(400, 6, 3, 1.5, 31)
one = numbers_of(x)
two = numpy.stack([one, 10 * x[:, 4]], 1)
train, test = slice(0, None, 2), slice(1, None, 2)
trees = {
    'shallow': dict(max_depth=4, min_samples_leaf=5),
    'few leaves': dict(max_leaf_nodes=12),
    'pruned': dict(ccp_alpha=0.5, max_depth=6, min_samples_leaf=4),
    'costly cuts': dict(min_impurity_decrease=0.3, min_samples_split=10),
}
golden = {'versions': {'scikit-learn': sklearn.__version__, 'numpy': numpy.__version__,
                       'python': sys.version.split()[0]}, 'trees': {}}
for name, options in trees.items():
    golden['trees'][name] = {}
    for which, y in (('one', one), ('two', two)):
        model = RandomForestRegressor(1, bootstrap=False, random_state=0, **options).fit(x[train], y[train])
        golden['trees'][name][which] = numpy.ravel(model.predict(x[test])).tolist()
scores = [RandomForestRegressor(30, random_state=seed).fit(x[train], one[train]).score(x[test], one[test])
          for seed in range(SEEDS)]
golden['forest'] = {'mean': numpy.mean(scores), 'deviation': numpy.std(scores, ddof=1)}

path = pathlib.Path(__file__).parent / 'regressors.json'
path.write_text(json.dumps(golden) + '\n')
