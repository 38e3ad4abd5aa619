"""A learner, a search or a projection in a peer, timed: what `lumir bench learn` runs beside tests/bench/learners.lua.

    python learners.py scikit-learn|intel|lightgbm|umap-learn WORK FOLDER

The folder holds x.npy, y.npy and the number of rows that are fitted; those behind them are answered for. Prints the
versions, for each phase its CPU and wall time in milliseconds, how good the result was, and the memory in MB; `absent`
where the peer has nothing of its own for the work. Two threads are asked for wherever the peer has a word for it.
"""

import importlib
import os
import resource
import sys
import time

import numpy as np

PEER, WORK, FOLDER = sys.argv[1:4]
THREADS = int(os.environ.get("OMP_NUM_THREADS", "2"))
if PEER == "intel":
    from sklearnex import patch_sklearn

    patch_sklearn(verbose=False)

LEARNERS = {
    "MLP": ("neural_network", "MLPClassifier", {"random_state": 1}),
    "SVC": ("svm", "SVC", {}),
    "ExtraTrees": ("ensemble", "ExtraTreesClassifier", {"random_state": 1, "n_jobs": THREADS}),
    "RandomForest": ("ensemble", "RandomForestClassifier", {"random_state": 1, "n_jobs": THREADS}),
    "LinearSVC": ("svm", "LinearSVC", {"random_state": 1}),
    "LogisticRegression": ("linear_model", "LogisticRegression", {}),
    "KNeighbors": ("neighbors", "KNeighborsClassifier", {"n_jobs": THREADS}),
    "Bagging": ("ensemble", "BaggingClassifier", {"random_state": 1, "n_jobs": THREADS}),
    "Ridge": ("linear_model", "RidgeClassifier", {}),
    "SGD": ("linear_model", "SGDClassifier", {"random_state": 1, "n_jobs": THREADS}),
    "DecisionTree": ("tree", "DecisionTreeClassifier", {"random_state": 1}),
    "AdaBoost": ("ensemble", "AdaBoostClassifier", {"random_state": 1}),
    "NearestCentroid": ("neighbors", "NearestCentroid", {}),
    "Perceptron": ("linear_model", "Perceptron", {"random_state": 1, "n_jobs": THREADS}),
    "GaussianNB": ("naive_bayes", "GaussianNB", {}),
    "boosting": ("ensemble", "HistGradientBoostingClassifier",
                 {"random_state": 1, "max_iter": 10, "early_stopping": False}),
    "pca": ("decomposition", "PCA", {"n_components": 50, "random_state": 1}),
    "svd": ("decomposition", "PCA", {"n_components": 50, "svd_solver": "full"}),
    "k-means": ("cluster", "KMeans", {"n_clusters": 20, "n_init": 10, "random_state": 1}),
    "mixture": ("mixture", "GaussianMixture", {"n_components": 8, "random_state": 1}),
    "tsne": ("manifold", "TSNE", {"random_state": 1, "n_jobs": THREADS}),
    "RobustScaler": ("preprocessing", "RobustScaler", {}),
    "StandardScaler": ("preprocessing", "StandardScaler", {}),
    "SelectKBest": ("feature_selection", "SelectKBest", {"k": 100}),
}


def made(name):
    module, kind, options = LEARNERS[name]
    return getattr(importlib.import_module("sklearn." + module), kind)(**options)


def has_its_own(learner):
    """Whether the extension replaces the class."""
    return PEER != "intel" or "sklearnex" in type(learner).__module__ or "daal4py" in type(learner).__module__


def cpu():
    """Of all threads, and of processes that have ended."""
    return sum(t.ru_utime + t.ru_stime for t in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def timed(phase, work):
    busy, walled = cpu(), time.perf_counter()
    result = work()
    walled = time.perf_counter() - walled
    print(f"time\t{phase}\t{(cpu() - busy) * 1e3:.3f}\t{walled * 1e3:.3f}", flush=True)
    return result


def end_workers(result):
    """The time of joblib's processes is known when they have ended."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
    return result


def absent():
    print("absent")
    sys.exit()


def classify(learner, train, test):
    if not has_its_own(learner):
        absent()
    in_processes = WORK == "Bagging"
    timed("fit", lambda: end_workers(learner.fit(*train)) if in_processes else learner.fit(*train))
    learner = learner.set_params(n_jobs=1) if in_processes else learner  # a process of its own answers later
    answers = timed("predict", lambda: learner.predict(test[0]))
    print(f"quality\taccuracy\t{np.mean(answers == test[1]):.6f}")


def search(steps, grid, train):
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    learner = make_pipeline(*steps)
    if not has_its_own(steps[-1]):
        absent()
    name = type(steps[-1]).__name__.lower()
    grids = [{f"{name}__{key}": values for key, values in one.items()} for one in grid]
    found = GridSearchCV(learner, grids, cv=5, n_jobs=THREADS)

    timed("fit", lambda: end_workers(found.fit(*train)))
    print(f"quality\tbest\t{found.best_score_:.6f}")


def stayed(x, points, neighbours=15, rows=2000):
    """Trustworthiness (Venna and Kaski, 2001) of some rows: the whole would need a matrix of all pairs."""
    from sklearn.metrics import pairwise_distances

    some = np.arange(0, len(x), max(1, len(x) // rows))
    far, near = pairwise_distances(x[some], x), pairwise_distances(points[some], points)
    far[np.arange(len(some)), some] = near[np.arange(len(some)), some] = np.inf
    ranks = np.empty(far.shape, dtype=np.int32)
    np.put_along_axis(ranks, far.argsort(axis=1), np.arange(1, len(x) + 1, dtype=np.int32)[None], axis=1)
    close = near.argpartition(neighbours, axis=1)[:, :neighbours]
    beyond = np.maximum(np.take_along_axis(ranks, close, axis=1) - neighbours, 0).sum()
    return 1 - beyond * 2 / (len(some) * neighbours * (2 * len(x) - 3 * neighbours - 1))


def embed(learner, train):
    if not has_its_own(learner):
        absent()
    points = timed("fit", lambda: learner.fit_transform(train[0]))
    if hasattr(learner, "kl_divergence_"):
        print(f"quality\tKL\t{learner.kl_divergence_:.6f}")
    memory()
    print(f"quality\ttrust\t{stayed(train[0], points):.6f}")
    ours = FOLDER + "/points.npy"
    if os.path.exists(ours):
        print(f"quality\ttrust of lumir's\t{stayed(train[0], np.load(ours)):.6f}")


def describe(learner, train, quality, transform):
    """What fits and says itself how good that was."""
    if not has_its_own(learner):
        absent()
    timed("fit", lambda: learner.fit(train[0]))
    timed("transform", lambda: getattr(learner, transform)(train[0]))
    print(f"quality\t{quality}\t{np.sum(getattr(learner, quality + '_')):.6f}")


def umap(train):
    import umap as library

    print(f"version\tumap-learn {library.__version__}")
    library.UMAP(n_epochs=1).fit(train[0][:100])  # numba compiles
    embed(library.UMAP(n_jobs=THREADS), train)


def lightgbm(train, test):
    import lightgbm

    print(f"version\tLightGBM {lightgbm.__version__}")
    classify(lightgbm.LGBMClassifier(n_estimators=10, n_jobs=THREADS, verbose=-1, random_state=1), train, test)


def work(train, test):
    if PEER == "lightgbm":
        lightgbm(train, test)
    elif PEER == "umap-learn":
        umap(train)
    elif WORK == "svc-grid":
        search([made("RobustScaler"), made("SelectKBest"), made("SVC")],
               [{"kernel": ["rbf"], "C": [0.1, 1, 5, 10, 50, 100],
                 "gamma": ["scale", "auto", 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4]},
                {"kernel": ["linear"], "C": [0.01, 0.1, 1, 10]}], train)
    elif WORK == "rbf-grid":
        search([made("StandardScaler"), made("SVC")], [{"C": [1, 10, 100, 1000], "gamma": [0.1, 0.03, 0.01, 0.003]}],
               train)
    elif WORK == "forest-grid":
        search([made("RandomForest").set_params(n_jobs=1)],
               [{"n_estimators": [100, 200, 300], "max_depth": [None, 10, 20], "min_samples_split": [2, 5]}], train)
    elif WORK in ("pca", "svd"):
        describe(made(WORK), train, "explained_variance_ratio", "transform")
    elif WORK == "k-means":
        describe(made("k-means"), train, "inertia", "transform")
    elif WORK == "mixture":
        describe(made("mixture"), train, "lower_bound", "predict_proba")
    elif WORK.startswith("tsne"):
        embed(made("tsne"), train)
    else:
        classify(made(WORK), train, test)


MEMORY = []


def memory():
    """What has been the most so far, but for what the judge of the result needs."""
    MEMORY.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024 / 1e3)


def main():
    import sklearn

    rows = int(open(FOLDER + "/rows").read())
    x, y = np.load(FOLDER + "/x.npy"), np.load(FOLDER + "/y.npy")
    train, test = (x[:rows].copy(), y[:rows].copy()), (x[rows:].copy(), y[rows:].copy())
    del x, y
    version = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"
    if PEER == "intel":
        from importlib.metadata import version as version_of

        version = f"scikit-learn-intelex {version_of('scikit-learn-intelex')}, {version}"
    print(f"version\t{version}", flush=True)
    work(train, test)
    memory()
    print(f"memory\t{MEMORY[0]:.1f}")


main()
