"""I-vectors by their definition: the posterior mean of a factor model of all middles together, in whole matrices.

Needs numpy and scikit-learn; versions stand in i_vector.json, which is written. The background model is scikit-learn's; T
is fitted without the step of minimum divergence, until nothing moves. I-vectors are known up to a rotation, so their
products with each other are kept.
"""
import json
import pathlib
import sys

import numpy
import sklearn
from sklearn.mixture import GaussianMixture

from blobs import Lcg

RECORDINGS, FRAMES, WIDTH, CLOUDS, DIMENSION = 40, 30, 3, 2, 2


def recordings():
    """Frames of two clouds; along two directions both move from recording to recording. Later recordings are shorter."""
    random = Lcg(17)
    middles = [[-6.0, 0.0, 2.0], [6.0, 1.0, -2.0]]
    ways = [[[random.normal() for _ in range(WIDTH)] for _ in range(CLOUDS)] for _ in range(DIMENSION)]
    made = []
    for i in range(RECORDINGS):
        place = [random.normal(), 0.7 * random.normal()]
        frames = []
        for t in range(FRAMES - i % 7):
            c = 0 if random.uniform() < 0.4 else 1
            frames.append([middles[c][j] + sum(place[d] * ways[d][c][j] for d in range(DIMENSION)) + random.normal()
                           for j in range(WIDTH)])
        made.append(numpy.array(frames))
    return made


made = recordings()
every = numpy.vstack(made)
background = GaussianMixture(CLOUDS, covariance_type='diag', tol=1e-12, max_iter=5000, random_state=1).fit(every)
counts, sums = [], []
for frames in made:
    shares = background.predict_proba(frames)
    counts.append(shares.sum(0))
    sums.append((shares.T @ frames - shares.sum(0)[:, None] * background.means_).ravel())
spread = numpy.diag(background.covariances_.ravel())
inverse = numpy.linalg.inv(spread)


def posterior(t, count, total):
    many = numpy.kron(numpy.diag(count), numpy.eye(WIDTH))
    covariance = numpy.linalg.inv(numpy.eye(DIMENSION) + t.T @ inverse @ many @ t)
    return covariance @ t.T @ inverse @ total, covariance


t = numpy.random.default_rng(3).normal(size=(CLOUDS * WIDTH, DIMENSION))
for _ in range(20000):
    c, a = numpy.zeros_like(t), numpy.zeros((CLOUDS, DIMENSION, DIMENSION))
    for count, total in zip(counts, sums):
        mean, covariance = posterior(t, count, total)
        c += numpy.outer(total, mean)
        a += count[:, None, None] * (covariance + numpy.outer(mean, mean))
    new = numpy.vstack([c[k * WIDTH:(k + 1) * WIDTH] @ numpy.linalg.inv(a[k]) for k in range(CLOUDS)])
    moved = abs(new - t).max()
    t = new
    if moved < 1e-13:
        break
vectors = numpy.array([posterior(t, count, total)[0] for count, total in zip(counts, sums)])
golden = {'versions': {'numpy': numpy.__version__, 'scikit-learn': sklearn.__version__,
                       'python': sys.version.split()[0]},
          'means': sorted(background.means_.tolist()), 'products': (vectors @ vectors.T).tolist()}
pathlib.Path(__file__).with_name('i_vector.json').write_text(json.dumps(golden, indent=1) + '\n')
print('last move', moved, 'products', golden['products'][0][:3])
