"""Golden numbers of features and of steps from frames, in the form of ../feature_options/golden.json.

    python make.py > golden.json        needs librosa 1.0, numpy and scipy

`then` lists the steps that follow the feature. Few frames of each answer are kept, of many rows a few.
"""

import json
import os
import sys

import librosa
import numpy as np
import scipy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../feature_options"))
from make import short, signal  # noqa: E402

RATE = 22050
F = librosa.feature


def magnitudes(y, n_fft=2048, hop_length=512, **options):
    return np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length, **options))


def mel(y, sr):
    return F.melspectrogram(y=y, sr=sr, n_mels=10)


def flux(y, normalize=True, half_rectify=False, norm="squared"):
    """Tzanetakis and Cook (2002), and Essentia's variants, in double."""
    S = magnitudes(y, 1024).astype(float)
    if normalize:
        total = S.sum(axis=0)
        S = S / np.where(total > 0, total, 1)
    growth = np.diff(S, axis=1, prepend=S[:, :1])
    if half_rectify:
        growth = np.maximum(growth, 0)
    if norm == "l1":
        return np.abs(growth).sum(axis=0)
    squares = (growth**2).sum(axis=0)
    return np.sqrt(squares) if norm == "l2" else squares


def mfcc(y, sr, norm="ortho", mel_norm="slaney", **options):
    plain = {"none": None}
    return F.mfcc(y=y, sr=sr, norm=plain.get(norm, norm), mel_norm=plain.get(mel_norm, mel_norm), **options)


def standardized(x, axis):
    x = x.astype(float)
    return (x - x.mean(axis=axis, keepdims=True)) / x.std(axis=axis, keepdims=True)


def step(name, **options):
    return {"name": f"feature.{name}", "options": options}


def crossings(y, pad_mode):
    return F.zero_crossing_rate(np.pad(y, 600, mode=pad_mode), frame_length=1200, hop_length=500, center=False)


MEL = ("melspectrogram", {"n_mels": 10})
CASES = [
    ("spectrogram", {"n_fft": 64, "hop_length": 700}, [], lambda y, sr: magnitudes(y, 64, 700)),
    ("spectrogram", {"n_fft": 63, "hop_length": 700, "power": 2, "pad_mode": "reflect"}, [],
     lambda y, sr: magnitudes(y, 63, 700, pad_mode="reflect") ** 2),
    ("spectrogram", {"n_fft": 60, "hop_length": 700, "power": 0.5, "pad_mode": "edge", "window": "hamming"}, [],
     lambda y, sr: magnitudes(y, 60, 700, pad_mode="edge", window="hamming") ** 0.5),
    (*MEL, [step("power_to_db")], lambda y, sr: librosa.power_to_db(mel(y, sr))),
    (*MEL, [step("power_to_db", ref="max", amin=1e-4, top_db="none")],
     lambda y, sr: librosa.power_to_db(mel(y, sr), ref=np.max, amin=1e-4, top_db=None)),
    (*MEL, [step("amplitude_to_db", ref=0.5, top_db=30)],
     lambda y, sr: librosa.amplitude_to_db(mel(y, sr), ref=0.5, top_db=30)),
    (*MEL, [step("power_to_db"), step("db_to_power", ref=2)],
     lambda y, sr: librosa.db_to_power(librosa.power_to_db(mel(y, sr)), ref=2)),
    (*MEL, [step("amplitude_to_db"), step("db_to_amplitude", ref=2)],
     lambda y, sr: librosa.db_to_amplitude(librosa.amplitude_to_db(mel(y, sr)), ref=2)),
    ("mfcc", {"n_mfcc": 6, "dct_type": 1}, [], mfcc),
    ("mfcc", {"n_mfcc": 6, "dct_type": 1, "norm": "none", "n_mels": 40}, [], mfcc),
    ("mfcc", {"n_mfcc": 6, "dct_type": 2, "norm": "none", "mel_norm": "none", "htk": True}, [], mfcc),
    ("mfcc", {"n_mfcc": 6, "dct_type": 3, "lifter": 10}, [], mfcc),
    ("mfcc", {"n_mfcc": 6, "dct_type": 3, "norm": "none"}, [], mfcc),
    ("poly_features", {}, [], lambda y, sr: F.poly_features(y=y, sr=sr)),
    ("poly_features", {"order": 3, "n_fft": 1000}, [],
     lambda y, sr: F.poly_features(y=y, sr=sr, order=3, n_fft=1000)),
    ("spectral_flux", {"n_fft": 1024}, [], lambda y, sr: flux(y)),
    ("spectral_flux", {"n_fft": 1024, "normalize": False, "half_rectify": True, "norm": "l2"}, [],
     lambda y, sr: flux(y, False, True, "l2")),
    ("spectral_flux", {"n_fft": 1024, "norm": "l1"}, [], lambda y, sr: flux(y, norm="l1")),
    (*MEL, [step("delta")], lambda y, sr: F.delta(mel(y, sr))),
    (*MEL, [step("delta", width=5, order=2)], lambda y, sr: F.delta(mel(y, sr), width=5, order=2)),
    *[(*MEL, [step("delta", width=7, order=3, mode=mode)],
       lambda y, sr, mode=mode: F.delta(mel(y, sr), width=7, order=3, mode=mode))
      for mode in ("nearest", "mirror", "constant", "wrap")],
    (*MEL, [step("stack_memory", n_steps=3, delay=2)], lambda y, sr: F.stack_memory(mel(y, sr), n_steps=3, delay=2)),
    (*MEL, [step("stack_memory", n_steps=2, delay=-3, mode="edge")],
     lambda y, sr: F.stack_memory(mel(y, sr), n_steps=2, delay=-3, mode="edge")),
    (*MEL, [step("stack_memory", n_steps=2, delay=5, mode="reflect")],
     lambda y, sr: F.stack_memory(mel(y, sr), n_steps=2, delay=5, mode="reflect")),
    (*MEL, [step("fix_frames", frames=200)], lambda y, sr: librosa.util.fix_length(mel(y, sr), size=200)),
    (*MEL, [step("fix_frames", frames=300, pad_mode="symmetric")],
     lambda y, sr: librosa.util.fix_length(mel(y, sr), size=300, mode="symmetric")),
    (*MEL, [step("fix_frames", frames=70)], lambda y, sr: librosa.util.fix_length(mel(y, sr), size=70)),
    (*MEL, [step("crop", first=11, last=-21)], lambda y, sr: mel(y, sr)[:, 10:-20]),
    (*MEL, [step("standardize")], lambda y, sr: standardized(mel(y, sr), None)),
    *[("zero_crossing_rate", {"frame_length": 1200, "hop_length": 500, "pad_mode": mode}, [],
       lambda y, sr, mode=mode: crossings(y, mode)) for mode in ("constant", "reflect", "edge")],
    *[("rms", {"frame_length": 1200, "hop_length": 600, "pad_mode": mode}, [],
       lambda y, sr, mode=mode: F.rms(y=y, frame_length=1200, hop_length=600, pad_mode=mode))
      for mode in ("constant", "reflect", "edge")],
    *[(name, {"pad_mode": mode, "n_fft": size}, [],
       lambda y, sr, name=name, mode=mode, size=size: getattr(F, name)(y=y, sr=sr, pad_mode=mode, n_fft=size))
      for name, mode, size in (("spectral_bandwidth", "edge", 1500), ("spectral_rolloff", "reflect", 2205),
                               ("spectral_contrast", "reflect", 2000), ("chroma_stft", "edge", 3000),
                               ("poly_features", "reflect", 1999))],
    *[(name, {"center": False, "n_fft": 1100}, [],
       lambda y, sr, name=name: getattr(F, name)(y=y, sr=sr, center=False, n_fft=1100))
      for name in ("spectral_centroid", "spectral_contrast", "chroma_stft", "poly_features")],
    ("spectral_flatness", {"center": False, "pad_mode": "edge"}, [],
     lambda y, sr: F.spectral_flatness(y=y, center=False)),
    ("mfcc", {"n_mfcc": 5, "center": False, "n_fft": 1050, "hop_length": 400}, [], mfcc),
    ("mfcc", {"n_mfcc": 5, "pad_mode": "reflect", "n_fft": 551, "hop_length": 220, "n_mels": 23, "win_length": 441}, [],
     mfcc),
    ("onset_strength", {"pad_mode": "reflect", "n_fft": 1500}, [],
     lambda y, sr: librosa.onset.onset_strength(y=y, sr=sr, pad_mode="reflect", n_fft=1500)),
    (*MEL, [step("standardize", by="row")], lambda y, sr: standardized(mel(y, sr), 1)),
]


def main():
    y = signal(RATE)
    cases = []
    for name, options, then, compute in CASES:
        own = options if name == "mfcc" else {}
        values = np.atleast_2d(compute(y, RATE, **own)).astype(float)
        last = values.shape[1] - 1
        frames = sorted({0, 2, last // 2, last - 1, last})
        if values.shape[0] > 60:
            raise SystemExit(f"{name}: too many rows for a small file")
        cases.append({
            "name": name, "rate": RATE, "options": options, "then": then, "shape": list(values.shape),
            "frames": frames, "rms": [short(x) for x in np.sqrt(np.mean(values**2, axis=1))],
            "values": [[short(x) for x in values[:, t]] for t in frames],
        })
    versions = {"librosa": librosa.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/frames/make.py", "versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")


if __name__ == "__main__":
    main()
