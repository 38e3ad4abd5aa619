"""Features with librosa and torchaudio, a round whenever `lumir bench features` orders one, and their numbers compared.

librosa_features.py FOLDER RATE: FOLDER has the samples (001.npy ...), a list of files (paths) and a named pipe of orders
(orders). Prints versions, `offer<tab>KEY<tab>LUMIR'S NAME<tab>LABEL` for each, `ready`, then an answer to each order:
`time<tab>KEY` CPU ms per minute of one round, `compare<tab>KEY<tab>FILE` how far FILE is from what it finds itself in
001.npy, `stop`.
"""

import pathlib
import sys
import time

import librosa
import numba
import numpy as np
import scipy


C2, C7 = librosa.note_to_hz("C2"), librosa.note_to_hz("C7")


def statistics(rows):
    """mean, std, max and min of each row."""
    return np.stack([rows.mean(axis=-1), rows.std(axis=-1), rows.max(axis=-1), rows.min(axis=-1)], axis=-1).ravel()


def shared(y, sr, tuning=None):
    """One spectrogram for everything that can take it."""
    magnitude = np.abs(librosa.stft(y))
    power = magnitude**2
    mel = librosa.feature.melspectrogram(S=power, sr=sr, n_mels=128)
    mel_db = librosa.power_to_db(mel)
    mfcc = librosa.feature.mfcc(S=mel_db, n_mfcc=20)
    onset = librosa.onset.onset_strength(S=mel_db, sr=sr)
    parts = [
        mfcc,
        librosa.feature.delta(mfcc),
        librosa.feature.delta(mfcc, order=2),
        mel_db,
        librosa.feature.spectral_centroid(S=magnitude, sr=sr),
        librosa.feature.spectral_bandwidth(S=magnitude, sr=sr),
        librosa.feature.spectral_rolloff(S=magnitude, sr=sr),
        librosa.feature.spectral_contrast(S=magnitude, sr=sr),
        librosa.feature.chroma_stft(S=power, sr=sr, tuning=tuning),
        librosa.feature.rms(y=y),
        librosa.feature.zero_crossing_rate(y),
        onset[None],
    ]
    tempo = librosa.feature.tempo(onset_envelope=onset, sr=sr)
    return np.concatenate([statistics(p) for p in parts] + [tempo])


def separate(y, sr, tuning=None):
    """A call for each feature, as most scripts do."""
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    parts = [
        mfcc,
        librosa.feature.delta(mfcc),
        librosa.feature.delta(mfcc, order=2),
        librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=sr)),
        librosa.feature.spectral_centroid(y=y, sr=sr),
        librosa.feature.spectral_bandwidth(y=y, sr=sr),
        librosa.feature.spectral_rolloff(y=y, sr=sr),
        librosa.feature.spectral_contrast(y=y, sr=sr),
        librosa.feature.chroma_stft(y=y, sr=sr, tuning=tuning),
        librosa.feature.rms(y=y),
        librosa.feature.zero_crossing_rate(y),
        librosa.onset.onset_strength(y=y, sr=sr)[None],
    ]
    tempo = librosa.feature.tempo(y=y, sr=sr)
    return np.concatenate([statistics(p) for p in parts] + [tempo])


def each_feature():
    """Single features with librosa's defaults, under Lumir's names."""
    of = librosa.feature
    return {
        "spectrogram": lambda y, sr: np.abs(librosa.stft(y)),
        "melspectrogram": lambda y, sr: of.melspectrogram(y=y, sr=sr),
        "mfcc": lambda y, sr: of.mfcc(y=y, sr=sr),
        "chroma_stft": lambda y, sr: of.chroma_stft(y=y, sr=sr),
        "cqt": lambda y, sr: np.abs(librosa.cqt(y, sr=sr)),
        "chroma_cqt": lambda y, sr: of.chroma_cqt(y=y, sr=sr),
        "chroma_cens": lambda y, sr: of.chroma_cens(y=y, sr=sr),
        "tonnetz": lambda y, sr: of.tonnetz(y=y, sr=sr),
        "spectral_centroid": lambda y, sr: of.spectral_centroid(y=y, sr=sr),
        "spectral_bandwidth": lambda y, sr: of.spectral_bandwidth(y=y, sr=sr),
        "spectral_contrast": lambda y, sr: of.spectral_contrast(y=y, sr=sr),
        "spectral_flatness": lambda y, sr: of.spectral_flatness(y=y),
        "spectral_rolloff": lambda y, sr: of.spectral_rolloff(y=y, sr=sr),
        "poly_features": lambda y, sr: of.poly_features(y=y, sr=sr),
        "rms": lambda y, sr: of.rms(y=y),
        "zero_crossing_rate": lambda y, sr: of.zero_crossing_rate(y),
        "onset_strength": lambda y, sr: librosa.onset.onset_strength(y=y, sr=sr),
        "onset_detect": lambda y, sr: librosa.onset.onset_detect(y=y, sr=sr, units="time"),
        "tempo": lambda y, sr: of.tempo(y=y, sr=sr),
        "tempogram": lambda y, sr: of.tempogram(y=y, sr=sr),
        "beat_track": lambda y, sr: librosa.beat.beat_track(y=y, sr=sr, units="time")[1],
        "harmonic": lambda y, sr: librosa.effects.harmonic(y),
        "percussive": lambda y, sr: librosa.effects.percussive(y),
        "yin": lambda y, sr: librosa.yin(y, fmin=C2, fmax=C7, sr=sr),
        "pyin": lambda y, sr: np.stack(librosa.pyin(y, fmin=C2, fmax=C7, sr=sr, fill_na=None)),
    }


def torchaudio_mel(sr):
    """torchaudio's mel spectrogram as a function of numpy samples; None where it is not installed."""
    try:
        import torch
        import torchaudio
    except ImportError:
        return None
    torch.set_num_threads(1)
    mel = torchaudio.transforms.MelSpectrogram(
        sr, n_fft=2048, hop_length=512, n_mels=128, norm="slaney", mel_scale="slaney"
    )
    print(f"torchaudio {torchaudio.__version__}, torch {torch.__version__}")
    return lambda y, rate: mel(torch.from_numpy(y)).numpy()


def offers(sr):
    """What can be timed: key, Lumir's name, label, function, and whether it takes paths."""
    of = librosa.feature
    found = [
        ("shared", "set", "librosa   one shared S", shared, False),
        ("separate", "set", "librosa   a call for each feature", separate, False),
        ("shared 0", "set, tuning = 0", "librosa   one shared S, tuning = 0", lambda y, r: shared(y, r, 0.0), False),
        ("separate 0", "set, tuning = 0", "librosa   a call for each, tuning = 0", lambda y, r: separate(y, r, 0.0), False),
        ("mel", "mel", "librosa   mel, 128 bands", lambda y, r: of.melspectrogram(y=y, sr=r), False),
    ]
    if mel := torchaudio_mel(sr):
        found.append(("torchaudio", "mel", "torchaudio mel, 128 bands", mel, False))
    from_file = lambda path, r: shared(librosa.load(path, sr=r, mono=True)[0], r)  # noqa: E731
    found.append(("file", "file", "librosa   file to table, one shared S", from_file, True))
    found += [(f"each {name}", name, f"librosa   {name}", call, False) for name, call in each_feature().items()]
    return found


def compared(ours, theirs):
    """How far our numbers are from theirs, relative to their size."""
    ours, theirs = np.squeeze(ours).astype(np.float64), np.squeeze(np.asarray(theirs, dtype=np.float64))
    if ours.shape != theirs.shape:
        return f"shapes differ: {ours.shape} and {theirs.shape}"
    if ours.size == 0:
        return "both empty"
    both = np.isfinite(ours) & np.isfinite(theirs)
    size = np.abs(theirs[both]) + 1e-3 * np.sqrt(np.mean(theirs[both] ** 2)) + 1e-30
    distance = np.abs(ours[both] - theirs[both]) / size
    if distance.size == 0:
        return "no numbers"
    return f"distance {np.median(distance):.1e}, at most {distance.max():.1e}"


def main():
    folder, sr = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    paths = (folder / "paths").read_text().split("\n")[:-1]
    clips = [np.load(path)[0] for path in sorted(folder.glob("[0-9]*.npy"))]
    minutes = sum(len(y) for y in clips) / sr / 60
    print(f"librosa {librosa.__version__}, numpy {np.__version__}, scipy {scipy.__version__}, numba {numba.__version__}")
    known = {}
    for key, against, label, describe, from_files in offers(sr):
        known[key] = (describe, paths if from_files else clips)
        print(f"offer\t{key}\t{against}\t{label}")
    print("ready", flush=True)
    for line in open(folder / "orders"):
        order, *words = line.rstrip("\n").split("\t")
        if order == "stop":
            break
        describe, sounds = known[words[0]]
        if order == "time":
            started = time.process_time()
            for sound in sounds:
                describe(sound, sr)
            print(f"{(time.process_time() - started) * 1000 / minutes:.3f}", flush=True)
        else:
            print(compared(np.load(words[1]), describe(sounds[0], sr)), flush=True)
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
