"""Features with librosa and torchaudio, timed: CPU ms per minute of audio.

Called by `lumir bench features`: librosa_features.py LIST RATE [each], LIST a file with a path a line. Prints
NAME<tab>LUMIR'S NAME<tab>MS.
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
        "onset_detect": lambda y, sr: librosa.onset.onset_detect(y=y, sr=sr),
        "tempo": lambda y, sr: of.tempo(y=y, sr=sr),
        "tempogram": lambda y, sr: of.tempogram(y=y, sr=sr),
        "beat_track": lambda y, sr: librosa.beat.beat_track(y=y, sr=sr),
        "harmonic": lambda y, sr: librosa.effects.harmonic(y),
        "percussive": lambda y, sr: librosa.effects.percussive(y),
        "yin": lambda y, sr: librosa.yin(y, fmin=65, fmax=2093, sr=sr),
        "pyin": lambda y, sr: librosa.pyin(y, fmin=65, fmax=2093, sr=sr),
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
    return lambda y, rate: mel(torch.from_numpy(y))


def main():
    paths = open(sys.argv[1]).read().split("\n")[:-1]
    sr = int(sys.argv[2])
    clips = [librosa.load(path, sr=sr, mono=True)[0] for path in paths]
    minutes = sum(len(y) for y in clips) / sr / 60

    def measure(name, against, describe, sounds):
        describe(sounds[0], sr)  # compiles what is compiled at first use
        started = time.process_time()
        for sound in sounds:
            describe(sound, sr)
        print(f"{name}\t{against}\t{(time.process_time() - started) * 1000 / minutes:.3f}", flush=True)

    print(f"librosa {librosa.__version__}, numpy {np.__version__}")
    measure("librosa   one shared S", "set", shared, clips)
    measure("librosa   one shared S, tuning = 0", "set, tuning = 0", lambda y, rate: shared(y, rate, 0.0), clips)
    measure("librosa   a call for each feature", "set", separate, clips)
    measure(
        "librosa   a call for each, tuning = 0", "set, tuning = 0", lambda y, rate: separate(y, rate, 0.0), clips
    )
    measure("librosa   mel, 128 bands", "mel", lambda y, rate: librosa.feature.melspectrogram(y=y, sr=rate), clips)
    if mel := torchaudio_mel(sr):
        measure("torchaudio mel, 128 bands", "mel", mel, clips)
    measure(
        "librosa   file to table, one shared S",
        "file",
        lambda path, rate: shared(librosa.load(path, sr=rate, mono=True)[0], rate),
        paths,
    )
    if "each" in sys.argv[3:]:
        for name, describe in each_feature().items():
            measure(f"librosa   {name}", name, describe, clips)


if __name__ == "__main__":
    main()
