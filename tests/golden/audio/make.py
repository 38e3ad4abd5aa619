"""Writes audio.json: what librosa makes of the fixtures and of signals that the engine makes too.

Run: python make.py FIXTURES   (librosa 0.11.0, soundfile 0.14.0, soxr 1.1.0, numpy 2)
"""

import json
import pathlib
import sys

import librosa
import numpy as np
import soundfile
import soxr

FIXTURES = pathlib.Path(sys.argv[1])
POSITIONS = 16


def described(samples):
    """Length, RMS and samples at equal distances: enough to notice any shift, gain or filter."""
    at = [int(i * (len(samples) - 1) // (POSITIONS - 1)) for i in range(POSITIONS)]
    return {
        "length": len(samples),
        "rms": float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))),
        "at": at,
        "values": [float(samples[i]) for i in at],
    }


def loaded(name, rate):
    samples, _ = librosa.load(FIXTURES / name, sr=rate)
    return {"file": name, "rate": rate or 0, **described(samples)}


def test_signal():
    """Two tones in 1 s at 22050 Hz, as audio.sine makes them."""
    time = np.arange(22050, dtype=np.float64)
    low = np.sin(2 * np.pi * ((440 * time / 22050) % 1)).astype(np.float32)
    high = (0.25 * np.sin(2 * np.pi * ((6000 * time / 22050) % 1))).astype(np.float32)
    return low + high


signal = test_signal()
resampled = []
for quality in ("soxr_vhq", "soxr_hq", "soxr_mq"):
    for rate in (8000, 16000, 44100):
        values = librosa.resample(signal, orig_sr=22050, target_sr=rate, res_type=quality)
        resampled.append({"quality": quality, "rate": rate, **described(values)})

padded = np.concatenate([np.zeros(10000), signal, np.zeros(7000)]).astype(np.float32)
trimmed, bounds = librosa.effects.trim(padded, top_db=40)
chirp = librosa.chirp(fmin=110, fmax=880, sr=22050, duration=1.0)
chirp_linear = librosa.chirp(fmin=110, fmax=880, sr=22050, duration=1.0, linear=True)
clicks = librosa.clicks(times=np.array([0.0, 0.5]), sr=22050, length=22050)

golden = {
    "versions": {"librosa": librosa.__version__, "soundfile": soundfile.__version__, "soxr": soxr.__version__},
    "loaded": [
        loaded("golden-matlab/test1_22050.wav", None),
        loaded("golden-matlab/test1_22050.wav", 16000),
        loaded("golden-matlab/test1_22050.mp3", None),
        loaded("golden-matlab/test1_22050.mp3", 16000),
        loaded("audio-cc/sorohanro_-_solo-trumpet-06.ogg", 44100),
        loaded("mini-artists/kenta_cho/mu_cade/01-mcd1.mp3", 22050),
    ],
    "resampled": resampled,
    "trim": {"start": int(bounds[0]), "end": int(bounds[1])},
    "chirp": described(chirp),
    "chirp_linear": described(chirp_linear),
    "clicks": described(clicks),
}
(pathlib.Path(__file__).parent / "audio.json").write_text(json.dumps(golden, indent=1) + "\n")
