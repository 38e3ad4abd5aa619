"""Golden numbers of harmonic-percussive separation: librosa's answers to the signal of tests/engine/feature/signal.h.

    python make.py > golden.json        needs librosa 1.0 and numpy

Some samples of each sound are kept, and mean and variance of all of them.
"""

import json
import os
import sys
import warnings

import librosa
import numpy as np
import scipy

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "feature_options"))
from make import short, signal  # noqa: E402

warnings.simplefilter("ignore")

CASES = [
    {},
    {"pad_mode": "reflect"},
    {"kernel_size": [17, 9], "margin": [1.5, 3], "power": 1},
    {"kernel_size": 12, "power": float("inf")},
    {"margin": 2, "power": 3, "n_fft": 1000, "hop_length": 300},
    {"kernel_size": 63, "win_length": 1500, "hop_length": 512},
    {"kernel_size": 151, "hop_length": 2048},
]


def main():
    cases = []
    y = signal(22050)
    places = [int(x) for x in np.linspace(0, len(y) - 1, 60)]
    for options in CASES:
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
        case = {"options": {**options, **({"power": "inf"} if options.get("power") == float("inf") else {})}}
        for name, compute in (("harmonic", librosa.effects.harmonic), ("percussive", librosa.effects.percussive)):
            sound = compute(y, **given)
            case[name] = {
                "values": [short(sound[i]) for i in places],
                "mean": short(sound.mean(dtype=float)),
                "var": short(sound.var(dtype=float)),
            }
        cases.append(case)
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/separation/make.py", "versions": %s,' % json.dumps(versions))
    print(' "rate": 22050, "places": %s, "sounds": [' % json.dumps(places))
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")


if __name__ == "__main__":
    main()
