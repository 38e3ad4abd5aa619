"""Golden numbers of the ways back to sound: librosa's, for the signal of tests/engine/feature/signal.h.

    python make.py > golden.json        needs librosa 1.0 and numpy

"griffinlim" holds some samples; "mel_to_stft" how near librosa comes to the bands and to the magnitudes; "cases" are in
the form of tests/golden/feature_options.
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
SAMPLES = 11264


def size(x):
    return np.sqrt((np.abs(x).astype(float) ** 2).sum())


def griffinlim(y, options):
    given = {key: None if value == "none" else value for key, value in options.items()}
    sound = librosa.griffinlim(np.abs(librosa.stft(y)), **given)
    places = [int(x) for x in np.linspace(0, len(sound) - 1, 40)]
    return {"options": options, "length": len(sound), "rms": short(size(sound) / np.sqrt(len(sound))),
            "places": places, "values": [short(sound[i]) for i in places]}


def mel_to_stft(y, options):
    bands = librosa.feature.melspectrogram(y=y, sr=22050, **options)
    found = librosa.feature.inverse.mel_to_stft(bands, sr=22050)
    filters = librosa.filters.mel(sr=22050, n_fft=2048, **options)
    wanted = np.abs(librosa.stft(y))
    return {"options": options, "residual": short(size(filters @ found**2 - bands) / size(bands)),
            "distance": short(size(found - wanted) / size(wanted))}


def case(y, mfcc_options, options):
    given = {key: None if value == "none" else value for key, value in options.items()}
    mfcc_given = {key: None if value == "none" else value for key, value in mfcc_options.items()}
    mfcc = librosa.feature.mfcc(y=y, sr=22050, **mfcc_given)
    values = librosa.feature.inverse.mfcc_to_mel(mfcc, **given)
    last = values.shape[1] - 1
    frames = [0, last // 2, last]
    return {"name": "mfcc", "rate": 22050, "options": mfcc_options,
            "then": [{"name": "feature.mfcc_to_mel", "options": options}], "shape": list(values.shape), "frames": frames,
            "rms": [short(x) for x in np.sqrt(np.mean(values.astype(float) ** 2, axis=1))],
            "values": [[short(x) for x in values[:, t]] for t in frames]}


def main():
    y = signal(22050)
    cases = [
        case(y, {"n_mfcc": 13}, {"n_mels": 40}),
        case(y, {"n_mfcc": 8, "lifter": 22}, {"n_mels": 24, "lifter": 22, "ref": 2}),
        case(y, {"n_mfcc": 6, "dct_type": 3}, {"n_mels": 20, "dct_type": 3}),
        case(y, {"n_mfcc": 6, "dct_type": 1}, {"n_mels": 20, "dct_type": 1}),
        case(y, {"n_mfcc": 6, "norm": "none"}, {"n_mels": 128, "norm": "none"}),
        case(y, {"n_mfcc": 6, "norm": "none", "dct_type": 3}, {"n_mels": 128, "norm": "none", "dct_type": 3}),
    ]
    y = y[:SAMPLES]
    rounds = [griffinlim(y, {"init": "none", "n_iter": n, **more})
              for n, more in ((0, {}), (1, {}), (3, {}), (8, {"momentum": 0.5}), (3, {"pad_mode": "reflect"}))]
    bands = [mel_to_stft(y, {}), mel_to_stft(y, {"n_mels": 40})]
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/inverse/make.py", "versions": %s, "samples": %d,' % (json.dumps(versions), SAMPLES))
    for name, list_of in (("griffinlim", rounds), ("mel_to_stft", bands), ("cases", cases)):
        text = ",\n".join(json.dumps(one) for one in list_of)
        print(f'"{name}": [\n{text}\n]' + ("," if name != "cases" else "}"))


if __name__ == "__main__":
    main()
