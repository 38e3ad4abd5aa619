"""Numbers that scikit-learn gives for tables that the engine's tests make too; writes learn.json beside this file.

usage: make.py [folder of the fixtures]
"""
import json
import pathlib
import sys

import numpy
import scipy
import sklearn
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.manifold import TSNE, trustworthiness
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import RobustScaler, StandardScaler
from sklearn.svm import SVC

from blobs import blobs


def digits(labels):
    return ''.join(chr(ord('a') + label) for label in labels)


golden = {'versions': {'scikit-learn': sklearn.__version__, 'numpy': numpy.__version__, 'scipy': scipy.__version__,
                       'python': sys.version.split()[0]}}

x, y = blobs(60, 6, 3, 1.0, 1)
robust = RobustScaler().fit(x)
wide = RobustScaler(quantile_range=(10, 90), unit_variance=True).fit(x)
standard = StandardScaler().fit(x)
golden['scalers'] = {'center': robust.center_.tolist(), 'scale': robust.scale_.tolist(),
                     'wide_scale': wide.scale_.tolist(), 'mean': standard.mean_.tolist(),
                     'deviation': standard.scale_.tolist()}

x, y = blobs(150, 30, 4, 1.5, 2)
best = SelectKBest(k=10).fit(x, y)
golden['select'] = {'scores': best.scores_.tolist(), 'chosen': best.get_support(indices=True).tolist()}

pca = PCA(n_components=3).fit(x)
golden['pca'] = {'variance': pca.explained_variance_.tolist(), 'first_row': pca.transform(x[:1])[0].tolist(),
                 'ratio': pca.explained_variance_ratio_.tolist()}

x, y = blobs(600, 12, 5, 1.6, 3)
train, test = slice(0, 300), slice(300, 600)
machines = {
    'rbf': dict(C=1),
    'rbf narrow': dict(C=10, gamma=0.02),
    'rbf auto balanced': dict(C=0.5, gamma='auto', class_weight='balanced'),
    'linear': dict(kernel='linear', C=0.1),
    'poly': dict(kernel='poly', C=1),
    'poly square': dict(kernel='poly', degree=2, coef0=1.0, C=10),
}
golden['svc'] = {}
for name, options in machines.items():
    scaler = StandardScaler().fit(x[train])
    model = SVC(**options).fit(scaler.transform(x[train]), y[train])
    seen = scaler.transform(x[test])
    golden['svc'][name] = {'predicted': digits(model.predict(seen)),
                           'decision': model.decision_function(seen[:5]).tolist(),
                           'n_support': model.n_support_.tolist(), 'gamma': model._gamma}
two = y < 2
pair = SVC().fit(x[train][two[train]], y[train][two[train]])
golden['svc two classes'] = {'predicted': digits(pair.predict(x[test])),
                             'decision': pair.decision_function(x[test][:5]).tolist()}

golden['neighbours'] = {}
for k in (1, 5, 15):
    for weights in ('uniform', 'distance'):
        model = KNeighborsClassifier(k, weights=weights).fit(x[train], y[train])
        golden['neighbours'][f'{k} {weights}'] = {'predicted': digits(model.predict(x[test])),
                                                  'first_row': model.predict_proba(x[test][:1])[0].tolist()}

forests = {
    'plain': {},
    'shallow': dict(max_depth=4),
    'leaves': dict(min_samples_leaf=5, min_samples_split=12, max_features=0.5),
    'balanced': dict(class_weight='balanced', max_features='log2'),
    'no bootstrap': dict(bootstrap=False, max_depth=6),
}
golden['forest'] = {}
for name, options in forests.items():
    scores = [RandomForestClassifier(50, random_state=seed, **options).fit(x[train], y[train]).score(x[test], y[test])
              for seed in range(10)]
    golden['forest'][name] = {'mean': numpy.mean(scores), 'deviation': numpy.std(scores)}
importances = [RandomForestClassifier(50, random_state=seed).fit(x[train], y[train]).feature_importances_
               for seed in range(10)]
golden['forest']['plain']['importances'] = numpy.mean(importances, 0).tolist()

x, y = blobs(240, 20, 4, 2.0, 4)
folds = [([i for i in range(240) if i % 5 != f], [i for i in range(240) if i % 5 == f]) for f in range(5)]
pipeline = Pipeline([('scaler', RobustScaler()), ('select', SelectKBest(k=12)), ('model', SVC())])
grid = [{'model__C': [0.1, 1, 10], 'model__gamma': ['scale', 0.01], 'model__kernel': ['rbf']},
        {'select__k': [5, 12], 'model__C': [1, 10], 'model__kernel': ['linear']},
        {'model__C': [1], 'model__degree': [2, 3], 'model__kernel': ['poly']}]
search = GridSearchCV(pipeline, grid, cv=folds).fit(x, y)
golden['search'] = {'candidates': [str(sorted(p.items())) for p in search.cv_results_['params']],
                    'mean': search.cv_results_['mean_test_score'].tolist(),
                    'deviation': search.cv_results_['std_test_score'].tolist(),
                    'rank': search.cv_results_['rank_test_score'].tolist(), 'best': int(search.best_index_)}

x, y = blobs(300, 10, 5, 1.0, 5)
runs = [TSNE(random_state=seed) for seed in range(3)]
places = [run.fit_transform(x) for run in runs]
golden['tsne'] = {'divergence': [float(run.kl_divergence_) for run in runs],
                  'trustworthiness': [float(trustworthiness(x, place)) for place in places]}

if len(sys.argv) > 1:
    folder = pathlib.Path(sys.argv[1]) / 'fma-meta'
    table = json.loads((folder / 'echonest-metrics.json').read_text())
    names = [name for name in table if name != 'track_id']
    genres = dict(line.split(',') for line in (folder / 'track_genre_top.csv').read_text().split('\n')[1:] if line)
    rows = [i for i in table['track_id'] if str(table['track_id'][i]) in genres]
    x = numpy.array([[table[name][i] for name in names] for i in rows])
    y = numpy.array([genres[str(table['track_id'][i])] == 'Hip-Hop' for i in rows]).astype(int)
    scaler = StandardScaler().fit(x[0::2])
    train, test = scaler.transform(x[0::2]), scaler.transform(x[1::2])
    svc = SVC(C=10).fit(train, y[0::2])
    neighbours = KNeighborsClassifier(7, weights='distance').fit(train, y[0::2])
    golden['fma'] = {'rows': len(rows), 'svc': digits(svc.predict(test)), 'neighbours': digits(neighbours.predict(test)),
                     'svc_score': svc.score(test, y[1::2])}

path = pathlib.Path(__file__).parent / 'learn.json'
path.write_text(json.dumps(golden, indent=1) + '\n')
