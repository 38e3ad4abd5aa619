"""Numbers that scikit-learn and umap-learn give for tables that the engine's tests make too; writes projections.json.

Needs scikit-learn and umap-learn; versions stand in the file.
"""
import json
import pathlib
import sys
import warnings

import numpy
import sklearn
import umap
from sklearn.cluster import KMeans
from sklearn.decomposition import IncrementalPCA
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture

from blobs import blobs

warnings.filterwarnings('ignore')
golden = {'versions': {'scikit-learn': sklearn.__version__, 'umap-learn': umap.__version__,
                       'numpy': numpy.__version__, 'python': sys.version.split()[0]}}

x, y = blobs(300, 10, 5, 1.0, 5)
means = KMeans(5, n_init=20, random_state=1).fit(x)
golden['k_means'] = {'inertia': float(means.inertia_), 'centers': sorted(means.cluster_centers_.tolist()),
                     'silhouette': float(silhouette_score(x, means.labels_)),
                     'silhouette of classes': float(silhouette_score(x, y))}

apart, _ = blobs(300, 6, 3, 0.6, 6)
golden['mixture'] = {}
for kind in ('full', 'tied', 'diag', 'spherical'):
    best = GaussianMixture(3, covariance_type=kind, n_init=10, random_state=1, tol=1e-8, max_iter=1000).fit(apart)
    golden['mixture'][kind] = {'lower_bound': float(best.lower_bound_), 'weights': sorted(best.weights_.tolist())}

pca = IncrementalPCA(3, batch_size=40).fit(x)
golden['incremental'] = {'variance': pca.explained_variance_.tolist(), 'ratio': pca.explained_variance_ratio_.tolist(),
                         'first_row': pca.transform(x[:1])[0].tolist(), 'mean': pca.mean_.tolist()}

golden['umap'] = {'trustworthiness': [
    float(trustworthiness(x, umap.UMAP(random_state=seed).fit_transform(x))) for seed in range(3)]}

path = pathlib.Path(__file__).parent / 'projections.json'
path.write_text(json.dumps(golden, indent=1) + '\n')
