"""Ratios of likelihoods of the two-covariance model, from whole covariance matrices of a class's rows and one more.

Needs numpy and scipy; versions stand in plda.json, which is written. Nothing here knows of directions or of a class's
mean: the density of all rows of a class and of one row, taken as one long row, is the definition.
"""
import json
import pathlib
import sys

import numpy
import scipy
from scipy.linalg import eigh
from scipy.stats import multivariate_normal

from blobs import blobs

x, y = blobs(130, 6, 5, 1.0, 7)
train_x, train_y, test = x[:110], y[:110], x[110:]
classes = numpy.unique(train_y)
mean = train_x.mean(0)
sizes = numpy.array([(train_y == c).sum() for c in classes])
means = numpy.array([train_x[train_y == c].mean(0) for c in classes])
n, k = len(train_x), len(classes)
within = sum((train_x[train_y == c] - m).T @ (train_x[train_y == c] - m) for c, m in zip(classes, means)) / (n - k)
among = sum(s * numpy.outer(m - mean, m - mean) for s, m in zip(sizes, means))
between = (among - (k - 1) * within) / (n - (sizes**2).sum() / n)
values, vectors = eigh(between, within)
positive = numpy.maximum(values, 0)
between = within @ vectors @ numpy.diag(positive) @ vectors.T @ within  # no variance is below 0


def log_density(rows):
    """Of rows that are of one class."""
    count = len(rows)
    covariance = numpy.kron(numpy.ones((count, count)), between) + numpy.kron(numpy.eye(count), within)
    return multivariate_normal.logpdf((rows - mean).ravel(), numpy.zeros(rows.size), covariance)


scores = [[float(log_density(numpy.vstack([train_x[train_y == c], row])) - log_density(train_x[train_y == c])
                 - log_density(row[None])) for c in classes] for row in test]
places, centres = (test - mean) @ vectors, (means - mean) @ vectors
cosines = places @ centres.T / numpy.linalg.norm(places, axis=1)[:, None] / numpy.linalg.norm(centres, axis=1)
golden = {'versions': {'numpy': numpy.__version__, 'scipy': scipy.__version__, 'python': sys.version.split()[0]},
          'psi': positive[::-1].tolist(), 'scores': scores, 'cosines': cosines.tolist()}
pathlib.Path(__file__).with_name('plda.json').write_text(json.dumps(golden, indent=1) + '\n')
