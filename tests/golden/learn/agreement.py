"""What Lumir's learners and scikit-learn's say of the same rows.

usage: agreement.py golden                         writes agreement.json, which the engine's tests read
       agreement.py table PROGRAM [fma-meta] [NAME]  runs PROGRAM (build/lumir) and prints the table, of one learner or all

Rows 1, 3, 5 ... teach, 2, 4, 6 ... are asked. Learners that draw are compared by their mean accuracy over twenty seeds.
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

HERE = pathlib.Path(__file__).parent
SEEDS = 20


class Lcg:
    """Knuth's MMIX generator: the same numbers here and in tests/engine/learn/blobs.h."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) * 2.0**-53

    def normal(self):
        total = 0.0
        for _ in range(12):
            total += self.uniform()
        return total - 6


def blobs(rows, columns, classes, spread, seed):
    """Clouds around one centre for each class; later classes have fewer rows, every fifth column is noise."""
    random = Lcg(seed)
    centres = [[random.normal() for _ in range(columns)] for _ in range(classes)]
    x, y = numpy.zeros((rows, columns)), numpy.zeros(rows, int)
    for i in range(rows):
        y[i] = int(classes * random.uniform() * random.uniform()) if i >= classes else i
        for j in range(columns):
            centre = 0.0 if j % 5 == 4 else centres[y[i]][j]
            x[i, j] = (centre + spread * random.normal()) * (1 + j % 3) + j
    return x, y


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
    """One learner of both sides. `coef` names what is compared beside answers; `draws` learners have seeds."""

    def __init__(self, learner, options, other, sets=SMALL, coef=None, draws=False, scale=True, signs=False):
        self.learner, self.options, self.other, self.sets = learner, options, other, sets
        self.coef, self.draws, self.scale, self.signs = coef, draws, scale, signs

    def expected(self, name):
        """What scikit-learn says: letters and coefficients, or mean and deviation of the accuracy."""
        x, y = made(name)
        train, test = slice(0, None, 2), slice(1, None, 2)
        if self.scale:
            x = preprocessing.StandardScaler().fit(x[train]).transform(x)
        if self.draws:
            scores = [self.other(seed).fit(x[train], y[train]).score(x[test], y[test]) for seed in range(SEEDS)]
            return {'mean': numpy.mean(scores), 'deviation': numpy.std(scores, ddof=1)}
        model = self.other().fit(x[train], y[train])
        found = {'predicted': ''.join(chr(ord('a') + label) for label in model.predict(x[test]))}
        if self.coef:
            found['coef'] = [float(f'{value:.9g}') for value in numpy.ravel(getattr(model, self.coef + '_'))]
        return found


def logistic(**options):
    return lambda: linear_model.LogisticRegression(tol=1e-9, max_iter=100000, **options)


def linear_svc(**options):
    return lambda: svm.LinearSVC(tol=1e-9, max_iter=1000000, **options)


CASES = [
    Case('LogisticRegression', {}, logistic(), coef='coef'),
    Case('LogisticRegression', {'C': 10, 'class_weight': 'balanced'}, logistic(C=10, class_weight='balanced'), FULL,
         coef='coef'),
    Case('LogisticRegression', {'penalty': 'l1', 'C': 0.5}, logistic(l1_ratio=1, C=0.5, solver='saga'),
         ['iris', 'wine', 'imbalanced'], coef='coef'),
    Case('LogisticRegression', {'penalty': 'elasticnet', 'l1_ratio': 0.4}, logistic(l1_ratio=0.4, solver='saga'),
         ['iris', 'wine', 'imbalanced'], coef='coef'),
    Case('LinearSVC', {}, linear_svc(dual=False), coef='coef'),
    Case('LinearSVC', {'C': 0.1, 'class_weight': 'balanced'}, linear_svc(C=0.1, class_weight='balanced', dual=False),
         FULL, coef='coef'),
    Case('LinearSVC', {'loss': 'hinge', 'max_iter': 20000}, linear_svc(loss='hinge'), ['iris', 'wine']),
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
    Case('ExtraTrees', {'n_estimators': 30}, lambda seed: ensemble.ExtraTreesClassifier(30, random_state=seed),
         draws=True, scale=False),
    Case('RandomForest', {'n_estimators': 30}, lambda seed: ensemble.RandomForestClassifier(30, random_state=seed),
         draws=True, scale=False),
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
                  'coef': case.coef or '', 'seeds': SEEDS if case.draws else 0} for case, name in jobs]
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
            for name in case.sets + (BIG if FMA else BIG[:2])]
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
            error = (numpy.var(ours, ddof=1) / SEEDS + theirs['deviation']**2 / SEEDS)**0.5
            off = abs(numpy.mean(ours) - theirs['mean']) / error if error > 0 else 0
            print(f'{title:74.74} {name:11} {numpy.mean(ours):8.4f}  against {theirs["mean"]:.4f}, '
                  f'{off:.1f} standard errors')
        else:
            alike = numpy.mean([a == b for a, b in zip(words, theirs['predicted'])])
            coef = f'{difference(case, [float(v) for v in numbers.split()], theirs["coef"]):.1e}' if case.coef else ''
            print(f'{title:74.74} {name:11} {100 * alike:7.2f}%  {coef}')


def write_golden():
    for name, load in (('iris', datasets.load_iris), ('wine', datasets.load_wine)):
        x, y = load(return_X_y=True)
        (HERE / f'{name}.csv').write_text(
            '\n'.join(','.join([repr(float(v)) for v in row] + [str(label)]) for row, label in zip(x, y)) + '\n')
    golden = {'versions': {'scikit-learn': sklearn.__version__, 'numpy': numpy.__version__,
                           'scipy': scipy.__version__, 'python': sys.version.split()[0]}, 'cases': []}
    for case in CASES:
        for name in case.sets:
            try:
                expected = case.expected(name)
            except Exception as problem:
                sys.exit(f'{case.learner} on {name}: {problem}')
            if 'coef' in expected and len(expected['coef']) > 200:  # small numbers are enough
                expected['coef'] = expected['coef'][:200]
            golden['cases'].append({'learner': case.learner, 'options': case.options, 'set': name,
                                    'scale': case.scale, 'array': case.coef or '', 'signs': case.signs,
                                    'seeds': SEEDS if case.draws else 0, **expected})
    text = ',\n'.join(json.dumps(case) for case in golden['cases'])
    versions = json.dumps(golden['versions'])
    (HERE / 'agreement.json').write_text(f'{{"versions": {versions},\n"cases": [\n{text}\n]}}\n')


warnings.simplefilter('ignore')
if len(sys.argv) > 2 and sys.argv[1] == 'table':
    rest = sys.argv[3:]
    FMA = next((word for word in rest if '/' in word), None)
    print_table(pathlib.Path(sys.argv[2]).resolve(), next((word for word in rest if '/' not in word), None))
elif sys.argv[1:] == ['golden']:
    write_golden()
else:
    sys.exit(__doc__)
