"""Whether ONNX Runtime answers as Lumir does, row by row, for every learner that has a form in ONNX.

usage: check.py PROGRAM (build/lumir)

Rows 1, 3, 5 ... of each set teach, 2, 4, 6 ... are asked. The set 'ties' has whole numbers, so that many neighbours are
equally far; behind a projection, which rounds, no two programs agree on which of them is the nearer, and that case is
told but not counted. Every file also passes onnx.checker. What it printed when it
was last run stands in table.txt.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
import sklearn
from sklearn import datasets

HERE = pathlib.Path(__file__).parent


def sets():
    for name in ('iris', 'wine', 'breast_cancer', 'digits'):
        x, y = getattr(datasets, f'load_{name}')(return_X_y=True)
        yield name, x, y
    random = numpy.random.default_rng(7)
    middles = random.normal(size=(20, 40))
    y = numpy.arange(800) % 20
    yield 'twenty', middles[y] + 1.2 * random.normal(size=(800, 40)), y
    x = numpy.round(random.normal(size=(300, 3)))  # ties everywhere
    yield 'ties', x, (x.sum(axis=1) > 0).astype(int)


def write(path, x, y):
    with open(path, 'w') as file:
        file.write(','.join([f'c{i}' for i in range(x.shape[1])] + ['label']) + '\n')
        for row, label in zip(x, y):
            file.write(','.join(map(repr, row.tolist())) + f',class_{label}\n')


print(f'onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, scikit-learn {sklearn.__version__} (sets)\n')
with tempfile.TemporaryDirectory() as place:
    folder = pathlib.Path(place)
    asked = {}
    for name, x, y in sets():
        write(folder / f'{name}_train.csv', x[::2], y[::2])
        write(folder / f'{name}_test.csv', x[1::2], y[1::2])
        asked[name] = x[1::2]
    (folder / 'sets.txt').write_text('\n'.join(asked) + '\n')
    ran = subprocess.run([str(pathlib.Path(sys.argv[1]).resolve()), str(HERE / 'models.lua'), f'--folder={folder}'], stdout=subprocess.PIPE, text=True,
                         check=True, cwd=folder)
    rows, worst, all_same = {}, {}, True
    for line in ran.stdout.splitlines():
        if line.count('|') != 3:
            continue
        name, of, file, labels = line.split('|')
        file = folder / file
        onnx.checker.check_model(onnx.load(file), full_check=True)
        session = onnxruntime.InferenceSession(file)
        theirs, scores = session.run(['label', 'scores'], {'rows': asked[of]})
        same = sum(a == b for a, b in zip(labels.split(' '), theirs))
        assert scores.shape == (len(theirs), len(set(theirs) | set(labels.split(' ')))) or scores.shape[0] == len(theirs)
        ours = numpy.load(file.with_suffix('.npy'))
        apart = numpy.max(numpy.abs(scores - ours) / numpy.maximum(1, numpy.abs(ours)))
        worst[name] = max(worst.get(name, 0), apart)
        all_same &= same == len(theirs) or (of == 'ties' and 'PCA' in name)
        rows.setdefault(name, []).append(f'{same}/{len(theirs)}')
print(f'{"rows with the same class":30}' + ''.join(f'{name:>15}' for name in asked) + f'{"scores apart":>15}')
for name, cells in rows.items():
    print(f'{name:30}' + ''.join(f'{cell:>15}' for cell in cells) + f'{worst[name]:15.1e}')
sys.exit(0 if all_same else 'not all rows have the same class')
