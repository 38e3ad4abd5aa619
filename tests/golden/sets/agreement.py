"""Named sets beside librosa on recordings: agreement.py LUMIR FILE ... prints feature, median and worst deviation.

Both sides see the same float samples (librosa decodes, at 22,050 Hz and, for FMA's set, at 44,100 Hz). The measure is
|x - y| / max(|y|, RMS of the columns of the same feature and statistic).
"""

import os
import subprocess
import sys
import tempfile

import librosa
import numpy as np
import soundfile

from make import fma, fma_columns, gtzan_columns

SCRIPT = """
local lumir = require 'lumir'
local got = lumir.feature.set '%s' (lumir.audio.load('%s', { rate = 'none' }))
for i, name in ipairs(got.names) do print(('COLUMN %%s %%.17g'):format(name, got.values[i])) end
"""


def ours(program, samples, sr, name):
    with tempfile.TemporaryDirectory() as folder:
        sound, script = os.path.join(folder, "sound.wav"), os.path.join(folder, "script.lua")
        soundfile.write(sound, samples, sr, subtype="FLOAT")
        with open(script, "w") as file:
            file.write(SCRIPT % (name, sound))
        done = subprocess.run([program, script], capture_output=True, text=True, cwd=folder)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
    columns = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("COLUMN")]
    return [name for name, _ in columns], np.array([float(value) for _, value in columns])


def group_of(name, column):
    """"mfcc_skew" of "mfcc_skew_03"; "mfcc_mean" of "mfcc3_mean"."""
    if name == "fma":
        return column.rsplit("_", 1)[0]
    return "".join(c for c in column if not c.isdigit())


def main():
    program, paths = sys.argv[1], sys.argv[2:]
    deviations = {}
    for path in paths:
        for name, sr in (("fma", 22050), ("fma", 44100), ("gtzan", 22050)):
            y, _ = librosa.load(path, sr=sr, mono=True, duration=30)
            names, wanted = fma_columns(fma(y, sr)) if name == "fma" else gtzan_columns(y, sr)
            got_names, got = ours(program, y, sr, name)
            assert got_names == names, "columns differ"
            wanted = np.array(wanted)
            groups = [group_of(name, column) for column in names]
            for group in sorted(set(groups)):
                at = [i for i, g in enumerate(groups) if g == group]
                scale = np.maximum(np.abs(wanted[at]), np.sqrt(np.mean(wanted[at] ** 2)))
                deviation = np.abs(got[at] - wanted[at]) / np.maximum(scale, 1e-30)
                feature = group.rsplit("_", 1)[0] if group != "tempo" else group
                deviations.setdefault((f"{name} {sr}", feature), []).append((deviation.max(), group, deviation))
    print(f"librosa {librosa.__version__}, {len(paths)} recordings")
    print(f"{'set':12} {'feature':22} {'median':>10} {'worst':>10}   where")
    for (which, feature), parts in deviations.items():
        worst, where, _ = max(parts, key=lambda part: part[0])
        every = np.concatenate([part[2] for part in parts])
        print(f"{which:12} {feature:22} {np.median(every):10.1e} {worst:10.1e}   {where}")


if __name__ == "__main__":
    main()
