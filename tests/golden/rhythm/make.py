"""Golden numbers of onsets, beats and tempograms: librosa's answers to the signal of tests/engine/feature/signal.h.

    python make.py > golden.json        needs librosa 1.0 and numpy

"moments" holds seconds, all of them; "cases" some frames of rows, in the form of tests/golden/feature_options.
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


def onsets(y, sr, aggregate=None, **options):
    envelope = None
    if aggregate:
        envelope = librosa.onset.onset_strength(y=y, sr=sr, aggregate=getattr(np, aggregate))
    return librosa.onset.onset_detect(y=y, sr=sr, onset_envelope=envelope, units="time", **options)


def beats(y, sr, **options):
    return librosa.beat.beat_track(y=y, sr=sr, units="time", **options)[1]


MOMENTS = [
    ("onset_detect", onsets, {}),
    ("onset_detect", onsets, {"backtrack": True}),
    ("onset_detect", onsets, {"delta": 0.02, "wait": 10, "pre_max": 3, "post_max": 4, "pre_avg": 8, "post_avg": 9}),
    ("onset_detect", onsets, {"delta": 0.01, "wait": 20, "method": "dp_value"}),
    ("onset_detect", onsets, {"delta": 0.01, "wait": 20, "method": "dp_count", "normalize": False}),
    ("onset_detect", onsets, {"aggregate": "median", "hop_length": 512}),
    ("beat_track", beats, {}),
    ("beat_track", beats, {"trim": False, "start_bpm": 60}),
    ("beat_track", beats, {"bpm": 200, "tightness": 400}),
    ("beat_track", beats, {"hop_length": 256}),
]

CASES = [
    ("onset_strength", {"aggregate": "median"},
     lambda y, sr, **o: librosa.onset.onset_strength(y=y, sr=sr, aggregate=np.median)),
    ("tempogram", {"win_length": 64}, librosa.feature.tempogram),
    ("tempogram", {"win_length": 37, "center": False, "norm": 2, "window": "hamming"}, librosa.feature.tempogram),
    ("tempogram", {"win_length": 20, "hop_length": 300, "norm": "none"},
     lambda norm, **o: librosa.feature.tempogram(norm=None, **o)),
    ("plp", {}, librosa.beat.plp),
    ("plp", {"win_length": 100, "tempo_min": 60, "tempo_max": "none"},
     lambda tempo_max, **o: librosa.beat.plp(tempo_max=None, **o)),
]


def case_of(name, rate, options, values):
    values = np.atleast_2d(values)
    last = values.shape[1] - 1
    frames = sorted({0, last // 3, last - 20, last})
    return {
        "name": name, "rate": rate, "options": options, "shape": list(values.shape), "frames": frames,
        "rms": [short(x) for x in np.sqrt(np.mean(values.astype(float) ** 2, axis=1))],
        "values": [[short(x) for x in values[:, t]] for t in frames],
    }


def main():
    moments, cases = [], []
    for rate in (22050, 16000):
        y = signal(rate)
        for name, compute, options in MOMENTS:
            seconds = [short(x) for x in compute(y, rate, **options)]
            moments.append({"name": name, "rate": rate, "options": options, "seconds": seconds})
    y = signal(22050)
    for name, options, compute in CASES:
        cases.append(case_of(name, 22050, options, compute(y=y, sr=22050, **options)))
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/rhythm/make.py", "versions": %s, "moments": [' % json.dumps(versions))
    print(",\n".join(json.dumps(one) for one in moments))
    print('], "cases": [')
    print(",\n".join(json.dumps(one) for one in cases))
    print("]}")


if __name__ == "__main__":
    main()
