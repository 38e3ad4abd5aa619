"""Agreement with librosa on recordings: agreement.py LUMIR-TESTS FILE ... prints feature, median and worst deviation.

Both sides see the same float samples (librosa decodes). The measure is |x - y| / max(|y|, RMS of the row).
"""

import json
import os
import subprocess
import sys
import tempfile

import librosa
import numpy as np

from make import features

STEPS = {
    "mfcc": ("mfcc", {}),
    "mfcc_delta": ("mfcc", {"delta": 2}),
    "melspectrogram": ("melspectrogram", {}),
    "melspectrogram_db": ("melspectrogram", {"db": True}),
}


def ours(program, samples, sr, name):
    step, options = STEPS.get(name, (name, {}))
    with tempfile.TemporaryDirectory() as folder:
        paths = {key: os.path.join(folder, key) for key in ("SAMPLES", "STEPS", "OUT")}
        samples.astype(np.float32).tofile(paths["SAMPLES"])
        with open(paths["STEPS"], "w") as file:
            json.dump([{"name": f"feature.{step}", "options": options}], file)
        environment = {**os.environ, **{f"LUMIR_{key}": path for key, path in paths.items()}, "LUMIR_RATE": str(sr)}
        done = subprocess.run([program, "dump features"], env=environment, capture_output=True, text=True, check=True)
        words = next(line for line in done.stdout.splitlines() if line.startswith("DUMP")).split()
        rows, frames = int(words[1]), int(words[2])
        if rows == 0:
            return np.array([[float(words[4])]])
        return np.fromfile(paths["OUT"], np.float32).reshape(rows, frames).astype(np.float64)


def main():
    program, paths = sys.argv[1], sys.argv[2:]
    deviations, same_bin, frames = {}, 0, 0
    for path in paths:
        y, sr = librosa.load(path, sr=22050, mono=True, duration=60)
        for name, wanted in features(y, sr).items():
            wanted = wanted.astype(np.float64)
            got = ours(program, y, sr, name)
            if got.shape != wanted.shape:
                print(f"{path}: {name}: shape {got.shape}, librosa has {wanted.shape}")
                continue
            if name == "spectral_rolloff":
                same_bin += int((np.abs(got - wanted) < sr / 2048 / 2).sum())
                frames += got.size
            scale = np.maximum(np.abs(wanted), np.sqrt((wanted**2).mean(axis=1, keepdims=True)))
            deviations.setdefault(name, []).append((np.abs(got - wanted) / np.maximum(scale, 1e-30)).ravel())
    print(f"librosa {librosa.__version__}, {len(paths)} recordings at 22,050 Hz")
    print(f"{'feature':22} {'median':>10} {'worst':>10}   share above 1e-4")
    for name, parts in deviations.items():
        all_of_it = np.concatenate(parts)
        above = (all_of_it > 1e-4).mean()
        print(f"{name:22} {np.median(all_of_it):10.1e} {all_of_it.max():10.1e}   {above:.2e}")
    print(f"spectral_rolloff: same bin in {100 * same_bin / frames:.3f} % of {frames} frames")


if __name__ == "__main__":
    main()
