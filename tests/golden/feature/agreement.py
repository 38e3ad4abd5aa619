"""Agreement with librosa on recordings: agreement.py LUMIR FILE ... prints feature, median and worst deviation.

Both sides see the same float samples (librosa decodes, 22,050 Hz, at most 30 s). The measure is
|x - y| / max(|y|, RMS of the row). What is a moment or a choice (beats, onsets, bins, voicing) is counted instead.
"""

import json
import os
import subprocess
import sys
import tempfile

import librosa
import numpy as np
import soundfile

RATE = 22050
F = librosa.feature


def deltas(y):
    mfcc = F.mfcc(y=y, sr=RATE, n_mfcc=20)
    return np.concatenate([mfcc, F.delta(mfcc), F.delta(mfcc, order=2)])


def pitch(y):
    f0, voiced, share = librosa.pyin(y, fmin=65, fmax=2093, sr=RATE)
    return np.stack([np.nan_to_num(f0), voiced, share])


# key: Lumir's name, its options, librosa's answer
CASES = {
    "spectrogram": ("spectrogram", {}, lambda y: np.abs(librosa.stft(y))),
    "melspectrogram": ("melspectrogram", {}, lambda y: F.melspectrogram(y=y, sr=RATE)),
    "melspectrogram_db": (
        "melspectrogram", {"db": True}, lambda y: librosa.power_to_db(F.melspectrogram(y=y, sr=RATE))),
    "mfcc": ("mfcc", {}, lambda y: F.mfcc(y=y, sr=RATE)),
    "mfcc_delta": ("mfcc", {"delta": 2}, deltas),
    "mfcc_dct_1": ("mfcc", {"dct_type": 1}, lambda y: F.mfcc(y=y, sr=RATE, dct_type=1)),
    "mfcc_htk": ("mfcc", {"dct_type": 3, "htk": True}, lambda y: F.mfcc(y=y, sr=RATE, dct_type=3, htk=True)),
    "spectral_centroid": ("spectral_centroid", {}, lambda y: F.spectral_centroid(y=y, sr=RATE)),
    "spectral_bandwidth": ("spectral_bandwidth", {}, lambda y: F.spectral_bandwidth(y=y, sr=RATE)),
    "spectral_contrast": ("spectral_contrast", {}, lambda y: F.spectral_contrast(y=y, sr=RATE)),
    "spectral_flatness": ("spectral_flatness", {}, lambda y: F.spectral_flatness(y=y)),
    "spectral_rolloff": ("spectral_rolloff", {}, lambda y: F.spectral_rolloff(y=y, sr=RATE)),
    "poly_features": ("poly_features", {}, lambda y: F.poly_features(y=y, sr=RATE)),
    "chroma_stft": ("chroma_stft", {}, lambda y: F.chroma_stft(y=y, sr=RATE)),
    "cqt": ("cqt", {}, lambda y: np.abs(librosa.cqt(y, sr=RATE))),
    "chroma_cqt": ("chroma_cqt", {}, lambda y: F.chroma_cqt(y=y, sr=RATE)),
    "chroma_cens": ("chroma_cens", {}, lambda y: F.chroma_cens(y=y, sr=RATE)),
    "tonnetz": ("tonnetz", {}, lambda y: F.tonnetz(y=y, sr=RATE)),
    "rms": ("rms", {}, lambda y: F.rms(y=y)),
    "zero_crossing_rate": ("zero_crossing_rate", {}, lambda y: F.zero_crossing_rate(y)),
    "onset_strength": ("onset_strength", {}, lambda y: librosa.onset.onset_strength(y=y, sr=RATE)[None]),
    "tempogram": ("tempogram", {}, lambda y: F.tempogram(y=y, sr=RATE)),
    "tempo": ("tempo", {}, lambda y: np.atleast_2d(F.tempo(y=y, sr=RATE))),
    "harmonic": ("harmonic", {}, lambda y: librosa.effects.harmonic(y)[None]),
    "percussive": ("percussive", {}, lambda y: librosa.effects.percussive(y)[None]),
    "yin": ("yin", {"fmin": 65, "fmax": 2093}, lambda y: librosa.yin(y, fmin=65, fmax=2093, sr=RATE)[None]),
    "pyin": ("pyin", {"fmin": 65, "fmax": 2093}, pitch),
    "onset_detect": ("onset_detect", {}, lambda y: librosa.onset.onset_detect(y=y, sr=RATE, units="time")),
    "beat_track": ("beat_track", {}, lambda y: librosa.beat.beat_track(y=y, sr=RATE, units="time")[1]),
}
MOMENTS = ("onset_detect", "beat_track")
FRAME = 512 / RATE


def ours(program, y):
    """Lumir's answers by key, as float64."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "describe.lua")
    with tempfile.TemporaryDirectory() as folder:
        paths = {"CLIP": os.path.join(folder, "clip.wav"), "STEPS": os.path.join(folder, "steps.json"), "OUT": folder}
        soundfile.write(paths["CLIP"], y, RATE, subtype="FLOAT")
        with open(paths["STEPS"], "w") as file:
            json.dump([{"key": key, "name": name, "options": options} for key, (name, options, _) in CASES.items()],
                      file)
        environment = {**os.environ, **{f"LUMIR_{key}": path for key, path in paths.items()}}
        subprocess.run([program, script], env=environment, check=True)
        answers = {}
        for key in CASES:
            with open(os.path.join(folder, key + ".json")) as file:
                said = json.load(file)
            numbers = np.zeros(0)
            if 0 not in said["shape"]:
                numbers = soundfile.read(os.path.join(folder, key + ".wav"))[0]
            answers[key] = numbers.reshape(said["shape"])
        return answers


def matched(a, b):
    """How many moments of a have one of b within half a frame."""
    return sum(1 for moment in a if len(b) and np.abs(b - moment).min() < FRAME / 2)


def main():
    program, paths = os.path.abspath(sys.argv[1]), sys.argv[2:]
    deviations, counted = {}, {}

    def count(what, hits, of):
        before = counted.get(what, (0, 0))
        counted[what] = (before[0] + int(hits), before[1] + int(of))

    for path in paths:
        y, _ = librosa.load(path, sr=RATE, mono=True, duration=30)
        answers = ours(program, y)
        for key, (_, _, reference) in CASES.items():
            wanted, got = np.asarray(reference(y), dtype=np.float64), answers[key]
            if key in MOMENTS:
                count(key + ": librosa's moments that are ours", matched(wanted, got), len(wanted))
                count(key + ": our moments that are librosa's", matched(got, wanted), len(got))
                continue
            if got.shape != wanted.shape:
                print(f"{path}: {key}: shape {got.shape}, librosa has {wanted.shape}")
                continue
            if key == "spectral_rolloff":
                count("spectral_rolloff: frames of the same bin", (np.abs(got - wanted) < RATE / 4096).sum(), got.size)
            if key == "pyin":
                count("pyin: frames of the same voicing", (got[1] == wanted[1]).sum(), got.shape[1])
                both = (got[1] == 1) & (wanted[1] == 1)
                count("pyin: voiced frames of the same f0", (np.abs(got[0] / wanted[0] - 1)[both] < 1e-6).sum(), both.sum())
                got, wanted = got[2:], wanted[2:]
            rms = np.sqrt((wanted**2).mean(axis=1, keepdims=True))
            # rows that are 0 but for rounding (lags that a tempogram's window leaves out) are measured by the others
            scale = np.maximum(np.maximum(np.abs(wanted), rms), 1e-9 * rms.max())
            deviations.setdefault(key, []).append((np.abs(got - wanted) / np.maximum(scale, 1e-30)).ravel())
    print(f"librosa {librosa.__version__}, {len(paths)} recordings at {RATE} Hz")
    print(f"{'feature':22} {'median':>10} {'worst':>10}   share above 1e-4")
    for key, parts in deviations.items():
        all_of_it = np.concatenate(parts)
        above = (all_of_it > 1e-4).mean()
        print(f"{key:22} {np.median(all_of_it):10.1e} {all_of_it.max():10.1e}   {above:.2e}")
    for what, (hits, of) in counted.items():
        print(f"{what}: {hits} of {of}")


if __name__ == "__main__":
    main()
