"""Golden numbers of features: librosa's answers to a signal that the engine makes too (tests/engine/feature/signal.h).

    python make.py > golden.json        needs librosa 1.0 and numpy

Some frames of each answer are kept, so that the file stays small; tempo and counts are whole.
"""

import json
import sys
import warnings

import librosa
import numpy as np
import scipy

warnings.simplefilter("ignore")


def noise(count):
    """Uniform in -0.5 to 0.5 from a linear congruential generator (Numerical Recipes)."""
    state, out = 1, np.empty(count)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = state / 2**32 - 0.5
    return out


def signal(rate, seconds=3):
    """A tone, a chirp, decaying beats twice a second, noise; the last quarter is 40 dB lower."""
    count = rate * seconds
    t = np.arange(count) / rate
    y = 0.3 * np.sin(2 * np.pi * 225 * t) + 0.2 * np.sin(2 * np.pi * (300 * t + 400 * t * t)) + 0.1 * noise(count)
    since = t - np.floor(t * 2) / 2
    y += 0.4 * np.exp(-30 * since) * np.sin(2 * np.pi * 880 * since)
    y[3 * count // 4 :] *= 0.01
    return y.astype(np.float32)


def with_deltas(y, sr, **options):
    mfcc = librosa.feature.mfcc(y=y, sr=sr, **options)
    return np.vstack([mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2)])


F = librosa.feature
CASES = [
    ("melspectrogram", {}, lambda y, sr, **o: F.melspectrogram(y=y, sr=sr, **o)),
    ("melspectrogram", {"db": True, "n_mels": 64, "fmin": 50, "fmax": 7000},
     lambda y, sr, db, **o: librosa.power_to_db(F.melspectrogram(y=y, sr=sr, **o))),
    ("melspectrogram", {"htk": True, "norm": "none", "power": 1, "n_mels": 40},
     lambda y, sr, norm, **o: F.melspectrogram(y=y, sr=sr, norm=None, **o)),
    ("mfcc", {}, lambda y, sr, **o: F.mfcc(y=y, sr=sr, **o)),
    ("mfcc", {"n_mfcc": 13, "lifter": 22}, lambda y, sr, **o: F.mfcc(y=y, sr=sr, **o)),
    ("mfcc", {"n_mfcc": 5, "delta": 2}, lambda y, sr, delta, **o: with_deltas(y, sr, **o)),
    ("spectral_centroid", {}, lambda y, sr, **o: F.spectral_centroid(y=y, sr=sr, **o)),
    ("spectral_centroid", {"n_fft": 1000, "hop_length": 333, "window": "hamming", "pad_mode": "reflect"},
     lambda y, sr, **o: F.spectral_centroid(y=y, sr=sr, **o)),
    ("spectral_centroid", {"n_fft": 1021, "hop_length": 512, "win_length": 800},
     lambda y, sr, **o: F.spectral_centroid(y=y, sr=sr, **o)),
    ("spectral_bandwidth", {}, lambda y, sr, **o: F.spectral_bandwidth(y=y, sr=sr, **o)),
    ("spectral_bandwidth", {"p": 3, "norm": False}, lambda y, sr, **o: F.spectral_bandwidth(y=y, sr=sr, **o)),
    ("spectral_rolloff", {}, lambda y, sr, **o: F.spectral_rolloff(y=y, sr=sr, **o)),
    ("spectral_rolloff", {"roll_percent": 0.1}, lambda y, sr, **o: F.spectral_rolloff(y=y, sr=sr, **o)),
    ("spectral_contrast", {"n_bands": 5}, lambda y, sr, **o: F.spectral_contrast(y=y, sr=sr, **o)),
    ("spectral_contrast", {"n_bands": 4, "quantile": 0.2, "linear": True},
     lambda y, sr, **o: F.spectral_contrast(y=y, sr=sr, **o)),
    ("spectral_flatness", {}, lambda y, sr, **o: F.spectral_flatness(y=y, **o)),
    ("spectral_flatness", {"power": 1, "amin": 1e-6}, lambda y, sr, **o: F.spectral_flatness(y=y, **o)),
    ("chroma_stft", {}, lambda y, sr, **o: F.chroma_stft(y=y, sr=sr, **o)),
    ("chroma_stft", {"tuning": 0.25, "norm": 2}, lambda y, sr, **o: F.chroma_stft(y=y, sr=sr, **o)),
    ("chroma_stft", {"n_chroma": 24, "norm": "none", "base_c": False, "octwidth": "none"},
     lambda y, sr, norm, octwidth, **o: F.chroma_stft(y=y, sr=sr, norm=None, octwidth=None, **o)),
    ("rms", {}, lambda y, sr, **o: F.rms(y=y, **o)),
    ("rms", {"frame_length": 1000, "hop_length": 300, "pad_mode": "reflect"}, lambda y, sr, **o: F.rms(y=y, **o)),
    ("zero_crossing_rate", {}, lambda y, sr, **o: F.zero_crossing_rate(y, **o)),
    ("zero_crossing_rate", {"frame_length": 1001, "hop_length": 300, "center": False},
     lambda y, sr, **o: F.zero_crossing_rate(y, **o)),
    ("onset_strength", {}, lambda y, sr, **o: librosa.onset.onset_strength(y=y, sr=sr, **o)),
    ("onset_strength", {"lag": 2, "max_size": 3, "detrend": True, "center": False},
     lambda y, sr, **o: librosa.onset.onset_strength(y=y, sr=sr, **o)),
    ("tempo", {}, lambda y, sr, **o: F.tempo(y=y, sr=sr, **o)),
    ("tempo", {"start_bpm": 60, "ac_size": 4}, lambda y, sr, **o: F.tempo(y=y, sr=sr, **o)),
]


def short(number):
    return float(f"{float(number):.8g}")


def main():
    cases = []
    for rate in (22050, 16000):
        y = signal(rate)
        for name, options, compute in CASES:
            if rate == 16000 and options:
                continue
            values = np.atleast_2d(compute(y, rate, **options))
            case = {"name": name, "rate": rate, "options": options, "shape": list(values.shape)}
            if name == "tempo":
                case["scalar"] = short(values[0, 0])
            else:
                last = values.shape[1] - 1
                frames = sorted({0, 1, last // 3, last // 2, last - 20, last})
                case["frames"] = frames
                # tolerances are relative to the greater of a number and its row's RMS
                case["rms"] = [short(x) for x in np.sqrt(np.mean(values.astype(float) ** 2, axis=1))]
                case["values"] = [[short(x) for x in values[:, t]] for t in frames]
            cases.append(case)
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/feature_options/make.py", "versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")


if __name__ == "__main__":
    sys.exit(main())
