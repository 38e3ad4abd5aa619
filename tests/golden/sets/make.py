"""Named sets by librosa 1.0, with the options of the librosa that made the published tables.

    python make.py        writes fma.json and gtzan.json: values in the order of the sets' columns

The signal is that of ../feature_options/make.py. FMA's comes at 44,100 Hz too, where the script of its authors takes
spectra for ones of 22,050 Hz (see engine/feature/fma_set.cpp).
"""

import importlib.util
import json
import os
import warnings

import librosa
import numpy as np
import scipy
from scipy import stats

warnings.simplefilter("ignore")
F = librosa.feature
HERE = os.path.dirname(os.path.abspath(__file__))
place = importlib.util.spec_from_file_location("options", os.path.join(HERE, "../feature_options/make.py"))
options = importlib.util.module_from_spec(place)
place.loader.exec_module(options)
short, signal = options.short, options.signal


def fma(x, sr):
    """compute_features of FMA's features.py, as a dictionary of [rows, frames]."""
    cqt = np.abs(librosa.cqt(x, sr=sr, hop_length=512, bins_per_octave=12, n_bins=84, tuning=None, pad_mode="reflect"))
    cens = F.chroma_cens(C=cqt, n_chroma=12, n_octaves=7, bins_per_octave=12)
    stft = np.abs(librosa.stft(x, n_fft=2048, hop_length=512, pad_mode="reflect"))
    mel = F.melspectrogram(sr=sr, S=stft**2)
    return {
        "chroma_cens": cens,
        "chroma_cqt": F.chroma_cqt(C=cqt, n_chroma=12, n_octaves=7, bins_per_octave=12),
        "chroma_stft": F.chroma_stft(S=stft**2, n_chroma=12),
        "mfcc": F.mfcc(S=librosa.power_to_db(mel), n_mfcc=20),
        "rmse": np.sqrt(np.mean(stft**2, axis=0, keepdims=True)),  # librosa 0.5's rmse(S=stft)
        "spectral_bandwidth": F.spectral_bandwidth(S=stft),
        "spectral_centroid": F.spectral_centroid(S=stft),
        "spectral_contrast": F.spectral_contrast(S=stft, n_bands=6),
        "spectral_rolloff": F.spectral_rolloff(S=stft),
        "tonnetz": F.tonnetz(chroma=cens),
        "zcr": F.zero_crossing_rate(x, frame_length=2048, hop_length=512),
    }


STATISTICS = {  # in the order of the table's columns
    "kurtosis": lambda v: stats.kurtosis(v, axis=1), "max": lambda v: v.max(axis=1), "mean": lambda v: v.mean(axis=1),
    "median": lambda v: np.median(v, axis=1), "min": lambda v: v.min(axis=1), "skew": lambda v: stats.skew(v, axis=1),
    "std": lambda v: v.std(axis=1),
}


def fma_columns(features):
    """Names and values, rows that never change as FMA's scipy had them."""
    names, values = [], []
    for feature, rows in features.items():
        rows = rows.astype(float)
        for statistic, of in STATISTICS.items():
            for i, value in enumerate(of(rows)):
                if np.isnan(value):
                    value = {"kurtosis": -3.0, "skew": 0.0}[statistic]
                names.append(f"{feature}_{statistic}_{i + 1:02d}")
                values.append(float(value))
    return names, values


def gtzan_columns(y, sr):
    """The columns of features_30_sec.csv; tempo as librosa.beat.beat_track estimates it."""
    stft = librosa.stft(y, pad_mode="reflect")
    # librosa 0.7's effects.harmonic: whole hops come back, zeros stand behind them
    parts = [librosa.istft(part, dtype=y.dtype) for part in librosa.decompose.hpss(stft)]
    sounds = [librosa.util.fix_length(part, size=len(y)) for part in parts]
    onsets = librosa.onset.onset_strength(y=y, sr=sr, aggregate=np.median, pad_mode="reflect")
    groups = [
        ("chroma_stft", F.chroma_stft(y=y, sr=sr, pad_mode="reflect")),
        ("rms", F.rms(y=y, pad_mode="reflect")),
        ("spectral_centroid", F.spectral_centroid(y=y, sr=sr, pad_mode="reflect")),
        ("spectral_bandwidth", F.spectral_bandwidth(y=y, sr=sr, pad_mode="reflect")),
        ("rolloff", F.spectral_rolloff(y=y, sr=sr, pad_mode="reflect")),
        ("zero_crossing_rate", F.zero_crossing_rate(y)),
        ("harmony", sounds[0]),
        ("perceptr", sounds[1]),
        ("tempo", F.tempo(onset_envelope=onsets, sr=sr)),
    ]
    groups += [(f"mfcc{i + 1}", row) for i, row in enumerate(F.mfcc(y=y, sr=sr, pad_mode="reflect"))]
    names, values = [], []
    for name, numbers in groups:
        numbers = np.asarray(numbers, dtype=float)
        if name == "tempo":
            names.append(name)
            values.append(float(numbers[0]))
            continue
        names += [f"{name}_mean", f"{name}_var"]
        values += [float(numbers.mean()), float(numbers.var())]
    return names, values


def save(name, cases):
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    with open(os.path.join(HERE, name), "w") as file:
        json.dump({"made_by": "tests/golden/sets/make.py", "versions": versions, "cases": cases}, file)
        file.write("\n")


def case(rate, names, values):
    return {"rate": rate, "names": names, "values": [short(v) for v in values]}


def main():
    cases = [case(rate, *fma_columns(fma(signal(rate), rate))) for rate in (22050, 44100)]
    del cases[1]["names"]  # the same
    save("fma.json", cases)
    save("gtzan.json", [case(22050, *gtzan_columns(signal(22050), 22050))])


if __name__ == "__main__":
    main()
