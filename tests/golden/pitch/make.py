"""Golden numbers of features of pitch: librosa's answers to the signal of ../feature_options/make.py.

    python make.py > golden.json        needs librosa 1.0 and numpy

Some frames of each answer are kept, so that the file stays small.
"""

import json
import os
import sys
import warnings

import librosa
import numpy as np
import scipy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "feature_options"))
from make import short, signal  # noqa: E402

warnings.simplefilter("ignore")


def plain(options):
    """Options as librosa wants them: no words for None and infinity."""
    words = {"none": None, "inf": np.inf}
    return {key: words.get(value, value) if isinstance(value, str) else value for key, value in options.items()}


def cqt(y, sr, **options):
    return np.abs(librosa.cqt(y, sr=sr, **options))


def chroma_cqt(y, sr, window=None, **options):
    return F.chroma_cqt(y=y, sr=sr, window=None if window is None else np.array(window), **options)


def chroma_cens(y, sr, **options):
    return F.chroma_cens(y=y, sr=sr, **options)


def tonnetz(y, sr, chroma="cqt", **options):
    kinds = {"cqt": F.chroma_cqt, "cens": F.chroma_cens, "stft": F.chroma_stft}
    return F.tonnetz(chroma=kinds[chroma](y=y, sr=sr, **options))


# what the engine has as defaults where librosa has none
RANGE = {"fmin": librosa.note_to_hz("C2"), "fmax": librosa.note_to_hz("C7")}


def yin(y, sr, **options):
    return librosa.yin(y, sr=sr, **{**RANGE, **options})


def pyin(y, sr, **options):
    return np.stack([row.astype(float) for row in librosa.pyin(y, sr=sr, **{**RANGE, "fill_na": 0, **options})])


F = librosa.feature
CASES = [
    ("cqt", {}, cqt),
    ("cqt", {"tuning": "none", "n_bins": 30, "norm": 2}, cqt),  # the lowest octave is not full
    ("cqt", {"fmin": 55, "n_bins": 25, "bins_per_octave": 24, "filter_scale": 0.5, "tuning": 0.3, "norm": "inf"}, cqt),
    ("cqt", {"hop_length": 375, "n_bins": 12, "fmin": 220, "sparsity": 0}, cqt),  # an odd hop: no halving
    ("cqt", {"hop_length": 1024, "fmin": 40, "n_bins": 14, "scale": False}, cqt),  # halved beforehand
    ("cqt", {"fmin": 100, "n_bins": 24, "window": "blackman", "pad_mode": "reflect", "norm": "none"}, cqt),
    ("cqt", {"fmin": 65, "n_bins": 24, "window": "hamming", "pad_mode": "edge", "res_type": "soxr_vhq"}, cqt),
    ("cqt", {"fmin": 500, "n_bins": 1, "bins_per_octave": 3}, cqt),
    ("chroma_cqt", {}, chroma_cqt),
    ("chroma_cqt", {"bins_per_octave": "none", "tuning": 0, "norm": 1, "fmin": 55, "n_octaves": 5}, chroma_cqt),
    ("chroma_cqt", {"n_chroma": 24, "bins_per_octave": 48, "n_octaves": 4, "fmin": 61.7, "norm": "none", "threshold": 0.5},
     chroma_cqt),
    ("chroma_cqt", {"window": [0.5, 1, 0.25], "norm": 2, "tuning": 0}, chroma_cqt),
    ("chroma_cens", {}, chroma_cens),
    ("chroma_cens", {"win_len_smooth": 10, "smoothing_window": "blackman", "norm": "inf", "tuning": 0}, chroma_cens),
    ("chroma_cens", {"win_len_smooth": "none", "norm": 1, "bins_per_octave": 12, "tuning": 0}, chroma_cens),
    ("tonnetz", {}, tonnetz),
    ("tonnetz", {"chroma": "cens", "bins_per_octave": 12}, tonnetz),
    ("tonnetz", {"chroma": "stft", "tuning": 0.1}, tonnetz),
    ("yin", {}, yin),
    ("yin", {"fmin": 100, "fmax": 1000, "frame_length": 1500, "hop_length": 400, "trough_threshold": 0.3}, yin),
    ("yin", {"center": False, "frame_length": 1025, "fmin": 80, "fmax": 9000}, yin),
    ("yin", {"pad_mode": "reflect", "frame_length": 1024, "fmin": 90}, yin),
    ("pyin", {}, pyin),
    ("pyin", {"fmin": 100, "fmax": 1000, "resolution": 0.25, "switch_prob": 0.1, "no_trough_prob": 0.2, "n_thresholds": 20,
              "beta_parameters": [1, 18], "boltzmann_parameter": 1, "hop_length": 700, "fill_na": -1}, pyin),
    ("pyin", {"fmin": 150, "fmax": 500, "transition_min_prob": "none", "max_transition_rate": 10, "fill_na": "none"}, pyin),
    ("pyin", {"fmin": 150, "fmax": 500, "transition_min_prob": 1e-3, "resolution": 0.5, "center": False}, pyin),
]


def case(name, options, compute, rate):
    values = np.atleast_2d(compute(signal(rate), rate, **plain(options)))
    last = values.shape[1] - 1
    frames = sorted({0, last // 3, last // 2, last - 20, last})
    return {
        "name": name, "rate": rate, "options": options, "shape": list(values.shape), "frames": frames,
        # tolerances are relative to the greater of a number and its row's RMS
        "rms": [short(x) for x in np.sqrt(np.mean(values.astype(float) ** 2, axis=1))],
        "values": [[short(x) for x in values[:, t]] for t in frames],
    }


def main():
    cases = [case(name, options, compute, 22050) for name, options, compute in CASES]
    # another rate, and one at which the default transform is halved beforehand
    cases += [case("chroma_cqt", {}, chroma_cqt, 16000), case("cqt", {"n_bins": 60}, cqt, 48000)]
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/pitch/make.py", "versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(entry) for entry in cases))
    print("]}")


if __name__ == "__main__":
    sys.exit(main())
