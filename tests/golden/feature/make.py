"""Numbers of librosa for tests/lua/feature/librosa.lua: python make.py > ../features.lua

The signal is that of ../signal.lua. Of every feature some frames are kept, and the mean of each row.
"""

import sys

import librosa
import numpy as np

RATE, SECONDS = 22050, 3
FRAMES = [0, 1, 17, 64, 100, -2, -1]


def signal():
    n = RATE * SECONDS
    noise = np.empty(n)
    state = 12345
    for i in range(n):
        state = (state * 1103515245 + 12345) % 2147483648
        noise[i] = state / 2147483648 - 0.5
    t = np.arange(n) / RATE
    beat = np.fmod(t, 0.5)
    y = (
        0.3 * np.sin(2 * np.pi * 220 * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * t))
        + 0.2 * np.sin(2 * np.pi * 523.25 * t)
        + 0.1 * np.sin(2 * np.pi * 1760 * t) * t / SECONDS
        + 0.5 * np.exp(-60 * beat) * np.sin(2 * np.pi * 3000 * beat)
        + 0.05 * noise
    )
    return y.astype(np.float32)


def features(y, sr):
    """Every feature of the main recipe with librosa's defaults, as [rows, frames] in float64."""
    mfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=20)
    mel = librosa.feature.melspectrogram(y=y, sr=sr)
    return {
        "mfcc": mfcc,
        "mfcc_delta": np.concatenate(
            [mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2)]
        ),
        "melspectrogram": mel,
        "melspectrogram_db": librosa.power_to_db(mel),
        "spectral_centroid": librosa.feature.spectral_centroid(y=y, sr=sr),
        "spectral_bandwidth": librosa.feature.spectral_bandwidth(y=y, sr=sr),
        "spectral_rolloff": librosa.feature.spectral_rolloff(y=y, sr=sr),
        "spectral_contrast": librosa.feature.spectral_contrast(y=y, sr=sr),
        "spectral_flatness": librosa.feature.spectral_flatness(y=y),
        "chroma_stft": librosa.feature.chroma_stft(y=y, sr=sr),
        "rms": librosa.feature.rms(y=y),
        "zero_crossing_rate": librosa.feature.zero_crossing_rate(y),
        "onset_strength": librosa.onset.onset_strength(y=y, sr=sr)[None],
        "tempo": np.atleast_2d(librosa.feature.tempo(y=y, sr=sr)),
    }


def show(values):
    return "{ " + ", ".join(f"{v:.9g}" for v in values) + " }"


def main():
    y = signal()
    print(f"-- Made by golden/feature/make.py with librosa {librosa.__version__}, numpy {np.__version__}.")
    print("-- Of every feature: its shape, some frames (counted from 1, row after row) and the RMS of each row.")
    print("return {")
    for name, values in features(y, RATE).items():
        values = values.astype(np.float64)
        rows, frames = values.shape
        kept = sorted({f % frames for f in FRAMES if -frames <= f < frames})
        print(f"  {name} = {{")
        print(f"    shape = {{ {rows}, {frames} }}, frames = {show([k + 1 for k in kept])},")
        print(f"    rms = {show(np.sqrt((values**2).mean(axis=1)))},")
        print(f"    values = {{")
        for row in values:
            print(f"      {show(row[kept])},")
        print("    },")
        print("  },")
    print("}")


if __name__ == "__main__":
    main()
