"""What Lumir's learners and scikit-learn's say of the same rows.

usage: agreement.py golden [NAME ...]              writes agreement.json, which the engine's tests read; of the named
                                                   learners' cases only, where there are names
       agreement.py table PROGRAM [fma-meta] [NAME]  runs PROGRAM (build/lumir) and prints the table, of one learner or all

Rows 1, 3, 5 ... teach, 2, 4, 6 ... are asked. Learners that draw are compared by their mean accuracy over twenty seeds
and more. What the table said when it was last made stands in table.txt.
"""
import functools
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy
import scipy
import sklearn
from sklearn import (calibration, datasets, discriminant_analysis, dummy, ensemble, feature_selection, linear_model,
                     naive_bayes, neighbors, neural_network, preprocessing, svm, tree)

from blobs import blobs

HERE = pathlib.Path(__file__).parent
SEEDS = 20
MORE_SEEDS = 200  # of one tree, and of draws: a coin of 1 in 5 decides on iris, and twenty are too few to know it by


@functools.cache
def made(name):
    """The same as tests/engine/learn/sets.h makes."""
    if name == 'many':
        return blobs(800, 400, 20, 3.0, 21)
    if name == 'imbalanced':
        x, y = blobs(2400, 10, 3, 1.5, 22)
        kept = [i for i in range(2400) if y[i] == 0 or i % 16 < 2]
        return x[kept], y[kept]
    if name == 'odd':
        x, y = blobs(400, 12, 3, 1.5, 23)
        x[:, 2], x[:, 5], x[:, 7] = 0.1, x[:, 4], x[:, 7] * 1e6
        return x, y
    if name == 'single':
        x, y = blobs(240, 8, 3, 1.0, 24)
        y[y == 2] = 1
        y[100] = 2
        return x, y
    if name in ('iris', 'wine'):
        lines = [[float(cell) for cell in line.split(',')] for line in (HERE / f'{name}.csv').read_text().split()]
        table = numpy.array(lines)
        return table[:, :-1], table[:, -1].astype(int)
    if name == 'cancer':
        return datasets.load_breast_cancer(return_X_y=True)
    if name == 'digits':
        return datasets.load_digits(return_X_y=True)
    folder = pathlib.Path(FMA)
    table = json.loads((folder / 'echonest-metrics.json').read_text())
    names = [column for column in table if column != 'track_id']
    genres = dict(line.split(',') for line in (folder / 'track_genre_top.csv').read_text().split('\n')[1:] if line)
    rows = [i for i in table['track_id'] if str(table['track_id'][i]) in genres]
    x = numpy.array([[table[column][i] for column in names] for i in rows])
    return x, numpy.array([genres[str(table['track_id'][i])] == 'Hip-Hop' for i in rows]).astype(int)


FMA = None
SMALL = ['iris', 'wine', 'many', 'imbalanced', 'odd', 'single']  # the engine's tests have these
FULL = ['iris', 'wine', 'imbalanced', 'odd']                      # every class has some rows
BIG = ['cancer', 'digits', 'fma']


class Case:
    """One learner of both sides. `coef` names what is compared beside answers ('transform': what becomes of five rows);
    `draws` learners have seeds; `also` are sets of the table alone."""

    def __init__(self, learner, options, other, sets=SMALL, coef=None, draws=False, scale=True, signs=False,
                 big=True, also=()):
        self.learner, self.options, self.other, self.sets = learner, options, other, sets
        self.coef, self.draws, self.scale, self.signs, self.big, self.also = coef, draws, scale, signs, big, also
        self.seeds = (MORE_SEEDS if learner in ('DecisionTree', 'Dummy') else SEEDS) if draws else 0

    def expected(self, name):
        """What scikit-learn says: letters and coefficients, or mean and deviation of the accuracy."""
        x, y = made(name)
        train, test = slice(0, None, 2), slice(1, None, 2)
        if self.scale:
            x = preprocessing.StandardScaler().fit(x[train]).transform(x)
        if self.draws:
            scores = [self.other(seed).fit(x[train], y[train]).score(x[test], y[test]) for seed in range(self.seeds)]
            return {'mean': numpy.mean(scores), 'deviation': numpy.std(scores, ddof=1)}
        model = self.other().fit(x[train], y[train])
        if self.coef == 'transform':
            return {'predicted': '', 'coef': [float(f'{v:.9g}') for v in numpy.ravel(model.transform(x[test][:5]))]}
        found = {'predicted': ''.join(chr(ord('a') + label) for label in model.predict(x[test]))}
        if self.coef:
            found['coef'] = [float(f'{value:.9g}') for value in numpy.ravel(getattr(model, self.coef + '_'))]
        return found


def transformer(name, options, other, sets=('iris', 'wine', 'odd', 'single')):
    return Case(name, options, other, list(sets), coef='transform', scale=False, signs=name == 'LDA', big=False)


def logistic(**options):
    return lambda: linear_model.LogisticRegression(tol=1e-9, max_iter=100000, **options)


def made_of(name):
    """A learner of ours inside another, as a description."""
    return {'name': f'learn.{name}', 'options': {}}


def three():
    return [('nb', naive_bayes.GaussianNB()), ('knn', neighbors.KNeighborsClassifier()),
            ('lda', discriminant_analysis.LinearDiscriminantAnalysis())]


def linear_svc(**options):
    return lambda: svm.LinearSVC(tol=1e-9, max_iter=1000000, **options)


CASES = [
    Case('LogisticRegression', {}, logistic(), coef='coef'),
    Case('LogisticRegression', {'C': 10, 'class_weight': 'balanced'}, logistic(C=10, class_weight='balanced'), FULL,
         coef='coef'),
    Case('LogisticRegression', {'penalty': 'l1', 'C': 0.5}, logistic(l1_ratio=1, C=0.5, solver='saga'),
         ['iris', 'wine', 'imbalanced'], coef='coef', big=False, also=['cancer']),
    Case('LogisticRegression', {'penalty': 'elasticnet', 'l1_ratio': 0.4}, logistic(l1_ratio=0.4, solver='saga'),
         ['iris', 'wine', 'imbalanced'], coef='coef', big=False),
    Case('LinearSVC', {}, linear_svc(dual=False), coef='coef'),
    Case('LinearSVC', {'C': 0.1, 'class_weight': 'balanced'}, linear_svc(C=0.1, class_weight='balanced', dual=False),
         FULL, coef='coef'),
    Case('LinearSVC', {'loss': 'hinge', 'max_iter': 20000}, linear_svc(loss='hinge'), ['iris', 'wine'], big=False),
    Case('Ridge', {}, lambda: linear_model.RidgeClassifier(), coef='coef'),
    Case('Ridge', {'alpha': 50, 'class_weight': 'balanced'},
         lambda: linear_model.RidgeClassifier(alpha=50, class_weight='balanced'), coef='coef'),
    Case('GaussianNB', {}, naive_bayes.GaussianNB, coef='theta'),
    Case('NearestCentroid', {}, neighbors.NearestCentroid, coef='centroids'),
    Case('NearestCentroid', {'shrink_threshold': 0.5}, lambda: neighbors.NearestCentroid(shrink_threshold=0.5), FULL,
         coef='centroids'),
    Case('NearestCentroid', {'metric': 'manhattan'}, lambda: neighbors.NearestCentroid(metric='manhattan'), FULL),
    Case('NearestCentroid', {'priors': 'empirical'}, lambda: neighbors.NearestCentroid(priors='empirical'), FULL),
    Case('LDA', {}, discriminant_analysis.LinearDiscriminantAnalysis, coef='scalings', signs=True),
    Case('LDA', {'solver': 'eigen', 'shrinkage': 'auto'},
         lambda: discriminant_analysis.LinearDiscriminantAnalysis(solver='eigen', shrinkage='auto'), FULL, coef='coef'),
    Case('LDA', {'solver': 'lsqr', 'shrinkage': 0.3},
         lambda: discriminant_analysis.LinearDiscriminantAnalysis(solver='lsqr', shrinkage=0.3), FULL, coef='coef'),
    Case('QDA', {}, discriminant_analysis.QuadraticDiscriminantAnalysis, ['iris', 'wine', 'imbalanced']),
    Case('QDA', {'reg_param': 0.2}, lambda: discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.2),
         ['iris', 'wine', 'imbalanced', 'odd']),
    Case('DecisionTree', {}, lambda seed: tree.DecisionTreeClassifier(random_state=seed), draws=True, scale=False),
    Case('DecisionTree', {'criterion': 'entropy', 'max_depth': 4},
         lambda seed: tree.DecisionTreeClassifier(criterion='entropy', max_depth=4, random_state=seed), draws=True,
         scale=False),
    Case('DecisionTree', {'min_impurity_decrease': 0.01, 'splitter': 'random'},
         lambda seed: tree.DecisionTreeClassifier(splitter='random', min_impurity_decrease=0.01, random_state=seed),
         draws=True, scale=False),
    Case('DecisionTree', {'max_leaf_nodes': 6},
         lambda seed: tree.DecisionTreeClassifier(max_leaf_nodes=6, random_state=seed), ['iris', 'wine', 'odd'],
         draws=True, scale=False),
    Case('DecisionTree', {'ccp_alpha': 0.02},
         lambda seed: tree.DecisionTreeClassifier(ccp_alpha=0.02, random_state=seed), ['iris', 'wine', 'odd'],
         draws=True, scale=False),
    Case('DecisionTree', {'criterion': 'entropy', 'ccp_alpha': 0.05},
         lambda seed: tree.DecisionTreeClassifier(criterion='entropy', ccp_alpha=0.05, random_state=seed),
         ['iris', 'wine', 'odd'], draws=True, scale=False),
    Case('ExtraTrees', {'n_estimators': 30}, lambda seed: ensemble.ExtraTreesClassifier(30, random_state=seed),
         draws=True, scale=False),
    Case('RandomForest', {'n_estimators': 30}, lambda seed: ensemble.RandomForestClassifier(30, random_state=seed),
         draws=True, scale=False),
    Case('Bagging', {}, lambda seed: ensemble.BaggingClassifier(random_state=seed), draws=True, scale=False),
    Case('AdaBoost', {}, lambda seed: ensemble.AdaBoostClassifier(random_state=seed), FULL, draws=True, scale=False),
    Case('HistGradientBoosting', {'max_iter': 30}, lambda: ensemble.HistGradientBoostingClassifier(max_iter=30), FULL,
         scale=False),
    Case('HistGradientBoosting', {'max_iter': 20, 'max_depth': 3, 'min_samples_leaf': 5, 'l2_regularization': 1.0},
         lambda: ensemble.HistGradientBoostingClassifier(max_iter=20, max_depth=3, min_samples_leaf=5,
                                                         l2_regularization=1.0), FULL, scale=False, big=False),
    Case('MLP', {'max_iter': 100}, lambda seed: neural_network.MLPClassifier(max_iter=100, random_state=seed), FULL,
         draws=True, big=False),
    Case('MLP', {'activation': 'tanh', 'hidden_layer_sizes': [20, 10], 'early_stopping': True},
         lambda seed: neural_network.MLPClassifier((20, 10), 'tanh', early_stopping=True, random_state=seed),
         ['wine', 'imbalanced'], draws=True, big=False),
    Case('MLP', {'solver': 'sgd', 'learning_rate': 'adaptive', 'learning_rate_init': 0.1, 'max_iter': 50},
         lambda seed: neural_network.MLPClassifier(solver='sgd', learning_rate='adaptive', learning_rate_init=0.1,
                                                   max_iter=50, random_state=seed), ['wine', 'imbalanced'], draws=True,
         big=False),
    Case('SGD', {}, lambda seed: linear_model.SGDClassifier(random_state=seed), FULL, draws=True),
    Case('SGD', {'loss': 'log_loss', 'average': True},
         lambda seed: linear_model.SGDClassifier(loss='log_loss', average=True, random_state=seed), FULL, draws=True,
         big=False),
    Case('SGD', {'average': True, 'penalty': 'l1'},
         lambda seed: linear_model.SGDClassifier(average=True, penalty='l1', random_state=seed), FULL, draws=True,
         big=False),
    Case('SGD', {'loss': 'modified_huber', 'penalty': 'elasticnet'},
         lambda seed: linear_model.SGDClassifier(loss='modified_huber', penalty='elasticnet', random_state=seed), FULL,
         draws=True, big=False),
    Case('Perceptron', {}, lambda seed: linear_model.Perceptron(random_state=seed), FULL, draws=True),
    Case('Dummy', {}, dummy.DummyClassifier),
    Case('Dummy', {'strategy': 'stratified'},
         lambda seed: dummy.DummyClassifier(strategy='stratified', random_state=seed), FULL, draws=True, big=False),
    Case('KNeighbors', {}, neighbors.KNeighborsClassifier),
    Case('KNeighbors', {'metric': 'manhattan', 'weights': 'distance'},
         lambda: neighbors.KNeighborsClassifier(metric='manhattan', weights='distance')),
    Case('KNeighbors', {'metric': 'cosine', 'n_neighbors': 3},
         lambda: neighbors.KNeighborsClassifier(3, metric='cosine')),
    Case('KNeighbors', {'metric': 'correlation'}, lambda: neighbors.KNeighborsClassifier(metric='correlation')),
    Case('KNeighbors', {'p': 3}, lambda: neighbors.KNeighborsClassifier(p=3)),
    Case('SVC', {}, svm.SVC),
    Case('Calibrated', {}, lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(tol=1e-9, dual=False)), FULL),
    Case('Calibrated', {'method': 'isotonic', 'cv': 3},
         lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(tol=1e-9, dual=False), method='isotonic', cv=3), FULL),
    Case('Calibrated', {'ensemble': False, 'estimator': made_of('GaussianNB')},
         lambda: calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), ensemble=False), FULL),
    Case('Voting', {'estimators': [made_of('GaussianNB'), made_of('KNeighbors'), made_of('LDA')],
                    'weights': [1, 1, 1.5]},
         lambda: ensemble.VotingClassifier(three(), weights=[1, 1, 1.5]), FULL),
    Case('Voting', {'estimators': [made_of('GaussianNB'), made_of('KNeighbors'), made_of('LDA')], 'voting': 'soft'},
         lambda: ensemble.VotingClassifier(three(), voting='soft'), FULL),
    Case('Stacking', {'estimators': [made_of('GaussianNB'), made_of('KNeighbors'), made_of('LDA')]},
         lambda: ensemble.StackingClassifier(three(), linear_model.LogisticRegression(tol=1e-9, max_iter=10000)), FULL,
         big=False),
    Case('Stacking', {'estimators': [made_of('GaussianNB'), made_of('LDA')], 'passthrough': True, 'cv': 3},
         lambda: ensemble.StackingClassifier(three()[::2], linear_model.LogisticRegression(tol=1e-9, max_iter=10000),
                                             passthrough=True, cv=3), FULL, big=False),
    transformer('MinMaxScaler', {'feature_range': [-1, 2]}, lambda: preprocessing.MinMaxScaler(feature_range=(-1, 2))),
    transformer('MaxAbsScaler', {}, preprocessing.MaxAbsScaler),
    transformer('Normalizer', {}, preprocessing.Normalizer),
    transformer('Normalizer', {'norm': 'max'}, lambda: preprocessing.Normalizer(norm='max')),
    transformer('QuantileTransformer', {'n_quantiles': 50}, lambda: preprocessing.QuantileTransformer(n_quantiles=50)),
    transformer('QuantileTransformer', {'n_quantiles': 40, 'output_distribution': 'normal'},
                lambda: preprocessing.QuantileTransformer(n_quantiles=40, output_distribution='normal')),
    transformer('PowerTransformer', {}, preprocessing.PowerTransformer),
    transformer('PowerTransformer', {'method': 'box-cox', 'standardize': False},
                lambda: preprocessing.PowerTransformer(method='box-cox', standardize=False), ['iris', 'wine']),
    transformer('SelectKBest', {'k': 3, 'score_func': 'chi2'},
                lambda: feature_selection.SelectKBest(feature_selection.chi2, k=3), ['iris', 'wine']),
    transformer('SelectKBest', {'k': 3, 'score_func': 'mutual_info_classif'},
                lambda: feature_selection.SelectKBest(functools.partial(feature_selection.mutual_info_classif, random_state=0),
                                                      k=3), FULL),  # it adds noise, which chooses on wine: of 100
    # seeds scikit-learn takes its columns 7, 12 and 13 with 70, and 7, 10 and 13 with 30; Lumir with 63 and 37
    transformer('SelectPercentile', {'percentile': 40}, lambda: feature_selection.SelectPercentile(percentile=40)),
    transformer('VarianceThreshold', {'threshold': 0.5}, lambda: feature_selection.VarianceThreshold(0.5)),
    transformer('SelectFromModel', {'estimator': made_of('Ridge')},
                lambda: feature_selection.SelectFromModel(linear_model.RidgeClassifier())),
    transformer('LDA', {'n_components': 2}, lambda: discriminant_analysis.LinearDiscriminantAnalysis(n_components=2),
                FULL),
]


def answers_of(program, jobs):
    """What Lumir says of each job: a list of words, a list of numbers, or a list of accuracies."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        for name in {name for _, name in jobs}:
            x, y = made(name)
            (folder / f'{name}.csv').write_text(
                '\n'.join(','.join([repr(float(v)) for v in row] + [str(label)]) for row, label in zip(x, y)))
        cases = [{'learner': case.learner, 'options': case.options, 'set': name, 'scale': case.scale,
                  'coef': case.coef or '', 'seeds': case.seeds} for case, name in jobs]
        (folder / 'cases.lua').write_text('return ' + lua(cases))
        subprocess.run([program, HERE / 'agreement.lua', f'--folder={folder}'], check=True, cwd=folder,
                       stdout=subprocess.DEVNULL)
        return [line.split('|') for line in (folder / 'answers.txt').read_text().splitlines()]


def lua(value):
    if isinstance(value, dict):
        return '{' + ', '.join(f'[{lua(key)}] = {lua(element)}' for key, element in value.items()) + '}'
    if isinstance(value, list):
        return '{' + ', '.join(lua(element) for element in value) + '}'
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value)


def difference(case, ours, theirs):
    """The largest difference of coefficients, in units of the largest, or 1 where they are smaller."""
    ours, theirs = numpy.array(ours), numpy.array(theirs)
    if ours.shape != theirs.shape:
        return float('nan')
    if case.signs:
        ours, theirs = abs(ours), abs(theirs)
    return abs(ours - theirs).max() / max(1, abs(theirs).max())


def print_table(program, only):
    jobs = [(case, name) for case in CASES if only in (None, case.learner)
            for name in [*case.sets, *case.also, *(BIG if FMA else BIG[:2]) * case.big]]
    print(f'{"learner":74} {"set":11} {"alike":>8}  coefficients')
    for (case, name), (words, numbers) in zip(jobs, answers_of(program, jobs)):
        title = case.learner + ' ' + ', '.join(f'{key} = {value}' for key, value in case.options.items())
        try:
            theirs = case.expected(name)
        except Exception as problem:
            print(f'{title:74.74} {name:11} scikit-learn refuses: {str(problem).splitlines()[0][:60]}; Lumir: '
                  f'{words[:40]}')
            continue
        if words.startswith('refused'):
            print(f'{title:74.74} {name:11} {words}')
        elif case.draws:
            ours = [float(score) for score in words.split()]
            error = (numpy.var(ours, ddof=1) / case.seeds + theirs['deviation']**2 / case.seeds)**0.5
            off = abs(numpy.mean(ours) - theirs['mean']) / error if error > 0 else 0
            print(f'{title:74.74} {name:11} {numpy.mean(ours):8.4f}  against {theirs["mean"]:.4f}, '
                  f'{off:.1f} standard errors')
        else:
            alike = numpy.mean([a == b for a, b in zip(words, theirs['predicted'])]) if theirs['predicted'] else 1
            coef = f'{difference(case, [float(v) for v in numbers.split()], theirs["coef"]):.1e}' if case.coef else ''
            print(f'{title:74.74} {name:11} {100 * alike:7.2f}%  {coef}')


def key_of(case):
    return json.dumps([case[name] for name in ('learner', 'options', 'set', 'scale', 'array')])


def write_golden(names):
    for name, load in (('iris', datasets.load_iris), ('wine', datasets.load_wine)):
        x, y = load(return_X_y=True)
        (HERE / f'{name}.csv').write_text(
            '\n'.join(','.join([repr(float(v)) for v in row] + [str(label)]) for row, label in zip(x, y)) + '\n')
    versions = {'scikit-learn': sklearn.__version__, 'numpy': numpy.__version__, 'scipy': scipy.__version__,
                'python': sys.version.split()[0]}
    path = HERE / 'agreement.json'
    known = {key_of(case): case for case in json.loads(path.read_text())['cases']} if names else {}
    cases = []
    for case in CASES:
        for name in case.sets:
            written = {'learner': case.learner, 'options': case.options, 'set': name, 'scale': case.scale,
                       'array': case.coef or '', 'signs': case.signs, 'seeds': case.seeds}
            if names and case.learner not in names and key_of(written) in known:
                cases.append(known[key_of(written)])
                continue
            try:
                expected = case.expected(name)
            except Exception as problem:
                sys.exit(f'{case.learner} on {name}: {problem}')
            if len(expected.get('coef', [])) > 200:  # small numbers are enough
                expected['coef'] = expected['coef'][:200]
            cases.append({**written, **expected})
    text = ',\n'.join(json.dumps(case) for case in cases)
    path.write_text(f'{{"versions": {json.dumps(versions)},\n"cases": [\n{text}\n]}}\n')


warnings.simplefilter('ignore')
if len(sys.argv) > 2 and sys.argv[1] == 'table':
    rest = sys.argv[3:]
    FMA = next((word for word in rest if '/' in word), None)
    print_table(pathlib.Path(sys.argv[2]).resolve(), next((word for word in rest if '/' not in word), None))
elif sys.argv[1:2] == ['golden']:
    write_golden(sys.argv[2:])
else:
    sys.exit(__doc__)
