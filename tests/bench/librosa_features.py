"""The main recipe's feature set with librosa, timed: CPU ms per minute of audio.

Called by `lumir bench features`: librosa_features.py LIST RATE, LIST a file with a path a line. Prints NAME<tab>MS.
"""

import sys
import time

import librosa
import numpy as np


def statistics(rows):
    return np.concatenate([rows.mean(axis=-1), rows.std(axis=-1), rows.max(axis=-1), rows.min(axis=-1)])


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


def separate(y, sr):
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
        librosa.feature.chroma_stft(y=y, sr=sr),
        librosa.feature.rms(y=y),
        librosa.feature.zero_crossing_rate(y),
        librosa.onset.onset_strength(y=y, sr=sr)[None],
    ]
    tempo = librosa.feature.tempo(y=y, sr=sr)
    return np.concatenate([statistics(p) for p in parts] + [tempo])


def main():
    paths = open(sys.argv[1]).read().split("\n")[:-1]
    sr = int(sys.argv[2])
    clips = [librosa.load(path, sr=sr, mono=True)[0] for path in paths]
    minutes = sum(len(y) for y in clips) / sr / 60
    ways = [
        ("one shared S", shared),
        ("one shared S, tuning = 0", lambda y, rate: shared(y, rate, 0.0)),
        ("a call for each feature", separate),
    ]
    print(f"librosa {librosa.__version__}, numpy {np.__version__}")
    for name, describe in ways:
        describe(clips[0], sr)  # compiles what librosa compiles at first use
        started = time.process_time()
        for y in clips:
            describe(y, sr)
        print(f"{name}\t{(time.process_time() - started) * 1000 / minutes:.3f}")


if __name__ == "__main__":
    main()
