"""Whether ONNX Runtime answers as Lumir does for the networks of the recipes and for every layer.

usage: check_networks.py PROGRAM (build/lumir) [layers] [recipes] [--corpora=FOLDER of sample corpora that are made]

Layers are the cases of tests/golden/nn/layers.json, with all their options; of each, batch 1 with the example's sizes and
batch 3 with others along all axes that can change. What it printed when it was last run stands in networks.txt. Differences
are the largest of all numbers, of those above 1 as a part of them.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
ENOUGH = 1e-5


def lua(value):
    if isinstance(value, dict):
        return '{' + ', '.join(f'[{json.dumps(key)}] = {lua(inner)}' for key, inner in value.items()) + '}'
    if isinstance(value, list):
        return '{' + ', '.join(map(lua, value)) + '}'
    return {True: 'true', False: 'false', None: "'none'"}.get(value, json.dumps(value)) if not isinstance(
        value, (int, float)) or isinstance(value, bool) else repr(value)


def run(script, folder, *more):
    ran = subprocess.run([PROGRAM, str(HERE / script), f'--folder={folder}', *more], stdout=subprocess.PIPE, text=True,
                         cwd=folder)
    if ran.returncode != 0:
        sys.exit(f'{script} ended with {ran.returncode}')
    return [line.split('|') for line in ran.stdout.splitlines() if '|' in line]


def session_of(file):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    return onnxruntime.InferenceSession(file)


def difference(file):
    """The worst of both rounds."""
    session, worst = session_of(f'{file}.onnx'), 0.0
    for part in (1, 2):
        arrays = numpy.load(f'{file}_{part}.npz')
        inputs = [arrays[f'in{i + 1}'] for i in range(len(session.get_inputs()))]
        answers = session.run(None, {given.name: x for given, x in zip(session.get_inputs(), inputs)})
        for i, answer in enumerate(answers):
            ours = arrays[f'out{i + 1}'].astype(float)
            if ours.shape != answer.shape:
                return float('inf')
            if ours.size:
                worst = max(worst, float(numpy.max(numpy.abs(answer - ours) / numpy.maximum(1, numpy.abs(ours)))))
    return worst


def check_layers(folder):
    cases = json.load(open(ROOT / 'tests/golden/nn/layers.json'))['cases']
    named = [case for case in cases if case['named']]
    cases = [case for case in cases if not case['named']]
    chosen = [{'module': case['module'], 'inputs': case['inputs'], 'lazy': case['lazy'], 'trains': bool(case['buffers'])}
              for case in cases]
    (folder / 'layers_cases.lua').write_text('return ' + lua(chosen))
    lines = run('layers.lua', folder)
    assert len(lines) == len(cases), (len(lines), len(cases))
    rows, refused, bad = collections.OrderedDict(), [], []
    for line in lines:
        case = cases[int(line[0]) - 1]
        name = case['module']['name'].removeprefix('nn.')
        if line[1] == '!':
            refused.append((case['title'], line[2]))
            continue
        row = rows.setdefault(name, [0, 0.0, set()])
        worst = difference(folder / f'layer_{int(line[0]):03d}')
        row[0] += 1
        row[1] = max(row[1], worst)
        row[2].add(line[1])
        if not worst < ENOUGH:
            bad.append(f'{case["title"]}: {worst:.1e}')
    print(f'{"layer":28}{"cases":>6}{"worst":>10}  shapes of the inputs, where what changes has a name')
    for name, (count, worst, shapes) in rows.items():
        print(f'{name:28}{count:6}{worst:10.1e}  {"; ".join(sorted(shapes)[:2])}')
    print(f'\nrefused ({len(refused)}):')
    for title, why in refused:
        print(f'  {title}\n    {why}')
    print(f'\nnot tried, with lengths or masks beside what goes in: {len(named)} cases')
    return bad


def check_recipes(folder):
    bad = []
    print(f'{"network":44}{"worst":>10}  shape of the input, where what changes has a name')
    for name, what, shape in run('recipes.lua', folder, f'--recipes={ROOT / "recipes"}', *MORE):
        if what == 'label':
            labels = session_of(folder / 'scaled.onnx').run(['label'], {'rows': numpy.load(folder / 'scaled.npz')['rows']})
            same = sum(a == b for a, b in zip(labels[0], shape.split(' ')))
            print(f'{"a GRU behind its scaler, by net:save":44}{same:>6}/{len(labels[0])} labels')
            bad += [] if same == len(labels[0]) == len(shape.split(' ')) else ['labels']
            continue
        worst = difference(folder / name)
        print(f'{what:44}{worst:10.1e}  {shape}')
        bad += [] if worst < ENOUGH else [f'{what}: {worst:.1e}']
    return bad


print(f'onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, operators of version 17, '
      'batch 1 and 3, two sizes of all that can change\n')
wanted = [word for word in sys.argv[2:] if not word.startswith('--')] or ['recipes', 'layers']
MORE = [word for word in sys.argv[2:] if word.startswith('--corpora=')]
with tempfile.TemporaryDirectory() as place:
    wrong = []
    for part in wanted:
        wrong += {'layers': check_layers, 'recipes': check_recipes}[part](pathlib.Path(place))
        print()
if wrong:
    sys.exit('further apart than 1e-5:\n' + '\n'.join(wrong))
