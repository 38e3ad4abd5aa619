"""Golden numbers of effects: what scipy, librosa, pedalboard and sox make of the signal of tests/engine/feature/signal.h.

    python make.py > effects.json        needs librosa 1.0, scipy, pedalboard 0.9 and the program sox 14.4.2

Samples at equal distances are kept, so that the file stays small, beside length and RMS, which notice the rest.
"""

import json
import pathlib
import subprocess
import sys

import librosa
import numpy as np
import pedalboard
import scipy.signal

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "feature_options"))
from make import signal  # noqa: E402  the same three seconds

RATE = 22050
KEPT = 48


def described(y):
    at = [int(i * (len(y) - 1) // (KEPT - 1)) for i in range(KEPT)]
    rms = float(np.sqrt(np.mean(np.asarray(y, dtype=float) ** 2)))
    return {"length": len(y), "rms": round(rms, 9), "at": at, "values": [float(f"{y[i]:.9g}") for i in at]}


def butter(y, kind, cutoff, order):
    return scipy.signal.sosfilt(scipy.signal.butter(order, cutoff, kind, fs=RATE, output="sos"), y)


def board(y, effect):
    """pedalboard works in float32."""
    return effect(y.astype(np.float32)[None, :], RATE)[0]


def sox(y, *effect):
    raw = ["-t", "raw", "-e", "floating-point", "-b", "64", "-c", "1", "-r", str(RATE)]
    command = ["sox", "-D", *raw, "-", *raw, "-", *map(str, effect)]
    return np.frombuffer(subprocess.run(command, input=y.tobytes(), capture_output=True, check=True).stdout)


def telephone(y):
    return butter(butter(y, "high", 300, 4), "low", 3400, 4)


def response():
    """A direct sound and two echoes, beginning late, as recordings of rooms do; the test writes it as response.wav."""
    h = np.zeros(3000)
    h[100], h[900], h[2999] = 0.5, -0.25, 0.125
    return h


def reverberated(y, mix):
    h = response()[100:]
    wet = scipy.signal.oaconvolve(y, h / np.sqrt(np.sum(h**2)))[: len(y)]
    return (1 - mix) * y + mix * wet


E, P = librosa.effects, pedalboard
CASES = [
    ("low_pass", {"cutoff": 3000, "order": 4}, lambda y: butter(y, "low", 3000, 4)),
    ("low_pass", {"cutoff": 500, "order": 7}, lambda y: butter(y, "low", 500, 7)),
    ("high_pass", {"cutoff": 300, "order": 4}, lambda y: butter(y, "high", 300, 4)),
    ("high_pass", {"cutoff": 5000, "order": 1}, lambda y: butter(y, "high", 5000, 1)),
    ("band_pass", {"low": 300, "high": 3400, "order": 4}, telephone),
    ("equalizer", {"frequency": 1000, "gain": 9, "q": 2},
     lambda y: board(y, P.PeakFilter(cutoff_frequency_hz=1000, gain_db=9, q=2))),
    ("equalizer", {"frequency": 400, "gain": -12, "q": 0.7, "kind": "low_shelf"},
     lambda y: board(y, P.LowShelfFilter(cutoff_frequency_hz=400, gain_db=-12, q=0.7))),
    ("equalizer", {"frequency": 4000, "gain": 6, "q": 0.5, "kind": "high_shelf"},
     lambda y: board(y, P.HighShelfFilter(cutoff_frequency_hz=4000, gain_db=6, q=0.5))),
    ("equalizer", {"frequency": 880, "q": 5, "kind": "notch"},
     lambda y: sox(y, "bandreject", 880, "5q")),
    ("delay", {"seconds": 0.2, "feedback": 0.5, "mix": 0.4},
     lambda y: board(y, P.Delay(delay_seconds=0.2, feedback=0.5, mix=0.4))),
    ("reverb", {"response": "response.wav", "mix": 0.5}, lambda y: reverberated(y, 0.5)),
    ("time_stretch", {"rate": 1.3}, lambda y: E.time_stretch(y, rate=1.3)),
    ("time_stretch", {"rate": 0.7, "n_fft": 1000, "hop_length": 250},
     lambda y: E.time_stretch(y, rate=0.7, n_fft=1000, hop_length=250)),
    ("pitch_shift", {"n_steps": 4}, lambda y: E.pitch_shift(y, sr=RATE, n_steps=4)),
    ("pitch_shift", {"n_steps": -2.5, "bins_per_octave": 24},
     lambda y: E.pitch_shift(y, sr=RATE, n_steps=-2.5, bins_per_octave=24)),
]


def main():
    y = signal(RATE).astype(np.float64)  # librosa works in the type that it is given
    cases = [{"effect": name, "options": options, **described(make(y))} for name, options, make in CASES]
    versions = {"librosa": librosa.__version__, "scipy": scipy.__version__, "pedalboard": pedalboard.__version__}
    lines = ",\n".join("  " + json.dumps(case, sort_keys=True) for case in cases)
    print('{"versions": %s, "rate": %d, "cases": [\n%s\n]}' % (json.dumps(versions), RATE, lines))


if __name__ == "__main__":
    main()
